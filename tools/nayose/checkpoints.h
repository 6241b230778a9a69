// SPDX-License-Identifier: Apache-2.0
// --resume: whether the stages that a killed run left are this run's.
#ifndef LIBMPI_TOOLS_NAYOSE_CHECKPOINTS_H_
#define LIBMPI_TOOLS_NAYOSE_CHECKPOINTS_H_

#include <memory>
#include <string>
#include <vector>

#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/stage_files.h"

namespace nayose {

// What the stages of a run depend on.
struct RunIdentity {
  std::string command;
  const InputArguments* input;
  const LinkArguments* link;
  libmpi::CivilDate today;
  const libmpi::PatientFiles* files;
  // Files beside the patients': model, decisions and labels; empty: none.
  std::vector<std::string> others;
};

// The day that a killed run in the folder had for today; nothing where none was killed.
std::optional<libmpi::CivilDate> TodayOfKilledRun(const RunFolder& folder);

// Unless told not to, has *options keep the run's stages in its folder, by a store that *stages owns: with --resume
// beside those of the run that was killed there, where it was this one; else from none. Says on standard error what
// it goes on from. Returns an exit code, kDone where all is well; one of usage tells what differs from the killed run.
int KeepStages(const OutputArguments& output, const RunIdentity& run, RunFolder* folder,
               std::unique_ptr<StageFiles>* stages, libmpi::LinkOptions* options);

// Says on standard error why a stage could not be kept, if one could not; `stages` may be null.
void TellUnkeptStages(const StageFiles* stages);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_CHECKPOINTS_H_
