// SPDX-License-Identifier: Apache-2.0
// What was said of consent, as it is kept: by identifier. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_CONSENT_ROWS_H_
#define LIBMPI_NETWORK_CONSENT_ROWS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/consent.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

struct IdentifierConsent {
  std::vector<ConsentStatement> statements;  // by number
  // Identifiers that were merged into this one: what was said of them counts with it.
  std::vector<RecordKey> subsumed;
};

std::string Pack(const IdentifierConsent& value);
absl::Status Unpack(std::string_view bytes, IdentifierConsent* value);

// Nothing said: an empty one.
absl::Status ReadConsent(const SideReader& rows, const RecordKey& identifier, IdentifierConsent* value);
// An empty one leaves no row.
void WriteConsent(const RecordKey& identifier, const IdentifierConsent& value, SideRows* rows);

// All statements that count for each of some persons, given by their identifiers; those of merged identifiers too. One
// read for all, and one more for each step of merges.
struct SaidOf {
  std::vector<RecordKey> identifiers;        // by statement
  std::vector<ConsentStatement> statements;
};
absl::Status ReadSaid(const SideReader& rows, std::span<const std::vector<RecordKey>> persons,
                      std::vector<SaidOf>* said);

// The same of a registry, as it is now.
absl::StatusOr<std::vector<SaidOf>> SaidOfPersons(const Registry& registry,
                                                  std::span<const std::vector<RecordKey>> persons);

// Visits every person with what was said of them, of whom a thousand are held at a time.
using PersonAndSaidVisitor =
    std::function<void(const EnterpriseId& person, const std::vector<RecordKey>& identifiers, const SaidOf& said)>;
absl::Status ForEachPersonAndSaid(const Registry& registry, const PersonAndSaidVisitor& visit);

// The others of the person of a record that is there; none where it has no person.
absl::StatusOr<std::vector<RecordKey>> OthersOf(const Registry& registry, const RecordKey& record);

// `record` leaves its person: what was said of it, and of what is merged into it, is said of the `others` from now on,
// as carried from it. A patient's withdrawal, and their registration, outlive the clinic that closes.
absl::Status CarryConsent(const RecordKey& record, std::span<const RecordKey> others, SideRows* rows);

// The identifier is another person's from now on: what was said of it was said by the one before, whose others have it
// already.
absl::Status ForgetConsent(const RecordKey& record, SideRows* rows);
// What was said of `subsumed` counts with `surviving` from now on (once, however often this is called), or no longer.
absl::Status MergeConsent(const RecordKey& subsumed, const RecordKey& surviving, SideRows* rows);
absl::Status UnmergeConsent(const RecordKey& subsumed, const RecordKey& surviving, SideRows* rows);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_CONSENT_ROWS_H_
