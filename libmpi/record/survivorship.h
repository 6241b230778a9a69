// SPDX-License-Identifier: Apache-2.0
// Survivorship: which of a person's values of a field stands for him, by rules that a network can set.
#ifndef LIBMPI_RECORD_SURVIVORSHIP_H_
#define LIBMPI_RECORD_SURVIVORSHIP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace libmpi {

// What makes one value better than another.
enum class SurvivorshipCriterion : uint8_t {
  kMostFrequent,  // said by most sources; of those equal by most records: one clinic's repeats are one word
  kNewest,        // said last
  kMostTrusted,   // GoldenSource::trust of its best record, then that record's place among trusted_sources
  kMostComplete,  // most parts said; names: no unknown glyph, a given name, both scripts, split as stated
};
inline constexpr size_t kSurvivorshipCriteria = 4;
std::string_view CriterionName(SurvivorshipCriterion criterion);  // "most_frequent", "newest", ...

enum class GoldenField : uint8_t {
  kName,  // as written: kanji, or scripts mixed
  kKana, kLatin, kFormerName, kBirth, kSex, kCoverage, kCare, kAddress, kPhone,
};
inline constexpr size_t kGoldenFields = 10;
std::string_view GoldenFieldName(GoldenField field);  // "name", "kana", "latin", "former_name", ...

// Plain value. Made without arguments it holds the defaults, which are these and for these reasons:
//   name, kana, latin, birth, sex   most trusted, most frequent: one person has one, and errors are rare and
//                                   scattered; then the most complete and the newest
//   former_name                     most frequent, then newest: few say one, and a person may have had several
//   coverage, care, address, phone  newest: they change, and what was true before is not wrong but over; then
//                                   the most complete and the most frequent
struct SurvivorshipRules {
  SurvivorshipRules();
  // By GoldenField, first criterion first; ties go to the next one, and at last to the smallest record key
  // that says a value, then to the value's text. None: the key alone decides.
  std::array<std::vector<SurvivorshipCriterion>, kGoldenFields> criteria;
  std::vector<std::string> trusted_sources;  // most trusted first; sources not named rank after
  // Whether an insurer number that fails its check digit is impossible: StandardizeOptions has the same.
  bool insurer_check_digits = true;
  bool operator==(const SurvivorshipRules&) const = default;
};

// Rules as text, one line a field, in any order; what no line names keeps its default:
//     # addresses change
//     address: newest, most_complete
//     trusted: H001, "H, 2"
//     insurer_check_digits: off
// A source's name with a comma, #, quote, or space at its ends stands in double quotes, inside which \n, \r, \"
// and \\ are those letters. kInvalidArgument, with line and word, and *rules as it was: unknown words, a field
// named twice, a criterion or source twice in a line.
absl::Status ParseSurvivorship(std::string_view text, SurvivorshipRules* rules);
// All of the rules, for ParseSurvivorship to read the same again. REQUIRES: no repeats in any list.
std::string ToText(const SurvivorshipRules& rules);

// Why a value survived, told by the first thing that put it before the next best one.
enum class SurvivorshipDecision : uint8_t {
  kOnlyValue,
  kMostFrequent, kNewest, kMostTrusted, kMostComplete,
  kGrounds,    // the others have worse grounds: a test patient's name, a family name that a record calls former,
               // a reading that was not said with the name
  kSaysMore,   // the rules chose a value that this one says in full: no unknown glyph, a day to the year, a branch
  kRecordKey,  // a tie to the end: the smallest record key, then the text
};
std::string_view DecisionName(SurvivorshipDecision decision);  // "only_value", "most_frequent", ...

// ---- Internal to libmpi/record: the choice itself.

// A record as far as the rules look at it.
struct Witness {
  uint32_t record = 0;  // its place in the order of record keys; equal keys, equal places
  uint32_t source = 0;  // which source
  int64_t unix_milliseconds = 0;
  std::pair<int, int64_t> trust;  // stated, then minus its source's place among the trusted
};

// A text, or several for structured values, as they were said.
using Spelling = std::array<std::string_view, 5>;

// One record saying one value.
struct ValueStatement {
  std::vector<std::string> parts;  // folded: statements are of one value where all are equal; empty: not said
  Spelling spelling;
  const Witness* witness = nullptr;
  int grounds = 0;        // more is better, before all criteria
  int completeness = 0;   // more is better
  bool alone = true;      // the spelling says this value and no other
  bool stem = false;      // the first part is the beginning of a value: a family name alone
};

// A value with all that was said for it.
struct RankedValue {
  std::vector<std::string> parts;
  Spelling spelling;               // of one of its statements
  std::vector<uint32_t> records;   // sorted, unique
  std::pair<size_t, size_t> frequency;  // sources, records
  int64_t newest = 0;
  std::pair<int, int64_t> trust;
  int grounds = 0, completeness = 0;
  bool stem = false;
};

// Different values, best first. The order depends on the set of statements alone. O(n log n).
std::vector<RankedValue> RankValues(std::vector<ValueStatement> statements,
                                    std::span<const SurvivorshipCriterion> criteria);

// Whether no part of one says another thing than the other: 1980 and 1980-01-02.
bool AreCompatible(const RankedValue& a, const RankedValue& b);

// Whether `more` is `less` in full.
bool SaysMore(const RankedValue& more, const RankedValue& less);

// The first of `ranked`, or the best one on as good grounds that says it in full: its index, and why. O(n).
// REQUIRES: not empty.
std::pair<size_t, SurvivorshipDecision> ChooseSurvivor(std::span<const RankedValue> ranked,
                                                       std::span<const SurvivorshipCriterion> criteria);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_SURVIVORSHIP_H_
