// SPDX-License-Identifier: Apache-2.0
// The comparisons of single fields, each by itself.
#ifndef LIBMPI_LINKAGE_FIELD_COMPARISONS_H_
#define LIBMPI_LINKAGE_FIELD_COMPARISONS_H_

#include <string_view>

#include "libmpi/linkage/comparison.h"
#include "libmpi/linkage/encoded_record.h"

namespace libmpi {

// All take their arguments in any order, never fail and run in constant time; a side that says
// nothing makes the level missing.

// Slip: one digit, two neighbouring digits exchanged, month and day exchanged, a year off by one or
// by the distance of two eras (44, 14, 63, 30 years).
BirthLevel CompareBirth(EncodedDate a, EncodedDate b);
SexLevel CompareSex(Sex a, Sex b);

// Insurer, symbol, number and branch jointly. Cards are the same only where what agrees tells
// enough: "12" on two cards of nobody knows which insurer does not. 後期高齢者 against another card, and
// 公費 against another card, say nothing: persons have both, one after or beside the other.
CoverageLevel CompareCoverage(const EncodedCoverage& a, const EncodedCoverage& b);

// The branch on a card: stated, or glued to the number where the other card shows the number without it; else kNoBranch.
uint8_t BranchAgainst(const EncodedCoverage& own, const EncodedCoverage& other);

// The number names a person within its insurer.
CareLevel CompareCare(const EncodedCare& a, const EncodedCare& b);

// Same: town and numbers, in cities that do not differ. Places of different prefectures differ.
AddressLevel CompareAddress(const EncodedAddress& a, const EncodedAddress& b);

PhoneLevel ComparePhone(const EncodedPhone& a, const EncodedPhone& b);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_FIELD_COMPARISONS_H_
