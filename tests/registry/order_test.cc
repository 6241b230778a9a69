// SPDX-License-Identifier: Apache-2.0
// The order in which records come does not matter, as long as each record's own revisions come in theirs.
#include <cinttypes>
#include <cstdio>
#include <numeric>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {
namespace {

// What may not depend on the order.
struct Outcome {
  std::set<std::vector<RecordKey>> persons;
  std::set<std::pair<RecordKey, RecordKey>> questions;
  std::set<RecordKey> held;
  bool operator==(const Outcome&) const = default;
};

Outcome OutcomeOf(const Registry& registry) {
  Outcome out;
  const absl::Status read = registry.ForEachRecord([&](const Record& record, RecordStatus) {
    const auto person = registry.Find(record.key);
    EXPECT_TRUE(person.ok()) << person.status();
    if (person.ok()) out.persons.insert(person->identifiers);
    return true;
  });
  EXPECT_TRUE(read.ok());
  const auto review = registry.Review(SIZE_MAX);
  EXPECT_TRUE(review.ok());
  for (const ReviewEntry& e : *review) out.questions.emplace(e.a, e.b);
  const auto held = registry.HeldRevisions(SIZE_MAX);
  EXPECT_TRUE(held.ok());
  for (const HeldRevision& h : *held) out.held.insert(h.record);
  return out;
}

// Some 350 records and revisions of them, 500 puts in all.
std::vector<Record> Puts() {
  std::vector<Record> all = MakeCrowdedRecords(61, 130);
  std::mt19937_64 random(61);
  std::shuffle(all.begin(), all.end(), random);
  std::set<RecordKey> met;
  std::erase_if(all, [&](const Record& r) { return !met.insert(r.key).second; });
  if (all.size() > 350) all.resize(350);
  const size_t first = all.size();
  while (all.size() < 500) {
    Record record = all[random() % first];
    const Record& other = all[random() % first];
    switch (random() % 5) {
      case 0: record.phones = other.phones; break;
      case 1: record.coverages = other.coverages; break;
      case 2: record.addresses = other.addresses; break;
      case 3: record.births = other.births; break;
      default: record.names = other.names;  // often another person
    }
    all.push_back(std::move(record));
  }
  return all;
}

TEST(OrderTest, AnyOrderGivesOnePartition) {
  const std::vector<Record> puts = Puts();
  const int orders = LongRun() ? 1000 : 20;
  std::mt19937_64 random(62);
  Outcome first;
  for (int order = 0; order < orders && !HasFailure(); ++order) {
    // A shuffle of identifiers; every one's revisions in their order.
    std::vector<size_t> places(puts.size());
    std::iota(places.begin(), places.end(), 0);
    if (order > 0) std::shuffle(places.begin(), places.end(), random);
    std::map<RecordKey, std::vector<size_t>> of_key;
    for (size_t i = 0; i < puts.size(); ++i) of_key[puts[i].key].push_back(i);
    std::map<RecordKey, size_t> next;
    RegistryFolder folder;
    ASSERT_TRUE(folder.Create(TheModel(), FrozenOptions()));
    for (size_t place : places) {
      const RecordKey& key = puts[place].key;
      ASSERT_TRUE(folder->Put(puts[of_key[key][next[key]++]], {"tester", ""}).ok());
    }
    Outcome outcome = OutcomeOf(*folder);
    if (order == 0) {
      first = std::move(outcome);
      LinkOptions options = folder->model()->BatchOptions();
      options.today = kRegistryToday;
      std::vector<Record> records;
      ASSERT_TRUE(folder->ForEachRecord([&](const Record& r, RecordStatus) { return records.push_back(r), true; }).ok());
      const auto run = Dedupe(records, options);
      ASSERT_TRUE(run.ok());
      EXPECT_EQ(first.persons.size(), run->clusters);
      EXPECT_FALSE(first.held.empty());
      EXPECT_FALSE(first.questions.empty());
    } else {
      EXPECT_TRUE(outcome.persons == first.persons) << "order " << order;
      EXPECT_TRUE(outcome.questions == first.questions) << "order " << order;
      EXPECT_TRUE(outcome.held == first.held) << "order " << order;
    }
  }
  std::printf("%d orders of %zu puts: %zu persons, %zu questions, %zu held\n", orders, puts.size(),
              first.persons.size(), first.questions.size(), first.held.size());
}

}  // namespace
}  // namespace libmpi
