// SPDX-License-Identifier: Apache-2.0
// Three tenants in one registry: whatever anybody asks at a facility, no answer has anything of another tenant's, and
// nothing in how it is refused tells of it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/network/network_folder.h"

namespace libmpi {
namespace {

using testing::IsEmpty;

const Requester kOperator = Asker(Profession::kOperator, Purpose::kOperations, "");
const Requester kSteward = Asker(Profession::kSteward, Purpose::kStewardship, "");

// Every sight, tenant of who asks, tenant of the record, state of consent, with tenants apart and not.
TEST(TenantsTest, EveryCellOfTheTable) {
  uint64_t told = 0;
  for (const bool apart : {true, false})
    for (const Sight sight : {Sight::kRefused, Sight::kOwn, Sight::kToldOf, Sight::kAll})
      for (const char* mine : {"(office)", "", "north", "south"})
        for (const char* theirs : {"", "north", "south"})
          for (const bool own : {true, false})
            for (const bool consents : {true, false}) {
              AccessRules rules = AccessRules::Default();
              rules.tenants_apart = apart;
              const bool office = std::string_view(mine) == "(office)";
              const Facility facility = {"f", "", true, true, {"OWN"}, office ? "" : mine};
              if (own && (office || facility.tenant != theirs)) continue;  // its own is of its own tenant
              const ConsentState state = consents ? ConsentState::kRegistered : ConsentState::kWithdrawn;
              bool expected = sight != Sight::kRefused && own;
              if (sight == Sight::kAll || (sight == Sight::kToldOf && consents)) expected = true;
              if (apart && !office && facility.tenant != theirs) expected = false;
              EXPECT_EQ(MaySee(sight, rules, office ? nullptr : &facility, own ? "OWN" : "ELSE", theirs,
                               {state, {2026, 4, 1}, {}}),
                        expected)
                  << apart << SightName(sight) << " " << mine << " " << theirs << own << consents;
              told += expected;
            }
  EXPECT_GT(told, 40u);
}

const std::vector<Facility> kFacilities = {
    {"a hospital", "hospital", true, true, {"A1"}, "a"}, {"a clinic", "clinic", true, true, {"A2"}, "a"},
    {"b hospital", "hospital", true, true, {"B1"}, "b"}, {"b clinic", "clinic", true, true, {"B2"}, "b"},
    {"c hospital", "hospital", true, true, {"C1"}, "c"}, {"c clinic", "clinic", true, false, {"C2"}, "c"},
    {"free", "clinic", true, true, {"F1"}, ""},
};

// Of which tenant's facility a record is, by its authority's first letter.
std::string TenantOf(const RecordKey& key) {
  const char first = key.source.empty() ? 'F' : key.source[0];
  return first == 'F' || first == 'O' ? "" : std::string(1, static_cast<char>(first - 'A' + 'a'));
}

using Keys = std::vector<RecordKey>;
void Mention(const RecordKey& key, Keys* keys) {
  if (key != RecordKey()) keys->push_back(key);
}
void Mention(const Keys& of, Keys* keys) { keys->insert(keys->end(), of.begin(), of.end()); }
void Mention(const CrossReference& of, Keys* keys) { Mention(of.identifiers, keys); }
void Mention(const Record& of, Keys* keys) { Mention(of.key, keys); }
void Mention(const GoldenRecord& of, Keys* keys) {
  for (const GoldenValue& value : of.values) {
    Mention(value.said_by, keys);
    for (const GoldenRival& rival : value.rivals) Mention(rival.said_by, keys);
  }
}
void Mention(const SearchAnswer& of, Keys* keys) {
  for (const Candidate& c : of.candidates) {
    Mention(c.identifiers, keys);
    Mention(c.best, keys);
  }
}
void Mention(const Explanation&, Keys*) {}
void Mention(const FollowAnswer& of, Keys* keys) {
  for (const HistoryEvent& e : of.events) {
    Mention(e.record, keys);
    Mention(e.other, keys);
    for (const PersonMove& move : e.moves) Mention(move.record, keys);
  }
}
void Mention(const ReviewEntry& of, Keys* keys) {
  Mention(of.a, keys);
  Mention(of.b, keys);
}
void Mention(const HeldRevision& of, Keys* keys) {
  Mention(of.record, keys);
  Mention(of.revision.key, keys);
}
void Mention(const ChangeAnswer& of, Keys* keys) {
  for (const RegistryLink& link : of.links) Mention(link.other, keys);
  for (const PersonMove& move : of.moves) Mention(move.record, keys);
}
void Mention(const PersonConsent& of, Keys* keys) {
  for (const SaidConsent& said : of.said) {
    Mention(said.identifier, keys);
    if (said.statement.carried_from) Mention(*said.statement.carried_from, keys);
  }
}
void Mention(const AuditEntry& of, Keys* keys) {
  Mention(of.asked, keys);
  Mention(of.told, keys);
}
template <typename T>
void Mention(const std::vector<T>& of, Keys* keys) {
  for (const T& one : of) Mention(one, keys);
}

class Tenants {
 public:
  Tenants(uint64_t seed, bool apart) : random_(seed), apart_(apart) {
    FrozenOptions linkage;
    linkage.preset = Preset::kBalanced;
    linkage.match_threshold = 0;
    if (!folder_.Create(Model::Default(), linkage)) return;
    auto opened = Network::Open(&*folder_);
    EXPECT_TRUE(opened.ok());
    network_ = *std::move(opened);
    for (const Facility& facility : kFacilities) EXPECT_TRUE(network_->PutFacility(facility, kOperator).ok());
    AccessRules rules = AccessRules::Default();
    rules.tenants_apart = apart;
    EXPECT_TRUE(network_->SetRules(rules, kOperator).ok());
    pool_ = MakeCrowdedRecords(seed, 40);
    std::shuffle(pool_.begin(), pool_.end(), random_);
    if (pool_.size() > 150) pool_.resize(150);
    for (Record& record : pool_) {
      const Facility& facility = kFacilities[Any(kFacilities.size())];
      record.key = {facility.authorities[0], std::to_string(Any(40)), 0};
      keys_.push_back(record.key);
      EXPECT_TRUE(folder_->Put(record, {facility.name + "|x", ""}).ok());
    }
    for (int i = 0; i < 20; ++i) {
      Keys of;
      for (size_t n = 1 + Any(4); n > 0; --n) of.push_back(AnyKey());
      EXPECT_TRUE(folder_->PutAliases(std::vector<PersonAlias>{{{"OLD", std::to_string(i), 0}, of}}, {"o", ""}).ok());
    }
  }

  void Step() {
    const Facility& facility = kFacilities[Any(kFacilities.size())];
    tenant_ = facility.tenant;
    switch (Any(20)) {
      case 0: case 1: case 2:
        return AskOf([this](const RecordKey& k, const Requester& by) { return network_->Find(k, {}, by); },
                     Anybody(facility));
      case 3: return FindAsExpected(facility);
      case 4: return FindById(Anybody(facility));
      case 5: return AskOf([this](const RecordKey& k, const Requester& by) { return network_->Get(k, nullptr, by); },
                           Anybody(facility));
      case 6: return AskOf([this](const RecordKey& k, const Requester& by) { return network_->Golden(k, by); },
                           Anybody(facility));
      case 7: case 8: return Search(Anybody(facility));
      case 9: return Told(network_->Follow(1 + Any(200), 50, Anybody(facility)));
      case 10: return AskOf([this](const RecordKey& k, const Requester& by) { return network_->Explain(k, own_, by); },
                            At(facility, Profession::kSteward, Purpose::kStewardship));
      case 11: return Review(At(facility, Profession::kSteward, Purpose::kStewardship));
      case 12: return Decide(At(facility, Profession::kSteward, Purpose::kStewardship));
      case 13: return Change(facility);
      case 14: return SayConsent(facility);
      case 15: return AskOf([this](const RecordKey& k, const Requester& by) { return network_->ConsentOf(k, by); },
                            Any(2) == 0 ? At(facility, Profession::kOperator, Purpose::kOperations)
                                        : Anybody(facility));
      case 16: return AskOf([this](const RecordKey& k, const Requester& by) { return network_->WhoLooked(k, 30, by); },
                            At(facility, Any(2) == 0 ? Profession::kClerk : Profession::kOperator,
                               Purpose::kPatientRequest));
      case 17: return Audit(facility);
      case 18: return Count(facility);
      default: return Pseudonyms(facility);
    }
  }

  uint64_t told() const { return told_; }
  uint64_t foreign() const { return foreign_; }
  uint64_t asked_of_foreign() const { return asked_of_foreign_; }
  Registry& registry() { return *folder_; }

 private:
  size_t Any(size_t below) { return random_() % below; }
  const RecordKey& AnyKey() { return keys_[Any(keys_.size())]; }
  RecordKey OwnKey() {
    for (;;) {
      const RecordKey& key = AnyKey();
      if (TenantOf(key) == tenant_) return key;
    }
  }
  RecordKey AnyName() {
    if (Any(6) > 0) return AnyKey();
    return {"OLD", std::to_string(Any(20)), 0};
  }
  static Requester At(const Facility& facility, Profession who, Purpose why) {
    Requester by = Asker(who, why, facility.name);
    by.reason = "asked to";
    return by;
  }
  Requester Anybody(const Facility& facility) {
    static const std::pair<Profession, Purpose> kUsual[] = {
        {Profession::kPhysician, Purpose::kTreatment},   {Profession::kClerk, Purpose::kRegistration},
        {Profession::kNurse, Purpose::kEmergency},       {Profession::kSteward, Purpose::kStewardship},
        {Profession::kOperator, Purpose::kOperations},   {Profession::kSystem, Purpose::kTreatment},
        {Profession::kOperator, Purpose::kPatientRequest}};
    const auto [who, why] = kUsual[Any(std::size(kUsual))];
    return At(facility, who, why);
  }

  // Nothing of another tenant is in an answer.
  template <typename Answer>
  void Told(const absl::StatusOr<Answer>& answer) {
    if (!answer.ok()) return;
    Keys keys;
    Mention(*answer, &keys);
    Check(keys);
  }
  void Check(const Keys& keys) {
    for (const RecordKey& key : keys) {
      ++told_;
      const bool foreign = TenantOf(key) != tenant_;
      foreign_ += foreign;
      if (apart_) {
        ASSERT_FALSE(foreign) << key.source << " told at a facility of '" << tenant_ << "'";
      }
    }
  }
  // A question about one identifier: a foreign one is answered as one that there is not.
  template <typename Ask>
  void AskOf(const Ask& ask, const Requester& by) {
    const RecordKey key = AnyName();
    own_ = OwnKey();
    const auto answer = ask(key, by);
    Told(answer);
    if (!apart_ || key.source == "OLD" || TenantOf(key) == tenant_) return;
    ++asked_of_foreign_;
    ASSERT_FALSE(answer.ok());
    const auto nobody = ask({key.source, "there is no such", 0}, by);
    ASSERT_EQ(answer.status(), nobody.status());
  }

  // By the table and the words: of whom a physician is told.
  void FindAsExpected(const Facility& facility) {
    const RecordKey key = AnyKey();
    const auto person = folder_->Find(key);
    if (!person.ok() || !apart_) return;
    const Word* last = nullptr;
    for (const RecordKey& k : person->identifiers)
      if (TenantOf(k) == tenant_)
        for (const Word& word : words_[k])
          if (last == nullptr || std::pair(last->from, last->serial) < std::pair(word.from, word.serial)) last = &word;
    const bool consents = last != nullptr && last->registered && facility.queries;
    Keys expected;
    bool beyond_own = false;
    for (const RecordKey& k : person->identifiers) {
      const bool own = k.source == facility.authorities[0];
      if (!own && !(consents && TenantOf(k) == tenant_)) continue;
      expected.push_back(k);
      beyond_own = beyond_own || !own;
    }
    const bool may_name = key.source == facility.authorities[0] || (TenantOf(key) == tenant_ && beyond_own);
    const auto answer = network_->Find(key, {}, At(facility, Profession::kPhysician, Purpose::kTreatment));
    ASSERT_EQ(answer.ok(), may_name) << answer.status();
    if (!answer.ok()) return;
    ASSERT_EQ(answer->identifiers, expected);
    told_ += expected.size();
  }
  void FindById(const Requester& by) {
    const auto person = folder_->Find(AnyKey());
    if (person.ok()) Told(network_->Find(person->person, by));
  }
  void Search(const Requester& by) {
    const Record& like = pool_[Any(pool_.size())];
    if (Any(2) == 0) return Told(network_->Search(like, 100, by));
    SearchCriteria typed;
    if (!like.names.empty()) {
      typed.full = like.names[0].full;
      typed.family = like.names[0].family;
    }
    if (typed.full.empty() && !like.births.empty()) typed.birth = like.births[0];
    if (Any(5) == 0) {
      typed = {};
      typed.identifier = like.key.record_id;
    }
    const auto answer = network_->Search(typed, 3, by);
    Told(answer);
    if (apart_ && answer.ok() && !typed.identifier.empty() && answer->candidates.size() < 3) {
      ASSERT_FALSE(answer->too_many);
    }
  }
  void Review(const Requester& by) {
    if (Any(2) == 0) return Told(network_->HeldRevisions(5, by));
    const auto answer = network_->Review(10, by);
    Told(answer);
    if (!answer.ok() || !apart_) return;
    const auto all = folder_->Review(SIZE_MAX);
    Keys expected, told;
    for (const ReviewEntry& e : *all)
      if (TenantOf(e.a) == tenant_ && TenantOf(e.b) == tenant_ && expected.size() < 20) Mention(e, &expected);
    for (const ReviewEntry& e : *answer) Mention(e, &told);
    ASSERT_EQ(told, expected);
  }
  void Decide(const Requester& by) {
    const RecordKey a = OwnKey(), b = AnyKey();
    const size_t what = Any(5);
    if (what == 0) {
      const absl::Status assigned = network_->Assign(a, b, "me", by);
      if (apart_ && TenantOf(b) != tenant_) {
        ASSERT_EQ(assigned.code(), absl::StatusCode::kPermissionDenied);
      }
      return;
    }
    const auto answer = what == 1 ? network_->Undecide(a, b, by) : network_->Decide(a, b, Any(2) == 0, by);
    Told(answer);
    if (!apart_ || TenantOf(b) == tenant_) return;
    ASSERT_EQ(answer.status().code(), absl::StatusCode::kPermissionDenied);
    // What the office decided across tenants is told to none.
    if (Any(3) == 0) (void)network_->Decide(a, b, Any(2) == 0, kSteward);
  }
  void Change(const Facility& facility) {
    Record record = pool_[Any(pool_.size())];
    record.key = {facility.authorities[0], std::to_string(5 * Any(8)), 0};  // of which nothing is said
    const Requester by = At(facility, Profession::kClerk, Purpose::kRegistration);
    const RecordKey other = {facility.authorities[0], std::to_string(5 * Any(8)), 0};
    switch (Any(6)) {
      case 0: return Told(network_->Retire(record.key, by));
      case 1: return Told(network_->Subsume(record.key, other, by));
      case 2: return Told(network_->Unsubsume(record.key, by));
      default: break;
    }
    const auto put = network_->Put(record, by);
    Told(put);
    if (!put.ok() || put->outcome != PersonOutcome::kHeld) return;
    const Requester steward = At(facility, Profession::kSteward, Purpose::kStewardship);
    if (Any(3) > 0) Told(network_->AcceptRevision(record.key, Any(2) == 0, steward));
  }
  void SayConsent(const Facility& facility) {
    RecordKey key = OwnKey();
    if (key.source != facility.authorities[0] || std::stoi(key.record_id) % 5 == 0) return;
    ConsentStatement statement;
    statement.kind = Any(3) == 0 ? ConsentKind::kWithdrawn : ConsentKind::kRegistered;
    statement.from = {2026, 11, static_cast<uint8_t>(1 + Any(20))};
    const auto said = network_->TakeConsent(key, statement, At(facility, Profession::kClerk, Purpose::kRegistration));
    if (said.ok()) words_[key].push_back({statement.from, ++serial_, statement.kind == ConsentKind::kRegistered});
  }
  void Audit(const Facility& facility) {
    if (!facility.queries) return;
    const Requester by = At(facility, Profession::kAuditor, Purpose::kAudit);
    const auto entries = network_->Audit(1 + Any(300), 50, by);
    Told(entries);
    const auto usage = network_->Usage("2026-01", "2026-12", by);
    if (!apart_) return;
    ASSERT_TRUE(entries.ok() && usage.ok());
    for (const UsageCount& count : *usage) ASSERT_EQ(TenantOfFacility(count.facility), tenant_) << count.facility;
    for (const AuditEntry& entry : *entries) {
      if (entry.by.facility.empty() || TenantOfFacility(entry.by.facility) == tenant_) continue;
      ASSERT_FALSE(entry.told.empty()) << entry.action;  // of theirs, else it is none of their business
    }
  }
  static std::string TenantOfFacility(const std::string& name) {
    for (const Facility& f : kFacilities)
      if (f.name == name) return f.tenant;
    return "(office)";
  }
  void Count(const Facility& facility) {
    if (!facility.queries) return;
    const Requester by = At(facility, Profession::kOperator, Purpose::kOperations);
    const auto report = network_->Registrations(by);
    ASSERT_TRUE(report.ok()) << report.status();
    if (!apart_) return;
    // What is about all tenants is for the office alone.
    for (const absl::Status& done :
         {network_->Admit(Operation::kAdminister, "backup", by), network_->SetRules(AccessRules::Default(), by),
          network_->PutFacility(facility, by), network_->PutAuthority({"A1", "", "", "", {}}, by)})
      ASSERT_EQ(done.code(), absl::StatusCode::kPermissionDenied);
    uint64_t persons = 0;
    ASSERT_TRUE(folder_->ForEachPerson([&](const EnterpriseId&, const Keys& keys) {
      persons += std::ranges::any_of(keys, [&](const RecordKey& key) { return TenantOf(key) == tenant_; });
      return true;
    }).ok());
    ASSERT_EQ(report->persons, persons);
    for (const auto& of : report->facilities) ASSERT_EQ(TenantOfFacility(of.facility), tenant_);
  }
  void Pseudonyms(const Facility& facility) {
    const Pseudonymizer pseudonymizer = *Pseudonymizer::Make(
        *SecretKey::Parse("5f1d9a03c47be2688e0b3d7215fa96c4d8e13b7f02a6594cb7e80d1f6a239c5e"), "study");
    Keys keys;
    std::vector<std::string> persons;
    const auto counts = network_->Pseudonymize(pseudonymizer, {}, [&](const PseudonymRow& row) {
      keys.push_back({std::string(row.authority), "", 0});
      persons.push_back(row.person.ToString());
      return true;
    }, At(facility, Profession::kResearcher, Purpose::kResearch));
    Check(keys);
    const auto person = folder_->Find(AnyKey());
    if (!person.ok()) return;
    const auto pseudonym = pseudonymizer.OfPerson(person->person);
    const Requester by = At(facility, Profession::kOperator, Purpose::kPatientRequest);
    const auto whose = network_->Reidentify(pseudonymizer, pseudonym->ToString(), by);
    Told(whose);
    const auto mine = [&](const RecordKey& k) { return TenantOf(k) == tenant_; };
    if (!apart_ || std::ranges::any_of(person->identifiers, mine)) return;
    ASSERT_EQ(whose.status(), network_->Reidentify(pseudonymizer, std::string(32, '3'), by).status());
  }

  struct Word {
    CivilDate from;
    int serial = 0;
    bool registered = false;
  };

  std::mt19937_64 random_;
  const bool apart_;
  RegistryFolder folder_;
  std::unique_ptr<Network> network_;
  std::vector<Record> pool_;
  Keys keys_;
  RecordKey own_;
  std::string tenant_;  // of who asks
  std::map<RecordKey, std::vector<Word>> words_;
  int serial_ = 0;
  uint64_t told_ = 0, foreign_ = 0, asked_of_foreign_ = 0;
};

TEST(TenantsTest, NothingOfAnotherTenantIsInAnyAnswer) {
  const int worlds = LongRun() ? 50 : 2, steps = LongRun() ? 2000 : 1000;
  uint64_t told = 0, asked = 0;
  for (int seed = 0; seed < worlds; ++seed) {
    Tenants tenants(static_cast<uint64_t>(seed), true);
    for (int step = 0; step < steps; ++step) {
      tenants.Step();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << " step " << step;
    }
    told += tenants.told();
    asked += tenants.asked_of_foreign();
    EXPECT_EQ(tenants.foreign(), 0u);
    EXPECT_THAT(*tenants.registry().Verify(1, nullptr), IsEmpty());
  }
  std::printf("%d queries: told of %llu records, none of another tenant's; %llu asked for those by name\n",
              worlds * steps, static_cast<unsigned long long>(told), static_cast<unsigned long long>(asked));
  EXPECT_GT(told, 3000u);
  EXPECT_GT(asked, 200u);
}

TEST(TenantsTest, WhereTenantsAreNotApartTheSameQuestionsTellOfOthers) {
  Tenants together(0, false);
  for (int step = 0; step < 300; ++step) together.Step();
  EXPECT_GT(together.foreign(), 500u);
}

}  // namespace
}  // namespace libmpi
