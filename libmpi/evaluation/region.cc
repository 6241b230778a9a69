// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/region.h"

#include <algorithm>

#include "libmpi/evaluation/facility.h"
#include "libmpi/evaluation/population.h"

namespace libmpi {
namespace {

// Persons a facility of each kind serves in one region.
constexpr uint64_t kPersonsPerFacility[kFacilityKinds] = {7000, 2200, 2600, 3500, 5000};
constexpr double kTwiceRegistered = 0.025;

class Region {
 public:
  Region(const RegionOptions& options, const std::function<void(const RegionRow&)>& sink)
      : options_(options), sink_(sink), random_(HashCombine(options.seed, 77)), population_(options.seed) {
    for (int kind = 0; kind < kFacilityKinds; ++kind) {
      const uint64_t count = 3 + options.persons / kPersonsPerFacility[kind];
      for (uint64_t n = 1; n <= count; ++n)
        facilities_[kind].emplace_back(static_cast<FacilityKind>(kind), static_cast<int>(n),
                                       options.seed, options.dirt);
    }
  }

  RegionStatistics Make() {
    while (statistics_.persons < options_.persons) {
      const Household household = population_.Next();
      ++statistics_.households;
      statistics_.twin_pairs += household.twin_pairs;
      statistics_.movers += household.moved;
      statistics_.married_name_changes += household.married;
      statistics_.insurer_changes += household.changed_insurer;
      statistics_.turned_75 += household.turned_75;
      statistics_.foreign_persons += household.foreign;
      for (const Person& person : household.persons) {
        ++statistics_.persons;
        Visit(person);
      }
    }
    return statistics_;
  }

 private:
  // Older people see more facilities; few see many.
  int VisitCount(const Person& person) {
    const uint64_t x = random_.Below(100);
    int visits = x < 52 ? 1 : x < 80 ? 2 : x < 92 ? 3 : x < 97 ? 4 : x < 99 ? 5 : 6;
    if (person.birth.year < 1957 && random_.Chance(0.4)) ++visits;
    return visits;
  }

  Facility& Choose(const Person& person) {
    const uint64_t x = random_.Below(100);
    int kind = x < 28 ? 0 : x < 56 ? 1 : x < 78 ? 2 : x < 92 ? 3 : 4;
    if (kind == 4 && person.care_number.empty() && !random_.Chance(0.2)) kind = 1;
    std::vector<Facility>& all = facilities_[kind];
    return all[random_.Below(all.size())];
  }

  void Visit(const Person& person) {
    std::vector<const Facility*> seen;
    for (int visits = VisitCount(person); visits > 0; --visits) {
      Facility& facility = Choose(person);
      if (std::find(seen.begin(), seen.end(), &facility) != seen.end()) continue;
      seen.push_back(&facility);
      WriteOnce(&facility, person);
      if (random_.Chance(kTwiceRegistered)) WriteOnce(&facility, person);
    }
  }

  void WriteOnce(Facility* facility, const Person& person) {
    const int first = std::max<int>(kFirstYear, person.birth.year);
    const int year = std::max(random_.Between(first, kLastYear), random_.Between(first, kLastYear));
    sink_(facility->Write(person, year, population_, &statistics_));
    ++statistics_.records;
  }

  const RegionOptions& options_;
  const std::function<void(const RegionRow&)>& sink_;
  Random random_;
  Population population_;
  std::vector<Facility> facilities_[kFacilityKinds];
  RegionStatistics statistics_;
};

}  // namespace

std::vector<std::string> FacilityKinds() {
  return {"hospital", "clinic", "pharmacy", "dental", "care"};
}

RegionStatistics GenerateRegion(const RegionOptions& options,
                                const std::function<void(const RegionRow&)>& sink) {
  return Region(options, sink).Make();
}

}  // namespace libmpi
