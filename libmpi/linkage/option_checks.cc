// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/option_checks.h"

#include <cmath>
#include <cstdint>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/decision_checks.h"
#include "libmpi/linkage/self_check.h"

namespace libmpi {

absl::Status CheckOptions(size_t count, const LinkOptions& options) {
  if (count > UINT32_MAX - 1)
    return absl::InvalidArgumentError("more than 4 billion records in one run");
  if (options.match_threshold && options.review_threshold &&
      *options.review_threshold > *options.match_threshold)
    return absl::InvalidArgumentError("the review threshold lies above the match threshold");
  LIBMPI_RETURN_IF_ERROR(CheckDecisions(count, options.decisions));
  for (const LabelledPair& l : options.labels)
    if (l.a >= count || l.b >= count || l.a == l.b || !(l.stands_for > 0) || !std::isfinite(l.stands_for))
      return absl::InvalidArgumentError("a label is not of two of the records, or stands for no pairs");
  if (options.model != nullptr) {
    LIBMPI_RETURN_IF_ERROR(options.model->Validate());
    return CheckMeaning(*options.model);
  }
  return absl::OkStatus();
}

}  // namespace libmpi
