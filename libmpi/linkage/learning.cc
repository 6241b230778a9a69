// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/learning.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"
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

// Counts plain names by the numbers of their words, as NameCounts counts them by their texts.
class PlainNameCounts {
 public:
  void Add(const PlainName& name) {
    const auto count = [this](Script script, const NameWord& family, const NameWord& given) {
      if (const size_t last = std::max(family.number, given.number); last >= stated_.size()) stated_.resize(last + 1);
      ++stated_[family.number][0][static_cast<size_t>(script)];
      ++stated_[given.number][1][static_cast<size_t>(script)];
    };
    const bool kanji = name.kanji_family != nullptr, kana = name.kana_family != nullptr;
    if (kanji) count(Script::kKanji, *name.kanji_family, *name.kanji_given);
    if (kana) count(Script::kKana, *name.kana_family, *name.kana_given);
    if (!kanji || !kana) return;
    ++readings_[0][{name.kanji_family->number, name.kana_family->number}];
    ++readings_[1][{name.kanji_given->number, name.kana_given->number}];
  }

  void Finish(const NameWords& words, NameCounts* counts) const {
    for (size_t p = 0; p < 2; ++p) {
      const auto part = static_cast<NamePart>(p);
      for (size_t i = 0; i < stated_.size(); ++i) {
        counts->Add(part, Script::kKanji, words.WordOf(i).kanji_key, stated_[i][p][static_cast<size_t>(Script::kKanji)]);
        counts->Add(part, Script::kKana, words.WordOf(i).kana_key, stated_[i][p][static_cast<size_t>(Script::kKana)]);
      }
      for (const auto& [pair, count] : readings_[p])
        counts->AddReading({part, words.WordOf(pair.first).kanji_key, words.WordOf(pair.second).kana_key, count});
    }
  }

 private:
  using Script = NameCounts::Script;
  std::vector<std::array<std::array<uint32_t, 2>, 2>> stated_;                     // by word, part, script
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> readings_[2];  // by part; words in kanji and in kana
};

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
    if (is_plain) plain_names_.Add(plain);
    else standardizer_->ReadNames(*record, &features);
    record->births.clear();
    record->sexes.clear();
    record->care.clear();
    record->addresses.clear();
    record->phones.clear();
    standardizer_->ReadAllButNames(*record, &features);
    counts_.names.Add(features);
    for (const CoverageFeatures& c : features.coverages) {
      counts_.insurers += !c.insurer.empty();
      counts_.failed_check_digits += !c.insurer.empty() && !c.trusted;
    }
  }

  // What was counted; then it is done.
  DataCounts Finish() {
    plain_names_.Finish(words_, &counts_.names);
    return std::move(counts_);
  }

 private:
  const Standardizer* standardizer_;
  NameWords words_;
  PlainNameCounts plain_names_;
  DataCounts counts_;
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
  DataCounts all = counters[0].Finish();
  for (int t = 1; t < threads; ++t) {
    const DataCounts more = counters[t].Finish();
    all.names.Merge(more.names);
    all.insurers += more.insurers;
    all.failed_check_digits += more.failed_check_digits;
  }
  return all;
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
