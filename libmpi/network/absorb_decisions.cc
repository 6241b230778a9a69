// SPDX-License-Identifier: Apache-2.0
// Stewards' decisions of a registry that is absorbed, and the names of its persons.
#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/absorption.h"
#include "libmpi/network/merged_identifiers.h"

namespace libmpi {
namespace {

using Pair = std::pair<RecordKey, RecordKey>;

absl::StatusOr<std::map<Pair, StewardDecision>> DecisionsOf(const Registry& registry) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<StewardDecision> list, registry.Decisions());
  std::map<Pair, StewardDecision> decisions;
  for (const StewardDecision& d : list) decisions[{d.a, d.b}] = d;
  return decisions;
}

class DecisionAbsorption {
 public:
  explicit DecisionAbsorption(Absorption* a) : a_(*a) {}

  absl::Status Run() {
    LIBMPI_ASSIGN_OR_RETURN(const auto there, DecisionsOf(a_.other));
    LIBMPI_ASSIGN_OR_RETURN(const AbsorbRows::Decisions ours, a_.rows.AllDecisions(a_.into));
    std::vector<Pair> gone;
    for (const auto& [pair, row] : ours) {
      const auto it = there.find(pair);
      if (it == there.end() || it->second.event != row.event) gone.push_back(pair);
    }
    std::vector<StewardDecision> to_make;
    for (const auto& [pair, decision] : there) {
      const auto it = ours.find(pair);
      const bool renewed = a_.renewed.contains(pair.first) || a_.renewed.contains(pair.second);
      if (it == ours.end() || it->second.contradicted || it->second.event != decision.event || renewed)
        to_make.push_back(decision);
    }
    if (gone.empty() && to_make.empty()) return absl::OkStatus();
    LIBMPI_ASSIGN_OR_RETURN(here_, DecisionsOf(a_.into));
    for (const Pair& pair : gone)
      LIBMPI_RETURN_IF_ERROR(Withdraw(pair, ours.at(pair), there.contains(pair) ? &there.at(pair) : nullptr));
    for (size_t i = 0; i < to_make.size(); ++i) {
      if (i % 64 == 0) LIBMPI_RETURN_IF_ERROR(ReportProgress(a_.options.progress, "decide", i, to_make.size()));
      LIBMPI_RETURN_IF_ERROR(Make(to_make[i]));
    }
    return absl::OkStatus();
  }

 private:
  // One that was made and does not stand there any more, or was made anew.
  absl::Status Withdraw(const Pair& pair, const AbsorbedDecision& row, const StewardDecision* anew) {
    const auto it = here_.find(pair);
    const bool stands = !row.contradicted && it != here_.end() && it->second.same == row.same;
    if (anew != nullptr && (!stands || anew->same == row.same)) return absl::OkStatus();  // Make() sees to it
    if (stands) ++a_.answer.undecided;
    if (a_.options.dry_run) return absl::OkStatus();
    const auto forget = [&](const ChangeAnswer&, SideRows* rows) {
      rows->Delete(a_.rows.OfPair(pair.first, pair.second));
      return absl::OkStatus();
    };
    if (!stands) return a_.into.WriteSide(forget);
    here_.erase(it);
    return a_.into.Undecide(pair.first, pair.second, a_.by, forget).status();
  }

  absl::Status Make(const StewardDecision& d) {
    const auto it = here_.find({d.a, d.b});
    const bool stands = it != here_.end() && it->second.same == d.same;
    if (!stands) ++a_.answer.decided;
    if (a_.options.dry_run) return absl::OkStatus();
    AbsorbedDecision row{d.same, false, d.event};
    const auto note = [&](const ChangeAnswer&, SideRows* rows) {
      rows->Put(a_.rows.OfPair(d.a, d.b), Pack(row));
      return absl::OkStatus();
    };
    if (stands) return Noted(d) ? a_.into.WriteSide(note) : absl::OkStatus();
    LIBMPI_ASSIGN_OR_RETURN(const Attribution by, ByWhom(d));
    const absl::Status made = a_.into.Decide(d.a, d.b, d.same, by, note).status();
    if (!absl::IsFailedPrecondition(made) && !absl::IsNotFound(made)) return made;
    --a_.answer.decided;
    a_.answer.contradicted.push_back(d);
    row.contradicted = true;
    return a_.into.WriteSide(note);
  }

  // Whether the decision that stands was brought before: one of this registry's own stays its own.
  bool Noted(const StewardDecision& d) const {
    bool noted = false;
    const absl::Status read = a_.into.ReadSide([&](const SideReader& rows) {
      std::optional<std::string> bytes;
      const absl::Status status = rows.Read(a_.rows.OfPair(d.a, d.b), &bytes);
      AbsorbedDecision row;
      noted = bytes && Unpack(*bytes, &row).ok() && !row.contradicted;
      return status;
    });
    return read.ok() && noted;
  }

  absl::StatusOr<Attribution> ByWhom(const StewardDecision& d) const {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, a_.other.History(d.event, 1));
    std::string reason = "in " + a_.options.name;
    if (!events.empty()) {
      reason += " by " + events[0].by.actor;
      if (!events[0].by.reason.empty()) reason += ": " + events[0].by.reason;
    }
    return Attribution{a_.by.actor, std::move(reason)};
  }

  Absorption& a_;
  std::map<Pair, StewardDecision> here_;
};

// Those that are not here yet, or name other records.
absl::Status PutNew(Absorption* a, std::vector<PersonAlias> aliases) {
  std::vector<PersonAlias> changed;
  for (PersonAlias& alias : aliases) {
    absl::StatusOr<std::vector<RecordKey>> here = a->into.AliasOf(alias.name);
    if (absl::IsNotFound(here.status())) here = std::vector<RecordKey>();
    if (!here.ok()) return here.status();
    if (a->shared_indexes.contains(alias.name.source)) {
      // Of both: those that this registry knew already come first.
      std::vector<RecordKey> both = *here;
      for (const RecordKey& key : alias.records)
        if (std::ranges::find(both, key) == both.end()) both.push_back(key);
      alias.records = std::move(both);
    }
    if (*here != alias.records) changed.push_back(std::move(alias));
  }
  a->answer.names += changed.size();
  return changed.empty() || a->options.dry_run ? absl::OkStatus() : a->into.PutAliases(changed, a->by);
}

}  // namespace

absl::Status AbsorbDecisions(Absorption* a) { return DecisionAbsorption(a).Run(); }

// The record by which an ID answers comes first, then the others of its person, should that one go.
absl::Status AbsorbIds(Absorption* a, std::span<const Registry::RecordState> states) {
  std::vector<PersonAlias> aliases;
  for (const Registry::RecordState& state : states) {
    if (state.ids.empty()) continue;
    std::vector<RecordKey> records = {state.record.key};
    if (state.status == RecordStatus::kLive) {
      LIBMPI_ASSIGN_OR_RETURN(const CrossReference person, a->other.Find(state.record.key));
      for (const RecordKey& key : person.identifiers)
        if (key != state.record.key) records.push_back(key);
    }
    for (const EnterpriseId& id : state.ids) aliases.push_back({{a->options.name, id.ToString(), 0}, records});
  }
  return PutNew(a, std::move(aliases));
}

absl::Status ForgetIds(Absorption* a) {
  if (a->renewed.empty()) return absl::OkStatus();
  // An ID may answer by an identifier that was merged into one that was registered anew.
  LIBMPI_RETURN_IF_ERROR(AddMergedInto(a->other, &a->renewed));
  std::vector<PersonAlias> gone;
  absl::Status status;
  const auto forget_if_gone = [&](const PersonAlias& alias) {
    const auto renewed = [&](const RecordKey& key) { return a->renewed.contains(key); };
    const auto id = EnterpriseId::Parse(alias.name.record_id);
    if (alias.name.source != a->options.name || !id || std::ranges::none_of(alias.records, renewed)) return true;
    const absl::Status there = a->other.Find(*id).status();
    if (absl::IsNotFound(there)) gone.push_back({alias.name, {}});
    else if (!absl::IsFailedPrecondition(there)) status = there;
    return status.ok();
  };
  LIBMPI_RETURN_IF_ERROR(a->into.ForEachAlias(forget_if_gone));
  LIBMPI_RETURN_IF_ERROR(status);
  return PutNew(a, std::move(gone));
}

absl::Status AbsorbAliases(Absorption* a) {
  constexpr size_t kAtOnce = 10'000;
  std::vector<PersonAlias> some;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(a->other.ForEachAlias([&](const PersonAlias& alias) {
    some.push_back(alias);
    if (some.size() == kAtOnce) status = PutNew(a, std::exchange(some, {}));
    return status.ok();
  }));
  LIBMPI_RETURN_IF_ERROR(status);
  return PutNew(a, std::move(some));
}

}  // namespace libmpi
