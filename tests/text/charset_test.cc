// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <cctype>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/iso2022jp.h"
#include "tests/testing/jis_characters.h"

namespace libmpi {
namespace {

std::string Encode(const std::string& utf8, const char* charset) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out(utf8.size() * 4 + 64, '\0');
  const int32_t n = ucnv_convert(charset, "UTF-8", out.data(), static_cast<int32_t>(out.size()), utf8.data(),
                                 static_cast<int32_t>(utf8.size()), &status);
  EXPECT_TRUE(U_SUCCESS(status)) << charset;
  out.resize(n);
  return out;
}

const char kText[] = "患者ID,氏名,カナ\n001,山田　太郎,ヤマダ　タロウ\n002,佐藤花子,ｻﾄｳ ﾊﾅｺ\n003,髙橋﨑子,能表十予圭構\n";

TEST(CharsetTest, DetectsAndDecodes) {
  const std::pair<const char*, Charset> kCases[] = {{"UTF-8", Charset::kUtf8},
                                                    {"ibm-943_P15A-2003", Charset::kCp932}};
  for (const auto& [name, charset] : kCases) {
    const std::string bytes = Encode(kText, name);
    EXPECT_EQ(DetectCharset(bytes), charset) << name;
    const DecodedText decoded = DecodeText(bytes, charset);
    EXPECT_EQ(decoded.utf8, kText) << name;
    EXPECT_EQ(decoded.malformed, 0u) << name;
  }
}

TEST(CharsetTest, DetectsEucAndJis) {
  const char kPlain[] = "患者ID,氏名,カナ\n001,山田　太郎,ヤマダ　タロウ\n002,佐藤花子,サトウハナコ\n";
  for (const auto& [name, charset] : {std::pair{"euc-jp-2007", Charset::kEucJp}, {"ISO-2022-JP", Charset::kIso2022Jp}}) {
    const std::string bytes = Encode(kPlain, name);
    EXPECT_EQ(DetectCharset(bytes), charset) << name;
    EXPECT_EQ(DecodeText(bytes, charset).utf8, kPlain) << name;
  }
}

TEST(CharsetTest, AFewNamesAreEnough) {
  for (const char* name : {"山田太郎", "佐藤 恵子", "鈴木　一郎\n", "髙橋", "ヤマダ タロウ"}) {
    EXPECT_EQ(DetectCharset(Encode(name, "ibm-943_P15A-2003")), Charset::kCp932) << name;
    if (std::string(name) == "髙橋") continue;  // not in EUC-JP
    EXPECT_EQ(DetectCharset(Encode(name, "euc-jp-2007")), Charset::kEucJp) << name;
  }
}

TEST(CharsetTest, DropsTheByteOrderMark) {
  EXPECT_EQ(DecodeText("\xEF\xBB\xBFid\n", Charset::kUtf8).utf8, "id\n");
}

TEST(CharsetTest, DisputedCharactersHaveOneForm) {
  // Wave dash U+301C and minus U+2212 become the forms of code page 932.
  EXPECT_EQ(DecodeText("1\u301C2\u2212", Charset::kUtf8).utf8, "1\uFF5E2\uFF0D");
  EXPECT_EQ(DecodeText(Encode("～", "ibm-943_P15A-2003"), Charset::kCp932).utf8, "～");
}

TEST(CharsetTest, DamageNeverSwallowsADelimiter) {
  const DecodedText utf8 = DecodeText("a\xE3\x81,b\n\xFF" "c\n", Charset::kUtf8);
  EXPECT_EQ(utf8.utf8, "a\uFFFD,b\n\uFFFD" "c\n");
  EXPECT_EQ(utf8.malformed, 2u);
  for (const auto& [charset, bytes] : {std::pair{Charset::kCp932, std::string("x\x81,y\n\xFD" "z\n")},
                                       {Charset::kEucJp, std::string("x\xB0,y\n\xFFz\n")}}) {
    const DecodedText decoded = DecodeText(bytes, charset);
    EXPECT_NE(decoded.utf8.find(",y\n"), std::string::npos) << CharsetName(charset) << " " << decoded.utf8;
    EXPECT_NE(decoded.utf8.find("z\n"), std::string::npos) << CharsetName(charset);
    EXPECT_GE(decoded.malformed, 1u) << CharsetName(charset);
  }
}

TEST(CharsetTest, NamesAndAliases) {
  for (const char* name : {"Shift_JIS", "sjis", "CP932", "windows-31j"}) EXPECT_EQ(*ParseCharset(name), Charset::kCp932);
  for (const char* name : {"utf8", "UTF-8"}) EXPECT_EQ(*ParseCharset(name), Charset::kUtf8);
  EXPECT_FALSE(ParseCharset("latin1").ok());
}

TEST(CharsetTest, Ascii) {
  std::string ascii;
  for (char c = 0; c < 0x7F; ++c) ascii += c;
  ascii += '\x7F';
  for (const Charset charset : testing::kJapaneseCharsets) {
    std::string bytes = ascii;
    if (charset == Charset::kIso2022Jp) bytes.erase(0x1B, 1);
    EXPECT_EQ(DecodeText(bytes, charset).utf8, bytes) << CharsetName(charset);
  }
}

TEST(CharsetTest, TellsWhereTheFirstMalformedCharacterStands) {
  struct Case {
    Charset charset;
    const char* bytes;
    size_t at;
  };
  for (const Case& c : {Case{Charset::kUtf8, "\xE3\x81\x82\xFF|\xFF", 3}, Case{Charset::kCp932, "\x82\xA0\xFD|", 3},
                        Case{Charset::kEucJp, "\xA4\xA2\xFF|", 3}, Case{Charset::kIso2022Jp, "\x1B$B$\"\x7E\x7E|", 3},
                        Case{Charset::kUtf8, "\uFFFD", std::string::npos}}) {
    const DecodedText text = DecodeText(c.bytes, c.charset);
    EXPECT_EQ(text.first_malformed, c.at) << CharsetName(c.charset);
    EXPECT_EQ(text.malformed == 0, c.at == std::string::npos) << CharsetName(c.charset);
  }
}

TEST(EncodeTextTest, EveryCharacterOfJisX0208ComesBackAsItsBytes) {
  ASSERT_EQ(testing::JisX0208().size(), 6879u);
  for (const Charset charset : testing::kJapaneseCharsets) {
    std::string all, all_bytes;
    for (const testing::JisCharacter& c : testing::JisX0208()) {
      const std::string bytes = c.Bytes(charset);
      const DecodedText text = DecodeText(bytes, charset);
      ASSERT_EQ(text.utf8, c.utf8) << CharsetName(charset);
      ASSERT_EQ(text.malformed, 0u);
      const EncodedText encoded = EncodeText(text.utf8, charset);
      ASSERT_EQ(encoded.bytes, bytes) << CharsetName(charset) << " " << c.utf8;
      ASSERT_EQ(encoded.unencodable, 0u);
      all += c.utf8;
      all_bytes += charset == Charset::kIso2022Jp ? c.jis : bytes;
    }
    if (charset == Charset::kIso2022Jp) all_bytes = "\x1B$B" + all_bytes + "\x1B(B";
    EXPECT_EQ(EncodeText(all, charset).bytes, all_bytes) << CharsetName(charset);
    EXPECT_EQ(DecodeText(all_bytes, charset).utf8, all) << CharsetName(charset);
  }
}

TEST(EncodeTextTest, DisputedCharactersHaveTheBytesOfTheirOneForm) {
  for (const auto& [text, cp932, euc] :
       {std::tuple{"\u301C", "\x81\x60", "\xA1\xC1"}, {"\uFF5E", "\x81\x60", "\xA1\xC1"},
        {"\u2212", "\x81\x7C", "\xA1\xDD"}, {"\uFF0D", "\x81\x7C", "\xA1\xDD"}, {"\u2016", "\x81\x61", "\xA1\xC2"},
        {"\u2014", "\x81\x5C", "\xA1\xBD"}, {"\u00A2", "\x81\x91", "\xA1\xF1"}}) {
    EXPECT_EQ(EncodeText(text, Charset::kCp932).bytes, cp932) << text;
    EXPECT_EQ(EncodeText(text, Charset::kEucJp).bytes, euc) << text;
  }
  EXPECT_EQ(EncodeText("\u301C\uFF5E", Charset::kUtf8).bytes, "\u301C\uFF5E");
}

TEST(EncodeTextTest, CodePage932HasOneFormOfCharactersThatStandInItTwice) {
  struct Case {
    const char* met;
    const char* text;
    const char* sent;
  };
  for (const Case& c : {Case{"\x87\x40", "①", "\x87\x40"}, Case{"\xFB\xFC", "髙", "\xFB\xFC"},
                        Case{"\xEE\xE0", "髙", "\xFB\xFC"}, Case{"\xFA\xB1", "﨑", "\xFA\xB1"},
                        Case{"\xED\x95", "﨑", "\xFA\xB1"}, Case{"\xFA\x54", "￢", "\x81\xCA"},
                        Case{"\x87\x90", "≒", "\x81\xE0"}, Case{"\xFA\x4A", "Ⅰ", "\x87\x54"},
                        Case{"\x87\x8A", "㈱", "\x87\x8A"}, Case{"\xB1\xDE", "ｱﾞ", "\xB1\xDE"}}) {
    EXPECT_EQ(DecodeText(c.met, Charset::kCp932).utf8, c.text);
    EXPECT_EQ(EncodeText(c.text, Charset::kCp932).bytes, c.sent) << c.text;
  }
  // Whatever it has can be written, and is then read as the same.
  size_t characters = 0;
  for (int lead = 0x80; lead <= 0xFF; ++lead)
    for (int trail = 0x3F; trail <= 0xFC; ++trail) {
      std::string bytes(1, static_cast<char>(lead));
      if (trail > 0x3F) bytes += static_cast<char>(trail);
      const DecodedText text = DecodeText(bytes, Charset::kCp932);
      if (text.malformed > 0) continue;
      const EncodedText encoded = EncodeText(text.utf8, Charset::kCp932);
      ASSERT_EQ(encoded.unencodable, 0u) << text.utf8;
      ASSERT_EQ(DecodeText(encoded.bytes, Charset::kCp932).utf8, text.utf8);
      ++characters;
    }
  EXPECT_GT(characters, 9000u);
}

TEST(EncodeTextTest, TheSetsOfIso2022Jp) {
  EncodeOptions all;
  all.half_width_kana = all.jis_x_0212 = true;
  struct Case {
    const char* text;
    EncodeOptions options;
    const char* bytes;
    size_t unencodable;
  };
  for (const Case& c :
       {Case{"a山b", {}, "a\x1B$B;3\x1B(Bb", 0}, Case{"山|山", {}, "\x1B$B;3\x1B(B|\x1B$B;3\x1B(B", 0},
        Case{"山\r\n", {}, "\x1B$B;3\x1B(B\r\n", 0}, Case{"", {}, "", 0},
        Case{"ｱ山", all, "\x1B(I\x31\x1B$B;3\x1B(B", 0}, Case{"丂山", all, "\x1B$(D\x30\x21\x1B$B;3\x1B(B", 0},
        // What was not asked for is not written: kana become full-width ones, the rest 〓.
        Case{"ﾔﾏﾀﾞ", {}, "\x1B$B%d%^%@\x1B(B", 3},
        Case{"ﾞ", {}, "\x1B$B!+\x1B(B", 1}, Case{"丂", {}, "\x1B$B\".\x1B(B", 1},
        Case{"①髙𠮷", {}, "\x1B$B\".\".\".\x1B(B", 3}, Case{"\x1B$B", {}, "\x1B$B\".\x1B(B$B", 1}}) {
    const EncodedText encoded = EncodeText(c.text, Charset::kIso2022Jp, c.options);
    EXPECT_EQ(encoded.bytes, c.bytes) << c.text;
    EXPECT_EQ(encoded.unencodable, c.unencodable) << c.text;
  }
}

TEST(EncodeTextTest, WritesTheUsualFormOfWhatTheSetDoesNotHave) {
  EncodeOptions variants;
  variants.variants = true;
  struct Case {
    const char* text;
    Charset charset;
    const char* written;
    size_t unencodable;
  };
  for (const Case& c :
       {Case{"髙橋", Charset::kIso2022Jp, "高橋", 1}, Case{"﨑", Charset::kIso2022Jp, "崎", 1},
        Case{"𠮷", Charset::kCp932, "吉", 1}, Case{"濵德瀨", Charset::kIso2022Jp, "浜徳瀬", 3},
        Case{"①Ⅳ㌔㈱", Charset::kIso2022Jp, "1IVキロ（株）", 4},
        // What the set has stays as it is, in whatever form.
        Case{"齋藤 廣澤 １", Charset::kIso2022Jp, "齋藤 廣澤 １", 0}, Case{"髙①", Charset::kCp932, "髙①", 0},
        Case{"髙①", Charset::kUtf8, "髙①", 0}, Case{"ﾔﾏﾀﾞ", Charset::kIso2022Jp, "ヤマダ", 3},
        Case{"葛\U000E0100城", Charset::kIso2022Jp, "葛城", 1},
        // No delimiter comes about.
        Case{"﹠ǃ⁓", Charset::kIso2022Jp, "＆〓〓", 3}, Case{"丂\x1B", Charset::kIso2022Jp, "〓〓", 2},
        Case{"山\xFF", Charset::kEucJp, "山〓", 1}}) {
    const EncodedText encoded = EncodeText(c.text, c.charset, variants);
    EXPECT_EQ(DecodeText(encoded.bytes, c.charset).utf8, c.written);
    EXPECT_EQ(encoded.unencodable, c.unencodable) << c.text;
  }
  // JIS X 0212 does not have all that JIS X 0208 lacks.
  EncodeOptions both = variants;
  both.jis_x_0212 = true;
  EXPECT_EQ(EncodeText("丂髙﨑", Charset::kIso2022Jp, both).bytes, "\x1B$(D0!\x1B$B9b:j\x1B(B");
  // Whatever there is: it never is a letter of ASCII that a message takes for its own.
  for (char32_t c = 0x80; c < 0x30000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string letter;
    AppendUtf8(c, &letter);
    const EncodedText encoded = EncodeText(letter, Charset::kIso2022Jp, variants);
    const std::string written = DecodeText(encoded.bytes, Charset::kIso2022Jp).utf8;
    for (char w : written)
      ASSERT_TRUE(static_cast<unsigned char>(w) >= 0x80 || std::isalnum(static_cast<unsigned char>(w)) || w == ' ')
          << std::hex << static_cast<uint32_t>(c) << " " << written;
  }
}

TEST(EncodeTextTest, CountsWhatASetDoesNotHave) {
  struct Case {
    const char* text;
    Charset charset;
    const char* bytes;
    size_t unencodable, first;
  };
  for (const Case& c : {Case{"a𠮷|\u00E9", Charset::kCp932, "a\x81\xAC|\x81\xAC", 2, 1},
                        Case{"山\xFF" "b", Charset::kEucJp, "\xBB\xB3\xA2\xAE" "b", 1, 3},
                        Case{"山\xE5\xB1", Charset::kUtf8, "山〓〓", 2, 3},
                        Case{"\uFFFD", Charset::kUtf8, "\uFFFD", 0, std::string::npos},
                        Case{"\u00A5\u203E", Charset::kCp932, "\x81\xAC\x81\xAC", 2, 0},
                        Case{"丂ｱ", Charset::kEucJp, "\x8F\xB0\xA1\x8E\xB1", 0, std::string::npos}}) {
    const EncodedText encoded = EncodeText(c.text, c.charset);
    EXPECT_EQ(encoded.bytes, c.bytes) << c.text;
    EXPECT_EQ(encoded.unencodable, c.unencodable) << c.text;
    EXPECT_EQ(encoded.first_unencodable, c.first) << c.text;
  }
}

TEST(Iso2022JpTest, ReadsWhatIsMet) {
  struct Case {
    const char* bytes;
    const char* text;
    size_t malformed;
  };
  for (const Case& c :
       {Case{"\x1B$B;3\x1B(B", "山", 0}, Case{"\x1B$@;3\x1B(J~\\", "山‾¥", 0}, Case{"\x1B(I1^\x1B(Ba", "ｱﾞa", 0},
        Case{"\x1B$(D0!\x1B(B", "丂", 0}, Case{"\x1B$B-!|b\x1B(B", "①髙", 0},
        Case{"\x1B$(O.\"\x1B(B", "𠀋", 0}, Case{"\x1B$(P!!\x1B(B", "𠂉", 0}, Case{"\x1B$(Q$w\x1B(B", "か゚", 0},
        // CR and LF return to ASCII.
        Case{"\x1B$B;3\rA;3\x1B$B;3\n;3", "山\rA;3山\n;3", 0}, Case{"\x1B(I1\r1", "ｱ\r1", 0},
        Case{"\x1B$B;3 ;3", "山 山", 0},
        // Malformed: half a character, an empty cell, an unknown escape, a byte of the right half.
        Case{"\x1B$B;\r|", "\uFFFD\r|", 1}, Case{"\x1B$B;", "\uFFFD", 1}, Case{"\x1B$B)!;3", "\uFFFD山", 1},
        Case{"\x1B%Ga", "\uFFFD%Ga", 1}, Case{"a\xB1\xFF", "a\uFFFD\uFFFD", 2}, Case{"\x1B", "\uFFFD", 1},
        Case{"\x1B$", "\uFFFD$", 1}, Case{"\x1B(I\x60", "\uFFFD", 1}}) {
    const DecodedText text = DecodeText(c.bytes, Charset::kIso2022Jp);
    EXPECT_EQ(text.utf8, c.text);
    EXPECT_EQ(text.malformed, c.malformed) << c.text;
  }
}

TEST(Iso2022JpTest, Options) {
  EXPECT_EQ(DecodeIso2022Jp("\x1B(J~\\", {true, false}).utf8, "~\\");
  EXPECT_EQ(DecodeIso2022Jp("a\xB1|", {false, true}).utf8, "aｱ|");
  EXPECT_TRUE(HasIso2022Escapes("a\x1B$B"));
  EXPECT_FALSE(HasIso2022Escapes("a\x1B%"));
  EXPECT_TRUE(HasForeignIso2022Escapes("a\x1B$(C"));
  EXPECT_FALSE(HasUnreadableJis0213("\x1B$(P"));  // of glibc
}

}  // namespace
}  // namespace libmpi
