// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/network_config.h"

#include <set>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kSmall = R"(
name = "small"
title = "小"
[known]
population = 1000
registered = 100
institutions = 5
[[known.feed]]
kind = "hospital"
format = "ss-mix2"
[assumed]
kinds_permille = { hospital = 1000 }
)";

std::string With(const std::string& lines) { return std::string(kSmall) + lines; }

TEST(NetworkConfig, ReadsWhatIsKnownAndWhatIsAssumed) {
  const auto config = ParseNetworkConfig(kSmall, "small.toml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->registered, 100u);
  ASSERT_EQ(config->feeds.size(), 1u);
  EXPECT_EQ(config->feeds[0].format, libmpi::FeedFormat::kSsMix2);
  EXPECT_THAT(config->known_lines, ::testing::Contains("hospital: ss-mix2"));
  EXPECT_THAT(config->assumed_lines, ::testing::Contains("kinds_permille"));
}

struct Wrong {
  const char* lines;
  const char* reason;
};

class NetworkConfigIsRefused : public ::testing::TestWithParam<Wrong> {};

TEST_P(NetworkConfigIsRefused, SayingWhatIsWrong) {
  const auto config = ParseNetworkConfig(With(GetParam().lines), "x.toml");
  ASSERT_FALSE(config.ok());
  EXPECT_THAT(std::string(config.status().message()), HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Files, NetworkConfigIsRefused,
    ::testing::Values(Wrong{"population = 7\n", "assumed.population: is known and assumed"},
                      Wrong{"needs = [\"consent_anew\"]\n", "did you mean \"consents_anew\"?"},
                      Wrong{"needs = [\"absorb\"]\n", "absorb needs areas = 2 or more"},
                      Wrong{"needs = [\"interconnected\"]\n", "interconnected needs a partner"},
                      Wrong{"regisstered = 3\n", "did you mean \"registered\"?"},
                      Wrong{"[[assumed.feed]]\nkind = \"hospital\"\nformat = \"csv\"\n", "must sum up to 100 %"},
                      Wrong{"[[assumed.feed]]\nkind = \"hotel\"\nformat = \"csv\"\n", "must be one of hospital"},
                      Wrong{"[[assumed.feed]]\nkind = \"clinic\"\nformat = \"fax\"\n", "is none of nayose import's formats"},
                      Wrong{"[[assumed.feed]]\nkind = \"clinic\"\nformat = \"uke\"\ncolumns = \"lab-center\"\n", "is of csv alone"},
                      Wrong{"[[assumed.member]]\nname = \"town\"\nkind = \"town_hall\"\n", "must be of A to Z"},
                      Wrong{"prefecture = \"東京\"\n", "must be 01 to 47"}, Wrong{"prefecture = \"48\"\n", "must be 01 to 47"},
                      Wrong{"[[assumed.feed]]\nkind = \"clinic\"\nformat = \"uke\"\ncharset = \"morse\"\n", "is none that nayose knows"},
                      Wrong{"registered = \n", "x.toml:"}));

TEST(NetworkConfig, SixteenComeWithTheProgramAndAreFoundByAnyOfTheirNames) {
  const std::vector<std::string> names = BundledNetworks();
  EXPECT_EQ(names.size(), 16u);
  std::set<libmpi::FeedFormat> formats;
  std::set<Need> needs;
  for (const std::string& name : names) {
    const auto config = FindNetwork(name);
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_TRUE(FindNetwork(config->name).ok());
    EXPECT_FALSE(config->title.empty());
    EXPECT_TRUE(config->partner.empty() || FindNetwork(config->partner).ok()) << config->partner;
    for (const KindFeed& feed : config->feeds) formats.insert(feed.format);
    for (const Member& member : config->members)
      if (member.persons_percent > 0) formats.insert(member.format);
    needs.insert(config->needs.begin(), config->needs.end());
  }
  EXPECT_EQ(formats.size(), libmpi::FeedFormats().size());
  EXPECT_EQ(needs.size(), static_cast<size_t>(kNeeds));
  EXPECT_TRUE(FindNetwork("mmwin").ok());
  EXPECT_TRUE(FindNetwork("Shachi Brain").ok());
  EXPECT_THAT(std::string(FindNetwork("nobody").status().message()), HasSubstr("MMWIN"));
}

}  // namespace
}  // namespace nayose
