// SPDX-License-Identifier: Apache-2.0
// A registry behind its handle. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_REGISTRY_H_
#define LIBMPI_BINDINGS_C_REGISTRY_H_

#include <memory>

#include "bindings/c/call.h"
#include "libmpi/registry/registry.h"

struct libmpi_registry {
  LIBMPI_HANDLE_KIND(8);
  std::unique_ptr<libmpi::Registry> registry;
};

#endif  // LIBMPI_BINDINGS_C_REGISTRY_H_
