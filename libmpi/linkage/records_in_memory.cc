// SPDX-License-Identifier: Apache-2.0
// Linkage of records that a caller holds in memory, in whatever order.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/key_order.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

absl::StatusOr<LinkResult> Dedupe(std::span<const Record> records, const LinkOptions& options) {
  const std::vector<uint32_t> order = KeyOrder(records);
  LinkOptions by_key = options;
  by_key.decisions = DecisionsByKeyOrder(order, options.decisions);
  by_key.labels = LabelsByKeyOrder(order, options.labels);
  auto result = Dedupe(
      records.size(), [&](size_t i, RecordView* out) { out->Assign(records[order[i]]); }, by_key);
  if (result.ok()) ToCallersOrder(order, &*result);
  return result;
}

absl::StatusOr<LinkResult> LinkToReference(std::span<const Record> new_records,
                                           std::span<const Record> reference,
                                           const LinkOptions& options, bool one_to_one) {
  const uint32_t new_count = static_cast<uint32_t>(new_records.size());
  std::vector<uint32_t> order = KeyOrder(new_records);
  for (uint32_t i : KeyOrder(reference)) order.push_back(new_count + i);
  const RecordReader reader = [&](size_t i, RecordView* out) {
    out->Assign(order[i] < new_count ? new_records[order[i]] : reference[order[i] - new_count]);
  };
  auto result = LinkToReference(new_count, order.size(), reader, options, one_to_one);
  if (result.ok()) ToCallersOrder(order, &*result);
  return result;
}

absl::StatusOr<TrainResult> Train(std::span<const Record> records, const LinkOptions& options) {
  const std::vector<uint32_t> order = KeyOrder(records);
  LinkOptions by_key = options;
  by_key.labels = LabelsByKeyOrder(order, options.labels);
  return Train(records.size(), [&](size_t i, RecordView* out) { out->Assign(records[order[i]]); }, by_key);
}

}  // namespace libmpi
