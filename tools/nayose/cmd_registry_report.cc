// SPDX-License-Identifier: Apache-2.0
// What a network's office reports every month.
#include <cstdio>
#include <string>

#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/monthly_report.h"
#include "libmpi/network/report_json.h"
#include "libmpi/record/iso_date.h"
#include "tools/nayose/monthly_report_text.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

struct ReportArguments : RegistryArguments {
  std::string month, output;
  uint64_t population = 0;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--month", month, "As 2026-11 (default: the last one that is over)");
    command->add_option("--population", population, "Of the region, to say which share is registered")
        ->check(CLI::PositiveNumber);
    command->add_option("--output", output, "Write the report to this file");
  }
};

// The month before that of a moment.
std::string LastMonth(int64_t now) {
  libmpi::CivilDate day = libmpi::DayOf(now);
  day.month = static_cast<uint8_t>(day.month == 1 ? 12 : day.month - 1);
  if (day.month == 12) --day.year;
  return libmpi::IsoMonthText(day);
}

absl::StatusOr<libmpi::MonthlyReport> Report(const ReportArguments& args, const RegistryDoor& door) {
  const std::string month = args.month.empty() ? LastMonth(door.registry().Now()) : args.month;
  if (door.network() != nullptr) return door.network()->MonthlyReport(month, door.who());
  const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
  auto report = libmpi::MakeMonthlyReport(door.registry(), {month, false, {}, progress});
  if (report.ok()) progress("done", 1, 1);
  return report;
}

std::string JsonText(const libmpi::MonthlyReport& report, uint64_t population) {
  nlohmann::ordered_json json = libmpi::MonthlyReportJson(report);
  if (population > 0 && report.registrations)
    json["registered_share"] =
        static_cast<double>(report.registrations->registered()) / static_cast<double>(population);
  return libmpi::JsonLine(json) + "\n";
}

int RunReport(const ReportArguments& args) {
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const auto report = Report(args, door);
    if (absl::IsInvalidArgument(report.status()))
      return FailUsage("--month: " + std::string(report.status().message()));
    if (!report.ok()) return FailChange(report.status());
    const std::string text =
        args.json ? JsonText(*report, args.population) : MonthlyReportText(*report, args.population);
    if (args.output.empty()) {
      std::fwrite(text.data(), 1, text.size(), stdout);
      return kDone;
    }
    const absl::Status written = libmpi::WriteWholeFile(args.output, text, 0600);
    return written.ok() ? kDone : FailOutput(written);
  });
}

}  // namespace

void AddRegistryReport(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "report",
                     "What a month was: persons, duplicates, review, stewards, data quality, use",
                     std::make_shared<ReportArguments>(), RunReport, libmpi::Operation::kReport)
      ->footer(
          "A month is one in Japan (UTC+9). What happened in it is told by the history; the backlog, the data quality and\n"
          "the duplicates of an authority are as they are now. Text is Markdown. docs/network.md says what figures mean.\n\n"
          "Examples:\n"
          "  nayose registry report network/ --month 2026-11 --population 1200000 --output 2026-11.md \\\n"
          "    --profession operator --purpose operations\n"
          "  nayose registry report alone/ --json");
}

}  // namespace nayose
