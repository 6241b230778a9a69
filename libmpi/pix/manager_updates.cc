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

// What a party is told of persons as they are now, of each once.
class UpdateMaker {
 public:
  UpdateMaker(const Manager::Rep& rep, const Directory& directory, const Party& party)
      : rep_(rep), directory_(directory), party_(party),
        by_(RequesterOf(party, AskedFor::kQuestion, {"", "ITI-10", ""})) {}

  absl::Status Add(const EnterpriseId& id) { return Add(rep_.network.Find(id, by_)); }
  absl::Status Add(const RecordKey& key) { return Add(rep_.network.Find(key, {}, by_)); }
  std::vector<Update> updates() && { return std::move(updates_); }

 private:
  absl::Status Add(const absl::StatusOr<CrossReference>& person) {
    // Nobody's any more, or nobody the party may be told of.
    if (IsNobody(person.status())) return absl::OkStatus();
    if (!person.ok()) return person.status();
    if (!told_.insert(person->person).second) return absl::OkStatus();
    const auto of_interest = [this](const std::string& domain) { return IsOfInterest(directory_, party_, domain); };
    Update update = {IdentifiersOf(directory_, person->identifiers, of_interest)};
    if (!update.identifiers.empty()) updates_.push_back(std::move(update));
    return absl::OkStatus();
  }

  const Manager::Rep& rep_;
  const Directory& directory_;
  const Party& party_;
  const Requester by_;
  std::set<EnterpriseId> told_;
  std::vector<Update> updates_;
};

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
  // What is told outlives a power cut.
  LIBMPI_RETURN_IF_ERROR(rep_->registry.WriteSide({}));
  updates.next = events.back().number + 1;
  UpdateMaker maker(*rep_, *directory, party);
  for (const EnterpriseId& id : ChangedPersons(*directory, party, events)) LIBMPI_RETURN_IF_ERROR(maker.Add(id));
  updates.updates = std::move(maker).updates();
  return updates;
}

absl::StatusOr<std::vector<Update>> Manager::UpdatesAbout(const Party& party,
                                                          const std::vector<Identifier>& identifiers) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  UpdateMaker maker(*rep_, *directory, party);
  for (const Identifier& identifier : identifiers) {
    RecordKey key;
    if (KeyOf(*directory, identifier, 0, &key)) continue;  // of a domain that is none any more
    LIBMPI_RETURN_IF_ERROR(maker.Add(key));
  }
  return std::move(maker).updates();
}

absl::Status Manager::ConfirmUpdates(const Party& party, uint64_t next) {
  return rep_->registry.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(RowKey(Row::kUpdate, party.name), PackNumber(next));
    return absl::OkStatus();
  });
}

}  // namespace libmpi::pix
