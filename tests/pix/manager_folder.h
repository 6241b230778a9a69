// SPDX-License-Identifier: Apache-2.0
// A manager over a network of its own, for tests: a hospital that feeds two domains, a clinic that feeds one, a
// pharmacy that only asks.
#ifndef LIBMPI_TESTS_PIX_MANAGER_FOLDER_H_
#define LIBMPI_TESTS_PIX_MANAGER_FOLDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/pix/manager.h"
#include "tests/registry/registry_folder.h"

namespace libmpi::pix {

inline const Authority kHospitalId = {"HOSP", "1.2.392.1", "ISO"}, kCardId = {"CARD", "1.2.392.2", "ISO"},
                       kClinicId = {"CLIN", "1.2.392.3", "ISO"}, kRegionId = {"REGION", "1.2.392.9", "ISO"},
                       kNetworkId = {"NET", "1.2.392.8", "ISO"};

inline std::vector<Domain> TestDomains() {
  return {{"H", kHospitalId, "hospital", "his"}, {"K", kCardId, "hospital", "his"}, {"C", kClinicId, "clinic", "emr"}};
}

// And one that any of those who feed may state beside their own.
inline std::vector<Domain> DomainsWithShared() {
  std::vector<Domain> domains = TestDomains();
  domains.push_back({"R", kRegionId, "", "", true});
  return domains;
}

// And the network's own enterprise IDs.
inline std::vector<Domain> DomainsWithEnterprise() {
  std::vector<Domain> domains = TestDomains();
  domains.push_back({"N", kNetworkId, "", "", false, true});
  return domains;
}

inline std::vector<Party> TestParties() {
  Party his, emr, till;
  his.name = "his";
  his.application = "HIS";
  his.facility = "HOSPITAL";
  his.member = "hospital";
  emr.name = "emr";
  emr.application = "EMR";
  emr.facility = "CLINIC";
  emr.member = "clinic";
  emr.interests = {"C", "H"};
  till.name = "till";
  till.application = "TILL";
  till.facility = "PHARMACY";
  till.member = "pharmacy";
  till.all_domains = true;
  return {his, emr, till};
}

inline Requester Office() {
  Requester by;
  by.actor = "operator";
  by.profession = Profession::kOperator;
  by.purpose = Purpose::kOperations;
  return by;
}

class ManagerFolder {
 public:
  bool Create(const ManagerOptions& options = {}, std::vector<Party> parties = TestParties()) {
    manager_.reset();
    network_.reset();
    if (!folder_.Create(Model::Default(), FrozenOptions()) || !Open(options, std::move(parties))) return false;
    // Everybody may be told of whoever did not object.
    AccessRules rules = AccessRules::Default();
    rules.basis = ConsentBasis::kOptOut;
    const absl::Status set = network_->SetRules(rules, Office());
    EXPECT_TRUE(set.ok()) << set;
    return set.ok();
  }
  bool Reopen(const ManagerOptions& options = {}, std::vector<Party> parties = TestParties()) {
    manager_.reset();
    network_.reset();
    return folder_.Reopen() && Open(options, std::move(parties));
  }

  // So many patients of the clinic, all of the family 佐藤, none of whom is like another; the registry is empty.
  bool LoadSatos(int count) {
    static constexpr const char* kLetters[][2] = {{"明", "アキ"}, {"和", "カズ"}, {"清", "キヨ"}, {"重", "シゲ"},
                                                  {"武", "タケ"}, {"直", "ナオ"}, {"則", "ノリ"}, {"久", "ヒサ"},
                                                  {"広", "ヒロ"}, {"文", "フミ"}, {"正", "マサ"}, {"光", "ミツ"},
                                                  {"宗", "ムネ"}, {"元", "モト"}, {"康", "ヤス"}, {"行", "ユキ"}};
    std::vector<Record> records;
    for (int i = 0; i < count; ++i) {
      const auto &first = kLetters[i % 16], &second = kLetters[(i / 16 + i) % 16];
      Record record;
      record.key = {"C", std::to_string(10000 + i), 0};
      record.names.push_back({.family = "佐藤",
                              .given = std::string(first[0]) + second[0],
                              .family_kana = "サトウ",
                              .given_kana = std::string(first[1]) + second[1]});
      record.births = {std::to_string(1930 + i % 70) + "-" + std::to_string(1 + i * 5 % 12) + "-" +
                       std::to_string(1 + i * 11 % 28)};
      records.push_back(std::move(record));
    }
    const auto loaded = registry().BulkLoad(
        records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, {"test", ""}, 1, nullptr);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok();
  }
  std::vector<Domain> domains = TestDomains();
  std::vector<Facility> facilities = {{"hospital", "hospital", true, true, {}},
                                      {"clinic", "clinic", true, true, {}},
                                      {"pharmacy", "pharmacy", false, true, {}}};

  Manager* operator->() const { return manager_.get(); }
  Manager& manager() { return *manager_; }
  Network& network() { return *network_; }
  Registry& registry() { return *folder_; }
  const Party& party(const std::string& name) const { return *manager_->directory()->FindParty(name); }

 private:
  bool Open(const ManagerOptions& options, std::vector<Party> parties) {
    auto network = Network::Open(&*folder_);
    auto directory = Directory::Make(domains, std::move(parties));
    EXPECT_TRUE(network.ok() && directory.ok()) << network.status() << directory.status();
    if (!network.ok() || !directory.ok()) return false;
    network_ = *std::move(network);
    manager_ = std::make_unique<Manager>(network_.get(), &*folder_, *directory, options);
    const absl::Status registered = manager_->RegisterMembers(facilities, Office());
    EXPECT_TRUE(registered.ok()) << registered;
    return registered.ok();
  }

  RegistryFolder folder_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Manager> manager_;
};

// What is said of one made-up person; another `number`, another person.
inline Record Says(int number = 0) {
  static const char* const kGiven[] = {"花子", "次郎", "三枝", "史郎"};
  static const char* const kKana[] = {"ハナコ", "ジロウ", "ミエ", "シロウ"};
  Record record;
  StatedName name;
  name.family = "北大路";
  name.given = kGiven[number % 4];
  name.family_kana = "キタオオジ";
  name.given_kana = kKana[number % 4];
  record.names.push_back(name);
  // Far enough from each other's that none is a slip of another.
  record.births.push_back("19" + std::to_string(10 + number * 37 % 90) + "-0" + std::to_string(1 + number * 5 % 9) +
                          "-" + std::to_string(10 + number * 7 % 19));
  record.sexes.push_back(number % 2 == 0 ? "F" : "M");
  record.phones.push_back("090" + std::to_string(12345678 + number * 7654321));
  return record;
}

inline Feed FeedOf(Feed::Kind kind, std::vector<Identifier> identifiers, const Record& record = {},
                   std::vector<Identifier> subsumed = {}) {
  Feed feed;
  feed.kind = kind;
  feed.identifiers = std::move(identifiers);
  feed.record = record;
  feed.subsumed = std::move(subsumed);
  return feed;
}

inline MessageId Message(const std::string& id, const std::string& hash = "hash",
                         const std::string& answer = "answer") {
  return {id, hash, answer, "ITI-8", "192.0.2.1"};
}

inline std::vector<Fault> FaultsOf(const Problems& problems) {
  std::vector<Fault> faults;
  for (const Problem& problem : problems) faults.push_back(problem.fault);
  return faults;
}

// As "C7" for value 7 of the namespace C...
inline std::vector<std::string> Texts(const std::vector<Identifier>& identifiers) {
  std::vector<std::string> texts;
  for (const Identifier& i : identifiers) {
    EXPECT_FALSE(i.authority.universal_id.empty());
    EXPECT_EQ(i.authority.universal_id_type, "ISO");
    texts.push_back(i.authority.namespace_id + ":" + i.value);
  }
  return texts;
}

}  // namespace libmpi::pix

#endif  // LIBMPI_TESTS_PIX_MANAGER_FOLDER_H_
