// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/merged_identifiers.h"

#include <map>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"

namespace libmpi {

absl::Status AddMergedInto(const Registry& registry, std::set<RecordKey>* identifiers) {
  std::map<RecordKey, std::vector<RecordKey>> into;
  LIBMPI_RETURN_IF_ERROR(registry.ForEachState([&into](const Registry::RecordState& state) {
    if (state.surviving) into[*state.surviving].push_back(state.record.key);
    return true;
  }));
  std::vector<RecordKey> look(identifiers->begin(), identifiers->end());
  while (!look.empty()) {
    const RecordKey surviving = std::move(look.back());
    look.pop_back();
    for (const RecordKey& merged : into[surviving])
      if (identifiers->insert(merged).second) look.push_back(merged);
  }
  return absl::OkStatus();
}

}  // namespace libmpi
