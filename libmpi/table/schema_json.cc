// SPDX-License-Identifier: Apache-2.0
// Schema and model files: written, read, and refused with a reason.
#include <initializer_list>

#include "libmpi/base/status_macros.h"
#include "libmpi/table/schema.h"
#include "libmpi/table/table_model.h"
#include "nlohmann/json.hpp"

namespace libmpi::table {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it

constexpr std::string_view kGapNames[] = {"ignore", "level", "auto"};
constexpr std::string_view kOrderNames[] = {"ymd", "dmy", "mdy"};

absl::Status Refuse(const std::string& what) { return absl::InvalidArgumentError("schema: " + what); }

// A JSON object read key by key; what no one asked for is refused.
class Reader {
 public:
  Reader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  absl::Status IsObject(std::initializer_list<std::string_view> known) const {
    if (!json_.is_object()) return Refuse(place_ + " must be an object");
    for (const auto& [key, value] : json_.items()) {
      if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
      std::string all;
      for (std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
      return Refuse(place_ + ": unknown key '" + key.substr(0, 40) + "'; known are " + all);
    }
    return absl::OkStatus();
  }
  const Json* Find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  absl::Status Text(const char* key, std::string* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_string()) return Refuse(place_ + ": " + key + " must be a text");
      *out = value->get<std::string>();
    }
    return absl::OkStatus();
  }
  absl::Status Number(const char* key, double* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_number()) return Refuse(place_ + ": " + key + " must be a number");
      *out = value->get<double>();
    }
    return absl::OkStatus();
  }
  absl::Status Flag(const char* key, bool* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_boolean()) return Refuse(place_ + ": " + key + " must be true or false");
      *out = value->get<bool>();
    }
    return absl::OkStatus();
  }
  absl::Status Texts(const char* key, std::vector<std::string>* out) const {
    const Json* value = Find(key);
    if (value == nullptr) return absl::OkStatus();
    if (!value->is_array()) return Refuse(place_ + ": " + key + " must be a list of texts");
    out->clear();
    for (const Json& one : *value) {
      if (!one.is_string()) return Refuse(place_ + ": " + key + " must be a list of texts");
      out->push_back(one.get<std::string>());
    }
    return absl::OkStatus();
  }
  // One of some words.
  template <size_t N>
  absl::Status Choice(const char* key, const std::string_view (&words)[N], int* out) const {
    std::string said;
    LIBMPI_RETURN_IF_ERROR(Text(key, &said));
    if (Find(key) == nullptr) return absl::OkStatus();
    std::string all;
    for (size_t i = 0; i < N; ++i) {
      if (words[i] == said) {
        *out = static_cast<int>(i);
        return absl::OkStatus();
      }
      all += (i == 0 ? "" : ", ") + std::string(words[i]);
    }
    return Refuse(place_ + ": " + key + " is '" + said.substr(0, 40) + "'; known are " + all);
  }
  const std::string& place() const { return place_; }

 private:
  const Json& json_;
  std::string place_;
};

std::string Place(const char* what, const Json& json, size_t index) {
  const auto name = json.is_object() ? json.find("name") : json.end();
  if (json.is_object() && name != json.end() && name->is_string())
    return std::string(what) + " '" + name->get<std::string>().substr(0, 40) + "'";
  return std::string(what) + " " + std::to_string(index + 1);
}

absl::Status ReadField(const Json& json, size_t index, Field* field) {
  const Reader in(json, Place("field", json, index));
  LIBMPI_RETURN_IF_ERROR(in.IsObject(
      {"name", "kind", "column", "columns", "missing", "tolerance", "separator", "date_order"}));
  LIBMPI_RETURN_IF_ERROR(in.Text("name", &field->name));
  std::string kind = "text", column;
  LIBMPI_RETURN_IF_ERROR(in.Text("kind", &kind));
  const auto known = KindByName(kind);
  if (!known) return Refuse(in.place() + ": no kind '" + kind.substr(0, 40) + "'");
  field->kind = *known;
  LIBMPI_RETURN_IF_ERROR(in.Text("column", &column));
  if (!column.empty()) field->columns = {column};
  LIBMPI_RETURN_IF_ERROR(in.Texts("columns", &field->columns));
  if (field->columns.empty()) field->columns = {field->name};
  LIBMPI_RETURN_IF_ERROR(in.Texts("missing", &field->missing));
  LIBMPI_RETURN_IF_ERROR(in.Number("tolerance", &field->tolerance));
  LIBMPI_RETURN_IF_ERROR(in.Text("separator", &field->separator));
  int order = static_cast<int>(field->date_order);
  LIBMPI_RETURN_IF_ERROR(in.Choice("date_order", kOrderNames, &order));
  field->date_order = static_cast<DateOrder>(order);
  return absl::OkStatus();
}

template <typename Named>
std::optional<size_t> IndexOf(const std::vector<Named>& all, const std::string& name) {
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return i;
  return std::nullopt;
}

absl::Status ReadComparison(const Json& json, size_t index, const Schema& schema, ComparisonSpec* comparison,
                            std::string* swapped_with) {
  const Reader in(json, Place("comparison", json, index));
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"name", "field", "fields", "frequency", "gap", "swapped_with"}));
  LIBMPI_RETURN_IF_ERROR(in.Text("name", &comparison->name));
  std::string field;
  std::vector<std::string> fields;
  LIBMPI_RETURN_IF_ERROR(in.Text("field", &field));
  if (!field.empty()) fields = {field};
  LIBMPI_RETURN_IF_ERROR(in.Texts("fields", &fields));
  if (fields.empty()) fields = {comparison->name};
  for (const std::string& name : fields) {
    const auto found = IndexOf(schema.fields, name);
    if (!found) return Refuse(in.place() + ": no field '" + name.substr(0, 40) + "'");
    comparison->fields.push_back(*found);
  }
  LIBMPI_RETURN_IF_ERROR(in.Flag("frequency", &comparison->frequency));
  int gap = static_cast<int>(comparison->gap);
  LIBMPI_RETURN_IF_ERROR(in.Choice("gap", kGapNames, &gap));
  comparison->gap = static_cast<Gap>(gap);
  return in.Text("swapped_with", swapped_with);
}

absl::Status ReadComparisons(const Json& json, Schema* schema) {
  std::vector<std::string> swapped(json.size());
  for (size_t i = 0; i < json.size(); ++i) {
    ComparisonSpec comparison;
    LIBMPI_RETURN_IF_ERROR(ReadComparison(json[i], i, *schema, &comparison, &swapped[i]));
    schema->comparisons.push_back(std::move(comparison));
  }
  for (size_t i = 0; i < swapped.size(); ++i) {
    if (swapped[i].empty()) continue;
    schema->comparisons[i].swapped_with = IndexOf(schema->comparisons, swapped[i]);
    if (!schema->comparisons[i].swapped_with)
      return Refuse("comparison '" + schema->comparisons[i].name + "': swapped_with names no comparison");
  }
  return absl::OkStatus();
}

absl::Status ReadStance(const Reader& in, const Json& value, Stance* stance) {
  const auto known = value.is_string() ? StanceByName(value.get<std::string>()) : std::nullopt;
  if (!known) return Refuse(in.place() + ": a stance is own, same, differs or chance");
  *stance = *known;
  return absl::OkStatus();
}

absl::Status ReadClass(const Json& json, size_t index, ClassSpec* c) {
  const Reader in(json, Place("class", json, index));
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"name", "match", "share", "otherwise", "agreement", "tables"}));
  LIBMPI_RETURN_IF_ERROR(in.Text("name", &c->name));
  LIBMPI_RETURN_IF_ERROR(in.Flag("match", &c->is_match));
  c->share = 0.1;
  LIBMPI_RETURN_IF_ERROR(in.Number("share", &c->share));
  c->otherwise = c->is_match ? Stance::kOwn : Stance::kChance;
  if (const Json* otherwise = in.Find("otherwise"))
    LIBMPI_RETURN_IF_ERROR(ReadStance(in, *otherwise, &c->otherwise));
  if (const Json* agreement = in.Find("agreement")) {
    if (!agreement->is_object()) return Refuse(in.place() + ": agreement must be an object");
    for (const auto& [name, value] : agreement->items())
      LIBMPI_RETURN_IF_ERROR(ReadStance(in, value, &c->stances[name]));
  }
  const Json* tables = in.Find("tables");
  if (tables == nullptr) return absl::OkStatus();
  if (!tables->is_object()) return Refuse(in.place() + ": tables must be an object");
  for (const auto& [name, odds] : tables->items()) {
    if (!odds.is_object()) return Refuse(in.place() + ", " + name.substr(0, 40) + " must be an object of odds");
    for (const auto& [level, value] : odds.items()) {
      if (!value.is_number()) return Refuse(in.place() + ", " + name.substr(0, 40) + ": odds must be numbers");
      c->tables[name][level] = value.get<double>();
    }
  }
  return absl::OkStatus();
}

absl::Status ReadTerm(const Json& json, const Schema& schema, BlockingTerm* term) {
  if (!json.is_string()) return Refuse("blocking: a rule is a list of \"field\" or \"field:transform\"");
  std::string name = json.get<std::string>(), transform;
  if (const size_t colon = name.rfind(':'); colon != std::string::npos && !IndexOf(schema.fields, name)) {
    transform = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  const auto field = IndexOf(schema.fields, name);
  if (!field) return Refuse("blocking: no field '" + name.substr(0, 40) + "'");
  term->field = *field;
  if (transform.empty()) return absl::OkStatus();
  const auto known = TransformByName(transform);
  if (!known || !Applies(*known, schema.fields[*field].kind))
    return Refuse("blocking: field '" + name + "' has no transform '" + transform.substr(0, 40) + "'");
  term->transform = *known;
  return absl::OkStatus();
}

absl::Status ReadRules(const Json& json, const Schema& schema, std::vector<BlockingRule>* rules) {
  if (!json.is_array()) return Refuse("blocking: rules must be a list of rules, or \"auto\"");
  for (const Json& one : json) {
    BlockingRule& rule = rules->emplace_back();
    if (!one.is_array()) return Refuse("blocking: a rule is a list of \"field\" or \"field:transform\"");
    for (const Json& text : one) LIBMPI_RETURN_IF_ERROR(ReadTerm(text, schema, &rule.emplace_back()));
  }
  return absl::OkStatus();
}

absl::Status CheckRules(const std::vector<BlockingRule>& rules) {
  constexpr size_t kMostRules = 64;
  if (rules.size() > kMostRules) return Refuse("blocking: more than 64 rules");
  for (const BlockingRule& rule : rules)
    if (rule.empty()) return Refuse("blocking: a rule without a term");
  return absl::OkStatus();
}

absl::Status ReadBlocking(const Json& json, Schema* schema) {
  const Reader in(json, "blocking");
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"rules", "pairs_a_record", "largest_block"}));
  LIBMPI_RETURN_IF_ERROR(in.Number("pairs_a_record", &schema->blocking.pairs_a_record));
  double largest = schema->blocking.largest_block;
  LIBMPI_RETURN_IF_ERROR(in.Number("largest_block", &largest));
  if (!(largest >= 2 && largest <= 1e6)) return Refuse("blocking: largest_block must lie between 2 and 1,000,000");
  schema->blocking.largest_block = static_cast<uint32_t>(largest);
  const Json* rules = in.Find("rules");
  if (rules == nullptr || *rules == "auto") return absl::OkStatus();
  return ReadRules(*rules, *schema, &schema->blocking.rules);
}

absl::Status ReadVersion(const Reader& in, const char* format, int version) {
  std::string said;
  double number = 0;
  LIBMPI_RETURN_IF_ERROR(in.Text("format", &said));
  if (said != format) return Refuse(std::string("no \"format\": \"") + format + "\"");
  LIBMPI_RETURN_IF_ERROR(in.Number("version", &number));
  if (number != version)
    return Refuse("version " + Json(number).dump() + "; this nayose reads version " + std::to_string(version));
  return absl::OkStatus();
}

absl::StatusOr<Schema> ReadSchema(const Json& json) {
  Schema schema;
  const Reader in(json, "file");
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"$schema", "format", "version", "comment", "record_id", "source", "fields",
                                      "comparisons", "classes", "blocking"}));
  LIBMPI_RETURN_IF_ERROR(ReadVersion(in, "libmpi-schema", Schema::kVersion));
  LIBMPI_RETURN_IF_ERROR(in.Text("record_id", &schema.record_id));
  LIBMPI_RETURN_IF_ERROR(in.Text("source", &schema.source));
  for (const char* key : {"fields", "comparisons", "classes"})
    if (in.Find(key) == nullptr || !in.Find(key)->is_array()) return Refuse(std::string(key) + " must be a list");
  const Json& fields = *in.Find("fields");
  for (size_t i = 0; i < fields.size(); ++i)
    LIBMPI_RETURN_IF_ERROR(ReadField(fields[i], i, &schema.fields.emplace_back()));
  LIBMPI_RETURN_IF_ERROR(ReadComparisons(*in.Find("comparisons"), &schema));
  const Json& classes = *in.Find("classes");
  for (size_t i = 0; i < classes.size(); ++i)
    LIBMPI_RETURN_IF_ERROR(ReadClass(classes[i], i, &schema.classes.emplace_back()));
  if (const Json* blocking = in.Find("blocking")) LIBMPI_RETURN_IF_ERROR(ReadBlocking(*blocking, &schema));
  LIBMPI_RETURN_IF_ERROR(schema.Validate());
  return schema;
}

OrderedJson FieldToJson(const Field& field) {
  OrderedJson json = {{"name", field.name}, {"kind", KindName(field.kind)}};
  if (field.columns.size() == 1) json["column"] = field.columns[0];
  else json["columns"] = field.columns;
  if (!field.missing.empty()) json["missing"] = field.missing;
  if (field.tolerance > 0) json["tolerance"] = field.tolerance;
  if (field.kind == Kind::kList) json["separator"] = field.separator;
  if (field.kind == Kind::kDate && field.columns.size() == 1)
    json["date_order"] = kOrderNames[static_cast<int>(field.date_order)];
  return json;
}

OrderedJson ComparisonToJson(const Schema& schema, const ComparisonSpec& comparison) {
  OrderedJson json = {{"name", comparison.name}};
  OrderedJson fields = OrderedJson::array();
  for (size_t f : comparison.fields) fields.push_back(schema.fields[f].name);
  if (fields.size() == 1) json["field"] = fields[0];
  else json["fields"] = fields;
  json["frequency"] = comparison.frequency;
  json["gap"] = kGapNames[static_cast<int>(comparison.gap)];
  if (comparison.swapped_with) json["swapped_with"] = schema.comparisons[*comparison.swapped_with].name;
  return json;
}

OrderedJson ClassToJson(const ClassSpec& c) {
  OrderedJson json = {
      {"name", c.name}, {"match", c.is_match}, {"share", c.share}, {"otherwise", StanceName(c.otherwise)}};
  if (!c.stances.empty()) json["agreement"] = OrderedJson::object();
  for (const auto& [name, stance] : c.stances) json["agreement"][name] = StanceName(stance);
  if (!c.tables.empty()) json["tables"] = c.tables;
  return json;
}

OrderedJson RulesToJson(const Schema& schema, const std::vector<BlockingRule>& rules) {
  OrderedJson json = OrderedJson::array();
  for (const BlockingRule& rule : rules) {
    OrderedJson terms = OrderedJson::array();
    for (const BlockingTerm& term : rule) {
      std::string text = schema.fields[term.field].name;
      if (term.transform != Transform::kExact) text += ":" + std::string(TransformName(term.transform));
      terms.push_back(text);
    }
    json.push_back(terms);
  }
  return json;
}

OrderedJson SchemaToJson(const Schema& schema) {
  OrderedJson json = {{"format", "libmpi-schema"}, {"version", Schema::kVersion}};
  if (!schema.record_id.empty()) json["record_id"] = schema.record_id;
  if (!schema.source.empty()) json["source"] = schema.source;
  json["fields"] = json["comparisons"] = json["classes"] = OrderedJson::array();
  for (const Field& field : schema.fields) json["fields"].push_back(FieldToJson(field));
  for (const ComparisonSpec& c : schema.comparisons) json["comparisons"].push_back(ComparisonToJson(schema, c));
  for (const ClassSpec& c : schema.classes) json["classes"].push_back(ClassToJson(c));
  const Blocking& blocking = schema.blocking;
  json["blocking"]["rules"] = blocking.rules.empty() ? OrderedJson("auto") : RulesToJson(schema, blocking.rules);
  json["blocking"]["pairs_a_record"] = blocking.pairs_a_record;
  json["blocking"]["largest_block"] = blocking.largest_block;
  return json;
}

template <typename Result, typename Read>
absl::StatusOr<Result> Parse(std::string_view text, const Read& read) {
  // The parser reports by exception; none leaves this function.
  try {
    return read(Json::parse(text));
  } catch (const Json::parse_error& e) {
    return Refuse("not JSON: byte " + std::to_string(e.byte));
  } catch (const Json::exception&) {
    return Refuse("an entry cannot be read");
  }
}

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
  if (found == json.end() || !found->is_number()) return Refuse("model: no probability of level " + level);
  *out = found->get<double>();
  if (!(*out > 0 && *out <= 1)) return Refuse("model: the probability of level " + level + " lies outside (0, 1]");
  return absl::OkStatus();
}

absl::Status ReadLearnedClass(const Json& json, TableModel* model) {
  LatentClass& c = model->classes.emplace_back();
  if (!json.is_object() || json.value("name", "") != model->schema.classes[model->classes.size() - 1].name)
    return Refuse("model: the learned classes are not those of the schema");
  c.share = json.value("share", 0.0);
  if (!(c.share > 0 && c.share <= 1)) return Refuse("model: a share lies outside (0, 1]");
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
    if (!field || !counts.is_object()) return Refuse("model: value_counts of no field");
    ValueShares& shares = model->values[*field];
    shares.records = counts.at("records").get<double>();
    if (!(shares.records > 0)) return Refuse("model: value_counts of no records");
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
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"format", "version", "schema", "records", "rules", "gaps", "field_bits", "classes", "value_counts"}));
  LIBMPI_RETURN_IF_ERROR(ReadVersion(in, "libmpi-table-model", TableModel::kVersion));
  LIBMPI_ASSIGN_OR_RETURN(model.schema, ReadSchema(json.at("schema")));
  model.records = json.at("records").get<uint64_t>();
  LIBMPI_RETURN_IF_ERROR(ReadRules(json.at("rules"), model.schema, &model.rules));
  for (const Json& name : json.at("gaps")) {
    const auto k = IndexOf(model.schema.comparisons, name.get<std::string>());
    if (!k) return Refuse("model: gaps of no comparison");
    if (std::find(model.gaps.begin(), model.gaps.end(), *k) != model.gaps.end())
      return Refuse("model: gaps of one comparison stand twice");
    model.gaps.push_back(*k);
  }
  if (model.schema.comparisons.size() + model.gaps.size() > static_cast<size_t>(kMostComparisons))
    return Refuse("model: more comparisons and gaps than " + std::to_string(kMostComparisons));
  LIBMPI_RETURN_IF_ERROR(CheckRules(model.rules));
  for (const Field& field : model.schema.fields)
    if (!(model.information.emplace_back(json.at("field_bits").at(field.name).get<double>()) >= 0))
      return Refuse("model: field_bits of '" + field.name + "' must not be negative");
  if (json.at("classes").size() != model.schema.classes.size())
    return Refuse("model: the learned classes are not those of the schema");
  for (const Json& c : json.at("classes")) LIBMPI_RETURN_IF_ERROR(ReadLearnedClass(c, &model));
  LIBMPI_RETURN_IF_ERROR(ReadValueShares(json.at("value_counts"), &model));
  return model;
}

}  // namespace

absl::StatusOr<Schema> Schema::FromJson(std::string_view text) {
  return Parse<Schema>(text, [](const Json& json) { return ReadSchema(json); });
}

std::string Schema::ToJson() const { return SchemaToJson(*this).dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n"; }

absl::StatusOr<TableModel> TableModel::FromJson(std::string_view text) {
  try {
    return Parse<TableModel>(text, [](const Json& json) { return ReadTableModel(json); });
  } catch (const std::logic_error&) {  // a count's name that is no hash
    return Refuse("model: value_counts cannot be read");
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
