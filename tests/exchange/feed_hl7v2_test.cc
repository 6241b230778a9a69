// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/hl7v2.h"
#include "tests/exchange/hl7_feed_sink.h"
#include "tests/exchange/hl7v2_lines.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Hl7Reading Read(std::string_view bytes, const FeedOptions& options = {}, size_t piece = 0) {
  return ReadWith(NewHl7v2Parser, bytes, options, piece);
}

FeedOptions OfPath(const std::string& path) {
  FeedOptions options;
  options.path = path;
  return options;
}

std::string Msh(const std::string& type = "ADT^A08", const std::string& msh18 = "UNICODE UTF-8",
                const std::string& facility = "FAC") {
  return "MSH|^~\\&|APP|" + facility + "|||20260401||" + type + "|1|P|2.5||||||" + msh18 + "\r";
}

constexpr char kRenumbers[] =
    "refused record_id: a message that joins or moves patients' numbers: files are not read for that; let it be sent "
    "to the PIX manager, or a steward decide";

TEST(Hl7v2FeedTest, ReadsALaboratorysBatch) {
  const std::string bytes = Golden("hl7v2/lab_batch_cr_jis.hl7");
  const Hl7Reading read = Read(bytes);
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read.lines,
              ElementsAre("4 taken KENSA:0000123 names=本山|京府目|モトヤマ|キョウコ births=19480405 sexes=F "
                          "addresses=422-8033||||東京都目黒区美愛町１丁目３番５号 phones=054-000-0001/090-0000-0001",
                          "9 taken HOSP_A:0000124 names=■橋|一郎|タカハシ|イチロウ births=19511231 sexes=M"));
  EXPECT_EQ(read.encoding, "ISO-2022-JP");
  EXPECT_EQ(DetectFeedFormat("lab.hl7", bytes), FeedFormat::kHl7v2);
}

TEST(Hl7v2FeedTest, ReadsADumpOfFrames) {
  const std::string bytes = Golden("hl7v2/adt_mllp_utf8.hl7");
  const Hl7Reading read = Read(bytes);
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read.lines,
              ElementsAre("3 taken 1312345670:77 names=佐藤|花子|ｻﾄｳ|ﾊﾅｺ former=鈴木 花子 births=19700101 sexes=F "
                          "coverages=06130017|あいう|１２３４|01 care=131011|0000123456",
                          "12 withdrawn 1312345670:78", "14 " + std::string(kRenumbers),
                          "19 refused record_id: PID-3 has no number of the patient"));
  EXPECT_EQ(read.encoding, "UTF-8");
  EXPECT_EQ(DetectFeedFormat("dump", bytes), FeedFormat::kHl7v2);
}

TEST(Hl7v2FeedTest, ReadsWindowsTextsThatSayNothingOfTheirCharacters) {
  const Hl7Reading read = Read(Golden("hl7v2/oru_lf_cp932.hl7"), OfPath("in/results.2026.hl7"));
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read.lines, ElementsAre("2 taken results:A-1 names=能登|十表 births=S35.4.1 sexes=M "
                                      "addresses=100-0001||||東京都千代田区表町１丁目",
                                      "7 taken results:A-2 names=表|構"));
  EXPECT_EQ(read.encoding, "CP932");
}

TEST(Hl7v2FeedTest, PiecesOfAnySizeGiveTheSame) {
  for (const char* file : {"lab_batch_cr_jis.hl7", "adt_mllp_utf8.hl7", "oru_lf_cp932.hl7"}) {
    std::string bytes = Golden("hl7v2/" + std::string(file));
    for (const bool crlf : {false, true}) {
      if (crlf) {
        std::string with;
        for (const char c : bytes) c == '\r' || c == '\n' ? with += "\r\n" : with += c;
        bytes = with;
      }
      FeedOptions options = OfPath(file);
      for (const size_t line_bytes : {size_t{1} << 20, size_t{120}}) {
        options.max_line_bytes = line_bytes;
        const Hl7Reading whole = Read(bytes, options);
        for (const size_t piece : {1, 2, 3, 7, 64, 4096}) {
          const Hl7Reading pieces = Read(bytes, options, piece);
          EXPECT_EQ(pieces.lines, whole.lines) << file << " in pieces of " << piece;
          EXPECT_EQ(pieces.encoding, whole.encoding);
          EXPECT_EQ(pieces.status, whole.status);
        }
      }
    }
  }
}

TEST(Hl7v2FeedTest, WhoseNumberItIs) {
  const struct {
    const char *what, *pid3, *option, *expected;
  } kCases[] = {
      {"MSH-4", "12", "", "2 taken FAC:12"},
      {"the option", "12", "hospital-a", "2 taken hospital-a:12"},
      {"a namespace before its OID", "12^^^NS&1.2.3&ISO", "hospital-a", "2 taken NS:12"},
      {"an OID alone", "12^^^&1.2.3&ISO", "hospital-a", "2 taken 1.2.3:12"},
      {"spaces", " 12 ^^^ ", "", "2 taken FAC:12"},
      {"a patient's number before a card's", "9^^^^SS~12^^^^PI", "", "2 taken FAC:12"},
      {"an internal number before others", "9~12^^^^MR", "", "2 taken FAC:12"},
      {"the option's authority first", "9^^^A^PI~12^^^B^PI", "B", "2 taken B:12"},
      {"a card's where there is no other", "9^^^^SS", "", "2 taken FAC:9"},
      {"none", "^^^NS", "", "2 refused record_id: PID-3 has no number of the patient"},
  };
  for (const auto& c : kCases) {
    FeedOptions options = OfPath("x.hl7");
    options.source = c.option;
    EXPECT_THAT(Read(Msh() + "PID|||" + c.pid3 + "\r", options).lines, ElementsAre(c.expected)) << c.what;
  }
  EXPECT_THAT(
      Read(Msh() + "PID|||9^^^^PI~12^^^^PI\r").lines,
      ElementsAre("2 noted record_id: PID-3 has several numbers of the patient: the first is taken", "2 taken FAC:9"));
  EXPECT_THAT(Read(Msh("ADT^A08", "", "") + "PID|||12\r", OfPath("a/clinic.hl7")).lines,
              ElementsAre("2 taken clinic:12"));
  EXPECT_THAT(Read(Msh("ADT^A08", "", "^1.2.9^ISO") + "PID|||12\r").lines, ElementsAre("2 taken 1.2.9:12"));
}

TEST(Hl7v2FeedTest, WhatMessagesSay) {
  const struct {
    const char *type, *expected;
  } kCases[] = {
      {"ADT^A01", "2 taken FAC:12 sexes=M"},
      {"ADT^A28^ADT_A05", "2 taken FAC:12 sexes=M"},
      {"ADT^A31", "2 taken FAC:12 sexes=M"},
      {"ADT^A11", "2 taken FAC:12 sexes=M"},
      {"ORU^R01", "2 taken FAC:12 sexes=M"},
      {"OML^O33", "2 taken FAC:12 sexes=M"},
      {"PPR^ZD1", "2 taken FAC:12 sexes=M"},
      {"ADT^A23", "2 withdrawn FAC:12"},
      {"ADT^A29", "2 withdrawn FAC:12"},
      {"RSP^K22", "1 noted : an answer to a query: it is no statement of a facility, and is left out"},
  };
  for (const auto& c : kCases)
    EXPECT_THAT(Read(Msh(c.type) + "PID|||12|||||M\r").lines, ElementsAre(c.expected)) << c.type;
  for (const char* trigger : {"A18", "A24", "A30", "A34", "A36", "A37", "A39", "A40", "A43", "A46", "A47"})
    EXPECT_THAT(Read(Msh(std::string("ADT^") + trigger) + "PID|||12\rMRG|13\r").lines,
                ElementsAre("1 " + std::string(kRenumbers)));
  EXPECT_THAT(Read(Msh("ADT") + "EVN|A23\rPID|||12\r").lines, ElementsAre("3 withdrawn FAC:12")) << "by EVN-1";
  EXPECT_THAT(Read(Msh("ADT^A08") + "PV1|\r").lines, ElementsAre("1 refused : an ADT message without PID"));
  EXPECT_THAT(Read(Msh("SIU^S12")).lines, IsEmpty());
  // Results of two patients; what is refused takes its cards with it.
  EXPECT_THAT(Read(Msh("ORU^R01") + "PID|||1\rIN1|1||11111111\rOBX|1\rPID|||\rIN1|1||22222222\rPID|||3\r").lines,
              ElementsAre("2 taken FAC:1 coverages=11111111|||",
                          "5 refused record_id: PID-3 has no number of the patient", "7 taken FAC:3"));
}

TEST(Hl7v2FeedTest, NamesWhoseCodesStandOneComponentTooEarly) {
  EXPECT_THAT(Read(Msh() + "PID|||1||山田^太郎^^^^L^I~ヤマダ^タロウ^^^^L^P~YAMADA^TARO^^^^L^A\r").lines,
              ElementsAre("2 taken FAC:1 names=山田|太郎|ヤマダ|タロウ|YAMADA, TARO"));
  // A partner's name is still none of the patient's.
  EXPECT_THAT(Read(Msh() + "PID|||1||山田^太郎^^^^^L^I~山田^花子^^^^^P^I\r").lines,
              ElementsAre("2 taken FAC:1 names=山田|太郎"));
}

TEST(Hl7v2FeedTest, Characters) {
  const std::string utf8 = "PID|||1||山本^能^^^^^L^I\r", taken = "2 taken FAC:1 names=山本|能";
  const auto in = [&](Charset charset, const std::string& msh18) {
    return Msh("ADT^A08", msh18) + EncodeText(utf8, charset).bytes;
  };
  const struct {
    const char *what, *msh18;
    Charset charset;
    const char *option, *encoding, *remark;
  } kCases[] = {
      {"said", "~ISO IR87", Charset::kIso2022Jp, "", "ISO-2022-JP", ""},
      {"said, whatever the option", "~ISO IR87", Charset::kIso2022Jp, "CP932", "ISO-2022-JP", ""},
      {"silent JIS", "", Charset::kIso2022Jp, "", "ISO-2022-JP", ""},
      {"silent, by the option", "", Charset::kEucJp, "EUC-JP", "EUC-JP", ""},
      {"silent UTF-8", "", Charset::kUtf8, "", "UTF-8", ""},
      {"silent CP932", "", Charset::kCp932, "", "CP932", ""},
      {"JIS that is UTF-8", "~ISO IR87", Charset::kUtf8, "", "UTF-8",
       "1 noted : the characters are not those that MSH-18 says: read as UTF-8"},
      {"UTF-8 that is CP932", "UNICODE UTF-8", Charset::kCp932, "CP932", "CP932",
       "1 noted : the characters are not those that MSH-18 says: read as CP932"},
      {"ASCII that is UTF-8", "ASCII", Charset::kUtf8, "", "UTF-8",
       "1 noted : the characters are not those that MSH-18 says: read as UTF-8"},
      {"Latin-1 that is JIS", "8859/1", Charset::kIso2022Jp, "", "ISO-2022-JP",
       "1 noted : the characters are not those that MSH-18 says: read as ISO-2022-JP"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    FeedOptions options;
    options.encoding = c.option;
    const Hl7Reading read = Read(in(c.charset, c.msh18), options);
    std::vector<std::string> lines = {taken};
    if (*c.remark != '\0') lines.insert(lines.begin(), c.remark);
    EXPECT_EQ(read.lines, lines);
    EXPECT_EQ(read.encoding, c.encoding);
    EXPECT_EQ(read.malformed, 0u);
  }
  const Hl7Reading broken = Read(Msh() + "PID|||1||山\xFF本\r");
  EXPECT_THAT(broken.lines,
              ElementsAre("1 noted : characters that can't be read as UTF-8", HasSubstr("FAC:1 names=山")));
  EXPECT_EQ(broken.malformed, 1u);
  EXPECT_THAT(Read(in(Charset::kUtf8, "GB 18030-2000")).lines, ElementsAre(HasSubstr("refused : MSH-18: GB 18030")));
}

TEST(Hl7v2FeedTest, FilesThatAreOdd) {
  const std::string pid = "PID|||1\r";
  const struct {
    const char* what;
    std::string bytes;
    std::vector<std::string> lines;
  } kCases[] = {
      {"a batch that says another number",
       "BHS|^~\\&|\r" + Msh() + pid + "BTS|2\r",
       {"3 taken FAC:1", "4 noted : BTS-1 says another number of messages than the batch has"}},
      {"two batches", "FHS|\rBHS|\r" + Msh() + pid + "BTS|1|x\rBHS|\rBTS|0\rFTS|2\r", {"4 taken FAC:1"}},
      {"a file that was cut off",
       "FHS|^~\\&|\r" + Msh() + pid,
       {"3 taken FAC:1", "1 noted : FHS has no FTS: the file may have been cut off"}},
      {"a frame that was cut off",
       "\x0B" + Msh() + pid,
       {"2 taken FAC:1", "3 noted : the last message's frame has no end: the file may have been cut off"}},
      {"frames without CR between them",
       "\x0B" + Msh() + "PID|||1\x1C\x0B" + Msh() + "PID|||2\x1C",
       {"2 taken FAC:1", "3 taken FAC:2"}},
      {"something before it",
       "hello\r\n" + Msh() + pid,
       {"1 noted : there is something before the first message", "3 taken FAC:1"}},
      {"a byte order mark, and the end of a file of old", "\xEF\xBB\xBF" + Msh() + pid + "\x1A", {"2 taken FAC:1"}},
      {"an end of line in an address",
       Msh() + "PID|||1||||||||^^^^^^^京都\n府\r",
       {"3 noted : a line that is no segment: an end of line stands within the segment before it",
        "2 taken FAC:1 addresses=||||京都"}},
      {"delimiters that can't be", "MSH|^^\\&|\r" + pid, {"1 refused : MSH-1 and MSH-2: one delimiter twice"}},
      {"other delimiters", "MSH$%~\\&$A$F$$$1$$ADT%A08$1$P$2.5\rPID$$$1$$A%B\r", {"2 taken F:1 names=A|B"}},
  };
  for (const auto& c : kCases) {
    const Hl7Reading read = Read(c.bytes);
    EXPECT_TRUE(read.status.ok()) << c.what;
    EXPECT_EQ(read.lines, c.lines) << c.what;
  }
  for (const char* bytes : {"", "record_id,name\n1,x\n", "PID|||1\r", "MSHX\r"})
    EXPECT_EQ(Read(bytes).status.code(), absl::StatusCode::kInvalidArgument) << bytes;
}

TEST(Hl7v2FeedTest, Limits) {
  FeedOptions options;
  options.max_line_bytes = 100;
  options.max_document_bytes = 300;
  const std::string good = Msh() + "PID|||2\r";
  const std::string long_text(200, 'x');
  EXPECT_THAT(Read(Msh() + "PID|||1||" + long_text + "\r" + good, options).lines,
              ElementsAre("1 refused : a segment is longer than a line may be", "4 taken FAC:2"));
  EXPECT_THAT(Read(Msh() + "PID|||1\rOBX|" + long_text + "\r" + good, options).lines,
              ElementsAre("2 taken FAC:1", "5 taken FAC:2"))
      << "observations may be as long as they are";
  std::string cards;
  for (int i = 0; i < 10; ++i) cards += "IN1|1||11111111|||||||||||||||\r";
  EXPECT_THAT(Read(Msh() + "PID|||1\r" + cards + good, options).lines,
              ElementsAre("1 refused : the message is larger than a message may be", "14 taken FAC:2"));
  EXPECT_THAT(Read(Msh() + "PID|||1||" + std::string(300, '~') + "\r").lines,
              ElementsAre("1 refused : segment 2: more than 200 repetitions in a field"));
}

// Files that are all ends of lines, or of frames, take no longer than others.
TEST(Hl7v2FeedTest, IsLinear) {
  for (const char* unit : {"\r", "\n", "\x0B", "\x1C", "\x1C\x0B", "A\r", "\rMSH|^~\\&|"}) {
    std::string bytes = Msh() + "PID|||1\r";
    while (bytes.size() < size_t{4} << 20) bytes += unit;
    EXPECT_TRUE(Read(bytes).status.ok());
  }
}

}  // namespace
}  // namespace libmpi
