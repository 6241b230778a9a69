// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/weight_text.h"

#include <cmath>
#include <cstdio>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace nayose {
namespace {

std::string Printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

TEST(WeightTextTest, IsWhatPrintfSaysOfEveryWeight) {
  WeightTexts texts;
  std::string weight, probability;
  for (libmpi::FixedWeight w = -1'024'100; w <= 1'024'100; ++w) {
    weight.clear();
    probability.clear();
    AppendWeight(w, &weight);
    AppendProbability(libmpi::MatchProbability(w), &probability);
    ASSERT_EQ(weight, Printed("%.3f", libmpi::WeightBits(w))) << w;
    ASSERT_EQ(probability, Printed("%.6f", libmpi::MatchProbability(w))) << w;
    ASSERT_EQ(texts.Of(w), weight + "," + probability);
    ASSERT_EQ(texts.Of(w), weight + "," + probability) << "kept";
  }
  for (libmpi::FixedWeight w : {INT32_MIN + 1, INT32_MAX}) {
    weight.clear();
    AppendWeight(w, &weight);
    EXPECT_EQ(weight, Printed("%.3f", libmpi::WeightBits(w)));
  }
}

TEST(WeightTextTest, IsWhatPrintfSaysOfProbabilities) {
  const auto check = [](double p) {
    std::string text;
    AppendProbability(p, &text);
    ASSERT_EQ(text, Printed("%.6f", p)) << Printed("%a", p);
  };
  for (double p : {0.0, 1.0, 0.5, 0.25, 5e-7, 4.9999999999999998e-7, 0.9999995, 0.99999949999999999, 1e-300, 5e-324})
    check(p);
  // Halves of the last digit are exact only at multiples of 1/128.
  for (int i = 0; i <= 128; ++i) check(i / 128.0);
  std::mt19937_64 random(5);
  for (int round = 0; round < 200000; ++round) {
    const double half_way = (static_cast<double>(random() % 1000000) + 0.5) / 1e6;
    check(half_way);
    check(std::nextafter(half_way, 0));
    check(std::nextafter(half_way, 1));
    check(std::ldexp(static_cast<double>(random() >> 11), -53));
    check(std::ldexp(static_cast<double>(random() >> 11), -53 - static_cast<int>(random() % 200)));
  }
}

}  // namespace
}  // namespace nayose
