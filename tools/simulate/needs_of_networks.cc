// SPDX-License-Identifier: Apache-2.0
// Needs that are about rights, the network's office and other networks.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/gateway.h"
#include "tools/simulate/needs.h"

namespace nayose {
namespace {

using libmpi::Profession;
using libmpi::Purpose;
using libmpi::RecordKey;

constexpr size_t kSample = 100;

libmpi::Requester Auditor() { return SimulatedNetwork::Office(Profession::kAuditor, Purpose::kAudit); }

libmpi::Requester EmergencyAt(const std::string& facility, const std::string& reason) {
  libmpi::Requester by = SimulatedNetwork::Of(facility, Profession::kNurse, Purpose::kEmergency);
  by.reason = reason;
  return by;
}

}  // namespace

absl::StatusOr<NeedResult> CheckEmergency(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  libmpi::Network& network = context.network.network();
  uint64_t asked = 0, refused = 0, without_reason = 0, told = 0;
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::AuditHead head, network.Anchor(Auditor()));
  for (const SimulatedFacility& member : context.network.facilities()) {
    if (!member.emergencies) continue;
    for (const Expectation::Person& person : expected.persons()) {
      if (asked >= kSample) break;
      const RecordKey& key = person.identifiers[0];
      if (expected.IsRegistered(person) || key.source == member.facility.name || key.part != 0) continue;
      ++asked;
      refused += absl::IsNotFound(
          network.Find(key, {}, SimulatedNetwork::Of(member.facility.name, Profession::kNurse, Purpose::kTreatment)).status());
      const absl::Status unreasoned = network.Find(key, {}, EmergencyAt(member.facility.name, "")).status();
      without_reason += absl::IsPermissionDenied(unreasoned) || absl::IsInvalidArgument(unreasoned);
      const auto found = network.Find(key, {}, EmergencyAt(member.facility.name, "dispatch 119"));
      told += found.ok() && found->identifiers == person.identifiers;
    }
  }
  uint64_t seen = 0;
  for (uint64_t from = head.entries + 1;;) {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<libmpi::AuditEntry> entries, network.Audit(from, 1000, Auditor()));
    for (const libmpi::AuditEntry& entry : entries) seen += entry.beyond_consent;
    if (entries.size() < 1000) break;
    from = entries.back().number + 1;
  }
  const bool good = asked > 0 && refused == asked && without_reason == asked && told == asked && seen == asked;
  return NeedResult{Need::kEmergency, good,
                    std::to_string(asked) + " persons who have not registered: in the routine " + OutOf(refused, asked) +
                        " refused, without a reason " + OutOf(without_reason, asked) + " refused, in an emergency " +
                        OutOf(told, asked) + " told of whole; the trail marks " + std::to_string(seen) +
                        " entries as beyond consent"};
}

absl::StatusOr<NeedResult> CheckTenants(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  libmpi::Network& network = context.network.network();
  uint64_t across = 0, asked = 0, right = 0, whole = 0, rights = 0, rights_good = 0;
  for (const Expectation::Person& person : expected.persons()) {
    std::set<std::string> tenants;
    for (const RecordKey& key : person.identifiers)
      if (const SimulatedFacility* const f = context.network.FindFacility(key.source)) tenants.insert(f->facility.tenant);
    if (tenants.size() < 2) continue;
    ++across;
    const RecordKey& key = person.identifiers[0];
    const SimulatedFacility* const asker = context.network.FindFacility(key.source);
    if (asked >= kSample || asker == nullptr || key.part != 0) continue;
    ++asked;
    right += IsAnsweredAsExpected(&context.network, expected, *asker, key);
    const auto office = network.Find(key, {}, SimulatedNetwork::Office(Profession::kSteward, Purpose::kStewardship));
    whole += office.ok() && office->identifiers == person.identifiers;
  }
  // Rights by profession, as docs/network.md has them.
  struct {
    Profession who;
    Purpose why;
    bool may;
  } const kRights[] = {{Profession::kPhysician, Purpose::kTreatment, true},  {Profession::kPharmacist, Purpose::kTreatment, true},
                       {Profession::kCareWorker, Purpose::kTreatment, true}, {Profession::kClerk, Purpose::kTreatment, false},
                       {Profession::kClerk, Purpose::kRegistration, true},   {Profession::kCareWorker, Purpose::kEmergency, false},
                       {Profession::kSteward, Purpose::kStewardship, true},  {Profession::kResearcher, Purpose::kResearch, false}};
  if (!expected.persons().empty()) {
    const RecordKey& key = expected.persons()[0].identifiers[0];
    for (const auto& right_of : kRights) {
      libmpi::Requester by = SimulatedNetwork::Of(key.source, right_of.who, right_of.why);
      if (right_of.who == Profession::kSteward) by.facility.clear();
      by.reason = "drill";
      ++rights;
      rights_good += !absl::IsPermissionDenied(network.Find(key, {}, by).status()) == right_of.may;
    }
  }
  return NeedResult{Need::kTenants, across > 0 && right == asked && whole == asked && rights_good == rights,
                    std::to_string(across) + " persons are known to several tenants and are one in the master; " +
                        OutOf(right, asked) + " answers tell of one's own tenant alone, to the office " +
                        OutOf(whole, asked) + " persons are whole; " + OutOf(rights_good, rights) +
                        " rights by profession hold"};
}

absl::StatusOr<NeedResult> CheckPseudonyms(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::SecretKey key, libmpi::SecretKey::New());
  LIBMPI_ASSIGN_OR_RETURN(const auto pseudonymizer, libmpi::Pseudonymizer::Make(key, "secondary-use"));
  uint64_t rows = 0, wanted = 0, wanted_rows = 0;
  std::set<std::string> persons;
  LIBMPI_RETURN_IF_ERROR(context.network.network()
                             .Pseudonymize(
                                 pseudonymizer, {},
                                 [&](const libmpi::PseudonymRow& row) {
                                   ++rows;
                                   persons.insert(row.person.ToString());
                                   return true;
                                 },
                                 SimulatedNetwork::Office(Profession::kResearcher, Purpose::kResearch))
                             .status());
  for (const Expectation::Person& person : expected.persons()) {
    const bool in = expected.IsRegistered(person) && person.consent->facility.empty();
    wanted += in;
    wanted_rows += in ? person.identifiers.size() : 0;
  }
  return NeedResult{Need::kPseudonyms, persons.size() == wanted && rows == wanted_rows && wanted > 0,
                    OutOf(persons.size(), wanted) + " persons who have registered for all are in the store, with " +
                        OutOf(rows, wanted_rows) + " records, and nobody else"};
}

absl::StatusOr<NeedResult> CheckTraces(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  libmpi::Network& network = context.network.network();
  uint64_t asked = 0, seen = 0;
  for (const Expectation::Person& person : expected.persons()) {
    if (asked >= kSample) break;
    const RecordKey& key = person.identifiers[0];
    if (context.network.FindFacility(key.source) == nullptr || key.part != 0) continue;
    ++asked;
    libmpi::Requester by = SimulatedNetwork::Of(key.source, Profession::kPhysician, Purpose::kTreatment);
    by.request = "trace-" + std::to_string(asked);
    if (!network.Find(key, {}, by).ok()) continue;
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<libmpi::AuditEntry> looked, network.WhoLooked(key, 5, Auditor()));
    seen += std::ranges::any_of(looked, [&](const libmpi::AuditEntry& entry) { return entry.by.request == by.request; });
  }
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<std::string> findings, network.VerifyTrail(context.anchors, Auditor()));
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::AuditHead head, network.Anchor(Auditor()));
  return NeedResult{Need::kTraces, asked > 0 && seen == asked && findings.empty(),
                    "of " + OutOf(seen, asked) + " questions the trail says who asked; " +
                        std::to_string(context.anchors.size()) + " anchors and " + std::to_string(head.entries) +
                        " entries are verified, " + std::to_string(findings.size()) + " findings"};
}

namespace {

// One network as another asks it.
libmpi::pix::OtherNetwork AskedAs(SimulatedNetwork* other) {
  libmpi::pix::OtherNetwork asked;
  asked.domain = kOtherNetwork;
  asked.party = kOtherNetwork;
  asked.enterprise = other->AuthorityOf(kEnterpriseDomain);
  asked.demographics = [other](const libmpi::pix::DemographicsQuestion& question) {
    return other->manager().Demographics(*other->PartyOf(kOtherNetwork), question, {"", "ITI-21", "192.0.2.2"});
  };
  asked.cross_references = [other](const libmpi::pix::CrossReferenceQuestion& question) {
    return other->manager().CrossReferences(*other->PartyOf(kOtherNetwork), question, {"", "ITI-9", "192.0.2.2"});
  };
  return asked;
}

// What questions from one network to another came to.
struct AcrossCounts {
  uint64_t both = 0, told = 0, right = 0, stranger = 0;
  uint64_t unregistered_here = 0, not_asked = 0, unregistered_there = 0, silent = 0;
  uint64_t withdrawn = 0, gone = 0;
  bool Good() const {
    return both > 0 && told * 10 >= both * 7 && right == told && stranger * 100 <= told &&
           not_asked == unregistered_here && silent == unregistered_there && gone == withdrawn;
  }
  std::string Said() const {
    return OutOf(told, both) + " persons registered with both are found, " + OutOf(right, told) +
           " are told of as the other network's partition and consent have it, " + std::to_string(stranger) +
           " are somebody else; of those not registered here " + OutOf(not_asked, unregistered_here) +
           " are not asked for, of those not registered there " + OutOf(silent, unregistered_there) +
           " nothing is told, nor after a withdrawal there (" + OutOf(gone, withdrawn) + ")";
  }
};

class AskedAcross {
 public:
  AskedAcross(const NeedContext& context, SimulatedNetwork* here, SimulatedNetwork* there)
      : context_(context), here_(*here), there_(*there), gateway_(&here->manager(), AskedAs(there)) {}

  absl::StatusOr<AcrossCounts> Ask() {
    LIBMPI_ASSIGN_OR_RETURN(const Expectation ours, Expectation::Of(&here_));
    LIBMPI_ASSIGN_OR_RETURN(const Expectation theirs, Expectation::Of(&there_));
    for (const Expectation::Person& person : theirs.persons())
      for (const RecordKey& key : person.identifiers)
        if (const auto it = context_.region.person_of.find(TruthKey(key)); it != context_.region.person_of.end())
          there_of_[it->second].push_back(&person);
    const SimulatedFacility& us = StandInAt(there_);
    for (const Expectation::Person& person : ours.persons()) {
      // Of a facility that may ask, for its patient.
      const auto own = std::ranges::find_if(person.identifiers, [this](const RecordKey& k) {
        const SimulatedFacility* const f = here_.FindFacility(k.source);
        return f != nullptr && f->facility.queries && k.part == 0 && context_.region.person_of.contains(TruthKey(k));
      });
      if (own == person.identifiers.end()) continue;
      const RecordKey& key = *own;
      const auto truth = context_.region.person_of.find(TruthKey(key));
      const auto at = there_of_.find(truth->second);
      if (at == there_of_.end()) continue;
      const bool here = !ours.Visible(person, StandInAt(here_)).empty();
      const bool there = std::ranges::any_of(at->second, [&](const auto* p) { return !theirs.Visible(*p, us).empty(); });
      AskAbout(key, truth->second, here, there, theirs);
    }
    LIBMPI_RETURN_IF_ERROR(WithdrawThere());
    return counts_;
  }

 private:
  static const SimulatedFacility& StandInAt(const SimulatedNetwork& network) { return *network.FindFacility(kOtherNetwork); }

  libmpi::pix::GatewayAnswer AskFor(const RecordKey& key) {
    return gateway_.Ask(*here_.PartyOf(key.source), {key.record_id, here_.AuthorityOf(key.source)},
                        {"", "ITI-9", "192.0.2.1"});
  }

  void AskAbout(const RecordKey& key, uint32_t truth, bool here, bool there, const Expectation& theirs) {
    using Outcome = libmpi::pix::GatewayAnswer::Outcome;
    uint64_t* const asked = !here ? &counts_.unregistered_here : !there ? &counts_.unregistered_there : &counts_.both;
    if (*asked >= kSample) return;
    ++*asked;
    const libmpi::pix::GatewayAnswer answer = AskFor(key);
    if (!here) {
      const bool not_asked = answer.problems.empty() && answer.outcome == Outcome::kNotDisclosed;
      counts_.not_asked += not_asked || IsSeenByNow(key);
      return;
    }
    if (!there) {
      counts_.silent += answer.problems.empty() && answer.identifiers.empty();
      return;
    }
    if (answer.outcome != Outcome::kTold || answer.identifiers.empty()) return;
    ++counts_.told;
    told_.emplace_back(key, truth);
    std::vector<RecordKey> told;
    for (const auto& id : answer.identifiers)
      if (id.authority.namespace_id != kEnterpriseDomain) told.push_back({id.authority.namespace_id, id.value, 0});
    std::ranges::sort(told);
    const Expectation::Person* const person = told.empty() ? nullptr : theirs.PersonOf(told[0]);
    if (person == nullptr) return;
    std::vector<RecordKey> wanted = theirs.Visible(*person, StandInAt(there_));
    // By our own enterprise IDs we know the person ourselves.
    std::erase_if(wanted, [](const RecordKey& k) { return k.source == kOtherNetwork; });
    counts_.right += told == wanted;
    counts_.stranger += std::ranges::find(there_of_[truth], person) == there_of_[truth].end();
  }

  // A question may have brought a record that makes the person one with somebody who has registered.
  bool IsSeenByNow(const RecordKey& key) {
    const absl::StatusOr<Expectation> now = Expectation::Of(&here_);
    return now.ok() && !now->Visible(*now->PersonOf(key), StandInAt(here_)).empty();
  }

  absl::Status WithdrawThere() {
    constexpr size_t kWithdraw = 10;
    for (size_t i = 0; i < std::min(kWithdraw, told_.size()); ++i) {
      const auto& [key, truth] = told_[i];
      // Whoever is told of here is one person there, unless that one is split.
      if (there_of_[truth].empty()) continue;
      for (const Expectation::Person* person : there_of_[truth])
        LIBMPI_RETURN_IF_ERROR(there_.Withdraw(FirstOfTruth(*person), there_.day()));
      ++counts_.withdrawn;
      const libmpi::pix::GatewayAnswer answer = AskFor(key);
      counts_.gone += answer.problems.empty() && answer.identifiers.empty();
    }
    return absl::OkStatus();
  }
  RecordKey FirstOfTruth(const Expectation::Person& person) const {
    for (const RecordKey& key : person.identifiers)
      if (context_.region.person_of.contains(TruthKey(key))) return key;
    return person.identifiers[0];
  }

  const NeedContext& context_;
  SimulatedNetwork& here_;
  SimulatedNetwork& there_;
  libmpi::pix::Gateway gateway_;
  std::map<uint32_t, std::vector<const Expectation::Person*>> there_of_;  // of a truth person
  std::vector<std::pair<RecordKey, uint32_t>> told_;
  AcrossCounts counts_;
};

}  // namespace

absl::StatusOr<NeedResult> CheckInterconnected(const NeedContext& context) {
  if (context.partner == nullptr) return absl::InternalError("there is no other network");
  LIBMPI_ASSIGN_OR_RETURN(const AcrossCounts there, AskedAcross(context, &context.network, context.partner).Ask());
  LIBMPI_ASSIGN_OR_RETURN(const AcrossCounts back, AskedAcross(context, context.partner, &context.network).Ask());
  // Of all kinds there has to be somebody, from one side or the other.
  const bool all_kinds = there.unregistered_here + back.unregistered_here > 0 &&
                         there.unregistered_there + back.unregistered_there > 0 && there.withdrawn > 0;
  return NeedResult{Need::kInterconnected, there.Good() && back.Good() && all_kinds,
                    "with the network in the place of " + context.config.partner + ": " + there.Said() + ". Asked from there: " + back.Said()};
}

}  // namespace nayose
