// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/region.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/base/hash.h"
#include "libmpi/evaluation/places.h"
#include "libmpi/record/check_digits.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

RegionStatistics Make(const RegionOptions& options, uint64_t* hash) {
  *hash = 0;
  return GenerateRegion(options, [&](const RegionRow& r) {
    for (const std::string* field :
         {&r.record_id, &r.source, &r.name, &r.kana, &r.birth, &r.sex, &r.insurer, &r.symbol,
          &r.number, &r.branch, &r.care_insurer, &r.care_number, &r.postal_code, &r.prefecture,
          &r.city, &r.street, &r.phone})
      *hash = HashCombine(*hash, HashBytes(*field));
    *hash = HashCombine(*hash, r.person * 8 + r.facility_kind);
  });
}

// Pins the region to the facts, so that it never becomes easy.
TEST(RegionTest, SharesAreThoseOfTheFacts) {
  uint64_t hash;
  const RegionStatistics s = Make({200000, 3, 1.0}, &hash);
  const auto persons = static_cast<double>(s.persons), records = static_cast<double>(s.records);
  const auto share = [](uint64_t count, double of) { return static_cast<double>(count) / of; };
  const struct {
    const char* note;
    double found, low, high;
  } kCases[] = {
      {"records a person", records / persons, 1.75, 2.0},
      {"persons a household", share(s.persons, static_cast<double>(s.households)), 2.05, 2.35},
      {"pairs of twins a person", share(s.twin_pairs, persons), 0.005, 0.0075},
      {"foreign persons", share(s.foreign_persons, persons), 0.02, 0.03},
      {"movers", share(s.movers, persons), 0.25, 0.35},
      {"changed names", share(s.married_name_changes, persons), 0.03, 0.045},
      {"changed insurers", share(s.insurer_changes, persons), 0.11, 0.16},
      {"turned 75", share(s.turned_75, persons), 0.07, 0.10},
      {"kana only", share(s.kana_only_rows, records), 0.10, 0.15},
      {"kanji only", share(s.kanji_only_rows, records), 0.09, 0.15},
      {"romaji", share(s.romaji_rows, records), 0.01, 0.02},
      {"unsplit", share(s.unsplit_rows, records), 0.06, 0.10},
      {"swapped", share(s.swapped_rows, records), 0.01, 0.015},
      {"unknown glyphs", share(s.unknown_glyph_rows, records), 0.001, 0.004},
      {"cards without their branch",
       share(s.missing_branch_rows, static_cast<double>(s.branch_card_rows)), 0.35, 0.50},
      {"without birth date", share(s.missing_birth_rows, records), 0.008, 0.013},
      {"registered twice", share(s.twice_registered_rows, records), 0.015, 0.03}};
  for (const auto& c : kCases) {
    EXPECT_GE(c.found, c.low) << c.note;
    EXPECT_LE(c.found, c.high) << c.note;
  }
}

TEST(RegionTest, RepeatsForItsOptions) {
  uint64_t a, b, other_seed, other_dirt;
  Make({2000, 3, 1.0}, &a);
  Make({2000, 3, 1.0}, &b);
  Make({2000, 4, 1.0}, &other_seed);
  Make({2000, 3, 1.5}, &other_dirt);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, other_seed);
  EXPECT_NE(a, other_dirt);
}

TEST(RegionTest, DirtTwoDoublesEveryError) {
  uint64_t hash;
  const RegionStatistics clean = Make({60000, 3, 1.0}, &hash), dirty = Make({60000, 3, 2.0}, &hash);
  const RegionStatistics spotless = Make({5000, 3, 0.0}, &hash);
  const auto times = [](uint64_t a, uint64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  EXPECT_NEAR(times(dirty.slips, clean.slips), 2, 0.1);
  EXPECT_NEAR(times(dirty.swapped_rows, clean.swapped_rows), 2, 0.2);
  EXPECT_NEAR(times(dirty.missing_birth_rows, clean.missing_birth_rows), 2, 0.2);
  EXPECT_EQ(spotless.slips, 0u);
  EXPECT_EQ(spotless.swapped_rows, 0u);
  EXPECT_EQ(spotless.missing_birth_rows, 0u);
}

TEST(RegionTest, CountsAddUp) {
  std::map<uint64_t, int> rows;
  std::set<std::string> keys, sources;
  uint64_t records = 0, kana_only = 0, no_birth = 0;
  const RegionStatistics s = GenerateRegion({8000, 5, 1.0}, [&](const RegionRow& r) {
    ++records;
    ++rows[r.person];
    EXPECT_TRUE(keys.insert(r.source + ":" + r.record_id).second) << r.record_id;
    EXPECT_LT(r.facility_kind, FacilityKinds().size());
    EXPECT_FALSE(r.name.empty() && r.kana.empty());
    kana_only += ScriptOf(r.name + r.kana) == Script::kKana;
    no_birth += r.birth.empty();
    sources.insert(r.source);
  });
  EXPECT_EQ(s.records, records);
  EXPECT_EQ(s.persons, rows.size());
  EXPECT_GE(s.persons, 8000u);
  EXPECT_LT(s.persons, 8020u);
  EXPECT_EQ(s.missing_birth_rows, no_birth);
  // Foreign residents are not counted, hiragana names are not kana-only.
  EXPECT_GE(kana_only, s.kana_only_rows);
  EXPECT_LE(kana_only, s.kana_only_rows + s.foreign_persons * 4 + records / 50);
  EXPECT_GE(sources.size(), 20u);
}

TEST(RegionTest, SmallRegionsStand) {
  for (uint64_t persons : {1, 2, 50, 2500}) {
    uint64_t hash;
    const RegionStatistics s = Make({persons, 9, 1.0}, &hash);
    EXPECT_GE(s.persons, persons);
    EXPECT_GE(s.records, s.persons);
  }
  uint64_t hash;
  EXPECT_EQ(Make({0, 9, 1.0}, &hash).records, 0u);
  EXPECT_GT(Make({200, 9, 1000.0}, &hash).records, 0u);
}

// Without errors, all that facilities write of one person can be read back as one person: only
// what life changed differs.
TEST(RegionTest, WithoutDirtRecordsAgreeAboutAPerson) {
  const Standardizer standardizer;
  std::map<uint64_t, Features> first;
  uint64_t compared = 0, kana_compared = 0, kana_equal = 0, streets = 0, towns = 0;
  GenerateRegion({6000, 21, 0.0}, [&](const RegionRow& row) {
    const Features f = standardizer.Standardize(RecordOf(row));
    ASSERT_EQ(f.births.size(), 1u) << row.birth;
    ASSERT_EQ(f.sexes.size(), 1u) << row.sex;
    for (const CoverageFeatures& c : f.coverages) EXPECT_TRUE(c.trusted) << row.insurer;
    if (!row.street.empty()) {
      ASSERT_EQ(f.addresses.size(), 1u);
      EXPECT_FALSE(f.addresses[0].numbers.empty()) << row.street;
      ++streets;
      towns += !f.addresses[0].town.empty();
    }
    const auto [it, fresh] = first.try_emplace(row.person, f);
    if (fresh) return;
    ++compared;
    const Features& other = it->second;
    EXPECT_EQ(f.births, other.births) << row.birth;
    EXPECT_EQ(f.sexes, other.sexes) << row.sex;
    if (f.names.empty() || other.names.empty()) return;
    if (f.names[0].kana.empty() || other.names[0].kana.empty()) return;
    ++kana_compared;
    kana_equal += f.names[0].kana[0].given == other.names[0].kana[0].given;
  });
  EXPECT_GT(compared, 3000u);
  EXPECT_GT(kana_equal, kana_compared * 95 / 100);
  EXPECT_GT(towns, streets * 85 / 100);
}

// The traps of formats.md 4b and 4d.
TEST(RegionTest, InsuranceTrapsAreThere) {
  uint64_t elderly = 0, elderly_with_symbol = 0, glued = 0, six = 0, padded = 0, care = 0;
  GenerateRegion({20000, 8, 1.0}, [&](const RegionRow& r) {
    const std::string insurer = DigitsOnly(r.insurer);
    const bool old = insurer.size() == 8 && insurer.starts_with("3904");
    elderly += old;
    elderly_with_symbol += old && (!r.symbol.empty() || !r.branch.empty());
    six += insurer.size() == 6;
    padded += insurer.size() == 8 && insurer.starts_with("00");
    glued += r.branch.empty() && DigitsOnly(r.number).size() > 8;
    care += !r.care_number.empty();
    EXPECT_TRUE(r.care_number.empty() || r.facility_kind == 4);
  });
  EXPECT_GT(elderly, 3000u);
  EXPECT_LT(elderly_with_symbol, elderly / 100);
  EXPECT_GT(six, 500u);
  EXPECT_GT(padded, 500u);
  EXPECT_GT(glued, 20u);
  EXPECT_GT(care, 200u);
}

// What a simulation asks for beside: none of it changes the others' rows.
TEST(RegionTest, FacilitiesRegistersAndRevisionsAreAsAskedFor) {
  RegionOptions options;
  options.persons = 2000;
  options.seed = 5;
  options.facilities = {2, 3, 0, 1, 0};
  options.only_these_facilities = true;
  options.registers = {{"TOWN", 100, false, false, true, false}, {"LAB", 30, true, true, false, false}};
  options.revised = 0.1;
  std::set<std::string> sources;
  std::set<uint64_t> town;
  std::map<std::string, uint64_t> person_of;
  uint64_t rows = 0, revisions = 0, lab = 0;
  const RegionStatistics statistics = GenerateRegion(options, [&](const RegionRow& row) {
    ++rows;
    sources.insert(row.source);
    const auto [it, fresh] = person_of.try_emplace(row.source + "/" + row.record_id, row.person);
    EXPECT_EQ(fresh, !row.revision);
    EXPECT_EQ(it->second, row.person) << "a revision is of the same person";
    revisions += row.revision;
    if (row.source == "TOWN") {
      EXPECT_TRUE(town.insert(row.person).second);
      EXPECT_EQ(row.facility_kind, FacilityKinds().size());
      EXPECT_TRUE(row.number.empty() && row.phone.empty() && !row.city.empty() && !row.birth.empty());
    }
    if (row.source == "LAB") {
      ++lab;
      EXPECT_TRUE(row.city.empty());
      EXPECT_EQ(row.facility_kind, FacilityKinds().size() + 1);
    }
  });
  EXPECT_EQ(sources, (std::set<std::string>{"H01", "H02", "C01", "C02", "C03", "D01", "TOWN", "LAB"}));
  EXPECT_EQ(town.size(), statistics.persons);
  EXPECT_NEAR(static_cast<double>(lab), 0.3 * static_cast<double>(statistics.persons), 100);
  EXPECT_EQ(revisions, statistics.revised_rows);
  EXPECT_GT(revisions, 150u);
  EXPECT_EQ(rows, statistics.records + revisions);
}

TEST(RegionTest, RegistersChangeNobodyElsesRows) {
  RegionOptions options;
  options.persons = 500;
  std::vector<Record> plain, beside;
  GenerateRegion(options, [&](const RegionRow& row) { plain.push_back(RecordOf(row)); });
  options.registers = {{"TOWN", 50}};
  GenerateRegion(options, [&](const RegionRow& row) {
    if (row.source != "TOWN") beside.push_back(RecordOf(row));
  });
  EXPECT_EQ(plain, beside);
}

TEST(PlacesTest, CheckDigitsAndPostalCodes) {
  EXPECT_EQ(WithCheckDigit("3312001"), "33120015");
  EXPECT_EQ(WithCheckDigit("0101001"), "01010016");
  for (const City& city : Cities()) {
    EXPECT_TRUE(InsurerCheckDigitHolds(city.insurer)) << city.name;
    EXPECT_TRUE(InsurerCheckDigitHolds(city.elderly_insurer)) << city.name;
  }
  const PlacePool pool(1, 10000);
  Random random(1);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(PostalCode(pool.Draw(&random)).size(), 8u);
  const Place a = pool.DrawHomeForAged(&random);
  EXPECT_FALSE(a.landline.empty());
}

}  // namespace
}  // namespace libmpi
