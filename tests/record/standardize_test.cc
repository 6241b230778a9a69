// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/standardize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/record/show.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

const Standardizer& Plain() {
  static const auto* const standardizer = new Standardizer(StandardizeOptions{{2026, 11, 24}});
  return *standardizer;
}

bool Same(const Features& a, const Features& b) {
  return a.names == b.names && a.births == b.births && a.sexes == b.sexes &&
         a.coverages == b.coverages && a.care == b.care && a.addresses == b.addresses &&
         a.phones == b.phones && a.findings == b.findings && a.test_patient == b.test_patient;
}

std::string ShowAll(const Features& f) {
  std::string text = Show(f.names);
  for (const CivilDate& d : f.births) text += " | " + Show(d);
  for (Sex sex : f.sexes) text += sex == Sex::kMale ? " | M" : " | F";
  for (const CoverageFeatures& c : f.coverages) text += " | " + Show(c);
  for (const AddressFeatures& a : f.addresses) text += " | " + Show(a);
  return text + " | " + Show(f.phones) + " | " + Show(f.findings);
}

TEST(StandardizeTest, ReadsAWholeRecord) {
  const Record record = ParseRecord(
      "1|髙橋　花子|ﾀｶﾊｼ ﾊﾅｺ|S55.1.2|女|138057/１２/００３４５/1|東京/千代田区/霞が関２丁目１番１号|03-5253-1111/０９０２３４５６７８９");
  EXPECT_EQ(ShowAll(Plain().Standardize(record)),
            "高橋 花子; タカハシ ハナコ | 1980-01-02 | F | 00138057/12/345/01 | |13|千代田区|霞ガ関|2-1-1| | "
            "0352531111 m09023456789 | ");
}

TEST(StandardizeTest, ABadFieldNeverCostsTheRecord) {
  const Record record = ParseRecord("1|山田 太郎||1980-02-30|X7|99999999/1/2345/xx|//|03-0000-0000");
  EXPECT_EQ(ShowAll(Plain().Standardize(record)),
            "山田 太郎 | /1/2345/ |  | impossible_date birth, branch_unreadable branch, sex_unreadable sex, "
            "phone_dummy phone, dummy_number insurer");
}

TEST(StandardizeTest, TheOrderOfStatementsDoesNotMatter) {
  std::vector<Record> parts = {
      ParseRecord("1|山田 花子|ヤマダ ハナコ|19800102|2|01130012/1/2345/01|東京都/千代田区/霞が関2-1-1|03-5253-1111"),
      ParseRecord("1||ヤマダ ハナコ|S55.1.2|F|01130012/１/2345/01|/千代田区/霞が関2丁目1番1号|0352531111"),
      ParseRecord("1|佐藤 花子||1980|女|138057//777/|/渋谷区/本町1|090-2345-6789"),
      ParseRecord("1|山田花子(旧姓 佐藤)||19800103||||")};
  parts[2].former_names = {"佐藤", "鈴木花子"};
  std::vector<size_t> order = {0, 1, 2, 3};
  Features want;
  bool first = true;
  do {
    Record record;
    for (size_t i : order) {
      const Record& p = parts[i];
      record.names.insert(record.names.end(), p.names.begin(), p.names.end());
      record.births.insert(record.births.end(), p.births.begin(), p.births.end());
      record.sexes.insert(record.sexes.end(), p.sexes.begin(), p.sexes.end());
      record.coverages.insert(record.coverages.end(), p.coverages.begin(), p.coverages.end());
      record.addresses.insert(record.addresses.end(), p.addresses.begin(), p.addresses.end());
      record.phones.insert(record.phones.end(), p.phones.begin(), p.phones.end());
      record.former_names.insert(record.former_names.end(), p.former_names.begin(), p.former_names.end());
    }
    std::sort(record.former_names.begin(), record.former_names.end());
    const Features got = Plain().Standardize(record);
    if (first) want = got;
    first = false;
    ASSERT_TRUE(Same(got, want)) << ShowAll(got) << "\n" << ShowAll(want);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_FALSE(want.names.front().former);
  EXPECT_EQ(want.coverages.size(), 2u);
  EXPECT_EQ(want.addresses.size(), 3u);  // with the prefecture and without
  EXPECT_EQ(want.phones.size(), 2u);
}

TEST(StandardizeTest, DropsNamesThatAnotherNameSaysAsWell) {
  Record record = ParseRecord("1|山田 太郎|ヤマダ タロウ");
  record.names.push_back({});
  record.names.back().full_kana = "ﾔﾏﾀﾞ ﾀﾛｳ";
  EXPECT_EQ(Show(Plain().Standardize(record).names), "山田 太郎; ヤマダ タロウ");
}

TEST(StandardizeTest, FormerNames) {
  struct Case {
    const char* note;
    const char* former;
    const char* want;
  };
  const Case cases[] = {
      {"family name", "佐藤", "山田 花子; ヤマダ ハナコ + former 佐藤 "},
      {"marked", "旧姓：佐藤", "山田 花子; ヤマダ ハナコ + former 佐藤 "},
      {"whole name", "佐藤 花子", "山田 花子; ヤマダ ハナコ + former 佐藤 花子"},
      {"whole name, unsplit", "佐藤花子", "山田 花子; ヤマダ ハナコ + former 佐藤 花子"},
      {"kana", "ｻﾄｳ", "山田 花子; ヤマダ ハナコ + former サトウ "},
      {"kana, whole", "サトウハナコ", "山田 花子; ヤマダ ハナコ + former サトウ ハナコ"},
      {"Latin", "Sato", "山田 花子; ヤマダ ハナコ + former SATO "},
      {"nothing", "なし", "山田 花子; ヤマダ ハナコ"},
  };
  for (const Case& c : cases) {
    Record record = ParseRecord("1|山田 花子|ヤマダ ハナコ");
    record.former_names.push_back(c.former);
    EXPECT_EQ(Show(Plain().Standardize(record).names), c.want) << c.note;
  }
}

TEST(StandardizeTest, TodayIsWhatTheCallerSays) {
  const Record record = ParseRecord("1|山田 太郎||2031-04-05");
  EXPECT_EQ(Show(Plain().Standardize(record).findings), "future_birth birth");
  EXPECT_EQ(Show(Standardizer().Standardize(record).findings), "");
  EXPECT_EQ(Standardizer().Standardize(record).births.size(), 1u);
}

TEST(StandardizeTest, TestPatientsAreMarked) {
  for (const char* line : {"1|テスト 太郎", "1|患者 テスト|カンジャ テスト", "1||ﾃｽﾄ ｶﾝｼﾞｬ", "1|てすと たろう", "1|山田 太郎(テスト)",
                           "1|ダミー 患者", "1|研修用 一", "1|TEST TARO", "1|山田太郎テスト|ヤマダタロウ"})
    EXPECT_TRUE(Plain().Standardize(ParseRecord(line)).test_patient) << line;
  for (const char* line : {"1|山田 太郎", "1|テストーニ マリア", "1|エルネスト ゲバラ", "1|用田 動二", "1|Testa Maria", "1|", "1||||"})
    EXPECT_FALSE(Plain().Standardize(ParseRecord(line)).test_patient) << line;
  Record former = ParseRecord("1|山田 花子");
  former.former_names = {"テスト"};
  EXPECT_TRUE(Plain().Standardize(former).test_patient);
}

TEST(StandardizeTest, FindingsNeverHoldValues) {
  Record record = ParseRecord("1|山田■郎(旧姓 佐藤)|ヤマダ|1980-02-30|X7|67999991/1/123456789018/xx|//|03-0000");
  record.care.push_back({"131152", "77777"});
  for (const Finding& f : Plain().Standardize(record).findings) {
    EXPECT_FALSE(f.field.empty());
    for (char c : f.field) EXPECT_TRUE((c >= 'a' && c <= 'z') || c == '_') << f.field;
  }
}

TEST(StandardizeTest, ExplainShowsEveryStep) {
  Record record = ParseRecord("1|髙橋花子様（旧姓 佐藤）|ﾀｶﾊｼ ﾊﾅｺ|S55.1.2|女|138057/12/345/1|東京都/千代田区/霞が関2-1-1|03-5253-1111");
  record.care.push_back({"131151", "12345"});
  std::string steps;
  for (const auto& step : Plain().Explain(record)) {
    EXPECT_FALSE(step.field.empty());
    EXPECT_FALSE(step.step.empty());
    steps += step.field + ":" + step.step + ":" + step.before + ">" + step.after + "\n";
  }
  for (const char* want :
       {"name:fold_width:髙橋花子様（旧姓 佐藤）>髙橋花子様(旧姓 佐藤)\n", "name:take_off_annotations:", "former_name_found",
        "name:fold_kanji:髙橋花子>高橋花子\n", "kana:fold_kana:タカハシ ハナコ>タカハシハナコ\n", "name:split_name:>高橋 | 花子 (by evidence)\n",
        "birth:read_birth_date:S55.1.2>1980-01-02\n", "sex:read_sex:女>F\n", "coverage:read_coverage:", "care:read_care_insurance:",
        "address:read_address:", "phone:read_phones:03-5253-1111>0352531111\n", "name:finding:>name_annotation\n"})
    EXPECT_NE(steps.find(want), std::string::npos) << want << "in\n" << steps;
}

// Random statements from the alphabet of the trade: always the same answer, and forms within bounds.
TEST(StandardizeTest, SurvivesAndRepeatsItself) {
  const char* pieces[] = {"山", "田", "太郎", "佐々木", "ヤマ", "ﾀﾞ", "ﾞ", "さ", "ー", " ", "　", "・", "(", ")", "（", "旧姓", "様",
                          "故", "ベビー", "第", "一", "子", "■", "?", "Smith", ",", "Jr.", "1", "２", "-", "－", "丁目", "番", "号",
                          "の", "東京都", "市", "区", "町", "郡", "昭和", "S", "元", "年", ".", "/", "+81", "090", "\xff", "\xe3\x81",
                          "々", "𠮷", "9999", "0", "記号", "番号", "内線", "~", "女", "M"};
  uint64_t state = 3;
  auto next = [&state](size_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<size_t>((state >> 33) % n);
  };
  auto text = [&] {
    std::string out;
    for (size_t n = next(8); n > 0; --n) out += pieces[next(std::size(pieces))];
    return out;
  };
  for (int i = 0; i < 20000; ++i) {
    Record r;
    for (size_t n = 1 + next(2); n > 0; --n) {
      r.names.push_back({text(), next(3) ? "" : text(), next(3) ? "" : text(), text(), next(4) ? "" : text(), "", next(4) ? "" : text()});
      r.births.push_back(text());
      r.sexes.push_back(text());
      r.coverages.push_back({text(), text(), text(), text()});
      r.care.push_back({text(), text()});
      r.addresses.push_back({text(), text(), text(), text(), next(2) ? "" : text()});
      r.phones.push_back(text());
      if (next(4) == 0) r.former_names.push_back(text());
    }
    const Features f = Plain().Standardize(r);
    ASSERT_TRUE(Same(f, Plain().Standardize(r)));
    for (const NameFeatures& name : f.names) {
      ASSERT_FALSE(name.kanji.empty() && name.kana.empty() && name.latin.empty());
      for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) {
        ASSERT_LE(forms->size(), 3u);
        for (const NameForm& form : *forms) ASSERT_FALSE(form.family.empty() && form.given.empty());
      }
    }
    for (const CoverageFeatures& c : f.coverages) ASSERT_TRUE(c.insurer.empty() || c.insurer.size() == 8);
    for (const CareFeatures& c : f.care) ASSERT_EQ(c.number.size(), 10u);
    for (const AddressFeatures& a : f.addresses) ASSERT_TRUE(a.postal_code.empty() || a.postal_code.size() == 7);
    ASSERT_FALSE(Plain().Explain(r).empty() && !f.names.empty());
  }
}

TEST(StandardizeTest, OfAFieldWithTooManyValuesTheFirstAreRead) {
  Record all;
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(10000 + i);
    all.addresses.push_back({"983-0001", "宮城県", "仙台市青葉区", "八木山本町1-" + n, ""});
    all.phones.push_back("090-1234-" + n.substr(1));
    all.coverages.push_back({"06134522", "12", "345" + n, "01"});
  }
  all.births = {"1950-01-02"};
  Record backwards = all;
  std::ranges::reverse(backwards.addresses);
  std::ranges::reverse(backwards.phones);
  const Features f = Plain().Standardize(all);
  EXPECT_EQ(f.addresses.size(), kMostValues);
  EXPECT_EQ(f.phones.size(), kMostValues);
  EXPECT_EQ(f.coverages.size(), kMostValues);
  for (const char* field : {"address", "phone", "number"})
    EXPECT_EQ(std::ranges::count(f.findings, Finding{FindingCode::kTooManyValues, field}), 1) << field;
  EXPECT_EQ(Plain().Standardize(backwards).addresses, f.addresses);
  all.addresses.resize(kMostValues);
  all.phones.clear();
  all.coverages.clear();
  EXPECT_TRUE(Plain().Standardize(all).findings.empty());
}

TEST(StandardizeTest, HugeFieldsCostLittle) {
  std::string kanji, kana, digits;
  for (int i = 0; i < 1000000; ++i) {
    kanji += "山字(";
    kana += "ヤ ";
    digits += "1-";
  }
  Record r;
  r.names.push_back({kanji, kanji, kana, kana, kana, kanji, digits});
  r.births.push_back(digits);
  r.sexes.push_back(kanji);
  r.coverages.push_back({digits, kanji, digits, kana});
  r.care.push_back({digits, kanji});
  r.addresses.push_back({digits, kanji, kanji, digits, kanji});
  r.phones.push_back(digits);
  r.former_names.push_back(kanji);
  const auto start = std::chrono::steady_clock::now();
  Plain().Standardize(r);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace libmpi
