// SPDX-License-Identifier: Apache-2.0
// Messages as tests write them: a segment a line.
#ifndef LIBMPI_TESTS_EXCHANGE_HL7V2_LINES_H_
#define LIBMPI_TESTS_EXCHANGE_HL7V2_LINES_H_

#include <algorithm>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "libmpi/exchange/hl7v2/message.h"

namespace libmpi::hl7v2 {

// Segments, one a line, to a message.
inline std::string Wire(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '\r');
  return text;
}

// And back.
inline std::string Unwired(std::string text) {
  std::replace(text.begin(), text.end(), '\r', '\n');
  return text;
}

// Of one that says nothing of its characters, in UTF-8.
inline Message ParseLines(const std::string& lines) {
  ParseOptions options;
  options.otherwise = *CharacterSetOfName("UTF-8");
  absl::StatusOr<Message> message = Message::Parse(Wire(lines), options);
  EXPECT_TRUE(message.ok()) << message.status();
  return *std::move(message);
}

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_TESTS_EXCHANGE_HL7V2_LINES_H_
