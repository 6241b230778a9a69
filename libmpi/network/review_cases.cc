// SPDX-License-Identifier: Apache-2.0
// What stewards look at: cases, and what was done.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/desk_rows.h"
#include "libmpi/network/review_desk.h"

namespace libmpi {
namespace {

using Persons = std::pair<EnterpriseId, EnterpriseId>;


// What changed between two readings: the case comes again as it is then.
bool IsGone(const absl::Status& status) { return absl::IsNotFound(status) || absl::IsFailedPrecondition(status); }

bool Differ(const std::vector<Voice>& voices) {
  return std::ranges::any_of(voices, [&](const Voice& v) { return v.verdict != voices.front().verdict; });
}

CaseKey KeyOf(const ReviewEntry& entry) { return CaseOfPair(entry.a, entry.b); }
CaseKey KeyOf(const HeldRevision& held) { return CaseOfHeld(held.record); }

// The first event at or after a moment: events come in the order of time.
absl::StatusOr<uint64_t> FirstEventFrom(const Registry& registry, int64_t from) {
  LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, registry.GetStats());
  uint64_t low = 1, high = stats.events + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, registry.History(middle, 1));
    if (!events.empty() && events[0].unix_milliseconds < from) low = events[0].number + 1;
    else high = middle;
  }
  return low;
}

absl::Status AddHistory(const Registry& registry, int64_t from, int64_t until, std::vector<DeskEvent>* out) {
  constexpr size_t kAtOnce = 1000;
  LIBMPI_ASSIGN_OR_RETURN(uint64_t next, FirstEventFrom(registry, from));
  for (;;) {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, registry.History(next, kAtOnce));
    for (const HistoryEvent& event : events) {
      if (event.unix_milliseconds >= until) return absl::OkStatus();
      if (auto counts = DeskEventOf(event)) out->push_back(*std::move(counts));
    }
    if (events.size() < kAtOnce) return absl::OkStatus();
    next = events.back().number + 1;
  }
}

absl::Status AddActs(const SideReader& rows, int64_t from, std::vector<DeskEvent>* out) {
  std::vector<std::string> actors;
  LIBMPI_RETURN_IF_ERROR(ReadActors(rows, &actors));
  for (const std::string& actor : actors)
    LIBMPI_RETURN_IF_ERROR(VisitActs(rows, actor, [&](const DeskAct& act) {
      if (act.unix_milliseconds < from) return false;
      if (auto counts = DeskEventOf(actor, act)) out->push_back(*std::move(counts));
      return true;
    }));
  return absl::OkStatus();
}

}  // namespace

// What the desk keeps, at one moment.
struct ReviewDesk::Beside {
  bool four_eyes = false;
  int64_t now = 0;
  std::map<CaseKey, std::vector<Voice>> voices;
  std::map<CaseKey, int64_t> put_off;             // by this steward
  std::map<CaseKey, std::string> held_assignees;
  std::map<Persons, CaseKey> proposed;            // which two records of two persons words wait on
};

absl::Status ReviewDesk::ReadBeside(Beside* beside) const {
  beside->now = registry_.Now();
  const auto read = [&](const SideReader& rows) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(ReadFourEyes(rows, &beside->four_eyes));
    LIBMPI_RETURN_IF_ERROR(ReadAllVoices(rows, &beside->voices));
    LIBMPI_RETURN_IF_ERROR(ReadPutOff(rows, by_.actor, &beside->put_off));
    return ReadAssigned(rows, &beside->held_assignees);
  };
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide(read));
  for (const auto& [of, voices] : beside->voices) {
    if (of.is_held()) continue;
    const absl::StatusOr<CrossReference> a = registry_.Find(of.a), b = registry_.Find(of.b);
    for (const absl::Status& status : {a.status(), b.status()})
      if (!status.ok() && !IsGone(status)) return status;
    if (a.ok() && b.ok()) beside->proposed[std::minmax(a->person, b->person)] = of;
  }
  return absl::OkStatus();
}

absl::StatusOr<ReviewCases> ReviewDesk::Cases(const CaseOptions& options) const {
  LIBMPI_RETURN_IF_ERROR(CheckActor());
  ReviewCases answer;
  Beside beside;
  LIBMPI_RETURN_IF_ERROR(ReadBeside(&beside));
  answer.four_eyes = beside.four_eyes;
  for (const bool held : {options.held_first, !options.held_first}) {
    if (held && options.held)
      LIBMPI_RETURN_IF_ERROR(AddCases(options, beside, &Registry::HeldRevisions, &answer.cases));
    if (!held && options.questions)
      LIBMPI_RETURN_IF_ERROR(AddCases(options, beside, &Registry::Review, &answer.cases));
  }
  return answer;
}

template <typename Item>
absl::Status ReviewDesk::AddCases(const CaseOptions& options, const Beside& beside,
                                  absl::StatusOr<std::vector<Item>> (Registry::*list)(size_t) const,
                                  std::vector<ReviewCase>* cases) const {
  std::set<CaseKey> looked_at;
  constexpr size_t kFirstAsked = 1000;
  const size_t known = beside.put_off.size() + beside.voices.size();
  for (size_t asked = std::clamp<size_t>(options.most, 1, kFirstAsked) + known;; asked *= 2) {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<Item> items, (registry_.*list)(asked));
    for (const Item& item : items) {
      if (cases->size() >= options.most) return absl::OkStatus();
      if (!looked_at.insert(KeyOf(item)).second) continue;
      ReviewCase one;
      const absl::Status made = MakeCase(item, options, beside, &one);
      if (IsGone(made)) continue;
      LIBMPI_RETURN_IF_ERROR(made);
      if (options.all || !HasSaid(one)) cases->push_back(std::move(one));
    }
    if (items.size() < asked) return absl::OkStatus();
  }
}

// Put off, or somebody else's.
bool ReviewDesk::Wants(const CaseOptions& options, const Beside& beside, const CaseKey& of,
                       const std::string& assignee) const {
  if (options.all) return true;
  const auto put_off = beside.put_off.find(of);
  if (put_off != beside.put_off.end() && put_off->second > beside.now) return false;
  return assignee.empty() || StewardName(assignee) == StewardName(by_.actor);
}

// A case that waits for somebody else's word. Not one where words differ: that waits for everybody's.
bool ReviewDesk::HasSaid(const ReviewCase& of) const {
  const auto own = [&](const Voice& v) { return StewardName(v.actor) == StewardName(by_.actor); };
  return !of.disputed && std::ranges::any_of(of.voices, own);
}

absl::Status ReviewDesk::ReadSide(const RecordKey& key, const RecordKey& but, size_t most, CaseSide* side) const {
  LIBMPI_ASSIGN_OR_RETURN(const CrossReference person, registry_.Find(key));
  side->person = person.person;
  std::vector<RecordKey> keys = {key};
  for (const RecordKey& other : person.identifiers)
    if (other != key && other != but) keys.push_back(other);
  for (const RecordKey& record : keys) {
    if (side->records.size() >= std::max<size_t>(most, 1)) {
      ++side->left_out;
      continue;
    }
    LIBMPI_ASSIGN_OR_RETURN(StatedRecord stated, registry_.GetStated(record));
    side->records.push_back(std::move(stated));
  }
  return absl::OkStatus();
}

// kNotFound also where this steward does not want it.
absl::Status ReviewDesk::MakeCase(const ReviewEntry& entry, const CaseOptions& options, const Beside& beside,
                                  ReviewCase* out) const {
  const absl::Status unwanted = absl::NotFoundError("not for this steward now");
  out->of = KeyOf(entry);
  const auto proposed = beside.proposed.find(std::minmax(entry.person_a, entry.person_b));
  if (proposed != beside.proposed.end() && !beside.voices.contains(out->of)) out->of = proposed->second;
  out->reason = entry.reason;
  out->priority = entry.priority;
  out->assignee = entry.assignee;
  if (!Wants(options, beside, out->of, out->assignee)) return unwanted;
  const auto& [a, b] = out->of;
  const bool one_person = entry.person_a == entry.person_b;
  LIBMPI_RETURN_IF_ERROR(ReadSide(a, one_person ? b : RecordKey(), options.most_records, &out->a));
  LIBMPI_RETURN_IF_ERROR(ReadSide(b, {}, one_person ? 1 : options.most_records, &out->b));
  if (one_person) out->b.left_out = 0;  // they stand under a
  const StatedRecord &of_a = out->a.records[0], &of_b = out->b.records[0];
  out->seen = {of_a.revision, of_b.revision};
  out->since = std::max(of_a.said_on, of_b.said_on);
  LIBMPI_ASSIGN_OR_RETURN(out->why, registry_.Explain(a, b));
  return SaidOfCase(beside, out);
}

absl::Status ReviewDesk::MakeCase(const HeldRevision& held, const CaseOptions& options, const Beside& beside,
                                  ReviewCase* out) const {
  out->of = KeyOf(held);
  if (const auto it = beside.held_assignees.find(out->of); it != beside.held_assignees.end())
    out->assignee = it->second;
  if (!Wants(options, beside, out->of, out->assignee)) return absl::NotFoundError("not for this steward now");
  LIBMPI_RETURN_IF_ERROR(ReadSide(held.record, {}, options.most_records, &out->a));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> event, registry_.History(held.event, 1));
  if (!event.empty()) out->since = DayOf(event[0].unix_milliseconds);
  out->b.person = out->a.person;
  out->b.records = {{held.revision, RecordStatus::kLive, 0, out->since}};
  out->seen = {out->a.records[0].revision, held.event};
  out->why = registry_.model()->Explain(out->a.records[0].record, held.revision,
                                        std::max(out->a.records[0].said_on, out->since));
  return SaidOfCase(beside, out);
}

absl::Status ReviewDesk::SaidOfCase(const Beside& beside, ReviewCase* out) const {
  if (const auto it = beside.voices.find(out->of); it != beside.voices.end())
    for (const Voice& voice : it->second) (voice.seen == out->seen ? out->voices : out->void_voices).push_back(voice);
  out->disputed = Differ(out->voices);
  return registry_.ReadSide([&](const SideReader& rows) { return ReadNotes(rows, out->of, &out->notes); });
}

absl::Status ReviewDesk::HeldOf(const RecordKey& record, HeldRevision* held) const {
  LIBMPI_ASSIGN_OR_RETURN(std::vector<HeldRevision> all, registry_.HeldRevisions(SIZE_MAX));
  const auto it = std::ranges::find(all, record, &HeldRevision::record);
  if (it == all.end()) return absl::NotFoundError("no revision of this record is held");
  *held = std::move(*it);
  return absl::OkStatus();
}

absl::Status ReviewDesk::Look(const CaseKey& of, SeenRevisions* seen) const {
  LIBMPI_ASSIGN_OR_RETURN(const StatedRecord a, registry_.GetStated(of.a));
  seen->a = a.revision;
  if (of.is_held()) {
    HeldRevision held;
    LIBMPI_RETURN_IF_ERROR(HeldOf(of.a, &held));
    seen->b = held.event;
    return absl::OkStatus();
  }
  LIBMPI_ASSIGN_OR_RETURN(const StatedRecord b, registry_.GetStated(of.b));
  seen->b = b.revision;
  return absl::OkStatus();
}

absl::StatusOr<DeskStatistics> ReviewDesk::Statistics(int64_t from, int64_t until) const {
  std::vector<DeskEvent> events;
  LIBMPI_RETURN_IF_ERROR(AddHistory(registry_, from, until, &events));
  std::map<CaseKey, std::vector<Voice>> waiting;
  const auto read = [&](const SideReader& rows) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(ReadAllVoices(rows, &waiting));
    return AddActs(rows, from, &events);
  };
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide(read));
  DeskStatistics out = CountDesk(events, from, until);
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<ReviewEntry> questions, registry_.Review(SIZE_MAX));
  LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, registry_.GetStats());
  out.questions = questions.size();
  out.held = stats.held;
  for (auto& [of, voices] : waiting) {
    SeenRevisions now;
    const absl::Status looked = Look(of, &now);
    if (!looked.ok() && !IsGone(looked)) return looked;
    std::erase_if(voices, [&](const Voice& v) { return v.seen != now; });
    out.proposals += !voices.empty();
    out.disputes += Differ(voices);
  }
  return out;
}

}  // namespace libmpi
