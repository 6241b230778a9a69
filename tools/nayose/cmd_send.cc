// SPDX-License-Identifier: Apache-2.0
// nayose send: messages of files to an HL7 server, and what it answers.
#include <cstdio>

#include "libmpi/exchange/hl7v2/update_message.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/record_json.h"
#include "tools/nayose/command.h"
#include "tools/nayose/connection_arguments.h"
#include "tools/nayose/hl7_files.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
using Json = nlohmann::ordered_json;

struct SendArguments : ConnectionArguments {
  std::vector<std::string> files;
  bool stop = false;
};

// What a message is, as far as it can be read.
struct Sent {
  std::string file, type, control_id;
  size_t number = 0;
};

class Sender {
 public:
  Sender(const SendArguments& args, MllpClientOptions options) : args_(args), client_(std::move(options)) {}

  // False: refused.
  absl::StatusOr<bool> Send(Sent sent, const std::string& bytes) {
    if (const auto message = args_.Parse(bytes); message.ok()) {
      const hl7v2::Segment& msh = message->msh();
      sent.type = msh.Text(9, 1) + "^" + msh.Text(9, 2);
      sent.control_id = msh.Text(10);
    }
    args_.Show("sent", bytes);
    const auto answer = client_.Exchange(bytes);
    if (!answer.ok())
      return absl::Status(answer.status().code(), args_.to + ": " + std::string(answer.status().message()));
    args_.Show("answer", *answer);
    const auto message = args_.Parse(*answer);
    if (!message.ok())
      return absl::DataLossError(args_.to + ": its answer can't be read: " + std::string(message.status().message()));
    const auto read = hl7v2::ReadAcknowledgement(*message);
    if (!read.ok())
      return absl::DataLossError(args_.to + ": its answer can't be read: " + std::string(read.status().message()));
    Print(sent, *read);
    return read->accepted();
  }

 private:
  void Print(const Sent& sent, const hl7v2::Acknowledged& answer) const {
    if (args_.json) {
      const Json json = {{"file", sent.file}, {"message", sent.number}, {"type", sent.type},
                         {"control_id", sent.control_id}, {"code", answer.code}, {"errors", ErrorsJson(answer.errors)}};
      std::printf("%s\n", libmpi::JsonLine(json).c_str());
      return;
    }
    std::printf("%s:%zu  %s  %s  %s\n", sent.file.c_str(), sent.number, sent.type.empty() ? "-" : sent.type.c_str(),
                sent.control_id.empty() ? "-" : sent.control_id.c_str(), answer.code.c_str());
    for (const hl7v2::WireError& error : answer.errors) std::printf("  %s\n", ErrorText(error).c_str());
  }

  const SendArguments& args_;
  MllpClient client_;
};

int RunSend(const SendArguments& args) {
  auto options = args.ClientOptions();
  if (!options.ok()) return FailUsage(std::string(options.status().message()));
  if (const auto set = args.CharacterSet(); !set.ok()) return FailUsage(std::string(set.status().message()));
  Sender sender(args, *std::move(options));
  size_t taken = 0, refused = 0;
  for (const std::string& file : args.files) {
    const auto bytes = libmpi::ReadInputBytes(file);
    if (!bytes.ok()) return Fail(bytes.status());
    const std::vector<std::string> messages = MessagesOf(*bytes);
    if (messages.empty())
      return Fail(absl::InvalidArgumentError(file + ": has no HL7 message (no line begins with MSH)"));
    for (size_t i = 0; i < messages.size(); ++i) {
      const auto accepted = sender.Send({file, "", "", i + 1}, messages[i]);
      if (!accepted.ok()) return FailOutput(accepted.status());
      ++(*accepted ? taken : refused);
      if (!*accepted && args.stop) return kNeedsALook;
    }
  }
  if (!args.json && taken + refused > 1) std::printf("%zu accepted, %zu refused\n", taken, refused);
  return refused == 0 ? kDone : kNeedsALook;
}

}  // namespace

void AddSend(CLI::App* app, Run* run) {
  auto args = std::make_shared<SendArguments>();
  CLI::App* command = app->add_subcommand("send", "Send HL7 messages of files to a server, and show its answers");
  command->add_option("files", args->files, "Files of HL7 v2 messages, one or many each (-: standard input)")
      ->required();
  args->AddTo(command);
  command->add_flag("--stop", args->stop, "Stop at the first message that is refused");
  command->callback([args, run] { *run = [args] { return RunSend(*args); }; });
  command->footer(
      "Messages are sent as they stand, one after the other over one connection, each when the one before was\n"
      "answered. Exit code 1: something was refused.\n\n"
      "Examples:\n"
      "  nayose send adt.hl7 --to localhost:2575\n"
      "  nayose send adt.hl7 --to mpi.example:2576 --tls --ca ca.pem --certificate his.pem --key his.key --json");
}

}  // namespace nayose
