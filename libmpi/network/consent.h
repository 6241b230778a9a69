// SPDX-License-Identifier: Apache-2.0
// Consent: what a patient said to a facility about the network, and what follows from all that they said.
#ifndef LIBMPI_NETWORK_CONSENT_H_
#define LIBMPI_NETWORK_CONSENT_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/civil_date.h"
#include "libmpi/record/record.h"

namespace libmpi {

enum class ConsentKind : uint8_t {
  kRegistered = 1,  // other facilities may be told
  kWithdrawn = 2,   // none may any more
};
std::string_view ConsentKindName(ConsentKind kind);  // "registered", "withdrawn"
std::optional<ConsentKind> ConsentKindOf(std::string_view name);

// What one patient said at one facility, of an identifier of theirs. Never changed; a later one takes its place.
struct ConsentStatement {
  ConsentKind kind = ConsentKind::kRegistered;
  CivilDate from;                       // the first day on which it counts
  std::vector<std::string> facilities;  // of kRegistered: these alone may be told; empty: all of the network
  std::string reference;                // of the form that was signed; no patient's data
  // Given by who keeps it:
  uint64_t number = 0;                  // of the entry in the audit trail that took it down: ascending, none twice
  int64_t unix_milliseconds = 0;        // when that was
  std::string facility;                 // that took it down
  // Where it was said of another identifier of the person, which is theirs no longer (its facility withdrew it).
  std::optional<RecordKey> carried_from;
  auto operator<=>(const ConsentStatement&) const = default;
};

enum class ConsentState : uint8_t {
  kUnasked,      // nothing was said that counts already
  kRegistered,
  kWithdrawn,
  kReconsented,  // registered again after a withdrawal
};
std::string_view ConsentStateName(ConsentState state);  // "unasked", "registered", "withdrawn", "reconsented"

// For the first time, or again.
inline bool IsRegistered(ConsentState state) {
  return state == ConsentState::kRegistered || state == ConsentState::kReconsented;
}

struct Consent {
  ConsentState state = ConsentState::kUnasked;
  CivilDate since;                      // {}: unasked
  std::vector<std::string> facilities;  // that alone may be told; empty: all. Of the registered
  auto operator<=>(const Consent&) const = default;
};

// What holds on a day. The statement that counts from the latest day decides; of one day's, the one that was taken down
// last, by the time (the numbers of two networks that became one are no order): whoever comes twice on a day means what
// they said the second time. A function of the set, whatever its order; a
// statement that stands twice counts once. O(n log n).
Consent ConsentOn(std::span<const ConsentStatement> statements, CivilDate day);

// What a network makes of patients of whom nothing is known.
enum class ConsentBasis : uint8_t {
  kOptIn,   // who has not registered is not told of
  kOptOut,  // who has not withdrawn is told of
};
std::string_view ConsentBasisName(ConsentBasis basis);  // "opt_in", "opt_out"
std::optional<ConsentBasis> ConsentBasisOf(std::string_view name);

// Whether a facility other than those that know the person may be told of them.
bool MayBeTold(const Consent& consent, ConsentBasis basis, std::string_view facility);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_CONSENT_H_
