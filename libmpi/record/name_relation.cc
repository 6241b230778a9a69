// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_relation.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/folded_text.h"
#include "libmpi/text/names.h"
#include "libmpi/text/near_text.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

using Relation = PartRelation;

constexpr int kReadings = 4;         // of a kanji spelling, for homophones
constexpr double kReadable = 0;      // bits for "this kana reads that kanji" against "any name"
constexpr double kUnreadable = -6;   // 2 % of other names lie above, no true reading of a usual name below

// One name part in the scripts it was said in.
struct Part {
  std::string_view kanji, kana, latin;
  bool empty() const { return kanji.empty() && kana.empty() && latin.empty(); }
};
struct Name {
  Part family, given;
};

bool AreKnown(NamePart part, std::string_view a, std::string_view b) {
  return IsKnownName(part, a) && IsKnownName(part, b);
}

// A part that holds no kanji is in kana, wherever it stands: 山田 みどり.
void PutKana(std::string_view text, Part* part) {
  if (text.empty()) return;
  const bool kana = ScriptOfFolded(text) == Script::kKana;
  if (!kana) part->kanji = text;
  else if (part->kana.empty()) part->kana = text;
}

// The k-th forms of the scripts belong together.
std::vector<Name> NamesOf(std::span<const NameFeatures> statements) {
  std::vector<Name> names;
  for (const NameFeatures& s : statements) {
    const size_t count = std::max({s.kanji.size(), s.kana.size(), s.latin.size()});
    for (size_t k = 0; k < count; ++k) {
      const auto form = [k](const std::vector<NameForm>& forms) {
        return forms.empty() ? nullptr : &forms[std::min(k, forms.size() - 1)];
      };
      Name& name = names.emplace_back();
      if (const NameForm* f = form(s.kana)) name.family.kana = f->family, name.given.kana = f->given;
      if (const NameForm* f = form(s.latin)) name.family.latin = f->family, name.given.latin = f->given;
      if (const NameForm* f = form(s.kanji)) PutKana(f->family, &name.family), PutKana(f->given, &name.given);
    }
  }
  return names;
}

Relation RelateKanjiParts(NamePart part, std::string_view a, std::string_view b) {
  const std::u32string x = CodePointsOf(a), y = CodePointsOf(b);
  switch (RelateKanji(x, y)) {
    case KanjiRelation::kEqual:
    case KanjiRelation::kNear: return Relation::kSame;
    case KanjiRelation::kDifferent: return Relation::kOther;
    case KanjiRelation::kShared: break;
  }
  // Only the last letter in common, as half a generation has it (子, 郎, 美): another name, if
  // both are names.
  const auto rest = [](std::u32string_view text) { return text.substr(0, text.size() - 1); };
  const bool ending_only = x.size() > 1 && y.size() > 1 && x.back() == y.back() &&
                           RelateKanji(rest(x), rest(y)) == KanjiRelation::kDifferent;
  return ending_only && AreKnown(part, a, b) ? Relation::kOther : Relation::kDoubtful;
}

// Of names that are more than near: half of the longer in common from the front, or anywhere
// where one of them is no name that people bear; a letter wrong in a name of two.
bool ShareKana(std::u32string_view a, std::u32string_view b, bool known) {
  const size_t longer = std::max(a.size(), b.size());
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (2 * static_cast<size_t>(differ.first - a.begin()) >= longer) return true;
  const auto is_shared = [b](char32_t c) { return b.find(c) != b.npos; };
  const auto shared = static_cast<size_t>(std::count_if(a.begin(), a.end(), is_shared));
  return (!known || longer == 2) && 2 * shared >= longer;
}

Relation RelateKanaParts(NamePart part, std::string_view a, std::string_view b) {
  switch (RelateKana(a, b)) {
    case KanaRelation::kEqual:
    case KanaRelation::kLoose: return Relation::kSame;
    case KanaRelation::kNear: return AreKnown(part, a, b) ? Relation::kDoubtful : Relation::kTypo;
    case KanaRelation::kDifferent: break;
  }
  const bool shared = ShareKana(CodePointsOf(a), CodePointsOf(b), AreKnown(part, a, b));
  return shared ? Relation::kDoubtful : Relation::kOther;
}

Relation RelateByReading(NamePart part, std::string_view kanji, std::string_view kana,
                         const ReadingModel& readings) {
  const double bits = readings.Log2Probability(part, kanji, kana) - readings.Log2KanaFrequency(part, kana);
  if (bits >= kReadable) return Relation::kSame;
  const bool says_no = bits < kUnreadable && AreKnown(part, kanji, kana);
  return says_no ? Relation::kOtherReading : Relation::kUnknown;
}

// 陽子 and 洋子: one name written as it was heard.
bool SoundAlike(NamePart part, std::string_view a, std::string_view b, const ReadingModel& readings) {
  const auto of_b = readings.LikelyReadings(part, b, kReadings);
  for (const auto& x : readings.LikelyReadings(part, a, kReadings))
    for (const auto& y : of_b)
      if (x.first == y.first) return true;
  return false;
}

// Two spellings of which at least one has no kana: they are one name if they can be read alike.
Relation RelateHeardKanji(NamePart part, const Part& a, const Part& b, const ReadingModel& readings) {
  const Relation seen = RelateKanjiParts(part, a.kanji, b.kanji);
  if (seen == Relation::kSame) return seen;
  const auto reads = [&](std::string_view kanji, std::string_view kana) {
    return RelateByReading(part, kanji, kana, readings) == Relation::kSame;
  };
  const bool heard = !a.kana.empty()   ? reads(b.kanji, a.kana)
                     : !b.kana.empty() ? reads(a.kanji, b.kana)
                                       : SoundAlike(part, a.kanji, b.kanji, readings);
  return heard ? Relation::kSame : seen;
}

// Kanji and kana of both: the same in one is the same name. Where both differ, one misspelling
// does not do it, unless it left no name that people bear.
Relation RelateBothScripts(NamePart part, const Part& a, const Part& b) {
  const Relation kanji = RelateKanjiParts(part, a.kanji, b.kanji);
  const Relation kana = RelateKanaParts(part, a.kana, b.kana);
  if (kanji == Relation::kSame || kana == Relation::kSame) return Relation::kSame;
  if (kana == Relation::kTypo) return Relation::kDoubtful;
  const bool doubtful = kanji == Relation::kDoubtful && kana == Relation::kDoubtful;
  return doubtful && !AreKnown(part, a.kanji, b.kanji) ? Relation::kDoubtful : Relation::kOther;
}

// Kana of both and the kanji of one, which tells whether the other's kana are its reading.
Relation RelateHeardKana(NamePart part, const Part& a, const Part& b, const ReadingModel& readings) {
  const Relation heard = RelateKanaParts(part, a.kana, b.kana);
  const std::string_view kanji = a.kanji.empty() ? b.kanji : a.kanji;
  const std::string_view kana = a.kanji.empty() ? a.kana : b.kana;
  if (heard == Relation::kSame || kanji.empty()) return heard;
  return std::min(heard, RelateByReading(part, kanji, kana, readings));
}

Relation RelateLatin(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Relation::kUnknown;
  if (a == b) return Relation::kSame;
  // An initial, or a middle name left out.
  if (StartsWith(a, b) || StartsWith(b, a)) return Relation::kTypo;
  return IsOneEditApart(CodePointsOf(a), CodePointsOf(b)) ? Relation::kTypo : Relation::kOther;
}

// Romaji meet kana, but foreign names in kana follow their sound: no match says nothing.
Relation RelateLatinToKana(std::string_view latin_key, std::string_view kana) {
  const Relation relation = RelateLatin(latin_key, RomajiKeyOfKana(kana));
  return relation == Relation::kOther ? Relation::kUnknown : relation;
}

Relation RelateParts(NamePart part, const Part& a, const Part& b, const ReadingModel& readings) {
  if (a.empty() || b.empty()) return Relation::kUnknown;
  const bool kanji = !a.kanji.empty() && !b.kanji.empty(), kana = !a.kana.empty() && !b.kana.empty();
  if (kanji && kana) return RelateBothScripts(part, a, b);
  if (kana) return RelateHeardKana(part, a, b, readings);
  if (kanji) return RelateHeardKanji(part, a, b, readings);
  if (!a.latin.empty() && !b.latin.empty()) return RelateLatin(RomajiKey(a.latin), RomajiKey(b.latin));
  if (!a.latin.empty() && !b.kana.empty()) return RelateLatinToKana(RomajiKey(a.latin), b.kana);
  if (!b.latin.empty() && !a.kana.empty()) return RelateLatinToKana(RomajiKey(b.latin), a.kana);
  if (!a.kanji.empty() && !b.kana.empty()) return RelateByReading(part, a.kanji, b.kana, readings);
  if (!b.kanji.empty() && !a.kana.empty()) return RelateByReading(part, b.kanji, a.kana, readings);
  return Relation::kUnknown;
}

bool AreAlike(Relation r) { return r == Relation::kSame || r == Relation::kTypo; }

NameRelation RelateOne(const Name& a, const Name& b, const ReadingModel& readings) {
  NameRelation out;
  out.complete = !a.family.empty() && !a.given.empty() && !b.family.empty() && !b.given.empty();
  out.family = RelateParts(NamePart::kFamily, a.family, b.family, readings);
  out.given = RelateParts(NamePart::kGiven, a.given, b.given, readings);
  if (!out.complete || AreAlike(out.given)) return out;
  const bool swapped = AreAlike(RelateParts(NamePart::kFamily, a.family, b.given, readings)) &&
                       AreAlike(RelateParts(NamePart::kGiven, a.given, b.family, readings));
  if (swapped) out.family = out.given = Relation::kSame;
  return out;
}

// Unsplit names may be divided otherwise.
bool AreOneUndivided(const Name& a, const Name& b) {
  const auto whole = [](const Name& name, std::string_view Part::*script) {
    return std::string(name.family.*script) += name.given.*script;
  };
  const auto equal = [&](std::string_view Part::*script) {
    const std::string text = whole(a, script);
    return !text.empty() && text == whole(b, script);
  };
  return equal(&Part::kanji) || equal(&Part::kana);
}

}  // namespace

NameRelation RelateNames(std::span<const NameFeatures> a, std::span<const NameFeatures> b,
                         const ReadingModel& readings) {
  NameRelation best;
  const std::vector<Name> names_b = NamesOf(b);
  for (const Name& x : NamesOf(a))
    for (const Name& y : names_b) {
      if (AreOneUndivided(x, y)) return {Relation::kSame, Relation::kSame, best.complete};
      const NameRelation one = RelateOne(x, y, readings);
      best.family = std::min(best.family, one.family);
      best.given = std::min(best.given, one.given);
      best.complete = best.complete || one.complete;
    }
  return best;
}

}  // namespace libmpi
