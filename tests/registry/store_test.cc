// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store.h"

#include <unistd.h>

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { std::filesystem::remove_all(folder_); }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }
  const std::string folder_ = ::testing::TempDir() + "/store_test." + std::to_string(::getpid());
};

TEST_F(StoreTest, WhatIsCommittedIsThereAfterReopening) {
  {
    auto store = Store::Open(folder_, {});
    ASSERT_TRUE(store.ok()) << store.status();
    StoreBatch batch;
    batch.Put("a", "1");
    batch.Put("b", "2");
    ASSERT_TRUE((*store)->Commit(batch).ok());
    EXPECT_EQ((*store)->last_commit(), 1u);
  }
  auto store = Store::Open(folder_, {});
  ASSERT_TRUE(store.ok()) << store.status();
  std::string value;
  ASSERT_TRUE((*store)->Get("b", &value).ok());
  EXPECT_EQ(value, "2");
  EXPECT_EQ((*store)->last_commit(), 1u);
  EXPECT_EQ((*store)->Get("c", &value).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace libmpi
