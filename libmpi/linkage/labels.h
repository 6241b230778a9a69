// SPDX-License-Identifier: Apache-2.0
// What people know of pairs, for EM.
#ifndef LIBMPI_LINKAGE_LABELS_H_
#define LIBMPI_LINKAGE_LABELS_H_

#include <span>
#include <vector>

#include "libmpi/linkage/pattern_counts.h"

namespace libmpi {

// A labelled candidate pair as EM sees it.
struct LabelledPattern {
  AgreementPattern pattern;
  bool same = false;
  double stands_for = 1;  // pairs; 1 over the probability of being asked
};

// Splits the rows of blocked patterns that have labels: a part of a row's pairs is known to be matches, a part known
// to be none (of which class of non-matches stays latent), the rest stays unknown. Which pairs are asked
// about depends on their patterns, so labels say nothing of how common a pattern is, and speak
// for pairs of their own pattern only: neither the counts nor, by them, the prior can be
// distorted by what was asked. Of a pattern with n labels and c pairs they speak for c n / (n + 20),
// at least for n: the model's opinion counts as 20 labels. Labels of patterns that no row has are left out.
std::vector<PatternCount> WithLabels(std::span<const PatternCount> counts,
                                     std::span<const LabelledPattern> labels);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LABELS_H_
