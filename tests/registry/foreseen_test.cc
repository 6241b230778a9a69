// SPDX-License-Identifier: Apache-2.0
// What was read before a change's turn came counts only where nobody has written it since.
#include "libmpi/registry/foreseen.h"

#include "gtest/gtest.h"
#include "registry/store_testing.h"

namespace libmpi {
namespace {

using namespace store_testing;  // NOLINT: helpers of these tests only

class ForeseenTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *Store::Open(folder_.path(), SmallOptions());
    Commit("a", "1");
    Commit("b", "1");
  }
  // Past the stamps, so that a read tells by its value where it came from.
  void Commit(const std::string& key, const std::string& value) {
    StoreBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(store_->Commit(batch).ok());
  }
  void NoteWrite(const std::string& key, uint64_t group) {
    const StoreView below(store_.get());
    Transaction written(&below);
    written.Put(key, "");
    stamps_.NoteRowsOf(written, group);
  }
  std::vector<std::optional<std::string>> Read(const View& view, const std::vector<std::string>& keys) {
    std::vector<std::optional<std::string>> values;
    EXPECT_TRUE(view.Read(keys, &values).ok());
    return values;
  }

  const TempFolder folder_{"foreseen"};
  std::unique_ptr<Store> store_;
  RowStamps stamps_;
};

TEST_F(ForeseenTest, RowsCountUntilTheyAreWritten) {
  ForeseenRows rows(7);
  const ForeseeingView foreseeing(store_.get(), &rows);
  Read(foreseeing, {"a", "b", "none"});
  Commit("a", "2");
  Commit("b", "2");
  Commit("none", "2");
  Commit("unread", "2");
  ForeseenView view(store_.get(), &stamps_);
  using Values = std::vector<std::optional<std::string>>;
  const std::vector<std::string> keys = {"unread", "a", "none", "b"};
  EXPECT_EQ(Read(view, keys), (Values{"2", "2", "2", "2"})) << "nothing is foreseen";
  view.Use(&rows);
  EXPECT_EQ(Read(view, keys), (Values{"2", "1", std::nullopt, "1"}));
  NoteWrite("a", 7);  // by a group that the reader saw
  EXPECT_EQ(Read(view, keys), (Values{"2", "1", std::nullopt, "1"}));
  NoteWrite("a", 8);
  EXPECT_EQ(Read(view, keys), (Values{"2", "2", std::nullopt, "1"}));
  NoteWrite("none", 9);
  EXPECT_EQ(Read(view, keys), (Values{"2", "2", "2", "1"}));
  stamps_.NoteAll(7);
  EXPECT_EQ(Read(view, keys), (Values{"2", "2", "2", "1"}));
  stamps_.NoteAll(10);
  EXPECT_EQ(Read(view, keys), (Values{"2", "2", "2", "2"}));
}

TEST_F(ForeseenTest, WhatATransactionWritesComesFirst) {
  ForeseenRows rows(0);
  Read(ForeseeingView(store_.get(), &rows), {"a", "b"});
  ForeseenView view(store_.get(), &stamps_);
  view.Use(&rows);
  Transaction group(&view);
  group.Put("a", "3");
  Transaction own(&group);
  own.Delete("b");
  EXPECT_EQ(Read(own, {"b", "a"}), (std::vector<std::optional<std::string>>{std::nullopt, "3"}));
}

}  // namespace
}  // namespace libmpi
