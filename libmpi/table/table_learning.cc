// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_learning.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"

namespace libmpi::table {
namespace {

constexpr double kBlockedSample = 4e6;
constexpr size_t kRandomPairs = 1000000;

using Counter = absl::flat_hash_map<LevelTuple, double>;

// One a thread; counts are whole numbers, so that sums do not depend on the threads.
struct Tally {
  Counter blocked, unblocked;
  std::vector<std::array<double, kMostLevels>> chance;
  double seen = 0, kept = 0, unmet = 0, random = 0;
};

void Add(const Counter& from, Counter* to) {
  for (const auto& [levels, count] : from) (*to)[levels] += count;
}

Tally Sum(std::vector<Tally>* tallies) {
  Tally all = std::move(tallies->front());
  for (size_t t = 1; t < tallies->size(); ++t) {
    const Tally& part = (*tallies)[t];
    Add(part.blocked, &all.blocked);
    Add(part.unblocked, &all.unblocked);
    for (size_t k = 0; k < all.chance.size(); ++k)
      for (int l = 0; l < kMostLevels; ++l) all.chance[k][l] += part.chance[k][l];
    all.seen += part.seen;
    all.kept += part.kept;
    all.unmet += part.unmet;
    all.random += part.random;
  }
  return all;
}

std::vector<LevelCount> Rows(const Counter& counter, double scale, bool blocked) {
  std::vector<LevelCount> rows;
  for (const auto& [levels, count] : counter) rows.push_back({levels, count * scale, blocked});
  std::sort(rows.begin(), rows.end(), [](const LevelCount& x, const LevelCount& y) { return x.levels < y.levels; });
  return rows;
}

// Records of which pairs are drawn: of one list those that say something new, since repeats are no
// random pairs.
std::vector<uint32_t> DrawnRecords(const Table& table, uint64_t seed) {
  std::vector<std::pair<uint64_t, uint32_t>> keyed;
  const bool one_list = table.second_list() == table.size();
  for (uint32_t i = 0; i < table.size(); ++i)
    if (!one_list || table.FirstAlike(i) == i) keyed.push_back({MixBits(HashCombine(table.Content(i), seed)), i});
  std::sort(keyed.begin(), keyed.end());
  std::vector<uint32_t> records;
  for (const auto& [key, record] : keyed) records.push_back(record);
  return records;
}

void CompareRandomPairs(const Table& table, const TableBlocks& blocks, const std::vector<uint32_t>& records,
                        std::vector<TableComparator>* comparators, std::vector<Tally>* tallies) {
  const size_t n = records.size();
  if (n < 2) return;
  // Each record meets the next ones in an order that tells nothing.
  const size_t steps = std::min<size_t>(n - 1, kRandomPairs / n + 1);
  ParallelChunks(n, 1024, static_cast<int>(comparators->size()), [&](size_t begin, size_t end, int worker) {
    Tally& tally = (*tallies)[worker];
    for (size_t i = begin; i < end; ++i)
      for (size_t step = 1; step <= steps; ++step) {
        if (2 * step >= n && (2 * step > n || 2 * i >= n)) continue;  // each pair once
        const uint32_t x = records[i], y = records[(i + step) % n];
        if (!table.Pairs(x, y)) continue;
        const LevelTuple levels = (*comparators)[worker].Compare(std::min(x, y), std::max(x, y));
        for (size_t k = 0; k < tally.chance.size(); ++k) ++tally.chance[k][levels[k]];
        ++tally.random;
        if (blocks.Meet(x, y)) continue;
        ++tally.unblocked[levels];
        ++tally.unmet;
      }
  });
}

double AllPairs(const Table& table, size_t drawn) {
  const auto n = static_cast<double>(drawn), first = static_cast<double>(table.second_list());
  return table.second_list() == table.size() ? n * (n - 1) / 2 : first * (n - first);
}

}  // namespace

PatternSamples SamplePatterns(const Schema& schema, const Table& table, const TableBlocks& blocks,
                              const Comparisons& comparisons, uint64_t seed, int threads) {
  std::vector<TableComparator> comparators(threads, TableComparator(&schema, &table, &comparisons));
  Tally empty;
  empty.chance.assign(comparisons.size(), {});
  std::vector<Tally> tallies(threads, empty);
  const uint64_t threshold = SampleThreshold(kBlockedSample / static_cast<double>(blocks.raw_pairs() + 1));
  blocks.ForEachPair(threads, [&](int worker, size_t, uint32_t a, uint32_t b) {
    Tally& tally = tallies[worker];
    ++tally.seen;
    // The two contents in any order; a sum, since equal ones of two lists must not all meet one fate.
    if (MixBits(table.Content(a) + table.Content(b) + seed) > threshold) return;
    ++tally.kept;
    ++tally.blocked[comparators[worker].Compare(a, b)];
  });
  const std::vector<uint32_t> drawn = DrawnRecords(table, seed);
  CompareRandomPairs(table, blocks, drawn, &comparators, &tallies);
  const Tally all = Sum(&tallies);
  PatternSamples samples;
  samples.blocked_pairs = all.seen;
  samples.all_pairs = AllPairs(table, drawn.size());
  samples.compared = all.kept + all.random;
  samples.chance = all.chance;
  samples.counts = Rows(all.blocked, all.kept > 0 ? all.seen / all.kept : 1, true);
  const double rest = std::max(0.0, samples.all_pairs - all.seen);
  if (all.unmet > 0)
    for (LevelCount& row : Rows(all.unblocked, rest / all.unmet, false)) samples.counts.push_back(row);
  return samples;
}

namespace {

// Scales each comparability group to a sum of 1; level 0 to 1.
void Normalize(const std::vector<uint8_t>& groups, std::array<double, kMostLevels>* table) {
  std::array<double, kMostLevels> sum = {};
  for (size_t l = 1; l < groups.size(); ++l) sum[groups[l]] += (*table)[l];
  for (size_t l = 1; l < groups.size(); ++l)
    (*table)[l] = sum[groups[l]] > 0 ? (*table)[l] / sum[groups[l]] : 1.0;
  (*table)[0] = 1;
}

std::array<double, kMostLevels> OddsOf(Kind kind, Stance stance, const std::vector<uint8_t>& groups) {
  std::array<double, kMostLevels> table = {};
  const auto odds = StartingOdds(kind, stance);
  std::copy(odds.begin(), odds.end(), table.begin());
  Normalize(groups, &table);
  return table;
}

// Levels by chance: counts, and a grain of what is usual for levels that were never seen.
std::array<double, kMostLevels> ChanceTable(Kind kind, const std::array<double, kMostLevels>& counts,
                                            const std::vector<uint8_t>& groups) {
  constexpr double kGrain = 0.02;
  std::array<double, kMostLevels> table = OddsOf(kind, Stance::kChance, groups);
  for (size_t l = 1; l < groups.size(); ++l) table[l] = counts[l] + kGrain * table[l];
  Normalize(groups, &table);
  return table;
}

class PriorMaker {
 public:
  PriorMaker(const Schema& schema, const Comparisons& comparisons, const PatternSamples& samples)
      : schema_(schema), comparisons_(comparisons), samples_(samples) {}

  std::vector<ClassPrior> Make(const std::vector<std::array<double, kMostLevels>>& chance) const {
    std::vector<ClassPrior> priors;
    double others = 0;
    size_t unrelated = 0;
    const double among_all = std::min(1.0, samples_.blocked_pairs / samples_.all_pairs);
    for (const ClassSpec& c : schema_.classes) {
      priors.push_back(PriorOf(c, chance));
      if (IsUnrelated(c)) unrelated = priors.size() - 1;
      else others += priors.back().start.share = c.share * among_all;
    }
    priors[unrelated].start.share = 1 - others;
    return priors;
  }

  static bool IsUnrelated(const ClassSpec& c) {
    return !c.is_match && c.otherwise == Stance::kChance && c.stances.empty();
  }

 private:
  ClassPrior PriorOf(const ClassSpec& c, const std::vector<std::array<double, kMostLevels>>& chance) const {
    constexpr double kFirm = 1.0, kLoose = 0.02;
    ClassPrior prior;
    int agreeing = 0;
    for (size_t k = 0; k < schema_.comparisons.size(); ++k) {
      const std::string& name = schema_.comparisons[k].name;
      const auto told = c.stances.find(name);
      const Stance stance = told == c.stances.end() ? c.otherwise : told->second;
      const Kind kind = schema_.KindOf(k);
      prior.start.probability[k] = stance == Stance::kChance ? chance[k] : OddsOf(kind, stance, comparisons_.groups[k]);
      if (const auto odds = c.tables.find(name); odds != c.tables.end()) Override(kind, odds->second, k, &prior);
      prior.firmness[k] = IsUnrelated(c) ? 0 : c.is_match ? kLoose : kFirm;
      agreeing += stance == Stance::kSame || stance == Stance::kOwn;
    }
    for (size_t i = 0; i < comparisons_.gaps.size(); ++i) {
      const size_t k = schema_.comparisons.size() + i;
      prior.start.probability[k] = chance[k];
      prior.firmness[k] = IsUnrelated(c) ? 0 : kLoose;
    }
    // Records that share two fields and more meet by some rule.
    prior.blocked_only = agreeing >= 2;
    return prior;
  }

  void Override(Kind kind, const std::map<std::string, double>& odds, size_t k, ClassPrior* prior) const {
    auto& table = prior->start.probability[k];
    for (const auto& [level, value] : odds) table[*LevelByName(kind, level)] = value;
    Normalize(comparisons_.groups[k], &table);
  }

  const Schema& schema_;
  const Comparisons& comparisons_;
  const PatternSamples& samples_;
};

std::vector<std::array<double, kMostLevels>> ChanceOf(const Schema& schema, const Comparisons& comparisons,
                                                      const PatternSamples& samples) {
  std::vector<std::array<double, kMostLevels>> chance;
  for (size_t k = 0; k < comparisons.size(); ++k) {
    if (k < schema.comparisons.size()) {
      chance.push_back(ChanceTable(schema.KindOf(k), samples.chance[k], comparisons.groups[k]));
    } else {
      chance.push_back(samples.chance[k]);
      for (size_t l = 1; l < kGapLevels; ++l) chance.back()[l] += 1;
      Normalize(comparisons.groups[k], &chance.back());
    }
  }
  return chance;
}

}  // namespace

LearnedClasses LearnClasses(const Schema& schema, const Comparisons& comparisons, const PatternSamples& samples,
                            int threads) {
  const PriorMaker maker(schema, comparisons, samples);
  LatentClassOptions options;
  options.threads = threads;
  options.telling_pairs = std::max(1.0, samples.blocked_pairs);
  size_t unrelated = 0;
  while (!PriorMaker::IsUnrelated(schema.classes[unrelated])) ++unrelated;
  std::vector<std::array<double, kMostLevels>> chance = ChanceOf(schema, comparisons, samples);
  LatentClasses fit;
  constexpr int kPasses = 2;
  for (int pass = 0; pass < kPasses; ++pass) {
    fit = FitLatentClasses(samples.counts, maker.Make(chance), comparisons.groups, options);
    for (size_t k = 0; k < comparisons.size(); ++k) chance[k] = fit.classes[unrelated].probability[k];
  }
  LearnedClasses learned;
  learned.classes = std::move(fit.classes);
  learned.converged = fit.converged;
  learned.log2_likelihood = fit.log_likelihood / std::log(2.0) / options.telling_pairs;
  return learned;
}

namespace {

// The table of all classes together, as if the comparison told nothing of the class.
std::array<double, kMostLevels> PooledTable(std::span<const LatentClass> classes, size_t k) {
  std::array<double, kMostLevels> pooled = {};
  for (const LatentClass& c : classes)
    for (int l = 0; l < kMostLevels; ++l) pooled[l] += c.share * c.probability[k][l];
  return pooled;
}

}  // namespace

std::vector<size_t> ChooseGaps(const Schema& schema, const Table& table, const TableBlocks& blocks, uint64_t seed,
                               int threads) {
  std::vector<size_t> asked, chosen;
  for (size_t k = 0; k < schema.comparisons.size(); ++k) {
    if (schema.comparisons[k].gap == Gap::kLevel) chosen.push_back(k);
    if (schema.comparisons[k].gap != Gap::kIgnore) asked.push_back(k);
  }
  if (asked.size() == chosen.size()) return chosen;
  const Comparisons comparisons(schema, FieldInformation(table), asked);
  const PatternSamples learning = SamplePatterns(schema, table, blocks, comparisons, seed, threads);
  const LearnedClasses learned = LearnClasses(schema, comparisons, learning, threads);
  // Other random pairs, the same candidate pairs: what is held out is the unblocked half; of the
  // candidates the number is too large to be fitted.
  const PatternSamples held_out = SamplePatterns(schema, table, blocks, comparisons, seed + 1, threads);
  const std::vector<ClassPrior> open(learned.classes.size());
  const double with = LogLikelihoodOf(held_out.counts, open, learned.classes, comparisons.size());
  chosen.clear();
  for (size_t i = 0; i < asked.size(); ++i) {
    const size_t k = schema.comparisons.size() + i;
    std::vector<LatentClass> pooled = learned.classes;
    for (LatentClass& c : pooled) c.probability[k] = PooledTable(learned.classes, k);
    const double gain = with - LogLikelihoodOf(held_out.counts, open, pooled, comparisons.size());
    // Each class costs two free probabilities: the information criterion of Schwarz (1978).
    const double price = static_cast<double>(learned.classes.size()) * std::log(held_out.all_pairs);
    if (gain > price || schema.comparisons[asked[i]].gap == Gap::kLevel) chosen.push_back(asked[i]);
  }
  return chosen;
}

}  // namespace libmpi::table
