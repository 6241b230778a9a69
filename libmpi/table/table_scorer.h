// SPDX-License-Identifier: Apache-2.0
// ComparisonSpec levels of a pair of a table to its match weight.
#ifndef LIBMPI_TABLE_TABLE_SCORER_H_
#define LIBMPI_TABLE_TABLE_SCORER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/table/table_comparator.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {

// How much rarer than usual each value of a table is, by the model's counts. Immutable.
class Rarity {
 public:
  Rarity(const TableModel& model, const Table& table);
  // Bits to add to classes in which agreement in a comparison is by chance: negative for rare
  // values. 0 where the level is no agreement, or the comparison does not ask.
  float Adjustment(size_t comparison, uint8_t level, uint32_t a, uint32_t b) const;

 private:
  const Schema* schema_;
  const Table* table_;
  std::vector<std::vector<float>> log2_share_;  // by comparison, value; empty: not asked
  std::vector<float> log2_chance_;
};

// Immutable but for its memory of patterns: one object a thread.
class TableScorer {
 public:
  // Borrowed.
  TableScorer(const TableModel* model, const Rarity* rarity);
  FixedWeight Score(const LevelTuple& levels, uint32_t a, uint32_t b);

  // How much a pair counts against a cluster that others speak for: its weight, but what two records
  // could not be compared by is not held against them. Never above `neutral` where the weight is not.
  FixedWeight ClusterWeight(const LevelTuple& levels, FixedWeight weight, FixedWeight neutral) const;

  // The parts of a weight, for explanations: log2 of each class's mass, share and frequency included.
  std::vector<float> ClassMasses(const LevelTuple& levels, uint32_t a, uint32_t b);
  FixedWeight Combine(std::span<const float> log2_mass) const;
  // Whether a class agrees in a comparison by chance alone, so that rare values speak against it.
  bool IsByChance(size_t pair_class, size_t comparison) const { return by_chance_[pair_class][comparison]; }

 private:
  static constexpr int kMostClasses = 16;
  using Masses = std::array<float, kMostClasses>;
  float InformationOf(size_t comparison) const;
  const Masses& MassesOf(const LevelTuple& levels);
  Masses Adjusted(const LevelTuple& levels, uint32_t a, uint32_t b);

  const TableModel* model_;
  const Rarity* rarity_;
  size_t comparisons_;
  float prior_ = 0;                 // bits of two random records
  std::vector<float> information_;  // share of what a match tells, by comparison; sums to 1
  std::vector<std::array<std::array<float, kMostLevels>, kMostComparisons>> log2_;
  std::vector<std::vector<bool>> by_chance_;  // by class, comparison
  absl::flat_hash_map<LevelTuple, Masses> memory_;
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_SCORER_H_
