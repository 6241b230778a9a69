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
      EXPECT_EQ(TypedRomajiKey(FoldLatin(romaji)), TypedRomajiKeyOfKana(FoldKana(c.kana))) << romaji;
    }
}

TEST(RomajiTest, TypedKeysBeginAsTheKeysOfBeginnings) {
  for (const char* kana : {"ハットリ", "マツカワ", "ショウジ", "キョウコ", "オオノ", "ナンバ", "イッペイ", "ジュンコ",
                           "サイトウ", "コンノ", "フジイ", "チヅル", "ハッチョウ", "シンヤ", "ヨシヤ"}) {
    const std::string folded = FoldKana(kana), whole = TypedRomajiKeyOfKana(folded);
    for (size_t pos = 0; pos < folded.size();) {
      NextCodePoint(folded, &pos);
      std::string key = TypedRomajiKeyOfKana(folded.substr(0, pos));
      if (!key.empty() && key.back() == 'I') key.pop_back();  // シ may be the beginning of ショ
      EXPECT_EQ(whole.substr(0, key.size()), key) << kana;
    }
  }
  for (const auto& [typed, kana] : std::initializer_list<std::pair<const char*, const char*>>{
           {"hat", "ハットリ"}, {"hatt", "ハットリ"}, {"hatto", "ハットリ"}, {"matsu", "マツカワ"}, {"mat", "マツカワ"},
           {"sho", "ショウジ"}, {"sy", "サ"}, {"shou", "ショウジ"}, {"oo", "オオノ"}, {"ono", "オオノ"}}) {
    const std::string key = TypedRomajiKey(FoldLatin(typed)), whole = TypedRomajiKeyOfKana(FoldKana(kana));
    EXPECT_EQ(whole.substr(0, key.size()) == key, std::string_view(typed) != "sy") << typed;
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
