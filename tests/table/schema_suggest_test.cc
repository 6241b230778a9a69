// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/schema_suggest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libmpi/table/column_roles.h"

namespace libmpi::table {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(RoleOfNameTest, KnowsWhatPeopleCallColumns) {
  const std::pair<const char*, Role> cases[] = {
      {"first_name", Role::kGivenName}, {"fname_c1", Role::kGivenName},    {"GivenName", Role::kGivenName},
      {"surname", Role::kFamilyName},   {"Last Name", Role::kFamilyName},  {"middle_initial", Role::kMiddleName},
      {"dob", Role::kBirthDate},        {"date_of_birth", Role::kBirthDate}, {"by", Role::kBirthYear},
      {"birth_place", Role::kPlace},    {"street_number", Role::kHouseNumber}, {"address_1", Role::kStreet},
      {"zipcode", Role::kPostcode},     {"postcode_fake", Role::kPostcode}, {"suburb", Role::kTown},
      {"state", Role::kRegion},         {"soc_sec_id", Role::kIdentifier}, {"cluster", Role::kAnswer},
      {"unique_id", Role::kRecordId},   {"record_id", Role::kRecordId},    {"first_and_surname", Role::kFullName},
      {"colour", Role::kOther}};
  for (const auto& [name, role] : cases) EXPECT_EQ(RoleOfName(name), role) << name;
}

std::vector<std::vector<std::string>> Rows(size_t n) {
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < n; ++i)
    rows.push_back({std::to_string(i), i % 3 ? "Anna" : "Berta", i % 2 ? "Miller" : "Smith",
                    std::string(i % 3 ? "Anna" : "Berta") + (i % 2 ? " Miller" : " Smith"),
                    std::to_string(13 + i % 15) + "/0" + std::to_string(1 + i % 9) + "/1980", "1 High Street",
                    "AB" + std::to_string(i), "x", std::to_string(i / 2)});
  return rows;
}
const std::vector<std::string> kHeader = {"id",  "first_name", "surname", "full_name", "dob",
                                          "street", "postcode",   "country", "cluster"};

TEST(SchemaSuggestTest, ProposesAPersonSchemaWithReasons) {
  const auto suggestion = SuggestSchema(kHeader, Rows(200));
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  const Schema& schema = suggestion->schema;
  EXPECT_EQ(schema.record_id, "id");
  std::vector<std::string> fields, classes;
  for (const Field& f : schema.fields) fields.push_back(f.name);
  for (const ClassSpec& c : schema.classes) classes.push_back(c.name);
  // The street is always the same, full_name holds what others hold, cluster is an answer.
  EXPECT_THAT(fields, testing::ElementsAre("first_name", "surname", "dob", "postcode"));
  EXPECT_EQ(schema.fields[2].date_order, DateOrder::kDmy);
  EXPECT_THAT(classes, testing::ElementsAre("match", "unrelated", "household", "twins", "same_name"));
  EXPECT_THAT(suggestion->reasons, Contains(HasSubstr("full_name: left out")));
  EXPECT_THAT(suggestion->reasons, Contains(HasSubstr("cluster: left out")));
  EXPECT_TRUE(Schema::FromJson(schema.ToJson()).ok());
}

TEST(SchemaSuggestTest, WideTablesKeepWhatTellsMost) {
  std::vector<std::string> header = {"id", "birth_date", "birth_year", "birth_month", "birth_day"};
  for (int c = 0; c < 40; ++c) header.push_back("column" + std::to_string(c));
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 300; ++i) {
    rows.push_back({std::to_string(i), "19" + std::to_string(10 + i % 80) + "-01-02", "19" + std::to_string(10 + i % 80), "1", "2"});
    rows.back()[3] = std::to_string(1 + i % 12);
    rows.back()[4] = std::to_string(1 + i % 28);
    for (int c = 0; c < 40; ++c) rows.back().push_back("word" + std::to_string(i % (30 + c)));
  }
  const auto suggestion = SuggestSchema(header, rows);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  EXPECT_EQ(suggestion->schema.comparisons.size(), 20u);
  EXPECT_THAT(suggestion->reasons, Contains(HasSubstr("birth_year: left out")));
  EXPECT_THAT(suggestion->reasons, Contains(HasSubstr("column0: not compared")));
}

TEST(SchemaSuggestTest, RefusesWhatHasNothingToCompare) {
  EXPECT_FALSE(SuggestSchema({"id", "cluster"}, {{"1", "a"}, {"2", "b"}}).ok());
  EXPECT_FALSE(SuggestSchema({"id", "name"}, {}).ok());
}

}  // namespace
}  // namespace libmpi::table
