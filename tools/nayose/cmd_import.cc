// SPDX-License-Identifier: Apache-2.0
// import: whatever facilities' systems send, into a registry.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/feeds/find_feeds.h"
#include "libmpi/exchange/feeds/read_feeds.h"
#include "libmpi/exchange/output_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/import_state.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/reading_warnings.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/registry_load_tables.h"
#include "tools/nayose/registry_put.h"
#include "tools/nayose/run_summary.h"

namespace nayose {
namespace {

using libmpi::FeedFormat;
using libmpi::PatientFiles;

struct ImportArguments : RegistryArguments {
  InputArguments input;
  std::string sources, changed, output;
  bool dry_run = false;
  int watch = 0;
  std::optional<uint64_t> max_rejects;
};

// What one pass took.
struct ImportPass {
  libmpi::FoundFeeds found;
  std::vector<libmpi::FoundFeed> taken;  // those of them that are read
  std::vector<libmpi::Reject> unreadable;  // whole files
  std::optional<PatientFiles> files;
  uint64_t retired = 0, unknown_withdrawn = 0;
  bool needs_a_look = false;
};

// However the two are written: "feeds//a/", "./feeds/a".
std::string PlainPath(const std::string& path) {
  std::string plain = std::filesystem::path(path).lexically_normal().string();
  while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  return plain;
}

// {"folder or file": "source", ...}; the longest path that a file lies in counts.
absl::StatusOr<std::map<std::string, std::string>> ReadSources(const std::string& path) {
  std::map<std::string, std::string> sources;
  if (path.empty()) return sources;
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, libmpi::ReadSmallFile(path, size_t{1} << 24));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto is_text = [](const auto& value) { return value.is_string(); };
  if (!json.is_object() || !std::all_of(json.begin(), json.end(), is_text))
    return absl::InvalidArgumentError(path + ": must be a JSON object {\"folder or file\": \"source\", ...}");
  for (const auto& [where, source] : json.items()) sources[PlainPath(where)] = source.get<std::string>();
  return sources;
}

bool LiesIn(const std::string& file, const std::string& where) {
  return file.starts_with(where) && (file.size() == where.size() || file[where.size()] == '/');
}

std::map<std::string, std::string> SourceOfFiles(const std::vector<libmpi::FoundFeed>& feeds,
                                                 const std::map<std::string, std::string>& sources) {
  std::map<std::string, std::string> of;
  std::set<std::string> met;
  for (const libmpi::FoundFeed& feed : feeds) {
    const std::string file = PlainPath(feed.path);
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& entry : sources)
      if (LiesIn(file, entry.first) && (best == nullptr || entry.first.size() > best->first.size())) best = &entry;
    if (best == nullptr) continue;
    of[feed.path] = best->second;
    met.insert(best->first);
  }
  if (met.empty() && !sources.empty() && !feeds.empty())
    std::fprintf(stderr, "nayose: warning: --sources: no file lies in any of its folders; they are to be written as the feeds are "
                         "given here\n");
  return of;
}

// An empty registry takes all at once, one that is a network's otherwise record by record, as its rules want it.
bool TakesAtOnce(const RegistryDoor& door) {
  if (door.network() == nullptr) return true;
  const auto stats = door.registry().GetStats();
  return stats.ok() && stats->records == 0;
}

absl::Status PutAll(const ImportArguments& args, const RegistryDoor& door, const libmpi::ProgressCallback& progress,
                    ImportPass* pass) {
  const PatientFiles& files = *pass->files;
  if (!args.dry_run && TakesAtOnce(door)) {
    LIBMPI_RETURN_IF_ERROR(door.Admit(libmpi::Operation::kAdminister, "import"));
    LIBMPI_ASSIGN_OR_RETURN(
        const libmpi::Registry::BulkAnswer answer,
        door.registry().BulkLoad(
            files.size(), [&](size_t i, libmpi::RecordView* record) { files.Get(i, record); }, args.By(),
            libmpi::ResolveThreads(args.input.threads), progress));
    std::printf("%s", BulkText(files.size(), answer).c_str());
    return absl::OkStatus();
  }
  RecordPutter putter(&door, args.dry_run, args.json);
  putter.TellRefusalsOnly();
  LIBMPI_RETURN_IF_ERROR(PutRecords(files, progress, &putter));
  std::printf("%s", putter.Summary().c_str());
  return absl::OkStatus();
}

// Records that their facilities withdraw.
absl::Status RetireAll(const ImportArguments& args, const RegistryDoor& door, ImportPass* pass) {
  if (args.dry_run) return absl::OkStatus();
  for (const libmpi::RecordKey& key : pass->files->withdrawn()) {
    const auto retired = door.Retire(key);
    if (retired.ok()) ++pass->retired;
    else if (absl::IsNotFound(retired.status()) || absl::IsFailedPrecondition(retired.status()))
      ++pass->unknown_withdrawn;
    else return retired.status();
  }
  return absl::OkStatus();
}

absl::Status WriteRemarks(const std::string& path, std::span<const libmpi::Reject> remarks) {
  std::string text = "file,line,field,reason\n";
  for (const libmpi::Reject& remark : remarks) {
    for (const std::string& cell : {remark.file, std::to_string(remark.line), remark.field, remark.reason}) {
      libmpi::AppendCsvField(cell, &text);
      text += ',';
    }
    text.back() = '\n';
  }
  return libmpi::WriteWholeFile(path, text, 0600);
}

absl::Status WriteTables(const ImportArguments& args, const ImportPass& pass, const libmpi::FrozenModel& model) {
  if (args.output.empty() || args.dry_run) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(
      WriteLoadTables(args.output, *pass.files, model, libmpi::ResolveThreads(args.input.threads)));
  LIBMPI_RETURN_IF_ERROR(WriteRemarks(args.output + "/unreadable.csv", pass.unreadable));
  return WriteRemarks(args.output + "/notes.csv", pass.files->notes());
}

void TellFormats(const ImportPass& pass) {
  struct Tally {
    uint64_t files = 0, read = 0, rejected = 0;
  };
  std::map<FeedFormat, Tally> by_format;
  for (const PatientFiles::FileSummary& file : pass.files->files()) {
    Tally& tally = by_format[file.format];
    ++tally.files;
    tally.read += file.rows_read;
    tally.rejected += file.rows_rejected;
  }
  std::printf("%-12s %9s %12s %10s\n", "format", "files", "rows", "rejected");
  for (const auto& [format, tally] : by_format)
    std::printf("%-12s %9llu %12llu %10llu\n", std::string(libmpi::FeedFormatName(format)).c_str(), U(tally.files),
                U(tally.read), U(tally.rejected));
  constexpr size_t kShown = 10;
  const auto& unknown = pass.found.unknown;
  for (size_t i = 0; i < std::min(kShown, unknown.size()); ++i)
    std::fprintf(stderr, "nayose: warning: %s: is none of the formats; --format says what it is\n", unknown[i].c_str());
  if (unknown.size() > kShown)
    std::fprintf(stderr, "nayose: warning: %zu more files are none of the formats\n", unknown.size() - kShown);
  for (const libmpi::Reject& file : pass.unreadable)
    std::fprintf(stderr, "nayose: not read: %s: %s\n", file.file.c_str(), file.reason.c_str());
  for (size_t i = 0; i < std::min(kShown, pass.files->rejects().size()); ++i) {
    const libmpi::Reject& reject = pass.files->rejects()[i];
    std::fprintf(stderr, "nayose: rejected: %s line %llu: %s%s%s\n", reject.file.c_str(), U(reject.line),
                 reject.field.c_str(), reject.field.empty() ? "" : " ", reject.reason.c_str());
  }
  if (!pass.files->notes().empty()) std::printf("notes     %zu places are odd and were taken\n", pass.files->notes().size());
  TellWarnings(*pass.files);
}

// Finds, reads and puts what is new; nothing to do: `taken` stays empty.
absl::Status RunPass(const ImportArguments& args, ImportState* state, ImportPass* pass) {
  LIBMPI_ASSIGN_OR_RETURN(libmpi::ReadOptions options, args.input.ReadOptions());
  LIBMPI_ASSIGN_OR_RETURN(const auto sources, ReadSources(args.sources));
  LIBMPI_ASSIGN_OR_RETURN(pass->found, libmpi::FindFeeds(args.input.files, options.format));
  for (const libmpi::FoundFeed& feed : pass->found.feeds)
    if (!state->IsTaken(feed)) pass->taken.push_back(feed);
  if (pass->taken.empty()) return absl::OkStatus();
  options.source_of = SourceOfFiles(pass->taken, sources);
  LIBMPI_ASSIGN_OR_RETURN(libmpi::ReadFeeds read, libmpi::ReadThoseThatCanBe(std::move(pass->taken), options));
  pass->taken = std::move(read.taken);
  pass->unreadable = std::move(read.unreadable);
  pass->files.emplace(std::move(read.files));
  TellFormats(*pass);
  const auto opened = OpenDoor(args, args.dry_run ? OpenFor::kReading : OpenFor::kWriting);
  LIBMPI_RETURN_IF_ERROR(opened.status());
  LIBMPI_RETURN_IF_ERROR(PutAll(args, opened->door, options.progress, pass));
  LIBMPI_RETURN_IF_ERROR(RetireAll(args, opened->door, pass));
  if (const size_t withdrawn = pass->files->withdrawn().size(); withdrawn > 0)
    std::printf("withdrawn %zu records: %llu retired, %llu not here\n", withdrawn, U(pass->retired),
                U(pass->unknown_withdrawn));
  LIBMPI_RETURN_IF_ERROR(WriteTables(args, *pass, *opened->registry->model()));
  if (!args.dry_run || opened->network != nullptr) LIBMPI_RETURN_IF_ERROR(opened->registry->Close());
  const RowTotals rows = TotalsOf(*pass->files);
  pass->needs_a_look = rows.rejected > args.max_rejects.value_or(rows.read / 100) || !pass->found.unknown.empty() ||
                       !pass->unreadable.empty() || !EncodingWarnings(*pass->files).empty();
  if (args.dry_run || args.changed.empty()) return absl::OkStatus();
  for (const libmpi::FoundFeed& feed : pass->taken) state->Take(feed);
  return state->Write(args.changed);
}

int FailImport(const absl::Status& status) { return absl::IsUnavailable(status) ? FailOutput(status) : Fail(status); }

int RunImport(const ImportArguments& args) {
  if (absl::Status s = args.input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  if (args.watch > 0 && args.changed.empty())
    return FailUsage("--watch needs --changed, a file that knows what was taken");
  ImportState state;
  if (!args.changed.empty()) {
    auto read = ImportState::Read(args.changed);
    if (!read.ok()) return Fail(read.status());
    state = *std::move(read);
  }
  const libmpi::ProgressCallback waiting = MakeProgress(false);
  for (;;) {
    ImportPass pass;
    if (const absl::Status s = RunPass(args, &state, &pass); !s.ok()) return FailImport(s);
    if (!pass.files && args.watch == 0) std::printf("nothing is new: %zu files\n", pass.found.feeds.size());
    if (args.watch == 0) return pass.needs_a_look ? kNeedsALook : kDone;
    std::fflush(stdout);
    for (int tenths = 0; tenths < 10 * args.watch; ++tenths) {
      if (!waiting("wait", 0, 0)) return kInterrupted;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

}  // namespace

void AddImport(CLI::App* app, Run* run) {
  const auto args = std::make_shared<ImportArguments>();
  CLI::App* command = app->add_subcommand("import", "Take what facilities' systems send, in whatever format, into a registry");
  command->add_option("feeds", args->input.files, "Files, and folders of files")->required();
  command->add_option("--registry,-r", args->folder, "The registry's folder")->required();
  args->input.AddTo(command, false);
  command->add_option("--sources", args->sources,
                      "JSON file {\"folder or file\": \"source\", ...}: whose the files are that do not say so");
  command->add_option("--changed", args->changed,
                      "Take only files that are new or changed since the run that wrote this file, and write it anew");
  command->add_option("--watch", args->watch, "Look again every so many seconds, until Ctrl-C; needs --changed")
      ->check(CLI::Range(1, 86400));
  command->add_option("--output,-o", args->output, "Folder for rejects.csv, findings.csv, notes.csv and unreadable.csv");
  command->add_flag("--dry-run", args->dry_run, "Read and check all, say what would become of it, write nothing");
  command->add_option("--max-rejects", args->max_rejects, "Exit with 1 beyond this many rejected rows (default: 1 %)")
      ->check(CLI::NonNegativeNumber);
  args->AddAskerTo(command);
  args->action = "import";
  command->callback([args, run] {
    *run = [args] {
      MakeFilesPrivate();
      return RunImport(*args);
    };
  });
  command->footer(
      "Formats: csv (a patient list), uke (レセプト電算: medical, DPC, dental, pharmacy, home-visit nursing), nsips,\n"
      "hl7 (v2 messages), ss-mix2 (its storage), dicom, orca (日医標準レセプト, CLAIM, MML), checkup (特定健診 CDA),\n"
      "eligibility (オンライン資格確認), fhir (JP Core). Each file's format is found out by what is in it. Who withdraws a\n"
      "patient (ADT^A23, a deleted file of SS-MIX2) retires the record. Line numbers are the feed's own.\n\n"
      "Examples:\n"
      "  nayose import feeds/ --registry r/ --dry-run\n"
      "  nayose import feeds/ --registry r/ --sources sources.json --output imported/\n"
      "  nayose import feeds/ --registry r/ --changed r.imported.json --watch 60");
}

}  // namespace nayose
