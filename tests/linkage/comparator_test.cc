// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/comparator.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "libmpi/linkage/field_comparisons.h"
#include "libmpi/record/standardize.h"
#include "testing/records.h"

namespace libmpi {
namespace {

std::string PatternOf(const std::string& a, const std::string& b) {
  static const ReadingModel* const readings = new ReadingModel();
  const Standardizer standardizer;
  EncodedRecords records;
  records.more.emplace_back();
  for (const std::string& line : {a, b}) {
    MoreValues more;
    records.records.push_back(EncodeFeatures(standardizer.Standardize(ParseRecord(line)),
                                             *readings, &records.texts, &more));
    records.more.push_back(more);
    records.records.back().more = static_cast<uint32_t>(records.more.size() - 1);
  }
  records.texts.Freeze();
  Comparator comparator(&records, readings);
  const std::string pattern = comparator.Compare(0, 1).pattern.ToString();
  EXPECT_EQ(pattern, comparator.Compare(1, 0).pattern.ToString()) << a << " " << b;
  return pattern;
}

struct Case {
  const char* note;
  const char* a;
  const char* b;
  const char* pattern;
};

TEST(ComparatorTest, Names) {
  const Case kCases[] = {
      {"both scripts equal", "1|佐藤 恵子|サトウ ケイコ", "2|佐藤　恵子|ｻﾄｳ ｹｲｺ",
       "family_name:both_equal given_name:both_equal"},
      {"kana a letter apart, kanji with nothing in common", "1|佐藤 湊|サトウ ミナト", "2|佐藤 陽翔|サトウ ヒナト",
       "family_name:both_equal given_name:both_different"},
      {"old and new kanji", "1|渡邊 太郎|ワタナベ タロウ", "2|渡辺 太郎|ワタナベ タロウ",
       "family_name:both_equal given_name:both_equal"},
      {"confused kanji", "1|斎藤 太郎|サイトウ タロウ", "2|斉藤 太郎|サイトウ タロウ",
       "family_name:kana_equal_kanji_shared given_name:both_equal"},
      {"same kana, other kanji", "1|佐藤 陽子|サトウ ヨウコ", "2|佐藤 洋子|サトウ ヨウコ",
       "family_name:both_equal given_name:kana_equal_kanji_shared"},
      {"same kanji, far kana", "1|佐藤 登子|サトウ ノリコ", "2|佐藤 登子|サトウ ヒロエ",
       "family_name:both_equal given_name:kanji_equal_kana_far"},
      {"twins by kana", "1|佐藤 静子|サトウ シズコ", "2|佐藤 鹿子|サトウ シカコ",
       "family_name:both_equal given_name:both_kana_near"},
      {"kana only", "1||ヤマダ タロウ", "2||ﾔﾏﾀﾞ ﾀﾛｳ",
       "family_name:kana_equal given_name:kana_equal"},
      {"long vowels and voiced marks", "1||オオノ ユウコ", "2||オノ ユコ",
       "family_name:kana_loose given_name:kana_loose"},
      {"kanji only", "1|山田 太郎", "2|山田 花子",
       "family_name:kanji_equal given_name:kanji_different"},
      {"kanji against kana", "1|佐藤 恵子", "2||サトウ ケイコ",
       "family_name:reading_likely given_name:reading_likely"},
      {"kanji against other kana", "1|佐藤 恵子", "2||タナカ ジロウ",
       "family_name:reading_unlikely given_name:reading_unlikely"},
      {"unknown glyph", "1|山■ 太郎", "2|山崎 太郎",
       "given_name:kanji_equal"},
      {"unknown glyph that does not fit", "1|山■ 太郎", "2|田崎 太郎",
       "family_name:kanji_different given_name:kanji_equal"},
      {"unknown glyph, the kana tell", "1|山■ 太郎|ヤマザキ タロウ", "2|山崎 太郎|ヤマザキ タロウ",
       "family_name:kana_equal given_name:both_equal"},
      {"unknown glyph against kana", "1|山■ 太郎", "2||ヤマザキ タロウ", "given_name:reading_likely"},
      {"romaji against kana", "1|OHNO Keiko", "2||オオノ ケイコ",
       "family_name:latin_equal given_name:latin_equal"},
      {"swapped", "1|恵子 佐藤|ケイコ サトウ", "2|佐藤 恵子|サトウ ケイコ",
       "family_name:both_equal given_name:both_equal"},
      {"unsplit", "1|山田太郎", "2|山田 太郎",
       "family_name:kanji_equal given_name:kanji_equal"},
      {"nothing in common to compare", "1|", "2|山田 太郎", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(PatternOf(c.a, c.b), c.pattern) << c.note;
}

TEST(ComparatorTest, OtherFields) {
  const Case kCases[] = {
      {"a digit slip", "1|||1980-01-02", "2|||1980-01-03", "birth_date:slip"},
      {"month and day swapped", "1|||1980-03-04", "2|||1980-04-03", "birth_date:slip"},
      {"wrong era", "1|||1950-03-14", "2|||2013-03-14", "birth_date:slip"},
      {"transposed digits", "1|||1980-12-15", "2|||1980-12-51", ""},
      {"two components", "1|||1980-01-15", "2|||1957-01-15", "birth_date:close"},
      {"different", "1|||1980-01-15", "2|||1957-11-28", "birth_date:different"},
      {"sex", "1||||男", "2||||F", "sex:differ"},
      {"card and branch", "1|||||01130012/12/345/01", "2|||||０１１３００１２/１２/３４５/01",
       "coverage:same_card_same_branch"},
      {"siblings", "1|||||01130012/12/345/01", "2|||||01130012/12/345/02",
       "coverage:same_card_other_branch"},
      {"the branch glued to one number", "1|||||01130012/12/345678/01", "2|||||01130012/12/34567801/",
       "coverage:same_card_same_branch"},
      {"another branch glued to one number", "1|||||01130012/12/345678/01", "2|||||01130012/12/34567802/",
       "coverage:same_card_other_branch"},
      {"a branch missing", "1|||||01130012/12/345/01", "2|||||01130012/12/345/",
       "coverage:same_card_branch_missing"},
      {"75th birthday says nothing", "1|||||01130012/12/345/01", "2|||||39131012//12345678/", ""},
      {"short numbers of unknown insurers", "1|||||//12/", "2|||||//12/", ""},
      {"long numbers of unknown insurers", "1|||||//1234567/", "2|||||//1234567/",
       "coverage:same_card_branch_missing"},
      {"neighbours in one town's 国保", "1|||||138057//7/", "2|||||138057//8/", "coverage:same_insurer"},
      {"a slip in a long number", "1|||||138057//1234567/", "2|||||138057//1234568/", "coverage:number_near"},
      {"a slip within an employer", "1|||||01130012/1234/58/", "2|||||01130012/1234/51/", "coverage:number_near"},
      {"an insurer's failed check digit", "1|||||99999998//12/", "2|||||99999998//12/", ""},
      {"公費 beside 社保", "1|||||51326015//1234567/", "2|||||01130012/12/345/", ""},
      {"elderly of two prefectures", "1|||||39131156//12345678/", "2|||||39011150//12345678/",
       "coverage:elderly_near"},
      {"towns without numbers", "1||||||東京都/千代田区/霞が関", "2||||||東京都/千代田区/霞が関", "address:same_town"},
      {"one city name in two prefectures", "1||||||東京都/府中市/本町1-2", "2||||||広島県/府中市/本町1-2",
       "address:different"},
      {"phones", "1|||||||03-1234-5678", "2|||||||０３（１２３４）５６７８", "phone:landline_same"},
      {"mobile against land line", "1|||||||03-1234-5678", "2|||||||090-1234-5678", ""},
      {"address notations", "1||||||東京都/千代田区/霞が関２丁目１番１号",
       "2||||||東京都/千代田区/霞が関2-1-1", "address:same"},
  };
  for (const Case& c : kCases) EXPECT_EQ(PatternOf(c.a, c.b), c.pattern) << c.note;
}

TEST(CompareCareTest, NumbersBelongToTheirInsurers) {
  const PackedDigits number("0000012345"), slip("0000012346");
  EXPECT_EQ(CompareCare({number, 131011}, {number, 131011}), kCareSame);
  EXPECT_EQ(CompareCare({number, 131011}, {number, 0}), kCareSame);
  EXPECT_EQ(CompareCare({number, 131011}, {number, 12021}), kCareNear);
  EXPECT_EQ(CompareCare({number, 131011}, {slip, 131011}), kCareNear);
  EXPECT_EQ(CompareCare({number, 131011}, {slip, 12021}), kCareDifferent);
  EXPECT_EQ(CompareCare({number, 131011}, {}), kCareMissing);
}

TEST(CompareBirthTest, IsSymmetricOverManyDates) {
  std::mt19937 random(29);
  auto date = [&] {
    return EncodeDate({static_cast<int16_t>(1930 + random() % 90),
                       static_cast<uint8_t>(1 + random() % 12),
                       static_cast<uint8_t>(1 + random() % 28)});
  };
  for (int i = 0; i < 100000; ++i) {
    const EncodedDate a = date(), b = date();
    ASSERT_EQ(CompareBirth(a, b), CompareBirth(b, a));
    ASSERT_EQ(CompareBirth(a, a), kBirthEqual);
  }
}

}  // namespace
}  // namespace libmpi
