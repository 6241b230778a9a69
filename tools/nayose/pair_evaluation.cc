// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/pair_evaluation.h"

#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

template <typename... Values>
std::string Format(const char* format, Values... values) {
  char text[512];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

unsigned long long Count(uint64_t n) { return n; }

Json FigureJson(const libmpi::EstimatedFigure& f) {
  return {{"value", f.value}, {"value_95", Json{f.interval.low, f.interval.high}}};
}

std::string BlockingText(const libmpi::BlockingEvaluation& b) {
  return Format("blocking  recall %.5f (%.5f-%.5f) of %llu true pairs, %.5f through others; candidate pairs %llu, "
                "reduction ratio %.7f\n",
                b.recall.value, b.recall.interval.low, b.recall.interval.high, Count(b.true_pairs),
                b.connected_recall.value, Count(b.candidate_pairs), b.reduction_ratio);
}

std::string CalibrationText(const libmpi::ReliabilityEvaluation& c) {
  std::string text =
      Format("calibration of %llu candidate pairs from %.0f to %+.0f bits: expected calibration error %.4f; of the %llu "
             "that are not held %.4f\n  from       to      pairs  predicted  observed\n",
             Count(c.all.pairs), libmpi::kReliabilityFrom, libmpi::kReliabilityTo, c.all.expected_calibration_error,
             Count(c.not_held.pairs), c.not_held.expected_calibration_error);
  for (const libmpi::ReliabilityBin& bin : c.all.bins)
    text += Format("  %7.2f %7.2f %8llu    %.4f    %.4f\n", bin.lowest_weight, bin.highest_weight, Count(bin.pairs),
                   bin.predicted, bin.observed);
  const auto& observed = c.observed_wrong_share;
  return text + Format("wrong links at the safe threshold of %.3f bits: predicted %.2e, observed %.2e (%.2e-%.2e), %llu of %llu\n",
                       c.safe_threshold, c.predicted_wrong_share, observed.value, observed.interval.low,
                       observed.interval.high, Count(c.safe_wrong), Count(c.safe_links));
}

Json ReliabilityJson(const libmpi::Reliability& r) {
  Json json = {{"pairs", r.pairs},
               {"true_pairs", r.true_pairs},
               {"expected_calibration_error", r.expected_calibration_error},
               {"bins", Json::array()}};
  for (const libmpi::ReliabilityBin& bin : r.bins)
    json["bins"].push_back({{"from", bin.lowest_weight}, {"to", bin.highest_weight}, {"pairs", bin.pairs},
                            {"true_pairs", bin.true_pairs}, {"predicted", bin.predicted}, {"observed", bin.observed}});
  return json;
}

Json CalibrationJson(const libmpi::ReliabilityEvaluation& c) {
  return {{"all", ReliabilityJson(c.all)},
          {"not_held", ReliabilityJson(c.not_held)},
          {"safe_threshold", c.safe_threshold},
          {"safe_links", c.safe_links},
          {"safe_wrong", c.safe_wrong},
          {"predicted_wrong_share", c.predicted_wrong_share},
          {"observed_wrong_share", FigureJson(c.observed_wrong_share)}};
}

// Of each judged record, which of the run's it is; of the run itself, the same.
std::vector<uint32_t> RecordsOfRun(const ClusteringFile& run, const ClusteringFile& clustering, size_t judged) {
  std::vector<uint32_t> record_of(judged, UINT32_MAX);
  const RecordPlaces places(run);
  for (size_t i = 0; i < clustering.rows.size(); ++i) {
    const ClusteringFile::Row& row = clustering.rows[i];
    if (const uint32_t* place = places.Find(row.source, row.id, row.list)) record_of[i] = *place;
  }
  return record_of;
}

}  // namespace

absl::StatusOr<PairEvaluation> EvaluatePairs(const std::string& directory, const ClusteringFile& clustering,
                                             const JudgedRecords& judged, bool with_calibration) {
  const auto of_run = ClusteringFile::Read(directory + "/clusters.csv");
  if (!of_run.ok()) return of_run.status();
  if (!clustering.has_source && of_run->IdsRepeat())
    return absl::InvalidArgumentError(clustering.path + ": needs a source column, since record ids repeat over sources");
  std::unique_ptr<ReplayedRun> run;
  LIBMPI_ASSIGN_OR_RETURN(run, ReplayedRun::Open(directory, of_run->two_lists));
  if (run->records().size() != of_run->rows.size())
    return absl::FailedPreconditionError(directory + ": state/ and clusters.csv are not of one run; run again");
  const std::vector<uint32_t> record_of = RecordsOfRun(*of_run, clustering, judged.size());
  std::vector<uint32_t> person(of_run->rows.size(), libmpi::kUnknownPerson);
  for (uint32_t i = 0; i < judged.size(); ++i)
    if (record_of[i] != UINT32_MAX && judged.known(i)) person[record_of[i]] = judged.person[i];
  libmpi::Replay* replay = nullptr;
  LIBMPI_ASSIGN_OR_RETURN(replay, run->replay());
  PairEvaluation out;
  out.blocking = libmpi::EvaluateBlocking(*replay, person);
  if (with_calibration) out.calibration = libmpi::EvaluateReliability(replay, person);
  LIBMPI_ASSIGN_OR_RETURN(out.errors, SortErrors(judged, record_of, run.get()));
  return out;
}

std::string PairEvaluation::ToText() const {
  return BlockingText(blocking) + errors.ToText() + (calibration ? CalibrationText(*calibration) : "");
}

void PairEvaluation::AddTo(nlohmann::ordered_json* json) const {
  (*json)["blocking"] = {{"true_pairs", blocking.true_pairs},
                         {"met_pairs", blocking.met_pairs},
                         {"recall", FigureJson(blocking.recall)},
                         {"connected_recall", FigureJson(blocking.connected_recall)},
                         {"candidate_pairs", blocking.candidate_pairs},
                         {"reduction_ratio", blocking.reduction_ratio}};
  (*json)["errors"] = errors.AsJson();
  if (calibration) (*json)["calibration"] = CalibrationJson(*calibration);
}

}  // namespace nayose
