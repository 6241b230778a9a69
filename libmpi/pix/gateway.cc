// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/gateway.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "libmpi/linkage/linker.h"
#include "libmpi/pix/manager_rep.h"

namespace libmpi::pix {
namespace {

// More who fit a name and a birth date are not looked at; and of those here whom one of them may be.
constexpr size_t kMostPersons = 5, kMostCandidates = 20;

// Namespaces are local; a universal ID is everybody's.
bool IsOf(const Identifier& identifier, const Authority& authority) {
  const Authority& own = identifier.authority;
  if (own.universal_id.empty() || authority.universal_id.empty()) return own == authority;
  return own.universal_id == authority.universal_id;
}

// By what they are asked for a person; without a name and a birth date by nothing.
SearchCriteria CriteriaOf(const Record& golden) {
  SearchCriteria criteria;
  if (golden.names.empty() || golden.births.empty()) return criteria;
  const StatedName& name = golden.names[0];
  if (!name.family.empty() && !name.given.empty()) {
    criteria.family = name.family;
    criteria.given = name.given;
  } else if (!name.full.empty()) {
    criteria.full = name.full;
  } else if (!name.family_kana.empty() && !name.given_kana.empty()) {
    criteria.family = name.family_kana;
    criteria.given = name.given_kana;
  } else {
    criteria.full = name.full_kana.empty() ? name.latin : name.full_kana;
  }
  if (criteria.family.empty() && criteria.full.empty()) return {};
  criteria.birth = golden.births[0];
  if (!golden.sexes.empty()) criteria.sex = golden.sexes[0];
  return criteria;
}

// One question to the other network, from who it is about to what they say.
class Crossing {
 public:
  Crossing(Manager* ours, Manager::Rep* rep, const OtherNetwork& other, std::mutex* correlating,
           std::shared_ptr<const Directory> directory, const Party& asking, const Identifier& identifier,
           const Asked& asked)
      : ours_(*ours), rep_(*rep), other_(other), correlating_(*correlating), directory_(std::move(directory)),
        asking_(asking), identifier_(identifier), asked_(asked), domain_(directory_->FindDomain(other.domain)),
        party_(directory_->FindParty(other.party)) {}

  GatewayAnswer Answer() {
    const bool can_ask = other_.demographics && other_.cross_references;
    if (domain_ == nullptr || party_ == nullptr || !can_ask)
      Fail({Fault::kInternal, 0, "the other network's domain or party is none of the directory, or can't be asked"});
    if (Look()) {
      if (!MayBeTold()) RetireHeld();
      else Cross();
    }
    return std::move(answer_);
  }

 private:
  bool failed() const { return !answer_.problems.empty(); }
  void Fail(Problem problem) {
    answer_.problems.push_back(std::move(problem));
    answer_.identifiers.clear();
  }
  void FailThere(const Problems& problems) {
    Fail({Fault::kUnavailable, 0, "the other network does not answer: " + std::string(FaultName(problems[0].fault))});
  }

  bool IsOwn(const RecordKey& key) const {
    return std::ranges::find(party_->domains, key.source) != party_->domains.end();
  }

  // What of the person who asks may see, and what there is: correlations are looked up whatever may be told of them, to
  // be withdrawn. False: nothing, or a problem.
  bool Look() {
    if (failed()) return false;
    CrossReferenceAnswer seen = ours_.CrossReferences(asking_, {identifier_, {domain_->authority}}, asked_);
    for (Problem& problem : seen.problems) Fail(std::move(problem));
    RecordKey key;
    if (failed() || KeyOf(*directory_, identifier_, 0, &key)) return false;
    const std::optional<EnterpriseId> id =
        IsOfEnterprise(*directory_, key) ? EnterpriseId::Parse(key.record_id) : std::nullopt;
    const absl::StatusOr<CrossReference> person = id ? rep_.registry.Find(*id) : rep_.registry.Find(key);
    if (!person.ok()) {
      Fail(IsNobody(person.status()) ? Problem{Fault::kUnknownIdentifier, 0, "the patient identifier is not known"}
                                     : ProblemOf(person.status()));
      return false;
    }
    seen_ = std::move(seen.identifiers);
    seen_.push_back({key.record_id, directory_->FindDomain(key.source)->authority});
    held_.clear();
    ours_key_.reset();
    for (const RecordKey& known : person->identifiers) {
      if (known.source == domain_->name) held_.push_back(known);
      else if (!IsOwn(known) && !ours_key_) ours_key_ = known;
    }
    // The one that was asked for may be told to who is told of no other tenant's.
    if (ours_key_ && !id && !IsOwn(key)) ours_key_ = key;
    return true;
  }

  // Whether their party may be told of the person; of its own records it always is, which are no reason.
  bool MayBeTold() {
    answer_.outcome = GatewayAnswer::Outcome::kNotDisclosed;
    if (!ours_key_) return false;
    by_ = RequesterOf(*party_, AskedFor::kQuestion, asked_);
    const absl::StatusOr<CrossReference> told = rep_.network.Find(*ours_key_, {}, by_);
    if (!told.ok() && !IsNobody(told.status())) Fail(ProblemOf(told.status()));
    return told.ok() && std::ranges::any_of(told->identifiers, [this](const RecordKey& key) { return !IsOwn(key); });
  }

  void Cross() {
    answer_.outcome = GatewayAnswer::Outcome::kNobodyThere;
    if (held_.empty()) {
      Correlate();
      if (!Look()) return;
    }
    const auto may_see = [this](const RecordKey& held) {
      return std::ranges::find(seen_, Identifier{held.record_id, domain_->authority}) != seen_.end();
    };
    if (!held_.empty() && std::ranges::none_of(held_, may_see))
      answer_.outcome = GatewayAnswer::Outcome::kNotDisclosed;
    for (const RecordKey& held : held_)
      if (!failed() && may_see(held)) Tell(held);
    if (!answer_.identifiers.empty()) answer_.outcome = GatewayAnswer::Outcome::kTold;
  }

  // Has those fed who may be the person.
  void Correlate() {
    const absl::StatusOr<GoldenRecord> golden = rep_.network.Golden(*ours_key_, by_);
    if (!golden.ok() && !IsNobody(golden.status())) Fail(ProblemOf(golden.status()));
    if (!golden.ok()) return;
    DemographicsQuestion question;
    question.criteria = CriteriaOf(golden->record);
    question.domains = {other_.enterprise};
    question.page = kMostPersons;
    if (question.criteria.birth.empty()) return;
    const DemographicsAnswer there = other_.demographics(question);
    if (!there.problems.empty()) return FailThere(there.problems);
    const std::lock_guard lock(correlating_);
    for (size_t i = 0; i < std::min(there.persons.size(), kMostPersons) && !failed(); ++i) Try(there.persons[i]);
  }

  void Try(const MatchedPerson& person) {
    const auto id = std::ranges::find_if(person.identifiers,
                                         [this](const Identifier& i) { return IsOf(i, other_.enterprise); });
    if (id == person.identifiers.end()) return;
    Feed feed;
    feed.record = person.record;
    feed.record.key = {domain_->name, id->value, 0};
    if (IsAnothers(feed.record.key) || !MayLink(feed.record)) return;
    feed.kind = Feed::Kind::kRevise;
    feed.identifiers = {{id->value, domain_->authority}};
    if (Take(feed) && !IsLinked(feed.record.key)) Retire(feed.record.key);
  }

  // Whether it is somebody's here already.
  bool IsAnothers(const RecordKey& key) {
    const absl::StatusOr<CrossReference> person = rep_.registry.Find(key);
    return person.ok() && std::ranges::any_of(person->identifiers, [this](const RecordKey& k) { return !IsOwn(k); });
  }

  // Whether the linkage might link it: so that no stranger's record is written. Nobody is told what is looked at, as
  // nobody is of what a feed is compared with.
  bool MayLink(const Record& record) {
    const absl::StatusOr<CrossReference> ours = rep_.registry.Find(*ours_key_);
    const absl::StatusOr<SearchAnswer> found = rep_.registry.Search(record, kMostCandidates);
    if (!found.ok()) Fail(ProblemOf(found.status()));
    if (!found.ok() || !ours.ok()) return false;
    const double match = WeightBits(rep_.registry.model()->thresholds().match);
    return std::ranges::any_of(found->candidates, [&](const Candidate& candidate) {
      return candidate.person == ours->person && candidate.weight >= match;
    });
  }

  bool IsLinked(const RecordKey& key) {
    const absl::StatusOr<CrossReference> ours = rep_.registry.Find(*ours_key_);
    return ours.ok() && std::ranges::find(ours->identifiers, key) != ours->identifiers.end();
  }

  // What can't be taken as it is, is nobody's; a fault is one of here.
  bool Take(const Feed& feed) {
    FeedAnswer taken = ours_.Take(*party_, feed, {"", "", "", asked_.transaction, asked_.peer});
    for (Problem& problem : taken.problems)
      if (problem.fault == Fault::kUnavailable || problem.fault == Fault::kInternal ||
          problem.fault == Fault::kNotAllowed || problem.fault == Fault::kNotItsSource)
        Fail(std::move(problem));
    return taken.problems.empty();
  }

  void Retire(const RecordKey& key) {
    Feed feed;
    feed.kind = Feed::Kind::kRetire;
    feed.identifiers = {{key.record_id, domain_->authority}};
    Take(feed);
  }
  void RetireHeld() {
    for (const RecordKey& held : held_)
      if (!failed()) Retire(held);
  }

  // By the correlation. Who is known to none of their facilities but by us is nobody there.
  void Tell(const RecordKey& held) {
    CrossReferenceAnswer there = other_.cross_references({{held.record_id, other_.enterprise}, {}});
    const bool unknown = std::ranges::find(there.problems, Fault::kUnknownIdentifier, &Problem::fault) !=
                         there.problems.end();
    if (!unknown && !there.problems.empty()) return FailThere(there.problems);
    const Domain* const own = directory_->enterprise();
    std::erase_if(there.identifiers, [&](const Identifier& i) {
      return IsOf(i, other_.enterprise) || (own != nullptr && IsOf(i, own->authority));
    });
    if (unknown || there.identifiers.empty()) return Retire(held);
    for (Identifier& told : there.identifiers)
      if (std::ranges::find(answer_.identifiers, told) == answer_.identifiers.end())
        answer_.identifiers.push_back(std::move(told));
  }

  Manager& ours_;
  Manager::Rep& rep_;
  const OtherNetwork& other_;
  std::mutex& correlating_;
  const std::shared_ptr<const Directory> directory_;
  const Party& asking_;
  const Identifier& identifier_;
  const Asked& asked_;
  const Domain* const domain_;
  const Party* const party_;
  Requester by_;                       // their party
  std::vector<Identifier> seen_;       // by who asks, of their domain; and what was asked for
  std::vector<RecordKey> held_;        // correlations
  std::optional<RecordKey> ours_key_;  // an identifier of the person that is not from them
  GatewayAnswer answer_;
};

}  // namespace

GatewayAnswer Gateway::Ask(const Party& asking, const Identifier& identifier, const Asked& asked) {
  Manager::Rep* const rep = ours_.rep_.get();
  return Crossing(&ours_, rep, other_, &correlating_, rep->Current(), asking, identifier, asked).Answer();
}

}  // namespace libmpi::pix
