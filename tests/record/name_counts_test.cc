// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_counts.h"

#include <gtest/gtest.h>

namespace libmpi {
namespace {

using KeyScript = NameCounts::Script;

NameFeatures Name(std::vector<NameForm> kanji, std::vector<NameForm> kana) {
  NameFeatures name;
  name.kanji = std::move(kanji);
  name.kana = std::move(kana);
  return name;
}

Features With(NameFeatures name) {
  Features features;
  features.names.push_back(std::move(name));
  return features;
}

std::string Show(const NameCounts& counts) {
  std::string text;
  for (const NameCounts::Entry& e : counts.Entries())
    text += std::string(e.part == NamePart::kFamily ? "family " : "given ") + e.key + " " + std::to_string(e.count) + "\n";
  for (const ReadingObservation& r : counts.Readings())
    text += std::string(r.part == NamePart::kFamily ? "family " : "given ") + r.kanji + "=" + r.kana + " " + std::to_string(r.count) + "\n";
  return text;
}

TEST(NameCountsTest, CountsStatedSplitsAndTheirReadings) {
  NameCounts counts;
  counts.Add(With(Name({{"山田", "太郎", false}}, {{"ヤマダ", "タロウ", false}})));
  counts.Add(With(Name({{"山田", "花子", false}}, {})));
  EXPECT_EQ(counts.Count(NamePart::kFamily, KeyScript::kKanji, "山田"), 2u);
  EXPECT_EQ(counts.Count(NamePart::kGiven, KeyScript::kKanji, "太郎"), 1u);
  EXPECT_EQ(counts.Count(NamePart::kGiven, KeyScript::kKanji, "山田"), 0u);
  EXPECT_EQ(counts.Count(NamePart::kFamily, KeyScript::kKana, "ヤマダ"), 1u);
  EXPECT_EQ(counts.Total(NamePart::kFamily, KeyScript::kKanji), 2u);
  EXPECT_EQ(counts.Total(NamePart::kFamily, KeyScript::kKana), 1u);
  const auto readings = counts.Readings();
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[0].kanji + readings[0].kana, "山田ヤマダ");
  EXPECT_EQ(readings[1].part, NamePart::kGiven);
}

TEST(NameCountsTest, LeavesOutWhatWasNotStated) {
  struct Case {
    const char* note;
    NameFeatures name;
  };
  NameFeatures former = Name({{"佐藤", "花子", false}}, {});
  former.former = true;
  const Case cases[] = {
      {"guessed", Name({{"山田", "太郎", true}}, {})},
      {"swapped back", Name({{"山田", "太郎", true}, {"太郎", "山田", false}}, {})},
      {"no given name", Name({{"山田", "", false}}, {})},
      {"former", former},
      {"unknown glyph", Name({{"■田", "太■", false}}, {})},
  };
  for (const Case& c : cases) {
    NameCounts counts;
    counts.Add(With(c.name));
    EXPECT_EQ(Show(counts), "") << c.note;
  }
}

TEST(NameCountsTest, OrderOfAddingAndMergingDoesNotShow) {
  const Features a = With(Name({{"山田", "太郎", false}}, {{"ヤマダ", "タロウ", false}}));
  const Features b = With(Name({{"佐藤", "花子", false}}, {{"サトウ", "ハナコ", false}}));
  NameCounts forward, backward, left, right;
  for (const Features* f : {&a, &b, &a}) forward.Add(*f);
  for (const Features* f : {&a, &a, &b}) backward.Add(*f);
  left.Add(a);
  right.Add(b);
  right.Add(a);
  left.Merge(right);
  EXPECT_EQ(Show(forward), Show(backward));
  EXPECT_EQ(Show(forward), Show(left));
}

TEST(NameCountsTest, EntriesMakeTheCountsAgain) {
  NameCounts counts, again;
  counts.Add(With(Name({{"山田", "太郎", false}}, {{"ヤマダ", "タロウ", false}})));
  counts.Add(NamePart::kFamily, KeyScript::kKanji, "佐藤", 7);
  for (const auto& e : counts.Entries()) again.Add(e.part, e.script, e.key, e.count);
  for (const auto& r : counts.Readings()) again.AddReading(r);
  EXPECT_EQ(Show(again), Show(counts));
  EXPECT_EQ(again.Total(NamePart::kFamily, KeyScript::kKanji), counts.Total(NamePart::kFamily, KeyScript::kKanji));
}

TEST(NameCountsTest, DropsRareEntriesAndReadings) {
  NameCounts counts;
  counts.Add(NamePart::kFamily, KeyScript::kKanji, "佐藤", 10);
  counts.Add(NamePart::kFamily, KeyScript::kKanji, "鵜殿", 9);
  counts.AddReading({NamePart::kFamily, "佐藤", "サトウ", 10});
  counts.AddReading({NamePart::kFamily, "鵜殿", "ウドノ", 9});
  counts.DropRare(10);
  EXPECT_EQ(Show(counts), "family * 9\nfamily 佐藤 10\nfamily 佐藤=サトウ 10\n");
  EXPECT_EQ(counts.Total(NamePart::kFamily, KeyScript::kKanji), 19u) << "shares stay what they were";
  counts.DropRare(10);
  EXPECT_EQ(counts.Count(NamePart::kFamily, KeyScript::kKanji, NameCounts::kOthers), 9u) << "twice is once";
}

TEST(NameCountsTest, NothingIsCountedForNothing) {
  NameCounts counts;
  counts.Add(NamePart::kFamily, KeyScript::kKanji, "", 5);
  counts.Add(NamePart::kFamily, KeyScript::kKanji, "佐藤", 0);
  counts.AddReading({NamePart::kFamily, "佐藤", "", 1});
  EXPECT_EQ(Show(counts), "");
}

}  // namespace
}  // namespace libmpi
