// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/uke.h"

#include <chrono>

#include "exchange/comma_feed_reading.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/uke_writer.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Reading Read(std::string_view bytes, const FeedOptions& options = {}, size_t piece = 0) {
  return ReadFeed(NewUkeParser, bytes, options, piece);
}
Reading ReadGolden(const std::string& name) { return Read(Golden("uke/" + name)); }

TEST(Uke, MedicalReceipts) {
  const Reading found = ReadGolden("medical.uke");
  EXPECT_TRUE(found.status.ok()) << found.status;
  EXPECT_EQ(found.encoding, "CP932");
  EXPECT_THAT(Shown(found),
              ElementsAre("2 1312345678:00015 | 高橋　一郎/タカハシイチロウ | 19620228 | 1 | 138057,１２－３,４５６,02",
                          "10 1312345678:A-77 | 髙橋美咲/タカハシミサキ | 19850412 | 2 | 06130017,ア１,００７, "
                          "54136015,,0123456, 80130016,,7654321,",
                          "18 1312345678:202611-2-1212-3 | ヤマダ　ハナ/ | 19400101 | 2 | 12130019,,0000017,",
                          // what the organ donor's part says is not the patient's
                          "20 1312345678:00020 | 森/モリ | 19380505 | 1 | 39131008,,１２３４５６７８,"));
  EXPECT_THAT(found.refused, IsEmpty());
  EXPECT_THAT(Shown(found.notes),
              ElementsAre("18 record_id: the receipt has no number of the patient: its own stands for it"));
}

// Dates and months of eras, a prefecture of one digit, codes without their zeros, a name in half-width kana.
TEST(Uke, ReceiptsOfOldConventions) {
  EXPECT_THAT(
      Shown(ReadGolden("eras.uke")),
      ElementsAre("2 0110123456:00172 | 山本太郎/ヤマモトタロウ | 3560418 | 1 | 01130012,１２３４５６７８,１０,",
                  "4 0110123456:00175 | 小林　結/ | 4060618 | 2 | 133066,,１１３４,",
                  "6 0110123456:00180 | ｽｽﾞｷ ﾋﾛｼ/スズキヒロシ | 5010501 | 1 | 133066,,１１３５,"));
}

// The layer behind reads the births that are given on as they are written.
TEST(Uke, BirthsOfErasAreUnderstood) {
  const std::pair<const char*, CivilDate> cases[] = {{"3560418", {1981, 4, 18}}, {"4060618", {1994, 6, 18}},
                                                     {"5010501", {2019, 5, 1}},  {"1450101", {1912, 1, 1}},
                                                     {"2150101", {1926, 1, 1}},  {"19800102", {1980, 1, 2}}};
  for (const auto& [text, date] : cases) {
    CivilDate read;
    std::vector<Finding> findings;
    EXPECT_TRUE(ParseBirthDate(text, {2026, 11, 30}, &read, &findings)) << text;
    EXPECT_EQ(read, date) << text;
  }
}

TEST(Uke, DentalReceiptsHaveAnInstitutionEach) {
  EXPECT_THAT(Shown(ReadGolden("dental.uke")),
              ElementsAre("3 2730123456:1/7 | 田中　実/タナカミノル | 19770707 | 1 | 01130012,１３４０１５１８,１２,00",
                          "7 2730123456:2/7 | 田中　稔/タナカミノル | 19770708 | 1 | 06130017,２１２１２,２１,"));
}

TEST(Uke, PharmacyReceipts) {
  EXPECT_THAT(Shown(ReadGolden("pharmacy.uke")),
              ElementsAre("2 1444567890:調-100 | 佐々木　翔/ササキショウ | 20010203 | 1 | 01130012,３,４,03"));
}

TEST(Uke, NursingReceiptsStandBehindGo) {
  const Reading found = ReadGolden("nursing.uke");
  EXPECT_THAT(Shown(found),
              ElementsAre("3 0169012345:H-001 | 伊藤　キヨ/イトウキヨ | 19350303 | 2 | 39011002,,87654321,",
                          "9 0169012345:202611-2-6112-000002 | 渡邉　健/ | 19500606 | 1 | 011007,５,６,01"));
  EXPECT_THAT(found.notes, ::testing::SizeIs(1));
}

// What was confirmed beside what was claimed is a coverage of its own; a branch belongs to the insurance it is said of.
TEST(Uke, FilesThatCameBackSayWhatWasConfirmed) {
  EXPECT_THAT(Shown(ReadGolden("returned.uke")),
              ElementsAre("2 1312345678:00015 | 高橋　一郎/タカハシイチロウ | 19620228 | 1 | 01130012,１２,４５６, "
                          "06130017,７,８９,01 54136015,,0123456, 54136015,,0123457,",
                          "8 1312345678:00021 | 森　太郎/モリタロウ | 19800101 | 1 | 01130012,１２,７８９,05"));
}

std::string Receipt(const std::string& id, const std::string& rest) {
  return "RE,1,1112,202610,x,1,19800101,,,,,,," + id + "\n" + rest;
}

TEST(Uke, CoveragesOfAReceipt) {
  struct Case {
    const char* what;
    std::string lines;
    std::vector<std::string> coverages;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"a branch without an insurance", "SN,1,01,,,,02,,\n", {}},
      {"an insurer without a number", "HO,  138057,,\n", {"138057,,,"}},
      {"two insurances", "HO,138057,a,1\nHO,133066,b,2\nSN,1,01,,,,02\n", {"133066,b,2,", "138057,a,1,02"}},
      {"two branches", "HO,138057,a,1\nSN,1,01,,,,02\nSN,1,01,,,,03\n", {"138057,a,1,02", "138057,a,1,03"}},
      {"the branch before it is said again",
       "HO,138057,a,1\nSN,1,01,,,,02\nSN,1,01,138057,a,1,02\n",
       {"138057,a,1,02"}},
      {"confirmed alone", "SN,1,01,138057,a,1,02\n", {"138057,a,1,02"}},
      {"a recipient confirmed of the second",
       "KO,12130019,1\nKO,54136015,2\nSN,3,01,,,,,9\n",
       {"12130019,,1,", "54136015,,2,", "54136015,,9,"}},
      {"a recipient of none", "SN,5,01,,,,,9\n", {",,9,"}},
      {"payers that are none", "HO,138057,a,1\nSN,6,01,,,,07,9\nSN,,01,,,,07,9\nSN,11,01,,,,07\n", {"138057,a,1,"}},
      {"the same twice", "HO,138057,a,1\nHO,138057,a,1\n", {"138057,a,1,"}},
      {"SN behind treatment", "HO,138057,a,1\nSI,1\nSN,1,01,,,,02\n", {"138057,a,1,02"}},
  };
  for (const Case& c : cases) {
    const Reading found = Read(Receipt("7", c.lines));
    ASSERT_EQ(found.records.size(), 1) << c.what;
    std::vector<std::string> coverages;
    for (const StatedCoverage& one : found.records[0].record.coverages)
      coverages.push_back(one.insurer + "," + one.symbol + "," + one.number + "," + one.branch);
    EXPECT_EQ(coverages, c.coverages) << c.what;
  }
}

TEST(Uke, LocalNumbersThatAReceiptLacks) {
  struct Case {
    std::string header, receipt, key;
  };
  const Case cases[] = {
      {"IR,1,13,1,2345678,,x,202611,00,\n", "RE,12,1112,202610,x,1,19800101", "202611-1-1112-12"},
      {"IR,1,13,1,2345678,,x,43011,00,\n", "RE,12,1112,43010,x,1,3550101", "43011-1-1112-12"},
      {"IR,2,13,1,2345678,,x,,00,\n", "RE,12,1112,202610,x,1,19800101", "202610-2-1112-12"},
      {"UK,1,13,3,2345678,,x,202611,,00\n", "RE,12,3112,202610,x,1,19800101", "202611-1-3112-12"},
      {"", "RE,12,,202610,x,1,19800101", "202610-12"},
      {"", "RE,,1112,202610,x,1,19800101", ""},
  };
  for (const Case& c : cases) {
    const Reading found = Read(c.header + c.receipt + "\r\n");
    EXPECT_EQ(found.notes.size(), c.key.empty() ? 0 : 1) << c.key;
    EXPECT_EQ(found.refused.size(), c.key.empty() ? 1 : 0) << c.key;
    ASSERT_EQ(found.records.size(), c.key.empty() ? 0 : 1) << c.key;
    for (const FeedRecord& one : found.records) EXPECT_EQ(one.record.key.record_id, c.key);
  }
}

TEST(Uke, SourcesAreWhatIsToldElseTheInstitutionElseTheFile) {
  struct Case {
    std::string header, told, path, source;
  };
  const Case cases[] = {
      {"IR,1,13,1,2345678,,x,202611\n", "", "a/RECEIPTC.UKE", "1312345678"},
      {"IR,1,13,1,2345678,,x,202611\n", "H01", "a/RECEIPTC.UKE", "H01"},
      {"", "", "a/RECEIPTC.UKE", "RECEIPTC"},
      {"", "", "", "feed"},
      {"IR,1,,1,2345678,,x,202611\n", "", "", "2345678"},
      {"IR,1,13,1,,,x,202611\n", "", "a/b.uke", "b"},
      {"YK,1,13,,2345678,x,202611\n", "", "", "1342345678"},
      {"HM,1,13,,2345678,x,202611\n", "", "", "1362345678"},
      {"UK,1,13,3,2345678,,x,202611\n", "", "", "1332345678"},
      {"IR,1,13,1,1312345678,,x,202611\n", "", "", "1312345678"},
  };
  for (const Case& c : cases) {
    FeedOptions options;
    options.source = c.told;
    options.path = c.path;
    const Reading found = Read(c.header + "RE,1,1112,202610,x,1,19800101,,,,,,,,,7,,,,,,,,,,,,,,,,,,,,7\n", options);
    ASSERT_EQ(found.records.size(), 1);
    EXPECT_EQ(found.records[0].record.key.source, c.source) << c.header;
  }
}

TEST(Uke, WhatIsWrongIsRefusedOrNoted) {
  struct Case {
    const char* what;
    std::string bytes;
    size_t taken, refused, noted;
    bool ok;
  };
  const std::string good = Receipt("7", "HO,138057,a,1\n");
  const Case cases[] = {
      {"nothing", "", 0, 0, 0, false},
      {"another format", "record_id,name\n1,x\n", 0, 0, 0, false},
      {"binary", std::string("\0\1\2\xff\xfe\r\n\0", 8), 0, 0, 0, false},
      {"no receipt", "IR,1,13,1,2345678,,x,202611\nGO,0,0,99\n", 0, 0, 0, true},
      {"a short RE, whose insurance is nobody's", good + "RE,1,1112,202610,x\nHO,133066,b,2\n", 1, 1, 0, true},
      {"an RE that is only its id", "RE\n" + good, 1, 1, 0, true},
      {"insurances before the first receipt", "IR,1,13,1,2345678,,x,202611\nHO,1,2,3\nKO,1,2\n" + good, 1, 0, 1, true},
      {"an insurance behind treatment", good + "SI,11,1\nHO,133066,b,2\nKO,12130019,9\n", 1, 1, 0, true},
      {"ends of files within", good + "GO,1,1,99\r\n\x1a" + "IR,1,13,1,2345678,,x,202611\n" + good + "\x1a", 2, 0, 0,
       true},
      {"quotes",
       "\"RE\",\"1\",\"1112\",\"202610\",\"x\",\"1\",\"19800101\",,,,,,,\"7\"\n\"HO\",\"138057\",\"a\",\"1\"\n", 1, 0,
       0, true},
  };
  for (const Case& c : cases) {
    const Reading found = Read(c.bytes);
    EXPECT_EQ(found.records.size(), c.taken) << c.what;
    EXPECT_EQ(found.refused.size(), c.refused) << c.what;
    EXPECT_EQ(found.notes.size(), c.noted) << c.what;
    EXPECT_EQ(found.status.ok(), c.ok) << c.what;
    for (const FeedRecord& one : found.records)
      for (const StatedCoverage& coverage : one.record.coverages) EXPECT_EQ(coverage.insurer, "138057") << c.what;
  }
}

TEST(Uke, LimitsHold) {
  FeedOptions options;
  options.max_line_bytes = 100;
  // A line that is too long may be the RE of somebody else: what follows is not the one before's.
  const Reading found =
      Read(Receipt("7", "HO,138057,a,1\n") + "RE," + std::string(200, 'x') + "\nHO,133066,b,2\n" + Receipt("8", ""),
           options);
  EXPECT_THAT(Shown(found),
              ElementsAre("1 feed:7 | x/ | 19800101 | 1 | 138057,a,1,", "5 feed:8 | x/ | 19800101 | 1 |"));
  EXPECT_THAT(Shown(found.refused), ElementsAre("3 : the line is longer than a line may be"));

  std::string many;
  for (int i = 0; i < 100000; ++i) many += "KO,54136015," + std::to_string(i) + "\n";
  const Reading full = Read(Receipt("7", many));
  ASSERT_EQ(full.records.size(), 1);
  EXPECT_EQ(full.records[0].record.coverages.size(), 64);
  EXPECT_EQ(full.notes.size(), 1);
}

TEST(Uke, EncodingsInWhichACommaIsNoCommaAreRefused) {
  FeedOptions options;
  options.encoding = "ISO-2022-JP";
  EXPECT_EQ(Read(Golden("uke/medical.uke"), options).status.code(), absl::StatusCode::kInvalidArgument);
  options.encoding = "UTF-8";
  const Reading wrong = Read(Golden("uke/medical.uke"), options);
  EXPECT_TRUE(wrong.status.ok());
  EXPECT_GT(wrong.malformed, 0);
}

TEST(Uke, PiecesAndCharsetsChangeNothing) {
  for (const char* name : {"medical.uke", "eras.uke", "dental.uke", "pharmacy.uke", "nursing.uke", "returned.uke"}) {
    const std::string bytes = Golden(std::string("uke/") + name);
    const Reading whole = Read(bytes);
    for (const size_t piece : {1, 7, 4096}) EXPECT_TRUE(SameFound(Read(bytes, {}, piece), whole)) << name;
    for (const char* before : {"", "\xEF\xBB\xBF"}) {
      const Reading utf8 = Read(before + DecodeText(bytes, Charset::kCp932).utf8);
      EXPECT_EQ(utf8.encoding, "UTF-8");
      EXPECT_EQ(Shown(utf8), Shown(whole)) << name;
    }
  }
}

TEST(UkeWriter, WhatIsWrittenIsReadBack) {
  for (const char* institution : {"1312345670", "1332345670", "1342345670", "1362345670"})
    for (const char* encoding : {"", "UTF-8"}) {
      std::mt19937 random(7);
      std::vector<FeedFile> files;
      FeedWriterOptions options;
      options.institution = institution;
      options.day = {2026, 11, 30};
      options.encoding = encoding;
      options.take = [&](FeedFile&& file) {
        files.push_back(std::move(file));
        return absl::OkStatus();
      };
      const std::unique_ptr<FeedWriter> writer = NewUkeWriter(options);
      std::map<RecordKey, Record> carried;
      for (size_t i = 0; i < 500; ++i) {
        const Record record = RandomRecord(&random, i);
        ASSERT_TRUE(writer->Add(record).ok());
        const Record one = UkeAsCarried(record);
        EXPECT_EQ(UkeAsCarried(one), one);
        carried[one.key] = one;
      }
      ASSERT_TRUE(writer->End().ok());
      ASSERT_EQ(files.size(), 1);
      EXPECT_EQ(files[0].path, std::string(institution) + "/20261130/RECEIPTC.UKE");
      FeedOptions read;
      read.source = "H1";
      for (const size_t piece : {0, 7}) {
        const Reading found = Read(files[0].bytes, read, piece);
        EXPECT_TRUE(found.status.ok());
        EXPECT_EQ(found.malformed, 0);
        EXPECT_THAT(found.refused, IsEmpty());
        EXPECT_EQ(found.ByKey(), carried) << institution << encoding;
      }
      EXPECT_EQ(Read(files[0].bytes).records[0].record.key.source, institution);
    }
}

TEST(UkeWriter, RefusesWhatNoClaimsFileCanBe) {
  struct Case {
    const char *institution, *encoding, *id;
  };
  const Case cases[] = {{"123", "", "1"},
                        {"13123456x0", "", "1"},
                        {"1312345670", "EUC-JP", "1"},
                        {"1312345670", "what", "1"},
                        {"1312345670", "", " "}};
  for (const Case& c : cases) {
    FeedWriterOptions options;
    options.institution = c.institution;
    options.encoding = c.encoding;
    Record record;
    record.key.record_id = c.id;
    EXPECT_EQ(NewUkeWriter(options)->Add(record).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(NewUkeWriter({})->End().ok());  // and gives nothing
}

TEST(Uke, MutatedFilesAreReadOrRefused) {
  ExpectDamagedFilesRead(
      NewUkeParser,
      {Golden("uke/medical.uke"), Golden("uke/dental.uke"), Golden("uke/nursing.uke"), Golden("uke/returned.uke")}, 500);
}

}  // namespace
}  // namespace libmpi
