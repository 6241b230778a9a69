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
#include "libmpi/exchange/output_file.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/run_state.h"

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

// Adds the pairs of one cluster that were not compared.
void AddUnlinked(RunPairs* run) {
  std::vector<uint32_t> order(run->records.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t x, uint32_t y) { return run->cluster[x] < run->cluster[y]; });
  const size_t linked = run->pairs.size();
  for (size_t i = 0; i < order.size(); ++i)
    for (size_t j = i + 1; j < order.size() && run->cluster[order[j]] == run->cluster[order[i]]; ++j) {
      const RunPair pair{order[i], order[j], 0, false, true};
      if (!std::binary_search(run->pairs.begin(), run->pairs.begin() + static_cast<std::ptrdiff_t>(linked), pair,
                              ByRecords))
        run->pairs.push_back(pair);
    }
  std::sort(run->pairs.begin(), run->pairs.end(), ByRecords);
}

}  // namespace

uint64_t RunPairs::RandomOf(const RunPair& pair, uint64_t seed) const {
  return libmpi::MixBits(libmpi::HashCombine(KeyHash(records[pair.a].key), KeyHash(records[pair.b].key)) ^
                         libmpi::MixBits(seed));
}

absl::StatusOr<RunPairs> ReadRunPairs(const std::string& directory) {
  FinishPublishing(directory);
  const auto state = ReadState(directory);
  if (!state.ok()) return state.status();
  RunPairs run;
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadSmallFile(directory + "/model.json"));
  LIBMPI_ASSIGN_OR_RETURN(run.model, libmpi::Model::FromJson(text));
  if (ContentHash(text) != state->model_hash)
    return absl::FailedPreconditionError(directory + "/model.json was changed since the run; run again with --model");
  LIBMPI_ASSIGN_OR_RETURN(run.records, AllRecords(directory));
  LIBMPI_RETURN_IF_ERROR(ReadClusters(directory, &run));
  run.options.preset = state->preset == "safe" ? libmpi::Preset::kSafe : libmpi::Preset::kBalanced;
  run.options.population = state->population;
  run.options.match_threshold = std::max(state->match_threshold, kLowestAsked);
  run.options.review_threshold = kLowestAsked;
  LIBMPI_ASSIGN_OR_RETURN(run.options.today, ParseToday(state->today));
  libmpi::LinkOptions options = run.options;
  options.model = &run.model;
  const auto result = libmpi::Dedupe(
      run.records.size(), [&](size_t i, libmpi::Record* record) { *record = run.records[i]; }, options);
  if (!result.ok()) return result.status();
  for (const libmpi::Link& link : result->links)
    run.pairs.push_back({link.a, link.b, libmpi::WeightBits(link.weight), true,
                         run.cluster[link.a] == run.cluster[link.b]});
  run.deeper = std::max(0.0, static_cast<double>(result->candidate_pairs) - static_cast<double>(run.pairs.size()));
  AddUnlinked(&run);
  return run;
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
