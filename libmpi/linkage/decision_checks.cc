// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/decision_checks.h"

#include <string>

#include "libmpi/base/union_find.h"

namespace libmpi {

absl::Status CheckDecisions(size_t count, std::span<const Decision> decisions) {
  UnionFind decided(decisions.empty() ? 0 : count);
  for (const Decision& d : decisions) {
    if (d.a >= count || d.b >= count || d.a == d.b)
      return absl::InvalidArgumentError("a decision is not of two of the records");
    if (d.same) decided.Join(d.a, d.b);
  }
  for (const Decision& d : decisions)
    if (!d.same && decided.Find(d.a) == decided.Find(d.b))
      return absl::InvalidArgumentError(
          "decisions contradict each other: records " + std::to_string(d.a) + " and " +
          std::to_string(d.b) + " are decided to be two persons, and by others to be one");
  return absl::OkStatus();
}

}  // namespace libmpi
