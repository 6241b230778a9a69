// SPDX-License-Identifier: Apache-2.0
// What the history tells of a month. Pure: of the events it is told, nothing else. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_MONTH_HISTORY_H_
#define LIBMPI_NETWORK_MONTH_HISTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "libmpi/network/monthly_report.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// A month in Japan, as DayOf() reckons days.
struct MonthSpan {
  std::string month;            // 2026-11
  CivilDate last_day;
  int64_t begin = 0, end = 0;   // milliseconds since 1970: the first, and the first behind it
  bool Has(int64_t unix_milliseconds) const { return begin <= unix_milliseconds && unix_milliseconds < end; }
};
// kInvalidArgument: not written as 2026-11.
absl::StatusOr<MonthSpan> MonthSpanOf(std::string_view month);

// How many records a person has.
using PersonSizes = absl::flat_hash_map<std::string, int64_t>;  // by the bytes of the enterprise ID

// Persons and records at both ends of a month, reckoned back from now: tell it the events since the month's begin, and
// every person as they are now. Memory: a row for each person who had a record come or go since the month's begin.
class MonthEnds {
 public:
  explicit MonthEnds(const MonthSpan& month) : month_(month) {}

  void Add(const HistoryEvent& event);
  void AddPersonNow(const EnterpriseId& person, size_t records);

  PersonsAndRecords AtBegin() const { return loaded_since_begin_ ? PersonsAndRecords() : Before(true); }
  PersonsAndRecords AtEnd() const { return loaded_since_end_ ? PersonsAndRecords() : Before(false); }
  // At the month's begin, of those persons who had a record come or go since; others have no row.
  PersonSizes SizesAtBegin() const;

 private:
  struct Size {
    int64_t now = 0, in_month = 0, after = 0;  // records; what came less what went
    int64_t AtEnd() const { return now - after; }
    int64_t AtBegin() const { return now - after - in_month; }
  };
  PersonsAndRecords Before(bool month_too) const;

  const MonthSpan month_;
  absl::flat_hash_map<std::string, Size> sizes_;
  uint64_t persons_now_ = 0, records_now_ = 0;
  // A load of an empty registry tells no moves, but that there was nothing before.
  bool loaded_since_begin_ = false, loaded_since_end_ = false;
};

// What one event made of persons.
struct PersonChanges {
  uint64_t created = 0;  // persons of new records alone
  uint64_t joined = 0;   // new records that came to a person there was
  uint64_t merged = 0;   // persons who became part of another one
  uint64_t split = 0;    // persons who came of another one
  uint64_t moved = 0;    // parts of a person that went to another one
};
// `sizes` as they were before the event; brought to what they are after it.
PersonChanges ChangesBy(const HistoryEvent& event, PersonSizes* sizes);

// When records came to say what they say. Only of those that it was told to watch.
class LastSaid {
 public:
  void Watch(const RecordKey& record) { said_.try_emplace(record, 0); }
  void Add(const HistoryEvent& event);
  // Since when a question about these two can have been open at the earliest: no longer than both say what they say,
  // nor than a decision on just them was withdrawn. 0: not known.
  int64_t Since(const RecordKey& a, const RecordKey& b) const;

 private:
  std::map<RecordKey, int64_t> said_;
  std::map<std::pair<RecordKey, RecordKey>, int64_t> withdrawn_;
  int64_t loaded_ = 0;
};

// The whole history, from its first event on.
class MonthHistory {
 public:
  // Takes the sizes at the month's begin.
  MonthHistory(const MonthSpan& month, PersonSizes sizes) : month_(month), sizes_(std::move(sizes)) {}

  // Both ends of a decision of the month, and of an open question.
  void Watch(const RecordKey& a, const RecordKey& b);
  void WatchEvent(uint64_t number) { event_times_.try_emplace(number, 0); }

  void Add(const HistoryEvent& event);

  // Of what was told so far.
  int64_t Since(const RecordKey& a, const RecordKey& b) const { return said_.Since(a, b); }
  int64_t TimeOf(uint64_t event) const;
  MonthChanges TakeChanges() { return std::move(changes_); }

 private:
  using Pair = std::pair<RecordKey, RecordKey>;
  void AddOfMonth(const HistoryEvent& event);
  void CountMoves(const HistoryEvent& event);
  void CountDecision(const HistoryEvent& event);
  void NoteTakeover(const HistoryEvent& event);
  StewardWork& WorkOf(const HistoryEvent& event) { return changes_.stewards[event.by.actor]; }

  const MonthSpan month_;
  PersonSizes sizes_;
  LastSaid said_;
  std::map<Pair, bool> taken_over_;  // decisions of takeovers that nobody has confirmed or withdrawn
  std::map<uint64_t, int64_t> event_times_;
  MonthChanges changes_;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_MONTH_HISTORY_H_
