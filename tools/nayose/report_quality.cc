// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/report_quality.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "tools/nayose/filled_fields.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kSourcesShown = 15;
constexpr size_t kRejectReasonsShown = 20;

FilledBySource CountFilled(const libmpi::PatientFiles& files) {
  const int threads = libmpi::ResolveThreads(0);
  std::vector<FilledBySource> parts(static_cast<size_t>(threads));
  libmpi::ParallelChunks(files.size(), 4096, threads, [&](size_t begin, size_t end, int worker) {
    libmpi::FieldValues values;
    for (size_t i = begin; i < end; ++i)
      parts[static_cast<size_t>(worker)].Add(files.KeyOf(i).source,
                                             files.GetValues(i, &values) ? SaidBy(values) : SaidBy(files.Get(i)));
  });
  FilledBySource all;
  for (const FilledBySource& part : parts) all.Add(part);
  return all;
}

Json RowOf(const std::string& source, const Filled& filled) {
  return {{"source", source}, {"records", filled.records}, {"filled", filled.fields}};
}

// All sources together, then the largest ones, then the others as one, if there are.
Json Completeness(const FilledBySource& by_source) {
  Filled all, others;
  std::vector<std::pair<uint64_t, std::string>> order;
  for (const auto& [source, filled] : by_source.sources()) {
    all.Add(filled);
    order.emplace_back(filled.records, source);
  }
  std::sort(order.begin(), order.end(), [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  Json rows = Json::array();
  for (size_t i = 0; i < order.size(); ++i) {
    const Filled& filled = by_source.sources().at(order[i].second);
    if (i < kSourcesShown) rows.push_back(RowOf(order[i].second, filled));
    else others.Add(filled);
  }
  Json out = {{"fields", Json::array()}, {"all", RowOf("", all)}, {"sources", rows}, {"source_count", order.size()}};
  for (std::string_view field : kFilledFields) out["fields"].push_back(field);
  if (others.records > 0) out["others"] = RowOf("", others);
  return out;
}

// Most frequent first; at most `limit`.
Json Counted(const std::map<std::pair<std::string, std::string>, uint64_t>& counts, size_t limit) {
  std::vector<std::pair<uint64_t, std::pair<std::string, std::string>>> order;
  for (const auto& [what, count] : counts) order.emplace_back(count, what);
  std::stable_sort(order.begin(), order.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  Json out = Json::array();
  for (size_t i = 0; i < order.size() && i < limit; ++i)
    out.push_back({{"field", order[i].second.first}, {"kind", order[i].second.second}, {"count", order[i].first}});
  return out;
}

Json Findings(const RunFacts& facts) {
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  const auto add = [&](const libmpi::Finding& finding) {
    ++counts[{finding.field, std::string(libmpi::FindingName(finding.code))}];
  };
  for (const auto& [record, finding] : facts.result->findings) add(finding);
  for (const libmpi::FileFinding& found : facts.files->findings()) add(found.finding);
  return Counted(counts, counts.size());
}

Json Rejects(const RunFacts& facts) {
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  for (const libmpi::Reject& reject : facts.files->rejects()) ++counts[{reject.field, reject.reason}];
  return Counted(counts, kRejectReasonsShown);
}

}  // namespace

nlohmann::ordered_json ReportQuality(const RunFacts& facts) {
  Json out = Completeness(facts.filled != nullptr ? *facts.filled : CountFilled(*facts.files));
  out["findings"] = Findings(facts);
  out["rejects"] = Rejects(facts);
  return out;
}

}  // namespace nayose
