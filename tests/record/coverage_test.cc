// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "libmpi/record/care.h"
#include "libmpi/record/check_digits.h"
#include "libmpi/record/coverage.h"
#include "tests/record/show.h"

namespace libmpi {
namespace {

struct Case {
  const char* note;
  StatedCoverage input;
  const char* want;      // insurer/symbol/number/branch {number without branch}
  const char* findings;
};

void Check(const Case& c) {
  std::vector<Finding> findings;
  EXPECT_EQ(Show(ParseCoverage(c.input, &findings)), c.want) << c.note;
  EXPECT_EQ(Show(findings), c.findings) << c.note;
}

TEST(CoverageTest, CheckDigitsHold) {
  // Numbers published as samples: facts/formats.md 4a, 4b.
  for (const char* good : {"33120015", "01010016", "138057", "01130012", "06132013", "12345674", "51326015",
                           "320010", "2605566"})
    EXPECT_TRUE(InsurerCheckDigitHolds(good)) << good;
  for (const char* bad : {"83136019", "67999991", "01010017", "", "1", "0101001X"})
    EXPECT_FALSE(InsurerCheckDigitHolds(bad)) << bad;
}

TEST(CoverageTest, MyNumberCheck) {
  EXPECT_TRUE(LooksLikeMyNumber("123456789018"));
  for (const char* other : {"123456789017", "12345678901", "1234567890180", "12345678901A", ""})
    EXPECT_FALSE(LooksLikeMyNumber(other)) << other;
  // About a tenth of arbitrary numbers pass: a lone hit proves nothing.
  int hits = 0;
  for (uint64_t n = 0; n < 10000; ++n) hits += LooksLikeMyNumber(std::to_string(100000000000 + n * 7919));
  EXPECT_GT(hits, 800);
  EXPECT_LT(hits, 1300);
}

TEST(CoverageTest, OneCardInItsSpellings) {
  const Case cases[] = {
      {"plain", {"01130012", "12", "345", "01"}, "01130012/12/345/01", ""},
      {"full width", {"０１１３００１２", "１２", "３４５", "０１"}, "01130012/12/345/01", ""},
      {"hyphens and spaces", {"01-13-001-2", "1-2", "3 4 5", "01"}, "01130012/12/345/01", ""},
      {"full-width hyphens", {"01130012", "１－２", "３－４５", "01"}, "01130012/12/345/01", ""},
      {"leading zeros", {"01130012", "0012", "000345", "1"}, "01130012/12/345/01", ""},
      {"words", {"01130012", "記号12", "番号345", "01"}, "01130012/12/345/01", ""},
      {"words around", {"01130012", "第12号", "第345号", "01"}, "01130012/12/345/01", ""},
      {"both in the number's field", {"01130012", "", "記号12番号345", "01"}, "01130012/12/345/01", ""},
      {"both with a dot between", {"01130012", "", "12・345", "01"}, "01130012/12/345/01", ""},
      {"left out zero of the insurer", {"1130012", "12", "345", "01"}, "01130012/12/345/01", "insurer_length insurer"},
      {"long branch", {"01130012", "12", "345", "001"}, "01130012/12/345/01", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(CoverageTest, SymbolsKeepTheirLetters) {
  const Case cases[] = {
      {"kana", {"01130012", "あい", "345", ""}, "01130012/アイ/345/", ""},
      {"half-width kana", {"01130012", "ｱｲ", "345", ""}, "01130012/アイ/345/", ""},
      {"kanji and a number", {"01130012", "東京い０１２", "345", ""}, "01130012/東京イ012/345/", ""},
      {"Latin", {"01130012", "ab-1", "345", ""}, "01130012/AB1/345/", ""},
      {"number with letters keeps its zeros", {"01130012", "12", "00A45", ""}, "01130012/12/00A45/", ""},
      {"no symbol on a national card", {"138057", "", "1354", ""}, "00138057//1354/", ""},
      {"no symbol on an elderly person's card", {"39131012", "", "12345678", ""}, "39131012//12345678/",
       "insurer_check_digit insurer"},
      {"no symbol on the card", {"01130012", "", "345", ""}, "01130012//345/", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(CoverageTest, PadsInsurersAndKnowsTheirKinds) {
  struct KindCase {
    const char* note;
    const char* insurer;
    CoverageKind kind;
  };
  const KindCase cases[] = {
      {"six digits", "138057", CoverageKind::kNational},
      {"padded with zeros", "00138057", CoverageKind::kNational},
      {"padded with spaces", "  138057", CoverageKind::kNational},
      {"retired", "67138051", CoverageKind::kNational},
      {"health insurance association", "01130012", CoverageKind::kEmployer},
      {"union", "06132013", CoverageKind::kEmployer},
      {"public servants", "31130016", CoverageKind::kEmployer},
      {"special retired", "63130012", CoverageKind::kEmployer},
      {"late elderly", "39131156", CoverageKind::kElderly},
      {"welfare", "12131001", CoverageKind::kPublic},
      {"rare diseases", "54136015", CoverageKind::kPublic},
      {"no such law", "45130012", CoverageKind::kUnknown},
      {"nothing", "", CoverageKind::kUnknown},
  };
  for (const KindCase& c : cases) {
    std::vector<Finding> findings;
    const CoverageFeatures got = ParseCoverage({c.insurer, "1", "2345", ""}, &findings);
    EXPECT_EQ(got.kind, c.kind) << c.note;
    EXPECT_TRUE(got.insurer.empty() || got.insurer.size() == 8) << c.note;
  }
}

TEST(CoverageTest, FailedCheckDigitLowersTrustOnly) {
  for (const char* insurer : {"67999991", "83136019", "01130013", "138058"}) {
    std::vector<Finding> findings;
    const CoverageFeatures got = ParseCoverage({insurer, "1", "2345", "01"}, &findings);
    EXPECT_FALSE(got.trusted) << insurer;
    EXPECT_EQ(got.insurer.size(), 8u) << insurer;
    EXPECT_EQ(got.number, "2345") << insurer;
    EXPECT_EQ(Show(findings), "insurer_check_digit insurer") << insurer;
  }
  for (const char* insurer : {"01130012", "138057", ""}) {
    std::vector<Finding> findings;
    EXPECT_TRUE(ParseCoverage({insurer, "1", "2345", "01"}, &findings).trusted) << insurer;
    EXPECT_EQ(Show(findings), "") << insurer;
  }
}

TEST(CoverageTest, GluedBranches) {
  const Case cases[] = {
      {"after a hyphen", {"01130012", "12", "12345-01", ""}, "01130012/12/12345/01", "branch_glued number"},
      {"after a space", {"01130012", "12", "１２３４５　０１", ""}, "01130012/12/12345/01", "branch_glued number"},
      {"after a hyphen, said as well", {"01130012", "12", "12345-01", "01"}, "01130012/12/12345/01",
       "branch_glued number"},
      {"after a hyphen, another branch said", {"01130012", "12", "12345-01", "02"}, "01130012/12/1234501/02", ""},
      {"nothing tells: both are kept", {"01130012", "12", "1234501", ""}, "01130012/12/1234501/ {12345}", ""},
      {"equal to the branch said: both are kept", {"01130012", "12", "1234501", "01"},
       "01130012/12/1234501/01 {12345}", ""},
      {"another branch said", {"01130012", "12", "1234501", "02"}, "01130012/12/1234501/02", ""},
      {"no branch is that high", {"01130012", "12", "1234567", ""}, "01130012/12/1234567/", ""},
      {"a hyphen inside a number", {"01130012", "12", "123-45", ""}, "01130012/12/12345/", ""},
      {"three digits", {"01130012", "12", "501", ""}, "01130012/12/501/ {5}", ""},
      {"two digits have no branch", {"01130012", "12", "01", ""}, "01130012/12/1/", ""},
      {"late elderly have none", {"39131156", "", "12345601", ""}, "39131156//12345601/", ""},
      {"late elderly, with a hyphen", {"39131156", "", "123456-01", ""}, "39131156//12345601/", ""},
      {"letters have none", {"01130012", "12", "ABC01", ""}, "01130012/12/ABC01/", ""},
  };
  for (const Case& c : cases) Check(c);
}

// A tenth of such numbers pass the check by chance: the column is judged where it is read.
TEST(CoverageTest, ALoneMyNumberHitIsAFindingOnly) {
  const Case cases[] = {
      {"for a number", {"01130012", "12", "123456789018", "01"}, "01130012/12/123456789018/01",
       "my_number_suspected number"},
      {"with spaces and full width", {"01130012", "12", "１２３４　５６７８　９０１８", ""},
       "01130012/12/123456789018/ {1234567890}", "my_number_suspected number"},
      {"for an insurer, which has no such length", {"1234-5678-9018", "12", "345", ""}, "/12/345/",
       "my_number_suspected insurer, insurer_length insurer"},
      {"for a symbol", {"01130012", "123456789018", "345", ""}, "01130012/123456789018/345/",
       "my_number_suspected symbol"},
      {"twelve digits that fail its check", {"01130012", "12", "123456789017", ""},
       "01130012/12/123456789017/ {1234567890}", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(CoverageTest, RefusesDummies) {
  const Case cases[] = {
      {"four nines", {"01130012", "12", "9999", ""}, "01130012/12//", "dummy_number number"},
      {"nines", {"01130012", "12", "9999999", ""}, "01130012/12//", "dummy_number number"},
      {"zeros", {"01130012", "12", "0000", ""}, "01130012/12//", "dummy_number number"},
      {"ones", {"01130012", "12", "11111111", ""}, "01130012/12//", "dummy_number number"},
      {"insurer counting up", {"12345678", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer counting up from zero", {"01234567", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer of six counting up", {"123456", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer counting down", {"87654321", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer of sixes", {"66666666", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer of six ones", {"111111", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer that counts but for its check digit", {"12345674", "12", "345", ""}, "12345674/12/345/", ""},
      {"a number may count", {"01130012", "12", "12345678", ""}, "01130012/12/12345678/", ""},
      {"insurer of zeros", {"00000000", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"insurer of nines", {"99999999", "12", "345", ""}, "/12/345/", "dummy_number insurer"},
      {"a short repeated digit is a number", {"01130012", "12", "1111", ""}, "01130012/12/1111/ {11}", ""},
      {"insurer by name", {"協会けんぽ", "12", "345", ""}, "/12/345/", "insurer_length insurer"},
      {"insurer too long", {"123456781", "12", "345", ""}, "/12/345/", "insurer_length insurer"},
      {"insurer too short", {"1234", "12", "345", ""}, "/12/345/", "insurer_length insurer"},
      {"branch of letters", {"01130012", "12", "345", "本人"}, "01130012/12/345/", "branch_unreadable branch"},
      {"branch too long", {"01130012", "12", "345", "123"}, "01130012/12/345/", "branch_unreadable branch"},
      {"nothing", {"", "", "", ""}, "///", ""},
      {"blanks", {" ", "　", "-", " "}, "///", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(CareTest, ReadsThePersonsKey) {
  struct CareCase {
    const char* note;
    StatedCareInsurance input;
    const char* want;
    const char* findings;
  };
  const CareCase cases[] = {
      {"plain", {"131151", "0000012345"}, "131151/0000012345", ""},
      {"lost zeros", {"131151", "12345"}, "131151/0000012345", ""},
      {"full width", {"１３１１５１", "００００　０１２３４５"}, "131151/0000012345", ""},
      {"welfare", {"131151", "h000012345"}, "131151/H000012345", ""},
      {"insurer with leading zeros", {"00131151", "0000012345"}, "131151/0000012345", ""},
      {"insurer with a lost zero", {"11007", "0000012345"}, "011007/0000012345", ""},
      {"insurer fails its check", {"131152", "0000012345"}, "131152/0000012345", "insurer_check_digit care_insurer"},
      {"insurer of nines", {"999999", "0000012345"}, "/0000012345", "dummy_number care_insurer"},
      {"insurer too long", {"1311511", "0000012345"}, "/0000012345", "insurer_length care_insurer"},
      {"too long", {"131151", "12345678901"}, "131151/", "care_number_length care_number"},
      {"too short", {"131151", "123"}, "131151/", "care_number_length care_number"},
      {"letters", {"131151", "ABCDEFGHIJ"}, "131151/", "care_number_length care_number"},
      {"zeros", {"131151", "0000000000"}, "131151/", "dummy_number care_number"},
      {"My Number", {"131151", "123456789018"}, "131151/",
       "my_number_suspected care_number, care_number_length care_number"},
      {"nothing", {"", ""}, "/", ""},
  };
  for (const CareCase& c : cases) {
    std::vector<Finding> findings;
    const CareFeatures got = ParseCare(c.input, &findings);
    EXPECT_EQ(got.insurer + "/" + got.number, c.want) << c.note;
    EXPECT_EQ(Show(findings), c.findings) << c.note;
  }
}

}  // namespace
}  // namespace libmpi
