// SPDX-License-Identifier: Apache-2.0
// The column maps of data/mappings, each on a list of its kind, in both charsets.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/feed_writer.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Record Resident(std::string id, std::vector<StatedName> names, std::string birth, StatedAddress address) {
  Record r;
  r.key = {"resident-list", std::move(id)};
  r.names = std::move(names);
  r.births = {std::move(birth)};
  r.sexes = {"女"};
  r.addresses = {std::move(address)};
  return r;
}

// By source and id, as PatientFiles gives them.
std::vector<Record> Expected(std::string_view name) {
  std::vector<Record> records;
  if (name == "resident-list") {
    Record r =
        Resident("0000012345", {StatedName{.full = "髙橋　和子", .full_kana = "タカハシ　カズコ"}}, "昭和15年3月9日",
                 StatedAddress{.postal_code = "105-0014", .full = "東京都港区芝１丁目２番３号"});
    r.former_names = {"石川"};
    r.addresses.push_back({.full = "神奈川県横浜市中区本町１－１"});
    records.push_back(r);
    records.push_back(Resident("0000012346",
                               {StatedName{.full = "李　英姫", .full_kana = "イ　ヨンヒ", .latin = "LEE YOUNGHEE"},
                                StatedName{.full = "木村　英子"}, StatedName{.full_kana = "キムラ　エイコ"}},
                               "1972年11月30日", StatedAddress{.full = "東京都港区海岸３丁目４番５号"}));
  } else if (name == "care-insurance") {
    Record r;
    r.key = {"1371234567", "K-001"};
    r.names = {StatedName{.full = "清水　トメ", .full_kana = "ｼﾐｽﾞ ﾄﾒ"}};
    r.births = {"S5.12.1"};
    r.sexes = {"2"};
    r.coverages = {{"39131008", "", "12345678", ""}};
    r.care = {{"131016", "0001234567"}};
    r.addresses = {StatedAddress{.postal_code = "1000001", .full = "東京都千代田区千代田１－１"}};
    r.phones = {"03-1111-2222"};
    records.push_back(r);
    r = {};
    r.key = {"1371234567", "K-002"};
    r.names = {StatedName{.full = "西村　勇", .full_kana = "ﾆｼﾑﾗ ｲｻﾑ"}};
    r.births = {"S12.8.15"};
    r.sexes = {"1"};
    r.coverages = {{"01130012", "１２", "３４５", "02"}};
    r.care = {{"131016", "0001234568"}};
    r.phones = {"080-3333-4444"};
    records.push_back(r);
  } else if (name == "lab-center") {
    Record r;
    r.key = {"1312345678", "00015"};
    r.names = {StatedName{.full = "高橋　一郎", .full_kana = "ﾀｶﾊｼ ｲﾁﾛｳ"}};
    r.births = {"19620228"};
    r.sexes = {"M"};
    records.push_back(r);
    r.key = {"1312345678", "00016"};
    r.names = {StatedName{.full_kana = "ｱｵｷ ﾊﾙ"}};
    r.births = {"20200401"};
    r.sexes = {"F"};
    records.push_back(r);
  } else if (name == "prescription") {
    Record r;
    r.key = {"1444567890", "00123"};
    r.names = {StatedName{.full = "田中　次郎", .full_kana = "タナカ　ジロウ"}};
    r.births = {"1971/2/3"};
    r.sexes = {"1"};
    r.coverages = {{"06130017", "１", "２３", "01"}};
    r.addresses = {StatedAddress{.postal_code = "231-0002", .full = "横浜市中区本町１－２－３, 本町ビル"}};
    r.phones = {"045-111-2222"};
    records.push_back(r);
    r = {};
    r.key = {"1444567890", "00200"};
    r.names = {StatedName{.full = "加藤　さくら", .full_kana = "カトウ　サクラ"}};
    r.births = {"2015/6/7"};
    r.sexes = {"2"};
    r.coverages = {{"138057", "", "８９", ""}};
    records.push_back(r);
  }
  for (Record& r : records) r.Normalize();
  return records;
}

// A record's fields as text, to see where two differ.
std::string Shown(const Record& r) {
  std::string text = r.key.ToString() + "\n";
  for (const StatedName& n : r.names)
    text += "name " + n.full + "|" + n.family + "|" + n.given + "|" + n.full_kana + "|" + n.family_kana + "|" +
            n.given_kana + "|" + n.latin + "\n";
  for (const auto* list : {&r.former_names, &r.births, &r.sexes, &r.phones})
    for (const std::string& one : *list) text += one + "\n";
  for (const StatedCoverage& c : r.coverages)
    text += "coverage " + c.insurer + "|" + c.symbol + "|" + c.number + "|" + c.branch + "\n";
  for (const StatedCareInsurance& c : r.care) text += "care " + c.insurer + "|" + c.number + "\n";
  for (const StatedAddress& a : r.addresses)
    text += "address " + a.postal_code + "|" + a.prefecture + "|" + a.city + "|" + a.street + "|" + a.full + "\n";
  return text;
}

TEST(ColumnMappings, ReadTheirKindOfListFieldForField) {
  for (const std::string_view name : BundledColumnMappings())
    for (const char* charset : {"utf8", "cp932"}) {
      const std::string path =
          std::string(LIBMPI_SOURCE_DIR) + "/tests/golden/feeds/csv/" + std::string(name) + "." + charset + ".csv";
      const auto columns = ParseColumnMapping(BundledColumnMapping(name), std::string(name));
      ASSERT_TRUE(columns.ok()) << columns.status();
      ReadOptions options;
      options.columns = *columns;
      options.columns_may_lack = true;
      const std::vector<std::string> paths = {path};
      const auto files = PatientFiles::Read(paths, options);
      ASSERT_TRUE(files.ok()) << files.status();
      EXPECT_THAT(files->rejects(), IsEmpty());
      EXPECT_THAT(files->unmatched_columns(), IsEmpty());
      EXPECT_EQ(files->files()[0].malformed_characters, 0);
      std::vector<Record> expected = Expected(name);
      ASSERT_EQ(files->size(), expected.size()) << path;
      for (size_t i = 0; i < expected.size(); ++i) {
        const Record record = files->Get(i);
        // Without a column for it, the source is the file's name.
        if (name == "resident-list") expected[i].key.source = "resident-list." + std::string(charset);
        EXPECT_EQ(record, expected[i]) << path << "\n" << Shown(record) << "expected:\n" << Shown(expected[i]);
      }
    }
}

TEST(ColumnMappings, AreFoundByTheHeadersOfAList) {
  for (const std::string_view name : BundledColumnMappings())
    for (const char* charset : {"utf8", "cp932"}) {
      const std::string path =
          std::string(LIBMPI_SOURCE_DIR) + "/tests/golden/feeds/csv/" + std::string(name) + "." + charset + ".csv";
      std::ifstream file(path);
      EXPECT_EQ(DetectFeedFormat(path, std::string(std::istreambuf_iterator<char>(file), {})), FeedFormat::kCsv) << path;
      const std::vector<std::string> paths = {path};
      const auto files = PatientFiles::Read(paths, {});
      ASSERT_TRUE(files.ok()) << files.status();
      EXPECT_EQ(files->files()[0].columns, name);
      std::vector<Record> expected = Expected(name);
      ASSERT_EQ(files->size(), expected.size()) << path;
      for (size_t i = 0; i < expected.size(); ++i) {
        if (name == "resident-list") expected[i].key.source = "resident-list." + std::string(charset);
        EXPECT_EQ(files->Get(i), expected[i]) << path;
      }
    }
  // The usual names, and headers that no one map has all of.
  for (const std::vector<std::string>& header : {std::vector<std::string>{"record_id", "name"}, {"利用者コード", "薬局コード"},
                                                 {"利用者コード", "備考"}, {"氏名", "生年月日"}, {}})
    EXPECT_EQ(BundledColumnMappingOf(header), "");
  // What lists of other kinds have too makes none of them: a household's card is no care insurance.
  for (const std::vector<std::string>& header :
       {std::vector<std::string>{"利用者コード", "利用者氏名", "利用者氏名カナ", "生年月日", "性別", "保険者番号", "被保険者番号"},
        {"医療機関コード", "患者ID", "患者名", "患者カナ名", "性別", "生年月日"},
        {"患者コード", "患者氏名", "患者カナ", "性別", "生年月日", "保険者番号", "記号", "番号", "医療機関コード"}})
    EXPECT_EQ(BundledColumnMappingOf(header), "");
  // What another column would say is read by its usual name where none does.
  const std::vector<std::string> parts = {"宛名番号", "氏名", "生年月日", "性別", "都道府県", "市区町村名"};
  EXPECT_EQ(BundledColumnMappingOf(parts), "resident-list");
  EXPECT_FALSE(BundledColumnsFor("resident-list", parts)->contains("都道府県"));
  const std::vector<std::string> whole = {"宛名番号", "氏名", "都道府県", "現住所"};
  EXPECT_EQ(BundledColumnsFor("resident-list", whole)->at("都道府県"), "");
  const std::vector<std::string> institution = {"カルテNo", "患者名", "医療機関コード"}, ordered = {"カルテNo", "医療機関コード", "依頼元コード"};
  EXPECT_FALSE(BundledColumnsFor("lab-center", institution)->contains("医療機関コード"));
  EXPECT_TRUE(BundledColumnsFor("lab-center", ordered)->contains("医療機関コード"));
  // Of several maps: none.
  EXPECT_EQ(BundledColumnMappingOf(std::vector<std::string>{"性別", "生年月日"}), "");
}

TEST(ColumnMappings, AreWrittenByAndReadBack) {
  for (const std::string_view name : BundledColumnMappings()) {
    FeedWriterOptions options;
    options.columns = name;
    std::string bytes;
    options.take = [&](FeedFile&& file) {
      bytes = std::move(file.bytes);
      return absl::OkStatus();
    };
    const std::unique_ptr<FeedWriter> writer = NewFeedWriter(FeedFormat::kCsv, options);
    std::vector<Record> expected = Expected(name);
    for (Record& record : expected) ASSERT_TRUE(writer->Add(record).ok());
    ASSERT_TRUE(writer->End().ok());
    const std::string path = ::testing::TempDir() + "/written." + std::string(name) + ".csv";
    std::ofstream(path) << bytes;
    const std::vector<std::string> paths = {path};
    const auto files = PatientFiles::Read(paths, {});
    ASSERT_TRUE(files.ok()) << files.status();
    EXPECT_EQ(files->files()[0].columns, name);
    ASSERT_EQ(files->size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(files->Get(i), expected[i]) << Shown(files->Get(i));
  }
  FeedWriterOptions unknown;
  unknown.columns = "nobody's";
  EXPECT_EQ(NewFeedWriter(FeedFormat::kCsv, unknown)->Add({}).code(), absl::StatusCode::kInvalidArgument);
}

TEST(ColumnMappings, AreTheFilesOfTheirFolder) {
  for (const std::string_view name : BundledColumnMappings()) {
    std::ifstream file(std::string(LIBMPI_SOURCE_DIR) + "/data/mappings/" + std::string(name) + ".json");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), BundledColumnMapping(name)) << name;
    const auto columns = ParseColumnMapping(BundledColumnMapping(name), std::string(name));
    ASSERT_TRUE(columns.ok());
    for (const auto& [header, field] : *columns) {
      const auto fields = CanonicalFields();
      EXPECT_TRUE(field.empty() || field == "my_number" || std::ranges::find(fields, field) != fields.end()) << header;
    }
  }
  for (const char* none : {"", "nothing", "../default_model", "resident-list.json"})
    EXPECT_EQ(BundledColumnMapping(none), "");
}

TEST(ColumnMappings, OtherJsonIsRefusedByName) {
  for (const char* json : {"", "[]", "{\"a\": 1}", "{\"a\"", "null"}) {
    const auto columns = ParseColumnMapping(json, "map.json");
    EXPECT_EQ(columns.status().code(), absl::StatusCode::kInvalidArgument) << json;
    EXPECT_THAT(std::string(columns.status().message()), HasSubstr("map.json: ")) << json;
  }
  EXPECT_TRUE(ParseColumnMapping("{}", "map.json")->empty());
}

}  // namespace
}  // namespace libmpi
