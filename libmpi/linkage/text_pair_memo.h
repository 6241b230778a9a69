// SPDX-License-Identifier: Apache-2.0
// Answers about pairs of texts, worked out once.
#ifndef LIBMPI_LINKAGE_TEXT_PAIR_MEMO_H_
#define LIBMPI_LINKAGE_TEXT_PAIR_MEMO_H_

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "libmpi/base/array_space.h"
#include "libmpi/base/hash.h"
#include "libmpi/base/huge_pages.h"
#include "libmpi/linkage/text_dictionary.h"

namespace libmpi {

// A table of bounded size that all threads read and write without locks: a word a place, in which a later
// pair takes the place of an earlier one. What is forgotten is worked out again, so answers never depend on it.
class TextPairMemo {
 public:
  explicit TextPairMemo(size_t texts) {
    AssignInHugePages(size_t{1} << std::clamp(static_cast<int>(std::bit_width(4 * texts)), kFewestBits, kMostBits),
                      &places_);
    shift_ = 64 - std::countr_zero(places_.size());
  }

  // The answer in [0, 2] to a question in [0, 15] about two texts, in this order; work() gives it where it
  // is not known, always the same.
  template <typename Work>
  uint8_t Answer(unsigned question, TextId a, TextId b, const Work& work) {
    if ((a | b) >> kIdBits != 0) return work();
    const uint64_t key = (uint64_t{a} << kIdBits | b) << 4 | question;
    const std::atomic_ref<uint64_t> place(places_[MixBits(key) >> shift_]);
    const uint64_t held = place.load(std::memory_order_relaxed);
    if (held >> 2 == key && (held & 3) != 0) return static_cast<uint8_t>((held & 3) - 1);
    const uint8_t answer = work();
    place.store(key << 2 | (answer + 1u), std::memory_order_relaxed);
    return answer;
  }

 private:
  static constexpr int kIdBits = 29;
  static constexpr int kFewestBits = 10, kMostBits = 22;  // 8 kB, 32 MB

  LargeArray<uint64_t> places_;  // key and 1 + answer; 0: none
  int shift_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_PAIR_MEMO_H_
