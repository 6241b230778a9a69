// SPDX-License-Identifier: Apache-2.0
// Changes of single records and pairs: retire, merge, unmerge, decide, undecide, decisions; authorities.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "libmpi/exchange/record_json.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/registry_export.h"

namespace nayose {
namespace {

using libmpi::ChangeAnswer;
using libmpi::RecordKey;
using libmpi::Registry;

// One or two records, and who asks.
struct ChangeArguments : RegistryArguments {
  std::string a, b;
  bool same = false, different = false;
};

// Makes the change and prints what it made of the first record, or of another one.
template <typename Change>
int RunChange(const ChangeArguments& args, const Change& change, size_t told = 0) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    std::vector<RecordKey> keys;
    for (const std::string* text : {&args.a, &args.b}) {
      if (text->empty()) continue;
      const auto key = IdentifierOf(door.registry(), *text);
      if (!key.ok()) return FailUsage(std::string(key.status().message()));
      keys.push_back(*key);
    }
    // What the library says of two does not tell of which.
    for (const RecordKey& key : keys)
      if (const auto record = door.registry().Get(key, nullptr); door.network() == nullptr && !record.ok())
        return Fail(OfIdentifier(key, record.status()));
    const absl::StatusOr<ChangeAnswer> answer = change(door, keys);
    if (!answer.ok()) {
      const absl::Status& s = answer.status();
      if (absl::IsUnavailable(s)) return FailOutput(s);
      return Fail(absl::Status(s.code(), keys[0].ToString() + ": " + std::string(s.message())));
    }
    PrintAnswer(keys[told], *answer, args.json, true);
    return kDone;
  });
}

int RunRetire(const ChangeArguments& args) {
  return RunChange(args, [](const RegistryDoor& door, const auto& keys) { return door.Retire(keys[0]); });
}
int RunMerge(const ChangeArguments& args) {
  const auto merge = [](const RegistryDoor& door, const auto& keys) { return door.Subsume(keys[0], keys[1]); };
  return RunChange(args, merge, 1);  // the one that stays
}
int RunUnmerge(const ChangeArguments& args) {
  return RunChange(args, [](const RegistryDoor& door, const auto& keys) { return door.Unsubsume(keys[0]); });
}
int RunDecide(const ChangeArguments& args) {
  return RunChange(args, [&](const RegistryDoor& door, const auto& keys) {
    return door.Decide(keys[0], keys[1], args.same);
  });
}
int RunUndecide(const ChangeArguments& args) {
  return RunChange(args, [](const RegistryDoor& door, const auto& keys) { return door.Undecide(keys[0], keys[1]); });
}

int RunDecisions(const RegistryArguments& args) {
  return WithRegistry(args, OpenFor::kReading, [&](const Registry& registry) -> int {
    const auto decisions = registry.Decisions();
    if (!decisions.ok()) return Fail(decisions.status());
    for (const libmpi::StewardDecision& d : *decisions) {
      if (args.json)
        PrintLine({{"a", libmpi::KeyJson(d.a)}, {"b", libmpi::KeyJson(d.b)}, {"same", d.same}, {"event", d.event}});
      else std::printf("%-9s  %s  %s  (event %llu)\n", d.same ? "same" : "different", d.a.ToString().c_str(),
                       d.b.ToString().c_str(), static_cast<unsigned long long>(d.event));
    }
    if (decisions->empty() && !args.json) std::printf("no decisions\n");
    return kDone;
  });
}

struct AuthorityArguments : RegistryArguments {
  libmpi::AssigningAuthority authority;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--add", authority.name,
                        "Register (or change) the authority of this name, a source of records");
    command->add_option("--oid", authority.oid, "Its OID");
    command->add_option("--facility", authority.facility, "The facility whose identifiers it assigns");
    command->add_option("--owner", authority.owner, "Who answers for it");
    const std::map<std::string, libmpi::AuthorityTrust> trusts = {{"verified", libmpi::AuthorityTrust::kVerified},
                                                                  {"declared", libmpi::AuthorityTrust::kDeclared}};
    command
        ->add_option("--trust", authority.trust, "How it knows who its patients are: verified (it checks) or declared")
        ->transform(CLI::CheckedTransformer(trusts));
  }
};

int ListAuthorities(const AuthorityArguments& args) {
  return WithRegistry(args, OpenFor::kReading, [&](const Registry& registry) -> int {
    const auto authorities = registry.Authorities();
    if (!authorities.ok()) return Fail(authorities.status());
    for (const libmpi::AssigningAuthority& a : *authorities) {
      if (args.json) PrintLine(AuthorityJson(a));
      else std::printf("%s  oid %s  facility %s  owner %s  %s\n", a.name.c_str(), a.oid.empty() ? "-" : a.oid.c_str(),
                       a.facility.empty() ? "-" : a.facility.c_str(), a.owner.empty() ? "-" : a.owner.c_str(),
                       std::string(libmpi::AuthorityTrustName(a.trust)).c_str());
    }
    if (authorities->empty() && !args.json)
      std::printf("none is registered; until one is, records of any source are taken\n");
    return kDone;
  });
}

int RunAuthorities(const AuthorityArguments& args) {
  const libmpi::AssigningAuthority& a = args.authority;
  if (a.name.empty()) {
    if (!a.oid.empty() || !a.facility.empty() || !a.owner.empty() || a.trust != libmpi::AuthorityTrust::kUnstated)
      return FailUsage("--oid, --facility, --owner and --trust are of an authority: name it with --add");
    return ListAuthorities(args);
  }
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (absl::Status s = door.PutAuthority(a); !s.ok())
      return FailChange(s);
    if (args.json) PrintLine({{"name", a.name}});
    else std::printf("%s is registered\n", a.name.c_str());
    return kDone;
  });
}

CLI::App* AddChange(CLI::App* registry, Run* run, const char* name, const char* what, const char* a, const char* b,
                    int (*execute)(const ChangeArguments&), std::shared_ptr<ChangeArguments> args) {
  CLI::App* command = AddRegistryCommand(registry, run, name, what, args, execute);
  command->add_option("a", args->a, a)->required();
  if (b != nullptr) command->add_option("b", args->b, b)->required();
  return command;
}

}  // namespace

void AddRegistryChanges(CLI::App* registry, Run* run) {
  const auto args = [] { return std::make_shared<ChangeArguments>(); };
  AddChange(registry, run, "retire", "A facility withdraws a record", "source:record_id", nullptr, RunRetire, args())
      ->footer("Its enterprise ID stays with the others of the person. Put again, it is registered anew.\n\n"
               "Examples:\n  nayose registry retire network/ H001:00001003 --reason 'registered by mistake'");
  AddChange(registry, run, "merge", "A facility merges two of its identifiers (HL7 A40)",
            "The one that ends: source:record_id", "The one that stays, of the same source", RunMerge, args())
      ->footer(
          "The one that ends answers as the one that stays, and never as live again, until unmerge.\n\n"
          "Examples:\n  nayose registry merge network/ H001:00001003 H001:00000817");
  AddChange(registry, run, "unmerge", "Undo a merge, exactly", "The identifier that was merged", nullptr, RunUnmerge,
            args())
      ->footer("Examples:\n  nayose registry unmerge network/ H001:00001003");
  const auto decide = args();
  CLI::App* command = AddChange(registry, run, "decide", "A steward decides that two records are one person, or two",
                                "source:record_id", "The other record", RunDecide, decide);
  CLI::App* answer = command->add_option_group("Decision");
  answer->add_flag("--same", decide->same, "They are one person");
  answer->add_flag("--different", decide->different, "They are two persons");
  answer->require_option(1);
  command->footer(
      "Outweighs what the records say, and outlives revisions and new models, until undecide. A decision that\n"
      "contradicts others is refused.\n\n"
      "Examples:\n"
      "  nayose registry decide network/ H001:00001003 C002:00001010 --same --actor steward1\n"
      "  nayose registry decide network/ H001:00001003 P003:77 --different --reason 'twins; asked the ward'");
  AddChange(registry, run, "undecide", "Withdraw a decision", "source:record_id", "The other record", RunUndecide,
            args())
      ->footer("Examples:\n  nayose registry undecide network/ H001:00001003 C002:00001010");
  AddRegistryCommand(registry, run, "decisions", "The decisions that stand", std::make_shared<RegistryArguments>(),
                     RunDecisions, libmpi::Operation::kReview)
      ->footer("Examples:\n  nayose registry decisions network/");
  AddRegistryCommand(registry, run, "authorities", "List the assigning authorities, or register one",
                     std::make_shared<AuthorityArguments>(), RunAuthorities)
      ->footer(
          "An authority's name is the source of its records. put --known-authorities refuses records of others.\n\n"
          "Examples:\n"
          "  nayose registry authorities network/\n"
          "  nayose registry authorities network/ --add H001 --oid 1.2.392.1 --facility '東病院' --owner 'medical records'");
}

}  // namespace nayose
