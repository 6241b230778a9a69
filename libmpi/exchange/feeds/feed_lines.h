// SPDX-License-Identifier: Apache-2.0
// Bytes that come in pieces, as lines or as one document. Internal to
// libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

// Cuts at CR LF, LF or CR. No copy of lines that lie in one piece.
class FeedLines {
public:
  // `separators`: which bytes end a line; HL7 messages have CR alone, and LF
  // where somebody edited them.
  explicit FeedLines(size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // Calls line(number, text) for every line that ends within what came so far,
  // without its end, and too_long(number) once for one that is longer than may
  // be. Numbers are 1-based; a CR LF is one end.
  template <typename OnLine, typename OnTooLong>
  void Take(std::string_view bytes, const OnLine &line,
            const OnTooLong &too_long) {
    while (!bytes.empty()) {
      if (after_cr_ && bytes.front() == '\n')
        bytes.remove_prefix(1);
      after_cr_ = false;
      const size_t end = FindEnd(bytes);
      const std::string_view part = bytes.substr(0, end);
      const bool ended = end != std::string_view::npos;
      if (!skipping_ && rest_.size() + part.size() > max_line_bytes_) {
        skipping_ = true;
        rest_.clear();
        too_long(number_);
      }
      if (!skipping_ && !ended)
        rest_.append(part);
      if (!ended)
        return;
      if (!skipping_ && rest_.empty()) {
        line(number_, part);
      } else if (!skipping_) {
        rest_.append(part);
        line(number_, std::string_view(rest_));
        rest_.clear();
      }
      skipping_ = false;
      ++number_;
      after_cr_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
    }
  }
  // The last line, where it does not end.
  template <typename OnLine> void End(const OnLine &line) {
    if (!skipping_ && !rest_.empty())
      line(number_, std::string_view(rest_));
    rest_.clear();
  }

private:
  static size_t FindEnd(std::string_view bytes);

  const size_t max_line_bytes_;
  std::string rest_;
  uint64_t number_ = 1;
  bool skipping_ = false, after_cr_ = false;
};

} // namespace libmpi

#endif // LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_
