// SPDX-License-Identifier: Apache-2.0
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "tools/nayose/checkpoints.h"
#include "tools/nayose/command.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/memory_budget.h"
#include "tools/nayose/parked_texts.h"
#include "tools/nayose/run_index.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/table_run.h"

namespace nayose {
namespace {

struct Arguments {
  InputArguments input;
  LinkArguments link;
  OutputArguments output;
  std::string truth, decisions, labels, schema;
  bool keep_index = false;
};

// "*.csv" takes the truth file along.
void LeaveOutTruth(Arguments* args) {
  const size_t given = args->input.files.size();
  std::erase(args->input.files, args->truth);
  if (args->input.files.size() < given)
    std::fprintf(stderr, "nayose: %s is the truth and is not read as patients\n", args->truth.c_str());
}

int RunBySchema(const Arguments& args) {
  if (!args.labels.empty()) return FailUsage("--labels teach the patient model; with --schema give them as --decisions");
  return RunTables({"dedupe", args.schema, args.input, args.link, args.output, {}, false, args.truth, args.decisions});
}

int RunDedupe(Arguments args) {
  const auto started = std::chrono::steady_clock::now();
  if (!args.truth.empty()) LeaveOutTruth(&args);
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  if (args.keep_index && (args.output.no_state || !args.schema.empty()))
    return FailUsage("--keep-index keeps the index in state/, of runs on patients only: leave out --no-state and --schema");
  if (!args.schema.empty()) return RunBySchema(args);
  auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return Fail(read_options.status());
  std::optional<libmpi::Model> model;
  auto options = args.link.LinkOptions(&model);
  if (!options.ok())
    return args.link.model.empty() ? FailUsage(std::string(options.status().message())) : Fail(options.status());
  if (!args.labels.empty() && !args.link.model.empty())
    return FailUsage("--labels are learned from, and --model is a model that is learned already; give one of them");
  if (!args.truth.empty())
    if (absl::Status s = CheckTruth(args.truth); !s.ok()) return Fail(s);
  std::optional<RunFolder> folder;
  if (!args.output.dry_run)
    if (const int code = OpenRunFolder(args.output, args.input.files, &folder); code != kDone) return code;
  if (folder && args.link.today.empty()) options->today = TodayOfKilledRun(*folder).value_or(options->today);
  std::unique_ptr<libmpi::TempSpace> space;  // outlives all that lies in it
  auto opened = OpenTempSpace(args.output, args.input.files, folder ? folder->path() : "");
  if (!opened.ok()) return FailUsage(std::string(opened.status().message()));
  space = *std::move(opened);
  read_options->space = space.get();
  auto files = libmpi::PatientFiles::Read(args.input.files, *read_options);
  if (!files.ok()) return Fail(files.status());
  DecisionFile decided;
  if (!args.decisions.empty()) {
    auto read = ReadDecisions(args.decisions, KeysOf(*files));
    if (!read.ok()) return Fail(read.status());
    decided = *std::move(read);
    options->decisions = std::move(decided.decisions);
  }
  if (!args.labels.empty()) {
    auto read = ReadLabels(args.labels, KeysOf(*files));
    if (!read.ok()) return Fail(read.status());
    options->labels = std::move(read->labels);
    decided.warnings.insert(decided.warnings.end(), read->warnings.begin(), read->warnings.end());
  }
  const double read_seconds = SecondsSince(started);
  options->threads = args.input.threads;
  options->space = space.get();
  options->progress = read_options->progress;
  if (args.output.dry_run) return PrintDryRunAndCost(*files, std::nullopt, args.output, *options, space != nullptr);
  const ParkedTexts parked(args.output, *folder, args.input.threads, &*files, &*options);
  std::unique_ptr<StageFiles> stages;
  const RunIdentity identity = {"dedupe", &args.input, &args.link, options->today, &*files,
                                {args.link.model, args.decisions, args.labels}};
  if (const int code = KeepStages(args.output, identity, &*folder, &stages, &*options); code != kDone) return code;
  libmpi::BackgroundCommits index_commits;
  IndexFiles index(folder->path() + "/state", &index_commits);
  const auto result = libmpi::DedupeKeepingIndex(
      files->size(), [&](size_t i, libmpi::RecordView* record) { files->Get(i, record); }, *options,
      args.keep_index ? &index : nullptr);
  TellUnkeptStages(stages.get());
  TellFullSpace(space.get());
  if (!result.ok()) return Fail(result.status());
  read_options->progress("done", 1, 1);
  const auto write_index = [&]() -> absl::Status {
    if (!args.keep_index) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(WriteRecordIndex(folder->path(), *files, options->decisions,
                                            libmpi::ResolveThreads(args.input.threads), &index));
    return index_commits.Finish();
  };
  return FinishRun({"dedupe", &*files, &*result, &args.link, &args.output, &*folder, args.truth,
                    options->today, started, read_seconds, decided.warnings, args.input.threads, write_index});
}

}  // namespace

void AddDedupe(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("dedupe", "Who is one person, within and across the files");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  args->link.AddTo(command, true);
  args->output.AddTo(command);
  command->add_option("--truth", args->truth, "CSV of record_id, person_id (and source): adds an evaluation");
  command->add_option("--decisions", args->decisions,
                      "CSV of record_a, source_a, record_b, source_b and decision: same or different (a "
                      "review.csv with a column more); they outweigh the records");
  command->add_option("--schema", args->schema,
                      "Schema file of any other table (nayose schema suggest), or \"auto\"; --columns, --population, "
                      "--today and --labels do not apply then")
      ->check(CLI::Validator([](std::string& text) { return text.empty() ? "is empty" : ""; }, "FILE"));
  command->add_option("--labels", args->labels,
                      "Labels to learn the model from, as of nayose label; they tie nothing: give the file to --decisions as "
                      "well where it should");
  command->add_flag("--keep-index", args->keep_index,
                    "Keep an index in state/, so that nayose update can bring in what comes later at a fraction of the cost "
                    "(some 470 bytes a record, as private as the input)");
  command->footer(std::string(kFieldsHelp) +
                  "\nWrites clusters.csv, links.csv, review.csv, rejects.csv, findings.csv, model.json, summary.json, report.html and state/.\n\n" +
                  kRunHelp + "\n"
                  "Examples:\n"
                  "  nayose dedupe hospital.csv clinic.csv pharmacy.csv --output out/\n"
                  "  nayose dedupe *.csv --preset safe --output out/\n"
                  "  nayose dedupe export.csv --columns map.json --encoding CP932 --output out/ --dry-run\n"
                  "  nayose dedupe *.csv --decisions decided.csv --output out/\n"
                  "  nayose dedupe *.csv --keep-index --output monday/    # then: nayose update night.csv --previous monday/ --output tuesday/\n"
                  "  nayose dedupe people.csv --schema people.schema.json --output out/\n"
                  "  zcat big.csv.gz | nayose dedupe - --source H01 --output out/");
  command->callback([args, run] { *run = [args] { return RunDedupe(*args); }; });
}

}  // namespace nayose
