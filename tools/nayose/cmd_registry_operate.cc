// SPDX-License-Identifier: Apache-2.0
// Making, watching and saving a registry: create, stats, verify, relink, backup, restore, compact, recover.
#include <cstdio>
#include <filesystem>
#include <optional>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/registry.h"
#include "libmpi/text/fold.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

struct WorkArguments : RegistryArguments {
  int threads = 0;
  bool progress = false, no_progress = false;

  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--threads", threads, "Threads to use (default: all cores)")->check(CLI::Range(0, 1024));
    command->add_flag("--progress", progress, "Show progress even where standard error is no terminal");
    command->add_flag("--no-progress", no_progress, "Show no progress");
  }
  libmpi::ProgressCallback Progress() const {
    return MakeProgress(!no_progress && (progress || StderrIsTerminal()));
  }
};

// By which model a registry links.
struct LinkageArguments {
  LinkArguments link;

  LinkageArguments() { link.preset = "safe"; }
  void AddTo(CLI::App* command, const char* default_model) {
    command->add_option("--model", link.model, std::string("Model file, as of nayose train (default: ") + default_model + ")");
    command->add_option("--preset", link.preset,
                        "safe (default): links at 6 bits or more, the rest to review; balanced: even odds")
        ->check(CLI::IsMember({"balanced", "safe"}));
    command->add_option("--match-threshold", link.match_threshold, "Link at or above this match weight, in bits");
    command->add_option("--review-threshold", link.review_threshold, "Review at or above this match weight, in bits");
    command->add_option("--population", link.population,
                        "Persons of the population, for the common-name rule (default: 10 million or more)")
        ->check(CLI::NonNegativeNumber);
  }
  libmpi::FrozenOptions Options() const {
    return {PresetNamed(link.preset), link.match_threshold, link.review_threshold, link.population};
  }
  // The model file, if any.
  absl::StatusOr<std::optional<libmpi::Model>> Model() const {
    std::optional<libmpi::Model> model;
    LIBMPI_RETURN_IF_ERROR(link.LinkOptions(&model).status());
    return model;
  }
};

struct CreateArguments : RegistryArguments {
  LinkageArguments linkage;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    linkage.AddTo(command, "the one that comes with nayose");
  }
};

int RunCreate(const CreateArguments& args) {
  if (absl::Status s = args.linkage.link.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  const auto model = args.linkage.Model();
  if (!model.ok()) return Fail(model.status());
  std::error_code error;
  if (std::filesystem::exists(args.folder, error) && !std::filesystem::is_empty(args.folder, error))
    return FailUsage(args.folder + ": is there and not empty; give a new folder");
  const auto registry = libmpi::Registry::Create(args.folder, *model ? **model : libmpi::Model::Default(),
                                                 args.linkage.Options(), {});
  if (!registry.ok())
    return FailOutput(absl::Status(registry.status().code(), args.folder + ": " + std::string(registry.status().message())));
  const libmpi::Thresholds& t = (*registry)->model()->thresholds();
  if (args.json)
    PrintLine({{"created", args.folder}, {"match_threshold", libmpi::WeightBits(t.match)},
               {"review_threshold", libmpi::WeightBits(t.review)}});
  else
    std::printf("created %s: links from %.3f bits on, review from %.3f bits on\n", args.folder.c_str(),
                libmpi::WeightBits(t.match), libmpi::WeightBits(t.review));
  const absl::Status closed = (*registry)->Close();
  return closed.ok() ? kDone : FailOutput(closed);
}

int RunStats(const RegistryArguments& args) {
  return WithRegistry(args, OpenFor::kReading, [&](const libmpi::Registry& registry) -> int {
    const auto stats = registry.GetStats();
    if (!stats.ok()) return Fail(stats.status());
    const std::shared_ptr<const libmpi::FrozenModel> model = registry.model();
    const bool safe = model->options().preset == libmpi::Preset::kSafe;
    const double match = libmpi::WeightBits(model->thresholds().match),
                 review = libmpi::WeightBits(model->thresholds().review);
    if (args.json) {
      PrintLine({{"records", stats->records}, {"persons", stats->persons}, {"held", stats->held},
                 {"events", stats->events}, {"generation", stats->generation}, {"preset", safe ? "safe" : "balanced"},
                 {"match_threshold", match}, {"review_threshold", review}, {"model_records", model->model().records},
                 {"tables_version", libmpi::FoldTablesVersion()}, {"file_bytes", stats->file_bytes},
                 {"linked_by_these_rules", stats->linked_by_these_rules}});
      return kDone;
    }
    std::printf("records   %llu live\npersons   %llu\nheld      %llu revisions\nevents    %llu\n", U(stats->records),
                U(stats->persons), U(stats->held), U(stats->events));
    std::printf("model     generation %llu, %s, links from %.3f bits on, review from %.3f bits on\n",
                U(stats->generation), safe ? "safe" : "balanced", match, review);
    std::printf("files     %.1f MB\n", static_cast<double>(stats->file_bytes) / 1e6);
    if (!stats->linked_by_these_rules)
      std::printf("warning   an earlier nayose linked this registry, by rules that have changed since: relink it\n");
    if (stats->records > 2 * model->model().records && model->model().records > 0)
      std::printf("warning   the records are more than twice as many as those the model was learned from; train one on "
                  "yours (nayose train), and relink\n");
    return kDone;
  });
}

int RunVerify(const WorkArguments& args) {
  const libmpi::ProgressCallback progress = args.Progress();
  return WithRegistry(args, OpenFor::kReading, [&](const libmpi::Registry& registry) -> int {
    const auto findings = registry.Verify(libmpi::ResolveThreads(args.threads), progress);
    if (!findings.ok()) return Fail(findings.status());
    progress("done", 1, 1);
    if (args.json) PrintLine({{"sound", findings->empty()}, {"findings", *findings}});
    else if (findings->empty()) std::printf("sound: persons and links are those of a batch run, and every entry has what it names\n");
    else
      for (const std::string& finding : *findings) std::printf("%s\n", finding.c_str());
    if (findings->empty()) return kDone;
    std::fprintf(stderr, "nayose: the registry is not sound; keep the folder as it is, restore the last backup that "
                         "verifies, and bring in what came since\n");
    return kNeedsALook;
  });
}

struct RelinkArguments : WorkArguments {
  LinkageArguments linkage;
  bool dry_run = false;
  void AddTo(CLI::App* command) {
    WorkArguments::AddTo(command);
    linkage.AddTo(command, "the registry's own, with other thresholds");
    command->add_flag("--dry-run", dry_run, "Say what would merge and split, change nothing");
  }
};

int RunRelink(const RelinkArguments& args) {
  if (absl::Status s = args.linkage.link.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  const auto model = args.linkage.Model();
  if (!model.ok()) return Fail(model.status());
  const libmpi::ProgressCallback progress = args.Progress();
  const OpenFor what = args.dry_run ? OpenFor::kReading : OpenFor::kWriting;
  return WithRegistry(args, what, [&](libmpi::Registry& registry) -> int {
    const std::shared_ptr<const libmpi::FrozenModel> own = registry.model();
    const auto answer = registry.Relink(*model ? **model : own->model(), args.linkage.Options(), args.dry_run, args.By(),
                                        libmpi::ResolveThreads(args.threads), progress);
    if (!answer.ok()) return FailChange(answer.status());
    progress("done", 1, 1);
    if (args.json) {
      PrintLine({{"dry_run", args.dry_run}, {"persons_before", answer->persons_before},
                 {"persons_after", answer->persons_after}, {"merged", answer->merged}, {"split", answer->split},
                 {"moved", answer->moved}});
      return kDone;
    }
    std::printf("persons   %llu before, %llu after\nmerged    %llu persons\nsplit     %llu persons\nmoved     %llu records\n",
                U(answer->persons_before), U(answer->persons_after), U(answer->merged), U(answer->split), U(answer->moved));
    std::printf("%s\n", args.dry_run ? "nothing was changed" : "the registry links by this model now");
    return kDone;
  });
}

struct CopyArguments : RegistryArguments {
  std::string other;
  void AddTo(CLI::App* command) { RegistryArguments::AddTo(command); }
};

int RunBackup(const CopyArguments& args) {
  return WithRegistry(args, OpenFor::kWriting, [&](libmpi::Registry& registry) -> int {
    if (absl::Status s = registry.Backup(args.other); !s.ok())
      return FailOutput(absl::Status(s.code(), args.other + ": " + std::string(s.message())));
    if (args.json) PrintLine({{"backup", args.other}});
    else std::printf("backed up to %s; try it now and then: nayose registry restore, then verify\n", args.other.c_str());
    return kDone;
  });
}

int RunRestore(const CopyArguments& args) {
  std::error_code error;
  if (!std::filesystem::is_directory(args.folder, error))
    return Fail(absl::NotFoundError(args.folder + ": there is no such folder of backups"));
  if (std::filesystem::exists(args.other, error) && !std::filesystem::is_empty(args.other, error))
    return FailUsage(args.other + ": is there and not empty; restore into a new folder, and put it in place afterwards");
  if (absl::Status s = libmpi::Registry::Restore(args.folder, args.other); !s.ok())
    return Fail(absl::Status(s.code(), args.folder + ": " + std::string(s.message())));
  RegistryArguments restored = args;
  restored.folder = args.other;
  return RunStats(restored);
}

int RunCompact(const RegistryArguments& args) {
  return WithRegistry(args, OpenFor::kWriting, [&](libmpi::Registry& registry) -> int {
    const auto before = registry.GetStats();
    if (!before.ok()) return Fail(before.status());
    if (absl::Status s = registry.Compact(); !s.ok()) return FailOutput(s);
    const auto after = registry.GetStats();
    if (!after.ok()) return Fail(after.status());
    if (args.json) PrintLine({{"file_bytes_before", before->file_bytes}, {"file_bytes", after->file_bytes}});
    else std::printf("files     %.1f MB before, %.1f MB after\n", static_cast<double>(before->file_bytes) / 1e6,
                     static_cast<double>(after->file_bytes) / 1e6);
    return kDone;
  });
}

int RunRecover(const RegistryArguments& args) {
  const int code = WithRegistry(args, OpenFor::kWriting, [&](libmpi::Registry& registry) -> int {
    const absl::Status recovered = registry.Recover();
    return recovered.ok() ? kDone : FailOutput(recovered);
  });
  return code == kDone ? RunStats(args) : code;
}

}  // namespace

void AddRegistryOperation(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "create", "Make an empty registry", std::make_shared<CreateArguments>(), RunCreate)
      ->footer("Examples:\n"
               "  nayose registry create network/\n"
               "  nayose registry create network/ --model model.json --match-threshold 8");
  AddRegistryCommand(registry, run, "stats", "How much a registry holds, and by which model it links",
                     std::make_shared<RegistryArguments>(), RunStats, libmpi::Operation::kReport)
      ->footer("Examples:\n  nayose registry stats network/\n  nayose registry stats network/ --json");
  AddRegistryCommand(registry, run, "verify", "Prove that the registry is what a batch run would make of its records",
                     std::make_shared<WorkArguments>(), RunVerify)
      ->footer("Reads everything, links it anew and compares; exits with 1 where something is not as it should be.\n\n"
               "Examples:\n  nayose registry verify network/");
  AddRegistryCommand(registry, run, "relink", "Link all records anew, by another model or other thresholds",
                     std::make_shared<RelinkArguments>(), RunRelink)
      ->footer("Decisions stay. The registry switches at once when all is linked; Ctrl-C before that leaves it as it was.\n\n"
               "Examples:\n"
               "  nayose registry relink network/ --model model.json --dry-run\n"
               "  nayose registry relink network/ --preset safe --match-threshold 8");
  const auto backup = std::make_shared<CopyArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "backup", "Copy a registry, beside earlier backups", backup, RunBackup);
  command->add_option("backup", backup->other, "Folder of backups; what it has already is not copied again")->required();
  command->footer("A program that has the registry open takes backups itself (Registry::Backup).\n\n"
                  "Examples:\n  nayose registry backup network/ /backup/network");
  const auto restore = std::make_shared<CopyArguments>();
  command = AddRegistryCommand(registry, run, "restore", "Make a registry of the latest backup", restore, RunRestore);
  command->get_option("folder")->description("Folder of backups");
  command->add_option("registry", restore->other, "Folder for the registry: a new one")->required();
  command->footer("Examples:\n  nayose registry restore /backup/network restored/ && nayose registry verify restored/");
  AddRegistryCommand(registry, run, "compact", "Tidy the registry's files", std::make_shared<RegistryArguments>(), RunCompact)
      ->footer("Examples:\n  nayose registry compact network/");
  AddRegistryCommand(registry, run, "recover", "Open a registry that stopped to write, and see that it does again",
                     std::make_shared<RegistryArguments>(), RunRecover)
      ->footer("After a full disk (free some room first), an error of the disk, or a crash: a change that was never\n"
               "acknowledged and is not whole is left out, nothing else.\n\n"
               "Examples:\n  nayose registry recover network/ && nayose registry verify network/");
}

}  // namespace nayose
