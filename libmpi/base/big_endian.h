// SPDX-License-Identifier: Apache-2.0
// Numbers as bytes that sort as they do: for keys.
#ifndef LIBMPI_BASE_BIG_ENDIAN_H_
#define LIBMPI_BASE_BIG_ENDIAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

inline void AppendBigEndian(uint64_t number, int bytes, std::string* to) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) to->push_back(static_cast<char>(number >> shift));
}

// REQUIRES: the key has so many bytes.
inline uint64_t BigEndianAtEnd(std::string_view key, size_t bytes) {
  uint64_t number = 0;
  for (const char c : key.substr(key.size() - bytes)) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_BIG_ENDIAN_H_
