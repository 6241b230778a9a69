// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/expectation_maximization.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "libmpi/base/parallel.h"
#include "libmpi/linkage/scorer.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

constexpr size_t kChunk = 2048;
constexpr int kMaxLevels = 32;
constexpr size_t kMaxClasses = ClassScores::kMaxClasses;
constexpr double kImpossible = -1e300;  // as a logarithm

// A number for every class; those beyond the classes there are stay 0.
using ByClass = std::array<double, kMaxClasses>;
// By comparison and level: the classes of a level stand together, so that they are read and added in one go.
using LevelTable = std::array<std::array<ByClass, kMaxLevels>, kComparisons>;

struct Expectation {
  LevelTable mass{};
  ByClass class_mass{};
  double log_likelihood = 0;

  void Add(const Expectation& other) {
    for (size_t c = 0; c < kMaxClasses; ++c) class_mass[c] += other.class_mass[c];
    for (int k = 0; k < kComparisons; ++k)
      for (int l = 0; l < kMaxLevels; ++l)
        for (size_t c = 0; c < kMaxClasses; ++c) mass[k][l][c] += other.mass[k][l][c];
    log_likelihood += other.log_likelihood;
  }
};

std::unique_ptr<LevelTable> LogTables(std::span<const PairClass> classes) {
  auto logs = std::make_unique<LevelTable>();
  for (size_t c = 0; c < classes.size(); ++c)
    for (int k = 0; k < kComparisons; ++k)
      for (size_t l = 0; l < classes[c].probability[k].size(); ++l)
        (*logs)[k][l][c] = l == 0 ? 0 : std::log(classes[c].probability[k][l]);
  return logs;
}

// The classes a pattern may be of, as far as its label and its blocks tell.
void RuleOut(const PatternCount& row, std::span<const PairClass> classes, const std::vector<bool>& blocked_only,
             ByClass* log_likelihood) {
  for (size_t c = 0; c < classes.size(); ++c) {
    const bool other_label = row.label != PairLabel::kUnknown &&
                             classes[c].is_match != (row.label == PairLabel::kMatch);
    if (other_label || (!row.blocked && !blocked_only.empty() && blocked_only[c]))
      (*log_likelihood)[c] = kImpossible;
  }
}

// All sums go by class, pattern after pattern, so that they round as they would one class at a time.
void ExpectChunk(std::span<const PatternCount> counts, std::span<const PairClass> classes,
                 const LevelTable& logs, const std::vector<bool>& blocked_only, Expectation* out) {
  const size_t n = classes.size();
  ByClass log_share{};
  for (size_t c = 0; c < n; ++c) log_share[c] = std::log(classes[c].share);
  for (const PatternCount& row : counts) {
    std::array<int, kComparisons> level;
    for (int k = 0; k < kComparisons; ++k) level[k] = row.pattern.Get(k);
    ByClass posterior = log_share;
    for (int k = 0; k < kComparisons; ++k) {
      const ByClass& of_level = logs[k][level[k]];
      for (size_t c = 0; c < kMaxClasses; ++c) posterior[c] += of_level[c];
    }
    if (row.label != PairLabel::kUnknown || !row.blocked) RuleOut(row, classes, blocked_only, &posterior);
    double top = kImpossible;
    for (size_t c = 0; c < n; ++c) top = std::max(top, posterior[c]);
    double total = 0;
    for (size_t c = 0; c < n; ++c) total += posterior[c] = std::exp(posterior[c] - top);
    const double count = row.count;
    out->log_likelihood += count * (top + std::log(total));
    ByClass mass{};
    for (size_t c = 0; c < n; ++c) mass[c] = count * posterior[c] / total;
    for (size_t c = 0; c < kMaxClasses; ++c) out->class_mass[c] += mass[c];
    for (int k = 0; k < kComparisons; ++k) {
      ByClass& of_level = out->mass[k][level[k]];
      for (size_t c = 0; c < kMaxClasses; ++c) of_level[c] += mass[c];
    }
  }
}

std::unique_ptr<Expectation> Expect(std::span<const PatternCount> counts, std::span<const PairClass> classes,
                                    const EmOptions& options) {
  const std::unique_ptr<LevelTable> logs = LogTables(classes);
  const size_t chunks = (counts.size() + kChunk - 1) / kChunk;
  std::vector<Expectation> parts(chunks);
  ParallelChunks(chunks, 1, options.threads, [&](size_t i, size_t, int) {
    ExpectChunk(counts.subspan(i * kChunk, std::min(kChunk, counts.size() - i * kChunk)),
                classes, *logs, options.blocked_only, &parts[i]);
  });
  auto total = std::make_unique<Expectation>();  // in chunk order: bit-equal for any thread count
  for (const Expectation& part : parts) total->Add(part);
  return total;
}

// Whether somebody moved says nothing of how the name is written: a comparison in which a class of
// matches starts as the main one does has one table for both.
bool SharesTable(std::span<const PairClass> start, const EmOptions& options, size_t class_number,
                 int comparison) {
  const PairClass &own = start[class_number], &main = start[options.main_match];
  return own.is_match && own.probability[comparison] == main.probability[comparison];
}

// What tells a class from the others is held firm, but for the class of most matches. Else a large class empties a
// small one (households the twins).
double PseudoShare(const EmOptions& options, std::span<const PairClass> start, size_t class_number,
                   int comparison) {
  if (class_number == options.free_class) return 0;
  if (SharesTable(start, options, class_number, comparison)) return options.pseudo_share;
  switch (static_cast<Comparison>(comparison)) {
    case Comparison::kFamilyName:
    case Comparison::kGivenName: return options.firm_share;
    case Comparison::kBirthDate: return options.birth_share;
    case Comparison::kCoverage: return options.firm_share / 2;
    default: return options.pseudo_share;
  }
}

// Cuts rare levels of a class to kMostRare times their start; the rest of their
// comparability group takes what is cut off. Chance does not become dozens of times likelier, but the
// records of one person of whom all but name and birth date have changed look like a class in
// which the given name agrees by chance, and would make it theirs.
constexpr double kRare = 0.05;
constexpr double kMostRare = 4;
void CutRareLevels(int comparison, const std::vector<double>& start, std::vector<double>* table) {
  const auto levels = Levels(comparison);
  std::vector<double> cut(GroupCount(comparison), 0), kept(GroupCount(comparison), 0);
  const auto is_rare = [&](size_t l) { return start[l] < kRare; };
  for (size_t l = 1; l < levels.size(); ++l) {
    if (!is_rare(l)) {
      kept[levels[l].group] += (*table)[l];
      continue;
    }
    const double most = kMostRare * start[l];
    cut[levels[l].group] += std::max(0.0, (*table)[l] - most);
    (*table)[l] = std::min((*table)[l], most);
  }
  for (size_t l = 1; l < levels.size(); ++l)
    if (const int group = levels[l].group; !is_rare(l) && cut[group] > 0)
      (*table)[l] *= 1 + cut[group] / kept[group];
}

// Mass by level of all classes that have this class's table.
std::array<double, kMaxLevels> MassOfTable(const Expectation& e, std::span<const PairClass> start,
                                           const EmOptions& options, size_t class_number,
                                           int comparison) {
  const bool shares = SharesTable(start, options, class_number, comparison);
  std::array<double, kMaxLevels> sum{};
  for (size_t c = 0; c < start.size(); ++c)
    if (shares ? SharesTable(start, options, c, comparison) : c == class_number)
      for (int l = 0; l < kMaxLevels; ++l) sum[l] += e.mass[comparison][l][c];
  return sum;
}

void Maximize(const Expectation& e, std::span<const PairClass> start, const EmOptions& options,
              std::vector<PairClass>* classes) {
  double total = 0;
  for (size_t c = 0; c < classes->size(); ++c) total += e.class_mass[c] + 1;
  for (size_t c = 0; c < classes->size(); ++c) {
    PairClass& pair_class = (*classes)[c];
    pair_class.share = (e.class_mass[c] + 1) / total;
    for (int k = 0; k < kComparisons; ++k) {
      const auto levels = Levels(k);
      const std::array<double, kMaxLevels> mass = MassOfTable(e, start, options, c, k);
      std::vector<double> group_mass(GroupCount(k), 0);
      for (size_t l = 1; l < levels.size(); ++l) group_mass[levels[l].group] += mass[l];
      for (size_t l = 1; l < levels.size(); ++l) {
        const double group = group_mass[levels[l].group];
        const double prior = options.pseudo_counts + PseudoShare(options, start, c, k) * group;
        pair_class.probability[k][l] =
            (mass[l] + prior * start[c].probability[k][l]) / (group + prior);
      }
      if (c != options.free_class && !SharesTable(start, options, c, k))
        CutRareLevels(k, start[c].probability[k], &pair_class.probability[k]);
    }
  }
}

}  // namespace

EmResult MaximizeExpectation(std::span<const PatternCount> counts,
                             std::span<const PairClass> start, const EmOptions& options) {
  EmResult result;
  result.classes.assign(start.begin(), start.end());
  double pairs = 0;
  for (const PatternCount& row : counts) pairs += row.count;
  if (pairs == 0) return result;
  if (options.telling_pairs > 0) pairs = options.telling_pairs;
  double last = -1e300;
  while (result.rounds < options.max_rounds && !result.converged) {
    const std::unique_ptr<Expectation> e = Expect(counts, result.classes, options);
    Maximize(*e, start, options, &result.classes);
    ++result.rounds;
    const double mean = e->log_likelihood / pairs;
    result.converged = std::abs(mean - last) < options.tolerance;
    last = mean;
  }
  result.log_likelihood = last / std::log(2.0);
  return result;
}

}  // namespace libmpi
