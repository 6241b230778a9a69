// SPDX-License-Identifier: Apache-2.0
// What a nightly file means for the records that are known.
#ifndef LIBMPI_TOOLS_NAYOSE_UPDATE_INPUT_H_
#define LIBMPI_TOOLS_NAYOSE_UPDATE_INPUT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/update.h"
#include "tools/nayose/run_index.h"
#include "tools/nayose/run_state.h"

namespace nayose {

// The records that come, each as a run over all files would have it: rows of an id that was known stand beside those
// that it had, and whose person each row is of has been asked again of all of them.
struct IncomingRecords {
  std::vector<FileRecord> added;                // by key
  std::vector<libmpi::RecordKey> gone;          // known keys that are no more, by key
  std::vector<uint32_t> before;                 // by place in `added`: the record of that key before, or kNew
  libmpi::RecordChange change;
  std::vector<libmpi::Decision> decisions;      // those of the run before, of records afterwards
  uint64_t lost_decisions = 0;                  // of records that are no more
  std::vector<libmpi::Reject> rejects;          // beside those of reading the files
  std::vector<libmpi::RecordKey> refused;       // ids that have too many persons now
  uint64_t known_ids = 0;                       // of the nightly files, that were known
  static constexpr uint32_t kNew = UINT32_MAX;

  std::unique_ptr<libmpi::PatientFiles> regrouped;  // of known ids, all their rows
};

// `nightly` must outlive the result. kDataLoss where the index is damaged.
absl::StatusOr<IncomingRecords> FindIncoming(const libmpi::PatientFiles& nightly, const RunIndex& index, int threads);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_UPDATE_INPUT_H_
