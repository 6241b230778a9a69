// SPDX-License-Identifier: Apache-2.0
// Looking back: the events of a registry, and persons as they were.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/network_json.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;
using libmpi::Registry;

struct HistoryArguments : RegistryArguments {
  uint64_t from = 1, count = 0;
  bool follow = false;
};

void PrintEvent(const libmpi::HistoryEvent& event, bool json) {
  const std::string kind(libmpi::EventKindName(event.kind));
  if (json) {
    Json line = {{"event", event.number}, {"time", libmpi::UtcText(event.unix_milliseconds)}, {"kind", kind},
                 {"actor", event.by.actor}, {"reason", event.by.reason}};
    if (!event.record.source.empty()) line["record"] = libmpi::KeyJson(event.record);
    if (!event.other.source.empty()) line["other"] = libmpi::KeyJson(event.other);
    if (!event.detail.empty()) line["detail"] = event.detail;
    line["moves"] = Json::array();
    for (const libmpi::PersonMove& move : event.moves) line["moves"].push_back(MoveJson(move));
    return PrintLine(line);
  }
  std::string text = std::to_string(event.number) + "  " + libmpi::UtcText(event.unix_milliseconds) + "  " + kind;
  for (const RecordKey* key : {&event.record, &event.other})
    if (!key->source.empty()) text += "  " + key->ToString();
  if (!event.detail.empty()) text += "  " + event.detail;
  text += "  by " + event.by.actor;
  if (!event.by.reason.empty()) text += ": " + event.by.reason;
  std::printf("%s\n", text.c_str());
  for (const libmpi::PersonMove& move : event.moves) std::printf("  %s\n", MoveText(move).c_str());
}

// Prints events from *next on, and counts it and *left on.
absl::Status PrintEvents(const RegistryDoor& door, bool json, const libmpi::ProgressCallback& progress, uint64_t* next,
                         uint64_t* left) {
  constexpr size_t kAtOnce = 1000;
  for (;;) {
    const size_t most = static_cast<size_t>(std::min<uint64_t>(*left, kAtOnce));
    const auto answer = door.Follow(*next, most);
    if (!answer.ok()) return answer.status();
    for (const libmpi::HistoryEvent& event : answer->events) PrintEvent(event, json);
    const uint64_t looked_at = answer->next - *next;
    *next = answer->next;
    *left -= std::min(*left, looked_at);
    if (!progress("history", 0, 0)) return absl::CancelledError("stopped before event " + std::to_string(*next));
    if (looked_at < kAtOnce) return absl::OkStatus();
  }
}

// Whether it waited to the end.
bool Wait(const libmpi::ProgressCallback& progress) {
  for (int i = 0; i < 10; ++i) {
    if (!progress("history", 0, 0)) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

int RunHistory(const HistoryArguments& args) {
  const libmpi::ProgressCallback progress = MakeProgress(false);
  uint64_t next = args.from, left = args.count == 0 ? UINT64_MAX : args.count;
  // Files may go while a reader beside a writer opens them: tried again a few times.
  constexpr int kMostFailures = 5;
  for (int failures = 0;;) {
    const auto opened = OpenDoor(args, OpenFor::kReading);
    if (absl::IsInvalidArgument(opened.status())) return FailOpen(opened.status());
    const absl::Status read =
        opened.ok() ? PrintEvents(opened->door, args.json, progress, &next, &left) : opened.status();
    if (!read.ok() && (!args.follow || absl::IsCancelled(read) || absl::IsNotFound(read) || ++failures > kMostFailures))
      return Fail(read);
    if (read.ok()) failures = 0;
    if (!args.follow || left == 0) return kDone;
    if (std::fflush(stdout) != 0) return kInternal;  // who follows went away
    if (!Wait(progress)) return kInterrupted;
  }
}

struct AtArguments : RegistryArguments {
  std::string record;
  uint64_t event = 0;
};

int RunAt(const AtArguments& args) {
  return WithRegistry(args, OpenFor::kReading, [&](const Registry& registry) -> int {
    const auto key = IdentifierOf(registry, args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    const auto members = registry.PersonAt(*key, args.event);
    if (!members.ok())
      return Fail(absl::Status(members.status().code(), args.record + ": " + std::string(members.status().message())));
    if (args.json) {
      Json identifiers = Json::array();
      for (const RecordKey& member : *members) identifiers.push_back(libmpi::KeyJson(member));
      PrintLine({{"event", args.event}, {"identifiers", std::move(identifiers)}});
      return kDone;
    }
    if (members->empty()) std::printf("it took no part: it was retired, or merged into another identifier\n");
    for (const RecordKey& member : *members) std::printf("%s\n", member.ToString().c_str());
    return kDone;
  });
}

}  // namespace

void AddRegistryHistory(CLI::App* registry, Run* run) {
  const auto history = std::make_shared<HistoryArguments>();
  CLI::App* command = AddRegistryCommand(registry, run, "history",
                                         "What changed, who did it and why: from any event on", history, RunHistory);
  command->add_option("--from", history->from, "First event to show (default: 1)")->check(CLI::PositiveNumber);
  command->add_option("--count", history->count, "Events to show at most (default: all)")->check(CLI::PositiveNumber);
  command->add_flag("--follow", history->follow, "Go on with what comes, beside the program that writes, until Ctrl-C");
  command->footer(
      "Every change has one event, numbered from 1 without gaps; moves tell whose person changed. A system that\n"
      "follows keeps the number of the last event that it took, and goes on from the next.\n\n"
      "Examples:\n"
      "  nayose registry history network/ --from 1200 --count 20\n"
      "  nayose registry history network/ --from 1200 --follow --json");
  const auto at = std::make_shared<AtArguments>();
  command = AddRegistryCommand(registry, run, "at", "The person of a record as it was after an event", at, RunAt,
                               libmpi::Operation::kFollow);
  command->add_option("record", at->record, "source:record_id")->required();
  command->add_option("event", at->event, "Number of the event (nayose registry history)")->required();
  command->footer("Examples:\n  nayose registry at network/ H001:00001003 1200");
}

}  // namespace nayose
