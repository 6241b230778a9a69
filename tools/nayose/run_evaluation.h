// SPDX-License-Identifier: Apache-2.0
// A run, or any clustering, judged by a truth file.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/linkage/linker.h"
#include "nlohmann/json_fwd.hpp"
#include "tools/nayose/judged_records.h"
#include "libmpi/record/record.h"

namespace nayose {

// How the persons of the truth file were chosen.
enum class TruthSample {
  kAll,      // not: the truth is of everybody
  kPersons,  // evenly among persons
  kRecords,  // by drawing records and taking the whole person of each
  kWeights,  // as its column weight says
};

struct EvaluationOptions {
  TruthSample sample = TruthSample::kAll;
  MissingRecords missing = MissingRecords::kLeftOut;
};

// A clustering against a truth file (person_id, record_id and, where ids are not unique, source).
struct RunEvaluation {
  libmpi::ClusterEvaluation clusters;
  std::vector<libmpi::ThresholdPoint> thresholds;         // of a run: its links by themselves
  std::vector<libmpi::ClusterThresholdPoint> components;  // and closed under transitivity
  EvaluationOptions options;
  uint64_t records_without_truth = 0;
  uint64_t records_missing = 0;  // of the truth, that the clustering does not name
  bool has_links = false;
  bool has_all_links = false;  // else no thresholds: links.csv has not all that count there
  uint64_t review_pairs = 0, review_true = 0;
  uint64_t missed_pairs = 0;  // true pairs that no cluster holds
  std::string ToText() const;
  nlohmann::ordered_json AsJson() const;
  std::string ToJson() const;
};

// Judges the records of `judged`; nothing is said of links.
absl::StatusOr<RunEvaluation> EvaluateClustering(const JudgedRecords& judged, const TruthFile& truth,
                                                 const EvaluationOptions& options);
// Whether links.csv of a run has every link, as summary.json tells; of earlier versions, which say nothing, it has.
bool HasAllLinks(const std::string& directory);
// Adds what links.csv of a finished run tells: thresholds, where it has all links (--all-links), components by
// threshold and the review list. Not of a sample.
absl::Status AddLinks(const std::string& directory, const ClusteringFile& clustering,
                      const JudgedRecords& judged, RunEvaluation* evaluation);
// Both, of a run whose clusters.csv is written, by all of its links.
absl::StatusOr<RunEvaluation> EvaluateRun(const std::string& directory, const std::string& truth,
                                          const std::vector<libmpi::Link>* links);

// The person of each key by a truth file (empty where it knows none). kInvalidArgument where it knows none at all.
absl::StatusOr<std::vector<std::string>> PersonsOfRecords(const std::string& truth,
                                                          const std::vector<libmpi::RecordKey>& keys);

// Whether a truth file can be read, before the work begins.
absl::Status CheckTruth(const std::string& path);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_
