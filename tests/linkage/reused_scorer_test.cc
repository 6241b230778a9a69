// SPDX-License-Identifier: Apache-2.0
// What scores one small set after the other gives what a run gives that holds all records.
#include <random>

#include "gtest/gtest.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/linkage/frozen_model.h"

namespace libmpi {
namespace {

std::vector<std::string> PackedRegion(const FrozenModel& model, uint64_t persons) {
  RegionOptions region;
  region.persons = persons;
  std::vector<std::string> packed;
  GenerateRegion(region, [&](const RegionRow& row) {
    Record record;
    record.names.push_back({.full = row.name, .full_kana = row.kana});
    record.births = {row.birth};
    record.sexes = {row.sex};
    record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
    record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
    record.phones = {row.phone};
    packed.push_back(model.Pack(record, {2026, 11, 1}, nullptr));
  });
  return packed;
}

TEST(ReusedScorerTest, ScoresAsARunOverAll) {
  const auto model = *FrozenModel::Make(Model::Default(), FrozenOptions());
  const std::vector<std::string> packed = PackedRegion(*model, 150);
  EncodedRecords all;
  all.more.emplace_back();
  for (const std::string& bytes : packed) {
    UnpackedNode node;
    ASSERT_TRUE(UnpackNode(bytes, &all.texts, &node).ok());
    if (node.more != MoreValues()) {
      node.record.more = static_cast<uint32_t>(all.more.size());
      all.more.push_back(node.more);
    }
    all.records.push_back(node.record);
  }
  NodeScorer run(&all, model->scoring(), 1);
  std::mt19937 random(3);
  size_t compared = 0, near = 0;
  for (int set = 0; set < 300; ++set) {
    PackedNodes nodes(*model);  // of the model: remembers the sets before
    std::vector<uint32_t> members;
    // Neighbours are often one person's.
    const uint32_t first = random() % packed.size();
    for (uint32_t i = 0; i < 12; ++i)
      members.push_back(static_cast<uint32_t>(i < 6 ? (first + i) % packed.size() : random() % packed.size()));
    for (size_t i = 0; i < members.size(); ++i) {
      // Also added between scores.
      ASSERT_EQ(*nodes.Add(packed[members[i]]), i);
      if (set % 2 == 0 && i + 1 < members.size()) continue;
      for (uint32_t a = 0; a <= i; ++a)
        for (uint32_t b = 0; b <= i; ++b) {
          const PairScore told = nodes.Score(a, b), is = run.Score(0, members[a], members[b]);
          ASSERT_EQ(told.weight, is.weight);
          ASSERT_EQ(told.capped, is.capped);
          ASSERT_EQ(told.common_name, is.common_name);
          ASSERT_EQ(told.held, is.held);
          ++compared;
          near += a != b && is.weight > 0;
        }
    }
  }
  EXPECT_GT(compared, 50000u);
  EXPECT_GT(near, 500u);
}

TEST(ReusedScorerTest, ADictionaryThatGrowsTellsWhatAFrozenOneTells) {
  const std::vector<std::string> texts = {"佐藤", "サトウ", "サト", "オオノ", "オノ", "ガアラ", "カラ", "ヴウ", "ウ", "SATO",
                                          "ハットリ", "バツトリ", "キヨウコ", "キヨコ", "田中", "オヴ", "オ"};
  TextDictionary frozen, grown(1);
  std::vector<TextId> frozen_ids, grown_ids;
  for (const std::string& text : texts) frozen_ids.push_back(frozen.Intern(text));
  frozen.Freeze();
  for (const std::string& text : texts) {
    grown_ids.push_back(grown.Intern(text));
    grown.Extend();
  }
  EXPECT_EQ(grown.Intern("佐藤"), grown_ids[0]);
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(grown.text(grown_ids[i]), texts[i]);
    EXPECT_EQ(grown.Stored(grown_ids[i]), texts[i]);
    EXPECT_EQ(grown.chars(grown_ids[i]), frozen.chars(frozen_ids[i]));
    for (size_t j = 0; j < texts.size(); ++j)
      EXPECT_EQ(grown.loose(grown_ids[i]) == grown.loose(grown_ids[j]),
                frozen.loose(frozen_ids[i]) == frozen.loose(frozen_ids[j])) << texts[i] << " " << texts[j];
  }
}

}  // namespace
}  // namespace libmpi
