// SPDX-License-Identifier: Apache-2.0
// The schema file: written, read, and refused with a reason.
#include "libmpi/table/json_reader.h"
#include "libmpi/table/value.h"

namespace libmpi::table {
namespace {

constexpr std::string_view kGapNames[] = {"ignore", "level", "auto"};
constexpr std::string_view kOrderNames[] = {"ymd", "dmy", "mdy"};

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
  if (!known) return RefuseFile(in.place() + ": no kind '" + kind.substr(0, 40) + "'");
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
    if (!found) return RefuseFile(in.place() + ": no field '" + name.substr(0, 40) + "'");
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
      return RefuseFile("comparison '" + schema->comparisons[i].name + "': swapped_with names no comparison");
  }
  return absl::OkStatus();
}

absl::Status ReadStance(const Reader& in, const Json& value, Stance* stance) {
  const auto known = value.is_string() ? StanceByName(value.get<std::string>()) : std::nullopt;
  if (!known) return RefuseFile(in.place() + ": a stance is own, same, differs or chance");
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
    if (!agreement->is_object()) return RefuseFile(in.place() + ": agreement must be an object");
    for (const auto& [name, value] : agreement->items())
      LIBMPI_RETURN_IF_ERROR(ReadStance(in, value, &c->stances[name]));
  }
  const Json* tables = in.Find("tables");
  if (tables == nullptr) return absl::OkStatus();
  if (!tables->is_object()) return RefuseFile(in.place() + ": tables must be an object");
  for (const auto& [name, odds] : tables->items()) {
    if (!odds.is_object()) return RefuseFile(in.place() + ", " + name.substr(0, 40) + " must be an object of odds");
    for (const auto& [level, value] : odds.items()) {
      if (!value.is_number()) return RefuseFile(in.place() + ", " + name.substr(0, 40) + ": odds must be numbers");
      c->tables[name][level] = value.get<double>();
    }
  }
  return absl::OkStatus();
}

absl::Status ReadTerm(const Json& json, const Schema& schema, BlockingTerm* term) {
  if (!json.is_string()) return RefuseFile("blocking: a rule is a list of \"field\" or \"field:transform\"");
  std::string name = json.get<std::string>(), transform;
  if (const size_t colon = name.rfind(':'); colon != std::string::npos && !IndexOf(schema.fields, name)) {
    transform = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  const auto field = IndexOf(schema.fields, name);
  if (!field) return RefuseFile("blocking: no field '" + name.substr(0, 40) + "'");
  term->field = *field;
  if (transform.empty()) return absl::OkStatus();
  const auto known = TransformByName(transform);
  if (!known || !Applies(*known, schema.fields[*field].kind))
    return RefuseFile("blocking: field '" + name + "' has no transform '" + transform.substr(0, 40) + "'");
  term->transform = *known;
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadRules(const Json& json, const Schema& schema, std::vector<BlockingRule>* rules) {
  if (!json.is_array()) return RefuseFile("blocking: rules must be a list of rules, or \"auto\"");
  for (const Json& one : json) {
    BlockingRule& rule = rules->emplace_back();
    if (!one.is_array()) return RefuseFile("blocking: a rule is a list of \"field\" or \"field:transform\"");
    for (const Json& text : one) LIBMPI_RETURN_IF_ERROR(ReadTerm(text, schema, &rule.emplace_back()));
  }
  return absl::OkStatus();
}


absl::Status CheckRules(const std::vector<BlockingRule>& rules) {
  constexpr size_t kMostRules = 64;
  if (rules.size() > kMostRules) return RefuseFile("blocking: more than 64 rules");
  for (const BlockingRule& rule : rules)
    if (rule.empty()) return RefuseFile("blocking: a rule without a term");
  return absl::OkStatus();
}

namespace {

absl::Status ReadBlocking(const Json& json, Schema* schema) {
  const Reader in(json, "blocking");
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"rules", "pairs_a_record", "largest_block"}));
  LIBMPI_RETURN_IF_ERROR(in.Number("pairs_a_record", &schema->blocking.pairs_a_record));
  double largest = schema->blocking.largest_block;
  LIBMPI_RETURN_IF_ERROR(in.Number("largest_block", &largest));
  if (!(largest >= 2 && largest <= 1e6)) return RefuseFile("blocking: largest_block must lie between 2 and 1,000,000");
  schema->blocking.largest_block = static_cast<uint32_t>(largest);
  const Json* rules = in.Find("rules");
  if (rules == nullptr || *rules == "auto") return absl::OkStatus();
  return ReadRules(*rules, *schema, &schema->blocking.rules);
}

}  // namespace

absl::StatusOr<Schema> ReadSchema(const Json& json) {
  Schema schema;
  const Reader in(json, "file");
  LIBMPI_RETURN_IF_ERROR(in.IsObject({"$schema", "format", "version", "comment", "record_id", "source", "fields",
                                      "comparisons", "classes", "blocking"}));
  LIBMPI_RETURN_IF_ERROR(ReadVersion(in, "libmpi-schema", Schema::kVersion));
  LIBMPI_RETURN_IF_ERROR(in.Text("record_id", &schema.record_id));
  LIBMPI_RETURN_IF_ERROR(in.Text("source", &schema.source));
  for (const char* key : {"fields", "comparisons", "classes"})
    if (in.Find(key) == nullptr || !in.Find(key)->is_array()) return RefuseFile(std::string(key) + " must be a list");
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

namespace {

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

}  // namespace

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
  for (const char* list : {"classes", "comparisons", "fields"}) json[list] = OrderedJson::array();
  for (const Field& field : schema.fields) json["fields"].push_back(FieldToJson(field));
  for (const ComparisonSpec& c : schema.comparisons) json["comparisons"].push_back(ComparisonToJson(schema, c));
  for (const ClassSpec& c : schema.classes) json["classes"].push_back(ClassToJson(c));
  const Blocking& blocking = schema.blocking;
  json["blocking"]["rules"] = blocking.rules.empty() ? OrderedJson("auto") : RulesToJson(schema, blocking.rules);
  json["blocking"]["pairs_a_record"] = blocking.pairs_a_record;
  json["blocking"]["largest_block"] = blocking.largest_block;
  return json;
}

absl::StatusOr<Schema> Schema::FromJson(std::string_view text) {
  return Parse<Schema>(text, [](const Json& json) { return ReadSchema(json); });
}

std::string Schema::ToJson() const {
  return SchemaToJson(*this).dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace libmpi::table
