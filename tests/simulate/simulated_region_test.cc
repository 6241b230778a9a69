// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/simulated_region.h"

#include <map>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace nayose {
namespace {

NetworkConfig Config() {
  NetworkConfig config;
  config.name = "test";
  config.registered = 400;
  config.institutions = 20;
  config.kinds_permille = {200, 400, 200, 0, 200};
  config.feeds = {{"hospital", libmpi::FeedFormat::kSsMix2, "", "", 100},
                  {"clinic", libmpi::FeedFormat::kUke, "", "", 70},
                  {"clinic", libmpi::FeedFormat::kOrca, "", "", 30},
                  {"pharmacy", libmpi::FeedFormat::kNsips, "", "", 100}};
  config.look_only = {"care"};
  Member town;
  town.name = "TOWN";
  town.kind = "town_hall";
  town.persons_percent = 100;
  town.has_coverage = false;
  config.members = {town};
  return config;
}

TEST(SimulatedRegion, HasTheNetworksFacilitiesAndTheirShares) {
  const SimulatedRegion region = MakeSimulatedRegion(Config(), {});
  std::map<std::string, int> kinds;
  std::map<libmpi::FeedFormat, int> clinics;
  for (const SimulatedFacility& f : region.facilities) {
    ++kinds[f.facility.kind];
    if (f.facility.kind == "clinic") ++clinics[f.format];
    EXPECT_EQ(f.institution.size(), 10u);
    EXPECT_EQ(f.facility.feeds, f.facility.kind != "care") << f.facility.name;
  }
  EXPECT_EQ(kinds, (std::map<std::string, int>{{"hospital", 4}, {"clinic", 8}, {"pharmacy", 4}, {"care", 4}, {"town_hall", 1}}));
  EXPECT_GE(clinics[libmpi::FeedFormat::kUke], 4);
  EXPECT_GE(clinics[libmpi::FeedFormat::kOrca], 2);
}

TEST(SimulatedRegion, RowsComeInTheOrderOfDaysAndRevisionsAfterWhatTheyRevise) {
  SimulationOptions options;
  options.days = 9;
  const SimulatedRegion region = MakeSimulatedRegion(Config(), options);
  std::map<std::string, int> last;
  int revised = 0, town = 0;
  int day = 0;
  for (const SimulatedRow& row : region.rows) {
    EXPECT_GE(row.day, day);
    day = row.day;
    EXPECT_LE(row.day, options.days);
    EXPECT_NE(region.facilities[row.facility].facility.kind, "care") << "a kind that only looks";
    revised += last.contains(TruthKey(row.record.key));
    last[TruthKey(row.record.key)] = row.day;
    town += row.record.key.source == "TOWN";
    EXPECT_EQ(region.person_of.at(TruthKey(row.record.key)), row.person);
  }
  EXPECT_GT(revised, 5);
  EXPECT_GE(static_cast<size_t>(town), region.persons.size() * 9 / 10) << "the town knows everybody";
}

TEST(SimulatedRegion, IsTheSameForTheSameSeedAndAnotherForAnother) {
  SimulationOptions options;
  const SimulatedRegion a = MakeSimulatedRegion(Config(), options), b = MakeSimulatedRegion(Config(), options);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].record, b.rows[i].record);
    EXPECT_EQ(a.rows[i].day, b.rows[i].day);
  }
  options.seed = 2;
  const SimulatedRegion c = MakeSimulatedRegion(Config(), options);
  EXPECT_NE(a.rows[0].record, c.rows[0].record);
}

TEST(SimulatedRegion, OfAMassWithdrawalThePartThatStaysIsAsItIsToldOf) {
  NetworkConfig config = Config();
  config.registered_before = 4000;
  config.needs = {Need::kMassWithdrawal};
  SimulationOptions options;
  options.days = 4;
  const SimulatedRegion region = MakeSimulatedRegion(config, options);
  int registered = 0, withdrawn = 0;
  for (const SimulatedPerson& person : region.persons) {
    registered += person.registers == 0;
    withdrawn += person.withdraws == 2;
  }
  EXPECT_NEAR(registered, 4000, 200);
  EXPECT_NEAR(registered - withdrawn, 400, 80);
}

TEST(DayNumber, GoesOverMonths) {
  EXPECT_EQ(DayNumber(0), (libmpi::CivilDate{2027, 1, 4}));
  EXPECT_EQ(DayNumber(28), (libmpi::CivilDate{2027, 2, 1}));
  EXPECT_EQ(DayNumber(-4), (libmpi::CivilDate{2026, 12, 31}));
}

}  // namespace
}  // namespace nayose
