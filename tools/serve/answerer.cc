// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/answerer.h"

#include <chrono>
#include <set>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
namespace pix = libmpi::pix;

std::string KindOf(std::string_view type) {
  if (type.starts_with("ADT^")) return "feed";
  if (type == "QBP^Q23") return "pix";
  if (type == "QBP^Q22" || type == "QBP^ZV1") return "pdq";
  return "other";
}

// A label that senders can't make as many of as they like.
std::string TypeLabel(const std::string& type) {
  static const std::set<std::string> kKnown = {"ADT^A01", "ADT^A04", "ADT^A05", "ADT^A08", "ADT^A24", "ADT^A28",
                                               "ADT^A31", "ADT^A37", "ADT^A40", "QBP^Q22", "QBP^Q23", "QBP^ZV1",
                                               "QCN^J01"};
  return kKnown.contains(type) ? type : "other";
}

std::string PartyLabel(const std::string& party) { return party.empty() ? "unknown" : party; }

bool IsAccepted(const std::string& code) { return code == "AA" || code == "CA"; }

std::string ReasonOf(const hl7v2::Response& response) {
  if (!response.reason.empty() || response.problems.empty()) return response.reason;
  return response.problems.front().text;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const AnswererRules>> AnswererRules::Make(ServeConfig config, pix::Manager* manager) {
  std::shared_ptr<AnswererRules> rules(new AnswererRules(std::move(config)));
  std::vector<const EncodingConfig*> encodings;
  static const EncodingConfig kNone;
  encodings.push_back(&kNone);
  for (const ListenerConfig& listener : rules->config_.listeners) encodings.push_back(&listener.encoding);
  for (const PartyConfig& party : rules->config_.parties)
    if (party.own_encoding) encodings.push_back(&party.encoding);
  for (const EncodingConfig* encoding : encodings) {
    hl7v2::ResponderOptions options;
    LIBMPI_ASSIGN_OR_RETURN(options.parse.otherwise, hl7v2::CharacterSetOfName(encoding->name));
    options.parse.believe_msh18 = encoding->believe_msh18;
    const ServerConfig& server = rules->config_.server;
    options.parse.limits.message_bytes = server.max_message_bytes;
    options.application = server.application;
    options.facility = server.facility;
    options.check_receiver = server.check_receiver;
    options.page = server.page;
    options.most_page = server.most_page;
    rules->responders_[{encoding->name, encoding->believe_msh18}] =
        std::make_unique<hl7v2::Responder>(manager, std::move(options));
  }
  return std::shared_ptr<const AnswererRules>(std::move(rules));
}

const hl7v2::Responder& AnswererRules::ResponderOf(const EncodingConfig& encoding) const {
  const auto found = responders_.find({encoding.name, encoding.believe_msh18});
  return found != responders_.end() ? *found->second : *responders_.begin()->second;
}

std::shared_ptr<const AnswererRules> Answerer::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void Answerer::SetRules(std::shared_ptr<const AnswererRules> rules) {
  const std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
}

hl7v2::Response Answerer::Respond(const AnswererRules& rules, const hl7v2::MessagePeer& peer,
                                  const std::string& listener, std::string_view message) {
  const auto begin = std::chrono::steady_clock::now();
  hl7v2::Response response = rules.ResponderOf(rules.gate().EncodingOf(listener, message)).Respond(peer, message);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  Note(response, listener, peer.address, took.count());
  return response;
}

void Answerer::Note(const hl7v2::Response& response, const std::string& listener, const std::string& address,
                    double seconds) {
  const std::string party = PartyLabel(response.party), code = response.code.empty() ? "none" : response.code;
  metrics_.Count(Metric::kMessages, {{"party", party}, {"type", TypeLabel(response.type)}, {"code", code}});
  metrics_.Observe(Metric::kAnswerSeconds, {{"kind", KindOf(response.type)}}, seconds);
  if (response.repeated) metrics_.Count(Metric::kRepeated, {{"party", party}});
  if (response.held) metrics_.Count(Metric::kHeld, {{"party", party}});
  std::string faults;
  for (const pix::Problem& problem : response.problems) {
    metrics_.Count(Metric::kProblems, {{"party", party}, {"fault", std::string(pix::FaultName(problem.fault))}});
    faults += (faults.empty() ? "" : ",") + std::string(pix::FaultName(problem.fault));
  }
  const bool fine = IsAccepted(response.code);
  LogEvent event = LogEvent(fine ? LogLevel::kInfo : LogLevel::kWarning, fine ? "answered" : "refused")
                       .Label("listener", listener)
                       .Label("peer", address)
                       .Label("party", response.party)
                       .Label("type", response.type)
                       .Label("control_id", response.control_id)
                       .Label("code", response.code)
                       .Number("microseconds", static_cast<int64_t>(seconds * 1e6));
  if (response.repeated) event.Flag("repeated", true);
  if (response.held) event.Flag("held", true);
  if (!faults.empty()) event.Word("faults", faults);
  if (const std::string reason = ReasonOf(response); !reason.empty()) event.Reason(reason);
  // A system that sends nonsense all day is not to fill the disk with it.
  if (!fine) event.Limited(party + " " + response.type + " " + faults + " " + address);
  log_.Write(event);
}

void Answerer::Keep(const hl7v2::Response& response, const hl7v2::MessagePeer& peer, const std::string& listener,
                    const EncodingConfig& encoding, std::string_view message) {
  QuarantineAbout about;
  about.listener = listener;
  about.peer = peer.address;
  about.party = response.party;
  about.parties = peer.parties;
  about.control_id = response.control_id;
  about.type = LogEvent::Plain(response.type, 20);
  about.code = response.code;
  about.reason = ReasonOf(response);
  for (const pix::Problem& problem : response.problems)
    about.problems.push_back({std::string(pix::FaultName(problem.fault)), problem.which, problem.text});
  about.encoding = encoding.name;
  about.believe_msh18 = encoding.believe_msh18;
  const auto number = quarantine_.Put(std::move(about), message);
  if (!number.ok()) {
    log_.Write(LogEvent(LogLevel::kError, "quarantine_failed")
                   .Label("party", response.party)
                   .Label("control_id", response.control_id)
                   .Reason(std::string(number.status().message())));
    return;
  }
  metrics_.Count(Metric::kQuarantined, {{"party", PartyLabel(response.party)}});
  log_.Write(LogEvent(LogLevel::kWarning, "quarantined")
                 .Number("number", static_cast<int64_t>(*number))
                 .Label("party", response.party)
                 .Label("control_id", response.control_id)
                 .Limited(response.party));
}

std::string Answerer::Answer(const PeerInfo& peer, std::string_view message) {
  const std::shared_ptr<const AnswererRules> rules = this->rules();
  const hl7v2::MessagePeer from{peer.address, rules->gate().Allowed(peer)};
  // Since it connected the configuration may have changed. No party at all would mean any.
  if (from.parties.empty()) {
    log_.Write(LogEvent(LogLevel::kWarning, "not_allowed_any_more").Label("peer", peer.address).Limited(peer.address));
    return "";
  }
  hl7v2::Response response = Respond(*rules, from, peer.listener, message);
  if (response.poison) Keep(response, from, peer.listener, rules->gate().EncodingOf(peer.listener, message), message);
  return std::move(response.answer);
}

ReplayOutcome Answerer::Replay(const QuarantineAbout& about, const std::string& message) {
  const std::shared_ptr<const AnswererRules> rules = this->rules();
  hl7v2::MessagePeer from{about.peer, about.parties};
  if (!about.party.empty()) from.parties = {about.party};
  const hl7v2::Response response = Respond(*rules, from, about.listener, message);
  ReplayOutcome outcome;
  outcome.code = response.code;
  outcome.reason = ReasonOf(response);
  outcome.accepted = IsAccepted(response.code);
  metrics_.Count(Metric::kReplays, {{"outcome", outcome.accepted ? "accepted" : "refused"}});
  return outcome;
}

}  // namespace nayose
