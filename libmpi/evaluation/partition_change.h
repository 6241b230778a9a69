// SPDX-License-Identifier: Apache-2.0
// What became of the clusters of one partition in another one of the same records.
#ifndef LIBMPI_EVALUATION_PARTITION_CHANGE_H_
#define LIBMPI_EVALUATION_PARTITION_CHANGE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace libmpi {

// The four cases of CCMS (arXiv 2601.02824), each cluster of the earlier partition in one of them.
enum class ClusterChange : uint8_t {
  kUnchanged,    // the same records
  kMerged,       // whole, with further records
  kPartitioned,  // several clusters now, that hold nothing else
  kOverlapping,  // some of its records parted, and some joined others
};
inline constexpr int kClusterChanges = 4;
std::string_view ClusterChangeName(ClusterChange change);

struct PartitionChange {
  uint64_t records = 0;
  uint64_t clusters_before = 0, clusters_now = 0;
  std::array<uint64_t, kClusterChanges> clusters{};  // of the earlier partition, by what became of them
  std::array<uint64_t, kClusterChanges> records_in{};
  uint64_t pairs_kept = 0, pairs_linked = 0, pairs_parted = 0;
  std::vector<ClusterChange> change;  // by label before
};

// before[i] and now[i]: labels of record i, from 0 on without large gaps. O(n).
// REQUIRES: before.size() == now.size().
PartitionChange ComparePartitions(std::span<const uint32_t> before, std::span<const uint32_t> now);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_PARTITION_CHANGE_H_
