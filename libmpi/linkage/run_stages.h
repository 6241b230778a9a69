// SPDX-License-Identifier: Apache-2.0
// What each stage of a run leaves for the next ones, as bytes and back.
#ifndef LIBMPI_LINKAGE_RUN_STAGES_H_
#define LIBMPI_LINKAGE_RUN_STAGES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/base/stage_codec.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/record_edges.h"
#include "libmpi/linkage/scored_pairs.h"

namespace libmpi {

// A hash of all that the stages of a run depend on besides the records: which records are new, the options
// (not threads, which change nothing) and the model. O(size of the model).
uint64_t HashOfRun(size_t count, std::optional<size_t> new_count, const LinkOptions& options);

// Each Read...() is the inverse of its Write...(): false where the bytes are none of this program's, or do not
// hang together; of scores, clusters and what was learned nothing is taken then. Written arrays that stay as
// they are to the end of the run are borrowed.

void WriteCounts(const DataCounts& counts, StageWriter* out);
bool ReadCounts(StageParser* in, DataCounts* counts);

// What standardizing gave, without repeats and without keys. The texts of `records` are frozen when written;
// when read they have the same numbers, and are still to be frozen.
void WriteRecords(const EncodedRecords& records, const DistinctRecords& distinct,
                  std::span<const std::pair<uint32_t, Finding>> findings, const RecordPairs& parts_of_one_id,
                  StageWriter* out);
bool ReadRecords(size_t count, StageParser* in, EncodedRecords* records, DistinctRecords* distinct,
                 RecordPairs* parts_of_one_id);

// The blocking keys, which making the blocks takes apart.
void WriteKeys(const EncodedRecords& records, StageWriter* out);
bool ReadKeys(StageParser* in, EncodedRecords* records);

// The learned model but for its names, which are those of the counts, and what learning said.
void WriteLearned(LinkResult* result, StageWriter* out);
bool ReadLearned(StageParser* in, LinkResult* result);

// What scoring found, and what blocking reported of itself.
void WriteScored(const ScoredPairs& scored, const std::vector<BlockingRuleReport>& blocking, StageWriter* out);
bool ReadScored(size_t distinct, StageParser* in, ScoredPairs* scored, std::vector<BlockingRuleReport>* blocking);

void WriteClustered(const ClusteredRecords& clustered, StageWriter* out);
bool ReadClustered(size_t count, StageParser* in, ClusteredRecords* clustered);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RUN_STAGES_H_
