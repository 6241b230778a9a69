// SPDX-License-Identifier: Apache-2.0
// What kind of error a wrong or a missed pair is, by how its records agree.
#ifndef LIBMPI_EVALUATION_ERROR_KINDS_H_
#define LIBMPI_EVALUATION_ERROR_KINDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "libmpi/linkage/linker.h"

namespace libmpi {

// Two persons in one cluster: what they have in common.
enum class WrongKind : uint8_t {
  kTwins,               // family name and birth date agree, given names do not
  kSameNameAndBirth,    // names and birth date agree: namesakes of one birthday
  kHouseholdNamesake,   // names agree, birth dates do not or are missing, and card, address or phone is one
  kNamesake,            // names agree, no sign of one household
  kHousehold,           // parent and child, siblings, couples: card, address or phone is one
  kSameBirth,           // the birth date agrees, the names do not
  kOther,
};
inline constexpr int kWrongKinds = 7;

// One person in two clusters: what speaks most against it.
enum class MissedKind : uint8_t {
  kNameChange,     // family names differ
  kGivenName,      // given names differ
  kScript,         // a name in kanji against kana or romaji, by readings only
  kTypo,           // a slip in a name, a date, a number, an address
  kBirthDate,      // birth dates differ by more than a slip
  kSex,
  kInsurance,
  kMoved,
  kPhone,
  kMissingFields,  // little speaks against it, but too little for it
};
inline constexpr int kMissedKinds = 10;

// Where a missed pair was lost.
enum class MissedStage : uint8_t {
  kNotBlocked,       // never a candidate
  kHeld,             // a common name, birth date and sex alone, or too little to compare: never links by itself
  kBelowThreshold,
  kClustering,       // linked by itself, but the rest of its clusters disagreed
};
inline constexpr int kMissedStages = 4;

std::string_view KindName(WrongKind kind);
std::string_view KindName(MissedKind kind);
std::string_view StageName(MissedStage stage);

// From the levels of the pair alone.
WrongKind KindOfWrong(const Explanation& pair);
// By the comparison with the lowest weight: if that is below -3 bits, it is the reason; else a missing
// name or birth date, if there is one; else that comparison, if it is below -0.5 bits.
MissedKind KindOfMissed(const Explanation& pair);

// "family_name:both_equal birth_date:slip", missing ones left out: no values.
std::string LevelsText(const Explanation& pair);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_ERROR_KINDS_H_
