// SPDX-License-Identifier: Apache-2.0
// What blocking brings together, and what it spares, given the truth.
#ifndef LIBMPI_EVALUATION_BLOCKING_RECALL_H_
#define LIBMPI_EVALUATION_BLOCKING_RECALL_H_

#include <cstdint>
#include <span>

#include "libmpi/evaluation/metrics.h"
#include "libmpi/linkage/replay.h"

namespace libmpi {

struct BlockingEvaluation {
  uint64_t true_pairs = 0;
  uint64_t met_pairs = 0;          // true pairs among the candidates
  EstimatedFigure recall;          // their share; interval by the bootstrap over persons
  // Share of true pairs that candidate pairs of the same person connect, if through others: what
  // clustering could find at best.
  EstimatedFigure connected_recall;
  uint64_t candidate_pairs = 0;    // of records
  double all_pairs = 0;
  double reduction_ratio = 0;      // 1 - candidate pairs / all pairs
};

inline constexpr uint32_t kUnknownPerson = UINT32_MAX;

// Persons of more records are left out: their pairs are too many to ask for one by one.
inline constexpr size_t kMostRecordsOfPerson = 3000;

// person[i]: of record i of the run, or kUnknownPerson; such records count as candidates only. O(records +
// true pairs) and a walk over all candidate pairs.
BlockingEvaluation EvaluateBlocking(const Replay& replay, std::span<const uint32_t> person);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_BLOCKING_RECALL_H_
