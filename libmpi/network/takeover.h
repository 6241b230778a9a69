// SPDX-License-Identifier: Apache-2.0
// Taking over an index that a network has had before: its IDs go on answering, its persons stay as they were, and where
// this registry would have decided otherwise there is a list to work through.
//
// Persons are as they were by decisions, made only where the two differ: "same" where the index had together what the
// registry would have apart, "different" where it had apart what the registry would link. They are the list: a steward
// who finds the index right confirms one (decides the same as somebody), who finds it wrong withdraws it (undecides).
// After that the registry is as if it had been filled afresh with what the stewards decided.
#ifndef LIBMPI_NETWORK_TAKEOVER_H_
#define LIBMPI_NETWORK_TAKEOVER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// A person of the index before.
struct InheritedPerson {
  std::string id;                        // that the index gave
  std::vector<std::string> retired_ids;  // that once named the person, or others who became part of them
  std::vector<RecordKey> records;
};

struct Disagreement {
  enum class Kind : uint8_t {
    kTogether,  // the index had both as one person, the registry would not: perhaps two persons under one ID
    kApart,     // the registry would link them, the index had two persons: perhaps one person under two IDs
    // While another entry about the persons is open these keep them as they were:
    kSupport,       // a record with its person
    kSupportApart,  // a record from another person
  };
  Kind kind = Kind::kTogether;
  RecordKey a, b;        // a < b: of the parts that it is about the pair of the highest match weight
  double weight = 0;     // bits
  std::string id_a, id_b;
};
std::string_view DisagreementName(Disagreement::Kind kind);  // "together", "apart", "support", "support_apart"

struct TakeoverAnswer {
  uint64_t persons = 0, ids = 0;         // of the index; IDs with retired ones
  uint64_t unknown_records = 0;          // named by the index, and not registered (or not live): left out
  uint64_t repeated_records = 0;         // named by more than one person of the index: counted with the first
  uint64_t agreed = 0;                   // persons of the index who are persons of the registry, record for record
  std::vector<Disagreement> disagreements;  // kTogether and kApart, by falling weight of doubt
};

struct TakeoverOptions {
  std::string index;                     // the source under which its IDs are kept
  bool dry_run = false;                  // only compare
  ProgressCallback progress;             // may be null
};

// Takes over an index whose records are registered already (Registry::BulkLoad). May be called again, as after a stop:
// what was done is left as it is. kInvalidArgument: no name of the index, an ID twice or empty; kFailedPrecondition:
// the name is that of a source of records; kCancelled: stopped. O(records), with a comparison for each pair of a person
// about whom the two differ (of at most some hundred records of each).
absl::StatusOr<TakeoverAnswer> TakeOver(Registry* registry, std::span<const InheritedPerson> persons,
                                        const TakeoverOptions& options, const Attribution& by);

// What is still to be worked through: decisions that a takeover made and nobody confirmed.
absl::StatusOr<std::vector<Disagreement>> TakeoverList(const Registry& registry, const std::string& index);

// The entry about two records, in either order. kNotFound: it is none of the list.
absl::StatusOr<Disagreement> TakeoverEntry(const Registry& registry, const std::string& index, const RecordKey& a,
                                           const RecordKey& b);

// Confirms a decision of the list: it is `by`'s from now on, and so is what supports it.
absl::Status Confirm(Registry* registry, const std::string& index, const Disagreement& disagreement,
                     const Attribution& by);

// Withdraws a decision of the list, and what only supported it: the registry decides by itself then.
absl::Status Release(Registry* registry, const std::string& index, const Disagreement& disagreement,
                     const Attribution& by);

// The actor by whom a takeover's decisions are made.
std::string TakeoverActor(const std::string& index);
// Whether that is one, of whatever index.
bool IsTakeoverActor(std::string_view actor);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_TAKEOVER_H_
