// SPDX-License-Identifier: Apache-2.0
// A kept linkage under change: what was read of it and what will be written.
#ifndef LIBMPI_LINKAGE_CHANGING_NODES_H_
#define LIBMPI_LINKAGE_CHANGING_NODES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "libmpi/linkage/kept_linkage.h"

namespace libmpi {

// One kind of values of a kept linkage by key, read when first asked for. References hold until the object goes.
template <typename Key, typename Value>
class ChangingValues {
 public:
  struct Entry {
    Value value;
    bool changed = false;
  };

  bool Knows(const Key& key) const { return entries_.contains(key); }
  // Of a known key.
  const Value& Get(const Key& key) const { return entries_.find(key)->second.value; }
  Value& Change(const Key& key) {
    Entry& entry = entries_.find(key)->second;
    entry.changed = true;
    return entry.value;
  }
  // Learns what is kept; nothing where the key is known.
  void Learn(const Key& key, Value value) { entries_.try_emplace(key, Entry{std::move(value), false}); }
  void Set(const Key& key, Value value) {
    Entry& entry = entries_[key];
    entry.value = std::move(value);
    entry.changed = true;
  }
  const absl::node_hash_map<Key, Entry>& entries() const { return entries_; }

 private:
  absl::node_hash_map<Key, Entry> entries_;
};

// For one thread. Who asks for a value must have fetched it before.
class ChangingNodes {
 public:
  explicit ChangingNodes(const KeptLinkage* kept) : kept_(kept) {}

  absl::Status FetchSlots(std::span<const SlotKey> keys);
  absl::Status FetchContents(std::span<const NodeId> nodes);
  absl::Status FetchStates(std::span<const NodeId> nodes);
  absl::Status FetchNodeOf(uint32_t record);
  const KeptLinkage& kept() const { return *kept_; }

  ChangingValues<SlotKey, KeySlot> slots;
  ChangingValues<NodeId, std::string> contents;        // empty: no such node
  ChangingValues<NodeId, NodeState> states;
  ChangingValues<uint32_t, std::optional<NodeId>> node_of;  // by record

 private:
  const KeptLinkage* kept_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_CHANGING_NODES_H_
