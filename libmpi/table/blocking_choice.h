// SPDX-License-Identifier: Apache-2.0
// Blocking rules chosen from the data: what each finds against what it costs.
#ifndef LIBMPI_TABLE_BLOCKING_CHOICE_H_
#define LIBMPI_TABLE_BLOCKING_CHOICE_H_

#include <string>
#include <vector>

#include "libmpi/table/table.h"

namespace libmpi::table {

// One chosen rule, in the order of choice.
struct RuleChoice {
  BlockingRule rule;
  double pairs = 0;             // that it adds
  double expected_matches = 0;  // that it adds, by the model of the first pass
  double recall = 0;            // of all matches that any rule looked at would find, with those before it
};

struct BlockingChoice {
  std::vector<RuleChoice> rules;
};

// Chooses rules for a table: every pair of fields under every transform is tried; a first model is learned
// from the cheapest exact rules; then rules are added while they bring matches, best ones for their cost
// first, within the schema's pairs a record. Deterministic.
BlockingChoice ChooseBlocking(const Schema& schema, const Table& table, uint64_t seed, int threads);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_BLOCKING_CHOICE_H_
