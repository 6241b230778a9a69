// SPDX-License-Identifier: Apache-2.0
// The golden record of a person, and why each value survived.
#include <cstdio>
#include <string>
#include <vector>

#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/network_json.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;

struct GoldenArguments : RegistryArguments {
  std::string record, rules, set;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("record", record, "source:record_id of any record of the person");
    command->add_option("--rules", rules, "Of a registry that is no network's: survivorship rules from this file");
    command->add_option("--set", set, "Of a network's registry: make the rules of this file the network's");
  }
};

absl::StatusOr<libmpi::SurvivorshipRules> ReadRules(const std::string& file) {
  libmpi::SurvivorshipRules rules;
  if (file.empty()) return rules;
  const auto text = libmpi::ReadInputBytes(file);
  if (!text.ok()) return text.status();
  const absl::Status read = libmpi::ParseSurvivorship(*text, &rules);
  if (!read.ok()) return absl::Status(read.code(), file + ": " + std::string(read.message()));
  return rules;
}

std::string KeysText(const std::vector<RecordKey>& keys) {
  std::string text;
  for (const RecordKey& key : keys) text += (text.empty() ? "" : " ") + key.ToString();
  return text;
}

void PrintJson(const libmpi::GoldenRecord& golden) {
  Json json = libmpi::RecordJson(golden.record);
  json.erase("source");
  json.erase("record_id");
  json.update(libmpi::GoldenJson(golden));
  PrintLine(json);
}

void PrintText(const libmpi::GoldenRecord& golden) {
  for (const libmpi::GoldenValue& v : golden.values) {
    std::printf("%-11s %s  (%s; %s)%s\n", std::string(libmpi::GoldenFieldName(v.field)).c_str(), v.text.c_str(),
                std::string(libmpi::DecisionName(v.decided_by)).c_str(), KeysText(v.said_by).c_str(),
                v.contradicted ? "  CONTRADICTED" : "");
    for (const libmpi::GoldenRival& r : v.rivals)
      std::printf("  not       %s  (%s)\n", r.text.c_str(), KeysText(r.said_by).c_str());
  }
  for (const libmpi::GoldenRefusal& r : golden.refused)
    std::printf("%-11s refused: %s  (%s)\n", std::string(libmpi::GoldenFieldName(r.field)).c_str(),
                std::string(libmpi::FindingName(r.code)).c_str(), KeysText(r.said_by).c_str());
}

int SetRules(const GoldenArguments& args, const libmpi::SurvivorshipRules& rules) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const absl::Status set = door.network()->SetSurvivorship(rules, door.who());
    if (!set.ok()) return FailChange(set);
    if (args.json) PrintLine({{"rules", libmpi::ToText(rules)}});
    else std::printf("%s", libmpi::ToText(rules).c_str());
    return kDone;
  }, true);
}

int RunGolden(const GoldenArguments& args) {
  const auto rules = ReadRules(args.set.empty() ? args.rules : args.set);
  if (!rules.ok()) return Fail(rules.status());
  if (!args.set.empty()) return SetRules(args, *rules);
  if (args.record.empty()) return FailUsage("say a record of the person: source:record_id");
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    if (door.network() != nullptr && !args.rules.empty())
      return FailUsage("--rules: a network's registry has its own; --set changes them");
    const auto key = IdentifierOf(door.registry(), args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    const auto golden = door.Golden(*key, *rules);
    if (!golden.ok()) return Fail(OfIdentifier(*key, golden.status()));
    if (args.json) PrintJson(*golden);
    else PrintText(*golden);
    return kDone;
  });
}

}  // namespace

void AddRegistryGolden(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "golden",
                     "Of all that a person's records say, one value a field, and why it survived",
                     std::make_shared<GoldenArguments>(), RunGolden)
      ->footer(
          "Rules are lines such as \"address: newest, most_complete\" and \"trusted: H001, C002\" (docs/network.md). Values\n"
          "are always as some record says them; birth dates and sexes that contradict each other are marked.\n\n"
          "Examples:\n"
          "  nayose registry golden network/ H001:00001003\n"
          "  nayose registry golden network/ H001:00001003 --rules survivorship.txt --json\n"
          "  nayose registry golden network/ --set survivorship.txt --profession operator --purpose operations");
}

}  // namespace nayose
