// SPDX-License-Identifier: Apache-2.0
// How common a name is where the records come from.
#ifndef LIBMPI_LINKAGE_NAME_FREQUENCIES_H_
#define LIBMPI_LINKAGE_NAME_FREQUENCIES_H_

#include <string_view>

#include "libmpi/record/name_counts.h"

namespace libmpi {

// Shares of name parts: a model's counts, smoothed towards the shipped national shares by
// kPriorCount persons; romaji, in which few are written, by kLatinPriorCount. Names that the model
// counts together as too rare share their mass in the same way. Borrows the counts. Immutable,
// thread-safe.
class NameFrequencies {
 public:
  static constexpr double kPriorCount = 5000;
  static constexpr double kLatinPriorCount = 200;

  explicit NameFrequencies(const NameCounts* counts);

  // Share of persons with this name part, in (0, 1). A foreign name that neither the data nor Japan
  // know is no rarer than one in the data. O(1).
  double Share(NamePart part, NameCounts::Script script, std::string_view key) const;

  // Probability that two random persons share the name part: the sum of squared shares.
  double ChanceAgreement(NamePart part, NameCounts::Script script) const {
    return chance_[static_cast<int>(part)][static_cast<int>(script)];
  }

 private:
  const NameCounts* counts_;
  double chance_[2][NameCounts::kScripts];
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_NAME_FREQUENCIES_H_
