// SPDX-License-Identifier: Apache-2.0
// How every function of the C API begins and ends: arguments are looked at, and whatever happens becomes a code.
// Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_CALL_H_
#define LIBMPI_BINDINGS_C_CALL_H_

#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/c/floating_point.h"
#include "bindings/c/nayose.h"
#include "libmpi/base/status_macros.h"

namespace libmpi::c {

// The code of a status; `error`, where it is not null, takes the rest. Never throws.
libmpi_code Report(const absl::Status& status, libmpi_error** error) noexcept;
// Of memory that there is none of, or an exception that nobody expected.
libmpi_code ReportNoMemory(libmpi_error** error) noexcept;
// The system gives no more threads.
libmpi_code ReportNoThread(libmpi_error** error) noexcept;
libmpi_code ReportException(const char* what, libmpi_error** error) noexcept;

// Runs `work`, which returns absl::Status. No exception leaves it: what the standard library, ICU and others throw for
// want of memory ends here.
template <typename Work>
libmpi_code Call(libmpi_error** error, const Work& work) noexcept {
  const UsualFloatingPoint usual;
  try {
    return Report(work(), error);
  } catch (const std::bad_alloc&) {
    return ReportNoMemory(error);
  } catch (const std::system_error&) {
    return ReportNoThread(error);
  } catch (const std::exception& e) {
    return ReportException(e.what(), error);
  } catch (...) {
    return ReportException("", error);
  }
}

// A handle's first member tells its kind, so that one that was cast from another kind is noticed.
#define LIBMPI_HANDLE_KIND(number)                   \
  static constexpr uint32_t kKind = 0x6E617900 + number; \
  const uint32_t kind = kKind

template <typename Handle>
absl::Status Need(const Handle* handle, std::string_view name) {
  if (handle != nullptr && handle->kind == Handle::kKind) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(name) +
                                    (handle == nullptr ? " is NULL" : " is no handle of the kind that is asked for"));
}

template <typename Out>
void Clear(Out* out) {
  if (out != nullptr) *out = Out();
}
template <typename Out>
absl::Status NeedOut(Out* out, std::string_view name) {
  return out != nullptr ? absl::OkStatus() : absl::InvalidArgumentError(std::string(name) + " is NULL");
}

// A handle of these members, after its kind.
template <typename Handle, typename... Members>
std::unique_ptr<Handle> New(Members&&... members) {
  return std::unique_ptr<Handle>(new Handle{Handle::kKind, std::forward<Members>(members)...});
}

// Makes a handle where the caller wants it.
template <typename Handle>
using Made = absl::StatusOr<std::unique_ptr<Handle>>;
template <typename Handle, typename Make>
libmpi_code MakeHandle(Handle** out, libmpi_error** error, const Make& make) noexcept {
  Clear(out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(NeedOut(out, "the place for what is made"));
    Made<Handle> made = make();
    LIBMPI_RETURN_IF_ERROR(made.status());
    *out = made->release();
    return absl::OkStatus();
  });
}

template <typename Handle>
void Free(Handle** handle) {
  if (handle == nullptr || *handle == nullptr || (*handle)->kind != Handle::kKind) return;
  delete *handle;
  *handle = nullptr;
}

// A text that came in, as files are read: what is no UTF-8, or longer than a mebibyte, is refused; characters on which
// character sets disagree are made one.
absl::StatusOr<std::string> TextIn(const char* data, size_t size, std::string_view name);
// A whole file's text, such as a model: of any length.
absl::StatusOr<std::string_view> LongTextIn(const char* data, size_t size, std::string_view name);
// The same as UTF-8, which is checked.
absl::StatusOr<std::string> LongUtf8In(const char* data, size_t size, std::string_view name);
// A path: its bytes as they are, whatever they are.
absl::StatusOr<std::string> FolderIn(const char* folder, size_t size, std::string_view name);

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_CALL_H_
