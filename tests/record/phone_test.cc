// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/phone.h"

#include <gtest/gtest.h>

#include "tests/record/show.h"

namespace libmpi {
namespace {

struct Case {
  const char* note;
  const char* input;
  const char* want;      // digits, mobile ones with an m before them
  const char* findings;
};

void Check(const Case& c) {
  std::vector<Finding> findings;
  EXPECT_EQ(Show(ParsePhones(c.input, &findings)), c.want) << c.note << ": " << c.input;
  EXPECT_EQ(Show(findings), c.findings) << c.note << ": " << c.input;
}

TEST(PhoneTest, OneNumberInItsSpellings) {
  const Case cases[] = {
      {"plain", "0352531111", "0352531111", ""},
      {"hyphens", "03-5253-1111", "0352531111", ""},
      {"full width", "０３－５２５３－１１１１", "0352531111", ""},
      {"long-vowel marks", "０３ー５２５３ー１１１１", "0352531111", ""},
      {"minus signs", "03−5253−1111", "0352531111", ""},
      {"brackets", "03(5253)1111", "0352531111", ""},
      {"brackets in front", "(03)5253-1111", "0352531111", ""},
      {"full-width brackets", "０３（５２５３）１１１１", "0352531111", ""},
      {"spaces", "03 5253 1111", "0352531111", ""},
      {"dots", "03.5253.1111", "0352531111", ""},
      {"with の", "03の5253の1111", "0352531111", ""},
      {"label", "TEL 03-5253-1111", "0352531111", ""},
      {"label in kanji", "自宅：03-5253-1111", "0352531111", ""},
      {"extension", "03-5253-1111 内線123", "0352531111", ""},
      {"extension glued", "03-5253-1111(内123)", "0352531111", ""},
      {"extension in English", "03-5253-1111 ext. 123", "0352531111", ""},
      {"extension x", "0352531111x123", "0352531111", ""},
      {"range", "03-5253-1111～3", "0352531111", ""},
      {"country code", "+81-3-5253-1111", "0352531111", ""},
      {"country code and zero", "+81 (0)3-5253-1111", "0352531111", ""},
      {"country code without plus", "81-3-5253-1111", "0352531111", ""},
      {"dialled from abroad", "010-81-3-5253-1111", "0352531111", ""},
      {"full-width plus", "＋８１３５２５３１１１１", "0352531111", ""},
      {"lost zero", "352531111", "0352531111", ""},
      {"country code and a space", "+81 3-5253-1111", "0352531111", ""},
      {"remark", "03-5253-1111（長男）", "0352531111", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, TellsMobilesFromLandlines) {
  const Case cases[] = {
      {"090", "090-2345-6789", "m09023456789", ""},
      {"080", "080-2345-6789", "m08023456789", ""},
      {"070", "070-2345-6789", "m07023456789", ""},
      {"country code", "+81 90 2345 6789", "m09023456789", ""},
      {"lost zero", "9023456789", "m09023456789", ""},
      {"IP phone", "050-2345-6789", "05023456789", ""},
      {"short area code", "06-2345-6789", "0623456789", ""},
      {"long area code", "0123-45-6780", "0123456780", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, SeveralInAField) {
  const char* both = "0352531111 m09023456789";
  const Case cases[] = {
      {"slash", "03-5253-1111/090-2345-6789", both, ""},
      {"full-width slash", "03-5253-1111／090-2345-6789", both, ""},
      {"comma", "090-2345-6789,03-5253-1111", both, ""},
      {"semicolon", "090-2345-6789; 03-5253-1111", both, ""},
      {"kanji comma", "090-2345-6789、03-5253-1111", both, ""},
      {"space", "09023456789 0352531111", both, ""},
      {"wide space", "090-2345-6789　03-5253-1111", both, ""},
      {"spaces inside as well", "090 2345 6789 03 5253 1111", both, ""},
      {"words between", "携帯090-2345-6789自宅03-5253-1111", both, ""},
      {"brackets and line break", "03-5253-1111\n090-2345-6789", both, ""},
      {"extension between", "03-5253-1111内線12 090-2345-6789", both, ""},
      {"the same twice", "03-5253-1111/0352531111", "0352531111", ""},
      {"one of them a dummy", "03-5253-1111/000-0000-0000", "0352531111", "phone_dummy phone"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, KeepsForeignAndLocalNumbers) {
  const Case cases[] = {
      {"without area code", "5253-1112", "52531112", ""},
      {"seven digits", "523-1112", "5231112", ""},
      {"ten digits without a zero", "2125550123", "2125550123", ""},
      {"another country", "+1-212-555-0123", "12125550123", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, NumbersOfServicesAreNobodys) {
  const Case cases[] = {
      {"free dial", "0120-234-567", "", "phone_dummy phone"},
      {"free dial, one run", "0120234567", "", "phone_dummy phone"},
      {"free dial, full width", "０１２０－２３４－５６７", "", "phone_dummy phone"},
      {"free dial with a country code", "+81-120-234-567", "", "phone_dummy phone"},
      {"free dial 0800", "0800-234-5678", "", "phone_dummy phone"},
      {"shared cost", "0570-012-345", "", "phone_dummy phone"},
      {"premium", "0990-512-345", "", "phone_dummy phone"},
      {"televoting", "0180-991-234", "", "phone_dummy phone"},
      {"beside a person's own", "0120-234-567/090-2345-6789", "m09023456789", "phone_dummy phone"},
      {"area codes that begin alike", "0123-45-6780/0572-23-4567/018-823-4567/099-223-4567",
       "0123456780 0188234567 0572234567 0992234567", ""},
      {"free dial grouped as a mobile", "080-0123-4567", "", "phone_dummy phone"},
      {"a mobile", "080-1023-4567", "m08010234567", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, RefusesTheRest) {
  const Case cases[] = {
      {"zeros", "000-0000-0000", "", "phone_dummy phone"},
      {"zeros after an area code", "03-0000-0000", "", "phone_dummy phone"},
      {"nines", "9999", "", "phone_dummy phone"},
      {"nines, long", "99999999999", "", "phone_dummy phone"},
      {"mobile of zeros", "090-0000-0000", "", "phone_dummy phone"},
      {"mobile of ones", "090-1111-1111", "", "phone_dummy phone"},
      {"land line of threes", "03-3333-3333", "", "phone_dummy phone"},
      {"two digits over and over", "090-1212-1212", "", "phone_dummy phone"},
      {"a block of zeros", "090-0000-1234", "", "phone_dummy phone"},
      {"some digits may repeat", "03-3333-4444", "0333334444", ""},
      {"counting", "0123456789", "", "phone_dummy phone"},
      {"three digits", "123", "", "phone_unreadable phone"},
      {"too short", "03-1234", "", "phone_unreadable phone"},
      {"nine digits", "03-5253-111", "", "phone_unreadable phone"},
      {"landline of eleven", "03-5253-11112", "", "phone_unreadable phone"},
      {"mobile of ten", "090-2345-678", "", "phone_unreadable phone"},
      {"too long", "035253111109023456789", "", "phone_unreadable phone"},
      {"none", "なし", "", ""},
      {"dash", "-", "", ""},
      {"empty", "", "", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PhoneTest, TakesAnyBytes) {
  for (const std::string& input : {std::string("\0\0", 2), std::string("\xff\xfe"), std::string(100000, '1'),
                                   std::string(100000, '/'), std::string("+++++"), std::string("+"), std::string("x")}) {
    std::vector<Finding> findings;
    EXPECT_TRUE(ParsePhones(input, &findings).empty());
  }
}

}  // namespace
}  // namespace libmpi
