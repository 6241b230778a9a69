// SPDX-License-Identifier: Apache-2.0
// nayose quarantine: messages that a server refused for good, to be looked at, mended and handed in again.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/exchange/hl7v2/character_set.h"
#include "libmpi/exchange/input_bytes.h"
#include "tools/nayose/command.h"
#include "tools/nayose/hl7_files.h"
#include "tools/nayose/registry_command.h"
#include "tools/serve/config.h"
#include "tools/serve/durable_file.h"
#include "tools/serve/log.h"
#include "tools/serve/quarantine.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
using Json = nlohmann::ordered_json;

struct QuarantineArguments {
  std::string config, with;
  uint64_t number = 0;
  bool json = false, all = false, done = false;
  int seconds = 30;
};

absl::StatusOr<QuarantineFolder> OpenFolder(const QuarantineArguments& args) {
  LIBMPI_ASSIGN_OR_RETURN(const ReadConfig read, ReadServeConfig(args.config));
  // Of a configuration that is wrong elsewhere the folder is right all the same.
  if (read.config.quarantine.folder.empty())
    return absl::InvalidArgumentError(args.config + ": says of no [quarantine] folder");
  return QuarantineFolder(read.config.quarantine.folder);
}

absl::StatusOr<hl7v2::CharacterSet> SetOf(const QuarantineAbout& about, std::string_view bytes) {
  auto otherwise = hl7v2::CharacterSetOfName(about.encoding);
  if (!otherwise.ok()) return otherwise;
  return about.believe_msh18 ? hl7v2::CharacterSetOfMessage(bytes, *otherwise) : otherwise;
}

// UTF-8, one segment a line.
absl::StatusOr<std::string> ReadableOf(const QuarantineAbout& about, std::string_view bytes, size_t* malformed) {
  const auto set = SetOf(about, bytes);
  // Of a set that nobody knows: as far as it goes.
  libmpi::DecodedText text = libmpi::DecodeText(bytes, set.ok() ? set->charset : libmpi::DetectCharset(bytes));
  *malformed = text.malformed;
  std::ranges::replace(text.utf8, '\r', '\n');
  if (!text.utf8.ends_with('\n')) text.utf8 += '\n';
  return text.utf8;
}

// Back into the message's own set, segments ended by CR.
absl::StatusOr<std::string> BytesOf(const QuarantineAbout& about, const std::string& readable) {
  const std::vector<std::string> messages = MessagesOf(readable);
  if (messages.size() != 1)
    return absl::InvalidArgumentError("the text must be one message: one line begins with MSH, the first");
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::CharacterSet set, SetOf(about, messages.front()));
  libmpi::EncodedText encoded = libmpi::EncodeText(messages.front(), set.charset);
  if (encoded.unencodable == 0) return std::move(encoded.bytes);
  return absl::InvalidArgumentError(std::to_string(encoded.unencodable) + " characters can't be written in " +
                                    std::string(libmpi::CharsetName(set.charset)) +
                                    "; change MSH-18 (UNICODE UTF-8), or write 〓");
}

const char* OrDash(const std::string& text) { return text.empty() ? "-" : text.c_str(); }

// Whose message it is, or whom it was to tell.
std::string PartyText(const QuarantineAbout& about) {
  return (about.outgoing ? "to " : "") + (about.party.empty() ? std::string("-") : about.party);
}

int RunList(const QuarantineArguments& args) {
  const auto folder = OpenFolder(args);
  if (!folder.ok()) return Fail(folder.status());
  const auto list = folder->List(args.done);
  if (!list.ok()) return Fail(list.status());
  for (const QuarantineAbout& about : *list) {
    if (args.json) {
      std::printf("%s\n", ToJson(about).c_str());
      continue;
    }
    const size_t again = about.replays.size();
    std::printf("%llu  %s  %s  %s  %s  %s  %s%s\n", U(about.number), libmpi::UtcText(about.unix_milliseconds).c_str(),
                PartyText(about).c_str(), OrDash(about.type), OrDash(about.control_id), OrDash(about.code),
                about.reason.c_str(), again == 0 ? "" : ("  (handed in again: " + std::to_string(again) + ")").c_str());
  }
  if (!args.json && list->empty()) std::printf("nothing is in quarantine\n");
  return kDone;
}

int RunShow(const QuarantineArguments& args) {
  const auto folder = OpenFolder(args);
  if (!folder.ok()) return Fail(folder.status());
  const auto about = folder->About(args.number);
  if (!about.ok()) return Fail(about.status());
  const auto bytes = folder->Bytes(args.number);
  if (!bytes.ok()) return Fail(bytes.status());
  size_t malformed = 0;
  const auto text = ReadableOf(*about, *bytes, &malformed);
  if (args.json) {
    Json json = Json::parse(ToJson(*about));
    json["message"] = *text;
    json["unreadable_characters"] = malformed;
    PrintLine(json);
    return kDone;
  }
  std::fprintf(stderr, "nayose: this is a patient's data\n");
  std::printf("message   %llu, %s%s\n", U(about->number), libmpi::UtcText(about->unix_milliseconds).c_str(),
              about->fixed == 0 ? "" : ", mended");
  if (about->outgoing)
    std::printf("to        %s at %s\n", about->party.c_str(), about->peer.c_str());
  else
    std::printf("from      %s at %s, listener %s\n", about->party.empty() ? "nobody known" : about->party.c_str(),
                about->peer.c_str(), about->listener.c_str());
  std::printf("answered  %s: %s\n", about->code.c_str(), about->reason.c_str());
  for (const QuarantineProblem& problem : about->problems)
    std::printf("problem   %s: %s\n", problem.fault.c_str(), problem.text.c_str());
  for (const ReplayOutcome& replay : about->replays)
    std::printf("again     %s  %s  %s\n", libmpi::UtcText(replay.unix_milliseconds).c_str(), replay.code.c_str(),
                replay.reason.c_str());
  if (malformed > 0) std::printf("warning   %zu characters can't be read in its charset\n", malformed);
  std::printf("\n%s", text->c_str());
  return kDone;
}

// The text that an editor made of it. The copy is in the quarantine, which is private, and goes again.
absl::StatusOr<std::string> Edited(const std::string& folder, uint64_t number, const std::string& text) {
  const char* editor = std::getenv("VISUAL");
  if (editor == nullptr || *editor == 0) editor = std::getenv("EDITOR");
  if (editor == nullptr || *editor == 0) editor = "vi";
  std::string path = folder + "/edit-" + std::to_string(number) + "-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) return absl::UnavailableError(path + ": can't be made");
  close(file);
  absl::StatusOr<std::string> edited = absl::AbortedError("the editor failed; nothing was changed");
  if (const absl::Status written = WriteDurably(path, text); !written.ok()) {
    edited = written;
  } else {
    setenv("NAYOSE_EDITED_FILE", path.c_str(), 1);
    const std::string command = std::string(editor) + " \"$NAYOSE_EDITED_FILE\"";
    if (std::system(command.c_str()) == 0) edited = ReadWhole(path);
  }
  unlink(path.c_str());
  return edited;
}

int RunFix(const QuarantineArguments& args) {
  const auto folder = OpenFolder(args);
  if (!folder.ok()) return Fail(folder.status());
  const auto about = folder->About(args.number);
  if (!about.ok()) return Fail(about.status());
  const auto before = folder->Bytes(args.number);
  if (!before.ok()) return Fail(before.status());
  size_t malformed = 0;
  const auto text = ReadableOf(*about, *before, &malformed);
  if (malformed > 0 && args.with.empty())
    std::fprintf(stderr, "nayose: warning: %zu characters can't be read in its charset; they are U+FFFD in the text\n",
                 malformed);
  const auto after = args.with.empty() ? Edited(folder->path(), args.number, *text)
                                       : libmpi::ReadInputBytes(args.with);
  if (!after.ok()) return Fail(after.status());
  if (args.with.empty() && *after == *text) {
    std::printf("nothing was changed\n");
    return kDone;
  }
  const auto bytes = BytesOf(*about, *after);
  if (!bytes.ok()) return Fail(bytes.status());
  if (const absl::Status fixed = folder->Fix(args.number, *before, *bytes); !fixed.ok()) return Fail(fixed);
  std::printf("message %llu is mended; nayose quarantine replay hands it in again\n", U(args.number));
  return kDone;
}

// 0: accepted, 1: refused, else the exit code of a failure.
int Replay(const QuarantineFolder& folder, uint64_t number, const QuarantineArguments& args) {
  if (const absl::Status asked = folder.AskReplay(number); !asked.ok()) return Fail(asked);
  const auto outcome = folder.AwaitReplay(number, args.seconds * int64_t{1000});
  if (!outcome.ok()) return FailOutput(outcome.status());
  if (args.json)
    PrintLine({{"number", number},
               {"accepted", outcome->accepted},
               {"code", outcome->code},
               {"reason", outcome->reason}});
  else
    std::printf("%llu  %s%s%s\n", U(number), OrDash(outcome->code),
                outcome->reason.empty() ? "" : "  ", outcome->reason.c_str());
  return outcome->accepted ? kDone : kNeedsALook;
}

int RunReplay(const QuarantineArguments& args) {
  if (args.all == (args.number != 0)) return FailUsage("say either which message, or --all");
  const auto folder = OpenFolder(args);
  if (!folder.ok()) return Fail(folder.status());
  if (!args.all) return Replay(*folder, args.number, args);
  const auto list = folder->List();
  if (!list.ok()) return Fail(list.status());
  int worst = kDone;
  for (const QuarantineAbout& about : *list) {
    const int code = Replay(*folder, about.number, args);
    worst = std::max(worst, code);
    if (code > kNeedsALook) break;
  }
  return worst;
}

int RunDrop(const QuarantineArguments& args) {
  const auto folder = OpenFolder(args);
  if (!folder.ok()) return Fail(folder.status());
  if (const absl::Status dropped = folder->Drop(args.number); !dropped.ok()) return Fail(dropped);
  std::printf("message %llu is gone\n", U(args.number));
  return kDone;
}

// CLI11's own check tells of the largest number that there is.
std::string CheckNumber(std::string& text) {
  const bool good = !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos &&
                    text.find_first_not_of('0') != std::string::npos;
  return good ? "" : "must be a message's number, as nayose quarantine list shows it";
}

CLI::App* AddOne(CLI::App* quarantine, Run* run, const char* name, const char* what, bool numbered,
                 int (*execute)(const QuarantineArguments&), const std::shared_ptr<QuarantineArguments>& args) {
  CLI::App* command = quarantine->add_subcommand(name, what);
  if (numbered)
    command->add_option("number", args->number, "The message's number")
        ->required()
        ->check(CLI::Validator(CheckNumber, ""));
  command->add_option("--config", args->config, "The server's configuration")->required();
  command->callback([args, run, execute] {
    *run = [args, execute] {
      MakeFilesPrivate();
      return execute(*args);
    };
  });
  const bool takes_one = numbered || std::string_view(name) == "replay";
  command->footer("Example:\n  nayose quarantine " + std::string(name) + (takes_one ? " 12" : "") +
                  " --config network.toml");
  return command;
}

}  // namespace

void AddQuarantine(CLI::App* app, Run* run) {
  CLI::App* quarantine =
      app->add_subcommand("quarantine", "Messages refused for good, also the server's own: look, fix, hand in again");
  quarantine->require_subcommand(1);
  quarantine->footer(
      "Examples:\n"
      "  nayose quarantine list --config network.toml\n"
      "  nayose quarantine show 12 --config network.toml\n"
      "  nayose quarantine fix 12 --config network.toml\n"
      "  nayose quarantine replay 12 --config network.toml");
  const auto make = [] { return std::make_shared<QuarantineArguments>(); };
  auto args = make();
  CLI::App* list = AddOne(quarantine, run, "list", "What waits, and why", false, RunList, args);
  list->add_flag("--json", args->json, "One object a line");
  list->add_flag("--done", args->done, "Those that were accepted later instead");
  args = make();
  AddOne(quarantine, run, "show", "A message, readable: a patient's data", true, RunShow, args)
      ->add_flag("--json", args->json, "One object");
  args = make();
  AddOne(quarantine, run, "fix", "Mend a message in $VISUAL or $EDITOR, as UTF-8", true, RunFix, args)
      ->add_option("--with", args->with, "Take this file (UTF-8, one segment a line; -: standard input) instead");
  args = make();
  const char* const what = "Have the running server take a message again, as from its sender, or tell a party again";
  CLI::App* replay = AddOne(quarantine, run, "replay", what, false, RunReplay, args);
  replay->add_option("number", args->number, "The message's number")->check(CLI::Validator(CheckNumber, ""));
  replay->add_flag("--all", args->all, "All that wait, the oldest first");
  replay->add_option("--timeout", args->seconds, "Seconds to wait for the server (default: 30)")
      ->check(CLI::Range(1, 3600));
  replay->add_flag("--json", args->json, "One object a line");
  AddOne(quarantine, run, "drop", "Throw a message away", true, RunDrop, make());
}

}  // namespace nayose
