// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/labels.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace libmpi {
namespace {

constexpr double kOpinion = 20;  // labels that the model's own opinion of a pattern counts as

struct Answers {
  double labels = 0;
  double weight = 0, same = 0;  // pairs stood for
};

}  // namespace

std::vector<PatternCount> WithLabels(std::span<const PatternCount> counts,
                                     std::span<const LabelledPattern> labels) {
  absl::flat_hash_map<uint32_t, Answers> answers;
  for (const LabelledPattern& l : labels) {
    Answers& of_pattern = answers[l.pattern.bits()];
    ++of_pattern.labels;
    of_pattern.weight += l.stands_for;
    if (l.same) of_pattern.same += l.stands_for;
  }
  std::vector<PatternCount> out;
  out.reserve(counts.size() + 2 * answers.size());
  for (const PatternCount& row : counts) {
    out.push_back(row);
    const auto found = row.blocked ? answers.find(row.pattern.bits()) : answers.end();
    if (found == answers.end()) continue;
    const Answers& a = found->second;
    const double known = std::min(row.count, std::max(a.labels, row.count * a.labels / (a.labels + kOpinion)));
    out.back().count -= known;
    const double matches = known * a.same / a.weight;
    if (matches > 0) out.push_back({row.pattern, matches, row.blocked, PairLabel::kMatch});
    if (matches < known) out.push_back({row.pattern, known - matches, row.blocked, PairLabel::kNonMatch});
  }
  return out;
}

}  // namespace libmpi
