// SPDX-License-Identifier: Apache-2.0
// What a run will cost, before it is begun.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_COST_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_COST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/run_forecast.h"

namespace nayose {

// Bytes of plain files; of packed ones what they may be unpacked, of standard input 0.
uint64_t BytesOfFiles(const std::vector<std::string>& files);

// Of a run over files that are read, which takes a sample of them. `new_count`: of two lists, how many records the first
// has.
absl::StatusOr<libmpi::RunForecast> ForecastOf(const libmpi::PatientFiles& files, std::optional<size_t> new_count,
                                               const libmpi::LinkOptions& options, bool spilled);

// In a few lines. `memory`: bytes allowed.
std::string ForecastText(const libmpi::RunForecast& forecast, uint64_t memory, int threads);

// "2.4 GB", "800 MB"; as --memory takes it, rounded up: "2.5G".
std::string BytesText(uint64_t bytes);
std::string BytesOption(uint64_t bytes);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_COST_H_
