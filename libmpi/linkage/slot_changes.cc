// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/slot_changes.h"

#include <algorithm>
#include <string>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/packed_node.h"

namespace libmpi {

namespace {

size_t MostNodes(const SlotKey& key) { return Blocks::MostMembers(RuleOfKey(key.key), key.step); }

absl::Status Damaged() { return absl::DataLossError("the blocking keys that are kept do not fit the records"); }

template <typename T>
void InsertSorted(const T& item, std::vector<T>* list) {
  const auto it = std::lower_bound(list->begin(), list->end(), item);
  if (it == list->end() || *it != item) list->insert(it, item);
}

template <typename T>
bool EraseSorted(const T& item, std::vector<T>* list) {
  const auto it = std::lower_bound(list->begin(), list->end(), item);
  if (it == list->end() || *it != item) return false;
  list->erase(it);
  return true;
}

void AddPairs(std::span<const NodeId> nodes, absl::flat_hash_set<uint64_t>* pairs) {
  for (size_t i = 0; i < nodes.size(); ++i)
    for (size_t j = i + 1; j < nodes.size(); ++j) pairs->insert(PairKey(nodes[i], nodes[j]));
}

}  // namespace

absl::Status SlotChanges::Read(NodeId node, const Refinable** refinable) {
  auto it = refinable_.find(node);
  if (it == refinable_.end()) {
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents({&node, 1}));
    NodeTexts texts;
    UnpackedNode unpacked;
    LIBMPI_RETURN_IF_ERROR(UnpackNode(nodes_.contents.Get(node), &texts, &unpacked));
    Refinable made{unpacked.record, std::string(texts.Stored(unpacked.record.address.city)), std::move(unpacked.keys)};
    it = refinable_.emplace(node, std::move(made)).first;
  }
  *refinable = &it->second;
  return absl::OkStatus();
}

absl::Status SlotChanges::KeysOf(NodeId node, const std::vector<uint64_t>** keys) {
  const Refinable* refinable;
  LIBMPI_RETURN_IF_ERROR(Read(node, &refinable));
  *keys = &refinable->keys;
  return absl::OkStatus();
}

absl::Status SlotChanges::Child(const SlotKey& key, NodeId node, SlotKey* child) {
  const Refinable* refinable;
  LIBMPI_RETURN_IF_ERROR(Read(node, &refinable));
  child->key = RefinedKey(key.key, refinable->record, refinable->city, key.step);
  child->step = static_cast<uint8_t>(key.step + 1);
  return nodes_.FetchSlots({child, 1});
}

absl::Status SlotChanges::Add(NodeId node) {
  const std::vector<uint64_t>* keys;
  LIBMPI_RETURN_IF_ERROR(KeysOf(node, &keys));
  std::vector<SlotKey> slots;
  for (uint64_t key : *keys) slots.push_back({key, 0});
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots(slots));
  for (const SlotKey& key : slots) LIBMPI_RETURN_IF_ERROR(AddTo(key, node));
  return absl::OkStatus();
}

absl::Status SlotChanges::Remove(NodeId node) {
  const std::vector<uint64_t>* keys;
  LIBMPI_RETURN_IF_ERROR(KeysOf(node, &keys));
  std::vector<SlotKey> slots;
  for (uint64_t key : *keys) slots.push_back({key, 0});
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots(slots));
  for (const SlotKey& key : slots) LIBMPI_RETURN_IF_ERROR(RemoveFrom(key, node));
  return absl::OkStatus();
}

// The slot of `key` is known.
absl::Status SlotChanges::AddTo(const SlotKey& key, NodeId node) {
  KeySlot& slot = nodes_.slots.Change(key);
  ++slot.count;
  if (slot.branches()) {
    SlotKey child;
    LIBMPI_RETURN_IF_ERROR(Child(key, node, &child));
    InsertSorted(child.key, &slot.children);
    return AddTo(child, node);
  }
  const size_t most = MostNodes(key);
  if (slot.count <= most)
    for (NodeId other : slot.nodes) gained_.insert(PairKey(node, other));
  else if (slot.count == most + 1)
    AddPairs(slot.nodes, &lost_);
  InsertSorted(node, &slot.nodes);
  if (slot.nodes.size() != slot.count) return Damaged();
  return slot.count > most && key.step < kRefinements ? Branch(key) : absl::OkStatus();
}

// The nodes of a key that has become too common, to its sharper keys.
absl::Status SlotChanges::Branch(const SlotKey& key) {
  KeySlot& slot = nodes_.slots.Change(key);
  std::vector<NodeId> nodes;
  nodes.swap(slot.nodes);
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents(nodes));
  for (NodeId node : nodes) {
    SlotKey child;
    LIBMPI_RETURN_IF_ERROR(Child(key, node, &child));
    InsertSorted(child.key, &slot.children);
    LIBMPI_RETURN_IF_ERROR(AddTo(child, node));
  }
  return absl::OkStatus();
}

absl::Status SlotChanges::RemoveFrom(const SlotKey& key, NodeId node) {
  KeySlot& slot = nodes_.slots.Change(key);
  if (slot.count == 0) return Damaged();
  --slot.count;
  const size_t most = MostNodes(key);
  if (!slot.branches()) {
    if (!EraseSorted(node, &slot.nodes)) return Damaged();
    if (slot.count == most) AddPairs(slot.nodes, &gained_);
    return absl::OkStatus();
  }
  SlotKey child;
  LIBMPI_RETURN_IF_ERROR(Child(key, node, &child));
  LIBMPI_RETURN_IF_ERROR(RemoveFrom(child, node));
  if (nodes_.slots.Get(child).empty() && !EraseSorted(child.key, &slot.children)) return Damaged();
  return slot.count <= most ? Collapse(key) : absl::OkStatus();
}

// A key that is no longer too common takes back the nodes of its sharper keys.
absl::Status SlotChanges::Collapse(const SlotKey& key) {
  KeySlot& slot = nodes_.slots.Change(key);
  std::vector<NodeId> nodes;
  for (uint64_t child : slot.children)
    LIBMPI_RETURN_IF_ERROR(Gather({child, static_cast<uint8_t>(key.step + 1)}, &nodes));
  if (nodes.size() != slot.count) return Damaged();
  std::sort(nodes.begin(), nodes.end());
  AddPairs(nodes, &gained_);
  slot.children.clear();
  slot.nodes = std::move(nodes);
  return absl::OkStatus();
}

// Takes all nodes out of a key and those below it.
absl::Status SlotChanges::Gather(const SlotKey& key, std::vector<NodeId>* nodes) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots({&key, 1}));
  KeySlot& slot = nodes_.slots.Change(key);
  nodes->insert(nodes->end(), slot.nodes.begin(), slot.nodes.end());
  const std::vector<uint64_t> children = std::move(slot.children);
  slot = KeySlot();
  for (uint64_t child : children)
    LIBMPI_RETURN_IF_ERROR(Gather({child, static_cast<uint8_t>(key.step + 1)}, nodes));
  return absl::OkStatus();
}

absl::Status SlotChanges::MeetIn(const SlotKey& key, NodeId a, NodeId b, bool* meet) {
  const KeySlot& slot = nodes_.slots.Get(key);
  if (!slot.branches()) {
    *meet = slot.count <= MostNodes(key);
    return absl::OkStatus();
  }
  SlotKey child_a, child_b;
  LIBMPI_RETURN_IF_ERROR(Child(key, a, &child_a));
  LIBMPI_RETURN_IF_ERROR(Child(key, b, &child_b));
  if (child_a != child_b) return absl::OkStatus();
  return MeetIn(child_a, a, b, meet);
}

absl::Status SlotChanges::Meet(NodeId a, NodeId b, bool* meet) {
  *meet = false;
  const std::vector<uint64_t>*keys_a, *keys_b;
  LIBMPI_RETURN_IF_ERROR(KeysOf(a, &keys_a));
  LIBMPI_RETURN_IF_ERROR(KeysOf(b, &keys_b));
  std::vector<uint64_t> common;
  std::set_intersection(keys_a->begin(), keys_a->end(), keys_b->begin(), keys_b->end(), std::back_inserter(common));
  for (uint64_t key : common) {
    const SlotKey slot{key, 0};
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots({&slot, 1}));
    LIBMPI_RETURN_IF_ERROR(MeetIn(slot, a, b, meet));
    if (*meet) break;
  }
  return absl::OkStatus();
}

absl::Status NodesThatMeet(const KeptLinkage& kept, std::string_view packed, size_t most, std::vector<NodeId>* nodes,
                           bool* more) {
  NodeTexts texts;
  UnpackedNode node;
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed, &texts, &node));
  const std::string_view city = texts.Stored(node.record.address.city);
  std::vector<SlotKey> keys;
  for (uint64_t key : node.keys) keys.push_back({key, 0});
  std::vector<std::vector<NodeId>> found;
  while (!keys.empty()) {
    std::vector<KeySlot> slots;
    LIBMPI_RETURN_IF_ERROR(kept.ReadSlots(keys, &slots));
    std::vector<SlotKey> sharper;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (slots[i].branches())
        sharper.push_back({RefinedKey(keys[i].key, node.record, city, keys[i].step),
                           static_cast<uint8_t>(keys[i].step + 1)});
      else
        found.push_back(std::move(slots[i].nodes));
    }
    keys = std::move(sharper);
  }
  std::sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.size() < y.size(); });
  *more = false;
  for (const std::vector<NodeId>& block : found)
    for (NodeId n : block) {
      if (nodes->size() < most) InsertSorted(n, nodes);
      else if (!std::binary_search(nodes->begin(), nodes->end(), n)) *more = true;
    }
  return absl::OkStatus();
}

}  // namespace libmpi
