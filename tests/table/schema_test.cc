// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace libmpi::table {
namespace {

constexpr char kSchema[] = R"({
 "format": "libmpi-schema", "version": 1, "record_id": "id",
 "fields": [
  {"name": "first", "kind": "name", "column": "first_name"},
  {"name": "last", "kind": "name", "column": "surname", "missing": ["NA"]},
  {"name": "birth", "kind": "date", "columns": ["y", "m", "d"]},
  {"name": "street", "kind": "text", "column": "street"},
  {"name": "zip", "kind": "code", "column": "zip"}],
 "comparisons": [
  {"name": "first", "field": "first", "swapped_with": "last"},
  {"name": "last", "field": "last", "gap": "auto"},
  {"name": "birth", "field": "birth", "frequency": false},
  {"name": "address", "fields": ["street", "zip"]}],
 "classes": [
  {"name": "match", "match": true, "share": 0.3},
  {"name": "unrelated", "share": 0.4},
  {"name": "household", "share": 0.1, "agreement": {"last": "same", "address": "same", "first": "differs"},
   "tables": {"address": {"equal": 90, "different": 2}}}],
 "blocking": {"rules": [["last:sound", "birth:year"], ["zip"]], "pairs_a_record": 50, "largest_block": 80}
})";

std::string Edited(std::string from, std::string to) {
  std::string text = kSchema;
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SchemaTest, ReadsAndWritesTheSame) {
  const auto schema = Schema::FromJson(kSchema);
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->comparisons[0].swapped_with, 1u);
  EXPECT_EQ(schema->KindOf(3), Kind::kJoint);
  EXPECT_EQ(schema->RuleText(schema->blocking.rules[0]), "last:sound + birth:year");
  const auto again = Schema::FromJson(schema->ToJson());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->ToJson(), schema->ToJson());
}

struct Refusal {
  const char *from, *to, *said;
};
void PrintTo(const Refusal& r, std::ostream* out) { *out << r.said; }
class SchemaRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(SchemaRefusalTest, SaysWhatAndWhere) {
  const auto schema = Schema::FromJson(Edited(GetParam().from, GetParam().to));
  ASSERT_FALSE(schema.ok());
  EXPECT_THAT(std::string(schema.status().message()), testing::HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Table, SchemaRefusalTest,
    testing::Values(Refusal{"\"version\": 1", "\"version\": 9", "version 9"},
                    Refusal{"libmpi-schema", "other", "no \"format\""},
                    Refusal{"\"kind\": \"code\"", "\"kind\": \"cod\"", "field 'zip': no kind 'cod'"},
                    Refusal{"\"missing\"", "\"mising\"", "unknown key 'mising'"},
                    Refusal{"\"field\": \"birth\"", "\"field\": \"berth\"", "no field 'berth'"},
                    Refusal{"[\"y\", \"m\", \"d\"]", "[\"y\", \"m\"]", "three: year, month, day"},
                    Refusal{"\"gap\": \"auto\"", "\"gap\": \"perhaps\"", "known are ignore, level, auto"},
                    Refusal{"\"swapped_with\": \"last\"", "\"swapped_with\": \"birth\"", "two comparisons of names"},
                    Refusal{"\"match\": true", "\"match\": false", "no class of matches"},
                    Refusal{"{\"name\": \"unrelated\", \"share\": 0.4},", "", "unrelated"},
                    Refusal{"\"first\": \"differs\"", "\"first\": \"differ\"", "a stance is"},
                    Refusal{"\"equal\": 90", "\"equl\": 90", "no level 'equl'"},
                    Refusal{"\"equal\": 90", "\"equal\": -1", "odds must be positive"},
                    Refusal{"last:sound", "last:year", "no transform 'year'"},
                    Refusal{"\"share\": 0.3", "\"share\": 3", "share must lie"},
                    Refusal{"\"largest_block\": 80", "\"largest_block\": 1", "largest_block"},
                    Refusal{"{\n \"format\"", "{\n format", "not JSON"}));

}  // namespace
}  // namespace libmpi::table
