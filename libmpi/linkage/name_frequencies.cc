// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/name_frequencies.h"

#include <algorithm>

#include "libmpi/text/names.h"

namespace libmpi {
namespace {

// Sums of squared shares of the shipped national tables, for data too small to tell.
constexpr double kNationalChance[2][2] = {{0.0012, 0.0015}, {0.0008, 0.0020}};

}  // namespace

NameFrequencies::NameFrequencies(const NameCounts* counts) : counts_(counts) {
  double squares[2][2] = {};
  for (const NameCounts::Entry& entry : counts->Entries()) {
    const double count = entry.count;
    squares[static_cast<int>(entry.part)][static_cast<int>(entry.script)] += count * count;
  }
  for (int part = 0; part < 2; ++part)
    for (int script = 0; script < 2; ++script) {
      const double total = static_cast<double>(counts->Total(
          static_cast<NamePart>(part), static_cast<NameCounts::Script>(script)));
      const double all = total + kPriorCount;
      chance_[part][script] = (squares[part][script] +
                               kPriorCount * kPriorCount * kNationalChance[part][script]) /
                                  (all * all) +
                              2 * kNationalChance[part][script] * total * kPriorCount / (all * all);
    }
}

double NameFrequencies::Share(NamePart part, NameCounts::Script script,
                              std::string_view key) const {
  const double count = counts_->Count(part, script, key);
  const double total = static_cast<double>(counts_->Total(part, script));
  return (count + kPriorCount * NationalShare(part, key)) / (total + kPriorCount);
}

}  // namespace libmpi
