// SPDX-License-Identifier: Apache-2.0
// JSON as a tree of elements.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/exchange/feeds/xml_scan.h"
#include "libmpi/exchange/feeds/xml_tree.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using Json = nlohmann::json;

// Names that mean something are shorter; a name is kept once for each item of a list.
constexpr size_t kMaxNameBytes = 64;

class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(pugi::xml_node root, const XmlLimits& limits) : limits_(limits) {
    open_.push_back({root, "json", false});
  }

  const std::string& wrong() const { return wrong_; }
  size_t wrong_at() const { return wrong_at_; }

  bool null() override { return static_cast<bool>(NewElement()); }
  bool boolean(bool value) override { return AddText(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return AddText(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return AddText(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return AddText(text); }
  bool string(string_t& value) override { return AddText(value); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    open_.back().next_name = name.substr(0, kMaxNameBytes);
    return true;
  }
  bool start_object(size_t) override { return Open(false); }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open(true); }
  bool end_array() override { return Close(); }
  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    wrong_at_ = position;
    return Fail("it is not well-formed");
  }

 private:
  struct Level {
    pugi::xml_node node;
    std::string next_name;  // of what comes next in it
    bool is_list;
  };

  bool Fail(std::string_view what) {
    wrong_ = what;
    return false;
  }

  pugi::xml_node NewElement() {
    if (++items_ > limits_.items) {
      Fail("it has more values than a document may have");
      return {};
    }
    pugi::xml_node node = open_.back().node.append_child(pugi::node_element);
    node.set_name(open_.back().next_name.c_str());
    return node;
  }
  bool AddText(const std::string& text) {
    pugi::xml_node node = NewElement();
    if (!node) return false;
    ++items_;
    return node.append_child(pugi::node_pcdata).set_value(text.c_str());
  }
  bool Open(bool is_list) {
    if (open_.size() > limits_.depth) return Fail("its values stand in each other more deeply than they may");
    const pugi::xml_node node = NewElement();
    if (!node) return false;
    std::string name = is_list ? open_.back().next_name + "_child" : "";
    open_.push_back({node, std::move(name), is_list});
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const XmlLimits limits_;
  std::vector<Level> open_;
  size_t items_ = 0;
  std::string wrong_ = "it is not well-formed";
  size_t wrong_at_ = 0;
};

// Where the object or list that begins at `begin` ends; the end of the text where it does not.
size_t EndOfValue(std::string_view text, size_t begin) {
  size_t depth = 0;
  bool quoted = false;
  for (size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return text.size();
}

}  // namespace

absl::StatusOr<XmlDocument> XmlDocument::ParseJson(std::string_view utf8, const XmlLimits& limits) {
  auto tree = std::make_shared<Tree>();
  TreeBuilder builder(tree->document, limits);
  const auto wrong = [&](std::string_view what, size_t position) {
    return absl::InvalidArgumentError(
        absl::StrCat("not read as JSON: ", std::string(what), ", line ", LineOf(utf8, position)));
  };
  for (size_t at = 0;;) {
    at = utf8.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos) break;
    if (utf8[at] != '{' && utf8[at] != '[') return wrong("it is neither an object nor a list", at);
    const size_t end = EndOfValue(utf8, at);
    const std::string_view value = utf8.substr(at, end - at);
    if (!Json::sax_parse(value.begin(), value.end(), &builder)) return wrong(builder.wrong(), at + builder.wrong_at());
    at = end;
  }
  return XmlDocument(std::move(tree));
}

}  // namespace libmpi
