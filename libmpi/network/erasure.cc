// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/erasure.h"

#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/desk_rows.h"
#include "libmpi/network/merged_identifiers.h"

namespace libmpi {

absl::Status AddSubsumed(const Registry& registry, DueRecords* due) {
  if (due->empty()) return absl::OkStatus();
  std::set<RecordKey> all;
  for (const auto& [record, others] : *due) all.insert(record);
  LIBMPI_RETURN_IF_ERROR(AddMergedInto(registry, &all));
  for (const RecordKey& record : all) {
    if (due->contains(record)) continue;
    LIBMPI_ASSIGN_OR_RETURN(const Registry::RecordState state, registry.StateOf(record));
    if (!state.erased) due->try_emplace(record);
  }
  return absl::OkStatus();
}

absl::StatusOr<DueRecords> RecordsToErase(const Registry& registry, const RecordKey& identifier, bool whole_person) {
  DueRecords due;
  const absl::StatusOr<CrossReference> person = registry.Find(identifier);
  // A record that was withdrawn is nobody's.
  if (!person.ok() && !absl::IsFailedPrecondition(person.status())) return person.status();
  const std::vector<RecordKey> identifiers = person.ok() ? person->identifiers : std::vector<RecordKey>();
  if (person.ok() && whole_person)
    for (const RecordKey& record : identifiers) due[record] = identifiers;
  else due[identifier] = identifiers;
  if (whole_person) LIBMPI_RETURN_IF_ERROR(AddSubsumed(registry, &due));
  return due;
}

absl::Status EraseRecords(Registry* registry, const DueRecords& due, const Attribution& by, const SideChange& note) {
  size_t left = due.size();
  for (const auto& [record, others] : due) {
    const bool last = --left == 0;
    const auto beside = [&, of = &record, to = &others](const ChangeAnswer& answer, SideRows* rows) -> absl::Status {
      LIBMPI_RETURN_IF_ERROR(CarryConsent(*of, *to, rows));
      LIBMPI_RETURN_IF_ERROR(EraseNotes(*of, rows));
      return last && note ? note(answer, rows) : absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(registry->Erase(record, by, beside).status());
  }
  return absl::OkStatus();
}

}  // namespace libmpi
