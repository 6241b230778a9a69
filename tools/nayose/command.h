// SPDX-License-Identifier: Apache-2.0
// What main.cc knows of the subcommands: each registers itself and runs.
#ifndef LIBMPI_TOOLS_NAYOSE_COMMAND_H_
#define LIBMPI_TOOLS_NAYOSE_COMMAND_H_

#include <functional>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"

namespace nayose {

// Documented in --help; scripts rely on them.
enum ExitCode : int {
  kDone = 0,
  kNeedsALook = 1,      // done, but rejects beyond --max-rejects or a self-check that is not confident
  kUsage = 2,
  kInputUnreadable = 3,
  kInternal = 4,         // an internal error, or output that could not be written
  kInterrupted = 130,
};

// Prints "nayose: message" and gives the exit code that fits the status.
int Fail(const absl::Status& status);
// Of writing, whatever the status: the input was good.
int FailOutput(const absl::Status& status);
int FailUsage(const std::string& message);

// Adds a subcommand; sets *run to what to do once the arguments are parsed.
using Run = std::function<int()>;
void AddDedupe(CLI::App* app, Run* run);
void AddLink(CLI::App* app, Run* run);
void AddTrain(CLI::App* app, Run* run);
void AddExplain(CLI::App* app, Run* run);
void AddNormalize(CLI::App* app, Run* run);
void AddProfile(CLI::App* app, Run* run);
void AddGenerate(CLI::App* app, Run* run);
void AddEvaluate(CLI::App* app, Run* run);
void AddSchema(CLI::App* app, Run* run);
void AddLabel(CLI::App* app, Run* run);
void AddAudit(CLI::App* app, Run* run);
void AddUpdate(CLI::App* app, Run* run);
void AddRegistry(CLI::App* app, Run* run);
void AddImport(CLI::App* app, Run* run);
void AddSimulate(CLI::App* app, Run* run);
void AddReview(CLI::App* app, Run* run);
void AddServe(CLI::App* app, Run* run);
void AddSend(CLI::App* app, Run* run);
void AddQuery(CLI::App* app, Run* run);
void AddQuarantine(CLI::App* app, Run* run);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_COMMAND_H_
