// SPDX-License-Identifier: Apache-2.0
// A facility with its habits, writing persons down.
#ifndef LIBMPI_EVALUATION_FACILITY_H_
#define LIBMPI_EVALUATION_FACILITY_H_

#include <cstdint>
#include <string>

#include "libmpi/evaluation/habits.h"
#include "libmpi/evaluation/population.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/evaluation/region.h"

namespace libmpi {

// When a person came. The card is looked at every month, the name when the card changes, the
// address only when someone asks.
struct Visit {
  int registered = kLastYear;  // the address may be as old as this
  int last = kLastYear;        // name and card are as of this year, mostly
};

// Habits are fixed for a facility; errors happen by chance. Not thread-safe.
class Facility {
 public:
  // `number`: from 1, among those of its kind. `dirt` multiplies every error rate.
  Facility(FacilityKind kind, int number, const Habits& habits, uint64_t seed, double dirt);

  // A register: writes everybody the same way, under a name of its own.
  Facility(const RegionRegister& as, size_t number, uint64_t seed);

  // Writes a person down under a new local number. Counts what happened.
  RegionRow Write(const Person& person, const Visit& visit, const NamePool& names,
                  RegionStatistics* statistics);

  FacilityKind kind() const { return kind_; }
  int city() const { return habits_.city; }

 private:
  struct NameParts {
    NameText family, given;
  };
  void WriteJapaneseName(const Person& person, int year, const NamePool& names, RegionRow* row);
  NameParts MisheardName(const Person& person, int year, const NamePool& names);
  void FitMachine(std::string* kanji);
  std::string WriteKanji(const NameParts& kanji, bool unsplit, const Person& person, int year);
  std::string WriteKana(const NameParts& kana, bool unsplit);
  void WriteRomaji(const NameParts& parts, RegionRow* row);
  void WriteForeignName(const Person& person, RegionRow* row);
  std::string WriteLatin(const ForeignName& name);
  void WriteBirth(const Person& person, RegionRow* row);
  void WriteSex(const Person& person, RegionRow* row);
  void WriteCoverage(const Person& person, const Visit& visit, RegionRow* row);
  void WriteBranch(const Card& card, int age, int year, RegionRow* row);
  void WriteCare(const Person& person, int year, RegionRow* row);
  void WriteAddress(const Place& place, RegionRow* row);
  std::string WriteStreet(const Place& place);
  void WritePhone(const Person& person, const Place& place, int age, RegionRow* row);
  std::string NextId();

  // True where an error of that rate happens; counts it.
  bool Slips(double rate);

  FacilityKind kind_;
  Habits habits_;
  double dirt_;
  std::string source_;
  uint64_t written_ = 0;
  uint64_t id_offset_;
  Random random_;
  RegionStatistics* statistics_ = nullptr;  // of the Write under way
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_FACILITY_H_
