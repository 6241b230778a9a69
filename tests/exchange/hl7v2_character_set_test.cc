// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/character_set.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi::hl7v2 {
namespace {

using ::testing::HasSubstr;
using Names = std::vector<std::string>;

const CharacterSet kJis = {Charset::kIso2022Jp, {"", "ISO IR87"}, "ISO 2022-1994"};
const CharacterSet kUtf8Set = {Charset::kUtf8, {"UNICODE UTF-8"}, ""};

TEST(CharacterSetTest, OfAName) {
  EXPECT_EQ(*CharacterSetOfName("ISO-2022-JP"), kJis);
  EXPECT_EQ(*CharacterSetOfName("jis"), kJis);
  EXPECT_EQ(*CharacterSetOfName("utf8"), kUtf8Set);
  EXPECT_EQ(*CharacterSetOfName("ASCII"), CharacterSet{});
  EXPECT_EQ(*CharacterSetOfName("sjis"), (CharacterSet{Charset::kCp932, {"WINDOWS-31J"}, ""}));
  EXPECT_EQ(*CharacterSetOfName("EUC-JP"), (CharacterSet{Charset::kEucJp, {"EUC-JP"}, ""}));
  EXPECT_EQ(CharacterSetOfName("latin1").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(CharacterSetTest, OfMsh18) {
  struct Case {
    Names msh18;
    std::string msh20;
    CharacterSet set;
  };
  const Case kCases[] = {
      {{"", "ISO IR87"}, "ISO 2022-1994", kJis},
      {{"", "ISO IR87"}, "ISO2022-1994", kJis},
      {{"", "ISO IR87"}, "", kJis},
      {{"ISO IR87"}, "ISO 2022-1994", kJis},
      {{"ISO-IR87"}, "", kJis},
      {{"iso ir 87"}, "", kJis},
      {{"ISO IR6", "ISO IR87"}, "ISO 2022-1994", kJis},
      {{"ASCII", "ISO IR87"}, "ISO 2022-1994", kJis},
      {{"8859/1", "ISO IR87"}, "ISO 2022-1994", kJis},
      {{"ISO IR14", "ISO IR87"}, "ISO 2022-1994", kJis},
      {{"ISO IR14"}, "", kJis},
      {{"", "ISO IR87", "ISO IR13", "ISO IR159"},
       "ISO 2022-1994",
       {Charset::kIso2022Jp, {"", "ISO IR87", "ISO IR13", "ISO IR159"}, "ISO 2022-1994"}},
      {{"ISO IR13"}, "", {Charset::kIso2022Jp, {"", "ISO IR87", "ISO IR13"}, "ISO 2022-1994"}},
      {{"", "ISO IR233"}, "", {Charset::kIso2022Jp, {"", "ISO IR87", "ISO IR233"}, "ISO 2022-1994"}},
      {{"UNICODE UTF-8"}, "", kUtf8Set},
      {{"UTF-8"}, "", kUtf8Set},
      {{"UNICODE"}, "", kUtf8Set},
      {{"ASCII"}, "", {}},
      {{"ISO IR6"}, "", {}},
      {{""}, "", {}},
      {{}, "", {}},
      {{"8859/1"}, "", {Charset::kUtf8, {"8859/1"}, ""}},
      {{"SHIFT_JIS"}, "", {Charset::kCp932, {"SHIFT_JIS"}, ""}},
      {{"CP932"}, "", {Charset::kCp932, {"CP932"}, ""}},
      {{"WINDOWS-31J"}, "", {Charset::kCp932, {"WINDOWS-31J"}, ""}},
      {{"EUC-JP"}, "", {Charset::kEucJp, {"EUC-JP"}, ""}},
      // What would be escaped where the name is sent again, and make another one of it.
      {{"EUC-JP^&"}, "", {Charset::kEucJp, {"EUC-JP"}, ""}},
      {{"\x01SHIFT_JIS\\"}, "", {Charset::kCp932, {"SHIFT_JIS"}, ""}},
      {{"8859/1^"}, "", {Charset::kUtf8, {"8859/1"}, ""}},
  };
  for (const Case& c : kCases) {
    const auto set = CharacterSetOfMsh(c.msh18, c.msh20);
    const std::string name = c.msh18.empty() ? "" : c.msh18.back();
    ASSERT_TRUE(set.ok()) << name << " " << set.status();
    EXPECT_EQ(set->charset, c.set.charset) << name;
    EXPECT_EQ(set->msh18, c.set.msh18) << name;
    EXPECT_EQ(set->msh20, c.set.msh20) << name;
  }
}

TEST(CharacterSetTest, RefusesWhatNobodyHereReads) {
  for (const auto& [name, told] :
       {std::pair{"GB 18030-2000", "GB 18030-2000"}, {"KS X 1001", "KS X 1001"}, {"BIG-5", "BIG-5"},
        {"CNS 11643-1992", "CNS 11643-1992"}, {"UNICODE UTF-16", "UNICODE UTF-16"}, {"UTF-32", "UNICODE UTF-32"},
        {"YAMADA", "not known"}}) {
    const auto set = CharacterSetOfMsh({"", name}, "");
    EXPECT_EQ(set.status().code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(std::string(set.status().message()), HasSubstr(told));
    EXPECT_THAT(std::string(set.status().message()), Not(HasSubstr("YAMADA")));
  }
  EXPECT_FALSE(CharacterSetOfMsh({"UNICODE UTF-8", "ISO IR87"}, "").ok());
}

// MSH up to MSH-20 with these, and a PID.
std::string WithMsh(const std::string& application, const std::string& msh18, const std::string& msh20,
                    const std::string& name) {
  return "MSH|^~\\&|" + application + "|F|R|G|20240101||ADT^A08|1|P|2.5||||||" + msh18 + "||" + msh20 +
         "\rPID|1||1^^^X||" + name + "\r";
}

const char kJisYamamoto[] = "\x1B$B;3K\\\x1B(B";  // 山本: ;3K and a backslash
const char kSjisNoh[] = "\x94\x5C";               // 能

TEST(CharacterSetTest, OfAMessage) {
  const CharacterSet cp932 = *CharacterSetOfName("CP932"), euc = *CharacterSetOfName("EUC-JP");
  struct Case {
    std::string bytes;
    CharacterSet otherwise, set;
  };
  const Case kCases[] = {
      {WithMsh("A", "~ISO IR87", "ISO 2022-1994", kJisYamamoto), {}, kJis},
      {WithMsh("A", "ISO IR87", "", "YAMAMOTO"), {}, kJis},
      {WithMsh("A", "", "", "YAMAMOTO"), cp932, cp932},
      {WithMsh("A", "", "", kSjisNoh), cp932, cp932},
      {WithMsh("A", "\"\"", "", kSjisNoh), cp932, cp932},
      {WithMsh("A", "UNICODE UTF-8", "", "山本"), cp932, kUtf8Set},
      {"\xEF\xBB\xBF" + WithMsh("A", "", "", "山本"), cp932, kUtf8Set},
      {"\r\n" + WithMsh("A", "UTF-8", "", "山本"), cp932, kUtf8Set},
      // Nothing in MSH-18, and escape sequences all the same.
      {WithMsh("A", "", "", kJisYamamoto), {}, kJis},
      {WithMsh("A", "", "", kJisYamamoto), cp932, kJis},
      // More than ASCII before MSH-18: bytes of 能 and 本 are delimiters.
      {WithMsh(kJisYamamoto, "~ISO IR87", "", ""), {}, kJis},
      {WithMsh("\x1B$BK|\x1B(B", "~ISO IR87", "", ""), {}, kJis},
      {WithMsh("\x83\x7C\x83\x5C\x83\x7C", "SHIFT_JIS", "", ""), {}, {Charset::kCp932, {"SHIFT_JIS"}, ""}},
      {WithMsh("\xC7\xBD", "EUC-JP", "", ""), {}, euc},
      {WithMsh("能", "UNICODE UTF-8", "", ""), cp932, kUtf8Set},
      {WithMsh("能", "", "", ""), {}, {}},
      {WithMsh(kSjisNoh, "", "", ""), cp932, cp932},
      {"MSH$%~\\&$A$F$$$$$$$$$$$$$$~ISO IR87$$ISO 2022-1994\r", {}, kJis},
      {"MSH", {}, {}},
  };
  for (const Case& c : kCases) {
    const auto set = CharacterSetOfMessage(c.bytes, c.otherwise);
    if (c.bytes == "MSH") {
      EXPECT_FALSE(set.ok());
      continue;
    }
    ASSERT_TRUE(set.ok()) << c.bytes << " " << set.status();
    EXPECT_EQ(set->msh18, c.set.msh18) << c.bytes;
    EXPECT_EQ(set->charset, c.set.charset) << c.bytes;
  }
}

TEST(CharacterSetTest, Latin1AndAsciiAreReadWhereTheMessageIsAscii) {
  for (const char* name : {"8859/1", "8859/15", "ISO 8859-1", "ASCII"}) {
    EXPECT_TRUE(CharacterSetOfMessage(WithMsh("A", name, "", "YAMADA"), {}).ok()) << name;
    EXPECT_EQ(CharacterSetOfMessage(WithMsh("A", name, "", "\xE9"), {}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST(CharacterSetTest, RefusesAMessageWhoseMshCannotBeRead) {
  for (const std::string& bytes : {std::string(""), std::string("PID|1\r"), std::string("\x0BMSH|^~\\&|A\r"),
                                   WithMsh("\xFF\xFF", "", "", ""), WithMsh(kJisYamamoto, "UNICODE UTF-8", "", "")})
    EXPECT_EQ(CharacterSetOfMessage(bytes, {}).status().code(), absl::StatusCode::kInvalidArgument) << bytes;
}

}  // namespace
}  // namespace libmpi::hl7v2
