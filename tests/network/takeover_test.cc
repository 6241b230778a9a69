// SPDX-License-Identifier: Apache-2.0
// An index with its own IDs and errors is taken over, and worked through by a steward who knows the truth.
#include "libmpi/network/takeover.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/evaluation/region_records.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {
namespace {

using Kind = Disagreement::Kind;
using testing::IsEmpty;
using testing::SizeIs;

class Inheritance {
 public:
  Inheritance(uint64_t persons, uint64_t seed, double errors) : random_(seed) {
    const RegionRecords region = MakeRegionRecords({persons, seed, 1});
    for (size_t i = 0; i < region.records.size(); ++i) {
      if (!truth_.try_emplace(region.records[i].key, region.person[i]).second) continue;
      records_[region.records[i].key] = region.records[i];
      records_[region.records[i].key].Normalize();
    }
    std::map<uint32_t, std::vector<RecordKey>> groups;
    for (const auto& [key, person] : truth_) groups[person].push_back(key);
    for (auto& [person, keys] : groups) index.push_back({"ID" + std::to_string(person), {}, std::move(keys)});
    MakeErrors(static_cast<size_t>(errors * static_cast<double>(index.size())));
    for (size_t i = 0; i < index.size(); i += 50) index[i].retired_ids = {"OLD" + index[i].id, "OLDER" + index[i].id};
  }

  void Load(RegistryFolder* registry) const {
    ASSERT_TRUE(registry->Create(Model::Default(), FrozenOptions()));
    std::vector<const Record*> all;
    for (const auto& [key, record] : records_) all.push_back(&record);
    const auto reader = [&](size_t i, RecordView* view) { view->Assign(*all[i]); };
    const auto loaded = (*registry)->BulkLoad(all.size(), reader, {"test", ""}, 2, nullptr);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    ASSERT_EQ(loaded->created, all.size());
  }

  bool IsOne(const Disagreement& d) const { return truth_.at(d.a) == truth_.at(d.b); }
  bool IndexWasWrong(const Disagreement& d) const { return IsOne(d) == (d.kind == Kind::kApart); }
  uint32_t PersonOf(const RecordKey& key) const { return truth_.at(key); }

  std::vector<InheritedPerson> index;
  std::set<uint32_t> split;                            // by truth
  std::set<std::pair<uint32_t, uint32_t>> merged;      // by truth, the smaller first

 private:
  // By turns a person of two IDs, and two persons of one.
  void MakeErrors(size_t count) {
    std::vector<size_t> order(index.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random_);
    std::set<size_t> gone;
    for (size_t i = 0; i + 1 < order.size() && split.size() + merged.size() < count; i += 2) {
      InheritedPerson& person = index[order[i]];
      InheritedPerson& other = index[order[i + 1]];
      if (split.size() <= merged.size()) {
        if (person.records.size() < 2) continue;
        split.insert(truth_.at(person.records[0]));
        index_more_.push_back({person.id + "b", {}, {person.records.back()}});
        person.records.pop_back();
      } else {
        const auto [a, b] = std::minmax(truth_.at(person.records[0]), truth_.at(other.records[0]));
        merged.emplace(a, b);
        person.records.insert(person.records.end(), other.records.begin(), other.records.end());
        person.retired_ids.push_back(other.id);
        gone.insert(order[i + 1]);
      }
    }
    std::vector<InheritedPerson> kept;
    for (size_t i = 0; i < index.size(); ++i)
      if (!gone.contains(i)) kept.push_back(std::move(index[i]));
    kept.insert(kept.end(), index_more_.begin(), index_more_.end());
    index = std::move(kept);
  }

  std::mt19937_64 random_;
  std::map<RecordKey, Record> records_;
  std::map<RecordKey, uint32_t> truth_;
  std::vector<InheritedPerson> index_more_;
};

std::map<RecordKey, std::vector<RecordKey>> PartitionOf(const Registry& registry) {
  std::map<RecordKey, std::vector<RecordKey>> persons;  // by first record
  EXPECT_TRUE(registry.ForEachPerson([&](const EnterpriseId&, const std::vector<RecordKey>& records) {
    persons[records.front()] = records;
    return true;
  }).ok());
  return persons;
}

double Share(size_t part, size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

TEST(TakeoverTest, EveryIdAnswersPersonsAreAsTheyWereAndWorkedThroughTheyAreAsFresh) {
  const Inheritance inherited(LongRun() ? 100'000 : 3'000, 20261129, 0.02);
  RegistryFolder registry;
  inherited.Load(&registry);
  TakeoverOptions options;
  options.index = "OLDINDEX";
  const Attribution by = {"operator", "takeover"};
  const auto foreseen = TakeOver(&*registry, inherited.index, {"OLDINDEX", true, nullptr}, by);
  ASSERT_TRUE(foreseen.ok()) << foreseen.status();
  EXPECT_THAT(*registry->Decisions(), IsEmpty());
  const auto taken = TakeOver(&*registry, inherited.index, options, by);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->disagreements.size(), foreseen->disagreements.size());
  EXPECT_EQ(taken->persons, inherited.index.size());
  EXPECT_EQ(taken->unknown_records, 0u);

  size_t ids = 0, as_they_were = 0;
  for (const InheritedPerson& person : inherited.index) {
    std::vector<std::string> all = person.retired_ids;
    all.push_back(person.id);
    std::vector<RecordKey> records = person.records;
    std::ranges::sort(records);
    for (const std::string& id : all) {
      const auto found = registry->Find(RecordKey{"OLDINDEX", id, 0});
      ASSERT_TRUE(found.ok()) << id << " " << found.status();
      EXPECT_TRUE(found->by_alias);
      as_they_were += found->identifiers == records;
      ++ids;
    }
  }
  EXPECT_EQ(ids, taken->ids);
  EXPECT_EQ(as_they_were, ids);

  // The list against the truth.
  const auto list = TakeoverList(*registry, "OLDINDEX");
  ASSERT_TRUE(list.ok()) << list.status();
  std::set<uint32_t> split;
  std::set<std::pair<uint32_t, uint32_t>> merged;
  size_t asked = 0, wrong = 0;
  for (const Disagreement& d : *list) {
    if ((d.kind == Kind::kSupport || d.kind == Kind::kSupportApart)) continue;
    ++asked;
    wrong += inherited.IndexWasWrong(d);
    if (d.kind == Kind::kApart) split.insert(inherited.PersonOf(d.a));
    else merged.insert(std::minmax(inherited.PersonOf(d.a), inherited.PersonOf(d.b)));
  }
  EXPECT_EQ(asked, taken->disagreements.size());
  const size_t found_split =
      static_cast<size_t>(std::ranges::count_if(inherited.split, [&](uint32_t p) { return split.contains(p); }));
  const size_t found_merged =
      static_cast<size_t>(std::ranges::count_if(inherited.merged, [&](const auto& p) { return merged.contains(p); }));
  std::printf(
      "%zu persons, %zu agreed, %zu IDs; %zu questions: precision %.4f; recall of two IDs %.4f (%zu), of two persons %.4f (%zu)\n",
      inherited.index.size(), static_cast<size_t>(taken->agreed), ids, asked, Share(wrong, asked),
      Share(found_split, inherited.split.size()), inherited.split.size(), Share(found_merged, inherited.merged.size()),
      inherited.merged.size());
  EXPECT_GT(Share(found_merged, inherited.merged.size()), 0.98);
  EXPECT_GT(Share(found_split, inherited.split.size()), 0.8);

  // Worked through.
  const Attribution steward = {"steward", "knows them"};
  std::vector<Disagreement> confirmed;
  for (const Disagreement& d : *list) {
    if ((d.kind == Kind::kSupport || d.kind == Kind::kSupportApart)) continue;
    const bool right = !inherited.IndexWasWrong(d);
    const absl::Status done =
        right ? Confirm(&*registry, "OLDINDEX", d, steward) : Release(&*registry, "OLDINDEX", d, steward);
    ASSERT_TRUE(done.ok()) << done;
    if (right) confirmed.push_back(d);
  }
  const auto left = TakeoverList(*registry, "OLDINDEX");
  ASSERT_TRUE(left.ok());
  EXPECT_THAT(*left, IsEmpty());
  const auto standing = registry->Decisions();
  ASSERT_TRUE(standing.ok());
  std::printf("%zu supports, %zu confirmed, %zu decisions stand\n", list->size() - asked, confirmed.size(),
              standing->size());

  RegistryFolder fresh;
  inherited.Load(&fresh);
  for (const StewardDecision& d : *standing) ASSERT_TRUE(fresh->Decide(d.a, d.b, d.same, steward).ok());
  EXPECT_EQ(PartitionOf(*registry), PartitionOf(*fresh));
  EXPECT_THAT(*registry->Verify(2, nullptr), IsEmpty());
  for (const InheritedPerson& person : inherited.index)
    EXPECT_TRUE(registry->Find(RecordKey{"OLDINDEX", person.id, 0}).ok());
}

TEST(TakeoverTest, WhatIsWrongWithAnIndexIsSaid) {
  const Inheritance inherited(100, 3, 0);
  RegistryFolder registry;
  inherited.Load(&registry);
  const Attribution by = {"operator", ""};
  TakeoverOptions options;
  const auto code = [&](const std::vector<InheritedPerson>& index) {
    return TakeOver(&*registry, index, options, by).status().code();
  };
  const RecordKey known = inherited.index[0].records[0];
  EXPECT_EQ(code({}), absl::StatusCode::kInvalidArgument);
  options.index = "OLD";
  EXPECT_EQ(code({{"", {}, {known}}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"1", {}, {known}}, {"1", {}, {}}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"1", {"1"}, {known}}}), absl::StatusCode::kInvalidArgument);
  options.index = known.source;
  EXPECT_EQ(code({{known.record_id, {}, {known}}}), absl::StatusCode::kFailedPrecondition);
  options.index = "OLD";
  const auto taken = TakeOver(
      &*registry,
      std::vector<InheritedPerson>{{"1", {"0"}, {known, {"nowhere", "1", 0}}}, {"2", {}, {known}}, {"3", {}, {}}},
      options, by);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->unknown_records, 1u);
  EXPECT_EQ(taken->repeated_records, 1u);
  EXPECT_EQ(taken->ids, 4u);
  for (const char* id : {"0", "1", "2"}) EXPECT_TRUE(registry->Find(RecordKey{"OLD", id, 0}).ok()) << id;
  EXPECT_EQ(registry->Find(RecordKey{"OLD", "3", 0}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(registry->Find(RecordKey{"OLD", "4", 0}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(*registry->AliasOf({"OLD", "1", 0}), SizeIs(2));
}

TEST(TakeoverTest, AnIdAnswersWithTheFirstOfItsRecordsThatIsLive) {
  const Inheritance inherited(100, 3, 0);
  RegistryFolder registry;
  inherited.Load(&registry);
  const auto person =
      std::ranges::find_if(inherited.index, [](const InheritedPerson& p) { return p.records.size() > 2; });
  ASSERT_NE(person, inherited.index.end());
  const Attribution by = {"operator", ""};
  ASSERT_TRUE(registry->PutAliases(std::vector<PersonAlias>{{{"OLD", "1", 0}, person->records}}, by).ok());
  ASSERT_TRUE(registry->Retire(person->records[0], by).ok());
  const auto found = registry->Find(RecordKey{"OLD", "1", 0});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(std::ranges::count(found->identifiers, person->records[1]) == 1);
  ASSERT_TRUE(registry.Reopen());
  EXPECT_TRUE(registry->Find(RecordKey{"OLD", "1", 0}).ok());
  for (size_t i = 1; i < person->records.size(); ++i) ASSERT_TRUE(registry->Retire(person->records[i], by).ok());
  EXPECT_EQ(registry->Find(RecordKey{"OLD", "1", 0}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(*registry->Verify(1, nullptr), IsEmpty());
}

}  // namespace
}  // namespace libmpi
