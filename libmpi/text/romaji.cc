// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/romaji.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

struct Rewrite {
  std::string_view from;
  std::string_view to;
};

// Spellings of one syllable to the Hepburn one, longest first.
constexpr Rewrite kSpellings[] = {
    {"TCH", "CH"},  {"CCH", "CH"}, {"SSH", "SH"}, {"TTS", "TS"}, {"TTY", "CH"}, {"SSY", "SH"},
    {"SYA", "SHA"}, {"SYU", "SHU"}, {"SYO", "SHO"}, {"TYA", "CHA"}, {"TYU", "CHU"},
    {"TYO", "CHO"}, {"ZYA", "JA"},  {"ZYU", "JU"},  {"ZYO", "JO"},  {"JYA", "JA"},
    {"JYU", "JU"},  {"JYO", "JO"},  {"DYA", "JA"},  {"DYU", "JU"},  {"DYO", "JO"},
    {"CYA", "CHA"}, {"CYU", "CHU"}, {"CYO", "CHO"}, {"SHU", "SHU"}, {"CHU", "CHU"},
    {"TSU", "TSU"}, {"DZU", "ZU"},  {"SI", "SHI"},  {"TI", "CHI"},  {"TU", "TSU"},
    {"HU", "FU"},   {"ZI", "JI"},   {"DI", "JI"},   {"DU", "ZU"},   {"WO", "O"}};

bool IsVowel(char c) { return c == 'A' || c == 'I' || c == 'U' || c == 'E' || c == 'O'; }
bool IsConsonant(char c) { return c >= 'A' && c <= 'Z' && !IsVowel(c); }

std::string Respell(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size();) {
    // SHI and TSU hold SI.. and TU.. only apart from their own letters.
    const Rewrite* found = nullptr;
    for (const Rewrite& r : kSpellings)
      if (in.substr(i, r.from.size()) == r.from) {
        found = &r;
        break;
      }
    if (found != nullptr) {
      out += found->to;
      i += found->from.size();
    } else {
      out += in[i++];
    }
  }
  return out;
}

// M before B, M, P is N; doubled consonants are one; apostrophes are gone already.
std::string FoldConsonants(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    char c = in[i];
    const char next = i + 1 < in.size() ? in[i + 1] : '\0';
    if (c == 'M' && (next == 'B' || next == 'P' || next == 'M')) c = 'N';
    if (IsConsonant(c) && c == next && c != 'N') continue;
    if (c == 'N' && next == 'N') continue;
    out += c;
  }
  return out;
}

// Long vowels: OH before a consonant or the end, OO, OU, UU, AA, II, EE, EI.
std::string DropLength(std::string_view in) {
  std::string out;
  char vowel = '\0';  // the vowel that is sounding
  for (size_t i = 0; i < in.size(); ++i) {
    const char c = in[i];
    const char next = i + 1 < in.size() ? in[i + 1] : '\0';
    if (c == 'H' && vowel == 'O' && !IsVowel(next) && next != 'Y') continue;
    const bool lengthens = (c == vowel && IsVowel(c)) || (vowel == 'O' && c == 'U') ||
                           (vowel == 'E' && c == 'I');
    if (lengthens) continue;
    out += c;
    vowel = IsVowel(c) ? c : '\0';
  }
  return out;
}

using KanaTable = absl::flat_hash_map<char32_t, std::string_view>;

const KanaTable& KanaRomaji() {
  static const KanaTable* const table = new KanaTable{
      {U'ア', "A"},   {U'イ', "I"},   {U'ウ', "U"},   {U'エ', "E"},  {U'オ', "O"},
      {U'カ', "KA"},  {U'キ', "KI"},  {U'ク', "KU"},  {U'ケ', "KE"}, {U'コ', "KO"},
      {U'サ', "SA"},  {U'シ', "SHI"}, {U'ス', "SU"},  {U'セ', "SE"}, {U'ソ', "SO"},
      {U'タ', "TA"},  {U'チ', "CHI"}, {U'ツ', "TSU"}, {U'テ', "TE"}, {U'ト', "TO"},
      {U'ナ', "NA"},  {U'ニ', "NI"},  {U'ヌ', "NU"},  {U'ネ', "NE"}, {U'ノ', "NO"},
      {U'ハ', "HA"},  {U'ヒ', "HI"},  {U'フ', "FU"},  {U'ヘ', "HE"}, {U'ホ', "HO"},
      {U'マ', "MA"},  {U'ミ', "MI"},  {U'ム', "MU"},  {U'メ', "ME"}, {U'モ', "MO"},
      {U'ヤ', "YA"},  {U'ユ', "YU"},  {U'ヨ', "YO"},  {U'ラ', "RA"}, {U'リ', "RI"},
      {U'ル', "RU"},  {U'レ', "RE"},  {U'ロ', "RO"},  {U'ワ', "WA"}, {U'ン', "N"},
      {U'ガ', "GA"},  {U'ギ', "GI"},  {U'グ', "GU"},  {U'ゲ', "GE"}, {U'ゴ', "GO"},
      {U'ザ', "ZA"},  {U'ジ', "JI"},  {U'ズ', "ZU"},  {U'ゼ', "ZE"}, {U'ゾ', "ZO"},
      {U'ダ', "DA"},  {U'デ', "DE"},  {U'ド', "DO"},  {U'バ', "BA"}, {U'ビ', "BI"},
      {U'ブ', "BU"},  {U'ベ', "BE"},  {U'ボ', "BO"},  {U'パ', "PA"}, {U'ピ', "PI"},
      {U'プ', "PU"},  {U'ペ', "PE"},  {U'ポ', "PO"}};
  return *table;
}

// Folded keys have large kana only, so シヨ may be ショ or シ・ヨ: after an i-row
// letter, ヤ ユ ヨ contract ("SHIYO" → "SHO"), in romaji given and made alike.
std::string Contract(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    const bool glide = in[i] == 'I' && i > 0 && IsConsonant(in[i - 1]) && i + 2 < in.size() &&
                       in[i + 1] == 'Y' && IsVowel(in[i + 2]) && in[i + 2] != 'I' &&
                       in[i + 2] != 'E';
    if (!glide) {
      out += in[i];
      continue;
    }
    const char before = in[i - 1];
    const bool palatal = before == 'J' || (before == 'H' && i > 1 && (in[i - 2] == 'S' || in[i - 2] == 'C'));
    if (palatal) ++i;  // SHIYO → SHO, JIYU → JU; KIYO → KYO
  }
  return out;
}

// Keys of kana know no small ツ, so ハツトリ may be HATTORI: TSU before a
// consonant that doubles goes, wherever it came from (MATSUKAWA is MAKAWA on both sides).
std::string DropDoubling(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    const char after = i + 3 < in.size() ? in[i + 3] : '\0';
    const bool doubles = after == 'K' || after == 'S' || after == 'T' || after == 'P' || after == 'C';
    if (doubles && i > 0 && in.substr(i, 3) == "TSU") i += 2;
    else out += in[i];
  }
  return out;
}

std::string Canonical(std::string_view spelled) {
  return DropLength(FoldConsonants(DropDoubling(Contract(spelled))));
}

// Without DropDoubling.
std::string CanonicalTyped(std::string_view spelled) { return DropLength(FoldConsonants(Contract(spelled))); }

// HATTORI as HATSUTORI, HATCHO as HATSUCHO: as kana without a small ツ have it.
std::string WriteOutDoubling(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    const char c = in[i], next = i + 1 < in.size() ? in[i + 1] : '\0';
    const bool doubled = (c == next && IsConsonant(c) && c != 'N' && c != 'M') ||
                         (c == 'T' && next == 'C' && i + 2 < in.size() && in[i + 2] == 'H');
    if (doubled) out += "TSU";
    else out += c;
  }
  return out;
}

// Without spaces and unknown glyphs.
std::string LettersOf(std::string_view latin_key) {
  std::string letters;
  for (char c : latin_key)
    if (c != ' ' && static_cast<unsigned char>(c) < 0x80) letters += c;
  return letters;
}

std::string LettersOfKana(std::string_view kana_key) {
  std::string letters;
  for (size_t pos = 0; pos < kana_key.size();) {
    const char32_t c = NextCodePoint(kana_key, &pos);
    const auto it = KanaRomaji().find(c);
    if (it != KanaRomaji().end()) letters += it->second;
    else if (c < 0x80 && c != ' ') letters += static_cast<char>(c);
  }
  return letters;
}

}  // namespace

std::string RomajiKey(std::string_view latin_key) { return Canonical(Respell(LettersOf(latin_key))); }

std::string RomajiKeyOfKana(std::string_view kana_key) { return Canonical(LettersOfKana(kana_key)); }

std::string TypedRomajiKey(std::string_view latin_key) {
  return CanonicalTyped(Respell(WriteOutDoubling(LettersOf(latin_key))));
}

std::string TypedRomajiKeyOfKana(std::string_view kana_key) { return CanonicalTyped(LettersOfKana(kana_key)); }

}  // namespace libmpi
