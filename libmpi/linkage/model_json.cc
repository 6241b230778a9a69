// SPDX-License-Identifier: Apache-2.0
// The model file: written, read, and refused with a reason.
#include <cmath>
#include <string>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/model.h"
#include "libmpi/linkage/starting_tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it

constexpr int kModelVersion = 1;
constexpr uint32_t kShareableCount = 10;
constexpr const char* kPartNames[] = {"family", "given"};
constexpr const char* kScriptNames[] = {"kanji", "kana"};

absl::Status Refuse(const std::string& reason) {
  return absl::InvalidArgumentError("model: " + reason);
}

// Twelve significant digits: enough to repeat every fixed-point weight, short enough to read.
double Rounded(double p) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", p);
  return std::strtod(text, nullptr);
}

OrderedJson ClassToJson(const PairClass& c) {
  OrderedJson json = {{"name", c.name},
               {"is_match", c.is_match},
               {"share", Rounded(c.share)},
               {"family_by_chance", c.family_by_chance},
               {"given_by_chance", c.given_by_chance}};
  OrderedJson& comparisons = json["probabilities"] = OrderedJson::object();
  for (int k = 0; k < kComparisons; ++k) {
    OrderedJson& levels = comparisons[std::string(ComparisonName(static_cast<Comparison>(k)))] =
        OrderedJson::object();
    for (size_t l = 1; l < Levels(k).size(); ++l)
      levels[std::string(Levels(k)[l].name)] = Rounded(c.probability[k][l]);
  }
  return json;
}

// Adds a member that is known to be new; a search for it would make long objects quadratic.
OrderedJson& AddMember(OrderedJson* object, std::string key, OrderedJson value) {
  auto& members = object->get_ref<OrderedJson::object_t&>();
  members.push_back({std::move(key), std::move(value)});
  return members.back().second;
}

OrderedJson NamesToJson(const NameCounts& names) {
  OrderedJson json = {{"counts", OrderedJson::object()}, {"readings", OrderedJson::object()}};
  for (int part = 0; part < 2; ++part) {
    for (int script = 0; script < 2; ++script)
      json["counts"][kPartNames[part]][kScriptNames[script]] = OrderedJson::object();
    json["readings"][kPartNames[part]] = OrderedJson::object();
  }
  for (const NameCounts::Entry& e : names.Entries())
    AddMember(&json["counts"][kPartNames[static_cast<int>(e.part)]]
                   [kScriptNames[static_cast<int>(e.script)]],
              e.key, e.count);
  const std::vector<ReadingObservation> readings = names.Readings();  // sorted by spelling
  OrderedJson* of_spelling = nullptr;
  for (size_t i = 0; i < readings.size(); ++i) {
    const ReadingObservation& r = readings[i];
    if (i == 0 || r.kanji != readings[i - 1].kanji || r.part != readings[i - 1].part)
      of_spelling = &AddMember(&json["readings"][kPartNames[static_cast<int>(r.part)]], r.kanji,
                               OrderedJson::object());
    AddMember(of_spelling, r.kana, r.count);
  }
  return json;
}

// Reads and checks one class; errors name class, comparison and level.
class ClassReader {
 public:
  explicit ClassReader(const Json& json) : json_(json) {}

  absl::StatusOr<PairClass> Read() {
    if (!json_.is_object() || !json_.contains("name") || !json_["name"].is_string())
      return Refuse("a class has no name");
    out_.name = json_["name"].get<std::string>();
    if (!json_.contains("share") || !json_["share"].is_number())
      return Refuse("class " + out_.name + " has no share");
    out_.share = json_["share"].get<double>();
    if (!(out_.share > 0 && out_.share < 1))
      return Refuse("class " + out_.name + ": share must lie between 0 and 1");
    for (const auto& [key, flag] :
         {std::pair{"is_match", &out_.is_match}, {"family_by_chance", &out_.family_by_chance},
          {"given_by_chance", &out_.given_by_chance}}) {
      if (!json_.contains(key)) continue;
      if (!json_[key].is_boolean())
        return Refuse("class " + out_.name + ": " + key + " must be true or false");
      *flag = json_[key].get<bool>();
    }
    if (!json_.contains("probabilities") || !json_["probabilities"].is_object())
      return Refuse("class " + out_.name + " has no probabilities");
    for (const auto& [name, value] : json_["probabilities"].items())
      if (!ComparisonByName(name))
        return Refuse("class " + out_.name + ": unknown comparison '" + name + "'");
    for (int k = 0; k < kComparisons; ++k) LIBMPI_RETURN_IF_ERROR(ReadComparison(k));
    return std::move(out_);
  }

 private:
  absl::Status ReadComparison(int k) {
    const auto comparison = static_cast<Comparison>(k);
    const std::string where = "class " + out_.name + ", " + std::string(ComparisonName(comparison));
    const Json& all = json_["probabilities"];
    const auto found = all.find(std::string(ComparisonName(comparison)));
    if (found == all.end() || !found->is_object()) return Refuse(where + " is missing");
    std::vector<double>& table = out_.probability.emplace_back(Levels(k).size(), 1.0);
    std::vector<double> sum(GroupCount(k), 0);
    for (const auto& [name, value] : found->items()) {
      const auto level = LevelByName(comparison, name);
      if (!level || *level == 0) return Refuse(where + ": unknown level '" + name + "'");
      if (!value.is_number()) return Refuse(where + ", " + name + " is not a number");
      const double p = value.get<double>();
      if (!(p > 0 && p <= 1)) return Refuse(where + ", " + name + " must lie in (0, 1]");
      table[*level] = p;
      sum[Levels(k)[*level].group] += p;
    }
    if (found->size() != Levels(k).size() - 1) return Refuse(where + " lacks a level");
    for (size_t g = 1; g < sum.size(); ++g)
      if (std::abs(sum[g] - 1) > 1e-6)
        return Refuse(where + ": probabilities of one group of levels must sum to 1");
    return absl::OkStatus();
  }

  const Json& json_;
  PairClass out_;
};

absl::Status ReadNames(const Json& json, NameCounts* names) {
  for (int part = 0; part < 2; ++part) {
    const auto name_part = static_cast<NamePart>(part);
    for (int script = 0; script < 2; ++script)
      for (const auto& [key, count] :
           json.at("counts").at(kPartNames[part]).at(kScriptNames[script]).items()) {
        if (!count.is_number_unsigned() || count.get<uint64_t>() > UINT32_MAX)
          return Refuse("a name count is not a whole number");
        names->Add(name_part, static_cast<NameCounts::Script>(script), key,
                   count.get<uint32_t>());
      }
    for (const auto& [kanji, readings] : json.at("readings").at(kPartNames[part]).items())
      for (const auto& [kana, count] : readings.items()) {
        if (!count.is_number_unsigned() || count.get<uint64_t>() > UINT32_MAX)
          return Refuse("a reading count is not a whole number");
        names->AddReading({name_part, kanji, kana, count.get<uint32_t>()});
      }
  }
  return absl::OkStatus();
}

absl::Status ReadModel(const Json& json, Model* model) {
  if (!json.is_object() || json.value("format", "") != "libmpi-model")
    return Refuse("not a libmpi model (no \"format\": \"libmpi-model\")");
  model->version = json.at("version").get<int>();
  if (model->version != kModelVersion)
    return Refuse("version " + std::to_string(model->version) + " is not " +
                  std::to_string(kModelVersion) + "; train it again with this version");
  model->tables_version = json.value("tables_version", "");
  model->records = json.at("records").get<uint64_t>();
  model->persons = json.at("persons").get<uint64_t>();
  model->training_pairs = json.at("training_pairs").get<uint64_t>();
  model->shareable = json.at("shareable").get<bool>();
  model->frequency_strength = json.at("frequency_strength").get<double>();
  if (!(model->frequency_strength >= 0 && model->frequency_strength <= 1))
    return Refuse("frequency_strength must lie between 0 and 1");
  double shares = 0;
  int matches = 0;
  for (const Json& item : json.at("classes")) {
    PairClass pair_class;
    LIBMPI_ASSIGN_OR_RETURN(pair_class, ClassReader(item).Read());
    shares += pair_class.share;
    matches += pair_class.is_match;
    model->classes.push_back(std::move(pair_class));
  }
  if (matches != 1) return Refuse("exactly one class must have is_match");
  if (model->classes.size() < 2) return Refuse("there is no class of non-matches");
  if (model->classes.size() > 16) return Refuse("more than 16 classes");
  if (std::abs(shares - 1) > 1e-6) return Refuse("the shares of the classes must sum to 1");
  return ReadNames(json.at("names"), &model->names);
}

}  // namespace

absl::StatusOr<Model> Model::FromJson(std::string_view text) {
  // The parser reports by exception; none leaves this function.
  try {
    Model model;
    LIBMPI_RETURN_IF_ERROR(ReadModel(Json::parse(text), &model));
    return model;
  } catch (const Json::parse_error& e) {
    return Refuse("not JSON: byte " + std::to_string(e.byte));
  } catch (const Json::exception&) {
    return Refuse("an entry is missing or of the wrong type (needed: version, records, persons, "
                  "training_pairs, shareable, frequency_strength, classes, names)");
  }
}

std::string Model::ToJson(bool as_shareable) const {
  NameCounts kept = names;
  if (as_shareable) kept.DropRare(kShareableCount);
  OrderedJson json = {{"format", "libmpi-model"},
               {"version", version},
               {"tables_version", tables_version},
               {"records", records},
               {"persons", persons},
               {"training_pairs", training_pairs},
               {"shareable", as_shareable || shareable},
               {"frequency_strength", frequency_strength},
               {"classes", OrderedJson::array()}};
  for (const PairClass& c : classes) json["classes"].push_back(ClassToJson(c));
  json["names"] = NamesToJson(kept);
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace libmpi
