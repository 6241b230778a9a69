// SPDX-License-Identifier: Apache-2.0
// A network from its first day to its last: facilities send, the registry links, systems ask.
#ifndef LIBMPI_TOOLS_SIMULATE_SIMULATION_H_
#define LIBMPI_TOOLS_SIMULATE_SIMULATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/evaluation/metrics.h"
#include "tools/simulate/needs.h"
#include "tools/simulate/question_round.h"
#include "tools/simulate/simulated_network.h"

namespace nayose {

struct SimulatedDay {
  int day = 0;
  ImportCounts import;
  QuestionCounts questions;
  uint64_t records = 0, persons = 0, registered = 0;  // in the registry, when it is over
};

struct SimulationResult {
  NetworkConfig config;
  SimulationOptions options;
  uint64_t true_persons = 0, facilities = 0;
  std::map<std::string, uint64_t> rows_by_format;
  std::vector<SimulatedDay> days;
  ImportCounts import;         // in all
  QuestionCounts questions;
  libmpi::ClusterEvaluation accuracy;
  libmpi::ClusterEvaluation as_lists;  // of the same rows, as lists that carry all; records 0: not asked for
  uint64_t unknown_records = 0;        // in the registry, and of nobody in the region: must be none
  uint64_t lost_records = 0;           // sent, and not in the registry: must be none
  uint64_t extended_storages = 0;      // that were written: files of no format are these and no others
  uint64_t review = 0, held = 0, refused_consents = 0, said_consents = 0;
  uint64_t peak_bytes = 0, registry_bytes = 0;
  double seconds = 0;  // by the clock, in all
  std::vector<std::pair<std::string, double>> seconds_by;  // the parts of the work
  std::vector<NeedResult> needs;
  // All answers right, all needs met, nobody unknown.
  bool Good() const;
};

// Writes below `folder`, a new or empty one: feeds/DAY/FACILITY, registry, and what else there is. kCancelled where the
// progress callback says so; kInvalidArgument: fewer days than what it needs takes. `progress` counts days.
absl::StatusOr<SimulationResult> Simulate(const NetworkConfig& config, const SimulationOptions& options,
                                          const std::string& folder, const libmpi::ProgressCallback& progress);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_SIMULATION_H_
