// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/utf8_in_place.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// What decoding makes other than it is, asked of the decoder itself: of all characters of two and three
// bytes. Those of four bytes it leaves alone.
struct Changes {
  std::array<bool, 32> lead2{};      // by the low bits of the lead byte
  std::array<bool, 1024> lead3{};    // by those of the lead byte and of the next
  absl::flat_hash_map<std::string, std::string> to;

  Changes() {
    std::string all;
    for (char32_t c = 0x80; c < 0x10000; ++c)
      if ((c < 0xD800 || c > 0xDFFF) && c != 0xFEFF) AppendUtf8(c, &all);
    const std::string decoded = DecodeText(all, Charset::kUtf8).utf8;
    for (size_t i = 0, j = 0; i < all.size() && j < decoded.size();) {
      const size_t from = i, into = j;
      NextCodePoint(all, &i);
      NextCodePoint(decoded, &j);
      if (std::string_view(all).substr(from, i - from) == std::string_view(decoded).substr(into, j - into)) continue;
      const auto lead = static_cast<unsigned char>(all[from]);
      if (i - from == 2) lead2[lead & 31] = true;
      else lead3[(lead & 15) << 6 | (static_cast<unsigned char>(all[from + 1]) & 63)] = true;
      to.emplace(all.substr(from, i - from), decoded.substr(into, j - into));
    }
  }
};

bool IsTail(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length of the character at text[0], 0 where it is none (RFC 3629).
size_t LengthOf(const unsigned char* text, size_t left) {
  const unsigned char lead = text[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && IsTail(text[1]) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !IsTail(text[1]) || !IsTail(text[2])) return 0;
    return (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xED && text[1] > 0x9F) ? 0 : 3;
  }
  if (lead > 0xF4 || left < 4 || !IsTail(text[1]) || !IsTail(text[2]) || !IsTail(text[3])) return 0;
  return (lead == 0xF0 && text[1] < 0x90) || (lead == 0xF4 && text[1] > 0x8F) ? 0 : 4;
}

bool Replace(const Changes& changes, char* at, size_t size) {
  const auto it = changes.to.find(absl::string_view(at, size));
  if (it == changes.to.end()) return true;
  if (it->second.size() != size) return false;
  std::memcpy(at, it->second.data(), size);
  return true;
}

}  // namespace

bool DecodeUtf8InPlace(char* text, size_t size) {
  static const Changes* const changes = new Changes();
  auto* const bytes = reinterpret_cast<unsigned char*>(text);
  size_t i = 0;
  while (i < size) {
    if (i + 8 <= size) {
      uint64_t word;
      std::memcpy(&word, bytes + i, 8);
      if constexpr (std::endian::native == std::endian::little) {
        const uint64_t high = word & 0x8080808080808080ULL;
        if (high == 0) {
          i += 8;
          continue;
        }
        i += static_cast<size_t>(std::countr_zero(high)) / 8;
      } else if ((word & 0x8080808080808080ULL) == 0) {
        i += 8;
        continue;
      }
    }
    // Runs of kana and kanji.
    while (i + 2 < size && bytes[i] > 0xE0 && bytes[i] < 0xF0 && bytes[i] != 0xED && IsTail(bytes[i + 1]) &&
           IsTail(bytes[i + 2])) {
      if (changes->lead3[(bytes[i] & 15) << 6 | (bytes[i + 1] & 63)] && !Replace(*changes, text + i, 3)) return false;
      i += 3;
    }
    if (i >= size) break;
    const size_t n = LengthOf(bytes + i, size - i);
    if (n == 0) return false;
    const bool may_change = (n == 2 && changes->lead2[bytes[i] & 31]) ||
                            (n == 3 && changes->lead3[(bytes[i] & 15) << 6 | (bytes[i + 1] & 63)]);
    if (may_change && !Replace(*changes, text + i, n)) return false;
    i += n;
  }
  return true;
}

size_t NextCharacter(std::string_view text, size_t at) {
  for (size_t end = at + 3; at < end && at < text.size() && IsTail(static_cast<unsigned char>(text[at]));) ++at;
  return at;
}

}  // namespace libmpi
