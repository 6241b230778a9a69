// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/utf8_in_place.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// What DecodeText makes of a text, where that is of its length; a mark at its begin aside.
void Check(const std::string& text, size_t cut) {
  const DecodedText want = DecodeText("x" + text, Charset::kUtf8);
  std::string is = text;
  // In two pieces, as files are.
  const size_t middle = NextCharacter(is, std::min(cut, is.size()));
  const bool done = DecodeUtf8InPlace(is.data(), middle) && DecodeUtf8InPlace(is.data() + middle, is.size() - middle);
  if (done) {
    ASSERT_EQ(want.malformed, 0u);
    ASSERT_EQ("x" + is, want.utf8);
  } else {
    ASSERT_TRUE(want.malformed > 0 || want.utf8.size() != text.size() + 1);
    // Half done does no harm.
    ASSERT_EQ(DecodeText("x" + is, Charset::kUtf8).utf8, want.utf8);
  }
}

TEST(Utf8InPlaceTest, AgreesWithDecodeTextOnEveryCharacter) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(c, &text);
    Check(text, 1);
    if (c < 0x10000) Check("東" + text + "ab", 4);
  }
}

TEST(Utf8InPlaceTest, AgreesWithDecodeTextOnAllShortBytes) {
  const unsigned char kBytes[] = {0x00, 0x41, 0x0A, 0x7F, 0x80, 0x92, 0x9C, 0x9F, 0xA0, 0xA2, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                  0xE0, 0xE2, 0xE3, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF, 0x90, 0x8F};
  std::string text(4, '\0');
  for (unsigned char a : kBytes)
    for (unsigned char b : kBytes)
      for (unsigned char c : kBytes)
        for (unsigned char d : kBytes) {
          text = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c), static_cast<char>(d)};
          Check(text, (a + b) % 5);
        }
}

TEST(Utf8InPlaceTest, AgreesWithDecodeTextOnRandomTexts) {
  std::mt19937 random(3);
  const char* const kPieces[] = {"a", "b,c\n", "山田", "ヤマダ", "ﾔﾏﾀﾞ", "−", "〜", "—", "¢", "é", "𠮷", "\xE3\x80", "\xFF", "1234567"};
  for (int round = 0; round < 100000; ++round) {
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) text += kPieces[random() % (round % 2 ? 8 : std::size(kPieces))];
    Check(text, random() % (text.size() + 1));
  }
}

}  // namespace
}  // namespace libmpi
