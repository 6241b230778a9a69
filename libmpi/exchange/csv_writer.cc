// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace libmpi {
namespace {

bool NeedsQuotes(char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

// Whether some byte of a word is `c`, and perhaps where another is: no is certain (the usual trick with borrows).
constexpr uint64_t kOnes = 0x0101010101010101ULL, kHighs = 0x8080808080808080ULL;
constexpr uint64_t HasByte(uint64_t word, char c) {
  const uint64_t zero_where_equal = word ^ (kOnes * static_cast<unsigned char>(c));
  return (zero_where_equal - kOnes) & ~zero_where_equal & kHighs;
}

bool IsPlain(std::string_view value) {
  size_t i = 0;
  for (; i + 8 <= value.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, value.data() + i, 8);
    if ((HasByte(word, ',') | HasByte(word, '"') | HasByte(word, '\r') | HasByte(word, '\n')) != 0) return false;
  }
  return std::none_of(value.begin() + static_cast<std::ptrdiff_t>(i), value.end(), NeedsQuotes);
}

}  // namespace

void AppendCsvField(std::string_view value, std::string* out) {
  if (IsPlain(value)) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (char c : value) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

}  // namespace libmpi
