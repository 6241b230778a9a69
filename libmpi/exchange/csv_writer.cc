// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace libmpi {
namespace {

bool NeedsQuotes(char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

// Whether some byte of a word is `c`, and perhaps where another is: no is certain (the usual trick with borrows).
constexpr uint64_t kOnes = 0x0101010101010101ULL, kHighs = 0x8080808080808080ULL;
constexpr uint64_t HasByte(uint64_t word, char c) {
  const uint64_t zero_where_equal = word ^ (kOnes * static_cast<unsigned char>(c));
  return (zero_where_equal - kOnes) & ~zero_where_equal & kHighs;
}

bool IsPlainWord(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, 8);
  return (HasByte(word, ',') | HasByte(word, '"') | HasByte(word, '\r') | HasByte(word, '\n')) == 0;
}

bool IsPlain(std::string_view value) {
  const char* const bytes = value.data();
  const size_t size = value.size();
  if (size < 8) return std::none_of(value.begin(), value.end(), NeedsQuotes);
  size_t i = 0;
#ifdef __SSE2__
  const auto is = [](__m128i block, char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
  for (; i + 16 <= size; i += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    const __m128i special = _mm_or_si128(_mm_or_si128(is(block, ','), is(block, '"')), _mm_or_si128(is(block, '\r'), is(block, '\n')));
    if (_mm_movemask_epi8(special) != 0) return false;
  }
#endif
  for (; i + 8 <= size; i += 8)
    if (!IsPlainWord(bytes + i)) return false;
  return IsPlainWord(bytes + size - 8);
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
