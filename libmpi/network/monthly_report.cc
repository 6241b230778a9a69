// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/monthly_report.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/month_history.h"
#include "libmpi/network/registration_count.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, 4> kFeeding = {"put", "retire", "subsume", "unsubsume"};
constexpr std::array<std::string_view, 6> kAsking = {"find", "search", "search_record", "get", "golden", "explain"};

bool IsOneOf(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// 0 where there is none.
uint64_t CountOf(const std::map<std::string, uint64_t>& counts, const std::string& name) {
  const auto it = counts.find(name);
  return it != counts.end() ? it->second : 0;
}

std::optional<double> MedianOf(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const size_t middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Waiting WaitingOf(std::span<const int64_t> since, int64_t now) {
  Waiting waiting;
  waiting.count = since.size();
  std::vector<double> ages;
  for (const int64_t from : since) {
    if (from == 0) {
      ++waiting.unknown;
      continue;
    }
    const double days = std::max(0.0, DaysBetween(from, now));
    const auto fits = std::ranges::find_if(Waiting::kDays, [days](int most) { return days <= most; });
    ++waiting.by_age[static_cast<size_t>(fits - Waiting::kDays.begin())];
    waiting.oldest_days = std::max(waiting.oldest_days, days);
    ages.push_back(days);
  }
  waiting.median_days = MedianOf(std::move(ages)).value_or(0);
  return waiting;
}

// Of a report its parts, one method each.
class Reporting {
 public:
  explicit Reporting(const CountedMonth& counted) : counted_(counted) {
    for (const Facility& facility : counted.facilities)
      for (const std::string& authority : facility.authorities) owner_of_[authority] = facility.name;
  }

  void Backlog(MonthlyReport* report) const {
    std::vector<int64_t> since;
    for (const OpenQuestion& question : counted_.questions) {
      since.push_back(question.since);
      ++report->by_reason[std::string(ReviewReasonName(question.reason))];
      ++report->by_assignee[question.assignee];
    }
    report->questions = WaitingOf(since, counted_.now);
    report->held = WaitingOf(counted_.held_since, counted_.now);
  }

  void Stewards(MonthlyReport* report) const {
    for (const auto& [name, work] : counted_.changes.stewards)
      report->stewards.push_back({name, work, MedianOf(work.days_waited)});
  }

  void Sources(MonthlyReport* report) const {
    std::map<std::string, MonthlyReport::OfSource> authorities, facilities;
    for (const auto& [name, quality] : counted_.quality) authorities[name].quality = quality;
    for (const auto& [name, puts] : counted_.changes.puts) authorities[name].puts = puts;
    for (const auto& [name, held] : counted_.changes.held) authorities[name].held = held;
    for (const auto& [name, own] : counted_.of_authority) authorities[name].duplicates = own;
    for (const Facility& facility : counted_.facilities) facilities[facility.name];
    for (const auto& [name, of] : authorities) {
      if (counted_.is_network && OwnerOf(name).empty()) report->unowned.push_back(name);
      MonthlyReport::OfSource& owner = facilities[OwnerOf(name)];
      owner.quality.Add(of.quality);
      owner.puts += of.puts;
      owner.held += of.held;
    }
    for (const auto& [name, own] : counted_.of_facility) facilities[name].duplicates = own;
    report->authorities = ListOf(std::move(authorities));
    if (counted_.is_network) report->facilities = ListOf(std::move(facilities));
  }

  void Registrations(MonthlyReport* report) const {
    report->registrations = counted_.registrations;
    if (!counted_.registrations) return;
    for (const RegistrationReport::OfMonth& of : counted_.registrations->months)
      if (of.month == counted_.month) report->registered_in_month = of.registered;
  }

  void Use(MonthlyReport* report) const {
    if (!counted_.is_network) return;
    std::map<std::string, MonthlyReport::OfUse> use = UseByFacility();
    for (const Facility& facility : counted_.facilities) {
      const MonthlyReport::OfUse& of = use[facility.name];
      if (of.feeds && of.fed == 0) report->not_fed.push_back(facility.name);
      if (of.queries && of.asked == 0) report->not_asked.push_back(facility.name);
      report->fed_and_asked += of.fed > 0 && of.asked > 0;
    }
    for (auto& [name, of] : use) {
      of.facility = name;
      report->use.push_back(std::move(of));
    }
    if (!counted_.facilities.empty())
      report->share_fed_and_asked =
          static_cast<double>(report->fed_and_asked) / static_cast<double>(counted_.facilities.size());
  }

 private:
  std::string OwnerOf(const std::string& authority) const {
    const auto it = owner_of_.find(authority);
    return it != owner_of_.end() ? it->second : std::string();
  }

  static std::vector<MonthlyReport::OfSource> ListOf(std::map<std::string, MonthlyReport::OfSource> sources) {
    std::vector<MonthlyReport::OfSource> list;
    for (auto& [name, of] : sources) {
      of.name = name;
      if (of.puts > 0) of.held_per_10000 = 10'000.0 * static_cast<double>(of.held) / static_cast<double>(of.puts);
      list.push_back(std::move(of));
    }
    return list;
  }

  // Of its own calls, or, where others put its records, the changes of these.
  std::map<std::string, MonthlyReport::OfUse> UseByFacility() const {
    std::map<std::string, MonthlyReport::OfUse> use;
    for (const UsageCount& count : counted_.usage) {
      MonthlyReport::OfUse& of = use[count.facility];
      if (count.outcome == AuditOutcome::kRefused) of.refused += count.count;
      if (count.outcome != AuditOutcome::kDone) continue;
      if (IsOneOf(kFeeding, count.action)) of.fed += count.count;
      if (IsOneOf(kAsking, count.action)) of.asked += count.count;
    }
    for (const auto& [facility, count] : counted_.beyond_consent) use[facility].beyond_consent = count;
    for (const Facility& facility : counted_.facilities) {
      MonthlyReport::OfUse& of = use[facility.name];
      of.feeds = facility.feeds;
      of.queries = facility.queries;
      if (of.fed == 0) of.fed = FedByOthers(facility);
    }
    return use;
  }

  uint64_t FedByOthers(const Facility& facility) const {
    uint64_t fed = 0;
    for (const std::string& authority : facility.authorities) {
      fed += CountOf(counted_.changes.puts, authority);
      // A load of an empty registry does not tell whose records it brought; all that are there came since.
      const auto quality = counted_.quality.find(authority);
      if (counted_.changes.loaded > 0 && quality != counted_.quality.end()) fed += quality->second.filled.records;
    }
    return fed;
  }

  const CountedMonth& counted_;
  std::map<std::string, std::string> owner_of_;  // by authority
};

// Counts a month of a registry, one method a pass.
class MonthCounting {
 public:
  MonthCounting(const Registry& registry, const MonthlyReportOptions& options, MonthSpan month)
      : registry_(registry), options_(options), month_(std::move(month)), ends_(month_) {
    for (const Facility& facility : options.facilities)
      for (const std::string& authority : facility.authorities) owner_of_[authority] = facility.name;
  }

  absl::StatusOr<CountedMonth> Count() {
    counted_.month = month_.month;
    counted_.now = registry_.Now();
    counted_.is_over = counted_.now >= month_.end;
    counted_.day = std::min(month_.last_day, DayOf(counted_.now));
    counted_.is_network = options_.is_network;
    counted_.facilities = options_.facilities;
    LIBMPI_RETURN_IF_ERROR(CountSinceBegin());
    LIBMPI_RETURN_IF_ERROR(CountPersons());
    LIBMPI_RETURN_IF_ERROR(CountHistory());
    LIBMPI_RETURN_IF_ERROR(CountRecords());
    if (options_.is_network) LIBMPI_RETURN_IF_ERROR(CountUse());
    return std::move(counted_);
  }

 private:
  // Clocks are put right now and then: that much before a moment one begins to look.
  static constexpr int64_t kClockSlack = 86'400'000;
  static constexpr size_t kAtOnce = 1000;

  absl::Status Report(std::string_view stage, uint64_t done, uint64_t total) const {
    return ReportProgress(options_.progress, stage, done, total);
  }

  // The first event that may be of the month or later.
  absl::StatusOr<uint64_t> FirstEvent(uint64_t events) const {
    uint64_t low = 1, high = events + 1;
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> found, registry_.History(middle, 1));
      if (!found.empty() && found[0].unix_milliseconds < month_.begin - kClockSlack) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Calls visit(event) for those from a number on that were there when the count began.
  template <typename Visit>
  absl::Status ForEachEvent(std::string_view stage, uint64_t from, const Visit& visit) const {
    while (from <= events_) {
      LIBMPI_RETURN_IF_ERROR(Report(stage, from, events_));
      LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, registry_.History(from, kAtOnce));
      if (events.empty()) break;
      for (const HistoryEvent& event : events)
        if (event.number <= events_) visit(event);
      from = events.back().number + 1;
    }
    return absl::OkStatus();
  }

  absl::Status CountSinceBegin() {
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, registry_.GetStats());
    events_ = stats.events;
    records_ = stats.records;
    LIBMPI_ASSIGN_OR_RETURN(const uint64_t first, FirstEvent(events_));
    return ForEachEvent("month", first, [this](const HistoryEvent& event) {
      ends_.Add(event);
      if (event.kind == EventKind::kDecided && month_.Has(event.unix_milliseconds))
        decided_.emplace_back(event.record, event.other);
    });
  }

  void AddPerson(const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
    ends_.AddPersonNow(id, identifiers.size());
    std::map<std::string_view, uint64_t> of_authority, of_facility;
    for (const RecordKey& key : identifiers) {
      ++of_authority[key.source];
      if (!options_.is_network) continue;
      const auto owner = owner_of_.find(key.source);
      ++of_facility[owner != owner_of_.end() ? std::string_view(owner->second) : std::string_view()];
    }
    AddOwn(of_authority, &counted_.of_authority);
    AddOwn(of_facility, &counted_.of_facility);
  }

  static void AddOwn(const std::map<std::string_view, uint64_t>& records,
                     std::map<std::string, OwnDuplicates>* counts) {
    for (const auto& [name, count] : records) {
      OwnDuplicates& own = (*counts)[std::string(name)];
      ++own.persons;
      own.with_several += count > 1;
    }
  }

  absl::Status CountPersons() {
    LIBMPI_RETURN_IF_ERROR(Report("persons", 0, 1));
    if (!options_.is_network)
      return registry_.ForEachPerson([this](const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
        AddPerson(id, identifiers);
        return true;
      });
    RegistrationCount registrations(owner_of_, counted_.day);
    LIBMPI_RETURN_IF_ERROR(ForEachPersonAndSaid(
        registry_, [&](const EnterpriseId& id, const std::vector<RecordKey>& identifiers, const SaidOf& said) {
          AddPerson(id, identifiers);
          registrations.Add(identifiers, said);
        }));
    counted_.registrations = registrations.Take();
    return absl::OkStatus();
  }

  absl::Status CountHistory() {
    counted_.at_begin = ends_.AtBegin();
    counted_.at_end = ends_.AtEnd();
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<ReviewEntry> questions, registry_.Review(SIZE_MAX));
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HeldRevision> held, registry_.HeldRevisions(SIZE_MAX));
    MonthHistory history(month_, ends_.SizesAtBegin());
    for (const auto& [a, b] : decided_) history.Watch(a, b);
    for (const ReviewEntry& question : questions) history.Watch(question.a, question.b);
    for (const HeldRevision& revision : held) history.WatchEvent(revision.event);
    LIBMPI_RETURN_IF_ERROR(ForEachEvent("history", 1, [&](const HistoryEvent& event) { history.Add(event); }));
    for (const ReviewEntry& question : questions)
      counted_.questions.push_back({question.reason, question.assignee, history.Since(question.a, question.b)});
    for (const HeldRevision& revision : held) counted_.held_since.push_back(history.TimeOf(revision.event));
    counted_.changes = history.TakeChanges();
    return absl::OkStatus();
  }

  absl::Status CountRecords() {
    const Standardizer standardizer(StandardizeOptions{DayOf(counted_.now)});
    uint64_t read = 0;
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(registry_.ForEachRecord([&](const Record& record, RecordStatus state) {
      constexpr uint64_t kReportEvery = 10'000;
      if (++read % kReportEvery == 0) status = Report("records", std::min(read, records_), records_);
      if (state != RecordStatus::kLive) return status.ok();
      RecordQuality& quality = counted_.quality[record.key.source];
      quality.filled.Add(SaidBy(record));
      quality.kanji_names += SaysKanjiName(record);
      for (const Finding& finding : standardizer.Standardize(record).findings)
        ++quality.findings[static_cast<size_t>(finding.code)];
      return status.ok();
    }));
    return status;
  }

  absl::Status CountUse() {
    return registry_.ReadSide([this](const SideReader& rows) -> absl::Status {
      LIBMPI_ASSIGN_OR_RETURN(counted_.usage, ReadUsage(rows, month_.month, month_.month));
      LIBMPI_ASSIGN_OR_RETURN(const AuditHead head, AuditHeadOf(rows));
      LIBMPI_ASSIGN_OR_RETURN(const uint64_t first, FirstEntry(rows, head.entries));
      for (uint64_t from = first;;) {
        LIBMPI_ASSIGN_OR_RETURN(const std::vector<AuditEntry> entries, ReadAudit(rows, from, kAtOnce));
        for (const AuditEntry& entry : entries)
          if (entry.beyond_consent && month_.Has(entry.unix_milliseconds)) ++counted_.beyond_consent[entry.by.facility];
        if (entries.empty() || entries.back().unix_milliseconds >= month_.end + kClockSlack) return absl::OkStatus();
        from = entries.back().number + 1;
      }
    });
  }

  // The first entry of the trail that may be of the month or later.
  absl::StatusOr<uint64_t> FirstEntry(const SideReader& rows, uint64_t entries) const {
    uint64_t low = 1, high = entries + 1;
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      LIBMPI_ASSIGN_OR_RETURN(const std::vector<AuditEntry> found, ReadAudit(rows, middle, 1));
      if (!found.empty() && found[0].unix_milliseconds < month_.begin - kClockSlack) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const Registry& registry_;
  const MonthlyReportOptions& options_;
  const MonthSpan month_;
  std::map<std::string, std::string> owner_of_;  // by authority
  MonthEnds ends_;
  std::vector<std::pair<RecordKey, RecordKey>> decided_;  // in the month
  uint64_t events_ = 0, records_ = 0;
  CountedMonth counted_;
};

}  // namespace

void RecordQuality::Add(const RecordQuality& other) {
  filled.Add(other.filled);
  kanji_names += other.kanji_names;
  for (size_t f = 0; f < findings.size(); ++f) findings[f] += other.findings[f];
}

MonthlyReport ReportOf(const CountedMonth& counted) {
  MonthlyReport report;
  report.month = counted.month;
  report.is_over = counted.is_over;
  report.day = counted.day;
  report.made_at = counted.now;
  report.at_begin = counted.at_begin;
  report.at_end = counted.at_end;
  report.changes = counted.changes;
  const Reporting reporting(counted);
  reporting.Backlog(&report);
  reporting.Stewards(&report);
  reporting.Sources(&report);
  reporting.Registrations(&report);
  reporting.Use(&report);
  return report;
}

absl::StatusOr<MonthlyReport> MakeMonthlyReport(const Registry& registry, const MonthlyReportOptions& options) {
  LIBMPI_ASSIGN_OR_RETURN(MonthSpan month, MonthSpanOf(options.month));
  if (month.begin > registry.Now()) return absl::InvalidArgumentError("the month has not begun");
  LIBMPI_ASSIGN_OR_RETURN(const CountedMonth counted, MonthCounting(registry, options, std::move(month)).Count());
  return ReportOf(counted);
}

}  // namespace libmpi
