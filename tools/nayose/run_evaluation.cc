// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_evaluation.h"

#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "libmpi/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/csv_table.h"

namespace nayose {
namespace {

std::string Line(const char* name, const libmpi::PrecisionRecall& p) {
  char text[256];
  std::snprintf(text, sizeof text,
                "%-9s precision %.4f (%.4f-%.4f)  recall %.4f (%.4f-%.4f)  F1 %.4f (%.4f-%.4f)\n", name,
                p.precision, p.precision_interval.low, p.precision_interval.high, p.recall,
                p.recall_interval.low, p.recall_interval.high, p.f1, p.f1_interval.low, p.f1_interval.high);
  return text;
}

nlohmann::ordered_json Json(const libmpi::PrecisionRecall& p) {
  const auto interval = [](const libmpi::Interval& i) { return nlohmann::ordered_json{i.low, i.high}; };
  return {{"precision", p.precision}, {"precision_95", interval(p.precision_interval)},
          {"recall", p.recall},       {"recall_95", interval(p.recall_interval)},
          {"f1", p.f1},               {"f1_95", interval(p.f1_interval)}};
}

// Numbers for names, in order of arrival.
class Numbering {
 public:
  uint32_t Of(const std::string& name) { return ids_.try_emplace(name, static_cast<uint32_t>(ids_.size())).first->second; }
  const uint32_t* Find(const std::string& name) const {
    const auto it = ids_.find(name);
    return it == ids_.end() ? nullptr : &it->second;
  }

 private:
  std::unordered_map<std::string, uint32_t> ids_;
};

std::string Key(const std::string& source, const std::string& id) { return source + '\x1f' + id; }

}  // namespace

absl::Status CheckTruth(const std::string& path) {
  return CsvTable::Read(path, {"record_id", "person_id"}).status();
}

namespace {

// Key of a record -> its person. Records with an empty person are left out.
absl::StatusOr<std::unordered_map<std::string, std::string>> PersonsOf(const CsvTable& truth, const std::string& path) {
  std::unordered_map<std::string, std::string> person_of;
  for (size_t i = 0; i < truth.size(); ++i) {
    if (truth.Get(i, "person_id").empty()) continue;
    const auto [it, fresh] =
        person_of.try_emplace(Key(truth.Get(i, "source"), truth.Get(i, "record_id")), truth.Get(i, "person_id"));
    if (!fresh && it->second != truth.Get(i, "person_id"))
      return absl::InvalidArgumentError(path + " row " + std::to_string(i + 2) +
                                        ": gives a record another person than a row before" +
                                        (truth.Has("source") ? "" : "; are ids unique without a source column?"));
  }
  return person_of;
}

// The record_id without the number of a part ("x#2" of an overlay in the source is x).
std::string WholeId(const std::string& id) {
  const size_t mark = id.rfind('#');
  return mark != std::string::npos && mark + 1 < id.size() &&
                 id.find_first_not_of("0123456789", mark + 1) == std::string::npos
             ? id.substr(0, mark)
             : id;
}

absl::Status CheckIdsUnique(const CsvTable& clusters, const std::string& truth_path) {
  std::unordered_map<std::string, std::string> source_of;
  for (size_t i = 0; i < clusters.size(); ++i)
    if (source_of.try_emplace(clusters.Get(i, "record_id"), clusters.Get(i, "source")).first->second !=
        clusters.Get(i, "source"))
      return absl::InvalidArgumentError(truth_path + ": needs a source column, since record ids repeat over sources");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RunEvaluation> EvaluateRun(const std::string& directory, const std::string& truth_path) {
  auto truth = CsvTable::Read(truth_path, {"record_id", "person_id"});
  if (!truth.ok()) return truth.status();
  auto clusters = CsvTable::Read(directory + "/clusters.csv", {"record_id", "source", "cluster_id"});
  if (!clusters.ok()) return clusters.status();
  auto links = CsvTable::Read(directory + "/links.csv", {"record_a", "source_a", "record_b", "source_b", "match_weight", "decision"});
  if (!links.ok()) return links.status();
  const bool with_source = truth->Has("source");
  if (!with_source) LIBMPI_RETURN_IF_ERROR(CheckIdsUnique(*clusters, truth_path));
  std::unordered_map<std::string, std::string> person_of;
  LIBMPI_ASSIGN_OR_RETURN(person_of, PersonsOf(*truth, truth_path));
  RunEvaluation out;
  Numbering persons, cluster_ids, records;
  std::vector<uint32_t> person, cluster;
  // Of a link run, new records against reference ones; one key may be in both lists.
  const bool two_lists = clusters->Has("list");
  const std::string kNew = two_lists ? "new" : "", kReference = two_lists ? "reference" : "";
  std::vector<uint8_t> list;
  for (size_t i = 0; i < clusters->size(); ++i) {
    const std::string &id = clusters->Get(i, "record_id"), &source = clusters->Get(i, "source");
    auto it = person_of.find(Key(with_source ? source : "", id));
    if (it == person_of.end()) it = person_of.find(Key(with_source ? source : "", WholeId(id)));
    if (it == person_of.end()) {
      ++out.records_without_truth;
      continue;
    }
    records.Of(Key(clusters->Get(i, "list") + source, id));
    if (two_lists) list.push_back(clusters->Get(i, "list") == kNew ? 0 : 1);
    person.push_back(persons.Of(it->second));
    cluster.push_back(cluster_ids.Of(clusters->Get(i, "cluster_id")));
  }
  if (person.empty())
    return absl::InvalidArgumentError(truth_path + ": knows none of the run's records; are record_id and source the same?");
  out.clusters = libmpi::EvaluateClusters(cluster, person, list);
  out.missed_pairs = out.clusters.true_pairs - out.clusters.correct_pairs;
  std::vector<libmpi::ScoredPair> pairs;
  for (size_t i = 0; i < links->size(); ++i) {
    const uint32_t* a = records.Find(Key(kNew + links->Get(i, "source_a"), links->Get(i, "record_a")));
    const uint32_t* b = records.Find(Key(kReference + links->Get(i, "source_b"), links->Get(i, "record_b")));
    if (a == nullptr || b == nullptr) continue;
    pairs.push_back({*a, *b, std::strtod(links->Get(i, "match_weight").c_str(), nullptr)});
    if (links->Get(i, "decision") != "review") continue;
    ++out.review_pairs;
    out.review_true += person[*a] == person[*b];
  }
  const std::vector<double> thresholds = {-4, -2, 0, 2, 4, 6, 8, 10, 12, 15};
  out.thresholds = libmpi::EvaluateThresholds(pairs, person, thresholds, list);
  return out;
}

absl::StatusOr<std::vector<std::string>> PersonsOfRecords(const std::string& truth_path,
                                                          const std::vector<libmpi::RecordKey>& keys) {
  auto truth = CsvTable::Read(truth_path, {"record_id", "person_id"});
  if (!truth.ok()) return truth.status();
  std::unordered_map<std::string, std::string> person_of;
  LIBMPI_ASSIGN_OR_RETURN(person_of, PersonsOf(*truth, truth_path));
  std::vector<std::string> out;
  bool any = false;
  for (const libmpi::RecordKey& key : keys) {
    const std::string source = truth->Has("source") ? key.source : "";
    auto it = person_of.find(Key(source, key.IdText()));
    if (it == person_of.end()) it = person_of.find(Key(source, key.record_id));
    out.push_back(it == person_of.end() ? "" : it->second);
    any = any || it != person_of.end();
  }
  if (!any)
    return absl::InvalidArgumentError(truth_path + ": knows none of the run's records; are record_id and source the same?");
  return out;
}

std::string RunEvaluation::ToText() const {
  char line[256];
  std::snprintf(line, sizeof line, "records %llu, true pairs %llu, found %llu, correct %llu\n",
                static_cast<unsigned long long>(clusters.records), static_cast<unsigned long long>(clusters.true_pairs),
                static_cast<unsigned long long>(clusters.found_pairs), static_cast<unsigned long long>(clusters.correct_pairs));
  std::string text = line;
  text += Line("pairs", clusters.pairs) + Line("B-cubed", clusters.b_cubed);
  std::snprintf(line, sizeof line, "persons found whole and alone %.4f\n", clusters.exact_clusters);
  text += line;
  std::snprintf(line, sizeof line, "review    %llu pairs, %.3f of them true, holding %.3f of the %llu pairs missed\n",
                static_cast<unsigned long long>(review_pairs),
                review_pairs ? static_cast<double>(review_true) / static_cast<double>(review_pairs) : 0.0,
                missed_pairs ? static_cast<double>(review_true) / static_cast<double>(missed_pairs) : 0.0,
                static_cast<unsigned long long>(missed_pairs));
  text += line;
  text += "links at or above a match weight, before clustering:\n  weight     pairs  precision  recall      F1\n";
  for (const libmpi::ThresholdPoint& p : thresholds) {
    std::snprintf(line, sizeof line, "  %6.1f %9llu     %.4f  %.4f  %.4f\n", p.threshold,
                  static_cast<unsigned long long>(p.pairs), p.precision, p.recall, p.f1);
    text += line;
  }
  if (records_without_truth > 0)
    text += std::to_string(records_without_truth) + " records are not in the truth file and were left out\n";
  return text;
}

std::string RunEvaluation::ToJson() const {
  nlohmann::ordered_json json = {{"records", clusters.records},
                                 {"true_pairs", clusters.true_pairs},
                                 {"found_pairs", clusters.found_pairs},
                                 {"correct_pairs", clusters.correct_pairs},
                                 {"pairs", Json(clusters.pairs)},
                                 {"b_cubed", Json(clusters.b_cubed)},
                                 {"exact_clusters", clusters.exact_clusters},
                                 {"review_pairs", review_pairs},
                                 {"review_true", review_true},
                                 {"missed_pairs", missed_pairs},
                                 {"records_without_truth", records_without_truth},
                                 {"thresholds", nlohmann::ordered_json::array()}};
  for (const libmpi::ThresholdPoint& p : thresholds)
    json["thresholds"].push_back({{"match_weight", p.threshold}, {"pairs", p.pairs}, {"precision", p.precision},
                                  {"recall", p.recall}, {"f1", p.f1}});
  return json.dump(1) + "\n";
}

}  // namespace nayose
