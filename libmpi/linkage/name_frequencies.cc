// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/name_frequencies.h"

#include <algorithm>

#include "libmpi/text/names.h"

namespace libmpi {
namespace {

// Sums of squared shares of the shipped national tables, by part and script, for data too small to
// tell; romaji are as common as kana.
constexpr double kNationalChance[2][NameCounts::kScripts] = {{0.0012, 0.0015, 0.0015},
                                                             {0.0008, 0.0020, 0.0020}};

double PriorCount(NameCounts::Script script) {
  return script == NameCounts::Script::kLatin ? NameFrequencies::kLatinPriorCount
                                              : NameFrequencies::kPriorCount;
}

}  // namespace

NameFrequencies::NameFrequencies(const NameCounts* counts) : counts_(counts) {
  double squares[2][NameCounts::kScripts] = {};
  for (const NameCounts::Entry& entry : counts->Entries()) {
    if (entry.key == NameCounts::kOthers) continue;
    const double count = entry.count;
    squares[static_cast<int>(entry.part)][static_cast<int>(entry.script)] += count * count;
  }
  for (int part = 0; part < 2; ++part)
    for (int s = 0; s < NameCounts::kScripts; ++s) {
      const auto script = static_cast<NameCounts::Script>(s);
      const double prior = PriorCount(script), national = kNationalChance[part][s];
      const double total = static_cast<double>(counts->Total(static_cast<NamePart>(part), script));
      const double all = total + prior;
      chance_[part][s] = (squares[part][s] + prior * prior * national) / (all * all) +
                         2 * national * total * prior / (all * all);
    }
}

double NameFrequencies::Share(NamePart part, NameCounts::Script script,
                              std::string_view key) const {
  const double count = counts_->Count(part, script, key);
  const double total = static_cast<double>(counts_->Total(part, script));
  const double prior = PriorCount(script);
  const double others = counts_->Count(part, script, NameCounts::kOthers);
  const double national = script == NameCounts::Script::kLatin ? NationalRomajiShare(part, key)
                                                               : NationalShare(part, key);
  double share = (count + (prior + others) * national) / (total + prior);
  if (script == NameCounts::Script::kLatin) share = std::max(share, 1 / (total + prior));
  return std::min(share, 0.999);
}

}  // namespace libmpi
