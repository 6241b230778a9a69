// SPDX-License-Identifier: Apache-2.0
// What each idea of the Japanese patient model is worth: linking regions with truth once as the
// product does it, and once without the idea. Nothing in the product can be switched off; an idea is
// taken away through the model (a class is not learned, levels of a comparison are made to say the same,
// frequencies count for nothing) or by clustering the links here.
//   cmake --preset release -DLIBMPI_BUILD_BENCH=ON && cmake --build --preset release --target nayose_ablation
//   build/release/bench/nayose_ablation REGION...     # folders of nayose generate; prints JSON
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/union_find.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/starting_tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

// Processor seconds of all threads: other work on the machine moves them less than the clock on the wall.
double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Levels of a comparison that are made to say the same.
struct Tie {
  Comparison comparison;
  std::vector<int> levels;
};

struct Variant {
  std::string name;
  std::string against = "product";        // the variant whose figures it is compared with
  std::vector<std::string> left_out;      // classes
  std::vector<Tie> ties;
  double frequency_strength = -1;         // as the product has it
  bool connected_components = false;
};

std::vector<Variant> Variants() {
  const std::vector<int> by_reading = {kReadingLikely, kReadingPossible, kReadingUnlikely};
  const std::vector<Tie> no_readings = {{Comparison::kFamilyName, by_reading}, {Comparison::kGivenName, by_reading}};
  const std::vector<Tie> no_branch = {{Comparison::kCoverage, {kCardSamePerson, kCardSameBranchDiffers}}};
  return {
      {.name = "product"},
      {.name = "without match_moved", .left_out = {"match_moved"}},
      {.name = "without match_renamed", .left_out = {"match_renamed"}},
      {.name = "one class of matches", .left_out = {"match_moved", "match_renamed"}},
      {.name = "without chance classes of name parts",
       .left_out = {"same_given_name", "same_family_and_birthday"}},
      {.name = "without twins", .left_out = {"twins"}},
      {.name = "matches, unrelated, household",
       .left_out = {"match_moved", "match_renamed", "same_name", "same_given_name", "same_birthday",
                    "same_family_and_birthday", "twins"}},
      {.name = "two classes",
       .left_out = {"match_moved", "match_renamed", "household", "same_name", "same_given_name", "same_birthday",
                    "same_family_and_birthday", "twins"}},
      {.name = "frequency strength 0", .frequency_strength = 0},
      {.name = "frequency strength 0.25", .frequency_strength = 0.25},
      {.name = "frequency strength 0.75", .frequency_strength = 0.75},
      {.name = "frequency strength 1", .frequency_strength = 1},
      // Frequencies speak where readings agree: taken away in both.
      {.name = "without readings", .against = "frequency strength 0", .ties = no_readings, .frequency_strength = 0},
      {.name = "branch of the card says nothing", .ties = no_branch},
      {.name = "connected components", .connected_components = true},
  };
}

// A region read, encoded and blocked, with its truth.
struct Region {
  std::string path;
  std::unique_ptr<PatientFiles> files;
  RecordReader reader;
  std::vector<uint32_t> person;
  DataCounts counts;
  PatternSample blocked, unblocked;
  size_t size() const { return person.size(); }
};

// Key of a record -> number of its person; the first three columns are source, record_id and
// person_id in the order that the header tells. Regions have no quotes there.
std::map<std::pair<std::string, std::string>, uint32_t> ReadTruth(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const bool source_first = line.find("source") < line.find("record_id");
  std::map<std::pair<std::string, std::string>, uint32_t> truth;
  std::unordered_map<std::string, uint32_t> number;
  while (std::getline(in, line)) {
    const size_t p = line.find(','), q = line.find(',', p + 1), r = line.find_first_of(",\r", q + 1);
    std::string first = line.substr(0, p), second = line.substr(p + 1, q - p - 1);
    if (!source_first) first.swap(second);
    const std::string person = line.substr(q + 1, r == std::string::npos ? r : r - q - 1);
    truth[{first, second}] = number.try_emplace(person, static_cast<uint32_t>(number.size())).first->second;
  }
  return truth;
}

bool ReadRegion(const std::string& path, Region* region) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".csv") && name != "truth.csv") paths.push_back(entry.path());
  }
  auto files = PatientFiles::Read(paths, {});
  if (!files.ok()) {
    std::fprintf(stderr, "%s\n", std::string(files.status().message()).c_str());
    return false;
  }
  region->path = path;
  region->files = std::make_unique<PatientFiles>(*std::move(files));
  region->reader = [f = region->files.get()](size_t i, RecordView* record) { f->Get(i, record); };
  const auto truth = ReadTruth(path + "/truth.csv");
  for (size_t i = 0; i < region->files->size(); ++i) {
    const RecordKey& key = region->files->key(i);
    const auto it = truth.find({key.source, key.record_id});
    if (it == truth.end()) {
      std::fprintf(stderr, "%s/truth.csv lacks a record\n", path.c_str());
      return false;
    }
    region->person.push_back(it->second);
  }
  return true;
}

// What Dedupe does before it learns.
bool CountPatterns(Region* region) {
  const size_t n = region->size();
  auto counts = CountData(n, region->reader, {});
  if (!counts.ok()) return false;
  region->counts = *std::move(counts);
  const int threads = ResolveThreads(0);
  const ReadingModel readings(region->counts.names.Readings());
  const Standardizer standardizer({{}, region->counts.InsurersHaveCheckDigits()}, &region->counts.names, &readings);
  EncodedRecords records;
  if (!EncodeRecords(n, 0, region->reader, standardizer, readings, threads, {}, &records).ok()) return false;
  const DistinctRecords distinct(&records, 0);
  const Blocks blocks(&records, threads);
  std::vector<Comparator> comparators(threads, Comparator(&records, &readings));
  region->blocked = CountBlockedPatterns(records, distinct, blocks, {}, 0, &comparators);
  const double all = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
  region->unblocked =
      CountUnblockedPatterns(records, blocks, std::nullopt, 0, all - region->blocked.pairs, &comparators);
  return true;
}

// Patterns with tied levels made one.
PatternSample Tied(const PatternSample& sample, const std::vector<Tie>& ties) {
  PatternSample out = sample;
  for (PatternCount& row : out.counts) {
    AgreementPattern tied;
    for (int k = 0; k < kComparisons; ++k) {
      int level = row.pattern.Get(k);
      for (const Tie& tie : ties)
        if (static_cast<int>(tie.comparison) == k && std::count(tie.levels.begin(), tie.levels.end(), level))
          level = tie.levels.front();
      tied.Set(static_cast<Comparison>(k), level);
    }
    row.pattern = tied;
  }
  return out;
}

// Tied levels share what their first one has learned.
void SpreadTies(const std::vector<Tie>& ties, std::vector<PairClass>* classes) {
  for (PairClass& c : *classes)
    for (const Tie& tie : ties) {
      std::vector<double>& table = c.probability[static_cast<int>(tie.comparison)];
      double sum = 0;
      for (int level : tie.levels) sum += table[level];
      for (int level : tie.levels) table[level] = sum / static_cast<double>(tie.levels.size());
    }
}

std::vector<PairClass> StartOf(const Variant& variant) {
  std::vector<PairClass> start;
  for (PairClass& c : StartingClasses())
    if (std::find(variant.left_out.begin(), variant.left_out.end(), c.name) == variant.left_out.end())
      start.push_back(std::move(c));
  double sum = 0;
  for (const PairClass& c : start) sum += c.share;
  for (PairClass& c : start) c.share /= sum;
  return start;
}

// One half of the pairs, by pattern: odd ones go to a half that the pattern's hash chooses.
PatternSample Half(const PatternSample& sample, bool second) {
  PatternSample half = sample;
  for (PatternCount& row : half.counts) {
    const bool up = (MixBits(row.pattern.bits()) & 1) != static_cast<uint64_t>(second);
    row.count = up ? std::ceil(row.count / 2) : std::floor(row.count / 2);
  }
  std::erase_if(half.counts, [](const PatternCount& row) { return row.count == 0; });
  half.pairs = 0;
  for (const PatternCount& row : half.counts) half.pairs += row.count;
  return half;
}

// Bits a candidate pair of the second half, as classes learned from the first half tell.
double HeldOutBits(const Region& region, const Variant& variant) {
  PatternSample unblocked = Tied(region.unblocked, variant.ties);
  for (PatternCount& row : unblocked.counts) row.count /= 2;
  unblocked.pairs /= 2;
  const PatternSample blocked = Tied(region.blocked, variant.ties);
  const EmResult learned = LearnClasses(Half(blocked, false), unblocked, {}, StartOf(variant), 0);
  EmOptions look;
  look.max_rounds = 1;
  return MaximizeExpectation(Half(blocked, true).counts, learned.classes, look).log_likelihood;
}

struct Figures {
  double f1 = 0, precision = 0, recall = 0, held_out = 0, learn_seconds = 0, link_seconds = 0;
};

std::vector<uint32_t> Components(const LinkResult& result, size_t count) {
  UnionFind parts(count);
  for (const Link& link : result.links)
    if (!link.held && WeightBits(link.weight) >= result.match_threshold) parts.Join(link.a, link.b);
  std::vector<uint32_t> cluster(count);
  for (uint32_t i = 0; i < count; ++i) cluster[i] = parts.Find(i);
  return cluster;
}

Figures Measure(const Region& region, const Variant& variant) {
  Figures figures;
  const double before = ProcessorSeconds();
  EmResult learned = LearnClasses(Tied(region.blocked, variant.ties), Tied(region.unblocked, variant.ties),
                                  {}, StartOf(variant), 0);
  figures.learn_seconds = ProcessorSeconds() - before;
  SpreadTies(variant.ties, &learned.classes);
  SelfCheck check;
  bool is_learned = false;
  Model model = LearnModel(region.blocked, region.unblocked, {}, region.size(), region.counts, 0, &check, &is_learned);
  model.classes = std::move(learned.classes);
  if (variant.frequency_strength >= 0) model.frequency_strength = variant.frequency_strength;
  LinkOptions options;
  options.model = &model;
  const double linking = ProcessorSeconds();
  const auto result = Dedupe(region.size(), region.reader, options);
  figures.link_seconds = ProcessorSeconds() - linking;
  if (!result.ok()) {
    std::fprintf(stderr, "%s: %s\n", variant.name.c_str(), std::string(result.status().message()).c_str());
    std::exit(1);
  }
  const ClusterEvaluation e = EvaluateClusters(
      variant.connected_components ? Components(*result, region.size()) : result->cluster, region.person);
  figures.f1 = e.pairs.f1;
  figures.precision = e.pairs.precision;
  figures.recall = e.pairs.recall;
  figures.held_out = HeldOutBits(region, variant);
  return figures;
}

int Main(const std::vector<std::string>& paths) {
  nlohmann::ordered_json json = {{"regions", nlohmann::ordered_json::array()},
                                 {"variants", nlohmann::ordered_json::array()}};
  std::vector<Variant> variants = Variants();
  std::vector<nlohmann::ordered_json> rows(variants.size());
  std::map<std::string, Figures> mean;
  for (const std::string& path : paths) {
    Region region;
    if (!ReadRegion(path, &region) || !CountPatterns(&region)) return 1;
    json["regions"].push_back({{"folder", std::filesystem::path(path).filename()}, {"records", region.size()}});
    for (size_t v = 0; v < variants.size(); ++v) {
      const Figures f = Measure(region, variants[v]);
      const double share = 1.0 / static_cast<double>(paths.size());
      Figures& m = mean[variants[v].name];
      m.f1 += f.f1 * share;
      m.held_out += f.held_out * share;
      m.learn_seconds += f.learn_seconds * share;
      m.link_seconds += f.link_seconds * share;
      rows[v]["regions"].push_back({{"f1", f.f1}, {"precision", f.precision}, {"recall", f.recall},
                                    {"held_out_bits", f.held_out}});
      std::fprintf(stderr, "%-40s %s F1 %.5f P %.5f R %.5f held-out %.5f learn %.2f s link %.2f s\n",
                   variants[v].name.c_str(), path.c_str(), f.f1, f.precision, f.recall, f.held_out,
                   f.learn_seconds, f.link_seconds);
    }
  }
  for (size_t v = 0; v < variants.size(); ++v) {
    const Figures &m = mean[variants[v].name], &reference = mean[variants[v].against];
    nlohmann::ordered_json row = {{"variant", variants[v].name},
                                  {"against", variants[v].against},
                                  {"mean_f1", m.f1},
                                  {"f1_lost_without", reference.f1 - m.f1},
                                  {"held_out_bits_a_pair", m.held_out},
                                  {"learn_processor_seconds", m.learn_seconds},
                                  {"link_processor_seconds", m.link_seconds}};
    row["regions"] = rows[v]["regions"];
    json["variants"].push_back(std::move(row));
  }
  std::printf("%s\n", json.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace libmpi

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: nayose_ablation REGION...\n");
    return 2;
  }
  return libmpi::Main({argv + 1, argv + argc});
}
