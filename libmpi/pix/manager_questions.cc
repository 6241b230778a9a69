// SPDX-License-Identifier: Apache-2.0
// Questions and their answers.
#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/pix/manager_rep.h"

namespace libmpi::pix {
namespace {

// The names of the domains that an answer is asked to have; every unknown one is a problem.
std::vector<std::string> RequestedDomains(const Directory& directory, const std::vector<Authority>& authorities,
                                          Problems* problems) {
  std::vector<std::string> names;
  for (size_t i = 0; i < authorities.size(); ++i) {
    const std::variant<const Domain*, Fault> domain = directory.DomainOf(authorities[i]);
    if (const Domain* const* const found = std::get_if<const Domain*>(&domain)) names.push_back((*found)->name);
    else problems->push_back({Fault::kUnknownRequestedAuthority, i, "a requested assigning authority is not known"});
  }
  return names;
}

// Whether identifiers of a domain are asked for; all are where none is named.
auto IsRequested(const std::vector<std::string>& domains) {
  return [&domains](const std::string& domain) {
    return domains.empty() || std::ranges::find(domains, domain) != domains.end();
  };
}

// Of an identifier whose authority is known.
std::vector<RecordKey> AskedKeys(const RecordKey& key) {
  return key.source.empty() ? std::vector<RecordKey>() : std::vector<RecordKey>{key};
}

// A person's identifiers that are asked for, their enterprise ID last.
std::vector<Identifier> ToldOf(const Directory& directory, const CrossReference& person,
                               const std::vector<std::string>& domains) {
  const auto is_requested = IsRequested(domains);
  std::vector<Identifier> identifiers = IdentifiersOf(directory, person.identifiers, is_requested);
  const Domain* const enterprise = directory.enterprise();
  if (enterprise != nullptr && is_requested(enterprise->name))
    identifiers.push_back({person.person.ToString(), enterprise->authority});
  return identifiers;
}

Problem UnknownIdentifier() { return {Fault::kUnknownIdentifier, 0, "the patient identifier is not known"}; }

// A demographics question, from what it names to who matches.
class Matching {
 public:
  Matching(const Manager::Rep& rep, const Directory& directory, const DemographicsQuestion& question,
           const Requester& by)
      : rep_(rep), directory_(directory), question_(question), by_(by) {}

  // `*searched`: whether the network was asked, which has noted it.
  Matches Match(Problems* problems, bool* searched) {
    Matches matches;
    matches.page = question_.page;
    matches.tag = question_.tag;
    matches.domains = RequestedDomains(directory_, question_.domains, problems);
    SearchCriteria criteria = question_.criteria;
    std::vector<RecordKey> wanted = WantedKeys(problems);
    if (!problems->empty() || !Resolve(&wanted, problems, searched)) return matches;
    if (!wanted.empty()) {
      criteria.authority = wanted[0].source;
      criteria.identifier = wanted[0].record_id;
    }
    *searched = true;
    const absl::StatusOr<SearchAnswer> found = rep_.network.Search(criteria, kMostMatches, by_);
    if (!found.ok()) {
      // A date of the calendar on which no patient can have been born: nobody fits.
      if (absl::IsInvalidArgument(found.status()) && IsPartialDate(criteria.birth)) return matches;
      problems->push_back(
          absl::IsInvalidArgument(found.status())
              ? Problem{Fault::kUnreadableCriterion, 0, "what is looked for can't be read, or is nothing"}
              : ProblemOf(found.status()));
      return matches;
    }
    matches.incomplete = found->too_many;
    for (const Candidate& candidate : found->candidates)
      if (HasAll(candidate, wanted) && (!person_ || candidate.person == *person_))
        // Who has the identifiers that were asked for is who was meant.
        matches.matches.push_back({candidate.best, candidate.weight, wanted.empty() ? candidate.probability : 1});
    return matches;
  }

 private:
  std::vector<RecordKey> WantedKeys(Problems* problems) const {
    std::vector<RecordKey> keys;
    for (size_t i = 0; i < question_.identifiers.size(); ++i) {
      const Identifier& identifier = question_.identifiers[i];
      RecordKey key;
      if (identifier.authority.empty() && !identifier.value.empty()) keys.push_back({"", identifier.value});
      else if (std::optional<Problem> problem = KeyOf(directory_, identifier, i, &key))
        problems->push_back(*std::move(problem));
      else keys.push_back(std::move(key));
    }
    return keys;
  }

  // Puts in the place of an enterprise ID an identifier of its person that may be told of. One that nobody has stays,
  // as a key that no record has; so does one of a person who is part of another now, as merged identifiers find nobody
  // here, and a second person's. False: the network could not be asked.
  bool Resolve(std::vector<RecordKey>* wanted, Problems* problems, bool* searched) {
    for (RecordKey& key : *wanted) {
      const std::optional<EnterpriseId> id =
          IsOfEnterprise(directory_, key) ? EnterpriseId::Parse(key.record_id) : std::nullopt;
      if (!id) continue;
      *searched = true;
      absl::StatusOr<CrossReference> found = rep_.network.Find(*id, by_);
      if (!found.ok() && !IsNobody(found.status())) problems->push_back(ProblemOf(found.status()));
      if (!problems->empty()) return false;
      if (!found.ok() || found->redirected || (person_ && *person_ != *id)) continue;
      key = std::move(found->identifiers[0]);
      person_ = *id;
    }
    return true;
  }

  static bool HasAll(const Candidate& candidate, const std::vector<RecordKey>& wanted) {
    return std::ranges::all_of(wanted, [&](const RecordKey& key) {
      return std::ranges::any_of(candidate.identifiers, [&](const RecordKey& has) {
        return has.record_id == key.record_id && (key.source.empty() || has.source == key.source);
      });
    });
  }

  const Manager::Rep& rep_;
  const Directory& directory_;
  const DemographicsQuestion& question_;
  const Requester& by_;
  std::optional<EnterpriseId> person_;  // that was asked for by it
};

bool IsNothing(const DemographicsQuestion& question) {
  const SearchCriteria& c = question.criteria;
  const std::string* const parts[] = {&c.full, &c.family, &c.given,   &c.birth,  &c.sex,   &c.postal_code,
                                      &c.city, &c.phone,  &c.insurer, &c.symbol, &c.number};
  return question.identifiers.empty() &&
         std::ranges::all_of(parts, [](const std::string* part) { return part->empty(); });
}

// Persons from a place on, at most `most` of them told; where the next ones begin. A person who can't be told of in
// these domains is left out, and one who became another's since is told of once a page.
absl::StatusOr<size_t> TellFrom(const Manager::Rep& rep, const Directory& directory, const Matches& matches,
                                size_t from, size_t most, const Requester& by, std::vector<MatchedPerson>* persons) {
  std::vector<EnterpriseId> told;
  while (persons->size() < most && from < matches.matches.size()) {
    const size_t size = std::min(most - persons->size(), matches.matches.size() - from);
    std::vector<RecordKey> records;
    for (size_t i = from; i < from + size; ++i) records.push_back(matches.matches[i].record);
    LIBMPI_ASSIGN_OR_RETURN(auto described, rep.network.Describe(records, by));
    for (size_t i = 0; i < size; ++i) {
      if (!described[i] || std::ranges::find(told, described[i]->person.person) != told.end()) continue;
      const Matches::Match& match = matches.matches[from + i];
      MatchedPerson person = {ToldOf(directory, described[i]->person, matches.domains),
                              std::move(described[i]->golden.record), match.weight, match.probability};
      if (person.identifiers.empty()) continue;
      told.push_back(described[i]->person.person);
      persons->push_back(std::move(person));
    }
    from += size;
  }
  return from;
}

DemographicsAnswer AnswerWith(Problem problem) {
  DemographicsAnswer answer;
  answer.problems.push_back(std::move(problem));
  return answer;
}

// One page of matches, and how to go on.
DemographicsAnswer Page(Manager::Rep* rep, const Directory& directory, const Party& party, const Requester& by,
                        const Continuation& at, size_t page) {
  DemographicsAnswer answer;
  const Matches& matches = *at.matches;
  const absl::StatusOr<size_t> next =
      TellFrom(*rep, directory, matches, at.from, page == 0 ? kMostMatches : page, by, &answer.persons);
  if (!next.ok()) return AnswerWith(ProblemOf(next.status()));
  answer.incomplete = matches.incomplete;
  answer.left = matches.matches.size() - *next;
  if (answer.left == 0) return answer;
  absl::StatusOr<std::string> name = rep->continuations.Keep(party.name, {at.matches, *next}, rep->registry.Now());
  if (!name.ok()) return AnswerWith(ProblemOf(name.status()));
  answer.continuation = *std::move(name);
  return answer;
}

}  // namespace

CrossReferenceAnswer Manager::CrossReferences(const Party& party, const CrossReferenceQuestion& question,
                                              const Asked& asked) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  CrossReferenceAnswer answer;
  RecordKey key;
  if (std::optional<Problem> problem = KeyOf(*directory, question.identifier, 0, &key))
    answer.problems.push_back(*std::move(problem));
  const std::vector<std::string> domains = RequestedDomains(*directory, question.domains, &answer.problems);
  const bool by_id = IsOfEnterprise(*directory, key);
  const std::optional<EnterpriseId> id = by_id ? EnterpriseId::Parse(key.record_id) : std::nullopt;
  if (by_id && !id && answer.problems.empty()) answer.problems.push_back(UnknownIdentifier());
  const Requester by = RequesterOf(party, AskedFor::kQuestion, asked);
  if (!answer.problems.empty()) {
    rep_->NoteRefusal(by, Operation::kFind, "find", AskedKeys(key), &answer.problems);
    return answer;
  }
  absl::StatusOr<CrossReference> found = id ? rep_->network.Find(*id, by) : rep_->network.Find(key, {}, by);
  if (IsNobody(found.status()) || (found.ok() && found->redirected && !party.switches.answer_subsumed)) {
    answer.problems.push_back(UnknownIdentifier());
  } else if (!found.ok()) {
    answer.problems.push_back(ProblemOf(found.status()));
  } else {
    if (!party.switches.return_asked_identifier)
      std::erase_if(found->identifiers,
                    [&](const RecordKey& k) { return k.source == key.source && k.record_id == key.record_id; });
    answer.identifiers = ToldOf(*directory, *found, domains);
    const bool asked_is_last = id == found->person && !answer.identifiers.empty() &&
                               answer.identifiers.back().authority == directory->enterprise()->authority;
    if (asked_is_last && !party.switches.return_asked_identifier) answer.identifiers.pop_back();
  }
  return answer;
}

DemographicsAnswer Manager::Demographics(const Party& party, const DemographicsQuestion& question, const Asked& asked) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  const Requester by = RequesterOf(party, AskedFor::kQuestion, asked);
  DemographicsAnswer answer;
  if (IsNothing(question)) answer.problems.push_back({Fault::kNoCriteria, 0, "a query needs something to look for"});
  bool searched = false;
  Matches matches;
  if (answer.problems.empty()) matches = Matching(*rep_, *directory, question, by).Match(&answer.problems, &searched);
  if (!answer.problems.empty()) {
    if (!searched) rep_->NoteRefusal(by, Operation::kSearch, "search", {}, &answer.problems);
    return answer;
  }
  return Page(rep_.get(), *directory, party, by, {std::make_shared<const Matches>(std::move(matches)), 0},
              question.page);
}

DemographicsAnswer Manager::Continue(const Party& party, const std::string& continuation, size_t page,
                                     const Asked& asked) {
  const std::optional<Continuation> at = rep_->continuations.Find(party.name, continuation, rep_->registry.Now());
  const Requester by = RequesterOf(party, AskedFor::kQuestion, asked);
  if (!at) {
    DemographicsAnswer refused =
        AnswerWith({Fault::kUnknownContinuation, 0, "there is no such continuation, or it has expired"});
    rep_->NoteRefusal(by, Operation::kSearch, "describe", {}, &refused.problems);
    return refused;
  }
  return Page(rep_.get(), *rep_->Current(), party, by, *at, page == 0 ? at->matches->page : page);
}

}  // namespace libmpi::pix
