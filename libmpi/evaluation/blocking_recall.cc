// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/blocking_recall.h"

#include <map>
#include <vector>

#include "libmpi/base/union_find.h"
#include "libmpi/evaluation/bootstrap.h"

namespace libmpi {
namespace {

struct PersonPairs {
  RatioPart met, connected;
};

PersonPairs PairsOf(const Replay& replay, const std::vector<uint32_t>& records) {
  PersonPairs out;
  UnionFind joined(records.size());
  for (uint32_t i = 0; i < records.size(); ++i)
    for (uint32_t j = i + 1; j < records.size(); ++j) {
      if (!replay.Comparable(records[i], records[j])) continue;
      ++out.met.whole;
      if (!replay.IsCandidate(records[i], records[j])) continue;
      ++out.met.part;
      joined.Join(i, j);
    }
  out.connected.whole = out.met.whole;
  for (uint32_t i = 0; i < records.size(); ++i)
    for (uint32_t j = i + 1; j < records.size(); ++j)
      out.connected.part += replay.Comparable(records[i], records[j]) && joined.Find(i) == joined.Find(j);
  return out;
}

}  // namespace

BlockingEvaluation EvaluateBlocking(const Replay& replay, std::span<const uint32_t> person) {
  std::map<uint32_t, std::vector<uint32_t>> records_of;
  for (uint32_t i = 0; i < person.size(); ++i)
    if (person[i] != kUnknownPerson) records_of[person[i]].push_back(i);
  std::vector<RatioPart> met, connected;
  BlockingEvaluation out;
  for (const auto& [label, records] : records_of) {
    if (records.size() > kMostRecordsOfPerson) continue;
    const PersonPairs pairs = PairsOf(replay, records);
    if (pairs.met.whole == 0) continue;
    met.push_back(pairs.met);
    connected.push_back(pairs.connected);
    out.true_pairs += static_cast<uint64_t>(pairs.met.whole);
    out.met_pairs += static_cast<uint64_t>(pairs.met.part);
  }
  out.recall = EstimateRatio(met, 1);
  out.connected_recall = EstimateRatio(connected, 1);
  out.candidate_pairs = replay.CandidatePairs();
  out.all_pairs = replay.AllPairs();
  out.reduction_ratio = out.all_pairs > 0 ? 1 - static_cast<double>(out.candidate_pairs) / out.all_pairs : 0;
  return out;
}

}  // namespace libmpi
