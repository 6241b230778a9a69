// SPDX-License-Identifier: Apache-2.0
// What a network's office reports every month: how much there is, what came together and apart, what waits for stewards
// and since when, how good the data is that facilities send, who uses it.
//
// A month is one in Japan (UTC+9, as everywhere: DayOf()), by the registry's clock. What happened in it is counted from
// the history and the audit trail; what stands (backlog, data quality, duplicates of an authority) is as it is when the
// report is made, since only the present is kept of it.
#ifndef LIBMPI_NETWORK_MONTHLY_REPORT_H_
#define LIBMPI_NETWORK_MONTHLY_REPORT_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/network/registration_report.h"
#include "libmpi/network/requester.h"
#include "libmpi/record/features.h"
#include "libmpi/record/filled_fields.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

struct PersonsAndRecords {
  uint64_t persons = 0, records = 0;  // live
  auto operator<=>(const PersonsAndRecords&) const = default;
};

// A steward's month; of decisions that a takeover made by itself nothing is here.
struct StewardWork {
  uint64_t same = 0, different = 0;
  uint64_t withdrawn = 0;            // decisions
  uint64_t confirmed = 0;            // decided as a takeover had decided
  uint64_t released = 0;             // withdrawn what a takeover had decided
  uint64_t revisions = 0;            // held ones accepted or refused
  // Of `same` and `different`: from when the question can have come up at the earliest (OpenQuestion::since).
  std::vector<double> days_waited;
};

// What the history tells of a month.
struct MonthChanges {
  uint64_t records_came = 0, records_went = 0;  // registered (also: anew), withdrawn or merged by their facility
  uint64_t loaded = 0;               // records that an empty registry was filled with
  uint64_t revised = 0;
  uint64_t created = 0;              // persons of a new record
  // Duplicates found: new records that came to a person there was, and persons who became part of another one.
  uint64_t joined = 0, merged = 0;
  uint64_t merged_by_decision = 0;   // of `merged`
  uint64_t split = 0;                // persons who came of another one
  uint64_t moved = 0;                // parts of a person that went to another one
  uint64_t relinked = 0;             // records that a new model or other thresholds moved; in none of the counts above
  uint64_t subsumed = 0, unsubsumed = 0;  // identifiers that facilities merged, and that they parted again
  // Revisions that made another person of their record: taken for the same or for another one, refused by a steward,
  // taken back by the facility.
  uint64_t accepted_same = 0, accepted_another = 0, refused = 0, taken_back = 0;
  std::map<std::string, uint64_t> puts, held;  // by authority: puts that changed or would change something; held ones
  uint64_t takeover_decisions = 0;
  std::map<std::string, StewardWork> stewards;
};

// A question that is open now. `since` is when it can have come up at the earliest: when the later of its two records
// came to say what it says now, or a decision on just the two was withdrawn. Most questions come up at that very
// moment. One that came up later (since another record tied or parted persons, or thresholds were changed) is younger:
// an age is the longest that it can be. Milliseconds since 1970; 0: not known.
struct OpenQuestion {
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  std::string assignee;
  int64_t since = 0;
};

// How many persons of an authority, or facility, have several records there.
struct OwnDuplicates {
  uint64_t persons = 0, with_several = 0;
};

// Of the live records of one authority.
struct RecordQuality {
  Filled filled;
  uint64_t kanji_names = 0;
  std::array<uint64_t, static_cast<size_t>(kLastFindingCode) + 1> findings{};  // by FindingCode
  void Add(const RecordQuality& other);
};

// All that is counted for a report.
struct CountedMonth {
  std::string month;
  bool is_over = false;              // else it is reported up to now
  CivilDate day;                     // its last day, or today
  int64_t now = 0;
  PersonsAndRecords at_begin, at_end;
  MonthChanges changes;
  std::vector<OpenQuestion> questions;
  std::vector<int64_t> held_since;   // of revisions that wait now
  std::map<std::string, RecordQuality> quality;        // by authority
  std::map<std::string, OwnDuplicates> of_authority, of_facility;
  // Of a network's registry alone.
  bool is_network = false;
  std::vector<Facility> facilities;
  std::optional<RegistrationReport> registrations;     // of the day
  std::vector<UsageCount> usage;     // of the month
  std::map<std::string, uint64_t> beyond_consent;      // emergencies of the month, by facility
};

// How long what waits has waited, at most.
struct Waiting {
  uint64_t count = 0;
  static constexpr std::array<int, 3> kDays = {7, 30, 90};
  std::array<uint64_t, kDays.size() + 1> by_age{};  // up to so many days; the last: more
  uint64_t unknown = 0;                             // since when
  double median_days = 0, oldest_days = 0;          // of those that are known
};

struct MonthlyReport {
  std::string month;
  bool is_over = false;
  CivilDate day;
  int64_t made_at = 0;               // milliseconds since 1970
  PersonsAndRecords at_begin, at_end;
  MonthChanges changes;
  uint64_t duplicates_found() const { return changes.joined + changes.merged; }

  Waiting questions, held;
  std::map<std::string, uint64_t> by_reason, by_assignee;  // questions; assigned to nobody: under the empty one

  struct OfSteward {
    std::string name;
    StewardWork work;
    std::optional<double> median_days;  // from question to decision, at most
  };
  std::vector<OfSteward> stewards;   // by name

  struct OfSource {
    std::string name;                // a facility or an authority; records of no facility: under the empty one
    RecordQuality quality;
    uint64_t puts = 0, held = 0;     // in the month
    std::optional<double> held_per_10000;
    OwnDuplicates duplicates;        // now
  };
  std::vector<OfSource> authorities;  // by name
  std::vector<OfSource> facilities;   // of a network
  std::vector<std::string> unowned;   // authorities of no facility, of a network

  std::optional<RegistrationReport> registrations;
  uint64_t registered_in_month = 0;  // persons registered on the day, since a day of the month

  struct OfUse {
    std::string facility;            // empty: the network's office
    bool feeds = false, queries = false;  // as it is meant to
    uint64_t fed = 0;                // puts, withdrawals and merges of identifiers; or changes of its records by others
    uint64_t asked = 0;              // questions for patients that were answered
    uint64_t refused = 0;            // whatever it was
    uint64_t beyond_consent = 0;     // emergencies that were told more than consent lets be told
  };
  std::vector<OfUse> use;            // facilities by name, and the office first where it asked
  std::vector<std::string> not_fed, not_asked;  // facilities that are meant to, and did not
  uint64_t fed_and_asked = 0;        // facilities
  std::optional<double> share_fed_and_asked;    // of all facilities; the programme's goal: 0.8
};

// What follows from the counts. Pure. O(n log n).
MonthlyReport ReportOf(const CountedMonth& counted);

struct MonthlyReportOptions {
  std::string month;                 // 2026-11
  bool is_network = false;
  std::vector<Facility> facilities;  // of a network
  ProgressCallback progress;         // may be null
};

// Counts a month of a registry. kInvalidArgument: not a month, or one that has not begun. Reads every record and person
// once, the history once (its part since the month's begin twice) and the month's part of the trail, while the registry
// serves: what is changed meanwhile may or may not be counted. Memory: 150 bytes for each person who had a record come
// or go since the month's begin, 1 KB for each open question, held revision, decision of the month and decision of a
// takeover that nobody confirmed; nothing grows with the records themselves.
absl::StatusOr<MonthlyReport> MakeMonthlyReport(const Registry& registry, const MonthlyReportOptions& options);

// From one moment to another, milliseconds since 1970.
inline double DaysBetween(int64_t from, int64_t to) { return static_cast<double>(to - from) / 86'400'000; }

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_MONTHLY_REPORT_H_
