// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine.
#ifndef LIBMPI_EVALUATION_RANDOM_H_
#define LIBMPI_EVALUATION_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/base/hash.h"

namespace libmpi {

// SplitMix64 as a sequence. Choices are made on integers only: the standard library's
// distributions differ between implementations. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(MixBits(seed)) {}

  uint64_t Next() { return MixBits(state_ += 0x9e3779b97f4a7c15ULL); }

  // Uniform in [0, n). REQUIRES: 0 < n < 2^32; the bias is below 2^-32.
  uint64_t Below(uint64_t n) { return ((Next() >> 32) * n) >> 32; }

  // Uniform in [low, high]. REQUIRES: low <= high.
  int Between(int low, int high) {
    return low + static_cast<int>(Below(static_cast<uint64_t>(high - low + 1)));
  }

  // True with probability p, to a part in a million. 1 and more: always.
  bool Chance(double p) { return Below(1000000) < static_cast<uint64_t>(p * 1000000 + 0.5); }

  template <typename List>
  const auto& Pick(const List& from) {
    return from[Below(std::size(from))];
  }

  // A string of decimal digits.
  std::string Digits(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += static_cast<char>('0' + Below(10));
    return out;
  }

  template <typename T>
  void Shuffle(std::vector<T>* items) {
    for (size_t i = items->size(); i > 1; --i) std::swap((*items)[i - 1], (*items)[Below(i)]);
  }

 private:
  uint64_t state_;
};

// Draws indices in proportion to weights. O(log n) a draw.
class WeightedChoice {
 public:
  // REQUIRES: weight >= 0; the weights sum to less than 4000.
  void Add(double weight) {
    total_ += static_cast<uint64_t>(weight * 1e6 + 0.5);
    cumulative_.push_back(total_);
  }

  size_t size() const { return cumulative_.size(); }

  // REQUIRES: at least one weight was added; all zero gives the first.
  size_t Draw(Random* random) const {
    const uint64_t x = total_ > 0 ? random->Below(total_) : 0;
    size_t low = 0, high = cumulative_.size() - 1;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (cumulative_[middle] > x) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

 private:
  std::vector<uint64_t> cumulative_;
  uint64_t total_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_RANDOM_H_
