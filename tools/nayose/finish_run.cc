// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/finish_run.h"

#include <cstdio>
#include <filesystem>
#include <thread>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/record/iso_date.h"
#include "tools/nayose/command.h"
#include "tools/nayose/filled_fields.h"
#include "tools/nayose/memory_budget.h"
#include "tools/nayose/reading_warnings.h"
#include "tools/nayose/report_data.h"
#include "tools/nayose/report_page.h"
#include "tools/nayose/run_cost.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/run_summary.h"
#include "tools/nayose/run_tables.h"

namespace nayose {
namespace {

bool TooManyRejects(const libmpi::PatientFiles& files, const OutputArguments& output) {
  const RowTotals rows = TotalsOf(files);
  return rows.rejected > output.max_rejects.value_or(rows.read / 100);
}

SavedRun SettingsOf(const FinishedRun& run, const std::string& model) {
  return {libmpi::IsoDateText(run.today), run.link->preset, run.link->population, run.result->match_threshold,
          run.result->review_threshold, run.link->seed, ContentHash(model)};
}

// What writing a run tells of it.
struct Written {
  size_t links = 0;  // in links.csv
  FilledBySource filled;
};

// All threads make one file after the other; the disk takes the earlier ones meanwhile, the state, as large as
// the input, first.
absl::Status WriteAll(const FinishedRun& run, const std::string& directory, Written* written) {
  const int threads = libmpi::ResolveThreads(run.threads);
  libmpi::BackgroundCommits commits;
  std::string model;
  std::vector<uint32_t> links;
  std::thread beside([&] {
    links = LinksToWrite(run.result->links, run.files->size(), run.output->all_links);
    model = run.result->model.ToJson();
  });
  absl::Status status;
  if (!run.output->no_state) status = WriteStateRecords(directory, *run.files, threads, &written->filled, &commits);
  beside.join();
  if (status.ok()) status = WriteRunTables(directory, *run.files, *run.result, links, threads, &commits);
  status.Update(commits.Finish());
  LIBMPI_RETURN_IF_ERROR(status);
  written->links = links.size();
  LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(directory + "/model.json", model, 0600));
  if (run.output->no_state) return status;
  if (run.write_index) LIBMPI_RETURN_IF_ERROR(run.write_index());
  return WriteStateFacts(directory, *run.files, SettingsOf(run, model));
}

RunFacts FactsOf(const FinishedRun& run, double write_seconds) {
  RunFacts facts;
  facts.command = run.command;
  facts.files = run.files;
  facts.result = run.result;
  facts.link = run.link;
  facts.today = libmpi::IsoDateText(run.today);
  facts.stages = {{"read", run.read_seconds}};
  facts.stages.insert(facts.stages.end(), run.result->times.begin(), run.result->times.end());
  facts.stages.push_back({"write", write_seconds});
  facts.too_many_rejects = TooManyRejects(*run.files, *run.output);
  for (const auto& warnings :
       {EncodingWarnings(*run.files), ColumnWarnings(*run.files), run.warnings,
        run.result->self_check.warnings})
    facts.warnings.insert(facts.warnings.end(), warnings.begin(), warnings.end());
  return facts;
}

// With values it is as private as the state.
absl::Status WriteReport(const FinishedRun& run, const RunFacts& facts, const RunEvaluation* evaluation) {
  auto data = ReportData(facts, run.today, evaluation, run.output->with_values);
  if (!data.ok()) return data.status();
  return libmpi::WriteWholeFile(run.folder->path() + "/report.html", ReportPage(*data),
                                run.output->with_values ? 0600 : 0644);
}

}  // namespace

int FinishRun(const FinishedRun& run) {
  const std::string& aside = run.folder->path();
  const auto write_started = std::chrono::steady_clock::now();
  Written written;
  if (absl::Status status = WriteAll(run, aside, &written); !status.ok()) return FailOutput(status);
  RunFacts facts = FactsOf(run, SecondsSince(write_started));
  facts.links_written = written.links;
  if (!run.output->no_state) facts.filled = &written.filled;
  std::optional<RunEvaluation> evaluation;
  if (!run.truth.empty()) {
    auto evaluated = EvaluateRun(aside, run.truth, &run.result->links);
    if (!evaluated.ok()) return Fail(evaluated.status());
    evaluation = *std::move(evaluated);
    if (absl::Status s = libmpi::WriteWholeFile(aside + "/evaluation.json", evaluation->ToJson()); !s.ok())
      return FailOutput(s);
  }
  if (!run.output->no_report) {
    const auto report_started = std::chrono::steady_clock::now();
    if (absl::Status s = WriteReport(run, facts, evaluation ? &*evaluation : nullptr); !s.ok()) return FailOutput(s);
    facts.stages.push_back({"report", SecondsSince(report_started)});
  }
  facts.seconds = SecondsSince(run.started);
  if (absl::Status s = libmpi::WriteWholeFile(aside + "/summary.json", SummaryJson(facts)); !s.ok())
    return FailOutput(s);
  if (absl::Status s = run.folder->Publish(); !s.ok()) return FailOutput(s);
  std::printf("%s%s", SummaryText(facts, run.output->directory).c_str(),
              evaluation ? evaluation->ToText().c_str() : "");
  const bool unreadable = !EncodingWarnings(*run.files).empty();
  return facts.too_many_rejects || unreadable || !run.result->self_check.confident ? kNeedsALook : kDone;
}

int OpenRunFolder(const OutputArguments& output, const std::vector<std::string>& inputs,
                  std::optional<RunFolder>* folder) {
  for (const std::string& input : inputs) {
    std::error_code error;
    if (std::filesystem::equivalent(std::filesystem::absolute(input).parent_path(), output.directory, error))
      return FailUsage(input + " lies in the output folder; give another --output");
  }
  auto opened = RunFolder::Open(output.directory, output.force, output.resume);
  if (opened.ok()) {
    folder->emplace(*std::move(opened));
    if ((*folder)->cleared_stages())
      std::fprintf(stderr, "nayose: cleared the finished stages of a run that was killed; --resume would have gone on "
                           "from them\n");
    return kDone;
  }
  // An earlier run in the folder is for the user to decide on.
  return opened.status().code() == absl::StatusCode::kAlreadyExists
             ? FailUsage(std::string(opened.status().message()))
             : FailOutput(opened.status());
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
  for (const auto& warnings : {EncodingWarnings(files), ColumnWarnings(files)})
    for (const std::string& warning : warnings) std::printf("warning: %s\n", warning.c_str());
  return TooManyRejects(files, output) || !EncodingWarnings(files).empty() ? kNeedsALook : kDone;
}

int PrintDryRunAndCost(const libmpi::PatientFiles& files, std::optional<size_t> new_count, const OutputArguments& output,
                       const libmpi::LinkOptions& options, bool spilled) {
  const auto forecast = ForecastOf(files, new_count, options, spilled);
  if (!forecast.ok()) return Fail(forecast.status());
  const int code = PrintDryRun(files, output);
  std::printf("%s", ForecastText(*forecast, MemoryOf(output), options.threads).c_str());
  return code;
}

}  // namespace nayose
