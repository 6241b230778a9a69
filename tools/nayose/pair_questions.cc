// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/pair_questions.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/evaluation/pair_sample.h"
#include "libmpi/exchange/csv_writer.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/decisions.h"

namespace nayose {
namespace {

void AppendKey(const libmpi::RecordKey& key, std::string* line) {
  libmpi::AppendCsvField(key.IdText(), line);
  line->push_back(',');
  libmpi::AppendCsvField(key.source, line);
  line->push_back(',');
}

// Pairs whose agreement patterns are looked at: a millisecond each.
constexpr size_t kMostLookedAt = 20000;
// Beyond it a pair is sure enough that its kind does not matter.
constexpr double kUnsure = 10;

struct Looked {
  double probability = 0;
  uint64_t kind = 0;
};

// What the model would say without caps, and which levels agree.
Looked LookAt(const RunPairs& run, const RunPair& pair) {
  if (std::abs(pair.weight) > kUnsure)
    return {1 / (1 + std::exp2(-pair.weight)), libmpi::HashBytes(StratumOf(pair))};
  const libmpi::Explanation why = run.Explain(pair.a, pair.b);
  Looked out;
  out.probability = 1 / (1 + std::exp2(why.cap_weight - libmpi::WeightBits(why.weight)));
  for (const auto& bar : why.bars) out.kind = libmpi::HashCombine(out.kind, libmpi::HashBytes(bar.level));
  return out;
}

// The pairs that can be asked about to learn from: compared ones, of the sure ones in large data a random part.
// *stand_for: what each stands for.
std::vector<size_t> PairsToLookAt(const RunPairs& run, uint64_t seed, std::vector<double>* stand_for) {
  size_t unsure = 0;
  for (const RunPair& pair : run.pairs) unsure += std::abs(pair.weight) <= kUnsure;
  const double share = std::min(1.0, static_cast<double>(kMostLookedAt) / static_cast<double>(unsure + 1));
  const uint64_t threshold = libmpi::SampleThreshold(share);
  std::vector<size_t> out;
  for (size_t i = 0; i < run.pairs.size(); ++i) {
    if (run.RandomOf(run.pairs[i], ~seed) > threshold) continue;
    out.push_back(i);
    stand_for->push_back(1 / share);
  }
  return out;
}

}  // namespace

const char kQuestionHeader[] =
    "record_a,source_a,record_b,source_b,match_weight,match_probability,stratum,sampling_weight,decision";

std::string QuestionLine(const RunPairs& run, const PairQuestion& q, const std::string& more) {
  std::string line;
  AppendKey(run.records[q.a].key, &line);
  AppendKey(run.records[q.b].key, &line);
  char text[96];
  std::snprintf(text, sizeof text, "%.3f,%.6f,", q.weight, 1 / (1 + std::exp2(-q.weight)));
  line += text;
  libmpi::AppendCsvField(q.stratum, &line);
  std::snprintf(text, sizeof text, ",%.6g,", q.stands_for);
  return line + text + q.decision + more + '\n';
}

absl::StatusOr<std::vector<PairQuestion>> ReadQuestions(const std::string& path, const RunPairs& run,
                                                        size_t* absent) {
  const auto table = CsvTable::Read(path, {"record_a", "source_a", "record_b", "source_b"});
  if (!table.ok()) return table.status();
  const KeyedRecords keys = KeysOf(run.records);
  std::vector<PairQuestion> out;
  *absent = 0;
  for (size_t i = 0; i < table->size(); ++i) {
    auto a = FindById(keys, table->Get(i, "source_a"), table->Get(i, "record_a"));
    auto b = FindById(keys, table->Get(i, "source_b"), table->Get(i, "record_b"));
    if (!a || !b || *a == *b) {
      ++*absent;
      continue;
    }
    if (*a > *b) std::swap(a, b);
    PairQuestion q{*a, *b, std::strtod(table->Get(i, "match_weight").c_str(), nullptr), table->Get(i, "stratum"),
                   std::strtod(table->Get(i, "sampling_weight").c_str(), nullptr), table->Get(i, "decision")};
    if (!(q.stands_for > 0)) q.stands_for = 1;
    if (!q.decision.empty() && q.decision != "same" && q.decision != "different" && q.decision != "unsure")
      return absl::InvalidArgumentError(path + " line " + std::to_string(table->line(i)) +
                                        ": the decision is neither same, different nor unsure (nor empty)");
    out.push_back(std::move(q));
  }
  return out;
}

absl::StatusOr<std::vector<PairQuestion>> ChooseTeachingPairs(const RunPairs& run, size_t count, uint64_t seed) {
  std::vector<double> stand_for;
  const std::vector<size_t> asked = PairsToLookAt(run, seed, &stand_for);
  std::vector<double> probability(asked.size());
  std::vector<uint64_t> kind(asked.size()), random(asked.size());
  libmpi::ParallelChunks(asked.size(), 64, libmpi::ResolveThreads(0), [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) {
      const Looked looked = LookAt(run, run.pairs[asked[i]]);
      probability[i] = looked.probability;
      kind[i] = looked.kind;
      random[i] = run.RandomOf(run.pairs[asked[i]], seed);
    }
  });
  std::map<std::string, int> strata;
  std::vector<int> stratum;
  for (size_t i : asked)
    stratum.push_back(strata.try_emplace(StratumOf(run.pairs[i]), static_cast<int>(strata.size())).first->second);
  std::vector<PairQuestion> questions;
  for (const libmpi::SampledItem& item :
       libmpi::DrawSample(libmpi::TeachingSizes(probability, kind, stratum), random, count)) {
    const RunPair& pair = run.pairs[asked[item.index]];
    questions.push_back({pair.a, pair.b, pair.weight, StratumOf(pair), item.stands_for * stand_for[item.index], ""});
  }
  return questions;
}

}  // namespace nayose
