// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/errors.h"

#include <set>

#include "gtest/gtest.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

size_t LettersIn(std::string_view text) {
  size_t letters = 0;
  for (size_t pos = 0; pos < text.size(); ++letters) NextCodePoint(text, &pos);
  return letters;
}

TEST(ErrorsTest, KanaSlipsByOneLetter) {
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string slipped = SlipKana("シズコ", &random);
    const size_t letters = LettersIn(slipped);
    EXPECT_TRUE(letters >= 2 && letters <= 4) << slipped;
    seen.insert(slipped);
  }
  EXPECT_EQ(seen.count("シズコ"), 0u);
  EXPECT_EQ(seen.count("シスコ"), 1u) << "a voiced mark is lost";
  EXPECT_GT(seen.size(), 50u);
  EXPECT_EQ(SlipKana("ア", &random), "ア");
  EXPECT_EQ(SlipKana("", &random), "");
}

TEST(ErrorsTest, SoundsAreSpeltOtherwise) {
  Random random(2);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) seen.insert(SpellKanaOtherwise("ショウタロウ", &random));
  EXPECT_EQ(seen.count("ショウタロウ"), 0u);
  EXPECT_EQ(seen.count("シヨウタロウ"), 1u);
  EXPECT_EQ(SpellKanaOtherwise("マミ", &random), "マミ");
}

TEST(ErrorsTest, DigitsSlipButKeepTheirShape) {
  Random random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string slipped = SlipDigits("12-3345", &random);
    EXPECT_NE(slipped, "12-3345");
    EXPECT_EQ(slipped.size(), 7u);
    EXPECT_EQ(slipped[2], '-');
  }
  EXPECT_EQ(SlipDigits("宮", &random), "宮");
  EXPECT_EQ(SlipDigits("", &random), "");
  EXPECT_NE(SlipDigits("7", &random), "7");
}

TEST(ErrorsTest, DatesSlipToOtherRealDates) {
  Random random(4);
  int swapped = 0, era = 0;
  for (int i = 0; i < 20000; ++i) {
    const CivilDate date{static_cast<int16_t>(random.Between(1908, 2026)),
                         static_cast<uint8_t>(random.Between(1, 12)),
                         static_cast<uint8_t>(random.Between(1, 28))};
    const CivilDate slipped = SlipDate(date, &random);
    EXPECT_NE(slipped, date);
    char text[32];
    std::snprintf(text, sizeof text, "%d-%d-%d", slipped.year, slipped.month, slipped.day);
    CivilDate read;
    std::vector<Finding> findings;
    EXPECT_TRUE(ParseBirthDate(text, {2026, 12, 31}, &read, &findings)) << text;
    swapped += slipped.month == date.day && slipped.day == date.month && date.day != date.month;
    const int apart = std::abs(slipped.year - date.year);
    era += apart == 63 || apart == 14 || apart == 30;
  }
  EXPECT_GT(swapped, 200);
  EXPECT_GT(era, 500);
}

TEST(ErrorsTest, ImpossibleDatesAreImpossible) {
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    const CivilDate d = ImpossibleDate({1980, 5, 17}, &random);
    char text[32];
    std::snprintf(text, sizeof text, "%d-%d-%d", d.year, d.month, d.day);
    CivilDate read;
    std::vector<Finding> findings;
    EXPECT_FALSE(ParseBirthDate(text, {2026, 12, 31}, &read, &findings)) << text;
  }
}

TEST(ErrorsTest, OneGlyphIsLost) {
  Random random(6);
  const std::string lost = LoseGlyph("髙橋", &random);
  EXPECT_TRUE(lost == "■橋" || lost == "髙■") << lost;
  EXPECT_EQ(LoseGlyph("", &random), "");
}

}  // namespace
}  // namespace libmpi
