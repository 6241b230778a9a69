// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_BASE_SYSTEM_TIME_H_
#define LIBMPI_BASE_SYSTEM_TIME_H_

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

namespace libmpi {

// By the system's clock, since 1970.
inline int64_t SystemMilliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// As 2026-11-28T09:30:00.123Z.
inline std::string UtcText(int64_t unix_milliseconds) {
  const std::time_t seconds = unix_milliseconds / 1000;
  std::tm utc;
  gmtime_r(&seconds, &utc);
  char text[40];
  const size_t size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + size, sizeof(text) - size, ".%03dZ", static_cast<int>(unix_milliseconds % 1000));
  return text;
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_SYSTEM_TIME_H_
