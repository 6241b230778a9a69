// SPDX-License-Identifier: Apache-2.0
#include "bindings/c/call.h"

#include <cstring>

#include "libmpi/text/charset.h"

struct libmpi_error {
  libmpi_code code = LIBMPI_OK;
  std::string message;
};

namespace libmpi::c {
namespace {

constexpr size_t kLongestText = size_t{1} << 20;

// Made beforehand: there is no memory for it when it is needed. Never freed.
libmpi_error* NoMemory() {
  static libmpi_error* const error = new libmpi_error{LIBMPI_RESOURCE_EXHAUSTED, "there is no memory for it"};
  return error;
}
[[maybe_unused]] libmpi_error* const made_beforehand = NoMemory();

libmpi_code CodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk: return LIBMPI_OK;
    case absl::StatusCode::kCancelled: return LIBMPI_CANCELLED;
    case absl::StatusCode::kInvalidArgument: return LIBMPI_INVALID_ARGUMENT;
    case absl::StatusCode::kNotFound: return LIBMPI_NOT_FOUND;
    case absl::StatusCode::kPermissionDenied: return LIBMPI_PERMISSION_DENIED;
    case absl::StatusCode::kResourceExhausted: return LIBMPI_RESOURCE_EXHAUSTED;
    case absl::StatusCode::kFailedPrecondition: return LIBMPI_FAILED_PRECONDITION;
    case absl::StatusCode::kAborted: return LIBMPI_ABORTED;
    case absl::StatusCode::kUnavailable: return LIBMPI_UNAVAILABLE;
    case absl::StatusCode::kDataLoss: return LIBMPI_DATA_LOSS;
    default: return LIBMPI_INTERNAL;
  }
}

}  // namespace

libmpi_code ReportNoMemory(libmpi_error** error) noexcept {
  if (error != nullptr) *error = NoMemory();
  return LIBMPI_RESOURCE_EXHAUSTED;
}

libmpi_code Report(const absl::Status& status, libmpi_error** error) noexcept {
  if (error != nullptr) *error = nullptr;
  if (status.ok()) return LIBMPI_OK;
  const libmpi_code code = CodeOf(status);
  if (error == nullptr) return code;
  try {
    *error = new libmpi_error{code, std::string(status.message())};
  } catch (...) {
    return ReportNoMemory(error);
  }
  return code;
}

libmpi_code ReportNoThread(libmpi_error** error) noexcept {
  try {
    return Report(absl::ResourceExhaustedError("the system gives no more threads, or no memory for one"), error);
  } catch (...) {
    return ReportNoMemory(error);
  }
}

libmpi_code ReportException(const char* what, libmpi_error** error) noexcept {
  try {
    return Report(absl::InternalError(std::string("unexpected: ") + what), error);
  } catch (...) {
    return ReportNoMemory(error);
  }
}

absl::StatusOr<std::string_view> LongTextIn(const char* data, size_t size, std::string_view name) {
  if (data == nullptr && size != 0)
    return absl::InvalidArgumentError(std::string(name) + " is NULL, its size is not 0");
  if (size == LIBMPI_NUL) size = std::strlen(data);
  return std::string_view(data, size);
}

absl::StatusOr<std::string> FolderIn(const char* folder, size_t size, std::string_view name) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string_view text, LongTextIn(folder, size, name));
  if (text.empty() || text.find('\0') != std::string_view::npos)
    return absl::InvalidArgumentError(std::string(name) + " is no path of a folder");
  return std::string(text);
}

absl::StatusOr<std::string> TextIn(const char* data, size_t size, std::string_view name) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string_view text, LongTextIn(data, size, name));
  if (text.size() > kLongestText) return absl::InvalidArgumentError(std::string(name) + " is longer than 1 MiB");
  return LongUtf8In(data, size, name);
}

absl::StatusOr<std::string> LongUtf8In(const char* data, size_t size, std::string_view name) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string_view text, LongTextIn(data, size, name));
  DecodedText decoded = DecodeText(text, Charset::kUtf8);
  if (decoded.malformed > 0) return absl::InvalidArgumentError(std::string(name) + " is not UTF-8");
  return std::move(decoded.utf8);
}

}  // namespace libmpi::c

int32_t libmpi_abi_version(void) { return LIBMPI_ABI_VERSION; }
const char* libmpi_version_string(void) { return NAYOSE_VERSION; }

libmpi_code libmpi_error_code(const libmpi_error* error) { return error == nullptr ? LIBMPI_OK : error->code; }
const char* libmpi_error_message(const libmpi_error* error) { return error == nullptr ? "" : error->message.c_str(); }
void libmpi_error_free(libmpi_error** error) {
  if (error == nullptr) return;
  if (*error != libmpi::c::NoMemory()) delete *error;
  *error = nullptr;
}
