// SPDX-License-Identifier: Apache-2.0
// Whatever anybody asks, in whatever order things happen: nobody is told of a record that the table and the patients'
// words, both kept once more in memory, do not let them be told of; and what they may be told they are.
#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/network/access_table.h"
#include "tests/network/network_folder.h"

namespace libmpi {
namespace {

using Code = absl::StatusCode;

// What patients said, by identifier, in the order in which they said it.
class Words {
 public:
  struct Word {
    ConsentKind kind;
    CivilDate from;
    std::set<std::string> named;
    int serial;
  };
  void Say(const RecordKey& of, Word word) {
    word.serial = ++serial_;
    said_[of].push_back(std::move(word));
  }
  void CopyTo(const RecordKey& from, const std::vector<RecordKey>& others) {
    const std::vector<Word> words = All(from);
    for (const RecordKey& other : others)
      for (const Word& w : words) said_[other].push_back(w);
  }
  void Forget(const RecordKey& of) {
    said_.erase(of);
    under_.erase(of);
  }
  void Merge(const RecordKey& from, const RecordKey& to) { under_[to].insert(from); }
  void Unmerge(const RecordKey& from, const RecordKey& to) { under_[to].erase(from); }

  // Whether the words on these identifiers let a facility be told on a day: by the last that counts.
  bool Tell(const std::vector<RecordKey>& identifiers, const std::string& facility, CivilDate day,
            ConsentState* state) const {
    const Word* last = nullptr;
    bool ever_withdrawn = false;
    std::vector<Word> words;
    for (const RecordKey& key : identifiers)
      for (const Word& w : All(key)) words.push_back(w);
    for (const Word& w : words) {
      if (day < w.from) continue;
      if (last == nullptr || std::pair(last->from, last->serial) < std::pair(w.from, w.serial)) last = &w;
    }
    if (last == nullptr) {
      *state = ConsentState::kUnasked;
      return false;
    }
    for (const Word& w : words)
      if (w.kind == ConsentKind::kWithdrawn && std::pair(w.from, w.serial) <= std::pair(last->from, last->serial))
        ever_withdrawn = true;
    if (last->kind == ConsentKind::kWithdrawn) *state = ConsentState::kWithdrawn;
    else *state = ever_withdrawn ? ConsentState::kReconsented : ConsentState::kRegistered;
    return last->named.empty() || last->named.contains(facility);
  }

 private:
  std::vector<Word> All(const RecordKey& of) const {
    std::vector<Word> words;
    if (const auto it = said_.find(of); it != said_.end()) words = it->second;
    if (const auto it = under_.find(of); it != under_.end())
      for (const RecordKey& below : it->second)
        for (Word& w : All(below)) words.push_back(std::move(w));
    return words;
  }

  std::map<RecordKey, std::vector<Word>> said_;
  std::map<RecordKey, std::set<RecordKey>> under_;
  int serial_ = 0;
};

class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    FrozenOptions linkage;
    linkage.preset = Preset::kBalanced;
    linkage.match_threshold = 0;
    if (!network_.Create(linkage)) return;
    pool_ = MakeCrowdedRecords(seed, 40);
    std::shuffle(pool_.begin(), pool_.end(), random_);
    if (pool_.size() > 160) pool_.resize(160);
    static const char* const kAuthorities[] = {"H1", "H2", "C1", "R1"};
    for (Record& record : pool_) {
      record.key = {kAuthorities[random_() % 4], std::to_string(random_() % 30), 0};
      keys_.push_back(record.key);
    }
    calls_ = 4;
    for (size_t i = 0; i < pool_.size(); ++i) Put();
  }

  void Step() {
    const uint64_t what = random_() % 100;
    if (what < 22) Put();
    else if (what < 26) Retire();
    else if (what < 31) Merge();
    else if (what < 46) Say();
    else if (what < 50) Decide();
    else if (what < 68) Find();
    else if (what < 74) FindPerson();
    else if (what < 80) Get();
    else if (what < 90) Search();
    else if (what < 93) Follow();
    else if (what < 96) Watch();
    else Explain();
    ++steps_;
  }

  void CheckTrail() {
    const Requester auditor = Asker(Profession::kAuditor, Purpose::kAudit, "");
    const auto anchor = network_->Anchor(auditor);
    ASSERT_TRUE(anchor.ok()) << anchor.status();
    EXPECT_EQ(anchor->entries, calls_);
    ++calls_;
    EXPECT_THAT(*network_->VerifyTrail(std::span(&*anchor, 1), auditor), testing::IsEmpty());
    ++calls_;
    EXPECT_THAT(*network_.registry().Verify(1, nullptr), testing::IsEmpty());
  }

  uint64_t told() const { return told_; }
  uint64_t withheld() const { return withheld_; }
  uint64_t refused() const { return refused_; }

 private:
  size_t Any(size_t below) { return random_() % below; }
  const RecordKey& AnyKey() { return keys_[Any(keys_.size())]; }

  Requester Anybody() {
    static const char* const kFacilities[] = {"", "hospital", "clinic", "care", "pharmacy", "nowhere"};
    // Mostly those who may ask something.
    static const std::pair<Profession, Purpose> kUsual[] = {
        {Profession::kPhysician, Purpose::kTreatment}, {Profession::kClerk, Purpose::kRegistration},
        {Profession::kNurse, Purpose::kEmergency},     {Profession::kSteward, Purpose::kStewardship},
        {Profession::kOperator, Purpose::kOperations}, {Profession::kSystem, Purpose::kTreatment}};
    auto [who, why] = kUsual[Any(std::size(kUsual))];
    if (Any(5) == 0) {
      who = static_cast<Profession>(Any(kProfessions));
      why = static_cast<Purpose>(Any(kPurposes));
    }
    const bool office = who >= Profession::kSteward;
    return Asker(who, why, office ? "" : kFacilities[Any(5) == 0 ? Any(6) : 1 + Any(4)]);
  }
  static const Facility* FacilityOf(const std::string& name) {
    for (const Facility* f : {&kHospital, &kClinic, &kCare, &kPharmacy})
      if (f->name == name) return f;
    return nullptr;
  }
  static bool Owns(const Facility* facility, const RecordKey& key) {
    return facility != nullptr && std::ranges::count(facility->authorities, key.source) > 0;
  }
  TableRow RowOf(const Requester& by, Operation operation) {
    return TableRowOf(by, FacilityOf(by.facility), operation);
  }

  // By the table and the words: of which of a person's identifiers may they be told?
  std::vector<RecordKey> Allowed(const Requester& by, const TableRow& row, const std::vector<RecordKey>& person) {
    ConsentState state;
    const bool named = words_.Tell(person, by.facility, kRegistryToday, &state);
    std::vector<RecordKey> allowed;
    for (const RecordKey& key : person)
      if (ForeignIsTold(row, state, named) || (row.allowed && Owns(FacilityOf(by.facility), key)))
        allowed.push_back(key);
    return allowed;
  }
  std::vector<RecordKey> PersonOf(const RecordKey& key) {
    const auto person = network_.registry().Find(key);
    return person.ok() ? person->identifiers : std::vector<RecordKey>();
  }
  // A record that an answer mentions is one that they may be told of.
  void MayMention(const Requester& by, const TableRow& row, const RecordKey& key, const char* where) {
    ++told_;
    if (row.everybody || Owns(FacilityOf(by.facility), key)) return;
    const std::vector<RecordKey> allowed = Allowed(by, row, PersonOf(key));
    ASSERT_TRUE(std::ranges::count(allowed, key) > 0)
        << where << ": told of a record that it must not, step " << steps_;
  }
  // Refusals are just those of the table.
  template <typename Answer>
  bool Refused(const TableRow& row, const Answer& answer) {
    ++calls_;
    const bool refused = answer.status().code() == Code::kPermissionDenied;
    EXPECT_EQ(refused, !row.allowed) << "step " << steps_ << " " << answer.status();
    refused_ += refused;
    return refused;
  }
  void CheckChange(const Requester& by, const absl::StatusOr<ChangeAnswer>& answer) {
    if (!answer.ok()) return;
    TableRow row = RowOf(by, Operation::kFind);
    if (!row.everybody) row.consenting = false;  // a change tells of one's own alone
    for (const RegistryLink& link : answer->links) MayMention(by, row, link.other, "a link");
    for (const PersonMove& move : answer->moves) MayMention(by, row, move.record, "a move");
  }

  // One who may feed records of the authority; rarely anybody.
  Requester Feeder(const RecordKey& key) {
    if (Any(10) == 0) return Anybody();
    const std::string facility = key.source[0] == 'H' ? "hospital" : key.source[0] == 'C' ? "clinic" : "care";
    return Asker(Any(2) == 0 ? Profession::kClerk : Profession::kSystem, Purpose::kRegistration, facility);
  }
  bool MayFeed(const Requester& by, std::initializer_list<RecordKey> keys) {
    return RowOf(by, Operation::kFeed).allowed &&
           std::ranges::all_of(keys, [&](const RecordKey& k) { return Owns(FacilityOf(by.facility), k); });
  }

  void Put() {
    Record record = pool_[Any(pool_.size())];
    if (Any(4) == 0) record.key = AnyKey();
    const Requester by = Feeder(record.key);
    const std::vector<RecordKey> before = PersonOf(record.key);
    const auto answer = network_->Put(record, by);
    ++calls_;
    ASSERT_EQ(answer.status().code() == Code::kPermissionDenied, !MayFeed(by, {record.key})) << answer.status();
    CheckChange(by, answer);
    if (answer.ok() && answer->another_person) words_.Forget(record.key);
    if (answer.ok() && answer->outcome == PersonOutcome::kHeld && Any(2) == 0) Accept(record.key);
  }
  void Accept(const RecordKey& key) {
    const bool same = Any(2) == 0;
    std::vector<RecordKey> others = PersonOf(key);
    std::erase(others, key);
    const auto answer = network_->AcceptRevision(key, same, Asker(Profession::kSteward, Purpose::kStewardship, ""));
    ++calls_;
    ASSERT_TRUE(answer.ok()) << answer.status();
    if (same) return;
    words_.CopyTo(key, others);
    words_.Forget(key);
  }
  void Retire() {
    const RecordKey key = AnyKey();
    const Requester by = Feeder(key);
    std::vector<RecordKey> others = PersonOf(key);
    std::erase(others, key);
    const auto answer = network_->Retire(key, by);
    ++calls_;
    ASSERT_EQ(answer.status().code() == Code::kPermissionDenied, !MayFeed(by, {key})) << answer.status();
    CheckChange(by, answer);
    if (answer.ok()) words_.CopyTo(key, others);
  }
  void Merge() {
    const RecordKey a = AnyKey(), b = AnyKey();
    const Requester by = Feeder(a);
    if (Any(3) == 0) {
      const auto surviving = network_.registry().SurvivingOf(a);
      const auto answer = network_->Unsubsume(a, by);
      ++calls_;
      CheckChange(by, answer);
      if (answer.ok()) words_.Unmerge(a, *surviving);
      return;
    }
    const auto answer = network_->Subsume(a, b, by);
    ++calls_;
    ASSERT_EQ(answer.status().code() == Code::kPermissionDenied, !MayFeed(by, {a, b})) << answer.status();
    CheckChange(by, answer);
    if (answer.ok()) words_.Merge(a, b);
  }
  void Say() {
    const RecordKey key = AnyKey();
    const Requester by = Feeder(key);
    ConsentStatement statement;
    statement.kind = Any(3) == 0 ? ConsentKind::kWithdrawn : ConsentKind::kRegistered;
    statement.from = {2026, static_cast<uint8_t>(9 + Any(4)), static_cast<uint8_t>(1 + Any(28))};  // some lie ahead
    if (statement.kind == ConsentKind::kRegistered && Any(3) == 0)
      statement.facilities = {Any(2) == 0 ? "clinic" : "pharmacy"};
    const auto answer = network_->TakeConsent(key, statement, by);
    ++calls_;
    const TableRow row = RowOf(by, Operation::kTakeConsent);
    ASSERT_EQ(answer.status().code() == Code::kPermissionDenied,
              !row.allowed || !(row.everybody || Owns(FacilityOf(by.facility), key)));
    if (!answer.ok()) return;
    words_.Say(key, {statement.kind, statement.from, {statement.facilities.begin(), statement.facilities.end()}, 0});
    ConsentState state;
    words_.Tell(PersonOf(key), "", kRegistryToday, &state);
    ASSERT_EQ(answer->state, state);
  }
  void Decide() {
    const Requester by = Any(2) == 0 ? Anybody() : Asker(Profession::kSteward, Purpose::kStewardship, "");
    const RecordKey a = AnyKey(), b = AnyKey();
    const auto answer = Any(3) == 0 ? network_->Undecide(a, b, by) : network_->Decide(a, b, Any(2) == 0, by);
    Refused(RowOf(by, Operation::kReview), answer);
    CheckChange(by, answer);
  }

  void Find() {
    const Requester by = Anybody();
    const RecordKey key = AnyKey();
    const auto answer = network_->Find(key, {}, by);
    const TableRow row = RowOf(by, Operation::kFind);
    if (Refused(row, answer)) return;
    const auto person = network_.registry().Find(key);
    const bool own = Owns(FacilityOf(by.facility), key);
    if (!person.ok()) {
      const Code expected = own || row.everybody ? person.status().code() : Code::kNotFound;
      ASSERT_EQ(answer.status().code(), expected);
      return;
    }
    const std::vector<RecordKey> allowed = Allowed(by, row, person->identifiers);
    const bool foreign =
        std::ranges::any_of(allowed, [&](const RecordKey& k) { return !Owns(FacilityOf(by.facility), k); });
    if (!own && !foreign) {
      ASSERT_EQ(answer.status().code(), Code::kNotFound) << "step " << steps_;
      ++withheld_;
      return;
    }
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(answer->identifiers, allowed) << "step " << steps_;
    told_ += allowed.size();
    withheld_ += person->identifiers.size() - allowed.size();
  }
  void FindPerson() {
    const Requester by = Anybody();
    const auto person = network_.registry().Find(AnyKey());
    if (!person.ok()) return;
    const auto answer = network_->Find(person->person, by);
    const TableRow row = RowOf(by, Operation::kFind);
    if (Refused(row, answer)) return;
    const std::vector<RecordKey> allowed = Allowed(by, row, person->identifiers);
    ASSERT_EQ(answer.ok(), !allowed.empty());
    if (answer.ok()) {
      ASSERT_EQ(answer->identifiers, allowed);
    }
    told_ += allowed.size();
    withheld_ += person->identifiers.size() - allowed.size();
  }
  void Get() {
    const Requester by = Anybody();
    const RecordKey key = AnyKey();
    const auto answer = network_->Get(key, nullptr, by);
    const TableRow row = RowOf(by, Operation::kRead);
    if (Refused(row, answer)) return;
    if (!answer.ok()) {
      ASSERT_EQ(answer.status().code(), Code::kNotFound);
      const std::vector<RecordKey> allowed = Allowed(by, row, PersonOf(key));
      ASSERT_EQ(std::ranges::count(allowed, key), 0);
      ++withheld_;
      return;
    }
    if (row.everybody || Owns(FacilityOf(by.facility), key)) return;
    std::vector<RecordKey> person = PersonOf(key);
    if (person.empty()) person = {key};  // retired: its own words count
    ConsentState state;
    const bool named = words_.Tell(person, by.facility, kRegistryToday, &state);
    ASSERT_TRUE(ForeignIsTold(row, state, named)) << "step " << steps_;
    ++told_;
  }
  void Search() {
    const Requester by = Anybody();
    const Record& asked = pool_[Any(pool_.size())];
    const TableRow row = RowOf(by, Operation::kSearch);
    SearchCriteria typed;
    if (!asked.names.empty()) {
      typed.full = asked.names[0].full;
      typed.family = asked.names[0].family;
    }
    if (typed.full.empty() && typed.family.empty() && !asked.births.empty()) typed.birth = asked.births[0];
    constexpr size_t kMost = 1000;
    const bool by_record = Any(2) == 0;
    const auto answer = by_record ? network_->Search(asked, kMost, by) : network_->Search(typed, kMost, by);
    if (Refused(row, answer) || !answer.ok()) return;
    const auto all = by_record ? network_.registry().Search(asked, kMost) : network_.registry().Search(typed, kMost);
    ASSERT_TRUE(all.ok());
    std::map<EnterpriseId, std::vector<RecordKey>> told;
    for (const Candidate& c : answer->candidates) {
      told[c.person] = c.identifiers;
      ASSERT_TRUE(std::ranges::count(c.identifiers, c.best) > 0);
    }
    for (const Candidate& c : all->candidates) {
      const std::vector<RecordKey> allowed = Allowed(by, row, c.identifiers);
      withheld_ += c.identifiers.size() - allowed.size();
      const auto it = told.find(c.person);
      if (it == told.end()) {
        // Where the record that resembles what was asked is not to be told of, another one of the person may not do.
        ASSERT_EQ(std::ranges::count(allowed, c.best), 0) << "step " << steps_;
        continue;
      }
      ASSERT_EQ(it->second, allowed) << "step " << steps_;
      told_ += allowed.size();
      told.erase(it);
    }
    ASSERT_TRUE(told.empty()) << "step " << steps_;
  }
  void Follow() {
    const Requester by = Anybody();
    const auto answer = network_->Follow(1 + Any(50), 20, by);
    const TableRow row = RowOf(by, Operation::kFollow);
    if (Refused(row, answer)) return;
    ASSERT_TRUE(answer.ok());
    TableRow own = row;
    if (!row.everybody) own.consenting = false;
    for (const HistoryEvent& event : answer->events) {
      for (const RecordKey* key : {&event.record, &event.other})
        if (*key != RecordKey()) MayMention(by, own, *key, "an event");
      for (const PersonMove& move : event.moves) MayMention(by, own, move.record, "a move");
    }
  }
  void Watch() {
    const Requester by = Anybody();
    if (Any(2) == 0) {
      const auto answer = network_->Review(10, by);
      Refused(RowOf(by, Operation::kReview), answer);
      return;
    }
    const RecordKey key = AnyKey();
    const auto answer = network_->WhoLooked(key, 20, by);
    const TableRow row = RowOf(by, Operation::kReadAudit);
    if (Refused(row, answer) || !answer.ok()) return;
    for (const AuditEntry& entry : *answer)
      for (const auto* keys : {&entry.asked, &entry.told})
        for (const RecordKey& k : *keys) ASSERT_TRUE(row.everybody || Owns(FacilityOf(by.facility), k));
  }
  void Explain() {
    const Requester by = Anybody();
    const auto answer = network_->Explain(AnyKey(), AnyKey(), by);
    Refused(RowOf(by, Operation::kExplain), answer);
  }

  std::mt19937_64 random_;
  NetworkFolder network_;
  std::vector<Record> pool_;
  std::vector<RecordKey> keys_;
  Words words_;
  uint64_t steps_ = 0, calls_ = 0, told_ = 0, withheld_ = 0, refused_ = 0;
};

TEST(DisclosureTest, NobodyIsToldWhatTheTableForbidsAndEverybodyWhatItAllows) {
  const int worlds = LongRun() ? 50 : 3, steps = LongRun() ? 2000 : 700;
  uint64_t told = 0, withheld = 0, refused = 0;
  for (int seed = 0; seed < worlds; ++seed) {
    World world(static_cast<uint64_t>(seed));
    for (int step = 0; step < steps; ++step) {
      world.Step();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << " step " << step;
    }
    world.CheckTrail();
    told += world.told();
    withheld += world.withheld();
    refused += world.refused();
  }
  std::printf("%d operations: told of %llu records, withheld %llu, refused %llu\n", worlds * steps,
              static_cast<unsigned long long>(told), static_cast<unsigned long long>(withheld),
              static_cast<unsigned long long>(refused));
  EXPECT_GT(told, 1000u);
  EXPECT_GT(withheld, 200u);
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace libmpi
