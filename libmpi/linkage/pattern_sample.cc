// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/pattern_sample.h"

#include <algorithm>

#include "libmpi/base/hash.h"
#include "libmpi/base/huge_pages.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/base/parallel.h"

namespace libmpi {
namespace {

constexpr uint64_t kBlockedSample = 2000000;
constexpr size_t kUnblockedSample = 400000;
// Of more records than this only some are looked at, once each: fewer would make rare patterns of strangers
// too uncertain (of ten million records, 400,000 pairs cost 0.0001 of F1).
constexpr size_t kMostRecordsSampled = 4000000;

struct alignas(kOwnCacheLines) Tally {
  PatternCounter patterns;
  uint64_t compared = 0;   // pairs of records
  uint64_t raw_pairs = 0;  // pairs of the blocks looked at, before repeats are suppressed
};

const Tally& Sum(std::vector<Tally>* tallies) {
  for (size_t t = 1; t < tallies->size(); ++t) {
    tallies->front().patterns.Merge((*tallies)[t].patterns);
    tallies->front().compared += (*tallies)[t].compared;
    tallies->front().raw_pairs += (*tallies)[t].raw_pairs;
  }
  return tallies->front();
}

PatternSample Scaled(const Tally& tally, double scale) {
  PatternSample sample;
  sample.counts = tally.patterns.Sorted();
  for (PatternCount& row : sample.counts) row.count *= scale;
  sample.compared = tally.compared;
  sample.pairs = static_cast<double>(tally.compared) * scale;
  return sample;
}

// At most kMostRecordsSampled of the records [first, last), in a random order; both depend on their content and
// the seed only.
std::vector<uint32_t> RandomOrder(const EncodedRecords& records, size_t first, size_t last, uint64_t seed,
                                  int threads) {
  const auto key = [&](size_t i) { return MixBits(records.records[i].content_hash ^ MixBits(~seed)); };
  // Some more than are wanted, as a share of random keys.
  const uint64_t most = SampleThreshold(1.05 * static_cast<double>(kMostRecordsSampled) / static_cast<double>(last - first + 1));
  std::vector<uint32_t> chosen;
  for (size_t i = first; i < last; ++i)
    if (key(i) <= most) chosen.push_back(static_cast<uint32_t>(i));
  const LargeArray<KeyedItem> keyed =
      SortedByKey(chosen.size(), [&](size_t i) { return key(chosen[i]); }, threads);
  std::vector<uint32_t> order;
  order.reserve(keyed.size());
  for (const KeyedItem& item : keyed) order.push_back(chosen[item.item]);
  order.resize(std::min(order.size(), kMostRecordsSampled));
  return order;
}

// Visits about kUnblockedSample random pairs, a < b, each once; calls upcoming(record) some pairs ahead.
template <typename Visit, typename Upcoming>
void ForEachRandomPair(const EncodedRecords& records, std::optional<size_t> new_records, uint64_t seed,
                       int threads, const Visit& visit, const Upcoming& upcoming) {
  const size_t n = records.records.size();
  const std::vector<uint32_t> left = RandomOrder(records, 0, new_records.value_or(n), seed, threads);
  const std::vector<uint32_t> right = new_records ? RandomOrder(records, *new_records, n, seed, threads) : left;
  if (left.empty() || right.empty()) return;
  // Of one list, record i meets the next ones in the order; of two, each new one its own stretch.
  const size_t most = new_records ? right.size() : (n - 1) / 2;
  const size_t steps = std::min(most, kUnblockedSample / left.size() + 1);
  constexpr size_t kAhead = 6;
  ParallelChunks(left.size(), 4096, threads, [&](size_t begin, size_t end, int worker) {
    for (size_t i = begin; i < end; ++i) {
      if (i + kAhead < left.size()) upcoming(left[i + kAhead]);
      for (size_t step = 1; step <= steps; ++step) {
        const uint32_t x = left[i];
        const uint32_t y = right[(new_records ? i * steps + step : i + step) % right.size()];
        visit(worker, std::min(x, y), std::max(x, y));
      }
    }
  });
}

}  // namespace

PatternSample CountBlockedPatterns(const EncodedRecords& records, const DistinctRecords& distinct,
                                   const Blocks& blocks, const PairFilter& filter, uint64_t seed,
                                   std::vector<Comparator>* comparators) {
  const int threads = static_cast<int>(comparators->size());
  // Pairs in several blocks make raw pairs an upper bound; the share only sets the cost.
  const uint64_t threshold = SampleThreshold(2 * static_cast<double>(kBlockedSample) /
                                             static_cast<double>(blocks.raw_pairs() + 1));
  const auto in_sample = [&](uint64_t content) { return MixBits(content ^ MixBits(seed)) <= threshold; };
  std::vector<Tally> tallies(threads);
  const auto compare = [&](int worker, uint32_t a, uint32_t b, uint64_t pairs) {
    tallies[worker].compared += pairs;
    tallies[worker].patterns.Add((*comparators)[worker].Compare(a, b).pattern, pairs);
  };
  LargeArray<uint64_t> content_of(records.space());  // dense: all members of all blocks are asked
  AssignInHugePages(records.records.size(), &content_of);
  ParallelChunks(content_of.size(), 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t d = begin; d < end; ++d) content_of[d] = records.records[d].content_hash;
  });
  blocks.ForEachPairOfSample(
      threads,
      [&](int worker, std::span<const uint32_t> members) {
        uint64_t content = 0;
        for (uint32_t member : members) content += content_of[member];
        if (!in_sample(content)) return false;
        tallies[worker].raw_pairs += members.size() * (members.size() - 1) / 2;
        return true;
      },
      [&](int worker, uint32_t a, uint32_t b) {
        if (filter && !filter(a, b)) return;
        compare(worker, a, b, distinct.PairedCountOf(a) * distinct.PairedCountOf(b));
      },
      [&](uint32_t record) { __builtin_prefetch(&content_of[record]); },
      comparators->front());
  if (!filter)
    ParallelChunks(distinct.size(), 4096, threads, [&](size_t begin, size_t end, int worker) {
      for (auto d = static_cast<uint32_t>(begin); d < end; ++d)
        if (const uint64_t n = distinct.PairedCountOf(d); n > 1 && in_sample(records.records[d].content_hash))
          compare(worker, d, d, n * (n - 1) / 2);
    });
  const Tally& all = Sum(&tallies);
  const double looked_at = static_cast<double>(all.raw_pairs);
  return Scaled(all, looked_at > 0 ? static_cast<double>(blocks.raw_pairs()) / looked_at : 1);
}

PatternSample CountUnblockedPatterns(const EncodedRecords& records, const Blocks& blocks,
                                     std::optional<size_t> new_records, uint64_t seed, double pairs,
                                     std::vector<Comparator>* comparators) {
  const int threads = static_cast<int>(comparators->size());
  std::vector<Tally> tallies(threads);
  ForEachRandomPair(records, new_records, seed, threads, [&](int worker, uint32_t a, uint32_t b) {
    if (blocks.Meet(a, b)) return;
    ++tallies[worker].compared;
    tallies[worker].patterns.Add((*comparators)[worker].Compare(a, b).pattern);
  }, [&](uint32_t record) {
    blocks.Upcoming(record);
    comparators->front().Upcoming(record);
  });
  const Tally& all = Sum(&tallies);
  PatternSample sample = Scaled(all, all.compared == 0 ? 0 : pairs / static_cast<double>(all.compared));
  for (PatternCount& row : sample.counts) row.blocked = false;
  return sample;
}

}  // namespace libmpi
