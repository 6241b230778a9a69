// SPDX-License-Identifier: Apache-2.0
// Keys of the rows that the manager keeps beside the network's. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_ROWS_H_
#define LIBMPI_PIX_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi::pix {

// DO NOT CHANGE the letters: stores keep them. The first is the one that the network leaves to this layer.
inline constexpr char kRows = 'i';
enum class Row : char {
  kReceipt = 'm',        // party, 0, message id -> Receipt
  kReceiptByTime = 't',  // milliseconds (8), party, 0, message id -> nothing
  kReceipts = 'c',       // -> how many receipts there are
  kUpdate = 'n',         // party -> the event from which on it is to be told
};

inline std::string RowKey(Row row, std::string_view rest = {}) {
  std::string key{kRows, static_cast<char>(row)};
  return key.append(rest);
}

// Numbers sort as their bytes do.
inline void AppendBigEndian(uint64_t number, std::string* to) {
  for (int shift = 56; shift >= 0; shift -= 8) to->push_back(static_cast<char>(number >> shift));
}
inline uint64_t BigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes.substr(0, 8)) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_ROWS_H_
