// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_LINKAGE_EXPLAIN_SCORED_H_
#define LIBMPI_LINKAGE_EXPLAIN_SCORED_H_

#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/node_scorer.h"
#include "libmpi/record/standardize.h"

namespace libmpi {

// Why a pair has the weight that `by` gives it. About a millisecond.
Explanation ExplainScored(const PairScoring& by, const Standardizer& standardizer, const Record& a, const Record& b);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_EXPLAIN_SCORED_H_
