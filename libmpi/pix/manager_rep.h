// SPDX-License-Identifier: Apache-2.0
// What stands behind a Manager. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_MANAGER_REP_H_
#define LIBMPI_PIX_MANAGER_REP_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/pix/continuations.h"
#include "libmpi/pix/manager.h"
#include "libmpi/pix/receipts.h"
#include "libmpi/pix/stranger_entries.h"

namespace libmpi::pix {

struct Manager::Rep {
  Rep(Network* network_in, Registry* registry_in, std::shared_ptr<const Directory> directory_in,
      const ManagerOptions& options)
      : network(*network_in),
        registry(*registry_in),
        directory(std::move(directory_in)),
        receipts(registry_in, {options.remember_milliseconds, options.remember_most}),
        continuations({options.continue_milliseconds, options.continue_most, 16 * options.continue_most}),
        strangers({options.stranger_entries, 100 * options.stranger_entries}) {}

  // Notes in the audit trail what was refused before the network was asked: its entry names the faults. Where that can't
  // be written, kUnavailable takes the place of the faults.
  void NoteRefusal(const Requester& by, Operation operation, const std::string& action, std::vector<RecordKey> asked,
                   Problems* problems);
  void NoteLeftOut(const std::vector<StrangerEntries::LeftOut>& left_out);

  std::shared_ptr<const Directory> Current() const {
    const std::lock_guard lock(mutex);
    return directory;
  }

  Network& network;
  Registry& registry;
  mutable std::mutex mutex;
  std::shared_ptr<const Directory> directory;
  Receipts receipts;
  Continuations continuations;
  StrangerEntries strangers;
};

enum class AskedFor { kFeed, kQuestion };
// As whom the network knows a party.
Requester RequesterOf(const Party& party, AskedFor what, const Asked& message);

// The record key of an identifier, or what is wrong with it. kNoIdentifier, and what Directory::DomainOf() says.
std::optional<Problem> KeyOf(const Directory& directory, const Identifier& identifier, size_t which, RecordKey* key);
// Whether it is of the domain of enterprise IDs, of which the registry has no records.
inline bool IsOfEnterprise(const Directory& directory, const RecordKey& key) {
  return directory.enterprise() != nullptr && directory.enterprise()->name == key.source;
}
// As other systems know a record; nothing where its source is no domain of the directory with records.
std::optional<Identifier> IdentifierOf(const Directory& directory, const RecordKey& key);

// As other systems know those records whose domain is wanted, in their order, those of one domain together, each once: the
// parts of an overlay have one value. `keys` ascend.
template <typename IsWanted>
std::vector<Identifier> IdentifiersOf(const Directory& directory, const std::vector<RecordKey>& keys,
                                      const IsWanted& is_wanted) {
  std::vector<Identifier> identifiers;
  for (const RecordKey& key : keys) {
    if (!is_wanted(key.source)) continue;
    std::optional<Identifier> identifier = IdentifierOf(directory, key);
    if (identifier && (identifiers.empty() || identifiers.back() != *identifier))
      identifiers.push_back(*std::move(identifier));
  }
  return identifiers;
}

// Whether what was asked for is not there, not any more, or nobody the requester may be told of.
inline bool IsNobody(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
}

// What the network's or the registry's refusal is here where the call itself knows no better.
Problem ProblemOf(const absl::Status& status);

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_MANAGER_REP_H_
