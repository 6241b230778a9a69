// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/simulated_region.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "libmpi/evaluation/random.h"
#include "libmpi/evaluation/region.h"

namespace nayose {
namespace {

using libmpi::FeedFormat;

constexpr int kKinds = 5;
// Of the rows, which come in on the first day: what the facilities had before.
constexpr int kBeforePercent = 75;
// Of the registered, who did so before the first day.
constexpr int kRegisteredBeforePercent = 80;
// Of those registered, per mille: who withdraws in the time; who registers for one facility alone.
constexpr int kWithdrawPermille = 20, kForOnePermille = 20;
// So many facilities has the other network, of this one's; of those registered here, who have registered there as well.
constexpr int kPartnerPercent = 25, kInPartnerPercent = 70;
constexpr double kRevised = 0.03;

uint64_t Scaled(uint64_t count, double scale, uint64_t least) {
  return std::max<uint64_t>(least, static_cast<uint64_t>(std::llround(static_cast<double>(count) * scale)));
}

class RegionMaker {
 public:
  RegionMaker(const NetworkConfig& config, const SimulationOptions& options)
      : config_(config), options_(options), random_(libmpi::HashCombine(options.seed, 4711)) {}

  SimulatedRegion Make() {
    libmpi::RegionOptions region;
    const uint64_t registered =
        Scaled(std::max(config_.registered, config_.registered_before), options_.scale, 60);
    region.persons = registered + registered * static_cast<uint64_t>(config_.unregistered_percent) / 100;
    region.seed = libmpi::HashCombine(options_.seed, libmpi::HashBytes(config_.name));
    region.revised = kRevised;
    CountFacilities(&region);
    for (const Member& member : config_.members)
      if (member.persons_percent > 0)
        region.registers.push_back({member.name, member.persons_percent, member.kana_only, member.has_coverage,
                                    member.has_address, member.has_phone});
    MakeFacilities(region);
    registered_share_ = static_cast<double>(registered) / static_cast<double>(region.persons);
    libmpi::GenerateRegion(region, [&](const libmpi::RegionRow& row) { Take(row); });
    std::stable_sort(made_.rows.begin(), made_.rows.end(), [](const SimulatedRow& a, const SimulatedRow& b) {
      return std::pair(a.day, a.facility) < std::pair(b.day, b.facility);
    });
    return std::move(made_);
  }

 private:
  void CountFacilities(libmpi::RegionOptions* region) {
    const auto institutions = static_cast<double>(Scaled(config_.institutions, options_.scale, 5));
    for (int kind = 0; kind < kKinds; ++kind) {
      const int permille = config_.kinds_permille[kind];
      if (permille == 0) continue;
      const auto share = static_cast<uint64_t>(std::llround(institutions * permille / 1000));
      own_[kind] = std::max<uint64_t>({1, share, FeedsOf(kind).size()});
      // The other network's are beside them, in the same region.
      const uint64_t others = config_.Has(Need::kInterconnected) ? std::max<uint64_t>(1, own_[kind] * kPartnerPercent / 100) : 0;
      region->facilities[kind] = own_[kind] + others;
    }
    region->only_these_facilities = true;
  }

  std::vector<const KindFeed*> FeedsOf(int kind) const {
    const std::string name = libmpi::FacilityKinds()[static_cast<size_t>(kind)];
    std::vector<const KindFeed*> feeds;
    for (const KindFeed& feed : config_.feeds)
      if (feed.kind == name) feeds.push_back(&feed);
    return feeds;
  }

  void MakeFacilities(const libmpi::RegionOptions& region) {
    for (int kind = 0; kind < kKinds; ++kind) {
      const std::vector<const KindFeed*> feeds = FeedsOf(kind);
      const uint64_t count = region.facilities[kind];
      for (uint64_t i = 0; i < count; ++i) {
        SimulatedFacility f;
        f.facility.name = libmpi::FacilitySource(static_cast<size_t>(kind), static_cast<int>(i + 1));
        f.facility.kind = libmpi::FacilityKinds()[static_cast<size_t>(kind)];
        f.facility.feeds = f.sends = !feeds.empty();
        f.of_partner = i >= own_[kind];
        if (!feeds.empty()) Send(*FeedAt(feeds, f.of_partner ? i - own_[kind] : i, own_[kind]), &f);
        Add(std::move(f), static_cast<size_t>(kind));
      }
    }
    for (const Member& member : config_.members) {
      SimulatedFacility f;
      f.facility.name = member.name;
      f.facility.kind = member.kind;
      f.facility.feeds = f.sends = member.persons_percent > 0;
      f.facility.queries = member.queries;
      f.format = member.format;
      f.columns = member.columns;
      f.charset = member.charset;
      f.emergencies = member.emergencies;
      Add(std::move(f), kKinds);
    }
  }

  static void Send(const KindFeed& feed, SimulatedFacility* f) {
    f->format = feed.format;
    f->columns = feed.columns;
    f->charset = feed.charset;
  }

  // By shares, but each one at least once where there are facilities enough.
  static const KindFeed* FeedAt(const std::vector<const KindFeed*>& feeds, uint64_t i, uint64_t count) {
    if (i < feeds.size()) return feeds[i];
    const double at = (static_cast<double>(i - feeds.size()) + 0.5) * 100 / static_cast<double>(count - feeds.size());
    double up_to = 0;
    for (const KindFeed* feed : feeds)
      if (at < (up_to += feed->percent)) return feed;
    return feeds.back();
  }

  void Add(SimulatedFacility f, size_t kind) {
    const auto index = static_cast<uint32_t>(made_.facilities.size());
    f.institution = InstitutionCode(config_.prefecture, kind, index);
    made_.facility_of[f.facility.name] = index;
    // Files of these name whose the numbers are, by the institution's code.
    if (f.sends && NamesItself(f.format)) f.facility.name = f.institution;
    if (f.sends) f.facility.authorities = {f.facility.name};
    if (config_.areas > 1 && kind < kKinds) f.area = static_cast<int>(index) % config_.areas;
    if (config_.Has(Need::kTenants) && kind < kKinds) f.facility.tenant = "area" + std::to_string(f.area + 1);
    made_.facilities.push_back(std::move(f));
  }

  void Take(const libmpi::RegionRow& row) {
    const auto it = made_.facility_of.find(row.source);
    if (it == made_.facility_of.end() || !made_.facilities[it->second].sends) return;
    const uint32_t facility = it->second;
    SimulatedRow taken;
    taken.facility = facility;
    taken.person = PersonOf(row.person);
    taken.record = libmpi::RecordOf(row);
    taken.record.key.source = made_.facilities[facility].facility.name;
    taken.record.Normalize();
    const std::string key = TruthKey(taken.record.key);
    const auto before = first_day_.find(key);
    // A revision comes later than what it revises.
    if (before != first_day_.end())
      taken.day = options_.days == 0 ? 0 : std::max(before->second, random_.Between(1, options_.days));
    else
      taken.day = random_.Between(0, 99) < kBeforePercent || options_.days == 0 ? 0 : random_.Between(1, options_.days);
    first_day_.try_emplace(key, taken.day);
    made_.person_of[key] = taken.person;
    made_.rows.push_back(std::move(taken));
  }

  uint32_t PersonOf(uint64_t truth) {
    const auto [it, added] = person_index_.try_emplace(truth, static_cast<uint32_t>(made_.persons.size()));
    if (added) made_.persons.push_back(DrawPerson());
    return it->second;
  }

  SimulatedPerson DrawPerson() {
    SimulatedPerson person;
    if (!random_.Chance(registered_share_)) return person;
    const int days = options_.days;
    const bool before = config_.Has(Need::kConsentsAnew) ? false : random_.Between(0, 99) < kRegisteredBeforePercent;
    const int first = config_.Has(Need::kConsentsAnew) ? std::min(2, days) : std::min(1, days);
    person.registers = before || days == 0 ? 0 : random_.Between(first, days);
    person.for_one_facility = random_.Between(0, 999) < kForOnePermille;
    person.in_partner = random_.Between(0, 99) < kInPartnerPercent;
    if (config_.Has(Need::kMassWithdrawal)) {
      const double stay = static_cast<double>(config_.registered) / static_cast<double>(config_.registered_before);
      person.registers = 0;
      if (!random_.Chance(stay)) person.withdraws = std::max(1, days / 2);
    } else if (random_.Between(0, 999) < kWithdrawPermille && person.registers < days) {
      person.withdraws = random_.Between(person.registers + 1, days);
    }
    return person;
  }

  const NetworkConfig& config_;
  const SimulationOptions& options_;
  libmpi::Random random_;
  std::array<uint64_t, kKinds> own_{};  // of the network itself, not of the other one
  double registered_share_ = 1;
  SimulatedRegion made_;
  std::unordered_map<uint64_t, uint32_t> person_index_;
  std::unordered_map<std::string, int> first_day_;
};

}  // namespace

// 1 medical, 3 dental, 4 pharmacy, 6 home-visit nursing and care: as institutions' codes are.
std::string InstitutionCode(const std::string& prefecture, size_t kind, uint32_t number) {
  constexpr char kDigits[] = {'1', '1', '4', '3', '6'};
  char text[24];
  std::snprintf(text, sizeof text, "%s%c%07u", prefecture.c_str(), kind < kKinds ? kDigits[kind] : '9', 1000000 + number);
  return text;
}

libmpi::CivilDate DayNumber(int day) {
  using namespace std::chrono;
  const year_month_day date = sys_days(year(kFirstDay.year) / kFirstDay.month / kFirstDay.day) + std::chrono::days(day);
  return {static_cast<int16_t>(static_cast<int>(date.year())), static_cast<uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<uint8_t>(static_cast<unsigned>(date.day()))};
}

bool NamesItself(FeedFormat format) { return format == FeedFormat::kFhir || format == FeedFormat::kDicom; }

std::string TruthKey(const libmpi::RecordKey& key) { return key.source + "\x1f" + key.record_id; }

SimulatedRegion MakeSimulatedRegion(const NetworkConfig& config, const SimulationOptions& options) {
  return RegionMaker(config, options).Make();
}

}  // namespace nayose
