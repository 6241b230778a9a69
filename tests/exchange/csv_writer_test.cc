// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_writer.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

std::string Simply(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (char c : value) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

TEST(CsvWriterTest, QuotesWhatNeedsIt) {
  std::mt19937 random(4);
  for (int round = 0; round < 300000; ++round) {
    std::string value;
    for (size_t n = random() % 45; n > 0; --n) value += static_cast<char>(random());
    if (round % 2)
      for (char& c : value)
        if (std::string_view(",\"\r\n").find(c) != std::string_view::npos) c = '+';
    // One that needs it, anywhere; neighbours of the special bytes as well.
    if (!value.empty() && round % 3) value[random() % value.size()] = ",\"\r\n-+!#\x0B\x0E"[random() % 10];
    std::string out = "before";
    AppendCsvField(value, &out);
    ASSERT_EQ(out, "before" + Simply(value));
  }
}

}  // namespace
}  // namespace libmpi
