// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/replay.h"

#include <numeric>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/edge_store.h"
#include "libmpi/linkage/record_edges.h"
#include "libmpi/linkage/run_bounds.h"

namespace libmpi {

absl::StatusOr<std::unique_ptr<Replay>> Replay::Create(size_t count, const RecordReader& reader,
                                                       const LinkOptions& options,
                                                       std::optional<size_t> new_count) {
  if (options.model == nullptr) return absl::InvalidArgumentError("a run is replayed by its model");
  LIBMPI_RETURN_IF_ERROR(options.model->Validate());
  const Model& model = *options.model;
  std::unique_ptr<Replay> out(new Replay());
  out->count_ = count;
  out->new_count_ = new_count;
  out->preset_ = options.preset;
  out->threads_ = ResolveThreads(options.threads);
  out->readings_ = std::make_unique<ReadingModel>(model.names.Readings());
  const Standardizer standardizer(StandardizeOptions{options.today, model.insurer_check_digits}, &model.names,
                                  out->readings_.get());
  LIBMPI_RETURN_IF_ERROR(EncodeRecords(count, new_count.value_or(0), reader, standardizer, *out->readings_,
                                       out->threads_, options.progress, &out->records_));
  out->distinct_ = DistinctRecords(&out->records_, new_count.value_or(0));
  out->blocks_ = std::make_unique<Blocks>(&out->records_, out->threads_);
  out->comparators_.assign(out->threads_, Comparator(&out->records_, out->readings_.get()));
  out->shares_ = std::make_unique<NameShares>(model, out->records_, out->threads_);
  out->scorers_.assign(out->threads_,
                       Scorer(&model, out->shares_.get(), PopulationOf(options.population, model)));
  return out;
}

bool Replay::IsCandidate(uint32_t a, uint32_t b) const {
  const uint32_t x = distinct_.NumberOf(a), y = distinct_.NumberOf(b);
  return Compared(x, y) && (x == y || blocks_->Meet(x, y));
}

PairScore Replay::Score(uint32_t a, uint32_t b) { return ScoreOf(0, distinct_.NumberOf(a), distinct_.NumberOf(b)); }

PairScore Replay::ScoreOf(int worker, uint32_t a, uint32_t b, Preset preset) {
  return ScoreRecords(records_.records[a], records_.records[b], preset, &comparators_[worker], &scorers_[worker]);
}

uint64_t Replay::CandidatePairs() const {
  std::vector<uint64_t> pairs(threads_, 0);
  blocks_->ForEachPair(threads_, [&](int worker, uint32_t a, uint32_t b) {
    if (Compared(a, b)) pairs[worker] += distinct_.CountOf(a) * distinct_.CountOf(b);
  });
  uint64_t all = std::accumulate(pairs.begin(), pairs.end(), uint64_t{0});
  for (uint32_t d = 0; !new_count_ && d < distinct_.size(); ++d)
    all += distinct_.CountOf(d) * (distinct_.CountOf(d) - 1) / 2;
  return all;
}

uint64_t Replay::CandidatePairsBelow(FixedWeight weight) {
  std::vector<uint64_t> pairs(threads_, 0);
  ForEachCandidate([&](int worker, std::span<const uint32_t> a, std::span<const uint32_t> b, const PairScore& score) {
    if (score.weight < weight)
      pairs[worker] += a.data() == b.data() ? a.size() * (a.size() - 1) / 2 : a.size() * b.size();
  });
  return std::accumulate(pairs.begin(), pairs.end(), uint64_t{0});
}

LargeArray<Edge> Replay::Edges(FixedWeight lowest, std::optional<Preset> preset) {
  const Preset held_as = preset.value_or(preset_);
  EdgeStore store(threads_, MostEdges(count_), 0);
  blocks_->ForEachPairByChunk(threads_, [&](int worker, size_t chunk, uint32_t a, uint32_t b) {
    if (!Compared(a, b)) return;
    const PairScore score = ScoreOf(worker, a, b, held_as);
    if (score.weight >= lowest) store.Add(worker, chunk, {a, b, score.weight, score.held});
  });
  uint64_t left_out;
  const LargeArray<Edge> pairs = store.Take(nullptr, &left_out);
  std::vector<Edge> repeats;
  for (uint32_t d = 0; !new_count_ && d < distinct_.size(); ++d) {
    if (distinct_.CountOf(d) < 2) continue;
    const PairScore score = ScoreOf(0, d, d, held_as);
    if (score.weight >= lowest) repeats.push_back({d, d, score.weight, score.held});
  }
  return RecordEdges(distinct_, pairs, repeats, new_count_.has_value(), MostEdges(count_), &left_out);
}

double Replay::AllPairs() const {
  const double n = static_cast<double>(count_), m = static_cast<double>(new_count_.value_or(0));
  return new_count_ ? m * (n - m) : n * (n - 1) / 2;
}

}  // namespace libmpi
