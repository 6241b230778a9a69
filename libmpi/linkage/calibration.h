// SPDX-License-Identifier: Apache-2.0
// Match weights put right by labels: Platt's method, in bits.
#ifndef LIBMPI_LINKAGE_CALIBRATION_H_
#define LIBMPI_LINKAGE_CALIBRATION_H_

#include <optional>
#include <span>

#include "libmpi/linkage/model.h"

namespace libmpi {

// A pair whose truth is known, and what the model thought of it.
struct LabelledWeight {
  double weight = 0;      // bits, neither calibrated nor capped
  bool same = false;
  double stands_for = 1;  // pairs; 1 over the probability of being asked
};

// The calibrated weight of a weight, both in bits. Within [low, high] a straight line; beyond, where no
// label speaks, the weight is moved by as much as at the nearer end. Ascending.
double Calibrated(const Calibration& calibration, double weight);

// Platt scaling (Platt 1999; on log odds, so that intercept 0 and slope 1 change nothing) by
// logistic regression on the labels, each counting for the pairs it stands for (scaled to Kish's effective
// number of labels), held to intercept 0 and slope 1 by a normal prior. None unless labels that it was not fitted to
// support it: in ten folds the weighted log loss must fall by twice its standard error, and at least
// 100 labels and ten of each kind are needed. Depends on the order of labels (folds). O(labels).
std::optional<Calibration> FitCalibration(std::span<const LabelledWeight> labels);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_CALIBRATION_H_
