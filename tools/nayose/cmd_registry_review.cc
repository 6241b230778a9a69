// SPDX-License-Identifier: Apache-2.0
// What waits for a steward: questions between persons, and revisions that make another person of a record.
#include <cstdint>
#include <cstdio>
#include <string>

#include "libmpi/exchange/record_json.h"
#include "tools/nayose/key_input.h"
#include "tools/nayose/record_pair_text.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;

struct ReviewArguments : RegistryArguments {
  std::string a, b, assignee;
  size_t count = 50;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("a", a, "With --assign: source:record_id of the question");
    command->add_option("b", b, "With --assign: the other record of it");
    command->add_option("--assign", assignee, "Who shall answer the question about a and b");
    command->add_option("--count", count, "Questions to list at most (default: 50)")->check(CLI::PositiveNumber);
  }
};

void PrintQuestion(const libmpi::ReviewEntry& entry, bool json) {
  const std::string reason(libmpi::ReviewReasonName(entry.reason));
  if (json)
    return PrintLine({{"a", libmpi::KeyJson(entry.a)},
                      {"b", libmpi::KeyJson(entry.b)},
                      {"person_a", entry.person_a.ToString()},
                      {"person_b", entry.person_b.ToString()},
                      {"weight", entry.weight},
                      {"reason", reason},
                      {"priority", entry.priority},
                      {"assignee", entry.assignee}});
  std::printf("%s  %s  %.3f bits  %s%s%s\n", entry.a.ToString().c_str(), entry.b.ToString().c_str(), entry.weight,
              reason.c_str(), entry.assignee.empty() ? "" : "  assigned to ", entry.assignee.c_str());
}

int RunAssign(const ReviewArguments& args) {
  if (args.a.empty() || args.b.empty()) return FailUsage("--assign is of a question: name its two records");
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    RecordKey keys[2];
    for (int i = 0; i < 2; ++i) {
      const auto key = IdentifierOf(door.registry(), i == 0 ? args.a : args.b);
      if (!key.ok()) return FailUsage(std::string(key.status().message()));
      keys[i] = *key;
    }
    const absl::Status assigned = door.Assign(keys[0], keys[1], args.assignee);
    if (!assigned.ok())
      return absl::IsUnavailable(assigned) ? FailOutput(assigned)
                                           : Fail(absl::Status(assigned.code(), args.a + " and " + args.b + ": " +
                                                                                    std::string(assigned.message())));
    if (args.json)
      PrintLine({{"a", libmpi::KeyJson(keys[0])}, {"b", libmpi::KeyJson(keys[1])}, {"assignee", args.assignee}});
    else std::printf("assigned to %s\n", args.assignee.c_str());
    return kDone;
  });
}

int RunReview(const ReviewArguments& args) {
  if (!args.assignee.empty()) return RunAssign(args);
  if (!args.a.empty())
    return FailUsage(
        "records are named to assign their question: give --assign; nayose registry explain "
        "shows a pair, decide answers it");
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const auto entries = door.Review(args.count);
    if (!entries.ok()) return Fail(entries.status());
    for (const libmpi::ReviewEntry& entry : *entries) PrintQuestion(entry, args.json);
    if (entries->empty() && !args.json) std::printf("no questions\n");
    return kDone;
  });
}

struct HeldArguments : RegistryArguments {
  std::string record;
  size_t count = 50;
  bool same_person = false, another_person = false;
};

int ShowHeld(const HeldArguments& args, const RegistryDoor& door, const libmpi::HeldRevision& held) {
  const auto accepted = door.Get(held.record);
  if (!accepted.ok()) return Fail(accepted.status());
  if (args.json)
    PrintLine({{"event", held.event},
               {"accepted", libmpi::RecordJson(*accepted)},
               {"revision", libmpi::RecordJson(held.revision)}});
  else
    std::printf("accepted, and held since event %llu\n%s", static_cast<unsigned long long>(held.event),
                RecordPairText(*accepted, held.revision, TerminalColumns()).c_str());
  return kDone;
}

int RunHeld(const HeldArguments& args) {
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const auto held = door.HeldRevisions(args.record.empty() ? args.count : SIZE_MAX);
    if (!held.ok()) return Fail(held.status());
    if (args.record.empty()) {
      for (const libmpi::HeldRevision& h : *held) {
        Json json = libmpi::KeyJson(h.record);
        json["event"] = h.event;
        if (args.json) PrintLine(json);
        else
          std::printf("%s  since event %llu\n", h.record.ToString().c_str(), static_cast<unsigned long long>(h.event));
      }
      if (held->empty() && !args.json) std::printf("nothing is held\n");
      return kDone;
    }
    const auto key = IdentifierOf(door.registry(), args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    for (const libmpi::HeldRevision& h : *held)
      if (h.record == *key) return ShowHeld(args, door, h);
    return Fail(absl::NotFoundError(args.record +
                                    ": no revision of this record is held; nayose registry held lists those "
                                    "that are"));
  });
}

struct JudgeArguments : HeldArguments {
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("record", record, "source:record_id of the revision that is held")->required();
  }
};

int RunJudge(const JudgeArguments& args, bool accept) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto key = IdentifierOf(door.registry(), args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    const auto answer = accept ? door.AcceptRevision(*key, args.same_person) : door.RefuseRevision(*key);
    if (answer.ok()) {
      PrintAnswer(*key, *answer, args.json, true);
      return kDone;
    }
    const absl::Status& s = answer.status();
    return absl::IsUnavailable(s) ? FailOutput(s)
                                  : Fail(absl::Status(s.code(), args.record + ": " + std::string(s.message())));
  });
}

int RunAccept(const JudgeArguments& args) { return RunJudge(args, true); }
int RunRefuse(const JudgeArguments& args) { return RunJudge(args, false); }

}  // namespace

void AddRegistryReview(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "review", "Questions for stewards, most valuable first; or assign one",
                     std::make_shared<ReviewArguments>(), RunReview)
      ->footer(
          "Each is about two persons, told by their strongest pair of records. nayose registry decide answers it.\n\n"
          "Examples:\n"
          "  nayose registry review network/ --count 20\n"
          "  nayose registry review network/ H001:00001003 C002:00001010 --assign steward1");
  const auto held = std::make_shared<HeldArguments>();
  CLI::App* command =
      AddRegistryCommand(registry, run, "held", "Revisions that make another person of their record", held, RunHeld);
  command->add_option("record", held->record, "Show this one beside what is accepted: source:record_id");
  command->add_option("--count", held->count, "To list at most (default: 50)")->check(CLI::PositiveNumber);
  command->footer("Until one is accepted or refused, the record stays as it was. A later put takes its place.\n\n"
                  "Examples:\n  nayose registry held network/\n  nayose registry held network/ H001:00001003");
  const auto accept = std::make_shared<JudgeArguments>();
  command = AddRegistryCommand(registry, run, "accept", "Accept a revision that is held", accept, RunAccept);
  CLI::App* whose = command->add_option_group("Whose record it is from now on");
  whose->add_flag("--same-person", accept->same_person, "The same person's after all");
  whose->add_flag("--another-person", accept->another_person, "Another one's: the enterprise ID stays with the first");
  whose->require_option(1);
  command->footer(
      "Examples:\n"
      "  nayose registry accept network/ H001:00001003 --same-person --reason 'married, and birth date put right'\n"
      "  nayose registry accept network/ H001:00001003 --another-person");
  AddRegistryCommand(registry, run, "refuse", "Refuse a revision that is held", std::make_shared<JudgeArguments>(),
                     RunRefuse)
      ->footer("Examples:\n  nayose registry refuse network/ H001:00001003 --reason 'typed into the wrong chart'");
}

}  // namespace nayose
