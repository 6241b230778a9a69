// SPDX-License-Identifier: Apache-2.0
// Invented persons in families, and what happens to them over the years.
#ifndef LIBMPI_EVALUATION_POPULATION_H_
#define LIBMPI_EVALUATION_POPULATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libmpi/evaluation/cards.h"
#include "libmpi/evaluation/name_pool.h"
#include "libmpi/evaluation/places.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/record/features.h"

namespace libmpi {

// The years in which facilities wrote people down.
inline constexpr int kFirstYear = 2018;
inline constexpr int kLastYear = 2026;

// Holds from a year on, until the next one of its kind.
template <typename T>
struct Since {
  int year;
  T value;
};

// What held in a year; before the first entry, the first. REQUIRES: not empty, sorted by year.
template <typename T>
const T& At(const std::vector<Since<T>>& history, int year) {
  const T* now = &history.front().value;
  for (const Since<T>& item : history)
    if (item.year <= year) now = &item.value;
  return *now;
}

// From `year` on it is `value`; what was planned for later no longer happens.
template <typename T>
void Change(std::vector<Since<T>>* history, int year, T value) {
  while (!history->empty() && history->back().year >= year) history->pop_back();
  history->push_back({year, std::move(value)});
}

struct Person {
  uint64_t id = 0;
  uint64_t twin = 0;                    // the other one's id; 0: none in the region
  bool female = false;
  CivilDate birth;
  NameText given;
  NameText born_as;                     // family name at birth; empty: not told yet
  std::vector<Since<NameText>> family;  // marriages and divorces
  bool foreign = false;
  ForeignName foreign_name;
  NameText alias;                       // 通称名: a Japanese family name; empty: none
  std::vector<Since<Place>> places;
  std::vector<Since<Card>> cards;
  std::vector<Since<CareCard>> care;    // empty: not in need of care
  std::string mobile;                   // empty: none
  std::string family_mobile;            // of a mother, or of a daughter who cares
  int Age(int year) const { return year - birth.year; }
};

// What happened, for RegionStatistics.
struct FamilyEvents {
  int households = 0, twin_pairs = 0, movers = 0, name_changes = 0, insurer_changes = 0,
      turned_75 = 0, foreign_persons = 0;
};

// One home and those who live in it today.
struct Home {
  Place place;
  std::vector<size_t> members;  // positions in Family::persons; the first two may be a couple
  bool couple = false;
  bool aged = false;            // a home for the aged
};

// A family: parents and children under one roof, and those who have left it.
struct Family {
  std::vector<Person> persons;
  std::vector<Home> homes;
  FamilyEvents events;
};

// Makes families one after another, each from the seed and its number alone. Not thread-safe.
class Population {
 public:
  // `persons`: size of the region; `name_power` as in NamePool.
  Population(uint64_t seed, uint64_t persons, double name_power = 1);
  Family Next();
  const NamePool& names() const { return names_; }

 private:
  enum class Kind { kAlone, kCouple, kParents, kOneParent, kThreeGenerations, kOldParent };
  Kind DrawKind();
  Home MakeFirstHome(Kind kind, Family* family);
  CivilDate DrawBirth(int year);
  int DrawHeadAge(Kind kind);
  size_t AddPerson(Family* family, Home* home, bool female, int birth_year, const NameText& name);
  void AddTwin(Family* family, Home* home, size_t first);
  void AddSpouse(Family* family, Home* home, const NameText& name);
  void AddChildren(Family* family, Home* home, const NameText& name);
  void NameAfter(const NameText& other, const Family& family, Person* person);
  void AddGrandparents(Family* family, Home* home, const NameText& name);
  void SettleChild(Family* family, size_t child);
  void SettleTwinElsewhere(Family* family, size_t first);
  void NameForeign(Family* family);

  NamePool names_;
  PlacePool places_;
  CardIssuer cards_;
  Random random_;
  uint64_t next_id_ = 1;
};

// Adds moves, marriages, divorces, insurance, telephones and care to a family that has none yet.
class LifeCourse {
 public:
  LifeCourse(const NamePool& names, const PlacePool& places, CardIssuer* cards,
             Random* random)
      : names_(names), places_(places), cards_(*cards), random_(*random) {}
  void Live(Family* family);

 private:
  using CardHistory = std::vector<Since<Card>>;
  void Settle(Family* family, const Home& home);
  int Marry(Family* family, const Home& home);    // the year; 0: not in these years
  int Divorce(Family* family, const Home& home);  // the same
  void Insure(Family* family, const Home& home);
  CardHistory NationalCards(const Person& of);
  CardHistory EmployerCards(const Person& subscriber, FamilyEvents* events);
  void InsureCoupleApart(Family* family, const Home& home, int until);
  void InsureByFormerHusband(Family* family, const Home& home, int until);
  void TurnSeventyFive(Person* person, FamilyEvents* events);
  void Telephone(Family* family, const Home& home);
  void NeedCare(Person* person);
  int AnyYear() { return random_.Between(kFirstYear, kLastYear); }

  const NamePool& names_;
  const PlacePool& places_;
  CardIssuer& cards_;
  Random& random_;
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_POPULATION_H_
