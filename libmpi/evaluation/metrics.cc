// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

constexpr int kRounds = 200;

// What one independent unit (a connected component of truth and clusters)
// adds to the sums behind every figure.
struct Unit {
  double true_pairs = 0, found_pairs = 0, correct_pairs = 0;
  double b3_precision = 0, b3_recall = 0, records = 0;

  void Add(const Unit& o, double times) {
    true_pairs += times * o.true_pairs;
    found_pairs += times * o.found_pairs;
    correct_pairs += times * o.correct_pairs;
    b3_precision += times * o.b3_precision;
    b3_recall += times * o.b3_recall;
    records += times * o.records;
  }
};

double Ratio(double a, double b) { return b > 0 ? a / b : 1; }
double Harmonic(double p, double r) { return p + r > 0 ? 2 * p * r / (p + r) : 0; }

std::array<double, 6> Figures(const Unit& u) {
  const double p = Ratio(u.correct_pairs, u.found_pairs), r = Ratio(u.correct_pairs, u.true_pairs);
  const double bp = Ratio(u.b3_precision, u.records), br = Ratio(u.b3_recall, u.records);
  return {p, r, Harmonic(p, r), bp, br, Harmonic(bp, br)};
}

// A Poisson(1) draw from a hash: how often a unit stands in a bootstrap round.
int PoissonOne(uint64_t h) {
  double u = static_cast<double>(MixBits(h) >> 11) * 0x1p-53;
  double p = 0.36787944117144233;  // e^-1
  int k = 0;
  while (u > p && k < 12) {
    u -= p;
    p /= ++k;
  }
  return k;
}


uint32_t Root(std::vector<uint32_t>& parent, uint32_t x) {
  while (parent[x] != x) x = parent[x] = parent[parent[x]];
  return x;
}

// Joins records that share a cluster or a person; returns each record's unit.
std::vector<uint32_t> UnitOf(std::span<const uint32_t> cluster, std::span<const uint32_t> person) {
  std::vector<uint32_t> parent(cluster.size());
  std::iota(parent.begin(), parent.end(), 0);
  for (std::span<const uint32_t> labels : {cluster, person}) {
    absl::flat_hash_map<uint32_t, uint32_t> first;
    for (uint32_t i = 0; i < labels.size(); ++i) {
      const auto [it, fresh] = first.try_emplace(labels[i], i);
      if (fresh) continue;
      const uint32_t a = Root(parent, i), b = Root(parent, it->second);
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  for (uint32_t i = 0; i < parent.size(); ++i) parent[i] = Root(parent, i);
  return parent;
}

// 95 % of a figure's values in the rounds.
Interval MiddleOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[static_cast<size_t>(0.025 * kRounds)], values[static_cast<size_t>(0.975 * kRounds) - 1]};
}

PrecisionRecall Fill(const std::array<double, 6>& figures, int first,
                     const std::vector<std::array<double, 6>>& rounds) {
  PrecisionRecall out;
  out.precision = figures[first];
  out.recall = figures[first + 1];
  out.f1 = figures[first + 2];
  Interval* intervals[3] = {&out.precision_interval, &out.recall_interval, &out.f1_interval};
  for (int k = 0; k < 3; ++k) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(round[first + k]);
    *intervals[k] = MiddleOf(std::move(values));
  }
  return out;
}

struct Tally {
  std::vector<Unit> units;
  uint64_t exact = 0;    // persons found whole and alone
  uint64_t persons = 0;
};

// How many records bear a label, in all and by list.
class LabelSizes {
 public:
  void Add(uint64_t label, uint8_t list) {
    ++all_[label];
    ++by_list_[{label, list}];
  }
  double All(uint64_t label) const { return all_.at(label); }
  // With how many others of the label a record of the list is paired.
  double Partners(uint64_t label, uint8_t list, bool across_only) const {
    return All(label) - (across_only ? by_list_.at({label, list}) : 1);
  }
  const absl::flat_hash_map<uint64_t, uint32_t>& all() const { return all_; }

 private:
  absl::flat_hash_map<uint64_t, uint32_t> all_;
  absl::flat_hash_map<std::pair<uint64_t, uint8_t>, uint32_t> by_list_;
};

// Each record carries its share of every pair it is in.
Tally CountUnits(std::span<const uint32_t> cluster, std::span<const uint32_t> person,
                 std::span<const uint8_t> list) {
  LabelSizes cluster_size, person_size, both_size;
  const bool across = !list.empty();
  const auto list_of = [&](size_t i) { return across ? list[i] : uint8_t{0}; };
  const auto both_of = [&](size_t i) { return uint64_t{cluster[i]} << 32 | person[i]; };
  for (size_t i = 0; i < cluster.size(); ++i) {
    cluster_size.Add(cluster[i], list_of(i));
    person_size.Add(person[i], list_of(i));
    both_size.Add(both_of(i), list_of(i));
  }
  Tally tally;
  tally.persons = person_size.all().size();
  const std::vector<uint32_t> unit_of = UnitOf(cluster, person);
  absl::flat_hash_map<uint32_t, uint32_t> slot;
  for (size_t i = 0; i < cluster.size(); ++i) {
    const auto [it, fresh] = slot.try_emplace(unit_of[i], tally.units.size());
    if (fresh) tally.units.emplace_back();
    Unit& unit = tally.units[it->second];
    const double both = both_size.All(both_of(i));
    unit.records += 1;
    unit.found_pairs += cluster_size.Partners(cluster[i], list_of(i), across) / 2;
    unit.true_pairs += person_size.Partners(person[i], list_of(i), across) / 2;
    unit.correct_pairs += both_size.Partners(both_of(i), list_of(i), across) / 2;
    unit.b3_precision += both / cluster_size.All(cluster[i]);
    unit.b3_recall += both / person_size.All(person[i]);
  }
  for (const auto& [key, both] : both_size.all())
    tally.exact += both == cluster_size.All(key >> 32) && both == person_size.All(static_cast<uint32_t>(key));
  return tally;
}

std::vector<std::array<double, 6>> Bootstrap(const std::vector<Unit>& units) {
  std::vector<std::array<double, 6>> rounds;
  for (uint64_t round = 1; round <= kRounds; ++round) {
    Unit drawn;
    for (size_t u = 0; u < units.size(); ++u)
      if (const int times = PoissonOne(HashCombine(round, u))) drawn.Add(units[u], times);
    rounds.push_back(Figures(drawn));
  }
  return rounds;
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

// Each person's unit, numbered from 0; how many there are.
std::pair<std::vector<uint32_t>, size_t> UnitOfRecords(std::span<const ScoredPair> links,
                                                       std::span<const uint32_t> person) {
  std::vector<uint32_t> parent(person.size());
  std::iota(parent.begin(), parent.end(), 0);
  const auto join = [&](uint32_t a, uint32_t b) {
    a = Root(parent, a), b = Root(parent, b);
    parent[std::max(a, b)] = std::min(a, b);
  };
  absl::flat_hash_map<uint32_t, uint32_t> first;
  for (uint32_t i = 0; i < person.size(); ++i) join(i, first.try_emplace(person[i], i).first->second);
  for (const ScoredPair& link : links) join(link.a, link.b);
  std::vector<uint32_t> unit(person.size());
  uint32_t units = 0;
  for (uint32_t i = 0; i < person.size(); ++i) {
    const uint32_t root = Root(parent, i);
    unit[i] = root == i ? units++ : unit[root];
  }
  return {std::move(unit), units};
}

LinkTally CountLinks(std::span<const ScoredPair> links, std::span<const uint32_t> person,
                     std::span<const double> thresholds, std::span<const uint8_t> list) {
  const auto [unit, units] = UnitOfRecords(links, person);
  const size_t n = thresholds.size();
  LinkTally tally{n, std::vector<double>(units), std::vector<double>(units * n), std::vector<double>(units * n)};
  LabelSizes sizes;
  const auto list_of = [&](size_t i) { return list.empty() ? uint8_t{0} : list[i]; };
  for (size_t i = 0; i < person.size(); ++i) sizes.Add(person[i], list_of(i));
  for (size_t i = 0; i < person.size(); ++i)
    tally.true_pairs[unit[i]] += sizes.Partners(person[i], list_of(i), !list.empty()) / 2;
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
  for (uint64_t round = 1; round <= kRounds; ++round)
    rounds.push_back(SumsOf(tally, [round](size_t u) { return PoissonOne(HashCombine(round, u)); }));
  return rounds;
}

}  // namespace

ClusterEvaluation EvaluateClusters(std::span<const uint32_t> cluster,
                                   std::span<const uint32_t> person,
                                   std::span<const uint8_t> list) {
  const Tally tally = CountUnits(cluster, person, list);
  Unit all;
  for (const Unit& unit : tally.units) all.Add(unit, 1);
  const std::vector<std::array<double, 6>> rounds = Bootstrap(tally.units);
  const auto whole = [](double x) { return static_cast<uint64_t>(std::llround(x)); };
  ClusterEvaluation out;
  out.records = cluster.size();
  out.true_pairs = whole(all.true_pairs);
  out.found_pairs = whole(all.found_pairs);
  out.correct_pairs = whole(all.correct_pairs);
  const std::array<double, 6> figures = Figures(all);
  out.pairs = Fill(figures, 0, rounds);
  out.b_cubed = Fill(figures, 3, rounds);
  out.exact_clusters =
      Ratio(static_cast<double>(tally.exact), static_cast<double>(tally.persons));
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
    point.precision_interval = MiddleOf(std::move(precision));
    point.recall_interval = MiddleOf(std::move(recall));
  }
  return points;
}

}  // namespace libmpi
