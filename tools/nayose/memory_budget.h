// SPDX-License-Identifier: Apache-2.0
// --memory: what a run may take.
#ifndef LIBMPI_TOOLS_NAYOSE_MEMORY_BUDGET_H_
#define LIBMPI_TOOLS_NAYOSE_MEMORY_BUDGET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/temp_space.h"
#include "tools/nayose/common_options.h"

namespace nayose {

// "2G", "800M", "1.5G", "4000000000": bytes, in powers of 1000. kInvalidArgument says what is wrong.
absl::StatusOr<uint64_t> ParseMemory(std::string_view text);

// Bytes of the machine's memory, or of the limit put on this process (cgroup) where that is less.
uint64_t MemoryOfMachine();

// What a run may take: --memory, or most of what the machine has.
uint64_t MemoryOf(const OutputArguments& output);

// Where the arrays of a run over these files are to lie, so that it keeps to its memory: null where they fit into it.
// `directory`: for temporary files where --temp names none; empty: where the system has its own. kResourceExhausted: not
// even with temporary files; says how much would do (not of a dry run, which says so by itself).
absl::StatusOr<std::unique_ptr<libmpi::TempSpace>> OpenTempSpace(const OutputArguments& output,
                                                                 const std::vector<std::string>& files,
                                                                 const std::string& directory);

// Says on standard error where arrays stayed in memory since there was no room for files, if any did.
void TellFullSpace(const libmpi::TempSpace* space);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_MEMORY_BUDGET_H_
