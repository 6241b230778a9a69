// SPDX-License-Identifier: Apache-2.0
// Early-return macros for absl::Status and absl::StatusOr.
//
// Debian 12's Abseil (2022-06-23) has none of its own.
#ifndef LIBMPI_BASE_STATUS_MACROS_H_
#define LIBMPI_BASE_STATUS_MACROS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Returns from the enclosing function if `expr` is not OK.
#define LIBMPI_RETURN_IF_ERROR(expr)                         \
  do {                                                       \
    if (absl::Status libmpi_status = (expr); !libmpi_status.ok()) \
      return libmpi_status;                                  \
  } while (false)

#define LIBMPI_CONCAT_INNER(a, b) a##b
#define LIBMPI_CONCAT(a, b) LIBMPI_CONCAT_INNER(a, b)

// Evaluates `expr` (a StatusOr); on success moves its value into `lhs`,
// else returns its status from the enclosing function.
#define LIBMPI_ASSIGN_OR_RETURN(lhs, expr) \
  LIBMPI_ASSIGN_OR_RETURN_IMPL(LIBMPI_CONCAT(libmpi_or_, __LINE__), lhs, expr)
#define LIBMPI_ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                                 \
  if (!tmp.ok()) return std::move(tmp).status();     \
  lhs = *std::move(tmp)

namespace libmpi {

// Debian's absl::string_view is a type of its own; this is the one bridge.
inline absl::string_view ToAbsl(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_STATUS_MACROS_H_
