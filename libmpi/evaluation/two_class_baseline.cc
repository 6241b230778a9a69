// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/two_class_baseline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/base/hash.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kLargestBlock = 400;
constexpr int kRounds = 50;
constexpr int kRandomPairs = 1000000;

// The blocking rules.
enum Rule : size_t { kByKanji, kByKana, kByBirth, kByCard, kByPhone, kByStreet };

// The fields compared; a level is 0 missing, 1 equal, 2 near, 3 different.
enum Field { kFamily, kGiven, kBirth, kSex, kCard, kCity, kStreet, kPhone, kFields };
constexpr int kLevels = 4;
constexpr int kPatterns = 1 << (2 * kFields);
using Pattern = uint16_t;

// A record as the recipe sees it: one text a field, empty where missing.
struct Row {
  std::u32string family[2], given[2];  // kanji, kana
  std::string birth, sex, card, insurer, city, town, street, phone;
};

std::u32string Letters(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
  return out;
}

Row RowOf(const Features& f) {
  Row row;
  for (const NameFeatures& name : f.names) {
    const std::vector<NameForm>* scripts[2] = {&name.kanji, &name.kana};
    for (int s = 0; s < 2; ++s) {
      if (!row.family[s].empty() || scripts[s]->empty()) continue;
      row.family[s] = Letters(scripts[s]->front().family);
      row.given[s] = Letters(scripts[s]->front().given);
    }
  }
  if (!f.births.empty()) {
    const CivilDate& d = f.births.front();
    row.birth = std::to_string(d.year * 10000 + d.month * 100 + d.day);
  }
  if (!f.sexes.empty()) row.sex = f.sexes.front() == Sex::kFemale ? "F" : "M";
  if (!f.coverages.empty() && !f.coverages.front().number.empty()) {
    const CoverageFeatures& c = f.coverages.front();
    row.insurer = c.insurer;
    row.card = c.insurer + "|" + c.symbol + "|" + c.number;
  }
  if (!f.addresses.empty()) {
    const AddressFeatures& a = f.addresses.front();
    row.city = a.city;
    row.town = a.city + "|" + a.town;
    if (!a.numbers.empty()) row.street = row.town + "|" + a.numbers;
  }
  if (!f.phones.empty()) row.phone = f.phones.front().digits;
  return row;
}

// At most one letter more, less or other.
template <typename Text>
bool OneEditApart(const Text& a, const Text& b) {
  const Text& s = a.size() < b.size() ? a : b;
  const Text& t = a.size() < b.size() ? b : a;
  if (s.size() < 2 || t.size() - s.size() > 1) return false;
  size_t head = 0, tail = 0;
  while (head < s.size() && s[head] == t[head]) ++head;
  while (tail < s.size() - head && s[s.size() - 1 - tail] == t[t.size() - 1 - tail]) ++tail;
  return t.size() - head - tail <= 1;
}

template <typename Text>
int Level(const Text& a, const Text& b) {
  if (a.empty() || b.empty()) return 0;
  return a == b ? 1 : OneEditApart(a, b) ? 2 : 3;
}

int LevelWithNear(const std::string& a, const std::string& b, const std::string& near_a,
                  const std::string& near_b) {
  if (a.empty() || b.empty()) return 0;
  return a == b ? 1 : near_a == near_b ? 2 : 3;
}

// Kanji where both have it, else kana.
int NameLevel(const std::u32string (&a)[2], const std::u32string (&b)[2]) {
  const int kanji = Level(a[0], b[0]);
  return kanji != 0 ? kanji : Level(a[1], b[1]);
}

Pattern PatternOf(const Row& a, const Row& b) {
  std::array<int, kFields> level;
  level[kFamily] = NameLevel(a.family, b.family);
  level[kGiven] = NameLevel(a.given, b.given);
  level[kBirth] = Level(a.birth, b.birth);
  level[kSex] = LevelWithNear(a.sex, b.sex, "a", "b");
  level[kCard] = LevelWithNear(a.card, b.card, a.insurer, b.insurer);
  level[kCity] = LevelWithNear(a.city, b.city, "a", "b");
  level[kStreet] = LevelWithNear(a.street, b.street, a.town, b.town);
  level[kPhone] = Level(a.phone, b.phone);
  int pattern = 0;
  for (int f = 0; f < kFields; ++f) pattern |= level[f] << (2 * f);
  return static_cast<Pattern>(pattern);
}

// Keys of the blocking rules; 0 where a rule has none.
std::array<uint64_t, 6> BlockingKeys(const Row& r) {
  const auto key = [](uint64_t rule, std::initializer_list<std::string_view> parts) -> uint64_t {
    uint64_t h = rule;
    for (std::string_view part : parts) {
      if (part.empty()) return 0;
      h = HashCombine(h, HashBytes(part));
    }
    return h;
  };
  const auto name = [&](uint64_t rule, int script) -> uint64_t {
    uint64_t h = rule;
    for (char32_t c : r.family[script] + U"|" + r.given[script]) h = HashCombine(h, c);
    return r.given[script].empty() ? 0 : h;
  };
  return {name(1, 0),           name(2, 1),          key(3, {r.birth, r.sex}),
          key(4, {r.card}),     key(5, {r.phone}),   key(6, {r.street})};
}

// Pairs that share a key of one of the rules, each once.
std::vector<std::pair<uint32_t, uint32_t>> PairsOf(const std::vector<Row>& rows,
                                                   std::initializer_list<size_t> rules) {
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> blocks;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const auto keys = BlockingKeys(rows[i]);
    for (size_t rule : rules)
      if (keys[rule] != 0) blocks[keys[rule]].push_back(i);
  }
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const auto& [key, block] : blocks) {
    if (block.size() > kLargestBlock) continue;
    for (size_t i = 0; i < block.size(); ++i)
      for (size_t j = i + 1; j < block.size(); ++j) pairs.emplace_back(block[i], block[j]);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

using Table = std::array<std::array<double, kLevels>, kFields>;
struct TwoClasses {
  double match_share = 0.3;
  Table m, u;
};

double Likelihood(const Table& table, int pattern) {
  double p = 1;
  for (int f = 0; f < kFields; ++f)
    if (const int level = pattern >> (2 * f) & 3) p *= table[f][level];
  return p;
}

double MatchProbability(const TwoClasses& model, int pattern) {
  const double m = model.match_share * Likelihood(model.m, pattern);
  const double u = (1 - model.match_share) * Likelihood(model.u, pattern);
  return m / (m + u);
}

Table Normalized(Table counts) {
  for (auto& field : counts) {
    const double total = field[1] + field[2] + field[3] + 3;
    for (int level = 1; level < kLevels; ++level) field[level] = (field[level] + 1) / total;
  }
  return counts;
}

void Count(int pattern, double weight, Table* table) {
  for (int f = 0; f < kFields; ++f) (*table)[f][pattern >> (2 * f) & 3] += weight;
}

// u: how often fields agree in pairs of records drawn at random.
Table RandomAgreement(const std::vector<Row>& rows) {
  Table u{};
  Random random(1);
  for (int i = 0; i < kRandomPairs && rows.size() > 1; ++i) {
    const size_t a = random.Below(rows.size()), b = random.Below(rows.size());
    if (a != b) Count(PatternOf(rows[a], rows[b]), 1, &u);
  }
  return Normalized(u);
}

// m by EM over the pairs of one blocking rule, u held.
Table TrainOn(const std::vector<Row>& rows, size_t rule, const Table& u) {
  std::vector<uint64_t> counts(kPatterns);
  for (const auto& [a, b] : PairsOf(rows, {rule})) ++counts[PatternOf(rows[a], rows[b])];
  TwoClasses model{0.3, {}, u};
  model.m.fill({0, 0.85, 0.1, 0.05});
  for (int round = 0; round < kRounds; ++round) {
    Table m{};
    double matches = 0, total = 0;
    for (int pattern = 0; pattern < kPatterns; ++pattern) {
      if (counts[pattern] == 0) continue;
      const auto n = static_cast<double>(counts[pattern]);
      const double p = MatchProbability(model, pattern);
      matches += n * p;
      total += n;
      Count(pattern, n * p, &m);
    }
    if (total == 0) break;
    model.match_share = std::clamp(matches / total, 1e-6, 1 - 1e-6);
    model.m = Normalized(m);
  }
  return model.m;
}

// Each field from the rule that does not block on it: names and the rest from pairs with one birth
// date and sex, birth date and sex from pairs with one name.
TwoClasses Estimate(const std::vector<Row>& rows) {
  TwoClasses model;
  model.u = RandomAgreement(rows);
  model.m = TrainOn(rows, kByBirth, model.u);
  const Table by_name = TrainOn(rows, kByKana, model.u);
  model.m[kBirth] = by_name[kBirth];
  model.m[kSex] = by_name[kSex];
  // Share of matches among all pairs: those with one kana name and birth date, which are taken to
  // be eight in ten.
  uint64_t certain = 0;
  for (const auto& [a, b] : PairsOf(rows, {kByKana}))
    certain += !rows[a].birth.empty() && rows[a].birth == rows[b].birth;
  const auto n = static_cast<double>(rows.size());
  const double all = n * (n - 1) / 2 + 1;
  model.match_share = std::clamp(static_cast<double>(certain) / 0.8 / all, 1e-12, 0.5);
  return model;
}

}  // namespace

std::vector<uint32_t> ConnectedComponents(std::span<const ScoredPair> pairs, size_t records,
                                          double threshold) {
  std::vector<uint32_t> parent(records);
  std::iota(parent.begin(), parent.end(), 0u);
  const auto root = [&](uint32_t x) {
    while (parent[x] != x) x = parent[x] = parent[parent[x]];
    return x;
  };
  for (const ScoredPair& pair : pairs) {
    if (pair.weight < threshold) continue;
    const uint32_t a = root(pair.a), b = root(pair.b);
    parent[std::max(a, b)] = std::min(a, b);
  }
  for (uint32_t i = 0; i < records; ++i) parent[i] = root(i);
  return parent;
}

TwoClassResult LinkWithTwoClasses(std::span<const Record> records) {
  std::vector<Row> rows;
  const Standardizer standardizer;
  for (const Record& record : records) rows.push_back(RowOf(standardizer.Standardize(record)));
  const TwoClasses model = Estimate(rows);
  TwoClassResult result;
  result.match_share = model.match_share;
  const double prior = std::log2(model.match_share / (1 - model.match_share));
  for (const auto& [a, b] :
       PairsOf(rows, {kByKanji, kByKana, kByBirth, kByCard, kByPhone, kByStreet})) {
    const Pattern pattern = PatternOf(rows[a], rows[b]);
    const double weight = std::log2(Likelihood(model.m, pattern) / Likelihood(model.u, pattern));
    result.pairs.push_back({a, b, prior + weight});
  }
  result.cluster = ConnectedComponents(result.pairs, records.size(), 0);
  return result;
}

}  // namespace libmpi
