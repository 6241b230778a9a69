// SPDX-License-Identifier: Apache-2.0
// Stable 64-bit hashing: the same value on every machine, run and version.
#ifndef LIBMPI_BASE_HASH_H_
#define LIBMPI_BASE_HASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace libmpi {

// A bijective mixer of 64-bit words (the finalizer of SplitMix64: Steele,
// Lea and Flood, OOPSLA 2014). Constant time.
constexpr uint64_t MixBits(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Combines two hashes; order matters.
constexpr uint64_t HashCombine(uint64_t a, uint64_t b) {
  return MixBits(a * 0x9ddfea08eb382d69ULL + b);
}

// Up to eight bytes as a little-endian number. On little-endian machines in loads that overlap, for hashing ends in
// such a piece of text most times. O(1).
inline uint64_t LoadLittleEndian(const unsigned char* p, size_t n) {
  if constexpr (std::endian::native == std::endian::little) {
    if (n == 8) {
      uint64_t word;
      std::memcpy(&word, p, 8);
      return word;
    }
    if (n >= 4) {
      uint32_t first, last;
      std::memcpy(&first, p, 4);
      std::memcpy(&last, p + n - 4, 4);
      return first | uint64_t{last} << (8 * (n - 4));
    }
    if (n == 0) return 0;
    return p[0] | uint64_t{p[n / 2]} << (8 * (n / 2)) | uint64_t{p[n - 1]} << (8 * (n - 1));
  } else {
    uint64_t word = 0;
    for (size_t i = 0; i < n; ++i) word |= uint64_t{p[i]} << (8 * i);
    return word;
  }
}

// Hash of a byte string, independent of byte order of the host. O(size).
// DO NOT CHANGE: blocking keys, samples and cluster ids depend on it.
inline uint64_t HashBytes(std::string_view bytes, uint64_t seed = 0) {
  uint64_t h = MixBits(seed ^ (bytes.size() * 0x9e3779b97f4a7c15ULL));
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t n = bytes.size();
  for (; n >= 8; n -= 8, p += 8) h = HashCombine(h, LoadLittleEndian(p, 8));
  if (n > 0) h = HashCombine(h, LoadLittleEndian(p, n));
  return h;
}

// A mixed hash is at most this for the given share of all contents: chooses samples.
inline uint64_t SampleThreshold(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<uint64_t>(share * 18446744073709549568.0);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_HASH_H_
