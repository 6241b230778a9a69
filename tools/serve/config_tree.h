// SPDX-License-Identifier: Apache-2.0
// A file of TOML as a tree in which everything knows its line, and what is wrong with it, all of it.
#ifndef LIBMPI_TOOLS_SERVE_CONFIG_TREE_H_
#define LIBMPI_TOOLS_SERVE_CONFIG_TREE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nayose {

// "network.toml:12: listener[2].port: must be 1 to 65535".
struct ConfigProblem {
  int line = 0;        // 0: of the file
  std::string key;     // "" where it is of none
  std::string reason;
  std::string ToString(std::string_view file) const;
};

struct ConfigProblems {
  std::vector<ConfigProblem> errors, warnings;
};

struct ConfigValue {
  enum class Kind { kText, kNumber, kFlag, kList, kTable, kOther };
  Kind kind = Kind::kOther;
  int line = 0;
  std::string text;
  int64_t number = 0;
  bool flag = false;
  std::vector<ConfigValue> items;                             // of a list
  std::vector<std::pair<std::string, ConfigValue>> members;   // of a table, by name
};

// A table; where the text is none, an empty one and an error.
ConfigValue ParseToml(std::string_view text, ConfigProblems* problems);

// A table as it is read, key by key: whatever was not asked for is an error when it is finished.
class ConfigTable {
 public:
  // Borrows both. `path`: "listener[2]"; "": the file itself.
  ConfigTable(const ConfigValue* table, std::string path, ConfigProblems* problems)
      : ConfigTable(table, std::move(path), table->line, problems) {}

  bool Has(std::string_view key) const;
  // Each leaves *value as it is where the key is not there, or is wrong (told).
  void Text(const char* key, std::string* value);
  void Flag(const char* key, bool* value);
  void Number(const char* key, int64_t least, int64_t most, int64_t* value);
  template <typename Integer>
  void Number(const char* key, int64_t least, int64_t most, Integer* value) {
    int64_t read = static_cast<int64_t>(*value);
    Number(key, least, most, &read);
    *value = static_cast<Integer>(read);
  }
  // A list of texts, or one alone.
  void Texts(const char* key, std::vector<std::string>* values);
  // One of some words; gives its number, or that of none: -1.
  int Word(const char* key, std::initializer_list<const char*> words);
  // Tables; one that is not there is as an empty one in the line of this.
  ConfigTable Table(const char* key);
  std::vector<ConfigTable> Tables(const char* key);

  // That the key has to be there, and not empty.
  bool Need(const char* key);
  void Error(std::string_view key, const std::string& reason);
  void Warn(std::string_view key, const std::string& reason);
  // Tells of keys that nobody asked for, and which may have been meant.
  void Finish();
  int line() const { return line_; }
  int LineOf(std::string_view key) const;  // the table's where it is not there

 private:
  ConfigTable(const ConfigValue* table, std::string path, int line, ConfigProblems* problems)
      : table_(table), path_(std::move(path)), line_(line), problems_(problems) {}
  const ConfigValue* Find(const char* key);
  const ConfigValue* FindOf(const char* key, ConfigValue::Kind kind, const char* what);
  std::string PathOf(std::string_view key) const;

  const ConfigValue* table_;
  std::string path_;
  int line_;
  ConfigProblems* problems_;
  std::vector<std::string> known_;
};

// The one of `known` that differs least from `word`, if that is little; "" else.
std::string ClosestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_CONFIG_TREE_H_
