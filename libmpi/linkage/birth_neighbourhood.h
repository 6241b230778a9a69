// SPDX-License-Identifier: Apache-2.0
// Birth dates that are near each other: most blocking rules hold the birth date, so that records and blocks in this
// order find what they need close by.
#ifndef LIBMPI_LINKAGE_BIRTH_NEIGHBOURHOOD_H_
#define LIBMPI_LINKAGE_BIRTH_NEIGHBOURHOOD_H_

#include <cstddef>
#include <cstdint>

#include "libmpi/linkage/encoded_record.h"

namespace libmpi {

// In order of time: 90 years of weeks, then around again.
inline constexpr size_t kNeighbourhoods = 4096;
inline uint16_t NeighbourhoodOf(EncodedDate birth) {
  const int day = (YearOf(birth) * 12 + MonthOf(birth)) * 31 + DayOf(birth);
  return static_cast<uint16_t>(static_cast<unsigned>(day) / 8 % kNeighbourhoods);
}

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_BIRTH_NEIGHBOURHOOD_H_
