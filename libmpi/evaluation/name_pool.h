// SPDX-License-Identifier: Apache-2.0
// Names for invented persons: of a region, an age, a country.
#ifndef LIBMPI_EVALUATION_NAME_POOL_H_
#define LIBMPI_EVALUATION_NAME_POOL_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/evaluation/random.h"

namespace libmpi {

// One part of a name.
struct NameText {
  std::string kanji;
  std::string kana;  // katakana as one writes it: small letters small
  bool operator==(const NameText&) const = default;
};

// Japanese names in proportion to the shipped tables (libmpi/text/names.h). Every region has its
// favourite family names on top. Immutable after construction; thread-safe.
class NamePool {
 public:
  // `name_power`: shares of names are raised to it; REQUIRES: at least 1; above it the usual
  // names are still more usual.
  explicit NamePool(uint64_t seed, double name_power = 1);

  // A family name, in the bearer's own shape of its kanji (one in nine 高橋 is a 髙橋).
  NameText DrawFamily(Random* random) const;
  // A given name of the year of birth.
  NameText DrawGiven(bool female, int year, Random* random) const;
  // One that shares a kanji with `like`, or is one kana apart, as parents choose for brothers and
  // twins; any other name where none is found.
  NameText DrawGivenLike(bool female, int year, const NameText& like, Random* random) const;
  // A given name of that sex one kana apart (トウコ for トモコ); `like` itself where there is none.
  NameText DrawGivenOneKanaApart(bool female, const NameText& like, Random* random) const;
  // Other kanji of the same reading (陽子 for 洋子), or the name itself.
  NameText FamilyHomophone(const NameText& name, Random* random) const;
  NameText GivenHomophone(bool female, const NameText& name, Random* random) const;
  // Another reading of the same kanji (登子: ノリコ for ノブコ), or the name itself.
  NameText GivenOtherReading(bool female, const NameText& name, Random* random) const;

 private:
  using Index = absl::flat_hash_map<std::string, std::vector<uint32_t>>;
  std::vector<NameText> families_;
  WeightedChoice family_weights_;
  Index families_by_kana_;
  std::array<std::vector<NameText>, 2> given_;                 // male, female
  std::array<std::array<WeightedChoice, 6>, 2> given_weights_;  // sex, cohort
  std::array<Index, 2> given_by_kana_, given_by_kanji_;
};

// The name of a foreign resident.
struct ForeignName {
  std::string family, given;            // Latin capitals; given may have several parts
  std::string family_kana, given_kana;  // katakana
  std::string family_kanji, given_kanji;  // of Chinese and Korean residents
};
inline constexpr int kNationalities = 8;
int DrawNationality(Random* random);
// `father`: whose family name a child takes; null: a family name of its own.
ForeignName DrawForeignName(int nationality, bool female, const ForeignName* father,
                            Random* random);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_NAME_POOL_H_
