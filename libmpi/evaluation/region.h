// SPDX-License-Identifier: Apache-2.0
// A synthetic health region with truth: persons, households, facilities, and
// the records that facilities write down. Only invented people.
#ifndef LIBMPI_EVALUATION_REGION_H_
#define LIBMPI_EVALUATION_REGION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace libmpi {

struct RegionOptions {
  uint64_t persons = 100000;
  uint64_t seed = 1;
  // Multiplies every error rate (typing slips, swaps, missing fields ...).
  double dirt = 1.0;
};

// One row as a facility exports it, raw text in UTF-8.
struct RegionRow {
  std::string record_id, source, name, kana, birth, sex, insurer, symbol, number,
      branch, care_insurer, care_number, postal_code, prefecture, city, street,
      phone;
  uint64_t person = 0;       // truth
  uint8_t facility_kind = 0; // index into FacilityKinds()
};
std::vector<std::string> FacilityKinds();  // "hospital", "clinic", "pharmacy", "dental", "care"

// What happened, so that tests can pin the generator to the facts.
struct RegionStatistics {
  uint64_t persons = 0, records = 0, households = 0, twin_pairs = 0;
  uint64_t kana_only_rows = 0, kanji_only_rows = 0, romaji_rows = 0,
           unsplit_rows = 0, swapped_rows = 0, missing_branch_rows = 0,
           movers = 0, married_name_changes = 0, insurer_changes = 0,
           turned_75 = 0, foreign_persons = 0, unknown_glyph_rows = 0;
};

// Calls `sink` once a row, household by household, deterministic for the options
// on every machine (own random numbers, choices by integers). About 1.9 records a
// person. Memory does not grow with the number of persons.
RegionStatistics GenerateRegion(const RegionOptions& options,
                                const std::function<void(const RegionRow&)>& sink);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_REGION_H_
