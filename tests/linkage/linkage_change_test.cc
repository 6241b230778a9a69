// SPDX-License-Identifier: Apache-2.0
// Record by record against the whole: after any changes in any order, clusters, links and questions are those of a run.
#include "libmpi/linkage/linkage_change.h"

#include <map>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/linkage/kept_in_memory.h"

namespace libmpi {
namespace {

constexpr CivilDate kToday = {2026, 11, 28};

std::shared_ptr<const FrozenModel> Frozen(Preset preset, double match, double review) {
  FrozenOptions options;
  options.preset = preset;
  options.match_threshold = match;
  options.review_threshold = review;
  return *FrozenModel::Make(TheModel(), options);
}

// What is linked, and its twin.
class Living {
 public:
  explicit Living(std::shared_ptr<const FrozenModel> model) : model_(std::move(model)) {}

  // Adds, revises or, with null, removes records in one change.
  void Change(const std::vector<std::pair<RecordKey, const Record*>>& changes) {
    LinkageChange change(&kept, model_.get(), kept.next_node());
    KnownScores known;
    if (changes.size() == 1 && changes[0].second != nullptr) {
      Foresee(model_->Pack(*changes[0].second, kToday, nullptr), &known);
      change.Know(&known);
    }
    for (const auto& [key, record] : changes) {
      KeptRecord entry;
      if (const auto it = numbers.find(key); it != numbers.end() && records.contains(key)) {
        auto removed = change.Remove(it->second);
        ASSERT_TRUE(removed.ok()) << removed.status();
        entry = removed->record;
        records.erase(key);
      } else {
        const uint32_t number = it != numbers.end() ? it->second : numbers[key] = static_cast<uint32_t>(numbers.size() + 1);
        entry = {number, number, 0, false, key};
        for (const auto& [pair, same] : kept.decisions) entry.decided |= pair.first == number || pair.second == number;
      }
      if (record == nullptr) continue;
      ASSERT_TRUE(change.Add(entry, model_->Pack(*record, kToday, nullptr), 0).ok());
      records.emplace(key, *record);
    }
    Finish(&change);
  }

  void Decide(uint32_t a, uint32_t b, std::optional<bool> same) {
    LinkageChange change(&kept, model_.get(), kept.next_node());
    if (same) kept.decisions[{a, b}] = *same;
    else kept.decisions.erase({a, b});
    for (uint32_t record : {a, b}) {
      std::vector<KeptDecision> decisions;
      ASSERT_TRUE(kept.ReadDecisions(record, &decisions).ok());
      ASSERT_TRUE(change.Touch(record, !decisions.empty()).ok());
    }
    Finish(&change);
  }

  void ExpectAsWhole() {
    std::vector<Record> list;
    std::map<uint32_t, uint32_t> place;  // by number
    std::vector<uint32_t> number;
    for (const auto& [key, record] : records) {
      place[numbers.at(key)] = static_cast<uint32_t>(list.size());
      number.push_back(numbers.at(key));
      list.push_back(record);
    }
    LinkOptions options = model_->BatchOptions();
    options.today = kToday;
    for (const auto& [pair, same] : kept.decisions)
      if (place.contains(pair.first) && place.contains(pair.second))
        options.decisions.push_back({place[pair.first], place[pair.second], same});
    const auto whole = Dedupe(list.size(), [&](size_t i, RecordView* out) { out->Assign(list[i]); }, options);
    ASSERT_TRUE(whole.ok()) << whole.status();
    std::vector<uint32_t> lowest(list.size(), UINT32_MAX);
    for (uint32_t i = 0; i < list.size(); ++i)
      lowest[whole->cluster[i]] = std::min(lowest[whole->cluster[i]], number[i]);
    std::map<uint32_t, uint32_t> expected, found;
    for (uint32_t i = 0; i < list.size(); ++i) expected[number[i]] = lowest[whole->cluster[i]];
    for (const auto& [node, state] : kept.states())
      for (const KeptRecord& record : state.records) found[record.number] = record.person;
    EXPECT_EQ(found, expected);
    std::set<std::string> links, whole_links;
    for (const KeptLink& l : links_of_last) links.insert(Text(l.a.number, l.b.number, l.weight, l.decision, l.held));
    for (const Link& l : whole->links)
      if (decided_last.contains(number[l.a]) || decided_last.contains(number[l.b]))
        whole_links.insert(Text(number[l.a], number[l.b], l.weight, l.decision, l.held));
    EXPECT_EQ(links, whole_links);
  }

  KeptInMemory kept;
  std::map<RecordKey, Record> records;
  std::map<RecordKey, uint32_t> numbers;
  std::vector<KeptLink> links_of_last;
  std::set<uint32_t> decided_last;

 private:
  static std::string Text(uint32_t a, uint32_t b, FixedWeight weight, LinkDecision decision, bool held) {
    return std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(weight) +
           (decision == LinkDecision::kMatch ? " match" : " review") + (held ? " held" : "");
  }
  // As a caller does before its turn.
  void Foresee(const std::string& packed, KnownScores* known) const {
    std::vector<NodeId> nodes;
    std::vector<std::string> contents;
    bool more;
    ASSERT_TRUE(NodesThatMeet(kept, packed, 20, &nodes, &more).ok());
    ASSERT_TRUE(kept.ReadContents(nodes, &contents).ok());
    ASSERT_TRUE(known->Learn(*model_, packed, nodes, contents).ok());
  }
  void Finish(LinkageChange* change) {
    ASSERT_TRUE(change->Finish().ok());
    kept.Apply(*change);
    links_of_last = change->links();
    decided_last.clear();
    for (const KeptRecord& record : change->decided()) decided_last.insert(record.number);
  }

  std::shared_ptr<const FrozenModel> model_;
};

struct Case {
  uint64_t seed;
  uint64_t persons;
  double match, review;
  Preset preset = Preset::kBalanced;
  int decisions = 0;
  bool parts = false;
};

class LinkageChangeTest : public testing::TestWithParam<Case> {};

TEST_P(LinkageChangeTest, EqualsTheWholeAfterAnyChanges) {
  const Case& c = GetParam();
  std::mt19937_64 random(c.seed);
  std::vector<Record> all;
  for (Record& record : MakeCrowdedRecords(c.seed, c.persons)) {
    record.Normalize();
    if (c.parts && random() % 10 == 0) {
      all.push_back(record);
      all.back().key.part = 1;
      record.key.part = 2;
    }
    all.push_back(std::move(record));
  }
  Living living(Frozen(c.preset, c.match, c.review));
  std::shuffle(all.begin(), all.end(), random);
  // The first half in one change, the rest in small ones.
  std::vector<std::pair<RecordKey, const Record*>> changes;
  const size_t half = all.size() / 2;
  std::set<RecordKey> met;
  for (size_t i = 0; i < half; ++i)
    if (met.insert(all[i].key).second) changes.emplace_back(all[i].key, &all[i]);
  living.Change(changes);
  living.ExpectAsWhole();
  for (size_t step = 0, next = half; next < all.size(); ++step) {
    changes.clear();
    std::set<RecordKey> named;
    std::vector<Record> changed;
    changed.reserve(8);
    for (int i = static_cast<int>(random() % 4); i >= 0 && next < all.size(); --i, ++next)
      if (named.insert(all[next].key).second) changes.emplace_back(all[next].key, &all[next]);
    for (int i = static_cast<int>(random() % 3); i > 0 && !living.records.empty(); --i) {
      auto it = living.records.begin();
      std::advance(it, static_cast<long>(random() % living.records.size()));
      if (!named.insert(it->first).second) continue;
      if (random() % 3 == 0) {
        changes.emplace_back(it->first, nullptr);
        continue;
      }
      Record record = random() % 2 ? all[random() % all.size()] : it->second;
      if (random() % 2) record.phones = {"03-1234-" + std::to_string(1000 + random() % 9000)};
      record.key = it->first;
      record.Normalize();
      changed.push_back(std::move(record));
      changes.emplace_back(it->first, &changed.back());
    }
    living.Change(changes);
    if (HasFatalFailure()) return;
    if (step % 40 == 0) living.ExpectAsWhole();
    for (int d = 0; d < c.decisions && step % 10 == 0; ++d) {
      const uint32_t a = static_cast<uint32_t>(1 + random() % living.numbers.size()), b = static_cast<uint32_t>(1 + random() % living.numbers.size());
      if (a >= b || living.kept.decisions.size() > 15) continue;
      bool free = true;  // contradictions are the registry's to refuse
      for (const auto& [pair, same] : living.kept.decisions)
        free = free && pair.first != a && pair.second != a && pair.first != b && pair.second != b;
      if (free) living.Decide(a, b, random() % 2 == 0);
      if (step % 40 == 0) living.ExpectAsWhole();
    }
    if (HasFailure()) return;
  }
  living.ExpectAsWhole();
  while (!living.kept.decisions.empty()) {
    const auto pair = living.kept.decisions.begin()->first;
    living.Decide(pair.first, pair.second, std::nullopt);
  }
  living.ExpectAsWhole();
  // All leave again: nothing remains.
  changes.clear();
  for (const auto& [key, record] : living.records) changes.emplace_back(key, nullptr);
  std::shuffle(changes.begin(), changes.end(), random);
  for (size_t i = 0; i < changes.size(); i += 7)
    living.Change({changes.begin() + static_cast<long>(i), changes.begin() + static_cast<long>(std::min(i + 7, changes.size()))});
  EXPECT_TRUE(living.kept.states().empty());
  EXPECT_TRUE(living.kept.slots().empty());
}

INSTANTIATE_TEST_SUITE_P(Regions, LinkageChangeTest,
                         testing::Values(Case{1, 250, 0, -3}, Case{2, 250, 0, -3}, Case{3, 100, 8, -1, Preset::kSafe},
                                         Case{4, 150, -7, -8}, Case{5, 150, 0, -3, Preset::kBalanced, 2},
                                         Case{6, 150, 0, -3, Preset::kBalanced, 0, true}, Case{7, 20, 0, -3},
                                         Case{8, 150, 6, -1, Preset::kSafe, 2, true}));

}  // namespace
}  // namespace libmpi
