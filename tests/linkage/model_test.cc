// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/model.h"

#include <cmath>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/starting_tables.h"
#include "libmpi/text/fold.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Model SmallModel() {
  Model model;
  model.tables_version = std::string(FoldTablesVersion());
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

TEST(ModelTest, EveryBitSurvivesItsFile) {
  Model model = SmallModel();
  // A third has no end in decimals either.
  for (PairClass& c : model.classes)
    for (std::vector<double>& table : c.probability)
      for (size_t l = 1; l < table.size(); ++l) table[l] *= 1 + 1e-13 * static_cast<double>(l);
  model.frequency_strength = 1.0 / 3;
  const auto read = Model::FromJson(model.ToJson());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->frequency_strength, model.frequency_strength);
  for (size_t i = 0; i < model.classes.size(); ++i) {
    EXPECT_EQ(read->classes[i].share, model.classes[i].share);
    EXPECT_EQ(read->classes[i].probability, model.classes[i].probability);
  }
}

using Edit = void (*)(Json*);
Json& Sex(Json* j) { return (*j)["classes"][0]["probabilities"]["sex"]; }

// Every refusal names the place in the file.
TEST(ModelTest, RefusesWhatMakesNoSense) {
  struct Case {
    const char* note;
    Edit edit;
    const char* reason;
  };
  const Case kCases[] = {
      {"not a model", [](Json* j) { *j = Json::array(); }, "not a libmpi model"},
      {"another version", [](Json* j) { (*j)["version"] = 99; }, "version 99"},
      {"a version that is no number", [](Json* j) { (*j)["version"] = 1e300; }, "version must be"},
      {"other folding tables", [](Json* j) { (*j)["tables_version"] = "x"; }, "nayose train"},
      {"no folding tables", [](Json* j) { j->erase("tables_version"); }, "tables_version"},
      {"no classes", [](Json* j) { j->erase("classes"); }, "classes is missing"},
      {"an empty list of classes", [](Json* j) { (*j)["classes"] = Json::array(); }, "classes is empty"},
      {"share above one", [](Json* j) { (*j)["classes"][0]["share"] = 1.5; }, "classes[0] (match): share"},
      {"shares do not sum", [](Json* j) { (*j)["classes"][0]["share"] = 0.9; }, "sum to 1"},
      {"probability above one", [](Json* j) { Sex(j)["agree"] = 2; }, "classes[0] (match), sex, agree"},
      {"probability zero", [](Json* j) { Sex(j)["agree"] = 0; }, "classes[0] (match), sex, agree"},
      {"probability below zero", [](Json* j) { Sex(j)["agree"] = -0.1; }, "sex, agree"},
      {"group does not sum", [](Json* j) { Sex(j)["agree"] = 0.5; }, "must sum to 1"},
      {"unknown level", [](Json* j) { Sex(j)["maybe"] = 0.5; }, "unknown level 'maybe'"},
      {"missing level", [](Json* j) { Sex(j).erase("agree"); }, "lacks the level agree"},
      {"unknown comparison",
       [](Json* j) { (*j)["classes"][0]["probabilities"]["colour"] = Json::object(); }, "colour"},
      {"missing comparison",
       [](Json* j) { (*j)["classes"][0]["probabilities"].erase("phone"); }, "phone is missing"},
      {"no match class", [](Json* j) { for (Json& c : (*j)["classes"]) c["is_match"] = false; }, "no class has is_match"},
      {"unrelated persons as matches",
       [](Json* j) { (*j)["classes"][1]["is_match"] = true; }, "(unrelated): family_by_chance"},
      {"only a match class",
       [](Json* j) { (*j)["classes"].get_ref<Json::array_t&>().resize(1); }, "class of non-matches"},
      {"two classes of one name",
       [](Json* j) { (*j)["classes"][2]["name"] = (*j)["classes"][1]["name"]; }, "classes[2]"},
      {"a class without a name", [](Json* j) { (*j)["classes"][1]["name"] = ""; }, "classes[1] has no name"},
      {"a flag that is text", [](Json* j) { (*j)["classes"][0]["is_match"] = "yes"; }, "is_match"},
      {"a match by chance",
       [](Json* j) { (*j)["classes"][0]["family_by_chance"] = true; }, "(match): family_by_chance"},
      {"another match by chance",
       [](Json* j) { (*j)["classes"][0]["given_by_chance"] = true; }, "(match): given_by_chance"},
      {"a misspelt key", [](Json* j) { (*j)["recrods"] = 5; }, "unknown key 'recrods'"},
      {"a misspelt key of a class",
       [](Json* j) { (*j)["classes"][1]["famly_by_chance"] = true; }, "unknown key 'famly_by_chance'"},
      {"a misspelt key of the names", [](Json* j) { (*j)["names"]["count"] = 1; }, "names has an unknown key"},
      {"negative records", [](Json* j) { (*j)["records"] = -5; }, "records must be a whole number"},
      {"huge records", [](Json* j) { (*j)["records"] = 1e30; }, "records must be a whole number"},
      {"records beyond 10^15", [](Json* j) { (*j)["records"] = uint64_t{1} << 60; }, "records must be"},
      {"half a person", [](Json* j) { (*j)["persons"] = 1.5; }, "persons must be a whole number"},
      {"no pairs", [](Json* j) { j->erase("training_pairs"); }, "training_pairs is missing"},
      {"more persons than records", [](Json* j) { (*j)["persons"] = 1001; }, "persons must not be more"},
      {"a negative count",
       [](Json* j) { (*j)["names"]["counts"]["family"]["kanji"]["佐藤"] = -1; }, "name count"},
      {"names that are missing", [](Json* j) { j->erase("names"); }, "names is missing"},
      {"strength beyond one", [](Json* j) { (*j)["frequency_strength"] = 3; }, "strength"},
      {"strength of text", [](Json* j) { (*j)["frequency_strength"] = "1"; }, "strength"},
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

// A model made in a program is judged by the same rules.
TEST(ModelTest, ValidatesWhatAProgramMade) {
  EXPECT_TRUE(SmallModel().Validate().ok()) << SmallModel().Validate();
  EXPECT_THAT(std::string(Model().Validate().message()), HasSubstr("tables_version"));
  struct Case {
    void (*edit)(Model*);
    const char* reason;
  };
  const Case kCases[] = {
      {[](Model* m) { m->classes.clear(); }, "classes is empty"},
      {[](Model* m) { m->classes[1].probability.pop_back(); }, "classes[1]"},
      {[](Model* m) { m->classes[1].probability[3].pop_back(); }, "sex has 2 of 3 levels"},
      {[](Model* m) { m->classes[0].given_by_chance = true; }, "given_by_chance"},
      {[](Model* m) { m->classes[2].name = m->classes[1].name; }, "another class"},
      {[](Model* m) { m->persons = m->records + 1; }, "persons"},
      {[](Model* m) { m->frequency_strength = std::nan(""); }, "frequency_strength"},
      {[](Model* m) { m->tables_version = "older"; }, "older"},
      {[](Model* m) { m->version = 7; }, "version 7"},
  };
  for (const Case& c : kCases) {
    Model model = SmallModel();
    c.edit(&model);
    EXPECT_THAT(std::string(model.Validate().message()), HasSubstr(c.reason));
  }
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
  EXPECT_TRUE(model.Validate().ok()) << model.Validate();  // train it anew when the tables change
  EXPECT_THAT(model.Describe(), HasSubstr("family_name"));
}

}  // namespace
}  // namespace libmpi
