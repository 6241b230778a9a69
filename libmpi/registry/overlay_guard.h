// SPDX-License-Identifier: Apache-2.0
// Whether a revision says another person than the record did.
#ifndef LIBMPI_REGISTRY_OVERLAY_GUARD_H_
#define LIBMPI_REGISTRY_OVERLAY_GUARD_H_

#include "libmpi/record/record.h"

namespace libmpi {

// A revision is held for a person to look at, where a batch run would only report: so this asks for less than
// SplitOverlays() to say so. True where
// - the two can't be one person's as SplitOverlays() says, or
// - what both say taken together may be several persons' (birth dates more than a slip apart, given names that may be
//   brothers'), and neither by itself, or
// - one has the name in Latin letters, the other in kana, and they read otherwise.
// No model has a part in it: what is held depends on the two records only. Some 100 microseconds; thread-safe.
bool MakesAnotherPerson(const Record& before, const Record& after);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_OVERLAY_GUARD_H_
