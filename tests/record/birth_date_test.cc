// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/birth_date.h"

#include <gtest/gtest.h>

#include "libmpi/record/serial_date.h"
#include "tests/record/show.h"

namespace libmpi {
namespace {

constexpr CivilDate kToday{2026, 11, 24};

std::string Parse(std::string_view text, const CivilDate& today = kToday) {
  CivilDate date;
  std::vector<Finding> findings;
  if (!ParseBirthDate(text, today, &date, &findings)) {
    EXPECT_EQ(date, CivilDate()) << text;
    return findings.empty() ? "" : std::string(FindingName(findings.at(0).code));
  }
  return Show(date) + (findings.empty() ? "" : " " + std::string(FindingName(findings.at(0).code)));
}

struct Case {
  const char* note;
  const char* input;
  const char* want;
};

TEST(BirthDateTest, ReadsTheNotationsInUse) {
  const Case cases[] = {
      {"compact", "19800102", "1980-01-02"},
      {"ISO", "1980-01-02", "1980-01-02"},
      {"short parts", "1980-1-2", "1980-01-02"},
      {"slashes", "1980/01/02", "1980-01-02"},
      {"dots", "1980.1.2", "1980-01-02"},
      {"spaces", "1980 1 2", "1980-01-02"},
      {"words", "1980年1月2日", "1980-01-02"},
      {"words and spaces", "1980年 1月 2日", "1980-01-02"},
      {"full width", "１９８０／０１／０２", "1980-01-02"},
      {"full-width hyphens", "１９８０－０１－０２", "1980-01-02"},
      {"long-vowel marks for hyphens", "１９８０ー１ー２", "1980-01-02"},
      {"kanji digits", "一九八〇年一月二日", "1980-01-02"},
      {"calendar named", "西暦1980年1月2日", "1980-01-02"},
      {"month and day in one", "1980-0102", "1980-01-02"},
      {"spreadsheet with a time", "1980/1/2 0:00", "1980-01-02"},
      {"spreadsheet with seconds", "1980/01/02 00:00:00", "1980-01-02"},
      {"ISO timestamp", "1980-01-02T00:00:00", "1980-01-02"},
      {"ISO timestamp with a zone", "1980-01-02T00:00:00.000+09:00", "1980-01-02"},
      {"HL7 timestamp", "19800102000000", "1980-01-02"},
      {"HL7 minutes", "198001020000", "1980-01-02"},
      {"text mark of a spreadsheet", "'1980-01-02", "1980-01-02"},
      {"era in brackets", "1980年（昭和55年）1月2日", "1980-01-02"},
      {"weekday and age", "1980年1月2日(水) 46歳", "1980-01-02"},
      {"born", "昭和55年1月2日生", "1980-01-02"},
      {"leap day", "2000-02-29", "2000-02-29"},
      {"first of January of a plausible year", "1980-01-01", "1980-01-01"},
      {"Unix epoch is a birthday too", "1970-01-01", "1970-01-01"},
      {"today", "2026-11-24", "2026-11-24"},
      {"125 years", "1901-12-31", "1901-12-31"},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input), c.want) << c.note << ": " << c.input;
}

TEST(BirthDateTest, ReadsEras) {
  const Case cases[] = {
      {"letter", "S55.1.2", "1980-01-02"},
      {"letter, two digits", "S55.01.02", "1980-01-02"},
      {"small letter", "s55.1.2", "1980-01-02"},
      {"letter and dot", "S.55.1.2", "1980-01-02"},
      {"letter and slashes", "S55/01/02", "1980-01-02"},
      {"letter and hyphens", "S55-1-2", "1980-01-02"},
      {"letter, compact", "S550102", "1980-01-02"},
      {"letter, month and day in one", "S55-0102", "1980-01-02"},
      {"full width", "Ｓ５５．１．２", "1980-01-02"},
      {"spaces as padding", "S55. 1. 2", "1980-01-02"},
      {"words", "昭和55年1月2日", "1980-01-02"},
      {"words, full width", "昭和５５年１月２日", "1980-01-02"},
      {"kanji numerals", "昭和五十五年一月二日", "1980-01-02"},
      {"kanji numerals, tens", "昭和二十年十二月三十一日", "1945-12-31"},
      {"kanji digits by place", "昭和五五年一月二日", "1980-01-02"},
      {"era square", "㍼55年1月2日", "1980-01-02"},
      {"short era", "昭55.1.2", "1980-01-02"},
      {"first year", "令和元年5月1日", "2019-05-01"},
      {"first year with dots", "令和元.5.1", "2019-05-01"},
      {"first year, letter", "R元.5.1", "2019-05-01"},
      {"first year, short era", "平元年1月8日", "1989-01-08"},
      {"first year of Reiwa", "R1.5.1", "2019-05-01"},
      {"last day of Heisei", "平成31年4月30日", "2019-04-30"},
      {"last day of Meiji", "M45.7.29", "1912-07-29"},
      {"Meiji is beyond 125 years", "M44.12.31", "1911-12-31"},
      {"Taisho", "T15.12.24", "1926-12-24"},
      {"Heisei", "H01.01.08", "1989-01-08"},
      {"Reiwa", "R6.2.29", "2024-02-29"},
      {"code of claims, 7 digits", "3550102", "1980-01-02"},
      {"code 2", "2150102", "1926-01-02"},
      {"code 4", "4010108", "1989-01-08"},
      {"code 5", "5010501", "2019-05-01"},
      {"code, full width", "３５５０１０２", "1980-01-02"},
      {"code apart", "3-55-01-02", "1980-01-02"},
      {"code and the rest", "3 550102", "1980-01-02"},
      {"Gregorian year in brackets", "昭和55(1980)年1月2日", "1980-01-02"},
      {"first day of an era, old era", "S64.1.8", "1989-01-08"},
      {"first day of an era, new era", "H1.1.8", "1989-01-08"},
      {"before the era's first day", "平成元年1月1日", "1989-01-01"},
      {"an era run on", "昭和65年1月2日", "1990-01-02"},
      {"Heisei run on", "H32.4.1", "2020-04-01"},
      {"era before a Gregorian year", "昭和1980年1月2日", "1980-01-02"},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input), c.want) << c.note << ": " << c.input;
}

TEST(BirthDateTest, KeepsPartialDates) {
  const Case cases[] = {
      {"year", "1980", "1980-00-00 partial_date"},
      {"year and month", "198001", "1980-01-00 partial_date"},
      {"year and month apart", "1980-01", "1980-01-00 partial_date"},
      {"year and month with a dot", "1980.01", "1980-01-00 partial_date"},
      {"zeros for unknown", "1980-00-00", "1980-00-00 partial_date"},
      {"zeros for unknown, compact", "19800000", "1980-00-00 partial_date"},
      {"day unknown", "1980-01-00", "1980-01-00 partial_date"},
      {"words", "1980年1月", "1980-01-00 partial_date"},
      {"era year", "昭和55年", "1980-00-00 partial_date"},
      {"era letter", "S55", "1980-00-00 partial_date"},
      {"era year and month", "S55.1", "1980-01-00 partial_date"},
      {"day in words unknown", "昭和55年1月不詳", "1980-01-00 partial_date"},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input), c.want) << c.note << ": " << c.input;
}

TEST(BirthDateTest, RefusesWhatIsNoDate) {
  const Case cases[] = {
      {"day of February", "1980-02-30", "impossible_date"},
      {"no leap year", "1900-02-29", "impossible_date"},
      {"no leap year, plausible", "1981-02-29", "impossible_date"},
      {"month 13", "1980-13-01", "impossible_date"},
      {"day 32", "19800132", "impossible_date"},
      {"day without a month", "1980-00-05", "impossible_date"},
      {"136 years", "1890-05-05", "impossible_date"},
      {"126 years", "1900-12-31", "impossible_date"},
      {"Meiji 1", "M1.9.8", "impossible_date"},
      {"era year 0", "S00.1.2", "impossible_date"},
      {"month first, compact", "01021980", "impossible_date"},
      {"tomorrow", "2026-11-25", "future_birth"},
      {"in some years", "2030-01-01", "future_birth"},
      {"next year", "2027", "future_birth"},
      {"code 5 for a Showa year", "5500102", "future_birth"},
      {"spreadsheet zero", "1900-01-01", "default_date"},
      {"spreadsheet zero in another notation", "M33.1.1", "default_date"},
      {"spreadsheet day 0", "1899/12/30", "default_date"},
      {"database default", "1753-01-01", "default_date"},
      {"end of time", "9999-12-31", "default_date"},
      {"ones", "1111-11-11", "default_date"},
      {"ones, compact", "11111111", "default_date"},
      {"nines", "99999999", "default_date"},
      {"zeros", "00000000", "default_date"},
      {"zeros apart", "0000-00-00", "default_date"},
      {"zeros with an era code", "0000000", "default_date"},
      {"era zeros", "S00.00.00", "default_date"},
      {"year one", "0001-01-01", "default_date"},
      {"month first", "1/2/1980", "unreadable_date"},
      {"day first with a name", "2-Jan-1980", "unreadable_date"},
      {"month by name", "Jan 2, 1980", "unreadable_date"},
      {"month first, two digits", "01/02/80", "unreadable_date"},
      {"year of two digits", "80/1/2", "unreadable_date"},
      {"year of two digits, compact", "800102", "unreadable_date"},
      {"code 9", "9550102", "unreadable_date"},
      {"words", "abc", "unreadable_date"},
      {"a name", "山田太郎", "unreadable_date"},
      {"too many digits", "198001021", "unreadable_date"},
      {"thirty digits", "123456789012345678901234567890", "unreadable_date"},
      {"unknown", "不明", "unreadable_date"},
      {"a dash", "-", "unreadable_date"},
      {"empty", "", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input), c.want) << c.note << ": " << c.input;
}

TEST(BirthDateTest, ReadsSpreadsheetDaysThatCanBeBirths) {
  const Case cases[] = {
      {"a day", "29222", "1980-01-02 serial_date"},
      {"another", "33000", "1990-05-07 serial_date"},
      {"full width", "２９２２２", "1980-01-02 serial_date"},
      {"text mark", "'29222", "1980-01-02 serial_date"},
      {"as a decimal", "29222.0", "1980-01-02 serial_date"},
      {"with hours", "29222.75", "1980-01-02 serial_date"},
      {"the first of five digits", "10000", "1927-05-18 serial_date"},
      {"today", "46350", "2026-11-24 serial_date"},
      {"tomorrow", "46351", "unreadable_date"},
      {"far away", "99998", "unreadable_date"},
      {"leading zeros", "00060", "unreadable_date"},
      {"four digits are a year", "2958", "future_birth"},
      {"six digits are none", "292222", "unreadable_date"},
      {"something behind", "29222-1", "unreadable_date"},
      {"an era", "S29222", "unreadable_date"},
      {"one digit over and over", "44444", "default_date"},
      {"counting", "12345", "default_date"},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input), c.want) << c.note << ": " << c.input;
}

TEST(SerialDayTest, CountsAsSpreadsheetsDo) {
  struct SerialCase {
    int serial;
    CivilDate want;
  };
  const SerialCase cases[] = {
      {0, {}},                {1, {1900, 1, 1}},       {31, {1900, 1, 31}},  {59, {1900, 2, 28}},
      {60, {}},  // 1900-02-29, which they show and which never was
      {61, {1900, 3, 1}},     {366, {1900, 12, 31}},   {367, {1901, 1, 1}},  {25569, {1970, 1, 1}},
      {36585, {2000, 2, 29}}, {2958465, {9999, 12, 31}}, {2958466, {}},      {-1, {}}};
  for (const SerialCase& c : cases) EXPECT_EQ(DateOfSerialDay(c.serial), c.want) << c.serial;
}

TEST(BirthDateTest, WithoutTodayNobodyIsUnborn) {
  const Case cases[] = {
      {"tomorrow", "2026-11-25", "2026-11-25"},
      {"another year", "20310405", "2031-04-05"},
      {"newborn in an era", "R13.4.5", "2031-04-05"},
      {"year and month", "203104", "2031-04-00 partial_date"},
      {"serial day", "47943", "2031-04-05 serial_date"},
      {"beyond planning", "2101-01-01", "impossible_date"},
      {"serial day beyond planning", "80000", "unreadable_date"},
      {"old", "1890-05-05", "1890-05-05"},
      {"before the eras", "1867-12-31", "impossible_date"},
      {"default", "1900-01-01", "default_date"},
      {"day of February", "2031-02-29", "impossible_date"},
  };
  for (const Case& c : cases) EXPECT_EQ(Parse(c.input, {}), c.want) << c.note << ": " << c.input;
}

// The era is a letter before digits, not the first letter of any word.
TEST(BirthDateTest, EraLettersNeedDigits) {
  EXPECT_EQ(Parse("Sat 1980-01-02"), "unreadable_date");
  EXPECT_EQ(Parse("S"), "unreadable_date");
  EXPECT_EQ(Parse("昭和"), "unreadable_date");
}

TEST(BirthDateTest, ReadsEveryDayOfEveryYearInEveryNotation) {
  struct EraOf {
    const char* kanji;
    char letter;
    int base;
    CivilDate first;
  };
  const EraOf eras[] = {{"大正", 'T', 1911, {1912, 7, 30}}, {"昭和", 'S', 1925, {1926, 12, 25}},
                        {"平成", 'H', 1988, {1989, 1, 8}},  {"令和", 'R', 2018, {2019, 5, 1}}};
  for (int year = 1913; year <= 2025; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= 28; day += 3) {
        const CivilDate want{static_cast<int16_t>(year), static_cast<uint8_t>(month),
                             static_cast<uint8_t>(day)};
        int e = 3;
        while (want < eras[e].first) --e;
        const EraOf& era = eras[e];
        char text[6][64];
        std::snprintf(text[0], 64, "%04d%02d%02d", year, month, day);
        std::snprintf(text[1], 64, "%d/%d/%d", year, month, day);
        std::snprintf(text[2], 64, "%s%d年%d月%d日", era.kanji, year - era.base, month, day);
        std::snprintf(text[3], 64, "%c%02d.%02d.%02d", era.letter, year - era.base, month, day);
        std::snprintf(text[4], 64, "%d%02d%02d%02d", e + 2, year - era.base, month, day);
        std::snprintf(text[5], 64, "%c%d%02d%02d", era.letter, year - era.base, month, day);
        for (int i = 0; i < (year - era.base >= 10 ? 6 : 5); ++i) {
          CivilDate got;
          std::vector<Finding> findings;
          ASSERT_TRUE(ParseBirthDate(text[i], kToday, &got, &findings)) << text[i];
          ASSERT_EQ(got, want) << text[i];
          ASSERT_TRUE(findings.empty()) << text[i];
        }
      }
}

TEST(BirthDateTest, TakesAnyBytes) {
  const std::string inputs[] = {std::string("\0", 1), std::string("19\0800102", 9), "\xff\xfe", "\xe6\x98",
                                std::string(100000, '1'), std::string(100000, '('), "((((1980", ")1980(",
                                "T", ":", " : ", "S:", "1980-01-02T:", "元", "R元"};
  for (const std::string& input : inputs) {
    CivilDate date;
    std::vector<Finding> findings;
    ParseBirthDate(input, kToday, &date, &findings);
    EXPECT_LE(findings.size(), 1u);
  }
}

}  // namespace
}  // namespace libmpi
