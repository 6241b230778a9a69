// SPDX-License-Identifier: Apache-2.0
// The steward's desk, over a registry alone and over a network's: the same calls, the same answers.
#include "libmpi/network/review_desk.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/registry_door.h"
#include "libmpi/network/rows.h"
#include "tests/network/network_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using enum Profession;
using Code = absl::StatusCode;
using Kind = DeskAct::Kind;
using Outcome = UndoAnswer::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr std::string_view kSato = "1|佐藤 恵子|サトウ ケイコ|1965-03-03|女";
constexpr std::string_view kTanaka = "1|田中 和子|タナカ カズコ|1958-07-07|女";
constexpr std::string_view kSuzuki = "1|鈴木 清|スズキ キヨシ|1949-01-05|男";
constexpr std::string_view kYamada =
    "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678";
constexpr std::string_view kOther =
    "1|鈴木 次郎|スズキ ジロウ|1972-08-30|男|01130012/77/88|大阪府/大阪市北区/梅田1-1|06-1111-2222";

// What is in the store, and what of it a comparison is about.
struct State {
  std::map<std::string, std::string> registry, desk;
  auto operator<=>(const State&) const = default;
};
// Differences of such maps take minutes to print.
void PrintTo(const State& state, std::ostream* out) {
  *out << state.registry.size() << " rows of the registry, " << state.desk.size() << " of others";
}

class DeskTest : public testing::TestWithParam<bool> {
 protected:
  DeskTest() {
    if (GetParam()) EXPECT_TRUE(network_.Create());
    else EXPECT_TRUE(plain_.Create(Model::Default(), FrozenOptions()));
  }

  Registry& registry() { return GetParam() ? network_.registry() : *plain_; }
  RegistryFolder& folder() { return GetParam() ? network_.folder() : plain_; }

  // As a steward; "hospital|bob" comes from a facility.
  RegistryDoor At(const std::string& actor) {
    if (!GetParam()) return RegistryDoor(&registry(), Attribution{actor, ""});
    const size_t bar = actor.find('|');
    Requester by = Asker(kSteward, Purpose::kStewardship, bar == std::string::npos ? "" : actor.substr(0, bar));
    by.actor = actor.substr(bar == std::string::npos ? 0 : bar + 1);
    return RegistryDoor(&registry(), network_.operator->(), std::move(by));
  }
  void SetFourEyes(bool on) {
    RegistryDoor door = At("bob");
    if (GetParam())
      door = RegistryDoor(&registry(), network_.operator->(), Asker(kOperator, Purpose::kOperations, ""));
    const absl::Status set = door.SetFourEyes(on);
    EXPECT_TRUE(set.ok()) << set;
  }

  ChangeAnswer Put(const std::string& source, const std::string& id, std::string_view line) {
    Record record = ParseRecord(line);
    record.key = {source, id, 0};
    const auto answer = registry().Put(record, {"loader", ""});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : ChangeAnswer();
  }
  // A question about two records.
  CaseKey Question(std::string_view line = kSato, const std::string& id = "10") {
    Put("H1", id, line);
    Put("C1", id, line);
    return CaseOfPair({"H1", id, 0}, {"C1", id, 0});
  }
  CaseKey Held() {
    Put("H1", "99", kYamada);
    EXPECT_EQ(Put("H1", "99", kOther).outcome, PersonOutcome::kHeld);
    return CaseOfHeld({"H1", "99", 0});
  }

  std::vector<ReviewCase> CasesOf(const std::string& actor, CaseOptions options = {}) {
    auto cases = At(actor).Cases(options);
    EXPECT_TRUE(cases.ok()) << cases.status();
    return cases.ok() ? std::move(cases->cases) : std::vector<ReviewCase>();
  }
  std::vector<CaseKey> KeysOf(const std::string& actor, CaseOptions options = {}) {
    std::vector<CaseKey> keys;
    for (const ReviewCase& one : CasesOf(actor, options)) keys.push_back(one.of);
    return keys;
  }
  // What came of it, or why not.
  std::string Judge(const std::string& actor, const CaseKey& of, Verdict verdict, SeenRevisions seen = {}) {
    const auto answer = At(actor).Judge({of, verdict, "", seen, ""});
    return answer.ok() ? std::string(DeskActName(answer->outcome)) : absl::StatusCodeToString(answer.status().code());
  }
  std::string Undo(const std::string& actor) {
    const auto answer = At(actor).Undo();
    if (!answer.ok()) return absl::StatusCodeToString(answer.status().code());
    return answer->outcome == Outcome::kUndone ? "undone" : answer->outcome == Outcome::kReplaced ? "replaced" : "impossible";
  }

  // All of the registry but its past; of the desk's rows all but the acts; nothing of the trail.
  State Now() {
    State state;
    constexpr size_t kTable = 4;
    for (auto& [key, value] : folder().Present())
      if (key[kTable] != 'B') state.registry.emplace(key, value);
    EXPECT_TRUE(registry().ReadSide([&](const SideReader& rows) {
      return rows.Scan("", [&](std::string_view key, std::string_view value) {
        if (std::string_view("ahwu").find(key[0]) == std::string_view::npos && !key.starts_with("pj"))
          state.desk.emplace(key, value);
        return true;
      });
    }).ok());
    return state;
  }
  uint64_t Events() { return registry().GetStats()->events; }
  void ExpectSound() {
    const auto findings = registry().Verify(1, nullptr);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, IsEmpty());
  }
  // Every entry of the trail and event of the history as one text.
  std::string AllThatIsTold() {
    std::string text;
    const auto events = registry().History(1, 100000);
    EXPECT_TRUE(events.ok());
    for (const HistoryEvent& e : *events) text += e.by.actor + e.by.reason + e.detail + "\n";
    EXPECT_TRUE(registry().ReadSide([&](const SideReader& rows) {
      for (const char table : {'a', 'w', 'u', 'h'})
        EXPECT_TRUE(rows.Scan(std::string(1, table), [&](std::string_view key, std::string_view value) {
          text.append(key).append(value).append("\n");
          return true;
        }).ok());
      return absl::OkStatus();
    }).ok());
    return text;
  }

  NetworkFolder network_;
  RegistryFolder plain_;
};

INSTANTIATE_TEST_SUITE_P(, DeskTest, testing::Bool(),
                         [](const auto& test) { return std::string(test.param ? "Network" : "Plain"); });

TEST_P(DeskTest, ACaseHasBothPersonsAndAllThatWasSaid) {
  Put("H1", "1", kYamada);
  Put("C1", "1", kYamada);
  const CaseKey of = Question();
  ASSERT_TRUE(At("bob").AddNote(of, "the clinic will call back").ok());
  ASSERT_TRUE(At("bob").AssignCase(of, "ann").ok());
  const auto cases = CasesOf("ann");
  ASSERT_THAT(cases, SizeIs(1));
  const ReviewCase& one = cases[0];
  EXPECT_EQ(one.of, of);
  EXPECT_EQ(one.reason, ReviewReason::kCommonName);
  EXPECT_EQ(one.assignee, "ann");
  EXPECT_EQ(one.since, kRegistryToday);
  EXPECT_EQ(one.seen, (SeenRevisions{1, 1}));
  ASSERT_THAT(one.notes, SizeIs(1));
  EXPECT_EQ(one.notes[0].actor, "bob");
  EXPECT_EQ(one.notes[0].text, "the clinic will call back");
  ASSERT_THAT(one.a.records, SizeIs(1));
  EXPECT_EQ(one.a.records[0].record.key, of.a);
  EXPECT_EQ(one.b.records[0].record.key, of.b);
  EXPECT_EQ(one.a.person, registry().Find(of.a)->person);
  EXPECT_EQ(one.b.person, registry().Find(of.b)->person);
  EXPECT_EQ(one.why.weight, registry().Explain(of.a, of.b)->weight);
  EXPECT_TRUE(one.why.held);
  EXPECT_THAT(CasesOf("bob"), IsEmpty());  // somebody else's
  EXPECT_THAT(CasesOf("bob", {.all = true}), SizeIs(1));
}

TEST_P(DeskTest, AllRecordsOfAPersonStandBehindTheComparedOne) {
  const CaseKey of = Question();
  Put("A1", "10", kSato);
  Put("Z1", "10", kSato);
  for (const char* source : {"A1", "Z1"})
    ASSERT_TRUE(registry().Decide({source, "10", 0}, of.b, true, {"loader", ""}).ok());
  const auto cases = CasesOf("bob");
  ASSERT_THAT(cases, SizeIs(1));
  const ReviewCase& one = cases[0];
  EXPECT_EQ(one.a.records[0].record.key, one.of.a);
  EXPECT_EQ(one.b.records[0].record.key, one.of.b);
  std::vector<size_t> sizes = {one.a.records.size(), one.b.records.size()};
  EXPECT_THAT(sizes, UnorderedElementsAre(1u, 3u));
  const auto cut = CasesOf("bob", {.most_records = 2});
  EXPECT_EQ(cut[0].a.left_out + cut[0].b.left_out, 1u);
  EXPECT_EQ(cut[0].a.records.size() + cut[0].b.records.size(), 3u);
}

TEST_P(DeskTest, OneStewardDecidesWhereNothingElseIsSaid) {
  const CaseKey of = Question();
  const auto answer = At("bob").Judge({of, Verdict::kSame, "asked both", {1, 1}, ""});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, Kind::kDecided);
  EXPECT_NE(answer->change.event, 0u);
  EXPECT_EQ(registry().Find(of.a)->person, registry().Find(of.b)->person);
  EXPECT_THAT(CasesOf("bob"), IsEmpty());
  EXPECT_EQ(Judge("ann", of, Verdict::kSame), "FAILED_PRECONDITION");  // it stands already
  EXPECT_EQ(Judge("ann", {of.b, of.a}, Verdict::kDifferent), "FAILED_PRECONDITION");
  EXPECT_EQ(Judge("bob", of, Verdict::kRefuse), "INVALID_ARGUMENT");
  EXPECT_EQ(Judge("", of, Verdict::kSame), "INVALID_ARGUMENT");
  EXPECT_EQ(Judge("bob", CaseOfPair(of.a, {"H1", "none", 0}), Verdict::kSame), "NOT_FOUND");
  ExpectSound();
}

TEST_P(DeskTest, WhatWasRevisedSinceItWasShownIsNotDecided) {
  const CaseKey of = Question();
  for (const bool four_eyes : {false, true}) {
    SetFourEyes(four_eyes);
    EXPECT_EQ(Judge("bob", of, Verdict::kSame, {9, 1}), "FAILED_PRECONDITION");
    EXPECT_EQ(Judge("bob", of, Verdict::kSame, {1, 9}), "FAILED_PRECONDITION");
  }
  const CaseKey held = Held();
  SetFourEyes(false);
  const uint64_t event = registry().HeldRevisions(1)->at(0).event;
  EXPECT_EQ(Judge("bob", held, Verdict::kSame, {1, event + 1}), "FAILED_PRECONDITION");
  EXPECT_EQ(Judge("bob", held, Verdict::kSame, {1, event}), "decided");
}

struct Said {
  std::string actor;
  Verdict verdict;
  std::string outcome;
};

TEST_P(DeskTest, FourEyes) {
  constexpr auto kS = Verdict::kSame, kD = Verdict::kDifferent;
  const std::vector<std::vector<Said>> kTable = {
      {{"bob", kS, "proposed"}, {"ann", kS, "seconded"}},
      {{"bob", kD, "proposed"}, {"ann", kD, "seconded"}},
      {{"bob", kS, "proposed"}, {"bob", kS, "FAILED_PRECONDITION"}, {"ann", kS, "seconded"}},
      {{"bob", kS, "proposed"}, {"hospital|bob", kS, "FAILED_PRECONDITION"}, {"clinic|ann", kS, "seconded"}},
      {{"bob", kS, "proposed"}, {"bob", kD, "proposed"}, {"ann", kD, "seconded"}},
      {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}, {"eve", kS, "seconded"}},
      {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}, {"eve", kD, "seconded"}},
      {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}, {"bob", kD, "seconded"}},
      {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}, {"ann", kD, "FAILED_PRECONDITION"}, {"ann", kS, "seconded"}},
  };
  SetFourEyes(true);
  int number = 0;
  for (const std::vector<Said>& steps : kTable) {
    const std::string id = std::to_string(++number);
    const CaseKey of = Question("1|佐藤 恵子|サトウ ケイコ|19" + std::to_string(40 + number) + "-03-03|女", id);
    const State before = Now();
    const uint64_t events = Events();
    for (const Said& step : steps) {
      SCOPED_TRACE(id + " " + step.actor + " " + step.outcome);
      EXPECT_EQ(Judge(step.actor, of, step.verdict), step.outcome);
      const bool decided = step.outcome == "seconded";
      EXPECT_EQ(Now().registry == before.registry, !decided);  // nothing of the registry until then
      EXPECT_EQ(Events() == events, !decided);
      if (decided) {
        EXPECT_EQ(registry().Find(of.a)->person == registry().Find(of.b)->person, step.verdict == kS);
      }
    }
    EXPECT_TRUE(Now().desk == before.desk);  // no word waits any more
  }
  ExpectSound();
}

TEST_P(DeskTest, AProposalLeavesTheQueueOfWhoMadeItAndADisputeNobodys) {
  SetFourEyes(true);
  const CaseKey of = Question();
  EXPECT_EQ(Judge("bob", of, Verdict::kSame), "proposed");
  EXPECT_THAT(CasesOf("bob"), IsEmpty());
  const auto seen_by_ann = CasesOf("ann");
  ASSERT_THAT(seen_by_ann, SizeIs(1));
  ASSERT_THAT(seen_by_ann[0].voices, SizeIs(1));
  EXPECT_EQ(seen_by_ann[0].voices[0].actor, "bob");
  EXPECT_FALSE(seen_by_ann[0].disputed);
  EXPECT_EQ(Judge("ann", of, Verdict::kDifferent), "disputed");
  for (const char* actor : {"bob", "ann", "eve"}) {
    const auto cases = CasesOf(actor);
    ASSERT_THAT(cases, SizeIs(1)) << actor;
    EXPECT_TRUE(cases[0].disputed);
    EXPECT_THAT(cases[0].voices, SizeIs(2));
  }
}

TEST_P(DeskTest, AProposalIsVoidOnceARecordIsRevised) {
  SetFourEyes(true);
  for (const bool revise_a : {true, false}) {
    const CaseKey of = Question(revise_a ? kSato : kTanaka, revise_a ? "1" : "2");
    EXPECT_EQ(Judge("bob", of, Verdict::kSame), "proposed");
    Record revised = registry().Get(revise_a ? of.a : of.b, nullptr).value();
    revised.phones = {"03-5555-000" + of.a.record_id};
    ASSERT_TRUE(registry().Put(revised, {"loader", ""}).ok());
    const uint64_t events = Events();
    auto cases = CasesOf("bob");  // it is bob's again
    ASSERT_THAT(cases, SizeIs(1));
    EXPECT_THAT(cases[0].voices, IsEmpty());
    ASSERT_THAT(cases[0].void_voices, SizeIs(1));
    EXPECT_EQ(cases[0].void_voices[0].actor, "bob");
    EXPECT_EQ(Judge("ann", of, Verdict::kSame, {1, 1}), "FAILED_PRECONDITION");  // what she saw is no more
    EXPECT_EQ(Judge("ann", of, Verdict::kSame), "proposed");
    EXPECT_EQ(Events(), events);
    EXPECT_EQ(Undo("ann"), "undone");
    EXPECT_THAT(CasesOf("bob")[0].void_voices, SizeIs(1));  // as it was, void
    EXPECT_EQ(Judge("ann", of, Verdict::kSame), "proposed");
    EXPECT_EQ(Judge("bob", of, Verdict::kSame), "seconded");
  }
}

TEST_P(DeskTest, TheSecondStewardSeesTheRecordsThatTheFirstSaw) {
  SetFourEyes(true);
  const CaseKey of = Question();
  EXPECT_EQ(Judge("bob", of, Verdict::kSame), "proposed");
  // A stronger pair between the two persons, by a record that a decision brings to one of them.
  Record third = registry().Get(of.a, nullptr).value();
  third.key = {"A1", "1", 0};
  ASSERT_TRUE(registry().Put(third, {"loader", ""}).ok());
  ASSERT_TRUE(registry().Decide(third.key, of.a, true, {"loader", ""}).ok());
  for (const ReviewCase& one : CasesOf("ann")) {
    EXPECT_EQ(one.of, of);
    EXPECT_EQ(one.a.records.size() + one.b.records.size(), 3u);
    EXPECT_THAT(one.voices, SizeIs(1));
  }
  EXPECT_THAT(CasesOf("ann"), SizeIs(1));
}

// Steps that lead to a state, and then what is undone; the state is as before them.
TEST_P(DeskTest, UndoIsExact) {
  constexpr auto kS = Verdict::kSame, kD = Verdict::kDifferent;
  struct Row {
    bool four_eyes;
    std::vector<Said> before, undone;
  };
  const std::vector<Row> kTable = {
      {false, {}, {{"bob", kS, "decided"}}},
      {false, {}, {{"bob", kD, "decided"}}},
      {true, {}, {{"bob", kS, "proposed"}}},
      {true, {{"bob", kS, "proposed"}}, {{"ann", kS, "seconded"}}},
      {true, {{"bob", kD, "proposed"}}, {{"ann", kD, "seconded"}}},
      {true, {{"bob", kS, "proposed"}}, {{"ann", kD, "disputed"}}},
      {true, {{"bob", kS, "proposed"}}, {{"bob", kD, "proposed"}}},
      {true, {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}}, {{"bob", kD, "seconded"}}},
      {true, {{"bob", kS, "proposed"}, {"ann", kD, "disputed"}}, {{"eve", kS, "seconded"}}},
  };
  int number = 0;
  for (const Row& row : kTable) {
    const std::string id = std::to_string(++number);
    const CaseKey of = Question("1|佐藤 恵子|サトウ ケイコ|19" + std::to_string(40 + number) + "-03-03|女", id);
    // Another person nearby, whom a decision brings along.
    Put("R1", id, "1|佐藤 恵子|サトウ ケイコ|19" + std::to_string(40 + number) + "-03-03|女");
    SetFourEyes(row.four_eyes);
    ASSERT_TRUE(At("bob").AssignCase(of, "bob").ok());
    for (const Said& step : row.before) EXPECT_EQ(Judge(step.actor, of, step.verdict), step.outcome);
    const State before = Now();
    const auto questions = KeysOf("bob", {.most = 100, .all = true});
    for (const Said& step : row.undone) {
      SCOPED_TRACE(id + " " + step.actor);
      const auto answer = At(step.actor).Judge({of, step.verdict, "", {}, "bob"});
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(DeskActName(answer->outcome), step.outcome);
      EXPECT_NE(Now(), before);
      EXPECT_EQ(Undo(step.actor), "undone");
    }
    EXPECT_EQ(Now(), before) << id;
    EXPECT_EQ(KeysOf("bob", {.most = 100, .all = true}), questions);
    for (auto step = row.before.rbegin(); step != row.before.rend(); ++step) EXPECT_EQ(Undo(step->actor), "undone");
  }
  for (const char* actor : {"bob", "ann", "eve"}) EXPECT_EQ(Undo(actor), "NOT_FOUND");
  ExpectSound();
}

TEST_P(DeskTest, UndoGoesBackActByActAndLeavesOthersAlone) {
  const CaseKey first = Question(kSato, "1"), second = Question(kTanaka, "2"), third = Question(kSuzuki, "3");
  const State before = Now();
  EXPECT_EQ(Judge("bob", first, Verdict::kSame), "decided");
  EXPECT_EQ(Judge("bob", second, Verdict::kDifferent), "decided");
  EXPECT_EQ(Judge("ann", third, Verdict::kSame), "decided");
  EXPECT_EQ(Undo("eve"), "NOT_FOUND");
  // Somebody withdraws bob's second and decides it anew: that is not bob's to undo.
  ASSERT_TRUE(At("ann").Undecide(second.a, second.b).ok());
  EXPECT_EQ(Judge("ann", second, Verdict::kSame), "decided");
  const State theirs = Now();
  EXPECT_EQ(Undo("bob"), "replaced");
  EXPECT_EQ(Now(), theirs);
  EXPECT_EQ(Undo("bob"), "undone");  // the first
  EXPECT_EQ(Undo("bob"), "NOT_FOUND");
  EXPECT_EQ(registry().Find(second.a)->person, registry().Find(second.b)->person);
  EXPECT_EQ(Undo("ann"), "undone");
  EXPECT_EQ(Undo("ann"), "undone");
  EXPECT_EQ(Now(), before);
  // One that was withdrawn by hand.
  EXPECT_EQ(Judge("bob", first, Verdict::kSame), "decided");
  ASSERT_TRUE(At("ann").Undecide(first.a, first.b).ok());
  EXPECT_EQ(Undo("bob"), "replaced");
  EXPECT_EQ(Now(), before);
  ExpectSound();
}

TEST_P(DeskTest, AProposalThatAnotherOneSecondedIsNotWithdrawn) {
  SetFourEyes(true);
  const CaseKey of = Question();
  EXPECT_EQ(Judge("bob", of, Verdict::kSame), "proposed");
  EXPECT_EQ(Judge("ann", of, Verdict::kSame), "seconded");
  const State decided = Now();
  EXPECT_EQ(Undo("bob"), "replaced");
  EXPECT_EQ(Now(), decided);
  EXPECT_EQ(Undo("ann"), "undone");  // and bob's word waits again
  ASSERT_THAT(CasesOf("ann"), SizeIs(1));
  EXPECT_THAT(CasesOf("ann")[0].voices, SizeIs(1));
}

TEST_P(DeskTest, HeldRevisionsAreCases) {
  const CaseKey held = Held();
  const auto cases = CasesOf("bob");
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].of, held);
  EXPECT_EQ(cases[0].a.records[0].record.births, (std::vector<std::string>{"1960-04-01"}));
  EXPECT_EQ(cases[0].b.records[0].record.births, (std::vector<std::string>{"1972-08-30"}));
  EXPECT_EQ(cases[0].since, kRegistryToday);
  ASSERT_TRUE(At("bob").AssignCase(held, "ann").ok());
  EXPECT_THAT(CasesOf("bob"), IsEmpty());
  EXPECT_EQ(CasesOf("ann")[0].assignee, "ann");
  ASSERT_TRUE(At("ann").AssignCase(held, "").ok());
  SetFourEyes(true);
  EXPECT_EQ(Judge("bob", held, Verdict::kRefuse, cases[0].seen), "proposed");
  EXPECT_EQ(Judge("ann", held, Verdict::kDifferent), "disputed");
  EXPECT_EQ(Undo("ann"), "undone");
  EXPECT_EQ(Judge("ann", held, Verdict::kRefuse), "seconded");
  EXPECT_THAT(*registry().HeldRevisions(10), IsEmpty());
  EXPECT_EQ(Undo("ann"), "impossible");
  EXPECT_EQ(Undo("ann"), "NOT_FOUND");
  // A later put takes the place of a held revision, and no word on the one before counts.
  EXPECT_EQ(Put("H1", "99", kOther).outcome, PersonOutcome::kHeld);
  EXPECT_EQ(Judge("bob", held, Verdict::kSame), "proposed");
  EXPECT_EQ(Put("H1", "99", std::string(kOther) + "9").outcome, PersonOutcome::kHeld);
  EXPECT_EQ(Judge("ann", held, Verdict::kSame), "proposed");
  EXPECT_EQ(Judge("bob", held, Verdict::kSame), "seconded");
  EXPECT_EQ(registry().Get(held.a, nullptr)->births, (std::vector<std::string>{"1972-08-30"}));
}

TEST_P(DeskTest, HeldAndQuestionsComeInTheOrderThatIsAskedFor) {
  const CaseKey held = Held(), question = Question();
  EXPECT_THAT(KeysOf("bob"), ElementsAre(question, held));
  EXPECT_THAT(KeysOf("bob", {.held_first = true}), ElementsAre(held, question));
  EXPECT_THAT(KeysOf("bob", {.most = 1}), ElementsAre(question));
  EXPECT_THAT(KeysOf("bob", {.questions = false}), ElementsAre(held));
  EXPECT_THAT(KeysOf("bob", {.held = false}), ElementsAre(question));
}

TEST_P(DeskTest, PutOffIsForOneStewardAndForAWhile) {
  const CaseKey first = Question(kSato, "1"), second = Question(kTanaka, "2"), held = Held();
  for (const CaseKey& of : {first, held}) ASSERT_TRUE(At("bob").PutOff(of, kRegistryNow + 1).ok());
  EXPECT_THAT(KeysOf("bob"), ElementsAre(second));
  EXPECT_THAT(KeysOf("ann"), UnorderedElementsAre(first, second, held));
  EXPECT_THAT(KeysOf("bob", {.all = true}), SizeIs(3));
  ASSERT_TRUE(At("bob").PutOff(first, kRegistryNow).ok());  // due
  EXPECT_THAT(KeysOf("bob", {.most = 1}), SizeIs(1));
  EXPECT_THAT(KeysOf("bob"), UnorderedElementsAre(first, second));
}

TEST_P(DeskTest, NotesAreNeverInTheHistoryNorTheTrail) {
  const CaseKey of = Question(), held = Held();
  const std::string kSecret = "患者の妹から電話 090-1234-5678";
  ASSERT_TRUE(At("bob").AddNote(of, kSecret + " first").ok());
  ASSERT_TRUE(At("hospital|ann").Judge({of, Verdict::kDifferent, kSecret + " second", {}, ""}).ok());
  ASSERT_TRUE(At("bob").Judge({held, Verdict::kRefuse, kSecret + " third", {}, ""}).ok());
  EXPECT_EQ(At("bob").AddNote(of, std::string(ReviewDesk::kLongestNote + 1, 'x')).code(), Code::kInvalidArgument);
  EXPECT_EQ(At("bob").AddNote(of, "").code(), Code::kInvalidArgument);
  EXPECT_EQ(At("bob").AddNote(CaseOfHeld({"H1", "none", 0}), "x").code(), Code::kNotFound);
  EXPECT_EQ(Undo("hospital|ann"), "undone");
  const auto cases = CasesOf("bob");
  ASSERT_THAT(cases, SizeIs(1));
  ASSERT_THAT(cases[0].notes, SizeIs(2));  // they outlive an undo
  EXPECT_THAT(cases[0].notes[1].text, HasSubstr("second"));
  EXPECT_EQ(cases[0].notes[1].actor, "hospital|ann");
  EXPECT_THAT(AllThatIsTold(), Not(HasSubstr("090-1234")));
  if (GetParam()) {
    const auto told = network_->Follow(1, 1000, Asker(kClerk, Purpose::kRegistration, "hospital"));
    ASSERT_TRUE(told.ok()) << told.status();
    for (const HistoryEvent& e : told->events) EXPECT_THAT(e.by.reason + e.detail, Not(HasSubstr("電話")));
  }
}

TEST_P(DeskTest, FourEyesHoldForOtherWaysToo) {
  const CaseKey of = Question(), held = Held();
  SetFourEyes(true);
  const State before = Now();
  EXPECT_EQ(At("bob").Decide(of.a, of.b, true).status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(At("bob").AcceptRevision(held.a, true).status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(At("bob").RefuseRevision(held.a).status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(Now(), before);
  SetFourEyes(false);
  EXPECT_TRUE(At("bob").Decide(of.a, of.b, true).ok());
  EXPECT_TRUE(At("bob").RefuseRevision(held.a).ok());
}

TEST_P(DeskTest, OfManyWhoSayTheSameAtOnceOneProposesAndOneSeconds) {
  SetFourEyes(true);
  for (int round = 0; round < 10; ++round) {
    const std::string id = std::to_string(round);
    const CaseKey of = Question("1|佐藤 恵子|サトウ ケイコ|19" + std::to_string(40 + round) + "-03-03|女", id);
    std::map<std::string, int> outcomes;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (const char* actor : {"bob", "ann", "eve"})
      threads.emplace_back([&, actor] {
        const std::string outcome = Judge(actor, of, Verdict::kSame);
        const std::lock_guard lock(mutex);
        ++outcomes[outcome];
      });
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(outcomes["proposed"], 1);
    EXPECT_EQ(outcomes["seconded"], 1);
    EXPECT_EQ(outcomes["FAILED_PRECONDITION"], 1);  // it stands already
  }
}

TEST_P(DeskTest, StatisticsOfTheDesk) {
  const CaseKey first = Question(kSato, "1"), second = Question(kTanaka, "2"), third = Question(kSuzuki, "3"), held = Held();
  EXPECT_EQ(Judge("bob", first, Verdict::kSame), "decided");
  EXPECT_EQ(Undo("bob"), "undone");
  EXPECT_EQ(Judge("bob", held, Verdict::kRefuse), "decided");
  SetFourEyes(true);
  EXPECT_EQ(Judge("bob", first, Verdict::kDifferent), "proposed");
  EXPECT_EQ(Judge("ann", first, Verdict::kDifferent), "seconded");
  EXPECT_EQ(Judge("ann", second, Verdict::kSame), "proposed");
  EXPECT_EQ(Judge("eve", second, Verdict::kDifferent), "disputed");
  EXPECT_EQ(Judge("eve", third, Verdict::kSame), "proposed");
  EXPECT_EQ(Undo("eve"), "undone");
  EXPECT_EQ(Judge("eve", third, Verdict::kSame), "proposed");
  const auto statistics = At("bob").Statistics(kRegistryNow, kRegistryNow + 1);
  ASSERT_TRUE(statistics.ok()) << statistics.status();
  const StewardCounts ann{"ann", 0, 1, 0, 0, 0, 1, 0, 1, 0}, bob{"bob", 1, 0, 0, 1, 1, 1, 0, 0, 0},
      eve{"eve", 0, 0, 0, 0, 1, 2, 1, 0, 0}, all{"", 1, 1, 0, 1, 2, 4, 1, 1, 0};
  EXPECT_EQ(statistics->stewards, (std::vector{ann, bob, eve}));
  EXPECT_EQ(statistics->all, all);
  EXPECT_EQ(statistics->questions, 2u);
  EXPECT_EQ(statistics->held, 0u);
  EXPECT_EQ(statistics->proposals, 2u);
  EXPECT_EQ(statistics->disputes, 1u);
  EXPECT_THAT(At("bob").Statistics(kRegistryNow + 1, kRegistryNow + 2)->stewards, IsEmpty());
  EXPECT_THAT(At("bob").Statistics(0, kRegistryNow)->stewards, IsEmpty());
}

class DeskOfANetworkTest : public DeskTest {};
INSTANTIATE_TEST_SUITE_P(, DeskOfANetworkTest, testing::Values(true), [](const auto&) { return std::string("Network"); });

TEST_P(DeskOfANetworkTest, EveryCallIsOneEntryAndNobodyElseSits) {
  const CaseKey of = Question(), held = Held();
  const Requester clerk = Asker(kClerk, Purpose::kRegistration, "hospital");
  const Requester steward = Asker(kSteward, Purpose::kStewardship, "");
  const auto auditor = Asker(kAuditor, Purpose::kAudit, "");
  using Calls = std::vector<std::pair<std::string, std::function<absl::Status(const Requester&)>>>;
  const Calls kCalls = {
      {"cases", [&](const Requester& by) { return network_->Cases({}, by).status(); }},
      {"add_note", [&](const Requester& by) { return network_->AddNote(of, "words", by); }},
      {"put_off", [&](const Requester& by) { return network_->PutOff(of, 1, by); }},
      {"assign", [&](const Requester& by) { return network_->AssignCase(of, "bob", by); }},
      {"judge", [&](const Requester& by) { return network_->Judge({of, Verdict::kSame, "", {}, ""}, by).status(); }},
      {"undo", [&](const Requester& by) { return network_->Undo(by).status(); }},
      {"judge", [&](const Requester& by) { return network_->Judge({held, Verdict::kRefuse, "", {}, ""}, by).status(); }},
      {"statistics", [&](const Requester& by) { return network_->Statistics(0, 1, by).status(); }},
  };
  AccessRules rules = network_->rules();
  rules.rules.push_back({{kClerk}, {Purpose::kRegistration}, {Operation::kReview}, Sight::kOwn});
  for (const bool own_sight : {false, true}) {
    if (own_sight) {
      ASSERT_TRUE(network_->SetRules(rules, Asker(kOperator, Purpose::kOperations, "")).ok());
    }
    for (const auto& [action, call] : kCalls) {
      SCOPED_TRACE(action);
      const uint64_t before = network_->Anchor(auditor)->entries + 1;  // with this question's own
      EXPECT_EQ(call(clerk).code(), Code::kPermissionDenied);
      const auto entries = network_->Audit(before + 1, 10, auditor);
      ASSERT_THAT(*entries, SizeIs(1));
      EXPECT_EQ(entries->at(0).action, action);
      EXPECT_EQ(entries->at(0).outcome, AuditOutcome::kRefused);
      EXPECT_THAT(entries->at(0).told, IsEmpty());
    }
  }
  for (const auto& [action, call] : kCalls) {
    SCOPED_TRACE(action);
    const uint64_t before = network_->Anchor(auditor)->entries + 1;
    const absl::Status done = call(steward);
    EXPECT_TRUE(done.ok()) << done;
    const auto entries = network_->Audit(before + 1, 10, auditor);
    ASSERT_THAT(*entries, SizeIs(1));
    EXPECT_EQ(entries->at(0).action, action);
    EXPECT_EQ(entries->at(0).operation, Operation::kReview);
    EXPECT_EQ(entries->at(0).outcome, AuditOutcome::kDone);
    if (action == "cases") {
      EXPECT_THAT(entries->at(0).told, UnorderedElementsAre(of.a, of.b, held.a));
    }
    if (action == "undo") {
      EXPECT_THAT(entries->at(0).asked, ElementsAre(of.a, of.b));
    }
    EXPECT_EQ(entries->at(0).event != 0, action == "judge" || action == "undo");
  }
  EXPECT_EQ(network_->SetFourEyes(true, steward).code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Undo(Asker(kSteward, Purpose::kStewardship, "clinic")).status().code(), Code::kNotFound);
  EXPECT_THAT(*network_->VerifyTrail({}, auditor), IsEmpty());
}

TEST_P(DeskOfANetworkTest, AnAcceptedRevisionOfAnotherPersonLeavesConsentBehind) {
  const CaseKey held = Held();
  Put("C1", "99", kYamada);
  ConsentStatement yes;
  yes.kind = ConsentKind::kRegistered;
  yes.from = {2026, 4, 1};
  ASSERT_TRUE(network_->TakeConsent(held.a, yes, Asker(kClerk, Purpose::kRegistration, "hospital")).ok());
  EXPECT_EQ(Judge("bob", held, Verdict::kDifferent), "decided");
  const Requester asks = Asker(kOperator, Purpose::kOperations, "");
  EXPECT_EQ(network_->ConsentOf(held.a, asks)->now.state, ConsentState::kUnasked);
  EXPECT_EQ(network_->ConsentOf({"C1", "99", 0}, asks)->now.state, ConsentState::kRegistered);
}

TEST(DeskStatisticsTest, CountsAsByHand) {
  using enum DeskEvent::Kind;
  constexpr int64_t kMinute = 60'000;
  const std::vector<DeskEvent> events = {
      {50 * kMinute, "bob", kDifferent}, {0, "bob", kSame},          {2 * kMinute, "bob", kSame},
      {3 * kMinute, "bob", kSeconded},   {3 * kMinute, "bob", kSame}, {4 * kMinute, "bob", kUndone},
      {10 * kMinute, "ann", kProposed},  {200 * kMinute, "ann", kDisputed},  // over a pause
      {11 * kMinute, "eve", kAccepted},  {13 * kMinute, "eve", kRefused},
      {-1, "bob", kSame},                {300 * kMinute, "bob", kSame},      // before and after
  };
  const DeskStatistics counted = CountDesk(events, 0, 300 * kMinute);
  ASSERT_THAT(counted.stewards, SizeIs(3));
  const StewardCounts ann{"ann", 0, 0, 0, 0, 0, 1, 1, 0, std::nullopt},
      bob{"bob", 3, 1, 0, 0, 1, 0, 0, 1, 2 * kMinute},  // gaps of 2, 1 and 47 minutes
      eve{"eve", 0, 0, 1, 1, 0, 0, 0, 0, 2 * kMinute}, all{"", 3, 1, 1, 1, 1, 1, 1, 1, 2 * kMinute};
  EXPECT_EQ(counted.stewards, (std::vector{ann, bob, eve}));
  EXPECT_EQ(counted.all, all);
  EXPECT_EQ(bob.decided(), 4u);
  EXPECT_THAT(CountDesk({}, 0, 1).stewards, IsEmpty());
}

TEST(DeskStatisticsTest, WhatCounts) {
  HistoryEvent event;
  event.by.actor = "bob";
  const std::vector<std::tuple<EventKind, std::string, std::optional<DeskEvent::Kind>>> kEvents = {
      {EventKind::kDecided, "same", DeskEvent::Kind::kSame},
      {EventKind::kDecided, "different", DeskEvent::Kind::kDifferent},
      {EventKind::kUndecided, "", DeskEvent::Kind::kUndone},
      {EventKind::kAccepted, "", DeskEvent::Kind::kAccepted},
      {EventKind::kRefused, "", DeskEvent::Kind::kRefused},
      {EventKind::kRefused, "put again as accepted", std::nullopt},
      {EventKind::kPut, "", std::nullopt},
      {EventKind::kAssigned, "bob", std::nullopt},
  };
  for (const auto& [kind, detail, counts] : kEvents) {
    event.kind = kind;
    event.detail = detail;
    const auto made = DeskEventOf(event);
    ASSERT_EQ(made.has_value(), counts.has_value()) << detail;
    if (made) {
      EXPECT_EQ(made->kind, *counts);
    }
  }
  DeskAct act;
  EXPECT_FALSE(DeskEventOf("bob", act));  // the history has it
  act.kind = Kind::kSeconded;
  EXPECT_EQ(DeskEventOf("bob", act)->kind, DeskEvent::Kind::kSeconded);
  act.kind = Kind::kUndone;
  EXPECT_EQ(DeskEventOf("bob", act)->kind, DeskEvent::Kind::kUndone);
  act.event = 7;
  EXPECT_FALSE(DeskEventOf("bob", act));
}

}  // namespace
}  // namespace libmpi
