// SPDX-License-Identifier: Apache-2.0
// A process that changes a registry from several threads is killed, again and again: every change that was
// acknowledged is there afterwards, with its event and whole, and the one that a thread was at is there whole or not
// at all.
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/rep.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"
#include "tests/registry/registry_oracle.h"
#include "tests/registry/store_child.h"
#include "tests/registry/store_testing.h"

namespace libmpi {
namespace {

using store_testing::Child;
using store_testing::InChild;
using store_testing::Setting;
using store_testing::Tell;
using store_testing::TempFolder;

constexpr int kThreads = 4;
enum Kind { kPut, kRetire, kDecide, kUndecide, kAccept, kRefuse, kSubsume, kUnsubsume, kKinds };

// What a thread does, in numbers that the parent understands as well: places in the thread's pool of records.
struct Change {
  int kind = kPut;
  size_t a = 0, b = 0;
  uint64_t more = 0;  // a telephone number; for others: same or different
  std::string reason;  // of no other change

  std::string ToText() const {
    return std::to_string(kind) + " " + std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(more) + " " +
           reason;
  }
  static Change Parse(std::istream& in) {
    Change change;
    in >> change.kind >> change.a >> change.b >> change.more >> change.reason;
    return change;
  }
};

// Every thread has identifiers of its own, but their persons are everybody's.
std::string AuthorityOf(int thread) { return "authority" + std::to_string(thread); }

std::vector<std::vector<Record>> Pools() {
  constexpr size_t kRecords = 160, kIdentifiers = 20;  // of all; of a thread
  std::vector<Record> all = MakeCrowdedRecords(83, 60);
  std::mt19937_64 random(83);
  std::shuffle(all.begin(), all.end(), random);
  std::vector<std::vector<Record>> pools(kThreads);
  for (size_t i = 0; i < std::min(all.size(), kRecords); ++i) {
    all[i].key = {AuthorityOf(i % kThreads), std::to_string(i / kThreads % kIdentifiers), 0};
    pools[i % kThreads].push_back(std::move(all[i]));
  }
  return pools;
}

Record RecordOf(const Change& change, const std::vector<Record>& pool) {
  Record record = pool[change.a];
  if (change.more != 0) record.phones = {"03-1234-" + std::to_string(1000 + change.more)};
  return record;
}

Change NextChange(std::mt19937_64* random, size_t pool) {
  Change change;
  constexpr int kOfTwenty[] = {kPut, kPut, kPut, kPut, kPut, kPut, kPut, kPut, kPut, kPut, kRetire, kRetire, kDecide,
                               kUndecide, kAccept, kAccept, kRefuse, kSubsume, kSubsume, kUnsubsume};
  change.kind = kOfTwenty[(*random)() % std::size(kOfTwenty)];
  change.a = (*random)() % pool;
  change.b = (*random)() % pool;
  change.more = (*random)() % 3 == 0 ? 1 + (*random)() % 8999 : 0;
  return change;
}

absl::StatusOr<ChangeAnswer> Make(const Change& change, const std::vector<Record>& pool, const Attribution& by,
                                  Registry* registry) {
  const RecordKey &a = pool[change.a].key, &b = pool[change.b].key;
  switch (change.kind) {
    case kRetire: return registry->Retire(a, by);
    case kDecide: return registry->Decide(a, b, change.more == 0, by);
    case kUndecide: return registry->Undecide(a, b, by);
    case kAccept: return registry->AcceptRevision(a, change.more == 0, by);
    case kRefuse: return registry->RefuseRevision(a, by);
    case kSubsume: return registry->Subsume(a, b, by);
    case kUnsubsume: return registry->Unsubsume(a, by);
    default: return registry->Put(RecordOf(change, pool), by);
  }
}

absl::StatusCode Make(const Change& change, const std::vector<Record>& pool, RegistryOracle* oracle) {
  const RecordKey &a = pool[change.a].key, &b = pool[change.b].key;
  std::optional<PersonOutcome> outcome;
  bool changes;
  switch (change.kind) {
    case kRetire: return oracle->Retire(a);
    case kDecide: return oracle->Decide(a, b, change.more == 0);
    case kUndecide: return oracle->Undecide(a, b);
    case kAccept: return oracle->Accept(a, change.more == 0);
    case kRefuse: return oracle->Refuse(a);
    case kSubsume: return oracle->Subsume(a, b);
    case kUnsubsume: return oracle->Unsubsume(a);
    default: return oracle->Put(RecordOf(change, pool), &outcome, &changes);
  }
}

RegistryOptions Options(bool read_only) {
  RegistryOptions options;
  options.cache_bytes = 8 << 20;
  options.write_buffer_bytes = 256 << 10;  // so that files are written and merged within a round
  options.read_only = read_only;
  options.clock = [] { return kRegistryNow; };
  return options;
}

// "? thread change" before a change, "! thread code event revision" when it was answered.
void ChangeUntilKilled(int thread, const std::vector<Record>& pool, Registry* registry) {
  const std::string round = Setting("ROUND");
  const bool early = !Setting("EARLY").empty();
  std::mt19937_64 random(std::stoull(round) * kThreads + static_cast<uint64_t>(thread));
  for (uint64_t n = 0;; ++n) {
    Change change = NextChange(&random, pool.size());
    change.reason = round + "/" + std::to_string(thread) + "/" + std::to_string(n);
    Tell("? " + std::to_string(thread) + " " + change.ToText());
    if (early) Tell("! " + std::to_string(thread) + " -1 0 0");
    const auto answer = Make(change, pool, {"thread " + std::to_string(thread), change.reason}, registry);
    if (early) continue;
    Tell("! " + std::to_string(thread) + " " + std::to_string(answer.status().raw_code()) + " " +
         std::to_string(answer.ok() ? answer->event : 0) + " " + std::to_string(answer.ok() ? answer->revision : 0));
    if (thread == 0 && n % 499 == 498 && !registry->Compact().ok()) Tell("! not compacted");
  }
}

FrozenOptions LinkageOf(uint64_t n) {
  FrozenOptions options;
  options.match_threshold = n % 2 == 0 ? 14 : 3;
  return options;
}

// "m" after each relinking.
void RelinkUntilKilled(Registry* registry) {
  for (uint64_t n = registry->GetStats()->generation;; ++n) {
    const auto answer = registry->Relink(registry->model()->model(), LinkageOf(n), false, {"relinker", ""}, 1, nullptr);
    Tell(answer.ok() ? "m 0" : "! not linked anew: " + answer.status().ToString());
  }
}

TEST(RegistryKillChild, Changes) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  const std::vector<std::vector<Record>> pools = Pools();
  const auto registry = Registry::Open(Setting("FOLDER"), Options(false));
  if (!registry.ok()) return Tell("! not opened: " + registry.status().ToString());
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(ChangeUntilKilled, i, std::cref(pools[i]), registry->get());
  if (!Setting("RELINK").empty()) threads.emplace_back(RelinkUntilKilled, registry->get());
  for (std::thread& thread : threads) thread.join();
}

// An event that must be in the history.
struct Told {
  Change change;
  RecordKey record;
  int thread = 0;
};

class RegistryKillTest : public testing::Test {
 protected:
  RegistryKillTest() : root_("registry_kill"), folder_(root_ / "registry"), pools_(Pools()) {
    const auto created = Registry::Create(folder_, TheModel(), FrozenOptions(), Options(false));
    EXPECT_TRUE(created.ok()) << created.status();
    if (created.ok()) oracle_ = std::make_unique<RegistryOracle>((*created)->model(), kRegistryToday);
  }

  // A child that is killed; everything it told is in the oracle then. `how`: a setting of the child's.
  void Kill(int round, const std::string& how) {
    for (auto& pending : pending_) pending.reset();
    Child child("RegistryKillChild.Changes", {{"FOLDER", folder_}, {"ROUND", std::to_string(round)}, {how, "1"}});
    // Mostly amid changes, sometimes while it opens.
    const bool opening = round % 5 == 4;
    if (opening) ::usleep(static_cast<useconds_t>(random_() % 100'000));
    std::string line;
    for (uint64_t lines = opening ? 0 : 1 + random_() % 1200; lines > 0 && child.ReadLine(&line); --lines) Take(line);
    child.Kill();
    while (child.ReadLine(&line)) Take(line);
  }

  void Take(const std::string& line) {
    std::istringstream in(line);
    std::string sign;
    int thread = 0;
    if (!(in >> sign >> thread)) {
      ADD_FAILURE() << line;
      return;
    }
    if (sign == "m") {
      ++relinked_;
      return;
    }
    if (sign == "?") {
      pending_[thread] = Change::Parse(in);
      return;
    }
    int code = 0;
    uint64_t event = 0;
    uint32_t revision = 0;
    in >> code >> event >> revision;
    const Change change = *pending_[thread];
    pending_[thread].reset();
    const RecordKey& about = pools_[thread][change.a].key;
    const absl::StatusCode expected = Make(change, pools_[thread], oracle_.get());
    ++acknowledged_;
    if (code < 0) return;  // told too early to know
    EXPECT_EQ(static_cast<absl::StatusCode>(code), expected) << "change " << change.reason;
    if (event == 0) return;
    EXPECT_TRUE(events_.try_emplace(event, Told{change, about, thread}).second) << "two changes of one event";
    if (change.kind != kSubsume) {
      EXPECT_EQ(revision, oracle_->entries().at(about).revision) << "change " << change.reason;
    }
  }

  // What the registry lacks or has wrongly, one sentence each; what threads were at is added to the oracle where it is
  // there.
  std::vector<std::string> Differences(bool read_only) {
    const auto registry = Registry::Open(folder_, Options(read_only));
    if (!registry.ok()) return {"not opened: " + registry.status().ToString()};
    ReadWhatIsThere(**registry);
    std::vector<std::string> wrong;
    std::vector<const Change*> there;
    for (int thread = 0; thread < kThreads; ++thread) {
      const std::string without = DifferenceOf(thread, *oracle_);
      if (without.empty() && !HasEventOf(pending_[thread])) continue;
      RegistryOracle with = *oracle_;
      const bool was_at = pending_[thread] && Make(*pending_[thread], pools_[thread], &with) == absl::StatusCode::kOk;
      if (was_at && DifferenceOf(thread, with).empty()) {
        *oracle_ = std::move(with);
        there.push_back(&*pending_[thread]);
      } else {
        wrong.push_back("thread " + std::to_string(thread) + ": " + without);
      }
    }
    unacknowledged_ += there.size();
    CheckHistory(there, &wrong);
    CheckMoves(**registry, &wrong);
    const auto findings = (*registry)->Verify(1, nullptr);
    if (!findings.ok()) wrong.push_back(findings.status().ToString());
    else wrong.insert(wrong.end(), findings->begin(), findings->end());
    return wrong;
  }

  bool HasUnfinishedSwitch() const {
    StoreOptions options;
    options.read_only = true;
    options.create = false;
    const auto store = Store::Open(folder_, options);
    std::string packed;
    return store.ok() && (*store)->Get(Keys(1, 0).Named(Table::kMeta, kMetaSwitch), &packed).ok();
  }

  // But for one that was being made, which the next goes over.
  void ExpectTablesOfOneModel() const {
    StoreOptions options;
    options.read_only = true;
    options.create = false;
    const auto store = Store::Open(folder_, options);
    ASSERT_TRUE(store.ok()) << store.status();
    std::string packed;
    uint64_t now = 0;
    const Keys base(1, 0);
    ASSERT_TRUE((*store)->Get(base.Named(Table::kMeta, kMetaGeneration), &packed).ok());
    ASSERT_TRUE(UnpackNumber(packed, &now).ok());
    for (uint16_t other = 1; other < now; ++other) {
      const std::string first = Keys(1, other).Prefix(static_cast<Table>('\0'));
      const std::string end = Keys(1, other).End(static_cast<Table>('\xfe'));
      bool any = false;
      EXPECT_TRUE((*store)->Scan(first, end, nullptr, [&](auto, auto) { return !(any = true); }).ok());
      EXPECT_FALSE(any) << "tables of generation " << other << " of " << now;
    }
  }

  std::unique_ptr<RegistryOracle> oracle_;
  uint64_t acknowledged_ = 0, unacknowledged_ = 0, relinked_ = 0;

 private:
  void ReadWhatIsThere(const Registry& registry) {
    statements_.clear(), held_.clear(), decisions_.clear(), by_reason_.clear(), models_.clear();
    StoreOptions options;
    options.read_only = true;
    options.create = false;
    const auto store = Store::Open(folder_, options);
    ASSERT_TRUE(store.ok()) << store.status();
    const Keys base(1, 0);
    const auto read = [&](Table table, auto* value, const auto& take) {
      const absl::Status scanned = (*store)->Scan(base.Prefix(table), base.End(table), nullptr,
                                                  [&](std::string_view key, std::string_view bytes) {
                                                    EXPECT_TRUE(Unpack(bytes, value).ok());
                                                    take(Keys::IdentifierOf(key.substr(base.Prefix(table).size())));
                                                    return true;
                                                  });
      EXPECT_TRUE(scanned.ok()) << scanned;
    };
    Statement statement;
    read(Table::kStatement, &statement, [&](const RecordKey& key) { statements_[key] = statement; });
    HeldValue held;
    read(Table::kHeld, &held, [&](const RecordKey& key) { held_[key] = held.revision; });
    const auto decisions = registry.Decisions();
    ASSERT_TRUE(decisions.ok()) << decisions.status();
    for (const StewardDecision& d : *decisions) decisions_[std::minmax(d.a, d.b)] = d.same;
    const auto history = registry.History(1, SIZE_MAX);
    ASSERT_TRUE(history.ok()) << history.status();
    for (const HistoryEvent& e : *history) {
      if (e.kind == EventKind::kModel) models_.push_back(e);
      else by_reason_[e.by.reason].push_back(e);
    }
  }

  bool HasEventOf(const std::optional<Change>& change) const { return change && by_reason_.contains(change->reason); }

  // Empty: the thread's records, held revisions and decisions are those of the oracle.
  std::string DifferenceOf(int thread, const RegistryOracle& oracle) const {
    size_t held = 0, decisions = 0, there = 0;
    for (const auto& [key, entry] : oracle.entries()) {
      if (key.source != AuthorityOf(thread)) continue;
      const auto it = statements_.find(key);
      if (it == statements_.end()) return "a record is not there";
      const Statement& statement = it->second;
      if (statement.revision != entry.revision) return "a record has another revision";
      if (statement.status != entry.status || statement.surviving != entry.surviving)
        return "a record's status is another one";
      if (!(statement.record == entry.record)) return "a record says something else";
      const auto waits = held_.find(key);
      if ((waits != held_.end()) != entry.held.has_value()) return "what is held is not what was held";
      if (entry.held && !(waits->second == *entry.held)) return "a held revision says something else";
      ++there;
    }
    for (const auto& [key, statement] : statements_) there -= key.source == AuthorityOf(thread);
    if (there != 0) return "there are other records";
    for (const auto& [key, revision] : held_)
      held += key.source == AuthorityOf(thread) && !oracle.entries().at(key).held;
    if (held != 0) return "there are other held revisions";
    for (const auto& [pair, same] : oracle.decisions()) {
      if (pair.first.source != AuthorityOf(thread)) continue;
      ++decisions;
      const auto it = decisions_.find(pair);
      if (it == decisions_.end() || it->second != same) return "a decision does not stand";
    }
    for (const auto& [pair, same] : decisions_) decisions -= pair.first.source == AuthorityOf(thread);
    return decisions == 0 ? "" : "there are other decisions";
  }

  // Each event that was told, and those of changes that are there without having been told; no other, and none twice.
  void CheckHistory(const std::vector<const Change*>& there, std::vector<std::string>* wrong) {
    uint64_t events = 0;
    for (const auto& [reason, with] : by_reason_) {
      events += with.size();
      if (with.size() != 1) wrong->push_back("change " + reason + " has two events");
    }
    for (const auto& [number, told] : events_) {
      const auto it = by_reason_.find(told.change.reason);
      const HistoryEvent* const event = it == by_reason_.end() ? nullptr : &it->second[0];
      if (event == nullptr || event->number != number || event->by.actor != "thread " + std::to_string(told.thread))
        wrong->push_back("event " + std::to_string(number) + " is not in the history as it was told");
      else if (event->record != told.record && event->other != told.record)
        wrong->push_back("event " + std::to_string(number) + " is about another record");
    }
    for (const Change* const change : there) {
      const auto it = by_reason_.find(change->reason);
      if (it == by_reason_.end()) {
        wrong->push_back("change " + change->reason + " is there without an event");
        continue;
      }
      const HistoryEvent& e = it->second[0];
      events_.try_emplace(e.number, Told{*change, e.record, std::stoi(e.by.actor.substr(7))});
    }
    if (events != events_.size())
      wrong->push_back(std::to_string(events) + " events where there should be " + std::to_string(events_.size()));
  }

  // The moves that the history tells lead to the persons that are.
  void CheckMoves(const Registry& registry, std::vector<std::string>* wrong) const {
    std::multimap<uint64_t, const HistoryEvent*> in_order;
    for (const auto& [reason, with] : by_reason_)
      for (const HistoryEvent& e : with) in_order.emplace(e.number, &e);
    // What a new model moved is told afterwards, and was at the switch.
    constexpr std::string_view kMoves = "moves by event ";
    for (const HistoryEvent& e : models_)
      in_order.emplace(e.detail.starts_with(kMoves) ? std::stoull(e.detail.substr(kMoves.size())) : e.number, &e);
    std::map<RecordKey, EnterpriseId> moved, are;
    for (const auto& [number, event] : in_order)
      for (const PersonMove& move : event->moves) {
        if (move.after) moved[move.record] = *move.after;
        else moved.erase(move.record);
      }
    for (const auto& [key, statement] : statements_) {
      if (statement.status != RecordStatus::kLive) continue;
      if (const auto found = registry.Find(key); found.ok()) are[key] = found->person;
    }
    if (moved != are) wrong->push_back("the moves of the history lead to other persons");
  }

  const TempFolder root_;
  const std::string folder_;
  const std::vector<std::vector<Record>> pools_;
  std::mt19937_64 random_{83};
  std::optional<Change> pending_[kThreads];
  std::map<uint64_t, Told> events_;  // by number
  // As it is on disk.
  std::map<RecordKey, Statement> statements_;
  std::map<RecordKey, Record> held_;
  std::map<RegistryOracle::Pair, bool> decisions_;
  std::map<std::string, std::vector<HistoryEvent>> by_reason_;
  std::vector<HistoryEvent> models_;
};

TEST_F(RegistryKillTest, WhatWasAcknowledgedIsThere) {
  const int kills = LongRun() ? 200 : 24;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    Kill(kill, "CHANGES");
    EXPECT_THAT(Differences(kill % 2 == 0), testing::IsEmpty());
  }
  EXPECT_GT(acknowledged_, static_cast<uint64_t>(50 * kills));
  if (HasFailure()) return;
  std::printf("%d kills, %" PRIu64 " changes acknowledged, none lost; %" PRIu64 " more were there, whole\n", kills,
              acknowledged_, unacknowledged_);
}

// While it is linked by other models, again and again: what a switch moved is told to the history even where the
// process that switched was killed before it could, and the tables of models before are gone.
TEST_F(RegistryKillTest, AmidNewModels) {
  const int kills = LongRun() ? 200 : 16;
  int unfinished = 0;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    Kill(kill, "RELINK");
    unfinished += HasUnfinishedSwitch();
    EXPECT_THAT(Differences(false), testing::IsEmpty());
    ExpectTablesOfOneModel();
  }
  EXPECT_GT(relinked_, 0u);
  if (HasFailure()) return;
  std::printf("%d kills amid %" PRIu64 " new models, %d of them between a switch and what it leaves to be done; "
              "%" PRIu64 " changes acknowledged, none lost\n", kills, relinked_, unfinished, acknowledged_);
}

// The control: a registry that answered before its change is on disk would be seen to lose some.
TEST_F(RegistryKillTest, AnsweringTooEarlyWouldBeSeen) {
  int kills = 0;
  std::vector<std::string> wrong;
  while (wrong.empty() && kills < 10) {
    Kill(5 * kills + 1, "EARLY");
    wrong = Differences(false);
    std::erase_if(wrong, [](const std::string& text) { return !text.starts_with("thread"); });
    ++kills;
  }
  EXPECT_FALSE(wrong.empty());
  std::printf("a loss was seen at kill %d: %s\n", kills, wrong.empty() ? "" : wrong[0].c_str());
}

}  // namespace
}  // namespace libmpi
