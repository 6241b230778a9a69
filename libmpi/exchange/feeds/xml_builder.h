// SPDX-License-Identifier: Apache-2.0
// Writes XML in any charset. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_XML_BUILDER_H_
#define LIBMPI_EXCHANGE_FEEDS_XML_BUILDER_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/text/charset.h"

namespace libmpi {

// Characters that the charset does not have are written by their numbers, so that every charset carries every text.
class XmlBuilder {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // With a declaration that names the charset as such documents do (Shift_JIS).
  explicit XmlBuilder(Charset charset);

  void Open(std::string_view name, Attributes attributes = {});
  void Close();
  // An element without elements.
  void Add(std::string_view name, std::string_view text, Attributes attributes = {});
  // In the element that is open.
  void Text(std::string_view text);
  // The document; begins the next one.
  std::string Take();

 private:
  void Start();
  void Indent();
  void Tag(std::string_view name, Attributes attributes);
  void Escaped(std::string_view text);
  void Character(std::string_view utf8);

  const Charset charset_;
  std::string text_;  // UTF-8
  std::vector<std::string> open_;
};

// Of a writer's option: empty is UTF-8.
absl::StatusOr<Charset> WriterCharset(std::string_view encoding);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_XML_BUILDER_H_
