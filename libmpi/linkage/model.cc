// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/model.h"

#include <cmath>
#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

// P(level | match) or P(level | not a match): the classes of one kind by their shares.
double LevelProbability(const Model& model, bool is_match, int comparison, int level) {
  double mass = 0, share = 0;
  for (const PairClass& c : model.classes) {
    if (c.is_match != is_match) continue;
    mass += c.share * c.probability[comparison][level];
    share += c.share;
  }
  return share > 0 ? mass / share : 0;
}

}  // namespace

const Model& Model::Default() {
  static const Model* const model = [] {
    auto parsed = FromJson(EmbeddedTable("default_model.json"));
    return new Model(parsed.ok() ? *std::move(parsed) : Model());
  }();
  return *model;
}

std::string Model::Describe() const {
  if (classes.empty()) return "an empty model\n";
  char line[160];
  std::string text;
  std::snprintf(line, sizeof line, "model of %llu records, about %llu persons, %llu candidate pairs\n",
                static_cast<unsigned long long>(records), static_cast<unsigned long long>(persons),
                static_cast<unsigned long long>(training_pairs));
  text += line;
  for (const PairClass& c : classes) {
    std::snprintf(line, sizeof line, "  class %-14s share %.6f\n", c.name.c_str(), c.share);
    text += line;
  }
  std::snprintf(line, sizeof line, "%-15s %-24s %10s %10s %8s\n", "comparison", "level", "m", "u",
                "weight");
  text += line;
  for (int k = 0; k < kComparisons; ++k)
    for (size_t l = 1; l < Levels(k).size(); ++l) {
      const int level = static_cast<int>(l);
      const double m = LevelProbability(*this, true, k, level);
      const double u = LevelProbability(*this, false, k, level);
      std::snprintf(line, sizeof line, "%-15s %-24s %10.6f %10.6f %8.2f\n",
                    std::string(ComparisonName(static_cast<Comparison>(k))).c_str(),
                    std::string(Levels(k)[l].name).c_str(), m, u, std::log2(m / u));
      text += line;
    }
  return text;
}

}  // namespace libmpi
