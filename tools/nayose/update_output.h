// SPDX-License-Identifier: Apache-2.0
// What an update writes.
#ifndef LIBMPI_TOOLS_NAYOSE_UPDATE_OUTPUT_H_
#define LIBMPI_TOOLS_NAYOSE_UPDATE_OUTPUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/update.h"
#include "tools/nayose/run_index.h"
#include "tools/nayose/update_input.h"

namespace nayose {

// How many records changes.csv tells of, by what became of them.
struct ChangeCounts {
  uint64_t new_records = 0, joined = 0, split = 0, moved = 0, renamed = 0, gone = 0;
};

// All records after an update, in key order.
class RecordsAfter {
 public:
  RecordsAfter(const RunIndex& index, const IncomingRecords& incoming);
  size_t size() const { return arrays_.parts.size(); }
  libmpi::KeyView KeyOf(size_t i) const {
    return {sources_[arrays_.sources[i]],
            std::string_view(arrays_.ids).substr(arrays_.id_begin[i], arrays_.id_begin[i + 1] - arrays_.id_begin[i]),
            arrays_.parts[i]};
  }
  // Pairs of records that are parts of one id.
  libmpi::RecordPairs PartsOfOneId() const;
  RecordArrays& arrays() { return arrays_; }
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  RecordArrays arrays_;  // rows still to be placed
  std::vector<std::string> sources_;
};

struct FinishedUpdate {
  const RunIndex* index;
  const IncomingRecords* incoming;
  const libmpi::PatientFiles* nightly;
  const libmpi::UpdateResult* result;
  RecordsAfter* records;
  std::string previous, aside;  // folders
  int threads = 1;
  bool all_links = false;
};

// clusters.csv of all records; changes.csv; links.csv, review.csv and findings.csv of what was decided again;
// rejects.csv.
absl::Status WriteUpdateTables(const FinishedUpdate& update, ChangeCounts* changes, size_t* links_written);

// state/ with the index, from which the next update goes on.
absl::Status WriteUpdateState(const FinishedUpdate& update);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_UPDATE_OUTPUT_H_
