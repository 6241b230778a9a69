// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/field_comparisons.h"

#include <algorithm>

#include "libmpi/record/date_slip.h"

namespace libmpi {
namespace {

CivilDate ToCivilDate(EncodedDate d) {
  return {static_cast<int16_t>(YearOf(d)), static_cast<uint8_t>(MonthOf(d)), static_cast<uint8_t>(DayOf(d))};
}

// Shorter numbers are near each other by chance.
constexpr int kLeastSlipDigits = 5;
bool NumbersNear(PackedDigits a, PackedDigits b, int least_digits = kLeastSlipDigits) {
  return std::min(a.size(), b.size()) >= least_digits && PackedDigits::OneSlipApart(a, b);
}

int PrefectureOfInsurer(uint32_t insurer) { return static_cast<int>(insurer / 10000 % 100); }

CoverageLevel CompareElderly(const EncodedCoverage& a, const EncodedCoverage& b) {
  if (a.number == b.number) {
    // Each prefecture's union numbers its own insured.
    const bool unions = a.insurer != 0 && b.insurer != 0 &&
                        PrefectureOfInsurer(a.insurer) != PrefectureOfInsurer(b.insurer);
    return unions ? kElderlyNear : kElderlySame;
  }
  if (NumbersNear(a.number, b.number)) return kElderlyNear;
  return a.insurer == b.insurer ? kElderlyInsurer : kElderlyDifferent;
}

// The number on both cards, or empty. A branch glued to one of the numbers is taken off: "1234501"
// is 12345, branch 01.
PackedDigits SharedNumber(const EncodedCoverage& a, const EncodedCoverage& b) {
  if (a.number == b.number) return a.number;
  if (!a.number_without_branch.empty() && a.number_without_branch == b.number) return b.number;
  if (!b.number_without_branch.empty() && b.number_without_branch == a.number) return a.number;
  return PackedDigits();
}

// How much an agreeing card tells, in digits: the number's own, an equal symbol as three, an equal
// insurer as two (a town's 国保 is everybody's).
constexpr int kLeastCardDigits = 5;
int CardDigits(PackedDigits number, bool same_symbol, bool same_insurer) {
  return number.size() + (same_symbol ? 3 : 0) + (same_insurer ? 2 : 0);
}

bool PrefecturesFit(const EncodedAddress& a, const EncodedAddress& b) {
  return a.prefecture == 0 || b.prefecture == 0 || a.prefecture == b.prefecture;
}

}  // namespace

BirthLevel CompareBirth(EncodedDate a, EncodedDate b) {
  if (a == 0 || b == 0) return kBirthMissing;
  if (!IsFullDate(a) || !IsFullDate(b)) {
    bool agree = YearOf(a) == YearOf(b);
    if (MonthOf(a) && MonthOf(b)) agree = agree && MonthOf(a) == MonthOf(b);
    return agree ? kBirthPartialAgree : kBirthPartialDiffer;
  }
  switch (RelateDates(ToCivilDate(a), ToCivilDate(b))) {
    case DateRelation::kEqual: return kBirthEqual;
    case DateRelation::kSlip: return kBirthSlip;
    case DateRelation::kClose: return kBirthClose;
    case DateRelation::kDifferent: break;
  }
  return kBirthDifferent;
}

SexLevel CompareSex(Sex a, Sex b) {
  if (a == Sex::kUnknown || b == Sex::kUnknown) return kSexMissing;
  return a == b ? kSexAgree : kSexDiffer;
}

uint8_t BranchAgainst(const EncodedCoverage& own, const EncodedCoverage& other) {
  if (own.branch != EncodedCoverage::kNoBranch || own.number_without_branch.empty() ||
      own.number_without_branch != other.number)
    return own.branch;
  const int glued = own.number.LastTwoDigits();
  return glued < 0 ? EncodedCoverage::kNoBranch : static_cast<uint8_t>(glued);
}

CoverageLevel CompareCoverage(const EncodedCoverage& a, const EncodedCoverage& b) {
  if (a.number.empty() || b.number.empty()) return kCoverageMissing;
  const bool elderly_a = a.kind == CoverageKind::kElderly;
  const bool elderly_b = b.kind == CoverageKind::kElderly;
  if (elderly_a && elderly_b) return CompareElderly(a, b);
  // The change at 75 is a normal event: the cards must differ, and say nothing.
  if (elderly_a != elderly_b) return kCoverageMissing;
  if ((a.kind == CoverageKind::kPublic) != (b.kind == CoverageKind::kPublic)) return kCoverageMissing;
  const uint8_t branch_a = BranchAgainst(a, b), branch_b = BranchAgainst(b, a);
  const bool branches = branch_a != EncodedCoverage::kNoBranch && branch_b != EncodedCoverage::kNoBranch;
  const bool insurer_known = a.insurer != 0 && b.insurer != 0;
  const bool same_insurer = insurer_known && a.insurer == b.insurer;
  const bool same_symbol = a.symbol != 0 && a.symbol == b.symbol;
  const bool other_symbol = a.symbol != 0 && b.symbol != 0 && a.symbol != b.symbol;
  const PackedDigits number = SharedNumber(a, b);
  const bool same_card = !number.empty() &&
                         CardDigits(number, same_symbol, same_insurer) >= kLeastCardDigits;
  const CoverageLevel near = branches ? kCardBranchNear : kCardNear;
  if (insurer_known && !same_insurer) {
    if (same_card && same_symbol) return near;  // a slip in the insurer number
    return branches ? kCardBranchDifferent : kCardDifferent;
  }
  if (same_card && !other_symbol) {
    if (!branches) return kCardSameHousehold;
    return branch_a == branch_b ? kCardSamePerson : kCardSameBranchDiffers;
  }
  // Within one employer's symbol numbers are short.
  if (NumbersNear(a.number, b.number, same_symbol && same_insurer ? 2 : kLeastSlipDigits)) return near;
  if (other_symbol && number.size() >= kLeastSlipDigits) return near;
  if (same_insurer) return branches ? kCardBranchInsurer : kCardInsurer;
  // Numbers too short to tell whether the cards are one.
  if (!number.empty() && !other_symbol) return kCoverageMissing;
  return branches ? kCardBranchDifferent : kCardDifferent;
}

CareLevel CompareCare(const EncodedCare& a, const EncodedCare& b) {
  if (a.number.empty() || b.number.empty()) return kCareMissing;
  // Another insurer's number is another person's, but where the insurer was misread.
  const bool other_insurer = a.insurer != 0 && b.insurer != 0 && a.insurer != b.insurer;
  if (a.number == b.number) return other_insurer ? kCareNear : kCareSame;
  return !other_insurer && PackedDigits::OneSlipApart(a.number, b.number) ? kCareNear : kCareDifferent;
}

AddressLevel CompareAddress(const EncodedAddress& a, const EncodedAddress& b) {
  if (!a.present() || !b.present()) return kAddressMissing;
  const bool cities = a.city != 0 && b.city != 0;
  const bool one_prefecture = PrefecturesFit(a, b);  // 府中市 is in 東京都 and in 広島県
  const bool same_city = cities && a.city == b.city && one_prefecture;
  const bool same_postal = a.postal_code != 0 && a.postal_code == b.postal_code;
  if (a.town == 0 || b.town == 0) {
    if (!cities && (a.postal_code == 0 || b.postal_code == 0)) return kAddressMissing;
    return same_city || same_postal ? kAddressAreaSame : kAddressAreaDifferent;
  }
  const bool city_fits = same_city || same_postal || (!cities && one_prefecture);
  if (a.town == b.town && city_fits) {
    if (a.numbers.empty() || b.numbers.empty()) return kAddressTown;
    if (a.numbers == b.numbers) return kAddressSame;
    return PackedDigits::OneSlipApart(a.numbers, b.numbers) ? kAddressNear : kAddressTown;
  }
  if (city_fits && !a.numbers.empty() && a.numbers == b.numbers && a.numbers.size() >= 3)
    return kAddressNear;  // the town is written in another way
  return same_city || same_postal ? kAddressCity : kAddressDifferent;
}

PhoneLevel ComparePhone(const EncodedPhone& a, const EncodedPhone& b) {
  if (a.digits.empty() || b.digits.empty() || a.kind != b.kind) return kPhoneMissing;
  const bool mobile = a.kind == PhoneKind::kMobile;
  if (a.digits == b.digits) return mobile ? kMobileSame : kLandlineSame;
  if (PackedDigits::OneSlipApart(a.digits, b.digits)) return mobile ? kMobileNear : kLandlineNear;
  return mobile ? kMobileDifferent : kLandlineDifferent;
}


}  // namespace libmpi
