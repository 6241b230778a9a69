// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/model.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/starting_tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Model SmallModel() {
  Model model;
  model.tables_version = "test";
  model.records = 1000;
  model.persons = 600;
  model.training_pairs = 5000;
  model.frequency_strength = 0.5;
  model.classes = StartingClasses();
  model.names.Add(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤", 15);
  model.names.Add(NamePart::kFamily, NameCounts::Script::kKanji, "珍名", 2);
  model.names.AddReading({NamePart::kFamily, "佐藤", "サトウ", 12});
  return model;
}

TEST(ModelTest, SurvivesItsFile) {
  const Model model = SmallModel();
  const std::string json = model.ToJson();
  const auto read = Model::FromJson(json);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToJson(), json);
  EXPECT_EQ(read->names.Count(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤"), 15);
}

TEST(ModelTest, ShareableDropsRareNames) {
  const auto read = Model::FromJson(SmallModel().ToJson(true));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->shareable);
  EXPECT_EQ(read->names.Count(NamePart::kFamily, NameCounts::Script::kKanji, "珍名"), 0);
  EXPECT_EQ(read->names.Count(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤"), 15);
}

TEST(ModelTest, RefusesWhatMakesNoSense) {
  struct Case {
    const char* note;
    void (*edit)(Json*);
    const char* reason;
  };
  const Case kCases[] = {
      {"not a model", [](Json* j) { *j = Json::array(); }, "not a libmpi model"},
      {"another version", [](Json* j) { (*j)["version"] = 99; }, "version 99"},
      {"no classes", [](Json* j) { j->erase("classes"); }, "classes"},
      {"share above one", [](Json* j) { (*j)["classes"][0]["share"] = 1.5; }, "between 0 and 1"},
      {"shares do not sum", [](Json* j) { (*j)["classes"][0]["share"] = 0.9; }, "sum to 1"},
      {"probability above one",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["sex"]["agree"] = 2; }, "sex, agree"},
      {"probability zero",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["sex"]["agree"] = 0; }, "sex, agree"},
      {"group does not sum",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["sex"]["agree"] = 0.5; }, "sum to 1"},
      {"unknown level",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["sex"]["maybe"] = 0.5; }, "maybe"},
      {"unknown comparison",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["colour"] = Json::object(); }, "colour"},
      {"missing comparison",
       [](Json* j) { (*j)["classes"][0]["probabilities"].erase("phone"); }, "phone is missing"},
      {"no match class", [](Json* j) { (*j)["classes"][0]["is_match"] = false; }, "is_match"},
      {"two match classes", [](Json* j) { (*j)["classes"][1]["is_match"] = true; }, "is_match"},
      {"a flag that is text", [](Json* j) { (*j)["classes"][0]["is_match"] = "yes"; }, "is_match"},
      {"a negative count",
       [](Json* j) { (*j)["names"]["counts"]["family"]["kanji"]["佐藤"] = -1; }, "name count"},
      {"strength beyond one", [](Json* j) { (*j)["frequency_strength"] = 3; }, "strength"},
  };
  for (const Case& c : kCases) {
    Json json = Json::parse(SmallModel().ToJson());
    c.edit(&json);
    const auto read = Model::FromJson(json.dump());
    ASSERT_FALSE(read.ok()) << c.note;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(c.reason)) << c.note;
  }
  EXPECT_FALSE(Model::FromJson("").ok());
  EXPECT_FALSE(Model::FromJson("{\"format\": ").ok());
}

TEST(ModelTest, RefusalsNameNoPerson) {
  Json json = Json::parse(SmallModel().ToJson());
  json["names"]["counts"]["family"]["kanji"]["佐藤"] = "x";
  EXPECT_THAT(std::string(Model::FromJson(json.dump()).status().message()),
              ::testing::Not(HasSubstr("佐藤")));
}

TEST(ModelTest, DefaultIsThereAndSound) {
  const Model& model = Model::Default();
  ASSERT_EQ(model.classes.size(), StartingClasses().size());
  EXPECT_TRUE(model.shareable);
  EXPECT_THAT(model.Describe(), HasSubstr("family_name"));
}

}  // namespace
}  // namespace libmpi
