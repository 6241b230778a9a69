// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/spelling.h"

#include "gtest/gtest.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"
#include "libmpi/text/near_kanji.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

TEST(SpellingTest, SmallKanaComesBack) {
  const struct {
    const char *note, *input, *want;
  } kCases[] = {{"sino-japanese", "シユウヘイ", "シュウヘイ"},
                {"ko", "シヨウタ", "ショウタ"},
                {"kyo", "キヨウコ", "キョウコ"},
                {"jun", "ジユンイチ", "ジュンイチ"},
                {"native yo stays", "チヨコ", "チヨコ"},
                {"native yo at the end stays", "ハルミヨ", "ハルミヨ"},
                {"kiyo", "キヨシ", "キヨシ"},
                {"miyu", "ミユウ", "ミユウ"},
                {"doubled", "ハツトリ", "ハットリ"},
                {"doubled, late", "シユツペイ", "シュッペイ"},
                {"tsu stays", "マツカワ", "マツカワ"},
                {"empty", "", ""}};
  for (const auto& c : kCases) EXPECT_EQ(WithSmallKana(c.input), c.want) << c.note;
}

TEST(SpellingTest, KanaScripts) {
  EXPECT_EQ(WithLargeKana("シュッペイ"), "シユツペイ");
  EXPECT_EQ(HalfWidthKana("ハットリ ジュン"), "ﾊｯﾄﾘ ｼﾞｭﾝ");
  EXPECT_EQ(HalfWidthKana("パブリック・ヴァン"), "ﾊﾟﾌﾞﾘｯｸ･ｳﾞｧﾝ");
  EXPECT_EQ(ToHiragana("サトー ユウ"), "さとー ゆう");
  EXPECT_EQ(FullWidth("A-1 9"), "Ａ－１　９");
}

// Whatever the spelling, the house reads one name.
TEST(SpellingTest, EveryKanaSpellingFoldsBack) {
  for (const GivenNameEntry& name : GivenNames()) {
    const std::string kana = WithSmallKana(name.kana), key = FoldKana(name.kana);
    EXPECT_EQ(FoldKana(kana), key);
    EXPECT_EQ(FoldKana(WithLargeKana(kana)), key);
    EXPECT_EQ(FoldKana(HalfWidthKana(kana)), key);
    EXPECT_EQ(FoldKana(ToHiragana(kana)), key);
  }
}

TEST(SpellingTest, RomajiByHand) {
  const struct {
    const char* kana;
    RomajiStyle style;
    const char* want;
  } kCases[] = {{"サトウ", RomajiStyle::kHepburn, "SATO"},
                {"サトウ", RomajiStyle::kPassportOh, "SATOH"},
                {"サトウ", RomajiStyle::kLongVowels, "SATOU"},
                {"オオノ", RomajiStyle::kLongVowels, "OONO"},
                {"シュウジ", RomajiStyle::kHepburn, "SHUJI"},
                {"シュウジ", RomajiStyle::kKunrei, "SYUZI"},
                {"キョウコ", RomajiStyle::kHepburn, "KYOKO"},
                {"チヅル", RomajiStyle::kKunrei, "TIZU" "RU"},
                {"ハットリ", RomajiStyle::kHepburn, "HATTORI"},
                {"ハッチョウ", RomajiStyle::kHepburn, "HATCHO"},
                {"ナンバ", RomajiStyle::kPassportOh, "NAMBA"},
                {"ナンバ", RomajiStyle::kHepburn, "NANBA"},
                {"リョウタロウ", RomajiStyle::kHepburn, "RYOTARO"}};
  for (const auto& c : kCases) EXPECT_EQ(ToRomaji(c.kana, c.style), c.want) << c.kana;
  EXPECT_EQ(Capitalized("VAN ANH"), "Van Anh");
}

TEST(SpellingTest, RomajiMeetsItsKana) {
  int met = 0, all = 0;
  for (const SurnameEntry& name : Surnames().first(3000))
    for (RomajiStyle style : {RomajiStyle::kHepburn, RomajiStyle::kPassportOh,
                              RomajiStyle::kLongVowels, RomajiStyle::kKunrei}) {
      const std::string latin = ToRomaji(WithSmallKana(name.kana), style);
      met += RomajiKey(FoldLatin(latin)) == RomajiKeyOfKana(name.kana);
      ++all;
    }
  EXPECT_GE(met, all * 99 / 100) << met << " of " << all;
}

// Every notation is one that the standardizer reads, to the day.
TEST(SpellingTest, EveryDateStyleIsReadBack) {
  Random random(1);
  for (int i = 0; i < 4000; ++i) {
    const CivilDate date{static_cast<int16_t>(random.Between(1908, 2026)),
                         static_cast<uint8_t>(random.Between(1, 12)),
                         static_cast<uint8_t>(random.Between(1, 28))};
    const auto style = static_cast<DateStyle>(i % kDateStyles);
    const std::string text = WriteDate(date, style);
    for (const std::string& written : {text, FullWidth(text)}) {
      CivilDate read;
      std::vector<Finding> findings;
      ASSERT_TRUE(ParseBirthDate(written, {2026, 12, 31}, &read, &findings)) << written;
      EXPECT_EQ(read, date) << written;
    }
  }
}

TEST(SpellingTest, DatesByHand) {
  EXPECT_EQ(WriteDate({1980, 1, 2}, DateStyle::kEraLetter), "S55.1.2");
  EXPECT_EQ(WriteDate({1980, 1, 2}, DateStyle::kEraKanji), "昭和55年1月2日");
  EXPECT_EQ(WriteDate({1980, 1, 2}, DateStyle::kEraCode), "3550102");
  EXPECT_EQ(WriteDate({1989, 1, 7}, DateStyle::kEraCode), "3640107");
  EXPECT_EQ(WriteDate({1989, 1, 8}, DateStyle::kEraKanji), "平成元年1月8日");
  EXPECT_EQ(WriteDate({2019, 4, 30}, DateStyle::kEraLetter), "H31.4.30");
  EXPECT_EQ(WriteDate({2019, 5, 1}, DateStyle::kEraLetter), "R1.5.1");
}

TEST(SpellingTest, VariantsAreReadAsOneNameOrAsNear) {
  for (const KanjiVariant& v : KanjiVariants()) {
    size_t at = 0;
    const char32_t usual = NextCodePoint(v.usual, &at);
    at = 0;
    const char32_t variant = NextCodePoint(v.variant, &at);
    const bool equal = FoldKanji(std::string("山") + std::string(v.variant)) ==
                       FoldKanji(std::string("山") + std::string(v.usual));
    EXPECT_TRUE(equal || AreNearKanji(usual, variant)) << v.variant;
  }
}

}  // namespace
}  // namespace libmpi
