// SPDX-License-Identifier: Apache-2.0
// Bytes that come in pieces, as lines. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

// Cuts at CR LF, LF or CR. How the bytes are cut into pieces changes nothing. Lines that lie in one piece are not
// copied. Linear.
class FeedLines {
 public:
  explicit FeedLines(size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // Calls line(number, text) for every line that ends within what came so far, without its end, and too_long(number)
  // once for one that is longer than may be. Numbers are 1-based; a CR LF is one end.
  template <typename OnLine, typename OnTooLong>
  void Take(std::string_view bytes, const OnLine& line, const OnTooLong& too_long) {
    if (after_cr_ && !bytes.empty()) {
      if (bytes.front() == '\n') bytes.remove_prefix(1);
      after_cr_ = false;
    }
    LineEnds ends(bytes);
    for (size_t begin = 0; begin < bytes.size();) {
      const size_t end = ends.Next(begin);
      const bool ended = end != std::string_view::npos;
      const std::string_view part = bytes.substr(begin, end - begin);
      if (!skipping_ && part.size() > max_line_bytes_ - rest_.size()) {
        skipping_ = true;
        rest_.clear();
        too_long(number_);
      }
      if (!skipping_) {
        if (ended && rest_.empty()) {
          line(number_, part);
        } else {
          rest_.append(part);
          if (ended) line(number_, std::string_view(rest_));
        }
      }
      if (!ended) return;
      rest_.clear();
      skipping_ = false;
      ++number_;
      begin = end + 1;
      if (bytes[end] != '\r') continue;
      after_cr_ = begin == bytes.size();
      if (!after_cr_ && bytes[begin] == '\n') ++begin;
    }
  }

  // The last line, where it does not end.
  template <typename OnLine>
  void End(const OnLine& line) {
    if (!skipping_ && !rest_.empty()) line(number_, std::string_view(rest_));
    rest_.clear();
  }

 private:
  // Where lines of one piece end. Each kind of end is looked for once from where it was last found, so that neither
  // makes the other slow.
  class LineEnds {
   public:
    explicit LineEnds(std::string_view bytes) : bytes_(bytes) {}
    // The first end at or behind `from`, which never goes back; npos: none.
    size_t Next(size_t from);

   private:
    static constexpr size_t kUnknown = SIZE_MAX - 1;
    std::string_view bytes_;
    size_t lf_ = kUnknown;  // the next one; npos: none
    size_t no_cr_before_ = 0, cr_ = std::string_view::npos;
  };

  const size_t max_line_bytes_;
  std::string rest_;
  uint64_t number_ = 1;
  bool skipping_ = false, after_cr_ = false;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_LINES_H_
