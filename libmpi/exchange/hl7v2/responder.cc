// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/responder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "libmpi/base/system_time.h"
#include "libmpi/exchange/hl7v2/acknowledgement.h"
#include "libmpi/exchange/hl7v2/answer_message.h"
#include "libmpi/exchange/hl7v2/fault_error.h"
#include "libmpi/exchange/hl7v2/feed_message.h"
#include "libmpi/exchange/hl7v2/message_hash.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/query_message.h"
#include "libmpi/exchange/hl7v2/unreadable_message.h"

namespace libmpi::hl7v2 {
namespace {

// HL7 2.8 has room for so many characters in MSH-10.
constexpr size_t kLongestControlId = 199;

enum class MessageClass { kOther, kFeed, kCrossReferences, kDemographics, kCancellation };

MessageClass ClassOf(const MessageHead& head) {
  if (head.code == "ADT" && FeedKindOf(head.trigger)) return MessageClass::kFeed;
  if (head.code == "QBP" && head.trigger == "Q23") return MessageClass::kCrossReferences;
  if (head.code == "QBP" && head.trigger == "Q22") return MessageClass::kDemographics;
  return head.code == "QCN" && head.trigger == "J01" ? MessageClass::kCancellation : MessageClass::kOther;
}

std::string_view TransactionOf(MessageClass what, const MessageHead& head) {
  switch (what) {
    case MessageClass::kFeed: return FeedTransactionOf(head.trigger);
    case MessageClass::kCrossReferences: return "ITI-9";
    case MessageClass::kDemographics:
    case MessageClass::kCancellation: return "ITI-21";
    case MessageClass::kOther: break;
  }
  return "";
}

// Of MSH-9: 200 for a message, 201 for a trigger that nothing here is done with (IHE ITI TF-2 C.2.3).
WireError TypeError(const MessageHead& head) {
  const bool known = head.code == "ADT" || head.code == "QBP" || head.code == "QCN";
  if (!known) return {{"MSH", 1, 9, 1, 1}, kUnsupportedMessageType, "messages of this type are not taken"};
  return {{"MSH", 1, 9, 1, 2}, kUnsupportedTrigger, "messages of this trigger are not taken"};
}

WireError UnencodableError() {
  return {{"MSH", 1, 18}, kTableValueNotFound, "the answer has characters that this character set does not have"};
}

// As the rights of the network have it.
Operation RightOf(MessageClass what) {
  switch (what) {
    case MessageClass::kCrossReferences: return Operation::kFind;
    case MessageClass::kDemographics:
    case MessageClass::kCancellation: return Operation::kSearch;
    case MessageClass::kFeed:
    case MessageClass::kOther: break;
  }
  return Operation::kFeed;
}

std::string PrintableAscii(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c >= ' ' && c <= '~' && out.size() < kLongestControlId) out += c;
  return out;
}

// One message, from its MSH to its answer.
class Exchange {
 public:
  Exchange(pix::Manager* manager, const ResponderOptions& options, const MessagePeer& peer, const Message& message,
           int64_t now)
      : manager_(*manager), options_(options), peer_(peer), message_(message), head_(ReadHead(message)),
        class_(ClassOf(head_)), directory_(manager->directory()),
        to_{message_, head_, options.application, options.facility, now, TransactionOf(class_, head_)} {
    response_.type = head_.Type();
    response_.control_id = PrintableAscii(head_.control_id);
  }

  Response Answer() {
    if (std::optional<WireError> error = MshError()) {
      NoteMshError(ErrorNames({&*error, 1}));
      response_.poison = class_ == MessageClass::kFeed;
      Refuse({Verdict::kRejected, {*std::move(error)}});
      return std::move(response_);
    }
    party_ = FindParty();
    if (party_ == nullptr) {
      response_.problems.push_back({pix::Fault::kUnknownParty, 0, ""});
      NoteStranger(std::string(FaultName(pix::Fault::kUnknownParty)));
      response_.poison = class_ == MessageClass::kFeed;
      Refuse({Verdict::kRejected, {PartyError(pix::Fault::kUnknownParty)}});
      return std::move(response_);
    }
    response_.party = party_->name;
    switch (class_) {
      case MessageClass::kFeed: TakeFeed(); break;
      case MessageClass::kCrossReferences: TellCrossReferences(); break;
      case MessageClass::kDemographics: TellDemographics(); break;
      case MessageClass::kCancellation: Cancel(); break;
      case MessageClass::kOther: break;  // refused above
    }
    return std::move(response_);
  }

 private:
  // What keeps the message from being looked at, whoever sent it.
  std::optional<WireError> MshError() const {
    if (head_.control_id.empty())
      return WireError{{"MSH", 1, 10}, kRequiredFieldMissing, "the message has no control ID"};
    if (!head_.has_version) return WireError{{"MSH", 1, 12}, kRequiredFieldMissing, "the message has no version"};
    if (!head_.version)
      return WireError{{"MSH", 1, 12}, kUnsupportedVersion, "versions 2.3.1 to 2.8 are spoken here"};
    const std::string& processing = head_.processing_id;
    if (!processing.empty() && processing != "P" && processing != "T" && processing != "D")
      return WireError{{"MSH", 1, 11}, kUnsupportedProcessingId, "the processing ID is none of P, T and D"};
    if (class_ == MessageClass::kOther) return TypeError(head_);
    if (!options_.check_receiver) return std::nullopt;
    if (head_.receiving_application != options_.application)
      return WireError{{"MSH", 1, 5}, kTableValueNotFound, "the message is for another application"};
    if (head_.receiving_facility != options_.facility)
      return WireError{{"MSH", 1, 6}, kTableValueNotFound, "the message is for another facility"};
    return std::nullopt;
  }

  const pix::Party* FindParty() const {
    const pix::Party* const party = directory_->FindParty(head_.application, head_.facility);
    if (party == nullptr || peer_.parties.empty()) return party;
    return std::ranges::find(peer_.parties, party->name) == peer_.parties.end() ? nullptr : party;
  }

  // Of its number what can be shown, and no more of it than fits a line.
  pix::Asked Asked() const { return {response_.control_id, std::string(to_.transaction), peer_.address}; }
  const pix::Switches& switches() const { return party_ == nullptr ? kNoSwitches : party_->switches; }

  CharacterSet AnswerSet() const { return AnswerCharacterSet(message_.character_set(), options_.parse.otherwise); }

  std::string Encoded(const MessageBuilder& answer) const {
    const bool variants = switches().unencodable == pix::Unencodable::kVariant;
    absl::StatusOr<std::string> bytes =
        answer.Encode(AnswerSet(), variants ? Substitute::kVariant : Substitute::kGeta);
    return bytes.ok() ? *std::move(bytes) : "";
  }

  // MSA-1 and its message; a feed may want none.
  void Acknowledge(const Refusal& refusal) {
    const bool by_wish = class_ == MessageClass::kFeed || class_ == MessageClass::kOther;
    response_.code = by_wish ? AcknowledgementCode(head_, refusal.verdict)
                             : AcknowledgementCode(MessageHead(), refusal.verdict);
    response_.answer =
        response_.code.empty() ? "" : Encoded(MakeAcknowledgement(to_, response_.code, refusal.errors));
  }

  void Refuse(Refusal refusal) {
    if (response_.problems.empty() && !refusal.errors.empty()) response_.reason = refusal.errors[0].text;
    if (class_ == MessageClass::kCrossReferences) return TellCrossReferences(refusal, {});
    if (class_ == MessageClass::kDemographics) return TellDemographics(refusal, {});
    if (class_ == MessageClass::kFeed && switches().errors_as_rejects) refusal.verdict = Verdict::kRejected;
    Acknowledge(refusal);
  }

  void NoteStranger(const std::string& faults) {
    manager_.NoteStranger(RightOf(class_), faults,
                          {response_.control_id, std::string(to_.transaction), peer_.address});
  }

  // Of whom it is does not matter to the answer; the trail is told where it can be known.
  void NoteMshError(const std::string& faults) {
    if (const pix::Party* const party = FindParty(); party != nullptr)
      manager_.NoteRefusal(*party, RightOf(class_), faults, Asked()).IgnoreError();
    else NoteStranger(faults);
  }

  // What a known party said wrongly, so that there is nothing to ask the manager.
  void RefuseContent(const std::vector<WireError>& errors) {
    if (manager_.NoteRefusal(*party_, RightOf(class_), ErrorNames(errors), Asked()).ok())
      return Refuse({Verdict::kError, errors});
    response_.problems.push_back({pix::Fault::kUnavailable, 0, "the registry can't be written or read just now"});
    response_.poison = false;
    Refuse({Verdict::kRejected, {{{}, kInternalError, response_.problems[0].text}}});
  }

  void TakeFeed() {
    const FeedMessage feed = ReadFeed(message_, *FeedKindOf(head_.trigger));
    if (!feed.errors.empty()) {
      response_.poison = true;
      return RefuseContent(feed.errors);
    }
    absl::StatusOr<std::string> hash = MessageHash(message_);
    if (!hash.ok()) {
      response_.problems.push_back({pix::Fault::kInternal, 0, ""});
      return Refuse({Verdict::kRejected, FeedErrors(response_.problems, feed)});
    }
    // What is answered later is decided, and kept, together with the change.
    Acknowledge({});
    pix::FeedAnswer answer = manager_.Take(*party_, feed.feed, {head_.control_id, *std::move(hash), response_.answer,
                                                                std::string(to_.transaction), peer_.address});
    if (!answer.problems.empty()) {
      response_.problems = std::move(answer.problems);
      response_.poison = std::ranges::none_of(
          response_.problems, [](const pix::Problem& problem) { return MaySucceedLater(problem.fault); });
      return Refuse({VerdictOf(response_.problems), FeedErrors(response_.problems, feed)});
    }
    response_.held = answer.held;
    response_.repeated = answer.repeated;
    if (answer.repeated) response_.answer = std::move(answer.stored_answer);
  }

  void TellCrossReferences() {
    const CrossReferenceQuery query = ReadCrossReferenceQuery(message_);
    if (!query.errors.empty()) return RefuseContent(query.errors);
    const pix::CrossReferenceAnswer answer = manager_.CrossReferences(*party_, query.question, Asked());
    response_.problems = answer.problems;
    TellCrossReferences({VerdictOf(answer.problems), CrossReferenceErrors(answer.problems)}, answer.identifiers);
  }

  void TellCrossReferences(const Refusal& refusal, const std::vector<pix::Identifier>& identifiers) {
    response_.code = AcknowledgementCode(MessageHead(), refusal.verdict);
    response_.answer = Encoded(MakeCrossReferenceAnswer(to_, refusal, identifiers, switches()));
  }

  void TellDemographics() {
    const DemographicsQuery query = ReadDemographicsQuery(message_, {options_.page, options_.most_page});
    if (!query.errors.empty()) return RefuseContent(query.errors);
    const pix::DemographicsAnswer answer =
        query.continuation.empty() ? manager_.Demographics(*party_, query.question, Asked())
                                   : manager_.Continue(*party_, query.continuation, query.question.page, Asked());
    response_.problems = answer.problems;
    std::vector<WireError> errors = DemographicsErrors(answer.problems, query);
    if (answer.incomplete) errors.push_back(MoreFitWarning());
    TellDemographics({VerdictOf(answer.problems), std::move(errors)}, answer);
  }

  void TellDemographics(const Refusal& refusal, const pix::DemographicsAnswer& answer) {
    const MessageBuilder told = MakeDemographicsAnswer(to_, refusal, answer, switches());
    if (refusal.verdict == Verdict::kAccepted && switches().unencodable == pix::Unencodable::kRefuse &&
        absl::IsInvalidArgument(told.Encode(AnswerSet()).status()))
      return Refuse({Verdict::kError, {UnencodableError()}});
    response_.code = AcknowledgementCode(MessageHead(), refusal.verdict);
    response_.answer = Encoded(told);
  }

  // What has expired, or was told to its end, is cancelled as well.
  void Cancel() {
    const Cancellation cancellation = ReadCancellation(message_);
    if (!cancellation.errors.empty()) return RefuseContent(cancellation.errors);
    manager_.Cancel(*party_, cancellation.tag);
    Acknowledge({});
  }

  static inline const pix::Switches kNoSwitches;

  pix::Manager& manager_;
  const ResponderOptions& options_;
  const MessagePeer& peer_;
  const Message& message_;
  const MessageHead head_;
  const MessageClass class_;
  const std::shared_ptr<const pix::Directory> directory_;  // borrowed by party_
  const AnswerTo to_;
  const pix::Party* party_ = nullptr;
  Response response_;
};

}  // namespace

struct Responder::Rep {
  pix::Manager* manager;
  ResponderOptions options;
  int64_t Now() const { return options.clock ? options.clock() : SystemMilliseconds(); }
};

Responder::Responder(pix::Manager* manager, ResponderOptions options)
    : rep_(std::make_unique<Rep>(Rep{manager, std::move(options)})) {}
Responder::~Responder() = default;

Response Responder::Respond(const MessagePeer& peer, std::string_view payload) const {
  const absl::StatusOr<Message> message = Message::Parse(payload, rep_->options.parse);
  if (message.ok()) return Exchange(rep_->manager, rep_->options, peer, *message, rep_->Now()).Answer();
  // Without its number: of what can't be read that may be anything.
  const char* const fault = absl::IsResourceExhausted(message.status()) ? "too_large" : "unreadable";
  rep_->manager->NoteStranger(Operation::kFeed, fault, {"", "", peer.address});
  Response response;
  response.reason = std::string(message.status().message());
  response.poison = true;
  const std::optional<UnreadableAnswer> answer =
      AnswerUnreadable(payload, message.status(), rep_->options.application, rep_->options.facility, rep_->Now());
  if (!answer) return response;
  response.code = "AR";
  response.answer = answer->bytes;
  response.type = answer->type;
  response.control_id = PrintableAscii(answer->control_id);
  return response;
}

}  // namespace libmpi::hl7v2
