// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/romaji.h"

#include "gtest/gtest.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

TEST(RomajiTest, EverySpellingMeetsTheKana) {
  struct Case {
    const char* kana;
    std::vector<const char*> romaji;
  };
  const Case kCases[] = {
      {"オオノ", {"ONO", "OHNO", "OONO", "Ōno", "Ôno"}},
      {"コウノ", {"KONO", "KOHNO", "KOUNO", "Kōno"}},
      {"ヨウコ", {"YOKO", "YOHKO", "YOUKO"}},
      {"ナンバ", {"NAMBA", "NANBA"}},
      {"シンバシ", {"SHIMBASHI", "SHINBASHI", "SINBASI"}},
      {"ハットリ", {"HATTORI"}},
      {"ハッチョウ", {"HATCHO", "HACCHO", "HATTYO"}},
      {"シチ", {"SHICHI", "SITI"}},
      {"ツチヤ", {"TSUCHIYA", "TUTIYA"}},
      {"フジイ", {"FUJII", "HUZII", "FUJI"}},
      {"ジュンコ", {"JUNKO", "ZYUNKO", "JYUNKO"}},
      {"キョウコ", {"KYOKO", "KYOUKO"}},
      {"リョウタ", {"RYOTA", "RYOUTA", "RYOHTA"}},
      {"ショウゾウ", {"SHOZO", "SHOUZOU", "SYOZO"}},
      {"サトウ", {"SATO", "SATOH", "SATOU"}},
      {"イトウ", {"ITO", "ITOH"}},
      {"チヅル", {"CHIZURU", "TIZURU"}},
      {"ユウキ", {"YUKI", "YUUKI"}},
      {"シュンイチ", {"SHUNICHI", "SYUNITI", "SHUN'ICHI"}},
      {"マツカワ", {"MATSUKAWA", "MATUKAWA"}},
      {"イッペイ", {"IPPEI"}},
  };
  for (const Case& c : kCases)
    for (const char* romaji : c.romaji) {
      EXPECT_EQ(RomajiKey(FoldLatin(romaji)), RomajiKeyOfKana(FoldKana(c.kana))) << romaji;
    }
}

TEST(RomajiTest, OtherNamesStayApart) {
  const std::pair<const char*, const char*> kCases[] = {
      {"サトウ", "カトウ"}, {"ユキ", "ユミ"}, {"タナカ", "ナカタ"}, {"ケンジ", "ケンイチ"}, {"アキコ", "アキオ"}};
  for (const auto& [a, b] : kCases)
    EXPECT_NE(RomajiKeyOfKana(FoldKana(a)), RomajiKeyOfKana(FoldKana(b))) << a << " " << b;
}

TEST(RomajiTest, UnknownGlyphsAreLeftOut) {
  EXPECT_EQ(RomajiKey(FoldLatin("M?LLER")), RomajiKey("MLLER"));
  EXPECT_EQ(RomajiKeyOfKana(FoldKana("ヤマ■")), "YAMA");
}

TEST(RomajiTest, ForeignNamesAreNeverRefused) {
  for (const char* name : {"NGUYEN", "SCHWARZ", "O", "", "X", "THI HOA"}) RomajiKey(name);
}

}  // namespace
}  // namespace libmpi
