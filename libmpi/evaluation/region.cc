// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/region.h"

#include <algorithm>
#include <array>
#include <vector>

#include "libmpi/evaluation/facility.h"
#include "libmpi/evaluation/habits.h"
#include "libmpi/evaluation/population.h"

namespace libmpi {
namespace {

// Persons a facility of each kind serves in one region.
constexpr uint64_t kPersonsPerFacility[kFacilityKinds] = {9000, 2200, 2600, 3500, 6000};
constexpr uint64_t kFewest[kFacilityKinds] = {3, 6, 6, 4, 4};
constexpr double kTwiceRegistered = 0.02;
constexpr double kNearby = 0.75;  // of visits outside hospitals: in one's own city

class Region {
 public:
  Region(const RegionOptions& options, const std::function<void(const RegionRow&)>& sink)
      : options_(options),
        sink_(sink),
        random_(HashCombine(options.seed, 77)),
        population_(options.seed, options.persons, options.name_power) {
    for (int kind = 0; kind < kFacilityKinds; ++kind) {
      const auto k = static_cast<FacilityKind>(kind);
      const uint64_t usual = options.only_these_facilities ? 0 : kFewest[kind] + options.persons / kPersonsPerFacility[kind];
      const uint64_t count = options.facilities[static_cast<size_t>(kind)] > 0 ? options.facilities[static_cast<size_t>(kind)] : usual;
      by_city_[kind].resize(Cities().size());
      int number = 0;
      for (const Habits& habits : DealHabits(k, count, options.seed)) {
        by_city_[kind][habits.city].push_back(facilities_[kind].size());
        facilities_[kind].emplace_back(k, ++number, habits, options.seed, options.dirt);
      }
    }
    for (size_t i = 0; i < options.registers.size(); ++i) registers_.emplace_back(options.registers[i], i, options.seed);
  }

  RegionStatistics Make() {
    while (statistics_.persons < options_.persons) {
      const Family family = population_.Next();
      Count(family.events);
      for (const Person& person : family.persons) {
        ++statistics_.persons;
        Visits(person);
        Register(person);
      }
    }
    return statistics_;
  }

 private:
  void Count(const FamilyEvents& events) {
    statistics_.households += events.households;
    statistics_.twin_pairs += events.twin_pairs;
    statistics_.movers += events.movers;
    statistics_.married_name_changes += events.name_changes;
    statistics_.insurer_changes += events.insurer_changes;
    statistics_.turned_75 += events.turned_75;
    statistics_.foreign_persons += events.foreign_persons;
  }

  // Older people see more facilities; few see many.
  int VisitCount(const Person& person) {
    constexpr std::array<int, 5> kUpTo[] = {
        {60, 86, 95, 98, 99}, {46, 76, 90, 96, 99}, {36, 66, 84, 93, 98}};
    const int age = person.Age(kLastYear);
    const std::array<int, 5>& up_to = kUpTo[age < 40 ? 0 : age < 70 ? 1 : 2];
    const int x = random_.Between(0, 99);
    int count = 1;
    for (int limit : up_to) count += x >= limit;
    return count;
  }

  FacilityKind DrawKind(const Person& person) {
    const uint64_t x = random_.Below(100);
    if (!person.care.empty() && x < 25) return FacilityKind::kCare;
    const uint64_t y = random_.Below(100);
    return y < 29   ? FacilityKind::kHospital
           : y < 61 ? FacilityKind::kClinic
           : y < 86 ? FacilityKind::kPharmacy
                    : FacilityKind::kDental;
  }

  // Where the region has none of a kind: of the next kind that there is.
  FacilityKind OfThoseThereAre(FacilityKind kind) const {
    auto k = static_cast<int>(kind);
    for (int i = 0; i < kFacilityKinds && facilities_[k].empty(); ++i) k = (k + 1) % kFacilityKinds;
    return static_cast<FacilityKind>(k);
  }

  Facility& Choose(const Person& person, FacilityKind kind, int year) {
    const int k = static_cast<int>(kind);
    const std::vector<uint32_t>& near = by_city_[k][At(person.places, year).city];
    const bool nearby = kind != FacilityKind::kHospital && !near.empty() && random_.Chance(kNearby);
    return facilities_[k][nearby ? random_.Pick(near) : random_.Below(facilities_[k].size())];
  }

  void Visits(const Person& person) {
    std::vector<const Facility*> seen;
    for (int visits = VisitCount(person); visits > 0; --visits) {
      const Visit visit = DrawVisit(person);
      Facility& facility = Choose(person, OfThoseThereAre(DrawKind(person)), visit.registered);
      if (std::find(seen.begin(), seen.end(), &facility) != seen.end()) continue;
      seen.push_back(&facility);
      RegionRow row = facility.Write(person, visit, population_.names(), &statistics_);
      sink_(row);
      if (options_.revised > 0) Revise(person, visit, row.record_id, &facility);
      if (!random_.Chance(kTwiceRegistered)) continue;
      sink_(facility.Write(person, DrawVisit(person), population_.names(), &statistics_));
      ++statistics_.twice_registered_rows;
    }
  }

  // The facility asks again, and writes down what holds now.
  void Revise(const Person& person, const Visit& before, const std::string& record_id, Facility* facility) {
    if (!revised_.Chance(options_.revised)) return;
    RegionStatistics unused;
    RegionRow row = facility->Write(person, {before.last, kLastYear}, population_.names(), &unused);
    row.record_id = record_id;
    row.revision = true;
    ++statistics_.revised_rows;
    sink_(row);
  }

  void Register(const Person& person) {
    for (size_t i = 0; i < registers_.size(); ++i) {
      if (registered_.Between(0, 99) >= options_.registers[i].persons_percent) continue;
      RegionRow row = registers_[i].Write(person, {kLastYear, kLastYear}, population_.names(), &statistics_);
      row.facility_kind = static_cast<uint8_t>(kFacilityKinds + i);
      sink_(row);
    }
  }

  Visit DrawVisit(const Person& person) {
    Visit visit;
    visit.registered = random_.Between(std::max<int>(kFirstYear, person.birth.year), kLastYear);
    visit.last = random_.Between(visit.registered, kLastYear);
    return visit;
  }

  const RegionOptions& options_;
  const std::function<void(const RegionRow&)>& sink_;
  Random random_;
  Random revised_{HashCombine(options_.seed, 78)}, registered_{HashCombine(options_.seed, 79)};
  Population population_;
  std::vector<Facility> facilities_[kFacilityKinds];
  std::vector<std::vector<uint32_t>> by_city_[kFacilityKinds];
  std::vector<Facility> registers_;
  RegionStatistics statistics_;
};

}  // namespace

Record RecordOf(const RegionRow& row) {
  Record record;
  record.key = {row.source, row.record_id, 0};
  StatedName name;
  name.full = row.name;
  name.full_kana = row.kana;
  record.names.push_back(std::move(name));
  if (!row.birth.empty()) record.births.push_back(row.birth);
  if (!row.sex.empty()) record.sexes.push_back(row.sex);
  if (!row.number.empty())
    record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
  if (!row.care_number.empty()) record.care.push_back({row.care_insurer, row.care_number});
  if (!row.city.empty())
    record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
  if (!row.phone.empty()) record.phones.push_back(row.phone);
  return record;
}

std::vector<std::string> FacilityKinds() {
  return {"hospital", "clinic", "pharmacy", "dental", "care"};
}

RegionStatistics GenerateRegion(const RegionOptions& options,
                                const std::function<void(const RegionRow&)>& sink) {
  return Region(options, sink).Make();
}

}  // namespace libmpi
