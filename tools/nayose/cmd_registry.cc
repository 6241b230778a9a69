// SPDX-License-Identifier: Apache-2.0
// The registry as subcommands; docs/registry.md shows a session.
#include "tools/nayose/registry_command.h"

namespace nayose {

void AddRegistry(CLI::App* app, Run* run) {
  CLI::App* registry = app->add_subcommand("registry", "A living index of patients: put records one by one, ask who "
                                                       "somebody is, decide, look back");
  registry->require_subcommand(1);
  AddRegistryOperation(registry, run);
  AddRegistryPut(registry, run);
  AddRegistryQuestions(registry, run);
  AddRegistryChanges(registry, run);
  AddRegistryReview(registry, run);
  AddRegistryHistory(registry, run);
  AddRegistryTransfer(registry, run);
  AddRegistryGolden(registry, run);
  AddRegistryNetwork(registry, run);
  AddRegistryTakeover(registry, run);
  AddRegistryAbsorb(registry, run);
  AddRegistryPseudonyms(registry, run);
  AddRegistryErasure(registry, run);
  AddRegistryStandby(registry, run);
  AddRegistryReport(registry, run);
  AddRegistryThresholds(registry, run);
  registry->footer(
      "A record is named source:record_id everywhere; its source is the assigning authority of the identifier. A\n"
      "person is named by an enterprise ID of 32 hexadecimal digits. Every command has --help with examples; answers\n"
      "are text for people, and with --json one JSON object a line. One program at a time changes a registry;\n"
      "questions may be asked beside it. docs/registry.md says more.\n\n"
      "Examples:\n"
      "  nayose registry create network/\n"
      "  nayose registry load network/ hospital.csv clinic.csv\n"
      "  nayose registry search network/ --name '山田 太郎' --birth 1960-04-01\n"
      "  nayose registry find network/ H001:00001003 --authority C002");
}

}  // namespace nayose
