// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exchange/feed_reading.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/fhir.h"
#include "libmpi/exchange/feeds/fhir_writer.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kGolden[] = {"fhir/patient.json", "fhir/bundle.json", "fhir/bulk.ndjson", "fhir/deletions.json"};

Reading Read(std::string_view bytes, const FeedOptions& options = {}) {
  return ReadFeed(NewFhirParser, bytes, options);
}

std::string PatientWith(std::string_view members) {
  return R"({"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2.3","value":"7"}])" + std::string(members) +
         "}";
}

// An identifier of insurance.
std::string MemberId(std::string_view value) {
  return R"({"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID","value":")" + std::string(value) +
         R"("})";
}
std::string PatientOfMember(std::string_view value) {
  return R"({"resourceType":"Patient","identifier":[{"value":"7"},)" + MemberId(value) + "]}";
}

Record OnlyRecord(const Reading& reading) {
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u) << reading.Remarks();
  return reading.records.empty() ? Record() : reading.records[0].record;
}

TEST(FhirTest, FilesAreDetected) {
  for (const char* name : kGolden) EXPECT_EQ(DetectFeedFormat(name, Golden(name)), FeedFormat::kFhir) << name;
}

TEST(FhirTest, APatientAsJpCoreHasIt) {
  const Reading reading = Read(Golden("fhir/patient.json"));
  const Record record = OnlyRecord(reading);
  EXPECT_EQ(record.key, (RecordKey{"1311234567", "00000010"}));
  EXPECT_THAT(record.names, ElementsAre(StatedName{"", "河合", "千尋", "", "カワイ", "チヒロ", "KAWAI, CHIHIRO"}));
  EXPECT_THAT(record.former_names, ElementsAre("石田"));
  EXPECT_THAT(record.births, ElementsAre("1970-01-01"));
  EXPECT_THAT(record.sexes, ElementsAre("female"));
  EXPECT_THAT(record.phones, ElementsAre("03-0000-1234", "090-0000-5678"));
  EXPECT_THAT(record.addresses, ElementsAre(StatedAddress{"100-0000", "東京都", "架空区", "見本町1-2-3 例示荘101", ""},
                                            StatedAddress{"530", "", "", "", "大阪府仮市試町４－５"}));
  EXPECT_EQ(reading.Remarks(), "");
  EXPECT_EQ(reading.records[0].line, 1u);
  EXPECT_FALSE(reading.records[0].withdrawn);
  EXPECT_EQ(reading.encoding, "UTF-8");
}

TEST(FhirTest, ABundleTellsWhoseItsCoveragesAre) {
  const Reading reading = Read(Golden("fhir/bundle.json"));
  const Record record = OnlyRecord(reading);
  EXPECT_EQ(record.key, (RecordKey{"1399912340", "000888001"}));
  EXPECT_THAT(record.names, ElementsAre(StatedName{"野原見本", "", "", "ノハラミホン", "", "", ""}));
  EXPECT_THAT(record.births, ElementsAre("1931-05"));
  // The identifier's, the Coverage's with its payor's number, and the public payer's.
  EXPECT_THAT(record.coverages, ElementsAre(StatedCoverage{"00012345", "あいう", "１８７", "05"},
                                            StatedCoverage{"12345", "あいう", "１８７", "05"},
                                            StatedCoverage{"51136018", "", "1234566", ""}));
  EXPECT_EQ(reading.Remarks(), "");
  EXPECT_EQ(reading.records[0].line, 3u);  // the third entry
}

TEST(FhirTest, ABulkFileIsReadLineByLine) {
  const Reading reading = Read(Golden("fhir/bulk.ndjson"));
  ASSERT_TRUE(reading.status.ok());
  ASSERT_EQ(reading.records.size(), 6u) << reading.Remarks();
  const auto& r = reading.records;
  EXPECT_EQ(r[0].record.key, (RecordKey{"1311234567", "78"}));  // not the old one
  EXPECT_EQ(r[1].record.key, r[0].record.key);
  EXPECT_EQ(r[1].line, 2u);
  EXPECT_THAT(r[1].record.coverages, ElementsAre(StatedCoverage{"00012345", "１２－３４", "５６７８", "00"}));
  EXPECT_THAT(r[1].record.names, IsEmpty());
  EXPECT_EQ(r[2].record.key, (RecordKey{"1.2.3.4.5", "R-9"}));
  EXPECT_TRUE(r[2].withdrawn);  // not active
  EXPECT_EQ(r[3].record.key, (RecordKey{"feed", "c3"}));
  EXPECT_TRUE(r[3].withdrawn);  // replaced
  EXPECT_EQ(r[4].record.key, (RecordKey{"1311234567", "80"}));
  EXPECT_THAT(r[4].record.care, ElementsAre(StatedCareInsurance{"131011", "0000123456"}));
  // Its patient came a line later.
  EXPECT_EQ(r[5].record.key, (RecordKey{"1.2.3.4.5", "R-9"}));
  EXPECT_EQ(r[5].line, 3u);
  EXPECT_THAT(r[5].record.coverages, ElementsAre(StatedCoverage{"", "記", "番", "01"}));
  EXPECT_EQ(reading.Remarks(),
            "note 4 record_id: the patient is not active: it is withdrawn\n"
            "note 5 record_id: the patient has no identifier: the resource's id stands for it\n"
            "note 5 record_id: another patient replaces this one: it is withdrawn\n");
}

TEST(FhirTest, ABundleDeletesPatients) {
  FeedOptions options;
  options.source = "H1";
  const Reading reading = Read(Golden("fhir/deletions.json"), options);
  ASSERT_TRUE(reading.status.ok());
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[0].record.key, (RecordKey{"1311234567", "00000010"}));
  EXPECT_EQ(reading.records[1].record.key, (RecordKey{"H1", "example-9"}));
  for (const FeedRecord& record : reading.records) EXPECT_TRUE(record.withdrawn);
  EXPECT_THAT(reading.Remarks(), HasSubstr("note 2 record_id"));
}

TEST(FhirTest, WhichIdentifierIsTheKey) {
  struct Case {
    const char *identifiers, *source;
    RecordKey key;
    const char* remark;
  };
  const Case kCases[] = {
      {R"({"value":"1"},{"system":"urn:oid:1.2.392.100495.20.3.51.11312345670","value":"2"})",
       "",
       {"1312345670", "2"},
       ""},
      // Ten digits without the 1 before them.
      {R"({"system":"urn:oid:1.2.392.100495.20.3.51.0112345670","value":"2"})", "", {"0112345670", "2"}, ""},
      {R"({"system":"urn:oid:1.2.3.4","value":"1"},{"system":"https://a.b/id","value":"2",)"
       R"("type":{"coding":[{"code":"MR"}]}})",
       "",
       {"https://a.b/id", "2"},
       ""},
      {R"({"system":"urn:oid:1.2.3.4","value":"1"},{"system":"https://a.b/id","value":"2"})",
       "https://a.b/id",
       {"https://a.b/id", "2"},
       ""},
      {R"({"value":" 12 "})", "H9", {"H9", "12"}, ""},
      {R"({"value":12345})", "", {"export", "12345"}, ""},
      {R"({"system":"urn:oid:1.2.392.100495.20.3.51.11312345670","value":"2"},)"
       R"({"system":"urn:oid:1.2.392.100495.20.3.51.11312345671","value":"3"})",
       "",
       {"1312345670", "2"},
       "numbers of several institutions"},
      {R"({"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID","value":"00012345:a:1:00"})",
       "",
       {"export", "x1"},
       "has no identifier"},
      {R"({"system":"https://a.b/MyNumber","value":"123456789018"})", "", {"export", "x1"}, "is a My Number"},
      {R"({"use":"official","system":"https://a.b","value":"123456789018"},{"value":"5"})",
       "",
       {"export", "5"},
       "is a My Number"},
      {R"({"type":{"text":"個人番号"},"value":"9"},{"value":"5"})", "", {"export", "5"}, "is a My Number"},
      {R"({"system":"https://a.b","value":"123456789018"})",
       "",
       {"https://a.b", "123456789018"},
       "looks like a My Number"},
  };
  for (const Case& c : kCases) {
    FeedOptions options;
    options.source = c.source;
    options.path = "in/export.json";
    const Reading reading =
        Read(R"({"resourceType":"Patient","id":"x1","identifier":[)" + std::string(c.identifiers) + "]}", options);
    EXPECT_EQ(OnlyRecord(reading).key, c.key) << c.identifiers;
    if (*c.remark == '\0')
      EXPECT_EQ(reading.Remarks(), "") << c.identifiers;
    else
      EXPECT_THAT(reading.Remarks(), HasSubstr(c.remark));
    EXPECT_THAT(reading.Remarks(), Not(HasSubstr("123456789018")));
  }
}

TEST(FhirTest, WhichTextsAreOneName) {
  struct Case {
    const char* names;
    std::vector<StatedName> expected;
    std::vector<std::string> former;
  };
  const std::string kana =
      R"("extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"SYL"}])";
  const Case kCases[] = {
      {R"({"text":"山田 太郎"})", {{"山田 太郎", "", "", "", "", "", ""}}, {}},
      // Kanji and kana of different uses are one name where there is no other.
      {R"({"use":"official","family":"山田","given":["太郎"]},{"text":"ヤマダ タロウ"})",
       {{"", "山田", "太郎", "ヤマダ タロウ", "", "", ""}},
       {}},
      {R"({"family":"山田","given":["太郎"],"text":"山田（旧姓石田）太郎"})",
       {{"山田（旧姓石田）太郎", "山田", "太郎", "", "", "", ""}},
       {}},
      {R"({"family":"GARCIA","given":["MARIA","LUZ"]})", {{"", "GARCIA", "MARIA LUZ", "", "", "", ""}}, {}},
      // Two names, each with its kana behind it, or all kana behind all kanji.
      {R"({"family":"山田","given":["太郎"]},{"family":"金","given":["民秀"]},{"family":"キム","given":["ミンス"]})",
       {{"", "山田", "太郎", "", "", "", ""}, {"", "金", "民秀", "", "キム", "ミンス", ""}},
       {}},
      {R"({"text":"山田"},{"text":"金"},{"text":"ヤマダ"},{"text":"キム"})",
       {{"山田", "", "", "ヤマダ", "", "", ""}, {"金", "", "", "キム", "", "", ""}},
       {}},
      {R"({"use":"old","family":"石田","given":["花"]},{"use":"maiden","text":"本木"},{"text":"山田花"})",
       {{"山田花", "", "", "", "", "", ""}},
       {"本木", "石田 花"}},
      {R"({"use":"anonymous","text":"匿名"},{"use":"nickname","text":"はな"},{"given":[null,3]},{})",
       {{"", "", "3", "", "", "", ""}},
       {}},
      {R"("山田")", {}, {}},
  };
  for (const Case& c : kCases) {
    Record record = OnlyRecord(Read(PatientWith(R"(,"name":[)" + std::string(c.names) + "]")));
    std::vector<StatedName> expected = c.expected;
    std::ranges::sort(expected);
    EXPECT_EQ(record.names, expected) << c.names;
    EXPECT_EQ(record.former_names, c.former) << c.names;
  }
  // What is said to be kana is, whatever its letters.
  EXPECT_EQ(OnlyRecord(Read(PatientWith(R"(,"name":{"text":"YAMADA",)" + kana + "}"))).names[0].full_kana, "YAMADA");
}

// eTwoDis's malformed ones among them.
TEST(FhirTest, MemberIdsAreTakenAsFarAsTheyCanBe) {
  struct Case {
    const char* id;
    StatedCoverage card;
    const char* remark;
  };
  const Case kCases[] = {
      {"00012345:あいう:１８７:05", {"00012345", "あいう", "１８７", "05"}, ""},
      {"39131010::12345678:", {"39131010", "", "12345678", ""}, ""},
      {"50012:あいう:123:05", {"50012", "あいう", "123", "05"}, "insurer: the member's identifier has an insurer"},
      {"00012345::１８７:05", {"00012345", "", "１８７", "05"}, "symbol: the member's identifier has no symbol"},
      {"00012345:あいう::05", {"00012345", "あいう", "", "05"}, "number: the member's identifier has no number"},
      {"00012345:あいう:１８７:1",
       {"00012345", "あいう", "１８７", "1"},
       "branch: the member's identifier has a branch"},
      {"00012345：あいう：１８７：05", {"00012345", "あいう", "１８７", "05"}, ""},
      {"00012345:あいう:１８７", {"00012345", "あいう", "１８７", ""}, "has not four parts"},
      {"00012345:あ:い:う:え", {"00012345", "あ", "い", "う"}, "has not four parts"},
  };
  for (const Case& c : kCases) {
    const Reading reading = Read(PatientOfMember(c.id));
    EXPECT_THAT(OnlyRecord(reading).coverages, ElementsAre(c.card)) << c.id;
    if (*c.remark == '\0')
      EXPECT_EQ(reading.Remarks(), "") << c.id;
    else
      EXPECT_THAT(reading.Remarks(), HasSubstr(c.remark)) << c.id;
  }
  const Reading nothing = Read(PatientOfMember("12345"));
  EXPECT_THAT(OnlyRecord(nothing).coverages, IsEmpty());
  EXPECT_THAT(nothing.Remarks(), HasSubstr("has no parts"));
}

TEST(FhirTest, CoveragesOfPatientsElsewhere) {
  FeedOptions options;
  options.path = "bulk/Coverage.000.ndjson";
  const std::string card = R"("subscriberId":"記:番")";
  std::string lines;
  for (const char* beneficiary :
       {R"({"reference":"Patient/p1"})", R"({"reference":"Patient/p2"})", R"({"reference":"urn:uuid:1"})", R"({})"})
    lines += R"({"resourceType":"Coverage","beneficiary":)" + std::string(beneficiary) + "," + card + "}\n";
  lines += R"({"resourceType":"Coverage","status":"entered-in-error","beneficiary":{"reference":"Patient/p1"},)" +
           card + "}\n";
  lines += R"({"resourceType":"Coverage","beneficiary":{"reference":"Patient/p1"}})";
  const Reading reading = Read(lines, options);
  ASSERT_TRUE(reading.status.ok());
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[0].record.key, (RecordKey{"fhir", "p1"}));
  EXPECT_EQ(reading.records[1].record.key, (RecordKey{"fhir", "p2"}));
  EXPECT_EQ(reading.Remarks(),
            "refused 3 record_id: whose coverage it is is not in the file\n"
            "refused 4 record_id: whose coverage it is is not in the file\n"
            "note 5 number: the coverage was entered in error, and is left out\n"
            "note 6 number: the coverage says neither insurer nor number\n"
            "note 1 record_id: patients of coverages are not in the file: their resources' ids stand for them\n");
}

TEST(FhirTest, ACoverageMayHoldItsPatient) {
  const Record record = OnlyRecord(
      Read(R"({"resourceType":"Coverage","subscriberId":"記:番","dependent":"02","beneficiary":{"reference":"#p"},)"
           R"("contained":[)"
           R"({"resourceType":"Patient","id":"p","identifier":[{"system":"urn:oid:1.2.3","value":"7"}],)"
           R"("name":[{"text":"山田"}]}]})"));
  EXPECT_EQ(record.key, (RecordKey{"1.2.3", "7"}));
  EXPECT_EQ(record.names.size(), 1u);
  EXPECT_THAT(record.coverages, ElementsAre(StatedCoverage{"", "記", "番", "02"}));
}

TEST(FhirTest, DifferentWordsForOneCardAreNoted) {
  const std::string head = R"({"resourceType":"Coverage","beneficiary":{"identifier":{"value":"7"}},"identifier":[)" +
                           MemberId("00012345:12-34:187:05") + "]";
  EXPECT_EQ(Read(head + R"(,"subscriberId":"１２－３４:１８７","dependent":"０５"})").Remarks(), "");
  EXPECT_THAT(Read(head + R"(,"dependent":"06"})").Remarks(),
              HasSubstr("branch: the coverage says two different ones"));
}

TEST(FhirTest, BrokenFiles) {
  struct Case {
    const char* bytes;
    absl::StatusCode status;
    size_t records, refused;
  };
  const absl::StatusCode kOk = absl::StatusCode::kOk, kNone = absl::StatusCode::kInvalidArgument;
  const std::string deep(100000, '[');
  const std::string good = PatientWith("");
  const std::string truncated_first = "{\"resourceType\":\"Patient\",\"id\":\n" + good + "\n" + good;
  const std::string middle = good + "\n{\"resourceType\":\n" + good + "\nnothing\n[1,2]\n";
  const Case kCases[] = {
      {"", kOk, 0, 0},
      {"\n \n", kOk, 0, 0},
      {"{", kNone, 0, 0},
      {"[]", kNone, 0, 0},
      {"{}", kNone, 0, 1},
      {"3", kNone, 0, 0},
      {R"({"resourceType":"Observation"})", kOk, 0, 0},
      {R"({"resourceType":"Patient"})", kOk, 0, 1},
      {R"({"resourceType":"Bundle"})", kOk, 0, 0},
      {R"({"resourceType":"Bundle","entry":[{},3,{"resource":4},{"request":{"method":"DELETE"}}]})", kOk, 0, 0},
      {R"({"resourceType":"Bundle","entry":[{"request":{"method":"DELETE","url":"Patient"}}]})", kOk, 0, 1},
      {R"({"resourceType":"Patient","identifier":[{"value":"\ud800"}]})", kNone, 0, 0},
      {R"({"resourceType":"Patient","identifier":[{"value":"7"}],"name":{"text":"山"},"gender":3,"birthDate":["x"]})",
       kOk, 1, 0},
      {deep.c_str(), kNone, 0, 0},
      {truncated_first.c_str(), kOk, 2, 1},
      {middle.c_str(), kOk, 2, 3},
  };
  for (const Case& c : kCases) {
    const Reading reading = Read(c.bytes);
    EXPECT_EQ(reading.status.code(), c.status) << std::string_view(c.bytes).substr(0, 80);
    EXPECT_EQ(reading.records.size(), c.records) << c.bytes;
    EXPECT_EQ(reading.refused.size(), c.refused) << c.bytes;
  }
}

TEST(FhirTest, LargeDocumentsAreRefused) {
  FeedOptions options;
  options.max_document_bytes = 300;
  const std::string good = PatientWith(""), large = PatientWith(R"(,"x":")" + std::string(400, 'x') + "\"");
  const Reading lines = Read(good + "\n" + large + "\n" + good + "\n", options);
  EXPECT_TRUE(lines.status.ok());
  EXPECT_EQ(lines.records.size(), 2u);
  EXPECT_EQ(lines.Remarks(), "refused 2 : the line is larger than a document may be\n");
  EXPECT_EQ(Read(large + "\n" + good, options).records.size(), 1u);
  const std::string document = "{\n" + large.substr(1, 200) + "\n" + large.substr(201);
  const Reading one = Read(document + document + document, options);
  EXPECT_TRUE(one.status.ok());
  EXPECT_EQ(one.Remarks(), "refused 1 : the document is larger than a document may be\n");
}

TEST(FhirTest, OtherCharsetsAndMarks) {
  FeedOptions options;
  const std::string utf8 = PatientWith(R"(,"name":[{"text":"山田 太郎"},{"text":"ヤマダ タロウ"}])");
  EXPECT_EQ(OnlyRecord(Read("\xEF\xBB\xBF" + utf8)).names[0].full, "山田 太郎");
  const std::string cp932 = EncodeText(utf8, Charset::kCp932).bytes;
  const Reading detected = Read(cp932);
  EXPECT_EQ(OnlyRecord(detected).names[0].full, "山田 太郎");
  EXPECT_EQ(detected.encoding, "CP932");
  options.encoding = "euc-jp";
  EXPECT_EQ(OnlyRecord(Read(EncodeText(utf8, Charset::kEucJp).bytes, options)).names[0].full, "山田 太郎");
  // Characters that charsets disagree on have one form, escaped or not.
  EXPECT_EQ(OnlyRecord(Read(PatientWith(R"(,"name":[{"text":"\uff5e"}])"))).names,
            OnlyRecord(Read(PatientWith(R"(,"name":[{"text":"〜"}])"))).names);
}

TEST(FhirTest, InPiecesAsInOne) {
  FeedOptions small;
  small.max_document_bytes = 700;
  for (const char* name : kGolden)
    for (const FeedOptions& options : {FeedOptions(), small}) ExpectSameInPieces(NewFhirParser, Golden(name), options);
}

Reading WriteAndRead(const std::vector<Record>& records) {
  FeedWriterOptions options;
  std::vector<FeedFile> files;
  options.take = [&](FeedFile&& file) {
    files.push_back(std::move(file));
    return absl::OkStatus();
  };
  const std::unique_ptr<FeedWriter> writer = NewFhirWriter(options);
  for (const Record& record : records) EXPECT_TRUE(writer->Add(record).ok());
  EXPECT_TRUE(writer->End().ok());
  Reading all;
  for (const FeedFile& file : files) {
    FeedOptions reading_options;
    reading_options.path = file.path;
    EXPECT_EQ(DetectFeedFormat(file.path, file.bytes.substr(0, 65536)), FeedFormat::kFhir);
    Reading reading = ReadFeed(NewFhirParser, file.bytes, reading_options);
    EXPECT_TRUE(reading.status.ok());
    EXPECT_THAT(reading.refused, IsEmpty());
    for (FeedRecord& record : reading.records) all.records.push_back(std::move(record));
  }
  return all;
}

TEST(FhirTest, WhatIsWrittenIsReadAsItIsCarried) {
  const std::vector<Record> records = ManyRecords(2000);
  const std::map<RecordKey, Record> read = WriteAndRead(records).ByKey();
  EXPECT_EQ(read.size(), records.size());
  for (const Record& record : records) {
    const Record expected = FhirAsCarried(record);
    const auto found = read.find(expected.key);
    ASSERT_NE(found, read.end()) << expected.key.record_id;
    ASSERT_EQ(found->second, expected) << expected.key.record_id;
  }
}

TEST(FhirTest, WhatIsCarried) {
  Record record;
  record.key = {"1312345670", "7", 2};
  record.names = {{"", "山田", "花", "ヤマダ　ハナ", "", "", "YAMADA HANA"}};
  record.births = {"昭和45年1月2日"};
  record.sexes = {"女"};
  record.coverages = {{"138057", "", "１２３", "1"}};
  record.care = {{"131011", "0000123456"}};
  Record expected = record;
  expected.key.part = 0;
  expected.births = {"1970-01-02"};
  expected.sexes = {"female"};
  expected.coverages = {{"00138057", "", "１２３", "01"}};
  EXPECT_EQ(FhirAsCarried(record), expected);
}

// As many at once as there are files.
TEST(FhirTest, SideBySide) {
  std::vector<std::string> files;
  for (const char* name : kGolden) files.push_back(Golden(name));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&files] {
      for (int i = 0; i < 50; ++i)
        for (const std::string& bytes : files) EXPECT_FALSE(Read(bytes).records.empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Damaged files are read or refused, each at once; no word of theirs is in a remark.
TEST(FhirTest, DamagedFiles) {
  std::mt19937 random(20261130);
  FeedOptions options;
  options.max_document_bytes = size_t{1} << 16;
  std::vector<std::string> seeds;
  for (const char* name : kGolden) seeds.push_back(Golden(name));
  const std::clock_t begin = std::clock();
  for (int i = 0; i < 6000; ++i) {
    const std::string bytes = Mutated(seeds[random() % seeds.size()], &random);
    const Reading reading = ReadFeed(NewFhirParser, bytes, options, i % 3 == 0 ? 7 : SIZE_MAX);
    EXPECT_THAT(reading.Remarks() + std::string(reading.status.message()), Not(HasSubstr("河合")));
    EXPECT_LT(reading.records.size() + reading.refused.size(), 100u);
  }
  const double took = SecondsSince(begin);
  EXPECT_LT(took, 60.0);
}

// What would be quadratic, or deep, or much of one thing.
TEST(FhirTest, HostileFilesTakeTimeInProportion) {
  const auto repeat = [](std::string_view text, size_t times) {
    std::string out;
    for (size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string names = PatientWith(R"(,"name":[)" + repeat(R"({"use":"x","text":"a"},)", 100000) + "{}]");
  const std::string ids = R"({"resourceType":"Patient","identifier":[)" +
                          repeat(R"({"system":"urn:oid:1.2.392.100495.20.3.51.11312345670","value":"1"},)", 100000) +
                          "{}]}";
  const std::string contained = R"({"resourceType":"Coverage","beneficiary":{"reference":"#p"},"payor":[)" +
                                repeat(R"({"reference":"#o"},)", 50000) + R"({}],"contained":[)" +
                                repeat(R"({"resourceType":"Organization","id":"q"},)", 50000) + "{}]}";
  const std::string bundles =
      repeat(R"({"resourceType":"Bundle","entry":[{"resource":)", 300) + "{}" + repeat("}]}", 300);
  std::string coverages;
  for (size_t i = 0; i < 50000; ++i)
    coverages += R"({"resourceType":"Coverage","subscriberId":"1","beneficiary":{"reference":"Patient/)" +
                 std::to_string(i) + "\"}}\n";
  for (const std::string& bytes : {names, ids, contained, bundles, coverages}) {
    const std::clock_t begin = std::clock();
    Read(bytes);
    const double took = SecondsSince(begin);
    EXPECT_LT(took, 10.0) << bytes.substr(0, 60);
  }
}

// A bulk file of any length takes the memory of its longest line, and of who is who up to a bound.
TEST(FhirTest, MemoryIsFlat) {
  FeedOptions options;
  options.max_document_bytes = size_t{1} << 20;
  struct Count final : FeedSink {
    void Take(FeedRecord&&) override { ++records; }
    void Refuse(FeedRemark&&) override {}
    void Note(FeedRemark&&) override {}
    size_t records = 0;
  } count;
  const std::unique_ptr<FeedParser> parser = NewFhirParser(options, &count);
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  std::string piece;
  long before = 0;
  for (size_t i = 0; i < 200000; ++i) {
    piece += R"({"resourceType":"Patient","id":"p)" + std::to_string(i) +
             R"(","identifier":[{"system":"urn:oid:1.2.3","value":")" + std::to_string(i) +
             "\"}],\"name\":[{\"text\":\"山田 太郎\"}]}\n";
    if (i % 1000 != 999) continue;
    ASSERT_TRUE(parser->Take(piece).ok());
    piece.clear();
    if (i == 49999) before = peak();
  }
  ASSERT_TRUE(parser->End().ok());
  EXPECT_EQ(count.records, 200000u);
  EXPECT_LT(peak() - before, 4096);
}

}  // namespace
}  // namespace libmpi
