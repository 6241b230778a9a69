// SPDX-License-Identifier: Apache-2.0
// How common kana are as parts of names, by the numbers of texts.
#ifndef LIBMPI_LINKAGE_KANA_FREQUENCIES_H_
#define LIBMPI_LINKAGE_KANA_FREQUENCIES_H_

#include <atomic>
#include <cstddef>

#include "libmpi/base/huge_pages.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// ReadingModel::Log2KanaFrequency, worked out when it is asked for first: a few texts are asked for millions of times.
// Thread-safe, but for Extend().
class KanaFrequencies {
 public:
  explicit KanaFrequencies(size_t texts) { AssignInHugePages(kParts * texts, &bits_); }
  // The texts are more than before.
  void Extend(size_t texts) { bits_.resize(kParts * texts); }

  double Log2Of(NamePart part, TextId kana, const TextDictionary& texts, const ReadingModel& readings) {
    const std::atomic_ref<double> place(bits_[kParts * kana + static_cast<size_t>(part)]);
    double bits = place.load(std::memory_order_relaxed);
    if (bits != 0) return bits;  // of a name that all have it would be 0, and be worked out each time
    bits = readings.Log2KanaFrequency(part, texts.text(kana));
    place.store(bits, std::memory_order_relaxed);
    return bits;
  }

 private:
  static constexpr size_t kParts = 2;

  LargeArray<double> bits_;  // by text and part; 0: not worked out
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KANA_FREQUENCIES_H_
