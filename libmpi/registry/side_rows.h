// SPDX-License-Identifier: Apache-2.0 Rows that others keep in a registry's store: who may see what, who looked, what
// is to be sent. They are written in the same commit as the change they belong to, all or nothing; what they say is
// their owners' alone.
#ifndef LIBMPI_REGISTRY_SIDE_ROWS_H_
#define LIBMPI_REGISTRY_SIDE_ROWS_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace libmpi {

struct ChangeAnswer;

// An ordered map from keys to values, any bytes both. The registry's own rows are out of sight.
class SideReader {
 public:
  virtual ~SideReader() = default;
  // Values in the order of keys; nothing where there is no such key.
  virtual absl::Status Read(std::span<const std::string> keys,
                            std::vector<std::optional<std::string>>* values) const = 0;
  // Calls visit(key, value) for the keys that begin so and are `from` or behind it, ascending, until it returns false.
  // Views hold for the call.
  virtual absl::Status Scan(std::string_view prefix, std::string_view from,
                            const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
  absl::Status Scan(std::string_view prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
    return Scan(prefix, prefix, visit);
  }
  // Nothing where there is no such key.
  absl::Status Read(const std::string& key, std::optional<std::string>* value) const {
    std::vector<std::optional<std::string>> values;
    const absl::Status status = Read(std::span(&key, 1), &values);
    *value = status.ok() ? std::move(values[0]) : std::nullopt;
    return status;
  }
};

// The same, and what a change writes; it is read back from here at once.
class SideRows : public SideReader {
 public:
  virtual void Put(std::string_view key, std::string_view value) = 0;
  virtual void Delete(std::string_view key) = 0;
};

// When a change of these rows by itself returns.
enum class WriteUntil {
  kSynced,   // it is on disk
  // It is with the operating system, and on disk some 20 ms later: it outlives the process. A power cut before that loses it,
  // as if it and all that was written after it had not been.
  kWritten,
};

// What is written beside a change. Changes are made one after the other, so what it reads is the newest there is. An
// error makes the whole change void. It is called on another thread than the caller's, and must be quick: others wait.
using SideChange = std::function<absl::Status(const ChangeAnswer& answer, SideRows* rows)>;

// One after the other, in one commit. Either may be none.
inline SideChange Both(SideChange first, SideChange then) {
  if (!first || !then) return first ? std::move(first) : std::move(then);
  return [first = std::move(first), then = std::move(then)](const ChangeAnswer& answer, SideRows* rows) {
    const absl::Status status = first(answer, rows);
    return status.ok() ? then(answer, rows) : status;
  };
}

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_SIDE_ROWS_H_
