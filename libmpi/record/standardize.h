// SPDX-License-Identifier: Apache-2.0
// Record to Features: the one standardizer of the house.
#ifndef LIBMPI_RECORD_STANDARDIZE_H_
#define LIBMPI_RECORD_STANDARDIZE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/record/features.h"
#include "libmpi/record/record.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// How often each name part was stated in data, by script: what splits unsplit
// names and swaps swapped ones back. Frozen in a model, so that features depend on the
// record and the model alone. Not thread-safe while being added to.
class NameCounts {
 public:
  enum class Script : uint8_t { kKanji = 0, kKana = 1 };
  // Counts every stated (not guessed) split of the features' names, and pairs of
  // kanji and kana of one name as reading observations.
  void Add(const Features& features);
  void Add(NamePart part, Script script, std::string_view key, uint32_t count);
  void Merge(const NameCounts& other);  // commutative
  uint32_t Count(NamePart part, Script script, std::string_view key) const;
  uint64_t Total(NamePart part, Script script) const;
  // Adds a reading observation; see ReadingModel.
  void AddReading(const ReadingObservation& seen);
  std::vector<ReadingObservation> Readings() const;  // sorted
  // Every count, sorted by part, script, key: for the model file.
  struct Entry {
    NamePart part;
    Script script;
    std::string key;
    uint32_t count;
  };
  std::vector<Entry> Entries() const;
  // Drops entries and readings with fewer than `minimum` (privacy: shareable models).
  void DropRare(uint32_t minimum);

 private:
  using Key = std::pair<std::string, std::string>;
  absl::flat_hash_map<std::string, uint32_t> counts_[2][2];  // part, script
  uint64_t totals_[2][2] = {};
  absl::flat_hash_map<Key, uint32_t> readings_[2];  // part; kanji and kana
};

// Today for the check "birth in the future"; fixed by the caller so that results repeat.
struct StandardizeOptions {
  CivilDate today{2026, 12, 31};
};

// Folds records. Immutable after construction; thread-safe.
class Standardizer {
 public:
  // `counts` and `readings` (may be null: shipped tables only) are borrowed and must outlive this.
  explicit Standardizer(const StandardizeOptions& options = {},
                        const NameCounts* counts = nullptr,
                        const ReadingModel* readings = nullptr);

  // Never fails: what can't be read is missing and has a finding.
  // Without counts (first pass) unsplit names are split by shipped tables only.
  // The order of the record's statements does not matter; lists come out sorted, the person's own
  // names before former ones. A few microseconds for a usual record; linear in longer ones,
  // and of a field only the first 1,000 bytes are read.
  Features Standardize(const Record& record) const;

  // One line a step, in order, as `nayose normalize` prints it.
  struct Step {
    std::string field;
    std::string step;    // name of the step, "fold_width", "split_name", ...
    std::string before;
    std::string after;
  };
  std::vector<Step> Explain(const Record& record) const;

 private:
  void ReadNames(const Record& record, Features* out) const;

  StandardizeOptions options_;
  const NameCounts* counts_;
  const ReadingModel* readings_;
};

// The parsers behind it, each callable by itself and thread-safe. Empty/false result: unreadable,
// with findings appended to *findings, or said to be unknown ("不明"), without one.
bool ParseBirthDate(std::string_view text, const CivilDate& today, CivilDate* date,
                    std::vector<Finding>* findings);
Sex ParseSex(std::string_view text, std::vector<Finding>* findings);
CoverageFeatures ParseCoverage(const StatedCoverage& stated, std::vector<Finding>* findings);
CareFeatures ParseCare(const StatedCareInsurance& stated, std::vector<Finding>* findings);
AddressFeatures ParseAddress(const StatedAddress& stated, std::vector<Finding>* findings);
std::vector<PhoneFeatures> ParsePhones(std::string_view text, std::vector<Finding>* findings);
// All readings of one stated name: unsplit ones split, swapped ones swapped back by evidence, annotations off.
// Former names and aliases come as names of their own after the first. `counts` and `readings` may be null.
std::vector<NameFeatures> ParseName(const StatedName& stated, const NameCounts* counts,
                                    const ReadingModel& readings,
                                    std::vector<Finding>* findings);
// Luhn over all digits, last one the check digit (facts/formats.md 4a).
bool InsurerCheckDigitHolds(std::string_view digits);
// 12 digits whose last passes the My Number check (facts/formats.md 4a).
bool LooksLikeMyNumber(std::string_view digits);

// Rows of one id in one source, by the persons they can be: groups of row indices, largest
// first, then by content. Rows contradict each other where both birth dates are full and more
// than a slip apart, and the names share no equal or near part in a script that both have, or the
// sexes and the given names differ. A row that fits several groups joins the first; one without
// a name or full birth date joins the largest. Which rows go together does not depend on their order.
// Linear where all rows agree on names, births and sexes; else quadratic in the different ones.
std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_STANDARDIZE_H_
