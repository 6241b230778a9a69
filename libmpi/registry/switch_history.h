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

// A switch whose moves the history does not tell yet. Kept with the switch's own commit, so that nothing is untold where
// the process ends in between.
struct UntoldSwitch {
  uint16_t generation_before = 0;
  uint64_t event = 0;  // of the switch
  Attribution by;
  RecordKey told;      // up to this identifier; empty: none
};
std::string Pack(const UntoldSwitch& value);
absl::Status Unpack(std::string_view bytes, UntoldSwitch* value);

// Tells the moves of the last switch, if they are not told, in events of a thousand, and forgets the tables of the model
// before. Others may write meanwhile. Ended or stopped anywhere, it goes on there the next time; what it tells is the same
// then. O(live records). One at a time.
absl::Status TellSwitch(Registry::Rep* rep, const ProgressCallback& progress);

// Forgets all that a generation made.
absl::Status RemoveGeneration(Registry::Rep* rep, const Keys& keys);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_SWITCH_HISTORY_H_
