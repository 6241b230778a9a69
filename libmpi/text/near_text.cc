// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/near_text.h"

#include <algorithm>
#include <utility>

#include "libmpi/text/fold.h"
#include "libmpi/text/near_kanji.h"

namespace libmpi {
namespace {

constexpr size_t kFewestLetters = 3;

bool Agree(char32_t a, char32_t b) {
  return a == b || a == kUnknownGlyphChar || b == kUnknownGlyphChar;
}

bool AreNear(std::u32string_view a, std::u32string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char32_t c, char32_t d) { return Agree(c, d) || AreNearKanji(c, d); });
}

// A kanji anywhere, or any known letter at the same place of texts of one length.
bool ShareLetter(std::u32string_view a, std::u32string_view b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == kUnknownGlyphChar) continue;
    if (a.size() == b.size() && a[i] == b[i]) return true;
    if (IsKanji(a[i]) && b.find(a[i]) != b.npos) return true;
  }
  return false;
}

// What LooseKana keeps of a text begins as the text does, but for a text that begins with the mark of a long vowel.
bool MayBeLooselyEqual(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return true;
  constexpr char32_t kLong = U'ー';
  size_t at_a = 0, at_b = 0;
  const char32_t first_a = NextCodePoint(a, &at_a), first_b = NextCodePoint(b, &at_b);
  return first_a == first_b || first_a == kLong || first_b == kLong;
}

}  // namespace

std::u32string CodePointsOf(std::string_view utf8) {
  std::u32string out;
  for (size_t pos = 0; pos < utf8.size();) out.push_back(NextCodePoint(utf8, &pos));
  return out;
}

bool IsOneEditApart(std::u32string_view a, std::u32string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  const size_t n = a.size();
  if (b.size() < kFewestLetters || b.size() - n > 1 || a == b) return false;
  size_t front = 0, back = 0;
  while (front < n && Agree(a[front], b[front])) ++front;
  while (back < n && Agree(a[n - 1 - back], b[b.size() - 1 - back])) ++back;
  if (n < b.size()) return front + back >= n;
  if (front + back >= n - 1) return true;
  return front + back == n - 2 && a[front] == b[front + 1] && a[front + 1] == b[front];
}

KanjiRelation RelateKanji(std::u32string_view a, std::u32string_view b) {
  if (a == b) return KanjiRelation::kEqual;
  if (AreNear(a, b)) return KanjiRelation::kNear;
  return ShareLetter(a, b) ? KanjiRelation::kShared : KanjiRelation::kDifferent;
}

KanaRelation RelateKana(std::string_view a, std::string_view b) {
  if (a == b) return KanaRelation::kEqual;
  if (MayBeLooselyEqual(a, b) && LooseKana(a) == LooseKana(b)) return KanaRelation::kLoose;
  return IsOneEditApart(CodePointsOf(a), CodePointsOf(b)) ? KanaRelation::kNear
                                                          : KanaRelation::kDifferent;
}

}  // namespace libmpi
