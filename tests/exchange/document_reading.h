// SPDX-License-Identifier: Apache-2.0
// Documents in tests of ORCA, checkups and eligibility.
#ifndef LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_
#define LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/feed_reading.h"

namespace libmpi {

inline std::vector<Record> RecordsOf(const Reading& reading) {
  std::vector<Record> out;
  for (const FeedRecord& each : reading.records) out.push_back(each.record);
  return out;
}

// UTF-8 as UTF-16 with a mark.
inline std::string ToUtf16(std::string_view utf8, bool big_endian) {
  std::string out;
  const auto put = [&](uint32_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  put(0xFEFF);
  for (size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c = length == 1 ? lead : lead & (0x7FU >> length);
    for (size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    at += length;
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_
