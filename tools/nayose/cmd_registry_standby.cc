// SPDX-License-Identifier: Apache-2.0
// A second copy of a registry, some seconds behind: ship, standby, promote.
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "libmpi/network/network_json.h"
#include "libmpi/registry/standby.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Of(const std::string& folder, const absl::Status& status) {
  return absl::Status(status.code(), folder + ": " + std::string(status.message()));
}

Json StateJson(const libmpi::StandbyState& state) {
  Json json = {{"shipped", state.shipped},
               {"acknowledged", state.acknowledged},
               {"looked", libmpi::UtcText(state.looked_unix_milliseconds)}};
  if (state.promoted) json["promoted"] = true;
  return json;
}

void PrintState(const libmpi::StandbyState& state, bool json) {
  if (json) return PrintLine(StateJson(state));
  std::printf("shipped up to commit %llu, all that was acknowledged at %s\n", U(state.shipped),
              libmpi::UtcText(state.looked_unix_milliseconds).c_str());
}

struct ShipArguments : RegistryArguments {
  std::string standby;
  bool start = false, follow = false;
  uint64_t keep_log = 1024;
  double every = 1;
};

int Start(const ShipArguments& args) {
  return WithRegistry(args, OpenFor::kWriting, [&](libmpi::Registry& registry) -> int {
    if (absl::Status s = registry.StartStandby(args.standby, args.keep_log << 20); !s.ok())
      return FailOutput(Of(args.standby, s));
    const auto state = libmpi::StateOfStandby(args.standby);
    if (!state.ok()) return FailOutput(Of(args.standby, state.status()));
    PrintState(*state, args.json);
    if (!args.json)
      std::printf("now run, beside the program that has the registry: nayose registry ship %s %s --follow\n",
                  args.folder.c_str(), args.standby.c_str());
    return kDone;
  });
}

bool Wait(double seconds, const libmpi::ProgressCallback& progress) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < until) {
    if (!progress("ship", 0, 0)) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return progress("ship", 0, 0);
}

int RunShip(const ShipArguments& args) {
  if (args.start) return Start(args);
  const libmpi::ProgressCallback progress = MakeProgress(false);
  const auto shipper = libmpi::LogShipper::Open(args.folder, args.standby);
  if (!shipper.ok()) return Fail(Of(args.standby, shipper.status()));
  uint64_t last = 0;
  for (bool first = true;; first = false) {
    const auto state = (*shipper)->Ship();
    if (!state.ok() && !(args.follow && absl::IsUnavailable(state.status())))
      return absl::IsUnavailable(state.status()) ? FailOutput(Of(args.standby, state.status()))
                                                 : Fail(Of(args.standby, state.status()));
    if (!state.ok()) std::fprintf(stderr, "nayose: %s\n", Of(args.standby, state.status()).ToString().c_str());
    if (state.ok() && (first || state->shipped != last)) {
      PrintState(*state, args.json);
      last = state->shipped;
    }
    if (!args.follow) return kDone;
    if (std::fflush(stdout) != 0) return kInternal;  // who reads it went away
    if (!Wait(args.every, progress)) return kInterrupted;
  }
}

struct StandbyArguments : RegistryArguments {
  std::string apply;
};

int RunStandby(const StandbyArguments& args) {
  if (!args.apply.empty()) {
    const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
    const auto last = libmpi::ApplyStandby(args.folder, args.apply, progress);
    if (!last.ok()) return Fail(Of(args.folder, last.status()));
    if (args.json) PrintLine({{"applied", *last}});
    else std::printf("%s has what was shipped up to commit %llu; it may be asked, and not written to\n", args.apply.c_str(), U(*last));
    return kDone;
  }
  const auto state = libmpi::StateOfStandby(args.folder);
  if (!state.ok()) return Fail(Of(args.folder, state.status()));
  PrintState(*state, args.json);
  if (!args.json && state->promoted) std::printf("promoted: it stands in the place of the first\n");
  return kDone;
}

struct PromoteArguments : RegistryArguments {
  std::string registry;
  libmpi::PromoteOptions options;
};

void PrintPromotion(const PromoteArguments& args, const libmpi::Promotion& promotion, uint64_t events) {
  if (args.json) {
    PrintLine({{"registry", args.registry}, {"commit", promotion.commit}, {"events", events},
               {"missing", promotion.missing}, {"standby", StateJson(promotion.standby)}});
    return;
  }
  std::printf("promoted  %s has everything up to commit %llu, event %llu\n", args.registry.c_str(), U(promotion.commit), U(events));
  if (promotion.missing > 0) std::printf("missing   %llu commits that the first had acknowledged\n", U(promotion.missing));
  if (!args.options.first.empty()) {
    if (promotion.missing == 0) std::printf("missing   nothing: the first was read to its end\n");
  } else {
    std::printf("missing   whatever the first acknowledged after %s; put it again from the facilities\n",
                libmpi::UtcText(promotion.standby.looked_unix_milliseconds).c_str());
  }
  std::printf("next      see that nobody starts the first again; nayose registry verify %s; start a standby of it\n",
              args.registry.c_str());
}

int RunPromote(const PromoteArguments& args) {
  libmpi::PromoteOptions options = args.options;
  options.progress = MakeProgress(StderrIsTerminal());
  const auto promotion = libmpi::Promote(args.folder, args.registry, options);
  if (!promotion.ok()) return Fail(Of(args.folder, promotion.status()));
  const auto opened = OpenRegistry(args.registry, OpenFor::kReading);
  if (!opened.ok()) return Fail(opened.status());
  const auto stats = (*opened)->GetStats();
  if (!stats.ok()) return Fail(stats.status());
  PrintPromotion(args, *promotion, stats->events);
  return kDone;
}

}  // namespace

void AddRegistryStandby(CLI::App* registry, Run* run) {
  const auto ship = std::make_shared<ShipArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "ship", "Ship what was changed to a standby in another place", ship, RunShip);
  command->add_option("standby", ship->standby, "Folder of the standby")->required();
  command->add_flag("--start", ship->start, "Start a standby, or start it anew: a backup, and the log from now on");
  command->add_option("--keep-log", ship->keep_log, "With --start: MiB of log kept for shipping (default: 1024)")
      ->check(CLI::Range(1, 1 << 20));
  command->add_flag("--follow", ship->follow, "Go on with what comes, beside the program that writes, until Ctrl-C");
  command->add_option("--every", ship->every, "With --follow: seconds between two looks (default: 1)")->check(CLI::Range(0.05, 86400.0));
  command->footer(
      "The standby's folder may be a mounted disk, or be copied on (rsync, scp): every file says whether it has come\n"
      "whole. Shipping reads the registry's own log and does not slow the program that writes. It only copies files, so\n"
      "no entry in a network's audit trail is made but by --start. Keep the folder as private as the registry.\n\n"
      "Examples:\n"
      "  nayose registry ship network/ /mnt/standby --start\n"
      "  nayose registry ship network/ /mnt/standby --follow\n"
      "  nayose registry ship network/ standby/ && rsync -a standby/ other:standby/");
  const auto standby = std::make_shared<StandbyArguments>();
  command = AddRegistryCommand(registry, run, "standby", "How far a standby has come; or bring a copy up to that", standby, RunStandby);
  command->get_option("folder")->description("Folder of the standby");
  command->add_option("--apply", standby->apply, "Folder of a registry that follows: made, or brought up to date. Promotion is quicker then");
  command->footer("Examples:\n"
                  "  nayose registry standby /mnt/standby\n"
                  "  nayose registry standby /mnt/standby --apply replica/ && nayose registry find replica/ H001:00001003");
  const auto promote = std::make_shared<PromoteArguments>();
  command = AddRegistryCommand(registry, run, "promote", "Put a standby in the place of the first", promote, RunPromote);
  command->get_option("folder")->description("Folder of the standby");
  command->add_option("registry", promote->registry, "Folder for the registry: a new one, or the one that followed (standby --apply)")->required();
  command->add_option("--first", promote->options.first, "Folder of the first, where its disk can still be read: nothing is missing then");
  command->add_flag("--accept-loss", promote->options.accept_loss, "Also where files that were shipped have not come here");
  command->footer(
      "Stop the first before, and see that nobody starts it again: two that both change are never one again. All files'\n"
      "checksums are read; what is missing is told. The first ships nothing to this standby any more.\n\n"
      "Examples:\n"
      "  nayose registry promote /mnt/standby network2/\n"
      "  nayose registry promote /mnt/standby replica/ --first /mnt/olddisk/network");
}

}  // namespace nayose
