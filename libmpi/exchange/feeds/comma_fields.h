// SPDX-License-Identifier: Apache-2.0
// Lines whose values have no commas, as UKE and NSIPS have them. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_COMMA_FIELDS_H_
#define LIBMPI_EXCHANGE_FEEDS_COMMA_FIELDS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace libmpi {

// The fields of a line, the first 64 of them or fewer; a comma is no byte of another character in CP932 or UTF-8.
// Quotes around one, which no sender should write, are dropped. Views of the line.
class CommaFields {
 public:
  static constexpr size_t kMost = 64;
  explicit CommaFields(std::string_view line, size_t most = kMost) {
    most = std::min(most, kMost);
    for (size_t begin = 0; count_ < most;) {
      const size_t comma = line.find(',', begin);
      fields_[count_++] = Unquoted(line.substr(begin, comma - begin));
      if (comma == std::string_view::npos) break;
      begin = comma + 1;
    }
  }
  // Empty beyond the last.
  std::string_view operator[](size_t i) const { return i < count_ ? fields_[i] : std::string_view(); }
  size_t size() const { return count_; }

 private:
  static std::string_view Unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
  }

  std::array<std::string_view, kMost> fields_;
  size_t count_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_COMMA_FIELDS_H_
