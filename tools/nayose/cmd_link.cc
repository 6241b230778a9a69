// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/checkpoints.h"
#include "tools/nayose/command.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/memory_budget.h"
#include "tools/nayose/parked_texts.h"
#include "tools/nayose/table_run.h"

namespace nayose {
namespace {

struct Arguments {
  InputArguments input;
  LinkArguments link;
  OutputArguments output;
  std::vector<std::string> reference;
  bool one_to_one = false;
  std::string schema;
};

int RunLink(const Arguments& args) {
  const auto started = std::chrono::steady_clock::now();
  if (absl::Status s = args.input.Check(args.reference); !s.ok()) return FailUsage(std::string(s.message()));
  if (!args.schema.empty())
    return RunTables({"link", args.schema, args.input, args.link, args.output, args.reference, args.one_to_one, "", ""});
  auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return Fail(read_options.status());
  std::optional<libmpi::Model> model;
  auto options = args.link.LinkOptions(&model);
  if (!options.ok())
    return args.link.model.empty() ? FailUsage(std::string(options.status().message())) : Fail(options.status());
  std::optional<RunFolder> folder;
  std::vector<std::string> all_files = args.input.files;
  all_files.insert(all_files.end(), args.reference.begin(), args.reference.end());
  if (!args.output.dry_run)
    if (const int code = OpenRunFolder(args.output, all_files, &folder); code != kDone) return code;
  if (folder && args.link.today.empty()) options->today = TodayOfKilledRun(*folder).value_or(options->today);
  std::unique_ptr<libmpi::TempSpace> space;  // outlives all that lies in it
  auto opened = OpenTempSpace(args.output, all_files, folder ? folder->path() : "");
  if (!opened.ok()) return FailUsage(std::string(opened.status().message()));
  space = *std::move(opened);
  read_options->space = space.get();
  auto both = libmpi::PatientFiles::ReadTwoLists(args.input.files, args.reference, *read_options);
  if (!both.ok()) return Fail(both.status());
  auto& [files, new_count] = *both;
  const double read_seconds = SecondsSince(started);
  options->threads = args.input.threads;
  options->space = space.get();
  options->progress = read_options->progress;
  if (args.output.dry_run) return PrintDryRunAndCost(files, new_count, args.output, *options, space != nullptr);
  const ParkedTexts parked(args.output, *folder, args.input.threads, &files, &*options);
  std::unique_ptr<StageFiles> stages;
  const RunIdentity identity = {args.one_to_one ? "link --one-to-one" : "link", &args.input, &args.link,
                                options->today, &files, {args.link.model}};
  if (const int code = KeepStages(args.output, identity, &*folder, &stages, &*options); code != kDone) return code;
  const auto result = libmpi::LinkToReference(
      new_count, files.size(), [&](size_t i, libmpi::RecordView* record) { files.Get(i, record); }, *options,
      args.one_to_one);
  TellUnkeptStages(stages.get());
  TellFullSpace(space.get());
  if (!result.ok()) return Fail(result.status());
  read_options->progress("done", 1, 1);
  return FinishRun({"link", &files, &*result, &args.link, &args.output, &*folder, "", options->today,
                    started, read_seconds, {}, args.input.threads});
}

}  // namespace

void AddLink(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("link", "New records against a reference list without duplicates");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  args->link.AddTo(command, true);
  args->output.AddTo(command);
  command->add_option("--reference", args->reference, "The reference list")->required();
  command->add_flag("--one-to-one", args->one_to_one, "A reference record takes at most one new record");
  command->add_option("--schema", args->schema,
                      "Schema file of any other table (nayose schema suggest), or \"auto\"; --columns, --population and "
                      "--today do not apply then")
      ->check(CLI::Validator([](std::string& text) { return text.empty() ? "is empty" : ""; }, "FILE"));
  command->footer(std::string("Each new record gets the cluster of its reference record. Fields and outputs are "
                              "those of nayose dedupe.\n\n") +
                  kRunHelp + "\n"
                  "Examples:\n"
                  "  nayose link new.csv --reference registry.csv --output out/\n"
                  "  nayose link a.csv --reference b.csv --one-to-one --columns map.json --output out/");
  command->callback([args, run] { *run = [args] { return RunLink(*args); }; });
}

}  // namespace nayose
