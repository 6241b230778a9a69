// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message.h"

#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi::hl7v2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char kMsh[] = "MSH|^~\\&|APP|FAC|||20240101||ADT^A08^ADT_A01|7|P|2.5\r";

absl::StatusOr<Message> Parse(const std::string& bytes, const ParseOptions& options = {}) {
  return Message::Parse(bytes, options);
}

std::vector<std::string> Texts(const Field& field) {
  std::vector<std::string> texts;
  for (const Repetition& repetition : field.all()) texts.push_back(repetition.Text(1));
  return texts;
}

TEST(Hl7MessageTest, NumbersAreThoseOfHl7) {
  const auto message = Parse(std::string(kMsh) + "PID|1||12^^^H&1.2.3&ISO^PI~34^^^N||A^B^^||19700101|M|\r" +
                             "ZPD|x\rPID|2\r");
  ASSERT_TRUE(message.ok()) << message.status();
  const Segment& msh = message->msh();
  EXPECT_EQ(msh.Text(1), "|");
  EXPECT_EQ(msh.Text(2), "^~\\&");
  EXPECT_EQ(msh.Text(3), "APP");
  EXPECT_EQ(msh.Text(9), "ADT");
  EXPECT_EQ(msh.Text(9, 3), "ADT_A01");
  EXPECT_EQ(msh.Text(12), "2.5");
  EXPECT_EQ(msh.fields(), 12u);
  EXPECT_EQ(msh.field(2).repetitions(), 1u);
  EXPECT_EQ(msh.field(2).repetition(1).components(), 1u);

  ASSERT_EQ(message->segments().size(), 4u);
  const Segment& pid = *message->Find("PID");
  EXPECT_EQ(pid.fields(), 9u);
  EXPECT_EQ(pid.name(), "PID");
  EXPECT_EQ(pid.field(3).repetitions(), 2u);
  EXPECT_EQ(pid.field(3).raw(), "12^^^H&1.2.3&ISO^PI~34^^^N");
  const Component authority = pid.field(3).repetition(1).component(4);
  EXPECT_EQ(authority.subcomponents(), 3u);
  EXPECT_EQ(authority.subcomponent(2).Text(), "1.2.3");
  EXPECT_EQ(pid.Text(3, 4, 3), "ISO");
  EXPECT_EQ(pid.Text(3, 4), "H");
  EXPECT_EQ(pid.field(3).repetition(2).Text(4, 1), "N");
  EXPECT_EQ(pid.field(5).repetition(1).components(), 4u);
  EXPECT_THAT(Texts(pid.field(3)), ElementsAre("12", "34"));

  // What is not there is empty.
  EXPECT_EQ(pid.field(2).repetitions(), 0u);
  EXPECT_EQ(pid.field(9).repetitions(), 0u);
  EXPECT_TRUE(pid.field(10).empty());
  EXPECT_TRUE(pid.field(0).empty());
  EXPECT_TRUE(pid.field(3).repetition(0).empty());
  EXPECT_TRUE(pid.field(3).repetition(3).empty());
  EXPECT_TRUE(pid.field(3).repetition(1).component(6).empty());
  EXPECT_EQ(pid.Text(3, 4, 4), "");
  EXPECT_EQ(pid.Text(99, 4, 4), "");
  EXPECT_EQ(Part().Text(), "");

  EXPECT_EQ(message->Find("PID", 1)->Text(1), "2");
  EXPECT_EQ(message->Find("PID", 2), nullptr);
  EXPECT_EQ(message->Find("ZPD")->Text(1), "x");
  EXPECT_EQ(message->Find("PV1"), nullptr);
}

TEST(Hl7MessageTest, DecodedTextsAreNotDecodedAgain) {
  const std::string text = "MSH|^~\\&|A||||||ADT^A08|1|P|2.5||||||~ISO IR87\r\nPID|1||山本\n";
  const auto message = Message::ParseDecoded(text, {});
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_EQ(message->Find("PID")->Text(3), "山本");
  EXPECT_EQ(Message::ParseDecoded(text, {10}).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Message::ParseDecoded("PID|1\r", {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Hl7MessageTest, SegmentsEndWithCrOrLfOrBoth) {
  const std::string text = "MSH|^~\\&|A\rPID|1\rZZZ\r";
  for (const char* bytes : {"MSH|^~\\&|A\rPID|1\rZZZ\r", "MSH|^~\\&|A\nPID|1\nZZZ\n", "MSH|^~\\&|A\r\nPID|1\r\nZZZ\r\n",
                            "MSH|^~\\&|A\rPID|1\rZZZ", "\xEF\xBB\xBFMSH|^~\\&|A\r\r\n\nPID|1\rZZZ\r\r",
                            "\r\nMSH|^~\\&|A\n\rPID|1\rZZZ\r"}) {
    const auto message = Parse(bytes);
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->text(), text);
    EXPECT_EQ(message->segments().size(), 3u);
    EXPECT_EQ(message->segments()[2].fields(), 0u);
  }
}

TEST(Hl7MessageTest, AMessageStaysValidWhereItIsMoved) {
  auto first = Parse("MSH|^~\\&|A\r");
  ASSERT_TRUE(first.ok());
  Message message = *std::move(first);
  EXPECT_EQ(message.msh().Text(3), "A");
}

TEST(Hl7MessageTest, DelimitersAreThoseOfTheMessage) {
  struct Case {
    const char* bytes;
    Delimiters delimiters;
  };
  for (const Case& c : {Case{"MSH|^~\\&|A|||||||1\rPID|||a^b&c\\T\\d~e", {}},
                        Case{"MSH$%~\\&$A$$$$$$$1\rPID$$$a%b&c\\T\\d~e", {'$', '%', '~', '\\', '&', 0}},
                        Case{"MSH|^~\\&#|A|||||||1\rPID|||a^b&c\\T\\d~e", {'|', '^', '~', '\\', '&', '#'}},
                        Case{"MSH*:+?!*A*******1\rPID***a:b!c?T?d+e", {'*', ':', '+', '?', '!', 0}}}) {
    const auto message = Parse(c.bytes);
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->delimiters(), c.delimiters);
    EXPECT_EQ(message->msh().Text(10), "1");
    const Segment& pid = *message->Find("PID");
    EXPECT_EQ(pid.Text(3, 1), "a");
    EXPECT_EQ(pid.Text(3, 2, 1), "b");
    EXPECT_EQ(pid.Text(3, 2, 2), "c" + std::string(1, c.delimiters.subcomponent) + "d");
    EXPECT_EQ(pid.field(3).repetition(2).Text(1), "e");
  }
  EXPECT_EQ(Parse("MSH|^~\\&")->msh().Text(2), "^~\\&");
}

TEST(Hl7MessageTest, EscapeSequences) {
  struct Case {
    const char* raw;
    const char* text;
  };
  for (const Case& c :
       {Case{"a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"}, Case{"\\P\\", "#"}, Case{"1\\.br\\2", "1\n2"},
        Case{"\\H\\x\\N\\", "x"}, Case{"\\X0D0a\\", "\r\n"}, Case{"\\XE5B1B1\\", "山"}, Case{"\\F\\\\F\\", "||"},
        Case{"\\E\\F\\E\\", "\\F\\"},
        // As they stand: sets, unknown ones, hex that is none or no UTF-8, what is not closed or can't be one.
        Case{"\\C2842\\", "\\C2842\\"}, Case{"\\M2442\\a", "\\M2442\\a"}, Case{"\\Zx\\", "\\Zx\\"},
        Case{"\\.sp+2\\", "\\.sp+2\\"},
        Case{"\\X0\\", "\\X0\\"}, Case{"\\XG0\\", "\\XG0\\"}, Case{"\\X\\", "\\X\\"}, Case{"\\XFF\\", "\\XFF\\"},
        Case{"a\\b", "a\\b"}, Case{"a\\", "a\\"}, Case{"\\", "\\"}, Case{"\\\\", "\\\\"},
        Case{"c:\\dir x\\F\\", "c:\\dir x|"},
        Case{"\\FF\\", "\\FF\\"}, Case{"\"\"", ""}, Case{"\"\"x", "\"\"x"}}) {
    const auto message = Parse(std::string(kMsh) + "OBX|" + c.raw);
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->Find("OBX")->Text(1), c.text) << c.raw;
    EXPECT_EQ(message->Find("OBX")->field(1).raw(), c.raw);
  }
  EXPECT_EQ(Parse("MSH|^~\\&@|A\rOBX|\\P\\")->Find("OBX")->Text(1), "@");
}

TEST(Hl7MessageTest, DeletedAndEmptyAreNotTheSame) {
  const auto message = Parse(std::string(kMsh) + "PID|\"\"|||\"\"^b|");
  ASSERT_TRUE(message.ok());
  const Segment& pid = *message->Find("PID");
  EXPECT_TRUE(pid.field(1).deleted());
  EXPECT_FALSE(pid.field(1).empty());
  EXPECT_FALSE(pid.field(2).deleted());
  EXPECT_TRUE(pid.field(2).empty());
  EXPECT_FALSE(pid.field(4).deleted());
  EXPECT_TRUE(pid.field(4).repetition(1).component(1).deleted());
}

TEST(Hl7MessageTest, RefusesWhatIsNoMessage) {
  const std::string msh = kMsh;
  for (const std::string& bytes :
       {std::string(), std::string("\r\n"), std::string("PID|1"), std::string("MSH"), std::string("MSH|"),
        std::string("MSH|^~\\|A"), std::string("MSH|^~\\&#!|A"), std::string("MSH|^^\\&|A"), std::string("MSH|^~\\||A"),
        std::string("MSHA^~\\&A"), std::string("MSH|^~\\1|A"), std::string("MSH|^~\\a|A"), std::string("MSH|^~\\ |A"),
        std::string("MSH|^~\\\x01|A"), std::string("MSH|^~あ|A"), std::string("MSH\0^~\\&\0A", 10),
        msh + "pid|1", msh + "PI|1",
        msh + "|1", msh + "PID1|1", msh + "P", msh + "1ID|1", msh + "やまだ", msh + " PID|1", msh + msh}) {
    EXPECT_EQ(Parse(bytes).status().code(), absl::StatusCode::kInvalidArgument) << bytes;
  }
}

std::string Repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Hl7MessageTest, LimitsAreHitByOneMore) {
  ParseOptions options;
  options.limits.segments = 3;
  options.limits.fields = 12;
  options.limits.repetitions = 4;
  options.limits.components = 5;
  const std::string msh = kMsh;
  struct Case {
    std::string within;
    const char* more;
  };
  for (const Case& c : {Case{msh + "PID|1\rPV1|1\r", "ZZZ\r"}, Case{msh + "PID" + Repeated("|", 12), "|"},
                        Case{msh.substr(0, msh.size() - 1), "|"}, Case{msh + "PID|" + Repeated("~", 3), "~"},
                        Case{msh + "PID|" + Repeated("^", 4), "^"}, Case{msh + "PID|a~b^" + Repeated("&", 4), "&"},
                        Case{msh + "PID|~~~|~~~", "~"}, Case{msh + "PID|^^^^~^^^^|^^^^", "^"},
                        Case{msh + "PID|&&&&^&&&&~&&&&|&&&&", "&"}}) {
    const auto within = Parse(c.within, options);
    EXPECT_TRUE(within.ok()) << c.within << within.status();
    EXPECT_EQ(Parse(c.within + c.more, options).status().code(), absl::StatusCode::kResourceExhausted) << c.within;
    options.limits.message_bytes = c.within.size();
    EXPECT_TRUE(Parse(c.within, options).ok());
    options.limits.message_bytes = c.within.size() - 1;
    EXPECT_EQ(Parse(c.within, options).status().code(), absl::StatusCode::kResourceExhausted);
    options.limits.message_bytes = 1 << 20;
  }
}

TEST(Hl7MessageTest, AMegabyteOfOneThingIsReadOrRefused) {
  // Of what takes a look ahead each time; what is not linear in it never ends.
  for (const char* unit : {"\r", "PID\r", "PID|\\\r", "\\", "\\F", "\x1B$B", "\xFF", "|", "~", "^", "&", "\r\n"}) {
    ParseOptions options;
    options.limits = {size_t{8} << 20, size_t{1} << 23, size_t{1} << 23, size_t{1} << 23, size_t{1} << 23};
    const std::string bytes = std::string(kMsh) + "PID|" + Repeated(unit, (1 << 20) / std::string(unit).size());
    const auto message = Parse(bytes, options);
    if (message.ok()) {
      EXPECT_LE(message->Find("PID")->field(1).Text().size(), bytes.size());
    } else {
      EXPECT_EQ(message.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(Hl7MessageTest, MalformedCharactersAreToldByPlaceAndNotByContent) {
  const CharacterSet cp932 = *CharacterSetOfName("CP932"), jis = *CharacterSetOfName("ISO-2022-JP"),
                     euc = *CharacterSetOfName("EUC-JP");
  struct Case {
    std::string bytes;
    CharacterSet otherwise;
    const char* place;
  };
  const std::string msh = kMsh;
  for (const Case& c : {Case{msh + "PID|YAMADA\xFF", {}, "segment 2, field 1"},
                        Case{msh + "\r\nPID|1|2|3^YAMADA^\xE3\x81|4", {}, "segment 2, field 3"},
                        Case{msh + "PID|1\nPV1||\xFD" "YAMADA", cp932, "segment 3, field 2"},
                        Case{msh + "PID|1|YAMADA|\xFF\rPV1", euc, "segment 2, field 3"},
                        Case{msh + "PID|1|\x1B$B;\r", jis, "segment 2, field 2"},
                        Case{msh + "PID|1|\x1B$B)!\x1B(B|YAMADA\r", {}, "segment 2, field 2"},
                        Case{msh + "\xFF", {}, "segment 2, field 0"},
                        Case{"MSH|^~\\&|A|\xFF|YAMADA\r", {}, "segment 1"}}) {
    ParseOptions options;
    options.otherwise = c.otherwise;
    const auto message = Message::Parse(c.bytes, options);
    EXPECT_EQ(message.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string told(message.status().message());
    EXPECT_THAT(told, HasSubstr(c.place));
    EXPECT_THAT(told, Not(HasSubstr("YAMADA")));
  }
}

TEST(Hl7MessageTest, CharactersComeBeforeDelimiters) {
  // 東京 in ISO-2022-JP is El5~; 本 is K\.
  const std::string msh = "MSH|^~\\&|A|||||||1|P|2.5||||||~ISO IR87||ISO2022-1994\r";
  const auto message =
      Parse(msh + "PID|||1||\x1B$B;3K\\\x1B(B^\x1B$BB@O:\x1B(B^^^^^L^I~YAMAMOTO^TARO|" +
            "|||||^^^\x1B$BEl5~\x1B(B|x\r");
  ASSERT_TRUE(message.ok()) << message.status();
  const Segment& pid = *message->Find("PID");
  EXPECT_EQ(pid.Text(5, 1), "山本");
  EXPECT_EQ(pid.Text(5, 2), "太郎");
  EXPECT_EQ(pid.field(5).repetition(2).Text(1), "YAMAMOTO");
  EXPECT_EQ(pid.field(11).repetitions(), 1u);
  EXPECT_EQ(pid.Text(11, 4), "東京");
  EXPECT_EQ(pid.Text(12), "x");
  EXPECT_EQ(message->character_set().charset, Charset::kIso2022Jp);
}

TEST(Hl7MessageTest, IsLenientWithIso2022) {
  const std::string msh = "MSH|^~\\&|A|||||||1|P|2.5||||||~ISO IR87\r";
  struct Case {
    const char* pid;
    const char* text;
  };
  for (const Case& c : {Case{"PID|\x1B$B;3\rPV1|1", "山"}, Case{"PID|\x1B$B;3\nPV1|1", "山"},
                        // Roman for ASCII: its ¥ and ‾ are meant as \ and ~.
                        Case{"PID|\x1B$B;3\x1B(J\\F\\~b\rPV1|1", "山|"}, Case{"PID|\x1B(I1\rPV1|1", "ｱ"},
                        Case{"PID|\x1B$(D0!\x1B(B\rPV1|1", "丂"}, Case{"PID|\x1B$(P!!\x1B(B\rPV1|1", "𠂉"},
                        Case{"PID|\x1B$B|b\x1B(B\rPV1|1", "髙"}}) {
    const auto message = Parse(msh + c.pid);
    ASSERT_TRUE(message.ok()) << message.status();
    ASSERT_EQ(message->segments().size(), 3u) << c.text;
    EXPECT_EQ(message->Find("PID")->Text(1), c.text);
    EXPECT_EQ(message->Find("PV1")->Text(1), "1");
  }
  EXPECT_EQ(Parse("MSH|^~\\&|A|||||||1|P|2.5||||||ISO IR13\rPID|\xB1\xB2|x")->Find("PID")->Text(1), "ｱｲ");
  EXPECT_FALSE(Parse(msh + "PID|\xB1").ok());
}

TEST(Hl7MessageTest, WhetherMsh18IsBelieved) {
  ParseOptions options;
  options.otherwise = *CharacterSetOfName("CP932");
  const std::string bytes = "MSH|^~\\&|A|||||||1|P|2.5||||||UNICODE UTF-8\rPID|\x94\x5C|x";
  EXPECT_FALSE(Message::Parse(bytes, options).ok());
  options.believe_msh18 = false;
  const auto message = Message::Parse(bytes, options);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_EQ(message->Find("PID")->Text(1), "能");
  EXPECT_EQ(message->character_set(), options.otherwise);
  // Kanji by escape sequences are letters and delimiters in any other set.
  EXPECT_EQ(Message::Parse("MSH|^~\\&|A\rPID|\x1B$B;3K\\\x1B(B", options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// The fast walks against the plain ones: where fields begin, and what components say.
TEST(Hl7MessageTest, FieldsAndComponentsAreThoseOfAPlainWalk) {
  std::mt19937 random(20261130);
  const Delimiters delimiters;
  constexpr std::string_view kPieces[] = {"|", "|", "^", "~", "&", "\\", "\\T\\", "A", "山田", "0123456789abcdef", "\"\"", ""};
  for (int i = 0; i < 2000; ++i) {
    std::string segment = "PID|";
    for (auto pieces = random() % 60; pieces > 0; --pieces) segment += kPieces[random() % std::size(kPieces)];
    const auto message = Message::ParseDecoded("MSH|^~\\&|A|B\r" + segment + "\r", {});
    ASSERT_TRUE(message.ok()) << message.status();
    const Segment plain(segment, &delimiters), msh("MSH|^~\\&|A|B", &delimiters);
    for (const auto& [fast, slow] : {std::pair(&message->segments()[0], &msh), std::pair(&message->segments()[1], &plain)}) {
      ASSERT_EQ(fast->fields(), slow->fields()) << segment;
      for (size_t f = 1; f <= slow->fields() + 1; ++f) EXPECT_EQ(fast->field(f).raw(), slow->field(f).raw()) << segment;
    }
    for (size_t f = 1; f <= plain.fields(); ++f)
      for (const Repetition& repetition : plain.field(f).all()) {
        const Components components(repetition);
        for (size_t c = 1; c <= Components::kMost; ++c) {
          EXPECT_EQ(components[c].raw(), repetition.component(c).raw()) << segment;
          EXPECT_EQ(components.Text(c), repetition.Text(c)) << segment;
        }
      }
  }
}

}  // namespace
}  // namespace libmpi::hl7v2
