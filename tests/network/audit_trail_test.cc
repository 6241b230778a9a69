// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/audit_trail.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/rows.h"
#include "tests/network/rows_in_memory.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr int64_t kNow = 1'795'834'800'000, kDay = 86'400'000;  // 2026-11-28 in Japan

AuditEntry Entry(int i) {
  AuditEntry entry;
  entry.unix_milliseconds = kNow + i * kDay / 10;
  entry.by = {"user" + std::to_string(i % 3), i % 4 == 0 ? "" : "F" + std::to_string(i % 4), "ehr", Profession::kNurse,
              Purpose::kTreatment, "msg" + std::to_string(i), ""};
  entry.operation = i % 2 == 0 ? Operation::kFind : Operation::kSearch;
  entry.action = i % 2 == 0 ? "find" : "search";
  entry.asked = {{"h", std::to_string(i % 5), 0}};
  entry.told = {{"h", std::to_string(i % 5), 0}, {"c", std::to_string(i % 7), 0}};
  entry.outcome = i % 11 == 0 ? AuditOutcome::kRefused : AuditOutcome::kDone;
  entry.detail = "name,birth";
  entry.event = static_cast<uint64_t>(i);
  return entry;
}

void Append(int from, int to, RowsInMemory* rows) {
  for (int i = from; i < to; ++i) {
    AuditEntry entry = Entry(i);
    ASSERT_TRUE(AppendAudit(&entry, rows).ok());
    EXPECT_EQ(entry.number, static_cast<uint64_t>(i + 1));
  }
}

TEST(AuditTrailTest, EntriesComeBackInOrderAndByIdentifier) {
  RowsInMemory rows;
  Append(0, 60, &rows);
  const auto all = ReadAudit(rows, 1, 1000);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_THAT(*all, SizeIs(60));
  for (int i = 0; i < 60; ++i) {
    AuditEntry expected = Entry(i);
    expected.number = static_cast<uint64_t>(i + 1);
    EXPECT_EQ((*all)[i], expected) << i;
  }
  EXPECT_THAT(*ReadAudit(rows, 58, 1000), SizeIs(3));
  EXPECT_THAT(*ReadAudit(rows, 10, 4), SizeIs(4));
  const RecordKey of[] = {{"h", "3", 0}, {"c", "6", 0}};
  const auto found = ReadAuditOf(rows, of, 1000);
  ASSERT_TRUE(found.ok());
  std::vector<uint64_t> numbers;
  for (const AuditEntry& entry : *found) numbers.push_back(entry.number);
  std::vector<uint64_t> expected;
  for (int i = 59; i >= 0; --i)
    if (i % 5 == 3 || i % 7 == 6) expected.push_back(static_cast<uint64_t>(i + 1));
  EXPECT_EQ(numbers, expected);
  EXPECT_THAT(*ReadAuditOf(rows, of, 2), SizeIs(2));
  EXPECT_EQ(ReadAuditOf(rows, of, 2)->front().number, expected[0]);
}

TEST(AuditTrailTest, UsageCountsByMonthFacilityActionAndOutcome) {
  RowsInMemory rows;
  Append(0, 60, &rows);  // from 28 November to 3 December
  uint64_t november = 0, all = 0;
  const auto counts = ReadUsage(rows, "2026-11", "2026-12");
  ASSERT_TRUE(counts.ok()) << counts.status();
  for (const UsageCount& c : *counts) {
    all += c.count;
    if (c.month == "2026-11") november += c.count;
  }
  EXPECT_EQ(all, 60u);
  const auto one = ReadUsage(rows, "2026-11", "2026-11");
  uint64_t of_one = 0;
  for (const UsageCount& c : *one) of_one += c.count;
  EXPECT_EQ(of_one, november);
  EXPECT_GT(november, 0u);
  EXPECT_LT(november, 60u);
  EXPECT_THAT(*ReadUsage(rows, "2027-01", "2027-12"), IsEmpty());
}

TEST(AuditTrailTest, AnchorsAreALineOfText) {
  RowsInMemory rows;
  EXPECT_EQ(AuditHeadOf(rows)->trail, "");
  Append(0, 3, &rows);
  const AuditHead head = *AuditHeadOf(rows);
  EXPECT_EQ(head.entries, 3u);
  EXPECT_EQ(*AuditHead::Parse(head.ToString() + "\n"), head);
  for (const char* wrong : {"", "nayose-audit", "nayose-audit 1 2 3 4", "another line", "nayose-audit x 3 y 5 6"})
    EXPECT_FALSE(AuditHead::Parse(wrong).ok()) << wrong;
}

TEST(AuditTrailTest, ASoundTrailHasNoFindings) {
  RowsInMemory rows;
  EXPECT_THAT(*VerifyAudit(rows, {}), IsEmpty());
  Append(0, 40, &rows);
  const AuditHead early = *AuditHeadOf(rows);
  Append(40, 80, &rows);
  const AuditHead anchors[] = {early, *AuditHeadOf(rows)};
  EXPECT_THAT(*VerifyAudit(rows, anchors), IsEmpty());
}

using Rows = std::map<std::string, std::string>;

// A trail at three moments.
struct Moments {
  Rows after_first, earlier, now;
};
Moments MakeMoments(int earlier, int now) {
  Moments moments;
  RowsInMemory rows;
  Append(0, 1, &rows);
  moments.after_first = rows.rows;
  Append(1, earlier, &rows);
  moments.earlier = rows.rows;
  Append(earlier, now, &rows);
  moments.now = rows.rows;
  return moments;
}

// The trail written anew behind its first entry, as somebody would who knows how it is made.
Rows Forged(const Moments& moments, const std::vector<AuditEntry>& entries) {
  RowsInMemory rows;
  rows.rows = moments.after_first;
  for (AuditEntry entry : entries) EXPECT_TRUE(AppendAudit(&entry, &rows).ok());
  return rows.rows;
}

enum class Tampering { kEdit, kDelete, kSwap, kInsert, kTruncate, kRollBack, kForge, kIndex, kUsage, kHead, kKinds };

// One random tampering; false where it would change nothing.
bool Tamper(Tampering how, std::mt19937* random, const Moments& moments, RowsInMemory* rows) {
  rows->rows = moments.now;
  std::vector<std::string> entries, index, usage;
  for (const auto& [key, value] : rows->rows) {
    if (key[0] == 'a') entries.push_back(key);
    if (key[0] == 'w') index.push_back(key);
    if (key[0] == 'u') usage.push_back(key);
  }
  const auto any = [&](const std::vector<std::string>& list) { return list[(*random)() % list.size()]; };
  switch (how) {
    case Tampering::kEdit: {
      std::string& row = rows->rows[any(entries)];
      row[(*random)() % row.size()] ^= static_cast<char>(1 << (*random)() % 8);
      break;
    }
    case Tampering::kDelete: rows->rows.erase(any(entries)); break;
    case Tampering::kSwap: std::swap(rows->rows[any(entries)], rows->rows[any(entries)]); break;
    case Tampering::kInsert: {
      // A copy of an entry behind another one, with all behind it moved on.
      const size_t at = (*random)() % entries.size();
      for (size_t i = entries.size(); i > at; --i) {
        std::string key = "a";
        AppendBigEndian(i + 1, 8, &key);
        rows->rows[key] = rows->rows[entries[i - 1]];
      }
      break;
    }
    case Tampering::kTruncate: {
      const size_t keep = (*random)() % entries.size();
      for (size_t i = keep; i < entries.size(); ++i) rows->rows.erase(entries[i]);
      break;
    }
    case Tampering::kRollBack: rows->rows = moments.earlier; break;
    case Tampering::kForge: {
      auto all = *ReadAudit(*rows, 2, 100000);
      AuditEntry& entry = all[(*random)() % all.size()];
      switch ((*random)() % 4) {
        case 0: entry.by.actor = "somebody else"; break;
        case 1: entry.told.clear(); break;
        case 2: all.erase(all.begin() + static_cast<ptrdiff_t>((*random)() % all.size())); break;
        default: entry.beyond_consent = !entry.beyond_consent;
      }
      rows->rows = Forged(moments, all);
      break;
    }
    case Tampering::kIndex:
      if ((*random)() % 2 == 0) rows->rows.erase(any(index));
      else rows->rows[any(index).substr(0, 5) + "9999" + std::string(8, '\1')] = "";
      break;
    case Tampering::kUsage:
      if ((*random)() % 2 == 0) rows->rows.erase(any(usage));
      else rows->rows[any(usage)] = std::string(1, '\x7f');
      break;
    case Tampering::kHead: {
      std::string& row = rows->rows["h"];
      row[(*random)() % row.size()] ^= static_cast<char>(1 << (*random)() % 8);
      break;
    }
    case Tampering::kKinds: break;
  }
  return rows->rows != moments.now;
}

TEST(AuditTrailTest, NoneOfAThousandTamperingsIsMissed) {
  const Moments moments = MakeMoments(150, 200);
  RowsInMemory rows;
  rows.rows = moments.now;
  const AuditHead anchor[] = {*AuditHeadOf(rows)};
  std::mt19937 random(20261129);
  std::map<int, int> done;
  for (int tampered = 0; tampered < 1000;) {
    const auto how = static_cast<Tampering>(random() % static_cast<int>(Tampering::kKinds));
    if (!Tamper(how, &random, moments, &rows)) continue;
    ++tampered;
    ++done[static_cast<int>(how)];
    const auto findings = VerifyAudit(rows, anchor);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, Not(IsEmpty())) << "kind " << static_cast<int>(how);
  }
  for (const auto& [how, count] : done) EXPECT_GT(count, 50) << how;
}

TEST(AuditTrailTest, WithoutAnAnchorAForgedOrRolledBackTrailLooksSound) {  // the control: why anchors are kept
  const Moments moments = MakeMoments(100, 120);
  std::mt19937 random(3);
  for (const Tampering how : {Tampering::kRollBack, Tampering::kForge}) {
    RowsInMemory rows;
    ASSERT_TRUE(Tamper(how, &random, moments, &rows));
    EXPECT_THAT(*VerifyAudit(rows, {}), IsEmpty());
  }
}

TEST(AuditTrailTest, BytesOfAnyKindDoNotCrash) {
  RowsInMemory sound;
  Append(0, 5, &sound);
  std::mt19937 random(9);
  for (int i = 0; i < 3000; ++i) {
    RowsInMemory rows = sound;
    auto it = rows.rows.begin();
    std::advance(it, random() % rows.rows.size());
    it->second.resize(random() % (it->second.size() + 4));
    for (int flips = 0; flips < 3 && !it->second.empty(); ++flips)
      it->second[random() % it->second.size()] = static_cast<char>(random());
    (void)ReadAudit(rows, 1, 100);
    (void)ReadUsage(rows, "0000-00", "9999-99");
    (void)AuditHeadOf(rows);
    EXPECT_TRUE(VerifyAudit(rows, {}).ok());
    AuditEntry entry = Entry(1);
    (void)AppendAudit(&entry, &rows);
  }
}

TEST(AuditTrailTest, ANameWithAZeroByteIsRefusedAndAnIdentifierWithOneIsNotLost) {
  RowsInMemory rows;
  AuditEntry entry = Entry(1);
  entry.by.facility = std::string("a\0b", 3);
  EXPECT_EQ(AppendAudit(&entry, &rows).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(rows.rows, IsEmpty());
  entry = Entry(1);
  entry.asked = {{std::string("x\0", 2), "1", 0}};
  ASSERT_TRUE(AppendAudit(&entry, &rows).ok());
  EXPECT_EQ(ReadAudit(rows, 1, 9)->front().asked, entry.asked);
  EXPECT_THAT(*VerifyAudit(rows, {}), IsEmpty());
}

}  // namespace
}  // namespace libmpi
