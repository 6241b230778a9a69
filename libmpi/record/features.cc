// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/features.h"

namespace libmpi {

std::string_view FindingName(FindingCode code) {
  switch (code) {
    case FindingCode::kImpossibleDate: return "impossible_date";
    case FindingCode::kFutureBirth: return "future_birth";
    case FindingCode::kDefaultDate: return "default_date";
    case FindingCode::kPartialDate: return "partial_date";
    case FindingCode::kUnreadableDate: return "unreadable_date";
    case FindingCode::kInsurerCheckDigit: return "insurer_check_digit";
    case FindingCode::kInsurerLength: return "insurer_length";
    case FindingCode::kBranchGlued: return "branch_glued";
    case FindingCode::kBranchUnreadable: return "branch_unreadable";
    case FindingCode::kMyNumberRefused: return "my_number_refused";
    case FindingCode::kMyNumberSuspected: return "my_number_suspected";
    case FindingCode::kUnknownGlyph: return "unknown_glyph";
    case FindingCode::kNameUnreadable: return "name_unreadable";
    case FindingCode::kNameTest: return "name_test";
    case FindingCode::kNameSwapped: return "name_swapped";
    case FindingCode::kNameUnsplit: return "name_unsplit";
    case FindingCode::kNameAnnotation: return "name_annotation";
    case FindingCode::kSexUnreadable: return "sex_unreadable";
    case FindingCode::kPhoneUnreadable: return "phone_unreadable";
    case FindingCode::kPhoneDummy: return "phone_dummy";
    case FindingCode::kPostalUnreadable: return "postal_unreadable";
    case FindingCode::kCareNumberLength: return "care_number_length";
    case FindingCode::kContradiction: return "contradiction";
    case FindingCode::kDummyNumber: return "dummy_number";
    case FindingCode::kSerialDate: return "serial_date";
    case FindingCode::kPossibleOverlay: return "possible_overlay";
    case FindingCode::kTooManyValues: return "too_many_values";
  }
  return "";
}

}  // namespace libmpi
