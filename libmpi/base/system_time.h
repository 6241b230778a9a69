// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_BASE_SYSTEM_TIME_H_
#define LIBMPI_BASE_SYSTEM_TIME_H_

#include <chrono>
#include <cstdint>

namespace libmpi {

// By the system's clock, since 1970.
inline int64_t SystemMilliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_SYSTEM_TIME_H_
