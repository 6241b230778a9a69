// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_scorer.h"

#include <algorithm>
#include <cmath>

namespace libmpi::table {
namespace {

constexpr float kMostBits = 8;
// A near match on a rare value is rare, too, but of all that is near it only one is it.
constexpr float kNearStrength = 0.5f;

bool IsNear(Kind kind, uint8_t l) {
  switch (kind) {
    case Kind::kName: return l >= level::kNameAlike && l <= level::kNameSwapped;
    case Kind::kText: return l == level::kTextNear || l == level::kTextClose;
    case Kind::kCode: return l == level::kCodeSlip;
    case Kind::kJapaneseName: return l == level::kJapaneseLoose || l == level::kJapaneseNear;
    default: return false;
  }
}

Stance StanceOf(const ClassSpec& c, const ComparisonSpec& comparison) {
  const auto found = c.stances.find(comparison.name);
  return found == c.stances.end() ? c.otherwise : found->second;
}

}  // namespace

Rarity::Rarity(const TableModel& model, const Table& table) : schema_(&model.schema), table_(&table) {
  const size_t n = schema_->comparisons.size();
  log2_share_.resize(n);
  log2_chance_.assign(n, 0);
  for (size_t k = 0; k < n; ++k) {
    const ComparisonSpec& comparison = schema_->comparisons[k];
    if (!comparison.frequency || comparison.fields.size() != 1) continue;
    const ValueShares& shares = model.values[comparison.fields[0]];
    if (shares.records == 0) continue;
    uint64_t squares = 0;  // whole numbers: the table has no order
    for (const auto& [hash, count] : shares.count) squares += uint64_t{count} * count;
    log2_chance_[k] = static_cast<float>(std::log2(static_cast<double>(squares) / shares.records / shares.records));
    for (const Value& value : table.column(comparison.fields[0]).values) {
      const auto found = shares.count.find(ValueHash(value));
      // Two records bear what agrees, whatever was counted.
      const double count = std::max(2.0, found == shares.count.end() ? 0.0 : found->second);
      log2_share_[k].push_back(static_cast<float>(std::log2(std::min(1.0, count / shares.records))));
    }
  }
}

float Rarity::Adjustment(size_t k, uint8_t l, uint32_t a, uint32_t b) const {
  if (log2_share_[k].empty() || l == level::kMissing) return 0;
  const Kind kind = schema_->KindOf(k);
  const bool near = IsNear(kind, l);
  if (l != level::kEqual && !near) return 0;
  const std::vector<ValueId>& id = table_->column(schema_->comparisons[k].fields[0]).id;
  const float share = std::max(log2_share_[k][id[a]], log2_share_[k][id[b]]);
  return std::clamp((near ? kNearStrength : 1.0f) * (share - log2_chance_[k]), -kMostBits, kMostBits);
}

TableScorer::TableScorer(const TableModel* model, const Rarity* rarity)
    : model_(model), rarity_(rarity), comparisons_(model->schema.comparisons.size() + model->gaps.size()) {
  for (size_t c = 0; c < model->classes.size(); ++c) {
    auto& logs = log2_.emplace_back();
    for (size_t k = 0; k < comparisons_; ++k)
      for (int l = 0; l < kMostLevels; ++l)
        logs[k][l] = l == 0 ? 0 : static_cast<float>(std::log2(std::max(model->classes[c].probability[k][l], 1e-30)));
    by_chance_.emplace_back();
    for (const ComparisonSpec& comparison : model->schema.comparisons)
      by_chance_.back().push_back(!model->schema.classes[c].is_match &&
                                  StanceOf(model->schema.classes[c], comparison) == Stance::kChance);
  }
  prior_ = WeightBits(Combine(MassesOf({})));
  float all = 0;
  for (size_t k = 0; k < model->schema.comparisons.size(); ++k) all += information_.emplace_back(InformationOf(k));
  for (float& bits : information_) bits /= std::max(all, 1e-6f);
}

// How many bits a comparison tells of a match on average, against all other pairs.
float TableScorer::InformationOf(size_t k) const {
  float bits = 0;
  std::array<double, kMostLevels> match = {}, other = {};
  for (size_t c = 0; c < model_->classes.size(); ++c)
    for (int l = 1; l < kMostLevels; ++l)
      (model_->schema.classes[c].is_match ? match : other)[l] +=
          model_->classes[c].share * model_->classes[c].probability[k][l];
  double matches = 0, others = 0;
  for (int l = 1; l < kMostLevels; ++l) matches += match[l], others += other[l];
  for (int l = 1; l < kMostLevels; ++l)
    if (match[l] > 0 && other[l] > 0)
      bits += static_cast<float>(match[l] / matches * std::log2(match[l] / matches * others / other[l]));
  return std::max(bits, 0.0f);
}

const TableScorer::Masses& TableScorer::MassesOf(const LevelTuple& levels) {
  const auto [it, fresh] = memory_.try_emplace(levels);
  if (!fresh) return it->second;
  for (size_t c = 0; c < model_->classes.size(); ++c) {
    float sum = static_cast<float>(std::log2(model_->classes[c].share));
    for (size_t k = 0; k < comparisons_; ++k) sum += log2_[c][k][levels[k]];
    it->second[c] = sum;
  }
  return it->second;
}

TableScorer::Masses TableScorer::Adjusted(const LevelTuple& levels, uint32_t a, uint32_t b) {
  Masses masses = MassesOf(levels);
  for (size_t k = 0; k < model_->schema.comparisons.size(); ++k) {
    const float bits = rarity_->Adjustment(k, levels[k], a, b);
    if (bits == 0) continue;
    for (size_t c = 0; c < model_->classes.size(); ++c)
      if (by_chance_[c][k]) masses[c] += bits;
  }
  return masses;
}

FixedWeight TableScorer::ClusterWeight(const LevelTuple& levels, FixedWeight weight, FixedWeight neutral) const {
  if (weight >= neutral) return weight;
  float told = 0;
  for (size_t k = 0; k < information_.size(); ++k)
    if (levels[k] != level::kMissing) told += information_[k];
  const FixedWeight untold = ToFixedWeight(-prior_ * (1 - told));
  return std::min(neutral, weight + std::max(untold, 0));
}

namespace {

// log2 of a sum of powers of two.
template <typename Masses, typename Take>
float Log2Sum(const Masses& masses, size_t n, const Take& take) {
  float top = -1e30f;
  for (size_t c = 0; c < n; ++c)
    if (take(c)) top = std::max(top, masses[c]);
  float sum = 0;
  for (size_t c = 0; c < n; ++c)
    if (take(c)) sum += std::exp2(masses[c] - top);
  return top + std::log2(sum);
}

}  // namespace

FixedWeight TableScorer::Combine(std::span<const float> masses) const {
  const auto& classes = model_->schema.classes;
  const float match = Log2Sum(masses, classes.size(), [&](size_t c) { return classes[c].is_match; });
  const float others = Log2Sum(masses, classes.size(), [&](size_t c) { return !classes[c].is_match; });
  return ToFixedWeight(match - others);
}

FixedWeight TableScorer::Score(const LevelTuple& levels, uint32_t a, uint32_t b) {
  return Combine(Adjusted(levels, a, b));
}

std::vector<float> TableScorer::ClassMasses(const LevelTuple& levels, uint32_t a, uint32_t b) {
  const Masses masses = Adjusted(levels, a, b);
  return {masses.begin(), masses.begin() + static_cast<long>(model_->classes.size())};
}

}  // namespace libmpi::table
