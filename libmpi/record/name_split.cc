// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_split.h"

#include <algorithm>
#include <cmath>

#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"

namespace libmpi {
namespace {

constexpr size_t kCandidates = 3;
constexpr size_t kLongestName = 20;   // letters; longer texts are not divided
constexpr double kWorthKeeping = 14;  // bits below the best candidate
constexpr size_t kMostKanaALetter = 5;

// Bits by which a length is unusual: families of two kanji and given names of
// two are the rule; kana run longer.
double LengthPenalty(NameCounts::Script script, NamePart part, size_t letters) {
  if (script == NameCounts::Script::kKanji) {
    constexpr double kFamily[] = {30, 4, 0, 4, 10, 14}, kGiven[] = {30, 2.5, 0, 2.5, 9, 14};
    const size_t i = std::min<size_t>(letters, 5);
    return part == NamePart::kFamily ? kFamily[i] : kGiven[i];
  }
  constexpr double kFamily[] = {30, 8, 2.5, 1, 0, 1.5, 4, 8}, kGiven[] = {30, 9, 2, 0, 0.5, 3, 6, 10};
  const size_t i = std::min<size_t>(letters, 7);
  return part == NamePart::kFamily ? kFamily[i] : kGiven[i];
}

// Byte offsets of the letters after the first.
std::vector<size_t> Boundaries(std::string_view key) {
  std::vector<size_t> at;
  for (size_t pos = 0; pos < key.size();) {
    NextCodePoint(key, &pos);
    if (pos < key.size()) at.push_back(pos);
  }
  return at;
}

struct Candidate {
  NameForm kanji, kana;
  double bits;
};

void KeepBest(std::vector<Candidate>* candidates) {
  std::stable_sort(candidates->begin(), candidates->end(),
                   [](const Candidate& a, const Candidate& b) { return a.bits > b.bits; });
  if (candidates->size() > kCandidates) candidates->resize(kCandidates);
  while (candidates->size() > 1 &&
         candidates->back().bits < candidates->front().bits - kWorthKeeping)
    candidates->pop_back();
}

}  // namespace

double NameSplitter::Log2Share(NamePart part, NameCounts::Script script,
                               std::string_view key) const {
  constexpr double kPrior = 1000;
  double share = NationalShare(part, key);
  if (counts_ != nullptr)
    share = (counts_->Count(part, script, key) + kPrior * share) /
            (static_cast<double>(counts_->Total(part, script)) + kPrior);
  return std::log2(share);
}

std::vector<NameForm> NameSplitter::Split(std::string_view key, NameCounts::Script script,
                                          const NameForm* other) const {
  const std::vector<size_t> boundaries = Boundaries(key);
  std::vector<Candidate> candidates;
  if (boundaries.empty() || boundaries.size() > kLongestName) return {};
  const bool kanji = script == NameCounts::Script::kKanji;
  for (size_t i = 0; i < boundaries.size(); ++i) {
    NameForm form{std::string(key.substr(0, boundaries[i])), std::string(key.substr(boundaries[i])),
                  true};
    double bits = Log2Share(NamePart::kFamily, script, form.family) +
                  Log2Share(NamePart::kGiven, script, form.given) -
                  LengthPenalty(script, NamePart::kFamily, i + 1) -
                  LengthPenalty(script, NamePart::kGiven, boundaries.size() - i);
    if (other != nullptr)
      bits += readings_->Log2Probability(NamePart::kFamily, kanji ? form.family : other->family,
                                         kanji ? other->family : form.family) +
              readings_->Log2Probability(NamePart::kGiven, kanji ? form.given : other->given,
                                         kanji ? other->given : form.given);
    candidates.push_back({std::move(form), {}, bits});
  }
  KeepBest(&candidates);
  std::vector<NameForm> forms;
  for (Candidate& c : candidates) forms.push_back(std::move(c.kanji));
  return forms;
}

void NameSplitter::SplitBoth(std::string_view kanji, std::string_view kana,
                             std::vector<NameForm>* kanji_forms,
                             std::vector<NameForm>* kana_forms) const {
  const std::vector<size_t> at_kanji = Boundaries(kanji), at_kana = Boundaries(kana);
  if (at_kanji.empty() || at_kana.empty() || at_kanji.size() > 8 || at_kana.size() > kLongestName)
    return;
  // The spelling alone leaves few places to divide it; readings choose among those.
  std::vector<NameForm> kanji_ways = Split(kanji, NameCounts::Script::kKanji, nullptr);
  std::vector<Candidate> candidates;
  for (const NameForm& way : kanji_ways) {
    const size_t i = static_cast<size_t>(
        std::find(at_kanji.begin(), at_kanji.end(), way.family.size()) - at_kanji.begin());
    const double share = Log2Share(NamePart::kFamily, NameCounts::Script::kKanji, way.family) +
                         Log2Share(NamePart::kGiven, NameCounts::Script::kKanji, way.given) -
                         LengthPenalty(NameCounts::Script::kKanji, NamePart::kFamily, i + 1) -
                         LengthPenalty(NameCounts::Script::kKanji, NamePart::kGiven, at_kanji.size() - i);
    for (size_t j = i; j < at_kana.size() && j + 1 <= kMostKanaALetter * (i + 1); ++j) {
      if (at_kana.size() - j < at_kanji.size() - i) break;  // a kana a letter at least
      Candidate c{way, {std::string(kana.substr(0, at_kana[j])), std::string(kana.substr(at_kana[j])), true}, share};
      c.bits += readings_->Log2Probability(NamePart::kFamily, c.kanji.family, c.kana.family);
      if (!candidates.empty() && c.bits < candidates.front().bits - kWorthKeeping) continue;
      c.bits += readings_->Log2Probability(NamePart::kGiven, c.kanji.given, c.kana.given);
      candidates.push_back(std::move(c));
      if (candidates.back().bits > candidates.front().bits) std::swap(candidates.front(), candidates.back());
    }
  }
  KeepBest(&candidates);
  for (Candidate& c : candidates) {
    kanji_forms->push_back(std::move(c.kanji));
    kana_forms->push_back(std::move(c.kana));
  }
}

double NameSplitter::SwapEvidence(const NameForm& form, NameCounts::Script script) const {
  if (form.family.empty() || form.given.empty()) return 0;
  return Log2Share(NamePart::kFamily, script, form.given) +
         Log2Share(NamePart::kGiven, script, form.family) -
         Log2Share(NamePart::kFamily, script, form.family) -
         Log2Share(NamePart::kGiven, script, form.given);
}

}  // namespace libmpi
