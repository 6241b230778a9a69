// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/linkage/update.h"
#include "libmpi/text/fold.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/reading_warnings.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/run_index.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/run_summary.h"
#include "tools/nayose/update_input.h"
#include "tools/nayose/update_output.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  InputArguments input;
  std::string previous;
  OutputArguments output;
};

// A run to go on from.
struct PreviousRun {
  SavedRun saved;
  std::string model_text;
  libmpi::Model model;
  RunIndex index;
};

absl::StatusOr<PreviousRun> OpenPrevious(const std::string& directory) {
  FinishPublishing(directory);
  PreviousRun run;
  LIBMPI_ASSIGN_OR_RETURN(run.saved, ReadState(directory));
  LIBMPI_ASSIGN_OR_RETURN(run.model_text, libmpi::ReadSmallFile(directory + "/model.json"));
  if (ContentHash(run.model_text) != run.saved.model_hash)
    return absl::FailedPreconditionError(directory + "/model.json was changed since the run; put it back, or run dedupe "
                                                     "--model with --keep-index again");
  auto model = libmpi::Model::FromJson(run.model_text);
  if (!model.ok()) return absl::InvalidArgumentError(directory + "/model.json: " + std::string(model.status().message()));
  run.model = *std::move(model);
  auto index = RunIndex::Open(directory);
  if (!index.ok()) return index.status();
  run.index = *std::move(index);
  return run;
}

absl::StatusOr<libmpi::LinkOptions> OptionsOf(const PreviousRun& run) {
  libmpi::LinkOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options, OptionsOf(run.saved));
  options.model = &run.model;
  options.match_threshold = run.saved.match_threshold;
  options.review_threshold = run.saved.review_threshold;
  options.seed = run.saved.seed;
  return options;
}

struct UpdateFacts {
  const Arguments* args;
  const PreviousRun* previous;
  const libmpi::PatientFiles* nightly;
  const IncomingRecords* incoming;
  const libmpi::UpdateResult* result;
  ChangeCounts changes;
  size_t links_written = 0;
  std::vector<libmpi::StageTime> stages;
  std::vector<std::string> warnings;
  double seconds = 0;

  RowTotals Rows() const {
    RowTotals rows = TotalsOf(*nightly);
    rows.accepted -= std::min<uint64_t>(rows.accepted, incoming->rejects.size());
    rows.rejected += incoming->rejects.size();
    return rows;
  }
  bool TooManyRejects() const { return Rows().rejected > args->output.max_rejects.value_or(Rows().read / 100); }
  size_t New() const {
    return static_cast<size_t>(std::count(incoming->before.begin(), incoming->before.end(), IncomingRecords::kNew));
  }
};

std::string SummaryJson(const UpdateFacts& facts) {
  const libmpi::UpdateResult& r = *facts.result;
  const RowTotals rows = facts.Rows();
  std::map<uint32_t, uint64_t> sizes = ClusterSizes(r.cluster);
  uint64_t clusters = 0;
  for (const auto& [size, count] : sizes) clusters += count;
  const ChangeCounts& c = facts.changes;
  Json json = {{"tool", std::string("nayose ") + NAYOSE_VERSION}, {"command", "update"},
               {"tables_version", libmpi::FoldTablesVersion()}, {"today", facts.previous->saved.today},
               {"seed", facts.previous->saved.seed}, {"preset", facts.previous->saved.preset},
               {"previous", facts.args->previous}, {"rows_read", rows.read}, {"rows_accepted", rows.accepted},
               {"rows_rejected", rows.rejected}, {"records", r.cluster.size()}, {"records_new", facts.New()},
               {"records_known", facts.incoming->known_ids}, {"clusters", clusters},
               {"largest_cluster", sizes.empty() ? 0 : sizes.rbegin()->first},
               {"records_decided", r.decided.size()},
               {"changes", {{"new", c.new_records}, {"joined", c.joined}, {"split", c.split}, {"moved", c.moved},
                            {"renamed", c.renamed}, {"gone", c.gone}}},
               {"links", r.links.size()}, {"links_match", Matches(r.links)},
               {"links_review", r.links.size() - Matches(r.links)}, {"links_written", facts.links_written},
               {"review_items", r.review.size()}, {"review_cases", r.review.empty() ? 0 : r.review.back().review_case},
               {"compared_pairs", r.compared_pairs}, {"parted_pairs", r.parted_pairs},
               {"match_threshold", facts.previous->saved.match_threshold},
               {"review_threshold", facts.previous->saved.review_threshold}, {"model_learned", false},
               {"warnings", facts.warnings}};
  json["cluster_sizes"] = SizesJson(sizes);
  json["files"] = FilesJson(*facts.nightly);
  json["stages"] = StagesJson(facts.stages);
  json["seconds"] = facts.seconds;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void PrintSummary(const UpdateFacts& facts) {
  const RowTotals rows = facts.Rows();
  const auto u = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  const ChangeCounts& c = facts.changes;
  std::printf("rows      %llu read = %llu accepted + %llu rejected\n", u(rows.read), u(rows.accepted), u(rows.rejected));
  std::printf("records   %zu, of them %zu new; %llu ids of the files were known\n", facts.result->cluster.size(),
              facts.New(), u(facts.incoming->known_ids));
  std::printf("changes   %llu new persons' records, %llu joined, %llu split, %llu moved, %llu renamed, %llu gone: "
              "changes.csv\n", u(c.new_records), u(c.joined), u(c.split), u(c.moved), u(c.renamed), u(c.gone));
  std::printf("links     %llu matches and %llu review links of the %zu records whose clusters were decided again\n",
              u(Matches(facts.result->links)), u(facts.result->links.size() - Matches(facts.result->links)),
              facts.result->decided.size());
  std::printf("time      %.2f s\n", facts.seconds);
  for (const std::string& warning : facts.warnings) std::printf("warning   %s\n", warning.c_str());
  if (facts.TooManyRejects()) std::printf("MANY REJECTS: see rejects.csv\n");
  std::printf("written   %s\n", facts.args->output.directory.c_str());
}

int DryRun(const Arguments& args, const libmpi::PatientFiles& nightly, const IncomingRecords& incoming) {
  std::printf("%zu records come; %llu ids of the files were known, and all their rows count together\n",
              incoming.added.size(), static_cast<unsigned long long>(incoming.known_ids));
  return PrintDryRun(nightly, args.output);
}

std::vector<std::string> WarningsOf(const PreviousRun& previous, const libmpi::PatientFiles& nightly,
                                    const IncomingRecords& incoming, const libmpi::UpdateResult& result) {
  std::vector<std::string> warnings = EncodingWarnings(nightly);
  for (const std::string& warning : ColumnWarnings(nightly)) warnings.push_back(warning);
  if (incoming.lost_decisions > 0)
    warnings.push_back(std::to_string(incoming.lost_decisions) +
                       " decisions are of records that are no more, and have no effect any more");
  if (result.cut.count > 0) warnings.push_back(libmpi::CutWarning(result.cut));
  if (result.cluster.size() > 2 * previous.model.records && previous.model.records > 0)
    warnings.push_back("the records are more than twice as many as those the model was learned from; run dedupe "
                       "without --model to learn anew");
  return warnings;
}

int RunUpdate(const Arguments& args) {
  const auto started = std::chrono::steady_clock::now();
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return Fail(read_options.status());
  auto previous = OpenPrevious(args.previous);
  if (!previous.ok()) return Fail(previous.status());
  std::optional<RunFolder> folder;
  if (!args.output.dry_run)
    if (const int code = OpenRunFolder(args.output, args.input.files, &folder); code != kDone) return code;
  std::vector<libmpi::StageTime> stages;
  auto stage_started = started;
  const auto end_stage = [&](const char* stage) {
    stages.push_back({stage, SecondsSince(stage_started)});
    stage_started = std::chrono::steady_clock::now();
  };
  end_stage("open");
  const auto nightly = libmpi::PatientFiles::Read(args.input.files, *read_options);
  if (!nightly.ok()) return Fail(nightly.status());
  const int threads = libmpi::ResolveThreads(args.input.threads);
  auto incoming = FindIncoming(*nightly, previous->index, threads);
  if (!incoming.ok()) return Fail(incoming.status());
  if (args.output.dry_run) return DryRun(args, *nightly, *incoming);
  RecordsAfter records(previous->index, *incoming);
  incoming->change.parts_of_one_id = records.PartsOfOneId();
  end_stage("read");
  auto options = OptionsOf(*previous);
  if (!options.ok()) return Fail(options.status());
  options->threads = threads;
  options->progress = read_options->progress;
  options->decisions = incoming->decisions;
  const auto result = libmpi::Update(previous->index.view(), incoming->change, *options);
  if (!result.ok()) return Fail(result.status());
  stages.insert(stages.end(), result->times.begin(), result->times.end());
  stage_started = std::chrono::steady_clock::now();
  read_options->progress("write", 0, 1);
  UpdateFacts facts{&args, &*previous, &*nightly, &*incoming, &*result, {}, 0, {}, {}, 0};
  FinishedUpdate update{&previous->index, &*incoming, &*nightly, &*result, &records, args.previous, folder->path(), threads,
                        args.output.all_links};
  if (absl::Status s = WriteUpdateTables(update, &facts.changes, &facts.links_written); !s.ok()) return FailOutput(s);
  end_stage("write");
  if (absl::Status s = WriteUpdateState(update); !s.ok()) return FailOutput(s);
  if (absl::Status s = libmpi::WriteWholeFile(folder->path() + "/model.json", previous->model_text, 0600); !s.ok())
    return FailOutput(s);
  end_stage("state");
  facts.stages = std::move(stages);
  facts.warnings = WarningsOf(*previous, *nightly, *incoming, *result);
  facts.seconds = SecondsSince(started);
  if (absl::Status s = libmpi::WriteWholeFile(folder->path() + "/summary.json", SummaryJson(facts)); !s.ok())
    return FailOutput(s);
  if (!read_options->progress("done", 1, 1)) return Fail(absl::CancelledError("stopped before the output was put in place"));
  if (absl::Status s = folder->Publish(); !s.ok()) return FailOutput(s);
  PrintSummary(facts);
  return facts.TooManyRejects() || !EncodingWarnings(*nightly).empty() ? kNeedsALook : kDone;
}

}  // namespace

void AddUpdate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("update", "Bring a nightly file into a finished run: its clusters as a run over all "
                                                    "files would have them, at a fraction of the cost");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  command->add_option("--previous", args->previous, "Folder of the run to go on from: of dedupe --keep-index, or of update")
      ->required();
  command->add_option("--output,-o", args->output.directory, "Folder to write to")->required();
  command->add_flag("--force", args->output.force, "Replace the output of an earlier run; may be the previous run's own folder");
  command->add_flag("--all-links", args->output.all_links, "List every link in links.csv, as with dedupe");
  command->add_flag("--dry-run", args->output.dry_run, "Read and check the input, say what would come, write nothing");
  command->add_option("--max-rejects", args->output.max_rejects, "Exit with 1 beyond this many rejected rows (default: 1 % of the rows)")
      ->check(CLI::NonNegativeNumber);
  command->footer(
      std::string(kFieldsHelp) +
      "\nRows of a source and record_id that the previous run knows are further statements about that record. Model,\n"
      "thresholds, preset, population, today and decisions are the previous run's. Writes clusters.csv (all records),\n"
      "changes.csv (record_id, source, change, cluster_id_before, cluster_id: new, joined, split, moved, renamed, gone);\n"
      "links.csv, review.csv and findings.csv of the records whose clusters were decided again; rejects.csv, model.json,\n"
      "summary.json and state/, from which the next update goes on. docs/nightly.md says more.\n\n"
      "The output is written aside and takes its place when it is whole; Ctrl-C leaves both folders as they were.\n\n"
      "Examples:\n"
      "  nayose dedupe *.csv --keep-index --output monday/\n"
      "  nayose update night.csv --previous monday/ --output tuesday/\n"
      "  nayose update night.csv --previous monday/ --output tuesday/ --dry-run\n"
      "  nayose update night.csv --previous current/ --output current/ --force");
  command->callback([args, run] { *run = [args] { return RunUpdate(*args); }; });
}

}  // namespace nayose
