// SPDX-License-Identifier: Apache-2.0
// A kept linkage in maps, for tests.
#ifndef LIBMPI_TESTS_LINKAGE_KEPT_IN_MEMORY_H_
#define LIBMPI_TESTS_LINKAGE_KEPT_IN_MEMORY_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libmpi/linkage/kept_linkage.h"
#include "libmpi/linkage/linkage_change.h"

namespace libmpi {

class KeptInMemory : public KeptLinkage {
 public:
  absl::Status ReadSlots(std::span<const SlotKey> keys, std::vector<KeySlot>* slots) const override {
    return Read(keys, slots_, slots);
  }
  absl::Status ReadContents(std::span<const NodeId> nodes, std::vector<std::string>* packed) const override {
    return Read(nodes, contents_, packed);
  }
  absl::Status ReadStates(std::span<const NodeId> nodes, std::vector<NodeState>* states) const override {
    return Read(nodes, states_, states);
  }
  absl::Status ReadNodeOf(uint32_t record, std::optional<NodeId>* node) const override {
    const auto it = node_of_.find(record);
    *node = it == node_of_.end() ? std::nullopt : std::optional(it->second);
    return absl::OkStatus();
  }
  absl::Status ReadDecisions(uint32_t record, std::vector<KeptDecision>* out) const override {
    out->clear();
    for (const auto& [pair, same] : decisions) {
      if (pair.first == record) out->push_back({pair.second, same});
      if (pair.second == record) out->push_back({pair.first, same});
    }
    return absl::OkStatus();
  }

  void Apply(const LinkageChange& change) {
    const auto apply = [](const auto& values, auto* kept, const auto& gone) {
      for (const auto& [key, entry] : values.entries()) {
        if (!entry.changed) continue;
        if (gone(entry.value)) kept->erase(key);
        else (*kept)[key] = entry.value;
      }
    };
    apply(change.nodes().slots, &slots_, [](const KeySlot& s) { return s.empty(); });
    apply(change.nodes().contents, &contents_, [](const std::string& c) { return c.empty(); });
    apply(change.nodes().states, &states_, [](const NodeState& s) { return s.records.empty(); });
    for (const auto& [record, entry] : change.nodes().node_of.entries()) {
      if (entry.value) node_of_[record] = *entry.value;
      else node_of_.erase(record);
    }
    next_node_ = change.next_node();
  }

  NodeId next_node() const { return next_node_; }
  const std::map<NodeId, NodeState>& states() const { return states_; }
  const std::map<SlotKey, KeySlot>& slots() const { return slots_; }
  std::map<std::pair<uint32_t, uint32_t>, bool> decisions;  // of record numbers

 private:
  template <typename Key, typename Value>
  static absl::Status Read(std::span<const Key> keys, const std::map<Key, Value>& kept, std::vector<Value>* out) {
    out->clear();
    for (const Key& key : keys) {
      const auto it = kept.find(key);
      out->push_back(it == kept.end() ? Value() : it->second);
    }
    return absl::OkStatus();
  }

  std::map<SlotKey, KeySlot> slots_;
  std::map<NodeId, std::string> contents_;
  std::map<NodeId, NodeState> states_;
  std::map<uint32_t, NodeId> node_of_;
  NodeId next_node_ = 1;
};

}  // namespace libmpi

#endif  // LIBMPI_TESTS_LINKAGE_KEPT_IN_MEMORY_H_
