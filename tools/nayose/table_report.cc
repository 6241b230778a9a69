// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/table_report.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "libmpi/table/table_explain.h"
#include "tools/nayose/report_data.h"
#include "tools/nayose/report_pairs.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::table::Schema;
using libmpi::table::Table;
using libmpi::table::TableResult;

constexpr size_t kValuesShown = 20;
constexpr size_t kMostFieldsOfValues = 4;

Json Files(const TableInput& input) {
  Json out = Json::array();
  for (const auto& f : input.files)
    out.push_back({{"name", std::filesystem::path(f.path).filename().string()}, {"encoding", f.encoding},
                   {"read", f.rows_read}, {"accepted", f.rows_read - f.rows_rejected}, {"rejected", f.rows_rejected},
                   {"malformed_characters", 0}, {"unknown_columns", 0}});
  return out;
}

Json Run(const TableRunArguments& args, const TableInput& input, const TableResult& r, bool too_many_rejects) {
  const uint64_t matches = Matches(r.links);
  return {{"tool", std::string("nayose ") + NAYOSE_VERSION}, {"command", args.command}, {"preset", args.link.preset},
          {"model", r.model_learned ? "learned" : "given"}, {"rows_read", input.rows_read()},
          {"rows_accepted", input.keys.size()}, {"rows_rejected", input.rejects.size()},
          {"records", input.keys.size()}, {"clusters", r.clusters}, {"largest_cluster", r.largest_cluster},
          {"links_match", matches}, {"links_review", r.links.size() - matches},
          {"review_cases", r.review.empty() ? 0 : r.review.back().review_case},
          {"match_threshold", r.match_threshold}, {"review_threshold", r.review_threshold},
          {"expected_wrong_links", r.expected_wrong_links}, {"candidate_pairs", r.candidate_pairs},
          {"confident", r.self_check.confident}, {"too_many_rejects", too_many_rejects},
          {"warnings", r.self_check.warnings}, {"files", Files(input)}};
}

// How many records say something, by field.
Json Completeness(const Schema& schema, const Table& table) {
  Json fields = Json::array(), filled = Json::array();
  for (size_t f = 0; f < schema.fields.size(); ++f) {
    fields.push_back(schema.fields[f].name);
    filled.push_back(table.size() - table.column(f).count[0]);
  }
  const Json all = {{"source", ""}, {"records", table.size()}, {"filled", filled}};
  return {{"fields", fields}, {"all", all}, {"sources", Json::array()}, {"source_count", 1}};
}

Json Counted(const std::map<std::pair<std::string, std::string>, uint64_t>& counts) {
  Json out = Json::array();
  for (const auto& [what, count] : counts) out.push_back({{"field", what.first}, {"kind", what.second}, {"count", count}});
  return out;
}

Json Quality(const Schema& schema, const TableInput& input) {
  std::map<std::pair<std::string, std::string>, uint64_t> findings, rejects;
  for (const UnreadableCell& cell : input.unreadable) ++findings[{cell.field, "unreadable"}];
  for (const libmpi::Reject& reject : input.rejects) ++rejects[{reject.field, reject.reason}];
  Json out = Completeness(schema, input.table);
  out["findings"] = Counted(findings);
  out["rejects"] = Counted(rejects);
  return out;
}

Json Model(const libmpi::table::TableModel& model, double persons) {
  Json out = {{"records", model.records}, {"persons", static_cast<uint64_t>(persons)}, {"classes", Json::array()},
              {"comparisons", Json::array()}};
  for (size_t c = 0; c < model.classes.size(); ++c)
    out["classes"].push_back({{"name", model.schema.classes[c].name}, {"match", model.schema.classes[c].is_match},
                              {"share", model.classes[c].share}});
  for (size_t k = 0; k < model.schema.comparisons.size(); ++k) {
    const auto levels = libmpi::table::LevelsOf(model.schema.KindOf(k));
    Json comparison = {{"name", model.schema.comparisons[k].name}, {"levels", Json::array()}};
    for (size_t l = 1; l < levels.size(); ++l) {
      Json probability = Json::array();
      for (const libmpi::LatentClass& c : model.classes) probability.push_back(c.probability[k][l]);
      comparison["levels"].push_back({{"name", levels[l].name}, {"group", levels[l].group}, {"p", probability}});
    }
    out["comparisons"].push_back(std::move(comparison));
  }
  return out;
}

// How the values of a field are spread, by rank; the most common themselves only `with_values`.
Json ValuesOf(const std::string& name, const libmpi::table::Column& column, bool with_values) {
  std::vector<std::pair<uint32_t, libmpi::table::ValueId>> order;
  uint64_t total = 0;
  for (libmpi::table::ValueId id = 1; id < column.count.size(); ++id) {
    order.emplace_back(column.count[id], id);
    total += column.count[id];
  }
  std::sort(order.begin(), order.end(), [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  std::vector<uint32_t> counts;
  for (const auto& [count, id] : order) counts.push_back(count);
  Json out = {{"part", name}, {"total", total}, {"distinct", order.size()}, {"ranks", ReportRanks(counts, total)}};
  if (with_values)
    for (size_t i = 0; i < order.size() && i < kValuesShown; ++i)
      out["top"].push_back({{"name", column.values[order[i].second].text}, {"count", order[i].first}});
  return out;
}

Json Values(const Schema& schema, const Table& table, bool with_values) {
  using libmpi::table::Kind;
  Json out = Json::array();
  for (size_t f = 0; f < schema.fields.size() && out.size() < kMostFieldsOfValues; ++f) {
    const Kind kind = schema.fields[f].kind;
    const bool shown = kind == Kind::kName || kind == Kind::kJapaneseName || kind == Kind::kText || kind == Kind::kCategory;
    if (shown && table.column(f).values.size() > 1)
      out.push_back(ValuesOf(schema.fields[f].name, table.column(f), with_values));
  }
  return out;
}

Json Pairs(std::vector<ReportPair> pairs, const TableInput& input, const TableResult& result, bool with_values) {
  const libmpi::table::TablePairExplainer explainer(result.model, input.table);
  Json out = Json::array();
  for (ReportPair& pair : pairs) {
    const auto [a, b] = std::pair(pair.a, pair.b);
    out.push_back(ExplainedPair(std::move(pair), input.keys[a], input.keys[b], explainer.Explain(a, b), with_values));
  }
  return out;
}

}  // namespace

nlohmann::ordered_json TableReportData(const TableRunArguments& args, const Schema& schema, const TableInput& input,
                                       const TableResult& result, const RunEvaluation* evaluation,
                                       bool too_many_rejects) {
  const bool with_values = args.output.with_values;
  Json data = {{"with_values", with_values}, {"run", Run(args, input, result, too_many_rejects)}, {"quality", Quality(schema, input)},
               {"model", Model(result.model, static_cast<double>(result.clusters))},
               {"names", Values(schema, input.table, with_values)}, {"weights", ReportHistogram(result.pair_weights)},
               {"lowest_weight", libmpi::WeightHistogram::kLowest}, {"self_weights", ReportHistogram(result.self_weights)},
               {"unlinkable", result.unlinkable}, {"clusters", ReportClusterSizes(result.cluster)}};
  data["evaluation"] = evaluation == nullptr ? Json() : Json::parse(evaluation->ToJson());
  data["pairs"] = {{"chosen", Pairs(ChoosePairs(result.links, result.match_threshold), input, result, with_values)},
                   {"review", Pairs(ReviewPairs(result.review), input, result, with_values)}};
  return data;
}

}  // namespace nayose
