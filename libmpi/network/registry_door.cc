// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/registry_door.h"

#include "libmpi/base/status_macros.h"
#include "libmpi/network/erasure.h"

namespace libmpi {

absl::StatusOr<FollowAnswer> RegistryDoor::Follow(uint64_t from, size_t most) const {
  if (network_ != nullptr) return network_->Follow(from, most, who_);
  FollowAnswer answer;
  LIBMPI_ASSIGN_OR_RETURN(answer.events, registry_->History(from, most));
  answer.next = answer.events.empty() ? from : answer.events.back().number + 1;
  return answer;
}

absl::StatusOr<GoldenRecord> RegistryDoor::Golden(const RecordKey& key, const SurvivorshipRules& rules) const {
  if (network_ != nullptr) return network_->Golden(key, who_);
  LIBMPI_ASSIGN_OR_RETURN(const CrossReference person, registry_->Find(key));
  return registry_->Golden(person.identifiers, rules);
}

absl::StatusOr<ErasureAnswer> RegistryDoor::Erase(const RecordKey& key, bool whole_person) const {
  if (network_ != nullptr) return network_->Erase(key, whole_person, who_);
  LIBMPI_ASSIGN_OR_RETURN(const DueRecords due, RecordsToErase(*registry_, key, whole_person));
  LIBMPI_RETURN_IF_ERROR(EraseRecords(registry_, due, by_));
  ErasureAnswer answer;
  answer.records = due.size();
  return answer;
}

absl::StatusOr<UndoAnswer> RegistryDoor::Undo() const {
  if (network_ != nullptr) return network_->Undo(who_);
  LIBMPI_ASSIGN_OR_RETURN(const DeskAct last, Desk().LastAct());
  return Desk().Undo(last);
}

}  // namespace libmpi
