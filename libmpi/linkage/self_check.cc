// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/self_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libmpi/linkage/review.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

std::string Format(const char* format, double a, double b) {
  char text[256];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
}

// Exact agreement must never weigh less than open disagreement.
void CheckMonotone(const Model& model, SelfCheck* check) {
  const PairClass* match = nullptr;
  const PairClass* unrelated = nullptr;
  for (const PairClass& c : model.classes) {
    const PairClass** first = c.is_match ? &match : &unrelated;
    if (*first == nullptr) *first = &c;
  }
  if (match == nullptr || unrelated == nullptr) return;
  // Card, phone and address are keys of blocking by themselves, so that unrelated
  // candidate pairs agree on them more than their share: not judged here.
  for (Comparison comparison : {Comparison::kFamilyName, Comparison::kGivenName,
                                Comparison::kBirthDate, Comparison::kSex}) {
    const int k = static_cast<int>(comparison);
    const auto levels = Levels(k);
    for (size_t first = 1, last; first < levels.size(); first = last + 1) {
      last = first;
      while (last + 1 < levels.size() && levels[last + 1].group == levels[first].group) ++last;
      const double best = match->probability[k][first] / unrelated->probability[k][first];
      const double worst = match->probability[k][last] / unrelated->probability[k][last];
      if (best > worst) continue;
      check->confident = false;
      check->warnings.push_back(
          "weights of " + std::string(ComparisonName(static_cast<Comparison>(k))) +
          " are not monotone: '" + std::string(levels[first].name) + "' counts for less than '" +
          std::string(levels[last].name) + "'; look at the column with nayose profile");
    }
  }
}

}  // namespace

std::string FindMeaningDrift(std::span<const PairClass> learned,
                             std::span<const PairClass> start) {
  // Where a class is told by agreement or disagreement, more than half of its mass must stay there.
  // The first group (both scripts, full dates, land lines) is the one with the most data; small
  // groups move more, and rightly.
  constexpr double kKept = 0.5;
  // Card, phone and address are judged of unrelated persons alone: the other classes have too few.
  constexpr int kTelling = static_cast<int>(Comparison::kSex) + 1;
  for (size_t c = 0; c < learned.size(); ++c)
    for (int k = 0; k < (c == kUnrelatedClass ? kComparisons : kTelling); ++k) {
      const auto levels = Levels(k);
      size_t last = 1;
      while (last + 1 < levels.size() && levels[last + 1].group == levels[1].group) ++last;
      for (size_t end : {size_t{1}, last})
        if (start[c].probability[k][end] > 0.85 && learned[c].probability[k][end] < kKept)
          return "class '" + learned[c].name + "' lost its meaning at " +
                 std::string(ComparisonName(static_cast<Comparison>(k))) + " (" +
                 std::string(levels[end].name) + ")";
    }
  // Households and twins are told from chance by one card with two branches.
  constexpr double kFamilyCardKept = 0.2;
  for (size_t c = 0; c < learned.size(); ++c) {
    const int k = static_cast<int>(Comparison::kCoverage);
    if (start[c].probability[k][kCardSameBranchDiffers] > 0.6 &&
        learned[c].probability[k][kCardSameBranchDiffers] < kFamilyCardKept)
      return "class '" + learned[c].name + "' lost its meaning at coverage (same_card_other_branch)";
  }
  return "";
}

absl::Status CheckMeaning(const Model& model) {
  const std::vector<PairClass> start = StartingClasses();
  if (model.classes.size() != start.size()) return absl::OkStatus();
  for (size_t c = 0; c < start.size(); ++c) {
    if (model.classes[c].name != start[c].name) return absl::OkStatus();
    if (c != kUnrelatedClass && model.classes[c].share > model.classes[kUnrelatedClass].share)
      return absl::InvalidArgumentError("model: class '" + start[c].name + "' has a larger share than '" +
                                        start[kUnrelatedClass].name + "', of which almost all pairs are");
  }
  if (const std::string drift = FindMeaningDrift(model.classes, start); !drift.empty())
    return absl::InvalidArgumentError("model: " + drift);
  return absl::OkStatus();
}

namespace {

// On data that carry a model the estimate is some tenths of a per cent at even odds.
constexpr double kMostWrongLinks = 0.02;
void CheckWrongLinks(const LinkResult& result, SelfCheck* check) {
  if (result.expected_wrong_links <= kMostWrongLinks) return;
  check->confident = false;
  check->warnings.push_back(Format(
      "the model itself expects %.1f %% of the links to be wrong (more than %.0f %%): use --preset safe, or a "
      "model trained on data like these", 100 * result.expected_wrong_links, 100 * kMostWrongLinks));
}

// Some unreached pairs are default values; many are links that nobody looked for.
constexpr double kMostUnreached = 0.1;
void CheckReach(const LinkResult& result, SelfCheck* check) {
  uint64_t unreached = 0;
  std::string rules;
  for (const BlockingRuleReport& rule : result.blocking) {
    if (rule.unreached_pairs == 0) continue;
    unreached += rule.unreached_pairs;
    rules += (rules.empty() ? "" : ", ") + rule.rule;
  }
  if (unreached == 0) return;
  if (static_cast<double>(unreached) > kMostUnreached * static_cast<double>(result.candidate_pairs))
    check->confident = false;
  check->warnings.push_back(std::to_string(unreached) + " pairs share only keys too common to compare (" + rules +
                            "): default values? look at these columns with nayose profile");
}

}  // namespace

void CheckRun(const LinkResult& result, size_t records, double expected_matches,
              uint64_t pairs_found, SelfCheck* check) {
  CheckMonotone(result.model, check);
  const double found = static_cast<double>(pairs_found);
  if (expected_matches > 50 && found < 0.5 * expected_matches) {
    check->confident = false;
    check->warnings.push_back(Format(
        "the model expects %.0f matching pairs but the clusters hold %.0f: under-merging; look "
        "at the review list and at the thresholds", expected_matches, found));
  }
  if (found > 50 && found > 2 * expected_matches + 50) {
    check->confident = false;
    check->warnings.push_back(Format(
        "the model expects %.0f matching pairs but the clusters hold %.0f: over-merging; look at "
        "the largest clusters", expected_matches, found));
  }
  if (result.largest_cluster > kSuspiciousCluster) {
    check->confident = false;
    check->warnings.push_back(Format("the largest cluster has %.0f records, more than %.0f: look "
                                     "at it before you trust the run",
                                     static_cast<double>(result.largest_cluster),
                                     static_cast<double>(kSuspiciousCluster)));
  }
  const double ratio = static_cast<double>(records) /
                       std::max<double>(1, static_cast<double>(result.model.records));
  if (result.model.records > 0 && (ratio > 2 || ratio < 0.5))
    check->warnings.push_back(Format(
        "the model speaks of %.0f records, the data have %.0f: weights are for the model's "
        "population; train one on these data for calibrated probabilities",
        static_cast<double>(result.model.records), static_cast<double>(records)));
  if (!result.model.insurer_check_digits)
    check->warnings.push_back("most insurer numbers fail their check digit; they are taken as said");
  CheckWrongLinks(result, check);
  CheckReach(result, check);
}

}  // namespace libmpi
