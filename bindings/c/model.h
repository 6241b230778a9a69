// SPDX-License-Identifier: Apache-2.0
// A model behind its handle. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_MODEL_H_
#define LIBMPI_BINDINGS_C_MODEL_H_

#include <memory>

#include "bindings/c/call.h"
#include "libmpi/linkage/model.h"

struct libmpi_model {
  LIBMPI_HANDLE_KIND(6);
  std::shared_ptr<const libmpi::Model> model;
};

#endif  // LIBMPI_BINDINGS_C_MODEL_H_
