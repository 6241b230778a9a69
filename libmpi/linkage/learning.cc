// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/learning.h"

#include <atomic>
#include <cmath>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/expectation_maximization.h"
#include "libmpi/linkage/self_check.h"
#include "libmpi/linkage/starting_tables.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kNameSample = 300000;
constexpr uint64_t kPairSample = 3000000;
constexpr double kFrequencyStrength = 0.5;
// Fewer expected matches than this can't tell their own agreement rates.
constexpr double kFewestMatches = 100;
constexpr size_t kFewestPatterns = 30;

// By content, so that the order and the keys of records do not matter.
bool InNameSample(const Record& record, uint64_t threshold) {
  uint64_t h = 0;
  for (const StatedName& name : record.names)
    h = HashCombine(h, HashBytes(name.full) + HashBytes(name.family) + HashBytes(name.full_kana));
  for (const std::string& birth : record.births) h = HashCombine(h, HashBytes(birth));
  return MixBits(h) <= threshold;
}

uint64_t SampleThreshold(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<uint64_t>(share * 18446744073709549568.0);
}

}  // namespace

absl::StatusOr<NameCounts> CountNames(size_t count, const RecordReader& reader,
                                      const LinkOptions& options) {
  const int threads = ResolveThreads(options.threads);
  const Standardizer standardizer(StandardizeOptions{options.today});
  const uint64_t threshold =
      SampleThreshold(static_cast<double>(kNameSample) / static_cast<double>(count));
  std::vector<NameCounts> counts(threads);
  std::atomic<size_t> done{0};
  std::atomic<bool> cancelled{false};
  ParallelChunks(count, 4096, threads, [&](size_t begin, size_t end, int worker) {
    if (cancelled.load(std::memory_order_relaxed)) return;
    Record record;
    for (size_t i = begin; i < end; ++i) {
      record = Record();
      reader(i, &record);
      if (InNameSample(record, threshold))
        counts[worker].Add(standardizer.Standardize(record));
    }
    done += end - begin;
    if (worker == 0 && options.progress && !options.progress("names", done.load(), count))
      cancelled = true;
  });
  if (cancelled) return absl::CancelledError("stopped while counting names");
  for (int t = 1; t < threads; ++t) counts[0].Merge(counts[t]);
  return std::move(counts[0]);
}

PatternSample CountPatterns(const EncodedRecords& records, const DistinctRecords& distinct,
                            const Blocks& blocks, const PairFilter& filter, uint64_t seed,
                            std::vector<Comparator>* comparators) {
  const int threads = static_cast<int>(comparators->size());
  // Pairs in several blocks make raw pairs an upper bound; the share only sets the cost.
  const uint64_t threshold = SampleThreshold(2 * static_cast<double>(kPairSample) /
                                             static_cast<double>(blocks.raw_pairs() + 1));
  const auto in_sample = [&](uint64_t content) {
    return MixBits(content ^ MixBits(seed)) <= threshold;
  };
  struct Count {
    PatternCounter patterns;
    uint64_t pairs = 0;      // of records
    uint64_t raw_pairs = 0;  // of distinct records, before repeats are suppressed
  };
  std::vector<Count> counts(threads);
  blocks.ForEachPairOfSample(
      threads,
      [&](int worker, std::span<const uint32_t> members) {
        uint64_t content = 0;
        for (uint32_t member : members) content += records.records[member].content_hash;
        if (!in_sample(content)) return false;
        counts[worker].raw_pairs += members.size() * (members.size() - 1) / 2;
        return true;
      },
      [&](int worker, uint32_t a, uint32_t b) {
        if (filter && !filter(a, b)) return;
        const uint64_t pairs = distinct.PairedCountOf(a) * distinct.PairedCountOf(b);
        counts[worker].pairs += pairs;
        counts[worker].patterns.Add((*comparators)[worker].Compare(a, b).pattern, pairs);
      });
  if (!filter)
    ParallelChunks(distinct.size(), 4096, threads, [&](size_t begin, size_t end, int worker) {
      for (auto d = static_cast<uint32_t>(begin); d < end; ++d) {
        const uint64_t repeats = distinct.PairedCountOf(d);
        if (repeats < 2 || !in_sample(records.records[d].content_hash)) continue;
        const uint64_t pairs = repeats * (repeats - 1) / 2;
        counts[worker].pairs += pairs;
        counts[worker].patterns.Add((*comparators)[worker].Compare(d, d).pattern, pairs);
      }
    });
  for (int t = 1; t < threads; ++t) {
    counts[0].patterns.Merge(counts[t].patterns);
    counts[0].pairs += counts[t].pairs;
    counts[0].raw_pairs += counts[t].raw_pairs;
  }
  const double share =
      blocks.raw_pairs() == 0 ? 1 : static_cast<double>(counts[0].raw_pairs) / static_cast<double>(blocks.raw_pairs());
  return {counts[0].patterns.Sorted(),
          counts[0].pairs == 0 || share == 0
              ? counts[0].pairs
              : static_cast<uint64_t>(std::llround(static_cast<double>(counts[0].pairs) / share))};
}

Model LearnModel(const PatternSample& sample, size_t records, NameCounts names, int threads,
                 SelfCheck* check, bool* learned) {
  Model model;
  model.tables_version = std::string(FoldTablesVersion());
  model.records = records;
  model.names = std::move(names);
  model.frequency_strength = kFrequencyStrength;
  const std::vector<PairClass> start = StartingClasses();
  EmOptions em;
  em.threads = threads;
  EmResult result = MaximizeExpectation(sample.counts, start, em);
  for (const PatternCount& row : sample.counts) model.training_pairs += row.count;
  const double matches = result.classes[0].share * static_cast<double>(sample.candidate_pairs);
  *learned = true;
  if (matches < kFewestMatches || sample.counts.size() < kFewestPatterns) {
    check->confident = false;
    check->warnings.push_back(
        "too few matching pairs to learn a model from; the shipped default model was used: give "
        "--model with one trained on more of the same network's records");
    *learned = false;
  } else if (std::string drift = FindMeaningDrift(result.classes, start); !drift.empty()) {
    check->confident = false;
    check->warnings.push_back("the learned model was not used: " + drift +
                              "; the shipped default model was used instead");
    *learned = false;
  }
  if (*learned) {
    model.classes = std::move(result.classes);
    const double n = static_cast<double>(records);
    model.persons = static_cast<uint64_t>(n / (1 + 2 * matches / n));
    if (!result.converged)
      check->warnings.push_back("learning stopped before it had settled; results may improve "
                                "with a model trained on more records");
  } else {
    const Model& shipped = Model::Default();
    model.classes = shipped.classes.empty() ? start : shipped.classes;
    model.records = shipped.records;
    model.persons = shipped.persons;
  }
  return model;
}

}  // namespace libmpi
