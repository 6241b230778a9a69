// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/hl7_files.h"

namespace nayose {

std::vector<std::string> MessagesOf(std::string_view bytes) {
  std::vector<std::string> messages;
  while (!bytes.empty()) {
    // No multi-byte character of any charset has one of these bytes.
    const size_t end = bytes.find_first_of("\r\n\x0b\x1c");
    std::string_view line = bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    const std::string_view name = line.substr(0, 3);
    if (line.empty() || name == "FHS" || name == "BHS" || name == "BTS" || name == "FTS") continue;
    if (name == "MSH") messages.emplace_back();
    if (messages.empty()) continue;
    messages.back() += line;
    messages.back() += '\r';
  }
  return messages;
}

}  // namespace nayose
