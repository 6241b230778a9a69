// SPDX-License-Identifier: Apache-2.0
// Twins: two persons who share all that tells a household and most of what tells a person.
#ifndef LIBMPI_LINKAGE_POSSIBLE_TWINS_H_
#define LIBMPI_LINKAGE_POSSIBLE_TWINS_H_

#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/encoder.h"

namespace libmpi {

// Whether two branch numbers are more than a slip apart: both digits differ, and are not exchanged.
bool AreBranchesFarApart(uint8_t a, uint8_t b);

// Whether what two records say, taken by itself, is what records of twins say, whatever else agrees. Family names and
// birth dates do not differ (a slip is no difference), and
// - the given names that agree best are two names: more than a slip apart in the kana of both, or, where not both state
//   kana, written with other kanji than variants of each other whose most likely readings (or those stated) are two; or
// - they stand on one card (or one but for a slip in its number) with branches that are far apart, and not all of the
//   given name agrees.
// An unknown glyph, another reading of the same kanji, other kanji with the same kana, and what only the readings of
// kanji could tell are no other name. Not where a number that is the person's own agrees: of an elderly card, a care
// number, or, of kanji that may be read alike, a card with its branch.
// `pair` is what Comparator says of the two, in any order. Constant time; cards take their values times each other.
bool MayBeTwins(const EncodedRecords& records, const ReadingModel& readings, const EncodedRecord& a,
                const EncodedRecord& b, const ComparedPair& pair);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_POSSIBLE_TWINS_H_
