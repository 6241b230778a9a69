// SPDX-License-Identifier: Apache-2.0
// The model file: written, read, and refused with a reason.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/model.h"
#include "libmpi/linkage/model_checks.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it

constexpr uint32_t kShareableCount = 10;
constexpr const char* kPartNames[] = {"family", "given"};
constexpr const char* kScriptNames[] = {"kanji", "kana", "latin"};

OrderedJson ClassToJson(const PairClass& c) {
  OrderedJson json = {{"name", c.name},
               {"is_match", c.is_match},
               {"share", c.share},
               {"family_by_chance", c.family_by_chance},
               {"given_by_chance", c.given_by_chance}};
  OrderedJson& comparisons = json["probabilities"] = OrderedJson::object();
  for (int k = 0; k < kComparisons; ++k) {
    OrderedJson& levels = comparisons[std::string(ComparisonName(static_cast<Comparison>(k)))] =
        OrderedJson::object();
    for (size_t l = 1; l < Levels(k).size(); ++l)
      levels[std::string(Levels(k)[l].name)] = c.probability[k][l];
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
    for (int script = 0; script < NameCounts::kScripts; ++script)
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

// A misspelt key would be an edit without effect. `where` names the object; keys are shown, so this
// is not for objects whose keys are names of persons.
absl::Status OnlyKeys(const Json& object, const std::string& where,
                      std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
    std::string all;
    for (std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
    return RefuseModel(where + (where.empty() ? "" : ": ") + "unknown key '" + key.substr(0, 40) +
                       "'; known are " + all);
  }
  return absl::OkStatus();
}

// The member, or null: the caller says what is missing.
const Json* Member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// Negative, fractional and huge numbers are refused before they are converted.
absl::Status ReadCount(const Json& object, const char* key, uint64_t most, uint64_t* out) {
  const Json* value = Member(object, key);
  if (value == nullptr) return RefuseModel(std::string(key) + " is missing");
  if (!value->is_number_unsigned() || value->get<uint64_t>() > most)
    return RefuseModel(std::string(key) + " must be a whole number from 0 to " + std::to_string(most));
  *out = value->get<uint64_t>();
  return absl::OkStatus();
}

// Reads one class as it is written; Model::Validate judges its numbers.
class ClassReader {
 public:
  ClassReader(const Json& json, size_t index) : json_(json), index_(index), place_(ClassPlace(index, "")) {}

  absl::StatusOr<PairClass> Read() {
    if (!json_.is_object()) return RefuseModel(place_ + " is no object");
    const Json* name = Member(json_, "name");
    if (name == nullptr || !name->is_string()) return RefuseModel(place_ + " has no name");
    out_.name = name->get<std::string>();
    place_ = ClassPlace(index_, out_.name);
    LIBMPI_RETURN_IF_ERROR(OnlyKeys(json_, place_, {"name", "is_match", "share", "family_by_chance",
                                                    "given_by_chance", "probabilities"}));
    const Json* share = Member(json_, "share");
    if (share == nullptr || !share->is_number()) return RefuseModel(place_ + " has no share");
    out_.share = share->get<double>();
    LIBMPI_RETURN_IF_ERROR(ReadFlags());
    return ReadProbabilities();
  }

 private:
  absl::Status ReadFlags() {
    for (const auto& [key, flag] : {std::pair{"is_match", &out_.is_match},
                                    {"family_by_chance", &out_.family_by_chance},
                                    {"given_by_chance", &out_.given_by_chance}}) {
      const Json* value = Member(json_, key);
      if (value == nullptr) continue;  // no
      if (!value->is_boolean()) return RefuseModel(place_ + ": " + key + " must be true or false");
      *flag = value->get<bool>();
    }
    return absl::OkStatus();
  }

  absl::StatusOr<PairClass> ReadProbabilities() {
    const Json* all = Member(json_, "probabilities");
    if (all == nullptr || !all->is_object()) return RefuseModel(place_ + " has no probabilities");
    for (const auto& [name, value] : all->items())
      if (!ComparisonByName(name))
        return RefuseModel(place_ + ": unknown comparison '" + name.substr(0, 40) + "'");
    for (int k = 0; k < kComparisons; ++k) LIBMPI_RETURN_IF_ERROR(ReadComparison(*all, k));
    return std::move(out_);
  }

  absl::Status ReadComparison(const Json& all, int k) {
    const auto comparison = static_cast<Comparison>(k);
    const std::string where = place_ + ", " + std::string(ComparisonName(comparison));
    const auto found = all.find(std::string(ComparisonName(comparison)));
    if (found == all.end() || !found->is_object()) return RefuseModel(where + " is missing");
    std::vector<double>& table = out_.probability.emplace_back(Levels(k).size(), 1.0);
    for (const auto& [name, value] : found->items()) {
      const auto level = LevelByName(comparison, name);
      if (!level || *level == 0) return RefuseModel(where + ": unknown level '" + name.substr(0, 40) + "'");
      if (!value.is_number()) return RefuseModel(where + ", " + name + " is not a number");
      table[*level] = value.get<double>();
    }
    for (size_t l = 1; l < Levels(k).size(); ++l)
      if (!found->contains(std::string(Levels(k)[l].name)))
        return RefuseModel(where + " lacks the level " + std::string(Levels(k)[l].name));
    return absl::OkStatus();
  }

  const Json& json_;
  size_t index_;
  std::string place_;
  PairClass out_;
};

absl::Status ReadNameCounts(const Json& json, int part, int script, NameCounts* names) {
  const std::string where = std::string("names, counts, ") + kPartNames[part] + ", " + kScriptNames[script];
  if (!json.is_object()) return RefuseModel(where + " is no object");
  for (const auto& [key, count] : json.items()) {
    if (!count.is_number_unsigned() || count.get<uint64_t>() > UINT32_MAX)
      return RefuseModel(where + ": a name count is not a whole number");
    names->Add(static_cast<NamePart>(part), static_cast<NameCounts::Script>(script), key,
               count.get<uint32_t>());
  }
  return absl::OkStatus();
}

absl::Status ReadReadings(const Json& json, int part, NameCounts* names) {
  const std::string where = std::string("names, readings, ") + kPartNames[part];
  if (!json.is_object()) return RefuseModel(where + " is no object");
  for (const auto& [kanji, readings] : json.items()) {
    if (!readings.is_object()) return RefuseModel(where + ": the readings of a name are no object");
    for (const auto& [kana, count] : readings.items()) {
      if (!count.is_number_unsigned() || count.get<uint64_t>() > UINT32_MAX)
        return RefuseModel(where + ": a reading count is not a whole number");
      names->AddReading({static_cast<NamePart>(part), kanji, kana, count.get<uint32_t>()});
    }
  }
  return absl::OkStatus();
}

// An object of the file with exactly these keys. A key out of place may be a name: it is not shown.
absl::Status CheckNameObject(const Json* object, const std::string& where,
                             std::initializer_list<const char*> keys) {
  if (object == nullptr || !object->is_object()) return RefuseModel(where + " is missing");
  for (const char* key : keys)
    if (!object->contains(key)) return RefuseModel(where + ", " + key + " is missing");
  if (object->size() != keys.size()) return RefuseModel(where + " has an unknown key");
  return absl::OkStatus();
}

absl::Status ReadNames(const Json* json, NameCounts* names) {
  LIBMPI_RETURN_IF_ERROR(CheckNameObject(json, "names", {"counts", "readings"}));
  const Json &counts = *Member(*json, "counts"), &readings = *Member(*json, "readings");
  LIBMPI_RETURN_IF_ERROR(CheckNameObject(&counts, "names, counts", {"family", "given"}));
  LIBMPI_RETURN_IF_ERROR(CheckNameObject(&readings, "names, readings", {"family", "given"}));
  for (int part = 0; part < 2; ++part) {
    const Json& of_part = *Member(counts, kPartNames[part]);
    LIBMPI_RETURN_IF_ERROR(CheckNameObject(&of_part, std::string("names, counts, ") + kPartNames[part],
                                           {"kanji", "kana", "latin"}));
    for (int script = 0; script < NameCounts::kScripts; ++script)
      LIBMPI_RETURN_IF_ERROR(ReadNameCounts(*Member(of_part, kScriptNames[script]), part, script, names));
    LIBMPI_RETURN_IF_ERROR(ReadReadings(*Member(readings, kPartNames[part]), part, names));
  }
  return absl::OkStatus();
}

absl::Status ReadVersions(const Json& json, Model* model) {
  const Json* format = json.is_object() ? Member(json, "format") : nullptr;
  if (format == nullptr || *format != "libmpi-model")
    return RefuseModel("not a libmpi model (no \"format\": \"libmpi-model\")");
  uint64_t version = 0;
  LIBMPI_RETURN_IF_ERROR(ReadCount(json, "version", INT32_MAX, &version));
  model->version = static_cast<int>(version);
  const Json* tables = Member(json, "tables_version");
  if (tables != nullptr && tables->is_string()) model->tables_version = tables->get<std::string>();
  return CheckModelVersions(*model);
}

absl::Status ReadCalibration(const Json& json, Model* model) {
  const Json* object = Member(json, "calibration");
  if (object == nullptr) return absl::OkStatus();
  if (!object->is_object()) return RefuseModel("calibration is no object");
  LIBMPI_RETURN_IF_ERROR(OnlyKeys(*object, "calibration", {"intercept", "slope", "low", "high"}));
  Calibration& c = model->calibration.emplace();
  for (const auto& [key, value] : {std::pair{"intercept", &c.intercept}, {"slope", &c.slope}, {"low", &c.low},
                                   {"high", &c.high}}) {
    const Json* said = Member(*object, key);
    if (said == nullptr || !said->is_number())
      return RefuseModel(std::string("calibration, ") + key + " must be a number");
    *value = said->get<double>();
  }
  return absl::OkStatus();
}

absl::Status ReadModel(const Json& json, Model* model) {
  LIBMPI_RETURN_IF_ERROR(ReadVersions(json, model));
  LIBMPI_RETURN_IF_ERROR(OnlyKeys(json, "", {"format", "version", "tables_version", "records", "persons",
                                             "training_pairs", "shareable", "frequency_strength",
                                             "insurer_check_digits", "classes", "calibration",
                                             "names"}));
  LIBMPI_RETURN_IF_ERROR(ReadCount(json, "records", kMostCounted, &model->records));
  LIBMPI_RETURN_IF_ERROR(ReadCount(json, "persons", kMostCounted, &model->persons));
  LIBMPI_RETURN_IF_ERROR(ReadCount(json, "training_pairs", kMostCounted, &model->training_pairs));
  for (const auto& [key, value] : {std::pair{"shareable", &model->shareable},
                                   {"insurer_check_digits", &model->insurer_check_digits}}) {
    const Json* said = Member(json, key);
    if (said == nullptr || !said->is_boolean()) return RefuseModel(std::string(key) + " must be true or false");
    *value = said->get<bool>();
  }
  const Json* strength = Member(json, "frequency_strength");
  if (strength == nullptr || !strength->is_number())
    return RefuseModel("frequency_strength must be a number");
  model->frequency_strength = strength->get<double>();
  LIBMPI_RETURN_IF_ERROR(ReadCalibration(json, model));
  const Json* classes = Member(json, "classes");
  if (classes == nullptr || !classes->is_array()) return RefuseModel("classes is missing");
  if (classes->size() > kMostClasses)
    return RefuseModel("more than " + std::to_string(kMostClasses) + " classes");
  for (size_t i = 0; i < classes->size(); ++i) {
    PairClass pair_class;
    LIBMPI_ASSIGN_OR_RETURN(pair_class, ClassReader((*classes)[i], i).Read());
    model->classes.push_back(std::move(pair_class));
  }
  LIBMPI_RETURN_IF_ERROR(ReadNames(Member(json, "names"), &model->names));
  return model->Validate();
}

}  // namespace

absl::StatusOr<Model> Model::FromJson(std::string_view text) {
  // The parser reports by exception; none leaves this function.
  try {
    Model model;
    LIBMPI_RETURN_IF_ERROR(ReadModel(Json::parse(text), &model));
    return model;
  } catch (const Json::parse_error& e) {
    return RefuseModel("not JSON: byte " + std::to_string(e.byte));
  } catch (const Json::exception&) {
    return RefuseModel("an entry cannot be read");
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
               {"insurer_check_digits", insurer_check_digits},
               {"classes", OrderedJson::array()}};
  if (calibration)
    json["calibration"] = {{"intercept", calibration->intercept}, {"slope", calibration->slope},
                           {"low", calibration->low}, {"high", calibration->high}};
  for (const PairClass& c : classes) json["classes"].push_back(ClassToJson(c));
  json["names"] = NamesToJson(kept);
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace libmpi
