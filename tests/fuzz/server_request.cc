// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/server_request.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "libmpi/exchange/hl7v2/answer_message.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/message_text.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "tools/serve/frame_reader.h"

namespace libmpi::hl7v2 {
namespace {

constexpr size_t kInputsInBatch = 500;
constexpr nayose::FrameLimits kFrameLimits = {4000, 16};
constexpr size_t kMostMessageBytes = 3000;
constexpr int64_t kNow = 1'795'834'800'000;
// What can be said in a refusal: were values in it, there would be ever more of these.
constexpr size_t kMostRefusals = 250;
constexpr const char* kCharsets[] = {"UTF-8", "ISO-2022-JP", "CP932", "EUC-JP"};

std::string Folder() {
  return (::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
         "/libmpi_server_request." + std::to_string(::getpid());
}

// Without the names, so that it is made quickly.
const Model& SmallModel() {
  static const Model* const model = [] {
    auto* const small = new Model(Model::Default());
    small->names = {};
    return small;
  }();
  return *model;
}

std::vector<pix::Domain> Domains() {
  return {{"H", {"HOSP", "1.2.392.1", "ISO"}, "hospital", "his"},
          {"K", {"CARD", "1.2.392.2", "ISO"}, "hospital", "his"},
          {"C", {"CLIN", "1.2.392.3", "ISO"}, "clinic", "emr"}};
}

pix::Party PartyOf(const char* name, const char* application, const char* facility, const char* member) {
  pix::Party party;
  party.name = name;
  party.application = application;
  party.facility = facility;
  party.member = member;
  return party;
}

Requester Office() {
  Requester by;
  by.actor = "fuzzer";
  by.profession = Profession::kOperator;
  by.purpose = Purpose::kOperations;
  return by;
}

bool IsPrintableAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// As Response::control_id has it.
std::string Label(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c >= ' ' && c <= '~' && out.size() < 199) out += c;
  return out;
}

// Names of character sets can be written where they have no delimiter in them.
bool CanNameSets(const Delimiters& d) {
  constexpr std::string_view kInNames = "-_/.";
  return std::ranges::none_of(std::array{d.field, d.component, d.repetition, d.escape, d.subcomponent, d.truncation},
                              [&](char c) { return c != 0 && kInNames.find(c) != std::string_view::npos; });
}

std::string WithoutNumbers(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) out += c;
    else if (out.empty() || out.back() != '#') out += '#';
  }
  return out;
}

}  // namespace

struct ServerRequests::Sender {
  MessagePeer peer;
  ParseOptions parse;
  size_t cut = 0;  // 0: all at once
  const Responder* responder = nullptr;
};

// A registry in a folder of its own, and all that stands on it.
struct ServerRequests::World {
  World() : folder(Folder()) { std::filesystem::remove_all(folder); }
  ~World() {
    responders.clear();
    manager.reset();
    network.reset();
    registry.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  bool Make();
  bool MakeManager();

  const std::string folder;
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Network> network;
  std::unique_ptr<pix::Manager> manager;
  std::vector<std::unique_ptr<Responder>> responders;  // of every character set, believing MSH-18 and not
};

bool ServerRequests::World::Make() {
  RegistryOptions options;
  options.cache_bytes = 4 << 20;
  options.write_buffer_bytes = 256 << 10;
  options.clock = [] { return kNow; };
  auto created = Registry::Create(folder, SmallModel(), FrozenOptions(), options);
  if (!created.ok()) return false;
  registry = *std::move(created);
  auto opened = Network::Open(registry.get(), {WriteUntil::kWritten});
  if (!opened.ok()) return false;
  network = *std::move(opened);
  AccessRules rules = AccessRules::Default();
  rules.basis = ConsentBasis::kOptOut;
  return network->SetRules(rules, Office()).ok() && MakeManager();
}

bool ServerRequests::World::MakeManager() {
  std::vector<pix::Party> parties = {PartyOf("his", "HIS", "HOSPITAL", "hospital"),
                                     PartyOf("emr", "EMR", "CLINIC", "clinic"),
                                     PartyOf("till", "TILL", "PHARMACY", "pharmacy")};
  parties[1].switches.fill_authority = false;
  parties[1].switches.return_asked_identifier = true;
  auto directory = pix::Directory::Make(Domains(), std::move(parties));
  if (!directory.ok()) return false;
  manager = std::make_unique<pix::Manager>(network.get(), registry.get(), *directory);
  const absl::Status registered = manager->RegisterMembers({{"hospital", "hospital", true, true, {}},
                                                            {"clinic", "clinic", true, true, {}},
                                                            {"pharmacy", "pharmacy", false, true, {}}},
                                                           Office());
  for (const char* name : kCharsets)
    for (const bool believe : {true, false}) {
      ResponderOptions options;
      options.parse.limits = {kMostMessageBytes, 40, 100, 20, 20};
      options.parse.otherwise = *CharacterSetOfName(name);
      options.parse.believe_msh18 = believe;
      options.clock = [] { return kNow; };
      responders.push_back(std::make_unique<Responder>(manager.get(), options));
    }
  return registered.ok();
}

// By one round what RocksDB keeps for the process is made before this, and so goes after it.
ServerRequests::ServerRequests() {
  BeginBatch();
  EndBatch();
}
ServerRequests::~ServerRequests() = default;

void ServerRequests::Require(bool condition, std::string_view what) {
  if (condition) return;
  const std::string folder = Folder() + ".batch";
  std::filesystem::create_directories(folder);
  for (size_t i = 0; i < batch_.size(); ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "/%06zu", i);
    std::ofstream(folder + name, std::ios::binary) << batch_[i];
  }
  std::fprintf(stderr, "broken: %s (inputs in %s)\n", std::string(what).c_str(), folder.c_str());
  std::abort();
}

void ServerRequests::BeginBatch() {
  world_ = std::make_unique<World>();
  batch_.clear();
  continuation_ = "none";
  Require(world_->Make(), "a registry is made");
}

void ServerRequests::EndBatch() {
  if (world_ == nullptr) return;
  const auto findings = world_->registry->Verify(1, nullptr);
  Require(findings.ok() && findings->empty(), "the registry is sound");
  Requester auditor = Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto trail = world_->network->VerifyTrail({}, auditor);
  Require(trail.ok() && trail->empty(), "the audit trail is sound");
  world_.reset();
}

void ServerRequests::Try(std::string_view input) {
  if (input.empty()) return;
  if (world_ == nullptr) BeginBatch();
  batch_.emplace_back(input);
  const auto choices = static_cast<uint8_t>(input[0]);
  const size_t set = choices % 4, believe = choices >> 2 & 1;
  Sender sender;
  sender.parse.limits = {kMostMessageBytes, 40, 100, 20, 20};
  sender.parse.otherwise = *CharacterSetOfName(kCharsets[set]);
  sender.parse.believe_msh18 = believe == 0;
  sender.responder = world_->responders[2 * set + believe].get();
  sender.peer.address = "192.0.2." + std::to_string(choices % 8);
  if ((choices >> 3 & 3) == 3) sender.peer.parties = {"his", "till"};
  sender.cut = choices >> 5 & 1 ? 0 : 7;
  nayose::FrameReader reader(kFrameLimits);
  for (std::string_view rest = input.substr(1); !rest.empty();) {
    const std::string_view piece = rest.substr(0, sender.cut == 0 ? rest.size() : sender.cut);
    rest.remove_prefix(piece.size());
    reader.Feed(piece);
    while (reader.Next() == nayose::FrameReader::Found::kFrame) Answer(sender, Filled(reader.payload()));
    if (reader.error() != nayose::FrameError::kNone) break;  // the connection is closed
  }
  if (batch_.size() >= kInputsInBatch) EndBatch();
}

std::string ServerRequests::Filled(std::string_view payload) {
  std::string filled(payload);
  const auto fill = [&filled](std::string_view mark, const auto& value) {
    for (size_t at = filled.find(mark); at != std::string::npos; at = filled.find(mark, at + 1))
      filled.replace(at, mark.size(), value());
  };
  fill("@ID@", [this] { return "n" + std::to_string(++ids_); });
  fill("@DSC@", [this] { return continuation_; });
  return filled;
}

void ServerRequests::Answer(const Sender& sender, std::string_view payload) {
  ++counts_.payloads;
  const Response response = sender.responder->Respond(sender.peer, payload);
  for (const pix::Problem& problem : response.problems) NoteRefusal(problem.text);
  NoteRefusal(response.reason);
  Require(IsPrintableAscii(response.control_id) && IsPrintableAscii(response.type), "labels are printable");
  if (response.answer.empty()) JudgeSilence(sender, payload);
  else JudgeAnswer(sender, payload, response);
  const bool accepted = response.code == "AA" || response.code == "CA";
  ++(accepted ? counts_.accepted : counts_.refused);
  if (!accepted || !response.type.starts_with("ADT^")) return;
  // Whoever got no answer sends again.
  const Response again = sender.responder->Respond(sender.peer, payload);
  Require(again.repeated && again.code == response.code && again.answer == response.answer,
          "the same message again is answered as then");
}

// No HL7 at all, or a feed that asks for none.
void ServerRequests::JudgeSilence(const Sender& sender, std::string_view payload) {
  ++counts_.silent;
  const auto message = Message::Parse(payload, sender.parse);
  if (message.ok()) {
    const MessageHead head = ReadHead(*message);
    const bool question = (head.code == "QBP" && (head.trigger == "Q22" || head.trigger == "Q23")) ||
                          (head.code == "QCN" && head.trigger == "J01");
    return Require(head.enhanced() && !question, "a message that is read is answered");
  }
  const std::string_view text = WithoutByteOrderMark(payload);
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  Require(text.substr(begin, 3) != "MSH", "what begins as a message is answered");
}

void ServerRequests::JudgeAnswer(const Sender& sender, std::string_view payload, const Response& response) {
  Require(!nayose::HasFrameBytes(response.answer), "an answer fits into a frame");
  Require(response.answer.size() <= (size_t{1} << 20), "an answer is no larger than a message may be");
  const auto request = Message::Parse(payload, sender.parse);
  counts_.unreadable += !request.ok();
  ParseOptions options;
  if (request.ok()) {
    options.otherwise = AnswerCharacterSet(request->character_set(), sender.parse.otherwise);
    options.believe_msh18 = CanNameSets(request->delimiters());
  }
  const auto answer = Message::Parse(response.answer, options);
  Require(answer.ok(), "an answer can be read: " + std::string(answer.status().message()));
  const Segment* const msa = answer->Find("MSA");
  Require(msa != nullptr && msa->Text(1) == response.code, "an answer has MSA-1");
  if (request.ok()) {
    // What the answer's set does not have, and control characters, can't come back as they were.
    const Field id = request->msh().field(10);
    if (IsPrintableAscii(id.raw())) Require(msa->field(2).Text() == id.Text(), "MSA-2 is MSH-10");
  } else if (!response.control_id.empty()) {
    Require(Label(msa->field(2).Text()) == response.control_id, "MSA-2 is what can be read of MSH-10");
  }
  if (response.code == "AA" || response.code == "CA") {
    counts_.told += answer->Find("PID") != nullptr;
    if (const Segment* const dsc = answer->Find("DSC"); dsc != nullptr) continuation_ = dsc->field(1).Text();
    return;
  }
  JudgeRefusal(*answer, response);
}

// A refusal says where and why, and nothing of what stood there: but for a question, which is given back to who asked.
void ServerRequests::JudgeRefusal(const Message& answer, const Response& response) {
  static constexpr std::string_view kSegments[] = {"MSH", "MSA", "ERR", "QAK", "QPD"};
  for (const Segment& segment : answer.segments())
    Require(std::ranges::find(kSegments, segment.name()) != std::end(kSegments), "a refusal tells of nobody");
  for (const WireError& error : ReadErrors(answer)) {
    NoteRefusal(error.at.segment);
    NoteRefusal(error.text);
  }
  Require(!response.reason.empty() || !response.problems.empty(), "a refusal has a reason");
}

void ServerRequests::NoteRefusal(std::string_view text) {
  if (text.empty()) return;
  Require(IsPrintableAscii(text), "a refusal is plain");
  refusals_.insert(WithoutNumbers(text));
  if (refusals_.size() <= kMostRefusals) return;
  for (const std::string& refusal : refusals_) std::fprintf(stderr, "%s\n", refusal.c_str());
  Require(false, "refusals have words of their own");
}

}  // namespace libmpi::hl7v2
