// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "tests/testing/jis_characters.h"

namespace libmpi::hl7v2 {
namespace {

using libmpi::testing::JisCharacter;
using libmpi::testing::JisX0208;
using libmpi::testing::kJapaneseCharsets;
using ::testing::HasSubstr;

CharacterSet SetOf(Charset charset) { return *CharacterSetOfName(CharsetName(charset)); }

// Every text of a message, built anew.
MessageBuilder Rebuilt(const Message& message) {
  MessageBuilder builder(message.delimiters());
  for (const Segment& segment : message.segments()) {
    const bool msh = segment.name() == "MSH";
    SegmentBuilder& to = msh ? builder.msh() : builder.Add(segment.name());
    for (size_t f = msh ? 3 : 1; f <= segment.fields(); ++f) {
      size_t r = 0;
      for (const Repetition& repetition : segment.field(f).all()) {
        ++r;
        for (size_t c = 1; c <= repetition.components(); ++c)
          for (size_t s = 1; s <= repetition.component(c).subcomponents(); ++s)
            to.SetIn(f, r, c, s, repetition.Text(c, s));
      }
    }
  }
  return builder;
}

TEST(Hl7BuilderTest, WritesNothingAfterTheLastThingThatIsNotEmpty) {
  MessageBuilder builder;
  builder.msh().Set(3, "APP").Set(9, 1, "RSP").Set(9, 3, "RSP_K23").Set(20, "");
  SegmentBuilder& pid = builder.Add("PID");
  pid.SetIn(3, 1, 4, 2, "1.2").SetIn(3, 2, 1, 1, "").SetIn(5, 2, 7, 1, "S").Set(6, "").Set(8, 3, "");
  EXPECT_EQ(pid.Repetitions(3), 2u);
  EXPECT_EQ(pid.Repetitions(4), 0u);
  EXPECT_EQ(pid.Repetitions(99), 0u);
  EXPECT_EQ(pid.Repetitions(0), 0u);
  builder.Add("PV1");
  builder.AddRaw("ZZZ|a^b\\F\\~|\r");
  builder.AddRaw("\r\n");
  builder.Add("QAK").Set(1, "t");
  EXPECT_EQ(builder.Utf8(), "MSH|^~\\&|APP||||||RSP^^RSP_K23\rPID|||^^^&1.2||~^^^^^^S\rPV1\rZZZ|a^b\\F\\~|\rQAK|t\r");
}

TEST(Hl7BuilderTest, NumbersBeginWithOneAndMsh1And2AreOfTheDelimiters) {
  MessageBuilder builder;
  builder.msh().Set(1, "x").Set(2, "y");
  builder.Add("PID").Set(0, "x").SetIn(1, 0, 1, 1, "x").SetIn(1, 1, 0, 1, "x").SetIn(1, 1, 1, 0, "x").SetRaw(0, "x");
  EXPECT_EQ(builder.Utf8(), "MSH|^~\\&\rPID\r");
}

TEST(Hl7BuilderTest, EscapesWhatIsADelimiterOrAControlCharacter) {
  struct Case {
    Delimiters delimiters;
    const char* text;
    const char* raw;
  };
  const Delimiters odd = {'$', '%', '~', '\\', '&', 0};
  const Delimiters truncating = {'|', '^', '~', '\\', '&', '#'};
  for (const Case& c : {Case{{}, "a|b^c&d~e\\f#$", "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f#$"},
                        Case{odd, "|^$%~\\&", "|^\\F\\\\S\\\\R\\\\E\\\\T\\"},
                        Case{truncating, "#", "\\P\\"},
                        Case{{}, "1\r2\n3\t\x1B\x7F", "1\\X0D\\2\\X0A\\3\\X09\\\\X1B\\\\X7F\\"},
                        Case{{}, "\"\"", "\"\""}, Case{{}, " 山 ", " 山 "}}) {
    MessageBuilder builder(c.delimiters);
    builder.Add("NTE").Set(3, c.text);
    const std::string nte = "NTE" + std::string(3, c.delimiters.field) + c.raw + "\r";
    EXPECT_THAT(builder.Utf8(), HasSubstr(nte));
    const auto message = Message::Parse(builder.Utf8(), {});
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->Find("NTE")->Text(3), c.text == std::string("\"\"") ? "" : c.text);
    EXPECT_EQ(message->delimiters(), c.delimiters);
  }
}

TEST(Hl7BuilderTest, NothingRawEndsASegment) {
  MessageBuilder builder;
  builder.Add("PID").SetRaw(3, "1^2\\F\\&3~4\rZZZ|\n");
  builder.AddRaw("QPD|1\rZZZ|2\r");
  EXPECT_EQ(builder.Utf8(), "MSH|^~\\&\rPID|||1^2\\F\\&3~4\\X0D\\ZZZ|\\X0A\\\rQPD|1\\X0D\\ZZZ|2\r");
}

TEST(Hl7BuilderTest, RawAndTextTakeEachOthersPlace) {
  MessageBuilder builder;
  builder.Add("PID").Set(1, "a").SetRaw(1, "b^c").SetRaw(2, "d^e").Set(2, "f");
  EXPECT_EQ(builder.Utf8(), "MSH|^~\\&\rPID|b^c|f\r");
}

TEST(Hl7BuilderTest, Msh18AndMsh20AreThereWhereThereIsMoreThanAscii) {
  struct Case {
    const char* set;
    const char* msh;
    const char* yama;
  };
  for (const Case& c : {Case{"ISO-2022-JP", "|2.5||||||~ISO IR87||ISO 2022-1994\r", "\x1B$B;3\x1B(B"},
                        Case{"UTF-8", "|2.5||||||UNICODE UTF-8\r", "山"},
                        Case{"CP932", "|2.5||||||WINDOWS-31J\r", "\x8E\x52"},
                        Case{"EUC-JP", "|2.5||||||EUC-JP\r", "\xBB\xB3"}, Case{"ASCII", "|2.5\r", nullptr}}) {
    const CharacterSet set = *CharacterSetOfName(c.set);
    MessageBuilder builder;
    builder.msh().Set(12, "2.5").Set(18, "x").Set(20, "y");
    builder.Add("PID").Set(1, "YAMA");
    EXPECT_EQ(*builder.Encode(set), "MSH|^~\\&||||||||||2.5\rPID|YAMA\r");
    builder.Add("NTE").Set(1, "山");
    const auto bytes = builder.Encode(set);
    if (c.yama == nullptr) {
      EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument);
      continue;
    }
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_EQ(*bytes, "MSH|^~\\&|||||||||" + std::string(c.msh) + "PID|YAMA\rNTE|" + c.yama + "\r");
    // In MSH itself.
    MessageBuilder other;
    other.msh().Set(3, "山").Set(12, "2.5");
    EXPECT_THAT(*other.Encode(set), HasSubstr(std::string(c.yama) + "||||||||" + c.msh));
  }
}

TEST(Hl7BuilderTest, WhatTheSetDoesNotHaveIsRefusedOrSubstituted) {
  struct Case {
    const char* set;
    const char* text;
    const char* substitute;
    size_t count;
  };
  for (const Case& c : {Case{"ISO-2022-JP", "a𠮷|", "a〓|", 1}, Case{"ISO-2022-JP", "髙①", "〓〓", 2},
                        Case{"ISO-2022-JP", "ﾔﾏﾀﾞ", "ヤマダ", 3},
                        Case{"CP932", "𠮷é", "〓〓", 2}, Case{"EUC-JP", "𠮷", "〓", 1}, Case{"ASCII", "a山川é", "a???", 3},
                        Case{"UTF-8", "a\xFF", "a〓", 1}, Case{"ASCII", "\xFF", "?", 1}}) {
    const CharacterSet set = *CharacterSetOfName(c.set);
    MessageBuilder builder;
    builder.Add("PID").Set(5, 2, "YAMADA").Set(7, c.text);
    const auto refused = builder.Encode(set);
    ASSERT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    const std::string told(refused.status().message());
    EXPECT_THAT(told, HasSubstr("segment 2, field 7"));
    EXPECT_THAT(told, Not(HasSubstr("YAMADA")));
    size_t substituted = 99;
    const auto bytes = builder.Encode(set, Substitute::kGeta, &substituted);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(substituted, c.count) << c.text;
    const auto message = Message::Parse(*bytes, {});
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->Find("PID")->Text(7), c.substitute);
  }
  size_t substituted = 99;
  EXPECT_TRUE(MessageBuilder().Encode({}, Substitute::kGeta, &substituted).ok());
  EXPECT_EQ(substituted, 0u);
}

TEST(Hl7BuilderTest, WhatTheSetDoesNotHaveIsSentInItsUsualForm) {
  struct Case {
    const char* set;
    const char* text;
    const char* sent;
    size_t count;
  };
  for (const Case& c : {Case{"ISO-2022-JP", "髙﨑①", "高崎1", 3}, Case{"ISO-2022-JP", "𠮷|é", "吉|〓", 2},
                        Case{"ISO-2022-JP", "﹠︳﹨山", "＆＿＼山", 3}, Case{"CP932", "髙𠮷①", "髙吉①", 1},
                        Case{"UTF-8", "髙①", "髙①", 0}, Case{"ASCII", "髙", "?", 1}}) {
    MessageBuilder builder;
    builder.Add("PID").Set(7, c.text);
    size_t substituted = 99;
    const auto bytes = builder.Encode(*CharacterSetOfName(c.set), Substitute::kVariant, &substituted);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_EQ(substituted, c.count) << c.text;
    const auto message = Message::Parse(*bytes, {});
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->Find("PID")->Text(7), c.sent);
  }
}

TEST(Hl7BuilderTest, TheSetsThatMsh18NamesAreSent) {
  const auto set = CharacterSetOfMsh({"", "ISO IR87", "ISO IR13", "ISO IR159"}, "");
  MessageBuilder builder;
  builder.Add("PID").Set(1, "丂ｱ");
  const auto bytes = builder.Encode(*set);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_THAT(*bytes, HasSubstr("|~ISO IR87~ISO IR13~ISO IR159||ISO 2022-1994\rPID|\x1B$(D0!\x1B(I1\x1B(B\r"));
  EXPECT_EQ(Message::Parse(*bytes, {})->Find("PID")->Text(1), "丂ｱ");
}

// The places of a character in a message, each `@`: at both ends of every kind of part, next to every delimiter, alone.
const char* const kPlaces[] = {
    "PID|@|2", "PID||@^b^c|2", "PID||a^@^c|2", "PID||a^b^@|2", "PID||@&b^c|2", "PID||a^@&c|2", "PID||a&@^c|2",
    "PID||@~b|2", "PID||a~@|2", "PID||a^b~@^d~e|2", "PID|1|@", "PID|1|a^@", "PID|1|a&@", "PID|1|a~@", "PID|1|a@",
    "PID|1|@a", "PID|@@|@@",
    "ZZZ|@|@^@&@~@|@"};

size_t CountOf(std::string_view text, char c) { return static_cast<size_t>(std::count(text.begin(), text.end(), c)); }

TEST(Hl7BuilderTest, EveryCharacterOfJisX0208InEveryPlace) {
  ASSERT_EQ(JisX0208().size(), 6879u);
  for (const Charset charset : kJapaneseCharsets) {
    const CharacterSet set = SetOf(charset);
    std::string msh = "MSH|^~\\&|A|||||||1|P|2.5||||||";
    for (size_t i = 0; i < set.msh18.size(); ++i) msh += (i > 0 ? "~" : "") + set.msh18[i];
    msh += (set.msh20.empty() ? "" : "||" + set.msh20) + "\r";
    // A message for each character, with every place in it.
    for (const JisCharacter& c : JisX0208()) {
      std::string bytes = msh, text = msh;
      for (const char* place : kPlaces) {
        for (const char* p = place; *p != '\0'; ++p) {
          const bool second = *p == '@' && p > place && p[-1] == '@';  // two stand between one pair of escapes
          if (second && charset == Charset::kIso2022Jp) bytes.insert(bytes.size() - 3, c.jis);
          else bytes += *p == '@' ? c.Bytes(charset) : std::string(1, *p);
          text += *p == '@' ? c.utf8 : std::string(1, *p);
        }
        bytes += '\r';
        text += '\r';
      }
      const auto message = Message::Parse(bytes, {});
      ASSERT_TRUE(message.ok()) << CharsetName(charset) << " " << c.utf8 << " " << message.status();
      ASSERT_EQ(message->text(), text) << CharsetName(charset) << " " << c.utf8;
      ASSERT_EQ(message->segments().size(), 1 + std::size(kPlaces));
      for (size_t i = 0; i < std::size(kPlaces); ++i) {
        const Segment& segment = message->segments()[i + 1];
        ASSERT_EQ(segment.fields(), CountOf(kPlaces[i], '|')) << kPlaces[i] << " " << c.utf8;
        if (i < 17) continue;
        ASSERT_EQ(segment.Text(2, 1), c.utf8);
        ASSERT_EQ(segment.Text(2, 2, 2), c.utf8);
        ASSERT_EQ(segment.field(2).repetition(2).Text(1), c.utf8);
        ASSERT_EQ(segment.Text(3), c.utf8);
      }
      const auto again = Rebuilt(*message).Encode(message->character_set());
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_EQ(*again, bytes) << CharsetName(charset) << " " << c.utf8;
    }
  }
}

// A text of everything that a text may be made of.
std::string RandomText(std::mt19937_64* random, Charset charset) {
  static const char* const kPieces[] = {"|", "^", "~", "\\", "&", "#", "$", "%", "\r", "\n", "\\F\\",
                                        "\\X0D\\", "\"", " ", "a", "Z9", "\t", "\x1F", "\\.br\\", "\\E", "PID|", "MSH"};
  std::string text;
  for (size_t n = (*random)() % 6; n > 0; --n) {
    if ((*random)() % 2 == 0) text += kPieces[(*random)() % std::size(kPieces)];
    else text += JisX0208()[(*random)() % JisX0208().size()].utf8;
    if (charset == Charset::kUtf8 && (*random)() % 8 == 0) text += "𠮷é";
  }
  return text == "\"\"" ? "" : text;
}

struct RandomPart {
  size_t segment, field, repetition, component, subcomponent;
  std::string text;
};

TEST(Hl7BuilderTest, RandomTreesOfTextsAreReadAsTheyWereBuilt) {
  std::mt19937_64 random(20240101);
  const Delimiters kDelimiters[] = {{}, {'$', '%', '~', '\\', '&', 0}, {'|', '^', '~', '\\', '&', '#'},
                                    {'*', ':', '+', '?', '!', 0}};
  for (int round = 0; round < 2000; ++round) {
    const Charset charset = kJapaneseCharsets[round % 4];
    MessageBuilder builder(kDelimiters[random() % 4]);
    std::vector<RandomPart> parts;
    for (size_t s = 1; s <= 1 + random() % 3; ++s) {
      SegmentBuilder& segment = builder.Add(s == 1 ? "PID" : "ZAB");
      for (size_t f = 1; f <= 4; ++f)
        for (size_t r = 1; r <= 1 + random() % 3; ++r)
          for (size_t c = 1; c <= 1 + random() % 3; ++c)
            for (size_t sub = 1; sub <= 1 + random() % 2; ++sub) {
              parts.push_back({s, f, r, c, sub, RandomText(&random, charset)});
              segment.SetIn(f, r, c, sub, parts.back().text);
            }
    }
    const auto bytes = builder.Encode(SetOf(charset));
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto message = Message::Parse(*bytes, {});
    ASSERT_TRUE(message.ok()) << message.status();
    ASSERT_EQ(message->delimiters(), builder.delimiters());
    for (const RandomPart& part : parts)
      ASSERT_EQ(message->segments()[part.segment].field(part.field).repetition(part.repetition).Text(
                    part.component, part.subcomponent), part.text) << "round " << round;
    ASSERT_EQ(*Rebuilt(*message).Encode(message->character_set()), *bytes) << "round " << round;
  }
}

}  // namespace
}  // namespace libmpi::hl7v2
