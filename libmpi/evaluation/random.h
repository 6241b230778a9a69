// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine.
#ifndef LIBMPI_EVALUATION_RANDOM_H_
#define LIBMPI_EVALUATION_RANDOM_H_

#include <cstdint>
#include <vector>

#include "libmpi/base/hash.h"

namespace libmpi {

// SplitMix64 as a sequence. Choices use integers only. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(MixBits(seed)) {}
  uint64_t Next() { return MixBits(state_ += 0x9e3779b97f4a7c15ULL); }
  // Uniform in [0, n). REQUIRES: n > 0.
  uint64_t Below(uint64_t n) { return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * n) >> 64); }
  int Between(int low, int high) { return low + static_cast<int>(Below(static_cast<uint64_t>(high - low + 1))); }
  // True with probability p, to a part in a million.
  bool Chance(double p) { return Below(1000000) < static_cast<uint64_t>(p * 1000000 + 0.5); }
  template <typename T>
  const T& Pick(const std::vector<T>& from) { return from[Below(from.size())]; }

 private:
  uint64_t state_;
};

// Draws indices in proportion to weights. O(log n) a draw.
class WeightedChoice {
 public:
  void Add(double weight) {
    total_ += static_cast<uint64_t>(weight * 1e9 + 0.5);
    cumulative_.push_back(total_);
  }
  size_t Draw(Random* random) const {
    const uint64_t x = random->Below(total_ ? total_ : 1);
    size_t low = 0, high = cumulative_.size() - 1;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (cumulative_[middle] > x) high = middle;
      else low = middle + 1;
    }
    return low;
  }

 private:
  std::vector<uint64_t> cumulative_;
  uint64_t total_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_RANDOM_H_
