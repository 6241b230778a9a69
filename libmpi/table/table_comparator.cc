// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_comparator.h"

#include <algorithm>
#include <cmath>

#include "libmpi/base/hash.h"

namespace libmpi::table {
namespace {

constexpr size_t kMemory = 1 << 14;

double InformationOf(const Column& column) {
  double all = 0, squares = 0;
  for (size_t id = 1; id < column.count.size(); ++id) all += column.count[id];
  if (all == 0) return 0;
  for (size_t id = 1; id < column.count.size(); ++id) squares += (column.count[id] / all) * (column.count[id] / all);
  return -std::log2(squares);
}

// Dates may be partial, names one letter: equal ones are no full agreement.
bool IsEqualToItself(Kind kind) { return kind != Kind::kDate && kind != Kind::kName; }

bool IsRemembered(Kind kind) {
  return kind == Kind::kName || kind == Kind::kText || kind == Kind::kJapaneseName || kind == Kind::kList;
}

}  // namespace

std::vector<double> FieldInformation(const Table& table) {
  std::vector<double> bits;
  for (size_t f = 0; f < table.fields(); ++f) bits.push_back(InformationOf(table.column(f)));
  return bits;
}

Comparisons::Comparisons(const Schema& schema, std::vector<double> information_of_fields,
                         std::vector<size_t> gap_comparisons)
    : gaps(std::move(gap_comparisons)), information(std::move(information_of_fields)) {
  for (size_t k = 0; k < schema.comparisons.size(); ++k) {
    groups.emplace_back();
    for (const Level& level : LevelsOf(schema.KindOf(k))) groups.back().push_back(level.group);
  }
  for (size_t i = 0; i < gaps.size(); ++i) groups.push_back({0, 1, 1, 1});
}

TableComparator::TableComparator(const Schema* schema, const Table* table, const Comparisons* comparisons)
    : schema_(schema), table_(table), comparisons_(comparisons) {
  for (const Field& field : schema->fields) memory_.emplace_back(IsRemembered(field.kind) ? kMemory : 0);
}

uint8_t TableComparator::CompareField(size_t field, ValueId a, ValueId b) {
  if (a == 0 || b == 0) return level::kMissing;
  const Column& column = table_->column(field);
  const auto compare = [&] { return CompareValues(schema_->fields[field], column.values[a], column.values[b]); };
  if (a == b && IsEqualToItself(schema_->fields[field].kind)) return level::kEqual;
  std::vector<Memory>& memory = memory_[field];
  if (memory.empty()) return compare();
  const uint64_t pair = uint64_t{std::min(a, b)} << 32 | std::max(a, b);
  Memory& cell = memory[MixBits(pair) % kMemory];
  if (cell.pair != pair) cell = {pair, compare()};
  return cell.level;
}

uint8_t TableComparator::CompareJointly(const std::vector<size_t>& fields, uint32_t a, uint32_t b) {
  double told = 0, agreed = 0, all = 0;
  for (size_t f : fields) {
    const double bits = comparisons_->information[f];
    all += bits;
    const uint8_t l = CompareField(f, table_->column(f).id[a], table_->column(f).id[b]);
    if (l == level::kMissing) continue;
    told += bits;
    agreed += bits * Agreement(schema_->fields[f].kind, l);
  }
  // What is left where most is missing tells too little to be compared with the rest.
  constexpr double kLeastTold = 0.3;
  if (told < kLeastTold * all || told == 0) return level::kMissing;
  const double share = agreed / told;
  if (share >= 0.97) return level::kEqual;
  if (share >= 0.75) return level::kJointMost;
  if (share >= 0.5) return level::kJointHalf;
  return share >= 0.2 ? level::kJointSome : level::kJointDifferent;
}

bool TableComparator::Missing(size_t comparison, uint32_t record) const {
  for (size_t f : schema_->comparisons[comparison].fields)
    if (table_->column(f).id[record] != 0) return false;
  return true;
}

void TableComparator::CompareSwapped(size_t k, size_t other, uint32_t a, uint32_t b, LevelTuple* levels) {
  const auto poor = [](uint8_t l) { return l == level::kNameDifferent || l == level::kMissing; };
  if (!poor((*levels)[k]) || !poor((*levels)[other])) return;
  const auto text = [&](size_t comparison, uint32_t record) -> std::string_view {
    const Column& column = table_->column(schema_->comparisons[comparison].fields[0]);
    return column.values[column.id[record]].text;
  };
  const auto crossed = [&](std::string_view x, std::string_view y) { return !x.empty() && x == y; };
  const std::string_view first_a = text(k, a), last_a = text(other, a), first_b = text(k, b), last_b = text(other, b);
  const bool one = crossed(first_a, last_b), two = crossed(last_a, first_b);
  if (!one && !two) return;
  // Where one part is missing, the other alone must cross.
  const bool whole = !first_a.empty() && !last_a.empty() && !first_b.empty() && !last_b.empty();
  if (whole && !(one && two)) return;
  // What could not be compared stays so: one crossing is one agreement.
  for (size_t part : {k, other})
    if ((*levels)[part] != level::kMissing) (*levels)[part] = level::kNameSwapped;
}

LevelTuple TableComparator::Compare(uint32_t a, uint32_t b) {
  LevelTuple levels = {};
  const size_t n = schema_->comparisons.size();
  for (size_t k = 0; k < n; ++k) {
    const std::vector<size_t>& fields = schema_->comparisons[k].fields;
    const Column& column = table_->column(fields[0]);
    levels[k] = fields.size() == 1 ? CompareField(fields[0], column.id[a], column.id[b])
                                   : CompareJointly(fields, a, b);
  }
  for (size_t k = 0; k < n; ++k)
    if (const auto& other = schema_->comparisons[k].swapped_with) CompareSwapped(k, *other, a, b, &levels);
  for (size_t i = 0; i < comparisons_->gaps.size(); ++i) {
    const int missing = Missing(comparisons_->gaps[i], a) + Missing(comparisons_->gaps[i], b);
    levels[n + i] = static_cast<uint8_t>(kGapNone + missing);
  }
  return levels;
}

}  // namespace libmpi::table
