// SPDX-License-Identifier: Apache-2.0
// A network's erasures: who may ask for one, what goes, what of consent stays, and what goes by itself.
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/desk_rows.h"
#include "tests/network/network_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Code = absl::StatusCode;
using enum Profession;

constexpr int64_t kDay = 86'400'000;

class ErasureTest : public testing::Test {
 protected:
  ErasureTest() : folder_(testing::TempDir() + "/erasure." + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    RegistryOptions options;
    options.cache_bytes = options.write_buffer_bytes = 8 << 20;
    options.clock = [this] { return now_; };
    auto created = Registry::Create(folder_, Model::Default(), FrozenOptions(), options);
    EXPECT_TRUE(created.ok()) << created.status();
    registry_ = *std::move(created);
    network_ = *Network::Open(registry_.get());
    for (const Facility& facility : {kHospital, kClinic, kCare, kPharmacy})
      EXPECT_TRUE(network_->PutFacility(facility, Operations()).ok());
    Put("H1", "10", kTaro), Put("C1", "20", kTaro), Put("R1", "30", kTaro), Put("H1", "11", kHanako);
  }
  ~ErasureTest() override {
    network_.reset();
    registry_.reset();
    std::filesystem::remove_all(folder_);
  }

  static Requester Operations() { return Asker(kOperator, Purpose::kOperations, ""); }
  static Requester Office(std::string reason = "letter 7") {
    Requester by = Asker(kOperator, Purpose::kPatientRequest, "");
    by.reason = std::move(reason);
    return by;
  }
  void Put(const std::string& source, const std::string& id, std::string_view who) {
    Record record = ParseRecord(id + "|" + std::string(who));
    record.key.source = source;
    const auto put = registry_->Put(record, {"tester", ""});
    EXPECT_TRUE(put.ok()) << put.status();
  }
  void Say(ConsentKind kind, const RecordKey& of, CivilDate from) {
    ConsentStatement statement;
    statement.kind = kind;
    statement.from = from;
    EXPECT_TRUE(network_->TakeConsent(of, statement, Office()).ok());
  }
  // The live ones that are left.
  std::vector<RecordKey> Live() const {
    std::vector<RecordKey> live;
    EXPECT_TRUE(registry_
                    ->ForEachRecord([&](const Record& record, RecordStatus status) {
                      if (status == RecordStatus::kLive) live.push_back(record.key);
                      return true;
                    })
                    .ok());
    return live;
  }
  uint64_t Entries() { return network_->Anchor(Asker(kAuditor, Purpose::kAudit, "")).value_or(AuditHead()).entries; }

  static constexpr std::string_view kTaro = "山田 太郎|ヤマダ タロウ|1960-04-01|男|||03-1111-2222";
  static constexpr std::string_view kHanako = "佐藤 花子|サトウ ハナコ|1985-12-24|女|||06-3333-4444";
  const RecordKey hospital_ = {"H1", "10", 0}, clinic_ = {"C1", "20", 0}, care_ = {"R1", "30", 0},
                  hanako_ = {"H1", "11", 0};
  const std::string folder_;
  int64_t now_ = kRegistryNow;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Network> network_;
};

TEST_F(ErasureTest, AWholePersonOrOneRecord) {
  const auto one = network_->Erase(clinic_, false, Office());
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->records, 1u);
  EXPECT_THAT(Live(), UnorderedElementsAre(hospital_, hanako_, care_));
  const auto all = network_->Erase(care_, true, Office());
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->records, 2u);
  EXPECT_THAT(Live(), ElementsAre(hanako_));
  EXPECT_THAT(*registry_->Verify(1, nullptr), IsEmpty());
}

TEST_F(ErasureTest, WhatWasMergedIntoThemGoesToo) {
  Put("H1", "12", kTaro);
  ASSERT_TRUE(registry_->Subsume({"H1", "12", 0}, hospital_, {"tester", ""}).ok());
  EXPECT_EQ(network_->Erase(clinic_, true, Office())->records, 4u);
  uint64_t left = 0;
  ASSERT_TRUE(registry_->ForEachLeft([&](const LeftRecord&) { return ++left > 0; }).ok());
  EXPECT_EQ(left, 0u);
}

TEST_F(ErasureTest, StewardsNotesGoWithIt) {
  const Requester steward = Asker(kSteward, Purpose::kStewardship, "");
  const CaseKey about = CaseOfPair(hospital_, hanako_), other = CaseOfPair(clinic_, hanako_);
  for (const CaseKey& of : {about, other}) ASSERT_TRUE(network_->AddNote(of, "her brother called", steward).ok());
  const auto notes = [&](const CaseKey& of) {
    std::vector<CaseNote> all;
    EXPECT_TRUE(registry_->ReadSide([&](const SideReader& rows) { return ReadNotes(rows, of, &all); }).ok());
    return all.size();
  };
  ASSERT_TRUE(network_->Erase(hospital_, false, Office()).ok());
  EXPECT_EQ(notes(about), 0u);
  EXPECT_EQ(notes(other), 1u);
  ASSERT_TRUE(network_->Erase(hanako_, false, Office()).ok());
  EXPECT_EQ(notes(other), 0u);
}

TEST_F(ErasureTest, IsNotForEverybody) {
  const struct {
    const char* what;
    Requester by;
    Code code;
  } cases[] = {
      {"a physician", Asker(kPhysician, Purpose::kTreatment, "hospital"), Code::kPermissionDenied},
      {"a clerk", Asker(kClerk, Purpose::kPatientRequest, "hospital"), Code::kPermissionDenied},
      {"a steward", Asker(kSteward, Purpose::kStewardship, ""), Code::kPermissionDenied},
      {"no reason", Office(""), Code::kInvalidArgument},
  };
  for (const auto& c : cases) {
    const uint64_t before = Entries();
    EXPECT_EQ(network_->Erase(hospital_, true, c.by).status().code(), c.code) << c.what;
    EXPECT_EQ(Entries(), before + 2) << c.what;  // and the question itself
  }
  EXPECT_EQ(network_->Erase({"H1", "99", 0}, true, Office()).status().code(), Code::kNotFound);
  EXPECT_THAT(Live(), SizeIs(4));
}

TEST_F(ErasureTest, OneEntryForACallWithAllThatWent) {
  const uint64_t before = Entries();
  ASSERT_TRUE(network_->Erase(hospital_, true, Office()).ok());
  EXPECT_EQ(Entries(), before + 2);
  const auto entries = network_->Audit(before + 2, 1, Asker(kAuditor, Purpose::kAudit, ""));
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_THAT(*entries, SizeIs(1));
  EXPECT_EQ(entries->front().action, "erase");
  EXPECT_EQ(entries->front().detail, "person");
  EXPECT_EQ(entries->front().by.reason, "letter 7");
  EXPECT_THAT(entries->front().told, UnorderedElementsAre(hospital_, clinic_, care_));
}

TEST_F(ErasureTest, WhatWasSaidOfConsentStands) {
  AccessRules rules = network_->rules();
  rules.basis = ConsentBasis::kOptOut;
  ASSERT_TRUE(network_->SetRules(rules, Operations()).ok());
  Say(ConsentKind::kWithdrawn, hospital_, {2026, 5, 1});
  ASSERT_TRUE(network_->Erase(hospital_, true, Office()).ok());
  // The clinic puts them again: they had withdrawn, if of another number.
  Put("C1", "20", kTaro);
  EXPECT_EQ(network_->Find(clinic_, {}, Asker(kPhysician, Purpose::kTreatment, "hospital")).status().code(),
            Code::kNotFound);
  EXPECT_TRUE(network_->Find(hanako_, {}, Asker(kPhysician, Purpose::kTreatment, "clinic")).ok());
}

TEST_F(ErasureTest, ByTheRulesOfRetention) {
  ASSERT_TRUE(registry_->Retire(care_, {"tester", ""}).ok());
  Say(ConsentKind::kWithdrawn, hanako_, DayOf(now_));
  const auto due = [&](bool dry_run) {
    const auto answer = network_->EraseDue(dry_run, Operations());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? std::vector<uint64_t>{answer->records, answer->retired, answer->withdrawn}
                       : std::vector<uint64_t>();
  };
  now_ += 400 * kDay;
  EXPECT_THAT(due(false), ElementsAre(0, 0, 0));  // nothing goes where nobody said so
  ASSERT_TRUE(network_->SetRetention({365, 0}, Operations()).ok());
  EXPECT_THAT(due(true), ElementsAre(1, 1, 0));
  EXPECT_THAT(due(true), ElementsAre(1, 1, 0));
  EXPECT_THAT(due(false), ElementsAre(1, 1, 0));
  EXPECT_THAT(due(false), ElementsAre(0, 0, 0));
  ASSERT_TRUE(network_->SetRetention({0, 401}, Operations()).ok());
  EXPECT_THAT(due(false), ElementsAre(0, 0, 0));
  now_ += kDay;
  EXPECT_THAT(due(false), ElementsAre(1, 0, 1));
  EXPECT_THAT(Live(), UnorderedElementsAre(hospital_, clinic_));
  EXPECT_EQ(network_->Retention(Operations())->withdrawn_days, 401u);
  const auto history = registry_->History(registry_->GetStats()->events, 1);
  EXPECT_EQ(history->front().by.reason, "retention: retired 0 days, withdrawn 401 days");
}

TEST_F(ErasureTest, RetentionIsTheOperatorsAlone) {
  const Requester steward = Asker(kSteward, Purpose::kStewardship, "");
  EXPECT_EQ(network_->SetRetention({1, 1}, steward).code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->EraseDue(false, steward).status().code(), Code::kPermissionDenied);
}

}  // namespace
}  // namespace libmpi
