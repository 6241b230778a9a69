// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/comparator.h"

#include <algorithm>
#include <array>
#include <string>

#include "libmpi/linkage/field_comparisons.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

// How strongly a level speaks for one person, to pick the best of several
// values; only the order matters.
constexpr uint8_t kNameRank[kNameLevels] = {
    3,                            // missing
    20, 18, 15, 17, 13, 9, 7, 0,  // both scripts
    19, 14, 9, 0,                 // kana
    19, 12, 7, 0,                 // kanji
    16, 8, 1,                     // readings
    17, 9, 0};                    // latin
constexpr uint8_t kCoverageRank[kCoverageLevels] = {2, 10, 7, 6, 3, 1, 9, 6, 3, 1, 10, 6, 2, 0};
constexpr uint8_t kCareRank[kCareLevels] = {1, 3, 2, 0};
constexpr uint8_t kAddressRank[kAddressLevels] = {1, 9, 8, 6, 4, 0, 5, 0};
constexpr uint8_t kPhoneRank[kPhoneLevels] = {1, 9, 6, 0, 10, 7, 0};
constexpr uint8_t kBirthRank[kBirthLevels] = {2, 9, 8, 3, 0, 5, 1};

// Whether texts with unknown glyphs may be one text.
bool EqualButForUnknown(std::u32string_view a, std::u32string_view b) {
  if (a.size() != b.size()) return false;
  bool unknown = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] && a[i] != kUnknownGlyphChar) continue;
    if (a[i] != kUnknownGlyphChar && b[i] != kUnknownGlyphChar) return false;
    unknown = true;
  }
  return unknown;
}

// Levels of the group in which both records have both scripts.
uint8_t BothScripts(KanjiRelation kanji, KanaRelation kana) {
  if (kanji == KanjiRelation::kEqual) {
    if (kana == KanaRelation::kEqual) return kBothEqual;
    return kana == KanaRelation::kDifferent ? kKanjiEqualKanaFar : kKanjiEqualKanaNear;
  }
  if (kana == KanaRelation::kEqual)
    return kanji == KanjiRelation::kDifferent ? kKanaEqualKanjiDiffer : kKanaEqualKanjiShared;
  // 湊 ミナト and 陽翔 ヒナト are two names, whatever their kana look like.
  const bool other_name = kana == KanaRelation::kNear && kanji == KanjiRelation::kDifferent;
  if (kana != KanaRelation::kDifferent && !other_name) return kBothKanaNear;
  return kanji == KanjiRelation::kDifferent ? kBothDifferent : kBothKanjiShared;
}

template <typename T, typename Level, size_t N>
Level BestLevel(const T& first_a, const std::vector<T>& rest_a, const T& first_b,
                const std::vector<T>& rest_b, Level (*compare)(const T&, const T&),
                const uint8_t (&rank)[N]) {
  const uint8_t highest = *std::max_element(rank, rank + N);  // of many values one pair mostly has it
  Level best = compare(first_a, first_b);
  auto consider = [&](const T& x, const T& y) {
    const Level level = compare(x, y);
    if (rank[level] > rank[best]) best = level;
    return rank[best] < highest;
  };
  for (const T& y : rest_b)
    if (!consider(first_a, y)) return best;
  for (const T& x : rest_a) {
    if (!consider(x, first_b)) return best;
    for (const T& y : rest_b)
      if (!consider(x, y)) return best;
  }
  return best;
}

BirthLevel CompareBirthValues(const EncodedDate& a, const EncodedDate& b) {
  return CompareBirth(a, b);
}

}  // namespace

namespace {

// What the memo is asked; of a question by name part there is one for each.
enum Question : unsigned { kOfReading = 0, kOfRomaji = 2, kOfHomophone = 4, kOfLatin = 6, kOfLatinAndKana, kOfUsualOrder };
unsigned Of(Question question, NamePart part) { return question + (part == NamePart::kGiven); }

}  // namespace

uint8_t Comparator::ReadingLevelOf(NamePart part, TextId kanji, TextId kana) {
  // Ratios in bits of "this kana is a reading of that kanji" against "any name".
  constexpr double kLikely = 4, kPossible = 0;
  if (!glances_->MayRead(kanji, kana)) return kReadingUnlikely;
  return kReadingLikely + memo_->Answer(Of(kOfReading, part), kanji, kana, [&]() -> uint8_t {
    const TextDictionary& texts = records_->texts;
    const double ratio =
        readings_->Log2Probability(part, texts.text(kanji), texts.text(kana)) -
        readings_->Log2KanaFrequency(part, texts.text(kana));
    return (ratio >= kLikely     ? kReadingLikely
            : ratio >= kPossible ? kReadingPossible
                                 : kReadingUnlikely) - kReadingLikely;
  });
}

uint8_t Comparator::RomajiReadingLevelOf(NamePart part, TextId kanji, TextId latin) {
  constexpr int kReadings = 6;
  return kReadingLikely + memo_->Answer(Of(kOfRomaji, part), kanji, latin, [&]() -> uint8_t {
    for (const auto& [kana, probability] :
         readings_->LikelyReadings(part, records_->texts.text(kanji), kReadings)) {
      if (RomajiKeyOfKana(kana) != records_->texts.text(latin)) continue;
      return (probability >= 0.05 ? kReadingLikely : kReadingPossible) - kReadingLikely;
    }
    return kReadingUnlikely - kReadingLikely;
  });
}

bool Comparator::MaySoundAlike(NamePart part, TextId kanji_a, TextId kana_a, TextId kanji_b,
                               TextId kana_b) {
  constexpr int kReadings = 4;
  // "Possible" is any rare kana against any unseen reading: 太郎 and ジロウ, who are brothers.
  if (kana_a) return ReadingLevelOf(part, kanji_b, kana_a) == kReadingLikely;
  if (kana_b) return ReadingLevelOf(part, kanji_a, kana_b) == kReadingLikely;
  if (!glances_->MayShareReading(kanji_a, kanji_b)) return false;
  return memo_->Answer(Of(kOfHomophone, part), std::min(kanji_a, kanji_b), std::max(kanji_a, kanji_b),
                       [&]() -> uint8_t {
    const TextDictionary& texts = records_->texts;
    const auto of_b = readings_->LikelyReadings(part, texts.text(kanji_b), kReadings);
    for (const auto& x : readings_->LikelyReadings(part, texts.text(kanji_a), kReadings))
      for (const auto& y : of_b)
        if (x.first == y.first) return 1;
    return 0;
  }) != 0;
}

uint8_t Comparator::CompareReadings(NamePart part, TextId kanji_a, TextId kana_a,
                                    TextId latin_a, TextId kanji_b, TextId kana_b,
                                    TextId latin_b) {
  const auto is_whole = [&](TextId id) { return !glances_->HasUnknown(id); };
  if (!is_whole(kanji_a) || !is_whole(kana_a) || !is_whole(kanji_b) || !is_whole(kana_b)) return kNameMissing;
  if (kanji_a && kana_b) return ReadingLevelOf(part, kanji_a, kana_b);
  if (kanji_b && kana_a) return ReadingLevelOf(part, kanji_b, kana_a);
  if (kanji_a && latin_b) return RomajiReadingLevelOf(part, kanji_a, latin_b);
  if (kanji_b && latin_a) return RomajiReadingLevelOf(part, kanji_b, latin_a);
  return kNameMissing;
}

uint8_t Comparator::CompareLatin(TextId latin_a, TextId kana_a, TextId latin_b,
                                 TextId kana_b) {
  if (latin_a && latin_a == latin_b) return kLatinEqual;
  const bool both = latin_a && latin_b;
  const TextId x = both ? std::min(latin_a, latin_b) : latin_a ? latin_a : latin_b;
  const TextId y = both ? std::max(latin_a, latin_b) : latin_a ? kana_b : kana_a;
  return kLatinEqual + memo_->Answer(both ? kOfLatin : kOfLatinAndKana, x, y, [&]() -> uint8_t {
    const TextDictionary& texts = records_->texts;
    const std::string a(texts.text(x)), b = both ? std::string(texts.text(y)) : RomajiKeyOfKana(texts.text(y));
    if (a == b) return 0;
    const std::u32string wide_a(a.begin(), a.end()), wide_b(b.begin(), b.end());
    return (IsOneEditApart(wide_a, wide_b) ? kLatinNear : kLatinDifferent) - kLatinEqual;
  });
}

KanjiRelation Comparator::RelateKanjiOf(TextId a, TextId b) const {
  if (a == b) return KanjiRelation::kEqual;
  if (!glances_->MayRelate(a, b)) return KanjiRelation::kDifferent;
  return RelateKanji(records_->texts.chars(a), records_->texts.chars(b));
}

KanaRelation Comparator::RelateKanaOf(TextId a, TextId b) const {
  if (a == b) return KanaRelation::kEqual;
  if (glances_->Loose(a) == glances_->Loose(b)) return KanaRelation::kLoose;
  if (!glances_->MayBeOneEditApart(a, b)) return KanaRelation::kDifferent;
  return IsOneEditApart(records_->texts.chars(a), records_->texts.chars(b)) ? KanaRelation::kNear
                                                                           : KanaRelation::kDifferent;
}

uint8_t Comparator::CompareParts(NamePart part, TextId kanji_a, TextId kana_a, TextId latin_a,
                                 TextId kanji_b, TextId kana_b, TextId latin_b) {
  // What is equal but for unknown glyphs is neither agreement nor disagreement: the other script
  // may still tell.
  const auto comparable = [&](TextId a, TextId b) {
    if (!a || !b) return false;
    if (a == b || (!glances_->HasUnknown(a) && !glances_->HasUnknown(b))) return true;
    return !EqualButForUnknown(records_->texts.chars(a), records_->texts.chars(b));
  };
  const bool kanji = comparable(kanji_a, kanji_b), kana = comparable(kana_a, kana_b);
  KanjiRelation kanji_relation = kanji ? RelateKanjiOf(kanji_a, kanji_b) : KanjiRelation::kEqual;
  const KanaRelation kana_relation = kana ? RelateKanaOf(kana_a, kana_b) : KanaRelation::kEqual;
  if (kanji && kana) return BothScripts(kanji_relation, kana_relation);
  if (kana) return kKanaEqual + static_cast<uint8_t>(kana_relation);
  if (kanji) {
    // 陽子 and 洋子 may be one name heard twice, 太郎 and 次郎 are brothers.
    if (kanji_relation >= KanjiRelation::kShared &&
        MaySoundAlike(part, kanji_a, kana_a, kanji_b, kana_b))
      kanji_relation = KanjiRelation::kNear;
    return kKanjiEqual + static_cast<uint8_t>(kanji_relation);
  }
  if ((latin_a && (latin_b || kana_b)) || (latin_b && kana_a))
    return CompareLatin(latin_a, kana_a, latin_b, kana_b);
  return CompareReadings(part, kanji_a, kana_a, latin_a, kanji_b, kana_b, latin_b);
}

Comparator::NameLevels Comparator::CompareForms(const EncodedName& a, const EncodedName& b) {
  return {CompareParts(NamePart::kFamily, a.family_kanji, a.family_kana, a.family_latin,
                       b.family_kanji, b.family_kana, b.family_latin),
          CompareParts(NamePart::kGiven, a.given_kanji, a.given_kana, a.given_latin,
                       b.given_kanji, b.given_kana, b.given_latin)};
}

namespace {

EncodedName Swapped(const EncodedName& n) {
  return {n.given_kanji, n.family_kanji, n.given_kana, n.family_kana, n.given_latin,
          n.family_latin};
}

// Whether the parts look exchanged between two names, cheaply.
bool LooksSwapped(const EncodedName& a, const EncodedName& b) {
  auto crossed = [](TextId family_a, TextId given_a, TextId family_b, TextId given_b) {
    return (family_a && family_a == given_b) || (given_a && given_a == family_b);
  };
  return crossed(a.family_kanji, a.given_kanji, b.family_kanji, b.given_kanji) ||
         crossed(a.family_kana, a.given_kana, b.family_kana, b.given_kana) ||
         crossed(a.family_latin, a.given_latin, b.family_latin, b.given_latin);
}

// One string split at two places: "山崎" + "弥三郎", "山" + "崎弥三郎".
bool SameWhole(const TextDictionary& texts, TextId family_a, TextId given_a, TextId family_b,
               TextId given_b) {
  if (!family_a || !family_b || family_a == family_b) return false;
  const std::u32string_view fa = texts.chars(family_a), ga = texts.chars(given_a);
  const std::u32string_view fb = texts.chars(family_b), gb = texts.chars(given_b);
  if (fa.size() + ga.size() != fb.size() + gb.size()) return false;
  auto at = [](std::u32string_view f, std::u32string_view g, size_t i) {
    return i < f.size() ? f[i] : g[i - f.size()];
  };
  for (size_t i = 0; i < fa.size() + ga.size(); ++i)
    if (at(fa, ga, i) != at(fb, gb, i)) return false;
  return true;
}

// Gives a's name b's split where the whole is the same in a script.
EncodedName ResplitLike(const TextDictionary& texts, EncodedName a, const EncodedName& b) {
  if (SameWhole(texts, a.family_kanji, a.given_kanji, b.family_kanji, b.given_kanji)) {
    a.family_kanji = b.family_kanji;
    a.given_kanji = b.given_kanji;
  }
  if (SameWhole(texts, a.family_kana, a.given_kana, b.family_kana, b.given_kana)) {
    a.family_kana = b.family_kana;
    a.given_kana = b.given_kana;
  }
  return a;
}

}  // namespace

// Of two swapped views of one name, the rarity of the right one counts.
bool Comparator::IsUsualOrder(const EncodedName& n) {
  const TextId family = n.family_kanji ? n.family_kanji : n.family_kana;
  const TextId given = n.given_kanji ? n.given_kanji : n.given_kana;
  if (!family || !given) return true;
  return memo_->Answer(kOfUsualOrder, family, given, [&]() -> uint8_t {
    const auto share = [&](NamePart part, TextId id) { return NationalShare(part, records_->texts.text(id)); };
    return share(NamePart::kFamily, family) * share(NamePart::kGiven, given) >=
           share(NamePart::kFamily, given) * share(NamePart::kGiven, family);
  }) != 0;
}

void Comparator::CompareNames(const EncodedRecord& a, const EncodedRecord& b,
                              ComparedPair* out) {
  int best_rank = -1;
  NameLevels best;
  const bool same_letters = (a.kanji_bag && a.kanji_bag == b.kanji_bag) ||
                            (a.kana_bag && a.kana_bag == b.kana_bag);
  const auto compare = [&](const EncodedName& x, const EncodedName& y) {
    const NameLevels levels = CompareForms(x, y);
    const int rank = kNameRank[levels.family] + kNameRank[levels.given];
    if (rank <= best_rank) return;
    best_rank = rank;
    best = levels;
    out->name_a = x;
    out->name_b = y;
  };
  const auto consider = [&](const EncodedName& x, const EncodedName& y) {
    if (same_letters) compare(ResplitLike(records_->texts, x, y), y);
    else compare(x, y);
  };
  const auto consider_ways = [&](const EncodedName& x, const EncodedName& y) {
    consider(x, y);
    if (!LooksSwapped(x, y)) return;
    if (IsUsualOrder(y)) consider(Swapped(x), y);
    else consider(x, Swapped(y));
  };
  consider_ways(a.name, b.name);
  if ((a.more | b.more) != 0) {
    const auto& more_a = records_->more[a.more].names;
    const auto& more_b = records_->more[b.more].names;
    for (const EncodedName& y : more_b) consider_ways(a.name, y);
    for (const EncodedName& x : more_a) {
      consider_ways(x, b.name);
      for (const EncodedName& y : more_b) consider_ways(x, y);
    }
  }
  out->pattern.Set(Comparison::kFamilyName, best.family);
  out->pattern.Set(Comparison::kGivenName, best.given);
}

ComparedPair Comparator::Compare(const EncodedRecord& first, const EncodedRecord& second) {
  // Of values that agree equally well the first met counts: the order of the
  // two is that of their content, never of rows or keys.
  const bool in_order = first.content_hash <= second.content_hash;
  const EncodedRecord* const both[] = {&first, &second};  // chosen without a branch that no processor can foresee
  const EncodedRecord& a = *both[!in_order];
  const EncodedRecord& b = *both[in_order];
  ComparedPair out;
  CompareNames(a, b, &out);
  AgreementPattern& pattern = out.pattern;
  pattern.Set(Comparison::kSex, CompareSex(a.sex, b.sex));
  if ((a.more | b.more) == 0) {
    pattern.Set(Comparison::kBirthDate, CompareBirth(a.birth, b.birth));
    pattern.Set(Comparison::kCoverage, CompareCoverage(a.coverage, b.coverage));
    pattern.Set(Comparison::kAddress, CompareAddress(a.address, b.address));
    pattern.Set(Comparison::kPhone, ComparePhone(a.phone, b.phone));
    pattern.Set(Comparison::kCareInsurance, CompareCare(a.care, b.care));
    return out;
  }
  const MoreValues& x = records_->more[a.more];
  const MoreValues& y = records_->more[b.more];
  pattern.Set(Comparison::kBirthDate, BestLevel(a.birth, x.births, b.birth, y.births,
                                                CompareBirthValues, kBirthRank));
  pattern.Set(Comparison::kCoverage, BestLevel(a.coverage, x.coverages, b.coverage,
                                               y.coverages, CompareCoverage, kCoverageRank));
  pattern.Set(Comparison::kAddress, BestLevel(a.address, x.addresses, b.address, y.addresses,
                                              CompareAddress, kAddressRank));
  pattern.Set(Comparison::kPhone,
              BestLevel(a.phone, x.phones, b.phone, y.phones, ComparePhone, kPhoneRank));
  pattern.Set(Comparison::kCareInsurance,
              BestLevel(a.care, x.care, b.care, y.care, CompareCare, kCareRank));
  return out;
}

}  // namespace libmpi
