// SPDX-License-Identifier: Apache-2.0
// Sixteen threads on one registry: every answer is one that some order of the changes gives at that time, whole.
#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <mutex>
#include <random>
#include <thread>

#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"
#include "tests/registry/registry_oracle.h"

namespace libmpi {
namespace {

constexpr int kWriters = 8, kReaders = 8;

// What a reader was told, and between which events.
struct Seen {
  uint64_t after = 0, before = 0;  // true at one of the events [after, before]
  EnterpriseId person;
  std::vector<RecordKey> identifiers;
};

// A change, to be made again one after the other.
struct Made {
  enum { kPut, kRetire, kDecide, kUndecide, kAccept, kSubsume, kUnsubsume } what;
  Record record;
  RecordKey a, b;
  bool same;
};

class ConcurrencyTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(folder_.Create(TheModel(), FrozenOptions()));
    std::vector<Record> pool = MakeCrowdedRecords(81, 60);
    std::mt19937_64 random(81);
    std::shuffle(pool.begin(), pool.end(), random);
    pool.resize(std::min<size_t>(pool.size(), 320));
    // Every writer has identifiers of its own, but their persons are everybody's.
    for (size_t i = 0; i < pool.size(); ++i) {
      pool[i].key = {"authority" + std::to_string(i % kWriters), std::to_string(i / kWriters % 25), 0};
      pools_[i % kWriters].push_back(pool[i]);
    }
    pool_ = std::move(pool);
  }

  uint64_t EventsNow() const { return folder_->GetStats()->events; }
  // Later than any commit that was seen before.
  uint64_t EventsAtLeast(uint64_t from) const { return from + folder_->History(from + 1, SIZE_MAX)->size(); }

  void Write(int writer, int steps) {
    std::mt19937_64 random(1000 + writer);
    const std::vector<Record>& pool = pools_[writer];
    const Attribution by{"writer " + std::to_string(writer), ""};
    for (int step = 0; step < steps; ++step) {
      Made made{Made::kPut, pool[random() % pool.size()], pool[random() % pool.size()].key,
                pool[random() % pool.size()].key, random() % 2 == 0};
      absl::Status status;
      switch (random() % 12) {
        case 0: case 1: made.what = Made::kRetire; status = folder_->Retire(made.a, by).status(); break;
        case 2: made.what = Made::kDecide; status = folder_->Decide(made.a, made.b, made.same, by).status(); break;
        case 3: made.what = Made::kUndecide; status = folder_->Undecide(made.a, made.b, by).status(); break;
        case 4: made.what = Made::kAccept; status = folder_->AcceptRevision(made.a, made.same, by).status(); break;
        case 5: made.what = Made::kSubsume; status = folder_->Subsume(made.a, made.b, by).status(); break;
        case 6: made.what = Made::kUnsubsume; status = folder_->Unsubsume(made.a, by).status(); break;
        default:
          if (random() % 3 == 0) made.record.phones = {"03-1234-" + std::to_string(1000 + random() % 9000)};
          status = folder_->Put(made.record, by).status();
      }
      EXPECT_TRUE(status.ok() || absl::IsNotFound(status) || absl::IsFailedPrecondition(status) ||
                  absl::IsInvalidArgument(status)) << status;
      if (status.ok()) made_[writer].push_back(std::move(made));
    }
  }

  void Read(int reader) {
    std::mt19937_64 random(2000 + reader);
    uint64_t followed = 0, events = 0;
    while (writing_ > 0) {
      const Record& asked = pool_[random() % pool_.size()];
      const uint64_t after = EventsNow();
      EXPECT_GE(after, events) << "events went back";
      events = after;
      std::vector<std::pair<EnterpriseId, std::vector<RecordKey>>> told;
      switch (random() % 6) {
        case 0: {
          const auto search = folder_->Search(asked, 5);
          ASSERT_TRUE(search.ok()) << search.status();
          std::set<RecordKey> all;
          for (const Candidate& c : search->candidates) {
            told.emplace_back(c.person, c.identifiers);
            for (const RecordKey& key : c.identifiers) EXPECT_TRUE(all.insert(key).second) << "one record, two persons";
          }
          break;
        }
        case 1: {
          const auto history = folder_->History(followed + 1, 50);
          ASSERT_TRUE(history.ok()) << history.status();
          for (const HistoryEvent& e : *history) EXPECT_EQ(e.number, ++followed);
          break;
        }
        case 2: {
          const auto review = folder_->Review(20);
          ASSERT_TRUE(review.ok()) << review.status();
          break;
        }
        case 3: {
          std::lock_guard lock(mutex_);
          if (seen_.empty()) break;
          const Seen& any = seen_[random() % seen_.size()];
          const auto found = folder_->Find(any.person);
          ExpectAnswer(found.status());
          if (found.ok()) told.emplace_back(found->person, found->identifiers);
          break;
        }
        default: {
          const auto found = folder_->Find(asked.key);
          ExpectAnswer(found.status());
          if (found.ok()) {
            told.emplace_back(found->person, found->identifiers);
            EXPECT_EQ(found->redirected, !std::ranges::count(found->identifiers, asked.key));
          }
        }
      }
      const uint64_t before = told.empty() ? 0 : EventsAtLeast(after);
      const std::lock_guard lock(mutex_);
      for (auto& [person, identifiers] : told) seen_.push_back({after, before, person, std::move(identifiers)});
    }
  }

  static void ExpectAnswer(const absl::Status& status) {
    EXPECT_TRUE(status.ok() || absl::IsNotFound(status) || absl::IsFailedPrecondition(status)) << status;
  }

  // From the history: when each person had which members. Every answer must be one of those, then.
  void ExpectTheSeenToHaveBeen() {
    std::map<RecordKey, EnterpriseId> of;
    std::map<EnterpriseId, std::set<RecordKey>> members;
    std::map<EnterpriseId, std::vector<std::pair<uint64_t, std::vector<RecordKey>>>> was;  // from an event on
    const auto history = folder_->History(1, SIZE_MAX);
    ASSERT_TRUE(history.ok());
    for (const HistoryEvent& e : *history) {
      std::set<EnterpriseId> changed;
      for (const PersonMove& move : e.moves) {
        if (move.before) members[*move.before].erase(move.record), changed.insert(*move.before);
        if (move.after) members[*move.after].insert(move.record), changed.insert(*move.after);
      }
      for (const EnterpriseId& id : changed)
        was[id].emplace_back(e.number, std::vector<RecordKey>(members[id].begin(), members[id].end()));
    }
    uint64_t wrong = 0;
    for (const Seen& seen : seen_) {
      const auto& states = was[seen.person];
      bool fits = false;
      for (size_t i = 0; i < states.size(); ++i) {
        const uint64_t until = i + 1 < states.size() ? states[i + 1].first - 1 : UINT64_MAX;
        fits = fits || (states[i].second == seen.identifiers && states[i].first <= seen.before && until >= seen.after);
      }
      wrong += !fits;
    }
    EXPECT_EQ(wrong, 0u) << "of " << seen_.size() << " answers";
    EXPECT_GT(seen_.size(), 100u);
    std::printf("%zu events, %zu answers\n", history->size(), seen_.size());
  }

  void ExpectTheBatch() {
    RegistryOracle oracle(folder_->model(), kRegistryToday);
    for (const std::vector<Made>& list : made_)
      for (const Made& m : list) {
        std::optional<PersonOutcome> outcome;
        bool changes;
        absl::StatusCode code = absl::StatusCode::kOk;
        switch (m.what) {
          case Made::kPut: code = oracle.Put(m.record, &outcome, &changes); break;
          case Made::kRetire: code = oracle.Retire(m.a); break;
          case Made::kDecide: code = oracle.Decide(m.a, m.b, m.same); break;
          case Made::kUndecide: code = oracle.Undecide(m.a, m.b); break;
          case Made::kAccept: code = oracle.Accept(m.a, m.same); break;
          case Made::kSubsume: code = oracle.Subsume(m.a, m.b); break;
          case Made::kUnsubsume: code = oracle.Unsubsume(m.a); break;
        }
        ASSERT_EQ(code, absl::StatusCode::kOk);
      }
    const RegistryOracle::Persons& persons = oracle.persons();
    for (const auto& [key, person] : persons.of) {
      const auto found = folder_->Find(key);
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_EQ(found->identifiers, persons.members.at(person));
    }
    EXPECT_EQ(folder_->GetStats()->records, persons.of.size());
    EXPECT_EQ(folder_->GetStats()->persons, persons.members.size());
  }

  RegistryFolder folder_;
  std::vector<Record> pool_;
  std::vector<Record> pools_[kWriters];
  std::vector<Made> made_[kWriters];
  std::atomic<int> writing_ = 0;
  std::mutex mutex_;
  std::vector<Seen> seen_;
};

TEST_F(ConcurrencyTest, ReadersSeeWholeChangesAndTheEndIsTheBatch) {
  const int steps = LongRun() ? 20'000 : 250;
  writing_ = kWriters;
  std::vector<std::thread> threads;
  for (int i = 0; i < kReaders; ++i) threads.emplace_back([this, i] { Read(i); });
  for (int i = 0; i < kWriters; ++i)
    threads.emplace_back([this, i, steps] {
      Write(i, steps);
      --writing_;
    });
  for (std::thread& thread : threads) thread.join();
  ExpectTheSeenToHaveBeen();
  ExpectTheBatch();
}

}  // namespace
}  // namespace libmpi
