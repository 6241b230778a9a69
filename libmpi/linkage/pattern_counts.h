// SPDX-License-Identifier: Apache-2.0
// How often each agreement pattern occurs among the candidate pairs: all that EM sees.
#ifndef LIBMPI_LINKAGE_PATTERN_COUNTS_H_
#define LIBMPI_LINKAGE_PATTERN_COUNTS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/linkage/comparison.h"

namespace libmpi {

// What a person said of pairs.
enum class PairLabel : uint8_t { kUnknown, kNonMatch, kMatch };

struct PatternCount {
  AgreementPattern pattern;
  double count = 0;  // of pairs; estimated where only a sample was compared
  bool blocked = true;  // of candidate pairs, or of pairs that blocking does not bring together
  PairLabel label = PairLabel::kUnknown;  // known: EM leaves them to classes that fit
};

// Counts patterns; one object a thread, then merged.
class PatternCounter {
 public:
  void Add(AgreementPattern pattern, uint64_t count = 1) { counts_[pattern.bits()] += count; }
  void Merge(const PatternCounter& other) {
    for (const auto& [bits, count] : other.counts_) counts_[bits] += count;
  }
  // Sorted by pattern, so that sums over it are repeatable.
  std::vector<PatternCount> Sorted() const {
    std::vector<PatternCount> sorted;
    sorted.reserve(counts_.size());
    for (const auto& [bits, count] : counts_)
      sorted.push_back({AgreementPattern::FromBits(bits), static_cast<double>(count)});
    std::sort(sorted.begin(), sorted.end(), [](const PatternCount& a, const PatternCount& b) {
      return a.pattern.bits() < b.pattern.bits();
    });
    return sorted;
  }

 private:
  absl::flat_hash_map<uint32_t, uint64_t> counts_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_PATTERN_COUNTS_H_
