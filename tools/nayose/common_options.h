// SPDX-License-Identifier: Apache-2.0
// Options that several subcommands share.
#ifndef LIBMPI_TOOLS_NAYOSE_COMMON_OPTIONS_H_
#define LIBMPI_TOOLS_NAYOSE_COMMON_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"

namespace nayose {

// How patient files are read.
struct InputArguments {
  std::vector<std::string> files;
  std::string encoding, columns, source, format;
  bool progress = false, no_progress = false;
  int threads = 0;

  void AddTo(CLI::App* command, bool with_files);
  bool ShowProgress() const;
  // kInvalidArgument where the arguments make no sense, whatever the files.
  absl::Status Check(const std::vector<std::string>& reference = {}) const;
  absl::StatusOr<libmpi::ReadOptions> ReadOptions() const;
  // Whether --columns names a mapping that comes with the program (and no file).
  bool IsBundledMapping() const;
  // The JSON that --columns names; empty without it.
  absl::StatusOr<std::string> ColumnsText() const;
};

// How a run links.
struct LinkArguments {
  std::string model, preset = "balanced", today;
  std::optional<double> match_threshold, review_threshold;
  double population = 0;
  uint64_t seed = 0;

  void AddTo(CLI::App* command, bool with_model);
  // kInvalidArgument where thresholds or the population are no sensible numbers.
  absl::Status Check() const;
  // Loads the model, if any, into *loaded, which the options borrow.
  absl::StatusOr<libmpi::LinkOptions> LinkOptions(std::optional<libmpi::Model>* loaded) const;
};

// What a run writes.
struct OutputArguments {
  std::string directory, temp, memory;
  bool force = false, no_state = false, dry_run = false, no_report = false, with_values = false, all_links = false;
  bool resume = false, no_checkpoints = false;
  std::optional<uint64_t> max_rejects;

  void AddTo(CLI::App* command);
};

// Of "balanced" or "safe".
libmpi::Preset PresetNamed(std::string_view name);

// "YYYY-MM-DD", or today by the clock where `text` is empty.
absl::StatusOr<libmpi::CivilDate> ParseToday(const std::string& text);

extern const char kFieldsHelp[];  // the fields that a patient list may have
extern const char kRunHelp[];     // --dry-run, progress and Ctrl-C of a run

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_COMMON_OPTIONS_H_
