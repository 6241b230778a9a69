// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "libmpi/exchange/output_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_folder.h"

namespace nayose {

void AddEvaluate(CLI::App* app, Run* run) {
  struct Arguments {
    std::string directory, truth;
    bool json = false;
  };
  CLI::App* command = app->add_subcommand("evaluate", "Precision, recall and F1 of a run, given the truth");
  auto args = std::make_shared<Arguments>();
  command->add_option("run", args->directory, "Output folder of nayose dedupe or link")->required();
  command->add_option("--truth", args->truth, "CSV of record_id, person_id, and source where ids are not unique")->required();
  command->add_flag("--json", args->json, "Print JSON");
  command->footer("Pairs and B-cubed, with 95 % intervals; also written to evaluation.json in the folder.\n\n"
                  "Example:\n  nayose evaluate out/ --truth region/truth.csv");
  command->callback([args, run] {
    *run = [args]() -> int {
      FinishPublishing(args->directory);
      if (!std::filesystem::exists(args->directory + "/summary.json"))
        return Fail(absl::FailedPreconditionError(args->directory + ": holds no finished run"));
      const auto evaluated = EvaluateRun(args->directory, args->truth);
      if (!evaluated.ok()) return Fail(evaluated.status());
      const std::string path = args->directory + "/evaluation.json";
      if (absl::Status s = libmpi::WriteWholeFile(path, evaluated->ToJson()); !s.ok()) return FailOutput(s);
      std::printf("%s", args->json ? evaluated->ToJson().c_str() : evaluated->ToText().c_str());
      return kDone;
    };
  });
}

}  // namespace nayose
