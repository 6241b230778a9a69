// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_lines.h"

#include <ctime>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

std::vector<std::string> LinesOf(std::string_view bytes, size_t piece, size_t most = 10) {
  std::vector<std::string> found;
  FeedLines lines(most);
  const auto take = [&](uint64_t number, std::string_view line) {
    found.push_back(std::to_string(number) + ":" + std::string(line));
  };
  for (size_t i = 0; i < bytes.size(); i += piece)
    lines.Take(bytes.substr(i, piece), take, [&](uint64_t number) { found.push_back(std::to_string(number) + "!"); });
  lines.End(take);
  return found;
}

TEST(FeedLines, CutsAtEveryKindOfEnd) {
  struct Case {
    std::string bytes;
    std::vector<std::string> lines;
  };
  const Case cases[] = {
      {"", {}},
      {"a", {"1:a"}},
      {"a\n", {"1:a"}},
      {"a\r\nb\r\n", {"1:a", "2:b"}},
      {"a\rb\rc", {"1:a", "2:b", "3:c"}},
      {"a\nb\r\nc\rd\r\re", {"1:a", "2:b", "3:c", "4:d", "5:", "6:e"}},
      {"\n\r\n\r", {"1:", "2:", "3:"}},
      {"a\n\rb", {"1:a", "2:", "3:b"}},
      {std::string("a\0b\nc", 5), {std::string("1:a\0b", 5), "2:c"}},
      {"0123456789\n", {"1:0123456789"}},
      {"0123456789x\nb", {"1!", "2:b"}},
      {"0123456789x and much more than that", {"1!"}},
      {"a\r\n0123456789012345678901\r\nb\r\n", {"1:a", "2!", "3:b"}},
  };
  for (const Case& c : cases)
    for (const size_t piece : {1, 2, 3, 7, 4096})
      EXPECT_EQ(LinesOf(c.bytes, piece), c.lines) << c.bytes << " in pieces of " << piece;
}

// A kind of end that never comes must not be looked for again and again.
TEST(FeedLines, AreLinearWhateverTheEnds) {
  for (const std::string end : {"\r", "\n", "\r\n"}) {
    std::string bytes;
    while (bytes.size() < (size_t{2} << 20)) bytes += "x," + end;
    size_t count = 0;
    FeedLines lines(100);
    const std::clock_t begin = std::clock();
    lines.Take(
        bytes, [&](uint64_t, std::string_view) { ++count; }, [](uint64_t) {});
    EXPECT_EQ(count, bytes.size() / (2 + end.size()));
    EXPECT_LT(std::clock() - begin, 5 * CLOCKS_PER_SEC);
  }
}

}  // namespace
}  // namespace libmpi
