// SPDX-License-Identifier: Apache-2.0
// Features of many records to the columns that blocking and comparing read.
#ifndef LIBMPI_LINKAGE_ENCODER_H_
#define LIBMPI_LINKAGE_ENCODER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/array_space.h"
#include "libmpi/base/progress.h"
#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/record_encoder.h"
#include "libmpi/linkage/record_reader.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/record/standardize.h"

namespace libmpi {

// Everything linkage keeps of a set of records, by record index.
struct EncodedRecords {
  // `space`: where the arrays lie; null: memory.
  explicit EncodedRecords(ArraySpace* space = nullptr) : records(space), keys(space), key_begin(space) {}
  ArraySpace* space() const { return records.get_allocator().space(); }

  TextDictionary texts;
  LargeArray<EncodedRecord> records;
  std::vector<MoreValues> more;  // [0] is empty
  std::vector<std::pair<uint32_t, Finding>> findings;  // by record
  // Records that are parts of an id, which one source gave to several persons, ascending; and the first part of
  // the same id.
  std::vector<std::pair<uint32_t, uint32_t>> parts_of_one_id;
  // Blocking keys of record i: keys[key_begin[i] .. key_begin[i + 1]).
  LargeArray<uint64_t> keys;
  LargeArray<uint64_t> key_begin;
  // Gives their memory back, where they are not needed any more.
  void ForgetKeys() {
    LargeArray<uint64_t>(space()).swap(keys);
    LargeArray<uint64_t>(space()).swap(key_begin);
  }
};

// Standardizes and encodes records [0, count). The outcome depends on the
// records and the standardizer only (up to the numbering of texts), not on threads. kCancelled if
// `progress` says stop; kInvalidArgument if the keys do not ascend, from the first record on and
// again from `second_list` on (0: one list only).
absl::Status EncodeRecords(size_t count, size_t second_list, const RecordReader& reader,
                           const Standardizer& standardizer, const ReadingModel& readings,
                           int threads, const ProgressCallback& progress,
                           EncodedRecords* out);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_ENCODER_H_
