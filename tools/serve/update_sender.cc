// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/update_sender.h"

#include <algorithm>
#include <chrono>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/exchange/hl7v2/update_message.h"
#include "tools/serve/transport_options.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
namespace pix = libmpi::pix;

constexpr size_t kEventsARound = 100;

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

UpdateSender::UpdateSender(PartyConfig party, ServerConfig server, pix::Manager* manager, Log* log, Metrics* metrics)
    : party_(std::move(party)), server_(std::move(server)), manager_(*manager), log_(*log), metrics_(*metrics),
      client_(ClientOptions(party_.updates)), thread_([this] { Run(); }) {}

UpdateSender::~UpdateSender() {
  StopSoon();
  thread_.join();
}

void UpdateSender::StopSoon() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
}

bool UpdateSender::Pause(int64_t milliseconds) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return stop_; });
}

size_t UpdateSender::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

int64_t UpdateSender::failing_milliseconds() const {
  const std::lock_guard lock(mutex_);
  return failing_since_ == 0 ? 0 : std::max<int64_t>(1, libmpi::SystemMilliseconds() - failing_since_);
}

absl::Status UpdateSender::Fetch() {
  // As the configuration has it now: who it is may have changed since this began.
  const std::shared_ptr<const pix::Directory> directory = manager_.directory();
  const pix::Party* const party = directory->FindParty(party_.party.name);
  if (party == nullptr) return absl::NotFoundError("the configuration does not know the party any more");
  LIBMPI_ASSIGN_OR_RETURN(const pix::Updates updates, manager_.UpdatesFor(*party, kEventsARound));
  hl7v2::MessageRoute route;
  route.application.namespace_id = server_.application;
  route.facility.namespace_id = server_.facility;
  const UpdatesConfig& to = party_.updates;
  route.to_application.namespace_id = to.application.empty() ? party->application : to.application;
  route.to_facility.namespace_id = to.facility.empty() ? party->facility : to.facility;
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::CharacterSet set,
                          hl7v2::CharacterSetOfName(party_.own_encoding ? party_.encoding.name : "UTF-8"));
  std::deque<std::string> messages;
  for (const pix::Update& update : updates.updates) {
    LIBMPI_ASSIGN_OR_RETURN(std::string bytes, hl7v2::MakeUpdateMessage(update, route, {"", libmpi::SystemMilliseconds()}).Encode(set, true));
    messages.push_back(std::move(bytes));
  }
  const bool moved = updates.next != next_;
  next_ = updates.next;
  const std::lock_guard lock(mutex_);
  waiting_ = std::move(messages);
  fetched_ = moved;
  return absl::OkStatus();
}

absl::Status UpdateSender::DeliverFront() {
  LIBMPI_ASSIGN_OR_RETURN(const std::string bytes, client_.Exchange(waiting_.front()));
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::Message message, hl7v2::Message::Parse(bytes, {}));
  LIBMPI_ASSIGN_OR_RETURN(const hl7v2::Acknowledged answer, hl7v2::ReadAcknowledgement(message));
  if (!answer.accepted() && !answer.refused())
    return absl::UnavailableError("it answered " + answer.code + ": try again later");
  metrics_.Count(Metric::kUpdates, {{"party", party()}, {"outcome", answer.accepted() ? "delivered" : "refused"}});
  log_.Write(LogEvent(answer.accepted() ? LogLevel::kInfo : LogLevel::kWarning,
                      answer.accepted() ? "update_delivered" : "update_refused")
                 .Label("party", party())
                 .Label("code", answer.code)
                 .Label("control_id", answer.control_id));
  // Refused for good: sent again it would hold up those that follow for ever.
  const std::lock_guard lock(mutex_);
  waiting_.pop_front();
  failing_since_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<bool> UpdateSender::Round() {
  if (!fetched_) LIBMPI_RETURN_IF_ERROR(Fetch());
  if (!fetched_) return false;
  while (!waiting_.empty()) {
    if (!Pause(0)) return true;
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
  while (Pause(next_pause)) {
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
