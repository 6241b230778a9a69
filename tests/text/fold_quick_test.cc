// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/fold_quick.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/fold_internal.h"

namespace libmpi {
namespace {

struct Fold {
  const char* name;
  bool (*quick)(std::string_view, std::string*);
  std::string (*general)(std::string_view);
};
constexpr Fold kFolds[] = {{"width", QuickFoldWidth, FoldWidthGeneral},
                           {"kana", QuickFoldKana, FoldKanaGeneral},
                           {"kanji", QuickFoldKanji, FoldKanjiGeneral}};

// Where the quick way takes a text at all it gives what the general one gives. Returns how many it took.
int ExpectAgreement(std::string_view text) {
  int taken = 0;
  for (const Fold& fold : kFolds) {
    std::string quick = "left over";
    const bool took = fold.quick(text, &quick);
    EXPECT_EQ(quick, took ? fold.general(text) : "") << fold.name << ": " << text;
    taken += took;
  }
  return taken;
}

std::string Utf8(std::u32string_view letters) {
  std::string text;
  for (char32_t c : letters) AppendUtf8(c, &text);
  return text;
}

TEST(QuickFoldTest, TakesEverydayText) {
  for (const char* text : {"佐藤　みどり", "ｻﾄｳ ﾐﾄﾞﾘ", "山崎", "サトウ", "佐々木", "髙橋 一郎", "一番町中央１５７－５",
                           "塩竈市", "霞ヶ関3-2-1", "渡邊 ゆう子", "ＡＢＣ"})
    EXPECT_GE(ExpectAgreement(text), 2) << text;
}

TEST(QuickFoldTest, AgreesOnEveryLetterInEveryPlace) {
  for (char32_t c = 1; c < 0x10000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    ExpectAgreement(Utf8(std::u32string(1, c)));
    for (char32_t before : {U'1', U'カ', U'ﾊ', U'亜'})
      ExpectAgreement(Utf8(std::u32string{before, c, U'1'}));
    if (HasFailure()) return;
  }
}

TEST(QuickFoldTest, AgreesOnRandomText) {
  const std::u32string kPool =
      U"ヤがｶﾞﾟﾞｰー-－ 　\u3000髙々ヶヵゞヴヴゔァっAbz１9■？?〓(・=ヽ二十〇＝\u3099\u309Bゝ\u2212\u2015\u00A0é齋邊㈱ﾊﾊﾟ'";
  std::mt19937 random(5);
  int taken = 0;
  for (int i = 0; i < 200000; ++i) {
    std::u32string letters;
    for (int k = static_cast<int>(random() % 9); k > 0; --k) letters += kPool[random() % kPool.size()];
    taken += ExpectAgreement(Utf8(letters));
    if (HasFailure()) return;
  }
  EXPECT_GT(taken, 50000);
}

TEST(QuickFoldTest, LeavesOddBytesToTheGeneralWay) {
  std::mt19937 random(6);
  for (int i = 0; i < 100000; ++i) {
    std::string bytes;
    for (int k = static_cast<int>(random() % 12); k > 0; --k)
      bytes += static_cast<char>(random() % 3 == 0 ? 0xE3 : random() % 256);
    ExpectAgreement(bytes);
    if (HasFailure()) return;
  }
  ExpectAgreement(std::string(5000, 'a'));
}

}  // namespace
}  // namespace libmpi
