// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/simulation.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/elapsed.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/network/absorb.h"
#include "libmpi/network/takeover.h"

namespace nayose {
namespace {

using libmpi::Profession;
using libmpi::Purpose;
using libmpi::RecordKey;
using libmpi::SecondsSince;

// Statements wait for the disk, and those of several threads for one sync.
constexpr int kClerks = 8;
constexpr int kYearsBefore = -400;  // days: when those registered whose consent is asked for anew
constexpr char kOldIndex[] = "OLD";
constexpr int kOldErrorsPermille = 20;
constexpr char kRootOid[] = "1.2.392.200000.1";
constexpr char kPartnerOid[] = "1.2.392.200000.2";

std::string DayName(int day) {
  char text[32];
  std::snprintf(text, sizeof text, "day-%03d", day);
  return text;
}

// Records that are told of and in no region, and those of the region that are not there.
struct OutOfPlace {
  uint64_t unknown = 0, lost = 0;
};

// Partitions as labels for EvaluateClusters(); a record that is not there is a person of its own.
libmpi::ClusterEvaluation Judge(const SimulatedRegion& region, const Expectation& found, OutOfPlace* out_of_place) {
  std::vector<uint32_t> cluster, person;
  std::unordered_set<std::string> there;
  for (uint32_t i = 0; i < found.persons().size(); ++i)
    for (const RecordKey& key : found.persons()[i].identifiers) {
      const auto it = region.person_of.find(TruthKey(key));
      if (it == region.person_of.end()) {
        ++out_of_place->unknown;
        continue;
      }
      there.insert(it->first);
      cluster.push_back(i);
      person.push_back(it->second);
    }
  auto alone = static_cast<uint32_t>(found.persons().size());
  for (const SimulatedRow& row : region.rows) {
    if (region.facilities[row.facility].of_partner || !there.insert(TruthKey(row.record.key)).second) continue;
    ++out_of_place->lost;
    cluster.push_back(alone++);
    person.push_back(row.person);
  }
  return libmpi::EvaluateClusters(cluster, person);
}

class Simulation {
 public:
  Simulation(const NetworkConfig& config, const SimulationOptions& options, std::string folder)
      : config_(config), options_(options), folder_(std::move(folder)) {}

  absl::StatusOr<SimulationResult> Run(const libmpi::ProgressCallback& progress) {
    const auto begin = std::chrono::steady_clock::now();
    result_.config = config_;
    result_.options = options_;
    region_ = MakeSimulatedRegion(config_, options_);
    Spent("region made", begin);
    result_.facilities = static_cast<uint64_t>(std::ranges::count(region_.facilities, false, &SimulatedFacility::of_partner));
    std::unordered_set<uint32_t> here;
    for (const SimulatedRow& row : region_.rows) {
      const SimulatedFacility& facility = region_.facilities[row.facility];
      if (facility.of_partner) continue;
      ++result_.rows_by_format[std::string(libmpi::FeedFormatName(facility.format))];
      here.insert(row.person);
    }
    result_.true_persons = here.size();
    keys_.resize(region_.persons.size());
    partner_keys_.resize(region_.persons.size());
    LIBMPI_RETURN_IF_ERROR(SetUp());
    for (int day = 0; day <= options_.days; ++day) {
      LIBMPI_RETURN_IF_ERROR(libmpi::ReportProgress(progress, "days", static_cast<uint64_t>(day),
                                                    static_cast<uint64_t>(options_.days) + 1));
      LIBMPI_RETURN_IF_ERROR(LiveThrough(day));
    }
    LIBMPI_RETURN_IF_ERROR(Conclude());
    const auto lists_begin = std::chrono::steady_clock::now();
    if (options_.lists) LIBMPI_RETURN_IF_ERROR(LinkAsLists());
    Spent("linked as lists", lists_begin);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    result_.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
    result_.seconds = SecondsSince(begin);
    partner_.reset();
    network_.reset();
    return std::move(result_);
  }

 private:
  void Spent(const std::string& what, std::chrono::steady_clock::time_point since) {
    const auto at = std::ranges::find(result_.seconds_by, what, &std::pair<std::string, double>::first);
    if (at != result_.seconds_by.end()) at->second += SecondsSince(since);
    else result_.seconds_by.emplace_back(what, SecondsSince(since));
  }

  absl::Status SetUp() {
    LIBMPI_ASSIGN_OR_RETURN(network_, SimulatedNetwork::Create(folder_ + "/registry", kRootOid, options_.threads));
    // Before they are one network, the first area is by itself.
    LIBMPI_RETURN_IF_ERROR(SetMembers(config_.Has(Need::kAbsorb) ? 0 : -1));
    if (!config_.Has(Need::kInterconnected)) return absl::OkStatus();
    LIBMPI_ASSIGN_OR_RETURN(partner_, SimulatedNetwork::Create(folder_ + "/partner", kPartnerOid, options_.threads));
    std::vector<SimulatedFacility> theirs;
    for (const SimulatedFacility& f : region_.facilities)
      if (f.of_partner) theirs.push_back(f);
    theirs.push_back(StandIn(kRootOid));
    return partner_->SetMembers(std::move(theirs), false, false);
  }

  // The other network, as a member: whose persons are known here by its enterprise IDs.
  static SimulatedFacility StandIn(const std::string& root_oid) {
    SimulatedFacility f;
    f.facility.name = kOtherNetwork;
    f.facility.kind = "network";
    f.facility.authorities = {kOtherNetwork};
    f.oid = EnterpriseOid(root_oid);
    return f;
  }

  // `area`: those of one alone; -1: all.
  std::vector<SimulatedFacility> Members(int area) const {
    std::vector<SimulatedFacility> members;
    for (const SimulatedFacility& f : region_.facilities)
      if (!f.of_partner && (area < 0 || f.area == area)) members.push_back(f);
    if (config_.Has(Need::kInterconnected) && area <= 0) members.push_back(StandIn(kPartnerOid));
    return members;
  }
  absl::Status SetMembers(int area) {
    return network_->SetMembers(Members(area), config_.Has(Need::kCard), config_.Has(Need::kTenants));
  }

  std::span<const SimulatedRow> RowsOf(int day) const {
    const auto day_of = [](const SimulatedRow& row) { return row.day; };
    const auto [first, last] = std::ranges::equal_range(region_.rows, day, {}, day_of);
    return {first, last};
  }

  // Rows of a day that go to one registry: of an area (-1: any) of this network, or the partner's.
  std::vector<SimulatedRow> RowsFor(int day, int area, bool partner) const {
    std::vector<SimulatedRow> rows;
    for (const SimulatedRow& row : RowsOf(day)) {
      const SimulatedFacility& f = region_.facilities[row.facility];
      if (f.of_partner == partner && (area < 0 || f.area == area)) rows.push_back(row);
    }
    return rows;
  }

  absl::StatusOr<ImportCounts> Send(const std::vector<SimulatedRow>& rows, int day, const std::string& where,
                                    SimulatedNetwork* to, std::vector<std::vector<RecordKey>>* keys) {
    auto begin = std::chrono::steady_clock::now();
    LIBMPI_ASSIGN_OR_RETURN(const DayFolder folder, WriteDay(region_, rows, day, config_.Has(Need::kExtendedStorage),
                                                             folder_ + "/" + where + "/" + DayName(day)));
    Spent("feeds written", begin);
    extended_documents_ += folder.extended;
    result_.extended_storages += folder.extended_storages;
    begin = std::chrono::steady_clock::now();
    LIBMPI_ASSIGN_OR_RETURN(const ImportCounts counts, to->Import(folder));
    Spent("feeds imported", begin);
    for (const SimulatedRow& row : rows) {
      std::vector<RecordKey>& known = (*keys)[row.person];
      if (std::ranges::find(known, row.record.key) == known.end()) known.push_back(row.record.key);
    }
    return counts;
  }

  absl::Status LiveThrough(int day) {
    network_->SetDay(day);
    SimulatedDay of;
    of.day = day;
    const bool apart = day == 0 && config_.Has(Need::kAbsorb);
    LIBMPI_ASSIGN_OR_RETURN(of.import, Send(RowsFor(day, apart ? 0 : -1, false), day, "feeds", network_.get(), &keys_));
    if (apart) LIBMPI_RETURN_IF_ERROR(AbsorbAreas(&of.import));
    if (day == 0 && config_.Has(Need::kTakeover)) LIBMPI_RETURN_IF_ERROR(TakeOverOldIndex());
    auto begin = std::chrono::steady_clock::now();
    LIBMPI_RETURN_IF_ERROR(TakeConsents(day, network_.get(), keys_, [](const SimulatedPerson&) { return true; }));
    Spent("consent taken down", begin);
    if (partner_ != nullptr) LIBMPI_RETURN_IF_ERROR(LiveThroughAtPartner(day));
    begin = std::chrono::steady_clock::now();
    LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(network_.get()));
    of.persons = expected.persons().size();
    for (const Expectation::Person& person : expected.persons()) of.records += person.identifiers.size();
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::RegistrationReport report,
                            network_->network().Registrations(
                                SimulatedNetwork::Office(Profession::kOperator, Purpose::kOperations)));
    of.registered = report.registered();
    if (of.registered != expected.registered())
      of.questions.wrong.push_back("day " + std::to_string(day) + ": " + std::to_string(of.registered) +
                                   " are registered, by what was said " + std::to_string(expected.registered()));
    NoteRegistered(day, of.registered);
    of.questions.Add(AskQuestions(network_.get(), expected, QuestionsOf(day),
                                  libmpi::HashCombine(options_.seed, 1000 + static_cast<uint64_t>(day))));
    Spent("questions asked and judged", begin);
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::AuditHead anchor,
                            network_->network().Anchor(SimulatedNetwork::Office(Profession::kAuditor, Purpose::kAudit)));
    anchors_.push_back(anchor);
    result_.import.Add(of.import);
    result_.questions.Add(of.questions);
    result_.days.push_back(std::move(of));
    return absl::OkStatus();
  }

  uint64_t QuestionsOf(int day) const {
    const auto days = static_cast<uint64_t>(options_.days) + 1;
    return options_.questions / days + (static_cast<uint64_t>(day) < options_.questions % days ? 1 : 0);
  }

  absl::Status LiveThroughAtPartner(int day) {
    partner_->SetDay(day);
    LIBMPI_RETURN_IF_ERROR(Send(RowsFor(day, -1, true), day, "partner-feeds", partner_.get(), &partner_keys_).status());
    return TakeConsents(day, partner_.get(), partner_keys_, [](const SimulatedPerson& p) { return p.in_partner; });
  }

  // First who registers, then who does for one facility alone, then who withdraws: each kind together, so that of one
  // day's statements about two persons whom the registry holds for one the last is known.
  template <typename TakesPart>
  absl::Status TakeConsents(int day, SimulatedNetwork* network, const std::vector<std::vector<RecordKey>>& keys,
                            const TakesPart& takes_part) {
    if (config_.Has(Need::kConsentsAnew) && network == network_.get()) LIBMPI_RETURN_IF_ERROR(AskAnew(day));
    const auto each = [&](auto&& says) {
      std::vector<uint32_t> who;
      for (uint32_t p = 0; p < region_.persons.size(); ++p)
        if (takes_part(region_.persons[p]) && says(region_.persons[p]) && !keys[p].empty()) who.push_back(p);
      return who;
    };
    const auto registers = [&](bool one, const SimulatedPerson& p) { return p.registers <= day && p.for_one_facility == one; };
    for (const bool one : {false, true}) {
      // Also those whom no facility knew on their day.
      std::vector<uint32_t> who = each([&](const SimulatedPerson& p) { return registers(one, p); });
      std::erase_if(who, [&](uint32_t p) { return registered_[network].contains(p); });
      // Of two persons whom the registry holds for one the order counts where each is for one facility.
      Say(who, one ? 1 : kClerks, network, [&](uint32_t p) {
        for (const RecordKey& key : keys[p])
          if (network->Register(key, day, one ? key.source : "").ok()) return std::optional(key);
        return std::optional<RecordKey>();
      });
    }
    // Also those who registered after their day, for no facility knew them before.
    std::vector<uint32_t> leave = each([&](const SimulatedPerson& p) { return p.withdraws <= day; });
    std::erase_if(leave, [&](uint32_t p) { return withdrawn_[network].contains(p) || !registered_[network].contains(p); });
    std::atomic<uint64_t> refused{0};
    const auto& registered = registered_[network];
    libmpi::ParallelChunks(leave.size(), 1, kClerks, [&](size_t b, size_t e, int) {
      for (size_t i = b; i < e; ++i) refused += !network->Withdraw(registered.at(leave[i]), day).ok();
    });
    withdrawn_[network].insert(leave.begin(), leave.end());
    result_.refused_consents += refused;
    return absl::OkStatus();
  }

  template <typename Speak>
  void Say(const std::vector<uint32_t>& who, int clerks, SimulatedNetwork* network, const Speak& speak) {
    std::vector<std::optional<RecordKey>> by(who.size());
    libmpi::ParallelChunks(who.size(), 1, clerks, [&](size_t b, size_t e, int) {
      for (size_t i = b; i < e; ++i) by[i] = speak(who[i]);
    });
    for (size_t i = 0; i < who.size(); ++i) {
      if (by[i]) registered_[network][who[i]] = *by[i];
      else ++result_.refused_consents;
    }
  }

  // All who had registered count for nothing from the second day on.
  absl::Status AskAnew(int day) {
    if (day > 1) return absl::OkStatus();
    std::vector<uint32_t> who;
    for (uint32_t p = 0; p < region_.persons.size(); ++p)
      if (region_.persons[p].registers != kNever && !keys_[p].empty()) who.push_back(p);
    libmpi::ParallelChunks(who.size(), 1, kClerks, [&](size_t b, size_t e, int) {
      for (size_t i = b; i < e; ++i) {
        const RecordKey& key = keys_[who[i]][0];
        (void)(day == 0 ? network_->Register(key, kYearsBefore, "") : network_->Withdraw(key, day));
      }
    });
    return absl::OkStatus();
  }

  void NoteRegistered(int day, uint64_t registered) {
    if (config_.Has(Need::kConsentsAnew)) {
      if (day == 0) before_ = registered;
      if (day == 1) at_the_turn_ = registered;
    }
    if (config_.Has(Need::kMassWithdrawal)) {
      const int turn = std::max(1, options_.days / 2);
      if (day == turn - 1) before_ = registered;
      if (day == turn) at_the_turn_ = registered;
    }
  }

  // The other areas' networks, each with its registry and its consents until this day, become part of this one.
  absl::Status AbsorbAreas(ImportCounts* import) {
    uint64_t records = 0, created = 0, ids = 0, answering = 0;
    for (int area = 1; area < config_.areas; ++area) {
      const std::string name = "area" + std::to_string(area + 1);
      LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<SimulatedNetwork> other,
                              SimulatedNetwork::Create(folder_ + "/" + name, kRootOid, options_.threads));
      LIBMPI_RETURN_IF_ERROR(other->SetMembers(Members(area), config_.Has(Need::kCard), config_.Has(Need::kTenants)));
      std::vector<std::vector<RecordKey>> keys(region_.persons.size());
      LIBMPI_ASSIGN_OR_RETURN(const ImportCounts counts, Send(RowsFor(0, area, false), 0, "feeds-" + name, other.get(), &keys));
      import->Add(counts);
      const auto new_here = [&](const SimulatedPerson& p) { return keys_[static_cast<size_t>(&p - region_.persons.data())].empty(); };
      LIBMPI_RETURN_IF_ERROR(TakeConsents(0, other.get(), keys, new_here));
      libmpi::AbsorbOptions options;
      options.name = name;
      options.threads = options_.threads;
      LIBMPI_ASSIGN_OR_RETURN(
          const libmpi::AbsorbAnswer answer,
          network_->network().Absorb(other->registry(), options, SimulatedNetwork::Office(Profession::kOperator, Purpose::kOperations)));
      records += counts.records - counts.refused;
      created += answer.created;
      network_->Take(other->said());
      for (const auto& [p, key] : registered_[other.get()]) registered_[network_.get()][p] = key;
      withdrawn_[network_.get()].insert(withdrawn_[other.get()].begin(), withdrawn_[other.get()].end());
      registered_.erase(other.get());
      withdrawn_.erase(other.get());
      LIBMPI_ASSIGN_OR_RETURN(const Expectation theirs, Expectation::Of(other.get()));
      for (const Expectation::Person& person : theirs.persons()) {
        ++ids;
        const auto found = network_->registry().Find(RecordKey{name, person.id.ToString(), 0});
        // With the first of its records; persons of one area may be parted by what another knows.
        answering += found.ok() && std::ranges::any_of(person.identifiers, [&](const RecordKey& key) {
          return std::ranges::binary_search(found->identifiers, key);
        });
      }
      for (size_t p = 0; p < keys.size(); ++p) keys_[p].insert(keys_[p].end(), keys[p].begin(), keys[p].end());
    }
    LIBMPI_RETURN_IF_ERROR(SetMembers(-1));
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<std::string> findings, network_->registry().Verify(network_->threads(), nullptr));
    needs_[Need::kAbsorb] = {Need::kAbsorb, records > 0 && created == records && answering == ids && findings.empty(),
                             OutOf(created, records) + " records of " + std::to_string(config_.areas - 1) +
                                 " other networks taken in, " + OutOf(answering, ids) +
                                 " of their IDs answer; the persons are what one registry makes of all (" +
                                 std::to_string(findings.size()) + " findings)"};
    return absl::OkStatus();
  }

  // The index before this one had one person in fifty wrong.
  absl::Status TakeOverOldIndex() {
    std::vector<libmpi::InheritedPerson> old;
    libmpi::Random random(libmpi::HashCombine(options_.seed, 99));
    uint64_t errors = 0;
    for (uint32_t p = 0; p < region_.persons.size(); ++p) {
      if (keys_[p].empty()) continue;
      const bool wrong = random.Between(0, 999) < kOldErrorsPermille;
      const std::string id = "M" + std::to_string(100000000 + p);
      if (wrong && keys_[p].size() > 1) {
        ++errors;
        old.push_back({id + "A", {}, {keys_[p].begin(), keys_[p].begin() + 1}});
        old.push_back({id, {}, {keys_[p].begin() + 1, keys_[p].end()}});
      } else {
        old.push_back({id, {}, keys_[p]});
      }
    }
    libmpi::TakeoverOptions options;
    options.index = kOldIndex;
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::TakeoverAnswer answer,
                            libmpi::TakeOver(&network_->registry(), old, options, {"simulation", "takeover"}));
    uint64_t answering = 0;
    for (const libmpi::InheritedPerson& person : old) {
      const auto found = network_->registry().Find(RecordKey{kOldIndex, person.id, 0});
      answering += found.ok() && std::ranges::any_of(person.records, [&](const RecordKey& key) {
        return std::ranges::binary_search(found->identifiers, key);
      });
    }
    needs_[Need::kTakeover] = {Need::kTakeover, !old.empty() && answering == old.size() && answer.unknown_records == 0,
                               OutOf(answering, old.size()) + " IDs of the index before answer; it had " +
                                   std::to_string(errors) + " persons split, and where it and the registry differ " +
                                   std::to_string(answer.disagreements.size()) + " entries are to be worked through"};
    return absl::OkStatus();
  }

  absl::Status Conclude() {
    LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(network_.get()));
    OutOfPlace out_of_place;
    result_.accuracy = Judge(region_, expected, &out_of_place);
    result_.unknown_records = out_of_place.unknown;
    result_.lost_records = out_of_place.lost;
    LIBMPI_ASSIGN_OR_RETURN(const auto review, network_->registry().Review(1'000'000));
    result_.review = review.size();
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::Registry::Stats stats, network_->registry().GetStats());
    result_.held = stats.held;
    result_.registry_bytes = stats.file_bytes;
    result_.said_consents = network_->said().size();
    NoteDayNeeds();
    const auto begin = std::chrono::steady_clock::now();
    const NeedContext context{config_, region_, *network_, partner_.get(), anchors_, options_.seed};
    for (const Need need : config_.needs) {
      if (!IsCheckedAtTheEnd(need)) {
        result_.needs.push_back(needs_[need]);
        continue;
      }
      LIBMPI_ASSIGN_OR_RETURN(NeedResult checked, CheckNeed(need, context));
      result_.needs.push_back(std::move(checked));
    }
    Spent("needs checked", begin);
    return absl::OkStatus();
  }

  void NoteDayNeeds() {
    if (config_.Has(Need::kConsentsAnew))
      needs_[Need::kConsentsAnew] = {Need::kConsentsAnew, before_ > 0 && at_the_turn_ == 0 && result_.days.back().registered > 0,
                                     std::to_string(before_) + " had registered; at the turn " + std::to_string(at_the_turn_) +
                                         " count, at the end " + std::to_string(result_.days.back().registered)};
    if (config_.Has(Need::kMassWithdrawal))
      needs_[Need::kMassWithdrawal] = {Need::kMassWithdrawal, before_ > 2 * at_the_turn_ && at_the_turn_ > 0,
                                       std::to_string(before_) + " were registered the day before, " +
                                           std::to_string(at_the_turn_) + " after it; questions of the days after are among those judged"};
    if (config_.Has(Need::kExtendedStorage))
      needs_[Need::kExtendedStorage] = {Need::kExtendedStorage, extended_documents_ > 0 && result_.import.unknown == result_.extended_storages && result_.unknown_records == 0,
                                        std::to_string(extended_documents_) + " documents in " + std::to_string(result_.import.unknown) +
                                            " extended storages beside the standard ones: told of, and no patients made of them"};
  }

  // The same rows, each with all that its facility's list has.
  absl::Status LinkAsLists() {
    std::vector<const SimulatedRow*> last;
    std::unordered_map<std::string, size_t> place;
    for (const SimulatedRow& row : region_.rows) {
      if (region_.facilities[row.facility].of_partner) continue;
      const auto [it, added] = place.try_emplace(TruthKey(row.record.key), last.size());
      if (added) last.push_back(&row);
      else last[it->second] = &row;
    }
    std::ranges::sort(last, {}, [](const SimulatedRow* row) { return row->record.key; });
    const std::string folder = folder_ + "/as-lists";
    {
      LIBMPI_ASSIGN_OR_RETURN(const auto lists, SimulatedNetwork::Create(folder, kRootOid, options_.threads));
      LIBMPI_RETURN_IF_ERROR(lists->registry()
                                 .BulkLoad(
                                     last.size(), [&](size_t i, libmpi::RecordView* view) { view->Assign(last[i]->record); },
                                     {"simulation", "lists"}, network_->threads(), nullptr)
                                 .status());
      LIBMPI_ASSIGN_OR_RETURN(const Expectation found, Expectation::Of(lists.get()));
      OutOfPlace unused;
      result_.as_lists = Judge(region_, found, &unused);
    }
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    return absl::OkStatus();
  }

  const NetworkConfig& config_;
  const SimulationOptions options_;
  const std::string folder_;
  SimulatedRegion region_;
  std::unique_ptr<SimulatedNetwork> network_, partner_;
  std::vector<std::vector<RecordKey>> keys_, partner_keys_;  // by person, that the registry was sent so far
  std::map<const SimulatedNetwork*, std::unordered_map<uint32_t, RecordKey>> registered_;
  std::map<const SimulatedNetwork*, std::unordered_set<uint32_t>> withdrawn_;
  std::vector<libmpi::AuditHead> anchors_;
  std::map<Need, NeedResult> needs_;
  uint64_t before_ = 0, at_the_turn_ = 0, extended_documents_ = 0;
  SimulationResult result_;
};

}  // namespace

bool SimulationResult::Good() const {
  const bool answers = questions.asked > 0 && questions.right == questions.asked && questions.wrong.empty();
  const bool nothing_lost = unknown_records == 0 && lost_records == 0 && import.unreadable == 0 && import.rejected == 0 &&
                            import.refused == 0 && import.unknown == extended_storages && refused_consents == 0;
  return answers && nothing_lost && std::ranges::all_of(needs, [](const NeedResult& need) { return need.good; });
}

absl::StatusOr<SimulationResult> Simulate(const NetworkConfig& config, const SimulationOptions& options,
                                          const std::string& folder, const libmpi::ProgressCallback& progress) {
  const int least_days = config.Has(Need::kConsentsAnew) ? 3 : config.Has(Need::kMassWithdrawal) ? 2 : 0;
  if (options.days < least_days)
    return absl::InvalidArgumentError("what happens to this network's consents takes " + std::to_string(least_days) +
                                      " days at least");
  return Simulation(config, options, folder).Run(progress);
}

}  // namespace nayose
