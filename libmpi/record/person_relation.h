// SPDX-License-Identifier: Apache-2.0
// Whether statements that one number stands over can be one person's. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_PERSON_RELATION_H_
#define LIBMPI_RECORD_PERSON_RELATION_H_

#include "libmpi/record/features.h"
#include "libmpi/text/readings.h"

namespace libmpi {

struct PersonRelation {
  bool contradicts = false;  // they are two persons: see SplitOverlays
  int agreement = 0;         // the more, the more they say alike
};
PersonRelation RelatePersons(const Features& a, const Features& b, const ReadingModel& readings);

// Whether one record's statements may be several persons' all the same: birth dates more than a
// slip apart, or names that may be brothers'. The standardizer's finding possible_overlay.
bool MayBeSeveralPersons(const Features& features, const ReadingModel& readings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_PERSON_RELATION_H_
