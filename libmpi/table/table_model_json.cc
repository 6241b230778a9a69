// SPDX-License-Identifier: Apache-2.0
// The model file of a table: written, read, and refused with a reason.
#include <map>

#include "libmpi/table/json_reader.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {
namespace {

OrderedJson LearnedClassToJson(const TableModel& model, size_t c) {
  OrderedJson json = {{"name", model.schema.classes[c].name}, {"share", model.classes[c].share}};
  const size_t n = model.schema.comparisons.size();
  for (size_t k = 0; k < n; ++k) {
    const auto levels = LevelsOf(model.schema.KindOf(k));
    for (size_t l = 1; l < levels.size(); ++l)
      json["probabilities"][model.schema.comparisons[k].name][std::string(levels[l].name)] =
          model.classes[c].probability[k][l];
  }
  constexpr const char* kGapLevelNames[] = {"", "none", "one", "both"};
  for (size_t i = 0; i < model.gaps.size(); ++i)
    for (int l = 1; l < 4; ++l)
      json["gaps"][model.schema.comparisons[model.gaps[i]].name][kGapLevelNames[l]] =
          model.classes[c].probability[n + i][l];
  return json;
}

absl::Status ReadProbability(const Json& json, const std::string& level, double* out) {
  const auto found = json.find(level);
  if (found == json.end() || !found->is_number()) return RefuseFile("model: no probability of level " + level);
  *out = found->get<double>();
  if (!(*out > 0 && *out <= 1)) return RefuseFile("model: the probability of level " + level + " lies outside (0, 1]");
  return absl::OkStatus();
}

absl::Status ReadLearnedClass(const Json& json, TableModel* model) {
  LatentClass& c = model->classes.emplace_back();
  if (!json.is_object() || json.value("name", "") != model->schema.classes[model->classes.size() - 1].name)
    return RefuseFile("model: the learned classes are not those of the schema");
  c.share = json.value("share", 0.0);
  if (!(c.share > 0 && c.share <= 1)) return RefuseFile("model: a share lies outside (0, 1]");
  const size_t n = model->schema.comparisons.size();
  const Json& tables = json.at("probabilities");
  for (size_t k = 0; k < n; ++k) {
    c.probability[k][0] = 1;
    const Json& table = tables.at(model->schema.comparisons[k].name);
    const auto levels = LevelsOf(model->schema.KindOf(k));
    for (size_t l = 1; l < levels.size(); ++l)
      LIBMPI_RETURN_IF_ERROR(ReadProbability(table, std::string(levels[l].name), &c.probability[k][l]));
  }
  for (size_t i = 0; i < model->gaps.size(); ++i) {
    const Json& table = json.at("gaps").at(model->schema.comparisons[model->gaps[i]].name);
    auto& p = c.probability[n + i];
    p[0] = 1;
    LIBMPI_RETURN_IF_ERROR(ReadProbability(table, "none", &p[1]));
    LIBMPI_RETURN_IF_ERROR(ReadProbability(table, "one", &p[2]));
    LIBMPI_RETURN_IF_ERROR(ReadProbability(table, "both", &p[3]));
  }
  return absl::OkStatus();
}

absl::Status ReadValueShares(const Json& json, TableModel* model) {
  model->values.resize(model->schema.fields.size());
  for (const auto& [name, counts] : json.items()) {
    const auto field = IndexOf(model->schema.fields, name);
    if (!field || !counts.is_object()) return RefuseFile("model: value_counts of no field");
    ValueShares& shares = model->values[*field];
    shares.records = counts.at("records").get<double>();
    if (!(shares.records > 0)) return RefuseFile("model: value_counts of no records");
    for (const auto& [hash, count] : counts.at("counts").items())
      shares.count[std::stoull(hash, nullptr, 16)] = count.get<uint32_t>();
  }
  return absl::OkStatus();
}

OrderedJson ValuesToJson(const TableModel& model) {
  OrderedJson json = OrderedJson::object();
  for (size_t f = 0; f < model.values.size(); ++f) {
    if (model.values[f].records == 0) continue;
    std::map<std::string, uint32_t> sorted;
    for (const auto& [hash, count] : model.values[f].count) {
      char text[20];
      std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
      sorted[text] = count;
    }
    json[model.schema.fields[f].name] = {{"records", model.values[f].records}, {"counts", sorted}};
  }
  return json;
}

absl::StatusOr<TableModel> ReadTableModel(const Json& json) {
  TableModel model;
  const Reader in(json, "model");
  LIBMPI_RETURN_IF_ERROR(in.IsObject(
      {"format", "version", "schema", "records", "rules", "gaps", "field_bits", "classes", "value_counts"}));
  LIBMPI_RETURN_IF_ERROR(ReadVersion(in, "libmpi-table-model", TableModel::kVersion));
  LIBMPI_ASSIGN_OR_RETURN(model.schema, ReadSchema(json.at("schema")));
  model.records = json.at("records").get<uint64_t>();
  LIBMPI_RETURN_IF_ERROR(ReadRules(json.at("rules"), model.schema, &model.rules));
  for (const Json& name : json.at("gaps")) {
    const auto k = IndexOf(model.schema.comparisons, name.get<std::string>());
    if (!k) return RefuseFile("model: gaps of no comparison");
    if (std::find(model.gaps.begin(), model.gaps.end(), *k) != model.gaps.end())
      return RefuseFile("model: gaps of one comparison stand twice");
    model.gaps.push_back(*k);
  }
  if (model.schema.comparisons.size() + model.gaps.size() > static_cast<size_t>(kMostComparisons))
    return RefuseFile("model: more comparisons and gaps than " + std::to_string(kMostComparisons));
  LIBMPI_RETURN_IF_ERROR(CheckRules(model.rules));
  for (const Field& field : model.schema.fields)
    if (!(model.information.emplace_back(json.at("field_bits").at(field.name).get<double>()) >= 0))
      return RefuseFile("model: field_bits of '" + field.name + "' must not be negative");
  if (json.at("classes").size() != model.schema.classes.size())
    return RefuseFile("model: the learned classes are not those of the schema");
  for (const Json& c : json.at("classes")) LIBMPI_RETURN_IF_ERROR(ReadLearnedClass(c, &model));
  LIBMPI_RETURN_IF_ERROR(ReadValueShares(json.at("value_counts"), &model));
  return model;
}

}  // namespace

absl::StatusOr<TableModel> TableModel::FromJson(std::string_view text) {
  try {
    return Parse<TableModel>(text, [](const Json& json) { return ReadTableModel(json); });
  } catch (const std::logic_error&) {  // a count's name that is no hash
    return RefuseFile("model: value_counts cannot be read");
  }
}

std::string TableModel::ToJson() const {
  OrderedJson json = {{"format", "libmpi-table-model"}, {"version", kVersion}};
  json["schema"] = SchemaToJson(schema);
  json["records"] = records;
  json["rules"] = RulesToJson(schema, rules);
  json["gaps"] = OrderedJson::array();
  for (size_t k : gaps) json["gaps"].push_back(schema.comparisons[k].name);
  for (size_t f = 0; f < information.size(); ++f) json["field_bits"][schema.fields[f].name] = information[f];
  json["classes"] = OrderedJson::array();
  for (size_t c = 0; c < classes.size(); ++c) json["classes"].push_back(LearnedClassToJson(*this, c));
  json["value_counts"] = ValuesToJson(*this);
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace libmpi::table
