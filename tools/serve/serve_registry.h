// SPDX-License-Identifier: Apache-2.0
// The registry that is served, and the network that it is.
#ifndef LIBMPI_TOOLS_SERVE_SERVE_REGISTRY_H_
#define LIBMPI_TOOLS_SERVE_SERVE_REGISTRY_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/network.h"
#include "libmpi/registry/registry.h"
#include "tools/serve/config.h"

namespace nayose {

struct ServedRegistry {
  std::unique_ptr<libmpi::Registry> registry;
  std::unique_ptr<libmpi::Network> network;  // borrows it
};

// Opens it, or makes it where the configuration says so and there is none. Errors name the folder and say what to do.
// `questions_wait_for_disk`: see NetworkOptions.
absl::StatusOr<ServedRegistry> OpenServed(const RegistryConfig& config, bool questions_wait_for_disk);

// As whom the server itself changes the network's members.
libmpi::Requester ServerRequester();

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_SERVE_REGISTRY_H_
