// SPDX-License-Identifier: Apache-2.0
// Networks of a region that was cut in parts become one again: persons, IDs, decisions and consents are as if all had
// been put into one from the first.
#include "libmpi/network/absorb.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/consent_rows.h"
#include "tests/evaluation/region_records.h"
#include "tests/network/network_folder.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Requester kOperator = Asker(Profession::kOperator, Purpose::kOperations, "");
const Requester kSteward = Asker(Profession::kSteward, Purpose::kStewardship, "");
Requester ClerkOf(const std::string& source) {
  return Asker(Profession::kClerk, Purpose::kRegistration, "at " + source);
}

// A network whose clock is told what time it is.
class Side {
 public:
  explicit Side(const char* name) : folder_(testing::TempDir() + "/absorb." + std::to_string(::getpid()) + "." + name) {
    std::filesystem::remove_all(folder_);
    RegistryOptions options = Options();
    auto created = Registry::Create(folder_, Model::Default(), FrozenOptions(), options);
    EXPECT_TRUE(created.ok()) << created.status();
    registry_ = *std::move(created);
    Join();
  }
  ~Side() {
    network_.reset();
    registry_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Add(const std::string& source) {
    const absl::Status put = network_->PutFacility({"at " + source, "clinic", true, true, {source}}, kOperator);
    EXPECT_TRUE(put.ok()) << put;
  }
  // Closed, so that it can be opened for reading as a command does.
  std::unique_ptr<Registry> ReadOnly() {
    network_.reset();
    registry_.reset();
    RegistryOptions options = Options();
    options.read_only = true;
    auto opened = Registry::Open(folder_, options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
  void Reopen() {
    auto opened = Registry::Open(folder_, Options());
    EXPECT_TRUE(opened.ok()) << opened.status();
    registry_ = *std::move(opened);
    Join();
  }

  Network* operator->() const { return network_.get(); }
  Network& network() { return *network_; }
  Registry& registry() { return *registry_; }
  uint64_t events() const { return registry_->GetStats()->events; }

  int64_t now = kRegistryNow;

 private:
  RegistryOptions Options() {
    RegistryOptions options;
    options.clock = [this] { return now; };
    options.cache_bytes = options.write_buffer_bytes = 8 << 20;
    return options;
  }
  void Join() {
    auto opened = Network::Open(registry_.get());
    EXPECT_TRUE(opened.ok()) << opened.status();
    network_ = *std::move(opened);
  }

  const std::string folder_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Network> network_;
};

// A region's records by their parts: facilities in turns.
std::vector<std::vector<Record>> CutRegion(uint64_t persons, uint64_t seed, size_t parts) {
  std::map<RecordKey, Record> records;
  for (Record& record : MakeRegionRecords({persons, seed, 1}).records) {
    record.Normalize();
    records.try_emplace(record.key, record);
  }
  std::map<std::string, size_t> part_of;
  std::vector<std::vector<Record>> cut(parts);
  for (const auto& [key, record] : records) {
    const size_t part = part_of.try_emplace(key.source, part_of.size() % parts).first->second;
    cut[part].push_back(record);
  }
  return cut;
}

// What happened at a time, so that it can happen elsewhere too.
struct Happening {
  int64_t when = 0;
  std::function<bool(Network&)> what;
};

// The life of one part's network.
class Life {
 public:
  Life(const char* name, std::vector<Record> records, uint64_t seed)
      : side(name), records_(std::move(records)), random_(seed) {
    std::set<std::string> sources;
    for (const Record& record : records_) sources.insert(record.key.source);
    for (const std::string& source : sources) side.Add(source);
    sources_ = {sources.begin(), sources.end()};
    std::shuffle(records_.begin(), records_.end(), random_);
    for (const Record& record : records_) Put(record);
  }

  void Live(int steps) {
    for (int i = 0; i < steps; ++i) Step();
  }
  // Does there what was done here since the last time.
  void Replay(Side* there) {
    for (; replayed_ < happened_.size(); ++replayed_) {
      there->now = happened_[replayed_].when;
      EXPECT_TRUE(happened_[replayed_].what(there->network()));
    }
  }

  Side side;
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  size_t Any(size_t below) { return random_() % below; }
  const Record& AnyRecord() { return records_[Any(records_.size())]; }
  const RecordKey& AnyKey() { return AnyRecord().key; }

  void Do(std::function<bool(Network&)> what) {
    side.now += 1 + static_cast<int64_t>(Any(1000));
    if (what(side.network())) happened_.push_back({side.now, std::move(what)});
  }
  void Put(const Record& record) {
    Do([record](Network& n) { return n.Put(record, ClerkOf(record.key.source)).ok(); });
  }

  void Step() {
    const size_t index = Any(records_.size());
    const Record record = records_[index];
    const RecordKey key = record.key;
    // What was said of those that are withdrawn is another test's.
    const bool may_go = index % 5 == 0;
    switch (Any(8)) {
      case 0:
        if (may_go) Do([key](Network& n) { return n.Retire(key, ClerkOf(key.source)).ok(); });
        break;
      case 1: Put(record); break;  // also one that was withdrawn, or revised
      case 2: {
        Record revised = record;
        revised.phones = {"090-1234-" + std::to_string(1000 + Any(9000))};
        Put(revised);
        break;
      }
      case 3: {
        if (!may_go) break;
        Record another = AnyRecord();
        another.key = key;
        Put(another);
        const size_t word = Any(4);
        if (word == 0) Do([key](Network& n) { return n.AcceptRevision(key, false, kSteward).ok(); });
        if (word == 1) Do([key](Network& n) { return n.AcceptRevision(key, true, kSteward).ok(); });
        if (word == 2) Do([key](Network& n) { return n.RefuseRevision(key, kSteward).ok(); });
        break;
      }
      case 4: {
        const RecordKey other = AnyKey();
        const bool same = Any(3) > 0;
        if (Any(4) == 0) Do([key, other](Network& n) { return n.Undecide(key, other, kSteward).ok(); });
        else Do([key, other, same](Network& n) { return n.Decide(key, other, same, kSteward).ok(); });
        decided_.emplace_back(key, other);
        break;
      }
      case 5: {
        if (decided_.empty()) break;
        const auto [a, b] = decided_[Any(decided_.size())];
        Do([a, b](Network& n) { return n.Undecide(a, b, kSteward).ok(); });
        break;
      }
      case 6: {
        if (!may_go) break;
        if (Any(3) == 0) Do([key](Network& n) { return n.Unsubsume(key, ClerkOf(key.source)).ok(); });
        for (int tries = 0; tries < 50; ++tries) {
          const size_t other = 5 * Any(records_.size() / 5);
          const RecordKey surviving = records_[other].key;
          if (surviving.source != key.source || surviving == key) continue;
          Do([key, surviving](Network& n) { return n.Subsume(key, surviving, ClerkOf(key.source)).ok(); });
          break;
        }
        break;
      }
      default: {
        if (may_go) break;
        ConsentStatement s;
        s.kind = Any(3) == 0 ? ConsentKind::kWithdrawn : ConsentKind::kRegistered;
        s.from = {2026, static_cast<uint8_t>(10 + Any(2)), static_cast<uint8_t>(1 + Any(3))};
        s.reference = "form " + std::to_string(Any(100));
        Do([key, s](Network& n) { return n.TakeConsent(key, s, ClerkOf(key.source)).ok(); });
      }
    }
  }

  std::vector<Record> records_;
  std::vector<std::string> sources_;
  std::mt19937_64 random_;
  std::vector<Happening> happened_;
  std::vector<std::pair<RecordKey, RecordKey>> decided_;
  size_t replayed_ = 0;
};

using Partition = std::map<RecordKey, std::vector<RecordKey>>;

Partition PartitionOf(const Registry& registry) {
  Partition persons;  // by first record
  EXPECT_TRUE(registry.ForEachPerson([&](const EnterpriseId&, const std::vector<RecordKey>& records) {
    persons[records.front()] = records;
    return true;
  }).ok());
  return persons;
}

struct Told {
  Record record;
  RecordStatus status;
  std::optional<RecordKey> surviving;
  bool operator==(const Told&) const = default;
};

std::map<RecordKey, Told> RecordsOf(const Registry& registry) {
  std::map<RecordKey, Told> records;
  EXPECT_TRUE(registry.ForEachState([&](const Registry::RecordState& s) {
    records[s.record.key] = {s.record, s.status, s.surviving};
    return true;
  }).ok());
  return records;
}

std::set<std::tuple<RecordKey, RecordKey, bool>> DecisionsOf(const Registry& registry) {
  std::set<std::tuple<RecordKey, RecordKey, bool>> decisions;
  const auto list = registry.Decisions();
  EXPECT_TRUE(list.ok());
  for (const StewardDecision& d : *list) decisions.insert({d.a, d.b, d.same});
  return decisions;
}

std::map<RecordKey, Record> HeldIn(const Registry& registry) {
  std::map<RecordKey, Record> held;
  const auto list = registry.HeldRevisions(SIZE_MAX);
  EXPECT_TRUE(list.ok());
  for (const HeldRevision& h : *list) held[h.record] = h.revision;
  return held;
}

std::map<RecordKey, Consent> ConsentsOf(const Registry& registry) {
  std::map<RecordKey, Consent> consents;
  for (const auto& [first, records] : PartitionOf(registry)) {
    const auto said = SaidOfPersons(registry, std::span(&records, 1));
    EXPECT_TRUE(said.ok());
    consents[first] = ConsentOn((*said)[0].statements, kRegistryToday);
  }
  return consents;
}

void ExpectAsOne(const Registry& absorbed, const Registry& one) {
  EXPECT_EQ(RecordsOf(absorbed), RecordsOf(one));
  EXPECT_EQ(DecisionsOf(absorbed), DecisionsOf(one));
  EXPECT_EQ(HeldIn(absorbed), HeldIn(one));
  EXPECT_EQ(PartitionOf(absorbed), PartitionOf(one));
  EXPECT_EQ(ConsentsOf(absorbed), ConsentsOf(one));
}

// Every enterprise ID that a registry has told of.
std::set<EnterpriseId> IdsOf(const Registry& registry) {
  std::set<EnterpriseId> ids;
  for (uint64_t next = 1;;) {
    const auto events = registry.History(next, 1000);
    EXPECT_TRUE(events.ok());
    if (events->empty()) return ids;
    for (const HistoryEvent& event : *events)
      for (const PersonMove& move : event.moves)
        for (const auto& id : {move.before, move.after})
          if (id) ids.insert(*id);
    next = events->back().number + 1;
  }
}

// Each of them answers, as NAME:ID, with the person of the record that it is of there.
void ExpectIdsAnswer(const Registry& into, const Registry& other, const std::string& name,
                     const std::set<EnterpriseId>& ids) {
  size_t answered = 0;
  for (const EnterpriseId& id : ids) {
    const auto there = other.Find(id);
    const auto here = into.Find(RecordKey{name, id.ToString(), 0});
    ASSERT_EQ(here.status().code(), there.status().code()) << here.status();
    if (!there.ok()) continue;
    ++answered;
    const auto is_there = [&](const RecordKey& key) { return std::ranges::count(there->identifiers, key) > 0; };
    EXPECT_TRUE(std::ranges::any_of(here->identifiers, is_there));
  }
  EXPECT_GT(answered, ids.size() / 2);
}

AbsorbAnswer Take(Side* into, const Registry& other, AbsorbOptions options) {
  options.threads = 2;
  const auto answer = (*into)->Absorb(other, options, kOperator);
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  EXPECT_EQ(answer->records, answer->created + answer->revised + answer->unchanged + answer->held + answer->kept +
                                 answer->refused);
  return *answer;
}

AbsorbOptions Named(const char* name) {
  AbsorbOptions options;
  options.name = name;
  return options;
}

AbsorbOptions Fully(const char* name) {
  AbsorbOptions options = Named(name);
  options.full = true;
  return options;
}

class AbsorbTest : public testing::Test {
 protected:
  const uint64_t persons_ = LongRun() ? 3000 : 150;
  const int steps_ = LongRun() ? 4000 : 250;
};

TEST_F(AbsorbTest, TwoNetworksAreAsOneAgainAndAgain) {
  auto cut = CutRegion(persons_, 7, 2);
  Life north("north", cut[0], 1), south("south", cut[1], 2);
  Side one("one");
  for (Life* life : {&north, &south})
    for (const std::string& source : life->sources()) one.Add(source);
  north.Live(steps_);
  south.Live(steps_);
  const std::set<EnterpriseId> ids_north = IdsOf(north.side.registry());
  std::map<EnterpriseId, absl::StatusCode> north_answers;
  for (const EnterpriseId& id : ids_north) north_answers[id] = north.side.registry().Find(id).status().code();

  // A dry run changes nothing, and foresees it.
  const uint64_t before = north.side.events();
  AbsorbOptions dry = Named("SOUTH");
  dry.dry_run = true;
  const AbsorbAnswer foreseen = Take(&north.side, south.side.registry(), dry);
  EXPECT_EQ(north.side.events(), before);
  EXPECT_THAT(foreseen.conflicts, IsEmpty());
  const AbsorbAnswer first = Take(&north.side, south.side.registry(), Named("SOUTH"));
  EXPECT_TRUE(first.full);
  EXPECT_EQ(first.created, foreseen.created);
  EXPECT_EQ(first.records, RecordsOf(south.side.registry()).size());
  EXPECT_EQ(first.refused + first.contradicted.size(), 0u);
  EXPECT_GT(first.retired, 0u);
  EXPECT_GT(first.merged, 0u);
  EXPECT_GT(first.decided, 0u);
  EXPECT_GT(first.statements, 0u);
  EXPECT_GT(first.held_revisions, 0u);
  EXPECT_EQ(first.facilities, south.sources().size());
  north.Replay(&one);
  south.Replay(&one);
  ExpectAsOne(north.side.registry(), one.registry());
  EXPECT_THAT(*north.side.registry().Verify(2, nullptr), IsEmpty());
  ExpectIdsAnswer(north.side.registry(), south.side.registry(), "SOUTH", IdsOf(south.side.registry()));
  for (const auto& [id, code] : north_answers) EXPECT_EQ(north.side.registry().Find(id).status().code(), code);

  // Again, and all of it again.
  for (const bool full : {false, true}) {
    AbsorbOptions options = Named("SOUTH");
    options.full = full;
    const uint64_t events = north.side.events();
    const AbsorbAnswer again = Take(&north.side, south.side.registry(), options);
    EXPECT_EQ(again.full, full);
    EXPECT_EQ(north.side.events(), events);
    EXPECT_EQ(again.created + again.revised + again.names + again.decided + again.statements + again.facilities, 0u);
  }

  // Life goes on in both.
  for (int round = 0; round < 4; ++round) {
    south.side.now = north.side.now = std::max(south.side.now, north.side.now);
    south.Live(steps_ / 2);
    north.Live(steps_ / 4);
    const AbsorbAnswer changed = Take(&north.side, south.side.registry(), Named("SOUTH"));
    EXPECT_FALSE(changed.full);
    EXPECT_LT(changed.records, first.records);
    north.Replay(&one);
    south.Replay(&one);
    ExpectAsOne(north.side.registry(), one.registry());
    ExpectIdsAnswer(north.side.registry(), south.side.registry(), "SOUTH", IdsOf(south.side.registry()));
    AbsorbOptions options = Named("SOUTH");
    options.full = true;
    const uint64_t events = north.side.events();
    Take(&north.side, south.side.registry(), options);
    EXPECT_EQ(north.side.events(), events) << "what changed was not all that is different";
  }
  EXPECT_THAT(*north.side.registry().Verify(2, nullptr), IsEmpty());
  const auto trail = north.side->VerifyTrail({}, Asker(Profession::kAuditor, Purpose::kAudit, ""));
  EXPECT_THAT(*trail, IsEmpty());
}

TEST_F(AbsorbTest, OneRegistryOverThreeTenantsIsAsOneIndexOnAll) {
  auto cut = CutRegion(persons_, 8, 3);
  std::vector<std::unique_ptr<Life>> tenants;
  Side one("index"), master("master");
  master.Add("NOBODY");
  const char* const kNames[] = {"T1", "T2", "T3"};
  for (size_t t = 0; t < 3; ++t) {
    tenants.push_back(std::make_unique<Life>(kNames[t], cut[t], 10 + t));
    for (const std::string& source : tenants[t]->sources()) one.Add(source);
    tenants[t]->Live(steps_ / 2);
  }
  for (int round = 0; round < 2; ++round) {
    for (size_t t = 0; t < 3; ++t) {
      AbsorbOptions options = Named(kNames[t]);
      if (round == 0) options.tenant = kNames[t];  // which is remembered
      Take(&master, tenants[t]->side.registry(), options);
      tenants[t]->Replay(&one);
    }
    ExpectAsOne(master.registry(), one.registry());
    for (size_t t = 0; t < 3; ++t) {
      const Registry& tenant = tenants[t]->side.registry();
      ExpectIdsAnswer(master.registry(), tenant, kNames[t], IdsOf(tenant));
      tenants[t]->Live(steps_ / 4);
    }
  }
  EXPECT_THAT(*master.registry().Verify(2, nullptr), IsEmpty());
  for (const Facility& f : master->facilities()) EXPECT_EQ(f.tenant.empty(), f.name == "at NOBODY");
}

TEST_F(AbsorbTest, StoppedAnywhereTheNextCallGoesOn) {
  auto cut = CutRegion(persons_ / 2, 9, 2);
  Life north("stop.north", cut[0], 21), south("stop.south", cut[1], 22);
  Side one("stop.one");
  for (Life* life : {&north, &south})
    for (const std::string& source : life->sources()) one.Add(source);
  int stops = 0;
  for (int round = 0; round < 2; ++round) {
    north.Live(steps_ / 2);
    south.Live(steps_ / 2);
    for (int stop_at = 0;; ++stop_at) {
      AbsorbOptions options = Named("SOUTH");
      options.threads = 2;
      int calls = 0;
      options.progress = [&](std::string_view, uint64_t, uint64_t) { return calls++ < stop_at; };
      const auto answer = north.side->Absorb(south.side.registry(), options, kOperator);
      if (answer.ok()) break;
      ASSERT_TRUE(absl::IsCancelled(answer.status())) << answer.status();
      ++stops;
    }
    north.Replay(&one);
    south.Replay(&one);
    ExpectAsOne(north.side.registry(), one.registry());
  }
  EXPECT_GT(stops, 6);
  EXPECT_THAT(*north.side.registry().Verify(2, nullptr), IsEmpty());
}

Record Person(const RecordKey& key, const char* kana, const char* birth) {
  Record record;
  record.key = key;
  record.names.push_back({});
  record.names[0].full_kana = kana;
  record.births = {birth};
  record.phones = {"090-0000-0001"};
  return record;
}
const RecordKey kA = {"A", "1", 0}, kB = {"B", "1", 0}, kB2 = {"B", "2", 0};
Record Taro(const RecordKey& key) { return Person(key, "ヤマダ タロウ", "1960-04-01"); }
Record Hanako(const RecordKey& key) { return Person(key, "スズキ ハナコ", "1985-12-24"); }

class SmallAbsorbTest : public testing::Test {
 protected:
  SmallAbsorbTest() : into_("small.into"), other_("small.other") {
    into_.Add("A");
    other_.Add("B");
  }
  absl::Status Absorb(AbsorbOptions options) { return into_->Absorb(other_.registry(), options, kOperator).status(); }
  std::vector<std::string> Conflicts(AbsorbOptions options) {
    options.dry_run = true;
    std::vector<std::string> found;
    for (const AbsorbConflict& c : Take(&into_, other_.registry(), options).conflicts)
      found.push_back(std::string(AbsorbConflictName(c.kind)) + " " + c.name);
    return found;
  }
  Side into_, other_;
};

TEST_F(SmallAbsorbTest, WhatStandsInTheWayIsToldAndNothingIsDone) {
  ASSERT_TRUE(into_->Put(Taro(kA), ClerkOf("A")).ok());
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  EXPECT_EQ(Absorb(Named("")).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Conflicts(Named("A")), ElementsAre("name A"));
  EXPECT_THAT(Conflicts(Named("B")), ElementsAre("name B"));
  EXPECT_THAT(Conflicts(Named("OTHER")), IsEmpty());
  other_.Add("A");
  ASSERT_TRUE(other_->Put(Hanako({"A", "9", 0}), ClerkOf("A")).ok());
  EXPECT_THAT(Conflicts(Named("OTHER")), ElementsAre("authority A"));
  ASSERT_TRUE(other_->PutFacility({"at A", "hospital", true, true, {"A"}}, kOperator).ok());
  ASSERT_TRUE(other_->PutAuthority({"A", "1.2.3", "", "", AuthorityTrust::kUnstated}, kOperator).ok());
  ASSERT_TRUE(into_->PutAuthority({"A", "1.2.4", "", "", AuthorityTrust::kUnstated}, kOperator).ok());
  const std::vector<RecordKey> one = {kB}, another = {kA};
  ASSERT_TRUE(other_.registry().PutAliases(std::vector<PersonAlias>{{{"OLD", "1", 0}, one}}, {"o", ""}).ok());
  ASSERT_TRUE(into_.registry().PutAliases(std::vector<PersonAlias>{{{"OLD", "1", 0}, another}}, {"o", ""}).ok());
  EXPECT_THAT(Conflicts(Named("OTHER")), ElementsAre("authority A", "authority A", "index OLD", "facility at A"));
  const uint64_t events = into_.events();
  const absl::Status refused = Absorb(Named("OTHER"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("facility at A is another one here"));
  EXPECT_EQ(into_.events(), events);
  AbsorbOptions same = Named("OTHER");
  same.same_authorities = true;
  EXPECT_THAT(Conflicts(same), ElementsAre("authority A", "facility at A"));
  ASSERT_TRUE(other_->PutFacility({"at A", "clinic", true, true, {"A"}}, kOperator).ok());
  ASSERT_TRUE(other_->PutAuthority({"A", "1.2.4", "", "", AuthorityTrust::kUnstated}, kOperator).ok());
  ASSERT_TRUE(Absorb(same).ok());
  EXPECT_THAT(*into_.registry().AliasOf({"OLD", "1", 0}), ElementsAre(kA, kB));
  EXPECT_TRUE(Absorb(Named("OTHER")).ok());  // once said, it is known
  // The name is that registry's.
  Side third("small.third");
  third.Add("C");
  EXPECT_EQ(into_->Absorb(third.registry(), Named("OTHER"), kOperator).status().code(),
            absl::StatusCode::kFailedPrecondition);
  // A network's consents are not lost in a registry that is none.
  RegistryFolder plain;
  ASSERT_TRUE(plain.Create(Model::Default(), FrozenOptions()));
  EXPECT_EQ(libmpi::Absorb(&*plain, other_.registry(), Named("OTHER"), {"o", ""}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(libmpi::Absorb(&other_.registry(), other_.registry(), Named("OTHER"), {"o", ""}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(SmallAbsorbTest, OnlyWhoAdministersBothMayAndItIsInTheTrail) {
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  for (const Requester& by : {kSteward, ClerkOf("A")})
    EXPECT_EQ(into_->Absorb(other_.registry(), Named("OTHER"), by).status().code(),
              absl::StatusCode::kPermissionDenied);
  AccessRules nobody = AccessRules::Default();
  std::erase_if(nobody.rules, [](const AccessRule& r) { return r.what.Has(Operation::kAdminister); });
  ASSERT_TRUE(other_->SetRules(nobody, kOperator).ok());
  EXPECT_EQ(Absorb(Named("OTHER")).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(into_.registry().Find(kB).status().code(), absl::StatusCode::kNotFound);
  const auto auditor = Asker(Profession::kAuditor, Purpose::kAudit, "");
  const auto trail = into_->Audit(1, 100, auditor);
  ASSERT_TRUE(trail.ok());
  EXPECT_EQ(trail->back().action, "absorb");
  EXPECT_EQ(trail->back().outcome, AuditOutcome::kRefused);
}

TEST_F(SmallAbsorbTest, TheOtherIsOnlyReadAndTheEntrySaysWhereItsTrailStood) {
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  const auto anchor = other_->Anchor(Asker(Profession::kAuditor, Purpose::kAudit, ""));
  ASSERT_TRUE(anchor.ok());
  const auto read_only = other_.ReadOnly();
  ASSERT_NE(read_only, nullptr);
  const auto done = into_->Absorb(*read_only, Named("OTHER"), kOperator);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->created, 1u);
  EXPECT_TRUE(into_.registry().Find(kB).ok());
  const auto trail = into_->Audit(1, 100, Asker(Profession::kAuditor, Purpose::kAudit, ""));
  EXPECT_EQ(trail->back().action, "absorbed");
  EXPECT_THAT(trail->back().detail,
              HasSubstr("OTHER, its trail " + anchor->trail + " at entry 3: 1 records looked at, 1 created"));
}

TEST_F(SmallAbsorbTest, OfAnIdentifierOfBothTheLaterDayCountsAndAnotherPersonWaits) {
  constexpr int64_t kDay = 86'400'000;
  into_.Add("B");
  Record old = Taro(kB), later = Taro(kB), hers = Taro(kB2), his = Hanako(kB2);
  old.phones = {"03-1111-1111"};
  later.phones = {"03-2222-2222"};
  AbsorbOptions same = Named("OTHER");
  same.same_authorities = true;
  ASSERT_TRUE(into_->Put(old, ClerkOf("B")).ok());
  ASSERT_TRUE(into_->Put(hers, ClerkOf("B")).ok());
  other_.now += kDay;
  ASSERT_TRUE(other_->Put(later, ClerkOf("B")).ok());
  ASSERT_TRUE(other_->Put(his, ClerkOf("B")).ok());
  EXPECT_THAT(Conflicts(Named("OTHER")), ElementsAre("authority B"));
  AbsorbAnswer answer = Take(&into_, other_.registry(), same);
  EXPECT_EQ(answer.revised, 1u);
  EXPECT_EQ(answer.held, 1u);
  EXPECT_EQ(into_.registry().Get(kB, nullptr)->phones, later.phones);
  EXPECT_EQ(into_.registry().StateOf(kB)->said_on, DayOf(other_.now));
  EXPECT_EQ(into_.registry().Get(kB2, nullptr)->births, hers.births);
  // Said here again, later.
  into_.now += 2 * kDay;
  ASSERT_TRUE(into_->Put(old, ClerkOf("B")).ok());
  same.full = true;
  answer = Take(&into_, other_.registry(), same);
  EXPECT_EQ(answer.kept, 1u);
  EXPECT_EQ(into_.registry().Get(kB, nullptr)->phones, old.phones);
}

TEST_F(SmallAbsorbTest, ADecisionThatContradictsIsToldEachTimeUntilItCanBeMade) {
  into_.Add("B");
  other_.Add("A");
  AbsorbOptions same = Named("OTHER");
  same.same_authorities = true;
  for (Side* side : {&into_, &other_}) {
    ASSERT_TRUE((*side)->Put(Taro(kA), ClerkOf("A")).ok());
    ASSERT_TRUE((*side)->Put(Hanako(kB), ClerkOf("B")).ok());
  }
  Requester of_other = kSteward;
  of_other.reason = "saw both";
  ASSERT_TRUE(into_->Decide(kA, kB, false, kSteward).ok());
  ASSERT_TRUE(other_->Decide(kA, kB, true, of_other).ok());
  for (int again = 0; again < 2; ++again) {
    const AbsorbAnswer answer = Take(&into_, other_.registry(), same);
    ASSERT_EQ(answer.contradicted.size(), 1u);
    EXPECT_TRUE(answer.contradicted[0].same);
    EXPECT_EQ(into_.registry().Find(kA)->identifiers.size(), 1u);
  }
  ASSERT_TRUE(into_->Undecide(kA, kB, kSteward).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), same).decided, 1u);
  EXPECT_EQ(into_.registry().Find(kA)->identifiers.size(), 2u);
  const auto last = into_.registry().History(into_.events(), 1);
  EXPECT_EQ((*last)[0].by.reason, "in OTHER by a steward: saw both");
  // Withdrawn there, it is withdrawn here.
  ASSERT_TRUE(other_->Undecide(kA, kB, kSteward).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), same).undecided, 1u);
  EXPECT_EQ(into_.registry().Find(kA)->identifiers.size(), 1u);
}

TEST_F(SmallAbsorbTest, WhatWasSaidHereOfARecordThatGoesThereOutlivesIt) {
  ASSERT_TRUE(into_->Put(Taro(kA), ClerkOf("A")).ok());
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  Take(&into_, other_.registry(), Named("OTHER"));
  ASSERT_EQ(into_.registry().Find(kA)->identifiers.size(), 2u);
  ConsentStatement no;
  no.kind = ConsentKind::kWithdrawn;
  no.from = {2026, 10, 1};
  ASSERT_TRUE(into_->TakeConsent(kB, no, ClerkOf("B")).ok());
  ASSERT_TRUE(other_->Retire(kB, ClerkOf("B")).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), Named("OTHER")).retired, 1u);
  EXPECT_EQ(into_->ConsentOf(kA, kOperator)->now.state, ConsentState::kWithdrawn);
  EXPECT_EQ(into_->ConsentOf(kA, kOperator)->said[0].statement.carried_from, kB);
}

TEST_F(SmallAbsorbTest, OfOneDaysStatementsInTwoNetworksTheLaterHourCounts) {
  ConsentStatement yes, no;
  no.kind = ConsentKind::kWithdrawn;
  yes.from = no.from = {2026, 10, 1};
  for (const bool withdrawn_last : {true, false}) {
    Side into(withdrawn_last ? "hour.1" : "hour.2"), other(withdrawn_last ? "hour.3" : "hour.4");
    into.Add("A");
    other.Add("B");
    ASSERT_TRUE(into->Put(Taro(kA), ClerkOf("A")).ok());
    ASSERT_TRUE(other->Put(Taro(kB), ClerkOf("B")).ok());
    (withdrawn_last ? into : other).now += 3'600'000;
    ASSERT_TRUE(into->TakeConsent(kA, no, ClerkOf("A")).ok());
    ASSERT_TRUE(other->TakeConsent(kB, yes, ClerkOf("B")).ok());
    Take(&into, other.registry(), Named("OTHER"));
    EXPECT_EQ(into->ConsentOf(kA, kOperator)->now.state,
              withdrawn_last ? ConsentState::kWithdrawn : ConsentState::kReconsented);
  }
}

TEST_F(SmallAbsorbTest, WhatIsErasedThereGoesHereToo) {
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  Take(&into_, other_.registry(), Named("OTHER"));
  ASSERT_TRUE(other_.registry().Erase(kB, {"officer", "asked for"}).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), Named("OTHER")).revised, 1u);
  EXPECT_TRUE(into_.registry().StateOf(kB)->erased);
  EXPECT_TRUE(into_.registry().Get(kB, nullptr)->names.empty());
  EXPECT_EQ(Take(&into_, other_.registry(), Fully("OTHER")).unchanged, 1u);
}

TEST_F(SmallAbsorbTest, WhatWasErasedHereStaysAwayUntilItIsPutThereAgain) {
  ASSERT_TRUE(other_->Put(Taro(kB), ClerkOf("B")).ok());
  Take(&into_, other_.registry(), Named("OTHER"));
  ASSERT_TRUE(into_.registry().Erase(kB, {"officer", "asked for"}).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), Fully("OTHER")).kept, 1u);
  EXPECT_FALSE(into_.registry().Find(kB).ok());
  other_.now += 2 * 86'400'000;
  Record again = Taro(kB);
  again.phones = {"03-9999-0000"};
  ASSERT_TRUE(other_->Put(again, ClerkOf("B")).ok());
  EXPECT_EQ(Take(&into_, other_.registry(), Named("OTHER")).revised, 1u);
  EXPECT_TRUE(into_.registry().Find(kB).ok());
}

}  // namespace
}  // namespace libmpi
