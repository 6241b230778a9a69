// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/metrics.h"

#include <cstdio>

namespace nayose {
namespace {

struct Family {
  Metric metric;
  const char* name;
  const char* type;
  const char* help;
};

constexpr Family kFamilies[] = {
    {Metric::kMessages, "nayose_messages_total", "counter", "Messages answered, by acknowledgement code"},
    {Metric::kProblems, "nayose_problems_total", "counter", "What was wrong with messages that were refused"},
    {Metric::kRepeated, "nayose_repeated_total", "counter", "Messages that had been accepted before"},
    {Metric::kHeld, "nayose_held_total", "counter", "Feeds that were accepted and wait for a steward"},
    {Metric::kAnswerSeconds, "nayose_answer_seconds", "histogram", "From a whole message to its answer"},
    {Metric::kUpdates, "nayose_updates_total", "counter", "Update notifications (ITI-10)"},
    {Metric::kQuarantined, "nayose_quarantined_total", "counter", "Messages put into quarantine"},
    {Metric::kQuarantineDropped, "nayose_quarantine_dropped_total", "counter",
     "Messages that left the quarantine because there were too many or they were too old"},
    {Metric::kReplays, "nayose_replays_total", "counter", "Messages of the quarantine handed in again"},
    {Metric::kReloads, "nayose_reloads_total", "counter", "Times that the configuration was read anew"},
    {Metric::kRecords, "nayose_records", "gauge", "Live records of the registry"},
    {Metric::kPersons, "nayose_persons", "gauge", "Persons of the registry"},
    {Metric::kHeldRevisions, "nayose_held_revisions", "gauge", "Revisions that wait for a steward"},
    {Metric::kStoreWritable, "nayose_store_writable", "gauge", "1 where changes can be kept"},
    {Metric::kStoreBytes, "nayose_store_bytes", "gauge", "The registry's files"},
    {Metric::kQuarantine, "nayose_quarantine_messages", "gauge", "Messages in quarantine"},
    {Metric::kUpdatesWaiting, "nayose_updates_waiting", "gauge", "Notifications read and not confirmed yet"},
    {Metric::kUpdatesFailingSeconds, "nayose_updates_failing_seconds", "gauge",
     "Since when notifications to the party fail; 0: they do not"},
    {Metric::kAuditFileWaiting, "nayose_audit_file_waiting", "gauge",
     "Entries of the audit trail that are not in [audit] file yet"},
    {Metric::kConnections, "nayose_connections", "gauge", "Connections open"},
    {Metric::kConnectionsTotal, "nayose_connections_total", "counter", "Connections accepted"},
    {Metric::kConnectionsRefused, "nayose_connections_refused_total", "counter", "Connections turned away"},
    {Metric::kFrameErrors, "nayose_frame_errors_total", "counter", "Connections ended by bytes that are no MLLP"},
    {Metric::kHandshakeFailures, "nayose_handshake_failures_total", "counter", "TLS handshakes that failed"},
    {Metric::kTimeouts, "nayose_timeouts_total", "counter", "Connections ended by a deadline"},
    {Metric::kFrames, "nayose_frames_total", "counter", "Whole messages read"},
    {Metric::kHandlerFailures, "nayose_handler_failures_total", "counter", "Messages that no answer could be made for"},
    {Metric::kWaiting, "nayose_messages_waiting", "gauge", "Messages that wait for a thread"},
    {Metric::kInFlight, "nayose_messages_in_flight", "gauge", "Messages that are being answered"},
    {Metric::kPaused, "nayose_connections_paused", "gauge", "Connections that are not read because of a bound"},
    {Metric::kBytes, "nayose_bytes_total", "counter", "Bytes of messages and answers"},
    {Metric::kLogLinesLost, "nayose_log_lines_lost_total", "counter", "Log lines that could not be written"},
    {Metric::kStartSeconds, "nayose_start_time_seconds", "gauge", "When the server started, since 1970"},
    {Metric::kRestartNeeded, "nayose_restart_needed", "gauge",
     "Keys of the configuration that were changed and take effect at a new start; /health names them"},
};

std::string LabelText(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += (text.empty() ? "" : ",") + std::string(name) + "=\"";
    for (const char c : value) {
      if (c == '\\' || c == '"') text += '\\';
      if (c == '\n') text += "\\n";
      else text += c;
    }
    text += '"';
  }
  return text;
}

std::string NumberText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string Sample(const std::string& name, const std::string& labels, const std::string& value) {
  return name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

}  // namespace

void Metrics::Count(Metric metric, MetricLabels labels, uint64_t by) {
  const std::string text = LabelText(labels);
  const std::lock_guard lock(mutex_);
  counters_[{metric, text}] += by;
}

void Metrics::Observe(Metric metric, MetricLabels labels, double seconds) {
  const std::string text = LabelText(labels);
  const std::lock_guard lock(mutex_);
  Histogram& histogram = histograms_[{metric, text}];
  for (size_t i = 0; i < kBuckets.size(); ++i)
    if (seconds <= kBuckets[i]) ++histogram.buckets[i];
  ++histogram.count;
  histogram.sum += seconds;
}

std::string Metrics::Text(const std::vector<MetricValue>& looked_at) const {
  std::map<Metric, std::string> samples;
  std::map<Metric, const char*> names;
  for (const Family& family : kFamilies) names[family.metric] = family.name;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : counters_)
      samples[key.first] += Sample(names[key.first], key.second, std::to_string(count));
    for (const auto& [key, histogram] : histograms_) {
      const std::string name = names[key.first], comma = key.second.empty() ? "" : ",";
      std::string& text = samples[key.first];
      for (size_t i = 0; i < kBuckets.size(); ++i)
        text += Sample(name + "_bucket", key.second + comma + "le=\"" + NumberText(kBuckets[i]) + "\"",
                       std::to_string(histogram.buckets[i]));
      text += Sample(name + "_bucket", key.second + comma + "le=\"+Inf\"", std::to_string(histogram.count));
      text += Sample(name + "_sum", key.second, NumberText(histogram.sum));
      text += Sample(name + "_count", key.second, std::to_string(histogram.count));
    }
  }
  for (const MetricValue& value : looked_at)
    samples[value.metric] += Sample(names[value.metric], LabelText(value.labels), NumberText(value.value));
  std::string text;
  for (const Family& family : kFamilies) {
    const auto found = samples.find(family.metric);
    if (found == samples.end()) continue;
    const std::string name = family.name;
    text += "# HELP " + name + " " + family.help + "\n# TYPE " + name + " " + family.type + "\n" + found->second;
  }
  return text;
}

}  // namespace nayose
