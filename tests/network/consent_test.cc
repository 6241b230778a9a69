// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/consent.h"

#include <algorithm>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/consent_rows.h"
#include "tests/network/rows_in_memory.h"

namespace libmpi {
namespace {

using enum ConsentState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ConsentStatement Said(ConsentKind kind, CivilDate from, uint64_t number, std::vector<std::string> facilities = {}) {
  ConsentStatement statement;
  statement.kind = kind;
  statement.from = from;
  statement.number = number;
  statement.facilities = std::move(facilities);
  return statement;
}

constexpr CivilDate kApril = {2026, 4, 1}, kMay = {2026, 5, 1}, kJune = {2026, 6, 1}, kToday = {2026, 11, 29};
constexpr auto kYes = ConsentKind::kRegistered, kNo = ConsentKind::kWithdrawn;

struct Case {
  const char* name;
  std::vector<ConsentStatement> said;
  ConsentState state;
  CivilDate since;
};

TEST(ConsentTest, TheLatestDayDecidesAndOfOneDayTheLastWord) {
  const Case cases[] = {
      {"nothing", {}, kUnasked, {}},
      {"registered", {Said(kYes, kApril, 1)}, kRegistered, kApril},
      {"registered twice", {Said(kYes, kApril, 1), Said(kYes, kMay, 2)}, kRegistered, kApril},
      {"withdrawn", {Said(kYes, kApril, 1), Said(kNo, kMay, 2)}, kWithdrawn, kMay},
      {"withdrawn unasked", {Said(kNo, kMay, 2)}, kWithdrawn, kMay},
      {"withdrawn twice", {Said(kNo, kApril, 1), Said(kNo, kMay, 2)}, kWithdrawn, kApril},
      {"again", {Said(kYes, kApril, 1), Said(kNo, kMay, 2), Said(kYes, kJune, 3)}, kReconsented, kJune},
      {"again and again withdrawn",
       {Said(kNo, kApril, 1), Said(kYes, kMay, 2), Said(kNo, kJune, 3)},
       kWithdrawn,
       kJune},
      {"taken down late", {Said(kNo, kMay, 1), Said(kYes, kApril, 2)}, kWithdrawn, kMay},
      {"both on one day, registered last", {Said(kNo, kMay, 1), Said(kYes, kMay, 2)}, kReconsented, kMay},
      {"both on one day, withdrawn last", {Said(kYes, kMay, 1), Said(kNo, kMay, 2)}, kWithdrawn, kMay},
      {"from tomorrow", {Said(kYes, {2026, 11, 30}, 1)}, kUnasked, {}},
      {"withdrawn from tomorrow", {Said(kYes, kApril, 1), Said(kNo, {2026, 11, 30}, 2)}, kRegistered, kApril},
      {"from today", {Said(kYes, kToday, 1)}, kRegistered, kToday},
      {"carried twice",
       {Said(kYes, kApril, 1), Said(kNo, kMay, 2), Said(kNo, kMay, 2), Said(kYes, kApril, 1)},
       kWithdrawn,
       kMay},
  };
  for (const Case& c : cases) {
    std::vector<ConsentStatement> said = c.said;
    std::ranges::sort(said);
    do {
      const Consent consent = ConsentOn(said, kToday);
      EXPECT_EQ(consent.state, c.state) << c.name;
      EXPECT_EQ(consent.since, c.since) << c.name;
    } while (std::ranges::next_permutation(said).found);
  }
}

TEST(ConsentTest, WhoMayBeToldFollowsTheStateTheBasisAndTheFacilitiesNamed) {
  using enum ConsentBasis;
  struct Told {
    ConsentState state;
    ConsentBasis basis;
    std::vector<std::string> named;
    bool clinic;
  };
  const Told cases[] = {
      {kUnasked, kOptIn, {}, false},      {kUnasked, kOptOut, {}, true},
      {kWithdrawn, kOptIn, {}, false},    {kWithdrawn, kOptOut, {}, false},
      {kRegistered, kOptIn, {}, true},    {kRegistered, kOptOut, {}, true},
      {kReconsented, kOptIn, {}, true},   {kReconsented, kOptOut, {}, true},
      {kRegistered, kOptIn, {"clinic", "pharmacy"}, true}, {kRegistered, kOptIn, {"pharmacy"}, false},
      {kRegistered, kOptOut, {"pharmacy"}, false},         {kReconsented, kOptIn, {"pharmacy"}, false},
      {kReconsented, kOptOut, {"clinic"}, true},
  };
  for (const Told& c : cases)
    EXPECT_EQ(MayBeTold({c.state, kApril, c.named}, c.basis, "clinic"), c.clinic)
        << ConsentStateName(c.state) << " " << ConsentBasisName(c.basis) << " " << c.named.size();
  // The last registration names the facilities, and a withdrawal none.
  EXPECT_THAT(ConsentOn(std::vector{Said(kYes, kApril, 1, {"a"}), Said(kYes, kMay, 2, {"b"})}, kToday).facilities,
              ElementsAre("b"));
  EXPECT_THAT(ConsentOn(std::vector{Said(kYes, kApril, 1, {"a"}), Said(kNo, kMay, 2)}, kToday).facilities, IsEmpty());
}

TEST(ConsentRowsTest, WhatWasSaidOfMergedIdentifiersCountsWithTheSurvivingOne) {
  RowsInMemory rows;
  const RecordKey a = {"h", "1", 0}, b = {"h", "2", 0}, c = {"h", "3", 1}, d = {"k", "9", 0};
  WriteConsent(a, {{Said(kYes, kApril, 1)}, {b}}, &rows);
  WriteConsent(b, {{Said(kNo, kMay, 2)}, {c}}, &rows);
  WriteConsent(c, {{Said(kYes, kJune, 3)}, {a}}, &rows);  // a ring, as no registry has it, ends
  std::vector<SaidOf> said;
  ASSERT_TRUE(ReadSaid(rows, std::vector<std::vector<RecordKey>>{{a, d}, {d}, {b}}, &said).ok());
  EXPECT_THAT(said[0].statements, SizeIs(3));
  EXPECT_THAT(said[1].statements, IsEmpty());
  EXPECT_EQ(ConsentOn(said[0].statements, kToday).state, kReconsented);
  EXPECT_THAT(said[0].identifiers, ElementsAre(a, b, c));
}

TEST(ConsentRowsTest, CarriedStatementsStandOnceAndSayWhereTheyCameFrom) {
  RowsInMemory rows;
  const RecordKey a = {"h", "1", 0}, b = {"k", "2", 0}, c = {"p", "3", 0};
  WriteConsent(a, {{Said(kYes, kApril, 1), Said(kNo, kMay, 2)}, {}}, &rows);
  WriteConsent(b, {{Said(kYes, kApril, 5)}, {}}, &rows);
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(CarryConsent(a, std::vector{a, b}, &rows).ok());
  ASSERT_TRUE(CarryConsent(b, std::vector{c}, &rows).ok());
  IdentifierConsent value;
  ASSERT_TRUE(ReadConsent(rows, b, &value).ok());
  ASSERT_THAT(value.statements, SizeIs(3));
  EXPECT_EQ(value.statements[0].carried_from, a);
  EXPECT_EQ(value.statements[2].carried_from, std::nullopt);
  ASSERT_TRUE(ReadConsent(rows, c, &value).ok());
  ASSERT_THAT(value.statements, SizeIs(3));
  EXPECT_EQ(value.statements[0].carried_from, a);  // where it was said first
  EXPECT_EQ(value.statements[2].carried_from, b);
}

TEST(ConsentRowsTest, ValuesComeBackAndDamageIsSeen) {
  ConsentStatement statement = Said(kNo, kMay, 77);
  statement.reference = "form 12";
  statement.facility = "clinic";
  statement.unix_milliseconds = -5;
  statement.carried_from = RecordKey{"h", "1", 2};
  const IdentifierConsent value = {{Said(kYes, kApril, 3, {"a", "b"}), statement}, {{"x", "y", 0}}};
  const std::string bytes = Pack(value);
  IdentifierConsent back;
  ASSERT_TRUE(Unpack(bytes, &back).ok());
  EXPECT_EQ(back.statements, value.statements);
  EXPECT_EQ(back.subsumed, value.subsumed);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Unpack(bytes.substr(0, size), &back).ok()) << size;
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    (void)Unpack(damaged, &back);  // anything but a crash
  }
}

}  // namespace
}  // namespace libmpi
