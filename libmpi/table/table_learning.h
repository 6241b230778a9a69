// SPDX-License-Identifier: Apache-2.0
// A table's model, learned without labels.
#ifndef LIBMPI_TABLE_TABLE_LEARNING_H_
#define LIBMPI_TABLE_TABLE_LEARNING_H_

#include <span>
#include <vector>

#include "libmpi/table/table_blocks.h"
#include "libmpi/table/table_comparator.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {

// Patterns of candidate pairs and of random pairs that no rule brings together, and what stands for all.
struct PatternSamples {
  std::vector<LevelCount> counts;   // scaled to all pairs
  double blocked_pairs = 0;
  double all_pairs = 0;
  double compared = 0;
  // Levels of random pairs, by comparison: how records agree by chance.
  std::vector<std::array<double, kMostLevels>> chance;
};

PatternSamples SamplePatterns(const Schema& schema, const Table& table, const TableBlocks& blocks,
                              const Comparisons& comparisons, uint64_t seed, int threads);

struct LearnedClasses {
  std::vector<LatentClass> classes;
  bool converged = false;
  double log2_likelihood = 0;  // a blocked pair
};

// EM twice: the second time chance is what the class of unrelated pairs showed, without the matches
// that random pairs of a small table hold.
LearnedClasses LearnClasses(const Schema& schema, const Comparisons& comparisons, const PatternSamples& samples,
                            int threads);

// The comparisons of kind Gap::kAuto whose gaps inform, by held-out likelihood, and those of Gap::kLevel.
std::vector<size_t> ChooseGaps(const Schema& schema, const Table& table, const TableBlocks& blocks, uint64_t seed,
                               int threads);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_LEARNING_H_
