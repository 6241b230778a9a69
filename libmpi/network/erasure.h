// SPDX-License-Identifier: Apache-2.0
// Which records go, and that they go. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_ERASURE_H_
#define LIBMPI_NETWORK_ERASURE_H_

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// Records that are to go, each with the others of its person, which keep what was said of consent.
using DueRecords = std::map<RecordKey, std::vector<RecordKey>>;

// The record of an identifier; or those of the whole person, where it is live, and what was merged into them.
absl::StatusOr<DueRecords> RecordsToErase(const Registry& registry, const RecordKey& identifier, bool whole_person);
// Adds what was merged into records that go, but what was erased already. One reading of all.
absl::Status AddSubsumed(const Registry& registry, DueRecords* due);

// Erases them one by one; the last takes `note` into its commit.
absl::Status EraseRecords(Registry* registry, const DueRecords& due, const Attribution& by, const SideChange& note = {});

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ERASURE_H_
