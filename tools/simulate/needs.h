// SPDX-License-Identifier: Apache-2.0
// What a network needs beyond feeding, linking and answering: done, and checked.
#ifndef LIBMPI_TOOLS_SIMULATE_NEEDS_H_
#define LIBMPI_TOOLS_SIMULATE_NEEDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/simulate/question_round.h"
#include "tools/simulate/simulated_network.h"

namespace nayose {

struct NeedResult {
  Need need = Need::kCareMerged;
  bool good = false;
  std::string said;  // a sentence with figures
};

// What a check works with. `partner` may be null.
struct NeedContext {
  const NetworkConfig& config;
  const SimulatedRegion& region;
  SimulatedNetwork& network;
  SimulatedNetwork* partner = nullptr;
  std::vector<libmpi::AuditHead> anchors = {};
  uint64_t seed = 1;
};

// The needs that are looked at when the days are over; the others are of certain days (simulation.cc). Each changes the
// network at most by what it says.
bool IsCheckedAtTheEnd(Need need);
absl::StatusOr<NeedResult> CheckNeed(Need need, const NeedContext& context);

// Of members (needs_of_members.cc).
absl::StatusOr<NeedResult> CheckCareMerged(const NeedContext& context);
absl::StatusOr<NeedResult> CheckSeveralMerged(const NeedContext& context);
absl::StatusOr<NeedResult> CheckTied(const NeedContext& context, Need need, const std::string& kind);
absl::StatusOr<NeedResult> CheckFeedOnly(const NeedContext& context);
absl::StatusOr<NeedResult> CheckLookOnly(const NeedContext& context);
absl::StatusOr<NeedResult> CheckCard(const NeedContext& context);
// Of rights, the office and other networks (needs_of_networks.cc).
absl::StatusOr<NeedResult> CheckEmergency(const NeedContext& context);
absl::StatusOr<NeedResult> CheckTenants(const NeedContext& context);
absl::StatusOr<NeedResult> CheckPseudonyms(const NeedContext& context);
absl::StatusOr<NeedResult> CheckTraces(const NeedContext& context);
absl::StatusOr<NeedResult> CheckInterconnected(const NeedContext& context);

// Asks ITI-9 by value, about all domains; whether the answer is as expected.
bool IsAnsweredAsExpected(SimulatedNetwork* network, const Expectation& expected, const SimulatedFacility& asker,
                          const libmpi::RecordKey& identifier);
// The answer to that, without the enterprise ID; nothing: the identifier is not known. Another failure is as no answer
// can be.
std::optional<std::vector<libmpi::RecordKey>> AskFor(SimulatedNetwork* network, const SimulatedFacility& asker,
                                                     const libmpi::RecordKey& identifier);
// What that is to be.
std::optional<std::vector<libmpi::RecordKey>> ExpectedFor(const Expectation& expected, const SimulatedFacility& asker,
                                                          const libmpi::RecordKey& identifier);
// "12 of 14".
std::string OutOf(uint64_t part, uint64_t whole);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_NEEDS_H_
