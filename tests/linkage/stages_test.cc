// SPDX-License-Identifier: Apache-2.0
// A run that ends early and goes on from the stages it kept.
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/base/hash.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {
namespace {

// Stages in memory.
class MemoryStages : public StageStore {
 public:
  absl::Status Save(std::string_view stage, std::span<const std::string_view> pieces) override {
    std::string bytes;
    for (std::string_view piece : pieces) bytes.append(piece);
    std::lock_guard<std::mutex> lock(mutex_);
    if (broken) return absl::ResourceExhaustedError("no room");
    kept[std::string(stage)] = std::move(bytes);
    return absl::OkStatus();
  }
  std::unique_ptr<StageReader> Load(std::string_view stage) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = kept.find(std::string(stage));
    if (it == kept.end()) return nullptr;
    loaded.insert(it->first);
    return std::make_unique<Reader>(it->second);
  }

  std::map<std::string, std::string> kept;
  std::set<std::string> loaded;
  bool broken = false;

 private:
  struct Reader : StageReader {
    explicit Reader(std::string_view bytes) : left(bytes) {}
    uint64_t remaining() const override { return left.size(); }
    bool Read(void* to, size_t size) override {
      if (size > left.size()) return false;
      std::memcpy(to, left.data(), size);
      left.remove_prefix(size);
      return true;
    }
    std::string_view left;
  };
  std::mutex mutex_;
};

std::vector<Record> MakeRecords(uint64_t persons) {
  std::map<RecordKey, Record> by_key;
  GenerateRegion({persons, 77, 1}, [&](const RegionRow& row) {
    Record& record = by_key[{row.source, row.record_id, 0}];
    record.key = {row.source, row.record_id, 0};
    StatedName name;
    name.full = row.name;
    name.full_kana = row.kana;
    record.names.push_back(name);
    if (!row.birth.empty()) record.births.push_back(row.birth);
    if (!row.sex.empty()) record.sexes.push_back(row.sex);
    if (!row.number.empty()) record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
    if (!row.care_number.empty()) record.care.push_back({row.care_insurer, row.care_number});
    if (!row.street.empty() || !row.city.empty())
      record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
    if (!row.phone.empty()) record.phones.push_back(row.phone);
    record.Normalize();
  });
  std::vector<Record> records;
  for (auto& [key, record] : by_key) records.push_back(std::move(record));
  return records;
}

const std::vector<Record>& Records() {
  static const auto* const records = new std::vector<Record>(MakeRecords(1500));
  return *records;
}

// All of a result but its times, as a hash.
std::string Everything(const LinkResult& r) {
  std::string all = r.model.ToJson();
  const auto add = [&all](auto... values) { ((all += std::to_string(values) + " "), ...); };
  for (uint32_t c : r.cluster) add(c);
  for (const Link& l : r.links) add(l.a, l.b, l.weight, static_cast<int>(l.decision), l.held);
  for (const ReviewItem& i : r.review) add(i.a, i.b, i.weight, static_cast<int>(i.reason), i.priority, i.review_case);
  for (const auto& [record, finding] : r.findings) {
    add(record, static_cast<int>(finding.code));
    all += finding.field;
  }
  add(r.model_learned, r.match_threshold, r.review_threshold, r.expected_wrong_links, r.candidate_pairs,
      r.distinct_patterns, r.unlinkable, r.clusters, r.largest_cluster, r.self_check.confident);
  for (const WeightHistogram& h : {r.pair_weights, r.self_weights})
    for (uint64_t n : h.counts) add(n);
  for (const BlockingRuleReport& b : r.blocking) {
    all += b.rule;
    add(b.keys, b.pairs, b.refined_keys, b.refined_apart, b.unreached_pairs);
  }
  for (const std::string& warning : r.self_check.warnings) all += warning;
  for (const StageTime& t : r.times) all += t.stage;
  return "result " + std::to_string(HashBytes(all));
}

// Stops at the given call of the progress callback for a stage.
ProgressCallback StopAt(std::string stage) {
  return [stage](std::string_view at, uint64_t, uint64_t) { return at != stage; };
}

std::string DedupeWith(StageStore* store, int threads = 1, LinkOptions options = {}) {
  options.threads = threads;
  options.stages = store;
  const auto result = Dedupe(Records(), options);
  return result.ok() ? Everything(*result) : std::string(result.status().message());
}

const std::string& Uninterrupted() {
  static const auto* const all = new std::string(DedupeWith(nullptr));
  return *all;
}

TEST(StagesTest, KeepingChangesNothing) {
  MemoryStages store;
  EXPECT_EQ(DedupeWith(&store, 2), Uninterrupted());
  std::set<std::string> names;
  for (const auto& [name, bytes] : store.kept) names.insert(name);
  EXPECT_THAT(names, testing::ElementsAre("clustered", "keys", "learned", "names", "records", "scored"));
  EXPECT_EQ(DedupeWith(&store, 3), Uninterrupted());
  EXPECT_EQ(store.loaded, names);
}

TEST(StagesTest, GoesOnFromWhereverItWasStopped) {
  for (const auto& [stop, kept] : std::map<std::string, size_t>{
           {"standardize", 1}, {"block", 1}, {"learn", 3}, {"score", 4}, {"cluster", 5}}) {
    for (const int threads : {1, 2, 3}) {
      MemoryStages store;
      LinkOptions options;
      options.progress = StopAt(stop);
      EXPECT_THAT(DedupeWith(&store, threads, options), testing::StartsWith("stopped")) << stop;
      EXPECT_EQ(store.kept.size(), kept) << stop;
      EXPECT_EQ(DedupeWith(&store, 4 - threads), Uninterrupted()) << stop << ", threads " << threads;
      EXPECT_EQ(store.loaded.size(), kept) << stop;
    }
  }
}

TEST(StagesTest, StagesLostOrDamagedAreMadeAnew) {
  MemoryStages whole;
  DedupeWith(&whole);
  for (const auto& [name, bytes] : whole.kept) {
    for (const size_t size : {bytes.size(), size_t{16}, bytes.size() / 2}) {
      MemoryStages store;
      store.kept = whole.kept;
      if (size == bytes.size()) store.kept.erase(name);
      else store.kept[name].resize(size);
      EXPECT_EQ(DedupeWith(&store, 2), Uninterrupted()) << name << " of " << size << " bytes";
      EXPECT_EQ(store.kept.size(), whole.kept.size());
    }
    MemoryStages longer;
    longer.kept = whole.kept;
    longer.kept[name] += "x";
    EXPECT_EQ(DedupeWith(&longer), Uninterrupted()) << name;
  }
}

// A store that checks nothing: bytes of any kind must not bring a run down, whatever it makes of them.
TEST(StagesTest, SurvivesAnyBytes) {
  MemoryStages whole;
  DedupeWith(&whole);
  uint64_t random = 1;
  for (const auto& [name, bytes] : whole.kept) {
    for (int round = 0; round < 2; ++round) {
      MemoryStages store;
      store.kept = whole.kept;
      std::string& damaged = store.kept[name];
      // Behind the header, before the array's contents end: sizes of items and arrays as well as values.
      for (int i = 0; i < 3; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        damaged[16 + (random >> 33) % 24] = static_cast<char>(random >> 40);
      }
      (void)DedupeWith(&store);
    }
  }
}

TEST(StagesTest, StagesOfOtherOptionsAreNotTaken) {
  MemoryStages store;
  DedupeWith(&store);
  LinkOptions safe;
  safe.preset = Preset::kSafe;
  const std::string expected = DedupeWith(nullptr, 1, safe);
  EXPECT_EQ(DedupeWith(&store, 1, safe), expected);
  LinkOptions decided;
  decided.decisions.push_back({0, 1, true});
  const std::string tied = DedupeWith(nullptr, 1, decided);
  EXPECT_NE(tied, Uninterrupted());
  EXPECT_EQ(DedupeWith(&store, 1, decided), tied);
}

TEST(StagesTest, ARunGoesOnWithoutAStoreThatTakesNothing) {
  MemoryStages store;
  store.broken = true;
  EXPECT_EQ(DedupeWith(&store, 2), Uninterrupted());
  EXPECT_TRUE(store.kept.empty());
}

TEST(StagesTest, GoesOnWithAModelAndWithAReferenceList) {
  const auto learned = Dedupe(Records(), {});
  ASSERT_TRUE(learned.ok());
  const size_t half = Records().size() / 2;
  const std::span<const Record> first = std::span(Records()).first(half), rest = std::span(Records()).subspan(half);
  for (const Model* model : {static_cast<const Model*>(nullptr), &learned->model}) {
    LinkOptions options;
    options.model = model;
    options.threads = 2;
    const std::string deduped = DedupeWith(nullptr, 2, options);
    const auto linked = LinkToReference(first, rest, options, true);
    ASSERT_TRUE(linked.ok());
    for (const std::string stop : {"standardize", "learn", "score"}) {
      MemoryStages store, reference;
      LinkOptions stopping = options;
      stopping.progress = StopAt(stop);
      (void)DedupeWith(&store, 2, stopping);
      EXPECT_EQ(DedupeWith(&store, 1, options), deduped) << stop;
      stopping.stages = &reference;
      (void)LinkToReference(first, rest, stopping, true);
      LinkOptions resumed = options;
      resumed.stages = &reference;
      const auto again = LinkToReference(first, rest, resumed, true);
      ASSERT_TRUE(again.ok());
      EXPECT_EQ(Everything(*again), Everything(*linked)) << stop;
    }
  }
}

}  // namespace
}  // namespace libmpi
