// SPDX-License-Identifier: Apache-2.0
// What readers of XML have in common: charsets, hostile documents, documents in pieces, and that what is written is
// read again.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "exchange/document_reading.h"
#include "gmock/gmock.h"
#include "libmpi/exchange/feeds/checkup.h"
#include "libmpi/exchange/feeds/checkup_writer.h"
#include "libmpi/exchange/feeds/eligibility.h"
#include "libmpi/exchange/feeds/eligibility_writer.h"
#include "libmpi/exchange/feeds/orca.h"
#include "libmpi/exchange/feeds/orca_writer.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

using testing::HasSubstr;

struct Format {
  const char* name;
  NewParser parser;
  std::unique_ptr<FeedWriter> (*writer)(const FeedWriterOptions&);
  Record (*as_carried)(const Record&);
  std::vector<std::string> golden;
};

const std::vector<Format>& Formats() {
  static const auto* const formats =
      new std::vector<Format>{{"orca",
                               NewOrcaParser,
                               NewOrcaWriter,
                               OrcaAsCarried,
                               {"orca/patientgetv2.xml", "orca/patientlst1v2.json", "orca/mml.xml"}},
                              {"checkup",
                               NewCheckupParser,
                               NewCheckupWriter,
                               CheckupAsCarried,
                               {"checkup/checkup.xml", "checkup/later_elderly.xml", "checkup/odd_ids.xml"}},
                              {"eligibility",
                               NewEligibilityParser,
                               NewEligibilityWriter,
                               EligibilityAsCarried,
                               {"eligibility/face.xml", "eligibility/bulk.xml"}}};
  return *formats;
}

void ExpectSame(const Reading& a, const Reading& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(RecordsOf(a), RecordsOf(b));
  EXPECT_EQ(a.remarks, b.remarks);
  EXPECT_EQ(a.encoding, b.encoding);
  EXPECT_EQ(a.malformed, b.malformed);
}

TEST(FeedXmlTest, PiecesOfAnySizeGiveTheSame) {
  for (const Format& format : Formats())
    for (const std::string& name : format.golden) {
      const std::string bytes = Golden(name);
      const Reading whole = ReadFeed(format.parser, bytes);
      EXPECT_FALSE(whole.records.empty()) << name;
      for (const size_t piece : {1, 7, 4096}) ExpectSame(whole, ReadFeed(format.parser, bytes, {}, piece));
    }
}

// The most memory that this process has had, in MiB.
size_t PeakMemory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) >> 10;
}

// --- Charsets -----------------------------------------------------------------------------------------------------

constexpr std::string_view kName = "髙橋　能美子";

std::string DocumentIn(std::string_view declaration, Charset charset) {
  const std::string text =
      std::string(declaration) + "<xmlio2><r><Patient_Information><Patient_ID>1</Patient_ID><WholeName>" +
      std::string(charset == Charset::kCp932 || charset == Charset::kUtf8 ? kName : "高橋　能美子") +
      "</WholeName></Patient_Information></r></xmlio2>";
  return EncodeText(text, charset).bytes;
}

TEST(FeedXmlTest, Charsets) {
  struct Case {
    std::string bytes, told, encoding;
    bool noted;
  };
  const auto declared = [](std::string_view name) {
    return "<?xml version='1.0' encoding='" + std::string(name) + "'?>";
  };
  const std::string id = "<!-- <CharacterCodeIdentifier>1</CharacterCodeIdentifier> -->";
  const std::vector<Case> cases = {
      {DocumentIn(declared("UTF-8"), Charset::kUtf8), "", "UTF-8", false},
      {DocumentIn(declared("utf8"), Charset::kUtf8), "", "UTF-8", false},
      {DocumentIn("", Charset::kUtf8), "", "UTF-8", false},
      {"\xEF\xBB\xBF" + DocumentIn(declared("UTF-8"), Charset::kUtf8), "", "UTF-8", false},
      {DocumentIn(declared("Shift_JIS"), Charset::kCp932), "", "CP932", false},
      {DocumentIn(declared("Windows-31J"), Charset::kCp932), "", "CP932", false},
      {DocumentIn(declared("EUC-JP"), Charset::kEucJp), "", "EUC-JP", false},
      {DocumentIn(declared("ISO-2022-JP"), Charset::kIso2022Jp), "", "ISO-2022-JP", false},
      {DocumentIn(id, Charset::kCp932), "", "CP932", false},
      {DocumentIn("", Charset::kCp932), "", "CP932", false},
      {DocumentIn("", Charset::kEucJp), "EUC-JP", "EUC-JP", false},
      {ToUtf16(DocumentIn(declared("UTF-16"), Charset::kUtf8), true), "", "UTF-16", false},
      {ToUtf16(DocumentIn(declared("UTF-16"), Charset::kUtf8), false), "", "UTF-16", false},
      {ToUtf16(DocumentIn(declared("UTF-16"), Charset::kUtf8), false).substr(2), "", "UTF-16", false},
      // Said to be in another.
      {DocumentIn(declared("UTF-8"), Charset::kCp932), "", "CP932", true},
      {DocumentIn(declared("Shift_JIS"), Charset::kUtf8), "", "UTF-8", true},
      {DocumentIn(declared("EUC-JP"), Charset::kUtf8), "", "UTF-8", true},
      {DocumentIn(declared("UTF-8"), Charset::kIso2022Jp), "", "ISO-2022-JP", true},
      {DocumentIn(declared("ISO-8859-1"), Charset::kCp932), "", "CP932", true},
      {DocumentIn(declared("UTF-8"), Charset::kCp932), "shift_jis", "CP932", false},
  };
  for (const Case& each : cases) {
    const Reading reading = ReadFeed(NewOrcaParser, each.bytes, {.encoding = each.told});
    ASSERT_TRUE(reading.status.ok()) << reading.status << each.bytes;
    EXPECT_EQ(reading.encoding, each.encoding) << each.bytes;
    ASSERT_EQ(reading.records.size(), 1u) << each.bytes;
    const std::string& name = reading.records[0].record.names.at(0).full;
    EXPECT_TRUE(name == kName || name == "高橋　能美子") << name << each.bytes;
    EXPECT_EQ(!reading.remarks.empty(), each.noted) << reading.Messages() << each.bytes;
    EXPECT_EQ(reading.malformed, 0u) << each.bytes;
  }
}

TEST(FeedXmlTest, CharactersThatCannotBeReadAreCounted) {
  const Reading reading =
      ReadFeed(NewOrcaParser,
                       "<xmlio2><Patient_Information><Patient_ID>1</Patient_ID><WholeName>山\xFF</WholeName>"
                       "</Patient_Information></xmlio2>",
                       {.encoding = "UTF-8"});
  EXPECT_EQ(reading.malformed, 1u);
  EXPECT_EQ(reading.records.at(0).record.names.at(0).full, "山\xEF\xBF\xBD");
}

TEST(FeedXmlTest, ReferencesAndSections) {
  const Reading reading = ReadFeed(
      NewOrcaParser,
      "<!-- & --><xmlio2><Patient_Information><Patient_ID><![CDATA[<&]]>1</Patient_ID><WholeName>&#x5C71;&#30000; "
      "A&amp;B"
      "&lt;&gt;&quot;&apos; C & D&E</WholeName><!-- <x> --></Patient_Information><?any <?></xmlio2>\n");
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.at(0).record.key.record_id, "<&1");
  EXPECT_EQ(reading.records.at(0).record.names.at(0).full, "山田 A&B<>\"' C & D&E");
}

// --- Hostile documents --------------------------------------------------------------------------------------------

TEST(FeedXmlTest, HostileDocumentsAreRefused) {
  const std::string laughs =
      "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;&lol;\">]>"
      "<xmlio2><Patient_Information><Patient_ID>&lol1;</Patient_ID></Patient_Information></xmlio2>";
  std::string deep = "<xmlio2>", wide = "<xmlio2>", attributes = "<xmlio2 ";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 300000; ++i) wide += "<a/>";
  for (int i = 0; i < 300000; ++i) attributes += "a='' ";
  struct Case {
    std::string bytes;
    std::string_view said;
  };
  const std::vector<Case> cases = {
      {laughs, "a document type (DOCTYPE) is refused"},
      {ToUtf16(laughs, true), "a document type (DOCTYPE) is refused"},
      {ToUtf16(laughs, false), "a document type (DOCTYPE) is refused"},
      {"<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", "a document type (DOCTYPE) is refused"},
      {"<r><!ENTITY x 'y'></r>", "a document type (DOCTYPE) is refused"},
      {"<!doctype html><html/>", "a document type (DOCTYPE) is refused"},
      {"<r>&xxe;</r>", "entities other than the five of XML are refused"},
      {"<r a='&xxe;'/>", "entities other than the five of XML are refused"},
      {"<r>&#0;</r>", "a character that XML cannot"},
      {"<r>&#xD800;</r>", "a character that XML cannot"},
      {"<r>&#x110000;</r>", "a character that XML cannot"},
      {"<r>&#99999999999;</r>", "a character that XML cannot"},
      {"<r>&#;</r>", "a character that XML cannot"},
      {std::string("<r>\0</r>", 8), "a character that XML cannot"},
      {deep, "more deeply than they may"},
      {wide, "more elements than a document may have"},
      {attributes + "/>", "more elements than a document may have"},
      {"<r>", "it ends within an element, line 1"},
      {"\n\n<r><a>\n", "it ends within an element, line 4"},
      {"<r", "it ends within markup"},
      {"<r a='", "it ends within markup"},
      {"<r><!-- ", "it ends within markup"},
      {"<r><![CDATA[ ", "it ends within markup"},
      {"<?xml ", "it ends within markup"},
      {"<r></", "it ends within markup"},
      {"</r>", "it ends an element that it did not begin"},
      {"<r></r></r>", "it ends an element that it did not begin"},
      {"<r></s>", "not read as XML"},
      {"<r a=1/>", "not read as XML"},
      {"<r <s/>", "a tag does not end"},
      {"x<r/>", "text stands outside of its elements"},
      {"<r/>x", "text stands outside of its elements"},
      {"<![CDATA[x]]><r/>", "text stands outside of its elements"},
      {"<!-- only -->", "it has no element"},
      {"no XML at all", "text stands outside of its elements"},
  };
  const size_t memory = PeakMemory();
  for (const Format& format : Formats())
    for (const Case& each : cases) {
      const auto begin = std::chrono::steady_clock::now();
      const Reading reading =
          ReadFeed(format.parser, each.bytes, {.max_document_bytes = size_t{2} << 20});
      EXPECT_EQ(reading.status.code(), absl::StatusCode::kInvalidArgument) << each.bytes.substr(0, 100);
      EXPECT_THAT(reading.Messages(), HasSubstr(each.said)) << each.bytes.substr(0, 100);
      EXPECT_TRUE(reading.records.empty());
      EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << each.bytes.substr(0, 100);
    }
  EXPECT_LT(PeakMemory() - memory, 64u);
}

// What comes beyond the limit is not kept.
TEST(FeedXmlTest, ADocumentThatDoesNotEnd) {
  for (const Format& format : Formats()) {
    Reading sink;
    const auto parser = format.parser({.max_document_bytes = size_t{1} << 20}, &sink);
    ASSERT_TRUE(parser->Take("<?xml version='1.0'?><xmlio2>").ok());
    const std::string piece(size_t{1} << 16, ' ');
    size_t taken = 0;
    absl::Status status;
    while (status.ok() && taken < (size_t{1} << 30)) {
      status = parser->Take(piece);
      taken += piece.size();
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_LE(taken, size_t{2} << 20);
    EXPECT_EQ(parser->End(), status);
    EXPECT_EQ(parser->Take("x"), status);
  }
}

// --- Written and read ---------------------------------------------------------------------------------------------

template <typename T>
const T& Any(const std::vector<T>& values, std::mt19937* random) {
  return values[(*random)() % values.size()];
}

Record RandomRecord(size_t i, std::mt19937* random) {
  const std::vector<std::string> families = {"佐藤", "髙橋", "𠮷田", "山﨑", "能登", "表", "ソ連", "", "渡邊"};
  const std::vector<std::string> givens = {"花子", "太郎", "〜美", "彌三郎", "", "芽－衣", "Ｊ・スミス"};
  const std::vector<std::string> kana = {"サトウ", "ﾀｶﾊｼ", "やまざき", "", "ヴァン", "ノ゙"};
  const std::vector<std::string> wholes = {"", "", "山田　太郎", "<A&B> \"C\" 'D'", "鷗 外", "a\tb\r\nc", "佐藤]]>"};
  const std::vector<std::string> births = {"19800102", "1980-01-02", "S55.1.2", "昭和五十五年", "1980", "198001", "?"};
  const std::vector<std::string> sexes = {"1", "2", "男", "F", "不明", "3"};
  const std::vector<std::string> insurers = {"138057", "06132013", "51136018", "39131010", "", "１２３"};
  const std::vector<std::string> symbols = {"", "１２－３４", "記〒号", "a&b"};
  const auto few = [&](size_t most) { return (*random)() % (most + 1); };
  Record record;
  record.key = {"source", "P" + std::to_string(i) + (i % 7 == 0 ? " <&\">" : "")};
  for (size_t n = few(2); n > 0; --n)
    record.names.push_back({Any(wholes, random), Any(families, random), Any(givens, random), "", Any(kana, random),
                            Any(kana, random), few(1) == 0 ? "" : "SATO HANAKO"});
  for (size_t n = 1 + few(1); n > 0; --n) record.births.push_back(Any(births, random));
  for (size_t n = few(2); n > 0; --n) record.sexes.push_back(Any(sexes, random));
  for (size_t n = few(3); n > 0; --n)
    record.coverages.push_back({Any(insurers, random), Any(symbols, random), std::to_string(few(99999)),
                                few(1) == 0 ? "" : "0" + std::to_string(few(9))});
  for (size_t n = few(1); n > 0; --n) record.care.push_back({"131011", "00000" + std::to_string(few(99999))});
  for (size_t n = few(2); n > 0; --n)
    record.addresses.push_back(
        {few(1) == 0 ? "" : "100-0000", "東京都", Any(families, random) + "区", "１－２−３", ""});
  for (size_t n = few(3); n > 0; --n) record.phones.push_back("03-0000-" + std::to_string(1000 + few(8999)));
  record.Normalize();
  return record;
}

TEST(FeedXmlTest, WhatIsWrittenIsReadAgain) {
  for (const Format& format : Formats())
    for (const char* encoding : {"", "UTF-8", "CP932", "EUC-JP", "ISO-2022-JP"}) {
      std::mt19937 random(7);
      std::vector<Record> expected, read;
      std::vector<FeedFile> files;
      const auto writer = format.writer({.day = {2026, 4, 1}, .encoding = encoding, .take = [&](FeedFile&& file) {
                                           files.push_back(std::move(file));
                                           return absl::OkStatus();
                                         }});
      for (size_t i = 0; i < 1200; ++i) {
        const Record record = RandomRecord(i, &random);
        expected.push_back(format.as_carried(record));
        ASSERT_TRUE(writer->Add(record).ok());
      }
      ASSERT_TRUE(writer->End().ok());
      for (const FeedFile& file : files) {
        const Reading reading =
            ReadFeed(format.parser, file.bytes, {.source = "source", .path = file.path});
        ASSERT_TRUE(reading.status.ok()) << reading.status << file.path << encoding;
        ASSERT_EQ(reading.Messages(), "") << file.path << encoding;
        EXPECT_EQ(reading.malformed, 0u);
        for (Record& record : RecordsOf(reading)) read.push_back(std::move(record));
      }
      ASSERT_EQ(read.size(), expected.size()) << format.name << encoding;
      for (size_t i = 0; i < read.size(); ++i) ASSERT_EQ(read[i], expected[i]) << format.name << encoding << i;
    }
}

TEST(FeedXmlTest, TheInstitutionOfAWriterIsTheSource) {
  for (const Format& format : Formats()) {
    std::string bytes, path;
    const auto writer = format.writer({.institution = "1310000001", .take = [&](FeedFile&& file) {
                                         bytes = file.bytes;
                                         path = file.path;
                                         return absl::OkStatus();
                                       }});
    Record record;
    record.key = {"x", "1"};
    record.births = {"19800102"};
    ASSERT_TRUE(writer->Add(record).ok());
    ASSERT_TRUE(writer->End().ok());
    const Reading reading = ReadFeed(format.parser, bytes, {.path = path});
    ASSERT_EQ(reading.records.size(), 1u) << format.name;
    EXPECT_EQ(reading.records[0].record.key.source,
              std::string_view(format.name) == "orca" ? "patientlst2v2_000001" : "1310000001");
  }
}

TEST(FeedXmlTest, AWriterRefusesACharsetThatItDoesNotKnow) {
  for (const Format& format : Formats()) {
    const auto writer = format.writer({.encoding = "EBCDIC", .take = [](FeedFile&&) { return absl::OkStatus(); }});
    EXPECT_FALSE(writer->Add(Record()).ok());
  }
}

// --- Damage -------------------------------------------------------------------------------------------------------

void Mutate(std::string* bytes, std::mt19937* random) {
  const auto at = [&] { return bytes->empty() ? 0 : (*random)() % bytes->size(); };
  switch ((*random)() % 6) {
    case 0:
      if (!bytes->empty()) (*bytes)[at()] = static_cast<char>((*random)());
      break;
    case 1:
      bytes->erase(at(), (*random)() % 40);
      break;
    case 2:
      bytes->insert(at(), 1, "<>&\"'/[]{}!?;#\0\x1b"[(*random)() % 16]);
      break;
    case 3: {
      const std::string part = bytes->substr(at(), (*random)() % 200);
      bytes->insert(at(), part);
      break;
    }
    case 4:
      bytes->resize(at());
      break;
    default:
      if (!bytes->empty()) std::swap((*bytes)[at()], (*bytes)[at()]);
  }
}

// Names and numbers of the golden files never stand in a message.
bool TellsAValue(const std::string& message) {
  for (const char* value : {"見本", "ミホン", "1962", "００００", "0000-", "花子", "4567", "1234566"})
    if (message.find(value) != std::string::npos) return true;
  return false;
}

TEST(FeedXmlTest, DamagedDocuments) {
  const size_t memory = PeakMemory();
  std::mt19937 random(11);
  for (const Format& format : Formats())
    for (const std::string& name : format.golden) {
      const std::string golden = Golden(name);
      for (int round = 0; round < 1500; ++round) {
        std::string bytes = golden;
        for (size_t times = 1 + random() % 4; times > 0; --times)
          if (!bytes.empty()) Mutate(&bytes, &random);
        const auto begin = std::chrono::steady_clock::now();
        const Reading reading = ReadFeed(format.parser, bytes, {.max_document_bytes = size_t{1} << 20});
        ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2)) << name << round;
        ASSERT_FALSE(TellsAValue(reading.Messages())) << reading.Messages();
        for (const FeedRecord& each : reading.records) ASSERT_FALSE(each.record.key.record_id.empty());
      }
    }
  EXPECT_LT(PeakMemory() - memory, 64u);
}

}  // namespace
}  // namespace libmpi
