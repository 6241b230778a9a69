// SPDX-License-Identifier: Apache-2.0
// What a facility does the same way with everyone.
#ifndef LIBMPI_EVALUATION_HABITS_H_
#define LIBMPI_EVALUATION_HABITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libmpi/evaluation/spelling.h"

namespace libmpi {

enum class FacilityKind : uint8_t { kHospital, kClinic, kPharmacy, kDental, kCare };
inline constexpr int kFacilityKinds = 5;

struct Habits {
  // Names.
  enum class Scripts : uint8_t { kBoth, kKanji, kKana };
  enum class Kana : uint8_t { kFull, kHalf, kHiragana };
  // What becomes of kanji outside JIS X 0208 (髙 﨑 𠮷).
  enum class Machine : uint8_t { kKeeps, kWritesUsual, kWritesBlank };
  Scripts scripts = Scripts::kBoth;
  Kana kana = Kana::kFull;
  Machine machine = Machine::kKeeps;
  RomajiStyle romaji = RomajiStyle::kHepburn;
  bool kana_in_name_column = false;  // claims: the name field holds kana
  bool large_kana = false;
  bool usual_kanji = false;          // types the common form of every variant kanji
  bool unsplit = false;              // no space between family and given name
  bool unsplit_kana = false;         // only in the kana (claims)
  bool wide_space = false;
  bool latin_for_foreigners = false;
  // Dates and sex.
  DateStyle dates = DateStyle::kIso;
  bool wide_dates = false;
  uint8_t sex_style = 0;
  // Insurance.
  bool has_coverage = true;
  bool branch_glued = false;         // written behind the number, without a mark
  bool wide_card_numbers = false;
  bool pads_insurer = false;
  bool pads_number = false;
  bool drops_zeros = false;          // a spreadsheet was in between
  int branch_since = 9999;           // year from which the branch is kept
  // Address and telephone.
  bool has_address = true, has_postal = true, has_prefecture = true, has_phone = true;
  bool address_in_words = false;     // 1丁目2番3号 for 1-2-3
  bool kanji_chome = false;
  bool wide_address = false;
  bool has_building = true;
  bool drops_county = false;         // 大河原町 for 柴田郡大河原町
  bool drops_oaza = false;
  uint8_t phone_style = 0;           // 022-123-4567, 0221234567, 022(123)4567
  // Local numbers.
  uint8_t id_style = 0;
  // Where it is; -1: everywhere.
  int city = 0;
};

// Habits for all facilities of a kind. Shares are kept as exactly as `count` lets them, so that a
// small region has as many kana-only facilities as a large one.
std::vector<Habits> DealHabits(FacilityKind kind, size_t count, uint64_t seed);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_HABITS_H_
