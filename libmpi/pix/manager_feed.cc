// SPDX-License-Identifier: Apache-2.0
// What feeds do.
#include <algorithm>
#include <functional>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/manager_rep.h"

namespace libmpi::pix {
namespace {

constexpr std::string_view kFilledFrom = "the identifier has no assigning authority, and the party feeds no domain";

// One feed, from what it names to what the network made of it.
class FeedTaking {
 public:
  FeedTaking(Manager::Rep* rep, const Directory& directory, const Party& party, const Feed& feed,
             const MessageId& message)
      : rep_(*rep),
        directory_(directory),
        party_(party),
        feed_(feed),
        message_(message),
        by_(RequesterOf(party, AskedFor::kFeed, {message.id, message.transaction, message.peer})) {}

  FeedAnswer Take() {
    const std::vector<OwnKey> keys = OwnKeys(feed_.identifiers);
    const std::vector<OwnKey> others =
        IsOfTwo() ? OwnKeys(feed_.subsumed, feed_.identifiers.size()) : std::vector<OwnKey>();
    if (answer_.problems.empty() && (keys.empty() || (IsOfTwo() && others.empty())))
      Refuse(Fault::kNoIdentifier, "there is no patient identifier");
    if (!answer_.problems.empty()) return std::move(answer_);
    switch (feed_.kind) {
      case Feed::Kind::kAdd:
      case Feed::Kind::kRevise: PutAll(keys); break;
      case Feed::Kind::kMerge: Merge(keys[0].key, others[0].key); break;
      case Feed::Kind::kLink: Done(rep_.network.Link(keys[0].key, others[0].key, by_, Receipt()), {}); break;
      case Feed::Kind::kUnlink: Done(rep_.network.Unlink(keys[0].key, others[0].key, by_, Receipt()), {}); break;
      case Feed::Kind::kRetire: Done(rep_.network.Retire(keys[0].key, by_, Receipt()), {}); break;
    }
    return std::move(answer_);
  }

  // Whether the message was accepted by another thread after this one looked for it.
  bool came_second() const { return came_second_; }
  // Whether the network was asked to change anything, which then has noted what became of it.
  bool asked_network() const { return asked_network_; }
  const Requester& by() const { return by_; }

 private:
  struct OwnKey {
    RecordKey key;
    size_t which;  // of the identifiers that were said
  };

  bool IsOfTwo() const {
    return feed_.kind == Feed::Kind::kMerge || feed_.kind == Feed::Kind::kLink || feed_.kind == Feed::Kind::kUnlink;
  }

  void Refuse(Fault fault, std::string text, size_t which = 0) {
    answer_.problems.push_back({fault, which, std::move(text)});
  }

  // The keys of identifiers, each of a domain whose source the party is; what is wrong with the others is noted,
  // counted from `first` on.
  std::vector<OwnKey> OwnKeys(const std::vector<Identifier>& identifiers, size_t first = 0) {
    std::vector<OwnKey> keys;
    for (size_t i = 0; i < identifiers.size(); ++i) {
      Identifier identifier = identifiers[i];
      if (identifier.authority.empty() && party_.switches.fill_authority) {
        if (party_.domains.empty()) {
          Refuse(Fault::kNoAuthority, std::string(kFilledFrom), first + i);
          continue;
        }
        identifier.authority = directory_.FindDomain(party_.domains[0])->authority;
      }
      RecordKey key;
      if (std::optional<Problem> problem = KeyOf(directory_, identifier, first + i, &key)) {
        answer_.problems.push_back(*std::move(problem));
      } else if (std::ranges::find(party_.domains, key.source) == party_.domains.end()) {
        Refuse(Fault::kNotItsSource, "the identity source of the assigning authority is another system", first + i);
      } else if (std::ranges::find(keys, key, &OwnKey::key) == keys.end()) {
        keys.push_back({std::move(key), first + i});
      }
    }
    return keys;
  }

  SideChange Receipt() { return message_.id.empty() ? SideChange() : rep_.receipts.Write(party_.name, message_); }

  bool SaysSomething() const {
    const Record& r = feed_.record;
    return !(r.names.empty() && r.former_names.empty() && r.births.empty() && r.sexes.empty() && r.coverages.empty() &&
             r.care.empty() && r.addresses.empty() && r.phones.empty());
  }

  // A source may know a patient by several identifiers of its domains: each is a record that says the same, and they
  // are one patient. The message is known again from its last change on; cut short before that, it is taken again from
  // the start, where what is done already changes nothing.
  void PutAll(const std::vector<OwnKey>& keys) {
    if (!SaysSomething()) return Refuse(Fault::kNoDemographics, "nothing is said of the patient but an identifier");
    for (size_t i = keys.size(); i-- > 0 && answer_.problems.empty();) {
      Record record = feed_.record;
      record.key = keys[i].key;
      record.Normalize();
      Done(rep_.network.Put(record, by_, keys.size() == 1 ? Receipt() : SideChange()),
           {.precondition = Fault::kSubsumedIdentifier, .which = keys[i].which});
    }
    for (size_t i = 1; i < keys.size() && answer_.problems.empty(); ++i) LinkOwn(keys[0].key, keys[i].key);
    if (keys.size() > 1 && answer_.problems.empty()) WriteReceipt();
  }

  // What a steward decided stands, whatever the source says of its identifiers; that is no fault of the message.
  void LinkOwn(const RecordKey& a, const RecordKey& b) {
    const absl::StatusOr<ChangeAnswer> linked = rep_.network.Link(a, b, by_);
    if (!linked.ok() && !absl::IsFailedPrecondition(linked.status()) && !absl::IsNotFound(linked.status()))
      answer_.problems.push_back(ProblemOf(linked.status()));
  }

  void WriteReceipt() {
    if (message_.id.empty()) return;
    const absl::Status written = rep_.registry.WriteSide(Receipt());
    if (absl::IsAlreadyExists(written)) came_second_ = true;
    else if (!written.ok()) answer_.problems.push_back(ProblemOf(written));
  }

  // ITI-8 (A40): both identifiers are of one authority, and live.
  void Merge(const RecordKey& surviving, const RecordKey& subsumed) {
    if (surviving.source != subsumed.source)
      return Refuse(Fault::kMergeAcrossAuthorities, "the two identifiers are of different assigning authorities");
    if (surviving == subsumed) return Refuse(Fault::kMergeIntoItself, "an identifier can't be merged into itself");
    const std::optional<Fault> of_subsumed = StateFault(subsumed, Fault::kSubsumedUnknown, Fault::kSubsumedAlready);
    if (of_subsumed) return Refuse(*of_subsumed, "the identifier to be merged is not known, or was merged already");
    const std::optional<Fault> of_surviving =
        StateFault(surviving, Fault::kSurvivingUnknown, Fault::kSurvivingSubsumed);
    if (of_surviving) return Refuse(*of_surviving, "the surviving identifier is not known, or was merged itself");
    Done(rep_.network.Subsume(subsumed, surviving, by_, Receipt()), {.precondition = Fault::kSubsumedAlready});
  }

  std::optional<Fault> StateFault(const RecordKey& key, Fault if_unknown, Fault if_subsumed) const {
    RecordStatus status = RecordStatus::kLive;
    const absl::StatusOr<Record> record = rep_.registry.Get(key, &status);
    if (absl::IsNotFound(record.status())) return if_unknown;
    if (!record.ok()) return ProblemOf(record.status()).fault;
    if (status == RecordStatus::kRetired) return if_unknown;
    if (status == RecordStatus::kSubsumed) return if_subsumed;
    return std::nullopt;
  }

  struct Meaning {
    Fault precondition = Fault::kContradictsDecision;
    size_t which = 0;
  };
  void Done(const absl::StatusOr<ChangeAnswer>& made, const Meaning& meaning) {
    asked_network_ = true;
    if (made.ok()) {
      answer_.held = answer_.held || made->outcome == PersonOutcome::kHeld;
      answer_.event = std::max(answer_.event, made->event);
      return;
    }
    switch (made.status().code()) {
      case absl::StatusCode::kAlreadyExists: came_second_ = true; return;
      case absl::StatusCode::kFailedPrecondition:
        return Refuse(meaning.precondition,
                      meaning.precondition == Fault::kSubsumedIdentifier ? "the identifier was merged into another one"
                                                                         : "another decision stands against it",
                      meaning.which);
      case absl::StatusCode::kNotFound:
        return Refuse(feed_.kind == Feed::Kind::kUnlink ? Fault::kNotLinked : Fault::kUnknownIdentifier,
                      "there is nothing of it to be undone, or no such patient", meaning.which);
      case absl::StatusCode::kInvalidArgument:
        return Refuse(Fault::kRefusedIdentifier, "no identifier can be so", meaning.which);
      default: answer_.problems.push_back(ProblemOf(made.status()));
    }
  }

  Manager::Rep& rep_;
  const Directory& directory_;
  const Party& party_;
  const Feed& feed_;
  const MessageId& message_;
  const Requester by_;
  FeedAnswer answer_;
  bool came_second_ = false, asked_network_ = false;
};

// As the network calls it in the trail.
std::string NameOf(Feed::Kind kind) {
  switch (kind) {
    case Feed::Kind::kAdd:
    case Feed::Kind::kRevise: return "put";
    case Feed::Kind::kMerge: return "subsume";
    case Feed::Kind::kLink: return "link";
    case Feed::Kind::kUnlink: return "unlink";
    case Feed::Kind::kRetire: return "retire";
  }
  return "put";
}

FeedAnswer AnswerWith(Problem problem) {
  FeedAnswer answer;
  answer.problems.push_back(std::move(problem));
  return answer;
}

// Of a message that came before: what was answered then, or that it says something else now.
FeedAnswer AnswerAgain(const Receipt& receipt, const MessageId& message) {
  if (receipt.content_hash != message.content_hash)
    return AnswerWith({Fault::kOtherContent, 0, "a message of this number was accepted before, with another content"});
  FeedAnswer answer;
  answer.repeated = true;
  answer.stored_answer = receipt.answer;
  return answer;
}

}  // namespace

FeedAnswer Manager::Take(const Party& party, const Feed& feed, const MessageId& message) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  const auto before = [&]() -> absl::StatusOr<std::optional<Receipt>> {
    if (message.id.empty()) return std::nullopt;
    return rep_->receipts.Find(party.name, message.id);
  };
  absl::StatusOr<std::optional<Receipt>> known = before();
  if (!known.ok()) return AnswerWith(ProblemOf(known.status()));
  if (*known) {
    FeedAnswer again = AnswerAgain(**known, message);
    const Requester by = RequesterOf(party, AskedFor::kFeed, {message.id, message.transaction, message.peer});
    if (!again.problems.empty()) rep_->NoteRefusal(by, Operation::kFeed, NameOf(feed.kind), {}, &again.problems);
    return again;
  }
  FeedTaking taking(rep_.get(), *directory, party, feed, message);
  FeedAnswer answer = taking.Take();
  if (!taking.came_second() && answer.problems.empty()) return answer;
  // Another connection may have brought the same message at the same moment.
  known = before();
  if (known.ok() && *known) return AnswerAgain(**known, message);
  if (!taking.asked_network()) rep_->NoteRefusal(taking.by(), Operation::kFeed, NameOf(feed.kind), {}, &answer.problems);
  return answer;
}

}  // namespace libmpi::pix
