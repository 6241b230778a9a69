// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_split.h"

#include <algorithm>
#include <cmath>

#include "libmpi/base/text_map.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/text/names.h"

namespace libmpi {
namespace {

using KeyScript = NameCounts::Script;

constexpr size_t kCandidates = 3;
constexpr size_t kLongestName = 20;   // gaps between letters; longer texts are not divided
constexpr size_t kLongestKanji = 8;   // of those divided together with kana
constexpr double kWorthKeeping = 14;  // bits below the best candidate
constexpr double kNoGiven = 13;       // bits by which a family name alone is unusual
constexpr double kSwappedToo = 9;      // bits by which an unsplit name is unlikely to be swapped as well
constexpr double kFirstGap = 8;       // bits for the first of several gaps

// Bits by which a length is unusual: families of two kanji and given names of
// two are the rule; kana run longer.
double LengthPenalty(KeyScript script, NamePart part, size_t letters) {
  if (script == KeyScript::kKanji) {
    constexpr double kFamily[] = {30, 4, 0, 4, 10, 14}, kGiven[] = {30, 2.5, 0, 2.5, 9, 14};
    const size_t i = std::min<size_t>(letters, 5);
    return part == NamePart::kFamily ? kFamily[i] : kGiven[i];
  }
  constexpr double kFamily[] = {30, 8, 2.5, 1, 0, 1.5, 4, 8}, kGiven[] = {30, 9, 2, 0, 0.5, 3, 6, 10};
  const size_t i = std::min<size_t>(letters, 7);
  return part == NamePart::kFamily ? kFamily[i] : kGiven[i];
}

// A key divided in all ways: by the byte offsets of its letters after the first.
struct Gap {
  size_t at;
  double bits;           // of the split, readings aside
  bool swapped = false;  // the given name first
};

// One of the two parts that a gap makes.
struct Piece {
  Piece(const NameSplitter& splitter, KeyScript script, std::string_view text)
      : shares(splitter.Shares(script, text)), letters(CountLetters(text)) {}
  PartShares shares;
  size_t letters;
};

double SplitBits(const Piece& family, const Piece& given, KeyScript script) {
  return std::log2(family.shares.family * given.shares.given) -
         LengthPenalty(script, NamePart::kFamily, family.letters) - LengthPenalty(script, NamePart::kGiven, given.letters);
}

// All ways to divide a key, the family name first and the given name first.
std::vector<Gap> AllGaps(const NameSplitter& splitter, std::string_view key, KeyScript script,
                         std::span<const size_t> boundaries) {
  std::vector<Gap> gaps;
  gaps.reserve(2 * boundaries.size() + 1);
  for (size_t at : boundaries) {
    const Piece first(splitter, script, key.substr(0, at)), last(splitter, script, key.substr(at));
    gaps.push_back({at, SplitBits(first, last, script)});
    gaps.push_back({at, SplitBits(last, first, script) - kSwappedToo, true});
  }
  return gaps;
}

std::vector<size_t> Boundaries(std::string_view key) {
  std::vector<size_t> at;
  for (size_t pos = 0; pos < key.size();) {
    NextCodePoint(key, &pos);
    if (pos < key.size()) at.push_back(pos);
  }
  return at;
}

NameForm FormAt(std::string_view key, size_t at, bool swapped = false) {
  std::string first(key.substr(0, at)), last(key.substr(at));
  if (swapped) std::swap(first, last);
  return {std::move(first), std::move(last), true};
}

void KeepBest(std::vector<Gap>* gaps) {
  std::stable_sort(gaps->begin(), gaps->end(),
                   [](const Gap& a, const Gap& b) { return a.bits > b.bits; });
  if (gaps->size() > kCandidates) gaps->resize(kCandidates);
  while (gaps->size() > 1 && gaps->back().bits < gaps->front().bits - kWorthKeeping)
    gaps->pop_back();
}

}  // namespace

double NameSplitter::Share(NamePart part, KeyScript script, std::string_view key, size_t text_hash) const {
  constexpr double kPrior = 1000;
  const double share = NationalShare(part, key, text_hash);
  if (counts_ == nullptr) return share;
  return (counts_->Count(part, script, key, text_hash) + kPrior * share) /
         (static_cast<double>(counts_->Total(part, script)) + kPrior);
}

PartShares NameSplitter::Shares(KeyScript script, std::string_view key) const {
  const size_t hash = TextHash()(key);
  return {Share(NamePart::kFamily, script, key, hash), Share(NamePart::kGiven, script, key, hash)};
}

std::vector<NameForm> NameSplitter::Split(std::string_view key, KeyScript script,
                                          const NameForm* other) const {
  const std::vector<size_t> boundaries = Boundaries(key);
  if (boundaries.empty() || boundaries.size() > kLongestName) return {};
  std::vector<Gap> gaps = AllGaps(*this, key, script, boundaries);
  if (other == nullptr || other->given.empty()) {
    if (IsKnownName(NamePart::kFamily, key) && other == nullptr)
      gaps.push_back({key.size(), std::log2(Shares(script, key).family) - kNoGiven});
  } else {
    // Readings only lower a candidate: those that can't reach the best are not read.
    std::stable_sort(gaps.begin(), gaps.end(),
                     [](const Gap& a, const Gap& b) { return a.bits > b.bits; });
    double best = -1e9;
    size_t read = 0;
    for (; read < gaps.size() && gaps[read].bits > best - kWorthKeeping; ++read) {
      const NameForm form = FormAt(key, gaps[read].at, gaps[read].swapped);
      const NameForm& kanji = script == KeyScript::kKanji ? form : *other;
      const NameForm& kana = script == KeyScript::kKanji ? *other : form;
      gaps[read].bits += readings_->Log2Probability(NamePart::kFamily, kanji.family, kana.family) +
                         readings_->Log2Probability(NamePart::kGiven, kanji.given, kana.given);
      best = std::max(best, gaps[read].bits);
    }
    gaps.resize(read);
  }
  KeepBest(&gaps);
  std::vector<NameForm> forms;
  for (const Gap& gap : gaps) forms.push_back(FormAt(key, gap.at, gap.swapped));
  return forms;
}

void NameSplitter::SplitBoth(std::string_view kanji, std::string_view kana,
                             std::vector<NameForm>* kanji_forms,
                             std::vector<NameForm>* kana_forms) const {
  const std::vector<size_t> at_kanji = Boundaries(kanji), at_kana = Boundaries(kana);
  if (at_kanji.empty() || at_kana.empty() || at_kanji.size() > kLongestKanji ||
      at_kana.size() > kLongestName)
    return;
  std::vector<Gap> gaps = AllGaps(*this, kanji, KeyScript::kKanji, at_kanji);
  std::vector<Gap> both_gaps;  // with the kana's best gap in the low 16 bits
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const Gap& a, const Gap& b) { return a.bits > b.bits; });
  // The first part's readings of all beginnings of the kana come in one pass.
  std::vector<double> first_bits(at_kana.size());
  double best = -1e9;
  for (const Gap& gap : gaps) {
    if (gap.bits <= best - kWorthKeeping) break;  // readings only lower it
    const NameForm form = FormAt(kanji, gap.at, gap.swapped);
    readings_->Log2OfBeginnings(gap.swapped ? NamePart::kGiven : NamePart::kFamily, gap.swapped ? form.given : form.family,
                                kana, at_kana, first_bits);
    Gap best_kana{0, -1e9};
    for (size_t k = 0; k < at_kana.size(); ++k) {
      const size_t j = at_kana[k];
      const double first = first_bits[k];
      if (gap.bits + first <= std::max(best - kWorthKeeping, best_kana.bits)) continue;
      const double last =
          readings_->Log2Probability(gap.swapped ? NamePart::kFamily : NamePart::kGiven,
                                     gap.swapped ? form.family : form.given, kana.substr(j));
      const double family = gap.swapped ? last : first, given = gap.swapped ? first : last;
      const double bits = gap.bits + family + given;
      if (bits > best_kana.bits) best_kana = {j, bits};
    }
    if (best_kana.at == 0) continue;
    both_gaps.push_back({gap.at << 16 | best_kana.at, best_kana.bits, gap.swapped});
    best = std::max(best, best_kana.bits);
  }
  KeepBest(&both_gaps);
  for (const Gap& both : both_gaps) {
    kanji_forms->push_back(FormAt(kanji, both.at >> 16, both.swapped));
    kana_forms->push_back(FormAt(kana, both.at & 0xFFFF, both.swapped));
  }
}

std::vector<NameForm> NameSplitter::SplitAtGaps(std::span<const std::string> parts,
                                                KeyScript script) const {
  std::string whole;
  std::vector<size_t> at;
  for (const std::string& part : parts) {
    if (!whole.empty()) at.push_back(whole.size());
    whole += part;
  }
  std::vector<Gap> gaps;
  for (size_t gap : at) {
    const std::string_view key = whole;
    const Piece family(*this, script, key.substr(0, gap)), given(*this, script, key.substr(gap));
    gaps.push_back({gap, SplitBits(family, given, script) + (gap == at.front() ? kFirstGap : 0)});
  }
  KeepBest(&gaps);
  std::vector<NameForm> forms;
  for (const Gap& gap : gaps) {
    forms.push_back(FormAt(whole, gap.at));
    forms.back().guessed = gap.at != at.front();
  }
  return forms;
}

double NameSplitter::SwapEvidence(const NameForm& form, KeyScript script) const {
  if (form.family.empty() || form.given.empty()) return 0;
  return SwapEvidenceOf(Shares(script, form.family), Shares(script, form.given));
}

double SwapEvidenceOf(const PartShares& family, const PartShares& given) {
  return std::log2(given.family * family.given / (family.family * given.given));
}

SwapVerdict JudgeSwap(bool kanji, double kanji_bits, bool kana, double kana_bits) {
  // Bits beyond which parts are taken for swapped; of each script, for two that contradict each other.
  constexpr double kSwapped = 9, kOpposed = 6;
  // One script may be the wrong way round by itself; else they are two views of one thing.
  if ((kanji_bits > kOpposed && kana_bits < -kOpposed) || (kana_bits > kOpposed && kanji_bits < -kOpposed))
    return SwapVerdict::kOpposed;
  const double bits = (kanji_bits + kana_bits) * (kanji && kana ? 0.7 : 1);
  return bits < kSwapped ? SwapVerdict::kAsStated : SwapVerdict::kSwapped;
}

}  // namespace libmpi
