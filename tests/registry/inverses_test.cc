// SPDX-License-Identifier: Apache-2.0
// What is withdrawn leaves no trace: merges of identifiers and decisions, each taken back, in any order.
#include <cinttypes>
#include <cstdio>
#include <functional>
#include <random>
#include <set>
#include <utility>

#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {
namespace {

class InversesTest : public testing::Test {
 protected:
  void Load(const std::vector<Record>& records) {
    ASSERT_TRUE(folder_.Create(TheModel(), FrozenOptions()));
    std::set<RecordKey> keys;
    for (const Record& record : records) {
      ASSERT_TRUE(folder_->Put(record, by_).ok());
      if (keys.insert(record.key).second) keys_.push_back(record.key);
    }
    before_ = folder_.Present();
  }

  // Says which tables differ, and by how many keys.
  void ExpectAsBefore() {
    const std::map<std::string, std::string> after = folder_.Present();
    if (after == before_) return;
    std::map<char, int> tables;
    for (const auto* all : {&std::as_const(before_), &after})
      for (const auto& [key, value] : *all) {
        const auto was = before_.find(key);
        const auto is = after.find(key);
        tables[key[4]] += was == before_.end() || is == after.end() || was->second != is->second;
      }
    std::erase_if(tables, [](const auto& t) { return t.second == 0; });
    std::string text;
    for (const auto& [table, count] : tables) text += " " + std::string(1, table) + ":" + std::to_string(count);
    ADD_FAILURE() << "the store is another one than before:" << text << "; " << after.size() << " keys, were "
                  << before_.size();
  }

  // Makes one change; what takes it back, or nothing where it is refused.
  std::function<absl::Status()> Change(std::mt19937_64* random) {
    const RecordKey a = keys_[(*random)() % keys_.size()];
    RecordKey b = keys_[(*random)() % keys_.size()];
    if ((*random)() % 2) {
      for (int i = 0; i < 30 && (b.source != a.source || a == b); ++i) b = keys_[(*random)() % keys_.size()];
      if (!folder_->Subsume(a, b, by_).ok()) return nullptr;
      return [this, a] { return folder_->Unsubsume(a, by_).status(); };
    }
    // Half of the time of the record's own person, or one that it is asked about.
    if (const auto person = folder_->Find(a); person.ok() && (*random)() % 2)
      b = person->identifiers[(*random)() % person->identifiers.size()];
    if (!folder_->Decide(a, b, (*random)() % 2 == 0, by_).ok()) return nullptr;
    if (!decided_.insert(std::minmax(a, b)).second) return nullptr;  // again: one withdrawal for both
    return [this, a, b] {
      decided_.erase(std::minmax(a, b));
      return folder_->Undecide(a, b, by_).status();
    };
  }

  // `changes` in all, at most `most` at a time, taken back in the order in which they came or any other.
  void ChangeAndTakeBack(uint64_t changes, size_t most, bool any_order, uint64_t compare_every, uint64_t seed) {
    std::mt19937_64 random(seed);
    uint64_t done = 0, compared = 0;
    for (uint64_t round = 0; done < changes && !HasFailure(); ++round) {
      std::vector<std::function<absl::Status()>> back;
      for (size_t i = 1 + random() % most; i > 0; --i)
        if (auto undo = Change(&random)) back.push_back(std::move(undo));
      done += back.size();
      if (any_order) std::shuffle(back.begin(), back.end(), random);
      while (!back.empty()) {
        const absl::Status status = back.back()();
        ASSERT_TRUE(status.ok()) << status;
        back.pop_back();
      }
      if (done / compare_every == compared && done < changes) continue;
      compared = done / compare_every;
      SCOPED_TRACE("round " + std::to_string(round));
      ExpectAsBefore();
    }
    std::printf("%" PRIu64 " changes taken back, %zu keys as before\n", done, before_.size());
  }

  RegistryFolder folder_;
  const Attribution by_ = {"tester", ""};
  std::vector<RecordKey> keys_;
  std::set<std::pair<RecordKey, RecordKey>> decided_;
  std::map<std::string, std::string> before_;
};

std::vector<Record> SomeRecords(uint64_t seed, uint64_t persons) {
  std::vector<Record> records = MakeCrowdedRecords(seed, persons);
  for (size_t i = 0; i < records.size(); ++i) {
    records[i].key = {"authority" + std::to_string(i % 5), std::to_string(i), 0};
    if (i % 40 == 1) records[i] = records[i - 1], records[i].key.part = 1;  // says the same word for word
  }
  return records;
}

TEST_F(InversesTest, OneByOne) {
  Load(SomeRecords(71, LongRun() ? 2000 : 100));
  ChangeAndTakeBack(LongRun() ? 100'000 : 2000, 1, false, LongRun() ? 1000 : 400, 1);
}

TEST_F(InversesTest, SeveralInTheOrderInWhichTheyCame) {
  Load(SomeRecords(72, LongRun() ? 1000 : 100));
  ChangeAndTakeBack(LongRun() ? 50'000 : 500, 12, false, LongRun() ? 1000 : 100, 2);
}

TEST_F(InversesTest, SeveralInAnyOrder) {
  Load(SomeRecords(73, 30));
  ChangeAndTakeBack(LongRun() ? 50'000 : 500, 12, true, 50, 3);
}

TEST_F(InversesTest, AHeldRevisionOutlivesAMergeThatIsTakenBack) {
  Load(SomeRecords(74, 10));
  Record other = *folder_->Get(keys_[0], nullptr);
  other.names = {StatedName{"海老原 権三郎", "", "", "エビハラ ゴンザブロウ", "", "", ""}};
  other.births = {"1931-07-19"};
  other.sexes = {"男"};
  ASSERT_EQ(folder_->Put(other, by_)->outcome, PersonOutcome::kHeld);
  before_ = folder_.Present();
  RecordKey surviving = keys_[5];
  ASSERT_EQ(surviving.source, keys_[0].source);
  ASSERT_TRUE(folder_->Subsume(keys_[0], surviving, by_).ok());
  ASSERT_TRUE(folder_->Unsubsume(keys_[0], by_).ok());
  ExpectAsBefore();
}

}  // namespace
}  // namespace libmpi
