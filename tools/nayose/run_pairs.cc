// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_pairs.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/replay.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/state_records.h"

namespace nayose {
namespace {

// Lower ends of the strata, in bits.
constexpr double kSteps[] = {-10, -5, -3, -2, -1, 0, 1, 3, 6, 10, 15, 20};

uint64_t KeyHash(const libmpi::RecordKey& key) {
  return libmpi::HashCombine(libmpi::HashBytes(key.source), libmpi::HashBytes(key.IdText()));
}

absl::Status ReadClusters(const std::string& directory, RunPairs* run) {
  const auto table = CsvTable::Read(directory + "/clusters.csv", {"record_id", "source", "cluster_id"});
  if (!table.ok()) return table.status();
  constexpr uint32_t kNone = UINT32_MAX;
  run->cluster.assign(run->records.size(), kNone);
  std::map<std::string, uint32_t> first;
  const KeyedRecords keys = KeysOf(run->records);
  for (size_t i = 0; i < table->size(); ++i) {
    const auto record = FindById(keys, table->Get(i, "source"), table->Get(i, "record_id"));
    if (record) run->cluster[*record] = first.try_emplace(table->Get(i, "cluster_id"), *record).first->second;
  }
  if (std::find(run->cluster.begin(), run->cluster.end(), kNone) != run->cluster.end())
    return absl::FailedPreconditionError(directory + ": clusters.csv and state/ do not hold the same records; run again");
  return absl::OkStatus();
}

bool ByRecords(const RunPair& x, const RunPair& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); }

absl::StatusOr<std::vector<libmpi::Record>> RecordsOf(const std::string& directory, const StateRecords& state) {
  if (state.new_count() != state.size())
    return absl::FailedPreconditionError(directory + ": is a run of nayose link; this is for runs of nayose dedupe");
  std::vector<libmpi::Record> records(state.size());
  for (size_t i = 0; i < records.size(); ++i) state.Get(i, &records[i]);
  return records;
}

}  // namespace

uint64_t RunPairs::RandomOf(const RunPair& pair, uint64_t seed) const {
  return libmpi::MixBits(libmpi::HashCombine(KeyHash(records[pair.a].key), KeyHash(records[pair.b].key)) ^
                         libmpi::MixBits(seed));
}

std::optional<RunPair> RunPairs::Find(uint32_t a, uint32_t b) const {
  const RunPair wanted{a, b, 0, false, cluster[a] == cluster[b]};
  const auto it = std::lower_bound(pairs.begin(), pairs.end(), wanted, ByRecords);
  if (it != pairs.end() && it->a == a && it->b == b) return *it;
  if (!wanted.found || !paired_[a] || !paired_[b]) return std::nullopt;
  return wanted;
}

absl::StatusOr<RunPairs> ReadRunPairs(const std::string& directory) {
  FinishPublishing(directory);
  RunPairs out;
  LIBMPI_ASSIGN_OR_RETURN(out.run, ReplayedRun::Open(directory, false));
  if (out.run->model_changed())
    return absl::FailedPreconditionError(directory + "/model.json was changed since the run; run again with --model");
  LIBMPI_ASSIGN_OR_RETURN(out.records, RecordsOf(directory, out.run->records()));
  LIBMPI_RETURN_IF_ERROR(ReadClusters(directory, &out));
  // Of its own, so that the encoded records do not stay.
  std::unique_ptr<libmpi::Replay> replay;
  LIBMPI_ASSIGN_OR_RETURN(
      replay, libmpi::Replay::Create(
                  out.records.size(), [&](size_t i, libmpi::RecordView* record) { record->Assign(out.records[i]); },
                  out.run->options(), std::nullopt));
  constexpr auto kLowest = static_cast<libmpi::FixedWeight>(kLowestAsked * libmpi::kWeightUnit);
  for (const libmpi::Edge& e : replay->Edges(kLowest))
    out.pairs.push_back({e.a, e.b, libmpi::WeightBits(e.weight), true, out.cluster[e.a] == out.cluster[e.b]});
  std::sort(out.pairs.begin(), out.pairs.end(), ByRecords);
  out.deeper = static_cast<double>(replay->CandidatePairsBelow(kLowest));
  std::vector<uint32_t> cluster = out.cluster;
  for (uint32_t i = 0; i < cluster.size(); ++i) {
    out.paired_.push_back(replay->PairedOneByOne(i));
    if (!out.paired_[i]) cluster[i] = libmpi::UnlinkedPairs::kLeftOut;
  }
  std::vector<libmpi::UnlinkedPairs::Pair> links;
  for (const RunPair& pair : out.pairs) links.emplace_back(pair.a, pair.b);
  out.unlinked = libmpi::UnlinkedPairs(cluster, links);
  return out;
}

std::string StratumOf(const RunPair& pair) {
  const std::string side = pair.found ? "found_" : "apart_";
  if (!pair.linked) return side + "unlinked";
  const auto* above = std::upper_bound(std::begin(kSteps), std::end(kSteps), pair.weight);
  char text[48];
  if (above == std::end(kSteps)) std::snprintf(text, sizeof text, "%.0f_and_more", kSteps[std::size(kSteps) - 1]);
  else if (above == std::begin(kSteps)) std::snprintf(text, sizeof text, "below_%.0f", kSteps[0]);
  else std::snprintf(text, sizeof text, "%.0f_to_%.0f", above[-1], above[0]);
  return side + text;
}

}  // namespace nayose
