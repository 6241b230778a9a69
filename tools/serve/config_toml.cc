// SPDX-License-Identifier: Apache-2.0
// The only file that knows toml++.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "tools/serve/config_tree.h"

namespace nayose {
namespace {

ConfigValue ValueOf(const toml::node& node) {
  ConfigValue value;
  value.line = static_cast<int>(node.source().begin.line);
  if (const auto* text = node.as_string()) {
    value.kind = ConfigValue::Kind::kText;
    value.text = text->get();
  } else if (const auto* number = node.as_integer()) {
    value.kind = ConfigValue::Kind::kNumber;
    value.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = ConfigValue::Kind::kFlag;
    value.flag = flag->get();
  } else if (const auto* list = node.as_array()) {
    value.kind = ConfigValue::Kind::kList;
    for (const toml::node& item : *list) value.items.push_back(ValueOf(item));
  } else if (const auto* table = node.as_table()) {
    value.kind = ConfigValue::Kind::kTable;
    for (const auto& [key, member] : *table) {
      value.members.emplace_back(std::string(key.str()), ValueOf(member));
      ConfigValue& last = value.members.back().second;
      const int line = static_cast<int>(key.source().begin.line);
      // Of a list that goes over several lines the key's line is the one to tell.
      if (line > 0 && last.kind != ConfigValue::Kind::kTable) last.line = line;
    }
  }
  return value;
}

}  // namespace

ConfigValue ParseToml(std::string_view text, ConfigProblems* problems) {
  const toml::parse_result parsed = toml::parse(text);
  if (parsed) return ValueOf(parsed.table());
  const toml::parse_error& error = parsed.error();
  std::string reason(error.description());
  if (reason.find("utf-8") != std::string::npos) reason += "; the file has to be UTF-8";
  problems->errors.push_back({static_cast<int>(error.source().begin.line), "", std::move(reason)});
  ConfigValue none;
  none.kind = ConfigValue::Kind::kTable;
  return none;
}

}  // namespace nayose
