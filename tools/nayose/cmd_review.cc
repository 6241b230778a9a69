// SPDX-License-Identifier: Apache-2.0
// The steward's workbench: what waits in a registry, one case after the other.
#include <chrono>
#include <cstdio>
#include <string>

#include "libmpi/record/iso_date.h"
#include "tools/nayose/registry_command.h"
#include "tools/nayose/review_screen.h"
#include "tools/nayose/review_session.h"

namespace nayose {
namespace {

struct WorkbenchArguments : RegistryArguments {
  std::string since, four_eyes;
  size_t limit = SIZE_MAX;
  bool statistics = false, held_first = false, all = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--limit", limit, "Cases to answer, then it ends")->check(CLI::PositiveNumber);
    command->add_flag("--held", held_first, "Held revisions first");
    command->add_flag("--all", all, "Also what you put off or have a say in, and what is assigned to others");
    command->add_flag("--stats", statistics, "Print what stewards did today and what waits, and end");
    command->add_option("--since", since, "With --stats: from this day on, 2026-11-01")->needs("--stats");
    command->add_option("--four-eyes", four_eyes, "Set whether a decision takes two stewards, and end")
        ->check(CLI::IsMember({"on", "off"}))
        ->excludes("--stats");
  }
};

int SetFourEyes(const WorkbenchArguments& args) {
  const bool on = args.four_eyes == "on";
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (const absl::Status set = door.SetFourEyes(on); !set.ok()) return FailChange(set);
    if (args.json) PrintLine({{"four_eyes", on}});
    else std::printf("four eyes: %s\n", on ? "on, a decision takes two stewards" : "off, one steward decides");
    return kDone;
  });
}

// Milliseconds at which a day of Japan begins.
int64_t BeginOf(const libmpi::CivilDate& day) {
  const std::chrono::sys_days days{std::chrono::year(day.year) / day.month / day.day};
  return DayBegin(std::chrono::milliseconds(days.time_since_epoch()).count());
}

int ShowStatistics(const WorkbenchArguments& args) {
  const auto day = libmpi::ParseIsoDate(args.since);
  if (!args.since.empty() && !day) return FailUsage("--since is a day: 2026-11-01");
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const int64_t now = door.registry().Now(), from = day ? BeginOf(*day) : DayBegin(now);
    const auto statistics = door.Statistics(from, now + 1);
    if (!statistics.ok()) return Fail(statistics.status());
    const std::string since = libmpi::IsoDateText(libmpi::DayOf(from));
    if (args.json) PrintLine(StatisticsJson(*statistics, since));
    else std::printf("%s", StatisticsText(*statistics, since).c_str());
    return kDone;
  });
}

int Work(const WorkbenchArguments& args) {
  if (args.json) return FailUsage("--json is of --stats and --four-eyes: a session is for people");
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    SessionOptions options;
    options.limit = args.limit;
    options.held_first = args.held_first;
    options.all = args.all;
    options.actor = args.By().actor;
    const absl::Status done = ReviewSession(door, options).Run();
    return done.ok() ? kDone : FailChange(done);
  });
}

int RunWorkbench(const WorkbenchArguments& given) {
  WorkbenchArguments args = given;
  const bool administers = !args.four_eyes.empty();
  if (args.profession.empty()) args.profession = administers ? "operator" : "steward";
  if (args.purpose.empty()) args.purpose = administers ? "operations" : "stewardship";
  if (administers) return SetFourEyes(args);
  return args.statistics ? ShowStatistics(args) : Work(args);
}

}  // namespace

void AddReview(CLI::App* app, Run* run) {
  AddRegistryCommand(app, run, "review", "A steward's workbench: what a registry asks, two records side by side",
                     std::make_shared<WorkbenchArguments>(), RunWorkbench)
      ->footer(
          "Shows one case after the other, the most valuable question first, and takes one key: s same person, d different\n"
          "persons, n note, u undo, l later, ? for all of them. Every answer is on disk at once. Without a terminal it reads\n"
          "a key a line from standard input (for n and a the next line is the text). Colour: unless NO_COLOR is set; what\n"
          "differs is marked without it, too.\n\n"
          "With --four-eyes on one steward's answer is a proposal, until another one (--actor) gives the same; it is void as\n"
          "soon as a record is revised. The operator sets that, not the stewards. Of a network's registry the profession is\n"
          "steward and the purpose stewardship where nothing else is said (operator and operations of --four-eyes).\n\n"
          "Examples:\n"
          "  nayose review network/\n"
          "  nayose review network/ --actor steward2 --held --limit 20\n"
          "  nayose review network/ --stats --since 2026-11-01\n"
          "  nayose review network/ --four-eyes on");
}

}  // namespace nayose
