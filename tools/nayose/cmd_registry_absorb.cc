// SPDX-License-Identifier: Apache-2.0
// absorb: all that another registry knows comes into this one.
#include <cstdio>
#include <string>

#include "libmpi/network/absorb.h"
#include "libmpi/network/network_json.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using libmpi::AbsorbAnswer;
using libmpi::Registry;
using Json = nlohmann::ordered_json;

struct AbsorbArguments : RegistryArguments {
  std::string other;
  libmpi::AbsorbOptions options;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("other", other, "The folder of the registry that is absorbed; it is only read")->required();
    command->add_option("--name", options.name, "What the other is called here: its IDs answer as NAME:ID")->required();
    command->add_option("--tenant", options.tenant, "Of which tenant the other's facilities are that name none");
    command->add_flag("--same-authorities", options.same_authorities,
                      "An authority of both is one and the same: of an identifier of both what was said later counts");
    command->add_flag("--full", options.full, "Look at every record, not at what changed since the last time only");
    command->add_flag("--dry-run", options.dry_run,
                      "Say what would be done and what stands in the way, change nothing");
    command->add_option("--threads", options.threads, "Threads to use (default: all cores)")
        ->check(CLI::Range(0, 1024));
  }
};

void PrintFindings(const AbsorbAnswer& answer) {
  for (const libmpi::AbsorbConflict& c : answer.conflicts)
    std::printf("in the way   %s %s %s\n", std::string(libmpi::AbsorbConflictName(c.kind)).c_str(), c.name.c_str(),
                c.what.c_str());
  for (const AbsorbAnswer::Refusal& r : answer.refusals)
    std::printf("refused      %s  %s\n", r.record.ToString().c_str(), r.why.c_str());
  for (const libmpi::StewardDecision& d : answer.contradicted)
    std::printf("contradicted %s  %s  %s\n", d.a.ToString().c_str(), d.b.ToString().c_str(),
                d.same ? "same" : "different");
}

void PrintJson(const AbsorbAnswer& answer, bool dry_run) {
  for (const Json& finding : libmpi::AbsorbFindingsJson(answer)) PrintLine(finding);
  Json sums = {{"dry_run", dry_run}};
  sums.update(libmpi::AbsorbCountsJson(answer));
  PrintLine(sums);
}

void PrintSums(const AbsorbAnswer& a, bool dry_run) {
  std::printf(
      "%llu records %s: %llu created, %llu revised, %llu unchanged, %llu held, %llu kept as here, %llu refused\n",
      U(a.records), a.full ? "looked at" : "changed there", U(a.created), U(a.revised), U(a.unchanged), U(a.held),
      U(a.kept), U(a.refused));
  std::printf("%llu retired, %llu merged, %llu unmerged; %llu decisions made, %llu withdrawn, %zu contradicted\n",
              U(a.retired), U(a.merged), U(a.unmerged), U(a.decided), U(a.undecided), a.contradicted.size());
  std::printf("%llu held revisions, %llu not held here; %llu names, %llu authorities, %llu facilities, "
              "%llu statements of consent%s\n",
              U(a.held_revisions), U(a.not_held), U(a.names), U(a.authorities), U(a.facilities), U(a.statements),
              dry_run ? "; nothing was changed" : "");
}

int RunAbsorb(const AbsorbArguments& args) {
  const auto other = OpenRegistry(args.other, OpenFor::kReading);
  if (!other.ok()) return Fail(other.status());
  libmpi::AbsorbOptions options = args.options;
  options.progress = MakeProgress(StderrIsTerminal());
  return WithDoor(args, options.dry_run ? OpenFor::kReading : OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto answer = door.network() != nullptr
                            ? door.network()->Absorb(**other, options, door.who())
                            : libmpi::Absorb(&door.registry(), **other, options, door.by());
    if (!answer.ok()) return FailChange(answer.status());
    options.progress("done", 1, 1);
    if (args.json) {
      PrintJson(*answer, options.dry_run);
    } else {
      PrintFindings(*answer);
      PrintSums(*answer, options.dry_run);
    }
    const bool look = !answer->conflicts.empty() || !answer->refusals.empty() || !answer->contradicted.empty() ||
                      answer->held + answer->not_held > 0;
    return look ? kNeedsALook : kDone;
  });
}

}  // namespace

void AddRegistryAbsorb(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "absorb", "Take all that another registry knows into this one",
                     std::make_shared<AbsorbArguments>(), RunAbsorb)
      ->footer(
          "Two networks become one, or one registry is over several tenants: records with their state, stewards'\n"
          "decisions, held revisions, authorities, every ID and name of a person, and of two networks facilities and\n"
          "consents. Persons are linked anew, as if all had been put here. Called again it takes along what changed\n"
          "there since; stopped, it goes on. Exits with 1 where something was refused, contradicts what was decided\n"
          "here, waits, or stands in the way.\n\n"
          "Examples:\n"
          "  nayose registry absorb north/ south/ --name SOUTH --dry-run --profession operator --purpose operations\n"
          "  nayose registry absorb north/ south/ --name SOUTH --profession operator --purpose operations\n"
          "  nayose registry find north/ SOUTH:a3b1ba5d156e8fffd359d36eb627b0a6 \\\n"
          "    --profession operator --purpose operations\n"
          "  nayose registry absorb master/ tenant1/ --name T1 --tenant T1 --profession operator --purpose operations");
}

}  // namespace nayose
