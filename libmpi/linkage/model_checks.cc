// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/model_checks.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/starting_tables.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Hand-edited decimals may be cut short; a forgotten edit moves a sum by more.
constexpr double kSumTolerance = 1e-6;

// A weight that falls where evidence grows, or moves by more than labels could ever show, is a slip.
absl::Status CheckCalibration(const Calibration& c) {
  if (!(std::abs(c.intercept) <= 20) || !(c.slope > 0 && c.slope <= 5) || !(c.low <= c.high) ||
      !(std::abs(c.low) <= 100) || !(std::abs(c.high) <= 100))
    return RefuseModel("calibration: the intercept must be within 20 bits of 0, the slope above 0 and at "
                       "most 5, low at most high");
  return absl::OkStatus();
}

absl::Status CheckCounts(const Model& model) {
  for (const auto& [key, count] : {std::pair{"records", model.records}, {"persons", model.persons},
                                   {"training_pairs", model.training_pairs}})
    if (count > kMostCounted)
      return RefuseModel(std::string(key) + " is beyond " + std::to_string(kMostCounted));
  if (model.persons > model.records) return RefuseModel("persons must not be more than records");
  if (!(model.frequency_strength >= 0 && model.frequency_strength <= 1))
    return RefuseModel("frequency_strength must lie between 0 and 1");
  return absl::OkStatus();
}

absl::Status CheckTable(const PairClass& c, int k, const std::string& place) {
  const std::string where = place + ", " + std::string(ComparisonName(static_cast<Comparison>(k)));
  const std::vector<double>& table = c.probability[k];
  if (table.size() != Levels(k).size())
    return RefuseModel(where + " has " + std::to_string(table.size()) + " of " +
                       std::to_string(Levels(k).size()) + " levels");
  std::vector<double> sum(GroupCount(k), 0);
  for (size_t l = 1; l < table.size(); ++l) {
    if (!(table[l] > 0 && table[l] <= 1))
      return RefuseModel(where + ", " + std::string(Levels(k)[l].name) + " must lie in (0, 1]");
    sum[Levels(k)[l].group] += table[l];
  }
  for (size_t l = 1; l < table.size(); ++l)
    if (const double total = sum[Levels(k)[l].group]; std::abs(total - 1) > kSumTolerance)
      return RefuseModel(where + ": the probabilities of the group of " + std::string(Levels(k)[l].name) +
                         " sum to " + std::to_string(total) + "; they must sum to 1");
  return absl::OkStatus();
}

absl::Status CheckClass(const PairClass& c, size_t index) {
  const std::string place = ClassPlace(index, c.name);
  if (c.name.empty()) return RefuseModel(place + " has no name");
  if (!(c.share > 0 && c.share < 1)) return RefuseModel(place + ": share must lie between 0 and 1");
  // A match agrees because it is one person, not by chance.
  if (c.is_match && (c.family_by_chance || c.given_by_chance))
    return RefuseModel(place + ": " + (c.family_by_chance ? "family_by_chance" : "given_by_chance") +
                       " must be false for the class of matches");
  if (c.probability.size() != kComparisons)
    return RefuseModel(place + " has " + std::to_string(c.probability.size()) + " of " +
                       std::to_string(kComparisons) + " comparisons");
  for (int k = 0; k < kComparisons; ++k) LIBMPI_RETURN_IF_ERROR(CheckTable(c, k, place));
  return absl::OkStatus();
}

absl::Status CheckClasses(const std::vector<PairClass>& classes) {
  if (classes.empty()) return RefuseModel("classes is empty; an untrained model cannot be used");
  if (classes.size() > kMostClasses)
    return RefuseModel("more than " + std::to_string(kMostClasses) + " classes");
  const auto matches = std::count_if(classes.begin(), classes.end(),
                                     [](const PairClass& c) { return c.is_match; });
  if (matches == 0) return RefuseModel("no class has is_match");
  std::set<std::string> names;
  double shares = 0;
  for (size_t i = 0; i < classes.size(); ++i) {
    LIBMPI_RETURN_IF_ERROR(CheckClass(classes[i], i));
    if (!names.insert(classes[i].name).second)
      return RefuseModel(ClassPlace(i, classes[i].name) + ": another class has this name");
    shares += classes[i].share;
  }
  if (matches == static_cast<std::ptrdiff_t>(classes.size()))
    return RefuseModel("there is no class of non-matches");
  if (std::abs(shares - 1) > kSumTolerance)
    return RefuseModel("the shares of the classes sum to " + std::to_string(shares) + "; they must sum to 1");
  return absl::OkStatus();
}

}  // namespace

absl::Status RefuseModel(const std::string& reason) { return absl::InvalidArgumentError("model: " + reason); }

std::string ClassPlace(size_t index, std::string_view name) {
  std::string place = "classes[" + std::to_string(index) + "]";
  if (!name.empty()) place += " (" + std::string(name.substr(0, 40)) + ")";
  return place;
}

absl::Status CheckModelVersions(const Model& model) {
  if (model.version != Model::kVersion)
    return RefuseModel("version " + std::to_string(model.version) + " is not " +
                       std::to_string(Model::kVersion) + "; train it again with this version (nayose train)");
  // Other tables fold names into other texts: the counts of names would speak of other names.
  if (model.tables_version != FoldTablesVersion())
    return RefuseModel("tables_version is '" + model.tables_version.substr(0, 40) + "', this build's is '" +
                       std::string(FoldTablesVersion()) +
                       "': names are folded differently since; train it again with this version "
                       "(nayose train)");
  return absl::OkStatus();
}

absl::Status Model::Validate() const {
  LIBMPI_RETURN_IF_ERROR(CheckModelVersions(*this));
  LIBMPI_RETURN_IF_ERROR(CheckCounts(*this));
  if (calibration) LIBMPI_RETURN_IF_ERROR(CheckCalibration(*calibration));
  return CheckClasses(classes);
}

}  // namespace libmpi
