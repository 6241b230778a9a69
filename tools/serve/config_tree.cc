// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/config_tree.h"

#include <algorithm>
#include <numeric>

namespace nayose {
namespace {

// Levenshtein's; O(a b).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string Folded(std::string_view word) {
  std::string folded;
  for (const char c : word)
    folded += c == '-' || c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return folded;
}

std::string Joined(std::initializer_list<const char*> words) {
  std::string text;
  for (const char* word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

}  // namespace

std::string ConfigProblem::ToString(std::string_view file) const {
  std::string text(file);
  if (line > 0) text += ":" + std::to_string(line);
  if (!key.empty()) text += ": " + key;
  return text + ": " + reason;
}

std::string ClosestWord(std::string_view word, const std::vector<std::string>& known) {
  const std::string folded = Folded(word);
  std::string closest;
  size_t least = std::min<size_t>(3, folded.size() / 3 + 1) + 1;
  for (const std::string& candidate : known) {
    const std::string other = Folded(candidate);
    size_t distance = EditDistance(folded, other);
    // "ca_file" for "ca", "max_messages" for "max_message_bytes".
    if (folded.size() >= 2 && other.size() >= 2 && (folded.starts_with(other) || other.starts_with(folded)))
      distance = std::min<size_t>(distance, 2);
    if (distance < least) {
      least = distance;
      closest = candidate;
    }
  }
  return closest;
}

const ConfigValue* ConfigTable::Find(const char* key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
  for (const auto& [name, value] : table_->members)
    if (name == key) return &value;
  return nullptr;
}

const ConfigValue* ConfigTable::FindOf(const char* key, ConfigValue::Kind kind, const char* what) {
  const ConfigValue* const value = Find(key);
  if (value == nullptr || value->kind == kind) return value;
  Error(key, std::string("must be ") + what);
  return nullptr;
}

std::string ConfigTable::PathOf(std::string_view key) const {
  return path_.empty() || key.empty() ? path_ + std::string(key) : path_ + "." + std::string(key);
}

bool ConfigTable::Has(std::string_view key) const {
  return std::ranges::any_of(table_->members, [&](const auto& member) { return member.first == key; });
}

int ConfigTable::LineOf(std::string_view key) const {
  for (const auto& [name, value] : table_->members)
    if (name == key) return value.line;
  return line_;
}

void ConfigTable::Error(std::string_view key, const std::string& reason) {
  problems_->errors.push_back({LineOf(key), PathOf(key), reason});
}

void ConfigTable::Warn(std::string_view key, const std::string& reason) {
  problems_->warnings.push_back({LineOf(key), PathOf(key), reason});
}

void ConfigTable::Text(const char* key, std::string* value) {
  const ConfigValue* const found = FindOf(key, ConfigValue::Kind::kText, "a text in quotation marks");
  if (found == nullptr) return;
  if (std::ranges::any_of(found->text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    Error(key, "has a control character");
  else *value = found->text;
}

void ConfigTable::Flag(const char* key, bool* value) {
  const ConfigValue* const found = FindOf(key, ConfigValue::Kind::kFlag, "true or false");
  if (found != nullptr) *value = found->flag;
}

void ConfigTable::Number(const char* key, int64_t least, int64_t most, int64_t* value) {
  const ConfigValue* const found = FindOf(key, ConfigValue::Kind::kNumber, "a whole number");
  if (found == nullptr) return;
  if (found->number < least || found->number > most)
    Error(key, "must be " + std::to_string(least) + " to " + std::to_string(most));
  else *value = found->number;
}

void ConfigTable::Texts(const char* key, std::vector<std::string>* values) {
  const ConfigValue* const found = Find(key);
  if (found == nullptr) return;
  if (found->kind == ConfigValue::Kind::kText) {
    *values = {found->text};
    return;
  }
  const bool texts = found->kind == ConfigValue::Kind::kList && std::ranges::all_of(found->items, [](const auto& item) {
    return item.kind == ConfigValue::Kind::kText && !item.text.empty();
  });
  if (!texts) return Error(key, "must be a list of texts, as [\"A\", \"B\"]");
  values->clear();
  for (const ConfigValue& item : found->items) {
    if (std::ranges::find(*values, item.text) != values->end()) Error(key, "has \"" + item.text + "\" twice");
    values->push_back(item.text);
  }
}

int ConfigTable::Word(const char* key, std::initializer_list<const char*> words) {
  std::string text;
  const ConfigValue* const found = FindOf(key, ConfigValue::Kind::kText, "a text in quotation marks");
  if (found == nullptr) return -1;
  const auto at = std::ranges::find_if(words, [&](const char* word) { return found->text == word; });
  if (at != words.end()) return static_cast<int>(at - words.begin());
  const std::string closest = ClosestWord(found->text, {words.begin(), words.end()});
  Error(key, "must be one of " + Joined(words) + (closest.empty() ? "" : "; did you mean \"" + closest + "\"?"));
  return -1;
}

ConfigTable ConfigTable::Table(const char* key) {
  static const ConfigValue kNone = {ConfigValue::Kind::kTable};
  const ConfigValue* const found = FindOf(key, ConfigValue::Kind::kTable, "a table");
  if (found == nullptr) return ConfigTable(&kNone, PathOf(key), line_, problems_);
  return ConfigTable(found, PathOf(key), found->line, problems_);
}

std::vector<ConfigTable> ConfigTable::Tables(const char* key) {
  std::vector<ConfigTable> tables;
  const ConfigValue* const found = Find(key);
  if (found == nullptr) return tables;
  const std::string form = "is written [[" + PathOf(key) + "]], one for each";
  if (found->kind != ConfigValue::Kind::kList) {
    Error(key, form);
    return tables;
  }
  for (const ConfigValue& item : found->items) {
    if (item.kind != ConfigValue::Kind::kTable) {
      Error(key, form);
      return tables;
    }
    tables.emplace_back(&item, PathOf(key) + "[" + std::to_string(tables.size() + 1) + "]", problems_);
  }
  return tables;
}

bool ConfigTable::Need(const char* key) {
  const ConfigValue* const found = Find(key);
  if (found == nullptr) {
    Error(key, "is missing");
    return false;
  }
  if (found->kind == ConfigValue::Kind::kText && found->text.empty()) {
    Error(key, "is empty");
    return false;
  }
  return true;
}

void ConfigTable::Finish() {
  for (const auto& [name, value] : table_->members) {
    if (std::ranges::find(known_, name) != known_.end()) continue;
    const std::string closest = ClosestWord(name, known_);
    Error(name, "there is no such key" + (closest.empty() ? std::string() : "; did you mean \"" + closest + "\"?"));
  }
}

}  // namespace nayose
