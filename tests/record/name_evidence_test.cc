// SPDX-License-Identifier: Apache-2.0
// Where unsplit names divide and whether parts are swapped.
#include <gtest/gtest.h>

#include "libmpi/record/name_split.h"
#include "libmpi/record/person_name.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"
#include "tests/record/show.h"

namespace libmpi {
namespace {

const ReadingModel& Readings() {
  static const auto* const readings = new ReadingModel();
  return *readings;
}

NameFeatures ParseOne(std::string full, std::string kana = "", const NameCounts* counts = nullptr) {
  StatedName name;
  name.full = std::move(full);
  name.full_kana = std::move(kana);
  std::vector<Finding> findings;
  std::vector<NameFeatures> names = ParseName(name, counts, Readings(), &findings);
  return names.empty() ? NameFeatures() : names[0];
}

std::string First(const std::vector<NameForm>& forms) {
  return forms.empty() ? "" : forms[0].family + " " + forms[0].given;
}

struct Case {
  const char* note;
  const char* name;
  const char* kana;
  const char* want_name;  // the first form
  const char* want_kana;
};

TEST(NameEvidenceTest, SplitsUnsplitNames) {
  const Case cases[] = {
      {"2+2", "山田太郎", "", "山田 太郎", ""},
      {"2+3", "山崎弥三郎", "", "山崎 弥三郎", ""},
      {"1+2", "林太郎", "", "林 太郎", ""},
      {"3+1", "長谷川誠", "", "長谷川 誠", ""},
      {"3+2", "佐々木健一", "", "佐佐木 健一", ""},
      {"1+1", "森進", "", "森 進", ""},
      {"1+2 beside kana", "林太郎", "ハヤシ タロウ", "林 太郎", "ハヤシ タロウ"},
      {"both unsplit, female", "佐藤恵子", "サトウケイコ", "佐藤 恵子", "サトウ ケイコ"},
      {"kanji split, kana not", "長谷川 誠", "ハセガワマコト", "長谷川 誠", "ハセガワ マコト"},
      {"kana only, long", "", "タカハシケンイチ", "", "タカハシ ケンイチ"},
      {"kana given name", "山田さくら", "", "山田 サクラ", ""},
      {"kana only", "", "ヤマダタロウ", "", "ヤマダ タロウ"},
      {"half-width kana only", "", "ﾊｾｶﾞﾜﾏｺﾄ", "", "ハセガワ マコト"},
      {"both unsplit", "山田太郎", "ヤマダタロウ", "山田 太郎", "ヤマダ タロウ"},
      {"readings tell", "金子大", "カネコダイ", "金子 大", "カネコ ダイ"},
      {"kana split", "金子大", "カネコ ダイ", "金子 大", "カネコ ダイ"},
      {"kana split otherwise", "小川原", "オガワ ハラ", "小川 原", "オガワ ハラ"},
      {"kana split otherwise 2", "小川原", "オ ガワハラ", "小 川原", "オ ガワハラ"},
      {"kanji split", "東海林 太郎", "ショウジタロウ", "東海林 太郎", "シヨウジ タロウ"},
      {"unknown glyph", "■田太郎", "ヤマダタロウ", "■田 太郎", "ヤマダ タロウ"},
      {"a family name alone", "山田", "", "山田 ", ""},
      {"a family name of three alone", "長谷川", "", "長谷川 ", ""},
  };
  for (const Case& c : cases) {
    const NameFeatures got = ParseOne(c.name, c.kana);
    EXPECT_EQ(First(got.kanji), c.want_name) << c.note;
    EXPECT_EQ(First(got.kana), c.want_kana) << c.note;
  }
}

TEST(NameEvidenceTest, SplitsAreGuessesAndStatedOnesAreNot) {
  const NameFeatures both = ParseOne("山田太郎", "ヤマダ タロウ");
  EXPECT_TRUE(both.kanji.at(0).guessed);
  EXPECT_FALSE(both.kana.at(0).guessed);
  EXPECT_FALSE(ParseOne("山田 太郎").kanji.at(0).guessed);
  const NameFeatures unclear = ParseOne("東海林真");
  EXPECT_LE(unclear.kanji.size(), 3u);
  EXPECT_TRUE(unclear.kanji.at(0).guessed);
}

TEST(NameEvidenceTest, CandidatesWithoutEvidenceComeByLength) {
  const NameFeatures got = ParseOne("鑾鑿鐚鐔");  // no such names: two and two first
  ASSERT_GE(got.kanji.size(), 2u);
  EXPECT_EQ(First(got.kanji), "鑾鑿 鐚鐔");
  for (const NameForm& form : got.kanji) {
    EXPECT_TRUE(form.guessed);
    EXPECT_EQ(form.family + form.given, "鑾鑿鐚鐔");
  }
}

TEST(NameEvidenceTest, CountsOfTheDataDecide) {
  // 原田宮: 原 田宮 and 原田 宮; the data know 原田 and 宮 only.
  NameCounts counts;
  for (int i = 0; i < 3; ++i) {
    counts.Add(NamePart::kFamily, NameCounts::Script::kKanji, "鑾", 40);
    counts.Add(NamePart::kGiven, NameCounts::Script::kKanji, "鑿鐚鐔", 40);
  }
  EXPECT_EQ(First(ParseOne("鑾鑿鐚鐔", "", &counts).kanji), "鑾 鑿鐚鐔");
  NameCounts rare;
  rare.Add(NamePart::kFamily, NameCounts::Script::kKanji, "奇珍", 200);
  rare.Add(NamePart::kGiven, NameCounts::Script::kKanji, "妙丸", 200);
  EXPECT_EQ(First(ParseOne("奇珍妙丸", "", &rare).kanji), "奇珍 妙丸");
  EXPECT_EQ(First(ParseOne("妙丸 奇珍", "", &rare).kanji), "奇珍 妙丸");
}

TEST(NameEvidenceTest, SwapsBackWhatIsClearlySwapped) {
  struct SwapCase {
    const char* note;
    const char* name;
    const char* kana;
    const char* want;
  };
  const SwapCase cases[] = {
      {"kanji", "太郎 山田", "", "山田 太郎? / 太郎 山田"},
      {"both, another", "恵子 佐藤", "ケイコ サトウ", "佐藤 恵子? / 恵子 佐藤; サトウ ケイコ? / ケイコ サトウ"},
      {"both", "花子 佐藤", "ハナコ サトウ", "佐藤 花子? / 花子 佐藤; サトウ ハナコ? / ハナコ サトウ"},
      {"kana", "", "ハナコ サトウ", "サトウ ハナコ? / ハナコ サトウ"},
      {"kanji alone swapped", "花子 佐藤", "サトウ ハナコ", "佐藤 花子?; サトウ ハナコ"},
      {"kana alone swapped", "佐藤 花子", "ハナコ サトウ", "佐藤 花子; サトウ ハナコ?"},
  };
  for (const SwapCase& c : cases) EXPECT_EQ(Show(ParseOne(c.name, c.kana)), c.want) << c.note;
  StatedName name;
  name.full = "太郎 山田";
  std::vector<Finding> findings;
  ParseName(name, nullptr, Readings(), &findings);
  EXPECT_EQ(Show(findings), "name_swapped name");
}

TEST(NameEvidenceTest, LeavesNamesAsTheyWereSaidForThoseWhoAsk) {
  struct SaidCase {
    const char* name;
    const char* kana;
    const char* want;
  };
  const SaidCase cases[] = {
      {"太郎 山田", "", "太郎 山田"},
      {"花子 佐藤", "サトウ ハナコ", "花子 佐藤; サトウ ハナコ"},
      {"佐藤 花子", "ハナコ サトウ", "佐藤 花子; ハナコ サトウ"},
      {"佐藤 花子", "サトウ ハナコ", "佐藤 花子; サトウ ハナコ"},
  };
  for (const SaidCase& c : cases) {
    StatedName name;
    name.full = c.name;
    name.full_kana = c.kana;
    std::vector<Finding> findings;
    EXPECT_EQ(Show(ParseName(name, nullptr, Readings(), &findings, SwappedNames::kAsSaid)), c.want);
    EXPECT_EQ(Show(findings), "");
  }
}

TEST(NameEvidenceTest, SwapsBackUnsplitNamesToo) {
  EXPECT_EQ(First(ParseOne("由美子佐藤").kanji), "佐藤 由美子");
  const NameFeatures both = ParseOne("由美子佐藤", "ユミコサトウ");
  EXPECT_EQ(First(both.kanji), "佐藤 由美子");
  EXPECT_EQ(First(both.kana), "サトウ ユミコ");
  const NameFeatures kana_unsplit = ParseOne("茉莉 三光", "マリサンコウ");
  EXPECT_EQ(First(kana_unsplit.kanji), "三光 茉莉");
  EXPECT_EQ(First(kana_unsplit.kana), "サンコウ マリ");
}

TEST(NameEvidenceTest, LeavesDoubtfulOrdersAlone) {
  for (const char* name : {"山田 太郎", "森 進", "原 恵", "林 薫", "岬 太郎", "鑾鑿 鐚鐔", "司 馬", "東 海", "千秋 真一"}) {
    const NameFeatures got = ParseOne(name);
    EXPECT_EQ(got.kanji.size(), 1u) << name;
    EXPECT_FALSE(got.kanji.at(0).guessed) << name;
  }
}

// The shipped tables' own names by their weight: how often the first form is the right one.
struct Rates {
  double first = 0, among = 0, all = 0;
};

template <typename Make>
Rates Measure(bool kana, Make make) {
  Rates rates;
  const auto surnames = Surnames();
  const auto givens = GivenNames();
  uint64_t state = 7;
  for (int i = 0; i < 4000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Usual names mostly, rare ones as well.
    const size_t s = static_cast<size_t>((state >> 33) % 100 < 80 ? (state >> 40) % 800 : (state >> 40) % surnames.size());
    const size_t g = static_cast<size_t>((state >> 35) % givens.size());
    const std::string family = kana ? surnames[s].kana : FoldKanji(surnames[s].kanji);
    const std::string given = kana ? givens[g].kana : FoldKanji(givens[g].kanji);
    if (ScriptOf(given) != (kana ? Script::kKana : Script::kKanji)) continue;
    const std::vector<NameForm> forms = make(surnames[s], givens[g]);
    rates.all += 1;
    for (size_t k = 0; k < forms.size(); ++k)
      if (forms[k].family == family && forms[k].given == given) {
        rates.first += k == 0;
        rates.among += 1;
        break;
      }
  }
  rates.first /= rates.all;
  rates.among /= rates.all;
  return rates;
}

TEST(NameEvidenceTest, SplitsMostNames) {
  const Rates kanji = Measure(false, [](const auto& s, const auto& g) { return ParseOne(s.kanji + g.kanji).kanji; });
  EXPECT_GT(kanji.first, 0.97);
  EXPECT_GT(kanji.among, 0.985);
  const Rates both = Measure(false, [](const auto& s, const auto& g) {
    return ParseOne(s.kanji + g.kanji, s.kana + g.kana).kanji;
  });
  EXPECT_GT(both.first, 0.985);
  const Rates kana = Measure(true, [](const auto& s, const auto& g) { return ParseOne("", s.kana + g.kana).kana; });
  EXPECT_GT(kana.first, 0.9);
  EXPECT_GT(kana.among, 0.97);
  const Rates aligned = Measure(true, [](const auto& s, const auto& g) {
    return ParseOne(s.kanji + " " + g.kanji, s.kana + g.kana).kana;
  });
  EXPECT_GT(aligned.first, 0.99);
  RecordProperty("kanji", std::to_string(kanji.first) + " " + std::to_string(kanji.among));
  std::printf("first/among: kanji %.4f %.4f, with kana %.4f, kana %.4f %.4f, kana beside kanji %.4f\n", kanji.first,
              kanji.among, both.first, kana.first, kana.among, aligned.first);
}

TEST(NameEvidenceTest, SwapsFewNamesWrongly) {
  const Rates kept = Measure(false, [](const auto& s, const auto& g) { return ParseOne(s.kanji + " " + g.kanji).kanji; });
  EXPECT_GT(kept.first, 0.999);
  const Rates back = Measure(false, [](const auto& s, const auto& g) { return ParseOne(g.kanji + " " + s.kanji).kanji; });
  EXPECT_GT(back.first, 0.8);
  std::printf("kept %.4f, swapped back %.4f\n", kept.first, back.first);
}

}  // namespace
}  // namespace libmpi
