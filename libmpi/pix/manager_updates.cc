// SPDX-License-Identifier: Apache-2.0
// Whom an update notification is about (ITI-10). The registry's history is the queue: an event is in the commit of its
// change, so none is lost and none told of what did not happen; each party has a place in it.
#include <algorithm>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/manager_rep.h"
#include "libmpi/pix/rows.h"

namespace libmpi::pix {
namespace {

bool IsOfInterest(const Directory& directory, const Party& party, const std::string& domain) {
  if (party.all_domains) return directory.FindDomain(domain) != nullptr;
  return std::ranges::find(party.interests, domain) != party.interests.end();
}

// The persons who lost or gained an identifier of interest.
std::set<EnterpriseId> ChangedPersons(const Directory& directory, const Party& party,
                                      const std::vector<HistoryEvent>& events) {
  std::set<EnterpriseId> persons;
  for (const HistoryEvent& event : events)
    for (const PersonMove& move : event.moves) {
      if (!IsOfInterest(directory, party, move.record.source)) continue;
      if (move.before) persons.insert(*move.before);
      if (move.after) persons.insert(*move.after);
    }
  return persons;
}

}  // namespace

absl::StatusOr<Updates> Manager::UpdatesFor(const Party& party, size_t most) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  Updates updates;
  std::optional<uint64_t> next;
  LIBMPI_RETURN_IF_ERROR(rep_->registry.ReadSide(
      [&](const SideReader& rows) { return ReadNumber(rows, RowKey(Row::kUpdate, party.name), &next); }));
  if (!next) {
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, rep_->registry.GetStats());
    updates.next = stats.events + 1;
    LIBMPI_RETURN_IF_ERROR(ConfirmUpdates(party, updates.next));
    return updates;
  }
  updates.next = *next;
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, rep_->registry.History(updates.next, most));
  if (events.empty()) return updates;
  updates.next = events.back().number + 1;
  const Requester by = RequesterOf(party, AskedFor::kQuestion, {"", "ITI-10", ""});
  std::set<EnterpriseId> told;
  for (const EnterpriseId& id : ChangedPersons(*directory, party, events)) {
    const absl::StatusOr<CrossReference> person = rep_->network.Find(id, by);
    const bool nobody = absl::IsNotFound(person.status()) || absl::IsFailedPrecondition(person.status());
    if (nobody) continue;  // nobody's any more, or nobody the party may be told of
    if (!person.ok()) return person.status();
    if (!told.insert(person->person).second) continue;
    const auto of_interest = [&](const std::string& domain) { return IsOfInterest(*directory, party, domain); };
    Update update = {IdentifiersOf(*directory, person->identifiers, of_interest)};
    if (!update.identifiers.empty()) updates.updates.push_back(std::move(update));
  }
  return updates;
}

absl::Status Manager::ConfirmUpdates(const Party& party, uint64_t next) {
  return rep_->registry.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(RowKey(Row::kUpdate, party.name), PackNumber(next));
    return absl::OkStatus();
  });
}

}  // namespace libmpi::pix
