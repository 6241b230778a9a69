// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/blocking_choice.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "absl/container/flat_hash_set.h"
#include "libmpi/base/hash.h"
#include "libmpi/table/table_blocks.h"
#include "libmpi/table/table_learning.h"
#include "libmpi/table/table_scorer.h"

namespace libmpi::table {
namespace {

constexpr size_t kMostRules = 48;          // that are chosen
constexpr double kPairsSampled = 6000;     // of a rule
constexpr double kLeastGain = 2e-4;        // of all expected matches, for a rule to be worth a name
constexpr double kDearest = 0.5;           // of all that may be spent, by one rule
constexpr double kFirstPass = 20;          // candidate pairs a record to learn the first model from

// Terms of a schema: every field as it is, then its other transforms, as many as can be tried in pairs.
std::vector<BlockingTerm> TermsOf(const Schema& schema) {
  constexpr size_t kMostTerms = 48;
  std::vector<BlockingTerm> terms;
  for (int t = 0; t < kTransforms; ++t)
    for (size_t f = 0; f < schema.fields.size(); ++f)
      if (Applies(static_cast<Transform>(t), schema.fields[f].kind) && terms.size() < kMostTerms)
        terms.push_back({f, static_cast<Transform>(t)});
  return terms;
}

// Pairs of terms. A term that by itself leaves no key out finds all that it finds with another.
std::vector<BlockingRule> PairRules(const std::vector<BlockingTerm>& terms, const std::vector<bool>& leaves_out) {
  std::vector<BlockingRule> rules;
  for (size_t i = 0; i < terms.size(); ++i)
    for (size_t j = i + 1; j < terms.size(); ++j)
      if (terms[i].field != terms[j].field && leaves_out[i] && leaves_out[j]) rules.push_back({terms[i], terms[j]});
  return rules;
}

// A rule with what is known of it: its pairs, and some of them with their match probability.
struct Candidate {
  BlockingRule rule;
  double pairs = 0;
  struct Sampled {
    uint32_t a, b;
    float probability;
  };
  std::vector<Sampled> likely;  // of the sample, those that may be matches
  double scale = 1;             // pairs that a sampled one stands for
};

// The blocks of the chosen rules, to ask whether a pair is found already.
class Found {
 public:
  explicit Found(size_t records) : records_(records) {}
  void Add(const RuleBlocks& blocks) {
    std::vector<uint32_t>& of = block_of_.emplace_back(records_, 0);
    for (uint32_t block = 0; block + 1 < blocks.begin.size(); ++block)
      for (uint64_t m = blocks.begin[block]; m < blocks.begin[block + 1]; ++m) of[blocks.members[m]] = block + 1;
  }
  bool Has(uint32_t a, uint32_t b) const {
    for (const std::vector<uint32_t>& of : block_of_)
      if (of[a] != 0 && of[a] == of[b]) return true;
    return false;
  }

 private:
  size_t records_;
  std::vector<std::vector<uint32_t>> block_of_;
};

double GainOf(const Candidate& candidate, const Found& found) {
  double matches = 0;
  for (const Candidate::Sampled& pair : candidate.likely)
    if (!found.Has(pair.a, pair.b)) matches += pair.probability;
  return matches * candidate.scale;
}

void SamplePairs(const RuleBlocks& blocks, const Table& table, TableComparator* comparator, TableScorer* scorer,
                 Candidate* candidate) {
  const uint64_t threshold = SampleThreshold(kPairsSampled / (candidate->pairs + 1));
  double sampled = 0;
  for (size_t block = 0; block + 1 < blocks.begin.size(); ++block)
    for (uint64_t i = blocks.begin[block]; i < blocks.begin[block + 1]; ++i)
      for (uint64_t j = i + 1; j < blocks.begin[block + 1]; ++j) {
        const uint32_t a = blocks.members[i], b = blocks.members[j];
        if (MixBits(table.Content(a) + table.Content(b)) > threshold || !table.Pairs(a, b)) continue;
        ++sampled;
        const double p = MatchProbability(scorer->Score(comparator->Compare(a, b), a, b));
        if (p > 0.05) candidate->likely.push_back({a, b, static_cast<float>(p)});
      }
  candidate->scale = sampled > 0 ? candidate->pairs / sampled : 1;
}

// Exact rules, cheapest first, for the first model.
std::vector<BlockingRule> FirstRules(const std::vector<Candidate>& candidates, double records) {
  std::vector<const Candidate*> exact;
  for (const Candidate& c : candidates) {
    const bool all_exact = std::all_of(c.rule.begin(), c.rule.end(), [](const BlockingTerm& t) {
      return t.transform == Transform::kExact || t.transform == Transform::kSound;
    });
    if (all_exact && c.pairs > 0) exact.push_back(&c);
  }
  std::stable_sort(exact.begin(), exact.end(), [](const Candidate* x, const Candidate* y) { return x->pairs < y->pairs; });
  std::vector<BlockingRule> rules;
  double spent = 0;
  for (const Candidate* c : exact) {
    spent += c->pairs;
    if (!rules.empty() && (spent > kFirstPass * records || rules.size() >= kMostRules)) break;
    rules.push_back(c->rule);
  }
  return rules;
}

TableModel FirstModel(const Schema& schema, const Table& table, const std::vector<BlockingRule>& rules, uint64_t seed,
                      int threads) {
  TableModel model;
  model.schema = schema;
  model.values = CountValues(schema, table);
  const TableBlocks blocks(schema, table, rules, threads);
  const Comparisons comparisons(schema, FieldInformation(table));
  const PatternSamples samples = SamplePatterns(schema, table, blocks, comparisons, seed, threads);
  model.classes = LearnClasses(schema, comparisons, samples, threads).classes;
  return model;
}

struct Ranked {
  double worth = 0;  // new matches a pair, an upper bound until asked again
  size_t candidate = 0;
  size_t asked_at = 0;  // rules chosen by then
  bool operator<(const Ranked& other) const {
    return worth != other.worth ? worth < other.worth : candidate > other.candidate;
  }
};

// All rules that are tried, with their pairs.
std::vector<Candidate> TriedRules(const Schema& schema, const Table& table, const std::vector<BlockingTerm>& terms,
                                  const TermKeys& keys, int threads) {
  std::vector<bool> leaves_out(terms.size());
  std::vector<Candidate> candidates(terms.size());
  std::vector<uint64_t> unreached(terms.size());
  const auto count = [&](size_t i) {
    const RuleBlocks blocks = BlockBy(candidates[i].rule, keys, table, schema.blocking.largest_block);
    candidates[i].pairs = static_cast<double>(blocks.pairs);
    return blocks.unreached_pairs;
  };
  for (size_t i = 0; i < terms.size(); ++i) candidates[i].rule = {terms[i]};
  ParallelChunks(terms.size(), 1, threads, [&](size_t i, size_t, int) { unreached[i] = count(i); });
  for (size_t i = 0; i < terms.size(); ++i) leaves_out[i] = unreached[i] > 0;
  for (BlockingRule& rule : PairRules(terms, leaves_out)) candidates.emplace_back().rule = std::move(rule);
  ParallelChunks(candidates.size() - terms.size(), 1, threads, [&](size_t i, size_t, int) { count(terms.size() + i); });
  return candidates;
}

}  // namespace

BlockingChoice ChooseBlocking(const Schema& schema, const Table& table, uint64_t seed, int threads) {
  BlockingChoice choice;
  const std::vector<BlockingTerm> terms = TermsOf(schema);
  std::vector<BlockingRule> singles;
  for (const BlockingTerm& term : terms) singles.push_back({term});
  const TermKeys keys(schema, table, singles);
  const auto records = static_cast<double>(table.size());
  const double budget = schema.blocking.pairs_a_record * records;
  std::vector<Candidate> candidates = TriedRules(schema, table, terms, keys, threads);
  const std::vector<BlockingRule> first = FirstRules(candidates, records);
  std::erase_if(candidates, [&](const Candidate& c) { return c.pairs == 0 || c.pairs > kDearest * budget; });
  if (first.empty()) return choice;
  const TableModel model = FirstModel(schema, table, first, seed, threads);
  const Rarity rarity(model, table);
  const Comparisons comparisons(schema, FieldInformation(table));
  std::vector<TableComparator> comparators(threads, TableComparator(&schema, &table, &comparisons));
  std::vector<TableScorer> scorers(threads, TableScorer(&model, &rarity));
  ParallelChunks(candidates.size(), 1, threads, [&](size_t i, size_t, int worker) {
    SamplePairs(BlockBy(candidates[i].rule, keys, table, schema.blocking.largest_block), table, &comparators[worker],
                &scorers[worker], &candidates[i]);
  });
  Found found(table.size());
  std::priority_queue<Ranked> queue;
  for (size_t i = 0; i < candidates.size(); ++i)
    queue.push({GainOf(candidates[i], found) / candidates[i].pairs, i, 0});
  double spent = 0, matches = 0;
  while (!queue.empty() && choice.rules.size() < kMostRules) {
    Ranked top = queue.top();
    queue.pop();
    const Candidate& c = candidates[top.candidate];
    if (spent + c.pairs > budget) continue;
    if (top.asked_at < choice.rules.size()) {
      top = {GainOf(c, found) / c.pairs, top.candidate, choice.rules.size()};
      if (!queue.empty() && top < queue.top()) {
        queue.push(top);
        continue;
      }
    }
    const double gain = top.worth * c.pairs;
    if (gain <= kLeastGain * std::max(matches, 1.0)) continue;
    found.Add(BlockBy(c.rule, keys, table, schema.blocking.largest_block));
    spent += c.pairs;
    matches += gain;
    choice.rules.push_back({c.rule, c.pairs, gain, matches});
  }
  for (RuleChoice& rule : choice.rules) rule.recall = matches > 0 ? rule.recall / matches : 0;
  return choice;
}

}  // namespace libmpi::table
