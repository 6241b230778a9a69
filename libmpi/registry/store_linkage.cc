// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store_linkage.h"

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/values.h"

namespace libmpi {
namespace {

template <typename Value>
absl::Status ReadAll(const View& view, std::span<const std::string> keys, std::vector<Value>* out) {
  std::vector<std::optional<std::string>> bytes;
  LIBMPI_RETURN_IF_ERROR(view.Read(keys, &bytes));
  out->assign(bytes.size(), Value());
  for (size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i]) LIBMPI_RETURN_IF_ERROR(Unpack(*bytes[i], &(*out)[i]));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> StoreLinkage::KeysOf(Table table, std::span<const NodeId> nodes) const {
  std::vector<std::string> keys;
  keys.reserve(nodes.size());
  for (NodeId node : nodes) keys.push_back(keys_.Of(table, node));
  return keys;
}

absl::Status StoreLinkage::ReadSlots(std::span<const SlotKey> keys, std::vector<KeySlot>* slots) const {
  return ReadAll(view_, keys_.OfSlots(keys, cipher_), slots);
}

absl::Status StoreLinkage::ReadContents(std::span<const NodeId> nodes, std::vector<std::string>* packed) const {
  std::vector<std::optional<std::string>> bytes;
  LIBMPI_RETURN_IF_ERROR(view_.Read(KeysOf(Table::kContent, nodes), &bytes));
  packed->assign(bytes.size(), std::string());
  for (size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i]) LIBMPI_RETURN_IF_ERROR(UnpackText(*bytes[i], &(*packed)[i]));
  return absl::OkStatus();
}

absl::Status StoreLinkage::ReadStates(std::span<const NodeId> nodes, std::vector<NodeState>* states) const {
  return ReadAll(view_, KeysOf(Table::kState, nodes), states);
}

absl::Status StoreLinkage::ReadNodeOf(uint32_t record, std::optional<NodeId>* node) const {
  const std::string key = keys_.Of(Table::kNodeOf, record);
  std::vector<std::optional<std::string>> bytes;
  LIBMPI_RETURN_IF_ERROR(view_.Read(std::span(&key, 1), &bytes));
  node->reset();
  if (!bytes[0]) return absl::OkStatus();
  uint64_t number;
  LIBMPI_RETURN_IF_ERROR(UnpackNumber(*bytes[0], &number));
  *node = static_cast<NodeId>(number);
  return absl::OkStatus();
}

absl::Status StoreLinkage::ReadDecisions(uint32_t record, std::vector<KeptDecision>* decisions) const {
  decisions->clear();
  absl::Status status;
  const std::string begin = base_.Of(Table::kDecision, record);
  LIBMPI_RETURN_IF_ERROR(view_.Scan(begin, base_.Of(Table::kDecision, record, UINT32_MAX),
                                    [&](std::string_view key, std::string_view bytes) {
                                      DecisionValue value;
                                      status = Unpack(bytes, &value);
                                      decisions->push_back({Keys::LastNumber(key), value.same});
                                      return status.ok();
                                    }));
  return status;
}

void StoreLinkage::Write(const LinkageChange& change, Transaction* to) const {
  const ChangingNodes& nodes = change.nodes();
  std::vector<SlotKey> slots;
  for (const auto& [key, entry] : nodes.slots.entries())
    if (entry.changed) slots.push_back(key);
  std::vector<std::string> slot_keys = keys_.OfSlots(slots, cipher_);
  for (size_t i = 0; i < slots.size(); ++i) {
    const KeySlot& slot = nodes.slots.Get(slots[i]);
    if (slot.empty()) to->Delete(std::move(slot_keys[i]));
    else to->Put(std::move(slot_keys[i]), Pack(slot));
  }
  for (const auto& [node, entry] : nodes.contents.entries()) {
    if (!entry.changed) continue;
    if (entry.value.empty()) to->Delete(keys_.Of(Table::kContent, node));
    else to->Put(keys_.Of(Table::kContent, node), PackText(entry.value));
  }
  for (const auto& [node, entry] : nodes.states.entries()) {
    if (!entry.changed) continue;
    if (entry.value.records.empty()) to->Delete(keys_.Of(Table::kState, node));
    else to->Put(keys_.Of(Table::kState, node), Pack(entry.value));
  }
  for (const auto& [record, entry] : nodes.node_of.entries()) {
    if (!entry.changed) continue;
    if (!entry.value) to->Delete(keys_.Of(Table::kNodeOf, record));
    else to->Put(keys_.Of(Table::kNodeOf, record), PackNumber(*entry.value));
  }
}

}  // namespace libmpi
