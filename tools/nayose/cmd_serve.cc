// SPDX-License-Identifier: Apache-2.0
// nayose serve: a registry as other systems know it, by HL7 v2 over MLLP.
#include "tools/nayose/command.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/serve_process.h"

namespace nayose {

void AddServe(CLI::App* app, Run* run) {
  struct Arguments {
    std::string config;
    bool check = false;
  };
  auto args = std::make_shared<Arguments>();
  CLI::App* command = app->add_subcommand("serve", "Serve a network's registry: HL7 v2 (PIX, PDQ) over MLLP and TLS");
  command->add_option("--config", args->config, "The configuration, TOML (data/serve/network.toml is an example)")
      ->required();
  command->add_flag("--check", args->check, "Only look at the configuration: every error with its line and reason");
  command->callback([args, run] {
    *run = [args] {
      MakeFilesPrivate();
      return RunServer(args->config, args->check);
    };
  });
  command->footer(
      "SIGTERM and SIGINT stop it when what is under way is answered; SIGHUP reads the configuration and opens the\n"
      "log anew. What only a new start changes (--check lists it: listeners, threads, limits, the folders ...) is\n"
      "named in the log and at /health. A feed is accepted (AA) when it is on disk. Feeds that sending again will not\n"
      "help are kept: nayose quarantine. With --check: exit code 1 where there are warnings, 3 where there are errors.\n"
      "docs/serving.md explains all of it.\n\n"
      "Examples:\n"
      "  nayose serve --config network.toml --check\n"
      "  nayose serve --config network.toml");
}

}  // namespace nayose
