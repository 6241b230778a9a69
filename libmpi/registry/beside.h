// SPDX-License-Identifier: Apache-2.0
// What others keep beside a change. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_BESIDE_H_
#define LIBMPI_REGISTRY_BESIDE_H_

#include "absl/status/status.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

// Writes the rows of others that belong to a change, into it. Nothing where `also` is empty.
absl::Status WriteBeside(const Registry::Rep& rep, const Writing& writing, const ChangeAnswer& answer,
                         const SideChange& also);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_BESIDE_H_
