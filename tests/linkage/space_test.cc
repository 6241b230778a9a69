// SPDX-License-Identifier: Apache-2.0
// Where arrays lie changes nothing of a result.
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {
namespace {

// Rooms of its own for all arrays but every `refused`-th, which go to memory.
class CountingSpace : public ArraySpace {
 public:
  explicit CountingSpace(int refused) : refused_(refused) {}
  ~CountingSpace() override {
    for (const auto& [room, bytes] : rooms_) std::free(room);
  }
  void* Allocate(size_t bytes) override {
    const std::lock_guard lock(mutex_);
    if (bytes == 0 || (refused_ > 0 && ++asked_ % refused_ == 0)) return nullptr;
    void* const room = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    std::memset(room, 0, bytes);
    rooms_[room] = bytes;
    ++given;
    return room;
  }
  bool Free(void* room, size_t bytes) override {
    const std::lock_guard lock(mutex_);
    const auto it = rooms_.find(room);
    if (it == rooms_.end()) return false;
    EXPECT_EQ(it->second, bytes);
    std::free(room);
    rooms_.erase(it);
    return true;
  }
  size_t left() const { return rooms_.size(); }
  size_t given = 0;

 private:
  const int refused_;
  int asked_ = 0;
  std::mutex mutex_;
  std::map<void*, size_t> rooms_;
};

void ExpectSame(const LinkResult& x, const LinkResult& y) {
  EXPECT_EQ(x.cluster, y.cluster);
  EXPECT_EQ(x.model.ToJson(), y.model.ToJson());
  EXPECT_EQ(x.candidate_pairs, y.candidate_pairs);
  ASSERT_EQ(x.links.size(), y.links.size());
  for (size_t i = 0; i < x.links.size(); ++i) {
    EXPECT_EQ(x.links[i].a, y.links[i].a);
    EXPECT_EQ(x.links[i].b, y.links[i].b);
    EXPECT_EQ(x.links[i].weight, y.links[i].weight);
  }
  ASSERT_EQ(x.review.size(), y.review.size());
  for (size_t i = 0; i < x.review.size(); ++i) EXPECT_EQ(x.review[i].priority, y.review[i].priority);
  EXPECT_EQ(x.findings.size(), y.findings.size());
}

TEST(SpaceTest, ArraysElsewhereGiveTheSameResult) {
  const std::vector<Record> records = MakeRegionRecords({.persons = 1500, .seed = 5}).records;
  const auto in_memory = Dedupe(records, LinkOptions());
  ASSERT_TRUE(in_memory.ok()) << in_memory.status();
  for (int refused : {0, 2}) {
    CountingSpace space(refused);
    LinkOptions options;
    options.space = &space;
    const auto elsewhere = Dedupe(records, options);
    ASSERT_TRUE(elsewhere.ok()) << elsewhere.status();
    ExpectSame(*in_memory, *elsewhere);
    EXPECT_GT(space.given, 10);
    EXPECT_EQ(space.left(), 0) << "all rooms are given back with the run";
  }
}

TEST(SpaceTest, LinkingToAReferenceAsWell) {
  const std::vector<Record> records = MakeRegionRecords({.persons = 800, .seed = 6}).records;
  const auto one = std::span(records).first(records.size() / 2), other = std::span(records).subspan(records.size() / 2);
  const auto in_memory = LinkToReference(one, other, LinkOptions(), false);
  ASSERT_TRUE(in_memory.ok()) << in_memory.status();
  CountingSpace space(0);
  LinkOptions options;
  options.space = &space;
  const auto elsewhere = LinkToReference(one, other, options, false);
  ASSERT_TRUE(elsewhere.ok()) << elsewhere.status();
  ExpectSame(*in_memory, *elsewhere);
}

}  // namespace
}  // namespace libmpi
