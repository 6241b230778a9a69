// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/finish_run.h"

#include <cstdio>
#include <thread>

#include "libmpi/base/status_macros.h"
#include "tools/nayose/command.h"
#include "tools/nayose/result_files.h"
#include "tools/nayose/run_output.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/run_summary.h"

namespace nayose {
namespace {

bool TooManyRejects(const libmpi::PatientFiles& files, const OutputArguments& output) {
  const RowTotals rows = TotalsOf(files);
  return rows.rejected > output.max_rejects.value_or(rows.read / 100);
}

// Text in the wrong encoding links on what is left of it: that must be seen.
std::vector<std::string> EncodingWarnings(const libmpi::PatientFiles& files) {
  constexpr uint64_t kRowsABadCharacter = 100;
  std::vector<std::string> warnings;
  for (const auto& f : files.files())
    if (f.malformed_characters * kRowsABadCharacter > f.rows_read && f.malformed_characters > 10)
      warnings.push_back(f.path + ": " + std::to_string(f.malformed_characters) + " characters could not be read as " +
                         f.encoding + "; is that its encoding? (--encoding)");
  return warnings;
}

// The state is as large as the input: it is written beside the rest.
absl::Status WriteAll(const FinishedRun& run, const std::string& directory) {
  absl::Status state;
  std::thread writer([&] {
    if (!run.output->no_state)
      state = WriteState(directory, *run.files, DateText(run.today), run.link->population);
  });
  absl::Status rest = WriteResultFiles(directory, *run.files, *run.result);
  if (rest.ok()) rest = WriteFile(directory + "/model.json", run.result->model.ToJson(), 0600);
  writer.join();
  LIBMPI_RETURN_IF_ERROR(rest);
  return state;
}

}  // namespace

double SecondsSince(std::chrono::steady_clock::time_point moment) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - moment).count();
}

std::string DateText(const libmpi::CivilDate& d) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day);
  return text;
}

int FinishRun(const FinishedRun& run) {
  const std::string& directory = run.output->directory;
  const auto write_started = std::chrono::steady_clock::now();
  if (absl::Status status = WriteAll(run, directory); !status.ok()) return Fail(status);
  RunFacts facts;
  facts.command = run.command;
  facts.files = run.files;
  facts.result = run.result;
  facts.link = run.link;
  facts.today = DateText(run.today);
  facts.stages = {{"read", run.read_seconds}};
  facts.stages.insert(facts.stages.end(), run.result->times.begin(), run.result->times.end());
  facts.stages.push_back({"write", SecondsSince(write_started)});
  facts.too_many_rejects = TooManyRejects(*run.files, *run.output);
  facts.warnings = EncodingWarnings(*run.files);
  const bool unreadable = !facts.warnings.empty();
  facts.warnings.insert(facts.warnings.end(), run.result->self_check.warnings.begin(),
                        run.result->self_check.warnings.end());
  std::string evaluation;
  if (!run.truth.empty()) {
    const auto evaluated = EvaluateRun(directory, run.truth, false);
    if (!evaluated.ok()) return Fail(evaluated.status());
    evaluation = evaluated->ToText();
    if (absl::Status s = WriteFile(directory + "/evaluation.json", evaluated->ToJson()); !s.ok()) return Fail(s);
  }
  facts.seconds = SecondsSince(run.started);
  if (absl::Status s = WriteFile(directory + "/summary.json", SummaryJson(facts)); !s.ok()) return Fail(s);
  std::printf("%s%s", SummaryText(facts, directory).c_str(), evaluation.c_str());
  return facts.too_many_rejects || unreadable || !run.result->self_check.confident ? kNeedsALook : kDone;
}

int PrintDryRun(const libmpi::PatientFiles& files, const OutputArguments& output) {
  const RowTotals rows = TotalsOf(files);
  for (const auto& f : files.files()) {
    std::printf("%s: %s, %llu rows, %llu rejected", f.path.c_str(), f.encoding.c_str(),
                static_cast<unsigned long long>(f.rows_read), static_cast<unsigned long long>(f.rows_rejected));
    for (size_t i = 0; i < f.unknown_columns.size(); ++i)
      std::printf("%s%s", i == 0 ? "; columns not used: " : ", ", f.unknown_columns[i].substr(0, 40).c_str());
    std::printf("\n");
  }
  for (size_t i = 0; i < files.rejects().size() && i < 10; ++i) {
    const libmpi::Reject& r = files.rejects()[i];
    std::printf("reject: %s line %llu: %s%s%s\n", r.file.c_str(), static_cast<unsigned long long>(r.line),
                r.field.c_str(), r.field.empty() ? "" : " ", r.reason.c_str());
  }
  std::printf("%zu records from %llu accepted rows would be linked; nothing was written\n", files.size(),
              static_cast<unsigned long long>(rows.accepted));
  const std::vector<std::string> warnings = EncodingWarnings(files);
  for (const std::string& warning : warnings) std::printf("warning: %s\n", warning.c_str());
  return TooManyRejects(files, output) || !warnings.empty() ? kNeedsALook : kDone;
}

}  // namespace nayose
