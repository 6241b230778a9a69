// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/erasure.h"

#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/desk_rows.h"

namespace libmpi {

absl::Status AddSubsumed(const Registry& registry, DueRecords* due) {
  if (due->empty()) return absl::OkStatus();
  std::map<RecordKey, std::vector<RecordKey>> into;
  LIBMPI_RETURN_IF_ERROR(registry.ForEachLeft([&into](const LeftRecord& left) {
    if (left.surviving) into[*left.surviving].push_back(left.record);
    return true;
  }));
  std::vector<RecordKey> look;
  for (const auto& [record, others] : *due) look.push_back(record);
  while (!look.empty()) {
    const RecordKey surviving = std::move(look.back());
    look.pop_back();
    for (const RecordKey& subsumed : into[surviving])
      if (due->try_emplace(subsumed).second) look.push_back(subsumed);
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
