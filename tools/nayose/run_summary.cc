// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_summary.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "libmpi/text/fold.h"
#include "nlohmann/json.hpp"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

std::map<std::string, uint64_t> FindingCounts(const RunFacts& facts) {
  std::map<std::string, uint64_t> counts;
  for (const auto& [record, finding] : facts.result->findings) ++counts[std::string(libmpi::FindingName(finding.code))];
  for (const libmpi::FileFinding& found : facts.files->findings())
    ++counts[std::string(libmpi::FindingName(found.finding.code))];
  return counts;
}

std::string Format(const char* format, auto... values) {
  char text[400];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

unsigned long long U(uint64_t n) { return n; }

}  // namespace

std::map<uint32_t, uint64_t> ClusterSizes(const std::vector<uint32_t>& cluster) {
  std::vector<uint32_t> size(cluster.size(), 0);
  for (uint32_t c : cluster) ++size[c];
  std::vector<uint64_t> count(size.empty() ? 1 : size_t{*std::max_element(size.begin(), size.end())} + 1, 0);
  for (uint32_t n : size) ++count[n];
  std::map<uint32_t, uint64_t> counts;
  for (uint32_t n = 1; n < count.size(); ++n)
    if (count[n] > 0) counts[n] = count[n];
  return counts;
}

uint64_t Matches(const std::vector<libmpi::Link>& links) {
  return static_cast<uint64_t>(std::count_if(links.begin(), links.end(), [](const libmpi::Link& l) {
    return l.decision == libmpi::LinkDecision::kMatch;
  }));
}

RowTotals TotalsOf(const libmpi::PatientFiles& files) {
  RowTotals totals;
  for (const auto& file : files.files()) {
    totals.read += file.rows_read;
    totals.accepted += file.rows_accepted;
    totals.rejected += file.rows_rejected;
  }
  return totals;
}

Json SizesJson(const std::map<uint32_t, uint64_t>& cluster_sizes) {
  Json json = Json::object();
  for (const auto& [size, count] : cluster_sizes) json[std::to_string(size)] = count;
  return json;
}

Json FilesJson(const libmpi::PatientFiles& files) {
  Json json = Json::array();
  for (const auto& f : files.files())
    json.push_back({{"path", f.path}, {"encoding", f.encoding}, {"bytes", f.bytes}, {"content_hash", f.content_hash},
                    {"rows_read", f.rows_read}, {"rows_accepted", f.rows_accepted},
                    {"rows_rejected", f.rows_rejected}, {"malformed_characters", f.malformed_characters},
                    {"unknown_columns", f.unknown_columns}});
  return json;
}

Json StagesJson(const std::vector<libmpi::StageTime>& stages) {
  Json json = Json::array();
  for (const libmpi::StageTime& t : stages) json.push_back({{"stage", t.stage}, {"seconds", t.seconds}});
  return json;
}

std::string SummaryJson(const RunFacts& facts) {
  const libmpi::LinkResult& r = *facts.result;
  const RowTotals rows = TotalsOf(*facts.files);
  Json json = {{"tool", std::string("nayose ") + NAYOSE_VERSION}, {"command", facts.command},
               {"tables_version", libmpi::FoldTablesVersion()}, {"today", facts.today},
               {"seed", facts.link->seed}, {"preset", facts.link->preset},
               {"rows_read", rows.read}, {"rows_accepted", rows.accepted}, {"rows_rejected", rows.rejected},
               {"records", facts.files->size()}, {"clusters", r.clusters}, {"largest_cluster", r.largest_cluster},
               {"links", r.links.size()}, {"links_match", Matches(r.links)}, {"links_review", r.links.size() - Matches(r.links)},
               {"links_written", facts.links_written},
               {"review_items", r.review.size()}, {"review_cases", r.review.empty() ? 0 : r.review.back().review_case}, {"candidate_pairs", r.candidate_pairs},
               {"agreement_patterns", r.distinct_patterns}, {"match_threshold", r.match_threshold},
               {"review_threshold", r.review_threshold}, {"expected_wrong_links", r.expected_wrong_links},
               {"model_learned", r.model_learned}, {"confident", r.self_check.confident},
               {"warnings", facts.warnings}};
  json["cluster_sizes"] = SizesJson(ClusterSizes(r.cluster));
  Json& findings = json["findings"] = Json::object();
  for (const auto& [name, count] : FindingCounts(facts)) findings[name] = count;
  json["files"] = FilesJson(*facts.files);
  Json& blocking = json["blocking"] = Json::array();
  for (const libmpi::BlockingRuleReport& b : r.blocking)
    blocking.push_back({{"rule", b.rule}, {"keys", b.keys}, {"pairs", b.pairs}, {"refined_keys", b.refined_keys}, {"refined_apart", b.refined_apart},
                        {"unreached_pairs", b.unreached_pairs}});
  json["stages"] = StagesJson(facts.stages);
  json["seconds"] = facts.seconds;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string SummaryText(const RunFacts& facts, const std::string& directory) {
  const libmpi::LinkResult& r = *facts.result;
  const RowTotals rows = TotalsOf(*facts.files);
  std::string text;
  text += Format("rows      %llu read = %llu accepted + %llu rejected\n", U(rows.read), U(rows.accepted), U(rows.rejected));
  for (const auto& f : facts.files->files()) {
    text += Format("  %-32s %-11s %9llu rows", f.path.c_str(), f.encoding.c_str(), U(f.rows_read));
    if (f.rows_rejected) text += Format(", %llu rejected", U(f.rows_rejected));
    if (f.malformed_characters) text += Format(", %llu unreadable characters", U(f.malformed_characters));
    if (!f.unknown_columns.empty()) text += Format(", %zu columns not used", f.unknown_columns.size());
    text += '\n';
  }
  text += Format("records   %zu\n", facts.files->size());
  text += Format("persons   %llu clusters, the largest of %llu records\n", U(r.clusters), U(r.largest_cluster));
  text += Format("links     %llu matches at match weight >= %.2f (%s), expected wrong %.4f %%\n", U(Matches(r.links)),
                 r.match_threshold, facts.link->preset.c_str(), 100 * r.expected_wrong_links);
  text += Format("review    %u cases, %llu pairs at match weight >= %.2f\n", r.review.empty() ? 0 : r.review.back().review_case,
                 U(r.links.size() - Matches(r.links)), r.review_threshold);
  uint64_t findings = 0;
  std::string most;
  uint64_t most_count = 0;
  for (const auto& [name, count] : FindingCounts(facts)) {
    findings += count;
    if (count > most_count) most = name, most_count = count;
  }
  text += Format("findings  %llu", U(findings));
  text += findings ? Format(", most: %s (%llu)\n", most.c_str(), U(most_count)) : "\n";
  text += Format("model     %s; %llu candidate pairs, %llu agreement patterns\n",
                 r.model_learned ? "learned from these records" : facts.link->model.empty() ? "the shipped default" : facts.link->model.c_str(),
                 U(r.candidate_pairs), U(r.distinct_patterns));
  text += Format("time      %.2f s\n", facts.seconds);
  for (const std::string& warning : facts.warnings) text += "warning   " + warning + "\n";
  if (!r.self_check.confident) text += "NOT CONFIDENT: read the warnings before you use these links\n";
  if (facts.too_many_rejects) text += "MANY REJECTS: see rejects.csv\n";
  if (!directory.empty()) text += "written   " + directory + "\n";
  return text;
}

}  // namespace nayose
