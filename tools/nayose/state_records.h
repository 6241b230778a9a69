// SPDX-License-Identifier: Apache-2.0
// All records of a run, as its state/ keeps them.
#ifndef LIBMPI_TOOLS_NAYOSE_STATE_RECORDS_H_
#define LIBMPI_TOOLS_NAYOSE_STATE_RECORDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/record/record.h"

namespace nayose {

// Records in the order of the run, which is that of clusters.csv. Holds the text, and gives a record at a
// time. Immutable: Get() may be called from any thread.
class StateRecords {
 public:
  // kNotFound, kInvalidArgument (damaged).
  static absl::StatusOr<StateRecords> Read(const std::string& directory);

  size_t size() const { return begin_.size() - 1; }
  // Of a run against a reference list: how many records, the first ones, are new.
  size_t new_count() const { return new_count_; }
  void Get(size_t i, libmpi::Record* record) const;
  // Without copies: the texts stay as long as this, or as the record.
  void Get(size_t i, libmpi::RecordView* record) const;

 private:
  std::string text_;
  std::vector<size_t> begin_;  // of each record's rows, and the end
  size_t new_count_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_STATE_RECORDS_H_
