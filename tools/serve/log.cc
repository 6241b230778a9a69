// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "libmpi/base/system_time.h"
#include "nlohmann/json.hpp"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostWindows = 1000;

// key="a b" where a value has blanks.
std::string TextOf(const std::string& value) {
  if (!value.empty() && value.find_first_of(" \"\\=") == std::string::npos) return value;
  return Json(value).dump();
}

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "";
}

std::optional<LogLevel> LogLevelOf(std::string_view name) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError})
    if (name == LogLevelName(level)) return level;
  return std::nullopt;
}

// Not in the header: GCC 12 warns there of parts of the variant that it never reads.
LogEvent& LogEvent::Add(const char* key, Value value) {
  fields_.emplace_back(key, std::move(value));
  return *this;
}

std::string LogEvent::Plain(std::string_view text, size_t most) {
  std::string plain;
  for (const char c : text) {
    if (plain.size() == most) break;
    if (c >= ' ' && c <= '~') plain += c;
  }
  return plain;
}

Log::Log(LogOptions options) : options_(std::move(options)) {
  if (!options_.clock) options_.clock = libmpi::SystemMilliseconds;
}

Log::~Log() {
  if (file_ >= 0) close(file_);
}

absl::Status Log::OpenLocked(const std::string& file) {
  int opened = -1;
  if (!file.empty()) {
    opened = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (opened < 0) return absl::UnavailableError(file + ": can't be opened for writing: " + std::strerror(errno));
  }
  if (file_ >= 0) close(file_);
  file_ = opened;
  return absl::OkStatus();
}

absl::Status Log::Open() {
  const std::lock_guard lock(mutex_);
  return OpenLocked(options_.file);
}

absl::Status Log::Reopen(const std::string& file, LogLevel level, bool json) {
  const std::lock_guard lock(mutex_);
  if (absl::Status opened = OpenLocked(file); !opened.ok()) return opened;
  options_.file = file;
  options_.level = level;
  options_.json = json;
  return absl::OkStatus();
}

int64_t Log::TakeLocked(const LogEvent& event, int64_t now) {
  if (event.limit_key_.empty()) return 0;
  if (windows_.size() >= kMostWindows && !windows_.contains(event.limit_key_)) windows_.clear();
  Window& window = windows_[event.limit_key_];
  int64_t left_out = 0;
  if (window.written == 0 || now - window.began >= options_.window_milliseconds || now < window.began) {
    left_out = window.left_out;
    window = {now, 0, 0};
  }
  if (window.written >= options_.most) {
    ++window.left_out;
    return -1;
  }
  ++window.written;
  return left_out;
}

std::string Log::LineOf(const LogEvent& event, int64_t now, int64_t left_out) const {
  if (options_.json) {
    Json json = {{"time", libmpi::UtcText(now)}, {"level", LogLevelName(event.level_)}, {"event", event.name_}};
    for (const auto& [key, value] : event.fields_)
      std::visit([&json, name = key](const auto& v) { json[name] = v; }, value);
    if (left_out > 0) json["repeats_left_out"] = left_out;
    return json.dump() + "\n";
  }
  std::string line = libmpi::UtcText(now) + " " + std::string(LogLevelName(event.level_)) + " " + event.name_;
  for (const auto& [key, value] : event.fields_) {
    line += std::string(" ") + key + "=";
    if (const auto* number = std::get_if<int64_t>(&value)) line += std::to_string(*number);
    else if (const auto* flag = std::get_if<bool>(&value)) line += *flag ? "true" : "false";
    else line += TextOf(std::get<std::string>(value));
  }
  if (left_out > 0) line += " repeats_left_out=" + std::to_string(left_out);
  return line + "\n";
}

void Log::Write(const LogEvent& event) {
  const std::lock_guard lock(mutex_);
  if (event.level_ < options_.level) return;
  const int64_t now = options_.clock();
  const int64_t left_out = TakeLocked(event, now);
  if (left_out < 0) return;
  const std::string line = LineOf(event, now, left_out);
  const int file = file_ >= 0 ? file_ : STDERR_FILENO;
  // One call a line: lines of several processes do not mix.
  if (write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ++lost_;
}

uint64_t Log::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace nayose
