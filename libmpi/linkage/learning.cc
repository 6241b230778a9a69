// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/learning.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/self_check.h"
#include "libmpi/linkage/starting_tables.h"
#include "libmpi/record/plain_name.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kNameSample = 300000;
constexpr double kFrequencyStrength = 0.5;
// Fewer expected matches than this can't tell their own agreement rates.
constexpr double kFewestMatches = 100;
constexpr size_t kFewestPatterns = 30;

// By content, so that the order and the keys of records do not matter.
bool InNameSample(const RecordView& record, uint64_t seed, uint64_t threshold) {
  static const uint64_t nothing = HashBytes("");
  uint64_t h = MixBits(seed);
  for (const StatedNameView& name : record.names)
    for (std::string_view part : {name.full, name.family, name.given, name.full_kana, name.family_kana,
                                  name.given_kana, name.latin})
      h = HashCombine(h, part.empty() ? nothing : HashBytes(part));
  for (std::string_view birth : record.births) h = HashCombine(h, HashBytes(birth));
  return MixBits(h) <= threshold;
}

// What is counted of records, for one thread.
class Counter {
 public:
  explicit Counter(const Standardizer* standardizer) : standardizer_(standardizer), words_(nullptr) {}

  // Takes what is not counted out of the record.
  void Add(RecordView* record) {
    Features features;
    PlainName plain;
    const bool is_plain = record->names.size() == 1 && record->former_names.empty() &&
                          ReadPlainName(record->names.front(), &words_, &plain);
    if (is_plain) features.names.push_back(plain.ToFeatures());
    else standardizer_->ReadNames(*record, &features);
    record->births.clear();
    record->sexes.clear();
    record->care.clear();
    record->addresses.clear();
    record->phones.clear();
    standardizer_->ReadAllButNames(*record, &features);
    counts.names.Add(features);
    for (const CoverageFeatures& c : features.coverages) {
      counts.insurers += !c.insurer.empty();
      counts.failed_check_digits += !c.insurer.empty() && !c.trusted;
    }
  }

  DataCounts counts;

 private:
  const Standardizer* standardizer_;
  NameWords words_;
};

}  // namespace

absl::StatusOr<DataCounts> CountData(size_t count, const RecordReader& reader,
                                     const LinkOptions& options) {
  const int threads = ResolveThreads(options.threads);
  const Standardizer standardizer(StandardizeOptions{options.today});
  const uint64_t threshold =
      SampleThreshold(static_cast<double>(kNameSample) / static_cast<double>(count));
  std::deque<Counter> counters;
  for (int t = 0; t < std::max(1, threads); ++t) counters.emplace_back(&standardizer);
  std::atomic<size_t> done{0};
  std::atomic<bool> cancelled{false};
  ParallelChunks(count, 4096, threads, [&](size_t begin, size_t end, int worker) {
    if (cancelled.load(std::memory_order_relaxed)) return;
    RecordView record;
    for (size_t i = begin; i < end; ++i) {
      record.Clear();
      reader(i, &record);
      if (!InNameSample(record, options.seed, threshold)) continue;
      counters[worker].Add(&record);
    }
    done += end - begin;
    if (worker == 0 && options.progress && !options.progress("names", done.load(), count))
      cancelled = true;
  });
  if (cancelled) return absl::CancelledError("stopped while counting names");
  DataCounts& all = counters[0].counts;
  for (int t = 1; t < threads; ++t) {
    const DataCounts& more = counters[t].counts;
    all.names.Merge(more.names);
    all.insurers += more.insurers;
    all.failed_check_digits += more.failed_check_digits;
  }
  return std::move(all);
}

namespace {

// Shares of all pairs from shares of blocked ones, to start from.
std::vector<PairClass> StartAmong(std::vector<PairClass> start, double blocked, double all) {
  double others = 0;
  for (size_t c = 0; c < start.size(); ++c)
    if (c != kUnrelatedClass) others += start[c].share *= blocked / all;
  start[kUnrelatedClass].share = 1 - others;
  return start;
}

}  // namespace

EmResult LearnClasses(const PatternSample& blocked, const PatternSample& unblocked,
                      std::span<const LabelledPattern> labels, std::span<const PairClass> classes, int threads) {
  const std::vector<PairClass> start =
      StartAmong({classes.begin(), classes.end()}, blocked.pairs, blocked.pairs + unblocked.pairs);
  EmOptions em;
  em.threads = threads;
  em.telling_pairs = blocked.pairs;
  em.free_class = kUnrelatedClass;
  em.blocked_only = AlwaysBlocked(start);
  std::vector<PatternCount> counts = WithLabels(blocked.counts, labels);
  counts.insert(counts.end(), unblocked.counts.begin(), unblocked.counts.end());
  return MaximizeExpectation(counts, start, em);
}

Model LearnModel(const PatternSample& blocked, const PatternSample& unblocked,
                 std::span<const LabelledPattern> labels, size_t records, DataCounts counts, int threads,
                 SelfCheck* check, bool* learned) {
  Model model;
  model.tables_version = std::string(FoldTablesVersion());
  model.records = records;
  model.insurer_check_digits = counts.InsurersHaveCheckDigits();
  model.names = std::move(counts.names);
  model.frequency_strength = kFrequencyStrength;
  const double all_pairs = blocked.pairs + unblocked.pairs;
  const std::vector<PairClass> start = StartingClasses();
  EmResult result = LearnClasses(blocked, unblocked, labels, start, threads);
  model.training_pairs = blocked.compared + unblocked.compared;
  double matches = 0;
  for (const PairClass& c : result.classes) matches += c.is_match ? c.share * all_pairs : 0;
  *learned = true;
  if (matches < kFewestMatches || blocked.counts.size() < kFewestPatterns) {
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
