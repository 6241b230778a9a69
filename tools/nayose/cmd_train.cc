// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/run_output.h"

namespace nayose {
namespace {

struct Arguments {
  InputArguments input;
  LinkArguments link;
  std::string model;
  bool shareable = false;
};

int RunTrain(const Arguments& args) {
  auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return FailUsage(std::string(read_options.status().message()));
  std::optional<libmpi::Model> none;
  auto options = args.link.LinkOptions(&none);
  if (!options.ok()) return FailUsage(std::string(options.status().message()));
  auto files = libmpi::PatientFiles::Read(args.input.files, *read_options);
  if (!files.ok()) return Fail(files.status());
  options->threads = args.input.threads;
  options->progress = read_options->progress;
  const auto trained = libmpi::Train(
      files->size(), [&](size_t i, libmpi::Record* record) { files->Get(i, record); }, *options);
  if (!trained.ok()) return Fail(trained.status());
  read_options->progress("done", 1, 1);
  if (absl::Status s = WriteFile(args.model, trained->model.ToJson(args.shareable), args.shareable ? 0644 : 0600); !s.ok())
    return Fail(s);
  std::printf("%s", trained->model.Describe().c_str());
  for (const std::string& warning : trained->self_check.warnings) std::printf("warning   %s\n", warning.c_str());
  std::printf("written   %s%s\n", args.model.c_str(),
              args.shareable ? "" : " (holds rare names: personal data; --shareable drops them)");
  return trained->learned ? kDone : kNeedsALook;
}

}  // namespace

void AddTrain(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("train", "Learn a model without labels");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  args->link.AddTo(command, false);
  command->add_option("--model", args->model, "Model file to write")->required();
  command->add_flag("--shareable", args->shareable, "Drop names that fewer than 10 records bear");
  command->footer("Examples:\n  nayose train *.csv --model model.json\n  nayose dedupe new.csv --model model.json --output out/");
  command->callback([args, run] { *run = [args] { return RunTrain(*args); }; });
}

}  // namespace nayose
