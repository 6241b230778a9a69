// SPDX-License-Identifier: Apache-2.0
// A registry behind its handle. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_REGISTRY_H_
#define LIBMPI_BINDINGS_C_REGISTRY_H_

#include <memory>
#include <mutex>
#include <utility>

#include "bindings/c/call.h"
#include "libmpi/network/registry_door.h"
#include "libmpi/registry/registry.h"

namespace libmpi::c {

// What all handles of one opened registry share.
class OpenedRegistry {
 public:
  explicit OpenedRegistry(std::unique_ptr<Registry> registry) : registry_(std::move(registry)) {}
  Registry& registry() const { return *registry_; }
  // The network that stands before it; opened by the first who asks.
  absl::StatusOr<Network*> network() {
    const std::lock_guard lock(mutex_);
    if (network_ == nullptr) {
      LIBMPI_ASSIGN_OR_RETURN(network_, Network::Open(registry_.get()));
    }
    return network_.get();
  }

 private:
  const std::unique_ptr<Registry> registry_;
  std::mutex mutex_;
  std::unique_ptr<Network> network_;
};

}  // namespace libmpi::c

struct libmpi_registry {
  LIBMPI_HANDLE_KIND(8);
  std::shared_ptr<libmpi::c::OpenedRegistry> opened;
  // Null: the handle's owner comes straight.
  libmpi::Network* network = nullptr;
  libmpi::Requester who;

  libmpi::RegistryDoor Door(const libmpi::Attribution& by = {}) const {
    libmpi::Registry* const registry = &opened->registry();
    return network != nullptr ? libmpi::RegistryDoor(registry, network, who) : libmpi::RegistryDoor(registry, by);
  }
};

#endif  // LIBMPI_BINDINGS_C_REGISTRY_H_
