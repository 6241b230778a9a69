// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/spelling.h"

#include <cstdio>
#include <iterator>

#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

std::u32string Letters(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
  return out;
}

std::string Text(std::u32string_view letters) {
  std::string out;
  for (char32_t c : letters) AppendUtf8(c, &out);
  return out;
}

bool OneOf(char32_t c, std::u32string_view set) { return set.find(c) != set.npos; }

// Names whose ツ is small; elsewhere マツカワ, ミツコ, イツキ are the rule.
constexpr std::u32string_view kDoubled[] = {
    U"ハツトリ", U"ホツタ", U"ハツタ", U"ニツタ", U"イツペイ", U"テツペイ", U"シユツペイ", U"リツカ",
    U"イツセイ", U"イツサ", U"ハツサク", U"ホツカワ", U"キツカワ", U"タツカワ", U"ベツプ", U"ベツシヨ"};

struct Era {
  CivilDate first;
  const char* kanji;
  char letter;
  int base;
  int code;
};
constexpr Era kEras[] = {{{2019, 5, 1}, "令和", 'R', 2018, 5},
                         {{1989, 1, 8}, "平成", 'H', 1988, 4},
                         {{1926, 12, 25}, "昭和", 'S', 1925, 3},
                         {{1912, 7, 30}, "大正", 'T', 1911, 2},
                         {{1868, 1, 25}, "明治", 'M', 1867, 1}};

const Era& EraOf(const CivilDate& date) {
  for (const Era& era : kEras)
    if (date >= era.first) return era;
  return kEras[std::size(kEras) - 1];
}

constexpr KanjiVariant kVariants[] = {
    {"高", "髙", 110, false}, {"崎", "﨑", 130, false}, {"辺", "邊", 70, true},
    {"辺", "邉", 90, true},   {"斎", "齋", 160, true},  {"沢", "澤", 170, true},
    {"浜", "濱", 110, true},  {"浜", "濵", 60, false},  {"島", "嶋", 60, true},
    {"吉", "𠮷", 70, false},  {"徳", "德", 60, false},  {"柳", "栁", 60, false},
    {"富", "冨", 80, true},   {"広", "廣", 110, true},  {"桜", "櫻", 90, true},
    {"滝", "瀧", 130, true},  {"国", "國", 60, true},   {"真", "眞", 50, true},
    {"瀬", "瀨", 40, false},  {"館", "舘", 90, true},   {"竜", "龍", 90, true},
    {"関", "關", 20, true},   {"黒", "黑", 30, false},  {"桑", "桒", 20, false},
    {"曽", "曾", 60, true},   {"渕", "淵", 60, true},   {"条", "條", 60, true}};

struct Syllable {
  char32_t kana;
  std::string_view hepburn;
  std::string_view kunrei;  // empty: the same
};
constexpr Syllable kSyllables[] = {
    {U'ア', "A", ""},   {U'イ', "I", ""},    {U'ウ', "U", ""},    {U'エ', "E", ""},
    {U'オ', "O", ""},   {U'カ', "KA", ""},   {U'キ', "KI", ""},   {U'ク', "KU", ""},
    {U'ケ', "KE", ""},  {U'コ', "KO", ""},   {U'サ', "SA", ""},   {U'シ', "SHI", "SI"},
    {U'ス', "SU", ""},  {U'セ', "SE", ""},   {U'ソ', "SO", ""},   {U'タ', "TA", ""},
    {U'チ', "CHI", "TI"}, {U'ツ', "TSU", "TU"}, {U'テ', "TE", ""}, {U'ト', "TO", ""},
    {U'ナ', "NA", ""},  {U'ニ', "NI", ""},   {U'ヌ', "NU", ""},   {U'ネ', "NE", ""},
    {U'ノ', "NO", ""},  {U'ハ', "HA", ""},   {U'ヒ', "HI", ""},   {U'フ', "FU", "HU"},
    {U'ヘ', "HE", ""},  {U'ホ', "HO", ""},   {U'マ', "MA", ""},   {U'ミ', "MI", ""},
    {U'ム', "MU", ""},  {U'メ', "ME", ""},   {U'モ', "MO", ""},   {U'ヤ', "YA", ""},
    {U'ユ', "YU", ""},  {U'ヨ', "YO", ""},   {U'ラ', "RA", ""},   {U'リ', "RI", ""},
    {U'ル', "RU", ""},  {U'レ', "RE", ""},   {U'ロ', "RO", ""},   {U'ワ', "WA", ""},
    {U'ヲ', "O", ""},   {U'ン', "N", ""},    {U'ガ', "GA", ""},   {U'ギ', "GI", ""},
    {U'グ', "GU", ""},  {U'ゲ', "GE", ""},   {U'ゴ', "GO", ""},   {U'ザ', "ZA", ""},
    {U'ジ', "JI", "ZI"}, {U'ズ', "ZU", ""},  {U'ゼ', "ZE", ""},   {U'ゾ', "ZO", ""},
    {U'ダ', "DA", ""},  {U'ヂ', "JI", "ZI"}, {U'ヅ', "ZU", ""},   {U'デ', "DE", ""},
    {U'ド', "DO", ""},  {U'バ', "BA", ""},   {U'ビ', "BI", ""},   {U'ブ', "BU", ""},
    {U'ベ', "BE", ""},  {U'ボ', "BO", ""},   {U'パ', "PA", ""},   {U'ピ', "PI", ""},
    {U'プ', "PU", ""},  {U'ペ', "PE", ""},   {U'ポ', "PO", ""}};

std::string_view SyllableOf(char32_t c, bool kunrei) {
  for (const Syllable& s : kSyllables)
    if (s.kana == c) return kunrei && !s.kunrei.empty() ? s.kunrei : s.hepburn;
  return "";
}

// ャュョ after a letter in -I: SHI + ャ = SHA, KI + ャ = KYA, SI + ャ = SYA.
void JoinSmallY(char32_t small, bool kunrei, std::string* out) {
  const char vowel = small == U'ャ' ? 'A' : small == U'ュ' ? 'U' : 'O';
  if (!out->empty() && out->back() == 'I') out->pop_back();
  const bool merged = !kunrei && (out->ends_with("SH") || out->ends_with("CH") ||
                                  out->ends_with('J'));
  if (!merged) *out += 'Y';
  *out += vowel;
}

// Whether a vowel lengthens the one before it.
bool Lengthens(char32_t c, const std::string& before) {
  if (before.empty()) return false;
  const char last = before.back();
  return c == U'ー' || (c == U'ウ' && (last == 'O' || last == 'U')) || (c == U'オ' && last == 'O');
}

}  // namespace

std::string WithSmallKana(std::string_view kana_key) {
  std::u32string s = Letters(kana_key);
  for (std::u32string_view word : kDoubled)
    if (const size_t at = s.find(word); at != s.npos) {
      const size_t tsu = word.find(U'ツ', word[0] == U'シ' ? 2 : 1);
      s[at + tsu] = U'ッ';
    }
  for (size_t i = 1; i < s.size(); ++i) {
    const char32_t before = s[i - 1], next = i + 1 < s.size() ? s[i + 1] : 0;
    const bool sino = OneOf(before, U"キシチヒリギジビピ"), hushing = OneOf(before, U"シジ");
    const bool long_o = s[i] == U'ヨ' && sino && next == U'ウ';
    const bool long_u = s[i] == U'ユ' && sino && (next == U'ウ' || next == U'ン');
    const bool after_hushing = hushing && OneOf(s[i], U"ヤユヨ");
    if (long_o || long_u || after_hushing) s[i] -= 1;  // the small letter stands just before
  }
  return Text(s);
}

std::string WithLargeKana(std::string_view kana) {
  std::u32string s = Letters(kana);
  for (char32_t& c : s)
    if (OneOf(c, U"ァィゥェォッャュョヮ")) c += 1;
  return Text(s);
}

std::string HalfWidthKana(std::string_view kana) {
  // In the order of the half-width block, U+FF66 on.
  static constexpr std::u32string_view kFull =
      U"ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
  std::string out;
  for (char32_t c : Letters(kana)) {
    char32_t mark = 0;
    if (c == U'ヴ') {
      c = U'ウ';
      mark = 0xFF9E;
    } else if (OneOf(c, U"ガギグゲゴザジズゼゾダヂヅデドバビブベボ")) {
      c -= 1;  // the plain letter stands just before
      mark = 0xFF9E;
    } else if (OneOf(c, U"パピプペポ")) {
      c -= 2;
      mark = 0xFF9F;
    } else if (c == U'・') {
      c = 0xFF65;
    }
    if (const size_t i = kFull.find(c); i != kFull.npos) c = 0xFF66 + static_cast<char32_t>(i);
    AppendUtf8(c, &out);
    if (mark != 0) AppendUtf8(mark, &out);
  }
  return out;
}

std::string ToHiragana(std::string_view kana) {
  std::string out;
  for (char32_t c : Letters(kana)) AppendUtf8(c >= U'ァ' && c <= U'ン' ? c - 0x60 : c, &out);
  return out;
}

std::string FullWidth(std::string_view text) {
  std::string out;
  for (char32_t c : Letters(text)) {
    if (c == ' ') c = 0x3000;
    AppendUtf8(c > 0x20 && c <= 0x7E ? c + 0xFEE0 : c, &out);
  }
  return out;
}

std::span<const KanjiVariant> KanjiVariants() { return kVariants; }

std::string ToRomaji(std::string_view kana, RomajiStyle style) {
  const bool kunrei = style == RomajiStyle::kKunrei;
  const std::u32string s = Letters(kana);
  std::string out;
  bool doubled = false;
  for (size_t i = 0; i < s.size(); ++i) {
    const char32_t c = s[i];
    if (OneOf(c, U"ャュョ")) {
      JoinSmallY(c, kunrei, &out);
    } else if (c == U'ッ') {
      doubled = true;
    } else if (Lengthens(c, out)) {
      if (style == RomajiStyle::kLongVowels && c != U'ー') out += c == U'ウ' ? 'U' : 'O';
      if (style == RomajiStyle::kPassportOh && out.back() == 'O') out += 'H';
    } else {
      const std::string_view syllable = SyllableOf(c, kunrei);
      if (doubled && !syllable.empty()) out += syllable.starts_with("CH") ? 'T' : syllable[0];
      doubled = false;
      const bool lips = !syllable.empty() && OneOf(static_cast<char32_t>(syllable[0]), U"BMP");
      if (style == RomajiStyle::kPassportOh && lips && out.ends_with('N') && s[i - 1] == U'ン')
        out.back() = 'M';
      out += syllable;
    }
  }
  return out;
}

std::string Capitalized(std::string_view capitals) {
  std::string out(capitals);
  for (size_t i = 1; i < out.size(); ++i)
    if (out[i - 1] != ' ' && out[i] >= 'A' && out[i] <= 'Z')
      out[i] = static_cast<char>(out[i] + 32);
  return out;
}

std::string WriteDate(const CivilDate& d, DateStyle style) {
  const Era& era = EraOf(d);
  const int y = d.year, m = d.month, day = d.day, n = y - era.base;
  char text[80];
  switch (style) {
    case DateStyle::kIso: std::snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, day); break;
    case DateStyle::kSlash: std::snprintf(text, sizeof text, "%d/%d/%d", y, m, day); break;
    case DateStyle::kSlashPadded:
      std::snprintf(text, sizeof text, "%04d/%02d/%02d", y, m, day);
      break;
    case DateStyle::kCompact: std::snprintf(text, sizeof text, "%04d%02d%02d", y, m, day); break;
    case DateStyle::kEraLetter:
      std::snprintf(text, sizeof text, "%c%d.%d.%d", era.letter, n, m, day);
      break;
    case DateStyle::kEraLetterPadded:
      std::snprintf(text, sizeof text, "%c%02d/%02d/%02d", era.letter, n, m, day);
      break;
    case DateStyle::kEraKanji:
      if (n == 1) {
        std::snprintf(text, sizeof text, "%s元年%d月%d日", era.kanji, m, day);
      } else {
        std::snprintf(text, sizeof text, "%s%d年%d月%d日", era.kanji, n, m, day);
      }
      break;
    case DateStyle::kEraCode:
      std::snprintf(text, sizeof text, "%d%02d%02d%02d", era.code, n, m, day);
      break;
  }
  return text;
}

std::string_view KanjiDigit(int n) {
  constexpr std::string_view kDigits[] = {"〇", "一", "二", "三", "四",
                                          "五", "六", "七", "八", "九"};
  return kDigits[n % 10];
}

}  // namespace libmpi
