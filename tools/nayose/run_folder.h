// SPDX-License-Identifier: Apache-2.0
// The output folder of a run: written aside, put in place once whole.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_FOLDER_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_FOLDER_H_

#include <string>

#include "absl/status/statusor.h"

namespace nayose {

// A run under construction in "<folder>/.nayose-partial". An earlier run in the folder stays whole until
// Publish; whatever ends the process before leaves it so. Only files that a run writes
// are ever removed. Holds the folder's lock. Not thread-safe.
class RunFolder {
 public:
  // Makes the folder, or takes one without a run, or with `force` one with a run; finds out now whether it
  // can be written to, and clears what a killed run left, with `resume` all but its finished stages. kAlreadyExists
  // where the user must choose (an earlier run without `force`, files of others, another run at work); else why it
  // can't be written to.
  static absl::StatusOr<RunFolder> Open(const std::string& directory, bool force, bool resume = false);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  // Removes what was not published, but for finished stages: those it names on standard error.
  ~RunFolder();

  // Where to write the run's files.
  const std::string& path() const { return partial_; }
  // Where finished stages are kept, and whether some are.
  std::string stages() const { return partial_ + "/stages"; }
  bool HasStages() const;
  // Makes the folder for them, empty.
  absl::Status ClearStages();
  // Whether Open() cleared stages that --resume would have gone on from.
  bool cleared_stages() const { return cleared_stages_; }
  // Replaces the earlier run by this one: it is complete by one rename, after which it will be put in
  // place whatever happens, if need be by the next command that looks at the folder.
  absl::Status Publish();

 private:
  RunFolder(std::string directory, bool made, int lock);

  std::string directory_, partial_;
  bool made_ = false;  // the folder was not there before
  bool cleared_stages_ = false;
  int lock_ = -1;
};

// Puts a run in place that was killed while it was being published. For commands that read a run: what
// they cannot mend they will see as a folder without a finished run.
void FinishPublishing(const std::string& directory);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_FOLDER_H_
