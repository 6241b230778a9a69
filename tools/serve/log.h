// SPDX-License-Identifier: Apache-2.0
// The server's log: one line an event. What patients' messages say has no way into it: a field is a number, a word of
// the program's own, or a label of printable ASCII (names of the configuration, addresses, message numbers).
#ifndef LIBMPI_TOOLS_SERVE_LOG_H_
#define LIBMPI_TOOLS_SERVE_LOG_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace nayose {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
std::string_view LogLevelName(LogLevel level);  // "debug" ...
std::optional<LogLevel> LogLevelOf(std::string_view name);

// One event, made in one expression:
//   log.Write(LogEvent(LogLevel::kInfo, "message").Label("party", p).Number("milliseconds", 3));
class LogEvent {
 public:
  // `name`: of the program's own, "message_refused".
  LogEvent(LogLevel level, const char* name) : level_(level), name_(name) {}
  LogEvent& Number(const char* key, int64_t value) { return Add(key, value); }
  LogEvent& Flag(const char* key, bool value) { return Add(key, value); }
  // Of a fixed set of the program's: FaultName(), StatusCodeToString().
  LogEvent& Word(const char* key, std::string_view word) { return Add(key, Plain(word, 200)); }
  // What others chose, cut to `kLongestLabel` characters and to printable ASCII: a kanji or kana can't come by.
  LogEvent& Label(const char* key, std::string_view label) { return Add(key, Plain(label, kLongestLabel)); }
  // A sentence of the program's own, as a Status has it; cut in the same way.
  LogEvent& Reason(std::string_view reason) { return Add("reason", Plain(reason, 1000)); }
  // Repeats of one event with one key are told a few times a minute, and how many were not.
  LogEvent& Limited(std::string_view key = "") {
    limit_key_ = std::string(name_) + " " + std::string(key);
    return *this;
  }

  static constexpr size_t kLongestLabel = 199;
  static std::string Plain(std::string_view text, size_t most);

 private:
  friend class Log;
  using Value = std::variant<int64_t, bool, std::string>;
  LogEvent& Add(const char* key, Value value);
  LogLevel level_;
  const char* name_;
  std::vector<std::pair<const char*, Value>> fields_;
  std::string limit_key_;
};

struct LogOptions {
  std::string file;              // empty: standard error
  LogLevel level = LogLevel::kInfo;
  bool json = true;
  // Of a limited event: so many a window.
  int most = 5;
  int64_t window_milliseconds = 60'000;
  std::function<int64_t()> clock;  // milliseconds since 1970; null: the system's
};

// Thread-safe. A line that can't be written is lost, and counted.
class Log {
 public:
  explicit Log(LogOptions options);
  ~Log();
  Log(const Log&) = delete;
  // Opens the file, which is made (0600) where it is missing.
  absl::Status Open();
  // The same file anew (after a rotation), or another one. Where it can't be opened the old one goes on.
  absl::Status Reopen(const std::string& file, LogLevel level, bool json);
  void Write(const LogEvent& event);
  uint64_t lost() const;

 private:
  struct Window {
    int64_t began = 0;
    int written = 0;
    int64_t left_out = 0;
  };
  absl::Status OpenLocked(const std::string& file);
  // How many repeats were left out before this one; -1: this one is left out too.
  int64_t TakeLocked(const LogEvent& event, int64_t now);
  std::string LineOf(const LogEvent& event, int64_t now, int64_t left_out) const;

  mutable std::mutex mutex_;
  LogOptions options_;
  int file_ = -1;                // -1: standard error
  std::map<std::string, Window, std::less<>> windows_;
  uint64_t lost_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_LOG_H_
