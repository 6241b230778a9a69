// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "libmpi/exchange/output_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_folder.h"

namespace nayose {
namespace {

struct Arguments {
  std::string directory, clusters, truth, sampled = "no", missing;
  bool json = false;
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

absl::StatusOr<RunEvaluation> Evaluate(const Arguments& args) {
  const EvaluationOptions options = OptionsOf(args);
  const auto truth = TruthFile::Read(args.truth);
  if (!truth.ok()) return truth.status();
  const bool external = !args.clusters.empty();
  const auto clustering = ClusteringFile::Read(external ? args.clusters : args.directory + "/clusters.csv");
  if (!clustering.ok()) return clustering.status();
  const auto judged = JudgedRecords::Join(*clustering, *truth, options.missing);
  if (!judged.ok()) return judged.status();
  auto evaluated = EvaluateClustering(*judged, *truth, options);
  if (!evaluated.ok() || external || options.sample != TruthSample::kAll) return evaluated;
  if (absl::Status s = AddLinks(args.directory, *clustering, *judged, &*evaluated); !s.ok()) return s;
  return evaluated;
}

int RunEvaluate(const Arguments& args) {
  if (args.directory.empty() == args.clusters.empty())
    return FailUsage("give a run's output folder, or --clusters");
  if (!args.directory.empty()) {
    FinishPublishing(args.directory);
    if (!std::filesystem::exists(args.directory + "/summary.json"))
      return Fail(absl::FailedPreconditionError(args.directory + ": holds no finished run"));
  }
  const auto evaluated = Evaluate(args);
  if (!evaluated.ok()) return Fail(evaluated.status());
  if (!args.directory.empty())
    if (absl::Status s = libmpi::WriteWholeFile(args.directory + "/evaluation.json", evaluated->ToJson()); !s.ok())
      return FailOutput(s);
  std::printf("%s", args.json ? evaluated->ToJson().c_str() : evaluated->ToText().c_str());
  return kDone;
}

}  // namespace

void AddEvaluate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("evaluate", "How right a run, or any clustering, is, given the truth");
  auto args = std::make_shared<Arguments>();
  command->add_option("run", args->directory, "Output folder of nayose dedupe or link");
  command->add_option("--clusters", args->clusters, "Instead: any tool's clusters, a CSV of record_id, cluster_id, and source where ids are not unique");
  command->add_option("--truth", args->truth, "CSV of record_id, person_id, and source where ids are not unique")->required();
  command->add_option("--sampled", args->sampled,
                      "The truth holds a sample of persons with all their records, drawn evenly (persons), by drawing "
                      "records (records), or as its column weight says (weights: 1 / chance to be drawn)")
      ->check(CLI::IsMember({"no", "persons", "records", "weights"}));
  command->add_option("--missing", args->missing,
                      "Records of the truth that are in no cluster: alone (default with --clusters) or out (default of a run)")
      ->check(CLI::IsMember({"alone", "out"}));
  command->add_flag("--json", args->json, "Print JSON");
  command->footer("Pairs, B-cubed, exact clusters, merge distance, variation of information, with 95 % intervals; of a\n"
                  "run also by threshold, and written to evaluation.json in the folder. docs/evaluation.md says what\n"
                  "each figure means.\n\n"
                  "Examples:\n  nayose evaluate out/ --truth region/truth.csv\n"
                  "  nayose evaluate --clusters out/clusters.csv --truth region/truth.csv");
  command->callback([args, run] { *run = [args] { return RunEvaluate(*args); }; });
}

}  // namespace nayose
