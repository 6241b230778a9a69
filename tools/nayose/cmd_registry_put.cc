// SPDX-License-Identifier: Apache-2.0
// put and load: records of files into a registry.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/line_input.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/reading_warnings.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/registry_load_tables.h"
#include "tools/nayose/registry_put.h"
#include "tools/nayose/run_summary.h"

namespace nayose {
namespace {

struct PutArguments : RegistryArguments {
  InputArguments input;
  bool ndjson = false, dry_run = false, known_authorities = false;
  std::optional<uint64_t> max_rejects;
  std::string output;

  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("files", input.files, "Patient lists: CSV or TSV, also .gz and .zst; - is standard input")
        ->required();
    input.AddTo(command, false);
    command->add_flag("--known-authorities", known_authorities,
                      "Refuse records of sources that nayose registry authorities does not know");
    command->add_flag("--dry-run", dry_run, "Read and check the input, say what would become of it, write nothing");
    command->add_option("--max-rejects", max_rejects,
                        "Exit with 1 beyond this many rejected rows and refused records (default: 1 %)")
        ->check(CLI::NonNegativeNumber);
  }
  bool IsTooMany(uint64_t bad, uint64_t all) const { return bad > max_rejects.value_or(all / 100); }
};

absl::StatusOr<OpenedRegistry> OpenToPut(const PutArguments& args) {
  libmpi::RegistryOptions options;
  options.known_authorities_only = args.known_authorities;
  return OpenDoor(args, args.dry_run ? OpenFor::kReading : OpenFor::kWriting, options);
}

int FailPut(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
                 absl::IsPermissionDenied(status)
             ? Fail(status)
             : FailOutput(status);
}

absl::Status PutFiles(const PutArguments& args, const libmpi::PatientFiles& files,
                      const libmpi::ProgressCallback& progress, RecordPutter* putter) {
  for (const libmpi::Reject& reject : files.rejects()) putter->Reject(reject);
  LIBMPI_RETURN_IF_ERROR(PutRecords(files, progress, putter));
  if (!args.json) progress("done", 1, 1);
  return absl::OkStatus();
}

absl::Status PutLines(const std::string& path, const libmpi::ProgressCallback& progress, uint64_t* lines,
                      RecordPutter* putter) {
  auto input = LineInput::Open(path);
  if (!input.ok()) return input.status();
  const std::string name = path == "-" ? "standard input" : path;
  const auto go_on = [&] { return progress("put", 0, 0); };
  std::string line;
  for (;;) {
    bool any;
    LIBMPI_ASSIGN_OR_RETURN(any, input->Next(go_on, &line));
    if (!any) return absl::OkStatus();
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (!go_on()) return absl::CancelledError("stopped before line " + std::to_string(input->number()) + " of " + name);
    ++*lines;
    const auto record =
        line.size() > LineInput::kLongestLine
            ? absl::InvalidArgumentError("is longer than 1 MiB")
            : libmpi::RecordOfJson(nlohmann::json::parse(line, nullptr, false));
    if (record.ok()) LIBMPI_RETURN_IF_ERROR(putter->Put(*record, name, input->number()));
    else putter->Reject({name, input->number(), "", std::string(record.status().message())});
    std::fflush(stdout);  // who sends a line waits for its answer
  }
}

int EndPut(const PutArguments& args, const RecordPutter& putter, uint64_t all, const RegistryDoor& door) {
  std::fprintf(args.json ? stderr : stdout, "%s", putter.Summary().c_str());
  if (!args.dry_run || door.network() != nullptr)
    if (const absl::Status closed = door.registry().Close(); !closed.ok()) return FailOutput(closed);
  return args.IsTooMany(putter.rejected() + putter.refused(), all) ? kNeedsALook : kDone;
}

int RunPut(const PutArguments& args) {
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  auto options = args.input.ReadOptions();
  if (!options.ok()) return Fail(options.status());
  const bool answers_show = isatty(STDOUT_FILENO) != 0;
  if (answers_show) options->progress = MakeProgress(false);
  const auto opened = OpenToPut(args);
  if (!opened.ok()) return FailOpen(opened.status());
  RecordPutter putter(&opened->door, args.dry_run, args.json);
  if (args.ndjson) {
    uint64_t lines = 0;
    const libmpi::ProgressCallback progress = MakeProgress(false);
    for (const std::string& file : args.input.files)
      if (absl::Status s = PutLines(file, progress, &lines, &putter); !s.ok()) return FailPut(s);
    return EndPut(args, putter, lines, opened->door);
  }
  const auto files = libmpi::PatientFiles::Read(args.input.files, *options);
  if (!files.ok()) return Fail(files.status());
  if (absl::Status s = PutFiles(args, *files, options->progress, &putter); !s.ok()) return FailPut(s);
  TellWarnings(*files);
  const int code = EndPut(args, putter, TotalsOf(*files).read, opened->door);
  return code == kDone && !EncodingWarnings(*files).empty() ? kNeedsALook : code;
}

void TellLoaded(const PutArguments& args, const libmpi::PatientFiles& files,
                const libmpi::Registry::BulkAnswer& answer, double seconds) {
  const RowTotals rows = TotalsOf(files);
  if (args.json)
    return PrintLine({{"rows_read", rows.read}, {"rows_accepted", rows.accepted}, {"rows_rejected", rows.rejected},
                      {"records", files.size()}, {"created", answer.created}, {"revised", answer.revised},
                      {"unchanged", answer.unchanged}, {"held", answer.held}, {"refused", answer.refused},
                      {"persons", answer.persons}, {"seconds", seconds}});
  const auto u = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("rows      %llu read = %llu accepted + %llu rejected\n", u(rows.read), u(rows.accepted),
              u(rows.rejected));
  std::printf("%stime      %.2f s\n", BulkText(files.size(), answer).c_str(), seconds);
  if (!args.output.empty()) std::printf("written   %s\n", args.output.c_str());
}

// In a network's registry patients may have said something of identifiers: a load by the operator is for its first day.
absl::Status MayLoad(const PutArguments& args, const RegistryDoor& door) {
  if (door.network() == nullptr) return absl::OkStatus();
  const auto stats = door.registry().GetStats();
  if (!stats.ok()) return stats.status();
  if (stats->records > 0)
    return absl::FailedPreconditionError(
        "records come into a network's registry by nayose registry put; load fills an empty "
        "one");
  return door.network()->Admit(libmpi::Operation::kAdminister, args.action, door.who());
}

int RunLoad(const PutArguments& args) {
  const auto started = std::chrono::steady_clock::now();
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  const auto options = args.input.ReadOptions();
  if (!options.ok()) return Fail(options.status());
  const auto opened = OpenToPut(args);
  if (!opened.ok()) return FailOpen(opened.status());
  if (const absl::Status s = MayLoad(args, opened->door); !s.ok()) return Fail(s);
  libmpi::Registry* const registry = opened->registry.get();
  const auto files = libmpi::PatientFiles::Read(args.input.files, *options);
  if (!files.ok()) return Fail(files.status());
  TellWarnings(*files);
  const RowTotals rows = TotalsOf(*files);
  if (args.dry_run) {
    RecordPutter foreseen(&opened->door, true, args.json);
    if (absl::Status s = PutFiles(args, *files, options->progress, &foreseen); !s.ok()) return FailPut(s);
    return EndPut(args, foreseen, rows.read, opened->door);
  }
  const auto answer = registry->BulkLoad(
      files->size(), [&](size_t i, libmpi::RecordView* record) { files->Get(i, record); }, args.By(),
      libmpi::ResolveThreads(args.input.threads), options->progress);
  if (!answer.ok()) return FailPut(answer.status());
  if (!args.output.empty())
    if (absl::Status s = WriteLoadTables(args.output, *files, *registry->model(),
                                         libmpi::ResolveThreads(args.input.threads));
        !s.ok())
      return FailOutput(s);
  options->progress("done", 1, 1);
  if (absl::Status s = registry->Close(); !s.ok()) return FailOutput(s);
  TellLoaded(args, *files, *answer, SecondsSince(started));
  const bool look = args.IsTooMany(rows.rejected + answer->refused, rows.read) || !EncodingWarnings(*files).empty();
  return look ? kNeedsALook : kDone;
}

}  // namespace

void AddRegistryPut(CLI::App* registry, Run* run) {
  const auto put = std::make_shared<PutArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "put",
                                         "Add or revise records, one by one, and say for each who it is", put, RunPut);
  command->add_flag("--ndjson", put->ndjson,
                    "The files hold a JSON object a line: a record as nayose registry export writes it, or its fields");
  command->footer(
      std::string(kFieldsHelp) +
      "\nAll rows of a source and record_id in the files are one record, which takes the place of what was said of it\n"
      "before; the same again changes nothing. A line for each record says what became of its person: created, joined,\n"
      "moved, merged, split, same person, unchanged, held (it would make another person of the record: nayose registry\n"
      "held) or refused. Each is on disk when its line is printed; Ctrl-C stops between two. Thousands of\n"
      "records are loaded faster by nayose registry load.\n\n"
      "Examples:\n"
      "  nayose registry put network/ today.csv\n"
      "  nayose registry put network/ today.csv --dry-run\n"
      "  echo '{\"source\":\"H001\",\"record_id\":\"7\",\"name\":\"山田 太郎\",\"birth\":\"1960-04-01\"}' |\n"
      "    nayose registry put network/ --ndjson --json -");
  const auto load = std::make_shared<PutArguments>();
  command = AddRegistryCommand(registry, run, "load",
                               "Put many records at once, into an empty registry or a living one", load, RunLoad);
  command->add_option("--output,-o", load->output, "Folder for rejects.csv and findings.csv, as of nayose dedupe");
  command->footer(
      std::string(kFieldsHelp) +
      "\nAs put, without a line for each record. An empty registry takes all or nothing. Ctrl-C stops it; what a\n"
      "living registry took until then stays.\n\n"
      "Examples:\n"
      "  nayose registry load network/ hospital.csv clinic.csv --output loaded/\n"
      "  nayose registry load network/ night.csv --dry-run");
}

}  // namespace nayose
