// SPDX-License-Identifier: Apache-2.0
// Changes of the registry, one method each.
#include <algorithm>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/beside.h"
#include "libmpi/registry/overlay_guard.h"
#include "libmpi/registry/record_changes.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

absl::Status NotRegistered() { return absl::NotFoundError("no such identifier is registered"); }

EventValue EventOf(EventKind kind, const RecordKey& record, const Attribution& by) {
  EventValue event;
  event.kind = kind;
  event.record = record;
  event.by = by;
  return event;
}

// The records that "same" decisions make one with this one, and those decided to be different from any of them.
absl::Status DecidedWith(const KeptLinkage& kept, uint32_t record, std::set<uint32_t>* same,
                         std::set<uint32_t>* different) {
  std::vector<uint32_t> left = {record};
  while (!left.empty()) {
    const uint32_t next = left.back();
    left.pop_back();
    if (!same->insert(next).second) continue;
    std::vector<KeptDecision> decisions;
    LIBMPI_RETURN_IF_ERROR(kept.ReadDecisions(next, &decisions));
    for (const KeptDecision& d : decisions) {
      if (d.same) left.push_back(d.other);
      else different->insert(d.other);
    }
  }
  return absl::OkStatus();
}

// A put, ready but for what the registry holds.
struct Prepared {
  Record record;
  CivilDate said_on;
  uint16_t generation = 0;
  std::string packed;
  std::vector<Finding> findings;

  void PackBy(const Generation& with) {
    packed = with.model->Pack(record, said_on, &findings);
    generation = with.keys.generation();
  }
};

// How much of a record that is there a put may change.
enum class PutAs : uint8_t { kWhole, kShared, kSharedAsItIs };

// Such a statement of one of many would take from a record what tells it from other persons.
bool SaysLess(const Record& now, const Record& before) {
  return (now.names.empty() && !before.names.empty()) || (now.births.empty() && !before.births.empty());
}

// A change of one identifier, between what it read and what it writes.
class OneRecord {
 public:
  OneRecord(const Registry::Rep& rep, const Writing& writing, const Attribution& by)
      : rep_(rep), writing_(writing), by_(by), changes_(rep, writing) {}

  absl::Status Put(Prepared* put, PutAs as, const Foreseen* foreseen, ChangeAnswer* answer) {
    bool found;
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(put->record.key, &statement_, &found));
    if (put->generation != writing_.generation->keys.generation()) put->PackBy(*writing_.generation);
    else if (foreseen != nullptr) changes_.Know(&foreseen->scores);
    if (!found) return Register(put, EventKind::kPut, answer);
    // Of an erased one nothing tells whether this is the same person; consent that was said of it stands.
    const bool another = !statement_.erased && MakesAnotherPerson(statement_.record, put->record);
    if (statement_.status == RecordStatus::kRetired) {
      LIBMPI_RETURN_IF_ERROR(StartAnew(!another && !statement_.erased));
      answer->another_person = another;
      return Register(put, EventKind::kPut, answer);
    }
    if (statement_.status == RecordStatus::kSubsumed)
      return absl::FailedPreconditionError("the identifier was merged into another one: put that, or undo the merge");
    HeldValue held;
    const absl::Status waits = ReadHeld(put->record.key, &held);
    if (!waits.ok() && !absl::IsNotFound(waits)) return waits;
    if (waits.ok() && held.revision == put->record) {
      answer->outcome = PersonOutcome::kHeld;
      return Unchanged(answer);
    }
    const bool as_it_is = as == PutAs::kSharedAsItIs ||
                          (as == PutAs::kShared && (waits.ok() || SaysLess(put->record, statement_.record)));
    if (as_it_is && !another) return Unchanged(answer);
    LIBMPI_RETURN_IF_ERROR(DropHeld(put->record.key));
    if (statement_.record == put->record) return waits.ok() ? TakeBack(answer) : Unchanged(answer);
    if (another) return Hold(put, answer);
    return Revise(put, EventKind::kRevised, answer);
  }

  absl::Status Retire(const RecordKey& key, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(ReadLive(key));
    LIBMPI_RETURN_IF_ERROR(Leave());
    return End(EventOf(EventKind::kRetired, key, by_), answer);
  }

  absl::Status Erase(const RecordKey& key, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(Read(key));
    if (statement_.erased) return Unchanged(answer);
    if (statement_.status == RecordStatus::kLive) LIBMPI_RETURN_IF_ERROR(Leave());
    else LIBMPI_RETURN_IF_ERROR(DropHeld(key));  // one of a merged identifier
    statement_.erased = true;
    statement_.record = Record();
    statement_.record.key = key;
    statement_.said_on = DayOf(rep_.Now());
    return End(EventOf(EventKind::kErased, key, by_), answer);
  }

  absl::Status Subsume(const RecordKey& subsumed, const RecordKey& surviving, ChangeAnswer* answer) {
    if (subsumed.source != surviving.source)
      return absl::InvalidArgumentError("only identifiers of one assigning authority are merged; decide on others");
    LIBMPI_RETURN_IF_ERROR(ReadLive(subsumed));
    Statement other;
    bool redirected;
    LIBMPI_RETURN_IF_ERROR(Resolve(*writing_.view, rep_.base, surviving, &other, &redirected));
    if (other.record.key == subsumed) return absl::InvalidArgumentError("an identifier can't be merged into itself");
    // A held revision stays held: the merge may be undone.
    LIBMPI_RETURN_IF_ERROR(changes_.Take(&statement_));
    statement_.status = RecordStatus::kSubsumed;
    statement_.surviving = surviving;
    bool found;
    Statement next;
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(surviving, &next, &found));
    std::vector<Statement> bearers;
    if (next.status == RecordStatus::kSubsumed)
      LIBMPI_RETURN_IF_ERROR(BearersOf(*writing_.view, rep_.base, next.number, &bearers));
    // The enterprise ID of one that was merged before may answer elsewhere by now, even with this record: where the
    // identifier it was merged into was left by its record and registered anew.
    const bool elsewhere = next.status == RecordStatus::kSubsumed &&
                           (bearers.empty() || bearers.back().record.key != other.record.key);
    writing_.view->Put(rep_.base.Of(Table::kNumber, statement_.number),
                       Pack(elsewhere ? other.record.key : surviving));
    LIBMPI_RETURN_IF_ERROR(LendOrigins(true));
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(other.record.key, &other, &found));
    --writing_.counters->live;
    EventValue event = EventOf(EventKind::kSubsumed, subsumed, by_);
    event.other = surviving;
    changes_.WriteStatement(statement_);
    LIBMPI_RETURN_IF_ERROR(changes_.Finish(std::move(event)));
    return changes_.Answer(other, answer);
  }

  absl::Status Unsubsume(const RecordKey& subsumed, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(Read(subsumed));
    if (statement_.status != RecordStatus::kSubsumed)
      return absl::FailedPreconditionError("the identifier is not merged into another one");
    LIBMPI_RETURN_IF_ERROR(LendOrigins(false));
    writing_.view->Put(rep_.base.Of(Table::kNumber, statement_.number), Pack(subsumed));
    statement_.status = statement_.erased ? RecordStatus::kRetired : RecordStatus::kLive;
    statement_.surviving.reset();
    // There is nothing left to bring back: it can be put again.
    if (statement_.erased) return End(EventOf(EventKind::kUnsubsumed, subsumed, by_), answer);
    std::vector<KeptDecision> decisions;
    LIBMPI_RETURN_IF_ERROR(
        rep_.LinkageOf(writing_.view, *writing_.generation).ReadDecisions(statement_.number, &decisions));
    statement_.decided = !decisions.empty();
    Prepared again{statement_.record, statement_.said_on, 0, {}, {}};
    again.PackBy(*writing_.generation);
    LIBMPI_RETURN_IF_ERROR(changes_.Bring(statement_, std::move(again.packed)));
    statement_.node = 0;
    ++writing_.counters->live;
    return End(EventOf(EventKind::kUnsubsumed, subsumed, by_), answer);
  }

  absl::Status Decide(const RecordKey& a, const RecordKey& b, std::optional<bool> same, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(Read(a));
    Statement other;
    bool found;
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(b, &other, &found));
    if (!found) return NotRegistered();
    const uint32_t x = statement_.number, y = other.number;
    if (x == y) return absl::InvalidArgumentError("a decision needs two records");
    const StoreLinkage kept = rep_.LinkageOf(writing_.view, *writing_.generation);
    if (same) LIBMPI_RETURN_IF_ERROR(CheckDecision(kept, x, y, *same));
    for (const auto& [from, to] : {std::pair(x, y), std::pair(y, x)}) {
      std::string key = rep_.base.Of(Table::kDecision, from, to);
      DecisionValue was;
      LIBMPI_RETURN_IF_ERROR(writing_.view->Read(key, &was, &found));
      if (!found && !same) return absl::NotFoundError("there is no decision on these two records");
      answer->settles = found ? was.event : 0;
      if (same) writing_.view->Put(std::move(key), Pack(DecisionValue{*same, writing_.counters->next_event}));
      else writing_.view->Delete(std::move(key));
    }
    answer->other_revision = other.revision;
    for (Statement* statement : {&statement_, &other}) {
      std::vector<KeptDecision> decisions;
      LIBMPI_RETURN_IF_ERROR(kept.ReadDecisions(statement->number, &decisions));
      statement->decided = !decisions.empty();
      LIBMPI_RETURN_IF_ERROR(changes_.Touch(*statement));
    }
    changes_.WriteStatement(other);
    EventValue event = EventOf(same ? EventKind::kDecided : EventKind::kUndecided, a, by_);
    event.other = b;
    if (same) event.detail = *same ? "same" : "different";
    return End(std::move(event), answer);
  }

  absl::Status Accept(const RecordKey& key, bool same_person, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(ReadLive(key));
    HeldValue held;
    LIBMPI_RETURN_IF_ERROR(ReadHeld(key, &held));
    LIBMPI_RETURN_IF_ERROR(DropHeld(key));
    answer->settles = held.event;
    Prepared put{held.revision, held.said_on, 0, {}, {}};
    put.PackBy(*writing_.generation);
    if (same_person) return Revise(&put, EventKind::kAccepted, answer);
    // The number is another person's from now on: their enterprise ID stays behind.
    LIBMPI_RETURN_IF_ERROR(changes_.Bequeath(&statement_));
    LIBMPI_RETURN_IF_ERROR(changes_.Take(&statement_));
    LIBMPI_RETURN_IF_ERROR(StartAnew(false));
    --writing_.counters->live;
    answer->another_person = true;
    return Register(&put, EventKind::kAccepted, answer);
  }

  absl::Status Refuse(const RecordKey& key, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(Read(key));
    HeldValue held;
    LIBMPI_RETURN_IF_ERROR(ReadHeld(key, &held));
    LIBMPI_RETURN_IF_ERROR(DropHeld(key));
    answer->settles = held.event;
    return Tell(EventKind::kRefused, {}, answer);
  }

  // What a change of these would find, and nothing else.
  absl::Status Look(const RecordKey& a, const RecordKey& b, ChangeAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(Read(a));
    answer->revision = statement_.revision;
    if (b == RecordKey()) {
      HeldValue held;
      const absl::Status status = ReadHeld(a, &held);
      answer->settles = status.ok() ? held.event : 0;
      return absl::IsNotFound(status) ? absl::OkStatus() : status;
    }
    Statement other;
    bool found;
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(b, &other, &found));
    if (!found) return NotRegistered();
    answer->other_revision = other.revision;
    DecisionValue was;
    LIBMPI_RETURN_IF_ERROR(
        writing_.view->Read(rep_.base.Of(Table::kDecision, statement_.number, other.number), &was, &found));
    answer->settles = found ? was.event : 0;
    return absl::OkStatus();
  }

 private:
  // A live record takes no part any more.
  absl::Status Leave() {
    LIBMPI_RETURN_IF_ERROR(DropHeld(statement_.record.key));
    LIBMPI_RETURN_IF_ERROR(changes_.Bequeath(&statement_));
    LIBMPI_RETURN_IF_ERROR(changes_.Take(&statement_));
    statement_.status = RecordStatus::kRetired;
    --writing_.counters->live;
    return absl::OkStatus();
  }

  absl::Status Read(const RecordKey& key) {
    bool found;
    LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(key, &statement_, &found));
    return found ? absl::OkStatus() : NotRegistered();
  }

  absl::Status ReadLive(const RecordKey& key) {
    LIBMPI_RETURN_IF_ERROR(Read(key));
    if (statement_.status == RecordStatus::kLive) return absl::OkStatus();
    return absl::FailedPreconditionError(statement_.status == RecordStatus::kRetired
                                             ? "the record is retired"
                                             : "the identifier was merged into another one");
  }

  absl::Status ReadHeld(const RecordKey& key, HeldValue* held) const {
    bool found;
    LIBMPI_RETURN_IF_ERROR(writing_.view->Read(rep_.base.Of(Table::kHeld, key), held, &found));
    return found ? absl::OkStatus() : absl::NotFoundError("no revision of this record is held");
  }

  absl::Status DropHeld(const RecordKey& key) {
    HeldValue held;
    const absl::Status status = ReadHeld(key, &held);
    if (absl::IsNotFound(status)) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(status);
    writing_.view->Delete(rep_.base.Of(Table::kHeld, key));
    --writing_.counters->held;
    return absl::OkStatus();
  }

  // The record gets another number. The same person's has its past, its decisions and the enterprise IDs that nobody
  // else has now; another person's has the past of the identifier only.
  absl::Status StartAnew(bool same_person) {
    if (!same_person) {
      LIBMPI_RETURN_IF_ERROR(changes_.HandOver(statement_, nullptr));
      statement_.origins.clear();
    }
    const uint32_t next = writing_.counters->next_number;
    const StoreLinkage kept = rep_.LinkageOf(writing_.view, *writing_.generation);
    std::vector<KeptDecision> decisions;
    LIBMPI_RETURN_IF_ERROR(kept.ReadDecisions(statement_.number, &decisions));
    for (const KeptDecision& d : decisions) {
      for (const bool forth : {true, false}) {
        const auto key = [&](uint32_t own) {
          return forth ? rep_.base.Of(Table::kDecision, own, d.other) : rep_.base.Of(Table::kDecision, d.other, own);
        };
        DecisionValue value;
        bool found;
        LIBMPI_RETURN_IF_ERROR(writing_.view->Read(key(statement_.number), &value, &found));
        if (!found) return absl::DataLossError("the registry's tables do not fit together");
        writing_.view->Delete(key(statement_.number));
        if (same_person) writing_.view->Put(key(next), Pack(value));
      }
      if (!same_person) LIBMPI_RETURN_IF_ERROR(ForgetDecided(kept, d.other));
    }
    statement_.decided = same_person && !decisions.empty();
    return absl::OkStatus();
  }

  // A decision that names the record is no more.
  absl::Status ForgetDecided(const StoreLinkage& kept, uint32_t number) {
    RecordKey key;
    Statement other;
    bool found;
    LIBMPI_RETURN_IF_ERROR(writing_.view->Read(rep_.base.Of(Table::kNumber, number), &key, &found));
    if (found) LIBMPI_RETURN_IF_ERROR(changes_.ReadStatement(key, &other, &found));
    if (!found || other.number != number) return absl::OkStatus();  // not live: asked again when it is
    std::vector<KeptDecision> decisions;
    LIBMPI_RETURN_IF_ERROR(kept.ReadDecisions(number, &decisions));
    other.decided = !decisions.empty();
    changes_.Also(key);
    changes_.WriteStatement(other);
    return changes_.Touch(other);
  }

  // A record under a number of its own.
  absl::Status Register(Prepared* put, EventKind kind, ChangeAnswer* answer) {
    if (writing_.counters->next_number == UINT32_MAX)
      return absl::ResourceExhaustedError("4 billion registrations: export the registry and import it anew");
    Statement before = std::exchange(statement_, Statement());
    if (before.number != 0) {
      statement_.earlier = std::move(before.earlier);
      statement_.earlier.push_back({before.number, before.registered_event});
      statement_.decided = before.decided;
      statement_.origins = std::move(before.origins);
    }
    statement_.number = writing_.counters->next_number++;
    statement_.revision = before.revision + 1;
    statement_.origins.push_back(statement_.number);
    statement_.said_on = put->said_on;
    statement_.registered_event = writing_.counters->next_event;
    statement_.record = put->record;
    ++writing_.counters->live;
    writing_.view->Put(rep_.base.Of(Table::kNumber, statement_.number), Pack(put->record.key));
    changes_.IsNew(statement_);
    LIBMPI_RETURN_IF_ERROR(changes_.Bring(statement_, std::move(put->packed)));
    answer->findings = put->findings;
    return End(EventOf(kind, put->record.key, by_), answer);
  }

  absl::Status Revise(Prepared* put, EventKind kind, ChangeAnswer* answer) {
    ++statement_.revision;
    statement_.record = put->record;
    statement_.said_on = put->said_on;
    LIBMPI_RETURN_IF_ERROR(changes_.Exchange(statement_, std::move(put->packed)));
    answer->findings = put->findings;
    return End(EventOf(kind, put->record.key, by_), answer);
  }

  absl::Status Unchanged(ChangeAnswer* answer) {
    answer->revision = statement_.revision;
    return SetPerson(answer);
  }

  absl::Status Hold(Prepared* put, ChangeAnswer* answer) {
    const uint64_t event = writing_.counters->next_event;
    writing_.view->Put(rep_.base.Of(Table::kHeld, put->record.key),
                       Pack(HeldValue{put->record, put->said_on, event}));
    ++writing_.counters->held;
    LIBMPI_RETURN_IF_ERROR(Tell(EventKind::kHeld, {}, answer));
    answer->outcome = PersonOutcome::kHeld;
    answer->findings = put->findings;
    return absl::OkStatus();
  }

  // The facility says again what was accepted, so that nothing waits any more.
  absl::Status TakeBack(ChangeAnswer* answer) { return Tell(EventKind::kRefused, "put again as accepted", answer); }

  // An event that leaves the record as it is.
  absl::Status Tell(EventKind kind, std::string detail, ChangeAnswer* answer) {
    EventValue event = EventOf(kind, statement_.record.key, by_);
    event.detail = std::move(detail);
    LIBMPI_RETURN_IF_ERROR(changes_.Touch(statement_));
    LIBMPI_RETURN_IF_ERROR(changes_.Finish(std::move(event)));
    return changes_.Answer(statement_, answer);
  }

  absl::Status SetPerson(ChangeAnswer* answer) const {
    PersonOfRecord person;
    bool found;
    LIBMPI_RETURN_IF_ERROR(
        writing_.view->Read(writing_.generation->keys.Of(Table::kPerson, statement_.record.key), &person, &found));
    if (found) answer->person = rep_.IdOf(person.person);
    return absl::OkStatus();
  }

  absl::Status End(EventValue event, ChangeAnswer* answer) {
    changes_.WriteStatement(statement_);
    LIBMPI_RETURN_IF_ERROR(changes_.Finish(std::move(event)));
    return changes_.Answer(statement_, answer);
  }

  // Enterprise IDs that answer with this record answer with those above it, too; or no longer.
  absl::Status LendOrigins(bool lend) {
    std::vector<Statement> bearers;
    LIBMPI_RETURN_IF_ERROR(BearersOf(*writing_.view, rep_.base, statement_.number, &bearers));
    for (Statement& bearer : bearers) {
      const std::vector<uint32_t>&all = bearer.origins, &lent = statement_.origins;
      std::vector<uint32_t> origins;
      if (lend) std::set_union(all.begin(), all.end(), lent.begin(), lent.end(), std::back_inserter(origins));
      else std::set_difference(all.begin(), all.end(), lent.begin(), lent.end(), std::back_inserter(origins));
      bearer.origins = std::move(origins);
      changes_.Also(bearer.record.key);
      changes_.WriteStatement(bearer);
      if (bearer.status == RecordStatus::kLive) LIBMPI_RETURN_IF_ERROR(changes_.Rerank(bearer));
    }
    return absl::OkStatus();
  }

  static absl::Status CheckDecision(const StoreLinkage& kept, uint32_t x, uint32_t y, bool same) {
    std::set<uint32_t> with_x, not_x, with_y, not_y;
    LIBMPI_RETURN_IF_ERROR(DecidedWith(kept, x, &with_x, &not_x));
    LIBMPI_RETURN_IF_ERROR(DecidedWith(kept, y, &with_y, &not_y));
    const bool one = with_x.contains(y);
    const bool two = std::ranges::any_of(not_x, [&](uint32_t n) { return with_y.contains(n); });
    if (same ? two : one)
      return absl::FailedPreconditionError("the decision contradicts others on these records: withdraw them first");
    return absl::OkStatus();
  }

  const Registry::Rep& rep_;
  const Writing& writing_;
  const Attribution& by_;
  RecordChanges changes_;
  Statement statement_;
};

// The question about two persons, or about one: of two about one, the one that names these records.
absl::Status FindQuestion(const Writing& w, uint32_t person, uint32_t other, const RecordKey& a, const RecordKey& b,
                          std::pair<uint32_t, uint32_t>* asked) {
  bool any = false;
  for (const ReviewReason reason : {ReviewReason::kDoubtfulCluster, ReviewReason::kLargeCluster}) {
    if (reason == ReviewReason::kLargeCluster && person != other) break;
    const auto persons = PersonsOfQuestion(reason, person, other);
    QuestionValue question;
    bool found;
    LIBMPI_RETURN_IF_ERROR(
        w.view->Read(w.generation->keys.Of(Table::kQuestion, persons.first, persons.second), &question, &found));
    if (!found) continue;
    const bool names_them = std::minmax(question.a, question.b) == std::minmax(a, b);
    if (!any || names_them) *asked = persons;
    any = true;
    if (names_them) break;
  }
  return any ? absl::OkStatus() : absl::NotFoundError("there is no question about these two records");
}

// A change of one record, and what others keep beside it, in one commit.
absl::StatusOr<ChangeAnswer> ChangeOne(Registry::Rep* rep, const Attribution& by, const SideChange& also,
                                       const std::function<absl::Status(OneRecord*, ChangeAnswer*)>& change) {
  ChangeAnswer answer;
  const auto make = [&](const Writing& w) -> absl::Status {
    OneRecord one(*rep, w, by);
    LIBMPI_RETURN_IF_ERROR(change(&one, &answer));
    return WriteBeside(*rep, w, answer, also);
  };
  LIBMPI_RETURN_IF_ERROR(rep->Write(make));
  return answer;
}

// `said_on`: {}: today.
absl::StatusOr<ChangeAnswer> PutOne(Registry::Rep* rep, const Record& record, PutAs as, const Attribution& by,
                                    const SideChange& also, CivilDate said_on) {
  LIBMPI_RETURN_IF_ERROR(CheckIdentifier(record.key));
  Prepared put;
  put.record = record;
  put.record.Normalize();
  put.said_on = said_on.IsFull() ? said_on : DayOf(rep->Now());
  rep->preparing.acquire();
  const std::shared_ptr<const Generation> with = rep->generation();
  put.PackBy(*with);
  const std::unique_ptr<const Foreseen> foreseen = rep->Foresee(put.record.key, put.packed, *with);
  rep->preparing.release();
  ChangeAnswer answer;
  const auto change = [&](const Writing& w) -> absl::Status {
    if (rep->options.known_authorities_only) {
      AssigningAuthority authority;
      bool found;
      LIBMPI_RETURN_IF_ERROR(
          w.view->Read(rep->base.Named(Table::kAuthority, put.record.key.source), &authority, &found));
      if (!found) return absl::FailedPreconditionError("the assigning authority is not registered: register it first");
    }
    LIBMPI_RETURN_IF_ERROR(OneRecord(*rep, w, by).Put(&put, as, foreseen.get(), &answer));
    return WriteBeside(*rep, w, answer, also);
  };
  LIBMPI_RETURN_IF_ERROR(rep->Write(change, foreseen.get()));
  return answer;
}

}  // namespace

absl::StatusOr<ChangeAnswer> Registry::Put(const Record& record, const Attribution& by, const SideChange& also,
                                           CivilDate said_on) {
  return PutOne(rep_.get(), record, PutAs::kWhole, by, also, said_on);
}

absl::StatusOr<ChangeAnswer> Registry::PutShared(const Record& record, bool revise, const Attribution& by,
                                                 const SideChange& also) {
  return PutOne(rep_.get(), record, revise ? PutAs::kShared : PutAs::kSharedAsItIs, by, also, {});
}

absl::StatusOr<ChangeAnswer> Registry::Retire(const RecordKey& record, const Attribution& by, const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Retire(record, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::Erase(const RecordKey& record, const Attribution& by, const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Erase(record, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::Subsume(const RecordKey& subsumed, const RecordKey& surviving,
                                               const Attribution& by, const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Subsume(subsumed, surviving, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::Unsubsume(const RecordKey& subsumed, const Attribution& by,
                                                 const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Unsubsume(subsumed, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::Decide(const RecordKey& a, const RecordKey& b, bool same, const Attribution& by,
                                              const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Decide(a, b, same, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::Undecide(const RecordKey& a, const RecordKey& b, const Attribution& by,
                                                const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Decide(a, b, std::nullopt, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::AcceptRevision(const RecordKey& record, bool same_person, const Attribution& by,
                                                      const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Accept(record, same_person, answer); });
}

absl::StatusOr<ChangeAnswer> Registry::RefuseRevision(const RecordKey& record, const Attribution& by,
                                                      const SideChange& also) {
  return ChangeOne(rep_.get(), by, also,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Refuse(record, answer); });
}

absl::Status Registry::WriteSideOf(const RecordKey& a, const RecordKey& b, const SideChange& change) {
  return ChangeOne(rep_.get(), {}, change,
                   [&](OneRecord* one, ChangeAnswer* answer) { return one->Look(a, b, answer); })
      .status();
}

absl::Status Registry::PutAliases(std::span<const PersonAlias> aliases, const Attribution& by) {
  for (const PersonAlias& alias : aliases) {
    LIBMPI_RETURN_IF_ERROR(CheckIdentifier(alias.name));
    for (const RecordKey& record : alias.records) LIBMPI_RETURN_IF_ERROR(CheckIdentifier(record));
  }
  return rep_->Write([&](const Writing& w) -> absl::Status {
    std::vector<std::string> identifiers;
    for (const PersonAlias& alias : aliases) identifiers.push_back(rep_->base.Of(Table::kStatement, alias.name));
    std::vector<std::optional<std::string>> registered;
    LIBMPI_RETURN_IF_ERROR(w.view->Read(identifiers, &registered));
    if (std::ranges::any_of(registered, [](const auto& value) { return value.has_value(); }))
      return absl::FailedPreconditionError(
          "a name of a person is an identifier that is registered: give its index a source "
          "of its own");
    for (const PersonAlias& alias : aliases) w.view->Put(rep_->base.Of(Table::kAlias, alias.name), Pack(alias.records));
    EventValue event = EventOf(EventKind::kAliases, {}, by);
    event.detail = std::to_string(aliases.size()) + " names";
    return RecordChanges(*rep_, w).Finish(std::move(event));
  });
}

absl::Status Registry::PutAuthority(const AssigningAuthority& authority, const Attribution& by,
                                    const SideChange& also) {
  if (authority.name.empty()) return absl::InvalidArgumentError("an assigning authority needs a name");
  return rep_->Write([&](const Writing& w) -> absl::Status {
    w.view->Put(rep_->base.Named(Table::kAuthority, authority.name), Pack(authority));
    EventValue event = EventOf(EventKind::kAuthority, {}, by);
    event.detail = authority.name;
    LIBMPI_RETURN_IF_ERROR(RecordChanges(*rep_, w).Finish(std::move(event)));
    return WriteBeside(*rep_, w, {}, also);
  });
}

absl::Status Registry::Assign(const RecordKey& a, const RecordKey& b, const std::string& assignee,
                              const Attribution& by, const SideChange& also) {
  return rep_->Write([&](const Writing& w) -> absl::Status {
    uint32_t persons[2];
    const RecordKey* const keys[] = {&a, &b};
    for (int i = 0; i < 2; ++i) {
      PersonOfRecord person;
      bool found;
      LIBMPI_RETURN_IF_ERROR(w.view->Read(w.generation->keys.Of(Table::kPerson, *keys[i]), &person, &found));
      if (!found) return NotRegistered();
      persons[i] = person.person;
    }
    std::pair<uint32_t, uint32_t> asked;
    LIBMPI_RETURN_IF_ERROR(FindQuestion(w, persons[0], persons[1], a, b, &asked));
    w.view->Put(rep_->base.Of(Table::kAssigned, asked.first, asked.second), PackText(assignee));
    EventValue event = EventOf(EventKind::kAssigned, a, by);
    event.other = b;
    event.detail = assignee;
    LIBMPI_RETURN_IF_ERROR(RecordChanges(*rep_, w).Finish(std::move(event)));
    return WriteBeside(*rep_, w, {}, also);
  });
}

}  // namespace libmpi
