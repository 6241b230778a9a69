// SPDX-License-Identifier: Apache-2.0
// What feeds do.
#include <algorithm>
#include <functional>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/manager_rep.h"
#include "libmpi/pix/shared_identifiers.h"

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
        by_(RequesterOf(party, AskedFor::kFeed, {message.id, message.transaction, message.peer})),
        shared_(rep, directory, by_) {}

  FeedAnswer Take() {
    Named named = NamedIn(feed_.identifiers);
    const std::vector<NamedKey> keys = std::move(named.own);
    const std::vector<NamedKey> others =
        IsOfTwo() ? NamedIn(feed_.subsumed, feed_.identifiers.size()).own : std::vector<NamedKey>();
    if (answer_.problems.empty() && (keys.empty() || (IsOfTwo() && others.empty())))
      Refuse(Fault::kNoIdentifier, "there is no patient identifier");
    if (!answer_.problems.empty()) return std::move(answer_);
    switch (feed_.kind) {
      case Feed::Kind::kAdd:
      case Feed::Kind::kRevise: PutAll(keys, SharedKeys(named.shared)); break;
      case Feed::Kind::kMerge: Merge(OfItsDomain(keys, others[0].key), others[0].key); break;
      case Feed::Kind::kLink: Done(rep_.network.Link(keys[0].key, others[0].key, by_, Receipt()), {}); break;
      case Feed::Kind::kUnlink: Done(rep_.network.Unlink(keys[0].key, others[0].key, by_, Receipt()), {}); break;
      case Feed::Kind::kRetire: Retire(keys[0].key); break;
    }
    return std::move(answer_);
  }

  // Whether the message was accepted by another thread after this one looked for it.
  bool came_second() const { return came_second_; }
  // Whether the network was asked to change anything, which then has noted what became of it.
  bool asked_network() const { return asked_network_; }
  const Requester& by() const { return by_; }

 private:
  struct NamedKey {
    RecordKey key;
    size_t which;  // of the identifiers that were said
  };
  struct Named {
    std::vector<NamedKey> own, shared;
  };

  bool IsOfTwo() const {
    return feed_.kind == Feed::Kind::kMerge || feed_.kind == Feed::Kind::kLink || feed_.kind == Feed::Kind::kUnlink;
  }

  void Refuse(Fault fault, std::string text, size_t which = 0) {
    answer_.problems.push_back({fault, which, std::move(text)});
  }

  bool IsOwn(const RecordKey& key) const {
    return std::ranges::find(party_.domains, key.source) != party_.domains.end();
  }
  // Whether the party may state it beside one of its own.
  bool IsShared(const RecordKey& key) const {
    const Domain* const domain = directory_.FindDomain(key.source);
    return domain != nullptr && domain->shared && !IsOwn(key) && !party_.domains.empty();
  }

  // The keys of identifiers of domains whose source the party is, and of those that it may state beside them; what is
  // wrong with the others is noted, counted from `first` on.
  Named NamedIn(const std::vector<Identifier>& identifiers, size_t first = 0) {
    Named named;
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
      if (std::optional<Problem> problem = KeyOf(directory_, identifier, first + i, &key))
        answer_.problems.push_back(*std::move(problem));
      else if (IsOwn(key)) AddOnce({std::move(key), first + i}, &named.own);
      else if (!IsShared(key)) RefuseAnothers(first + i);
      else if (!CheckIdentifier(key).ok()) RefuseImpossible(first + i);
      else AddOnce({std::move(key), first + i}, &named.shared);
    }
    // Alone they are another's.
    if (named.own.empty())
      for (const NamedKey& shared : named.shared) RefuseAnothers(shared.which);
    return named;
  }

  static void AddOnce(NamedKey key, std::vector<NamedKey>* keys) {
    if (std::ranges::find(*keys, key.key, &NamedKey::key) == keys->end()) keys->push_back(std::move(key));
  }

  void RefuseAnothers(size_t which) {
    Refuse(Fault::kNotItsSource, "the identity source of the assigning authority is another system", which);
  }
  void RefuseImpossible(size_t which) { Refuse(Fault::kRefusedIdentifier, "no identifier can be so", which); }

  // The shared ones, also those that were said elsewhere; where one was merged into another, that.
  std::vector<RecordKey> SharedKeys(const std::vector<NamedKey>& shared) {
    std::vector<RecordKey> said;
    for (const NamedKey& named : shared) said.push_back(named.key);
    for (const Identifier& identifier : feed_.beside) {
      RecordKey key;
      if (!KeyOf(directory_, identifier, 0, &key) && IsShared(key) && CheckIdentifier(key).ok())
        said.push_back(std::move(key));
    }
    std::vector<RecordKey> keys;
    for (RecordKey& key : said) {
      absl::StatusOr<RecordKey> live = shared_.InPlaceOf(std::move(key));
      if (!live.ok()) answer_.problems.push_back(ProblemOf(live.status()));
      else if (std::ranges::find(keys, *live) == keys.end()) keys.push_back(*std::move(live));
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
  // are one patient. So are shared identifiers beside them, unless what is said waits for a steward. The message is
  // known again from its last change on; cut short before that, it is taken again from the start, where what is done
  // already changes nothing.
  void PutAll(const std::vector<NamedKey>& keys, const std::vector<RecordKey>& shared) {
    if (!SaysSomething()) return Refuse(Fault::kNoDemographics, "nothing is said of the patient but an identifier");
    const std::vector<Stated> before = StatedBefore(keys);
    if (!answer_.problems.empty()) return;
    const bool one_change = keys.size() == 1 && shared.empty() && before.empty();
    for (size_t i = keys.size(); i-- > 0 && answer_.problems.empty();)
      Done(rep_.network.Put(Saying(keys[i].key), by_,
                            Both(OfSource(keys[i].key), one_change ? Receipt() : SideChange())),
           {.precondition = Fault::kSubsumedIdentifier, .which = keys[i].which});
    // What makes another person of its own record tells nothing of the one that it is still.
    if (!answer_.held) LinkAll(keys, shared, before);
    if (!one_change && answer_.problems.empty()) WriteReceipt();
  }

  Record Saying(const RecordKey& key) const {
    Record record = feed_.record;
    record.key = key;
    record.Normalize();
    return record;
  }

  SideChange OfSource(const RecordKey& key) const {
    return directory_.FindDomain(key.source)->shared ? SharedIdentifiers::NoteSource(key) : SideChange();
  }

  // A shared identifier beside one of the party's own.
  struct Stated {
    RecordKey own, shared;
  };

  std::vector<Stated> StatedBefore(const std::vector<NamedKey>& keys) {
    std::vector<Stated> stated;
    for (const NamedKey& key : keys)
      for (RecordKey& shared : StatedBeside(key.key)) stated.push_back({key.key, std::move(shared)});
    return stated;
  }

  std::vector<RecordKey> StatedBeside(const RecordKey& own) {
    if (!directory_.has_shared()) return {};
    absl::StatusOr<std::vector<RecordKey>> shared = shared_.StatedBeside(own);
    if (shared.ok()) return *std::move(shared);
    answer_.problems.push_back(ProblemOf(shared.status()));
    return {};
  }

  // New links before old ones go, so that a person stays one meanwhile.
  void LinkAll(const std::vector<NamedKey>& keys, const std::vector<RecordKey>& shared,
               const std::vector<Stated>& before) {
    const RecordKey& own = keys[0].key;
    for (size_t i = 1; i < keys.size() && answer_.problems.empty(); ++i) LinkOwn(own, keys[i].key);
    for (size_t i = 0; i < shared.size() && answer_.problems.empty(); ++i) State(own, Saying(shared[i]), true);
    for (const Stated& s : before) {
      const bool still = s.own == own && std::ranges::find(shared, s.shared) != shared.end();
      if (!still && answer_.problems.empty()) Withdraw(s.own, s.shared);
    }
  }

  void State(const RecordKey& own, const Record& said, bool revise) {
    asked_network_ = true;
    const absl::StatusOr<PersonOutcome> made = shared_.State(own, said, revise);
    if (!made.ok()) answer_.problems.push_back(ProblemOf(made.status()));
    else answer_.held = answer_.held || *made == PersonOutcome::kHeld;
  }

  void Withdraw(const RecordKey& own, const RecordKey& shared) {
    asked_network_ = true;
    const absl::Status withdrawn = shared_.Withdraw(own, shared);
    if (!withdrawn.ok()) answer_.problems.push_back(ProblemOf(withdrawn));
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

  // Where several may survive, the one of the domain of the one to be merged.
  static const RecordKey& OfItsDomain(const std::vector<NamedKey>& keys, const RecordKey& subsumed) {
    const auto it = std::ranges::find(keys, subsumed.source, [](const NamedKey& k) { return k.key.source; });
    return it == keys.end() ? keys[0].key : it->key;
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
    MoveStated(subsumed, surviving);
    if (answer_.problems.empty())
      Done(rep_.network.Subsume(subsumed, surviving, by_, Both(SharedIdentifiers::Forget(subsumed), Receipt())),
           {.precondition = Fault::kSubsumedAlready});
  }

  // What was stated beside the one is stated beside the other from now on.
  void MoveStated(const RecordKey& from, const RecordKey& to) {
    const std::vector<RecordKey> stated = StatedBeside(from);
    if (stated.empty()) return;
    absl::StatusOr<Record> record = rep_.registry.Get(to, nullptr);
    if (!record.ok()) return answer_.problems.push_back(ProblemOf(record.status()));
    for (const RecordKey& shared : stated) {
      record->key = shared;
      if (answer_.problems.empty()) State(to, *record, false);
    }
  }

  void Retire(const RecordKey& key) {
    for (const RecordKey& shared : StatedBeside(key))
      if (answer_.problems.empty()) Withdraw(key, shared);
    if (answer_.problems.empty())
      Done(rep_.network.Retire(key, by_, Both(SharedIdentifiers::Forget(key), Receipt())), {});
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
      case absl::StatusCode::kInvalidArgument: return RefuseImpossible(meaning.which);
      default: answer_.problems.push_back(ProblemOf(made.status()));
    }
  }

  Manager::Rep& rep_;
  const Directory& directory_;
  const Party& party_;
  const Feed& feed_;
  const MessageId& message_;
  const Requester by_;
  SharedIdentifiers shared_;
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

// Of a message that came before: what was answered then, or that it says something else now. The receipt can be read
// before it is on disk: the first sender may have been told that it could not be written.
FeedAnswer AnswerAgain(Registry* registry, const Receipt& receipt, const MessageId& message) {
  if (receipt.content_hash != message.content_hash)
    return AnswerWith({Fault::kOtherContent, 0, "a message of this number was accepted before, with another content"});
  if (const absl::Status on_disk = registry->WriteSide({}); !on_disk.ok()) return AnswerWith(ProblemOf(on_disk));
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
    FeedAnswer again = AnswerAgain(&rep_->registry, **known, message);
    const Requester by = RequesterOf(party, AskedFor::kFeed, {message.id, message.transaction, message.peer});
    if (!again.problems.empty()) rep_->NoteRefusal(by, Operation::kFeed, NameOf(feed.kind), {}, &again.problems);
    return again;
  }
  FeedTaking taking(rep_.get(), *directory, party, feed, message);
  FeedAnswer answer = taking.Take();
  if (!taking.came_second() && answer.problems.empty()) return answer;
  // Another connection may have brought the same message at the same moment.
  known = before();
  if (known.ok() && *known) return AnswerAgain(&rep_->registry, **known, message);
  if (!taking.asked_network()) rep_->NoteRefusal(taking.by(), Operation::kFeed, NameOf(feed.kind), {}, &answer.problems);
  return answer;
}

}  // namespace libmpi::pix
