// SPDX-License-Identifier: Apache-2.0
// simulate: a regional network, from its files to its answers.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libmpi/exchange/output_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/progress.h"
#include "tools/simulate/simulation.h"
#include "tools/simulate/simulation_page.h"

namespace nayose {
namespace {

struct SimulateArguments {
  std::string network, output;
  SimulationOptions options;
  bool json = false, list = false, progress = false, no_progress = false, no_lists = false;
};

int List() {
  for (const std::string& name : BundledNetworks()) {
    const auto config = FindNetwork(name);
    if (!config.ok()) return Fail(config.status());
    std::printf("%-18s %9llu registered %5llu institutions  %s\n", name.c_str(),
                static_cast<unsigned long long>(config->registered),
                static_cast<unsigned long long>(config->institutions), config->name.c_str());
  }
  return kDone;
}

int RunSimulate(const SimulateArguments& args) {
  if (args.list) return List();
  if (args.network.empty()) return FailUsage("which network? --list names them");
  if (args.output.empty()) return FailUsage("--output is required: a folder for the feeds, the registry and the page");
  if (!std::isfinite(args.options.scale)) return FailUsage("--scale is a plain number");
  const auto config = FindNetwork(args.network);
  if (!config.ok()) return absl::IsNotFound(config.status()) ? FailUsage(std::string(config.status().message())) : Fail(config.status());
  std::error_code error;
  if (std::filesystem::exists(args.output, error) && !std::filesystem::is_empty(args.output, error))
    return FailUsage(args.output + ": is there and not empty; give a new folder");
  std::filesystem::create_directories(args.output, error);
  if (error) return FailOutput(absl::PermissionDeniedError(args.output + ": " + error.message()));
  SimulationOptions options = args.options;
  options.lists = !args.no_lists;
  const auto result =
      Simulate(*config, options, args.output, MakeProgress(!args.no_progress && (args.progress || StderrIsTerminal())));
  if (!result.ok() && absl::IsInvalidArgument(result.status())) return FailUsage(std::string(result.status().message()));
  if (!result.ok()) return Fail(result.status());
  const std::string page = SimulationPage(*result), json = SimulationJson(*result);
  if (absl::Status s = libmpi::WriteWholeFile(args.output + "/page.md", page); !s.ok()) return FailOutput(s);
  if (absl::Status s = libmpi::WriteWholeFile(args.output + "/page.json", json); !s.ok()) return FailOutput(s);
  std::printf("%s", args.json ? json.c_str() : page.c_str());
  return result->Good() ? kDone : kNeedsALook;
}

}  // namespace

void AddSimulate(CLI::App* app, Run* run) {
  const auto args = std::make_shared<SimulateArguments>();
  CLI::App* command = app->add_subcommand("simulate", "A regional network of invented persons: feeds, registry, answers");
  command->add_option("network", args->network, "Its name, as --list has it, or a file such as data/networks has");
  command->add_flag("--list", args->list, "Name the networks that come with the program");
  command->add_option("--output,-o", args->output, "A new folder: feeds, the registry, page.md and page.json");
  command->add_option("--scale", args->options.scale, "Part of its registered persons and of its institutions (default: 1)")
      ->check(CLI::Range(0.0001, 100.0));
  command->add_option("--days", args->options.days, "Days after the first one (default: 30)")->check(CLI::Range(0, 3650));
  command->add_option("--questions", args->options.questions, "PIX questions of its systems, in all (default: 10000)")
      ->check(CLI::Range(1, 100'000'000));
  command->add_option("--seed", args->options.seed, "Another seed, other persons")->check(CLI::NonNegativeNumber);
  command->add_option("--threads", args->options.threads, "Threads to use (default: all cores)")->check(CLI::Range(0, 1024));
  command->add_flag("--no-lists", args->no_lists, "Do not link the same rows as full lists as well");
  command->add_flag("--json", args->json, "Print the figures as JSON");
  command->add_flag("--progress", args->progress, "Show progress even where standard error is no terminal");
  command->add_flag("--no-progress", args->no_progress, "Show no progress");
  command->footer(
      "Builds a region of the network's size, writes what its facilities' systems send day by day, imports that into a\n"
      "registry, takes down consent, asks PIX and PDQ as the systems would, and ends with a page: persons, links,\n"
      "accuracy against the truth, review load, throughput, answers. Exits with 1 where an answer is not what the\n"
      "registry's partition and consent make of it, or where something that the network needs was not met.\n\n"
      "Examples:\n"
      "  nayose simulate --list\n"
      "  nayose simulate MMWIN --scale 0.1 --days 30 --output sim/\n"
      "  nayose simulate my-network.toml --scale 0.05 --days 5 --output sim/");
  command->callback([args, run] { *run = [args] { return RunSimulate(*args); }; });
}

}  // namespace nayose
