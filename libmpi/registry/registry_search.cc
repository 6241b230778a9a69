// SPDX-License-Identifier: Apache-2.0
// Who might this be: a record that is not registered yet, against those that are.
#include <algorithm>
#include <map>
#include <set>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/slot_changes.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

// At most so many distinct records are compared: a search is bounded whatever is asked.
constexpr size_t kMostCompared = 500;
// Even odds, and the model's own surety of one wrong in a thousand.
constexpr FixedWeight kProbable = 0, kCertain = 10 * 1024;

}  // namespace

absl::StatusOr<SearchAnswer> Registry::Search(const Record& record, size_t most) const {
  const std::shared_ptr<const Generation> with = rep_->generation();
  const FrozenModel& model = *with->model;
  const SnapshotView view(rep_->store.get());
  const StoreLinkage kept = rep_->LinkageOf(&view, *with);
  Record asked = record;
  asked.Normalize();
  const std::string packed = model.Pack(asked, DayOf(rep_->Now()), nullptr);
  SearchAnswer answer;
  std::vector<NodeId> nodes;
  LIBMPI_RETURN_IF_ERROR(NodesThatMeet(kept, packed, kMostCompared, &nodes, &answer.too_many));
  std::vector<std::string> contents;
  std::vector<NodeState> states;
  LIBMPI_RETURN_IF_ERROR(kept.ReadContents(nodes, &contents));
  LIBMPI_RETURN_IF_ERROR(kept.ReadStates(nodes, &states));
  PackedNodes scorer(model);
  LIBMPI_ASSIGN_OR_RETURN(const uint32_t own, scorer.Add(packed));
  std::vector<uint32_t> numbers;
  for (const std::string& content : contents) {
    LIBMPI_ASSIGN_OR_RETURN(const uint32_t number, scorer.Add(content));
    numbers.push_back(number);
  }
  struct Best {
    FixedWeight weight;
    bool held;
    const KeptRecord* record;
  };
  std::map<uint32_t, Best> persons;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const PairScore score = scorer.Score(own, numbers[i]);
    if (score.weight < model.thresholds().review) continue;
    for (const KeptRecord& r : states[i].records) {
      const auto [it, is_new] = persons.try_emplace(r.person, Best{score.weight, score.held, &r});
      if (!is_new && score.weight > it->second.weight) it->second = {score.weight, score.held, &r};
    }
  }
  std::vector<std::pair<uint32_t, Best>> ranked(persons.begin(), persons.end());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& x, const auto& y) { return x.second.weight > y.second.weight; });
  if (ranked.size() > most) {
    ranked.resize(most);
    answer.too_many = true;
  }
  for (const auto& [person, best] : ranked) {
    PersonOfRecord of;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kPerson, best.record->key), &of, &found));
    if (!found) return absl::DataLossError("the registry's tables do not fit together");
    Candidate candidate;
    candidate.person = rep_->IdOf(person);
    candidate.identifiers = std::move(of.members);
    candidate.best = best.record->key;
    candidate.weight = WeightBits(best.weight);
    candidate.probability = MatchProbability(best.weight);
    const FixedWeight certain = std::max(kCertain, model.thresholds().match);
    candidate.grade = best.weight >= certain && !best.held ? Candidate::Grade::kCertain
                      : best.weight >= kProbable           ? Candidate::Grade::kProbable
                                                           : Candidate::Grade::kPossible;
    answer.candidates.push_back(std::move(candidate));
  }
  return answer;
}

}  // namespace libmpi
