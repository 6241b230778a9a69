// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <optional>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"
#include "tools/nayose/pair_evaluation.h"
#include "tools/nayose/run_comparison.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_folder.h"

namespace nayose {
namespace {

struct Arguments {
  std::string directory, clusters, truth, against, output, sampled = "no", missing;
  bool json = false, quick = false, calibration = false;
};

struct Evaluated {
  RunEvaluation clusters;
  std::optional<PairEvaluation> pairs;
  std::string ToText() const { return clusters.ToText() + (pairs ? pairs->ToText() : ""); }
  std::string ToJson() const {
    nlohmann::ordered_json json = clusters.AsJson();
    if (pairs) pairs->AddTo(&json);
    return json.dump(1) + "\n";
  }
};

EvaluationOptions OptionsOf(const Arguments& args) {
  EvaluationOptions options;
  options.sample = args.sampled == "persons"   ? TruthSample::kPersons
                   : args.sampled == "records" ? TruthSample::kRecords
                   : args.sampled == "weights" ? TruthSample::kWeights
                                               : TruthSample::kAll;
  // A run names all its records; other tools often leave out those that are alone.
  const bool alone = args.missing.empty() ? !args.clusters.empty() : args.missing == "alone";
  options.missing = alone ? MissingRecords::kAlone : MissingRecords::kLeftOut;
  return options;
}

absl::StatusOr<Evaluated> Evaluate(const Arguments& args) {
  const EvaluationOptions options = OptionsOf(args);
  const auto truth = TruthFile::Read(args.truth);
  if (!truth.ok()) return truth.status();
  const bool external = !args.clusters.empty();
  const auto clustering = ClusteringFile::Read(external ? args.clusters : args.directory + "/clusters.csv");
  if (!clustering.ok()) return clustering.status();
  const auto judged = JudgedRecords::Join(*clustering, *truth, options.missing);
  if (!judged.ok()) return judged.status();
  Evaluated out;
  LIBMPI_ASSIGN_OR_RETURN(out.clusters, EvaluateClustering(*judged, *truth, options));
  const bool sampled = options.sample != TruthSample::kAll;
  if (!external && !sampled)
    LIBMPI_RETURN_IF_ERROR(AddLinks(args.directory, *clustering, *judged, &out.clusters));
  if (args.directory.empty() || args.quick || sampled) return out;
  auto pairs = EvaluatePairs(args.directory, *clustering, *judged, args.calibration);
  if (pairs.ok()) {
    out.pairs = *std::move(pairs);
    const libmpi::ClusterEvaluation& c = out.clusters.clusters;
    out.pairs->errors.wrong_pairs = c.found_pairs - c.correct_pairs;
    out.pairs->errors.missed_pairs = out.clusters.missed_pairs;
  } else if (pairs.status().code() == absl::StatusCode::kNotFound && !args.calibration) {
    std::fprintf(stderr, "nayose: %s, so nothing is said of blocking and kinds of errors\n",
                 std::string(pairs.status().message()).c_str());
  } else {
    return pairs.status();
  }
  return out;
}

// evaluation.json and errors.csv in the run's folder; of another tool's clusters nothing is left there.
absl::Status Write(const Arguments& args, const Evaluated& evaluated) {
  if (args.directory.empty() || !args.clusters.empty()) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(args.directory + "/evaluation.json", evaluated.ToJson()));
  if (!evaluated.pairs) return absl::OkStatus();
  return libmpi::WriteWholeFile(args.directory + "/errors.csv", evaluated.pairs->errors.csv);
}

absl::Status WriteComparison(const std::string& directory, const RunComparison& comparison) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::pair<const char*, const std::string> files[] = {{"linked_pairs.csv", comparison.linked.csv},
                                                             {"parted_pairs.csv", comparison.parted.csv},
                                                             {"changed_clusters.csv", comparison.changed_clusters_csv},
                                                             {"comparison.json", comparison.ToJson()}};
  for (const auto& [name, text] : files)
    LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(directory + "/" + name, text));
  return absl::OkStatus();
}

int RunCompare(const Arguments& args) {
  if (args.directory.empty() == args.clusters.empty())
    return FailUsage("--against compares a run's output folder or --clusters with another; give one of them");
  if (args.calibration || args.quick || args.sampled != "no" || !args.missing.empty())
    return FailUsage("--calibration, --quick, --sampled and --missing are not of a comparison");
  const auto before = ComparedSide::Open(args.against);
  if (!before.ok()) return Fail(before.status());
  const auto now = ComparedSide::Open(args.clusters.empty() ? args.directory : args.clusters);
  if (!now.ok()) return Fail(now.status());
  for (const auto& [side, path] : {std::pair(&*before, &args.against), {&*now, &args.directory}})
    if (!side->all_weights)
      std::fprintf(stderr, "nayose: %s has no state/ and not all links (--all-links), so most weights of its pairs are "
                           "not known\n", path->c_str());
  std::optional<TruthFile> truth;
  if (!args.truth.empty()) {
    auto read = TruthFile::Read(args.truth);
    if (!read.ok()) return Fail(read.status());
    truth = *std::move(read);
  }
  const auto comparison = CompareRuns(*before, *now, truth ? &*truth : nullptr);
  if (!comparison.ok()) return Fail(comparison.status());
  if (!args.output.empty())
    if (absl::Status s = WriteComparison(args.output, *comparison); !s.ok()) return FailOutput(s);
  std::printf("%s", args.json ? comparison->ToJson().c_str() : comparison->ToText().c_str());
  return kDone;
}

int RunEvaluate(const Arguments& args) {
  if (!args.against.empty()) return RunCompare(args);
  if (args.truth.empty()) return FailUsage("give --truth, or --against to compare without");
  if (!args.output.empty()) return FailUsage("--output is of --against");
  if (args.directory.empty() && args.clusters.empty())
    return FailUsage("give a run's output folder, or --clusters, or both");
  if (args.calibration && (args.directory.empty() || args.quick || args.sampled != "no"))
    return FailUsage("--calibration needs a run's records, and the truth of all of them");
  if (!args.directory.empty()) {
    FinishPublishing(args.directory);
    if (!std::filesystem::exists(args.directory + "/summary.json"))
      return Fail(absl::FailedPreconditionError(args.directory + ": holds no finished run"));
  }
  const auto evaluated = Evaluate(args);
  if (!evaluated.ok()) return Fail(evaluated.status());
  if (absl::Status s = Write(args, *evaluated); !s.ok()) return FailOutput(s);
  std::printf("%s", args.json ? evaluated->ToJson().c_str() : evaluated->ToText().c_str());
  return kDone;
}

}  // namespace

void AddEvaluate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("evaluate", "How right a run, or any clustering, is, given the truth");
  auto args = std::make_shared<Arguments>();
  command->add_option("run", args->directory, "Output folder of nayose dedupe or link");
  command->add_option("--clusters", args->clusters, "Judge any tool's clusters, a CSV of record_id, cluster_id, and source where ids are not unique; with a "
                      "run of the same records their errors are sorted by kind");
  command->add_option("--truth", args->truth, "CSV of record_id, person_id, and source where ids are not unique");
  command->add_option("--against", args->against,
                      "Instead compare with this: an earlier run's output folder, or any clusters (CSV)");
  command->add_option("--output", args->output,
                      "With --against: folder for linked_pairs.csv, parted_pairs.csv, changed_clusters.csv, comparison.json");
  command->add_option("--sampled", args->sampled,
                      "The truth holds a sample of persons with all their records, drawn evenly (persons), by drawing "
                      "records (records), or as its column weight says (weights: 1 / chance to be drawn)")
      ->check(CLI::IsMember({"no", "persons", "records", "weights"}));
  command->add_option("--missing", args->missing,
                      "Records of the truth that are in no cluster: alone (default with --clusters) or out (default of a run)")
      ->check(CLI::IsMember({"alone", "out"}));
  command->add_flag("--calibration", args->calibration, "Also whether match probabilities are right; scores all candidate pairs again");
  command->add_flag("--quick", args->quick, "Leave out what needs the records: blocking, kinds of errors");
  command->add_flag("--json", args->json, "Print JSON");
  command->footer("Pairs, B-cubed, exact clusters, merge distance, variation of information, with 95 % intervals; of a\n"
                  "run also by threshold, what blocking missed, errors by kind (errors.csv: one row a wrong or missed\n"
                  "pair, no demographic values), and written to evaluation.json in the folder. docs/evaluation.md says\n"
                  "what each figure means. --against tells which clusters stayed, merged, came apart or overlap, and\n"
                  "which pairs changed, with the weights of both runs, why, and (with --truth) whether rightly.\n\n"
                  "Examples:\n  nayose evaluate out/ --truth region/truth.csv\n"
                  "  nayose evaluate out/ --truth region/truth.csv --calibration\n"
                  "  nayose evaluate --clusters out/clusters.csv --truth region/truth.csv\n"
                  "  nayose evaluate out/ --against earlier/ --truth region/truth.csv --output changes/");
  command->callback([args, run] { *run = [args] { return RunEvaluate(*args); }; });
}

}  // namespace nayose
