// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/report_data.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/comparison.h"
#include "tools/nayose/report_pairs.h"
#include "tools/nayose/report_quality.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::NameCounts;
using libmpi::NamePart;

constexpr size_t kNamesShown = 20;

const char* ModelOrigin(const RunFacts& facts) {
  if (facts.result->model_learned) return "learned";
  return facts.link->model.empty() ? "default" : "given";
}

// By name only: a folder's path may tell more than a mail should.
Json Files(const libmpi::PatientFiles& files) {
  Json out = Json::array();
  for (const auto& f : files.files())
    out.push_back({{"name", std::filesystem::path(f.path).filename().string()}, {"encoding", f.encoding},
                   {"read", f.rows_read}, {"accepted", f.rows_accepted}, {"rejected", f.rows_rejected},
                   {"malformed_characters", f.malformed_characters},
                   {"unknown_columns", f.unknown_columns.size()}});
  return out;
}

Json Run(const RunFacts& facts) {
  const libmpi::LinkResult& r = *facts.result;
  const RowTotals rows = TotalsOf(*facts.files);
  const uint64_t matches = Matches(r.links);
  return {{"tool", std::string("nayose ") + NAYOSE_VERSION}, {"command", facts.command}, {"today", facts.today},
          {"preset", facts.link->preset}, {"model", ModelOrigin(facts)},
          {"rows_read", rows.read}, {"rows_accepted", rows.accepted}, {"rows_rejected", rows.rejected},
          {"records", facts.files->size()}, {"clusters", r.clusters}, {"largest_cluster", r.largest_cluster},
          {"links_match", matches}, {"links_review", r.links.size() - matches},
          {"review_cases", r.review.empty() ? 0 : r.review.back().review_case},
          {"match_threshold", r.match_threshold}, {"review_threshold", r.review_threshold},
          {"expected_wrong_links", r.expected_wrong_links}, {"candidate_pairs", r.candidate_pairs},
          {"confident", r.self_check.confident}, {"too_many_rejects", facts.too_many_rejects},
          {"warnings", facts.warnings}, {"files", Files(*facts.files)}};
}

// Of each level P(level | class) by class, in the order of "classes".
Json ModelJson(const libmpi::Model& model) {
  Json out = {{"records", model.records}, {"persons", model.persons}, {"classes", Json::array()},
              {"comparisons", Json::array()}};
  for (const libmpi::PairClass& c : model.classes)
    out["classes"].push_back({{"name", c.name}, {"match", c.is_match}, {"share", c.share}});
  for (int k = 0; k < libmpi::kComparisons; ++k) {
    const auto levels = libmpi::Levels(k);
    Json comparison = {{"name", libmpi::ComparisonName(static_cast<libmpi::Comparison>(k))}, {"levels", Json::array()}};
    for (size_t l = 1; l < levels.size(); ++l) {
      Json probability = Json::array();
      for (const libmpi::PairClass& c : model.classes) probability.push_back(c.probability[k][l]);
      comparison["levels"].push_back({{"name", levels[l].name}, {"group", levels[l].group}, {"p", probability}});
    }
    out["comparisons"].push_back(std::move(comparison));
  }
  return out;
}

struct NameTable {
  uint64_t total = 0;
  std::vector<std::pair<uint32_t, std::string>> names;  // most frequent first
};

NameTable TableOf(const NameCounts& counts, const std::vector<NameCounts::Entry>& entries, NamePart part,
                  NameCounts::Script script) {
  NameTable table{counts.Total(part, script), {}};
  for (const NameCounts::Entry& e : entries)
    if (e.part == part && e.script == script && e.key != NameCounts::kOthers) table.names.emplace_back(e.count, e.key);
  std::sort(table.names.begin(), table.names.end(), [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  return table;
}

// 1, 2, 5, 10, 20, 50, ...
bool IsRankShown(size_t rank) {
  while (rank % 10 == 0) rank /= 10;
  return rank == 1 || rank == 2 || rank == 5;
}

}  // namespace

Json ReportRanks(const std::vector<uint32_t>& counts, uint64_t all) {
  Json out = Json::array();
  uint64_t sum = 0;
  const double total = static_cast<double>(all);
  for (size_t i = 0; i < counts.size(); ++i) {
    sum += counts[i];
    if (IsRankShown(i + 1) || i + 1 == counts.size())
      out.push_back({{"rank", i + 1}, {"share", counts[i] / total}, {"up_to", static_cast<double>(sum) / total}});
  }
  return out;
}

Json ReportHistogram(const libmpi::WeightHistogram& histogram) {
  Json out = Json::array();
  for (size_t i = 0; i < histogram.counts.size(); ++i)
    if (histogram.counts[i] > 0)
      out.push_back({libmpi::WeightHistogram::kLowest + static_cast<int>(i), histogram.counts[i]});
  return out;
}

Json ReportClusterSizes(const std::vector<uint32_t>& cluster) {
  Json out = Json::array();
  for (const auto& [size, count] : ClusterSizes(cluster)) out.push_back({size, count});
  return out;
}

namespace {

Json RanksOf(const NameTable& table) {
  std::vector<uint32_t> counts;
  for (const auto& [count, name] : table.names) counts.push_back(count);
  return ReportRanks(counts, table.total);
}

Json Names(const NameCounts& counts, bool with_values) {
  const std::vector<NameCounts::Entry> entries = counts.Entries();
  Json out = Json::array();
  for (const auto& [part, part_name] : {std::pair(NamePart::kFamily, "family_name"), {NamePart::kGiven, "given_name"}})
    for (const auto& [script, script_name] :
         {std::pair(NameCounts::Script::kKanji, "kanji"), {NameCounts::Script::kKana, "kana"}}) {
      const NameTable table = TableOf(counts, entries, part, script);
      if (table.names.empty()) continue;
      Json one = {{"part", part_name}, {"script", script_name}, {"total", table.total},
                  {"distinct", table.names.size()}, {"ranks", RanksOf(table)}};
      if (with_values)
        for (size_t i = 0; i < table.names.size() && i < kNamesShown; ++i)
          one["top"].push_back({{"name", table.names[i].second}, {"count", table.names[i].first}});
      out.push_back(std::move(one));
    }
  return out;
}

}  // namespace

absl::StatusOr<nlohmann::ordered_json> ReportData(const RunFacts& facts, const libmpi::CivilDate& today,
                                                  const RunEvaluation* evaluation, bool with_values) {
  const libmpi::LinkResult& result = *facts.result;
  Json data = {{"with_values", with_values}, {"run", Run(facts)}, {"quality", ReportQuality(facts)},
               {"model", ModelJson(result.model)}, {"names", Names(result.model.names, with_values)},
               {"weights", ReportHistogram(result.pair_weights)},
               {"lowest_weight", libmpi::WeightHistogram::kLowest}, {"self_weights", ReportHistogram(result.self_weights)},
               {"unlinkable", result.unlinkable}, {"clusters", ReportClusterSizes(result.cluster)}};
  data["evaluation"] = evaluation == nullptr ? Json() : Json::parse(evaluation->ToJson());
  auto pairs = ReportPairs(facts, today, with_values);
  if (!pairs.ok()) return pairs.status();
  data["pairs"] = *std::move(pairs);
  return data;
}

}  // namespace nayose
