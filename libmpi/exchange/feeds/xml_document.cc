// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/xml_document.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/xml_scan.h"
#include "libmpi/exchange/feeds/xml_tree.h"

namespace libmpi {
namespace {

std::string_view LocalName(const char* name) {
  const std::string_view whole(name);
  const size_t colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

XmlNode ElementFrom(pugi::xml_node node) {
  while (node && node.type() != pugi::node_element) node = node.next_sibling();
  return XmlNode(node.internal_object());
}

}  // namespace

std::string_view XmlNode::name() const { return LocalName(pugi::xml_node(node_).name()); }

// The parser keeps the first text of an element in the element itself.
std::string XmlNode::Text() const {
  const pugi::xml_node node(node_);
  std::string text = node.value();
  for (const pugi::xml_node child : node.children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  return CleanText(text);
}

std::string XmlNode::Attribute(std::string_view name) const {
  for (const pugi::xml_attribute attribute : pugi::xml_node(node_).attributes())
    if (LocalName(attribute.name()) == name) return CleanText(attribute.value());
  return "";
}

XmlNode XmlNode::First() const { return ElementFrom(pugi::xml_node(node_).first_child()); }
XmlNode XmlNode::Next() const { return ElementFrom(pugi::xml_node(node_).next_sibling()); }

XmlNode XmlNode::Child(std::string_view name) const {
  XmlNode child = First();
  while (child && child.name() != name) child = child.Next();
  return child;
}

std::string XmlNode::ChildText(std::string_view name) const { return Child(name).Text(); }

XmlNode XmlNode::Find(std::string_view name) const {
  for (XmlNode child = First(); child; child = child.Next()) {
    if (child.name() == name) return child;
    if (const XmlNode found = child.Find(name)) return found;
  }
  return {};
}

absl::StatusOr<XmlDocument> XmlDocument::Parse(std::string utf8, const XmlLimits& limits) {
  LIBMPI_RETURN_IF_ERROR(ScanXml(utf8, limits));
  auto tree = std::make_shared<Tree>();
  tree->text = std::move(utf8);
  const pugi::xml_parse_result parsed = tree->document.load_buffer_inplace(
      tree->text.data(), tree->text.size(), pugi::parse_default | pugi::parse_embed_pcdata, pugi::encoding_utf8);
  if (!parsed)
    return absl::InvalidArgumentError(
        absl::StrCat("not read as XML: ", parsed.description(), ", line ",
                     LineOf(tree->text, static_cast<size_t>(std::max<ptrdiff_t>(parsed.offset, 0)))));
  return XmlDocument(std::move(tree));
}

XmlNode XmlDocument::root() const { return XmlNode(tree_->document.internal_object()); }

}  // namespace libmpi
