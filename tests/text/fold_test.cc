// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/fold.h"

#include <unicode/unorm2.h>

#include <random>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

struct Case {
  const char* note;
  const char* input;
  const char* want;
};

TEST(FoldWidthTest, ChangesWidthAndSpaceOnly) {
  const Case kCases[] = {
      {"full-width letters and digits", "ＡＢＣ１２３", "ABC123"},
      {"half-width kana", "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"},
      {"half-width p row", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "パピプペポ"},
      {"combining voiced mark", "カ\u3099", "ガ"},
      {"ideographic space, ends trimmed", "　山田　　太郎　", "山田 太郎"},
      {"hyphens between digits", "1ー2−3‐4", "1-2-3-4"},
      {"long vowel stays after kana", "サトー", "サトー"},
      {"variation selector", "辻\U000E0100", "辻"},
      {"compatibility letter", "㈱", "(株)"},
      {"kanji variants stay", "髙﨑", "髙﨑"},
      {"hiragana stays", "やまだ", "やまだ"},
      {"control characters go", "a\x01" "b", "ab"},
      {"empty", "", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(FoldWidth(c.input), c.want) << c.note;
}

TEST(FoldKanaTest, MakesOneKeyOfSpellings) {
  const Case kCases[] = {
      {"hiragana", "やまだ たろう", "ヤマダタロウ"},
      {"small kana", "キョウコ", "キヨウコ"},
      {"large as in old municipal data", "キヨウコ", "キヨウコ"},
      {"dzu and di", "カヅヱ ヂヲ", "カズエジオ"},
      {"v row", "ヴァン", "バン"},
      {"iteration", "いすゞ", "イスズ"},
      {"plain iteration", "サヽキ", "ササキ"},
      {"hyphen for long vowel", "サト-", "サトー"},
      {"middle dot", "マリア・サントス", "マリアサントス"},
      {"half width", "ｷｮｳｺ", "キヨウコ"},
      {"unknown glyphs are one mark", "ア〓ダ？□●○\xff", "ア■ダ■■■■■"},
      {"unknown glyph before a hyphen", "ア■-", "ア■-"},
      {"ka and ga stay apart", "ヤマカ", "ヤマカ"},
  };
  for (const Case& c : kCases) EXPECT_EQ(FoldKana(c.input), c.want) << c.note;
}

TEST(LooseKanaTest, DropsLength) {
  const Case kCases[] = {
      {"oo", "オオノ", "オノ"},       {"ou", "コウノ", "コノ"},    {"uu", "ユウコ", "ユコ"},
      {"bar", "サトー", "サト"},      {"ei", "ケイコ", "ケコ"},    {"aa", "マアサ", "マサ"},
      {"n stays", "ケンイチ", "ケンイチ"},
  };
  for (const Case& c : kCases) EXPECT_EQ(LooseKana(c.input), c.want) << c.note;
}

TEST(FoldKanjiTest, OldAndVariantFormsMeet) {
  const Case kCases[] = {
      {"hashigo", "髙橋", "高橋"},
      {"tatsu", "山﨑", "山崎"},
      {"nabe", "渡邊", "渡辺"},
      {"nabe, other", "渡邉", "渡辺"},
      {"sai", "齋藤", "斎藤"},
      {"sei stays apart from sai", "斉藤", "斉藤"},
      {"old sei", "齊藤", "斉藤"},
      {"hama", "濵田", "浜田"},
      {"sawa", "澤田", "沢田"},
      {"yanagi", "栁沢", "柳沢"},
      {"toku", "德永", "徳永"},
      {"outside the BMP", "𠮷田", "吉田"},
      {"iteration", "佐々木", "佐佐木"},
      {"small ke", "三ヶ島", "三ケ島"},
      {"unknown glyphs are one mark", "山〓 ■?？□●○\xff", "山■■■■■■■■"},
      {"kana inside", "みどり川", "ミドリ川"},
      {"space goes", "山田　太郎", "山田太郎"},
  };
  for (const Case& c : kCases) EXPECT_EQ(FoldKanji(c.input), c.want) << c.note;
}

TEST(FoldLatinTest, DropsMarks) {
  const Case kCases[] = {
      {"macron", "Ōno", "ONO"},         {"accent", "José", "JOSE"},   {"sharp s", "Strauß", "STRAUSS"},
      {"apostrophe", "O'Brien", "OBRIEN"}, {"hyphen", "Anna-Maria", "ANNA MARIA"},
      {"full width", "ＳＡＴＯ", "SATO"}, {"unknown glyphs", "M?ller J□s〓", "M■LLER J■S■"}, {"stroke", "Łukasz", "LUKASZ"},
  };
  for (const Case& c : kCases) EXPECT_EQ(FoldLatin(c.input), c.want) << c.note;
}

TEST(NumeralTest, KanjiNumbersAreNumbers) {
  EXPECT_EQ(FoldKanjiNumerals("二丁目"), "2丁目");
  EXPECT_EQ(FoldKanjiNumerals("昭和五十五年"), "昭和55年");
  EXPECT_EQ(FoldKanjiNumerals("令和元年"), "令和1年");
  EXPECT_EQ(FoldKanjiNumerals("一九八〇"), "1980");
  EXPECT_EQ(FoldKanjiNumerals("百二十三"), "123");
  EXPECT_EQ(DigitsOnly("〒９８０－０８１１"), "9800811");
  EXPECT_EQ(DigitsOnly("二十三"), "23");
}

// The quick way of ASCII against the general one, which any other letter asks for.
TEST(DigitsOnlyTest, AsciiIsNoSpecialCase) {
  for (int first = 0; first < 128; ++first)
    for (int second = 0; second < 128; ++second) {
      const std::string text = {'1', static_cast<char>(first), static_cast<char>(second), '2'};
      EXPECT_EQ(DigitsOnly(text), DigitsOnly(text + "山")) << first << " " << second;
    }
}

TEST(ScriptTest, TellsScripts) {
  EXPECT_EQ(ScriptOf("山田"), Script::kKanji);
  EXPECT_EQ(ScriptOf("ヤマダ"), Script::kKana);
  EXPECT_EQ(ScriptOf("ﾔﾏﾀﾞ"), Script::kKana);
  EXPECT_EQ(ScriptOf("Yamada"), Script::kLatin);
  EXPECT_EQ(ScriptOf("山田 Taro"), Script::kMixed);
  EXPECT_EQ(ScriptOf("123"), Script::kNone);
  // An unknown glyph is of the letters' script around it.
  EXPECT_EQ(ScriptOf("山■"), Script::kKanji);
  EXPECT_EQ(ScriptOf("ヤマ〓"), Script::kKana);
  EXPECT_EQ(ScriptOf("M□ller"), Script::kLatin);
  EXPECT_EQ(ScriptOf("■■"), Script::kKanji);
}

// ICU's NFKC is the reference for what no table of ours decides.
TEST(FoldWidthTest, AgreesWithIcuOnEveryLetter) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfkc = unorm2_getNFKCInstance(&status);
  ASSERT_TRUE(U_SUCCESS(status));
  int checked = 0;
  for (char32_t c = 0x21; c < 0x30000; ++c) {
    const bool letter = (c >= 0xF900 && c < 0xFB00) || (c >= 0x3300 && c < 0x3400) ||
                        (c >= 0xFF01 && c <= 0xFF5E) || (c >= 0xFF66 && c <= 0xFF9D) ||
                        (c >= 0x2460 && c < 0x2474) || (c >= 0x4E00 && c < 0xA000);
    if (!letter) continue;
    UChar source[2];
    int32_t size = 0;
    U16_APPEND_UNSAFE(source, size, c);
    UChar target[64];
    const int32_t n = unorm2_normalize(nfkc, source, size, target, 64, &status);
    std::string want, input;
    for (int32_t i = 0; i < n;) {
      UChar32 d;
      U16_NEXT(target, i, n, d);
      AppendUtf8(static_cast<char32_t>(d), &want);
    }
    AppendUtf8(c, &input);
    ASSERT_EQ(FoldWidth(input), want) << std::hex << static_cast<uint32_t>(c);
    ++checked;
  }
  EXPECT_GT(checked, 20000);
}

TEST(FoldTest, FoldingTwiceChangesNothing) {
  std::mt19937 random(31);
  const char32_t kPool[] = {U'ヤ', U'が', U'ｶ', 0xFF9E, U'ー', U'-', U' ', 0x3000, U'髙', U'々', U'ヶ', U'ゞ', U'ヴ', U'ァ',
                            U'A', U'é', U'1', U'■', U'?', U'(', 0x3099, U'ヽ', U'二', U'十', U'＝', 0x20000, U'㈱'};
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (int k = random() % 8; k > 0; --k) AppendUtf8(kPool[random() % std::size(kPool)], &text);
    for (auto fold : {FoldWidth, FoldKana, FoldKanji, FoldLatin}) {
      const std::string once = fold(text);
      ASSERT_EQ(fold(once), once) << text;
    }
  }
}

TEST(FoldTest, MalformedBytesDoNoHarm) {
  for (std::string bytes : {std::string("\xFF\xFE"), std::string("\xE3\x81"), std::string("\xC0\x80"),
                            std::string("\xED\xA0\x80"), std::string("a\0b", 3)})
    for (auto fold : {FoldWidth, FoldKana, FoldKanji, FoldLatin, LooseKana}) fold(bytes);
}

}  // namespace
}  // namespace libmpi
