// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/update_sender.h"

#include <algorithm>
#include <chrono>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "tools/serve/transport_options.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
namespace pix = libmpi::pix;

constexpr size_t kEventsARound = 100;
constexpr int64_t kLookMilliseconds = 500;  // for what is to be taken again

// Where and why, in words of the program: what the other side wrote may be anything. "PID-3.4 Unknown key identifier
// (204)".
std::string ReasonOf(const hl7v2::Acknowledged& answer) {
  std::string reason;
  for (const hl7v2::WireError& error : answer.errors) {
    const hl7v2::Location& at = error.at;
    if (!reason.empty()) reason += ", ";
    if (at.segment.size() == 3 && std::ranges::all_of(at.segment, [](char c) { return c >= '0' && c <= 'Z'; }))
      reason += at.segment + "-" + std::to_string(at.field) +
                (at.component == 0 ? "" : "." + std::to_string(at.component)) + " ";
    reason += std::string(hl7v2::ErrorCodeText(error.code)) + " (" + std::to_string(error.code) + ")";
    if (reason.size() > 200) break;
  }
  return reason.empty() ? "the answer does not say why" : reason;
}

MllpClientOptions ClientOptions(const UpdatesConfig& updates) {
  MllpClientOptions options;
  options.host = updates.host;
  options.port = updates.port;
  options.tls = TlsFilesOf(updates.tls);
  options.server_name = updates.tls.server_name;
  options.exchange_deadline = std::chrono::seconds(updates.answer_seconds);
  return options;
}

}  // namespace

UpdateSender::UpdateSender(PartyConfig party, ServerConfig server, pix::Manager* manager, Quarantine* quarantine,
                           Log* log, Metrics* metrics)
    : party_(std::move(party)), server_(std::move(server)), manager_(*manager), quarantine_(*quarantine), log_(*log),
      metrics_(*metrics), client_(ClientOptions(party_.updates)), thread_([this] { Run(); }) {}

UpdateSender::~UpdateSender() {
  StopSoon();
  thread_.join();
}

bool UpdateSender::Rest(int64_t milliseconds) {
  do {
    TakeAgain();
    if (!stop_.Pause(std::min(milliseconds, kLookMilliseconds))) return false;
    milliseconds -= kLookMilliseconds;
  } while (milliseconds > 0);
  return true;
}

size_t UpdateSender::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

int64_t UpdateSender::failing_milliseconds() const {
  const std::lock_guard lock(mutex_);
  return failing_since_ == 0 ? 0 : std::max<int64_t>(1, libmpi::SystemMilliseconds() - failing_since_);
}

absl::StatusOr<std::deque<std::string>> UpdateSender::MessagesOf(const pix::Party& party,
                                                                 const std::vector<pix::Update>& updates) const {
  hl7v2::MessageRoute route;
  route.application.namespace_id = server_.application;
  route.facility.namespace_id = server_.facility;
  const UpdatesConfig& to = party_.updates;
  route.to_application.namespace_id = to.application.empty() ? party.application : to.application;
  route.to_facility.namespace_id = to.facility.empty() ? party.facility : to.facility;
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::CharacterSet set,
                          hl7v2::CharacterSetOfName(party_.own_encoding ? party_.encoding.name : "UTF-8"));
  std::deque<std::string> messages;
  for (const pix::Update& update : updates) {
    const hl7v2::MessageBuilder message =
        hl7v2::MakeUpdateMessage(update, route, {"", libmpi::SystemMilliseconds()});
    LIBMPI_ASSIGN_OR_RETURN(std::string bytes, message.Encode(set, hl7v2::Substitute::kGeta));
    messages.push_back(std::move(bytes));
  }
  return messages;
}

absl::Status UpdateSender::Fetch() {
  // As the configuration has it now: who it is may have changed since this began.
  const std::shared_ptr<const pix::Directory> directory = manager_.directory();
  const pix::Party* const party = directory->FindParty(party_.party.name);
  if (party == nullptr) return absl::NotFoundError("the configuration does not know the party any more");
  LIBMPI_ASSIGN_OR_RETURN(const pix::Updates updates, manager_.UpdatesFor(*party, kEventsARound));
  LIBMPI_ASSIGN_OR_RETURN(std::deque<std::string> messages, MessagesOf(*party, updates.updates));
  const bool moved = updates.next != next_;
  next_ = updates.next;
  const std::lock_guard lock(mutex_);
  waiting_ = std::move(messages);
  fetched_ = moved;
  return absl::OkStatus();
}

absl::StatusOr<hl7v2::Acknowledged> UpdateSender::Send(const std::string& message) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string bytes, client_.Exchange(message));
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::Message answer, hl7v2::Message::Parse(bytes, {}));
  LIBMPI_ASSIGN_OR_RETURN(hl7v2::Acknowledged said, hl7v2::ReadAcknowledgement(answer));
  if (!said.accepted() && !said.refused())
    return absl::UnavailableError("it answered " + said.code + ", try again later: " + ReasonOf(said));
  metrics_.Count(Metric::kUpdates, {{"party", party()}, {"outcome", said.accepted() ? "delivered" : "refused"}});
  LogEvent event = LogEvent(said.accepted() ? LogLevel::kInfo : LogLevel::kWarning,
                            said.accepted() ? "update_delivered" : "update_refused")
                       .Label("party", party())
                       .Label("code", said.code)
                       .Label("control_id", said.control_id);
  if (!said.accepted()) event.Reason(ReasonOf(said));
  log_.Write(event);
  return said;
}

absl::Status UpdateSender::Keep(const std::string& message, const hl7v2::Acknowledged& answer) {
  QuarantineAbout about;
  about.outgoing = true;
  about.peer = party_.updates.host + ":" + std::to_string(party_.updates.port);
  about.party = party();
  about.control_id = LogEvent::Plain(answer.control_id, LogEvent::kLongestLabel);
  about.type = "ADT^A31";
  about.code = answer.code;
  about.reason = ReasonOf(answer);
  about.encoding = party_.own_encoding ? party_.encoding.name : "UTF-8";
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t number, quarantine_.Put(about, message));
  metrics_.Count(Metric::kQuarantined, {{"party", party()}});
  log_.Write(LogEvent(LogLevel::kWarning, "quarantined")
                 .Number("number", static_cast<int64_t>(number))
                 .Label("party", party())
                 .Label("control_id", answer.control_id)
                 .Limited(party()));
  return absl::OkStatus();
}

absl::Status UpdateSender::DeliverFront() {
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::Acknowledged answer, Send(waiting_.front()));
  // Refused for good: sent again by itself it would hold up those that follow for ever.
  if (!answer.accepted()) LIBMPI_RETURN_IF_ERROR(Keep(waiting_.front(), answer));
  const std::lock_guard lock(mutex_);
  waiting_.pop_front();
  failing_since_ = 0;
  return absl::OkStatus();
}

void UpdateSender::TakeAgain() {
  const auto taken =
      quarantine_.Poll([this](const QuarantineAbout&, const std::string& message) { return TellAgain(message); },
                       [this](const QuarantineAbout& about) { return about.outgoing && about.party == party(); },
                       [this] { return stop_.stopped(); });
  if (!taken.ok())
    log_.Write(LogEvent(LogLevel::kError, "quarantine_failed").Reason(std::string(taken.status().message())).Limited());
}

absl::StatusOr<std::deque<std::string>> UpdateSender::MakeAnew(const std::string& message) const {
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::Message refused, hl7v2::Message::Parse(message, {}));
  const hl7v2::Segment* const pid = refused.Find("PID");
  if (pid == nullptr) return absl::DataLossError("the message names no patient");
  const std::shared_ptr<const pix::Directory> directory = manager_.directory();
  const pix::Party* const party = directory->FindParty(party_.party.name);
  if (party == nullptr) return absl::NotFoundError("the configuration does not know the party any more");
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<pix::Update> updates,
                          manager_.UpdatesAbout(*party, hl7v2::ReadIdentifiers(pid->field(3))));
  return MessagesOf(*party, updates);
}

ReplayOutcome UpdateSender::TellAgain(const std::string& message) {
  ReplayOutcome outcome;
  const auto messages = MakeAnew(message);
  outcome.accepted = messages.ok();
  if (!messages.ok()) outcome.reason = std::string(messages.status().message());
  else if (messages->empty()) outcome.reason = "nothing is to be told of the patient any more";
  for (size_t i = 0; outcome.accepted && i < messages->size(); ++i) {
    const auto answer = Send((*messages)[i]);
    outcome.accepted = answer.ok() && answer->accepted();
    outcome.code = answer.ok() ? answer->code : "";
    if (!outcome.accepted) outcome.reason = answer.ok() ? ReasonOf(*answer) : std::string(answer.status().message());
  }
  metrics_.Count(Metric::kReplays, {{"outcome", outcome.accepted ? "accepted" : "refused"}});
  return outcome;
}

absl::StatusOr<bool> UpdateSender::Round() {
  if (!fetched_) LIBMPI_RETURN_IF_ERROR(Fetch());
  if (!fetched_) return false;
  while (!waiting_.empty()) {
    if (stop_.stopped()) return true;
    LIBMPI_RETURN_IF_ERROR(DeliverFront());
  }
  const std::shared_ptr<const pix::Directory> directory = manager_.directory();
  if (const pix::Party* const known = directory->FindParty(party()))
    LIBMPI_RETURN_IF_ERROR(manager_.ConfirmUpdates(*known, next_));
  fetched_ = false;
  return true;
}

void UpdateSender::Run() {
  const UpdatesConfig& updates = party_.updates;
  int64_t pause = updates.first_pause_seconds * 1000;
  int64_t next_pause = 0;
  while (Rest(next_pause)) {
    const absl::StatusOr<bool> some = Round();
    if (some.ok()) {
      pause = updates.first_pause_seconds * 1000;
      next_pause = *some ? 0 : updates.poll_milliseconds;
      const std::lock_guard lock(mutex_);
      failing_since_ = 0;
      continue;
    }
    metrics_.Count(Metric::kUpdates, {{"party", party()}, {"outcome", "failed"}});
    log_.Write(LogEvent(LogLevel::kWarning, "update_failed")
                   .Label("party", party())
                   .Number("next_try_milliseconds", pause)
                   .Reason(std::string(some.status().message()))
                   .Limited(party()));
    next_pause = pause;
    pause = std::min(pause * 2, updates.longest_pause_seconds * 1000);
    const std::lock_guard lock(mutex_);
    if (failing_since_ == 0) failing_since_ = libmpi::SystemMilliseconds();
  }
}

}  // namespace nayose
