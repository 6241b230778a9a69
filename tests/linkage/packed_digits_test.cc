// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/packed_digits.h"

#include <algorithm>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

struct Case {
  const char* note;
  const char* a;
  const char* b;
  bool equal;
  bool one_slip;
};

TEST(PackedDigitsTest, TellsEqualNearAndDifferent) {
  const Case kCases[] = {
      {"equal", "0312345678", "0312345678", true, false},
      {"one digit", "0312345678", "0312345679", false, true},
      {"neighbours exchanged", "0312345678", "0312354678", false, true},
      {"one digit more", "12345", "123450", false, true},
      {"one digit less at the front", "12345", "2345", false, true},
      {"two digits", "12345", "12367", false, false},
      {"empty against empty", "", "", true, false},
      {"empty against a digit", "", "1", false, false},
      {"hyphens count", "2-1-1", "2-1-2", false, true},
      {"beyond fifteen: equal or not", "1234567890123456", "1234567890123457", false, false},
      {"letters: equal or not", "12a", "12b", false, false},
  };
  for (const Case& c : kCases) {
    const PackedDigits a(c.a), b(c.b);
    EXPECT_EQ(a == b, c.equal) << c.note;
    EXPECT_EQ(PackedDigits::OneSlipApart(a, b), c.one_slip) << c.note;
    EXPECT_EQ(PackedDigits::OneSlipApart(b, a), c.one_slip) << c.note << ", the other way";
  }
}

// The slow and obvious twin.
bool ReferenceOneSlip(const std::string& a, const std::string& b) {
  if (a == b || a.empty() || b.empty()) return false;
  if (a.size() == b.size()) {
    for (size_t i = 0; i < a.size(); ++i) {
      std::string x = a;
      x[i] = b[i];
      if (x == b) return true;
      if (i + 1 < a.size()) {
        x = a;
        std::swap(x[i], x[i + 1]);
        if (x == b) return true;
      }
    }
    return false;
  }
  const std::string& longer = a.size() > b.size() ? a : b;
  const std::string& shorter = a.size() > b.size() ? b : a;
  for (size_t i = 0; i < longer.size(); ++i)
    if (longer.substr(0, i) + longer.substr(i + 1) == shorter) return true;
  return false;
}

TEST(PackedDigitsTest, AgreesWithReferenceOnRandomStrings) {
  std::mt19937 random(7);
  auto text = [&] {
    std::string s(random() % 6, '0');
    for (char& c : s) c = "012-"[random() % 4];
    return s;
  };
  for (int i = 0; i < 200000; ++i) {
    const std::string a = text(), b = text();
    ASSERT_EQ(PackedDigits::OneSlipApart(PackedDigits(a), PackedDigits(b)),
              ReferenceOneSlip(a, b))
        << a << " " << b;
  }
}

TEST(PackedDigitsTest, LastTwoDigits) {
  const std::pair<const char*, int> cases[] = {{"1234501", 1}, {"99", 99}, {"5", -1}, {"", -1}, {"12-3", -1},
                                               {"abc", -1}, {"1-00", 0}};
  for (const auto& [text, value] : cases) EXPECT_EQ(PackedDigits(text).LastTwoDigits(), value) << text;
}

}  // namespace
}  // namespace libmpi
