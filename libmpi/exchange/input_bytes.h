// SPDX-License-Identifier: Apache-2.0
// Whole inputs as bytes: files, standard input, gzip and zstd.
#ifndef LIBMPI_EXCHANGE_INPUT_BYTES_H_
#define LIBMPI_EXCHANGE_INPUT_BYTES_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace libmpi {

// What a failed call for a file is: kNotFound, kPermissionDenied or else kInvalidArgument, with the path and the system's
// words. `error`: as errno has it.
absl::Status FileError(int error, const std::string& path);

// Reads a file ("-": standard input) whole and unpacks it where its first
// bytes say gzip or zstd. kNotFound, kPermissionDenied, kInvalidArgument (a folder, a damaged
// archive), kResourceExhausted (an archive that unpacks to more than 200 times its size and 1 GiB).
absl::StatusOr<std::string> ReadInputBytes(const std::string& path);

// The unpacking alone.
absl::StatusOr<std::string> Unpack(std::string bytes, const std::string& path);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_INPUT_BYTES_H_
