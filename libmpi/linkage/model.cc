// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/model.h"

#include <cmath>
#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

const PairClass* MatchClass(const Model& model) {
  for (const PairClass& c : model.classes)
    if (c.is_match) return &c;
  return nullptr;
}

// P(level | not a match): the classes of non-matches by their shares.
double UProbability(const Model& model, int comparison, int level) {
  double mass = 0, share = 0;
  for (const PairClass& c : model.classes) {
    if (c.is_match) continue;
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
  const PairClass* match = MatchClass(*this);
  if (match == nullptr) return "an empty model\n";
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
      const double m = match->probability[k][l], u = UProbability(*this, k, static_cast<int>(l));
      std::snprintf(line, sizeof line, "%-15s %-24s %10.6f %10.6f %8.2f\n",
                    std::string(ComparisonName(static_cast<Comparison>(k))).c_str(),
                    std::string(Levels(k)[l].name).c_str(), m, u, std::log2(m / u));
      text += line;
    }
  return text;
}

}  // namespace libmpi
