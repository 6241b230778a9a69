// SPDX-License-Identifier: Apache-2.0
// Who might this be: a record that is not registered yet, or what somebody typed, against those that are.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/slot_changes.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/search_criteria.h"
#include "libmpi/registry/search_terms.h"

namespace libmpi {
namespace {

// At most so many distinct records are looked at: a search is bounded whatever is asked.
constexpr size_t kMostCompared = 500;
// So many terms at most are read, a jump among them as kCostOfJump.
constexpr size_t kMostTerms = 4000, kCostOfJump = 6;
// Of so few records one looks at what they say rather than at more terms.
constexpr size_t kFewEnough = 48;
// Terms that are read first of a list that stands alone, at least and for each person that is asked for: a person has
// two records or so.
constexpr size_t kFirstTerms = 48, kTermsOfPerson = 3;
// Authorities that an identifier is looked for with.
constexpr size_t kMostAuthorities = 1000;
// So many nodes at most are looked at because their names may have been said the other way round: few are, but a family
// name may be many people's given name.
constexpr size_t kMostTurned = 100;
// Even odds, and the model's own surety of one wrong in a thousand.
constexpr FixedWeight kProbable = 0, kCertain = 10 * 1024;

absl::Status Damaged() { return absl::DataLossError("the registry's tables do not fit together"); }

// A node that may be the one asked for.
struct Found {
  std::string packed;
  NodeState state;
  bool fits = false;  // all that was typed: comes with the answer whatever its weight
};

struct Best {
  FixedWeight weight;
  bool held;
  RecordKey key;
};
using Ranked = std::vector<std::pair<uint32_t, Best>>;

// Persons by falling weight: those that fit, and those that resemble what was asked.
absl::Status Rank(const FrozenModel& model, std::string_view asked, const std::vector<Found>& found, Ranked* ranked) {
  PackedNodes scorer(model);
  LIBMPI_ASSIGN_OR_RETURN(const uint32_t own, scorer.Add(asked));
  std::vector<uint32_t> numbers;
  for (const Found& f : found) {
    LIBMPI_ASSIGN_OR_RETURN(const uint32_t number, scorer.Add(f.packed));
    numbers.push_back(number);
  }
  std::map<uint32_t, Best> persons;
  for (size_t i = 0; i < found.size(); ++i) {
    const PairScore score = scorer.Score(own, numbers[i]);
    if (!found[i].fits && score.weight < model.thresholds().review) continue;
    for (const KeptRecord& r : found[i].state.records) {
      const auto [it, is_new] = persons.try_emplace(r.person, Best{score.weight, score.held, r.key});
      if (!is_new && score.weight > it->second.weight) it->second = {score.weight, score.held, r.key};
    }
  }
  ranked->assign(persons.begin(), persons.end());
  std::stable_sort(ranked->begin(), ranked->end(),
                   [](const auto& x, const auto& y) { return x.second.weight > y.second.weight; });
  return absl::OkStatus();
}

Candidate::Grade GradeOf(const Best& best, const FrozenModel& model) {
  const FixedWeight certain = std::max(kCertain, model.thresholds().match);
  if (best.weight >= certain && !best.held) return Candidate::Grade::kCertain;
  return best.weight >= kProbable ? Candidate::Grade::kProbable : Candidate::Grade::kPossible;
}

// One search by what somebody typed, over one state of the registry.
class TypedSearch {
 public:
  TypedSearch(const SearchQuery& query, const SearchCriteria& criteria, size_t most, const SnapshotView& view,
              const Registry::Rep& rep, const Generation& with)
      : query_(query), criteria_(criteria), most_(most), view_(view), base_(rep.base), keys_(with.keys),
        model_(*with.model), kept_(rep.LinkageOf(&view, with)) {}

  absl::Status Find(std::vector<Found>* found, bool* too_many) {
    // Mostly more fit among a few than are asked for, where many fit.
    at_once_ = std::min(kMostCompared, std::max(kFirstTerms, kTermsOfPerson * most_));
    LIBMPI_RETURN_IF_ERROR(ChooseAndSift(found));
    if (too_many_ && persons_.size() <= most_ && at_once_ < kMostCompared) {
      at_once_ = kMostCompared;
      LIBMPI_RETURN_IF_ERROR(ChooseAndSift(found));
    }
    *too_many = too_many_;
    return absl::OkStatus();
  }

 private:
  absl::Status ChooseAndSift(std::vector<Found>* found) {
    found->clear();
    nodes_.clear();
    persons_.clear();
    cost_ = 0;
    statements_ = 0;
    too_many_ = false;
    LIBMPI_RETURN_IF_ERROR(Choose());
    if (query_.whole()) LIBMPI_RETURN_IF_ERROR(AddAlike());
    return Sift(found);
  }

  // The nodes to look at: those that the most telling criteria have in common.
  absl::Status Choose() {
    if (!criteria_.identifier.empty()) return NodesOfIdentifier();
    const std::vector<std::vector<TermRange>> lists = query_.Ranges();
    if (lists.empty()) return FirstNodes();
    const size_t most = lists.size() == 1 ? at_once_ : kMostTerms / 2;
    bool known = false;  // nodes_ has all that fit
    bool by_name = false;
    for (const std::vector<TermRange>& list : lists) {
      if ((known && nodes_.size() <= kFewEnough) || cost_ >= kMostTerms) break;
      std::vector<NodeId> nodes;
      bool all;
      LIBMPI_RETURN_IF_ERROR(Read(list, most, &nodes, &all));
      if (all && known) {
        std::vector<NodeId> common;
        std::set_intersection(nodes_.begin(), nodes_.end(), nodes.begin(), nodes.end(), std::back_inserter(common));
        nodes_ = std::move(common);
      } else if (all || nodes_.empty()) {
        nodes_ = std::move(nodes);
      }
      known = known || all;
      by_name = by_name || list.front().kind <= TermKind::kWholeLatin;
    }
    too_many_ = !known;
    return by_name && known ? AddTurned() : absl::OkStatus();
  }

  // Those whose name was said the other way round than the model took it: its terms are of the latter.
  absl::Status AddTurned() {
    const std::vector<TermRange> ranges = query_.TurnedRanges();
    if (ranges.empty()) return absl::OkStatus();
    std::vector<NodeId> turned;
    bool all;
    LIBMPI_RETURN_IF_ERROR(Read(ranges, kMostTurned, &turned, &all));
    too_many_ = !all;
    Add(turned);
    return absl::OkStatus();
  }

  void Add(const std::vector<NodeId>& nodes) {
    if (nodes.empty()) return;
    std::vector<NodeId> both;
    std::set_union(nodes_.begin(), nodes_.end(), nodes.begin(), nodes.end(), std::back_inserter(both));
    nodes_ = std::move(both);
  }

  // The nodes of terms of any of the ranges, ascending, `most` terms' at most; *all: there are no others.
  absl::Status Read(std::vector<TermRange> ranges, size_t most, std::vector<NodeId>* nodes, bool* all) {
    std::sort(ranges.begin(), ranges.end(),
              [](const TermRange& x, const TermRange& y) { return FirstTerm(x) < FirstTerm(y); });
    const std::string prefix = keys_.Prefix(Table::kTerm);
    size_t range = 0;
    *all = true;  // also where the table ends before the ranges do
    const auto visit = [&](std::string_view key, std::string_view, std::string* next) {
      TermStep step = StepOver(ranges[range], key.substr(prefix.size()));
      if (step.done) {
        if (++range == ranges.size()) return false;
        step.next = FirstTerm(ranges[range]);
      }
      cost_ += step.next.empty() ? 1 : kCostOfJump;
      *all = cost_ <= kMostTerms && (!step.fits || nodes->size() < most);
      if (!*all) return false;
      if (step.fits) nodes->push_back(step.node);
      if (!step.next.empty()) *next = prefix + step.next;
      return true;
    };
    LIBMPI_RETURN_IF_ERROR(view_.Walk(prefix + FirstTerm(ranges[0]), keys_.End(Table::kTerm), visit));
    std::sort(nodes->begin(), nodes->end());
    nodes->erase(std::unique(nodes->begin(), nodes->end()), nodes->end());
    return absl::OkStatus();
  }

  // The nodes of a live identifier, of the authority that was told or of any.
  absl::Status NodesOfIdentifier() {
    const std::string prefix = keys_.Prefix(Table::kPerson), behind = '\0' + criteria_.identifier + '\0';
    const std::string begin = criteria_.authority.empty() ? prefix : prefix + criteria_.authority + behind;
    std::vector<uint32_t> records;
    size_t authorities = 0;
    absl::Status status;
    const auto visit = [&](std::string_view key, std::string_view value, std::string* next) {
      const std::string_view authority = key.substr(0, key.find('\0', prefix.size()));
      const std::string wanted = std::string(authority) + behind;
      if (key.substr(0, wanted.size()) == wanted) {
        PersonOfRecord person;
        status = Unpack(value, &person);
        records.push_back(person.number);
        return status.ok() && records.size() < kMostCompared;
      }
      if (!criteria_.authority.empty()) return false;
      if (key < wanted) *next = wanted;
      else *next = std::string(authority) + '\1';
      if (++authorities < 2 * kMostAuthorities) return true;
      too_many_ = true;
      return false;
    };
    LIBMPI_RETURN_IF_ERROR(view_.Walk(begin, keys_.End(Table::kPerson), visit));
    LIBMPI_RETURN_IF_ERROR(status);
    for (uint32_t record : records) {
      std::optional<NodeId> node;
      LIBMPI_RETURN_IF_ERROR(kept_.ReadNodeOf(record, &node));
      if (!node) return Damaged();
      nodes_.push_back(*node);
    }
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    return absl::OkStatus();
  }

  // What no term tells is looked for among the nodes registered first.
  absl::Status FirstNodes() {
    return view_.Scan(keys_.Prefix(Table::kContent), keys_.End(Table::kContent),
                      [this](std::string_view key, std::string_view) {
                        too_many_ = nodes_.size() == kMostCompared;
                        if (!too_many_) nodes_.push_back(Keys::LastNumber(key));
                        return !too_many_;
                      });
  }

  // Those that a record that says this meets.
  absl::Status AddAlike() {
    std::vector<NodeId> alike;
    bool more;
    LIBMPI_RETURN_IF_ERROR(NodesThatMeet(kept_, query_.packed(), kMostCompared, &alike, &more));
    too_many_ = too_many_ || more;
    Add(alike);
    return absl::OkStatus();
  }

  // Reads what the nodes say until it is known that more persons fit than are asked for.
  absl::Status Sift(std::vector<Found>* found) {
    if (nodes_.size() > kMostCompared) {
      nodes_.resize(kMostCompared);
      too_many_ = true;
    }
    NodeTexts texts;
    UnpackedNode node;
    for (size_t begin = 0, size = 0; begin < nodes_.size(); begin += size) {
      if (!query_.whole() && persons_.size() > most_) break;  // who reads the answer is told by its length
      size = NextRead(begin);
      const std::span<const NodeId> some = std::span(nodes_).subspan(begin, std::min(size, nodes_.size() - begin));
      std::vector<std::string> contents;
      LIBMPI_RETURN_IF_ERROR(kept_.ReadContents(some, &contents));
      std::vector<NodeId> kept_nodes;
      std::vector<size_t> turned;
      const size_t first = found->size();
      for (size_t i = 0; i < some.size(); ++i) {
        texts.Clear();
        LIBMPI_RETURN_IF_ERROR(UnpackNode(contents[i], &texts, &node));
        const bool fits = query_.Fits(node, texts);
        const bool may_fit = !fits && query_.MayFitAsSaid(node, texts);
        if (!fits && !may_fit && !query_.whole()) continue;
        if (may_fit) turned.push_back(found->size());
        kept_nodes.push_back(some[i]);
        found->push_back({std::move(contents[i]), {}, fits});
      }
      std::vector<NodeState> states;
      LIBMPI_RETURN_IF_ERROR(kept_.ReadStates(kept_nodes, &states));
      for (size_t i = 0; i < states.size(); ++i) (*found)[first + i].state = std::move(states[i]);
      LIBMPI_RETURN_IF_ERROR(SiftAsSaid(turned, found));
      for (size_t i = first; i < found->size(); ++i)
        for (const KeptRecord& record : (*found)[i].state.records) persons_.insert(record.person);
    }
    return absl::OkStatus();
  }

  // Of nodes that may fit by what was said, the records that said it; all of them may still be alike.
  absl::Status SiftAsSaid(const std::vector<size_t>& turned, std::vector<Found>* found) {
    for (size_t i : turned) {
      std::vector<std::string> keys;
      for (const KeptRecord& record : (*found)[i].state.records) {
        too_many_ = too_many_ || statements_ == kMostCompared;
        if (statements_ == kMostCompared) break;
        keys.push_back(base_.Of(Table::kStatement, record.key));
        ++statements_;
      }
      std::vector<std::optional<std::string>> values;
      LIBMPI_RETURN_IF_ERROR(view_.Read(keys, &values));
      Found said{(*found)[i].packed, {}, true};
      for (size_t r = 0; r < values.size(); ++r) {
        bool fits = false;
        LIBMPI_RETURN_IF_ERROR(FitsAsSaid(values[r], &fits));
        if (fits) said.state.records.push_back((*found)[i].state.records[r]);
      }
      std::swap(said, (*found)[i]);  // they come first
      if (query_.whole()) found->push_back(std::move(said));
    }
    return absl::OkStatus();
  }

  absl::Status FitsAsSaid(const std::optional<std::string>& stated, bool* fits) const {
    if (!stated) return Damaged();
    Statement statement;
    LIBMPI_RETURN_IF_ERROR(Unpack(*stated, &statement));
    return query_.FitsAsSaid(statement.record, statement.said_on, model_, fits);
  }

  // How many nodes to read after `read` ones: as many as will do if the next ones are as the last.
  size_t NextRead(size_t read) const {
    constexpr size_t kFewest = 16, kMost = 128;
    if (query_.whole()) return nodes_.size();
    const size_t wanted = most_ + 1 - std::min(most_ + 1, persons_.size());
    const size_t expected = read == 0 ? wanted : wanted * read / std::max<size_t>(1, persons_.size());
    return std::clamp(expected + expected / 8, kFewest, kMost);
  }

  const SearchQuery& query_;
  const SearchCriteria& criteria_;
  const size_t most_;
  const SnapshotView& view_;
  const Keys& base_;
  const Keys& keys_;
  const FrozenModel& model_;
  const StoreLinkage kept_;
  std::vector<NodeId> nodes_;  // ascending
  std::set<uint32_t> persons_;  // of the found ones
  size_t at_once_ = 0;          // so many terms of a list that stands alone
  size_t cost_ = 0;
  size_t statements_ = 0;       // that were read for what they say
  bool too_many_ = false;
};

// Leaves the records that an answer may tell of; the answer's persons have no others, in `members` by person.
absl::Status Sift(const Generation& with, const View& view, const PersonSift& sift, std::vector<Found>* found,
                  std::map<uint32_t, std::vector<RecordKey>>* members) {
  std::map<uint32_t, std::string> any;  // a record of each person
  for (const Found& f : *found)
    for (const KeptRecord& r : f.state.records) any.try_emplace(r.person, with.keys.Of(Table::kPerson, r.key));
  std::vector<std::string> keys;
  for (const auto& [person, key] : any) keys.push_back(key);
  std::vector<std::optional<std::string>> values;
  LIBMPI_RETURN_IF_ERROR(view.Read(keys, &values));
  std::vector<std::vector<RecordKey>> lists;
  for (const std::optional<std::string>& value : values) {
    if (!value) return Damaged();
    PersonOfRecord of;
    LIBMPI_RETURN_IF_ERROR(Unpack(*value, &of));
    lists.push_back(std::move(of.members));
  }
  LIBMPI_RETURN_IF_ERROR(sift(&lists));
  size_t i = 0;
  for (const auto& [person, key] : any) (*members)[person] = std::move(lists[i++]);
  for (Found& f : *found)
    std::erase_if(f.state.records, [&](const KeptRecord& r) {
      return !std::ranges::binary_search((*members)[r.person], r.key);
    });
  return absl::OkStatus();
}

// The best `most` of the found ones, with who they are.
absl::Status Answer(const Registry::Rep& rep, const Generation& with, const View& view, std::string_view asked,
                    std::vector<Found> found, size_t most, const PersonSift& sift, SearchAnswer* answer) {
  std::map<uint32_t, std::vector<RecordKey>> sifted;
  if (sift) LIBMPI_RETURN_IF_ERROR(Sift(with, view, sift, &found, &sifted));
  Ranked ranked;
  LIBMPI_RETURN_IF_ERROR(Rank(*with.model, asked, found, &ranked));
  if (ranked.size() > most) {
    ranked.resize(most);
    answer->too_many = true;
  }
  std::vector<std::string> keys;
  for (const auto& [person, best] : ranked) keys.push_back(with.keys.Of(Table::kPerson, best.key));
  std::vector<std::optional<std::string>> values;
  LIBMPI_RETURN_IF_ERROR(view.Read(keys, &values));
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& [person, best] = ranked[i];
    if (!values[i]) return Damaged();
    PersonOfRecord of;
    LIBMPI_RETURN_IF_ERROR(Unpack(*values[i], &of));
    Candidate candidate;
    candidate.person = rep.IdOf(person);
    candidate.identifiers = sift ? std::move(sifted[person]) : std::move(of.members);
    candidate.best = best.key;
    candidate.weight = WeightBits(best.weight);
    candidate.probability = MatchProbability(best.weight);
    candidate.grade = GradeOf(best, *with.model);
    answer->candidates.push_back(std::move(candidate));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SearchAnswer> Registry::Search(const Record& record, size_t most, const PersonSift& sift) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> view = rep_->ViewOf(&with);
  const StoreLinkage kept = rep_->LinkageOf(view.get(), *with);
  Record asked = record;
  asked.Normalize();
  const std::string packed = with->model->Pack(asked, DayOf(rep_->Now()), nullptr);
  SearchAnswer answer;
  std::vector<NodeId> nodes;
  LIBMPI_RETURN_IF_ERROR(NodesThatMeet(kept, packed, kMostCompared, &nodes, &answer.too_many));
  std::vector<std::string> contents;
  std::vector<NodeState> states;
  LIBMPI_RETURN_IF_ERROR(kept.ReadContents(nodes, &contents));
  LIBMPI_RETURN_IF_ERROR(kept.ReadStates(nodes, &states));
  std::vector<Found> found;
  for (size_t i = 0; i < nodes.size(); ++i) found.push_back({std::move(contents[i]), std::move(states[i])});
  LIBMPI_RETURN_IF_ERROR(Answer(*rep_, *with, *view, packed, std::move(found), most, sift, &answer));
  return answer;
}

absl::StatusOr<SearchAnswer> Registry::Search(const SearchCriteria& criteria, size_t most,
                                              const PersonSift& sift) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> view = rep_->ViewOf(&with);
  LIBMPI_ASSIGN_OR_RETURN(const SearchQuery query, SearchQuery::Make(criteria, *with->model, DayOf(rep_->Now())));
  if (query.empty() && criteria.identifier.empty())
    return absl::InvalidArgumentError("a search needs something to look for");
  SearchAnswer answer;
  std::vector<Found> found;
  // Of those that fit nobody knows yet which may be told: all are looked at that one looks at.
  TypedSearch search(query, criteria, sift ? kMostCompared : most, *view, *rep_, *with);
  LIBMPI_RETURN_IF_ERROR(search.Find(&found, &answer.too_many));
  LIBMPI_RETURN_IF_ERROR(Answer(*rep_, *with, *view, query.packed(), std::move(found), most, sift, &answer));
  return answer;
}

}  // namespace libmpi
