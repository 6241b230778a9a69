// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"

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

}  // namespace
}  // namespace libmpi
