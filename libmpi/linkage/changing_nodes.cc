// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/changing_nodes.h"

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

// Reads those of the keys that are not known; `read` as a method of KeptLinkage.
template <typename Key, typename Value, typename Read>
absl::Status Fetch(std::span<const Key> keys, const Read& read, ChangingValues<Key, Value>* values) {
  std::vector<Key> unknown;
  for (const Key& key : keys)
    if (!values->Knows(key)) unknown.push_back(key);
  if (unknown.empty()) return absl::OkStatus();
  std::vector<Value> found;
  LIBMPI_RETURN_IF_ERROR(read(unknown, &found));
  for (size_t i = 0; i < unknown.size(); ++i) values->Learn(unknown[i], std::move(found[i]));
  return absl::OkStatus();
}

}  // namespace

absl::Status ChangingNodes::FetchSlots(std::span<const SlotKey> keys) {
  return Fetch(keys, [this](const auto& k, auto* found) { return kept_->ReadSlots(k, found); }, &slots);
}

absl::Status ChangingNodes::FetchContents(std::span<const NodeId> nodes) {
  return Fetch(nodes, [this](const auto& n, auto* found) { return kept_->ReadContents(n, found); }, &contents);
}

absl::Status ChangingNodes::FetchStates(std::span<const NodeId> nodes) {
  return Fetch(nodes, [this](const auto& n, auto* found) { return kept_->ReadStates(n, found); }, &states);
}

absl::Status ChangingNodes::FetchNodeOf(uint32_t record) {
  if (node_of.Knows(record)) return absl::OkStatus();
  std::optional<NodeId> node;
  LIBMPI_RETURN_IF_ERROR(kept_->ReadNodeOf(record, &node));
  node_of.Learn(record, node);
  return absl::OkStatus();
}

}  // namespace libmpi
