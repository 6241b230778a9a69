// SPDX-License-Identifier: Apache-2.0
// A load by a batch run leaves what records put one by one leave.
#include <unistd.h>

#include <filesystem>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/registry.h"
#include "tests/linkage/crowded_records.h"

namespace libmpi {
namespace {

using Partition = std::set<std::set<RecordKey>>;

class BulkTest : public testing::Test {
 protected:
  ~BulkTest() override {
    for (const std::string& folder : folders_) std::filesystem::remove_all(folder);
  }

  std::unique_ptr<Registry> Make(std::string_view name) {
    const std::string folder = testing::TempDir() + "/bulk_test." + std::to_string(::getpid()) + "." + std::string(name);
    std::filesystem::remove_all(folder);
    folders_.push_back(folder);
    options_.clock = [] { return int64_t{1'795'000'000'000}; };
    options_.cache_bytes = 16 << 20;
    auto registry = Registry::Create(folder, TheModel(), FrozenOptions(), options_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }

  static std::vector<Record> Sorted(uint64_t seed) {
    std::map<RecordKey, Record> records;
    for (Record& record : MakeCrowdedRecords(seed, 300)) {
      record.Normalize();
      records.emplace(record.key, std::move(record));
    }
    std::vector<Record> list;
    for (auto& [key, record] : records) list.push_back(std::move(record));
    return list;
  }

  static RecordReader ReaderOf(const std::vector<Record>& records) {
    return [&records](size_t i, RecordView* out) { out->Assign(records[i]); };
  }

  static Partition PartitionOf(const Registry& registry, const std::vector<Record>& records) {
    Partition partition;
    for (const Record& record : records) {
      const auto found = registry.Find(record.key);
      EXPECT_TRUE(found.ok()) << found.status();
      if (found.ok()) partition.insert({found->identifiers.begin(), found->identifiers.end()});
    }
    return partition;
  }

  static std::multiset<std::string> Questions(const Registry& registry) {
    std::multiset<std::string> texts;
    const auto review = registry.Review(100000);
    EXPECT_TRUE(review.ok()) << review.status();
    if (!review.ok()) return texts;
    for (const ReviewEntry& r : *review)
      texts.insert(r.a.ToString() + " " + r.b.ToString() + " " + std::to_string(r.weight) + " " +
                   std::string(ReviewReasonName(r.reason)) + " " + std::to_string(r.priority));
    return texts;
  }

  const Attribution by_ = {"test", ""};
  RegistryOptions options_;
  std::vector<std::string> folders_;
};

TEST_F(BulkTest, EqualsPutsAndGoesOnAsThey) {
  std::vector<Record> records = Sorted(11);
  const auto loaded = Make("loaded"), put = Make("put");
  const auto answer = loaded->BulkLoad(records.size(), ReaderOf(records), by_, 2, nullptr);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->created, records.size());
  std::vector<uint32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
  for (uint32_t i : order) ASSERT_TRUE(put->Put(records[i], by_).ok());
  EXPECT_EQ(PartitionOf(*loaded, records), PartitionOf(*put, records));
  EXPECT_EQ(Questions(*loaded), Questions(*put));
  EXPECT_EQ(loaded->GetStats()->persons, put->GetStats()->persons);
  EXPECT_EQ(loaded->GetStats()->persons, PartitionOf(*put, records).size());
  // Both go on alike.
  std::mt19937_64 random(2);
  for (int step = 0; step < 300; ++step) {
    const size_t i = random() % records.size();
    const RecordKey key = records[i].key;
    for (Registry* registry : {loaded.get(), put.get()}) {
      if (step % 3 == 0) {
        registry->Retire(key, by_).IgnoreError();
        continue;
      }
      Record changed = records[(i * 7 + static_cast<size_t>(step)) % records.size()];
      changed.key = key;
      ASSERT_TRUE(registry->Put(changed, by_).ok());
    }
  }
  std::vector<Record> live;
  for (const Record& record : records)
    if (loaded->Find(record.key).ok()) live.push_back(record);
  EXPECT_LT(live.size(), records.size());
  EXPECT_EQ(PartitionOf(*loaded, live), PartitionOf(*put, live));
  EXPECT_EQ(Questions(*loaded), Questions(*put));
  EXPECT_EQ(loaded->GetStats()->persons, put->GetStats()->persons);
  for (Registry* registry : {loaded.get(), put.get()}) {
    const auto findings = registry->Verify(2, nullptr);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, testing::IsEmpty());
  }
}

TEST_F(BulkTest, IntoALivingRegistryRecordByRecord) {
  const std::vector<Record> records = Sorted(12);
  const std::span<const Record> half = std::span(records).first(records.size() / 2);
  const auto living = Make("living"), whole = Make("whole");
  for (const Record& record : half) ASSERT_TRUE(living->Put(record, by_).ok());
  const auto answer = living->BulkLoad(records.size(), ReaderOf(records), by_, 2, nullptr);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->created, records.size() - half.size());
  EXPECT_EQ(answer->unchanged, half.size());
  ASSERT_TRUE(whole->BulkLoad(records.size(), ReaderOf(records), by_, 2, nullptr).ok());
  EXPECT_EQ(PartitionOf(*living, records), PartitionOf(*whole, records));
}

TEST_F(BulkTest, ABadIdentifierLoadsNothing) {
  std::vector<Record> records = Sorted(13);
  records.front().key.record_id = std::string("a\0b", 3);
  const auto registry = Make("bad");
  EXPECT_EQ(registry->BulkLoad(records.size(), ReaderOf(records), by_, 2, nullptr).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(registry->GetStats()->records, 0u);
}

}  // namespace
}  // namespace libmpi
