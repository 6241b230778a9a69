// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/population.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/record/check_digits.h"

namespace libmpi {
namespace {

// A population of some tens of thousands, made once.
const std::vector<Family>& Families() {
  static const auto* const families = [] {
    auto* out = new std::vector<Family>();
    Population population(11, 40000);
    for (size_t persons = 0; persons < 40000; persons += out->back().persons.size())
      out->push_back(population.Next());
    return out;
  }();
  return *families;
}

double PersonCount() {
  size_t count = 0;
  for (const Family& family : Families()) count += family.persons.size();
  return static_cast<double>(count);
}

TEST(HistoryTest, AtAndChange) {
  std::vector<Since<int>> history = {{0, 1}, {2020, 2}, {2023, 3}};
  EXPECT_EQ(At(history, 1900), 1);
  EXPECT_EQ(At(history, 2019), 1);
  EXPECT_EQ(At(history, 2020), 2);
  EXPECT_EQ(At(history, 2030), 3);
  Change(&history, 2021, 9);
  EXPECT_EQ(At(history, 2020), 2);
  EXPECT_EQ(At(history, 2025), 9);
  EXPECT_EQ(history.size(), 3u);
}

// Japan's age pyramid of 2026, within what a model of families can do: per cent by decade.
TEST(PopulationTest, AgesAreThoseOfJapan) {
  constexpr std::array<double, 10> kJapan = {7.0, 8.5, 10.2, 10.8, 13.2, 14.8, 12.2, 12.6, 8.2, 2.4};
  std::array<double, 12> found{};
  for (const Family& family : Families())
    for (const Person& p : family.persons) found[p.Age(kLastYear) / 10] += 100 / PersonCount();
  for (size_t decade = 0; decade < kJapan.size(); ++decade)
    EXPECT_NEAR(found[decade], kJapan[decade], 2.6) << decade * 10;
}

TEST(PopulationTest, EveryoneLivesInOneHome) {
  for (const Family& family : Families()) {
    std::vector<size_t> all;
    for (const Home& home : family.homes) {
      EXPECT_FALSE(home.members.empty());
      all.insert(all.end(), home.members.begin(), home.members.end());
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
    EXPECT_EQ(all.size(), family.persons.size());
  }
}

TEST(PopulationTest, HouseholdsAreOfUsualSizes) {
  std::map<size_t, double> sizes;
  double homes = 0;
  for (const Family& family : Families())
    for (const Home& home : family.homes) {
      ++sizes[home.members.size()];
      ++homes;
    }
  EXPECT_NEAR(sizes[1] / homes, 0.38, 0.04);
  EXPECT_NEAR(sizes[2] / homes, 0.29, 0.04);
  EXPECT_NEAR(PersonCount() / homes, 2.2, 0.12);
}

TEST(PopulationTest, LivesAreComplete) {
  for (const Family& family : Families())
    for (const Person& p : family.persons) {
      ASSERT_FALSE(p.cards.empty() || p.places.empty() || p.family.empty());
      EXPECT_FALSE(p.given.kana.empty());
      EXPECT_TRUE(p.birth.IsFull());
      for (size_t i = 1; i < p.cards.size(); ++i)
        EXPECT_LT(p.cards[i - 1].year, p.cards[i].year);
      EXPECT_EQ(At(p.cards, kLastYear).IsElderly(), p.Age(kLastYear) >= 75);
      EXPECT_TRUE(p.care.empty() || p.Age(kLastYear) >= 65);
    }
}

// Insurer, symbol and number are a household's; with the branch, or from 75, a person's.
TEST(PopulationTest, NoTwoPersonsHaveOneCard) {
  std::map<std::string, uint64_t> owner;
  std::map<std::string, std::set<const Family*>> households;
  std::set<std::string> care;
  for (const Family& family : Families())
    for (const Person& p : family.persons) {
      for (const Since<Card>& item : p.cards) {
        const Card& card = item.value;
        EXPECT_TRUE(InsurerCheckDigitHolds(card.insurer)) << card.insurer;
        EXPECT_EQ(card.branch.empty(), card.IsElderly());
        const std::string number = card.insurer + "|" + card.symbol + "|" + card.number;
        if (!card.IsElderly()) households[number].insert(&family);
        const auto [it, fresh] = owner.try_emplace(
            (card.IsElderly() ? card.number : number) + "|" + card.branch, p.id);
        EXPECT_EQ(it->second, p.id) << number;
      }
      for (const Since<CareCard>& item : p.care) {
        EXPECT_EQ(item.value.number.size(), 10u);
        EXPECT_TRUE(care.insert(item.value.number).second);
      }
    }
  for (const auto& [number, families] : households) EXPECT_EQ(families.size(), 1u) << number;
}

TEST(PopulationTest, CoverageIsMixedAsInJapan) {
  double national = 0, elderly = 0, shared = 0, below75 = 0;
  for (const Family& family : Families())
    for (const Home& home : family.homes) {
      std::map<std::string, int> cards;
      for (size_t member : home.members) {
        const Card& card = At(family.persons[member].cards, kLastYear);
        national += card.IsNational();
        elderly += card.IsElderly();
        below75 += !card.IsElderly();
        if (!card.IsElderly()) ++cards[card.insurer + card.symbol + card.number];
      }
      for (const auto& [card, persons] : cards) shared += persons > 1 ? persons : 0;
    }
  EXPECT_NEAR(national / PersonCount(), 0.22, 0.06);
  EXPECT_NEAR(elderly / PersonCount(), 0.16, 0.03);
  EXPECT_GT(shared / below75, 0.4) << "a card must be no person's key";
}

TEST(PopulationTest, TwinsAreHardToTellApart) {
  double together = 0, children = 0, alike = 0;
  for (const Family& family : Families())
    for (const Home& home : family.homes)
      for (size_t i = 0; i < home.members.size(); ++i) {
        const Person& a = family.persons[home.members[i]];
        children += a.Age(kLastYear) < 20;
        for (size_t j = i + 1; j < home.members.size(); ++j) {
          const Person& b = family.persons[home.members[j]];
          if (a.birth != b.birth || a.foreign) continue;
          EXPECT_NE(a.given.kanji, b.given.kanji);
          EXPECT_EQ(a.family.back().value, b.family.back().value);
          ++together;
          alike += a.given.kanji.substr(0, 3) == b.given.kanji.substr(0, 3) ||
                   a.given.kana.substr(a.given.kana.size() - 3) ==
                       b.given.kana.substr(b.given.kana.size() - 3);
        }
      }
  // 1.1 to 1.2 % of births; some are grown-up and still at home.
  EXPECT_NEAR(together / children, 0.014, 0.006);
  EXPECT_GT(alike / together, 0.3);
}

TEST(PopulationTest, NobodyIsNamedAsAnotherOfTheFamily) {
  for (const Family& family : Families()) {
    std::set<std::string> names;
    for (const Person& p : family.persons) {
      const bool fresh = names.insert(p.given.kanji).second;
      EXPECT_TRUE(fresh || p.foreign) << p.given.kanji;
    }
  }
}

TEST(PopulationTest, RegionsHaveTheirFavourites) {
  std::map<std::string, double> here;
  for (const Family& family : Families())
    for (const Person& p : family.persons) here[p.family.back().value.kanji] += 1 / PersonCount();
  EXPECT_NEAR(here["佐藤"], 0.0475, 0.015);  // facts: formats.md 8b
  EXPECT_GT(here["髙橋"], 0.0005);
}

TEST(NamePoolTest, AlikeAndApart) {
  const NamePool pool(1);
  Random random(1);
  const NameText shizuko{"静子", "シズコ"};
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const NameText other = pool.DrawGivenOneKanaApart(true, shizuko, &random);
    EXPECT_EQ(other.kana.size(), shizuko.kana.size());
    seen.insert(other.kana);
  }
  EXPECT_GT(seen.size(), 3u);
  EXPECT_EQ(seen.count("シズコ"), 0u);
  seen.clear();
  for (int i = 0; i < 200; ++i)
    seen.insert(pool.GivenHomophone(true, {"陽子", "ヨウコ"}, &random).kanji);
  EXPECT_EQ(seen.count("洋子"), 1u);
  const NameText unknown{"無", "ヌヌヌヌ"};
  EXPECT_EQ(pool.GivenHomophone(true, unknown, &random), unknown);
}

TEST(NamePoolTest, NamesFitTheirYears) {
  const NamePool pool(1);
  Random random(2);
  const auto ko = [&](int year) {
    int count = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::string name = pool.DrawGiven(true, year, &random).kanji;
      count += name.size() > 3 && name.ends_with("子");
    }
    return count / 2000.0;
  };
  EXPECT_GT(ko(1940), 0.5);
  EXPECT_LT(ko(2015), 0.15);
}

}  // namespace
}  // namespace libmpi
