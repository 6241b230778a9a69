// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/partition_change.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace libmpi {
namespace {

std::vector<uint64_t> Sizes(std::span<const uint32_t> labels) {
  std::vector<uint64_t> sizes;
  for (uint32_t label : labels) {
    if (label >= sizes.size()) sizes.resize(size_t{label} + 1, 0);
    ++sizes[label];
  }
  return sizes;
}

uint64_t Pairs(uint64_t n) { return n * (n - (n > 0)) / 2; }

uint64_t PairsOf(const std::vector<uint64_t>& sizes) {
  uint64_t pairs = 0;
  for (uint64_t n : sizes) pairs += Pairs(n);
  return pairs;
}

// What is known of a cluster of the earlier partition.
struct Parts {
  uint64_t parts = 0;          // clusters it lies in now
  bool others_join = false;    // one of which holds other records, too
};

ClusterChange ChangeOf(const Parts& p) {
  if (p.parts == 1) return p.others_join ? ClusterChange::kMerged : ClusterChange::kUnchanged;
  return p.others_join ? ClusterChange::kOverlapping : ClusterChange::kPartitioned;
}

}  // namespace

std::string_view ClusterChangeName(ClusterChange change) {
  switch (change) {
    case ClusterChange::kUnchanged: return "unchanged";
    case ClusterChange::kMerged: return "merged";
    case ClusterChange::kPartitioned: return "partitioned";
    case ClusterChange::kOverlapping: return "overlapping";
  }
  return "";
}

PartitionChange ComparePartitions(std::span<const uint32_t> before, std::span<const uint32_t> now) {
  const std::vector<uint64_t> sizes_before = Sizes(before), sizes_now = Sizes(now);
  absl::flat_hash_map<uint64_t, uint64_t> both;
  for (size_t i = 0; i < before.size(); ++i) ++both[uint64_t{before[i]} << 32 | now[i]];
  std::vector<Parts> parts(sizes_before.size());
  PartitionChange out;
  for (const auto& [key, count] : both) {
    Parts& p = parts[key >> 32];
    ++p.parts;
    p.others_join = p.others_join || sizes_now[static_cast<uint32_t>(key)] > count;
    out.pairs_kept += Pairs(count);
  }
  out.records = before.size();
  out.change.resize(sizes_before.size(), ClusterChange::kUnchanged);
  for (size_t label = 0; label < parts.size(); ++label) {
    if (parts[label].parts == 0) continue;
    out.change[label] = ChangeOf(parts[label]);
    ++out.clusters[static_cast<int>(out.change[label])];
    out.records_in[static_cast<int>(out.change[label])] += sizes_before[label];
    ++out.clusters_before;
  }
  out.clusters_now = static_cast<uint64_t>(
      std::count_if(sizes_now.begin(), sizes_now.end(), [](uint64_t n) { return n > 0; }));
  out.pairs_linked = PairsOf(sizes_now) - out.pairs_kept;
  out.pairs_parted = PairsOf(sizes_before) - out.pairs_kept;
  return out;
}

}  // namespace libmpi
