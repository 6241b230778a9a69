// SPDX-License-Identifier: Apache-2.0
// What the switch to another model moved, told to the history afterwards. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_SWITCH_HISTORY_H_
#define LIBMPI_REGISTRY_SWITCH_HISTORY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/base/progress.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

// A switch of which not all is done. Kept by kMetaSwitch from the switch's own commit on until it is finished, so that
// nothing is untold where the process ends in between.
struct ModelSwitch {
  uint16_t generation = 0;  // the one before, whose tables are still there as they were
  uint64_t event = 0;  // of the switch
  Attribution by;
  RecordKey told;      // up to this identifier; empty: none
};
std::string Pack(const ModelSwitch& value);
absl::Status Unpack(std::string_view bytes, ModelSwitch* value);

// Does what the last switch left to be done, if anything: tells its moves in events of a thousand, and forgets the model
// before and its tables. Others may write meanwhile. Ended or stopped anywhere, it goes on there the next time; what it tells is the same
// then. O(live records). One at a time.
absl::Status FinishSwitch(Registry::Rep* rep, const ProgressCallback& progress);

// Forgets all that a generation made.
absl::Status RemoveGeneration(Registry::Rep* rep, const Keys& keys);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_SWITCH_HISTORY_H_
