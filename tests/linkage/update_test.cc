// SPDX-License-Identifier: Apache-2.0
// Night after night against the whole: the clusters of an update are those of a run over all records.
#include "libmpi/linkage/update.h"

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/linker.h"
#include "tests/linkage/crowded_records.h"

namespace libmpi {
namespace {

using Records = std::map<RecordKey, Record>;

// The arrays of an index, in memory.
class Index : public StageStore {
 public:
  absl::Status Save(std::string_view stage, std::span<const std::string_view> pieces) override {
    std::string& bytes = bytes_[std::string(stage)];
    bytes.clear();
    for (std::string_view piece : pieces) bytes.append(piece);
    return absl::OkStatus();
  }
  std::unique_ptr<StageReader> Load(std::string_view) override { return nullptr; }

  IndexView View() const {
    return ViewOfArrays([this](const char* name) { return std::string_view(bytes_.at(name)); });
  }
  // As it is after an update.
  void Advance(const UpdateResult& result) {
    Grow("nodes", result.grown.nodes);
    Grow("contents", result.grown.contents);
    Grow("keys", result.grown.keys);
    Grow("key_begin", result.grown.key_begin);
    bytes_["texts"] += result.grown.texts;
    Grow("text_begin", std::span(result.grown.text_begin).subspan(1));
    bytes_["more"] += result.grown.more;
    Grow("more_begin", result.grown.more_begin);
    for (const char* name : {"edges", "node_of", "cluster"}) bytes_[name].clear();
    Grow("edges", result.edges);
    Grow("node_of", result.node_of);
    Grow("cluster", result.cluster);
  }
  std::string& bytes(const std::string& name) { return bytes_[name]; }

 private:
  template <typename List>
  void Grow(const std::string& name, const List& items) {
    bytes_[name].append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(items[0]));
  }
  std::map<std::string, std::string> bytes_;
};

// What one night brings: new ids, ids that say more, say another's words or nothing more, and some that leave.
struct Night {
  std::vector<RecordKey> gone;
  Records added;
};

Night MakeNight(const Records& now, const Records& later, std::mt19937_64* random) {
  Night night;
  const auto chance = [random](int of) { return (*random)() % static_cast<uint64_t>(of) == 0; };
  std::vector<const Record*> all;
  for (const auto& [key, record] : later) all.push_back(&record);
  for (const auto& [key, record] : later)
    if (!now.contains(key) && chance(4)) night.added.emplace(key, record);
  for (const auto& [key, record] : now) {
    if (!chance(30)) continue;
    night.gone.push_back(key);
    if (chance(4)) continue;
    Record changed = record;
    if (chance(2)) changed = *all[(*random)() % all.size()];
    else if (chance(2)) changed.phones.push_back("03-1234-" + std::to_string(1000 + (*random)() % 9000));
    else if (chance(2)) changed.names.push_back(all[(*random)() % all.size()]->names.front());
    changed.key = key;
    changed.Normalize();
    night.added.emplace(key, std::move(changed));
  }
  for (int i = 0; i < 5; ++i) {  // one more who says what another says
    Record repeat = *all[(*random)() % all.size()];
    repeat.key = {"again" + std::to_string((*random)() % 2), std::to_string((*random)() % 1000000), 0};
    if (!now.contains(repeat.key)) night.added.emplace(repeat.key, repeat);
  }
  return night;
}

RecordPairs PartsOf(const std::vector<Record>& records) {
  RecordPairs pairs;
  for (uint32_t i = 0; i < records.size(); ++i)
    for (uint32_t j = i + 1; j < records.size() && records[i].key.source == records[j].key.source &&
                             records[i].key.record_id == records[j].key.record_id; ++j)
      pairs.emplace_back(i, j);
  return pairs;
}

std::vector<Record> Listed(const Records& records) {
  std::vector<Record> list;
  for (const auto& [key, record] : records) list.push_back(record);
  return list;
}

absl::StatusOr<LinkResult> Keep(const std::vector<Record>& records, const LinkOptions& options, Index* index) {
  return DedupeKeepingIndex(records.size(), [&](size_t i, RecordView* out) { out->Assign(records[i]); }, options, index);
}

// Applies a night to the records and to the index.
absl::StatusOr<UpdateResult> Apply(const Night& night, const LinkOptions& options, const IndexView& view, Records* now) {
  std::map<RecordKey, uint32_t> before;
  for (const auto& [key, record] : *now) before.emplace(key, static_cast<uint32_t>(before.size()));
  for (const RecordKey& key : night.gone) now->erase(key);
  for (const auto& [key, record] : night.added) now->emplace(key, record);
  RecordChange change;
  change.count = now->size();
  change.place.assign(before.size(), RecordChange::kGone);
  std::vector<const Record*> added;
  uint32_t i = 0;
  for (const auto& [key, record] : *now) {
    if (night.added.contains(key)) {
      change.added.push_back(i);
      added.push_back(&record);
    } else {
      change.place[before.at(key)] = i;
    }
    ++i;
  }
  change.reader = [&](size_t k, RecordView* out) { out->Assign(*added[k]); };
  change.parts_of_one_id = PartsOf(Listed(*now));
  return Update(view, change, options);
}

std::vector<std::string> Texts(const std::vector<Link>& links, const std::set<uint32_t>* decided) {
  std::vector<std::string> texts;
  for (const Link& l : links)
    if (decided == nullptr || decided->contains(l.a) || decided->contains(l.b))
      texts.push_back(std::to_string(l.a) + " " + std::to_string(l.b) + " " + std::to_string(l.weight) +
                      (l.decision == LinkDecision::kMatch ? " match" : " review") + (l.held ? " held" : ""));
  return texts;
}

std::vector<std::string> Texts(const std::vector<ReviewItem>& items, const std::set<uint32_t>* decided) {
  std::vector<std::string> texts;
  for (const ReviewItem& r : items)
    if (decided == nullptr || decided->contains(r.a) || decided->contains(r.b))
      texts.push_back(std::to_string(r.a) + " " + std::to_string(r.b) + " " + std::to_string(r.weight) + " " +
                      std::string(ReviewReasonName(r.reason)) + " " + std::to_string(r.priority));
  std::sort(texts.begin(), texts.end());
  return texts;
}

// Edges of nodes by the first records that say them.
std::set<std::string> Edges(std::span<const Edge> edges, std::span<const uint32_t> node_of, size_t nodes) {
  std::vector<uint32_t> first(nodes, UINT32_MAX);
  for (uint32_t i = 0; i < node_of.size(); ++i) first[node_of[i]] = std::min(first[node_of[i]], i);
  std::set<std::string> texts;
  for (const Edge& e : edges)
    texts.insert(std::to_string(std::min(first[e.a], first[e.b])) + " " + std::to_string(std::max(first[e.a], first[e.b])) +
                 " " + std::to_string(e.weight) + (e.held ? " held" : ""));
  EXPECT_EQ(texts.size(), edges.size());
  return texts;
}

struct Case {
  uint64_t seed;
  uint64_t persons;
  double match, review;
  Preset preset = Preset::kBalanced;
  int decisions = 0;
  bool parts = false;
};

std::vector<Decision> Decisions(const std::vector<Record>& records, int count, uint64_t seed) {
  std::vector<Decision> decisions;
  // Of records that stay: by what their key says, so that they are the same each night.
  std::vector<uint32_t> chosen;
  for (uint32_t i = 0; i < records.size() && chosen.size() < 2 * static_cast<size_t>(count); ++i)
    if (records[i].key.source == "decided") chosen.push_back(i);
  for (size_t i = 0; i + 1 < chosen.size(); i += 2)
    decisions.push_back({chosen[i], chosen[i + 1], (seed + i / 2) % 2 == 0});
  return decisions;
}

class UpdateTest : public testing::TestWithParam<Case> {};

TEST_P(UpdateTest, EqualsTheWholeNightAfterNight) {
  const Case& c = GetParam();
  std::mt19937_64 random(c.seed);
  Records later, now;
  for (Record& record : MakeCrowdedRecords(c.seed, c.persons)) {
    record.Normalize();
    if (c.decisions > 0 && random() % 20 == 0 && !record.key.source.starts_with("crowd")) record.key.source = "decided";
    if (c.parts && random() % 10 == 0) {
      Record other = record;
      record.key.part = 1;
      other.key.part = 2;
      later.emplace(other.key, other);
    }
    later.emplace(record.key, std::move(record));
  }
  for (const auto& [key, record] : later)
    if (key.source == "decided" || key.part > 0 || random() % 2 == 0) now.emplace(key, record);
  LinkOptions options;
  options.model = &TheModel();
  options.preset = c.preset;
  options.match_threshold = c.match;
  options.review_threshold = c.review;
  options.threads = 2;
  options.today = {2026, 11, 28};
  Index index;
  {
    const std::vector<Record> list = Listed(now);
    LinkOptions keeping = options;
    keeping.decisions = Decisions(list, c.decisions, c.seed);
    ASSERT_TRUE(Keep(list, keeping, &index).ok());
  }
  uint64_t parted = 0;
  for (int n = 0; n < 4; ++n) {
    Night night = MakeNight(now, later, &random);
    if (c.decisions > 0) std::erase_if(night.gone, [](const RecordKey& k) { return k.source == "decided"; });
    if (c.decisions > 0) std::erase_if(night.added, [&](const auto& a) { return now.contains(a.first) && a.first.source == "decided"; });
    // Decisions are of records afterwards.
    Records after = now;
    for (const RecordKey& key : night.gone) after.erase(key);
    for (const auto& [key, record] : night.added) after.emplace(key, record);
    const std::vector<Record> list = Listed(after);
    options.decisions = Decisions(list, c.decisions, c.seed);
    options.threads = 1 + n % 3;
    const IndexView view = index.View();
    auto result = Apply(night, options, view, &now);
    ASSERT_TRUE(result.ok()) << result.status();
    Index whole_index;
    const auto whole = Keep(list, options, &whole_index);
    ASSERT_TRUE(whole.ok());
    ASSERT_EQ(result->cluster, whole->cluster) << "night " << n;
    const std::set<uint32_t> decided(result->decided.begin(), result->decided.end());
    EXPECT_EQ(Texts(result->links, nullptr), Texts(whole->links, &decided)) << "night " << n;
    EXPECT_EQ(Texts(result->review, nullptr), Texts(whole->review, &decided)) << "night " << n;
    EXPECT_LT(decided.size(), list.size());
    const IndexView whole_view = whole_index.View();
    EXPECT_EQ(Edges(result->edges, result->node_of, result->grown.size()),
              Edges(whole_view.edges, whole_view.node_of, whole_view.nodes.size()));
    parted += result->parted_pairs;
    index.Advance(*result);
  }
  RecordProperty("parted_pairs", std::to_string(parted));
  if (c.seed <= 2) {
    EXPECT_GT(parted, 0u) << "no key was sharpened between pairs that only it brought together";
  }
}

INSTANTIATE_TEST_SUITE_P(Regions, UpdateTest,
                         testing::Values(Case{1, 250, 0, -3}, Case{2, 250, 0, -3}, Case{3, 400, 0, -3},
                                         Case{4, 100, 8, -1, Preset::kSafe}, Case{5, 250, -7, -8},
                                         Case{6, 250, 0, -3, Preset::kBalanced, 8},
                                         Case{7, 250, 0, -3, Preset::kBalanced, 0, true}, Case{8, 20, 0, -3}));

}  // namespace
}  // namespace libmpi
