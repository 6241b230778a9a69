// SPDX-License-Identifier: Apache-2.0
// Takes all that another registry knows into this one: two networks become one, and a registry over several tenants is
// one that absorbs each tenant's again and again.
//
// Persons are not copied but linked anew, by this registry's model: afterwards they are what one registry makes of the
// records and decisions of both. Every ID that the other gave answers here, as NAME:ID. The other is only read; it may
// go on, and what it did since is taken along the next time. Called twice nothing changes the second time; stopped, the
// next call goes on.
#ifndef LIBMPI_NETWORK_ABSORB_H_
#define LIBMPI_NETWORK_ABSORB_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/network/requester.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

struct AbsorbOptions {
  std::string name;               // of the other one here: the source of its enterprise IDs
  bool dry_run = false;           // only look: what would be done, and what stands in the way
  // An authority that both have is one and the same, and one identifier of it one patient. What was said on the later
  // day counts, of one day what comes now; another person's waits as a held revision. Otherwise that stands in the way.
  bool same_authorities = false;
  bool full = false;              // look at every record, not at what changed since the last time only
  std::string tenant;             // of the other's facilities that name none
  int threads = 0;                // 0: as many as there are processors
  ProgressCallback progress;      // may be null
  std::optional<Requester> as;    // as whom a network's audit trail names who does it
};

// What stands in the way.
struct AbsorbConflict {
  enum class Kind : uint8_t {
    kName,       // the name is a source of records, or another registry's
    kRegistry,   // the other is this one, or no network's registry is to take a network's consents
    kAuthority,  // both have records of it, or say something else of it
    kFacility,   // both have one of this name, or of this authority, and say something else of it
    kIndex,      // both have names of persons that this index gave
  };
  Kind kind = Kind::kName;
  std::string name;
  std::string what;
};
std::string_view AbsorbConflictName(AbsorbConflict::Kind kind);  // "name", "authority" ...

struct AbsorbAnswer {
  bool full = false;
  uint64_t from_event = 0, to_event = 0;  // of the other's history: what was looked at
  // The other's records that were looked at: the sum of what follows.
  uint64_t records = 0;
  uint64_t created = 0, revised = 0, unchanged = 0;
  uint64_t held = 0;                      // another person here: waits for a steward (of same_authorities)
  uint64_t kept = 0;                      // said here on a later day (of same_authorities)
  uint64_t refused = 0;
  struct Refusal {
    RecordKey record;
    std::string why;
  };
  std::vector<Refusal> refusals;          // also of what could not be merged
  uint64_t retired = 0, merged = 0, unmerged = 0;
  uint64_t held_revisions = 0;            // of the other, that wait here too
  uint64_t not_held = 0;                  // that would not be held here: left to the other
  uint64_t decided = 0, undecided = 0;
  std::vector<StewardDecision> contradicted;  // that contradict what was decided here: not made, tried again each time
  uint64_t names = 0;                     // IDs and names of persons, new or changed
  uint64_t authorities = 0, facilities = 0, statements = 0;  // new or changed
  std::vector<AbsorbConflict> conflicts;  // of a dry run
};

// Takes all of `other` into `into`: authorities, records with their state, held revisions, stewards' decisions (made by
// `by`; who made them there stands in the reason), IDs and names of persons, and where both are networks' facilities
// and consents. Rules, histories and audit trails stay with the other. kInvalidArgument: no name; kFailedPrecondition:
// what stands in the way; kCancelled: stopped. Not to be called twice at once. O(records) the first time, O(changes)
// and a look at every statement of consent and every decision afterwards.
absl::StatusOr<AbsorbAnswer> Absorb(Registry* into, const Registry& other, const AbsorbOptions& options,
                                    const Attribution& by);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ABSORB_H_
