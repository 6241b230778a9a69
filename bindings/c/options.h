// SPDX-License-Identifier: Apache-2.0
// Options behind their handle, and what they mean to each layer. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_OPTIONS_H_
#define LIBMPI_BINDINGS_C_OPTIONS_H_

#include <optional>
#include <vector>

#include "bindings/c/call.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/registry/registry.h"

struct libmpi_options {
  LIBMPI_HANDLE_KIND(5);
  std::optional<libmpi::Preset> preset;
  std::optional<double> match_threshold, review_threshold;
  double population = 0;
  libmpi::CivilDate today;
  int threads = 0;
  uint64_t seed = 0;
  libmpi::RegistryOptions registry;
  bool create = false;
  libmpi::ProgressCallback progress;
  std::vector<libmpi::Decision> decisions;
};

namespace libmpi::c {

absl::Status NeedOptions(const libmpi_options* options);  // that they are none of another kind
// Those of `options`, which may be null.
const libmpi_options& OrDefault(const libmpi_options* options);
LinkOptions LinkOptionsOf(const libmpi_options& options, Preset preset);
FrozenOptions FrozenOptionsOf(const libmpi_options& options);

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_OPTIONS_H_
