// SPDX-License-Identifier: Apache-2.0
// Pairs that are compared and wait for their scores: what a pattern's score is made of is fetched from memory in between.
#ifndef LIBMPI_LINKAGE_PAIRS_TO_SCORE_H_
#define LIBMPI_LINKAGE_PAIRS_TO_SCORE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "libmpi/base/parallel.h"
#include "libmpi/linkage/comparator.h"

namespace libmpi {

// Of one worker, at most a few. First in, first out.
class alignas(kOwnCacheLines) PairsToScore {
 public:
  struct Pair {
    uint32_t a, b;
    size_t chunk;
    ComparedPair compared;
  };
  bool full() const { return in_ - out_ == kMost; }
  bool empty() const { return in_ == out_; }
  Pair& Add() { return pairs_[in_++ % kMost]; }
  const Pair& Take() { return pairs_[out_++ % kMost]; }

 private:
  static constexpr size_t kMost = 8;
  std::array<Pair, kMost> pairs_;
  size_t in_ = 0, out_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_PAIRS_TO_SCORE_H_
