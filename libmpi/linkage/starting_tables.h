// SPDX-License-Identifier: Apache-2.0
// What each class of pairs means, before any data is seen.
#ifndef LIBMPI_LINKAGE_STARTING_TABLES_H_
#define LIBMPI_LINKAGE_STARTING_TABLES_H_

#include <span>
#include <vector>

#include "libmpi/linkage/model.h"

namespace libmpi {

// The classes of the Japanese patient schema with their starting probabilities: match, unrelated
// (kUnrelatedClass), household, same name, same given name, same birthday and same family name and
// birthday by chance, twins; and two further classes of matches, of
// persons who moved and of persons who took another family name. They are the start and the prior of EM, so that a class keeps its
// meaning. Probabilities are of all pairs of a class, blocked or not; shares are of blocked pairs,
// to start from. What agrees by chance is arithmetic (a birth date: one of 80 years of days).
std::vector<PairClass> StartingClasses();

// Which of them is two persons who have nothing to do with each other: almost all pairs.
inline constexpr size_t kUnrelatedClass = 1;

// By class, whether blocking brings practically all its pairs together: persons' own, relatives', and
// those who share family name and birth date.
std::vector<bool> AlwaysBlocked(std::span<const PairClass> classes);

// Number of comparability groups of a comparison (group 0, missing, included).
int GroupCount(int comparison);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_STARTING_TABLES_H_
