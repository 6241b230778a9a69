// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "tools/nayose/command.h"
#include "tools/nayose/result_files.h"
#include "tools/nayose/run_output.h"

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
      const auto evaluated = EvaluateRun(args->directory, args->truth, true);
      if (!evaluated.ok()) return Fail(evaluated.status());
      const absl::Status written = WriteFile(args->directory + "/evaluation.json", evaluated->ToJson());
      if (!written.ok()) return Fail(written);
      std::printf("%s", args->json ? evaluated->ToJson().c_str() : evaluated->ToText().c_str());
      return kDone;
    };
  });
}

}  // namespace nayose
