// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_evaluation.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/weight_text.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kThresholds[] = {-4, -2, 0, 2, 4, 6, 8, 10, 12, 15};

__attribute__((format(printf, 1, 2))) std::string Format(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

unsigned long long Count(uint64_t n) { return n; }

std::string Line(const char* name, const libmpi::PrecisionRecall& p) {
  return Format("%-9s precision %.4f (%.4f-%.4f)  recall %.4f (%.4f-%.4f)  F1 %.4f (%.4f-%.4f)\n", name,
                p.precision, p.precision_interval.low, p.precision_interval.high, p.recall,
                p.recall_interval.low, p.recall_interval.high, p.f1, p.f1_interval.low, p.f1_interval.high);
}

Json IntervalJson(const libmpi::Interval& i) { return Json{i.low, i.high}; }

Json PartsJson(const libmpi::PrecisionRecall& p) {
  return {{"precision", p.precision}, {"precision_95", IntervalJson(p.precision_interval)},
          {"recall", p.recall},       {"recall_95", IntervalJson(p.recall_interval)},
          {"f1", p.f1},               {"f1_95", IntervalJson(p.f1_interval)}};
}

Json FigureJson(const libmpi::EstimatedFigure& f) {
  return {{"value", f.value}, {"value_95", IntervalJson(f.interval)}};
}

// The records that the truth knows, closed up.
struct Known {
  std::vector<uint32_t> cluster, person, place;  // place: of each judged record; kNoPerson where unknown
  std::vector<uint8_t> list;

  explicit Known(const JudgedRecords& judged) : place(judged.size(), JudgedRecords::kNoPerson) {
    for (uint32_t i = 0; i < judged.size(); ++i) {
      if (!judged.known(i)) continue;
      place[i] = static_cast<uint32_t>(person.size());
      cluster.push_back(judged.cluster[i]);
      person.push_back(judged.person[i]);
      if (!judged.list.empty()) list.push_back(judged.list[i]);
    }
  }
};

libmpi::SampledTruth SampleOf(const JudgedRecords& judged, const TruthFile& truth, TruthSample how) {
  std::vector<double> size(truth.persons(), 0);
  for (uint32_t i = 0; i < judged.size(); ++i)
    if (judged.known(i)) ++size[judged.person[i]];
  libmpi::SampledTruth sample;
  for (uint32_t i = 0; i < judged.size(); ++i) {
    if (!judged.known(i)) continue;
    const uint32_t person = judged.person[i];
    sample.record.push_back(i);
    sample.person.push_back(person);
    sample.weight.push_back(how == TruthSample::kRecords   ? 1 / size[person]
                            : how == TruthSample::kWeights ? truth.WeightOf(person)
                                                           : 1);
  }
  return sample;
}

const char* SampleName(TruthSample sample) {
  switch (sample) {
    case TruthSample::kAll: return "no";
    case TruthSample::kPersons: return "persons";
    case TruthSample::kRecords: return "records";
    case TruthSample::kWeights: return "weights";
  }
  return "";
}

// Below the weakest link there is no other answer than at it.
std::vector<double> ThresholdsFor(const std::vector<libmpi::ScoredPair>& links) {
  double weakest = kThresholds[0];
  if (!links.empty())
    weakest = std::min_element(links.begin(), links.end(), [](const auto& x, const auto& y) {
                return x.weight < y.weight;
              })->weight;
  std::vector<double> thresholds;
  for (size_t i = 0; i < std::size(kThresholds); ++i)
    if (i + 1 == std::size(kThresholds) || kThresholds[i + 1] > weakest) thresholds.push_back(kThresholds[i]);
  return thresholds;
}

std::string ThresholdText(const RunEvaluation& e) {
  std::string text = "links at or above a match weight, before clustering:\n";
  text += e.has_all_links ? "  weight     pairs  precision  recall      F1\n"
                          : "  not known: links.csv of this run has only the links that hold clusters together; run again with "
                            "--all-links, or with --truth\n";
  for (const libmpi::ThresholdPoint& p : e.thresholds)
    text += Format("  %6.1f %9llu     %.4f  %.4f  %.4f\n", p.threshold, Count(p.pairs), p.precision, p.recall, p.f1);
  text += "the same closed under transitivity (connected components, not the run's clustering):\n"
          "  weight  clusters  precision  recall      F1   exact F1  B-cubed F1\n";
  for (const auto& [threshold, c] : e.components)
    text += Format("  %6.1f %9llu     %.4f  %.4f  %.4f     %.4f      %.4f\n", threshold, Count(c.clusters),
                   c.pairs.precision, c.pairs.recall, c.pairs.f1, c.exact.f1, c.b_cubed.f1);
  return text;
}

std::string CoverageText(const RunEvaluation& e) {
  std::string text;
  if (e.options.sample == TruthSample::kAll && e.records_without_truth > 0)
    text += Format("%llu records are not in the truth file and were left out; if it is a sample of persons, say "
                   "--sampled\n", Count(e.records_without_truth));
  if (e.records_missing > 0)
    text += Format("%llu records of the truth file are in no cluster and %s\n", Count(e.records_missing),
                   e.options.missing == MissingRecords::kAlone ? "count as alone" : "were left out");
  return text;
}

}  // namespace

absl::Status CheckTruth(const std::string& path) {
  return CsvTable::Read(path, {"record_id", "person_id"}).status();
}

absl::StatusOr<RunEvaluation> EvaluateClustering(const JudgedRecords& judged, const TruthFile& truth,
                                                 const EvaluationOptions& options) {
  RunEvaluation out;
  out.options = options;
  out.records_without_truth = judged.without_truth;
  out.records_missing = judged.missing;
  if (options.sample == TruthSample::kWeights && !truth.has_weights())
    return absl::InvalidArgumentError(truth.path() + ": has no column weight");
  if (options.sample == TruthSample::kAll) {
    const Known known(judged);
    out.clusters = libmpi::EvaluateClusters(known.cluster, known.person, known.list);
  } else {
    out.clusters =
        libmpi::EvaluateSample(judged.cluster, SampleOf(judged, truth, options.sample), judged.list);
  }
  out.missed_pairs = out.clusters.true_pairs - out.clusters.correct_pairs;
  return out;
}

namespace {

// A link by the rows of clusters.csv.
struct JudgedLink {
  uint32_t a, b;
  double weight;
  bool review;
};

void JudgeLinks(const std::vector<JudgedLink>& links, const JudgedRecords& judged, bool all, RunEvaluation* out) {
  const Known known(judged);
  std::vector<libmpi::ScoredPair> pairs;
  for (const auto& [a, b, weight, review] : links) {
    if (!judged.known(a) || !judged.known(b)) continue;
    pairs.push_back({known.place[a], known.place[b], weight});
    if (!review) continue;
    ++out->review_pairs;
    out->review_true += judged.person[a] == judged.person[b];
  }
  out->has_links = true;
  out->has_all_links = all;
  const std::vector<double> thresholds = ThresholdsFor(pairs);
  if (all) out->thresholds = libmpi::EvaluateThresholds(pairs, known.person, thresholds, known.list);
  out->components = libmpi::EvaluateComponents(pairs, known.person, thresholds, known.list);
}

}  // namespace

bool HasAllLinks(const std::string& directory) {
  const auto text = libmpi::ReadSmallFile(directory + "/summary.json");
  const auto json = Json::parse(text.ok() ? *text : "", nullptr, false);
  if (!json.is_object() || !json.contains("links") || !json.contains("links_written")) return true;
  return json["links"] == json["links_written"];
}

absl::Status AddLinks(const std::string& directory, const ClusteringFile& clustering,
                      const JudgedRecords& judged, RunEvaluation* out) {
  auto links = CsvTable::Read(directory + "/links.csv",
                              {"record_a", "source_a", "record_b", "source_b", "match_weight", "decision"});
  if (!links.ok()) return links.status();
  const RecordPlaces places(clustering);
  std::vector<JudgedLink> found;
  for (size_t i = 0; i < links->size(); ++i) {
    const uint32_t* a = places.Find(links->Get(i, "source_a"), links->Get(i, "record_a"), 0);
    // Of two lists the new record stands first.
    const uint32_t* b =
        places.Find(links->Get(i, "source_b"), links->Get(i, "record_b"), clustering.two_lists ? 1 : 0);
    if (a == nullptr || b == nullptr) continue;
    found.push_back({*a, *b, std::strtod(links->Get(i, "match_weight").c_str(), nullptr),
                     links->Get(i, "decision") == "review"});
  }
  JudgeLinks(found, judged, HasAllLinks(directory), out);
  return absl::OkStatus();
}

absl::StatusOr<RunEvaluation> EvaluateRun(const std::string& directory, const std::string& truth_path,
                                          const std::vector<libmpi::Link>* links) {
  const auto truth = TruthFile::Read(truth_path);
  if (!truth.ok()) return truth.status();
  const auto clustering = ClusteringFile::Read(directory + "/clusters.csv");
  if (!clustering.ok()) return clustering.status();
  const auto judged = JudgedRecords::Join(*clustering, *truth, MissingRecords::kLeftOut);
  if (!judged.ok()) return judged.status();
  auto out = EvaluateClustering(*judged, *truth, {});
  if (!out.ok()) return out.status();
  // Rows of clusters.csv are the records in their order; weights are those that links.csv shows.
  std::vector<JudgedLink> found;
  for (const libmpi::Link& link : *links) {
    std::string weight;
    AppendWeight(link.weight, &weight);
    found.push_back({link.a, link.b, std::strtod(weight.c_str(), nullptr), link.decision == libmpi::LinkDecision::kReview});
  }
  JudgeLinks(found, *judged, true, &*out);
  return out;
}

absl::StatusOr<std::vector<std::string>> PersonsOfRecords(const std::string& truth_path,
                                                          const std::vector<libmpi::RecordKey>& keys) {
  const auto truth = TruthFile::Read(truth_path);
  if (!truth.ok()) return truth.status();
  std::unordered_map<std::string, uint32_t> person_of;
  for (const TruthFile::Row& row : truth->rows()) person_of.emplace(TableKey(row.source, row.id), row.person);
  std::vector<std::string> out;
  bool any = false;
  for (const libmpi::RecordKey& key : keys) {
    const std::string source = truth->has_source() ? key.source : "";
    auto it = person_of.find(TableKey(source, key.IdText()));
    if (it == person_of.end()) it = person_of.find(TableKey(source, key.record_id));
    out.push_back(it == person_of.end() ? "" : std::to_string(it->second));
    any = any || it != person_of.end();
  }
  if (!any)
    return absl::InvalidArgumentError(truth_path + ": knows none of the run's records; are record_id and source the same?");
  return out;
}

std::string RunEvaluation::ToText() const {
  const libmpi::ClusterEvaluation& c = clusters;
  std::string text;
  if (options.sample != TruthSample::kAll)
    text += Format("estimated from a sample of %llu persons; counts are the sample's\n", Count(c.persons));
  text += Format("records %llu, true pairs %llu, found %llu, correct %llu\n", Count(c.records), Count(c.true_pairs),
                 Count(c.found_pairs), Count(c.correct_pairs));
  text += Line("pairs", c.pairs) + Line("B-cubed", c.b_cubed) + Line("exact", c.exact);
  text += Format("persons found whole and alone %.4f\n", c.exact_clusters);
  const auto& gmd = c.normalised_merge_distance;
  // Of a sample the sum of splits and merges is in units of its weights.
  text += options.sample == TruthSample::kAll
              ? Format("merge distance %.0f: %llu splits, %llu merges; normalised", c.merge_distance.value,
                       Count(c.splits), Count(c.merges))
              : "normalised merge distance";
  text += Format(" %.5f (%.5f-%.5f)\n", gmd.value, gmd.interval.low, gmd.interval.high);
  const auto& vi = c.variation_of_information;
  text += Format("variation of information %.5f (%.5f-%.5f) bits a record: %.5f wrongly merged, %.5f split\n", vi.value,
                 vi.interval.low, vi.interval.high, c.merged_bits.value, c.split_bits.value);
  if (has_links) {
    text += Format("review    %llu pairs, %.3f of them true, holding %.3f of the %llu pairs missed\n", Count(review_pairs),
                   review_pairs ? static_cast<double>(review_true) / static_cast<double>(review_pairs) : 0.0,
                   missed_pairs ? static_cast<double>(review_true) / static_cast<double>(missed_pairs) : 0.0,
                   Count(missed_pairs));
    text += ThresholdText(*this);
  }
  return text + CoverageText(*this);
}

nlohmann::ordered_json RunEvaluation::AsJson() const {
  const libmpi::ClusterEvaluation& c = clusters;
  Json json = {{"records", c.records},
               {"persons", c.persons},
               {"clusters", c.clusters},
               {"true_pairs", c.true_pairs},
               {"found_pairs", c.found_pairs},
               {"correct_pairs", c.correct_pairs},
               {"pairs", PartsJson(c.pairs)},
               {"b_cubed", PartsJson(c.b_cubed)},
               {"exact", PartsJson(c.exact)},
               {"exact_clusters", c.exact_clusters},
               {"splits", c.splits},
               {"merges", c.merges},
               {"normalised_merge_distance", FigureJson(c.normalised_merge_distance)},
               {"variation_of_information", FigureJson(c.variation_of_information)},
               {"merged_bits", FigureJson(c.merged_bits)},
               {"split_bits", FigureJson(c.split_bits)},
               {"sampled", SampleName(options.sample)},
               {"missed_pairs", missed_pairs},
               {"records_without_truth", records_without_truth},
               {"records_missing", records_missing},
               {"missing_records", options.missing == MissingRecords::kAlone ? "alone" : "left_out"}};
  if (options.sample == TruthSample::kAll) json["merge_distance"] = FigureJson(c.merge_distance);
  if (!has_links) return json;
  json["review_pairs"] = review_pairs;
  json["review_true"] = review_true;
  json["all_links"] = has_all_links;
  json["thresholds"] = Json::array();
  for (const libmpi::ThresholdPoint& p : thresholds)
    json["thresholds"].push_back({{"match_weight", p.threshold}, {"pairs", p.pairs}, {"precision", p.precision},
                                  {"recall", p.recall}, {"f1", p.f1},
                                  {"precision_95", {p.precision_interval.low, p.precision_interval.high}},
                                  {"recall_95", {p.recall_interval.low, p.recall_interval.high}}});
  json["components_by_threshold"] = Json::array();
  for (const auto& [threshold, at] : components)
    json["components_by_threshold"].push_back({{"match_weight", threshold}, {"clusters", at.clusters},
                                               {"pairs", PartsJson(at.pairs)}, {"b_cubed", PartsJson(at.b_cubed)},
                                               {"exact", PartsJson(at.exact)}});
  return json;
}

std::string RunEvaluation::ToJson() const { return AsJson().dump(1) + "\n"; }

}  // namespace nayose
