// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/report_page.h"

#include <cstddef>
#include <string_view>

#include "libmpi/base/embedded_file.h"

namespace nayose {

// Defined in the index that cmake/embed_tables.cmake makes.
extern const libmpi::EmbeddedFile kEmbeddedFiles[];
extern const size_t kEmbeddedFileCount;

namespace {

std::string_view Part(std::string_view name) {
  for (size_t i = 0; i < kEmbeddedFileCount; ++i)
    if (name == kEmbeddedFiles[i].path) return kEmbeddedFiles[i].bytes();
  return {};
}

// JSON in which no markup can stand: "<" and "&" are only ever in strings, where they may be escaped.
std::string InertJson(const nlohmann::ordered_json& data) {
  std::string out;
  for (char c : data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) {
    if (c == '<') out += "\\u003c";
    else if (c == '>') out += "\\u003e";
    else if (c == '&') out += "\\u0026";
    else out += c;
  }
  return out;
}

constexpr std::string_view kOpen = "<!--part:", kClose = "-->";

}  // namespace

// The template names its parts in comments: <!--part:style.css-->, and <!--part:data--> for the data.
std::string ReportPage(const nlohmann::ordered_json& data) {
  std::string_view rest = Part("page.html");
  std::string page;
  for (size_t at; (at = rest.find(kOpen)) != std::string_view::npos;) {
    page += rest.substr(0, at);
    rest.remove_prefix(at + kOpen.size());
    const size_t end = rest.find(kClose);
    const std::string_view name = rest.substr(0, end);
    if (name == "data") page += InertJson(data);
    else page += Part(name);
    rest.remove_prefix(end + kClose.size());
  }
  page += rest;
  return page;
}

}  // namespace nayose
