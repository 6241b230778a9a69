// SPDX-License-Identifier: Apache-2.0
// Features as fixed-size numbers: what the comparison of a pair reads.
#ifndef LIBMPI_LINKAGE_ENCODED_RECORD_H_
#define LIBMPI_LINKAGE_ENCODED_RECORD_H_

#include <cstdint>
#include <vector>

#include "libmpi/linkage/packed_digits.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/record/features.h"

namespace libmpi {

struct EncodedName {
  TextId family_kanji = 0, given_kanji = 0;
  TextId family_kana = 0, given_kana = 0;
  TextId family_latin = 0, given_latin = 0;  // romaji keys
  bool operator==(const EncodedName&) const = default;
};

struct EncodedCoverage {
  PackedDigits number;
  PackedDigits number_without_branch;
  uint32_t insurer = 0;  // 0: missing, or not to be trusted
  uint32_t symbol = 0;   // hash; 0: missing
  uint8_t branch = kNoBranch;
  CoverageKind kind = CoverageKind::kUnknown;
  static constexpr uint8_t kNoBranch = 0xFF;
  bool present() const { return insurer != 0 || !number.empty(); }
  bool operator==(const EncodedCoverage&) const = default;
};

struct EncodedCare {
  PackedDigits number;   // empty: missing
  uint32_t insurer = 0;  // 0: missing
  bool operator==(const EncodedCare&) const = default;
};

struct EncodedAddress {
  PackedDigits numbers;
  TextId city = 0, town = 0;
  uint32_t postal_code = 0;  // 1 + the seven digits
  uint8_t prefecture = 0;
  bool present() const { return city != 0 || town != 0 || postal_code != 0; }
  bool operator==(const EncodedAddress&) const = default;
};

struct EncodedPhone {
  PackedDigits digits;
  PhoneKind kind = PhoneKind::kLandline;
  bool operator==(const EncodedPhone&) const = default;
};

// A civil date in one word: year, month, day; 0 is missing.
using EncodedDate = uint32_t;
constexpr EncodedDate EncodeDate(const CivilDate& d) {
  return uint32_t(d.year) << 16 | uint32_t(d.month) << 8 | d.day;
}
constexpr int YearOf(EncodedDate d) { return d >> 16; }
constexpr int MonthOf(EncodedDate d) { return (d >> 8) & 0xFF; }
constexpr int DayOf(EncodedDate d) { return d & 0xFF; }
constexpr bool IsFullDate(EncodedDate d) { return YearOf(d) && MonthOf(d) && DayOf(d); }

// The values of a record beyond the first of each kind, which stand in the
// EncodedRecord itself: few records have any.
struct MoreValues {
  std::vector<EncodedName> names;
  std::vector<EncodedCoverage> coverages;
  std::vector<EncodedAddress> addresses;
  std::vector<EncodedPhone> phones;
  std::vector<EncodedDate> births;
  std::vector<EncodedCare> care;
  bool operator==(const MoreValues&) const = default;
};

// Two cache lines: what a pair is compared by is fetched from memory record by record.
struct EncodedRecord {
  EncodedName name;
  EncodedCoverage coverage;
  EncodedAddress address;
  EncodedPhone phone;
  EncodedCare care;
  EncodedDate birth = 0;
  uint64_t content_hash = 0;  // of the features: for samples, and to put pairs in order
  uint32_t more = 0;  // index into EncodedRecords::more, 0: none
  // Hashes of the multiset of letters of the whole name: equal for one name split or
  // swapped differently.
  uint32_t kanji_bag = 0;
  uint32_t kana_bag = 0;
  uint8_t given_initial = 0;   // first letter of the given name in romaji, 0: unknown
  Sex sex = Sex::kUnknown;     // unknown also where statements contradict
  bool test_patient = false;   // nobody: never links
  bool possible_overlay = false;  // its rows may be several persons'
  bool operator==(const EncodedRecord&) const = default;
};
static_assert(sizeof(EncodedRecord) == 128);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_ENCODED_RECORD_H_
