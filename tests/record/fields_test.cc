// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/record/standardize.h"
#include "testing/records.h"

namespace libmpi {
namespace {

constexpr CivilDate kToday{2026, 11, 24};

TEST(BirthDateTest, ReadsEveryNotation) {
  struct Case {
    const char* text;
    CivilDate want;
  };
  const Case kCases[] = {
      {"1980-01-02", {1980, 1, 2}},        {"1980/1/2", {1980, 1, 2}},
      {"19800102", {1980, 1, 2}},          {"1980年1月2日", {1980, 1, 2}},
      {"１９８０－０１－０２", {1980, 1, 2}}, {"S55.1.2", {1980, 1, 2}},
      {"s55/01/02", {1980, 1, 2}},         {"昭和55年1月2日", {1980, 1, 2}},
      {"昭和五十五年一月二日", {1980, 1, 2}}, {"昭55.1.2", {1980, 1, 2}},
      {"3550102", {1980, 1, 2}},           {"S550102", {1980, 1, 2}},
      {"令和元年5月1日", {2019, 5, 1}},     {"R1.5.1", {2019, 5, 1}},
      {"平成31年4月30日", {2019, 4, 30}},   {"昭和65年1月2日", {1990, 1, 2}},
      {"T15.12.24", {1926, 12, 24}},       {"M45.7.29", {1912, 7, 29}},
      {"1980/1/2 0:00", {1980, 1, 2}},     {"1980-01-02T00:00:00", {1980, 1, 2}},
      {"198001", {1980, 1, 0}},            {"1980", {1980, 0, 0}},
      {"1980-00-00", {1980, 0, 0}},        {"3-55-01-02", {1980, 1, 2}},
      {"2000-02-29", {2000, 2, 29}},       {"1980-01-01", {1980, 1, 1}},
  };
  for (const Case& c : kCases) {
    CivilDate date;
    std::vector<Finding> findings;
    EXPECT_TRUE(ParseBirthDate(c.text, kToday, &date, &findings)) << c.text;
    EXPECT_EQ(date, c.want) << c.text << ": " << date.year << "-" << int(date.month) << "-" << int(date.day);
  }
}

TEST(BirthDateTest, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    FindingCode code;
  };
  const Case kCases[] = {
      {"1981-02-29", FindingCode::kImpossibleDate}, {"1980-13-01", FindingCode::kImpossibleDate},
      {"1980-04-31", FindingCode::kImpossibleDate}, {"1890-05-05", FindingCode::kImpossibleDate},
      {"2030-01-01", FindingCode::kFutureBirth},    {"1900-01-01", FindingCode::kDefaultDate},
      {"9999-12-31", FindingCode::kDefaultDate},    {"0000-00-00", FindingCode::kDefaultDate},
      {"11111111", FindingCode::kDefaultDate},      {"01/02/80", FindingCode::kUnreadableDate},
      {"不明", FindingCode::kUnreadableDate},        {"2/1/1980", FindingCode::kUnreadableDate},
      {"123456789012345678901234567890", FindingCode::kUnreadableDate},
  };
  for (const Case& c : kCases) {
    CivilDate date;
    std::vector<Finding> findings;
    EXPECT_FALSE(ParseBirthDate(c.text, kToday, &date, &findings)) << c.text;
    ASSERT_EQ(findings.size(), 1) << c.text;
    EXPECT_EQ(findings[0].code, c.code) << c.text << " " << FindingName(findings[0].code);
  }
}

TEST(SexTest, ReadsCodes) {
  for (const char* text : {"1", "M", "m", "男", "男性", "おとこ", "male", "１"}) {
    std::vector<Finding> findings;
    EXPECT_EQ(ParseSex(text, &findings), Sex::kMale) << text;
    EXPECT_TRUE(findings.empty()) << text;
  }
  for (const char* text : {"2", "F", "女", "女性", "Female"}) {
    std::vector<Finding> findings;
    EXPECT_EQ(ParseSex(text, &findings), Sex::kFemale) << text;
  }
  for (const char* text : {"", "9", "U", "O", "不明", "その他"}) {
    std::vector<Finding> findings;
    EXPECT_EQ(ParseSex(text, &findings), Sex::kUnknown) << text;
    EXPECT_TRUE(findings.empty()) << text;
  }
  std::vector<Finding> findings;
  ParseSex("x?", &findings);
  EXPECT_EQ(findings.size(), 1);
}

std::string Show(const CoverageFeatures& c) { return c.insurer + " " + c.symbol + " " + c.number + " " + c.branch; }

TEST(CoverageTest, FoldsCards) {
  struct Case {
    const char* note;
    StatedCoverage stated;
    const char* want;
    CoverageKind kind;
  };
  const Case kCases[] = {
      {"full width", {"０１１３００１２", "１２３", "４５６", "１"}, "01130012 123 456 01", CoverageKind::kEmployer},
      {"national, six digits", {"138057", "", "1354", ""}, "00138057  1354 ", CoverageKind::kNational},
      {"padded with spaces", {"  138057", "", "1354", ""}, "00138057  1354 ", CoverageKind::kNational},
      {"padded with zeros", {"00138057", "", "1354", ""}, "00138057  1354 ", CoverageKind::kNational},
      {"leading zeros of the number", {"01130012", "12", "00345", "02"}, "01130012 12 345 02", CoverageKind::kEmployer},
      {"hyphens in the symbol", {"01130012", "１２－３４", "5", ""}, "01130012 1234 5 ", CoverageKind::kEmployer},
      {"branch glued by a hyphen", {"01130012", "12", "345-01", ""}, "01130012 12 345 01", CoverageKind::kEmployer},
      {"elderly", {"39131012", "", "12345678", ""}, "39131012  12345678 ", CoverageKind::kElderly},
      {"a filler", {"01130012", "12", "9999", ""}, "01130012 12  ", CoverageKind::kEmployer},
  };
  for (const Case& c : kCases) {
    std::vector<Finding> findings;
    const CoverageFeatures got = ParseCoverage(c.stated, &findings);
    EXPECT_EQ(Show(got), c.want) << c.note;
    EXPECT_EQ(got.kind, c.kind) << c.note;
  }
}

TEST(CoverageTest, CheckDigitsOfKnownNumbers) {
  for (const char* good : {"33120015", "01010016", "51326015", "320010", "138057", "01130012", "06132013"})
    EXPECT_TRUE(InsurerCheckDigitHolds(good)) << good;
  for (const char* bad : {"83136019", "67999991"}) EXPECT_FALSE(InsurerCheckDigitHolds(bad)) << bad;
  EXPECT_TRUE(LooksLikeMyNumber("123456789018"));
  EXPECT_FALSE(LooksLikeMyNumber("123456789012"));
  EXPECT_FALSE(LooksLikeMyNumber("12345678901"));
}

TEST(CoverageTest, AFailedCheckDigitIsAFindingOnly) {
  std::vector<Finding> findings;
  const CoverageFeatures c = ParseCoverage({"67999991", "1", "2345", ""}, &findings);
  EXPECT_FALSE(c.trusted);
  EXPECT_EQ(c.insurer, "67999991");
  EXPECT_THAT(findings, ::testing::Contains(Finding{FindingCode::kInsurerCheckDigit, "insurer"}));
}

TEST(CoverageTest, KeepsMyNumbersOut) {
  std::vector<Finding> findings;
  EXPECT_EQ(ParseCoverage({"01130012", "1", "123456789018", ""}, &findings).number, "");
  EXPECT_THAT(findings, ::testing::Contains(Finding{FindingCode::kMyNumberSuspected, "number"}));
}

TEST(AddressTest, NotationsMeet) {
  const StatedAddress kSame[] = {
      {"", "東京都", "千代田区", "霞が関２丁目１番１号", ""}, {"", "東京都", "千代田区", "霞が関2-1-1", ""},
      {"", "", "", "", "東京都千代田区霞ヶ関二丁目一番一号"}, {"", "東京", "千代田区", "霞ケ関２－１－１ 庁舎３F", ""},
      {"", "", "東京都千代田区", "霞が関2丁目1の1", ""},
  };
  for (const StatedAddress& stated : kSame) {
    std::vector<Finding> findings;
    const AddressFeatures a = ParseAddress(stated, &findings);
    EXPECT_EQ(a.city + "|" + a.town + "|" + a.numbers, "千代田区|霞ガ関|2-1-1") << stated.street << stated.full;
  }
}

TEST(AddressTest, TakesPartsApart) {
  struct Case {
    StatedAddress stated;
    const char* want;
  };
  const Case kCases[] = {
      {{"980-0811", "宮城県", "仙台市青葉区", "一番町3-7-1", ""}, "9800811|仙台市青葉区|一番町|3-7-1|"},
      {{"", "宮城県", "柴田郡大河原町", "字新南19", ""}, "|大河原町|新南|19|"},
      {{"", "", "", "", "三重県四日市市諏訪町1番5号"}, "|四日市市|諏訪町|1-5|"},
      {{"", "東京都", "三鷹市", "野崎一丁目1番1号", ""}, "|三鷹市|野崎|1-1-1|"},
      {{"", "東京都", "中央区", "八丁堀2-1", ""}, "|中央区|八丁堀|2-1|"},
      {{"", "", "", "12 Miller Street", ""}, "||MILLER STREET|12|"},
  };
  for (const Case& c : kCases) {
    std::vector<Finding> findings;
    const AddressFeatures a = ParseAddress(c.stated, &findings);
    EXPECT_EQ(a.postal_code + "|" + a.city + "|" + a.town + "|" + a.numbers + "|" + a.building, c.want);
  }
}

TEST(PhoneTest, ReadsNumbers) {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case kCases[] = {
      {"03-1234-5678", "0312345678"},       {"０３（１２３４）５６７８", "0312345678"},
      {"+81 3-1234-5678", "0312345678"},    {"090-1234-5678", "m09012345678"},
      {"03-1234-5678 内線12", "0312345678"}, {"000-0000-0000", ""},
      {"123", ""},                          {"", ""},
      {"03-1234-5678/090-1234-5678", "0312345678 m09012345678"},
  };
  for (const Case& c : kCases) {
    std::vector<Finding> findings;
    std::string got;
    for (const PhoneFeatures& p : ParsePhones(c.text, &findings))
      got += (got.empty() ? "" : " ") + std::string(p.kind == PhoneKind::kMobile ? "m" : "") + p.digits;
    EXPECT_EQ(got, c.want) << c.text;
  }
}

TEST(OverlayTest, TwoPersonsUnderOneNumberStayApart) {
  const std::vector<Record> rows = {ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"),
                                    ParseRecord("1|田中 次郎|タナカ ジロウ|1988-11-30|M"),
                                    ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F|01130012/1/2/")};
  const auto groups = SplitOverlays(rows);
  ASSERT_EQ(groups.size(), 2);
  EXPECT_EQ(groups[0].size() + groups[1].size(), 3);
}

TEST(OverlayTest, OnePersonInSeveralRowsStaysOne) {
  const std::vector<Record> kCases[] = {
      {ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"), ParseRecord("1|佐藤 恵子|サトウ ケイコ|S31.5.12|F")},
      {ParseRecord("1|佐藤 恵子||1956-05-12|F"), ParseRecord("1||サトウ ケイコ|1956-05-13|F")},
      {ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"), ParseRecord("1|高木 恵子|タカギ ケイコ|1956-05-12|F")},
      {ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"), ParseRecord("1|||||01130012/1/2/")},
  };
  for (const auto& rows : kCases) EXPECT_EQ(SplitOverlays(rows).size(), 1);
}

TEST(RecordTest, OrderOfStatementsDoesNotMatter) {
  Record a = ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F");
  a.births = {"b", "a", "b"};
  Record b = a;
  b.births = {"a", "b"};
  a.Normalize();
  b.Normalize();
  EXPECT_EQ(a.births, b.births);
  EXPECT_EQ((RecordKey{"H", "1", 0}.ToString()), "H:1");
  EXPECT_EQ((RecordKey{"H", "1", 2}.ToString()), "H:1#2");
}

}  // namespace
}  // namespace libmpi
