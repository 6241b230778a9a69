// SPDX-License-Identifier: Apache-2.0
// Keys of the rows that the manager keeps beside the network's. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_ROWS_H_
#define LIBMPI_PIX_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/base/byte_codec.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi::pix {

// DO NOT CHANGE the letters: stores keep them. The first is the one that the network leaves to this layer.
inline constexpr char kRows = 'i';
enum class Row : char {
  kReceipt = 'm',        // party, 0, message id -> Receipt
  kReceiptByTime = 't',  // milliseconds (8), party, 0, message id -> nothing
  kReceipts = 'c',       // -> how many receipts there are
  kStated = 's',         // shared identifier, identifier beside which it is stated -> that one
  kStates = 'b',         // the same the other way round -> the shared one, and the event of the link
  kUpdate = 'n',         // party -> the event from which on it is to be told
};

inline std::string RowKey(Row row, std::string_view rest = {}) {
  std::string key{kRows, static_cast<char>(row)};
  return key.append(rest);
}

// A number as a row's value.
inline std::string PackNumber(uint64_t number) {
  std::string bytes;
  ByteWriter(&bytes).Number(number);
  return bytes;
}

// Nothing where there is no row of the key.
inline absl::Status ReadNumber(const SideReader& rows, const std::string& key, std::optional<uint64_t>* number) {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows.Read(key, &bytes));
  number->reset();
  if (!bytes) return absl::OkStatus();
  ByteReader from(*bytes);
  *number = from.Number();
  return from.done() ? absl::OkStatus() : absl::DataLossError("a number of the manager's is damaged");
}

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_ROWS_H_
