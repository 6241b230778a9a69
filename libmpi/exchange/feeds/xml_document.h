// SPDX-License-Identifier: Apache-2.0
// XML documents of facilities' systems: their charset, and a tree that is safe to walk. The only user of pugixml.
// Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_XML_DOCUMENT_H_
#define LIBMPI_EXCHANGE_FEEDS_XML_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace pugi {
struct xml_node_struct;
}  // namespace pugi

namespace libmpi {

struct DocumentText {
  std::string utf8;
  std::string_view encoding;  // as CharsetName() says, or "UTF-16"
  uint64_t malformed = 0;     // characters that could not be read, each now U+FFFD
  bool as_declared = true;    // false: the document says that it is in another charset
};

// A whole document, XML or JSON, in UTF-8. UTF-16 is told by its byte order mark or by how it begins. Otherwise `told`
// counts, where it names a charset; then the XML declaration, CharacterCodeIdentifier (オンライン資格確認: 0 is UTF-8,
// 1 Shift_JIS), and what the bytes look like. Where the bytes cannot be in the charset that they name, they are read as
// what they look like.
DocumentText DecodeDocument(std::string_view bytes, std::string_view told);

// A value as every charset and XML give it back: in the one form of what charsets disagree on, blanks for control
// characters, without blanks around.
std::string CleanText(std::string_view text);

// An element, or nothing. Names are local ones, whatever prefix they have. Valid as long as its document.
class XmlNode {
 public:
  XmlNode() = default;
  explicit XmlNode(pugi::xml_node_struct* node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }
  std::string_view name() const;
  // What stands directly in it, clean.
  std::string Text() const;
  // Clean; empty where there is no such attribute.
  std::string Attribute(std::string_view name) const;
  // Of the elements in it.
  XmlNode First() const;
  // The element that follows in the same parent.
  XmlNode Next() const;

  // The first of that name directly in it.
  XmlNode Child(std::string_view name) const;
  std::string ChildText(std::string_view name) const;
  // The first of that name anywhere in it.
  XmlNode Find(std::string_view name) const;
  template <typename Visit>
  void ForEach(std::string_view name, const Visit& visit) const {
    for (XmlNode child = First(); child; child = child.Next())
      if (child.name() == name) visit(child);
  }
  // Every one of that name anywhere in it, but for those within another.
  template <typename Visit>
  void ForEachWithin(std::string_view name, const Visit& visit) const {
    for (XmlNode child = First(); child; child = child.Next()) {
      if (child.name() == name)
        visit(child);
      else
        child.ForEachWithin(name, visit);
    }
  }
  // The items of a list as ORCA writes them: of every <name> the <name_child>ren, or itself where it has none.
  template <typename Visit>
  void ForEachItem(std::string_view name, const Visit& visit) const {
    const std::string item = std::string(name) + "_child";
    ForEach(name, [&](XmlNode list) {
      if (list.Child(item))
        list.ForEach(item, visit);
      else
        visit(list);
    });
  }

 private:
  pugi::xml_node_struct* node_ = nullptr;
};

struct XmlLimits {
  size_t depth = 64;  // of elements in each other
  size_t items = 0;   // elements and attributes; each takes up to 64 bytes of memory
  // What a document of so many bytes may have at most; real ones have half of it.
  static XmlLimits OfBytes(size_t max_document_bytes) { return {64, max_document_bytes / 8}; }
};

// One document, or several one after the other in one file. A document type, and entities but for the five of XML and
// characters' numbers, are refused: nothing is ever expanded or fetched.
class XmlDocument {
 public:
  // kInvalidArgument: it is not well-formed, or beyond a limit; with the line, and no value of it.
  static absl::StatusOr<XmlDocument> Parse(std::string utf8, const XmlLimits& limits);
  // JSON as ORCA's XML would say it: members are elements; the items of a list `x` are called `x_child`. One value, or
  // several one after the other.
  static absl::StatusOr<XmlDocument> ParseJson(std::string_view utf8, const XmlLimits& limits);

  // Holds the outermost elements.
  XmlNode root() const;

 private:
  struct Tree;
  explicit XmlDocument(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}

  std::shared_ptr<const Tree> tree_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_XML_DOCUMENT_H_
