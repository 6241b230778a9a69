// SPDX-License-Identifier: Apache-2.0
// export and import: a registry as lines of JSON.
#include <cstdio>
#include <optional>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/output_file.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/registry_export.h"

namespace nayose {
namespace {

using libmpi::Registry;

struct TransferArguments : RegistryArguments {
  std::string file, model;
  int threads = 0;
  bool dry_run = false;
};

int RunExport(const TransferArguments& args) {
  const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
  return WithRegistry(args, OpenFor::kReading, [&](const Registry& registry) -> int {
    std::optional<libmpi::OutputFile> file;
    if (!args.file.empty()) {
      auto created = libmpi::OutputFile::Create(args.file, 0600);
      if (!created.ok()) return FailOutput(created.status());
      file.emplace(*std::move(created));
    }
    const auto counts = ExportRegistry(registry, progress, [&](std::string_view line) {
      if (file) file->Append(line);
      else std::fwrite(line.data(), 1, line.size(), stdout);
    });
    if (!counts.ok()) return Fail(counts.status());
    if (file)
      if (absl::Status s = file->Commit(); !s.ok()) return FailOutput(s);
    if (!args.model.empty())
      if (absl::Status s = libmpi::WriteWholeFile(args.model, registry.model()->model().ToJson(), 0600); !s.ok())
        return FailOutput(s);
    progress("done", 1, 1);
    if (file)
      std::printf("%llu records, %llu decisions, %llu held revisions written to %s\n", U(counts->records),
                  U(counts->decisions), U(counts->held), args.file.c_str());
    if (counts->not_utf8 == 0) return kDone;
    std::fprintf(stderr, "nayose: %llu records hold bytes that are no UTF-8, shown as U+FFFD; take a backup if they matter\n",
                 U(counts->not_utf8));
    return kNeedsALook;
  });
}

struct ImportArguments : TransferArguments {
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("file", file, "An export, also .gz and .zst; - is standard input")->required();
    command->add_option("--threads", threads, "Threads to use (default: all cores)")->check(CLI::Range(0, 1024));
    command->add_flag("--dry-run", dry_run, "Read and check the export, write nothing");
  }
};

void WarnOfOtherLinkage(const RegistryExport& exported, const Registry& registry) {
  const nlohmann::json own = LinkageJson(*registry.model());
  for (const auto& [name, value] : own.items())
    if (const auto told = exported.header().find(name); told == exported.header().end() || *told != value)
      std::fprintf(stderr, "nayose: warning: %s is another one than in the registry that was exported; persons may differ\n",
                   name.c_str());
}

int RunImport(const ImportArguments& args) {
  auto text = libmpi::ReadInputBytes(args.file);
  if (!text.ok()) return Fail(text.status());
  const int threads = libmpi::ResolveThreads(args.threads);
  const auto exported = RegistryExport::Parse(*std::move(text), args.file == "-" ? "standard input" : args.file, threads);
  if (!exported.ok()) return Fail(exported.status());
  const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
  return WithRegistry(args, args.dry_run ? OpenFor::kReading : OpenFor::kWriting, [&](Registry& registry) -> int {
    const auto stats = registry.GetStats();
    if (!stats.ok()) return Fail(stats.status());
    if (stats->events > 0)
      return FailUsage(args.folder + ": is not empty; an export is imported into a new registry (nayose registry create)");
    WarnOfOtherLinkage(*exported, registry);
    uint64_t not_held = 0;
    if (!args.dry_run) {
      if (absl::Status s = ImportRegistry(*exported, args.By(), threads, progress, &registry, &not_held); !s.ok())
        return FailChange(s);
      progress("done", 1, 1);
    }
    if (args.json)
      PrintLine({{"dry_run", args.dry_run}, {"records", exported->size()}, {"decisions", exported->decisions().size()},
                 {"merges", exported->merges().size()}, {"retired", exported->retired().size()},
                 {"held", exported->held().size()}, {"authorities", exported->authorities().size()}});
    else
      std::printf("%zu records, %zu decisions, %zu merges, %zu retired, %zu held, %zu authorities %s\n", exported->size(),
                  exported->decisions().size(), exported->merges().size(), exported->retired().size(),
                  exported->held().size(), exported->authorities().size(),
                  args.dry_run ? "would be imported; nothing was written" : "imported");
    if (not_held == 0) return kDone;
    std::fprintf(stderr, "nayose: %llu revisions that were held are accepted now: this version does not hold such\n",
                 U(not_held));
    return kNeedsALook;
  });
}

}  // namespace

void AddRegistryTransfer(CLI::App* registry, Run* run) {
  const auto exporting = std::make_shared<TransferArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "export", "A registry as lines of JSON, one a record", exporting, RunExport,
                                         libmpi::Operation::kExport);
  command->add_option("--output,-o", exporting->file, "File to write, readable by you only (default: standard output)");
  command->add_option("--model", exporting->model, "Write the registry's model to this file");
  command->footer(
      "Every record as it was last accepted, with its status (live, retired, merged), and what is held, decided and\n"
      "registered of authorities. Enterprise IDs are told, but belong to this registry: history and IDs are what nayose\n"
      "registry backup keeps. As private as the records.\n\n"
      "Examples:\n"
      "  nayose registry export network/ --output network.ndjson --model network.model.json\n"
      "  nayose registry export network/ | zstd > network.ndjson.zst");
  AddRegistryCommand(registry, run, "import", "Fill an empty registry from an export", std::make_shared<ImportArguments>(), RunImport)
      ->footer("The persons are those of the registry that was exported where model and thresholds are; their enterprise IDs are\n"
               "new. A line that is wrong is named, and nothing is imported.\n\n"
               "Examples:\n"
               "  nayose registry create new/ --model network.model.json\n"
               "  nayose registry import new/ network.ndjson");
}

}  // namespace nayose
