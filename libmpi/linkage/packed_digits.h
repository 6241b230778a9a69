// SPDX-License-Identifier: Apache-2.0
// Short digit strings (phone, card and block numbers) in one machine word.
#ifndef LIBMPI_LINKAGE_PACKED_DIGITS_H_
#define LIBMPI_LINKAGE_PACKED_DIGITS_H_

#include <bit>
#include <cstdint>
#include <string_view>

#include "libmpi/base/hash.h"

namespace libmpi {

// Up to 15 digits and hyphens, four bits each, first character lowest; 0 is
// the empty string. Longer or other texts keep only a hash, marked by the
// highest four bits, and are equal or different, never near.
class PackedDigits {
 public:
  constexpr PackedDigits() = default;
  explicit PackedDigits(std::string_view text) {
    if (text.size() <= 15) {
      uint64_t bits = 0;
      bool packable = true;
      for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') bits |= uint64_t(c - '0' + 1) << (4 * i);
        else if (c == '-') bits |= uint64_t{11} << (4 * i);
        else packable = false;
      }
      if (packable) {
        *this = FromBits(bits);
        return;
      }
    }
    *this = FromBits(HashBytes(text) | kHashed);
  }

  constexpr uint64_t bits() const { return uint64_t{high_} << 32 | low_; }
  // What bits() gave.
  static constexpr PackedDigits FromBits(uint64_t bits) {
    PackedDigits digits;
    digits.low_ = static_cast<uint32_t>(bits);
    digits.high_ = static_cast<uint32_t>(bits >> 32);
    return digits;
  }
  constexpr bool empty() const { return bits() == 0; }
  constexpr bool hashed() const { return (bits() & kHashed) == kHashed; }
  constexpr int size() const { return (64 - std::countl_zero(bits()) + 3) / 4; }
  // The number that the last two characters make, or -1 where they are not two digits.
  constexpr int LastTwoDigits() const {
    if (hashed() || size() < 2) return -1;
    const int tens = static_cast<int>(bits() >> (4 * (size() - 2)) & 15) - 1;
    const int ones = static_cast<int>(bits() >> (4 * (size() - 1)) & 15) - 1;
    return tens > 9 || ones > 9 ? -1 : 10 * tens + ones;
  }
  constexpr bool operator==(const PackedDigits& other) const { return bits() == other.bits(); }

  // One substitution, one transposition of neighbours, or one character more
  // or less. False for equal, empty and hashed values. Constant time.
  static constexpr bool OneSlipApart(PackedDigits a, PackedDigits b) {
    if (a == b || a.empty() || b.empty() || a.hashed() || b.hashed()) return false;
    const int first = std::countr_zero(a.bits() ^ b.bits()) / 4 * 4;
    const uint64_t x = a.bits() >> first, y = b.bits() >> first;
    if ((x >> 4) == (y >> 4)) return true;                            // substitution
    if ((x >> 4) == y || x == (y >> 4)) return true;                  // insertion
    const bool crossed = (x & 15) == ((y >> 4) & 15) && ((x >> 4) & 15) == (y & 15);
    return crossed && (x >> 8) == (y >> 8);                           // transposition
  }

 private:
  static constexpr uint64_t kHashed = uint64_t{15} << 60;
  uint32_t low_ = 0, high_ = 0;  // not one word: what holds one needs to be aligned to four bytes only
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_PACKED_DIGITS_H_
