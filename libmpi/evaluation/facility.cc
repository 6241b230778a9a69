// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/facility.h"

#include <cstdio>

#include "libmpi/evaluation/errors.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

constexpr char kLetters[] = "HCPDK";

// Full-width katakana to half width, voiced marks apart, as old machines print.
std::string HalfWidth(std::string_view kana) {
  static constexpr std::u32string_view kFull =
      U"ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
  static constexpr std::u32string_view kVoiced = U"ガギグゲゴザジズゼゾダヂヅデドバビブベボ";
  static constexpr std::u32string_view kPlain = U"カキクケコサシスセソタチツテトハヒフヘホ";
  static constexpr std::u32string_view kHalfVoiced = U"パピプペポ", kHa = U"ハヒフヘホ";
  std::string out;
  for (size_t pos = 0; pos < kana.size();) {
    char32_t c = NextCodePoint(kana, &pos);
    char32_t mark = 0;
    if (const size_t i = kVoiced.find(c); i != kVoiced.npos) c = kPlain[i], mark = 0xFF9E;
    else if (const size_t j = kHalfVoiced.find(c); j != kHalfVoiced.npos) c = kHa[j], mark = 0xFF9F;
    if (const size_t k = kFull.find(c); k != kFull.npos) c = 0xFF66 + static_cast<char32_t>(k);
    AppendUtf8(c, &out);
    if (mark) AppendUtf8(mark, &out);
  }
  return out;
}

std::string Hiragana(std::string_view kana) {
  std::string out;
  for (size_t pos = 0; pos < kana.size();) {
    const char32_t c = NextCodePoint(kana, &pos);
    AppendUtf8(c >= 0x30A1 && c <= 0x30F6 ? c - 0x60 : c, &out);
  }
  return out;
}

std::string FullWidth(std::string_view ascii) {
  std::string out;
  for (size_t pos = 0; pos < ascii.size();) {
    const char32_t c = NextCodePoint(ascii, &pos);
    AppendUtf8(c >= 0x21 && c <= 0x7E ? c + 0xFEE0 : c, &out);
  }
  return out;
}

std::string Capitalized(std::string text) {
  for (size_t i = 1; i < text.size(); ++i)
    if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] + 32);
  return text;
}

const char* KanjiNumber(int n) {
  static constexpr const char* kNumbers[] = {"〇", "一", "二", "三", "四", "五", "六"};
  return kNumbers[n];
}

}  // namespace

Facility::Facility(FacilityKind kind, int number, uint64_t seed, double dirt)
    : kind_(kind), dirt_(dirt), next_id_(1000), random_(HashCombine(seed, static_cast<uint64_t>(kind) * 100003 + number)) {
  char text[16];
  std::snprintf(text, sizeof text, "%c%03d", kLetters[static_cast<int>(kind)], number);
  source_ = text;
  // Scripts by kind: claims-driven pharmacies and care offices often keep kana only.
  constexpr double kKanaOnly[] = {0.0, 0.05, 0.30, 0.05, 0.35};
  constexpr double kKanjiOnly[] = {0.04, 0.20, 0.02, 0.30, 0.20};
  const int k = static_cast<int>(kind);
  if (random_.Chance(kKanaOnly[k])) scripts_ = Scripts::kKana;
  else if (random_.Chance(kKanjiOnly[k])) scripts_ = Scripts::kKanji;
  dates_ = static_cast<DateStyle>(random_.Below(6));
  half_width_kana_ = random_.Chance(0.4);
  hiragana_ = !half_width_kana_ && random_.Chance(0.08);
  wide_space_ = random_.Chance(0.5);
  unsplit_ = random_.Chance(0.08);
  unsplit_kana_ = unsplit_ || random_.Chance(0.06);
  old_machine_ = random_.Chance(0.15);
  plain_kanji_ = random_.Chance(0.5);
  sex_digits_ = random_.Chance(0.5);
  sex_kanji_ = !sex_digits_ && random_.Chance(0.5);
  wide_numbers_ = random_.Chance(0.3);
  branch_known_ = random_.Chance(0.75);
  branch_glued_ = !branch_known_ && random_.Chance(0.08);
  has_coverage_ = kind != FacilityKind::kCare;
  has_address_ = kind != FacilityKind::kPharmacy || random_.Chance(0.5);
  has_phone_ = random_.Chance(0.85);
  address_in_words_ = random_.Chance(0.5);
  wide_address_ = random_.Chance(0.3);
  building_ = random_.Chance(0.6);
  phone_hyphens_ = random_.Chance(0.7);
  pads_insurer_ = random_.Chance(0.3);
}

RegionRow Facility::Write(const Person& person, int year, const Population& population,
                          RegionStatistics* statistics) {
  RegionRow row;
  row.person = person.id;
  row.facility_kind = static_cast<uint8_t>(kind_);
  row.source = source_;
  next_id_ += 1 + random_.Below(3);
  row.record_id = std::to_string(next_id_);
  row.record_id.insert(0, row.record_id.size() < 8 ? 8 - row.record_id.size() : 0, '0');
  if (person.foreign) WriteForeignName(person, year, &row);
  else WriteName(person, year, population, &row, statistics);
  WriteBirth(person, &row);
  if (!Slips(0.01)) {
    const bool female = Slips(0.003) ? !person.female : person.female;
    row.sex = sex_digits_ ? (female ? "2" : "1") : sex_kanji_ ? (female ? "女" : "男") : (female ? "F" : "M");
  }
  if (has_coverage_) WriteCoverage(person, year, &row, statistics);
  if (kind_ == FacilityKind::kCare && !person.care_number.empty()) {
    row.care_insurer = person.care_insurer;
    row.care_number = Slips(0.01) ? SlipDigits(person.care_number, &random_) : person.care_number;
  }
  if (has_address_ && !Slips(0.04)) WriteAddress(person, year, &row);
  if (has_phone_ && !random_.Chance(0.2)) WritePhone(person, year, &row);
  return row;
}

void Facility::WriteName(const Person& person, int year, const Population& population,
                         RegionRow* row, RegionStatistics* statistics) {
  NameText family = At(person.family, year), given = person.given;
  const bool former_noted = person.family.size() > 1 && year >= person.family[1].year && random_.Chance(0.1);
  if (plain_kanji_) family.kanji = FoldKanji(family.kanji);
  if (Slips(0.008)) given.kanji = population.Homophone(given, &random_).kanji;
  if (Slips(0.012)) given.kana = SlipKana(given.kana, &random_);
  if (Slips(0.006)) family.kana = SlipKana(family.kana, &random_);
  if (Slips(0.003)) {
    NameText& part = random_.Chance(0.5) ? family : given;
    part.kanji = LoseGlyph(part.kanji, &random_);
    ++statistics->unknown_glyph_rows;
  }
  if (Slips(0.0125)) {
    std::swap(family, given);
    ++statistics->swapped_rows;
  }
  const bool unsplit = unsplit_ || random_.Chance(0.01);
  const std::string kanji_space = unsplit ? "" : wide_space_ ? "　" : " ";
  const std::string kana_space = unsplit_kana_ || unsplit ? "" : half_width_kana_ ? " " : wide_space_ ? "　" : " ";
  statistics->unsplit_rows += unsplit;
  std::string kana = family.kana + kana_space + given.kana;
  if (half_width_kana_) kana = HalfWidth(kana);
  else if (hiragana_) kana = Hiragana(kana);
  std::string kanji = family.kanji + kanji_space + given.kanji;
  if (former_noted) kanji += "（旧姓 " + person.family[0].value.kanji + "）";
  if (Slips(0.004)) kanji += unsplit ? "様" : " 様";
  if (random_.Chance(0.015)) {
    row->name = Capitalized(RomajiKeyOfKana(family.kana)) + " " + Capitalized(RomajiKeyOfKana(given.kana));
    ++statistics->romaji_rows;
    return;
  }
  if (scripts_ != Scripts::kKana) row->name = kanji;
  const bool kana_missing = scripts_ == Scripts::kKanji || Slips(0.02);
  if (!kana_missing || scripts_ == Scripts::kKana) row->kana = kana;
  statistics->kana_only_rows += row->name.empty();
  statistics->kanji_only_rows += row->kana.empty();
}

void Facility::WriteForeignName(const Person& person, int year, RegionRow* row) {
  const NameText& family = At(person.family, year);
  if (!person.alias_family.kanji.empty() && random_.Chance(0.3)) {
    row->name = person.alias_family.kanji + "　" + person.given.kanji;
    row->kana = person.alias_family.kana + " " + person.given.kana;
    return;
  }
  const bool swapped = random_.Chance(0.15);
  row->name = swapped ? person.latin_given + " " + person.latin_family
                      : person.latin_family + " " + person.latin_given;
  if (random_.Chance(0.3)) row->name = family.kana + "・" + person.given.kana;
  if (scripts_ != Scripts::kKanji) row->kana = family.kana + " " + person.given.kana;
  if (scripts_ == Scripts::kKana) row->name.clear();
}

std::string Facility::FormatDate(const CivilDate& d) const {
  struct Era {
    CivilDate first;
    const char* kanji;
    char letter;
    int base;
  };
  static constexpr Era kEras[] = {{{2019, 5, 1}, "令和", 'R', 2018}, {{1989, 1, 8}, "平成", 'H', 1988},
                                  {{1926, 12, 25}, "昭和", 'S', 1925}, {{1912, 7, 30}, "大正", 'T', 1911},
                                  {{1868, 1, 25}, "明治", 'M', 1867}};
  const Era* era = &kEras[4];
  for (const Era& e : kEras)
    if (d >= e.first) {
      era = &e;
      break;
    }
  const int y = d.year - era->base;
  char text[64];
  switch (dates_) {
    case DateStyle::kIso: std::snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day); break;
    case DateStyle::kSlash: std::snprintf(text, sizeof text, "%d/%d/%d", d.year, d.month, d.day); break;
    case DateStyle::kCompact: std::snprintf(text, sizeof text, "%04d%02d%02d", d.year, d.month, d.day); break;
    case DateStyle::kEraLetter: std::snprintf(text, sizeof text, "%c%d.%d.%d", era->letter, y, d.month, d.day); break;
    case DateStyle::kEraKanji:
      if (y == 1) std::snprintf(text, sizeof text, "%s元年%d月%d日", era->kanji, d.month, d.day);
      else std::snprintf(text, sizeof text, "%s%d年%d月%d日", era->kanji, y, d.month, d.day);
      break;
    case DateStyle::kEraCode:
      std::snprintf(text, sizeof text, "%d%02d%02d%02d", static_cast<int>(5 - (era - kEras)), y, d.month, d.day);
      break;
  }
  return wide_numbers_ && dates_ == DateStyle::kEraKanji ? FullWidth(text) : text;
}

void Facility::WriteBirth(const Person& person, RegionRow* row) {
  if (Slips(0.01)) {
    if (random_.Chance(0.3)) row->birth = "1900-01-01";
    return;
  }
  row->birth = FormatDate(Slips(0.011) ? SlipDate(person.birth, &random_) : person.birth);
}

void Facility::WriteCoverage(const Person& person, int year, RegionRow* row,
                             RegionStatistics* statistics) {
  if (Slips(0.08)) return;
  const Card& card = At(person.cards, year);
  row->insurer = card.insurer;
  row->symbol = card.symbol;
  row->number = Slips(0.012) ? SlipDigits(card.number, &random_) : card.number;
  const bool elderly = card.insurer.size() == 8 && card.insurer.compare(0, 2, "39") == 0;
  // On cards since 2021 only, where the facility keeps it.
  const bool branch = !elderly && branch_known_ && (year >= 2021 ? random_.Chance(0.9) : random_.Chance(0.1));
  if (branch) row->branch = Slips(0.012) ? "00" : person.branch;
  if (!elderly && branch_glued_ && year >= 2021) row->number += "-" + person.branch;
  statistics->missing_branch_rows += row->branch.empty();
  if (pads_insurer_ && row->insurer.size() == 6) row->insurer = "00" + row->insurer;
  if (wide_numbers_) {
    row->symbol = FullWidth(row->symbol);
    row->number = FullWidth(row->number);
  } else if (random_.Chance(0.05) && row->number.size() < 7) {
    row->number = "0" + row->number;
  }
}

void Facility::WriteAddress(const Person& person, int year, RegionRow* row) {
  const Place& place = At(person.places, year);
  const City& city = Cities()[place.city];
  row->prefecture = random_.Chance(0.95) ? kPrefecture : "";
  row->city = city.name;
  char postal[16];
  std::snprintf(postal, sizeof postal, "%s-%04d", city.postal.c_str(), 11 + 37 * place.town);
  if (random_.Chance(0.7)) row->postal_code = postal;
  const int go = Slips(0.01) ? place.go + 1 : place.go;
  std::string street = Towns()[place.town];
  if (address_in_words_) {
    if (place.chome > 0) street += (random_.Chance(0.3) ? std::string(KanjiNumber(place.chome)) : std::to_string(place.chome)) + "丁目";
    street += std::to_string(place.ban) + (place.chome > 0 ? "番" : "番地") + (place.chome > 0 ? std::to_string(go) + "号" : "の" + std::to_string(go));
  } else {
    if (place.chome > 0) street += std::to_string(place.chome) + "-";
    street += std::to_string(place.ban) + "-" + std::to_string(go);
  }
  if (building_ && !place.building.empty()) street += " " + place.building;
  row->street = wide_address_ ? FullWidth(street) : street;
}

std::string Facility::FormatPhone(const std::string& d) const {
  if (!phone_hyphens_) return d;
  if (d.size() == 11) return d.substr(0, 3) + "-" + d.substr(3, 4) + "-" + d.substr(7);
  return d.substr(0, 3) + "-" + d.substr(3, 3) + "-" + d.substr(6);
}

void Facility::WritePhone(const Person& person, int year, RegionRow* row) {
  const Place& place = At(person.places, year);
  const bool mobile = !person.mobile.empty() && random_.Chance(kLastYear - person.birth.year < 70 ? 0.6 : 0.25);
  std::string digits = mobile ? person.mobile : place.landline;
  if (Slips(0.01)) digits = SlipDigits(digits, &random_);
  row->phone = Slips(0.002) ? "000-0000-0000" : FormatPhone(digits);
}

}  // namespace libmpi
