// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "libmpi/exchange/output_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/reading_warnings.h"
#include "tools/nayose/run_summary.h"

namespace nayose {
namespace {

struct Arguments {
  InputArguments input;
  LinkArguments link;
  std::string model, labels;
  bool shareable = false;
};

// An older model may be replaced, nothing else.
absl::Status CheckModelPath(const std::string& path) {
  if (!std::filesystem::exists(path)) return absl::OkStatus();
  const auto text = libmpi::ReadSmallFile(path);
  if (std::filesystem::is_regular_file(path) && text.ok() && text->find("libmpi-model") < 100) return absl::OkStatus();
  return absl::AlreadyExistsError(path + ": is there and is no model; give another --model");
}

void PrintLabels(size_t labels, const libmpi::Model& model) {
  std::printf("labels    %zu; ", labels);
  if (model.calibration)
    std::printf("calibrated: %.3f + %.3f x match weight, from %.1f to %.1f bits\n", model.calibration->intercept,
                model.calibration->slope, model.calibration->low, model.calibration->high);
  else
    std::printf("not calibrated: labels that were left out would not gain from it\n");
}

int RunTrain(const Arguments& args) {
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  if (absl::Status s = CheckModelPath(args.model); !s.ok()) return FailUsage(std::string(s.message()));
  auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return Fail(read_options.status());
  std::optional<libmpi::Model> none;
  auto options = args.link.LinkOptions(&none);
  if (!options.ok()) return FailUsage(std::string(options.status().message()));
  auto files = libmpi::PatientFiles::Read(args.input.files, *read_options);
  if (!files.ok()) return Fail(files.status());
  std::vector<std::string> label_warnings;
  if (!args.labels.empty()) {
    auto read = ReadLabels(args.labels, KeysOf(*files));
    if (!read.ok()) return Fail(read.status());
    options->labels = std::move(read->labels);
    label_warnings = std::move(read->warnings);
  }
  options->threads = args.input.threads;
  options->progress = read_options->progress;
  const auto trained = libmpi::Train(
      files->size(), [&](size_t i, libmpi::RecordView* record) { files->Get(i, record); }, *options);
  if (!trained.ok()) return Fail(trained.status());
  read_options->progress("done", 1, 1);
  const std::string json = trained->model.ToJson(args.shareable);
  if (absl::Status s = libmpi::WriteWholeFile(args.model, json, args.shareable ? 0644 : 0600); !s.ok())
    return FailOutput(s);
  std::printf("%s", trained->model.Describe().c_str());
  if (!args.labels.empty()) PrintLabels(options->labels.size(), trained->model);
  for (const auto& warnings : {EncodingWarnings(*files), ColumnWarnings(*files), label_warnings, trained->self_check.warnings})
    for (const std::string& warning : warnings) std::printf("warning   %s\n", warning.c_str());
  const RowTotals rows = TotalsOf(*files);
  const bool many_rejects = rows.rejected > rows.read / 100;
  if (rows.rejected > 0)
    std::printf("rejects   %llu of %llu rows were not read%s\n", static_cast<unsigned long long>(rows.rejected),
                static_cast<unsigned long long>(rows.read),
                many_rejects ? "; nayose dedupe --dry-run says why" : "");
  std::printf("written   %s%s\n", args.model.c_str(),
              args.shareable ? "" : " (holds rare names: personal data; --shareable drops them)");
  return trained->learned && !many_rejects ? kDone : kNeedsALook;
}

}  // namespace

void AddTrain(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("train", "Learn a model, with labels or without");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  args->link.AddTo(command, false);
  command->add_option("--model", args->model, "Model file to write")->required();
  command->add_option("--labels", args->labels,
                      "CSV of record_a, source_a, record_b, source_b, decision (same, different) and, where pairs were drawn, "
                      "sampling_weight: what nayose label writes, or a decided review.csv");
  command->add_flag("--shareable", args->shareable, "Drop names that fewer than 10 records bear");
  command->footer("Ctrl-C stops after the step at hand and writes nothing; an earlier model stays.\n\n"
                  "Examples:\n  nayose train *.csv --model model.json\n  nayose dedupe new.csv --model model.json --output out/\n"
                  "  nayose train *.csv --labels out/labels.csv --model model.json");
  command->callback([args, run] { *run = [args] { return RunTrain(*args); }; });
}

}  // namespace nayose
