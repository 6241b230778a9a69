// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/needs.h"

#include <algorithm>

namespace nayose {

bool IsCheckedAtTheEnd(Need need) {
  switch (need) {
    case Need::kConsentsAnew:
    case Need::kAbsorb:
    case Need::kTakeover:
    case Need::kMassWithdrawal:
    case Need::kExtendedStorage: return false;
    default: return true;
  }
}

absl::StatusOr<NeedResult> CheckNeed(Need need, const NeedContext& context) {
  switch (need) {
    case Need::kCareMerged: return CheckCareMerged(context);
    case Need::kSeveralMerged: return CheckSeveralMerged(context);
    case Need::kResidentList: return CheckTied(context, need, "town_hall");
    case Need::kOwnData: return CheckTied(context, need, "own_data");
    case Need::kFeedOnly: return CheckFeedOnly(context);
    case Need::kLookOnly: return CheckLookOnly(context);
    case Need::kCard: return CheckCard(context);
    case Need::kEmergency: return CheckEmergency(context);
    case Need::kTenants: return CheckTenants(context);
    case Need::kPseudonyms: return CheckPseudonyms(context);
    case Need::kTraces: return CheckTraces(context);
    case Need::kInterconnected: return CheckInterconnected(context);
    default: return absl::InternalError("a need that is checked on its day");
  }
}

std::optional<std::vector<libmpi::RecordKey>> AskFor(SimulatedNetwork* network, const SimulatedFacility& asker,
                                                     const libmpi::RecordKey& identifier) {
  libmpi::pix::CrossReferenceQuestion question;
  question.identifier = {identifier.record_id, network->AuthorityOf(identifier.source)};
  const auto answer =
      network->manager().CrossReferences(*network->PartyOf(asker.facility.name), question, {"", "ITI-9", "192.0.2.1"});
  const bool unknown = std::ranges::all_of(
      answer.problems, [](const libmpi::pix::Problem& p) { return p.fault == libmpi::pix::Fault::kUnknownIdentifier; });
  if (!unknown) return std::vector<libmpi::RecordKey>{{"(failed)", "", 0}};  // as no answer can be
  if (!answer.problems.empty()) return std::nullopt;
  std::vector<libmpi::RecordKey> told;
  for (const libmpi::pix::Identifier& id : answer.identifiers)
    if (id.authority.namespace_id != kEnterpriseDomain) told.push_back({id.authority.namespace_id, id.value, 0});
  std::ranges::sort(told);
  return told;
}

std::optional<std::vector<libmpi::RecordKey>> ExpectedFor(const Expectation& expected, const SimulatedFacility& asker,
                                                          const libmpi::RecordKey& identifier) {
  std::optional<std::vector<libmpi::RecordKey>> wanted = expected.Answer(identifier, asker);
  if (!wanted) return wanted;
  for (libmpi::RecordKey& key : *wanted) key.part = 0;  // parts of an overlay have one number
  std::ranges::sort(*wanted);
  wanted->erase(std::unique(wanted->begin(), wanted->end()), wanted->end());
  return wanted;
}

bool IsAnsweredAsExpected(SimulatedNetwork* network, const Expectation& expected, const SimulatedFacility& asker,
                          const libmpi::RecordKey& identifier) {
  return AskFor(network, asker, identifier) == ExpectedFor(expected, asker, identifier);
}

std::string OutOf(uint64_t part, uint64_t whole) { return std::to_string(part) + " of " + std::to_string(whole); }

}  // namespace nayose
