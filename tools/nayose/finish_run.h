// SPDX-License-Identifier: Apache-2.0
// What dedupe and link have in common once they have linked.
#ifndef LIBMPI_TOOLS_NAYOSE_FINISH_RUN_H_
#define LIBMPI_TOOLS_NAYOSE_FINISH_RUN_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "libmpi/base/elapsed.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/run_folder.h"

namespace nayose {

struct FinishedRun {
  std::string command;
  const libmpi::PatientFiles* files;
  const libmpi::LinkResult* result;
  const LinkArguments* link;
  const OutputArguments* output;
  RunFolder* folder;
  std::string truth;  // empty: no evaluation
  libmpi::CivilDate today;
  std::chrono::steady_clock::time_point started;
  double read_seconds = 0;  // until all files were read
  std::vector<std::string> warnings;  // of what was read beside the files
  int threads = 0;  // 0: all cores
  // Writes what is left of an index, once state/ is there. May be null.
  std::function<absl::Status()> write_index;
};

// Writes all outputs, the summary last, puts them in place, prints the readable summary; gives the exit
// code.
int FinishRun(const FinishedRun& run);

// Opens the folder of a run; where that fails, or where an input lies in it (and would be replaced),
// says so. The exit code, kDone if all is well.
int OpenRunFolder(const OutputArguments& output, const std::vector<std::string>& inputs,
                  std::optional<RunFolder>* folder);

// What --dry-run says of the files.
int PrintDryRun(const libmpi::PatientFiles& files, const OutputArguments& output);
// The same, and what the run would cost. `new_count`: of two lists, how many records the first has; `spilled`: whether
// arrays would lie in files.
int PrintDryRunAndCost(const libmpi::PatientFiles& files, std::optional<size_t> new_count, const OutputArguments& output,
                       const libmpi::LinkOptions& options, bool spilled);

using libmpi::SecondsSince;

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_FINISH_RUN_H_
