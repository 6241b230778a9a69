// SPDX-License-Identifier: Apache-2.0
// Two records of a table to their comparison levels.
#ifndef LIBMPI_TABLE_TABLE_COMPARATOR_H_
#define LIBMPI_TABLE_TABLE_COMPARATOR_H_

#include <cstdint>
#include <vector>

#include "libmpi/linkage/latent_classes.h"
#include "libmpi/table/table.h"

namespace libmpi::table {

// Levels of a gap comparison: both say something, one does, neither.
enum GapLevel : uint8_t { kGapNone = 1, kGapOne = 2, kGapBoth = 3 };
inline constexpr size_t kGapLevels = 4;

// Bits that agreement in each field tells of two random records: minus log2 of how often it happens.
std::vector<double> FieldInformation(const Table& table);

// The comparisons of a run: those of the schema, then one for each gap that is looked at.
struct Comparisons {
  std::vector<size_t> gaps;                  // comparisons whose gaps are levels
  std::vector<std::vector<uint8_t>> groups;  // comparability group by comparison and level
  std::vector<double> information;           // bits that agreement in a field tells, by field
  Comparisons(const Schema& schema, std::vector<double> information_of_fields, std::vector<size_t> gap_comparisons = {});
  size_t size() const { return groups.size(); }
};

// One object a thread: it remembers levels of value pairs. About 0.1 to 1 microsecond a pair.
class TableComparator {
 public:
  // All borrowed.
  TableComparator(const Schema* schema, const Table* table, const Comparisons* comparisons);

  LevelTuple Compare(uint32_t a, uint32_t b);

 private:
  // Levels are remembered in a table of fixed size, the newest in its place.
  struct Memory {
    uint64_t pair = 0;
    uint8_t level = 0;
  };
  uint8_t CompareField(size_t field, ValueId a, ValueId b);
  uint8_t CompareJointly(const std::vector<size_t>& fields, uint32_t a, uint32_t b);
  bool Missing(size_t comparison, uint32_t record) const;
  void CompareSwapped(size_t k, size_t other, uint32_t a, uint32_t b, LevelTuple* levels);

  const Schema* schema_;
  const Table* table_;
  const Comparisons* comparisons_;
  std::vector<std::vector<Memory>> memory_;  // by field
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_COMPARATOR_H_
