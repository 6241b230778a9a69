// SPDX-License-Identifier: Apache-2.0
// A latent class model over comparison levels, of any schema: EM over pattern counts.
#ifndef LIBMPI_LINKAGE_LATENT_CLASSES_H_
#define LIBMPI_LINKAGE_LATENT_CLASSES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace libmpi {

inline constexpr int kMostComparisons = 24;
inline constexpr int kMostLevels = 16;

// Levels by comparison; 0: could not be compared.
using LevelTuple = std::array<uint8_t, kMostComparisons>;

struct LevelCount {
  LevelTuple levels = {};
  double count = 0;     // of pairs; estimated where only a sample was compared
  bool blocked = true;  // of candidate pairs, or of those that no blocking rule brings together
};

// One class: how large it is, and how its pairs agree.
struct LatentClass {
  double share = 0;
  // By comparison and level; each comparability group sums to 1, level 0 holds 1.
  std::array<std::array<double, kMostLevels>, kMostComparisons> probability = {};
};

// What holds a class to its meaning.
struct ClassPrior {
  LatentClass start;
  // By comparison: what share of its own mass the start weighs, beside `pseudo_counts`
  // (design "Comparing" 8). 0: the data alone tell.
  std::array<double, kMostComparisons> firmness = {};
  bool blocked_only = false;  // no pair that blocking misses is of it
};

struct LatentClassOptions {
  double pseudo_counts = 50;  // of the start, a comparability group
  int max_rounds = 300;
  double tolerance = 1e-5;    // change of the log likelihood a round, by `telling_pairs`
  double telling_pairs = 0;   // 0: all of them
  int threads = 1;
};

struct LatentClasses {
  std::vector<LatentClass> classes;
  int rounds = 0;
  bool converged = false;
  double log_likelihood = 0;  // of all pairs, natural
};

// Maximum a posteriori by EM (Dempster, Laird and Rubin 1977), classes independent over comparisons,
// levels normalised within their comparability group. `groups[k][l]` tells the group of level l of
// comparison k (0: missing, no evidence). Deterministic: bit-equal for any number of threads.
// O(rounds * rows * classes * comparisons).
LatentClasses FitLatentClasses(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                               std::span<const std::vector<uint8_t>> groups, const LatentClassOptions& options);

// The log likelihood (natural, all pairs) of counts under fitted classes.
double LogLikelihoodOf(std::span<const LevelCount> counts, std::span<const ClassPrior> priors,
                       std::span<const LatentClass> classes, size_t comparisons);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LATENT_CLASSES_H_
