// SPDX-License-Identifier: Apache-2.0
// A facility with its habits, writing persons down.
#ifndef LIBMPI_EVALUATION_FACILITY_H_
#define LIBMPI_EVALUATION_FACILITY_H_

#include <string>

#include "libmpi/evaluation/population.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/evaluation/region.h"

namespace libmpi {

enum class FacilityKind : uint8_t { kHospital, kClinic, kPharmacy, kDental, kCare };
inline constexpr int kFacilityKinds = 5;

// Habits are fixed for a facility; errors happen by chance. One facility may be used by one thread at a time.
class Facility {
 public:
  Facility(FacilityKind kind, int number, uint64_t seed, double dirt);

  // Writes a person down as of a year. Counts what happened.
  RegionRow Write(const Person& person, int year, const Population& population,
                  RegionStatistics* statistics);

  FacilityKind kind() const { return kind_; }

 private:
  enum class Scripts : uint8_t { kBoth, kKanji, kKana };
  enum class DateStyle : uint8_t { kIso, kSlash, kCompact, kEraLetter, kEraKanji, kEraCode };

  void WriteName(const Person& person, int year, const Population& population, RegionRow* row,
                 RegionStatistics* statistics);
  void WriteForeignName(const Person& person, int year, RegionRow* row);
  void WriteBirth(const Person& person, RegionRow* row);
  void WriteCoverage(const Person& person, int year, RegionRow* row, RegionStatistics* statistics);
  void WriteAddress(const Person& person, int year, RegionRow* row);
  void WritePhone(const Person& person, int year, RegionRow* row);
  std::string FormatDate(const CivilDate& date) const;
  std::string FormatPhone(const std::string& digits) const;
  bool Slips(double rate) { return random_.Chance(rate * dirt_); }

  FacilityKind kind_;
  double dirt_;
  std::string source_;
  uint64_t next_id_;
  Random random_;
  Scripts scripts_ = Scripts::kBoth;
  DateStyle dates_ = DateStyle::kIso;
  bool half_width_kana_ = false, hiragana_ = false, wide_space_ = false, unsplit_ = false,
       unsplit_kana_ = false, old_machine_ = false, plain_kanji_ = false, sex_digits_ = false,
       sex_kanji_ = false, wide_numbers_ = false, branch_known_ = false, branch_glued_ = false,
       has_address_ = true, has_phone_ = true, has_coverage_ = true, address_in_words_ = false,
       wide_address_ = false, building_ = true, phone_hyphens_ = true, pads_insurer_ = false;
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_FACILITY_H_
