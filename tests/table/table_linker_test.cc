// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_linker.h"

#include <gtest/gtest.h>

#include <map>

#include "libmpi/base/hash.h"
#include "libmpi/table/blocking_choice.h"
#include "libmpi/table/schema_suggest.h"
#include "libmpi/table/table_blocks.h"
#include "libmpi/table/table_comparator.h"

namespace libmpi::table {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// A made-up town: persons with one to three records each, one slip in some.
struct Town {
  std::vector<std::string> header = {"id", "first_name", "surname", "birth_date", "street", "postcode"};
  Rows rows;
  std::vector<uint32_t> person;
};

std::string Word(uint64_t seed) {
  static constexpr const char* kSyllables[] = {"ba", "re", "to", "mi", "lan", "sor", "kel", "du", "vin", "pas", "gor", "he"};
  std::string word;
  for (int i = 0; i < 3; ++i, seed = MixBits(seed)) word += kSyllables[seed % 12];
  return word;
}

Town MakeTown(uint32_t persons) {
  Town town;
  for (uint32_t p = 0; p < persons; ++p) {
    const auto draw = [&](uint64_t what, uint64_t n) { return MixBits(p * 100 + what) % n; };
    const uint32_t records = 1 + static_cast<uint32_t>(draw(1, 3));
    for (uint32_t r = 0; r < records; ++r) {
      std::vector<std::string> row = {"", Word(draw(2, 300)), Word(1000 + draw(3, 200)),
                                      std::to_string(1930 + draw(4, 80)) + "-" + std::to_string(1 + draw(5, 12)) + "-" +
                                          std::to_string(1 + draw(6, 28)),
                                      std::to_string(draw(7, 99)) + " " + Word(draw(8, 90)) + " street",
                                      std::to_string(10000 + draw(9, 400))};
      if (r > 0 && draw(20 + r, 4) == 0) row[1 + draw(30 + r, 2)].pop_back();
      if (r > 0 && draw(40 + r, 5) == 0) row[3 + draw(50 + r, 3)].clear();
      town.rows.push_back(row);
      town.person.push_back(p);
    }
  }
  // Rows in an order that tells nothing, ids ascending.
  std::vector<uint32_t> order(town.rows.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [](uint32_t x, uint32_t y) { return MixBits(x) < MixBits(y); });
  Town mixed = {town.header, {}, {}};
  for (uint32_t i : order) {
    mixed.rows.push_back(town.rows[i]);
    mixed.rows.back()[0] = std::to_string(100000 + mixed.rows.size());
    mixed.person.push_back(town.person[i]);
  }
  return mixed;
}

Schema SchemaOf(const Town& town) {
  const auto suggestion = SuggestSchema(town.header, town.rows);
  EXPECT_TRUE(suggestion.ok()) << suggestion.status();
  return suggestion->schema;
}

Table TableOf(const Town& town, const Schema& schema, size_t second_list = SIZE_MAX) {
  TableBuilder builder(&schema);
  for (size_t i = 0; i < town.rows.size(); ++i) {
    if (i == second_list) builder.BeginSecondList();
    std::vector<std::string_view> cells;
    for (const Field& field : schema.fields)
      for (const std::string& column : field.columns)
        cells.push_back(town.rows[i][std::find(town.header.begin(), town.header.end(), column) - town.header.begin()]);
    EXPECT_EQ(builder.Add(cells), -1);
  }
  return builder.Build();
}

TableResult Link(const Schema& schema, const Table& table, TableOptions options = {}) {
  auto result = LinkTable(schema, table, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

double PairwiseF1(const std::vector<uint32_t>& cluster, const std::vector<uint32_t>& person) {
  double found = 0, real = 0, both = 0;
  for (size_t i = 0; i < cluster.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const bool f = cluster[i] == cluster[j], t = person[i] == person[j];
      found += f, real += t, both += f && t;
    }
  return 2 * both / (found + real);
}

TEST(LinkTableTest, FindsThePersonsOfATown) {
  const Town town = MakeTown(800);
  const Schema schema = SchemaOf(town);
  const TableResult result = Link(schema, TableOf(town, schema));
  EXPECT_TRUE(result.model_learned);
  EXPECT_TRUE(result.self_check.confident);
  EXPECT_GE(PairwiseF1(result.cluster, town.person), 0.98);
  EXPECT_FALSE(result.rules.empty());
}

TEST(LinkTableTest, DependsOnRecordsAloneNotOnThreads) {
  const Town town = MakeTown(400);
  const Schema schema = SchemaOf(town);
  const Table table = TableOf(town, schema);
  TableOptions one, three;
  one.threads = 1;
  three.threads = 3;
  const TableResult a = Link(schema, table, one), b = Link(schema, table, three);
  EXPECT_EQ(a.cluster, b.cluster);
  EXPECT_EQ(a.model.ToJson(), b.model.ToJson());
}

TEST(LinkTableTest, ASavedModelLinksAsTheOneInMemory) {
  const Town town = MakeTown(400);
  const Schema schema = SchemaOf(town);
  const Table table = TableOf(town, schema);
  const TableResult learned = Link(schema, table);
  const auto model = TableModel::FromJson(learned.model.ToJson());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->ToJson(), learned.model.ToJson());
  TableOptions options;
  options.model = &*model;
  const TableResult again = Link(schema, table, options);
  EXPECT_FALSE(again.model_learned);
  EXPECT_EQ(again.cluster, learned.cluster);
}

TEST(LinkTableTest, DecisionsOutweighTheRecords) {
  const Town town = MakeTown(300);
  const Schema schema = SchemaOf(town);
  const Table table = TableOf(town, schema);
  const TableResult plain = Link(schema, table);
  uint32_t a = 0, b = 1, c = 1;
  while (plain.cluster[b] == b) ++b;  // a link to undo
  a = plain.cluster[b];
  while (plain.cluster[c] == plain.cluster[0]) ++c;  // two to put together
  TableOptions options;
  options.decisions = {{a, b, false}, {0, c, true}};
  const TableResult decided = Link(schema, table, options);
  EXPECT_NE(decided.cluster[a], decided.cluster[b]);
  EXPECT_EQ(decided.cluster[0], decided.cluster[c]);
  options.decisions = {{0, c, true}, {0, c, false}};
  EXPECT_FALSE(LinkTable(schema, table, options).ok());
}

TEST(LinkTableTest, TwoListsOneToOne) {
  Town town = MakeTown(500);
  // First records of each person to the second list, others to the first.
  Town split = {town.header, {}, {}};
  std::map<uint32_t, bool> seen;
  std::vector<size_t> second;
  for (size_t i = 0; i < town.rows.size(); ++i) {
    if (!seen[town.person[i]]) second.push_back(i);
    else {
      split.rows.push_back(town.rows[i]);
      split.person.push_back(town.person[i]);
    }
    seen[town.person[i]] = true;
  }
  const size_t first_list = split.rows.size();
  for (size_t i : second) {
    split.rows.push_back(town.rows[i]);
    split.person.push_back(town.person[i]);
  }
  const Schema schema = SchemaOf(town);
  const Table table = TableOf(split, schema, first_list);
  TableOptions options;
  const TableResult many = Link(schema, table, options);
  size_t right = 0, wrong = 0;
  for (size_t i = 0; i < first_list; ++i)
    for (size_t j = first_list; j < split.rows.size(); ++j)
      if (many.cluster[i] == many.cluster[j]) (split.person[i] == split.person[j] ? right : wrong)++;
  EXPECT_GE(static_cast<double>(right), 0.97 * static_cast<double>(first_list));
  EXPECT_LE(static_cast<double>(wrong), 0.01 * static_cast<double>(first_list));
  options.one_to_one = true;
  const TableResult one = Link(schema, table, options);
  std::map<uint32_t, size_t> size;
  for (uint32_t c : one.cluster) EXPECT_LE(++size[c], 2u);
}

TEST(LinkTableTest, ManyRepeatsOfOneRecordMeet) {
  Town town = MakeTown(300);
  const std::vector<std::string> copy = town.rows[5];
  for (int i = 0; i < 300; ++i) {
    town.rows.push_back(copy);
    town.rows.back()[0] = std::to_string(200000 + i);
    town.person.push_back(town.person[5]);
  }
  const Schema schema = SchemaOf(town);
  const TableResult result = Link(schema, TableOf(town, schema));
  for (size_t i = town.rows.size() - 300; i < town.rows.size(); ++i) EXPECT_EQ(result.cluster[i], result.cluster[5]);
}

// More than a component may hold: they are one node.
TEST(LinkTableTest, ThousandsOfRepeatsAreOneCluster) {
  Town town = MakeTown(300);
  for (int i = 0; i < 1500; ++i) {
    town.rows.push_back(town.rows[7]);
    town.rows.back()[0] = std::to_string(200000 + i);
  }
  const Schema schema = SchemaOf(town);
  const TableResult result = Link(schema, TableOf(town, schema));
  for (size_t i = town.rows.size() - 1500; i < town.rows.size(); ++i) EXPECT_EQ(result.cluster[i], result.cluster[7]);
}

TEST(TableComparatorTest, IsSymmetricAlsoForCrossedNames) {
  Schema schema = SchemaOf(MakeTown(300));
  TableBuilder builder(&schema);
  const std::vector<std::vector<std::string_view>> rows = {
      {"Anna", "Berta", "", "", ""}, {"Berta", "Anna", "", "", ""}, {"Anna", "", "", "", ""}, {"", "Anna", "", "", ""},
      {"Berta", "", "", "", ""}};
  for (const auto& row : rows) builder.Add(row);
  const Table table = builder.Build();
  const Comparisons comparisons(schema, FieldInformation(table));
  TableComparator comparator(&schema, &table, &comparisons);
  ASSERT_TRUE(schema.comparisons[0].swapped_with);
  EXPECT_EQ(comparator.Compare(0, 1)[0], level::kNameSwapped);
  for (uint32_t a = 0; a < rows.size(); ++a)
    for (uint32_t b = 0; b < rows.size(); ++b) {
      EXPECT_EQ(comparator.Compare(a, b), comparator.Compare(b, a)) << a << " " << b;
      // One crossing is one agreement: a part that one of them lacks stays missing.
      const LevelTuple levels = comparator.Compare(a, b);
      const bool lacks = (a >= 2 || b >= 2) && a != b;
      if (lacks) { EXPECT_FALSE(levels[0] == level::kNameSwapped && levels[1] == level::kNameSwapped); }
    }
}

TEST(TableModelTest, RefusesWhatWouldNotFit) {
  const Town town = MakeTown(300);
  const Schema schema = SchemaOf(town);
  const std::string json = Link(schema, TableOf(town, schema)).model.ToJson();
  const auto edited = [&](const std::string& from, const std::string& to) {
    std::string text = json;
    const size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return TableModel::FromJson(text.replace(at, from.size(), to));
  };
  EXPECT_TRUE(TableModel::FromJson(json).ok());
  std::string gaps = "\"gaps\": [\"surname\"";
  for (int i = 0; i < 40; ++i) gaps += ",\"surname\"";
  EXPECT_FALSE(edited("\"gaps\": []", gaps + "]").ok());
  EXPECT_FALSE(edited("\"records\": 6", "\"records\": \"x\", \"record\": 6").ok());
  EXPECT_FALSE(edited("libmpi-table-model", "libmpi-model").ok());
  EXPECT_FALSE(TableModel::FromJson("{}").ok());
  EXPECT_FALSE(TableModel::FromJson("[[[[").ok());
}

TEST(TableBlocksTest, EachPairOnce) {
  const Town town = MakeTown(200);
  const Schema schema = SchemaOf(town);
  const Table table = TableOf(town, schema);
  const std::vector<BlockingRule> rules = {{{0, Transform::kExact}}, {{1, Transform::kSound}}, {{2, Transform::kYear}}};
  const TableBlocks blocks(schema, table, rules, 1);
  std::map<std::pair<uint32_t, uint32_t>, int> seen;
  blocks.ForEachPair(1, [&](int, size_t, uint32_t a, uint32_t b) {
    EXPECT_LT(a, b);
    ++seen[{a, b}];
  });
  EXPECT_FALSE(seen.empty());
  for (const auto& [pair, times] : seen) EXPECT_EQ(times, 1);
  // The simple twin: whoever shares a block of a rule, and nobody else.
  for (uint32_t a = 0; a < table.size(); ++a)
    for (uint32_t b = a + 1; b < table.size(); ++b) {
      const bool repeat = table.FirstAlike(b) == a;
      EXPECT_EQ(seen.contains({a, b}), blocks.Meet(a, b) || repeat);
    }
}

TEST(ChooseBlockingTest, RulesFindNearlyAllWithinTheBudget) {
  const Town town = MakeTown(800);
  Schema schema = SchemaOf(town);
  schema.blocking.pairs_a_record = 5;
  const Table table = TableOf(town, schema);
  const BlockingChoice choice = ChooseBlocking(schema, table, 0, 1);
  ASSERT_FALSE(choice.rules.empty());
  double pairs = 0, recall = 0;
  std::vector<BlockingRule> rules;
  for (const RuleChoice& rule : choice.rules) {
    pairs += rule.pairs;
    EXPECT_GE(rule.recall, recall);
    recall = rule.recall;
    rules.push_back(rule.rule);
  }
  EXPECT_LE(pairs, 5.0 * static_cast<double>(table.size()));
  const TableBlocks blocks(schema, table, rules, 1);
  size_t real = 0, met = 0;
  for (uint32_t a = 0; a < table.size(); ++a)
    for (uint32_t b = a + 1; b < table.size(); ++b)
      if (town.person[a] == town.person[b]) {
        const uint32_t x = table.FirstAlike(a), y = table.FirstAlike(b);  // repeats meet through their first
        ++real;
        met += x == y || blocks.Meet(x, y);
      }
  EXPECT_GE(static_cast<double>(met), 0.99 * static_cast<double>(real));
}

TEST(LinkTableTest, ChanceAgreementIsNoFinding) {
  Town town = {{"id", "first_name", "surname", "sex"}, {}, {}};
  for (uint32_t i = 0; i < 6000; ++i)
    town.rows.push_back({std::to_string(100000 + i), Word(MixBits(i) % 20), Word(1000 + MixBits(i + 7) % 20),
                         MixBits(i + 9) % 2 ? "f" : "m"});
  const Schema schema = SchemaOf(town);
  EXPECT_FALSE(Link(schema, TableOf(town, schema)).self_check.confident);
}

TEST(LinkTableTest, SaysWhereItIsNotConfident) {
  Town town = MakeTown(3);
  const Schema schema = SchemaOf(MakeTown(300));
  const TableResult result = Link(schema, TableOf(town, schema));
  EXPECT_FALSE(result.self_check.confident);
  EXPECT_FALSE(result.self_check.warnings.empty());
}

}  // namespace
}  // namespace libmpi::table
