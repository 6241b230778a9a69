// SPDX-License-Identifier: Apache-2.0
// What the reader of model files and Model::Validate have in common.
#ifndef LIBMPI_LINKAGE_MODEL_CHECKS_H_
#define LIBMPI_LINKAGE_MODEL_CHECKS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "libmpi/linkage/model.h"

namespace libmpi {

// Counts beyond it are slips: more records than any network will ever hold.
inline constexpr uint64_t kMostCounted = 1'000'000'000'000'000;  // 10^15, exact as a double
inline constexpr size_t kMostClasses = 16;

// kInvalidArgument: "model: " and the reason.
absl::Status RefuseModel(const std::string& reason);

// The file format and the folding tables are this build's. First of all checks, since another
// version's model would fail at the others for no reason of its own.
absl::Status CheckModelVersions(const Model& model);

// How messages name a class: its place in the file, and its name (in brackets, cut short).
std::string ClassPlace(size_t index, std::string_view name);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_MODEL_CHECKS_H_
