// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/address.h"

#include <gtest/gtest.h>

#include "libmpi/text/fold.h"
#include "tests/record/show.h"

namespace libmpi {
namespace {

AddressFeatures Parse(const StatedAddress& stated, std::vector<Finding>* findings = nullptr) {
  std::vector<Finding> own;
  return ParseAddress(stated, findings == nullptr ? &own : findings);
}

std::string ShowWhole(std::string_view full) {
  return Show(Parse({"", "", "", "", std::string(full)}));
}

struct Case {
  const char* note;
  const char* input;
  const char* want;
};

TEST(AddressTest, OneAddressInItsNotations) {
  const char* want = "|13|千代田区|霞ガ関|2-1-1|";
  const Case cases[] = {
      {"words", "東京都千代田区霞が関2丁目1番1号", want},
      {"hyphens", "東京都千代田区霞が関2-1-1", want},
      {"full width", "東京都千代田区霞が関２－１－１", want},
      {"long-vowel marks", "東京都千代田区霞が関２ー１ー１", want},
      {"minus signs", "東京都千代田区霞が関2−1−1", want},
      {"kanji numerals", "東京都千代田区霞が関二丁目一番一号", want},
      {"kanji numerals and hyphens", "東京都千代田区霞が関二-一-一", want},
      {"kanji numerals and marks", "東京都千代田区霞が関二ー一ー一", want},
      {"with の", "東京都千代田区霞が関2の1の1", want},
      {"kanji numerals with の", "東京都千代田区霞が関二の一の一", want},
      {"mixed", "東京都千代田区霞が関2丁目1-1", want},
      {"番地", "東京都千代田区霞が関2丁目1番地1", want},
      {"small ke", "東京都千代田区霞ヶ関2-1-1", want},
      {"large ke", "東京都千代田区霞ケ関2-1-1", want},
      {"spaces", "東京都 千代田区 霞が関 2-1-1", want},
      {"spaces in the numbers", "東京都千代田区霞が関2丁目 1番 1号", want},
      {"leading zeros", "東京都千代田区霞が関02-01-01", want},
      {"postal code in front", "〒100-8916 東京都千代田区霞が関2-1-1", "1008916|13|千代田区|霞ガ関|2-1-1|"},
  };
  for (const Case& c : cases) EXPECT_EQ(ShowWhole(c.input), c.want) << c.note << ": " << c.input;
}

TEST(AddressTest, SplitsBuildingsOff) {
  const Case cases[] = {
      {"name", "渋谷区本町1-2-3ひまわり荘", "||渋谷区|本町|1-2-3|ヒマワリ荘"},
      {"name after a space", "渋谷区本町1-2-3 メゾン本町", "||渋谷区|本町|1-2-3|メゾン本町"},
      {"name and room", "渋谷区本町1-2-3 メゾン本町 301", "||渋谷区|本町|1-2-3|メゾン本町301"},
      {"room after a space", "渋谷区本町1-2-3 301号室", "||渋谷区|本町|1-2-3|301号室"},
      {"bare room after a space", "渋谷区本町1-2-3 301", "||渋谷区|本町|1-2-3|301"},
      {"room as a fourth number", "渋谷区本町1-2-3-301", "||渋谷区|本町|1-2-3|301"},
      {"a small fourth number stays", "渋谷区本町1-2-3-4", "||渋谷区|本町|1-2-3-4|"},
      {"storey", "渋谷区本町1-2-3 5F", "||渋谷区|本町|1-2-3|5F"},
      {"storey after a hyphen", "渋谷区本町1-2-5F", "||渋谷区|本町|1-2|5F"},
      {"words", "渋谷区本町1丁目2番3号 301号", "||渋谷区|本町|1-2-3|301号"},
      {"wing", "渋谷区本町1-2-3A棟", "||渋谷区|本町|1-2-3|A棟"},
      {"household of another", "渋谷区本町1-2-3 山田方", "||渋谷区|本町|1-2-3|山田方"},
      {"kanji numerals before a name", "渋谷区本町一丁目二番三号ひまわり荘", "||渋谷区|本町|1-2-3|ヒマワリ荘"},
  };
  for (const Case& c : cases) EXPECT_EQ(ShowWhole(c.input), c.want) << c.note << ": " << c.input;
}

TEST(AddressTest, ReadsLotNumbers) {
  const Case cases[] = {
      {"の", "魚沼市小出島1番地の3", "||魚沼市|小出島|1-3|"},
      {"番地 and number", "魚沼市小出島1番地3", "||魚沼市|小出島|1-3|"},
      {"hyphen", "魚沼市小出島1-3", "||魚沼市|小出島|1-3|"},
      {"one number", "魚沼市小出島123番地", "||魚沼市|小出島|123|"},
      {"大字", "魚沼市大字小出島123", "||魚沼市|小出島|123|"},
      {"字", "魚沼市小出島字上原123", "||魚沼市|小出島上原|123|"},
      {"大字 and 字", "魚沼市大字小出島字上原123", "||魚沼市|小出島上原|123|"},
      {"none", "魚沼市小出島", "||魚沼市|小出島||"},
  };
  for (const Case& c : cases) EXPECT_EQ(ShowWhole(c.input), c.want) << c.note << ": " << c.input;
}

TEST(AddressTest, FindsTheMunicipality) {
  const Case cases[] = {
      {"city and ward", "大阪府大阪市北区梅田1-1", "|27|大阪市北区|梅田|1-1|"},
      {"ward in kana city", "埼玉県さいたま市浦和区高砂1-1", "|11|サイタマ市浦和区|高砂|1-1|"},
      {"ward with ga", "横浜市保土ケ谷区川辺町2-9", "||横浜市保土ガ谷区|川辺町|2-9|"},
      {"no ward in other cities", "弘前市土手町区1", "||弘前市|土手町区|1|"},
      {"district dropped", "東京都西多摩郡瑞穂町箱根ケ崎2335", "|13|瑞穂町|箱根ガ崎|2335|"},
      {"district and village", "長野県下伊那郡阿智村駒場483", "|20|阿智村|駒場|483|"},
      {"Hokkaido", "北海道虻田郡倶知安町北1条東3丁目3", "|1|倶知安町|北1条東|3-3|"},
      {"Kyoto", "京都府京都市上京区下立売通", "|26|京都市上京区|下立売通||"},
      {"a city with 郡 in it", "福島県郡山市朝日1-23-7", "|7|郡山市|朝日|1-23-7|"},
      {"another", "奈良県大和郡山市北郡山町248-4", "|29|大和郡山市|北郡山町|248-4|"},
      {"two 市", "三重県四日市市諏訪町1-5", "|24|四日市市|諏訪町|1-5|"},
      {"two 市 with an iteration mark", "石川県野々市市三納1-1", "|17|野野市市|三納|1-1|"},
      {"町 in a city", "東京都町田市森野2-2-22", "|13|町田市|森野|2-2-22|"},
      {"村 in a city", "東京都東村山市本町1-2-3", "|13|東村山市|本町|1-2-3|"},
      {"日 and 町 in a city", "新潟県十日町市千歳町3-3", "|15|十日町市|千歳町|3-3|"},
      {"市 in a town", "富山県中新川郡上市町法音寺1", "|16|上市町|法音寺|1|"},
      {"district with 市", "北海道余市郡余市町朝日町26", "|1|余市町|朝日町|26|"},
      {"district with 村", "山形県北村山郡大石田町緑町1", "|6|大石田町|緑町|1|"},
      {"a ward before a town with 市", "新宿区市谷本村町5-1", "||新宿区|市谷本村町|5-1|"},
      {"numerals in a city", "新潟県三条市旭町2-3-1", "|15|三条市|旭町|2-3-1|"},
      {"tail of a prefecture's name is no prefecture", "京都市中京区寺町通1", "||京都市中京区|寺町通|1|"},
  };
  for (const Case& c : cases) EXPECT_EQ(ShowWhole(c.input), c.want) << c.note << ": " << c.input;
}

TEST(AddressTest, NumeralsInNamesStay) {
  const Case cases[] = {
      {"八丁堀", "中央区八丁堀2-1", "||中央区|八丁堀|2-1|"},
      {"三宅", "三宅村坪田1", "||三宅村|坪田|1|"},
      {"一の宮", "多摩市一の宮1-2-3", "||多摩市|一ノ宮|1-2-3|"},
      {"六本木", "港区六本木六丁目1-1", "||港区|六本木|6-1-1|"},
      {"三番町", "千代田区三番町6-14", "||千代田区|三番町|6-14|"},
      {"３番町", "千代田区３番町6-14", "||千代田区|三番町|6-14|"},
      {"一番町", "仙台市青葉区一番町3-7-1", "||仙台市青葉区|一番町|3-7-1|"},
      {"北一条西", "札幌市中央区北一条西二丁目1番1号", "||札幌市中央区|北1条西|2-1-1|"},
      {"北1条西", "札幌市中央区北1条西2-1-1", "||札幌市中央区|北1条西|2-1-1|"},
      {"十文字", "横手市十文字町本町1", "||横手市|十文字町本町|1|"},
      {"四谷", "新宿区四谷一の二", "||新宿区|四谷|1-2|"},
  };
  for (const Case& c : cases) EXPECT_EQ(ShowWhole(c.input), c.want) << c.note << ": " << c.input;
}

TEST(AddressTest, ReadsEveryNumeral) {
  const std::pair<const char*, const char*> numerals[] = {
      {"〇", "0"}, {"一", "1"}, {"二", "2"}, {"三", "3"}, {"四", "4"}, {"五", "5"},    {"六", "6"},
      {"七", "7"}, {"八", "8"}, {"九", "9"}, {"十", "10"}, {"百", "100"}, {"百二十三", "123"}};
  for (const auto& [numeral, digits] : numerals)
    EXPECT_EQ(ShowWhole("渋谷区本町" + std::string(numeral) + "番地"), "||渋谷区|本町|" + std::string(digits) + "|") << numeral;
}

TEST(AddressTest, FieldsMayOverlap) {
  struct FieldCase {
    const char* note;
    StatedAddress input;
    const char* want;
  };
  const char* want = "1008916|13|千代田区|霞ガ関|2-1-1|";
  const FieldCase cases[] = {
      {"one a field", {"100-8916", "東京都", "千代田区", "霞が関2-1-1", ""}, want},
      {"short prefecture", {"1008916", "東京", "千代田区", "霞が関2-1-1", ""}, want},
      {"small ke and a building", {"", "東京", "千代田区", "霞ケ関２－１－１ 庁舎３F", ""}, "|13|千代田区|霞ガ関|2-1-1|庁舎3F"},
      {"city's field with the prefecture, の", {"", "", "東京都千代田区", "霞が関2丁目1の1", ""}, "|13|千代田区|霞ガ関|2-1-1|"},
      {"ward of a large city", {"980-0811", "宮城県", "仙台市青葉区", "一番町3-7-1", ""},
       "9800811|4|仙台市青葉区|一番町|3-7-1|"},
      {"district and 字", {"", "宮城県", "柴田郡大河原町", "字新南19", ""}, "|4|大河原町|新南|19|"},
      {"two 市", {"", "", "", "", "三重県四日市市諏訪町1番5号"}, "|24|四日市市|諏訪町|1-5|"},
      {"numeral in the town", {"", "東京都", "三鷹市", "野崎一丁目1番1号", ""}, "|13|三鷹市|野崎|1-1-1|"},
      {"丁 in the town", {"", "東京都", "中央区", "八丁堀2-1", ""}, "|13|中央区|八丁堀|2-1|"},
      {"prefecture by code", {"1008916", "13", "千代田区", "霞が関2-1-1", ""}, want},
      {"prefecture in the city's field", {"１００－８９１６", "", "東京都千代田区", "霞が関2-1-1", ""}, want},
      {"city in the street's field", {"〒100-8916", "東京都", "", "千代田区霞が関2-1-1", ""}, want},
      {"all in the street's field", {"100 8916", "", "", "東京都千代田区霞が関2-1-1", ""}, want},
      {"city twice", {"1008916", "東京都", "千代田区", "千代田区霞が関2-1-1", ""}, want},
      {"all twice", {"1008916", "東京都", "千代田区", "東京都千代田区霞が関2-1-1", ""}, want},
      {"whole address", {"1008916", "", "", "", "東京都千代田区霞が関2-1-1"}, want},
      {"town in the city's field", {"1008916", "東京都", "千代田区霞が関", "2-1-1", ""}, want},
      {"ward in the street's field", {"", "", "大阪市", "北区梅田1-1", ""}, "||大阪市北区|梅田|1-1|"},
      {"district", {"", "東京都", "西多摩郡瑞穂町", "箱根ケ崎2335", ""}, "|13|瑞穂町|箱根ガ崎|2335|"},
      {"city without its ending", {"", "", "千代田", "霞が関2-1-1", ""}, "||千代田|霞ガ関|2-1-1|"},
      {"Hokkaido", {"", "北海道", "札幌市", "中央区北1条西2", ""}, "|1|札幌市中央区|北1条西|2|"},
  };
  for (const FieldCase& c : cases) EXPECT_EQ(Show(Parse(c.input)), c.want) << c.note;
}

TEST(AddressTest, LatinAddresses) {
  struct FieldCase {
    const char* note;
    StatedAddress input;
    const char* want;
  };
  const FieldCase cases[] = {
      {"number first", {"4510", "nsw", "winston hills", "12 miller street", ""}, "0004510||WINSTON HILLS|MILLER STREET|12|"},
      {"no number", {"4510", "", "winston hills", "miller street", ""}, "0004510||WINSTON HILLS|MILLER STREET||"},
      {"whole address", {"", "", "", "12 Miller Street", ""}, "|||MILLER STREET|12|"},
      {"number with a letter", {"", "", "", "12a Miller St.", ""}, "|||MILLER ST|12A|"},
      {"unit", {"", "", "", "Unit 3, 12 Miller St", ""}, "|||UNIT MILLER ST|3-12|"},
      {"marks on letters", {"", "", "", "5 Rue de l'Église", ""}, "|||RUE DE LEGLISE|5|"},
  };
  for (const FieldCase& c : cases) EXPECT_EQ(Show(Parse(c.input)), c.want) << c.note;
}

TEST(AddressTest, PostalCodes) {
  struct PostalCase {
    const char* note;
    const char* input;
    const char* want;
    const char* findings;
  };
  const PostalCase cases[] = {
      {"hyphen", "100-0013", "1000013", ""},
      {"plain", "1000013", "1000013", ""},
      {"full width", "１００－００１３", "1000013", ""},
      {"sign", "〒100-0013", "1000013", ""},
      {"lost zero", "600001", "0600001", ""},
      {"two lost zeros", "10001", "0010001", ""},
      {"another country's", "4510", "0004510", ""},
      {"three digits", "100", "", "postal_unreadable postal_code"},
      {"eight digits", "10000131", "", "postal_unreadable postal_code"},
      {"zeros", "000-0000", "", "postal_unreadable postal_code"},
      {"nines", "999-9999", "", "postal_unreadable postal_code"},
      {"letters", "SW1A", "", "postal_unreadable postal_code"},
      {"unknown", "不明", "", ""},
      {"empty", "", "", ""},
  };
  for (const PostalCase& c : cases) {
    std::vector<Finding> findings;
    EXPECT_EQ(Parse({c.input, "", "", "", ""}, &findings).postal_code, c.want) << c.note;
    EXPECT_EQ(Show(findings), c.findings) << c.note;
  }
}

TEST(AddressTest, KnowsEveryPrefecture) {
  const char* const names[] = {"北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
      "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県",
      "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県",
      "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"};
  for (int i = 0; i < 47; ++i) {
    const std::string name = names[i];
    EXPECT_EQ(Parse({"", name, "", "", ""}).prefecture, i + 1) << name;
    EXPECT_EQ(Parse({"", "", "", "", name + "本町市西1-1"}).prefecture, i + 1) << name;
    const std::string short_name = i == 0 ? name : name.substr(0, name.size() - 3);
    EXPECT_EQ(Parse({"", short_name, "", "", ""}).prefecture, i + 1) << name;
  }
  EXPECT_EQ(Parse({"", "京都市", "", "", ""}).prefecture, 0);
  EXPECT_EQ(Parse({"", "48", "", "", ""}).prefecture, 0);
}

TEST(AddressTest, NothingIsSaid) {
  for (const char* text : {"", "不明", "住所不定", " ", "　"})
    EXPECT_EQ(Show(Parse({"", "", "", text, ""})), "|||||") << text;
}

TEST(AddressTest, TakesAnyBytes) {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "字";
  for (const std::string& text : {std::string("\0\0", 2), std::string("\xff\xfe\xe3\x80"), std::string(100000, '1'), many,
                                  std::string("///"), std::string("-"), std::string("1-"), std::string("号"), std::string("区市町村郡")}) {
    Parse({text, text, text, text, text});
    Parse({"", "", "", text, ""});
    Parse({"", "", text, "", ""});
  }
}

}  // namespace
}  // namespace libmpi
