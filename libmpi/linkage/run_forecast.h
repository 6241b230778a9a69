// SPDX-License-Identifier: Apache-2.0
// What deduplicating a set of records, or linking one list to another, will cost, from a sample of them.
#ifndef LIBMPI_LINKAGE_RUN_FORECAST_H_
#define LIBMPI_LINKAGE_RUN_FORECAST_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/record_reader.h"

namespace libmpi {

// What a sample tells. It has all records born on some days, chosen by a hash: of one person's records it has nearly all
// or none, and of strangers of one birthday as well, so that it is as dense as the whole where most pairs come from.
struct SampleFacts {
  size_t records = 0;            // in the sample
  double share = 1;              // of all records, about
  double pairs_a_record = 0;     // candidate pairs within the sample
  double compared_share = 1;     // of those pairs: those of the two lists, where two are linked
  double keys_a_record = 0;      // blocking keys
  double standardize_seconds = 0;  // a record, on one processor of this machine
};

// Reads all births (about a microsecond a record) and standardizes and blocks a sample of about `wanted` records.
// `new_count`: of two lists, how many records the first has (LinkToReference).
// kCancelled if options.progress says stop; else as EncodeRecords.
absl::StatusOr<SampleFacts> MeasureSample(size_t count, std::optional<size_t> new_count, const RecordReader& reader,
                                          const LinkOptions& options, size_t wanted = 60000);

// Of a whole run from files to tables.
struct RunForecast {
  double seconds = 0;  // of a machine that does nothing else
  uint64_t candidate_pairs = 0;
  uint64_t memory = 0;  // bytes at most, where all arrays lie in memory
  uint64_t least = 0;   // bytes that a run with arrays in files can keep to
  uint64_t disk = 0;    // bytes of those files at most
};

// `text_bytes`: of the decoded input. `spilled`: whether arrays will lie in files. Constants are measured on generated
// regions (bench/README.md, "Out of core"); other data is taken to be denser or sparser than those by what the sample says.
RunForecast ForecastRun(size_t count, uint64_t text_bytes, const SampleFacts& sample, int threads, bool spilled);

// The part that the size of the input tells by itself; `count`: records, where they are known.
struct RunBytes {
  uint64_t memory = 0, least = 0, disk = 0;  // as in RunForecast; disk wherever arrays lie
};
RunBytes BytesOfRun(std::optional<size_t> count, uint64_t text_bytes);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RUN_FORECAST_H_
