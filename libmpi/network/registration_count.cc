// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/registration_count.h"

#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {

void RegistrationCount::Add(const std::vector<RecordKey>& identifiers, const SaidOf& said) {
  const Consent consent = ConsentOn(said.statements, day_);
  const bool registered = IsRegistered(consent.state);
  ++report_.persons;
  ++report_.by_state[static_cast<size_t>(consent.state)];
  if (registered) ++months_[IsoMonthText(consent.since)];
  std::set<std::string> facilities;
  for (const RecordKey& key : identifiers) {
    const auto owner = owner_of_.find(key.source);
    facilities.insert(owner != owner_of_.end() ? owner->second : std::string());
  }
  for (const std::string& name : facilities) {
    RegistrationReport::OfFacility& of = facilities_[name];
    of.facility = name;
    ++of.persons;
    if (registered) ++of.registered;
  }
}

RegistrationReport RegistrationCount::Take() {
  for (auto& [name, of] : facilities_) report_.facilities.push_back(std::move(of));
  for (const auto& [month, count] : months_) report_.months.push_back({month, count});
  return std::move(report_);
}

}  // namespace libmpi
