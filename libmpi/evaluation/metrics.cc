// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/union_find.h"
#include "libmpi/evaluation/bootstrap.h"

namespace libmpi {
namespace {

// What a record, a unit (a connected component of truth and clusters, or a sampled person) or all of
// them add to the sums behind every figure. Each record carries its share of every pair, cluster,
// person and overlap it is in, so that all of them are sums over records.
struct Sums {
  double records = 0;
  double true_pairs = 0, found_pairs = 0, correct_pairs = 0;
  double b3_precision = 0, b3_recall = 0;
  double clusters = 0, persons = 0, exact = 0;
  double overlaps = 0;  // of a cluster and a person
  double merged_bits = 0, split_bits = 0;

  void Add(const Sums& o, double times) {
    records += times * o.records;
    true_pairs += times * o.true_pairs;
    found_pairs += times * o.found_pairs;
    correct_pairs += times * o.correct_pairs;
    b3_precision += times * o.b3_precision;
    b3_recall += times * o.b3_recall;
    clusters += times * o.clusters;
    persons += times * o.persons;
    exact += times * o.exact;
    overlaps += times * o.overlaps;
    merged_bits += times * o.merged_bits;
    split_bits += times * o.split_bits;
  }
  double Splits() const { return overlaps - clusters; }
  double Merges() const { return overlaps - persons; }
};

double Ratio(double a, double b) { return b > 0 ? a / b : 1; }
double Share(double a, double b) { return b > 0 ? a / b : 0; }
double Harmonic(double p, double r) { return p + r > 0 ? 2 * p * r / (p + r) : 0; }

enum Figure {
  kPairs = 0,    // precision, recall, F1 each
  kBCubed = 3,
  kExact = 6,
  kMergeDistance = 9,
  kNormalisedMergeDistance,
  kVariation,
  kMergedBits,
  kSplitBits,
  kFigures,
};
using FigureValues = std::array<double, kFigures>;

FigureValues Figures(const Sums& u) {
  FigureValues f{};
  const auto fill = [&f](int first, double precision, double recall) {
    f[first] = precision;
    f[first + 1] = recall;
    f[first + 2] = Harmonic(precision, recall);
  };
  fill(kPairs, Ratio(u.correct_pairs, u.found_pairs), Ratio(u.correct_pairs, u.true_pairs));
  fill(kBCubed, Ratio(u.b3_precision, u.records), Ratio(u.b3_recall, u.records));
  fill(kExact, Ratio(u.exact, u.clusters), Ratio(u.exact, u.persons));
  // Sums of shares such as 1/3 are whole numbers but for rounding.
  f[kMergeDistance] = std::max(0.0, u.Splits() + u.Merges());
  f[kNormalisedMergeDistance] = Share(f[kMergeDistance], 2 * u.records - u.clusters - u.persons);
  f[kMergedBits] = Share(u.merged_bits, u.records);
  f[kSplitBits] = Share(u.split_bits, u.records);
  f[kVariation] = f[kMergedBits] + f[kSplitBits];
  return f;
}

// Values by label, zero at first. Labels are any numbers, but mostly below twice that of the records: those have an array.
template <typename T>
class ByLabel {
 public:
  explicit ByLabel(size_t records) : low_(2 * records) {}
  T& operator[](uint64_t label) { return label < low_.size() ? low_[label] : high_[label]; }
  T At(uint64_t label) const { return label < low_.size() ? low_[label] : high_.at(label); }

 private:
  std::vector<T> low_;
  absl::flat_hash_map<uint64_t, T> high_;
};

// Joins those of one label.
void JoinByLabel(std::span<const uint32_t> labels, UnionFind* joined) {
  ByLabel<uint32_t> first(labels.size());  // and 1
  for (uint32_t i = 0; i < labels.size(); ++i) {
    uint32_t& of_label = first[labels[i]];
    if (of_label == 0) of_label = i + 1;
    else joined->Join(i, of_label - 1);
  }
}

// Joins records that share a cluster or a person; returns each record's unit.
std::vector<uint32_t> UnitOf(std::span<const uint32_t> cluster, std::span<const uint32_t> person) {
  UnionFind joined(cluster.size());
  JoinByLabel(cluster, &joined);
  JoinByLabel(person, &joined);
  std::vector<uint32_t> unit(cluster.size());
  for (uint32_t i = 0; i < unit.size(); ++i) unit[i] = joined.Find(i);
  return unit;
}

// How many records bear a label, in all and, where pairs are of two lists only, by list.
class LabelSizes {
 public:
  LabelSizes(size_t records, bool across_only) : across_only_(across_only), all_(records) {}
  void Add(uint64_t label, uint8_t list) {
    ++all_[label];
    if (across_only_) ++by_list_[{label, list}];
  }
  double All(uint64_t label) const { return all_.At(label); }
  // With how many others of the label a record of the list is paired.
  double Partners(uint64_t label, uint8_t list) const {
    return All(label) - (across_only_ ? by_list_.at({label, list}) : 1);
  }

 private:
  bool across_only_;
  ByLabel<uint32_t> all_;
  absl::flat_hash_map<std::pair<uint64_t, uint8_t>, uint32_t> by_list_;
};

// Sizes of clusters, of persons and of what they have in common.
struct Overlaps {
  Overlaps(size_t records, bool across_only)
      : clusters(records, across_only), persons(records, across_only), both(0, across_only) {}
  LabelSizes clusters, persons, both;

  // What one record carries.
  Sums SharesOf(uint32_t cluster, uint32_t person, uint8_t list) const {
    const uint64_t key = BothKey(cluster, person);
    const double c = clusters.All(cluster), p = persons.All(person), b = both.All(key);
    Sums s;
    s.records = 1;
    s.found_pairs = clusters.Partners(cluster, list) / 2;
    s.true_pairs = persons.Partners(person, list) / 2;
    s.correct_pairs = both.Partners(key, list) / 2;
    s.b3_precision = b / c;
    s.b3_recall = b / p;
    s.clusters = 1 / c;
    s.persons = 1 / p;
    s.exact = b == c && b == p ? 1 / p : 0;
    s.overlaps = 1 / b;
    s.merged_bits = std::log2(c / b);
    s.split_bits = std::log2(p / b);
    return s;
  }
  static uint64_t BothKey(uint32_t cluster, uint32_t person) { return uint64_t{cluster} << 32 | person; }
};

// Adds up by unit, in the order in which units come.
class UnitSums {
 public:
  explicit UnitSums(size_t records) : slot_(records) {}
  void Add(uint32_t unit, const Sums& sums, double weight) {
    uint32_t& slot = slot_[unit];
    if (slot == 0) {
      units_.emplace_back();
      slot = static_cast<uint32_t>(units_.size());
    }
    units_[slot - 1].Add(sums, weight);
  }
  const std::vector<Sums>& units() const { return units_; }
  Sums All() const {
    Sums all;
    for (const Sums& unit : units_) all.Add(unit, 1);
    return all;
  }

 private:
  ByLabel<uint32_t> slot_;  // and 1
  std::vector<Sums> units_;
};

std::vector<FigureValues> Bootstrap(const std::vector<Sums>& units) {
  std::vector<Sums> folded(std::min(units.size(), kMostBootstrapUnits));
  for (size_t u = 0; u < units.size(); ++u) folded[u % kMostBootstrapUnits].Add(units[u], 1);
  std::vector<FigureValues> rounds;
  for (uint64_t round = 1; round <= kBootstrapRounds; ++round) {
    Sums drawn;
    for (size_t u = 0; u < folded.size(); ++u)
      if (const int times = TimesDrawn(round, u)) drawn.Add(folded[u], times);
    rounds.push_back(Figures(drawn));
  }
  return rounds;
}

Interval MiddleOf(const std::vector<FigureValues>& rounds, int figure) {
  std::vector<double> values;
  for (const FigureValues& round : rounds) values.push_back(round[figure]);
  return MiddleOfRounds(std::move(values));
}

// Figures of all units with their intervals; counts are for the caller to add.
ClusterEvaluation WithIntervals(const UnitSums& units) {
  const FigureValues figures = Figures(units.All());
  const std::vector<FigureValues> rounds = Bootstrap(units.units());
  const auto triple = [&](int first) {
    return PrecisionRecall{figures[first],           figures[first + 1],          figures[first + 2],
                           MiddleOf(rounds, first), MiddleOf(rounds, first + 1), MiddleOf(rounds, first + 2)};
  };
  const auto single = [&](int figure) { return EstimatedFigure{figures[figure], MiddleOf(rounds, figure)}; };
  ClusterEvaluation out;
  out.pairs = triple(kPairs);
  out.b_cubed = triple(kBCubed);
  out.exact = triple(kExact);
  out.exact_clusters = out.exact.recall;
  out.merge_distance = single(kMergeDistance);
  out.normalised_merge_distance = single(kNormalisedMergeDistance);
  out.variation_of_information = single(kVariation);
  out.merged_bits = single(kMergedBits);
  out.split_bits = single(kSplitBits);
  return out;
}

void FillCounts(const Sums& all, ClusterEvaluation* out) {
  const auto whole = [](double x) { return static_cast<uint64_t>(std::llround(std::max(0.0, x))); };
  out->records = whole(all.records);
  out->persons = whole(all.persons);
  out->clusters = whole(all.clusters);
  out->true_pairs = whole(all.true_pairs);
  out->found_pairs = whole(all.found_pairs);
  out->correct_pairs = whole(all.correct_pairs);
  out->splits = whole(all.Splits());
  out->merges = whole(all.Merges());
}

// What links say at each threshold, summed over units: persons, joined where a link joins two.
struct LinkTally {
  size_t thresholds = 0;
  std::vector<double> true_pairs;      // by unit
  std::vector<double> pairs, correct;  // by unit and threshold: links at or above it
  size_t units() const { return true_pairs.size(); }
};
struct LinkSums {
  double true_pairs = 0;
  std::vector<double> pairs, correct;  // by threshold
};

// Each person's unit, numbered from 0, several in one where they are many (kMostBootstrapUnits); how many there are.
std::pair<std::vector<uint32_t>, size_t> UnitOfRecords(std::span<const ScoredPair> links,
                                                       std::span<const uint32_t> person) {
  UnionFind joined(person.size());
  JoinByLabel(person, &joined);
  for (const ScoredPair& link : links) joined.Join(link.a, link.b);
  std::vector<uint32_t> unit(person.size());
  size_t units = 0;
  for (uint32_t i = 0; i < person.size(); ++i) {
    const uint32_t root = joined.Find(i);
    unit[i] = root == i ? static_cast<uint32_t>(units++ % kMostBootstrapUnits) : unit[root];
  }
  return {std::move(unit), std::min(units, kMostBootstrapUnits)};
}

LinkTally CountLinks(std::span<const ScoredPair> links, std::span<const uint32_t> person,
                     std::span<const double> thresholds, std::span<const uint8_t> list) {
  const auto [unit, units] = UnitOfRecords(links, person);
  const size_t n = thresholds.size();
  LinkTally tally{n, std::vector<double>(units), std::vector<double>(units * n), std::vector<double>(units * n)};
  LabelSizes sizes(person.size(), !list.empty());
  const auto list_of = [&](size_t i) { return list.empty() ? uint8_t{0} : list[i]; };
  for (size_t i = 0; i < person.size(); ++i) sizes.Add(person[i], list_of(i));
  for (size_t i = 0; i < person.size(); ++i)
    tally.true_pairs[unit[i]] += sizes.Partners(person[i], list_of(i)) / 2;
  for (const ScoredPair& link : links) {
    const bool correct = person[link.a] == person[link.b];
    for (size_t t = 0; t < n && link.weight >= thresholds[t]; ++t) {
      tally.pairs[unit[link.a] * n + t] += 1;
      tally.correct[unit[link.a] * n + t] += correct;
    }
  }
  return tally;
}

// times(u): how often unit u counts.
template <typename Times>
LinkSums SumsOf(const LinkTally& tally, const Times& times) {
  const size_t n = tally.thresholds;
  LinkSums sums{0, std::vector<double>(n), std::vector<double>(n)};
  for (size_t u = 0; u < tally.units(); ++u) {
    const int k = times(u);
    if (k == 0) continue;
    sums.true_pairs += k * tally.true_pairs[u];
    for (size_t t = 0; t < n; ++t) {
      sums.pairs[t] += k * tally.pairs[u * n + t];
      sums.correct[t] += k * tally.correct[u * n + t];
    }
  }
  return sums;
}

std::vector<LinkSums> BootstrapLinks(const LinkTally& tally) {
  std::vector<LinkSums> rounds;
  for (uint64_t round = 1; round <= kBootstrapRounds; ++round)
    rounds.push_back(SumsOf(tally, [round](size_t u) { return TimesDrawn(round, u); }));
  return rounds;
}

}  // namespace

ClusterEvaluation EvaluateClusters(std::span<const uint32_t> cluster,
                                   std::span<const uint32_t> person,
                                   std::span<const uint8_t> list) {
  Overlaps overlaps(cluster.size(), !list.empty());
  const auto list_of = [&](size_t i) { return list.empty() ? uint8_t{0} : list[i]; };
  for (size_t i = 0; i < cluster.size(); ++i) {
    overlaps.clusters.Add(cluster[i], list_of(i));
    overlaps.persons.Add(person[i], list_of(i));
    overlaps.both.Add(Overlaps::BothKey(cluster[i], person[i]), list_of(i));
  }
  UnitSums units(cluster.size());
  const std::vector<uint32_t> unit_of = UnitOf(cluster, person);
  for (size_t i = 0; i < cluster.size(); ++i)
    units.Add(unit_of[i], overlaps.SharesOf(cluster[i], person[i], list_of(i)), 1);
  ClusterEvaluation out = WithIntervals(units);
  FillCounts(units.All(), &out);
  return out;
}

ClusterEvaluation EvaluateSample(std::span<const uint32_t> cluster, const SampledTruth& sample,
                                 std::span<const uint8_t> list) {
  Overlaps overlaps(cluster.size(), !list.empty());
  const auto list_of = [&](size_t i) { return list.empty() ? uint8_t{0} : list[i]; };
  for (size_t i = 0; i < cluster.size(); ++i) overlaps.clusters.Add(cluster[i], list_of(i));
  for (size_t k = 0; k < sample.record.size(); ++k) {
    const uint32_t i = sample.record[k];
    overlaps.persons.Add(sample.person[k], list_of(i));
    overlaps.both.Add(Overlaps::BothKey(cluster[i], sample.person[k]), list_of(i));
  }
  UnitSums weighted(cluster.size()), counted(cluster.size());
  for (size_t k = 0; k < sample.record.size(); ++k) {
    const uint32_t i = sample.record[k];
    const Sums shares = overlaps.SharesOf(cluster[i], sample.person[k], list_of(i));
    weighted.Add(sample.person[k], shares, sample.weight[k]);
    counted.Add(sample.person[k], shares, 1);
  }
  ClusterEvaluation out = WithIntervals(weighted);
  FillCounts(counted.All(), &out);
  return out;
}

std::vector<ThresholdPoint> EvaluateThresholds(std::span<const ScoredPair> links,
                                               std::span<const uint32_t> person,
                                               std::span<const double> thresholds,
                                               std::span<const uint8_t> list) {
  const LinkTally tally = CountLinks(links, person, thresholds, list);
  const std::vector<LinkSums> rounds = BootstrapLinks(tally);
  const LinkSums all = SumsOf(tally, [](size_t) { return 1; });
  std::vector<ThresholdPoint> points(thresholds.size());
  for (size_t t = 0; t < points.size(); ++t) {
    ThresholdPoint& point = points[t];
    point.threshold = thresholds[t];
    point.pairs = static_cast<uint64_t>(std::llround(all.pairs[t]));
    point.correct = static_cast<uint64_t>(std::llround(all.correct[t]));
    point.precision = Ratio(all.correct[t], all.pairs[t]);
    point.recall = Ratio(all.correct[t], all.true_pairs);
    point.f1 = Harmonic(point.precision, point.recall);
    std::vector<double> precision, recall;
    for (const LinkSums& round : rounds) {
      precision.push_back(Ratio(round.correct[t], round.pairs[t]));
      recall.push_back(Ratio(round.correct[t], round.true_pairs));
    }
    point.precision_interval = MiddleOfRounds(std::move(precision));
    point.recall_interval = MiddleOfRounds(std::move(recall));
  }
  return points;
}

std::vector<ClusterThresholdPoint> EvaluateComponents(std::span<const ScoredPair> links,
                                                      std::span<const uint32_t> person,
                                                      std::span<const double> thresholds,
                                                      std::span<const uint8_t> list) {
  std::vector<ClusterThresholdPoint> points(thresholds.size());
  ParallelChunks(thresholds.size(), 1, ResolveThreads(0), [&](size_t t, size_t, int) {
    UnionFind joined(person.size());
    for (const ScoredPair& link : links)
      if (link.weight >= thresholds[t]) joined.Join(link.a, link.b);
    std::vector<uint32_t> cluster(person.size());
    for (uint32_t i = 0; i < cluster.size(); ++i) cluster[i] = joined.Find(i);
    points[t] = {thresholds[t], EvaluateClusters(cluster, person, list)};
  });
  return points;
}

}  // namespace libmpi
