// SPDX-License-Identifier: Apache-2.0
// A synthetic health region with truth: persons, households, facilities, and
// the records that facilities write down. Only invented people.
#ifndef LIBMPI_EVALUATION_REGION_H_
#define LIBMPI_EVALUATION_REGION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

// One who knows persons as a register does, by numbers of its own: a municipality, an insurer, a laboratory. It writes
// everybody as they are now, in one form, and without errors.
struct RegionRegister {
  std::string source;
  int persons_percent = 100;  // whom it knows
  bool kana_only = false;     // writes names in kana alone
  bool has_coverage = true, has_address = true, has_phone = true;
};

struct RegionOptions {
  uint64_t persons = 100000;
  uint64_t seed = 1;
  // Multiplies every error rate (typing slips, swaps, missing fields ...).
  double dirt = 1.0;
  // The power to which the shares of names are raised: 1 as in Japan, above it the usual names crowd
  // out the rare ones, which is what blocking by name fears.
  double name_power = 1.0;
  // How many facilities of each kind, in the order of FacilityKinds(). 0: as many as the persons need, or, where
  // `only_these_facilities`, none.
  std::array<uint64_t, 5> facilities = {};
  bool only_these_facilities = false;
  std::vector<RegionRegister> registers;
  // The share of rows that their facility says anew, later and under the same number. None of the three changes what the
  // others' random numbers are.
  double revised = 0;
};

// One row as a facility exports it, raw text in UTF-8.
struct RegionRow {
  std::string record_id, source, name, kana, birth, sex, insurer, symbol, number,
      branch, care_insurer, care_number, postal_code, prefecture, city, street,
      phone;
  uint64_t person = 0;       // truth
  // More of the truth, to tell how well each kind of pair is linked.
  uint64_t twin = 0;         // the person's twin; 0: none in the region
  std::string family_name;   // the person's own at the time, in kanji; empty: foreign
  bool elderly_card = false; // of the insurance for those over 75
  uint8_t facility_kind = 0; // index into FacilityKinds(); of registers, from FacilityKinds().size() on
  bool revision = false;     // a row before it has the same number
};
// What the row says, under source and record_id.
Record RecordOf(const RegionRow& row);
std::vector<std::string> FacilityKinds();  // "hospital", "clinic", "pharmacy", "dental", "care"
// The source of a facility's rows: "H01" for the first hospital. `number` from 1.
std::string FacilitySource(size_t kind, int number);

// What happened, so that tests can pin the generator to the facts.
struct RegionStatistics {
  uint64_t persons = 0, records = 0, households = 0;
  uint64_t twin_pairs = 0;            // both in the region
  uint64_t foreign_persons = 0;
  // Persons who, in the years of the records, ...
  uint64_t movers = 0;
  uint64_t married_name_changes = 0;  // married or divorced into another family name
  uint64_t insurer_changes = 0;       // changed insurer other than by age or address
  uint64_t turned_75 = 0;
  // Rows of Japanese persons by how the name is written.
  uint64_t kana_only_rows = 0, kanji_only_rows = 0, romaji_rows = 0, unsplit_rows = 0,
           swapped_rows = 0, unknown_glyph_rows = 0;
  uint64_t branch_card_rows = 0;      // rows with a card that has branches
  uint64_t missing_branch_rows = 0;   // of these, without the branch
  uint64_t missing_birth_rows = 0;
  uint64_t twice_registered_rows = 0; // rows of persons whom the facility has already
  uint64_t revised_rows = 0;          // rows under the number of one before; not in `records`
  uint64_t slips = 0;                 // errors of every kind that `dirt` multiplies
};

// Calls `sink` once a row, household by household, deterministic for the options
// on every machine (own random numbers, choices by integers). About 1.9 records a
// person. Memory does not grow with the number of persons.
RegionStatistics GenerateRegion(const RegionOptions& options,
                                const std::function<void(const RegionRow&)>& sink);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_REGION_H_
