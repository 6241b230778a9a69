// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
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
    std::sort(values.begin(), values.end());
    intervals[k]->low = values[static_cast<size_t>(0.025 * kRounds)];
    intervals[k]->high = values[static_cast<size_t>(0.975 * kRounds) - 1];
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
  LabelSizes sizes;
  const auto list_of = [&](size_t i) { return list.empty() ? uint8_t{0} : list[i]; };
  for (size_t i = 0; i < person.size(); ++i) sizes.Add(person[i], list_of(i));
  double true_pairs = 0;
  for (size_t i = 0; i < person.size(); ++i)
    true_pairs += sizes.Partners(person[i], list_of(i), !list.empty()) / 2;
  std::vector<ThresholdPoint> points;
  for (double threshold : thresholds) {
    ThresholdPoint point;
    point.threshold = threshold;
    for (const ScoredPair& link : links) {
      if (link.weight < threshold) continue;
      ++point.pairs;
      point.correct += person[link.a] == person[link.b];
    }
    point.precision = Ratio(static_cast<double>(point.correct), static_cast<double>(point.pairs));
    point.recall = Ratio(static_cast<double>(point.correct), true_pairs);
    point.f1 = Harmonic(point.precision, point.recall);
    points.push_back(point);
  }
  return points;
}

}  // namespace libmpi
