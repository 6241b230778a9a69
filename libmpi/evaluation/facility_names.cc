// SPDX-License-Identifier: Apache-2.0
// The name in a row.
#include <string>
#include <utility>

#include "libmpi/evaluation/errors.h"
#include "libmpi/evaluation/facility.h"
#include "libmpi/evaluation/spelling.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Errors, as shares of rows.
constexpr double kGivenHomophone = 0.008, kFamilyHomophone = 0.003, kOtherReading = 0.003;
constexpr double kGivenKanaSlip = 0.010, kFamilyKanaSlip = 0.005, kOtherSpelling = 0.008;
constexpr double kLostGlyph = 0.0015, kSwapped = 0.0130, kRunTogether = 0.012, kKanaLeftOut = 0.02;
constexpr double kTitle = 0.004, kLateMark = 0.001;
// Habits of clerks, not errors: dirt leaves them alone.
constexpr double kRomaji = 0.014, kFormerNoted = 0.12;

}  // namespace

// The name as the clerk has it in mind.
Facility::NameParts Facility::MisheardName(const Person& person, int year, const NamePool& names) {
  NameParts parts{At(person.family, year), person.given};
  NameText& given = parts.given;
  NameText& family = parts.family;
  if (Slips(kGivenHomophone)) given = names.GivenHomophone(person.female, given, &random_);
  if (Slips(kFamilyHomophone)) family = names.FamilyHomophone(family, &random_);
  if (Slips(kOtherReading)) given = names.GivenOtherReading(person.female, given, &random_);
  if (Slips(kGivenKanaSlip)) given.kana = SlipKana(given.kana, &random_);
  if (Slips(kFamilyKanaSlip)) family.kana = SlipKana(family.kana, &random_);
  if (Slips(kOtherSpelling)) {
    given.kana = SpellKanaOtherwise(given.kana, &random_);
    family.kana = SpellKanaOtherwise(family.kana, &random_);
  }
  return parts;
}

// What the keyboard, the clerk and the character set make of rare kanji.
void Facility::FitMachine(std::string* kanji) {
  for (const KanjiVariant& v : KanjiVariants()) {
    const size_t at = kanji->find(v.variant);
    if (at == std::string::npos) continue;
    const bool lost = !v.in_jis_x_0208 && habits_.machine != Habits::Machine::kKeeps;
    if (lost && habits_.machine == Habits::Machine::kWritesBlank) {
      kanji->replace(at, v.variant.size(), kUnknownGlyph);
    } else if (lost || habits_.usual_kanji) {
      kanji->replace(at, v.variant.size(), v.usual);
    }
  }
}

std::string Facility::WriteKanji(const NameParts& parts, bool unsplit, const Person& person,
                                 int year) {
  const std::string space = unsplit ? "" : habits_.wide_space ? "　" : " ";
  std::string name = parts.family.kanji + space + parts.given.kanji;
  const NameText& born = person.family.front().value;
  const bool renamed = born != At(person.family, year);
  if (renamed && random_.Chance(kFormerNoted)) name += "（旧姓 " + born.kanji + "）";
  if (Slips(kTitle)) name += unsplit ? "様" : " 様";
  if (person.Age(kLastYear) >= 75 && Slips(kLateMark)) name = "（故）" + name;
  return name;
}

std::string Facility::WriteKana(const NameParts& parts, bool unsplit) {
  const bool half = habits_.kana == Habits::Kana::kHalf;
  const std::string space = unsplit ? "" : habits_.wide_space && !half ? "　" : " ";
  std::string kana = parts.family.kana + space + parts.given.kana;
  if (habits_.large_kana) kana = WithLargeKana(kana);
  if (half) return HalfWidthKana(kana);
  return habits_.kana == Habits::Kana::kHiragana ? ToHiragana(kana) : kana;
}

void Facility::WriteRomaji(const NameParts& parts, RegionRow* row) {
  std::string family = ToRomaji(parts.family.kana, habits_.romaji);
  std::string given = ToRomaji(parts.given.kana, habits_.romaji);
  if (random_.Chance(0.4)) {
    family = Capitalized(family);
    given = Capitalized(given);
  }
  row->name = family + " " + given;
  ++statistics_->romaji_rows;
}

void Facility::WriteJapaneseName(const Person& person, int year, const NamePool& names,
                                 RegionRow* row) {
  NameParts parts = MisheardName(person, year, names);
  FitMachine(&parts.family.kanji);
  FitMachine(&parts.given.kanji);
  if (Slips(kLostGlyph)) {
    std::string& part = (random_.Chance(0.5) ? parts.family : parts.given).kanji;
    part = LoseGlyph(part, &random_);
  }
  if (Slips(kSwapped)) {
    std::swap(parts.family, parts.given);
    ++statistics_->swapped_rows;
  }
  if (random_.Chance(kRomaji)) return WriteRomaji(parts, row);
  const bool run_together = Slips(kRunTogether);
  const bool unsplit = habits_.unsplit || run_together;
  const bool unsplit_kana = habits_.unsplit_kana || habits_.unsplit || run_together;
  if (habits_.scripts == Habits::Scripts::kKana) {
    (habits_.kana_in_name_column ? row->name : row->kana) = WriteKana(parts, unsplit_kana);
    ++statistics_->kana_only_rows;
    statistics_->unsplit_rows += unsplit_kana;
    return;
  }
  row->name = WriteKanji(parts, unsplit, person, year);
  if (habits_.scripts == Habits::Scripts::kBoth && !Slips(kKanaLeftOut))
    row->kana = WriteKana(parts, unsplit_kana);
  statistics_->kanji_only_rows += row->kana.empty();
  statistics_->unsplit_rows += unsplit;
  statistics_->unknown_glyph_rows += row->name.find(kUnknownGlyph) != std::string::npos;
}

std::string Facility::WriteLatin(const ForeignName& name) {
  const bool given_first = random_.Chance(0.15);
  std::string latin = given_first ? name.given + " " + name.family : name.family + " " + name.given;
  if (random_.Chance(0.2)) latin = Capitalized(latin);
  // Fields of twenty characters cut long names.
  if (habits_.machine != Habits::Machine::kKeeps && latin.size() > 20) latin.resize(20);
  return random_.Chance(0.15) ? FullWidth(latin) : latin;
}

void Facility::WriteForeignName(const Person& person, RegionRow* row) {
  const ForeignName& name = person.foreign_name;
  NameText family{name.family_kanji, name.family_kana}, given{name.given_kanji, name.given_kana};
  // 通称名: a Japanese family name before the given name.
  const bool alias = !person.alias.kanji.empty() && random_.Chance(0.5);
  if (alias) {
    family = person.alias;
    if (given.kanji.empty()) given.kanji = given.kana;
  }
  if (Slips(kGivenKanaSlip)) given.kana = SlipKana(given.kana, &random_);
  const NameParts parts{family, given};
  if (alias || (!family.kanji.empty() && random_.Chance(0.75))) {
    row->name = family.kanji + (habits_.wide_space ? "　" : " ") + given.kanji;
  } else if (habits_.latin_for_foreigners) {
    row->name = WriteLatin(name);
  } else {
    row->name = family.kana + (random_.Chance(0.6) ? "・" : " ") + given.kana;
  }
  if (habits_.scripts == Habits::Scripts::kKana) row->name.clear();
  if (habits_.scripts != Habits::Scripts::kKanji || row->name.empty())
    row->kana = WriteKana(parts, habits_.unsplit_kana);
}

}  // namespace libmpi
