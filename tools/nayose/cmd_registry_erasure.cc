// SPDX-License-Identifier: Apache-2.0
// Values that go: erase, retention.
#include <cstdio>
#include <string>

#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

void PrintErased(const libmpi::ErasureAnswer& answer, bool dry_run, bool json) {
  if (json) {
    PrintLine({{"dry_run", dry_run}, {"records", answer.records}, {"retired", answer.retired}, {"withdrawn", answer.withdrawn}});
    return;
  }
  std::printf("records   %llu %s\n", U(answer.records), dry_run ? "would be erased" : "erased");
}

void PrintWhatIsLeft(bool json) {
  if (json) return;
  std::printf("The values are out of answers at once, out of the files after nayose registry compact, and out of backups\n"
              "and standbys when those are made anew.\n");
}

struct EraseArguments : RegistryArguments {
  std::string record;
  bool person = false;
};

int RunErase(const EraseArguments& args) {
  if (args.reason.empty()) return FailUsage("an erasure is for good and needs a --reason");
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto key = IdentifierOf(door.registry(), args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    const auto answer = door.Erase(*key, args.person);
    if (!answer.ok()) return FailChange(OfIdentifier(*key, answer.status()));
    PrintErased(*answer, false, args.json);
    PrintWhatIsLeft(args.json);
    return kDone;
  });
}

struct RetentionArguments : RegistryArguments {
  uint32_t retired = 0, withdrawn = 0;
  bool set = false, run = false, dry_run = false;
};

int SetRetention(const RetentionArguments& args, const RegistryDoor& door) {
  const absl::Status set = door.network()->SetRetention({args.retired, args.withdrawn}, door.who());
  return set.ok() ? kDone : FailChange(set);
}

int EraseDue(const RetentionArguments& args, const RegistryDoor& door) {
  const auto answer = door.network()->EraseDue(args.dry_run, door.who());
  if (!answer.ok()) return FailChange(answer.status());
  PrintErased(*answer, args.dry_run, args.json);
  if (args.dry_run || answer->records == 0) return kDone;
  const absl::Status compacted = door.registry().Compact();
  return compacted.ok() ? kDone : FailOutput(compacted);
}

int RunRetention(const RetentionArguments& args) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (door.network() == nullptr)
      return FailUsage("retention is a network's: add a facility first (nayose registry facilities)");
    if (args.set)
      if (const int code = SetRetention(args, door); code != kDone) return code;
    if (args.run || args.dry_run) return EraseDue(args, door);
    const auto rules = door.network()->Retention(door.who());
    if (!rules.ok()) return Fail(rules.status());
    if (args.json) PrintLine({{"retired_days", rules->retired_days}, {"withdrawn_days", rules->withdrawn_days}});
    else {
      const auto text = [](uint32_t days) { return days == 0 ? std::string("kept for good") : std::to_string(days) + " days"; };
      std::printf("withdrawn by their facility   %s\nof persons who have withdrawn %s\n", text(rules->retired_days).c_str(),
                  text(rules->withdrawn_days).c_str());
    }
    return kDone;
  });
}

}  // namespace

void AddRegistryErasure(CLI::App* registry, Run* run) {
  const auto erase = std::make_shared<EraseArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "erase", "Take out for good what a record says, or all of a person do", erase, RunErase);
  command->add_option("record", erase->record, "source:record_id")->required();
  command->add_flag("--person", erase->person, "All records of the person, also of identifiers that were merged into theirs");
  command->footer("The identifier and the history stay, which say that, when, by whom and why, without any value. What was said\n"
                  "of consent stays. Put again, a record is registered anew, with another enterprise ID.\n\n"
                  "Examples:\n"
                  "  nayose registry erase network/ H001:00001003 --reason 'request 12 of 2026-11-02'\n"
                  "  nayose registry erase network/ H001:00001003 --person --reason 'request 12' --profession operator \\\n"
                  "    --purpose patient_request");
  const auto retention = std::make_shared<RetentionArguments>();
  command = AddRegistryCommand(registry, run, "retention", "How long values are kept, and erase what is due", retention, RunRetention);
  command->add_option("--retired-days", retention->retired, "Erase records this many days after their facility withdrew them; 0: never");
  command->add_option("--withdrawn-days", retention->withdrawn, "Erase persons this many days after they withdrew consent; 0: never");
  command->add_flag("--set", retention->set, "Keep these rules: both, as given");
  command->add_flag("--run", retention->run, "Erase what is due by the rules kept, and take it out of the files");
  command->add_flag("--dry-run", retention->dry_run, "Count what is due, erase nothing");
  command->footer("Examples:\n"
                  "  nayose registry retention network/ --set --retired-days 1825 --withdrawn-days 30 --profession operator --purpose operations\n"
                  "  nayose registry retention network/ --dry-run --profession operator --purpose operations\n"
                  "  nayose registry retention network/ --run --profession operator --purpose operations");
}

}  // namespace nayose
