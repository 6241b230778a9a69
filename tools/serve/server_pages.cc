// SPDX-License-Identifier: Apache-2.0
// What the server says of itself: metrics and health.
#include "tools/serve/restart_keys.h"
#include "tools/serve/server.h"

namespace nayose {
namespace {

void AddTransport(const MllpServerStats& stats, std::vector<MetricValue>* values) {
  const auto add = [&](Metric metric, uint64_t value, MetricLabels labels = {}) {
    values->push_back({metric, static_cast<double>(value), std::move(labels)});
  };
  add(Metric::kConnections, stats.connections_now);
  add(Metric::kConnectionsTotal, stats.connections);
  for (size_t i = 0; i < kRefusalReasons; ++i)
    add(Metric::kConnectionsRefused, stats.refused[i],
        {{"reason", std::string(RefusalReasonName(static_cast<RefusalReason>(i)))}});
  for (size_t i = 0; i < kHandshakeFailures; ++i)
    add(Metric::kHandshakeFailures, stats.handshake_failures[i],
        {{"failure", std::string(HandshakeFailureName(static_cast<HandshakeFailure>(i)))}});
  for (size_t i = 1; i < kFrameErrors; ++i)
    add(Metric::kFrameErrors, stats.frame_errors[i],
        {{"error", std::string(FrameErrorName(static_cast<FrameError>(i)))}});
  for (size_t i = 0; i < kDeadlineKinds; ++i)
    add(Metric::kTimeouts, stats.timeouts[i],
        {{"deadline", std::string(DeadlineKindName(static_cast<DeadlineKind>(i)))}});
  add(Metric::kBytes, stats.bytes_read, {{"direction", "read"}});
  add(Metric::kBytes, stats.bytes_written, {{"direction", "written"}});
  add(Metric::kFrames, stats.frames);
  add(Metric::kHandlerFailures, stats.handler_failures);
  add(Metric::kWaiting, stats.waiting_now);
  add(Metric::kInFlight, stats.in_flight_now);
  add(Metric::kPaused, stats.paused_now);
}

}  // namespace

std::vector<MetricValue> Server::LookAt() const {
  std::vector<MetricValue> values;
  if (const auto stats = served_.registry->GetStats(); stats.ok()) {
    values.push_back({Metric::kRecords, static_cast<double>(stats->records)});
    values.push_back({Metric::kPersons, static_cast<double>(stats->persons)});
    values.push_back({Metric::kHeldRevisions, static_cast<double>(stats->held)});
    values.push_back({Metric::kStoreWritable, stats->writable ? 1.0 : 0.0});
    values.push_back({Metric::kStoreBytes, static_cast<double>(stats->file_bytes)});
  }
  values.push_back({Metric::kQuarantine, static_cast<double>(quarantine_->size())});
  {
    const std::lock_guard lock(senders_mutex_);
    for (const auto& sender : senders_) {
      const MetricLabels party = {{"party", sender->party()}};
      values.push_back({Metric::kUpdatesWaiting, static_cast<double>(sender->waiting()), party});
      values.push_back(
          {Metric::kUpdatesFailingSeconds, static_cast<double>(sender->failing_milliseconds()) / 1000, party});
    }
  }
  {
    const std::lock_guard lock(audit_file_mutex_);
    if (audit_file_ != nullptr)
      if (const auto waiting = audit_file_->waiting(); waiting.ok())
        values.push_back({Metric::kAuditFileWaiting, static_cast<double>(*waiting)});
  }
  AddTransport(transport_->Stats(), &values);
  values.push_back({Metric::kLogLinesLost, static_cast<double>(log_.lost())});
  values.push_back({Metric::kStartSeconds, static_cast<double>(started_) / 1000});
  values.push_back({Metric::kRestartNeeded, static_cast<double>(restart_keys().size())});
  return values;
}

HttpAnswer Server::Health() const {
  HttpAnswer answer;
  const auto stats = served_.registry->GetStats();
  if (!serving_) answer.body = "starting or stopping\n";
  else if (!stats.ok()) answer.body = "the registry does not answer\n";
  else if (!stats->writable) answer.body = "the registry can't be written: feeds are refused until it is recovered\n";
  answer.status = answer.body.empty() ? 200 : 503;
  if (!answer.body.empty()) return answer;
  answer.body = "ok\n";
  if (const std::vector<std::string> keys = restart_keys(); !keys.empty())
    answer.body += "changed, and in effect at a new start: " + KeyList(keys) + "\n";
  return answer;
}

}  // namespace nayose
