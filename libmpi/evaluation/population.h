// SPDX-License-Identifier: Apache-2.0
// Invented persons in households, and what happens to them over the years.
#ifndef LIBMPI_EVALUATION_POPULATION_H_
#define LIBMPI_EVALUATION_POPULATION_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/record/features.h"
#include "libmpi/text/names.h"

namespace libmpi {

// The years in which facilities wrote people down.
inline constexpr int kFirstYear = 2018;
inline constexpr int kLastYear = 2026;

struct NameText {
  std::string kanji;
  std::string kana;
};

struct Place {
  int city = 0;
  int town = 0;
  int chome = 1, ban = 1, go = 1;
  std::string building;  // empty: a house
  std::string landline;  // digits
};

struct Card {
  std::string insurer;  // as printed: 6 or 8 digits
  std::string symbol;
  std::string number;
};

// Since a year, until the next one of its kind.
template <typename T>
struct Since {
  int year;
  T value;
};

struct Person {
  uint64_t id = 0;
  bool female = false;
  CivilDate birth;
  NameText given;
  std::vector<Since<NameText>> family;  // marriages
  bool foreign = false;
  std::string latin_family, latin_given;
  NameText alias_family;                // 通称名
  std::vector<Since<Place>> places;
  std::vector<Since<Card>> cards;
  std::string branch;                   // on the household's card
  std::string mobile;
  std::string care_number, care_insurer;
};

struct Household {
  std::vector<Person> persons;
  int twin_pairs = 0;
  int moved = 0, married = 0, changed_insurer = 0, turned_75 = 0, foreign = 0;
};

// A region's towns; names of places are real, blocks and people are not.
struct City {
  std::string name;
  std::string insurer;  // of its national health insurance
  std::string area_code;
  std::string postal;   // first three digits
};
const std::vector<City>& Cities();
const std::vector<std::string>& Towns();
inline constexpr const char* kPrefecture = "宮城県";

template <typename T>
const T& At(const std::vector<Since<T>>& history, int year) {
  const T* now = &history.front().value;
  for (const Since<T>& item : history)
    if (item.year <= year) now = &item.value;
  return *now;
}

// Makes households one after another. Deterministic by seed.
class Population {
 public:
  explicit Population(uint64_t seed);
  Household Next();

  // A given name of the same reading in other kanji, or the name itself.
  NameText Homophone(const NameText& given, Random* random) const;

 private:
  NameText DrawGiven(bool female, int year, const NameText* like);
  NameText DrawFamily();
  Place DrawPlace();
  Card DrawCard(const Place& place);
  CivilDate DrawBirth(int low, int high);
  Person MakePerson(const NameText& family, const Place& place, const Card& card, bool female,
                    const CivilDate& birth, const NameText* like);
  void AddChildren(Household* household, const NameText& family, const Place& place,
                   const Card& card, int mother_year, const NameText* father);
  void LiveOn(Household* household);
  void MarryOff(Person* person, Household* household);
  void MakeForeign(Household* household);
  std::string Digits(int count);

  Random random_;
  uint64_t next_id_ = 1;
  WeightedChoice families_;
  std::array<std::array<WeightedChoice, 6>, 2> given_;  // sex, cohort
  std::array<std::vector<uint32_t>, 2> given_index_;
  absl::flat_hash_map<std::string, std::vector<uint32_t>> by_kana_;
};

// Appends the check digit of insurer numbers (facts: formats.md 4a).
std::string WithCheckDigit(std::string digits);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_POPULATION_H_
