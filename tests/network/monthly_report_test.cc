// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/monthly_report.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/month_history.h"
#include "libmpi/network/network.h"
#include "libmpi/network/report_json.h"
#include "libmpi/network/takeover.h"
#include "tests/network/network_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using enum Profession;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr int64_t kHour = 3'600'000, kDay = 24 * kHour;

// A moment in Japan.
int64_t At(int year, unsigned month, unsigned day, int hour = 12) {
  const std::chrono::sys_time<std::chrono::milliseconds> midnight =
      std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
  return midnight.time_since_epoch().count() + (hour - 9) * kHour;
}

constexpr std::string_view kYamada =
    "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678";
constexpr std::string_view kSuzuki =
    "1|鈴木 次郎|スズキ ジロウ|1972-08-30|男|01130012/77/88|大阪府/大阪市北区/梅田1-1|06-1111-2222";
constexpr std::string_view kKimura = "1|木村 花|キムラ ハナ|1988-02-30|女|06139992/1/2|福岡県/福岡市/天神1-1|092-111-2222";
constexpr std::string_view kOgata = "1|尾形 リサ|オガタ リサ|1991-05-06|女|01130012/55/66|北海道/札幌市/北1-1|011-111-2222";
constexpr std::string_view kSato = "1|佐藤 恵子|サトウ ケイコ|1965-03-03|女";
constexpr std::string_view kTanaka = "1||タナカ ヒロシ|1970-07-07|男";

// A registry whose clock the test sets.
class ClockedRegistry {
 public:
  ClockedRegistry() {
    static int count = 0;
    folder_ = testing::TempDir() + "/monthly_report." + std::to_string(::getpid()) + "." + std::to_string(++count);
    std::filesystem::remove_all(folder_);
    RegistryOptions options;
    options.cache_bytes = options.write_buffer_bytes = 8 << 20;
    options.clock = [this] { return now.load(); };
    auto created = Registry::Create(folder_, Model::Default(), FrozenOptions(), options);
    EXPECT_TRUE(created.ok()) << created.status();
    registry = *std::move(created);
  }
  ~ClockedRegistry() {
    registry.reset();
    std::filesystem::remove_all(folder_);
  }

  std::atomic<int64_t> now = At(2026, 10, 1);
  std::unique_ptr<Registry> registry;

 private:
  std::string folder_;
};

class MonthOfANetworkTest : public testing::Test {
 protected:
  MonthOfANetworkTest() {
    network_ = *Network::Open(registry_.registry.get());
    for (const Facility& facility : {kHospital, kClinic, kCare, kPharmacy})
      EXPECT_TRUE(network_->PutFacility(facility, Operator()).ok());
  }

  void Put(const std::string& authority, const std::string& id, std::string_view line) {
    const std::map<std::string, std::string> owners = {
        {"H1", "hospital"}, {"H2", "hospital"}, {"C1", "clinic"}, {"R1", "care"}};
    Record record = ParseRecord(line);
    record.key = {authority, id, 0};
    const auto answer = network_->Put(record, Clerk(owners.at(authority)));
    EXPECT_TRUE(answer.ok()) << answer.status();
  }
  void Decide(const RecordKey& a, const RecordKey& b, bool same) {
    const auto decided = network_->Decide(a, b, same, Steward());
    EXPECT_TRUE(decided.ok()) << decided.status();
  }
  MonthlyReport Report(const std::string& month) {
    auto report = network_->MonthlyReport(month, Operator());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : MonthlyReport();
  }
  static Requester Clerk(const std::string& facility) { return Asker(kClerk, Purpose::kRegistration, facility); }
  static Requester Doctor(const std::string& facility) { return Asker(kPhysician, Purpose::kTreatment, facility); }
  static Requester Steward() { return Asker(kSteward, Purpose::kStewardship, ""); }
  static Requester Operator() { return Asker(kOperator, Purpose::kOperations, ""); }
  static MonthlyReport::OfSource Of(const std::vector<MonthlyReport::OfSource>& sources, const std::string& name) {
    for (const auto& source : sources)
      if (source.name == name) return source;
    ADD_FAILURE() << name;
    return {};
  }

  // Two persons, four records.
  void October() {
    registry_.now = At(2026, 10, 5);
    Put("H1", "10", kYamada);
    Put("C1", "20", kYamada);
    Put("H1", "11", kSuzuki);
    registry_.now = At(2026, 10, 31, 23);
    Put("R1", "30", kYamada);
    ConsentStatement yes;
    yes.from = {2026, 10, 10};
    EXPECT_TRUE(network_->TakeConsent({"C1", "20", 0}, yes, Clerk("clinic")).ok());
  }

  void November() {
    registry_.now = At(2026, 11, 1, 0);  // in October by UTC
    Put("H2", "12", kSuzuki);            // joins H1:11
    registry_.now = At(2026, 11, 3);
    Put("H1", "40", kSato);              // a question with C1:41, since now
    Put("C1", "41", kSato);
    Questions();
    registry_.now = At(2026, 11, 10);
    Decide(sato_h_, sato_c_, true);      // 7 days later; merges
    registry_.now = At(2026, 11, 11);
    EXPECT_TRUE(network_->Undecide(sato_h_, sato_c_, Steward()).ok());  // splits, and asks again
    registry_.now = At(2026, 11, 13);
    Decide(sato_h_, sato_c_, false);     // 2 days later
    registry_.now = At(2026, 11, 15);
    Put("R1", "50", kTanaka);
    Put("H1", "60", kKimura);
    Put("H1", "61", kOgata);
    registry_.now = At(2026, 11, 18);
    EXPECT_TRUE(network_->Retire({"R1", "30", 0}, Clerk("care")).ok());
    EXPECT_TRUE(network_->Subsume({"H1", "60", 0}, {"H1", "61", 0}, Clerk("hospital")).ok());
    registry_.now = At(2026, 11, 20);
    Put("H1", "51", kTanaka);            // a question with R1:50, since now
    registry_.now = At(2026, 11, 21);
    Put("C1", "20", kOgata);             // overlays: one is refused, one waits
    EXPECT_TRUE(network_->RefuseRevision({"C1", "20", 0}, Steward()).ok());
    Put("H1", "11", kYamada);
  }

  void Questions() {
    EXPECT_TRUE(network_->Find({"H1", "10", 0}, {}, Doctor("clinic")).ok());
    EXPECT_TRUE(network_->Find({"H1", "10", 0}, {}, Doctor("pharmacy")).ok());
    EXPECT_FALSE(network_->Find({"H1", "11", 0}, {}, Doctor("pharmacy")).ok());  // has not registered
    const Requester urgent = Asker(kPhysician, Purpose::kEmergency, "pharmacy");
    EXPECT_TRUE(network_->Find({"H1", "10", 0}, {}, urgent).ok());               // may be told of anyway
    EXPECT_TRUE(network_->Find({"H1", "11", 0}, {}, urgent).ok());
    EXPECT_FALSE(network_->Put(Record(), Clerk("pharmacy")).ok());
  }

  const RecordKey sato_h_ = {"H1", "40", 0}, sato_c_ = {"C1", "41", 0};
  ClockedRegistry registry_;
  std::unique_ptr<Network> network_;
};

TEST_F(MonthOfANetworkTest, IsAsCountedByHand) {
  October();
  November();
  registry_.now = At(2026, 11, 30);
  MonthlyReport r = Report("2026-11");
  EXPECT_FALSE(r.is_over);
  EXPECT_EQ(r.at_begin, (PersonsAndRecords{2, 4}));
  // Yamada 2, Suzuki 2, both Sato, both Tanaka, Ogata.
  EXPECT_EQ(r.at_end, (PersonsAndRecords{7, 9}));
  const MonthChanges& c = r.changes;
  EXPECT_EQ(c.records_came, 7u);
  EXPECT_EQ(c.records_went, 2u);
  EXPECT_EQ(c.created, 6u);
  EXPECT_EQ(c.joined, 1u);
  EXPECT_EQ(c.merged, 1u);
  EXPECT_EQ(c.merged_by_decision, 1u);
  EXPECT_EQ(c.split, 1u);
  EXPECT_EQ(c.moved, 0u);
  EXPECT_EQ(r.duplicates_found(), 2u);
  EXPECT_EQ(c.subsumed, 1u);
  EXPECT_EQ(c.unsubsumed, 0u);
  EXPECT_EQ(c.refused, 1u);
  EXPECT_EQ(c.accepted_same + c.accepted_another + c.taken_back, 0u);

  EXPECT_EQ(r.questions.count, 1u);
  EXPECT_EQ(r.questions.unknown, 0u);
  EXPECT_DOUBLE_EQ(r.questions.median_days, 10);  // since the 20th
  EXPECT_DOUBLE_EQ(r.questions.oldest_days, 10);
  EXPECT_THAT(r.questions.by_age, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(r.by_assignee, UnorderedElementsAre(Pair("", 1)));
  EXPECT_EQ(r.held.count, 1u);
  EXPECT_DOUBLE_EQ(r.held.oldest_days, 9);

  ASSERT_THAT(r.stewards, SizeIs(1));
  EXPECT_EQ(r.stewards[0].name, "a steward");
  EXPECT_EQ(r.stewards[0].work.same, 1u);
  EXPECT_EQ(r.stewards[0].work.different, 1u);
  EXPECT_EQ(r.stewards[0].work.withdrawn, 1u);
  EXPECT_EQ(r.stewards[0].work.revisions, 1u);
  EXPECT_THAT(r.stewards[0].work.days_waited, ElementsAre(7, 2));
  EXPECT_DOUBLE_EQ(*r.stewards[0].median_days, 4.5);

  ASSERT_TRUE(r.registrations);
  EXPECT_EQ(r.registrations->persons, 7u);
  EXPECT_EQ(r.registrations->registered(), 1u);
  EXPECT_EQ(r.registered_in_month, 0u);
}

TEST_F(MonthOfANetworkTest, DataQualityAndUseAreCountedByFacility) {
  October();
  November();
  registry_.now = At(2026, 11, 30);
  const MonthlyReport r = Report("2026-11");
  // Of the hospital: 10, 11, 12, 40, 51, 61; 60 was merged away.
  const MonthlyReport::OfSource hospital = Of(r.facilities, "hospital"), h1 = Of(r.authorities, "H1");
  EXPECT_EQ(hospital.quality.filled.records, 6u);
  EXPECT_EQ(h1.quality.filled.records, 5u);
  EXPECT_EQ(hospital.quality.kanji_names, 5u);  // Tanaka has kana alone
  const auto said = [&](std::string_view field) {
    const auto it = std::ranges::find(kFilledFields, field);
    return hospital.quality.filled.fields[static_cast<size_t>(it - kFilledFields.begin())];
  };
  EXPECT_EQ(said("kana"), 6u);
  EXPECT_EQ(said("address"), 4u);
  EXPECT_EQ(said("phone"), 4u);
  EXPECT_EQ(said("insurance"), 4u);
  EXPECT_EQ(said("sex"), 6u);
  // 12, 40, 60, 61, 51, and the held one.
  EXPECT_EQ(hospital.puts, 6u);
  EXPECT_EQ(hospital.held, 1u);
  EXPECT_NEAR(*hospital.held_per_10000, 10'000.0 / 6, 1e-9);
  EXPECT_EQ(hospital.duplicates.with_several, 1u);  // Suzuki, under both of its authorities
  EXPECT_EQ(hospital.duplicates.persons, 5u);
  EXPECT_EQ(h1.duplicates.with_several, 0u);
  EXPECT_THAT(r.unowned, IsEmpty());

  std::map<std::string, MonthlyReport::OfUse> use;
  for (const MonthlyReport::OfUse& of : r.use) use[of.facility] = of;
  EXPECT_EQ(use["hospital"].fed, 7u);       // five puts, one held, one merge
  EXPECT_EQ(use["hospital"].asked, 0u);
  EXPECT_EQ(use["clinic"].fed, 2u);
  EXPECT_EQ(use["clinic"].asked, 1u);
  EXPECT_EQ(use["pharmacy"].asked, 3u);     // and one that failed
  EXPECT_EQ(use["pharmacy"].refused, 1u);
  EXPECT_EQ(use["pharmacy"].beyond_consent, 1u);
  EXPECT_EQ(use["care"].fed, 2u);
  EXPECT_THAT(r.not_fed, IsEmpty());
  EXPECT_THAT(r.not_asked, ElementsAre("hospital"));
  EXPECT_EQ(r.fed_and_asked, 1u);
  EXPECT_DOUBLE_EQ(*r.share_fed_and_asked, 0.25);
}

TEST_F(MonthOfANetworkTest, AMonthThatIsOverStaysWhatItWas) {
  October();
  November();
  registry_.now = At(2026, 12, 1, 0);
  Put("C1", "70", kKimura);
  Decide(sato_h_, sato_c_, false);  // once more, in December
  ConsentStatement yes;
  yes.from = {2026, 12, 1};
  EXPECT_TRUE(network_->TakeConsent({"H2", "12", 0}, yes, Clerk("hospital")).ok());
  const MonthlyReport november = Report("2026-11"), october = Report("2026-10"), december = Report("2026-12");
  EXPECT_TRUE(november.is_over);
  EXPECT_EQ(november.at_begin, (PersonsAndRecords{2, 4}));
  EXPECT_EQ(november.at_end, (PersonsAndRecords{7, 9}));
  EXPECT_EQ(november.changes.created, 6u);
  EXPECT_EQ(november.stewards[0].work.different, 1u);
  EXPECT_EQ(november.day, (CivilDate{2026, 11, 30}));
  EXPECT_EQ(october.at_begin, PersonsAndRecords());
  EXPECT_EQ(october.at_end, (PersonsAndRecords{2, 4}));
  EXPECT_EQ(october.changes.created, 2u);
  EXPECT_EQ(october.changes.joined, 2u);
  EXPECT_EQ(october.registered_in_month, 1u);
  EXPECT_EQ(october.registrations->registered(), 1u);
  EXPECT_THAT(october.stewards, IsEmpty());
  EXPECT_EQ(december.at_begin, (PersonsAndRecords{7, 9}));
  EXPECT_EQ(december.at_end, (PersonsAndRecords{8, 10}));
  EXPECT_EQ(december.stewards[0].work.different, 1u);
  EXPECT_EQ(november.registrations->registered(), 1u);
  EXPECT_EQ(december.registrations->registered(), 2u);
  EXPECT_EQ(december.registered_in_month, 1u);
  const auto beyond = [](const MonthlyReport& report) {
    uint64_t count = 0;
    for (const MonthlyReport::OfUse& of : report.use) count += of.beyond_consent;
    return count;
  };
  EXPECT_EQ(beyond(october), 0u);
  EXPECT_EQ(beyond(november), 1u);
  EXPECT_EQ(beyond(december), 0u);
}

TEST_F(MonthOfANetworkTest, IsForWhoMayCountAndIsNoted) {
  October();
  EXPECT_EQ(network_->MonthlyReport("2026-10", Doctor("hospital")).status().code(),
            absl::StatusCode::kPermissionDenied);
  for (const char* month : {"", "2026", "2026-13", "2026-1", "10-2026", "2026-11", "2027-01"})
    EXPECT_EQ(network_->MonthlyReport(month, Operator()).status().code(), absl::StatusCode::kInvalidArgument) << month;
  const MonthlyReport report = Report("2026-10");
  const auto entries = network_->Audit(1, 1000, Asker(kAuditor, Purpose::kAudit, ""));
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->back().action, "monthly_report");
  EXPECT_EQ(entries->back().detail, "2026-10");
  EXPECT_THAT(entries->back().told, IsEmpty());
  const std::string text = MonthlyReportJson(report).dump();
  for (const char* value : {"山田", "ヤマダ", "1960", "1234"}) EXPECT_THAT(text, Not(HasSubstr(value)));
}

TEST(MonthlyReportTest, OfARegistryThatIsNoNetworksLeavesOutConsentAndUse) {
  ClockedRegistry clocked;
  std::vector<Record> records = {ParseRecord(kSuzuki), ParseRecord(kYamada), ParseRecord(kYamada)};
  records[0].key = {"A", "1", 0};
  records[1].key = {"A", "2", 0};
  records[2].key = {"A", "3", 0};
  clocked.now = At(2026, 10, 20);
  const auto reader = [&](size_t i, RecordView* view) { view->Assign(records[i]); };
  ASSERT_TRUE(clocked.registry->BulkLoad(records.size(), reader, {"test", ""}, 1, nullptr).ok());
  clocked.now = At(2026, 11, 2);
  records[0].key = {"B", "1", 0};
  ASSERT_TRUE(clocked.registry->Put(records[0], {"test", ""}).ok());
  clocked.now = At(2026, 11, 20);
  const auto november = MakeMonthlyReport(*clocked.registry, {"2026-11", false, {}, nullptr});
  ASSERT_TRUE(november.ok()) << november.status();
  EXPECT_EQ(november->at_begin, (PersonsAndRecords{2, 3}));
  EXPECT_EQ(november->at_end, (PersonsAndRecords{2, 4}));
  EXPECT_EQ(november->changes.joined, 1u);
  EXPECT_FALSE(november->registrations);
  EXPECT_FALSE(november->share_fed_and_asked);
  EXPECT_THAT(november->facilities, IsEmpty());
  ASSERT_THAT(november->authorities, SizeIs(2));
  EXPECT_EQ(november->authorities[0].duplicates.persons, 2u);
  EXPECT_EQ(november->authorities[0].duplicates.with_several, 1u);
  // A load tells that there was nothing before, and nothing else.
  const auto october = MakeMonthlyReport(*clocked.registry, {"2026-10", false, {}, nullptr});
  EXPECT_EQ(october->at_begin, PersonsAndRecords());
  EXPECT_EQ(october->at_end, (PersonsAndRecords{2, 3}));
  EXPECT_EQ(october->changes.loaded, 3u);
  const auto september = MakeMonthlyReport(*clocked.registry, {"2026-09", false, {}, nullptr});
  EXPECT_EQ(september->at_end, PersonsAndRecords());
}

TEST(MonthlyReportTest, AQuestionOfALoadIsAsOldAsTheLoad) {
  ClockedRegistry clocked;
  std::vector<Record> records = {ParseRecord(kSato), ParseRecord(kSato)};
  records[0].key = {"A", "1", 0};
  records[1].key = {"B", "1", 0};
  clocked.now = At(2026, 8, 1);
  const auto reader = [&](size_t i, RecordView* view) { view->Assign(records[i]); };
  ASSERT_TRUE(clocked.registry->BulkLoad(records.size(), reader, {"test", ""}, 1, nullptr).ok());
  ASSERT_TRUE(clocked.registry->Assign(records[0].key, records[1].key, "steward2", {"test", ""}).ok());
  clocked.now = At(2026, 11, 20);
  const auto report = MakeMonthlyReport(*clocked.registry, {"2026-11", false, {}, nullptr});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->questions.by_age, ElementsAre(0, 0, 0, 1));
  EXPECT_DOUBLE_EQ(report->questions.oldest_days, 111);
  EXPECT_THAT(report->by_assignee, ElementsAre(Pair("steward2", 1)));
}

TEST(MonthlyReportTest, WhatATakeoverDecidedIsNoStewards) {
  ClockedRegistry clocked;
  std::vector<RecordKey> keys;
  clocked.now = At(2026, 11, 1);
  for (const char* authority : {"A", "B", "C"}) {
    Record record = ParseRecord(kSato);
    record.key = {authority, "1", 0};
    ASSERT_TRUE(clocked.registry->Put(record, {"test", ""}).ok());
    keys.push_back(record.key);
  }
  const Attribution takeover = {TakeoverActor("OLD"), ""}, steward = {"steward1", ""};
  ASSERT_TRUE(clocked.registry->Decide(keys[0], keys[1], true, takeover).ok());
  ASSERT_TRUE(clocked.registry->Decide(keys[0], keys[2], false, takeover).ok());
  clocked.now = At(2026, 11, 5);
  ASSERT_TRUE(clocked.registry->Decide(keys[0], keys[1], true, steward).ok());  // confirms
  ASSERT_TRUE(clocked.registry->Undecide(keys[0], keys[2], steward).ok());      // lets the registry decide
  ASSERT_TRUE(clocked.registry->Decide(keys[0], keys[1], true, steward).ok());  // says it once more
  const auto report = MakeMonthlyReport(*clocked.registry, {"2026-11", false, {}, nullptr});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->changes.takeover_decisions, 2u);
  ASSERT_THAT(report->stewards, SizeIs(1));
  const StewardWork& work = report->stewards[0].work;
  EXPECT_EQ(work.confirmed, 1u);
  EXPECT_EQ(work.released, 1u);
  EXPECT_EQ(work.same, 1u);
  EXPECT_EQ(work.withdrawn + work.different, 0u);
}

// Months of random changes: both ends are what the registry itself counted then, and what happened adds up.
TEST(MonthlyReportTest, EndsAreWhatTheRegistryCountedThen) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    ClockedRegistry clocked;
    Registry& registry = *clocked.registry;
    std::mt19937_64 random(seed);
    const std::string_view lines[] = {kYamada, kSuzuki, kOgata, kSato, kTanaka, kKimura};
    const auto key = [&] {
      const std::string source(1, static_cast<char>('A' + random() % 4));
      return RecordKey{source, std::to_string(random() % 8), 0};
    };
    std::map<std::string, PersonsAndRecords> at_end;
    for (const int month : {8, 9, 10}) {
      for (int i = 0; i < 80; ++i) {
        clocked.now = At(2026, static_cast<unsigned>(month), 1, 0) + i * (30 * kDay / 80);
        const RecordKey a = key(), b = key();
        const Attribution by = {"steward", ""};
        Record record = ParseRecord(lines[random() % std::size(lines)]);
        record.key = a;
        // Whatever it is refused for is no matter.
        switch (random() % 8) {
          case 0: (void)registry.Retire(a, by); break;
          case 1: (void)registry.Decide(a, b, random() % 2 == 0, by); break;
          case 2: (void)registry.Undecide(a, b, by); break;
          case 3: (void)registry.Subsume(a, {a.source, b.record_id, 0}, by); break;
          case 4: (void)registry.Unsubsume(a, by); break;
          case 5: (void)registry.AcceptRevision(a, random() % 2 == 0, by); break;
          default: (void)registry.Put(record, by);
        }
      }
      const auto stats = registry.GetStats();
      at_end["2026-" + std::string(month < 10 ? "0" : "") + std::to_string(month)] = {stats->persons, stats->records};
    }
    PersonsAndRecords before;
    for (const auto& [month, end] : at_end) {
      SCOPED_TRACE(month);
      const auto report = MakeMonthlyReport(registry, {month, false, {}, nullptr});
      ASSERT_TRUE(report.ok()) << report.status();
      EXPECT_EQ(report->at_begin, before);
      EXPECT_EQ(report->at_end, end);
      EXPECT_EQ(report->at_begin.records + report->changes.records_came, end.records + report->changes.records_went);
      before = end;
    }
  }
}

EnterpriseId Id(uint8_t number) {
  EnterpriseId id;
  id.bytes[0] = number;
  return id;
}

TEST(ChangesByTest, TellsWhatAnEventMadeOfPersons) {
  struct Move {
    int before, after;  // persons; 0: none
  };
  struct Case {
    const char* name;
    std::map<int, int64_t> sizes;
    std::vector<Move> moves;
    uint64_t created, joined, merged, split, moved;
    std::map<int, int64_t> sizes_after;
  };
  const Case cases[] = {
      {"nobody moves", {{1, 2}}, {}, 0, 0, 0, 0, 0, {}},
      {"a new person", {}, {{0, 5}}, 1, 0, 0, 0, 0, {{5, 1}}},
      {"comes to one there was", {{1, 2}}, {{0, 1}}, 0, 1, 0, 0, 0, {{1, 3}}},
      {"leaves", {{1, 2}}, {{1, 0}}, 0, 0, 0, 0, 0, {{1, 1}}},
      {"merges", {{1, 2}, {2, 2}}, {{2, 1}, {2, 1}}, 0, 0, 1, 0, 0, {{1, 4}, {2, 0}}},
      {"a new record makes one of three", {{1, 2}, {2, 1}, {3, 1}}, {{0, 1}, {2, 1}, {3, 1}}, 0, 1, 2, 0, 0, {{1, 5}}},
      {"splits", {{1, 3}}, {{1, 4}}, 0, 0, 0, 1, 0, {{1, 2}, {4, 1}}},
      {"splits into three", {{1, 3}}, {{1, 4}, {1, 5}}, 0, 0, 0, 2, 0, {{1, 1}, {4, 1}, {5, 1}}},
      {"a part moves", {{1, 3}, {2, 1}}, {{1, 2}}, 0, 0, 0, 0, 1, {{1, 2}, {2, 2}}},
      {"goes by another ID", {{1, 2}}, {{1, 3}, {1, 3}}, 0, 0, 0, 0, 0, {{1, 0}, {3, 2}}},
      {"parts of two make a third", {{1, 2}, {2, 2}}, {{1, 3}, {2, 3}}, 0, 0, 0, 0, 1, {{1, 1}, {2, 1}, {3, 2}}},
      {"a number is another person's", {{1, 2}}, {{1, 0}, {0, 9}}, 1, 0, 0, 0, 0, {{1, 1}, {9, 1}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    PersonSizes sizes;
    const auto bytes = [](int id) {
      const EnterpriseId key = Id(static_cast<uint8_t>(id));
      return std::string(key.bytes.begin(), key.bytes.end());
    };
    for (const auto& [id, size] : c.sizes) sizes[bytes(id)] = size;
    HistoryEvent event;
    for (const Move& move : c.moves) {
      PersonMove& made = event.moves.emplace_back();
      if (move.before != 0) made.before = Id(static_cast<uint8_t>(move.before));
      if (move.after != 0) made.after = Id(static_cast<uint8_t>(move.after));
    }
    const PersonChanges changes = ChangesBy(event, &sizes);
    EXPECT_EQ(changes.created, c.created);
    EXPECT_EQ(changes.joined, c.joined);
    EXPECT_EQ(changes.merged, c.merged);
    EXPECT_EQ(changes.split, c.split);
    EXPECT_EQ(changes.moved, c.moved);
    for (const auto& [id, size] : c.sizes_after) EXPECT_EQ(sizes[bytes(id)], size) << id;
  }
}

TEST(LastSaidTest, AQuestionIsNoOlderThanWhatItsRecordsSay) {
  const RecordKey a = {"A", "1", 0}, b = {"B", "1", 0}, c = {"C", "1", 0};
  LastSaid said;
  said.Watch(a);
  said.Watch(b);
  const auto add = [&](int64_t time, EventKind kind, const RecordKey& record, const RecordKey& other = {}) {
    HistoryEvent event;
    event.unix_milliseconds = time;
    event.kind = kind;
    event.record = record;
    event.other = other;
    said.Add(event);
  };
  EXPECT_EQ(said.Since(a, b), 0);  // not known
  add(10, EventKind::kBulkLoad, {});
  EXPECT_EQ(said.Since(a, b), 10);
  add(20, EventKind::kPut, a);
  add(25, EventKind::kPut, c);
  EXPECT_EQ(said.Since(b, a), 20);
  add(30, EventKind::kRevised, b);
  EXPECT_EQ(said.Since(a, b), 30);
  // None of these makes a record say something else.
  for (const EventKind kind : {EventKind::kHeld, EventKind::kRefused, EventKind::kAssigned, EventKind::kDecided})
    add(40, kind, a, b);
  EXPECT_EQ(said.Since(a, b), 30);
  add(50, EventKind::kUndecided, b, a);
  EXPECT_EQ(said.Since(a, b), 50);
  add(60, EventKind::kUndecided, b, c);  // another pair
  EXPECT_EQ(said.Since(a, b), 50);
  add(70, EventKind::kAccepted, a);
  EXPECT_EQ(said.Since(a, b), 70);
  add(80, EventKind::kUnsubsumed, b);
  EXPECT_EQ(said.Since(a, b), 80);
}

TEST(MonthSpanTest, IsAMonthInJapan) {
  const auto november = MonthSpanOf("2026-11");
  ASSERT_TRUE(november.ok());
  EXPECT_EQ(november->begin, At(2026, 11, 1, 0));
  EXPECT_EQ(november->end, At(2026, 12, 1, 0));
  EXPECT_EQ(november->last_day, (CivilDate{2026, 11, 30}));
  EXPECT_TRUE(november->Has(At(2026, 11, 1, 0)));
  EXPECT_FALSE(november->Has(At(2026, 11, 1, 0) - 1));
  EXPECT_FALSE(november->Has(At(2026, 12, 1, 0)));
  EXPECT_EQ(MonthSpanOf("2028-02")->last_day, (CivilDate{2028, 2, 29}));
  EXPECT_EQ(MonthSpanOf("2026-12")->end, At(2027, 1, 1, 0));
}

TEST(ReportOfTest, SharesAndMediansFollowFromTheCounts) {
  CountedMonth counted;
  counted.month = "2026-11";
  counted.now = At(2026, 11, 30);
  for (const int days : {1, 7, 8, 31, 100})
    counted.questions.push_back({ReviewReason::kCommonName, days == 1 ? "x" : "", counted.now - days * kDay});
  counted.questions.push_back({ReviewReason::kLargeCluster, "", 0});
  counted.changes.stewards["one"].days_waited = {4, 1, 2};
  counted.changes.stewards["two"];
  counted.changes.puts = {{"A", 2000}, {"B", 100}};
  counted.changes.held = {{"A", 3}};
  counted.is_network = true;
  counted.changes.puts["C"] = 4;  // by the office
  counted.facilities = {{"f", "", true, true, {"A"}}, {"g", "", true, false, {}}, {"h", "", true, false, {"C"}}};
  counted.usage = {{"2026-11", "f", "put", AuditOutcome::kDone, 3}, {"2026-11", "f", "search", AuditOutcome::kDone, 2},
                   {"2026-11", "f", "find", AuditOutcome::kRefused, 5}, {"2026-11", "", "find", AuditOutcome::kDone, 1},
                   {"2026-11", "nowhere", "find", AuditOutcome::kRefused, 1}};
  const MonthlyReport r = ReportOf(counted);
  EXPECT_EQ(r.questions.count, 6u);
  EXPECT_EQ(r.questions.unknown, 1u);
  EXPECT_THAT(r.questions.by_age, ElementsAre(2, 1, 1, 1));
  EXPECT_DOUBLE_EQ(r.questions.median_days, 8);
  EXPECT_DOUBLE_EQ(r.questions.oldest_days, 100);
  EXPECT_THAT(r.by_reason, UnorderedElementsAre(Pair("common_name", 5), Pair("large_cluster", 1)));
  EXPECT_THAT(r.by_assignee, UnorderedElementsAre(Pair("", 5), Pair("x", 1)));
  EXPECT_DOUBLE_EQ(*r.stewards[0].median_days, 2);
  EXPECT_FALSE(r.stewards[1].median_days);
  EXPECT_DOUBLE_EQ(*r.facilities[1].held_per_10000, 15);  // f, behind those of no facility
  EXPECT_THAT(r.unowned, ElementsAre("B"));
  EXPECT_THAT(r.not_fed, ElementsAre("g"));
  EXPECT_THAT(r.not_asked, IsEmpty());
  EXPECT_DOUBLE_EQ(*r.share_fed_and_asked, 1.0 / 3);
  ASSERT_THAT(r.use, SizeIs(5));  // the office, f, g, h, nowhere
  EXPECT_EQ(r.use[1].refused, 5u);
  EXPECT_EQ(r.use[3].fed, 4u);
  EXPECT_EQ(r.use[4].refused, 1u);
}

}  // namespace
}  // namespace libmpi
