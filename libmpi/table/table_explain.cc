// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_explain.h"

#include <cmath>


namespace libmpi::table {
namespace {

// The largest mass among the matches, or among the others.
size_t Leading(const TableModel& model, const std::vector<float>& masses, bool is_match) {
  size_t leading = SIZE_MAX;
  for (size_t c = 0; c < masses.size(); ++c)
    if (model.schema.classes[c].is_match == is_match && (leading == SIZE_MAX || masses[c] > masses[leading])) leading = c;
  return leading;
}

std::string ValueText(const Schema& schema, const Table& table, const ComparisonSpec& comparison, uint32_t record) {
  std::string text;
  for (size_t f : comparison.fields) {
    const Value& value = table.column(f).values[table.column(f).id[record]];
    std::string part = value.text;
    if (schema.fields[f].kind == Kind::kDate && table.column(f).id[record] != 0) {
      char date[16];
      std::snprintf(date, sizeof date, "%04d-%02d-%02d", value.date.year, value.date.month, value.date.day);
      part = date;
    }
    if (schema.fields[f].kind == Kind::kNumber || schema.fields[f].kind == Kind::kPoint) {
      part = table.column(f).id[record] == 0 ? "" : std::to_string(value.x);
      if (schema.fields[f].kind == Kind::kPoint && !part.empty()) part += " " + std::to_string(value.y);
    }
    for (const std::string& item : value.items) part += (part.empty() ? "" : "; ") + item;
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

double Log2Ratio(const TableModel& model, size_t match, size_t rival, size_t k, uint8_t l) {
  return std::log2(model.classes[match].probability[k][l] / model.classes[rival].probability[k][l]);
}

}  // namespace

TablePairExplainer::TablePairExplainer(const TableModel& model, const Table& table)
    : model_(model), table_(table), comparisons_(model.schema, model.information, model.gaps), rarity_(model, table),
      keys_(model.schema, table, model.rules) {}

Explanation TablePairExplainer::Explain(uint32_t a, uint32_t b) const {
  const TableModel& model = model_;
  const Table& table = table_;
  const Comparisons& comparisons = comparisons_;
  const Schema& schema = model.schema;
  TableScorer scorer(&model, &rarity_);
  const LevelTuple levels = TableComparator(&schema, &table, &comparisons).Compare(a, b);
  const std::vector<float> masses = scorer.ClassMasses(levels, a, b);
  const size_t match = Leading(model, masses, true), rival = Leading(model, masses, false);
  Explanation out;
  out.weight = scorer.Combine(masses);
  out.match_class = schema.classes[match].name;
  out.rival_class = schema.classes[rival].name;
  out.prior_weight = std::log2(model.classes[match].share / model.classes[rival].share);
  double sum = out.prior_weight;
  for (size_t k = 0; k < comparisons.size(); ++k) {
    const bool is_gap = k >= schema.comparisons.size();
    const size_t of = is_gap ? model.gaps[k - schema.comparisons.size()] : k;
    if (levels[k] == level::kMissing) continue;
    Explanation::Bar bar;
    bar.comparison = schema.comparisons[of].name + (is_gap ? " gap" : "");
    constexpr const char* kGapNames[] = {"", "none", "one", "both"};
    bar.level = is_gap ? kGapNames[levels[k]] : std::string(LevelsOf(schema.KindOf(k))[levels[k]].name);
    bar.m = model.classes[match].probability[k][levels[k]];
    bar.u = model.classes[rival].probability[k][levels[k]];
    bar.weight = Log2Ratio(model, match, rival, k, levels[k]);
    if (!is_gap) {
      bar.value_a = ValueText(schema, table, schema.comparisons[k], a);
      bar.value_b = ValueText(schema, table, schema.comparisons[k], b);
      if (scorer.IsByChance(rival, k)) bar.frequency_weight = -rarity_.Adjustment(k, levels[k], a, b);
    }
    sum += bar.weight + bar.frequency_weight;
    out.bars.push_back(std::move(bar));
  }
  out.other_classes_weight = WeightBits(out.weight) - sum;
  for (const BlockingRule& rule : model.rules)
    if (const uint64_t key = keys_.KeyOf(rule, a); key != 0 && key == keys_.KeyOf(rule, b))
      out.rules_unless_common.push_back(schema.RuleText(rule));
  return out;
}

}  // namespace libmpi::table
