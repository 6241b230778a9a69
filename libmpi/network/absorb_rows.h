// SPDX-License-Identifier: Apache-2.0
// What a registry keeps of what it absorbed, by the other's name. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_ABSORB_ROWS_H_
#define LIBMPI_NETWORK_ABSORB_ROWS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

// DO NOT CHANGE the letters: stores keep them.
enum class AbsorbRow : char {
  kHead = 'e',       // -> AbsorbHead
  kAuthority = 'a',  // name -> 's' (both have it), 'o' (the other alone)
  kIndex = 'i',      // name of an index -> the same
  kFacility = 'f',   // name -> Facility, as it was brought
  kDecision = 'd',   // record, other record -> AbsorbedDecision
  kConsent = 'c',    // identifier -> IdentifierConsent, as the other has it
  kHeld = 'h',       // identifier -> nothing: its revision was put to be held
};

// How far the other's history was absorbed.
struct AbsorbHead {
  std::string fingerprint;         // the other's
  uint64_t event = 0;              // 0: not once to the end
  int64_t unix_milliseconds = 0;   // of that event
};

struct AbsorbedDecision {
  bool same = false;
  bool contradicted = false;       // it could not be made
  uint64_t event = 0;              // the other's, that made it
};

std::string Pack(const AbsorbHead& value);
absl::Status Unpack(std::string_view bytes, AbsorbHead* value);
std::string Pack(const AbsorbedDecision& value);
absl::Status Unpack(std::string_view bytes, AbsorbedDecision* value);

// Of one registry that is absorbed; `name` has no zero byte.
class AbsorbRows {
 public:
  explicit AbsorbRows(std::string name) : name_(std::move(name)) {}

  std::string Key(AbsorbRow row, std::string_view rest = {}) const;
  std::string OfIdentifier(AbsorbRow row, const RecordKey& identifier) const;
  std::string OfPair(const RecordKey& a, const RecordKey& b) const;
  // Nothing absorbed yet: an empty one.
  absl::StatusOr<AbsorbHead> Head(const Registry& registry) const;
  // All rows of a kind, by the rest of their keys.
  absl::StatusOr<std::map<std::string, std::string>> All(const Registry& registry, AbsorbRow row) const;
  using Decisions = std::map<std::pair<RecordKey, RecordKey>, AbsorbedDecision>;
  absl::StatusOr<Decisions> AllDecisions(const Registry& registry) const;
  // The identifiers that such a rest names, one or two.
  static absl::Status ReadIdentifiers(std::string_view rest, std::span<RecordKey> keys);

 private:
  const std::string name_;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ABSORB_ROWS_H_
