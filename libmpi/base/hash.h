// SPDX-License-Identifier: Apache-2.0
// Stable 64-bit hashing: the same value on every machine, run and version.
#ifndef LIBMPI_BASE_HASH_H_
#define LIBMPI_BASE_HASH_H_

#include <bit>
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

// Hash of a byte string, independent of byte order of the host. O(size).
// DO NOT CHANGE: blocking keys, samples and cluster ids depend on it.
inline uint64_t HashBytes(std::string_view bytes, uint64_t seed = 0) {
  uint64_t h = MixBits(seed ^ (bytes.size() * 0x9e3779b97f4a7c15ULL));
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t n = bytes.size();
  auto load = [](const unsigned char* q, size_t k) {
    uint64_t w = 0;
    for (size_t i = 0; i < k; ++i) w |= uint64_t{q[i]} << (8 * i);
    return w;
  };
  auto load_word = [&load](const unsigned char* q) {
    if constexpr (std::endian::native != std::endian::little) return load(q, 8);
    uint64_t w;
    std::memcpy(&w, q, 8);
    return w;
  };
  for (; n >= 8; n -= 8, p += 8) h = HashCombine(h, load_word(p));
  if (n > 0) h = HashCombine(h, load(p, n));
  return h;
}

// A mixed hash is at most this for the given share of all contents: chooses samples.
inline uint64_t SampleThreshold(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<uint64_t>(share * 18446744073709549568.0);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_HASH_H_
