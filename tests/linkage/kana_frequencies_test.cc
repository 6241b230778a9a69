// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/kana_frequencies.h"

#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

const ReadingModel& Readings() {
  static const std::vector<ReadingObservation> seen = {{NamePart::kGiven, "陽子", "ヨウコ", 5}};
  static const ReadingModel readings(seen);
  return readings;
}

TEST(KanaFrequenciesTest, AreThoseOfTheReadingModel) {
  TextDictionary texts;
  std::vector<TextId> ids;
  for (const char* kana : {"ヨウコ", "サトウ", "ヌルハチ", "ア"}) ids.push_back(texts.Intern(kana));
  texts.Freeze();
  KanaFrequencies frequencies(texts.id_limit());
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (int again = 0; again < 3; ++again)
        for (TextId id : ids)
          for (NamePart part : {NamePart::kFamily, NamePart::kGiven})
            EXPECT_EQ(frequencies.Log2Of(part, id, texts, Readings()),
                      Readings().Log2KanaFrequency(part, texts.text(id)));
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(KanaFrequenciesTest, GrowsWithItsDictionary) {
  TextDictionary texts(1);
  const TextId first = texts.Intern("サトウ");
  texts.Extend();
  KanaFrequencies frequencies(texts.id_limit());
  const double before = frequencies.Log2Of(NamePart::kFamily, first, texts, Readings());
  const TextId second = texts.Intern("スズキ");
  texts.Extend();
  frequencies.Extend(texts.id_limit());
  EXPECT_EQ(frequencies.Log2Of(NamePart::kFamily, first, texts, Readings()), before);
  EXPECT_EQ(frequencies.Log2Of(NamePart::kFamily, second, texts, Readings()),
            Readings().Log2KanaFrequency(NamePart::kFamily, "スズキ"));
}

}  // namespace
}  // namespace libmpi
