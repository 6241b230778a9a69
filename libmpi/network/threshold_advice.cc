// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/threshold_advice.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/takeover.h"

namespace libmpi {
namespace {

constexpr double kStep = 0.5;  // bits
constexpr double kNormal95 = 1.959963984540054;

double ProbabilityOf(double weight) { return 1 / (1 + std::exp2(-weight)); }

// P(at most `found` of n), for the share p in (0, 1). By logarithms: the first terms may be too small for a number.
double AtMost(uint64_t found, uint64_t n, double p) {
  const double log_odds = std::log(p) - std::log1p(-p);
  double log_term = static_cast<double>(n) * std::log1p(-p), sum = std::exp(log_term);
  for (uint64_t k = 1; k <= found; ++k) {
    log_term += std::log(static_cast<double>(n - k + 1) / static_cast<double>(k)) + log_odds;
    sum += std::exp(log_term);
  }
  return std::min(sum, 1.0);
}

// Whether the share is not above `share`, by so few as were found. The same as that UpperBoundOfShare() is not.
bool IsBounded(uint64_t found, uint64_t n, double share, double level) {
  if (static_cast<double>(found) >= share * static_cast<double>(n)) return false;
  return AtMost(found, n, share) <= level;
}

// Wilson's interval (Journal of the American Statistical Association 22, 1927).
std::pair<double, double> WilsonOf(uint64_t yes, uint64_t n) {
  if (n == 0) return {0, 1};
  const double all = static_cast<double>(n), share = static_cast<double>(yes) / all, z2 = kNormal95 * kNormal95;
  const double middle = (share + z2 / (2 * all)) / (1 + z2 / all);
  const double half = kNormal95 * std::sqrt(share * (1 - share) / all + z2 / (4 * all * all)) / (1 + z2 / all);
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

// Of no wrong one among so many the bound is not above the share.
uint64_t NeededFor(double share, double level) {
  return static_cast<uint64_t>(std::ceil(std::log(level) / std::log1p(-share)));
}

// Decisions of half a bit from a threshold inward.
struct Step {
  double to = 0;  // where the threshold would be
  uint64_t decided = 0, found = 0;  // found: what there should be few of
};

struct Move {
  bool any = false;
  double to = 0;
  uint64_t decided = 0, found = 0;
};

// The step that goes furthest and is supported.
Move Furthest(std::span<const Step> steps, double share, double level) {
  Move move;
  uint64_t decided = 0, found = 0;
  for (const Step& step : steps) {
    if (step.decided == 0) break;  // beyond nobody was asked
    decided += step.decided;
    found += step.found;
    if (IsBounded(found, decided, share, level) && WilsonOf(step.found, step.decided).first <= share)
      move = {true, step.to, decided, found};
  }
  return move;
}

class Advising {
 public:
  Advising(std::span<const DecidedPair> decided, const ThresholdOptions& options) : options_(options) {
    for (const DecidedPair& pair : decided) {
      if (pair.held) {
        ++advice_.left_out_held;
        continue;
      }
      if (IsAsked(pair.weight)) counted_.push_back(pair);
      else ++advice_.left_out_outside;
      shown_.push_back(pair);
    }
    std::ranges::sort(counted_, {}, &DecidedPair::weight);
    std::ranges::sort(shown_, {}, &DecidedPair::weight);
  }

  ThresholdAdvice Advise() {
    advice_.match = options_.match;
    advice_.review = options_.review;
    advice_.decided = counted_.size();
    MakeBands();
    const std::vector<Step> down = StepsDown(), up = StepsUp();
    const double level = (1 - options_.confidence) / static_cast<double>(std::max<size_t>(1, down.size() + up.size()));
    advice_.needed = NeededFor(options_.wrong_links, level);
    Decide(Furthest(down, options_.wrong_links, level), Furthest(up, options_.missed_links, level), level);
    SeeWhetherTooSure();
    return std::move(advice_);
  }

 private:
  bool IsAsked(double weight) const { return weight >= options_.review && weight < options_.match; }

  // Of counted pairs from a weight on and below another one.
  Step StepOf(double from, double below, double to, bool same_is_found) const {
    Step step{to, 0, 0};
    const auto begin = std::ranges::lower_bound(counted_, from, {}, &DecidedPair::weight);
    for (auto it = begin; it != counted_.end() && it->weight < below; ++it) {
      ++step.decided;
      step.found += it->same == same_is_found;
    }
    return step;
  }

  // How many steps there are between the thresholds, the same whatever was decided.
  int CountSteps() const { return static_cast<int>(std::ceil((options_.match - options_.review) / kStep - 1e-9)); }

  std::vector<Step> StepsDown() const {
    std::vector<Step> steps;
    for (int i = 0; i < CountSteps(); ++i) {
      const double high = options_.match - i * kStep, low = std::max(high - kStep, options_.review);
      steps.push_back(StepOf(low, high, low, false));
    }
    return steps;
  }

  std::vector<Step> StepsUp() const {
    std::vector<Step> steps;
    for (int i = 0; i < CountSteps(); ++i) {
      const double low = options_.review + i * kStep, high = std::min(low + kStep, options_.match);
      steps.push_back(StepOf(low, high, high, true));
    }
    return steps;
  }

  void Decide(const Move& match, const Move& review, double level) {
    // The last step was decided on; but within it a threshold goes no further than the decisions do.
    if (match.any) {
      advice_.match = std::ranges::lower_bound(counted_, match.to, {}, &DecidedPair::weight)->weight;
      advice_.would_link = match.decided;
      advice_.would_link_wrong = match.found;
      advice_.wrong_bound = UpperBoundOfShare(match.found, match.decided, level);
    }
    if (review.any && review.to <= advice_.match) {
      advice_.review = std::prev(std::ranges::lower_bound(counted_, review.to, {}, &DecidedPair::weight))->weight;
      advice_.would_not_ask = review.decided;
      advice_.would_not_ask_same = review.found;
      advice_.missed_bound = UpperBoundOfShare(review.found, review.decided, level);
    }
    const bool moves = advice_.match < options_.match || advice_.review > options_.review;
    advice_.verdict = moves                              ? ThresholdAdvice::Verdict::kMove
                      : advice_.decided < advice_.needed ? ThresholdAdvice::Verdict::kNotEnough
                                                         : ThresholdAdvice::Verdict::kKeep;
  }

  void SeeWhetherTooSure() {
    constexpr double kNear = 2;  // bits
    uint64_t wrong = 0, decided = 0;
    double expected = 0;
    for (auto it = counted_.rbegin(); it != counted_.rend() && it->weight >= options_.match - kNear; ++it) {
      ++decided;
      wrong += !it->same;
      expected += 1 - ProbabilityOf(it->weight);
    }
    if (decided == 0) return;
    advice_.surer_than_true = WilsonOf(wrong, decided).first > expected / static_cast<double>(decided);
  }

  void MakeBands() {
    for (const DecidedPair& pair : shown_) {
      // Bands begin at the match threshold, as steps do, and none reaches over a threshold.
      double from = options_.match + std::floor((pair.weight - options_.match) / kStep) * kStep, to = from + kStep;
      if (pair.weight >= options_.review) from = std::max(from, options_.review);
      else to = std::min(to, options_.review);
      if (advice_.bands.empty() || advice_.bands.back().from != from) {
        WeightBand& band = advice_.bands.emplace_back();
        band.from = from;
        band.to = to;
        band.asked = IsAsked(pair.weight);
      }
      WeightBand& band = advice_.bands.back();
      ++band.decided;
      band.same += pair.same;
      band.expected += ProbabilityOf(pair.weight);
    }
    for (WeightBand& band : advice_.bands) {
      const auto n = static_cast<double>(band.decided);
      band.share_same = static_cast<double>(band.same) / n;
      band.expected /= n;
      std::tie(band.low, band.high) = WilsonOf(band.same, band.decided);
    }
  }

  const ThresholdOptions& options_;
  std::vector<DecidedPair> counted_, shown_;  // by weight
  ThresholdAdvice advice_;
};

}  // namespace

std::string_view VerdictName(ThresholdAdvice::Verdict verdict) {
  switch (verdict) {
    case ThresholdAdvice::Verdict::kNotEnough: return "not_enough";
    case ThresholdAdvice::Verdict::kKeep: return "keep";
    case ThresholdAdvice::Verdict::kMove: return "move";
  }
  return "";
}

double UpperBoundOfShare(uint64_t found, uint64_t n, double level) {
  if (found >= n) return 1;
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (AtMost(found, n, middle) > level ? low : high) = middle;
  }
  return high;
}

ThresholdAdvice AdviseThresholds(std::span<const DecidedPair> decided, const ThresholdOptions& options) {
  return Advising(decided, options).Advise();
}

absl::StatusOr<std::vector<DecidedPair>> DecidedPairs(const Registry& registry) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<StewardDecision> decisions, registry.Decisions());
  std::vector<DecidedPair> pairs;
  for (const StewardDecision& decision : decisions) {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> made_by, registry.History(decision.event, 1));
    if (!made_by.empty() && IsTakeoverActor(made_by[0].by.actor)) continue;
    const absl::StatusOr<Explanation> why = registry.Explain(decision.a, decision.b);
    if (absl::IsNotFound(why.status())) continue;  // withdrawn meanwhile
    LIBMPI_RETURN_IF_ERROR(why.status());
    pairs.push_back({WeightBits(why->weight), decision.same, why->held});
  }
  return pairs;
}

}  // namespace libmpi
