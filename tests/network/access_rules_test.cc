// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/access_rules.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/network/access_table.h"

namespace libmpi {
namespace {

using testing::HasSubstr;

const Facility kHospital = {"hospital", "hospital", true, true, {"H1", "H2"}};
const Facility kFeeder = {"feeder", "clinic", true, false, {"F1"}};
const Facility kAsker = {"asker", "pharmacy", false, true, {"A1"}};
const Facility kIdle = {"idle", "care", false, false, {"I1"}};

// Every state of consent x role of a facility x profession x purpose x operation, against the table of docs/network.md
// as it is written down once more in access_table.h: what is allowed, and whether a foreign and an own record are told
// of.
TEST(AccessRulesTest, EveryCellOfTheTableIsAsItIsWritten) {
  const AccessRules rules = AccessRules::Default();
  const Facility* const facilities[] = {nullptr, &kHospital, &kFeeder, &kAsker, &kIdle};
  uint64_t cells = 0, allowed = 0, told = 0;
  for (int profession = 0; profession < kProfessions; ++profession)
    for (int purpose = 0; purpose < kPurposes; ++purpose)
      for (int operation = 0; operation < kOperations; ++operation)
        for (const Facility* facility : facilities) {
          Requester by;
          by.profession = static_cast<Profession>(profession);
          by.purpose = static_cast<Purpose>(purpose);
          if (facility != nullptr) by.facility = facility->name;
          const auto asked = static_cast<Operation>(operation);
          const Sight sight = SightOf(rules, by, facility, asked);
          const TableRow row = TableRowOf(by, facility, asked);
          for (const ConsentState state : {ConsentState::kUnasked, ConsentState::kRegistered, ConsentState::kWithdrawn,
                                           ConsentState::kReconsented})
            for (const bool named : {true, false}) {
              const std::string other = named ? by.facility : "another";
              const Consent consent = {state, {2026, 4, 1}, {other}};
              ++cells;
              allowed += row.allowed;
              const std::string cell = std::string(ProfessionName(by.profession)) + " " +
                                       std::string(PurposeName(by.purpose)) + " " + std::string(OperationName(asked)) +
                                       " " + by.facility + " " + std::string(ConsentStateName(state));
              ASSERT_EQ(sight != Sight::kRefused, row.allowed) << cell;
              const bool foreign = MaySee(sight, rules, facility, "elsewhere", "", consent);
              ASSERT_EQ(foreign, ForeignIsTold(row, state, named)) << cell;
              told += foreign;
              if (facility != nullptr) {
                ASSERT_EQ(MaySee(sight, rules, facility, facility->authorities[0], "", consent), row.allowed) << cell;
              }
            }
        }
  EXPECT_EQ(cells, uint64_t{kProfessions} * kPurposes * kOperations * 5 * 8);
  EXPECT_GT(allowed, 1000u);
  EXPECT_GT(told, 500u);
}

TEST(AccessRulesTest, AFacilityThatNobodyKnowsIsRefusedEverything) {
  const AccessRules rules = AccessRules::Default();
  Requester by;
  by.facility = "nowhere";
  for (int profession = 0; profession < kProfessions; ++profession)
    for (int purpose = 0; purpose < kPurposes; ++purpose)
      for (int operation = 0; operation < kOperations; ++operation) {
        by.profession = static_cast<Profession>(profession);
        by.purpose = static_cast<Purpose>(purpose);
        EXPECT_EQ(SightOf(rules, by, nullptr, static_cast<Operation>(operation)), Sight::kRefused);
      }
}

TEST(AccessRulesTest, TheWidestOfTheRulesThatFitCounts) {
  AccessRules rules;
  rules.rules = {{{Profession::kNurse}, {Purpose::kTreatment}, {Operation::kFind}, Sight::kOwn},
                 {{Profession::kNurse}, {Purpose::kTreatment}, {Operation::kFind, Operation::kRead}, Sight::kToldOf}};
  const Requester by = {"n", "hospital", "", Profession::kNurse, Purpose::kTreatment, "", ""};
  EXPECT_EQ(SightOf(rules, by, &kHospital, Operation::kFind), Sight::kToldOf);
  std::swap(rules.rules[0], rules.rules[1]);
  EXPECT_EQ(SightOf(rules, by, &kHospital, Operation::kFind), Sight::kToldOf);
  EXPECT_EQ(SightOf(rules, by, &kHospital, Operation::kSearch), Sight::kRefused);
}

TEST(AccessRulesTest, JsonComesBackAndErrorsNameTheirMember) {
  const AccessRules rules = AccessRules::Default();
  const auto back = AccessRulesOfJson(ToJson(rules));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, rules);
  const struct {
    const char* text;
    const char* says;
  } wrong[] = {
      {"", "no JSON object"},
      {"[]", "no JSON object"},
      {R"({"rules":[]})", "consent"},
      {R"({"consent":"maybe","rules":[]})", "opt_in or opt_out"},
      {R"({"consent":"opt_in"})", "rules"},
      {R"({"consent":"opt_in","rules":[],"else":1})", "nothing else"},
      {R"({"consent":"opt_in","tenants_apart":"yes","rules":[]})", "tenants_apart"},
      {R"({"consent":"opt_in","rules":[1]})", "rules[0]"},
      {R"({"consent":"opt_in","rules":[{"who":["nurse"],"why":["treatment"],"what":["find"]}]})", "\"sees\""},
      {R"({"consent":"opt_in","rules":[{"who":["nurse"],"why":["treatment"],"what":["find"],"sees":"refused"}]})",
       "\"sees\""},
      {R"({"consent":"opt_in","rules":[{"who":["witch"],"why":["treatment"],"what":["find"],"sees":"own"}]})",
       "\"who\""},
      {R"({"consent":"opt_in","rules":[{"who":["nurse"],"why":[],"what":["find"],"sees":"own"}]})", "\"why\""},
      {R"({"consent":"opt_in","rules":[{"who":["nurse"],"why":["audit"],"what":"find","sees":"own"}]})", "\"what\""},
      {R"({"consent":"opt_in","rules":[{"who":["nurse"],"why":["audit"],"what":["find"],"sees":"own","x":1}]})",
       "nothing else"},
  };
  for (const auto& w : wrong) {
    const auto read = AccessRulesOfJson(w.text);
    ASSERT_FALSE(read.ok()) << w.text;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(w.says)) << w.text;
  }
  EXPECT_FALSE(AccessRulesOfJson(std::string(100'000, '[')).ok());
}

TEST(AccessRulesTest, NamesComeBack) {
  for (int i = 0; i < kProfessions; ++i)
    EXPECT_EQ(ProfessionOf(ProfessionName(static_cast<Profession>(i))), static_cast<Profession>(i));
  for (int i = 0; i < kPurposes; ++i)
    EXPECT_EQ(PurposeOf(PurposeName(static_cast<Purpose>(i))), static_cast<Purpose>(i));
  for (int i = 0; i < kOperations; ++i)
    EXPECT_EQ(OperationOf(OperationName(static_cast<Operation>(i))), static_cast<Operation>(i));
  EXPECT_EQ(ProfessionOf("unknown"), std::nullopt);
  EXPECT_EQ(OperationName(static_cast<Operation>(200)), "unknown");
}

}  // namespace
}  // namespace libmpi
