// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips.h"

#include <chrono>

#include "exchange/comma_feed_reading.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/nsips_columns.h"
#include "libmpi/exchange/feeds/nsips_writer.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Reading Read(std::string_view bytes, const FeedOptions& options = {}, size_t piece = 0) {
  return ReadFeed(NewNsipsParser, bytes, options, piece);
}
Reading ReadGolden(const std::string& name) { return Read(Golden("nsips/" + name)); }

TEST(Nsips, PatientsAmongOtherRecords) {
  const Reading found = ReadGolden("standard.txt");
  EXPECT_TRUE(found.status.ok()) << found.status;
  EXPECT_EQ(found.encoding, "CP932");
  EXPECT_THAT(
      Shown(found),
      ElementsAre(
          "3 1344567890:00123 | 田中　次郎/ﾀﾅｶ ｼﾞﾛｳ | 19710203 | 1 | 01130012,１２３,４５６７, 54136015,,0123456, | "
          "2310002,神奈川県横浜市中区本町１－２－３ | 045-111-2222 045-333-4444",
          "9 1344567890:00124 | 加藤　さくら/ｶﾄｳ ｻｸﾗ | 20150607 | 2 | 138057,,００８９,",
          "10 1344567890:00125 | 今　よね/コン ヨネ | 3101112 | 2 | 39131008,,12345678,"));
  EXPECT_THAT(found.refused, IsEmpty());
  EXPECT_THAT(found.notes, IsEmpty());
}

TEST(Nsips, ColumnsThatAVendorShifted) {
  const Reading found = ReadGolden("shifted.txt");
  EXPECT_THAT(
      Shown(found),
      ElementsAre("2 2740123456:A0007 | 中村　結衣/ナカムラ ユイ | 19990910 | 2 | 06130017,１,２３, 80130016,,7654321, "
                  "| 5300001,大阪府大阪市北区梅田１ | 06-1111-2222",
                  // nothing here says where it stands: as the one before
                  "3 2740123456:A0008 | 匿名/ | 19880808 | 1 | 99999999,５,６,"));
  EXPECT_THAT(found.notes, SizeIs(1));
}

TEST(Nsips, FilesWithoutAHeader) {
  FeedOptions options;
  options.path = "in/P001.txt";
  const Reading found = Read(Golden("nsips/bare.txt"), options);
  EXPECT_EQ(found.encoding, "UTF-8");
  EXPECT_THAT(Shown(found), ElementsAre("2 P001:42 | 三浦　亜紀/ミウラ アキ | 19660101 | 2 | 01130012,９,８,"));
  // The last one has a name where the number should be.
  EXPECT_THAT(Shown(found.refused), ElementsAre("4 record_id: the patient has no number"));
}

// A patient as VER010501 has one, with columns put in or left out.
std::vector<std::string> Patient() {
  std::vector<std::string> fields(48);
  fields[0] = "1";
  fields[1] = "00123";
  fields[2] = "タナカ ジロウ";
  fields[3] = "田中　次郎";
  fields[4] = "1";
  fields[5] = "19710203";
  fields[6] = "2310002";
  fields[7] = "横浜市";
  fields[14] = "01130012";
  fields[15] = "20200401";
  fields[16] = "12";
  fields[17] = "4567";
  fields[18] = "1";
  fields[25] = "54136015";
  fields[26] = "0123456";
  return fields;
}
struct Edit {
  size_t column;
  std::optional<std::string> inserted;  // none: the column is left out
};
std::string LineOf(std::vector<std::string> fields, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    const auto at = fields.begin() + static_cast<ptrdiff_t>(edit.column);
    if (edit.inserted) fields.insert(at, *edit.inserted);
    else fields.erase(at);
  }
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + field;
  return line;
}

// Edits count columns in the order in which they are made, so those further right stand first.
TEST(Nsips, EveryShiftOfEveryGroupGivesTheSamePatient) {
  struct Case {
    const char* what;
    std::vector<Edit> edits;
  };
  const std::optional<std::string> out;
  const Case cases[] = {
      {"as it should be", {}},
      {"a column before the number", {{1, "4567890"}}},
      {"an empty column before the number", {{1, ""}}},
      {"two columns before the number", {{1, ""}, {1, "4567890"}}},
      {"a column behind the number", {{2, "01"}}},
      {"an empty column behind the number", {{2, ""}}},
      {"a column behind the name", {{4, "TANAKA JIRO"}}},
      {"two columns behind the name", {{4, "旧姓"}, {4, "TANAKA"}}},
      {"a column before the address", {{6, "54"}}},
      {"a column before the insurance", {{12, "x"}}},
      {"two columns before the insurance", {{12, "x"}, {12, ""}}},
      {"a column less before the insurance", {{12, out}}},
      {"two columns less before the insurance", {{11, out}, {11, out}}},
      {"a column between insurance and public expenses", {{20, "x"}}},
      {"a column less between insurance and public expenses", {{22, out}}},
      {"everywhere one more", {{22, ""}, {12, "x"}, {1, ""}}},
      {"one more, one less", {{22, out}, {12, "x"}}},
      {"one more before the number, one less before the insurance", {{12, out}, {1, ""}}},
      {"three more before public expenses, in steps", {{22, ""}, {12, "x"}, {4, ""}}},
  };
  const Record expected = Read("VER010501,,,,14,4,4567890\n" + LineOf(Patient(), {})).records.at(0).record;
  for (const Case& c : cases) {
    const Reading found = Read("VER010501,,,,14,4,4567890\n" + LineOf(Patient(), c.edits));
    ASSERT_EQ(found.records.size(), 1) << c.what;
    const Record& record = found.records[0].record;
    EXPECT_EQ(record.key, expected.key) << c.what;
    EXPECT_EQ(record, expected) << c.what << ": " << Shown(found.records[0]);
    EXPECT_EQ(found.notes.size(), c.edits.empty() ? 0 : 1) << c.what;
  }
}

TEST(Nsips, WhatIsMissingShiftsNothing) {
  struct Case {
    const char* what;
    std::vector<std::pair<size_t, std::string>> changes;
    std::string shown;
  };
  const std::string all =
      "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | "
      "2310002,横浜市";
  const Case cases[] = {
      {"nothing", {}, all},
      {"no kana",
       {{2, ""}},
       "2 4567890:00123 | 田中　次郎/ | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | 2310002,横浜市"},
      {"no name",
       {{3, ""}},
       "2 4567890:00123 | /タナカ ジロウ | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | 2310002,横浜市"},
      {"a name in kana, no kana",
       {{2, ""}, {3, "タナカ"}},
       "2 4567890:00123 | タナカ/ | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | 2310002,横浜市"},
      {"kana and name changed places", {{2, "田中　次郎"}, {3, "タナカ ジロウ"}}, all},
      {"a foreigner",
       {{2, "SMITH ANNA"}, {3, "SMITH ANNA"}},
       "2 4567890:00123 | SMITH ANNA/SMITH ANNA | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | "
       "2310002,横浜市"},
      {"no sex",
       {{4, ""}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | | 01130012,12,4567, 54136015,,0123456, | "
       "2310002,横浜市"},
      {"no birth; the postal code could be a day of 大正",
       {{5, ""}, {6, "2520206"}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | | 1 | 01130012,12,4567, 54136015,,0123456, | 2520206,横浜市"},
      {"neither sex nor birth",
       {{4, ""}, {5, ""}, {6, "2520206"}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | | | 01130012,12,4567, 54136015,,0123456, | 2520206,横浜市"},
      {"no insurer; the symbol could be one",
       {{14, ""}, {15, ""}, {16, "06130017"}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | 1 | ,06130017,4567, 54136015,,0123456, | "
       "2310002,横浜市"},
      {"no insurer; the day could be one",
       {{14, ""}, {15, "19780400"}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | 1 | ,12,4567, 54136015,,0123456, | 2310002,横浜市"},
      {"a wrong check digit",
       {{14, "01130013"}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | 1 | 01130013,12,4567, 54136015,,0123456, | "
       "2310002,横浜市"},
      {"no public expense",
       {{25, ""}, {26, ""}},
       "2 4567890:00123 | 田中　次郎/タナカ ジロウ | 19710203 | 1 | 01130012,12,4567, | 2310002,横浜市"},
      {"a number in letters",
       {{1, "abc"}},
       "2 4567890:abc | 田中　次郎/タナカ ジロウ | 19710203 | 1 | 01130012,12,4567, 54136015,,0123456, | "
       "2310002,横浜市"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> fields = Patient();
    for (const auto& [column, value] : c.changes) fields[column] = value;
    const Reading found = Read("VER010501,,,,,,4567890\n" + LineOf(fields, {}));
    EXPECT_THAT(Shown(found), ElementsAre(c.shown)) << c.what;
  }
}

TEST(Nsips, WhatIsWrongIsRefused) {
  struct Case {
    const char* what;
    std::string bytes;
    size_t taken, refused;
    bool ok;
  };
  const std::string good = LineOf(Patient(), {}) + "\n";
  const Case cases[] = {
      {"nothing", "", 0, 0, false},
      {"another format", "record_id,name\n7,x\n", 0, 0, false},
      {"a header alone", "VER010501,x\n", 0, 0, true},
      {"a short patient", "VER010501\n1,2,3,4\n" + good, 1, 1, true},
      {"no number", "VER010501\n1,,ア,亜,1,19800101\n", 0, 1, true},
      {"the number left out", "VER010501\n1,ア,亜,1,19800101,,,,,\n", 0, 1, true},
      {"a number of the pharmacy alone", "VER010501,,,,14,4,4567890\n1,4567890,ア,亜,1,19800101\n", 0, 1, true},
      {"a header in quotes",
       "\"VER010501\",\"\",\"\",\"\",\"14\",\"4\",\"4567890\"\n\"1\",\"00123\",\"ア\",\"亜\",\"1\",\"19800101\"\n", 1,
       0, true},
      {"two pharmacies", "VER010501,,,,14,4,4567890\n" + good + "VER010501,,,,14,4,4567891\n" + good, 2, 0, true},
  };
  for (const Case& c : cases) {
    const Reading found = Read(c.bytes);
    EXPECT_EQ(found.records.size(), c.taken) << c.what;
    EXPECT_EQ(found.refused.size(), c.refused) << c.what;
    EXPECT_EQ(found.status.ok(), c.ok) << c.what;
  }
  FeedOptions options;
  options.encoding = "jis";
  EXPECT_EQ(Read(good, options).status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(Nsips, PiecesAndCharsetsChangeNothing) {
  for (const char* name : {"standard.txt", "shifted.txt", "bare.txt"}) {
    const std::string bytes = Golden(std::string("nsips/") + name);
    const Reading whole = Read(bytes);
    for (const size_t piece : {1, 7, 4096}) EXPECT_TRUE(SameFound(Read(bytes, {}, piece), whole)) << name;
    const bool is_utf8 = whole.encoding == "UTF-8";
    const Reading other = Read(is_utf8 ? EncodeText(bytes, Charset::kCp932).bytes
                                         : "\xEF\xBB\xBF" + DecodeText(bytes, Charset::kCp932).utf8);
    EXPECT_EQ(other.encoding, is_utf8 ? "CP932" : "UTF-8");
    EXPECT_EQ(Shown(other), Shown(whole)) << name;
  }
}

TEST(NsipsWriter, WhatIsWrittenIsReadBack) {
  for (const char* encoding : {"", "UTF-8"}) {
    std::mt19937 random(7);
    std::vector<FeedFile> files;
    FeedWriterOptions options;
    options.institution = "1442345670";
    options.day = {2026, 11, 30};
    options.encoding = encoding;
    options.take = [&](FeedFile&& file) {
      files.push_back(std::move(file));
      return absl::OkStatus();
    };
    const std::unique_ptr<FeedWriter> writer = NewNsipsWriter(options);
    std::map<RecordKey, Record> carried;
    for (size_t i = 0; i < 1000; ++i) {
      const Record record = RandomRecord(&random, i);
      ASSERT_TRUE(writer->Add(record).ok());
      const Record one = NsipsAsCarried(record);
      EXPECT_EQ(NsipsAsCarried(one), one);
      carried[one.key] = one;
    }
    ASSERT_TRUE(writer->End().ok());
    ASSERT_EQ(files.size(), 1);
    EXPECT_EQ(files[0].path, "1442345670/20261130.txt");
    FeedOptions read;
    read.source = "H1";
    const Reading found = Read(files[0].bytes, read);
    EXPECT_TRUE(found.status.ok());
    EXPECT_THAT(found.refused, IsEmpty());
    const auto by_key = found.ByKey();
    ASSERT_EQ(by_key.size(), carried.size());
    for (const auto& [key, record] : carried)
      EXPECT_EQ(by_key.at(key), record) << Shown(FeedRecord{record, 0, false}) << "\n"
                                        << Shown(FeedRecord{by_key.at(key), 0, false});
    EXPECT_EQ(Read(files[0].bytes).records[0].record.key.source, "1442345670");
  }
}

TEST(Nsips, MutatedFilesAreReadOrRefused) {
  ExpectDamagedFilesRead(
      NewNsipsParser, {Golden("nsips/standard.txt"), Golden("nsips/shifted.txt"), Golden("nsips/bare.txt")}, 600);
}

}  // namespace
}  // namespace libmpi
