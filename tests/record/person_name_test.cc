// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/person_name.h"

#include <gtest/gtest.h>

#include "tests/record/show.h"

namespace libmpi {
namespace {

const ReadingModel& Readings() {
  static const auto* const readings = new ReadingModel();
  return *readings;
}

std::vector<NameFeatures> Parse(const StatedName& name, std::vector<Finding>* findings) {
  return ParseName(name, nullptr, Readings(), findings);
}

// The first form of each script only: what the name is taken for.
std::string ShowFirst(std::vector<NameFeatures> names) {
  for (NameFeatures& name : names)
    for (std::vector<NameForm>* forms : {&name.kanji, &name.kana, &name.latin})
      if (forms->size() > 1) forms->resize(1);
  return Show(names);
}

StatedName Full(std::string full, std::string kana = "") {
  StatedName name;
  name.full = std::move(full);
  name.full_kana = std::move(kana);
  return name;
}

StatedName Fields(std::string family, std::string given, std::string family_kana = "",
                  std::string given_kana = "", std::string latin = "") {
  StatedName name;
  name.family = std::move(family);
  name.given = std::move(given);
  name.family_kana = std::move(family_kana);
  name.given_kana = std::move(given_kana);
  name.latin = std::move(latin);
  return name;
}

struct Case {
  const char* note;
  StatedName input;
  const char* want;
  const char* findings;
};

void Check(const Case& c) {
  std::vector<Finding> findings;
  EXPECT_EQ(Show(Parse(c.input, &findings)), c.want) << c.note;
  EXPECT_EQ(Show(findings), c.findings) << c.note;
}

void CheckFirst(const Case& c) {
  std::vector<Finding> findings;
  EXPECT_EQ(ShowFirst(Parse(c.input, &findings)), c.want) << c.note;
  EXPECT_EQ(Show(findings), c.findings) << c.note;
}

TEST(PersonNameTest, OneNameInItsSpellings) {
  const Case cases[] = {
      {"space", Full("山田 太郎", "ヤマダ タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"wide space", Full("山田　太郎", "ヤマダ　タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"several spaces", Full(" 山田 　太郎 ", "ヤマダ  タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"half-width kana", Full("山田 太郎", "ﾔﾏﾀﾞ ﾀﾛｳ"), "山田 太郎; ヤマダ タロウ", ""},
      {"hiragana", Full("山田 太郎", "やまだ たろう"), "山田 太郎; ヤマダ タロウ", ""},
      {"fields", Fields("山田", "太郎", "ヤマダ", "タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"whole name in the family's field", Fields("山田 太郎", "", "ヤマダ タロウ", ""), "山田 太郎; ヤマダ タロウ", ""},
      {"comma", Full("山田，太郎", "ヤマダ，タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"dot", Full("山田・太郎", "ヤマダ・タロウ"), "山田 太郎; ヤマダ タロウ", ""},
      {"small kana", Full("京野 翔太", "キョウノ ショウタ"), "京野 翔太; キヨウノ シヨウタ", ""},
      {"old forms", Full("髙橋 德男", "タカハシ トクオ"), "高橋 徳男; タカハシ トクオ", ""},
      {"beyond the BMP", Full("𠮷田 太郎"), "吉田 太郎", ""},
      {"iteration mark", Full("佐々木 太郎"), "佐佐木 太郎", ""},
      {"given name in kana", Full("山田 さくら", "ヤマダ サクラ"), "山田 サクラ; ヤマダ サクラ", ""},
      {"kana in the name's field", Full("ﾔﾏﾀﾞ ﾀﾛｳ"), "ヤマダ タロウ", ""},
      {"kana in the name's field and its own", Full("やまだ たろう", "ヤマダ タロウ"), "ヤマダ タロウ", ""},
      {"fields exchanged", Full("ヤマダ タロウ", "山田 太郎"), "山田 太郎; ヤマダ タロウ", ""},
      {"family alone", Fields("山田", ""), "山田 ", ""},
      {"given alone", Fields("", "太郎"), " 太郎", ""},
      {"one letter", Full("山"), "山 ?", "name_unsplit name"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, LatinNames) {
  const Case cases[] = {
      {"either order", Full("Taro Yamada"), "TARO YAMADA / YAMADA TARO?", ""},
      {"comma", Full("Yamada, Taro"), "YAMADA TARO", ""},
      {"full width", Full("ＹＡＭＡＤＡ，　ＴＡＲＯ"), "YAMADA TARO", ""},
      {"capitals first", Full("YAMADA Taro"), "YAMADA TARO", ""},
      {"capitals last", Full("Taro YAMADA"), "YAMADA TARO", ""},
      {"several parts", Full("Smith John Paul"), "SMITH JOHNPAUL / PAUL SMITHJOHN?", ""},
      {"marks", Full("Müller, José"), "MULLER JOSE", ""},
      {"fields", Fields("van der Berg", "Anne-Marie"), "VANDERBERG ANNEMARIE", ""},
      {"one word", Full("Pelé"), "PELE ?", ""},
      {"romaji in the kana's field", Full("山田 太郎", "YAMADA, TARO"), "山田 太郎; YAMADA TARO", ""},
      {"a field of its own", Fields("山田", "太郎", "ヤマダ", "タロウ", "YAMADA, TARO"),
       "山田 太郎; ヤマダ タロウ; YAMADA TARO", ""},
      {"kana tell the order", Full("Taro Yamada", "ヤマダ タロウ"), "ヤマダ タロウ; YAMADA TARO?", ""},
      {"kana confirm the order", Full("Yamada Taro", "ヤマダ タロウ"), "ヤマダ タロウ; YAMADA TARO", ""},
      {"two names in one field", Full("SMITH JOHN スミス ジョン"), "スミス ジヨン; SMITH JOHN", ""},
      {"Latin given name", Full("山田 Mary"), "山田 MARY", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, ForeignNames) {
  const Case cases[] = {
      {"katakana, dotted", Full("マイケル・ジョーンズ"), "マイケル ジヨーンズ / ジヨーンズ マイケル?", ""},
      {"half-width dot", Full("ﾏｲｹﾙ･ｼﾞｮｰﾝｽﾞ"), "マイケル ジヨーンズ / ジヨーンズ マイケル?", ""},
      {"another, dotted", Full("マリア・サントス"), "マリア サントス / サントス マリア?", ""},
      {"several parts in two scripts", Full("NGUYEN THI HOA", "グエン ティ ホア"),
       "グエン テイホア / ホア グエンテイ?; NGUYEN THIHOA / HOA NGUYENTHI?", ""},
      {"three parts", Full("マイケル・ジョン・スミス"), "マイケル ジヨンスミス / スミス マイケルジヨン?", ""},
      {"alias in brackets", Full("金 民秀（通称 金田 民秀）"), "金 民秀 + former 金田 民秀", "name_annotation name"},
      {"alias in brackets, unsplit", Full("金 民秀（金田民秀）"), "金 民秀 + former 金田 民秀", "name_annotation name"},
      {"Latin with an alias", Full("KIM, MINSU (金田 民秀)"), "KIM MINSU + former 金田 民秀", "name_annotation name"},
      {"real name", Full("金田 民秀(本名:金 民秀)"), "金田 民秀 + former 金 民秀", "name_annotation name"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, TakesAnnotationsOff) {
  const char* plain = "山田 花子";
  const Case cases[] = {
      {"様", Full("山田 花子 様"), plain, "name_annotation name"},
      {"様 glued", Full("山田 花子様"), plain, "name_annotation name"},
      {"殿", Full("山田 花子殿"), plain, "name_annotation name"},
      {"さん", Full("山田 花子 さん"), plain, "name_annotation name"},
      {"氏", Full("山田 花子 氏"), plain, "name_annotation name"},
      {"君", Full("山田 花子 君"), plain, "name_annotation name"},
      {"ちゃん", Full("山田 花子 ちゃん"), plain, "name_annotation name"},
      {"先生", Full("山田 花子 先生"), plain, "name_annotation name"},
      {"dead", Full("故 山田 花子"), plain, "name_annotation name"},
      {"dead in brackets", Full("（故）山田 花子"), plain, "name_annotation name"},
      {"dead behind", Full("山田 花子（故）"), plain, "name_annotation name"},
      {"dead with a dot", Full("故・山田 花子"), plain, "name_annotation name"},
      {"sex", Full("山田 花子(女)"), plain, "name_annotation name"},
      {"asterisk", Full("*山田 花子"), plain, "name_annotation name"},
      {"mark behind", Full("山田 花子※"), plain, "name_annotation name"},
      {"number behind", Full("山田 花子2"), plain, "name_annotation name"},
      {"circled number behind", Full("山田 花子②"), plain, "name_annotation name"},
      {"same name in brackets", Full("山田 花子【同姓同名】"), plain, "name_annotation name"},
      {"bracket between the parts", Full("山田(故)花子"), plain, "name_annotation name"},
      {"kana in the field", Full("ﾔﾏﾀﾞ ﾊﾅｺ ｻﾏ"), "ヤマダ ハナコ", "name_annotation name"},
      {"チャン after a Japanese name", Full("ﾔﾏﾀﾞ ﾊﾅｺ ﾁｬﾝ"), "ヤマダ ハナコ", "name_annotation name"},
      {"Mr", Full("Mr. SMITH John"), "SMITH JOHN", "name_annotation name"},
      {"Ms", Full("Ms SMITH, Jane"), "SMITH JANE", "name_annotation name"},
      {"Jr.", Full("SMITH, John, Jr."), "SMITH JOHN", "name_annotation name"},
      {"Jr. inside", Full("SMITH Jr., John"), "SMITH JOHN", "name_annotation name"},
      {"third", Full("SMITH John III"), "SMITH JOHN", "name_annotation name"},
      {"reading in brackets", Full("山田 花子(ヤマダ ハナコ)"), "山田 花子; ヤマダ ハナコ", "name_annotation name"},
      {"reading in brackets, said again", Full("山田 花子(やまだ はなこ)", "ヤマダ ハナコ"), "山田 花子; ヤマダ ハナコ",
       "name_annotation name"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, LeavesNamesThatLookLikeAnnotations) {
  const Case cases[] = {
      {"鵜殿", Full("鵜殿 花子"), "鵜殿 花子", ""},
      {"鵜殿 in a field", Fields("鵜殿", "花子"), "鵜殿 花子", ""},
      {"君 as a given name", Full("山田 君"), "山田 君", ""},
      {"君子", Full("山田 君子"), "山田 君子", ""},
      {"三男", Full("山田 三男"), "山田 三男", ""},
      {"健児", Full("山田 健児"), "山田 健児", ""},
      {"チャン", Full("チャン ジャッキー"), "チヤン ジヤツキー", ""},
      {"three parts, the last チャン", Full("", "ファム ティ チャン"), "フアム テイチヤン / チヤン フアムテイ?", ""},
      {"ends in チャン", Full("ジャッキー チャン"), "ジヤツキー チヤン", ""},
      {"さくら", Full("山田 さくら"), "山田 サクラ", ""},
      {"様 in a family name", Full("様田 花子"), "様田 花子", ""},
      {"O'Neill", Full("O'Neill, Jane"), "ONEILL JANE", ""},
      {"hyphen", Full("Smith-Jones, Jane"), "SMITHJONES JANE", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, FormerNames) {
  const char* both = "山田 花子 + former 佐藤 ";
  const char* noted = "name_annotation name";
  const Case cases[] = {
      {"in brackets", Full("山田 花子（旧姓 佐藤）"), both, noted},
      {"between the parts", Full("山田（旧姓 佐藤）花子"), both, noted},
      {"with a colon", Full("山田 花子(旧姓：佐藤)"), both, noted},
      {"glued", Full("山田 花子（旧姓佐藤）"), both, noted},
      {"short", Full("山田 花子(旧佐藤)"), both, noted},
      {"no mark", Full("山田(佐藤) 花子"), "山田 花子 + former 佐藤 ?", noted},
      {"square brackets", Full("山田 花子［旧姓 佐藤］"), both, noted},
      {"without brackets", Full("山田 花子 旧姓 佐藤"), both, noted},
      {"whole former name", Full("山田 花子（旧姓 佐藤花子）"), "山田 花子 + former 佐藤 花子", noted},
      {"whole former name, split", Full("山田 花子（旧姓 佐藤 花子）"), "山田 花子 + former 佐藤 花子", noted},
      {"three letters", Full("山田 花子（旧姓 長谷川）"), "山田 花子 + former 長谷川 ", noted},
  };
  for (const Case& c : cases) CheckFirst(c);
}

TEST(PersonNameTest, NewbornsHaveNoGivenName) {
  const Case cases[] = {
      {"ベビー", Full("山田 ベビー", "ヤマダ ベビー"), "山田 ; ヤマダ ", "name_annotation name, name_annotation kana"},
      {"half width", Full("", "ﾔﾏﾀﾞ ﾍﾞﾋﾞｰ"), "ヤマダ ?", "name_annotation kana"},
      {"mother's name", Full("山田 花子 ベビー"), "山田 ", "name_annotation name"},
      {"mother's name and kana", Full("山田 花子ベビー", "ヤマダ ハナコ"), "山田 ; ヤマダ ", "name_annotation name"},
      {"unsplit", Full("山田花子ベビー"), "山田 ?", "name_annotation name"},
      {"in front", Full("ベビー山田"), "山田 ?", "name_annotation name"},
      {"児", Full("山田 花子 児"), "山田 ", "name_annotation name"},
      {"first child", Full("山田 花子 第一子"), "山田 ", "name_annotation name"},
      {"first child by digit", Full("山田 第1子"), "山田 ?", "name_annotation name"},
      {"in brackets", Full("山田 花子（第二子）"), "山田 ", "name_annotation name"},
      {"eldest son", Full("山田 花子 長男"), "山田 ", "name_annotation name"},
      {"の子", Full("山田 花子の子"), "山田 ", "name_annotation name"},
      {"baby", Full("SMITH, Baby"), "SMITH ?", "name_annotation name"},
  };
  for (const Case& c : cases) {
    std::vector<Finding> findings;
    std::string got = Show(Parse(c.input, &findings));
    // Whether the family name was stated or found is no matter here.
    auto plain = [](std::string text) {
      std::erase(text, '?');
      return text;
    };
    EXPECT_EQ(plain(got), plain(c.want)) << c.note;
    EXPECT_EQ(Show(findings), c.findings) << c.note;
  }
}

TEST(PersonNameTest, FindsTestPatients) {
  for (const char* text : {"テスト 患者", "ﾃｽﾄ ﾀﾛｳ", "てすと たろう", "TEST PATIENT", "ダミー 太郎", "テスト患者1",
                           "患者 テスト", "カンジャテスト", "山田 太郎（テスト）", "動作確認 一", "test 01"}) {
    std::vector<Finding> findings;
    Parse(Full(text), &findings);
    EXPECT_NE(Show(findings).find("name_test"), std::string::npos) << text;
  }
  for (const char* text : {"山田 太郎", "TESTA MARIA", "テツオ 山田", "テストーニ マリア", "エルネスト ゲバラ", "用賀 動"}) {
    std::vector<Finding> findings;
    Parse(Full(text), &findings);
    EXPECT_EQ(Show(findings).find("name_test"), std::string::npos) << text;
  }
}

TEST(PersonNameTest, UnknownGlyphsStay) {
  const char* found = "unknown_glyph name";
  const Case cases[] = {
      {"square", Full("■田 太郎"), "■田 太郎", found},
      {"geta", Full("〓田 太郎"), "■田 太郎", found},
      {"question mark", Full("?田 太郎"), "■田 太郎", found},
      {"wide question mark", Full("？田 太郎"), "■田 太郎", found},
      {"empty square", Full("□田 太郎"), "■田 太郎", found},
      {"malformed bytes", Full("\xff田 太郎"), "■田 太郎", found},
      {"not at the start", Full("山■ 太郎"), "山■ 太郎", found},
      {"in kana", Full("ヤマ■ タロウ"), "ヤマ■ タロウ", found},
      {"in kana, question mark", Full("ﾔﾏ? ﾀﾛｳ"), "ヤマ■ タロウ", found},
      {"in kana, empty square", Full("やま□ たろう"), "ヤマ■ タロウ", found},
      {"in half-width kana, geta", Full("ﾔﾏ〓 ﾀﾛｳ"), "ヤマ■ タロウ", found},
      {"in kana, unsplit, dots", Full("ヤマ●タロウ"), "ヤマ■ タロウ? / ヤマ ■タロウ? / ヤマ■タ ロウ?",
       "unknown_glyph name, name_unsplit kana"},
      {"beside unsplit kanji", Full("山田太郎", "ヤマ○タロウ"), "山田 太郎?; ヤマ■ タロウ?", "unknown_glyph kana, name_unsplit name"},
      {"in Latin", Full("M?LLER, Jos?"), "M■LLER JOS■", found},
      {"in Latin, square", Full("YAMADA Tar□"), "YAMADA TAR■", found},
      {"in Latin, in fields", Fields("YAMAD〓", "Taro"), "YAMAD■ TARO", "unknown_glyph family"},
      {"in Latin, nothing else", Full("SMITH, ?"), "SMITH ", found},
      {"in Latin, a word of its own", Full("SMITH ??? JOHN"), "SMITH JOHN / JOHN SMITH?", found},
      {"in both scripts", Full("山■ 太郎", "ヤマ? タロウ"), "山■ 太郎; ヤマ■ タロウ", "unknown_glyph name, unknown_glyph kana"},
      {"a whole part", Full("山田 ■■"), "山田 ■■", found},
      {"everything", Full("■■ ■■"), "", found},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, RefusesWhatIsNoName) {
  const Case cases[] = {
      {"digits", Full("12345"), "", "name_annotation name, name_unreadable name"},
      {"signs", Full("／／"), "", "name_unreadable name"},
      {"asterisks", Full("***"), "", "name_annotation name, name_unreadable name"},
      {"unknown", Full("不明"), "", ""},
      {"dash", Full("-"), "", ""},
      {"empty", Full(""), "", ""},
      {"spaces", Full("　 "), "", ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(PersonNameTest, LetterSpacedNamesAreUnsplit) {
  std::vector<Finding> findings;
  EXPECT_EQ(ShowFirst(Parse(Full("山 田 太 郎"), &findings)), "山田 太郎?");
  EXPECT_EQ(ShowFirst(Parse(Full("林　　太郎"), &findings)), "林 太郎");
}

TEST(PersonNameTest, TakesAnyBytes) {
  std::string kanji, kana;
  for (int i = 0; i < 20000; ++i) {
    kanji += "山";
    kana += "ヤ";
  }
  const std::string inputs[] = {std::string("\0\0", 2), std::string("山\0田", 7), "\xff\xfe\xe5", kanji, kana,
                                std::string(100000, '('), std::string(100000, ' '), std::string(100000, 'A'),
                                "(((", ")))", "（）", "旧姓", "（旧姓）", "様", " 様", "様 様 様", "ベビー", "故", ",", ", ,",
                                "・", "・・・", "/", "///", "*", "*****", "々", "山田 々", "ー", "゛", "(ヤマダ)", "JR", "MR"};
  for (const std::string& input : inputs)
    for (const std::string& other : {std::string(), std::string("ヤマダタロウ"), input}) {
      std::vector<Finding> findings;
      for (const NameFeatures& name : Parse(Full(input, other), &findings))
        for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) EXPECT_LE(forms->size(), 3u);
      Parse(Fields(input, other, other, input, input), &findings);
    }
}

}  // namespace
}  // namespace libmpi
