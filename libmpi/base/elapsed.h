// SPDX-License-Identifier: Apache-2.0
// How long something took.
#ifndef LIBMPI_BASE_ELAPSED_H_
#define LIBMPI_BASE_ELAPSED_H_

#include <chrono>

namespace libmpi {

// By the clock, since a moment.
inline double SecondsSince(std::chrono::steady_clock::time_point moment) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - moment).count();
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_ELAPSED_H_
