// SPDX-License-Identifier: Apache-2.0
// Record to Features: the one standardizer of the house.
#ifndef LIBMPI_RECORD_STANDARDIZE_H_
#define LIBMPI_RECORD_STANDARDIZE_H_

#include <string>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/name_counts.h"
#include "libmpi/record/record.h"
#include "libmpi/text/readings.h"

namespace libmpi {

struct StandardizeOptions {
  // Births after this day, or 125 years before it, are impossible; {} checks neither. The caller
  // says it, never the clock, so that results repeat.
  CivilDate today;
  // Whether an insurer number that fails its check digit is not to be trusted. False for data whose
  // insurer numbers carry none (made-up ones): they then count as said.
  bool insurer_check_digits = true;
};

// A person's addresses, phones, cards of a life time are fewer. Of a field with more different values the
// first ones in the order of their texts are read, with the finding too_many_values: an id with more is
// a placeholder's or several persons', and pairs of such records would cost the square.
inline constexpr size_t kMostValues = 50;

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
  // names before former ones. A few microseconds for a usual record; linear in longer ones: of a
  // value only the first 1,000 bytes are read, and of a field only the first kMostValues values.
  Features Standardize(const Record& record) const;
  Features Standardize(const RecordView& record) const;

  // Standardize in two parts, for those who read plain names by themselves (plain_name.h). The features'
  // findings are sorted and judged by Conclude alone.
  void ReadNames(const RecordView& record, Features* out) const;
  void ReadAllButNames(const RecordView& record, Features* out) const;
  void Conclude(Features* out) const;

  const NameCounts* counts() const { return counts_; }

  // One line a step, in order, as `nayose normalize` prints it.
  struct Step {
    std::string field;
    std::string step;    // name of the step, "fold_width", "split_name", ...
    std::string before;
    std::string after;
  };
  std::vector<Step> Explain(const Record& record) const;

 private:

  StandardizeOptions options_;
  const NameCounts* counts_;
  const ReadingModel* readings_;
};

}  // namespace libmpi

#endif  // LIBMPI_RECORD_STANDARDIZE_H_
