// SPDX-License-Identifier: Apache-2.0
// Where the invented persons live. Names of cities are real, towns and blocks are not.
#ifndef LIBMPI_EVALUATION_PLACES_H_
#define LIBMPI_EVALUATION_PLACES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/evaluation/random.h"

namespace libmpi {

inline constexpr std::string_view kPrefecture = "宮城県";

struct City {
  std::string name;         // with 郡, as in 柴田郡大河原町
  std::string insurer;      // of its 国保 and of care insurance, 6 digits; the wards of a city share it
  std::string elderly_insurer;  // 39..., 8 digits
  std::string area_code;    // of its land lines
  std::string postal;       // first three digits of its postal codes
  int per_thousand = 0;     // of the region's people
};
const std::vector<City>& Cities();

// Towns have numbers; Name gives their text.
inline constexpr int kTowns = 300;
std::string TownName(int town);

struct Place {
  int city = 0;
  int town = 0;
  int chome = 0;         // 丁目; 0: the town has none (地番)
  int ban = 1, go = 1;   // 番, 号
  std::string building;  // with the room; empty: a house
  std::string landline;  // digits; empty: none
};

// The postal code of a place, "NNN-NNNN".
std::string PostalCode(const Place& place);

// Draws homes. Houses are hardly ever shared by strangers; blocks of flats are by about seven
// households, homes for the aged by fifty persons and one telephone.
class PlacePool {
 public:
  // `persons`: size of the region, which the number of buildings follows.
  PlacePool(uint64_t seed, uint64_t persons);

  Place Draw(Random* random) const;
  Place DrawIn(int city, Random* random) const;
  Place DrawHomeForAged(Random* random) const;

 private:
  Place Block(uint64_t key, int city) const;

  uint64_t seed_;
  uint64_t buildings_per_mille_;  // blocks of flats in a city of one per mille of the people
  uint64_t homes_for_aged_;
  WeightedChoice cities_;
};

// Appends the check digit of insurer numbers (facts: formats.md 4a).
std::string WithCheckDigit(std::string digits);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_PLACES_H_
