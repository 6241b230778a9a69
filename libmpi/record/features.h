// SPDX-License-Identifier: Apache-2.0
// Features: a record folded for comparison. What was said stays in the Record.
#ifndef LIBMPI_RECORD_FEATURES_H_
#define LIBMPI_RECORD_FEATURES_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/civil_date.h"

namespace libmpi {

// One way to read a name as family + given. For an unsplit name whose split is
// unknown, several forms stand for one statement, best first.
struct NameForm {
  std::string family;
  std::string given;
  bool guessed = false;  // split (or swapped back) by evidence, not as stated
  auto operator<=>(const NameForm&) const = default;
};

// One stated name. Each script holds 0..3 forms.
struct NameFeatures {
  std::vector<NameForm> kanji;  // FoldKanji keys
  std::vector<NameForm> kana;   // FoldKana level 1 keys
  std::vector<NameForm> latin;  // FoldLatin keys
  bool former = false;          // 旧姓 or alias
  auto operator<=>(const NameFeatures&) const = default;
};

enum class Sex : uint8_t { kUnknown = 0, kMale = 1, kFemale = 2 };

enum class CoverageKind : uint8_t {
  kUnknown = 0,
  kEmployer,   // 社保 and other eight-digit 法別番号 of employees
  kNational,   // 国保
  kElderly,    // 後期高齢者 (39): symbol-less, the number names a person
  kPublic,     // 公費 (10..30, 38, 51..54, 62, 66, 79..99): 受給者番号
};

struct CoverageFeatures {
  CoverageKind kind = CoverageKind::kUnknown;
  std::string insurer;  // digits, left-padded with zeros to 8; empty if unusable
  std::string symbol;   // width and hyphens folded, upper case, no spaces
  std::string number;   // same; leading zeros stripped, glued branch removed where branch tells so
  std::string branch;   // two digits or empty
  // The number as it would be if its last two digits were a glued branch;
  // empty where that can't be (the branch is said to be another, or would be above 19).
  std::string number_without_branch;
  // False: the insurer's check digit fails. It is kept as evidence for a person to look at, and
  // never counts: whoever compares takes an untrusted insurer for missing, on agreement and on
  // disagreement. Symbol, number and branch stand as they are.
  bool trusted = true;
  auto operator<=>(const CoverageFeatures&) const = default;
};

struct CareFeatures {
  std::string insurer;  // 6 digits or empty
  std::string number;   // 10 digits
  auto operator<=>(const CareFeatures&) const = default;
};

struct AddressFeatures {
  uint8_t prefecture = 0;  // JIS X 0401: 1..47, 0 unknown
  std::string city;        // folded municipality incl. 郡 dropped and ward (千代田区, 大阪市北区)
  std::string town;        // folded town (大字, 町) without numbers
  std::string numbers;     // "2-1-1": 丁目 番 号 in any notation
  std::string building;    // folded rest
  std::string postal_code; // 7 digits or empty
  auto operator<=>(const AddressFeatures&) const = default;
};

enum class PhoneKind : uint8_t { kLandline = 0, kMobile = 1 };
struct PhoneFeatures {
  std::string digits;  // domestic form starting with 0
  PhoneKind kind = PhoneKind::kLandline;
  auto operator<=>(const PhoneFeatures&) const = default;
};

// Codes of data-quality findings, stable names in findings.csv.
enum class FindingCode : uint8_t {
  kImpossibleDate, kFutureBirth, kDefaultDate, kPartialDate, kUnreadableDate,
  kInsurerCheckDigit, kInsurerLength, kBranchGlued, kBranchUnreadable,
  kMyNumberRefused, kMyNumberSuspected, kUnknownGlyph, kNameUnreadable, kNameTest,
  kNameSwapped, kNameUnsplit, kNameAnnotation, kSexUnreadable, kPhoneUnreadable,
  kPhoneDummy, kPostalUnreadable, kCareNumberLength, kContradiction, kDummyNumber,
  kSerialDate, kPossibleOverlay, kTooManyValues,
};
inline constexpr FindingCode kLastFindingCode = FindingCode::kTooManyValues;
std::string_view FindingName(FindingCode code);  // "impossible_date", ...

struct Finding {
  FindingCode code;
  std::string field;  // canonical field name; never a value
  auto operator<=>(const Finding&) const = default;
};

// Everything the linkage layer knows of a record. Plain value.
struct Features {
  std::vector<NameFeatures> names;
  std::vector<CivilDate> births;
  std::vector<Sex> sexes;  // distinct, known only
  std::vector<CoverageFeatures> coverages;
  std::vector<CareFeatures> care;
  std::vector<AddressFeatures> addresses;
  std::vector<PhoneFeatures> phones;
  std::vector<Finding> findings;
  // A name says that this is nobody (テスト 患者): evidence for no link with anyone.
  bool test_patient = false;

  // As new, but with the room of its lists.
  void Clear() {
    names.clear();
    births.clear();
    sexes.clear();
    coverages.clear();
    care.clear();
    addresses.clear();
    phones.clear();
    findings.clear();
    test_patient = false;
  }
};

}  // namespace libmpi

#endif  // LIBMPI_RECORD_FEATURES_H_
