// SPDX-License-Identifier: Apache-2.0
// Registries of other releases: refused, with what they have, what this program reads, and what to do.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/rep.h"
#include "libmpi/text/fold.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  std::string row;    // of the table of meta values
  std::string value;
  std::vector<std::string> says;
};

// Another word of the model's text of the same length, so that all else stays.
std::string OtherModel(const std::string& word, const std::string& other) {
  std::string json = Model::Default().ToJson();
  const size_t at = json.find(word);
  EXPECT_NE(at, std::string::npos) << word;
  return json.replace(at, word.size(), other);
}

TEST(RegistryVersionsTest, WhatThisProgramDoesNotReadIsRefusedWithWhatToDo) {
  const std::string newer = std::to_string(kRegistryFormat + 1), older = std::to_string(kOldestRegistryFormat - 1);
  const std::string reads = "this program reads format";
  const std::string tables(FoldTablesVersion());
  const Case cases[] = {
      {"a newer format", kMetaFormat, PackNumber(kRegistryFormat + 1),
       {"of format " + newer, reads, "a newer one", "nayose registry export", "nayose registry import"}},
      {"an older format", kMetaFormat, PackNumber(kOldestRegistryFormat - 1),
       {"of format " + older, reads, "the release that wrote it", "nayose registry export"}},
      {"other tables", kMetaTables, PackText("0123456789abcdef"),
       {"folding tables 0123456789abcdef", tables, "nayose registry export"}},
      {"a newer model", MetaModel(1), PackText(OtherModel("\"version\": 1", "\"version\": 2")),
       {"model", "version 2", "nayose registry export"}},
      {"an older model", MetaModel(1), PackText(OtherModel("\"version\": 1", "\"version\": 0")),
       {"model", "version 0", "nayose registry export"}},
      {"a model of other tables", MetaModel(1), PackText(OtherModel(tables, "0123456789abcdef")),
       {"model", "0123456789abcdef", tables, "nayose registry export"}},
      {"newer rules", MetaRules(1), PackNumber(kLinkageRules + 1), {"rules", "a newer one", "nayose registry export"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    RegistryFolder folder;
    ASSERT_TRUE(folder.Create(Model::Default(), FrozenOptions()));
    ASSERT_TRUE(folder->Put(ParseRecord("1|山田 太郎|ヤマダ タロウ|1960-04-01|男"), {"tester", ""}).ok());
    folder.Close();
    const std::string row = Keys(kTenant, 0).Named(Table::kMeta, c.row);
    std::string before;
    {
      const auto store = Store::Open(folder.folder(), {});
      ASSERT_TRUE(store.ok()) << store.status();
      ASSERT_TRUE((*store)->Get(row, &before).ok());
      StoreBatch batch;
      batch.Put(row, c.value);
      ASSERT_TRUE((*store)->Commit(batch).ok());
    }
    for (const bool read_only : {true, false}) {
      RegistryOptions options;
      options.read_only = read_only;
      const auto opened = Registry::Open(folder.folder(), options);
      ASSERT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition) << opened.status();
      for (const std::string& text : c.says) EXPECT_THAT(std::string(opened.status().message()), HasSubstr(text));
    }
    // The refusal harmed nothing: who reads that format finds all.
    {
      const auto store = Store::Open(folder.folder(), {});
      ASSERT_TRUE(store.ok()) << store.status();
      StoreBatch batch;
      batch.Put(row, before);
      ASSERT_TRUE((*store)->Commit(batch).ok());
    }
    ASSERT_TRUE(folder.Reopen());
    EXPECT_EQ(folder->GetStats()->records, 1u);
    EXPECT_THAT(*folder->Verify(1, nullptr), testing::IsEmpty());
  }
}

TEST(RegistryVersionsTest, OneThatEarlierRulesLinkedServesAndIsLinkedAnew) {
  RegistryFolder folder;
  ASSERT_TRUE(folder.Create(Model::Default(), FrozenOptions()));
  const Attribution by{"tester", ""};
  ASSERT_TRUE(folder->Put(ParseRecord("1|山田 太郎|ヤマダ タロウ|1960-04-01|男"), by).ok());
  EXPECT_TRUE(folder->GetStats()->linked_by_these_rules);
  folder.Close();
  {
    const auto store = Store::Open(folder.folder(), {});
    ASSERT_TRUE(store.ok()) << store.status();
    StoreBatch batch;
    batch.Delete(Keys(kTenant, 0).Named(Table::kMeta, MetaRules(1)));  // as stores had none before there were two
    ASSERT_TRUE((*store)->Commit(batch).ok());
  }
  ASSERT_TRUE(folder.Reopen());
  EXPECT_FALSE(folder->GetStats()->linked_by_these_rules);
  EXPECT_EQ(folder->GetStats()->records, 1u);
  EXPECT_TRUE(folder->Put(ParseRecord("2|佐藤 花子|サトウ ハナコ|1985-12-24|女"), by).ok());
  ASSERT_TRUE(folder->Relink(Model::Default(), FrozenOptions(), false, by, 1, nullptr).ok());
  EXPECT_TRUE(folder->GetStats()->linked_by_these_rules);
  ASSERT_TRUE(folder.Reopen());
  EXPECT_TRUE(folder->GetStats()->linked_by_these_rules);
  EXPECT_THAT(*folder->Verify(1, nullptr), testing::IsEmpty());
}

}  // namespace
}  // namespace libmpi
