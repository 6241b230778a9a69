// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/absorb.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/network/absorption.h"

namespace libmpi {
namespace {

using State = Registry::RecordState;

// What to look at of the other.
struct Plan {
  bool full = true, aliases = true;
  std::set<RecordKey> changed;  // records that changed
  std::set<RecordKey> named;    // whose persons did, and so those that their IDs name
};

class Planning {
 public:
  explicit Planning(Absorption* a) : a_(*a) {}

  absl::StatusOr<Plan> Run() {
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, a_.other.GetStats());
    a_.answer.to_event = stats.events;
    LIBMPI_ASSIGN_OR_RETURN(const bool goes_on, GoesOn(stats.events));
    if (a_.options.full || !goes_on) return std::move(plan_);
    a_.answer.from_event = a_.head.event + 1;
    plan_.full = plan_.aliases = false;
    for (uint64_t next = a_.head.event + 1; next <= stats.events && !plan_.full;) {
      LIBMPI_RETURN_IF_ERROR(ReportProgress(a_.options.progress, "history", next, stats.events));
      LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, a_.other.History(next, kAtOnce));
      if (events.empty()) break;
      for (const HistoryEvent& event : events) LIBMPI_RETURN_IF_ERROR(Take(event));
      next = events.back().number + 1;
    }
    return std::move(plan_);
  }

 private:
  static constexpr size_t kAtOnce = 10'000;

  // Whether the other's history is that which was absorbed before, and more.
  absl::StatusOr<bool> GoesOn(uint64_t events) const {
    if (a_.head.event == 0 || a_.head.event > events) return false;
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> last, a_.other.History(a_.head.event, 1));
    return !last.empty() && last[0].number == a_.head.event && last[0].unix_milliseconds == a_.head.unix_milliseconds;
  }

  absl::Status Take(const HistoryEvent& event) {
    // These tell of no records one by one.
    if (event.kind == EventKind::kBulkLoad || event.kind == EventKind::kModel) plan_.full = true;
    if (event.kind == EventKind::kAliases) plan_.aliases = true;
    for (const RecordKey* key : {&event.record, &event.other}) {
      if (*key == RecordKey()) continue;
      LIBMPI_RETURN_IF_ERROR(TakeChain(*key));
      LIBMPI_RETURN_IF_ERROR(TakePerson(a_.other.Find(*key)));
    }
    for (const PersonMove& move : event.moves) {
      plan_.named.insert(move.record);
      for (const auto& id : {move.before, move.after})
        if (id && persons_.insert(*id).second) LIBMPI_RETURN_IF_ERROR(TakePerson(a_.other.Find(*id)));
    }
    return absl::OkStatus();
  }

  // And what it was merged into, which may have to come back for that.
  absl::Status TakeChain(RecordKey key) {
    for (;;) {
      plan_.changed.insert(key);
      plan_.named.insert(key);
      absl::StatusOr<RecordKey> next = a_.other.SurvivingOf(key);
      if (absl::IsNotFound(next.status()) || absl::IsFailedPrecondition(next.status())) return absl::OkStatus();
      if (!next.ok()) return next.status();
      key = *std::move(next);
    }
  }

  absl::Status TakePerson(const absl::StatusOr<CrossReference>& person) {
    if (person.ok()) plan_.named.insert(person->identifiers.begin(), person->identifiers.end());
    else if (!absl::IsNotFound(person.status()) && !absl::IsFailedPrecondition(person.status())) return person.status();
    return absl::OkStatus();
  }

  Absorption& a_;
  Plan plan_;
  std::set<EnterpriseId> persons_;
};

// Calls for records of the other, some at a time.
class RecordWalk {
 public:
  RecordWalk(Absorption* a, RecordAbsorption* records) : a_(*a), records_(*records) {}

  absl::Status All() {
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, a_.other.GetStats());
    all_ = stats.records;
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(a_.other.ForEachState([&](const State& state) {
      status = Add(state, true);
      return status.ok();
    }));
    LIBMPI_RETURN_IF_ERROR(status);
    return Flush();
  }

  absl::Status Of(const Plan& plan) {
    std::set<RecordKey> keys = plan.changed;
    keys.insert(plan.named.begin(), plan.named.end());
    all_ = keys.size();
    for (const RecordKey& key : keys) {
      const absl::StatusOr<State> state = a_.other.StateOf(key);
      if (absl::IsNotFound(state.status())) continue;  // a name of a person, no record
      if (!state.ok()) return state.status();
      LIBMPI_RETURN_IF_ERROR(Add(*state, plan.changed.contains(key)));
    }
    return Flush();
  }

 private:
  static constexpr size_t kAtOnce = 512;

  absl::Status Add(const State& state, bool changed) {
    states_.push_back(state);
    changed_.push_back(changed);
    return states_.size() == kAtOnce ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    std::vector<absl::Status> done(states_.size());
    ParallelChunks(states_.size(), 4, a_.threads, [&](size_t begin, size_t end, int) {
      for (size_t i = begin; i < end; ++i)
        if (changed_[i]) done[i] = records_.Bring(states_[i]);
    });
    for (const absl::Status& status : done) LIBMPI_RETURN_IF_ERROR(status);
    LIBMPI_RETURN_IF_ERROR(AbsorbIds(&a_, states_));
    done_ += states_.size();
    states_.clear();
    changed_.clear();
    return ReportProgress(a_.options.progress, "absorb", std::min(done_, all_), all_);
  }

  Absorption& a_;
  RecordAbsorption& records_;
  std::vector<State> states_;
  std::vector<bool> changed_;
  uint64_t done_ = 0, all_ = 0;
};

absl::Status Finish(Absorption* a) {
  AbsorbHead head{a->other.Fingerprint(), a->answer.to_event, 0};
  if (head.event > 0) {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> last, a->other.History(head.event, 1));
    if (!last.empty()) head.unix_milliseconds = last[0].unix_milliseconds;
  }
  return a->into.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(a->rows.Key(AbsorbRow::kHead), Pack(head));
    return absl::OkStatus();
  });
}

absl::Status ConflictsAsStatus(const std::vector<AbsorbConflict>& conflicts) {
  constexpr size_t kMost = 20;
  std::string text = "these stand in the way:";
  for (size_t i = 0; i < std::min(kMost, conflicts.size()); ++i)
    text += std::string(i == 0 ? " " : "; ") + std::string(AbsorbConflictName(conflicts[i].kind)) + " " +
            conflicts[i].name + " " + conflicts[i].what;
  if (conflicts.size() > kMost) text += "; and " + std::to_string(conflicts.size() - kMost) + " more";
  return absl::FailedPreconditionError(text);
}

// Consents come before records: who has withdrawn is not told of for a moment either.
absl::Status AbsorbAll(Absorption* a) {
  LIBMPI_ASSIGN_OR_RETURN(const Plan plan, Planning(a).Run());
  a->answer.full = plan.full;
  if (!a->options.dry_run) LIBMPI_RETURN_IF_ERROR(ClaimName(a));
  LIBMPI_RETURN_IF_ERROR(AbsorbMembers(a));
  LIBMPI_RETURN_IF_ERROR(AbsorbConsents(a));
  RecordAbsorption records(a);
  RecordWalk walk(a, &records);
  LIBMPI_RETURN_IF_ERROR(plan.full ? walk.All() : walk.Of(plan));
  LIBMPI_RETURN_IF_ERROR(records.Hold());
  LIBMPI_RETURN_IF_ERROR(AbsorbDecisions(a));
  LIBMPI_RETURN_IF_ERROR(records.Settle());
  LIBMPI_RETURN_IF_ERROR(ForgetIds(a));
  if (plan.aliases || plan.full) LIBMPI_RETURN_IF_ERROR(AbsorbAliases(a));
  return a->options.dry_run ? absl::OkStatus() : Finish(a);
}

}  // namespace

absl::StatusOr<AbsorbAnswer> Absorb(Registry* into, const Registry& other, const AbsorbOptions& options,
                                    const Attribution& by) {
  if (options.name.empty() || options.name.find('\0') != std::string::npos)
    return absl::InvalidArgumentError("the registry that is absorbed needs a name, the source of its IDs here");
  Absorption a{*into, other, options, by, AbsorbRows(options.name), ResolveThreads(options.threads), {}, false, false,
               {}, {}, {}, {}, {}};
  LIBMPI_ASSIGN_OR_RETURN(a.head, a.rows.Head(*into));
  LIBMPI_RETURN_IF_ERROR(FindConflicts(&a));
  if (!a.answer.conflicts.empty() && !options.dry_run) return ConflictsAsStatus(a.answer.conflicts);
  LIBMPI_RETURN_IF_ERROR(AbsorbAll(&a));
  std::ranges::sort(a.answer.refusals, {}, &AbsorbAnswer::Refusal::record);
  return std::move(a.answer);
}

}  // namespace libmpi
