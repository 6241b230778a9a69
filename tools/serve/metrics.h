// SPDX-License-Identifier: Apache-2.0
// What the server counts, as Prometheus reads it (text format 0.0.4). No patient's data: labels are names of the
// configuration and words of the program.
#ifndef LIBMPI_TOOLS_SERVE_METRICS_H_
#define LIBMPI_TOOLS_SERVE_METRICS_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nayose {

// One that is counted, measured or looked at when it is asked for.
enum class Metric : uint8_t {
  kMessages,           // party, type, code
  kProblems,           // party, fault
  kRepeated,           // party
  kHeld,               // party
  kAnswerSeconds,      // kind: feed, pix, pdq, other
  kUpdates,            // party, outcome: delivered, failed, refused
  kQuarantined,        // party
  kQuarantineDropped,  // why: most, days
  kReplays,            // outcome: accepted, refused
  kReloads,            // outcome: done, refused
  // Looked at.
  kRecords, kPersons, kHeldRevisions, kStoreWritable, kStoreBytes,
  kQuarantine, kUpdatesWaiting /* party */, kUpdatesFailingSeconds /* party */, kAuditFileWaiting,
  kConnections, kConnectionsTotal, kConnectionsRefused /* reason */, kHandshakeFailures /* failure */,
  kFrameErrors /* error */, kTimeouts /* deadline */, kBytes /* direction */, kFrames, kHandlerFailures, kWaiting,
  kInFlight, kPaused,
  kLogLinesLost, kStartSeconds, kRestartNeeded,
};

using MetricLabels = std::vector<std::pair<const char*, std::string>>;

// Of something that is looked at: a value now.
struct MetricValue {
  Metric metric;
  double value = 0;
  MetricLabels labels = {};
};

// Thread-safe.
class Metrics {
 public:
  void Count(Metric metric, MetricLabels labels, uint64_t by = 1);
  void Observe(Metric metric, MetricLabels labels, double seconds);
  // Everything, with what was looked at.
  std::string Text(const std::vector<MetricValue>& looked_at) const;

  // Seconds, each a bucket's upper end.
  static constexpr std::array<double, 12> kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                      0.05,   0.1,   0.25,   0.5,   1,    5};

 private:
  struct Histogram {
    std::array<uint64_t, kBuckets.size()> buckets{};
    uint64_t count = 0;
    double sum = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<Metric, std::string>, uint64_t> counters_;     // by labels as they are written
  std::map<std::pair<Metric, std::string>, Histogram> histograms_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_METRICS_H_
