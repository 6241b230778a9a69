// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/metrics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, NothingCountedIsNothingSaid) { EXPECT_EQ(Metrics().Text({}), ""); }

TEST(MetricsTest, WritesAsPrometheusReads) {
  Metrics metrics;
  metrics.Count(Metric::kMessages, {{"party", "his"}, {"code", "AA"}});
  metrics.Count(Metric::kMessages, {{"party", "his"}, {"code", "AA"}}, 2);
  metrics.Count(Metric::kMessages, {{"party", "a\"b\\c\nd"}, {"code", "AE"}});
  EXPECT_EQ(metrics.Text({{Metric::kRecords, 7}, {Metric::kConnections, 1.5, {{"listener", "local"}}}}),
            "# HELP nayose_messages_total Messages answered, by acknowledgement code\n"
            "# TYPE nayose_messages_total counter\n"
            "nayose_messages_total{party=\"a\\\"b\\\\c\\nd\",code=\"AE\"} 1\n"
            "nayose_messages_total{party=\"his\",code=\"AA\"} 3\n"
            "# HELP nayose_records Live records of the registry\n"
            "# TYPE nayose_records gauge\n"
            "nayose_records 7\n"
            "# HELP nayose_connections Connections open\n"
            "# TYPE nayose_connections gauge\n"
            "nayose_connections{listener=\"local\"} 1.5\n");
}

TEST(MetricsTest, BucketsOfAHistogramAddUp) {
  Metrics metrics;
  for (const double seconds : {0.0004, 0.0005, 0.003, 60.0})
    metrics.Observe(Metric::kAnswerSeconds, {{"kind", "pix"}}, seconds);
  const std::string text = metrics.Text({});
  for (const char* line : {"_bucket{kind=\"pix\",le=\"0.0005\"} 2\n", "le=\"0.001\"} 2\n", "le=\"0.005\"} 3\n",
                           "le=\"5\"} 3\n", "le=\"+Inf\"} 4\n", "_sum{kind=\"pix\"} 60.0039\n",
                           "_count{kind=\"pix\"} 4\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace nayose
