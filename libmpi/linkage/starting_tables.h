// SPDX-License-Identifier: Apache-2.0
// What each class of pairs means, before any data is seen.
#ifndef LIBMPI_LINKAGE_STARTING_TABLES_H_
#define LIBMPI_LINKAGE_STARTING_TABLES_H_

#include <vector>

#include "libmpi/linkage/model.h"

namespace libmpi {

// The classes of the Japanese patient schema with their starting probabilities:
// match, unrelated, household, same name by chance, same birthday by chance,
// twins (facts/mixture.md 2). They are the start and the prior of EM, so that a
// class keeps its meaning.
std::vector<PairClass> StartingClasses();

// Number of comparability groups of a comparison (group 0, missing, included).
int GroupCount(int comparison);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_STARTING_TABLES_H_
