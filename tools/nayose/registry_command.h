// SPDX-License-Identifier: Apache-2.0
// What the subcommands of `nayose registry` share: the folder, who asks, how identifiers are written and answers shown.
#ifndef LIBMPI_TOOLS_NAYOSE_REGISTRY_COMMAND_H_
#define LIBMPI_TOOLS_NAYOSE_REGISTRY_COMMAND_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "libmpi/network/network.h"
#include "libmpi/network/registry_door.h"
#include "libmpi/registry/registry.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"

namespace nayose {

struct RegistryArguments {
  std::string folder, actor, reason;
  bool json = false;
  // Of a network's registry: who asks.
  std::string at, application, profession, purpose, request;
  std::string action;  // the command's name
  // Of commands that go straight to a registry: who may do so, where it is a network's.
  libmpi::Operation operation = libmpi::Operation::kAdminister;

  void AddTo(CLI::App* command);
  // All but the folder.
  void AddAskerTo(CLI::App* command);
  // The actor is the user's login name where none is given.
  libmpi::Attribution By() const;
  // kInvalidArgument: it does not say who asks, and what for.
  absl::StatusOr<libmpi::Requester> Requester() const;
};

// What patients said is for the user's own eyes: files made from now on are.
void MakeFilesPrivate();

// A subcommand of `registry`, whose arguments derive from RegistryArguments.
template <typename Arguments>
CLI::App* AddRegistryCommand(CLI::App* registry, Run* run, const char* name, const char* what,
                             const std::shared_ptr<Arguments>& args, int (*execute)(const Arguments&),
                             libmpi::Operation operation = libmpi::Operation::kAdminister) {
  CLI::App* command = registry->add_subcommand(name, what);
  args->AddTo(command);
  args->action = name;
  args->operation = operation;
  command->callback([args, run, execute] {
    *run = [args, execute] {
      MakeFilesPrivate();
      return execute(*args);
    };
  });
  return command;
}

// The subcommands, by what they are for.
void AddRegistryOperation(CLI::App* registry, Run* run);  // create, stats, verify, relink, backup ...
void AddRegistryPut(CLI::App* registry, Run* run);        // put, load
void AddRegistryQuestions(CLI::App* registry, Run* run);  // find, search, explain
void AddRegistryHistory(CLI::App* registry, Run* run);    // history, at
void AddRegistryChanges(CLI::App* registry, Run* run);    // retire, merge, unmerge, decide, undecide, authorities
void AddRegistryReview(CLI::App* registry, Run* run);     // review, held, accept, refuse
void AddRegistryTransfer(CLI::App* registry, Run* run);   // export, import
void AddRegistryTakeover(CLI::App* registry, Run* run);   // takeover
void AddRegistryAbsorb(CLI::App* registry, Run* run);     // absorb
void AddRegistryGolden(CLI::App* registry, Run* run);     // golden
void AddRegistryNetwork(CLI::App* registry, Run* run);    // facilities, rules, consent, audit
void AddRegistryPseudonyms(CLI::App* registry, Run* run); // pseudonyms, reidentify
void AddRegistryErasure(CLI::App* registry, Run* run);    // erase, retention
void AddRegistryStandby(CLI::App* registry, Run* run);    // ship, standby, promote
void AddRegistryReport(CLI::App* registry, Run* run);     // report
void AddRegistryThresholds(CLI::App* registry, Run* run); // thresholds

using libmpi::RegistryDoor;
enum class OpenFor { kReading, kWriting };
// Errors name the folder and say what to do.
absl::StatusOr<std::unique_ptr<libmpi::Registry>> OpenRegistry(const std::string& folder, OpenFor what,
                                                               libmpi::RegistryOptions options = {});

// The registry, and how one comes into it.
struct OpenedRegistry {
  std::unique_ptr<libmpi::Registry> registry;
  std::unique_ptr<libmpi::Network> network;
  libmpi::RegistryDoor door;
};
// Opens it as one comes in: straight, or, where it is a network's, as who the arguments say, and for writing whatever
// is asked, as questions are noted. `as_network`: also where it is none yet.
absl::StatusOr<OpenedRegistry> OpenDoor(const RegistryArguments& args, OpenFor what,
                                        libmpi::RegistryOptions options = {}, bool as_network = false);

// Of a change: where it can't be written the input was good.
inline int FailChange(const absl::Status& status) {
  return absl::IsUnavailable(status) ? FailOutput(status) : Fail(status);
}

// Of an opening: that nobody says who asks is a mistake of the command line.
inline int FailOpen(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? FailUsage(std::string(status.message())) : Fail(status);
}

// Opens the registry and lets `use` say what to print; the exit code.
template <typename Use>
int WithDoor(const RegistryArguments& args, OpenFor what, const Use& use, bool as_network = false) {
  const auto opened = OpenDoor(args, what, {}, as_network);
  if (!opened.ok()) return FailOpen(opened.status());
  const int code = use(opened->door);
  if (what == OpenFor::kReading && opened->network == nullptr) return code;
  const absl::Status closed = opened->registry->Close();
  return closed.ok() ? code : FailOutput(closed);
}

// The same for what nobody but the registry's operator does: asks for leave where it is a network's.
template <typename Use>
int WithRegistry(const RegistryArguments& args, OpenFor what, const Use& use) {
  return WithDoor(args, what, [&](const RegistryDoor& door) -> int {
    if (const absl::Status admitted = door.Admit(args.operation, args.action); !admitted.ok()) return Fail(admitted);
    return use(door.registry());
  });
}

// The record that "source:record_id" or "source:record_id#part" means. Where a text can mean several (colons in
// sources), the one that is registered; else that which ends at the first colon. kInvalidArgument: none, or several.
absl::StatusOr<libmpi::RecordKey> IdentifierOf(const libmpi::Registry& registry, const std::string& text);

// What went wrong with an identifier, and what to do next.
absl::Status OfIdentifier(const libmpi::RecordKey& identifier, const absl::Status& status);

// What a change made of a record: one line of JSON or of text; with `details` also links and moves, one a line.
void PrintAnswer(const libmpi::RecordKey& record, const libmpi::ChangeAnswer& answer, bool json, bool details);
nlohmann::ordered_json MoveJson(const libmpi::PersonMove& move);
std::string MoveText(const libmpi::PersonMove& move);

void PrintLine(const nlohmann::ordered_json& json);
// For printf().
inline unsigned long long U(uint64_t n) { return n; }

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REGISTRY_COMMAND_H_
