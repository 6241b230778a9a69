// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/schema.h"

#include <array>
#include <set>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/latent_classes.h"
#include "libmpi/table/value.h"

namespace libmpi::table {
namespace {

constexpr std::array<std::string_view, kTransforms> kTransformNames = {
    "exact", "prefix3", "prefix5", "sound", "year", "month_day", "first_word", "longest_word"};

absl::Status Refuse(const std::string& what) { return absl::InvalidArgumentError("schema: " + what); }

// Whether names are there and unique.
template <typename Named>
absl::Status CheckNames(const std::vector<Named>& all, const std::string& what) {
  std::set<std::string> seen;
  for (const Named& one : all) {
    if (one.name.empty()) return Refuse(what + " without a name");
    if (!seen.insert(one.name).second) return Refuse(what + " '" + one.name + "' stands twice");
  }
  return absl::OkStatus();
}

absl::Status CheckField(const Field& field) {
  if (field.kind == Kind::kJoint)
    return Refuse("field '" + field.name + "': joint is no kind of field; give a comparison several fields");
  const size_t columns = field.columns.size();
  if (columns == 0) return Refuse("field '" + field.name + "' has no column");
  if (field.kind == Kind::kDate && columns != 1 && columns != 3)
    return Refuse("field '" + field.name + "': a date has one column, or three: year, month, day");
  if (field.kind == Kind::kPoint && columns > 2)
    return Refuse("field '" + field.name + "': a point has one column, or two: latitude, longitude");
  if (field.kind == Kind::kNumber && columns != 1) return Refuse("field '" + field.name + "': a number has one column");
  if (!(field.tolerance >= 0)) return Refuse("field '" + field.name + "': tolerance must not be negative");
  return absl::OkStatus();
}

absl::Status CheckComparisons(const Schema& schema) {
  const auto& all = schema.comparisons;
  if (all.empty()) return Refuse("no comparisons");
  size_t asked = all.size();
  for (const ComparisonSpec& c : all) asked += c.gap != Gap::kIgnore;
  if (asked > static_cast<size_t>(kMostComparisons))
    return Refuse("more than " + std::to_string(kMostComparisons) + " comparisons, gaps as levels included");
  for (const ComparisonSpec& c : all) {
    if (c.fields.empty()) return Refuse("comparison '" + c.name + "' has no field");
    for (size_t f : c.fields)
      if (f >= schema.fields.size()) return Refuse("comparison '" + c.name + "' is of no field");
  }
  for (size_t k = 0; k < all.size(); ++k) {
    if (!all[k].swapped_with) continue;
    const size_t other = *all[k].swapped_with;
    if (other >= all.size() || other == k || schema.KindOf(k) != Kind::kName || schema.KindOf(other) != Kind::kName)
      return Refuse("comparison '" + all[k].name + "': swapped_with is for two comparisons of names");
  }
  return absl::OkStatus();
}

absl::Status CheckClass(const Schema& schema, const ClassSpec& c) {
  const std::string place = "class '" + c.name + "'";
  if (!(c.share > 0 && c.share < 1)) return Refuse(place + ": share must lie between 0 and 1");
  const auto find = [&](const std::string& name) -> std::optional<size_t> {
    for (size_t k = 0; k < schema.comparisons.size(); ++k)
      if (schema.comparisons[k].name == name) return k;
    return std::nullopt;
  };
  for (const auto& [name, stance] : c.stances)
    if (!find(name)) return Refuse(place + ": no comparison '" + name + "'");
  for (const auto& [name, odds] : c.tables) {
    const auto k = find(name);
    if (!k) return Refuse(place + ": no comparison '" + name + "'");
    const Kind kind = schema.KindOf(*k);
    for (const auto& [level, value] : odds) {
      if (LevelByName(kind, level).value_or(0) == 0) return Refuse(place + ", " + name + ": no level '" + level + "'");
      if (!(value > 0)) return Refuse(place + ", " + name + ", " + level + ": odds must be positive");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClasses(const Schema& schema) {
  LIBMPI_RETURN_IF_ERROR(CheckNames(schema.classes, "class"));
  constexpr size_t kMostClasses = 16;
  if (schema.classes.size() > kMostClasses) return Refuse("more than 16 classes");
  int matches = 0, chances = 0;
  double shares = 0;
  for (const ClassSpec& c : schema.classes) {
    LIBMPI_RETURN_IF_ERROR(CheckClass(schema, c));
    matches += c.is_match;
    chances += !c.is_match && c.otherwise == Stance::kChance && c.stances.empty();
    shares += c.share;
  }
  if (matches == 0) return Refuse("no class of matches");
  if (chances != 1)
    return Refuse("one class must be of unrelated pairs: no match, all by chance; " + std::to_string(chances) + " are");
  if (shares > 1.001) return Refuse("the shares of the classes sum to more than 1");
  return absl::OkStatus();
}

absl::Status CheckBlocking(const Schema& schema) {
  for (const BlockingRule& rule : schema.blocking.rules) {
    if (rule.empty()) return Refuse("blocking: a rule without a term");
    for (const BlockingTerm& term : rule)
      if (term.field >= schema.fields.size() || !Applies(term.transform, schema.fields[term.field].kind))
        return Refuse("blocking: a term is of no field, or of a transform that its kind has not");
  }
  if (schema.blocking.rules.size() > 64) return Refuse("blocking: more than 64 rules");
  if (!(schema.blocking.pairs_a_record > 0)) return Refuse("blocking: pairs_a_record must be positive");
  if (schema.blocking.largest_block < 2) return Refuse("blocking: largest_block must be at least 2");
  return absl::OkStatus();
}

}  // namespace

std::string_view TransformName(Transform transform) { return kTransformNames[static_cast<int>(transform)]; }

std::optional<Transform> TransformByName(std::string_view name) {
  for (int t = 0; t < kTransforms; ++t)
    if (kTransformNames[t] == name) return static_cast<Transform>(t);
  return std::nullopt;
}

absl::Status Schema::Validate() const {
  if (fields.empty()) return Refuse("no fields");
  LIBMPI_RETURN_IF_ERROR(CheckNames(fields, "field"));
  for (const Field& field : fields) LIBMPI_RETURN_IF_ERROR(CheckField(field));
  LIBMPI_RETURN_IF_ERROR(CheckNames(comparisons, "comparison"));
  LIBMPI_RETURN_IF_ERROR(CheckComparisons(*this));
  LIBMPI_RETURN_IF_ERROR(CheckClasses(*this));
  return CheckBlocking(*this);
}

std::string Schema::RuleText(const BlockingRule& rule) const {
  std::string text;
  for (const BlockingTerm& term : rule) {
    if (!text.empty()) text += " + ";
    text += fields[term.field].name;
    if (term.transform != Transform::kExact) text += ":" + std::string(TransformName(term.transform));
  }
  return text;
}

}  // namespace libmpi::table
