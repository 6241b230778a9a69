// SPDX-License-Identifier: Apache-2.0
// How common a name is where the records come from.
#ifndef LIBMPI_LINKAGE_NAME_FREQUENCIES_H_
#define LIBMPI_LINKAGE_NAME_FREQUENCIES_H_

#include <string_view>

#include "libmpi/record/standardize.h"

namespace libmpi {

// Shares of name parts: a model's counts, smoothed towards the shipped national
// shares by kPriorCount persons. Borrows the counts. Immutable, thread-safe.
class NameFrequencies {
 public:
  static constexpr double kPriorCount = 5000;

  explicit NameFrequencies(const NameCounts* counts);

  // Share of persons with this name part, in (0, 1). O(1).
  double Share(NamePart part, NameCounts::Script script, std::string_view key) const;

  // Probability that two random persons share the name part: the sum of squared shares.
  double ChanceAgreement(NamePart part, NameCounts::Script script) const {
    return chance_[static_cast<int>(part)][static_cast<int>(script)];
  }

 private:
  const NameCounts* counts_;
  double chance_[2][2];
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_NAME_FREQUENCIES_H_
