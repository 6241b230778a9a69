// SPDX-License-Identifier: Apache-2.0
// Search for people who type: Registry::Search(const SearchCriteria&).
#include <atomic>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/search_terms.h"
#include "libmpi/registry/store.h"
#include "libmpi/text/fold.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SearchTest : public testing::Test {
 protected:
  SearchTest() { registry_.Create(Model::Default(), FrozenOptions()); }

  // `postal_code`: of the record's address.
  void Put(std::string_view line, const std::string& postal_code = "", const std::string& source = "T") {
    Record record = ParseRecord(line);
    record.key.source = source;
    if (!postal_code.empty()) {
      if (record.addresses.empty()) record.addresses.emplace_back();
      record.addresses[0].postal_code = postal_code;
    }
    const auto answer = registry_->Put(record, by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
  }

  // The identifiers of all candidates, ascending.
  std::vector<std::string> Ids(const SearchCriteria& criteria, size_t most = 50, bool* too_many = nullptr) {
    const auto answer = registry_->Search(criteria, most);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::set<std::string> ids;
    if (!answer.ok()) return {"error"};
    if (too_many != nullptr) *too_many = answer->too_many;
    for (const Candidate& candidate : answer->candidates)
      for (const RecordKey& key : candidate.identifiers) ids.insert(key.record_id);
    return {ids.begin(), ids.end()};
  }

  // Terms that are kept; the registry is closed.
  std::vector<std::string> Terms() {
    registry_.Close();
    StoreOptions options;
    options.read_only = true;
    const auto store = Store::Open(registry_.folder(), options);
    EXPECT_TRUE(store.ok()) << store.status();
    std::vector<std::string> terms;
    const Keys keys(1, 1);
    EXPECT_TRUE((*store)->Scan(keys.Prefix(Table::kTerm), keys.End(Table::kTerm), nullptr,
                               [&](std::string_view key, std::string_view) {
                                 terms.emplace_back(key);
                                 return true;
                               }).ok());
    return terms;
  }

  const Attribution by_ = {"test", ""};
  RegistryFolder registry_;
};

struct Case {
  const char* what;
  SearchCriteria criteria;
  std::vector<std::string> found;
};

SearchCriteria Full(std::string full) { return {.full = std::move(full)}; }
SearchCriteria Family(std::string family) { return {.family = std::move(family)}; }
SearchCriteria Name(std::string family, std::string given) {
  return {.family = std::move(family), .given = std::move(given)};
}

TEST_F(SearchTest, FindsByWhatPeopleType) {
  Put("1|斉藤 一郎|サイトウ イチロウ|1960-04-01|男|06270011/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678", "105-0014");
  Put("2|齋藤 花子|サイトウ ハナコ|昭和60年12月24日|女||北海道/札幌市中央区/北1条2-3|011-222-3333", "060-0001");
  Put("3|斎藤 桜|サイトウ サクラ|1960-04-20|女");
  Put("4|佐藤 太郎|サトウ タロウ|1960-12-31|男");
  Put("5|佐々木 一郎|ササキ イチロウ|1961-04-01|男|||090-1234-8765");
  Put("6|髙橋 はなこ|タカハシ ハナコ|1985-12-24|女");
  Put("7|服部 健|ハットリ ケン|1970-01-05|男");
  Put("8|松川 翔|マツカワ ショウ|1971|男");
  Put("9|庄司 優子|ショウジ ユウコ|1972-02|女");
  Put("10|Smith John|スミス ジョン|1980-02-03|男");
  Put("11|Nguyen Thi Hoa||1999-09-09|女");
  Put("12|田中 誠|タナカ マコト|1950-03-03|");
  Put("13|大野 仁|オオノ ジン|1966-06-06|男");
  Put("14|小野 仁|オノ ジン|1977-07-07|男");
  const Case cases[] = {
      {"kanji, folded as records are", Family("齋藤"), {"2", "3"}},  // 斉 is another name
      {"kanji beginning", Family("斎*"), {"2", "3"}},
      {"one kanji", Family("佐*"), {"4", "5"}},
      {"kanji variants in the beginning", Family("高*"), {"6"}},
      {"katakana", Family("サイトウ"), {"1", "2", "3"}},
      {"hiragana", Family("さいとう"), {"1", "2", "3"}},
      {"half width", Family("ｻｲﾄｳ"), {"1", "2", "3"}},
      {"kana beginning", Family("サ*"), {"1", "2", "3", "4", "5"}},
      {"half width beginning, full width star", Family("ｻｻ＊"), {"5"}},
      {"romaji", Family("SAITO"), {"1", "2", "3"}},
      {"romaji, other spelling", Family("saitoh"), {"1", "2", "3"}},
      {"romaji beginning", Family("sa*"), {"1", "2", "3", "4", "5"}},
      {"romaji, full width", Family("ｓａｓ*"), {"5"}},
      {"doubled consonant", Family("hattori"), {"7"}},
      {"before a doubled consonant", Family("hat*"), {"7"}},
      {"tsu is no doubling", Family("matsu*"), {"8"}},
      {"tsu is no doubling, to the end", Family("Matsukawa"), {"8"}},
      {"glide", Family("sho*"), {"9"}},
      {"kana before a glide", Family("シ*"), {"9"}},
      {"kana before a small letter", Family("ショ*"), {"9"}},
      {"long vowels are told apart in kana", Family("オオ*"), {"13"}},
      {"and are not in romaji", Family("ono"), {"13", "14"}},
      {"given name alone", Name("", "はなこ"), {"2", "6"}},
      {"given kanji", Name("", "一郎"), {"1", "5"}},
      {"given romaji", Name("", "hana*"), {"2", "6"}},
      {"given kana beginning with a glide", Name("", "シ*"), {"8"}},
      {"both parts", Name("サイトウ", "イチロウ"), {"1"}},
      {"both parts, in two scripts", Name("斉藤", "いち*"), {"1"}},
      {"both beginnings", Name("サ*", "イ*"), {"1", "5"}},
      {"both parts in romaji", Name("saito", "ichiro"), {"1"}},
      {"given name's beginning", Name("サイトウ", "ハ*"), {"2"}},
      {"whole name", Full("佐藤 太郎"), {"4"}},
      {"whole name, not divided", Full("佐藤太郎"), {"4"}},
      {"whole kana, not divided", Full("さとうたろう"), {"4"}},
      {"whole name's beginning, not divided", Full("サイトウハ*"), {"2"}},
      {"whole name, beginnings", Full("佐* 一*"), {"5"}},
      {"one word: a family name", Full("サイトウ"), {"1", "2", "3"}},
      {"one word: a given name", Full("ジン"), {"13", "14"}},
      {"whole romaji", Full("Sato Taro"), {"4"}},
      {"whole romaji, given name first", Full("taro sato"), {"4"}},
      {"a foreigner", Full("john smith"), {"10"}},
      {"a foreigner's kana", Full("ジョン・スミス"), {"10"}},
      {"romaji only", Family("nguyen"), {"11"}},
      {"romaji only, beginning", Family("ngu*"), {"11"}},
      {"birth date", {.birth = "1960-04-01"}, {"1"}},
      {"birth date of an era", {.birth = "S35.4.1"}, {"1"}},
      {"birth date of a claim", {.birth = "3350401"}, {"1"}},
      {"month", {.birth = "1960-04"}, {"1", "3"}},
      {"year", {.birth = "1960"}, {"1", "3", "4"}},
      {"year of an era", {.birth = "昭和35年"}, {"1", "3", "4"}},
      {"partial dates of records", {.birth = "1971"}, {"8"}},
      {"beginning and year", {.family = "サ*", .birth = "1960"}, {"1", "3", "4"}},
      {"beginning and month", {.family = "さ*", .birth = "昭和35年4月"}, {"1", "3"}},
      {"beginning and date", {.family = "sa*", .birth = "1960-04-20"}, {"3"}},
      {"name and year", {.full = "サイトウ", .birth = "1985"}, {"2"}},
      {"sex", {.family = "サイトウ", .sex = "女"}, {"2", "3"}},
      {"sex that nobody told", {.family = "田中", .sex = "F"}, {"12"}},
      {"sex alone", {.sex = "女"}, {"11", "12", "2", "3", "6", "9"}},
      {"phone", {.phone = "０３（１２３４）５６７８"}, {"1"}},
      {"phone from abroad", {.phone = "+81-90-1234-8765"}, {"5"}},
      {"postal code", {.postal_code = "〒105-0014"}, {"1"}},
      {"city", {.city = "港区"}, {"1"}},
      {"city's beginning", {.city = "札幌市"}, {"2"}},
      {"postal code and name", {.family = "サ*", .postal_code = "0600001"}, {"2"}},
      {"card", {.insurer = "06270011", .symbol = "12-34", .number = "567"}, {"1"}},
      {"card's number", {.number = "０００５６７"}, {"1"}},
      {"card of another insurer", {.insurer = "01130012", .number = "567"}, {}},
      {"identifier", {.identifier = "4"}, {"4"}},
      {"identifier with an authority", {.authority = "T", .identifier = "4"}, {"4"}},
      {"identifier with another authority", {.authority = "U", .identifier = "4"}, {}},
      {"identifier that another criterion contradicts", {.family = "鈴木", .identifier = "4"}, {}},
      {"nobody", Family("鈴木"), {}},
      {"a beginning of nobody", Family("ヌ*"), {}},
      {"everything contradicts", {.family = "サイトウ", .birth = "1999"}, {}},
      {"a whole name is no beginning", Family("佐"), {}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> found = c.found;
    std::sort(found.begin(), found.end());
    bool too_many = true;
    EXPECT_EQ(Ids(c.criteria, 50, &too_many), found) << c.what;
    EXPECT_FALSE(too_many) << c.what;
  }
}

TEST_F(SearchTest, WholeDemographicsFindWhatIsAlike) {
  Put("1|渡邉 健一|ワタナベ ケンイチ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678");
  Put("2|渡部 健一|ワタベ ケンイチ|1982-09-01|男");
  const Case cases[] = {
      {"another spelling of the kanji", {.full = "渡辺 健一", .birth = "S35.4.1"}, {"1"}},
      {"a slip in the date", {.full = "ワタナベ ケンイチ", .birth = "1960-04-02", .phone = "0312345678"}, {"1"}},
      {"the reading alone", {.family = "わたなべ", .given = "けんいち", .birth = "1960-04-01", .sex = "1"}, {"1"}},
  };
  for (const Case& c : cases) EXPECT_EQ(Ids(c.criteria), c.found) << c.what;
  const auto answer = registry_->Search(
      SearchCriteria{.full = "渡邉 健一", .birth = "1960-04-01", .sex = "男", .phone = "03-1234-5678"}, 10);
  ASSERT_TRUE(answer.ok());
  ASSERT_THAT(answer->candidates, SizeIs(1));
  EXPECT_NE(answer->candidates[0].grade, Candidate::Grade::kPossible);
  EXPECT_EQ(answer->candidates[0].best.record_id, "1");
}

TEST_F(SearchTest, WhatCanNotBeReadIsRefused) {
  const SearchCriteria cases[] = {
      {},
      Family("*"),
      {.authority = "T"},
      Family("佐*藤"),
      {.family = "佐藤", .birth = "someday"},
      {.family = "佐藤", .birth = "2030-01-01"},
      {.family = "佐藤", .sex = "Z9"},
      {.family = "佐藤", .phone = "0000"},
      {.family = "佐藤", .postal_code = "1"},
      {.family = "佐藤", .symbol = "12"},
      {.full = "佐藤 太郎", .family = "佐藤"},
  };
  for (size_t i = 0; i < std::size(cases); ++i)
    EXPECT_EQ(registry_->Search(cases[i], 10).status().code(), absl::StatusCode::kInvalidArgument) << i;
}

// The i-th of many persons of the family 佐藤, none of whom is like another.
Record ASato(int i) {
  constexpr const char* kLetters[][2] = {{"明", "アキ"}, {"和", "カズ"}, {"清", "キヨ"}, {"貞", "サダ"}, {"重", "シゲ"},
                                         {"武", "タケ"}, {"時", "トキ"}, {"直", "ナオ"}, {"則", "ノリ"}, {"久", "ヒサ"},
                                         {"秀", "ヒデ"}, {"広", "ヒロ"}, {"文", "フミ"}, {"正", "マサ"}, {"光", "ミツ"},
                                         {"宗", "ムネ"}, {"元", "モト"}, {"康", "ヤス"}, {"行", "ユキ"}, {"芳", "ヨシ"}};
  const auto &first = kLetters[i % 20], &second = kLetters[(i / 20 + i) % 20];
  Record record;
  record.key = {"T", std::to_string(10000 + i), 0};
  record.names.push_back({.full = std::string("佐藤 ") + first[0] + second[0],
                          .full_kana = std::string("サトウ ") + first[1] + second[1]});
  record.births = {std::to_string(1930 + i % 70) + "-" + std::to_string(1 + i * 5 % 12) + "-" +
                   std::to_string(1 + i * 11 % 28)};
  record.sexes = {"男"};
  return record;
}

TEST_F(SearchTest, BestFirstAndNoMoreThanAsked) {
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(registry_->Put(ASato(i), by_).ok());
  bool too_many = false;
  const std::vector<std::string> first = Ids(Family("佐*"), 10, &too_many);
  EXPECT_THAT(first, SizeIs(10));
  EXPECT_TRUE(too_many);
  EXPECT_EQ(Ids(Family("佐*"), 10), first);
  EXPECT_THAT(Ids(Family("佐*"), 30, &too_many), SizeIs(30));
  EXPECT_FALSE(too_many);
  // Who is who was asked for comes before who is but alike.
  Put("2|佐藤 明和|サトウ アキカズ|1980-02-03|男|||03-1111-2222");
  Put("1|佐藤 明和|サトウ アキカズ|1980-02-13|男|||03-5555-6666");
  const auto answer = registry_->Search(
      SearchCriteria{.full = "佐藤 明和", .birth = "1980-02-13", .phone = "03-5555-6666"}, 10);
  ASSERT_TRUE(answer.ok());
  ASSERT_FALSE(answer->candidates.empty());
  EXPECT_EQ(answer->candidates[0].best.record_id, "1");
  for (size_t i = 1; i < answer->candidates.size(); ++i)
    EXPECT_GE(answer->candidates[i - 1].weight, answer->candidates[i].weight);
}

TEST_F(SearchTest, WhatIsTooBroadIsBoundedAndSaysSo) {
  std::vector<Record> records;
  for (int i = 0; i < 700; ++i) records.push_back(ASato(i));
  ASSERT_TRUE(registry_->BulkLoad(records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, by_, 1,
                                  nullptr).ok());
  ASSERT_GT(registry_->GetStats()->persons, 600u);
  bool too_many = false;
  EXPECT_GT(Ids(Family("佐*"), 1000, &too_many).size(), 400u);
  EXPECT_TRUE(too_many);
  EXPECT_GT(Ids({.sex = "男"}, 1000, &too_many).size(), 400u);
  EXPECT_TRUE(too_many);
  EXPECT_THAT(Ids(Family("佐*"), 5, &too_many), SizeIs(testing::Le(20u)));
  EXPECT_TRUE(too_many);
  // Not too broad with a year.
  EXPECT_GE(Ids({.family = "佐*", .birth = "1940"}, 1000, &too_many).size(), 10u);
  EXPECT_FALSE(too_many);
  EXPECT_GE(Ids({.family = "サトウ", .birth = "昭和15年"}, 1000, &too_many).size(), 10u);
  EXPECT_FALSE(too_many);
}

// Kanji and kana of these contradict each other about which part is the family name: the model turns one of them round.
TEST_F(SearchTest, ANameIsFoundAsItWasSaid) {
  Put("1|左東 四季|サトウ シキ|1966-05-06|男|||03-4444-9999");
  Put("2|佐藤 花子|ハナコ サトウ|1970-01-02|女|||03-5555-9999");
  Put("3|佐藤 桜|サトウ サクラ|1980-03-04|女");
  const Case cases[] = {
      {"as it was said", Family("左東"), {"1"}},
      {"as it is read", Family("四季"), {"1"}},
      {"given name as it was said", Name("", "四季"), {"1"}},
      {"given name as it is read", Name("", "左東"), {"1"}},
      {"both parts", Name("左東", "四季"), {"1"}},
      {"both parts as they are read", Name("四季", "左東"), {"1"}},
      {"one part, and the beginning of the other", Name("左東", "四*"), {"1"}},
      {"in two scripts", Name("左東", "シキ"), {"1"}},
      {"whole", Full("左東　四季"), {"1"}},
      {"whole, not divided", Full("左東四季"), {"1"}},
      {"with a birth date", {.family = "左東", .birth = "1966-05-06"}, {"1"}},
      {"whole with a birth date", {.family = "左東", .given = "四季", .birth = "1966-05-06"}, {"1"}},
      {"with a month", {.family = "左東", .birth = "1966-05"}, {"1"}},
      {"with another birth date", {.family = "左東", .birth = "1966-05-07"}, {}},
      {"with another sex", {.family = "左東", .sex = "女"}, {}},
      {"with a phone", {.family = "左東", .phone = "03-4444-9999"}, {"1"}},
      {"its beginning, with a phone", {.family = "左*", .phone = "03-4444-9999"}, {"1"}},
      {"with an identifier", {.family = "左東", .identifier = "1"}, {"1"}},
      {"with another's identifier", {.family = "左東", .identifier = "2"}, {}},
      {"kana as they were said", Family("ハナコ"), {"2"}},
      {"kana as they are read", Name("サトウ", "ハナコ"), {"2"}},
      {"whole kana as they were said", Name("ハナコ", "サトウ"), {"2"}},
      {"typed in romaji", Name("hanako", "sato"), {"2"}},
      {"nobody said so", Family("桜"), {}},
      {"nor so", Name("サクラ", "サトウ"), {}},
  };
  for (const Case& c : cases) EXPECT_EQ(Ids(c.criteria), c.found) << c.what;
}

// Two records of one node: what each of them said.
TEST_F(SearchTest, ANameIsFoundByTheRecordThatSaidIt) {
  const auto best = [this](const SearchCriteria& criteria) {
    const auto answer = registry_->Search(criteria, 10);
    return answer.ok() && answer->candidates.size() == 1 ? answer->candidates[0].best.record_id : "none";
  };
  Put("1|四季 左東|サトウ シキ|1966-05-06|男|||03-4444-9999");
  EXPECT_EQ(best(Family("左東")), "none");
  Put("2|左東 四季|サトウ シキ|1966-05-06|男|||03-4444-9999");
  EXPECT_EQ(best(Family("左東")), "2");
  EXPECT_EQ(best({.family = "左東", .given = "四季", .birth = "1966-05-06"}), "2");
  EXPECT_EQ(best(Family("四季")), "1");
  ASSERT_TRUE(registry_->Retire({"T", "2", 0}, by_).ok());
  EXPECT_EQ(best(Family("左東")), "none");
  EXPECT_EQ(best(Family("四季")), "1");
}

// The i-th of many persons with the given name 泉, none of whom is like another.
Record AnIzumi(int i) {
  constexpr const char* kFamilies[][2] = {
      {"佐藤", "サトウ"}, {"鈴木", "スズキ"}, {"高橋", "タカハシ"}, {"田中", "タナカ"}};
  Record record;
  record.key = {"T", std::to_string(10000 + i), 0};
  const auto& family = kFamilies[i % 4];
  record.names.push_back({.full = std::string(family[0]) + " 泉", .full_kana = std::string(family[1]) + " イズミ"});
  record.births = {std::to_string(1930 + i % 70) + "-" + std::to_string(1 + i * 5 % 12) + "-" +
                   std::to_string(1 + i * 11 % 28)};
  return record;
}

TEST_F(SearchTest, WhoeverMayHaveSaidANameTurnedIsBoundedAndSaysSo) {
  Put("1|泉 一郎|イズミ イチロウ|1960-04-01|男");
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(registry_->Put(AnIzumi(i), by_).ok());
  bool too_many = true;
  EXPECT_THAT(Ids(Family("泉"), 50, &too_many), ElementsAre("1"));
  EXPECT_FALSE(too_many);
  for (int i = 60; i < 140; ++i) ASSERT_TRUE(registry_->Put(AnIzumi(i), by_).ok());
  EXPECT_THAT(Ids(Family("泉"), 50, &too_many), ElementsAre("1"));
  EXPECT_TRUE(too_many);
  EXPECT_THAT(Ids({.family = "泉", .birth = "1960"}, 50, &too_many), ElementsAre("1"));
  EXPECT_FALSE(too_many);
}

TEST_F(SearchTest, TermsComeAndGoWithWhatRecordsSay) {
  Put("1|佐藤 太郎|サトウ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678", "105-0014");
  EXPECT_THAT(Ids(Family("佐藤")), ElementsAre("1"));
  Put("1|鈴木 太郎|スズキ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678", "105-0014");
  EXPECT_THAT(Ids(Family("佐藤")), IsEmpty());
  EXPECT_THAT(Ids(Family("鈴木")), ElementsAre("1"));
  // Two that say the same.
  Put("2|鈴木 太郎|スズキ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678", "105-0014");
  ASSERT_TRUE(registry_->Retire({"T", "1", 0}, by_).ok());
  EXPECT_THAT(Ids({.phone = "03-1234-5678"}), ElementsAre("2"));
  EXPECT_THAT(Ids({.identifier = "1"}), IsEmpty());
  ASSERT_TRUE(registry_->Retire({"T", "2", 0}, by_).ok());
  EXPECT_THAT(Ids({.birth = "1960"}), IsEmpty());
  EXPECT_THAT(Terms(), IsEmpty());
}

TEST_F(SearchTest, ALoadMakesTheTermsThatPutsMake) {
  RegionOptions region;
  region.persons = 60;
  std::vector<Record> records;
  GenerateRegion(region, [&](const RegionRow& row) {
    Record record;
    record.key = {row.source, row.record_id, 0};
    record.names.push_back({.full = row.name, .full_kana = row.kana});
    record.births.push_back(row.birth);
    record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
    record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
    record.phones.push_back(row.phone);
    records.push_back(record);
  });
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& x, const Record& y) { return x.key == y.key; }),
                records.end());
  for (const Record& record : records) ASSERT_TRUE(registry_->Put(record, by_).ok());
  // The numbers of nodes are others.
  const auto without_nodes = [](std::vector<std::string> terms) {
    for (std::string& term : terms) term.resize(term.size() - 4);
    std::sort(terms.begin(), terms.end());
    return terms;
  };
  const std::vector<std::string> one_by_one = without_nodes(Terms());
  EXPECT_GT(one_by_one.size(), 5 * records.size());
  ASSERT_TRUE(registry_.Create(Model::Default(), FrozenOptions()));
  ASSERT_TRUE(registry_->BulkLoad(records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, by_, 2,
                                  nullptr).ok());
  EXPECT_EQ(without_nodes(Terms()), one_by_one);
}

// Whatever is typed of a record, and whichever criterion is looked up first: it is found.
TEST_F(SearchTest, EveryRecordIsFoundByEachPartOfIt) {
  RegionOptions region;
  region.persons = 300;
  std::vector<Record> records;
  GenerateRegion(region, [&](const RegionRow& row) {
    const std::string kanji = FoldWidth(row.name), kana = FoldWidth(row.kana);
    const size_t kanji_gap = kanji.find(' '), kana_gap = kana.find(' ');
    if (kanji_gap == std::string::npos || kana_gap == std::string::npos || row.birth.empty()) return;
    // Notes of other names, and romaji that nobody can divide, are no parts to be typed.
    if (kanji.find('(') != std::string::npos || ScriptOf(kanji) == Script::kLatin) return;
    Record record;
    record.key = {row.source, row.record_id, 0};
    record.names.push_back({.family = kanji.substr(0, kanji_gap),
                            .given = kanji.substr(kanji_gap + 1),
                            .family_kana = kana.substr(0, kana_gap),
                            .given_kana = kana.substr(kana_gap + 1)});
    record.births.push_back(row.birth);
    if (!row.sex.empty()) record.sexes.push_back(row.sex);
    if (!row.city.empty()) record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
    if (!row.phone.empty()) record.phones.push_back(row.phone);
    records.push_back(std::move(record));
  });
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& x, const Record& y) { return x.key == y.key; }),
                records.end());
  ASSERT_GT(records.size(), 200u);
  ASSERT_TRUE(registry_->BulkLoad(records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, by_, 1,
                                  nullptr).ok());
  const auto beginning = [](const std::string& text, size_t letters) {
    size_t pos = 0;
    while (pos < text.size() && letters-- > 0) NextCodePoint(text, &pos);
    return text.substr(0, pos) + "*";
  };
  size_t asked = 0, missed = 0, refused = 0;
  for (const Record& record : records) {
    const StatedName& name = record.names[0];
    const std::string& birth = record.births[0];
    std::vector<SearchCriteria> all = {
        {.family = name.family}, {.family = name.family_kana}, {.given = name.given_kana}, {.given = name.given},
        {.family = beginning(name.family, 1)}, {.family = beginning(name.family_kana, 1)},
        {.family = beginning(name.family_kana, 2), .given = beginning(name.given_kana, 1)},
        {.family = name.family_kana, .given = name.given_kana}, {.family = name.family, .given = name.given_kana},
        {.full = name.family + name.given}, {.full = name.family_kana + " " + beginning(name.given_kana, 1)},
        {.family = beginning(name.family_kana, 2), .birth = birth}, {.given = name.given, .birth = birth},
        {.birth = birth}, {.full = name.family + " " + name.given, .birth = birth}};
    if (!record.phones.empty()) all.push_back({.family = beginning(name.family, 1), .phone = record.phones[0]});
    if (!record.addresses.empty())
      all.push_back({.family = beginning(name.family_kana, 1), .postal_code = record.addresses[0].postal_code});
    for (const SearchCriteria& criteria : all) {
      const auto answer = registry_->Search(criteria, 1000);
      if (!answer.ok()) {
        ++refused;  // what the facility wrote can't be read
        continue;
      }
      ++asked;
      const bool found = std::ranges::any_of(answer->candidates, [&](const Candidate& c) {
        return std::ranges::find(c.identifiers, record.key) != c.identifiers.end();
      });
      if (found || answer->too_many) continue;
      ++missed;
      const auto explain = [](const SearchCriteria& c) { return c.full + "|" + c.family + "|" + c.given + "|" + c.birth; };
      if (missed < 20) ADD_FAILURE() << record.key.record_id << " " << explain(criteria);
    }
  }
  EXPECT_EQ(missed, 0u);
  EXPECT_GT(asked, 15 * refused);
}

// A search sees a change whole or not at all.
TEST_F(SearchTest, SeesWholeChangesOnly) {
  const auto said = [](const char* name) {
    return std::string("1|") + name + "|1960-04-01|男|||03-1234-5678";
  };
  Put(said("佐藤 太郎|サトウ タロウ"));
  std::atomic<bool> done{false};
  std::atomic<size_t> searches{0};  // on a slow disk few fit beside sixty changes: there are as many as it takes
  std::thread writer([&] {
    for (int i = 0; i < 60 || searches <= 10; ++i)
      Put(said(i % 2 ? "佐藤 太郎|サトウ タロウ" : "鈴木 太郎|スズキ タロウ"));
    done = true;
  });
  while (!done) {
    const auto by_phone = registry_->Search(SearchCriteria{.phone = "03-1234-5678"}, 10);
    ASSERT_TRUE(by_phone.ok()) << by_phone.status();
    EXPECT_THAT(by_phone->candidates, SizeIs(1));
    const auto by_name = registry_->Search(SearchCriteria{.family = "サトウ", .birth = "1960"}, 10);
    ASSERT_TRUE(by_name.ok()) << by_name.status();
    EXPECT_LE(by_name->candidates.size(), 1u);
    ++searches;
  }
  writer.join();
  EXPECT_GT(searches, 10u);
}

TEST(SearchTermsTest, AWalkGoesToTheDatesThatAreAskedFor) {
  const TermRange range{TermKind::kFamilyKanji, "佐", true, EncodeDate({1960, 0, 0}), EncodeDate({1960, 255, 255})};
  const auto term = [](std::string_view text, const CivilDate& birth, char node) {
    std::string out = FirstTerm({TermKind::kFamilyKanji, std::string(text), false, EncodeDate(birth)});
    return out + std::string(3, '\0') + node;
  };
  struct {
    const char* what;
    std::string at;
    bool done, fits;
    std::string next;
  } cases[] = {
      {"too early", term("佐藤", {1959, 1, 1}, 1), false, false,
       FirstTerm({TermKind::kFamilyKanji, "佐藤", false, range.first})},
      {"in the year", term("佐藤", {1960, 7, 1}, 2), false, true, ""},
      {"too late", term("佐藤", {1961, 1, 1}, 3), false, false, "A佐藤\1"},
      {"another beginning", term("左近", {1960, 1, 1}, 3), true, false, ""},
      {"another kind", "B佐" + std::string(9, '\0'), true, false, ""},
      {"no term", "A", true, false, ""},
  };
  for (const auto& c : cases) {
    const TermStep step = StepOver(range, c.at);
    EXPECT_EQ(step.done, c.done) << c.what;
    EXPECT_EQ(step.fits, c.fits) << c.what;
    EXPECT_EQ(step.next, c.next) << c.what;
  }
}

}  // namespace
}  // namespace libmpi
