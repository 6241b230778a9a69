// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/report_quality.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::Record;

constexpr size_t kSourcesShown = 15;
constexpr size_t kRejectReasonsShown = 20;

template <typename List, typename Says>
bool Any(const List& list, const Says& says) {
  return std::any_of(list.begin(), list.end(), says);
}
bool AnyText(const std::vector<std::string>& list) {
  return Any(list, [](const std::string& text) { return !text.empty(); });
}

// What a record may say, and whether it does.
struct Field {
  std::string_view name;
  bool (*said)(const Record&);
};
constexpr auto kFields = std::to_array<Field>({
    {"name", [](const Record& r) { return Any(r.names, [](const auto& n) { return !(n.full + n.family + n.given).empty(); }); }},
    {"kana", [](const Record& r) { return Any(r.names, [](const auto& n) { return !(n.full_kana + n.family_kana + n.given_kana).empty(); }); }},
    {"latin", [](const Record& r) { return Any(r.names, [](const auto& n) { return !n.latin.empty(); }); }},
    {"former_name", [](const Record& r) { return AnyText(r.former_names); }},
    {"birth", [](const Record& r) { return AnyText(r.births); }},
    {"sex", [](const Record& r) { return AnyText(r.sexes); }},
    {"insurance", [](const Record& r) { return Any(r.coverages, [](const auto& c) { return !c.insurer.empty() && !c.number.empty(); }); }},
    {"branch", [](const Record& r) { return Any(r.coverages, [](const auto& c) { return !c.branch.empty(); }); }},
    {"care_insurance", [](const Record& r) { return Any(r.care, [](const auto& c) { return !c.number.empty(); }); }},
    {"postal_code", [](const Record& r) { return Any(r.addresses, [](const auto& a) { return !a.postal_code.empty(); }); }},
    {"address", [](const Record& r) { return Any(r.addresses, [](const auto& a) { return !(a.city + a.street + a.full).empty(); }); }},
    {"phone", [](const Record& r) { return AnyText(r.phones); }},
});

struct Filled {
  uint64_t records = 0;
  std::array<uint64_t, kFields.size()> fields = {};

  void Add(const Record& record) {
    ++records;
    for (size_t f = 0; f < kFields.size(); ++f) fields[f] += kFields[f].said(record);
  }
  void Add(const Filled& other) {
    records += other.records;
    for (size_t f = 0; f < kFields.size(); ++f) fields[f] += other.fields[f];
  }
};

using FilledBySource = std::map<std::string, Filled>;

FilledBySource CountFilled(const libmpi::PatientFiles& files) {
  const int threads = libmpi::ResolveThreads(0);
  std::vector<FilledBySource> parts(threads);
  libmpi::ParallelChunks(files.size(), 4096, threads, [&](size_t begin, size_t end, int worker) {
    Record record;
    for (size_t i = begin; i < end; ++i) {
      files.Get(i, &record);
      parts[worker][record.key.source].Add(record);
    }
  });
  FilledBySource all;
  for (const FilledBySource& part : parts)
    for (const auto& [source, filled] : part) all[source].Add(filled);
  return all;
}

Json RowOf(const std::string& source, const Filled& filled) {
  return {{"source", source}, {"records", filled.records}, {"filled", filled.fields}};
}

// All sources together, then the largest ones, then the others as one, if there are.
Json Completeness(const FilledBySource& by_source) {
  Filled all, others;
  std::vector<std::pair<uint64_t, std::string>> order;
  for (const auto& [source, filled] : by_source) {
    all.Add(filled);
    order.emplace_back(filled.records, source);
  }
  std::sort(order.begin(), order.end(), [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  Json rows = Json::array();
  for (size_t i = 0; i < order.size(); ++i) {
    const Filled& filled = by_source.at(order[i].second);
    if (i < kSourcesShown) rows.push_back(RowOf(order[i].second, filled));
    else others.Add(filled);
  }
  Json out = {{"fields", Json::array()}, {"all", RowOf("", all)}, {"sources", rows}, {"source_count", order.size()}};
  for (const Field& field : kFields) out["fields"].push_back(field.name);
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
  Json out = Completeness(CountFilled(*facts.files));
  out["findings"] = Findings(facts);
  out["rejects"] = Rejects(facts);
  return out;
}

}  // namespace nayose
