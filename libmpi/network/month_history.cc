// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/month_history.h"

#include <algorithm>
#include <chrono>
#include <charconv>

#include "libmpi/network/takeover.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

std::string BytesOf(const EnterpriseId& id) { return {id.bytes.begin(), id.bytes.end()}; }

// By load into an empty registry, which tells no moves.
bool IsFirstLoad(const HistoryEvent& event) { return event.kind == EventKind::kBulkLoad && event.moves.empty(); }

// "12 records"
uint64_t LoadedBy(const HistoryEvent& event) {
  uint64_t count = 0;
  std::from_chars(event.detail.data(), event.detail.data() + event.detail.size(), count);
  return count;
}

// Whether the event is of what a record says.
bool Says(EventKind kind) {
  return kind == EventKind::kPut || kind == EventKind::kRevised || kind == EventKind::kAccepted ||
         kind == EventKind::kUnsubsumed;
}

std::pair<RecordKey, RecordKey> PairOf(const RecordKey& a, const RecordKey& b) { return std::minmax(a, b); }

// Between which persons records that were there already went, stayed where they were, or came anew.
class Flows {
 public:
  Flows(const HistoryEvent& event, PersonSizes* sizes) {
    std::map<std::string, int64_t> left;
    for (const PersonMove& move : event.moves) {
      const std::string from = move.before ? BytesOf(*move.before) : "", to = move.after ? BytesOf(*move.after) : "";
      if (move.before) ++left[from];
      if (move.after) left.try_emplace(to, 0);
      if (move.before && move.after) Add(from, to);
      if (!move.before && move.after) ++came_[to];
    }
    for (const auto& [person, gone] : left)
      if ((*sizes)[person] > gone) Add(person, person);
    for (const PersonMove& move : event.moves) {
      if (move.before) --(*sizes)[BytesOf(*move.before)];
      if (move.after) ++(*sizes)[BytesOf(*move.after)];
    }
  }

  PersonChanges Count() const {
    PersonChanges changes;
    for (const auto& [person, records] : came_) {
      const uint64_t is_new = from_.contains(person) ? 0 : 1;
      changes.created += is_new;
      changes.joined += records - is_new;
    }
    for (const auto& [person, sources] : from_) {
      const auto whole = static_cast<uint64_t>(
          std::ranges::count_if(sources, [this](const std::string& source) { return to_.at(source).size() == 1; }));
      if (whole > 0) changes.merged += whole - 1;
      // Where nobody came whole, one of the parts is where the others went.
      changes.moved += sources.size() - std::max<uint64_t>(whole, 1);
    }
    for (const auto& [person, targets] : to_) {
      const auto own = static_cast<uint64_t>(
          std::ranges::count_if(targets, [this](const std::string& target) { return from_.at(target).size() == 1; }));
      if (own > 0) changes.split += own - 1;
    }
    return changes;
  }

 private:
  void Add(const std::string& from, const std::string& to) {
    from_[to].insert(from);
    to_[from].insert(to);
  }

  std::map<std::string, std::set<std::string>> from_, to_;  // persons, by person afterwards and before
  std::map<std::string, uint64_t> came_;                    // new records, by person afterwards
};

}  // namespace

absl::StatusOr<MonthSpan> MonthSpanOf(std::string_view month) {
  const std::optional<CivilDate> first = ParseIsoDate(std::string(month) + "-01");
  if (!first) return absl::InvalidArgumentError("a month is written as 2026-11");
  using std::chrono::milliseconds;
  const auto moment = [](std::chrono::year_month_day day) {  // when the day begins in Japan
    const std::chrono::sys_time<milliseconds> midnight = std::chrono::sys_days(day);
    return (midnight - std::chrono::hours(9)).time_since_epoch().count();
  };
  const std::chrono::year_month in = std::chrono::year(first->year) / first->month;
  MonthSpan span;
  span.month = std::string(month);
  span.begin = moment(in / 1);
  span.end = moment((in + std::chrono::months(1)) / 1);
  span.last_day = DayOf(span.end - 1);
  return span;
}

void MonthEnds::Add(const HistoryEvent& event) {
  if (event.unix_milliseconds < month_.begin) return;
  const bool in_month = event.unix_milliseconds < month_.end;
  if (IsFirstLoad(event)) {
    loaded_since_begin_ = true;
    loaded_since_end_ = loaded_since_end_ || !in_month;
  }
  const auto count = [&](const EnterpriseId& person, int64_t more) {
    Size& size = sizes_[BytesOf(person)];
    (in_month ? size.in_month : size.after) += more;
  };
  for (const PersonMove& move : event.moves) {
    if (move.before) count(*move.before, -1);
    if (move.after) count(*move.after, 1);
  }
}

void MonthEnds::AddPersonNow(const EnterpriseId& person, size_t records) {
  ++persons_now_;
  records_now_ += records;
  if (const auto it = sizes_.find(BytesOf(person)); it != sizes_.end()) it->second.now = static_cast<int64_t>(records);
}

PersonsAndRecords MonthEnds::Before(bool month_too) const {
  auto persons = static_cast<int64_t>(persons_now_), records = static_cast<int64_t>(records_now_);
  for (const auto& [id, size] : sizes_) {
    const int64_t then = month_too ? size.AtBegin() : size.AtEnd();
    records -= size.now - then;
    persons -= (size.now > 0) - (then > 0);
  }
  return {static_cast<uint64_t>(std::max<int64_t>(persons, 0)), static_cast<uint64_t>(std::max<int64_t>(records, 0))};
}

PersonSizes MonthEnds::SizesAtBegin() const {
  PersonSizes sizes;
  sizes.reserve(sizes_.size());
  for (const auto& [id, size] : sizes_) sizes.emplace(id, size.AtBegin());
  return sizes;
}

PersonChanges ChangesBy(const HistoryEvent& event, PersonSizes* sizes) { return Flows(event, sizes).Count(); }

void LastSaid::Add(const HistoryEvent& event) {
  if (IsFirstLoad(event)) loaded_ = event.unix_milliseconds;
  if (Says(event.kind))
    if (const auto it = said_.find(event.record); it != said_.end()) it->second = event.unix_milliseconds;
  if (event.kind == EventKind::kUndecided && said_.contains(event.record) && said_.contains(event.other))
    withdrawn_[PairOf(event.record, event.other)] = event.unix_milliseconds;
}

int64_t LastSaid::Since(const RecordKey& a, const RecordKey& b) const {
  const auto said = [this](const RecordKey& record) {
    const auto it = said_.find(record);
    return it != said_.end() && it->second != 0 ? it->second : loaded_;
  };
  const auto withdrawn = withdrawn_.find(PairOf(a, b));
  return std::max({said(a), said(b), withdrawn != withdrawn_.end() ? withdrawn->second : 0});
}

void MonthHistory::Watch(const RecordKey& a, const RecordKey& b) {
  said_.Watch(a);
  said_.Watch(b);
}

int64_t MonthHistory::TimeOf(uint64_t event) const {
  const auto it = event_times_.find(event);
  return it != event_times_.end() ? it->second : 0;
}

void MonthHistory::Add(const HistoryEvent& event) {
  if (month_.Has(event.unix_milliseconds)) AddOfMonth(event);
  NoteTakeover(event);
  said_.Add(event);
  if (const auto it = event_times_.find(event.number); it != event_times_.end()) it->second = event.unix_milliseconds;
}

void MonthHistory::AddOfMonth(const HistoryEvent& event) {
  CountMoves(event);
  switch (event.kind) {
    case EventKind::kPut: ++changes_.puts[event.record.source]; break;
    case EventKind::kRevised:
      ++changes_.puts[event.record.source];
      ++changes_.revised;
      break;
    case EventKind::kHeld:
      ++changes_.puts[event.record.source];
      ++changes_.held[event.record.source];
      break;
    case EventKind::kAccepted: {
      const bool another =
          std::ranges::any_of(event.moves, [](const PersonMove& move) { return !move.before.has_value(); });
      ++(another ? changes_.accepted_another : changes_.accepted_same);
      ++WorkOf(event).revisions;
      break;
    }
    case EventKind::kRefused:
      // With a detail: not a steward, the facility put again what had been accepted.
      if (!event.detail.empty()) {
        ++changes_.puts[event.record.source];
        ++changes_.taken_back;
        break;
      }
      ++changes_.refused;
      ++WorkOf(event).revisions;
      break;
    case EventKind::kSubsumed: ++changes_.subsumed; break;
    case EventKind::kUnsubsumed: ++changes_.unsubsumed; break;
    case EventKind::kDecided:
    case EventKind::kUndecided: CountDecision(event); break;
    case EventKind::kBulkLoad: changes_.loaded += LoadedBy(event); break;
    default: break;
  }
}

void MonthHistory::CountMoves(const HistoryEvent& event) {
  for (const PersonMove& move : event.moves) {
    changes_.records_came += !move.before.has_value();
    changes_.records_went += !move.after.has_value();
  }
  const PersonChanges made = ChangesBy(event, &sizes_);
  // A switch of models tells its moves in several events, so that what it made of a person is not told by any one.
  if (event.kind == EventKind::kModel) {
    changes_.relinked += event.moves.size();
    return;
  }
  changes_.created += made.created;
  changes_.joined += made.joined;
  changes_.merged += made.merged;
  changes_.split += made.split;
  changes_.moved += made.moved;
  const bool decided = event.kind == EventKind::kDecided || event.kind == EventKind::kUndecided;
  if (decided) changes_.merged_by_decision += made.merged;
}

void MonthHistory::CountDecision(const HistoryEvent& event) {
  const auto taken_over = taken_over_.find(PairOf(event.record, event.other));
  const bool open = taken_over != taken_over_.end();
  if (IsTakeoverActor(event.by.actor)) {
    ++changes_.takeover_decisions;
    return;
  }
  StewardWork& work = WorkOf(event);
  if (event.kind == EventKind::kUndecided) {
    ++(open ? work.released : work.withdrawn);
    return;
  }
  const bool same = event.detail == "same";
  if (open && taken_over->second == same) {
    ++work.confirmed;
    return;
  }
  ++(same ? work.same : work.different);
  const int64_t since = said_.Since(event.record, event.other);
  if (since != 0) work.days_waited.push_back(DaysBetween(since, event.unix_milliseconds));
}

void MonthHistory::NoteTakeover(const HistoryEvent& event) {
  if (event.kind == EventKind::kDecided && IsTakeoverActor(event.by.actor))
    taken_over_[PairOf(event.record, event.other)] = event.detail == "same";
  else if (event.kind == EventKind::kDecided || event.kind == EventKind::kUndecided)
    taken_over_.erase(PairOf(event.record, event.other));
}

}  // namespace libmpi
