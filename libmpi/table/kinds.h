// SPDX-License-Identifier: Apache-2.0
// The kinds of fields a table may have, and the comparison levels of each.
#ifndef LIBMPI_TABLE_KINDS_H_
#define LIBMPI_TABLE_KINDS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace libmpi::table {

enum class Kind : uint8_t {
  kName,          // a person's name or a part of it, in Latin letters
  kJapaneseName,  // the same in kanji or kana
  kText,          // free text: streets, titles
  kDate,          // year, month, day; partial ones too
  kNumber,        // near within the field's tolerance
  kCode,          // identifiers, postcodes: slips of a digit, common beginnings
  kCategory,      // equal or not
  kPoint,         // latitude and longitude in degrees; tolerance in kilometres
  kList,          // several values in one cell: any that agrees
  kJoint,         // not of a field: several fields of one comparison, weighed by what each tells
};
inline constexpr int kKinds = 10;

struct Level {
  std::string_view name;
  uint8_t group = 0;  // comparability group; 0: missing. Within one the best agreement comes first
};

// Levels by number, 0 the missing one.
std::span<const Level> LevelsOf(Kind kind);
std::optional<int> LevelByName(Kind kind, std::string_view name);
std::string_view KindName(Kind kind);
std::optional<Kind> KindByName(std::string_view name);

// How the pairs of a class come to agree in a comparison.
enum class Stance : uint8_t {
  kOwn,      // one person's value, twice written
  kSame,     // two persons share it: a family name, an address
  kDiffers,  // two persons of whom it is known to differ: siblings' given names
  kChance,   // as two random records do: measured from the data
};
std::string_view StanceName(Stance stance);
std::optional<Stance> StanceByName(std::string_view name);

// Relative odds by level, [0] unused; within a group they are normalised later. A judgement to start
// from (for kChance a rough one, which the data replace).
std::span<const double> StartingOdds(Kind kind, Stance stance);

// Numbers of the levels that code speaks of.
namespace level {
inline constexpr uint8_t kMissing = 0, kEqual = 1;
inline constexpr uint8_t kNameAlike = 2, kNameNear = 3, kNameClose = 4, kNameSwapped = 5, kNameDifferent = 6,
                         kInitialAgrees = 7, kInitialDiffers = 8;
inline constexpr uint8_t kTextNear = 2, kTextClose = 3, kTextOverlap = 4, kTextDifferent = 5;
inline constexpr uint8_t kDateSlip = 2, kDateClose = 3, kDateYear = 4, kDateDifferent = 5, kPartialAgrees = 6,
                         kPartialDiffers = 7;
inline constexpr uint8_t kNumberNear = 2, kNumberDifferent = 3;
inline constexpr uint8_t kCodeSlip = 2, kCodePrefix = 3, kCodeDifferent = 4;
inline constexpr uint8_t kCategoryDiffers = 2;
inline constexpr uint8_t kPointNear = 2, kPointRegion = 3, kPointFar = 4;
inline constexpr uint8_t kListNear = 2, kListDifferent = 3;
inline constexpr uint8_t kJointMost = 2, kJointHalf = 3, kJointSome = 4, kJointDifferent = 5;
inline constexpr uint8_t kJapaneseLoose = 2, kJapaneseNear = 3, kJapaneseShared = 4, kJapaneseDifferent = 5;
}  // namespace level

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_KINDS_H_
