// SPDX-License-Identifier: Apache-2.0
// Which identifiers were merged into others. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_MERGED_IDENTIFIERS_H_
#define LIBMPI_NETWORK_MERGED_IDENTIFIERS_H_

#include <set>

#include "absl/status/status.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// Adds to some identifiers those that were merged into them, and into those, and so on. Reads all.
absl::Status AddMergedInto(const Registry& registry, std::set<RecordKey>* identifiers);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_MERGED_IDENTIFIERS_H_
