// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/reliability.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "libmpi/evaluation/bootstrap.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {
namespace {

constexpr FixedWeight kLowest = static_cast<FixedWeight>(kReliabilityFrom * kWeightUnit);
constexpr FixedWeight kHighest = static_cast<FixedWeight>(kReliabilityTo * kWeightUnit);

struct Cell {
  uint64_t pairs = 0, true_pairs = 0;
};
// By weight, a cell each 1/1024 bit: sums do not depend on which thread saw a pair.
using Cells = std::vector<Cell>;

// The known persons of some records, ascending.
std::vector<uint32_t> PersonsOf(std::span<const uint32_t> records, std::span<const uint32_t> person) {
  std::vector<uint32_t> persons;
  for (uint32_t i : records)
    if (person[i] != kUnknownPerson) persons.push_back(person[i]);
  std::sort(persons.begin(), persons.end());
  return persons;
}

// Adds the pairs of a record of `a` and one of `b`; of one span, of two of its records. By how many records each person has:
// repeats may be many.
void Count(std::span<const uint32_t> a, std::span<const uint32_t> b, std::span<const uint32_t> person, Cell* cell) {
  const bool repeats = a.data() == b.data();
  const std::vector<uint32_t> of_a = PersonsOf(a, person), of_b = repeats ? of_a : PersonsOf(b, person);
  cell->pairs += repeats ? of_a.size() * (of_a.size() - 1) / 2 : of_a.size() * of_b.size();
  for (auto first = of_a.begin(); first != of_a.end();) {
    const auto last = std::upper_bound(first, of_a.end(), *first);
    const auto in_b = std::equal_range(of_b.begin(), of_b.end(), *first);
    const auto x = static_cast<uint64_t>(last - first), y = static_cast<uint64_t>(in_b.second - in_b.first);
    cell->true_pairs += repeats ? x * (x - 1) / 2 : x * y;
    first = last;
  }
}

void AddCells(const Cells& more, Cells* cells) {
  for (size_t i = 0; i < cells->size(); ++i) {
    (*cells)[i].pairs += more[i].pairs;
    (*cells)[i].true_pairs += more[i].true_pairs;
  }
}

// Pairs by weight: those not held, and those held.
std::array<Cells, 2> CountByWeight(Replay* replay, std::span<const uint32_t> person) {
  const std::array<Cells, 2> none = {Cells(kHighest - kLowest + 1), Cells(kHighest - kLowest + 1)};
  std::vector<std::array<Cells, 2>> by_worker(replay->threads(), none);
  replay->ForEachCandidate([&](int worker, std::span<const uint32_t> a, std::span<const uint32_t> b,
                               const PairScore& score) {
    if (score.weight < kLowest || score.weight > kHighest) return;
    Count(a, b, person, &by_worker[worker][score.held][score.weight - kLowest]);
  });
  std::array<Cells, 2> sum = none;
  for (const std::array<Cells, 2>& part : by_worker)
    for (int held = 0; held < 2; ++held) AddCells(part[held], &sum[held]);
  return sum;
}

Reliability ReliabilityOf(const Cells& cells) {
  Reliability out;
  for (const Cell& cell : cells) {
    out.pairs += cell.pairs;
    out.true_pairs += cell.true_pairs;
  }
  bool open = false;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].pairs == 0) continue;
    const FixedWeight weight = kLowest + static_cast<FixedWeight>(i);
    if (!open) out.bins.push_back({WeightBits(weight)});
    ReliabilityBin& bin = out.bins.back();
    bin.highest_weight = WeightBits(weight);
    bin.pairs += cells[i].pairs;
    bin.true_pairs += cells[i].true_pairs;
    bin.predicted += MatchProbability(weight) * static_cast<double>(cells[i].pairs);
    open = bin.pairs * kReliabilityBins < out.pairs;
  }
  for (ReliabilityBin& bin : out.bins) {
    const double n = static_cast<double>(bin.pairs);
    bin.predicted /= n;
    bin.observed = static_cast<double>(bin.true_pairs) / n;
    out.expected_calibration_error += std::abs(bin.predicted - bin.observed) * n / static_cast<double>(out.pairs);
  }
  return out;
}

void FillTail(Replay* replay, std::span<const uint32_t> person, ReliabilityEvaluation* out) {
  LargeArray<Edge> edges = replay->Edges(kLowestReview, Preset::kSafe);
  std::erase_if(edges, [&](const Edge& e) { return person[e.a] == kUnknownPerson || person[e.b] == kUnknownPerson; });
  LinkOptions safe;
  safe.preset = Preset::kSafe;
  const FixedWeight threshold = ChooseThresholds(safe, edges).match;
  out->safe_threshold = WeightBits(threshold);
  out->predicted_wrong_share = ExpectedWrongShare(edges, threshold);
  for (const Edge& e : edges) {
    if (!e.Joins(threshold)) continue;
    ++out->safe_links;
    out->safe_wrong += person[e.a] != person[e.b];
  }
  if (out->safe_links == 0) return;
  const double n = static_cast<double>(out->safe_links);
  const Interval wrong = PoissonInterval(out->safe_wrong);
  out->observed_wrong_share = {static_cast<double>(out->safe_wrong) / n, {wrong.low / n, wrong.high / n}};
}

}  // namespace

ReliabilityEvaluation EvaluateReliability(Replay* replay, std::span<const uint32_t> person) {
  ReliabilityEvaluation out;
  std::array<Cells, 2> cells = CountByWeight(replay, person);
  out.not_held = ReliabilityOf(cells[0]);
  AddCells(cells[1], &cells[0]);
  out.all = ReliabilityOf(cells[0]);
  FillTail(replay, person, &out);
  return out;
}

}  // namespace libmpi
