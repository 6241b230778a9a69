// SPDX-License-Identifier: Apache-2.0
// The kept linkage of one model in the registry's tables.
#ifndef LIBMPI_REGISTRY_STORE_LINKAGE_H_
#define LIBMPI_REGISTRY_STORE_LINKAGE_H_

#include "libmpi/linkage/kept_linkage.h"
#include "libmpi/linkage/linkage_change.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/transaction.h"

namespace libmpi {

class StoreLinkage : public KeptLinkage {
 public:
  // Borrows all but `base` and `keys`, which are of the tenant and of its generation.
  StoreLinkage(const View* view, const Keys& base, const Keys& keys, const BlockCipher* cipher)
      : view_(*view), base_(base), keys_(keys), cipher_(*cipher) {}

  absl::Status ReadSlots(std::span<const SlotKey> keys, std::vector<KeySlot>* slots) const override;
  absl::Status ReadContents(std::span<const NodeId> nodes, std::vector<std::string>* packed) const override;
  absl::Status ReadStates(std::span<const NodeId> nodes, std::vector<NodeState>* states) const override;
  absl::Status ReadNodeOf(uint32_t record, std::optional<NodeId>* node) const override;
  absl::Status ReadDecisions(uint32_t record, std::vector<KeptDecision>* decisions) const override;

  // Writes what a change leaves changed.
  void Write(const LinkageChange& change, Transaction* to) const;

 private:
  std::vector<std::string> KeysOf(Table table, std::span<const NodeId> nodes) const;

  const View& view_;
  const Keys base_, keys_;
  const BlockCipher& cipher_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_LINKAGE_H_
