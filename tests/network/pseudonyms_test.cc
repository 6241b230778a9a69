// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/pseudonyms.h"

#include <iconv.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/spelling.h"
#include "tests/evaluation/region_records.h"
#include "tests/network/network_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using enum Profession;
using Code = absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

SecretKey KeyOf(uint8_t first) {
  SecretKey key;
  for (size_t i = 0; i < SecretKey::kBytes; ++i) key.data()[i] = static_cast<uint8_t>(first + i);
  return key;
}

Pseudonymizer Project(const std::string& name, uint8_t key = 0) {
  auto made = Pseudonymizer::Make(KeyOf(key), name);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

// ---- Pseudonyms by themselves.

// Computed by Python's hmac and by OpenSSL's command: exports that are out must not change.
TEST(PseudonymizerTest, GivesTheKnownAnswers) {
  const Pseudonymizer project = Project("stroke-study");
  EnterpriseId id;
  for (size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<uint8_t>(0xa0 + i);
  EXPECT_EQ(project.OfPerson(id)->ToString(), "b1cf5b1f2e9708d25bc3d53d63c35d8f");
  EXPECT_EQ(*project.PersonOf(*project.OfPerson(id)), id);
  EXPECT_EQ(project.OfRecord({"H001", "00001003", 0})->ToString(), "d6e5d312c9e5050db416b96557736a74");
  EXPECT_EQ(project.OfRecord({"H001", "00001003", 2})->ToString(), "edb1c48bd5af1393c8b3175f5aa9cab5");
}

TEST(PseudonymizerTest, IsAnotherOneByAnotherKeyAndAnotherName) {
  const EnterpriseId id;
  const RecordKey record = {"H1", "1", 0};
  std::set<Pseudonym> seen;
  const std::pair<const char*, uint8_t> projects[] = {{"a", 0}, {"a", 1}, {"b", 0}, {"ab", 0}, {"A", 0}, {"a ", 0}};
  for (const auto& [name, key] : projects) {
    const Pseudonymizer project = Project(name, key);
    EXPECT_TRUE(seen.insert(*project.OfPerson(id)).second) << name;
    EXPECT_TRUE(seen.insert(*project.OfRecord(record)).second) << name;
  }
}

TEST(PseudonymizerTest, NoTwoIdentifiersShareOne) {
  const Pseudonymizer project = Project("a");
  std::set<Pseudonym> seen;
  const std::string zero(1, '\0');
  for (const RecordKey& key : {RecordKey{"H", "11", 0}, RecordKey{"H1", "1", 0}, RecordKey{"H11", "", 0}, RecordKey{"", "H11", 0},
                               RecordKey{"H", "11", 1}, RecordKey{"H", "11" + zero, 0}, RecordKey{"H" + zero, "11", 0},
                               RecordKey{"H", "11", 256}})
    EXPECT_TRUE(seen.insert(*project.OfRecord(key)).second);
}

TEST(PseudonymizerTest, RefusesProjectsWithoutAPlainName) {
  for (const std::string& name : {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"), std::string(201, 'a')})
    EXPECT_EQ(Pseudonymizer::Make(KeyOf(0), name).status().code(), Code::kInvalidArgument) << absl::BytesToHexString(name);
  EXPECT_TRUE(Pseudonymizer::Make(KeyOf(0), "脳卒中研究").ok());
}

TEST(SecretKeyTest, ComesBackAndRefusesWhatIsNone) {
  const auto key = SecretKey::New();
  ASSERT_TRUE(key.ok()) << key.status();
  const std::string hex = key->ToHex();
  const std::string bytes(reinterpret_cast<const char*>(key->data()), SecretKey::kBytes);
  EXPECT_EQ(hex, absl::BytesToHexString(bytes));
  EXPECT_NE(SecretKey::New()->ToHex(), hex);
  std::string upper = hex;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const std::string& text : {bytes, hex, hex + "\n", hex + "\r\n", upper}) {
    const auto read = SecretKey::Parse(text);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->ToHex(), hex);
  }
  for (const std::string& text : {std::string(), hex.substr(1), hex + "0", hex + "\n\n", " " + hex, std::string(31, '\1'),
                                  std::string("correct horse battery staple 123"), std::string(32, '\0'), std::string(64, '0'),
                                  hex.substr(0, 63) + "g", hex.substr(0, 32)})
    EXPECT_EQ(SecretKey::Parse(text).status().code(), Code::kInvalidArgument) << text.size();
}

// ---- An export.

Requester Researcher() { return Asker(kResearcher, Purpose::kResearch, ""); }
Requester Auditor() { return Asker(kAuditor, Purpose::kAudit, ""); }
Requester Officer(std::string reason = "a finding to be told") {
  Requester by = Asker(kOperator, Purpose::kPatientRequest, "");
  by.reason = std::move(reason);
  return by;
}

struct Row {
  std::string authority;
  Pseudonym record, person;
  bool small_cell;
  auto operator<=>(const Row&) const = default;
};

struct Exported {
  absl::Status status;
  PseudonymCounts counts;
  std::vector<Row> rows;
  std::string text;  // as the command writes it

  std::map<Pseudonym, std::set<Pseudonym>> Persons() const {
    std::map<Pseudonym, std::set<Pseudonym>> persons;
    for (const Row& row : rows) persons[row.person].insert(row.record);
    return persons;
  }
};

class PseudonymsTest : public testing::Test {
 protected:
  PseudonymsTest() { network_.Create(); }

  static std::string FacilityOf(const std::string& authority) {
    return authority[0] == 'H' ? "hospital" : authority[0] == 'C' ? "clinic" : "care";
  }
  static Requester ClerkOf(const std::string& authority) {
    return Asker(kClerk, Purpose::kRegistration, FacilityOf(authority));
  }
  EnterpriseId Put(const Record& record) {
    const auto answer = network_->Put(record, ClerkOf(record.key.source));
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->person : EnterpriseId();
  }
  EnterpriseId Put(const std::string& authority, const std::string& id, const std::string& line) {
    Record record = ParseRecord(line);
    record.key = {authority, id, 0};
    return Put(record);
  }
  void Say(const RecordKey& of, ConsentKind kind, CivilDate from = {2026, 4, 1}, std::vector<std::string> to = {}) {
    ConsentStatement statement;
    statement.kind = kind;
    statement.from = from;
    statement.facilities = std::move(to);
    const auto said = network_->TakeConsent(of, statement, ClerkOf(of.source));
    EXPECT_TRUE(said.ok()) << said.status();
  }
  // Records of a region, under identifiers that no other text has.
  void FillRegion(uint64_t persons) {
    static const char* const kAuthorities[] = {"H1", "H2", "C1", "R1"};
    records_ = MakeRegionRecords({persons, 7, 1}).records;
    for (size_t i = 0; i < records_.size(); ++i) {
      records_[i].key = {kAuthorities[i % 4], "kx-" + std::to_string(70'010'037 + 7919 * i), 0};
      Put(records_[i]);
    }
    std::vector<std::pair<EnterpriseId, std::vector<RecordKey>>> all;
    EXPECT_TRUE(network_.registry().ForEachPerson([&](const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
      all.emplace_back(id, identifiers);
      return true;
    }).ok());
    persons_ = std::move(all);
  }
  void RegisterAll() {
    for (const auto& [id, identifiers] : persons_) Say(identifiers[0], ConsentKind::kRegistered);
  }

  Exported Export(const Pseudonymizer& project, PseudonymOptions options = {}, const Requester& by = Researcher()) {
    Exported out;
    const auto counts = network_->Pseudonymize(project, options, [&](const PseudonymRow& row) {
      out.rows.push_back({std::string(row.authority), row.record, row.person, row.small_cell});
      out.text += std::string(row.authority) + "," + row.record.ToString() + "," + row.person.ToString() + "," +
                  (row.small_cell ? "1" : "0") + "\n";
      return true;
    }, by);
    out.status = counts.status();
    if (counts.ok()) out.counts = *counts;
    return out;
  }
  AuditEntry LastEntry() {
    const auto entries = network_->Audit(1, SIZE_MAX, Auditor());
    EXPECT_TRUE(entries.ok()) << entries.status();
    return entries.ok() && !entries->empty() ? entries->back() : AuditEntry();
  }

  NetworkFolder network_;
  std::vector<Record> records_;
  std::vector<std::pair<EnterpriseId, std::vector<RecordKey>>> persons_;
};

std::string PersonLine(int i, const std::string& birth, const std::string& sex, const std::string& prefecture) {
  static const char* const kFamilies[] = {"山田", "鈴木", "佐々木", "長谷川", "五十嵐", "御手洗", "勅使河原", "武者小路", "小鳥遊", "東海林", "服部", "久保田"};
  static const char* const kKana[] = {"ヤマダ", "スズキ", "ササキ", "ハセガワ", "イガラシ", "ミタライ", "テシガワラ", "ムシャノコウジ", "タカナシ", "ショウジ", "ハットリ", "クボタ"};
  const auto n = static_cast<size_t>(i) % std::size(kFamilies);
  return "1|" + std::string(kFamilies[n]) + " 太郎|" + kKana[n] + " タロウ|" + birth + "|" + sex + "||" + prefecture + "/某市/某町" +
         std::to_string(i + 1) + "-1|090-1234-" + std::to_string(5000 + 37 * i);
}

TEST_F(PseudonymsTest, OfTheSamePersonsIsTheSameEveryTime) {
  FillRegion(40);
  RegisterAll();
  const Pseudonymizer project = Project("stroke-study");
  const Exported first = Export(project);
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(first.counts.persons, persons_.size());
  EXPECT_EQ(first.counts.records, records_.size());
  EXPECT_GT(records_.size(), persons_.size());
  EXPECT_EQ(first.counts.left_out, 0u);
  ASSERT_EQ(first.rows.size(), records_.size());
  EXPECT_EQ(Export(project).text, first.text);
  ASSERT_TRUE(network_.Reopen());
  EXPECT_EQ(Export(Project("stroke-study")).text, first.text);

  // They are the registry's persons, under the pseudonyms that anybody with the key computes.
  std::map<Pseudonym, std::set<Pseudonym>> expected;
  for (const auto& [id, identifiers] : persons_)
    for (const RecordKey& key : identifiers) expected[*project.OfPerson(id)].insert(*project.OfRecord(key));
  EXPECT_EQ(first.Persons(), expected);
}

TEST_F(PseudonymsTest, ANewcomerChangesNoRowOfOthers) {
  FillRegion(20);
  RegisterAll();
  const Pseudonymizer project = Project("a");
  const Exported before = Export(project, {0, nullptr});
  Put("H1", "new", PersonLine(6, "1931-12-07", "女", "沖縄県"));
  Say({"H1", "new", 0}, ConsentKind::kRegistered);
  Exported after = Export(project, {0, nullptr});
  ASSERT_EQ(after.rows.size(), before.rows.size() + 1);
  std::erase_if(after.rows, [&](const Row& row) { return row.record == *project.OfRecord({"H1", "new", 0}); });
  EXPECT_EQ(after.rows, before.rows);
}

// Between -1 and 1; near 0 where one order tells nothing of the other.
double RankCorrelation(const std::vector<size_t>& place) {
  const auto n = static_cast<double>(place.size());
  double sum = 0;
  for (size_t i = 0; i < place.size(); ++i) {
    const double d = static_cast<double>(i) - static_cast<double>(place[i]);
    sum += d * d;
  }
  return 1 - 6 * sum / (n * (n * n - 1));
}

TEST_F(PseudonymsTest, ProjectsShareNoPseudonymAndNoOrder) {
  FillRegion(60);
  RegisterAll();
  const Pseudonymizer a = Project("a");
  std::vector<Pseudonymizer> others = {Project("b"), Project("a", 1)};
  const Exported of_a = Export(a);
  std::set<Pseudonym> seen;
  for (const Row& row : of_a.rows) seen.insert({row.person, row.record});
  const auto far = 6 / std::sqrt(static_cast<double>(persons_.size()));  // six standard deviations
  for (const Pseudonymizer& other : others) {
    const Exported of_other = Export(other);
    ASSERT_EQ(of_other.rows.size(), of_a.rows.size());
    std::map<Pseudonym, size_t> place_in_other;
    for (const auto& [person, records] : of_other.Persons()) {
      EXPECT_FALSE(seen.contains(person));
      for (const Pseudonym& record : records) EXPECT_FALSE(seen.contains(record));
      place_in_other.emplace(person, place_in_other.size());
    }
    std::vector<size_t> place;
    for (const auto& [person, records] : of_a.Persons())
      place.push_back(place_in_other.at(*other.OfPerson(*a.PersonOf(person))));
    EXPECT_LT(std::abs(RankCorrelation(place)), far);
  }
  // Nor is it the order of identifiers, which is the registry's own, or of enterprise IDs.
  std::map<Pseudonym, size_t> place_in_a;
  for (const auto& [person, records] : of_a.Persons()) place_in_a.emplace(person, place_in_a.size());
  std::vector<size_t> by_key, by_id;
  for (const auto& [id, identifiers] : persons_) by_key.push_back(place_in_a.at(*a.OfPerson(id)));
  std::ranges::sort(persons_);
  for (const auto& [id, identifiers] : persons_) by_id.push_back(place_in_a.at(*a.OfPerson(id)));
  EXPECT_LT(std::abs(RankCorrelation(by_key)), far);
  EXPECT_LT(std::abs(RankCorrelation(by_id)), far);
  // Rows come by pseudonym alone.
  EXPECT_TRUE(std::ranges::is_sorted(of_a.rows, {}, [](const Row& row) { return std::pair(row.person, row.record); }));
}

TEST_F(PseudonymsTest, LeavesOutWhomConsentDoesNotLetBeTold) {
  FillRegion(40);
  constexpr auto kYes = ConsentKind::kRegistered, kNo = ConsentKind::kWithdrawn;
  std::map<std::string, std::set<EnterpriseId>> of;
  for (size_t p = 0; p < persons_.size(); ++p) {
    const RecordKey& key = persons_[p].second.back();
    const char* const kStates[] = {"unasked", "registered", "withdrawn", "reconsented", "for some", "tomorrow"};
    of[kStates[p % 6]].insert(persons_[p].first);
    if (p % 6 == 1) Say(key, kYes);
    if (p % 6 == 2) Say(key, kNo);
    if (p % 6 == 3) Say(key, kYes), Say(key, kNo, {2026, 5, 1}), Say(key, kYes, {2026, 6, 1});
    if (p % 6 == 4) Say(key, kYes, {2026, 4, 1}, {"pharmacy"});
    if (p % 6 == 5) Say(key, kYes, {2026, 11, 29});
  }
  const Pseudonymizer project = Project("a");
  const auto expect = [&](const Requester& by, std::initializer_list<const char*> states) {
    std::set<EnterpriseId> expected, told;
    for (const char* const state : states) expected.insert(of[state].begin(), of[state].end());
    const Exported out = Export(project, {}, by);
    ASSERT_TRUE(out.status.ok()) << out.status;
    for (const auto& [person, records] : out.Persons()) told.insert(*project.PersonOf(person));
    EXPECT_EQ(told, expected);
    EXPECT_EQ(out.counts.persons, expected.size());
    EXPECT_EQ(out.counts.left_out, persons_.size() - expected.size());
    EXPECT_EQ(out.counts.records, out.rows.size());
  };
  expect(Researcher(), {"registered", "reconsented"});
  AccessRules rules = AccessRules::Default();
  rules.basis = ConsentBasis::kOptOut;
  rules.rules.push_back({{kSteward}, {Purpose::kStewardship}, {Operation::kPseudonymize}, Sight::kAll});
  rules.rules.push_back({{kSystem}, {Purpose::kRegistration}, {Operation::kPseudonymize}, Sight::kToldOf});
  rules.rules.push_back({{kClerk}, {Purpose::kRegistration}, {Operation::kPseudonymize}, Sight::kOwn});
  ASSERT_TRUE(network_->SetRules(rules, Asker(kOperator, Purpose::kOperations, "")).ok());
  expect(Researcher(), {"unasked", "registered", "reconsented", "tomorrow"});
  // Who sees all: but nobody who has withdrawn.
  expect(Asker(kSteward, Purpose::kStewardship, ""), {"unasked", "registered", "reconsented", "tomorrow", "for some"});
  // A facility's own patients are not in an export for being its own.
  expect(Asker(kSystem, Purpose::kRegistration, "hospital"), {"unasked", "registered", "reconsented", "tomorrow"});
  EXPECT_EQ(Export(project, {}, Asker(kClerk, Purpose::kRegistration, "hospital")).status.code(), Code::kPermissionDenied);
  EXPECT_EQ(LastEntry().outcome, AuditOutcome::kRefused);
}

TEST_F(PseudonymsTest, LeavesOutRetiredAndMergedIdentifiers) {
  const std::string line = PersonLine(0, "1950-01-02", "男", "東京都");
  for (const char* const id : {"1", "2", "3"}) Put("H1", id, line);
  Say({"H1", "1", 0}, ConsentKind::kRegistered);
  ASSERT_TRUE(network_->Retire({"H1", "2", 0}, ClerkOf("H1")).ok());
  ASSERT_TRUE(network_->Subsume({"H1", "3", 0}, {"H1", "1", 0}, ClerkOf("H1")).ok());
  const Pseudonymizer project = Project("a");
  const Exported out = Export(project);
  ASSERT_THAT(out.rows, SizeIs(1));
  EXPECT_EQ(out.rows[0].record, *project.OfRecord({"H1", "1", 0}));
}

TEST_F(PseudonymsTest, FlagsCellsThatAreSmallerThanTheBoundAndNoOthers) {
  struct Group {
    const char *sex, *prefecture;
    std::vector<std::string> births;
  };
  const std::vector<Group> groups = {
      {"男", "東京都", {"1950-01-02", "1951-02-03", "1959-12-31"}},  // one cell of three
      {"男", "東京都", {"1960-01-01", "1961-05-06"}},                // the next ten years
      {"男", "東京都", {"1949-12-31"}},                              // those before
      {"女", "東京都", {"1952-01-02"}},
      {"男", "大阪府", {"1953-01-02", "1954-07-08"}},
      {"", "", {"", ""}},                                            // of whom nothing is known
  };
  std::map<EnterpriseId, size_t> size_of;
  int count = 0;
  for (const Group& group : groups)
    for (const std::string& birth : group.births) {
      const std::string id = std::to_string(++count);
      const EnterpriseId person = Put("H1", id, PersonLine(count, birth, group.sex, group.prefecture));
      size_of[person] = group.births.size();
      Say({"H1", id, 0}, ConsentKind::kRegistered);
      if (group.births.size() != 3) continue;  // a person counts once, with all their records
      const std::string again = "again" + id;
      ASSERT_EQ(Put("C1", again, PersonLine(count, birth, group.sex, group.prefecture)), person);
    }
  ASSERT_EQ(size_of.size(), 11u);
  // Who is not exported makes no cell larger.
  Put("H1", "unasked", PersonLine(12, "1957-03-03", "男", "東京都"));
  const Pseudonymizer project = Project("a");
  for (const uint64_t bound : {0, 1, 2, 3, 4, 1000}) {
    const Exported out = Export(project, {bound, nullptr});
    ASSERT_TRUE(out.status.ok());
    std::set<EnterpriseId> flagged;
    for (const Row& row : out.rows) {
      const EnterpriseId person = *project.PersonOf(row.person);
      EXPECT_EQ(row.small_cell, size_of.at(person) < bound) << bound;
      if (row.small_cell) flagged.insert(person);
    }
    EXPECT_EQ(out.counts.in_small_cells, flagged.size());
    EXPECT_EQ(out.counts.persons, 11u);
    EXPECT_EQ(out.counts.records, 14u);
  }
}

// ---- Nothing of what records say.

std::vector<std::string> ValuesOf(const Record& r) {
  std::vector<std::string> values = {r.key.record_id};
  for (const StatedName& n : r.names)
    for (const auto* text : {&n.full, &n.family, &n.given, &n.full_kana, &n.family_kana, &n.given_kana, &n.latin}) values.push_back(*text);
  for (const auto* list : {&r.former_names, &r.births, &r.sexes, &r.phones}) values.insert(values.end(), list->begin(), list->end());
  for (const StatedCoverage& c : r.coverages)
    for (const auto* text : {&c.insurer, &c.symbol, &c.number, &c.branch}) values.push_back(*text);
  for (const StatedCareInsurance& c : r.care)
    for (const auto* text : {&c.insurer, &c.number}) values.push_back(*text);
  for (const StatedAddress& a : r.addresses)
    for (const auto* text : {&a.postal_code, &a.prefecture, &a.city, &a.street, &a.full}) values.push_back(*text);
  return values;
}

// Empty where the charset has no such letters.
std::string Encoded(const std::string& utf8, const char* charset) {
  const iconv_t converter = iconv_open(charset, "UTF-8");
  EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << charset;
  std::string in = utf8, out(utf8.size() * 8 + 16, '\0');
  char *from = in.data(), *to = out.data();
  size_t left = in.size(), room = out.size();
  const bool done = iconv(converter, &from, &left, &to, &room) != static_cast<size_t>(-1) &&
                    iconv(converter, nullptr, nullptr, &to, &room) != static_cast<size_t>(-1);
  iconv_close(converter);
  out.resize(done ? out.size() - room : 0);
  return out;
}

// Of the bytes wherever they stand in what is encoded: the letters that are sure at each of the three places.
std::vector<std::string> Base64(std::string_view bytes) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::string> texts;
  for (size_t skip = 0; skip < 3; ++skip) {
    std::string text;
    for (size_t i = skip; i + 3 <= bytes.size(); i += 3) {
      const uint32_t group = static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << 16 |
                             static_cast<uint32_t>(static_cast<uint8_t>(bytes[i + 1])) << 8 | static_cast<uint8_t>(bytes[i + 2]);
      for (int shift = 18; shift >= 0; shift -= 6) text += kLetters[group >> shift & 63];
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

// Every form in which a value might stand there. Those that are so short that random digits have them are left out: that
// rows have nothing but authorities, pseudonyms and a flag is seen by their form.
std::set<std::string> NeedlesOf(const std::set<std::string>& values) {
  constexpr size_t kBytes = 5;  // 10 digits: by chance once in 10^12
  std::set<std::string> needles;
  for (const std::string& value : values)
    for (const std::string& text : {value, FullWidth(value), HalfWidthKana(value), ToHiragana(value)})
      for (const char* const charset : {"UTF-8", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP", "ISO-2022-JP"}) {
        const std::string bytes = Encoded(text, charset);
        if (bytes.size() < kBytes) continue;
        const std::string hex = absl::BytesToHexString(bytes);
        const bool could_be_digits = bytes.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!could_be_digits || bytes.size() >= 2 * kBytes) needles.insert(bytes);
        needles.insert(hex);
        for (const std::string& base64 : Base64(bytes))
          if (base64.size() >= 8) needles.insert(base64);
      }
  return needles;
}

TEST_F(PseudonymsTest, HasNoValueOfAnyRecordInAnyEncoding) {
  FillRegion(60);
  RegisterAll();
  const Pseudonymizer project = Project("stroke-study");
  const Exported out = Export(project);
  ASSERT_EQ(out.rows.size(), records_.size());
  std::set<std::string> values;
  for (const Record& record : records_)
    for (const std::string& value : ValuesOf(record))
      if (!value.empty()) values.insert(value);
  for (const auto& [id, identifiers] : persons_) {
    values.insert(id.ToString());
    for (const RecordKey& key : identifiers) values.insert(key.ToString());
  }
  // What is wherever digits are, and what the bytes of pseudonyms are.
  std::string bytes, upper = out.text;
  for (const Row& row : out.rows)
    for (const Pseudonym* p : {&row.record, &row.person}) bytes.append(reinterpret_cast<const char*>(p->bytes.data()), p->bytes.size());
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const std::set<std::string> needles = NeedlesOf(values);
  const auto finds = [&](const std::string& text) {
    return std::ranges::any_of(needles, [&](const std::string& n) { return text.find(n) != std::string::npos; });
  };
  for (const std::string& text : {out.text, upper, bytes}) EXPECT_FALSE(finds(text));
  std::printf("%zu values, %zu needles, %zu bytes\n", values.size(), needles.size(), out.text.size());
  EXPECT_GT(needles.size(), 5000u);
  // They would be found: one is put there.
  constexpr size_t kFiveLetters = 15;
  const auto value = std::ranges::find_if(values, [](const std::string& v) {
    return v.size() >= kFiveLetters && static_cast<uint8_t>(v[0]) >= 0x80 && !Encoded(v, "CP932").empty();
  });
  ASSERT_NE(value, values.end());
  const std::string digits = persons_[0].second[0].record_id;
  for (const std::string& leak : {*value, Encoded(*value, "CP932"), absl::BytesToHexString(Encoded(*value, "EUC-JP")),
                                  Base64("x" + Encoded(*value, "UTF-16LE"))[0], absl::BytesToHexString(FullWidth(digits)), digits,
                                  persons_[0].first.ToString()})
    EXPECT_TRUE(finds("0123" + leak + "0123")) << absl::BytesToHexString(leak);

  const std::regex form("(H1|H2|C1|R1),[0-9a-f]{32},[0-9a-f]{32},[01]");
  for (size_t begin = 0; begin < out.text.size();) {
    const size_t end = out.text.find('\n', begin);
    ASSERT_TRUE(std::regex_match(out.text.substr(begin, end - begin), form));
    begin = end + 1;
  }
}

// ---- Back.

TEST_F(PseudonymsTest, WithTheKeyEverybodyIsFoundAgainAndWithoutItNobody) {
  FillRegion(30);
  RegisterAll();
  const Pseudonymizer project = Project("a"), other_key = Project("a", 1), other_name = Project("b");
  const Exported out = Export(project);
  const std::map<EnterpriseId, std::vector<RecordKey>> truth(persons_.begin(), persons_.end());
  std::set<EnterpriseId> found;
  for (const auto& [person, records] : out.Persons()) {
    const auto answer = network_->Reidentify(project, person.ToString(), Officer());
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->identifiers, truth.at(answer->person));
    EXPECT_EQ(*project.OfPerson(answer->person), person);
    found.insert(answer->person);
    for (const Pseudonymizer* wrong : {&other_key, &other_name})
      EXPECT_EQ(network_->Reidentify(*wrong, person.ToString(), Officer()).status().code(), Code::kNotFound);
    EXPECT_EQ(network_->Reidentify(project, records.begin()->ToString(), Officer()).status().code(), Code::kNotFound);
  }
  EXPECT_EQ(found.size(), persons_.size());
  std::string upper = out.rows[0].person.ToString();
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_TRUE(network_->Reidentify(project, upper, Officer()).ok());
}

// Any block is somebody's ID by some key: only the registry's own check tells.
TEST_F(PseudonymsTest, WrongKeysNeverFindAnybodyElse) {
  for (int i = 0; i < 12; ++i) Put("H1", std::to_string(i), PersonLine(i, "195" + std::to_string(i % 10) + "-01-02", "男", "東京都"));
  std::mt19937_64 random(1);
  const auto any = [&] { return static_cast<uint8_t>(random()); };
  Pseudonym pseudonym;
  int tried = 0;
  for (const int end = LongRun() ? 1'000'000 : 20'000; tried < end; ++tried) {
    std::ranges::generate(pseudonym.bytes, any);
    SecretKey key;
    std::generate_n(key.data(), SecretKey::kBytes, any);
    const auto project = Pseudonymizer::Make(key, "a");
    ASSERT_TRUE(project.ok());
    ASSERT_EQ(network_.registry().Find(*project->PersonOf(pseudonym)).status().code(), Code::kNotFound);
  }
}

TEST_F(PseudonymsTest, OfAPersonWhoWasMergedAnswersWithWhomTheyArePartOf) {
  const EnterpriseId a = Put("H1", "1", PersonLine(0, "1950-01-02", "男", "東京都"));
  const EnterpriseId b = Put("C1", "2", PersonLine(1, "1971-08-09", "女", "大阪府"));
  ASSERT_NE(a, b);
  const Pseudonymizer project = Project("a");
  ASSERT_TRUE(network_->Decide({"H1", "1", 0}, {"C1", "2", 0}, true, Asker(kSteward, Purpose::kStewardship, "")).ok());
  int redirected = 0;
  for (const EnterpriseId& id : {a, b}) {
    const auto found = network_->Reidentify(project, project.OfPerson(id)->ToString(), Officer());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_THAT(found->identifiers, ElementsAre(RecordKey{"C1", "2", 0}, RecordKey{"H1", "1", 0}));
    redirected += found->redirected;
  }
  EXPECT_EQ(redirected, 1);
}

TEST_F(PseudonymsTest, NoTextIsTakenForAPseudonymThatIsNone) {
  Put("H1", "1", PersonLine(0, "1950-01-02", "男", "東京都"));
  const Pseudonymizer project = Project("a");
  std::vector<std::string> texts = {"", "0", std::string(31, '0'), std::string(33, '0'), std::string(31, '0') + "g", std::string(32, ' '),
                                    std::string(32, '\0'), "山田 太郎 1950-01-02 東京都", "0x" + std::string(30, '1'),
                                    std::string(31, '0') + "\n", "+" + std::string(31, '0'), std::string(1'000'000, 'a'),
                                    "00000000-0000-0000-0000-000000000000", "\xff\xfe" + std::string(30, '0')};
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    std::string text(random() % 40, ' ');
    for (char& c : text) c = static_cast<char>(random() % 3 == 0 ? random() : static_cast<uint64_t>("0123456789abcdef"[random() % 16]));
    if (text.size() != 32 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) texts.push_back(std::move(text));
  }
  for (const std::string& text : texts) {
    const absl::Status status = network_->Reidentify(project, text, Officer()).status();
    ASSERT_EQ(status.code(), Code::kInvalidArgument) << absl::BytesToHexString(text.substr(0, 40));
  }
  // What was asked for might be anything, also a patient's name: it is noted nowhere.
  const auto entries = network_->Audit(1, SIZE_MAX, Auditor());
  ASSERT_TRUE(entries.ok());
  size_t noted = 0;
  for (const AuditEntry& entry : *entries) {
    if (entry.action != "reidentify") continue;
    ++noted;
    EXPECT_EQ(entry.detail, "project a; INVALID_ARGUMENT");
  }
  EXPECT_EQ(noted, texts.size());
}

TEST_F(PseudonymsTest, IsForThoseWhomTheRulesAllowItAndWithAReason) {
  const EnterpriseId id = Put("H1", "1", PersonLine(0, "1950-01-02", "男", "東京都"));
  Say({"H1", "1", 0}, ConsentKind::kRegistered);
  const Pseudonymizer project = Project("a");
  const std::string text = project.OfPerson(id)->ToString();
  for (const Requester& by : {Researcher(), Auditor(), Asker(kSteward, Purpose::kStewardship, ""),
                              Asker(kOperator, Purpose::kOperations, ""), Asker(kPhysician, Purpose::kEmergency, "hospital")}) {
    Requester with_reason = by;
    with_reason.reason = "curious";
    EXPECT_EQ(network_->Reidentify(project, text, with_reason).status().code(), Code::kPermissionDenied);
    const AuditEntry entry = LastEntry();
    EXPECT_EQ(entry.action, "reidentify");
    EXPECT_EQ(entry.outcome, AuditOutcome::kRefused);
    EXPECT_THAT(entry.told, IsEmpty());
    if (by != Researcher()) {
      EXPECT_EQ(Export(project, {}, by).status.code(), Code::kPermissionDenied);
    }
  }
  const absl::Status status = network_->Reidentify(project, text, Officer("")).status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("reason"));
  AccessRules rules = AccessRules::Default();
  rules.rules.push_back({{kClerk}, {Purpose::kRegistration}, {Operation::kReidentify}, Sight::kToldOf});
  ASSERT_TRUE(network_->SetRules(rules, Asker(kOperator, Purpose::kOperations, "")).ok());
  Requester clerk = ClerkOf("H1");
  clerk.reason = "curious";
  EXPECT_EQ(network_->Reidentify(project, text, clerk).status().code(), Code::kPermissionDenied);
}

// ---- Noted.

TEST_F(PseudonymsTest, IsNotedBeforeTheFirstRowWithCountsAndNoIdentifiers) {
  FillRegion(20);
  RegisterAll();
  Say(persons_[0].second[0], ConsentKind::kWithdrawn, {2026, 5, 1});
  const Pseudonymizer project = Project("stroke-study");
  const uint64_t before = network_->Anchor(Auditor())->entries + 1;
  uint64_t at_first_row = 0, rows = 0;
  const auto counts = network_->Pseudonymize(project, {}, [&](const PseudonymRow&) {
    if (rows++ == 0) at_first_row = network_->Anchor(Auditor())->entries;
    return rows < 3;
  }, Researcher());
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(at_first_row, before + 1);
  EXPECT_EQ(rows, 3u);
  const auto entries = network_->Audit(before + 1, 1, Auditor());
  ASSERT_THAT(*entries, SizeIs(1));
  const AuditEntry& entry = entries->front();
  EXPECT_EQ(entry.operation, Operation::kPseudonymize);
  EXPECT_EQ(entry.action, "pseudonymize");
  EXPECT_EQ(entry.outcome, AuditOutcome::kDone);
  EXPECT_THAT(entry.told, IsEmpty());
  EXPECT_THAT(entry.asked, IsEmpty());
  EXPECT_EQ(entry.detail, "project stroke-study: " + std::to_string(persons_.size() - 1) + " persons, " +
                              std::to_string(records_.size() - persons_[0].second.size()) + " records, 1 left out, " +
                              std::to_string(counts->in_small_cells) + " in small cells");

  const auto found = network_->Reidentify(project, project.OfPerson(persons_[1].first)->ToString(), Officer("ethics vote 12"));
  ASSERT_TRUE(found.ok());
  const auto looked = network_->WhoLooked(persons_[1].second[0], 1, Asker(kOperator, Purpose::kPatientRequest, ""));
  ASSERT_THAT(*looked, SizeIs(1));
  EXPECT_EQ(looked->front().operation, Operation::kReidentify);
  EXPECT_EQ(looked->front().told, found->identifiers);
  EXPECT_EQ(looked->front().by.reason, "ethics vote 12");
  EXPECT_THAT(looked->front().detail, HasSubstr(project.OfPerson(persons_[1].first)->ToString()));
  EXPECT_THAT(*network_->VerifyTrail({}, Auditor()), IsEmpty());
}

TEST_F(PseudonymsTest, WhereTheTrailCantBeWrittenNoRowIsTold) {
  const EnterpriseId id = Put("H1", "1", PersonLine(0, "1950-01-02", "男", "東京都"));
  Say({"H1", "1", 0}, ConsentKind::kRegistered);
  network_.folder().Close();
  RegistryOptions options;
  options.read_only = true;
  const auto reader = Registry::Open(network_.folder().folder(), options);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto network = Network::Open(reader->get());
  ASSERT_TRUE(network.ok());
  const Pseudonymizer project = Project("a");
  const auto counts = (*network)->Pseudonymize(project, {}, [](const PseudonymRow&) {
    ADD_FAILURE() << "told";
    return true;
  }, Researcher());
  EXPECT_EQ(counts.status().code(), Code::kUnavailable);
  EXPECT_EQ((*network)->Reidentify(project, project.OfPerson(id)->ToString(), Officer()).status().code(), Code::kUnavailable);
}

TEST_F(PseudonymsTest, StopsWhereItIsToldToAndSaysSo) {
  Put("H1", "1", PersonLine(0, "1950-01-02", "男", "東京都"));
  Say({"H1", "1", 0}, ConsentKind::kRegistered);
  const Exported out = Export(Project("a"), {10, [](std::string_view, uint64_t, uint64_t) { return false; }});
  EXPECT_EQ(out.status.code(), Code::kCancelled);
  EXPECT_THAT(out.rows, IsEmpty());
  const AuditEntry entry = LastEntry();
  EXPECT_EQ(entry.outcome, AuditOutcome::kFailed);
  EXPECT_EQ(entry.detail, "project a; CANCELLED");
}

TEST_F(PseudonymsTest, OfNobodyIsEmpty) {
  const Exported out = Export(Project("a"));
  EXPECT_TRUE(out.status.ok()) << out.status;
  EXPECT_THAT(out.rows, IsEmpty());
  EXPECT_EQ(out.counts.persons, 0u);
}

}  // namespace
}  // namespace libmpi
