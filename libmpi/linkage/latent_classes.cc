// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/latent_classes.h"

#include <algorithm>
#include <cmath>

#include "libmpi/base/parallel.h"

namespace libmpi {
namespace {

constexpr size_t kChunk = 2048;
constexpr double kImpossible = -1e300;  // as a logarithm

using LevelMass = std::array<std::array<double, kMostLevels>, kMostComparisons>;

struct Expectation {
  std::vector<LevelMass> mass;  // by class
  std::vector<double> class_mass;
  double log_likelihood = 0;

  explicit Expectation(size_t classes) : mass(classes, LevelMass{}), class_mass(classes, 0) {}
  void Add(const Expectation& other, size_t comparisons) {
    for (size_t c = 0; c < mass.size(); ++c) {
      class_mass[c] += other.class_mass[c];
      for (size_t k = 0; k < comparisons; ++k)
        for (int l = 0; l < kMostLevels; ++l) mass[c][k][l] += other.mass[c][k][l];
    }
    log_likelihood += other.log_likelihood;
  }
};

std::vector<LevelMass> LogTables(std::span<const LatentClass> classes, size_t comparisons) {
  std::vector<LevelMass> logs(classes.size(), LevelMass{});
  for (size_t c = 0; c < classes.size(); ++c)
    for (size_t k = 0; k < comparisons; ++k)
      for (int l = 1; l < kMostLevels; ++l)
        logs[c][k][l] = std::log(std::max(classes[c].probability[k][l], 1e-300));
  return logs;
}

void ExpectChunk(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                 std::span<const LatentClass> classes, const std::vector<LevelMass>& logs,
                 size_t comparisons, Expectation* out) {
  const size_t n = classes.size();
  std::vector<double> posterior(n), log_share(n);
  for (size_t c = 0; c < n; ++c) log_share[c] = std::log(std::max(classes[c].share, 1e-300));
  for (const LevelCount& row : counts) {
    double top = kImpossible;
    for (size_t c = 0; c < n; ++c) {
      posterior[c] = kImpossible;
      if (!row.blocked && priors[c].blocked_only) continue;
      double sum = log_share[c];
      for (size_t k = 0; k < comparisons; ++k) sum += logs[c][k][row.levels[k]];
      posterior[c] = sum;
      top = std::max(top, sum);
    }
    double total = 0;
    for (double& p : posterior) total += p = std::exp(p - top);
    out->log_likelihood += row.count * (top + std::log(total));
    for (size_t c = 0; c < n; ++c) {
      const double mass = row.count * posterior[c] / total;
      out->class_mass[c] += mass;
      for (size_t k = 0; k < comparisons; ++k) out->mass[c][k][row.levels[k]] += mass;
    }
  }
}

Expectation Expect(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                   std::span<const LatentClass> classes, size_t comparisons, int threads) {
  const std::vector<LevelMass> logs = LogTables(classes, comparisons);
  const size_t chunks = (counts.size() + kChunk - 1) / kChunk;
  std::vector<Expectation> parts(chunks, Expectation(classes.size()));
  ParallelChunks(chunks, 1, threads, [&](size_t i, size_t, int) {
    ExpectChunk(counts.subspan(i * kChunk, std::min(kChunk, counts.size() - i * kChunk)), priors, classes,
                logs, comparisons, &parts[i]);
  });
  Expectation total(classes.size());  // in chunk order: bit-equal for any thread count
  for (const Expectation& part : parts) total.Add(part, comparisons);
  return total;
}

void MaximizeComparison(const std::vector<uint8_t>& groups, const std::array<double, kMostLevels>& mass,
                        const std::array<double, kMostLevels>& start, double pseudo_counts, double firmness,
                        std::array<double, kMostLevels>* table) {
  std::array<double, kMostLevels> group_mass = {};
  for (size_t l = 1; l < groups.size(); ++l) group_mass[groups[l]] += mass[l];
  for (size_t l = 1; l < groups.size(); ++l) {
    const double group = group_mass[groups[l]];
    const double prior = pseudo_counts + firmness * group;
    (*table)[l] = (mass[l] + prior * start[l]) / (group + prior);
  }
}

}  // namespace

LatentClasses FitLatentClasses(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                               std::span<const std::vector<uint8_t>> groups, const LatentClassOptions& options) {
  LatentClasses fit;
  double pairs = 0;
  for (const LevelCount& row : counts) pairs += row.count;
  for (const ClassPrior& prior : priors) fit.classes.push_back(prior.start);
  if (pairs == 0) return fit;
  const double telling = options.telling_pairs > 0 ? options.telling_pairs : pairs;
  double last = kImpossible;
  while (fit.rounds < options.max_rounds && !fit.converged) {
    const Expectation e = Expect(counts, priors, fit.classes, groups.size(), options.threads);
    double total = 0;
    for (double mass : e.class_mass) total += mass + 1;
    for (size_t c = 0; c < fit.classes.size(); ++c) {
      fit.classes[c].share = (e.class_mass[c] + 1) / total;
      for (size_t k = 0; k < groups.size(); ++k)
        MaximizeComparison(groups[k], e.mass[c][k], priors[c].start.probability[k], options.pseudo_counts,
                           priors[c].firmness[k], &fit.classes[c].probability[k]);
    }
    ++fit.rounds;
    fit.converged = std::abs(e.log_likelihood - last) < options.tolerance * telling;
    last = e.log_likelihood;
  }
  fit.log_likelihood = last;
  return fit;
}

double LogLikelihoodOf(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                       std::span<const LatentClass> classes, size_t comparisons) {
  return Expect(counts, priors, classes, comparisons, 1).log_likelihood;
}

}  // namespace libmpi
