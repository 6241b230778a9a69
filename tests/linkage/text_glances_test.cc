// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/text_glances.h"

#include <random>
#include <thread>

#include "gtest/gtest.h"
#include "libmpi/linkage/text_pair_memo.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/near_text.h"

namespace libmpi {
namespace {

TEST(TextGlancesTest, NeverRulesOutWhatAgrees) {
  std::mt19937 random(11);
  const std::u32string letters = U"斎斉太次郎子陽洋アイウエオカガキギクグケゲコヤマダタロー";
  TextDictionary texts;
  std::vector<TextId> ids;
  for (int i = 0; i < 700; ++i) {
    std::string text;
    const size_t length = i < 10 ? 240 + random() % 30 : 1 + random() % 6;
    for (size_t k = 0; k < length; ++k)
      AppendUtf8(random() % 12 == 0 ? kUnknownGlyphChar : letters[random() % (i % 2 ? 8 : letters.size())], &text);
    ids.push_back(texts.Intern(text));
  }
  texts.Freeze();
  const ReadingModel readings;
  const TextGlances glances(texts, readings, 2);
  int ruled_out = 0, unrelated = 0;
  for (TextId a : ids)
    for (TextId b : ids) {
      const std::u32string_view x = texts.chars(a), y = texts.chars(b);
      EXPECT_EQ(glances.HasUnknown(a), x.find(kUnknownGlyphChar) != x.npos);
      EXPECT_EQ(glances.Loose(a), texts.loose(a));
      EXPECT_TRUE(glances.MayRelate(a, b) || RelateKanji(x, y) == KanjiRelation::kDifferent);
      EXPECT_TRUE(glances.MayBeOneEditApart(a, b) || !IsOneEditApart(x, y));
      ruled_out += !glances.MayBeOneEditApart(a, b);
      unrelated += x.size() == y.size() && !glances.MayRelate(a, b);
    }
  EXPECT_GT(ruled_out, 100000);
  EXPECT_GT(unrelated, 10000);
}

TEST(TextGlancesTest, NeverRulesOutAReading) {
  TextDictionary texts;
  const TextId kanji = texts.Intern("恵子"), heard = texts.Intern("ケイコ"), other = texts.Intern("タロウ"),
               alike = texts.Intern("啓子"), unalike = texts.Intern("太郎");
  texts.Freeze();
  const ReadingModel readings;
  const TextGlances glances(texts, readings, 1);
  EXPECT_TRUE(glances.MayRead(kanji, heard));
  EXPECT_FALSE(glances.MayRead(kanji, other));
  EXPECT_TRUE(glances.MayShareReading(kanji, alike));
  EXPECT_FALSE(glances.MayShareReading(kanji, unalike));
}

TEST(TextGlancesTest, GrowsWithItsDictionary) {
  TextDictionary texts(1);
  const TextId first = texts.Intern("斎藤");
  texts.Extend();
  const ReadingModel readings;
  TextGlances glances(texts, readings, 1);
  const TextId second = texts.Intern("斉藤"), third = texts.Intern("海");
  texts.Extend();
  glances.Extend(texts, readings);
  EXPECT_TRUE(glances.MayRelate(first, second));
  EXPECT_FALSE(glances.MayRelate(first, third));
}

TEST(TextPairMemoTest, AnswersAsTheWorkDoes) {
  const auto work = [](unsigned question, TextId a, TextId b) -> uint8_t { return (question + 5 * a + 3 * b) % 3; };
  TextPairMemo memo(1);  // so small that almost all is forgotten again
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 100000; ++i) {
        const unsigned question = random() % 16;
        const TextId a = random() % 100, b = random() % 3 ? random() % 100 : 0xFFFFFF00u + random() % 100;
        EXPECT_EQ(memo.Answer(question, a, b, [&] { return work(question, a, b); }), work(question, a, b));
      }
    });
  for (std::thread& t : threads) t.join();
  int asked = 0;
  for (int i = 0; i < 5; ++i) memo.Answer(1, 2, 3, [&]() -> uint8_t { return static_cast<uint8_t>(asked++ % 3); });
  EXPECT_LE(asked, 1);
}

}  // namespace
}  // namespace libmpi
