// SPDX-License-Identifier: Apache-2.0
#include "bindings/c/rows.h"

#include <utility>

namespace libmpi::c {
namespace {

constexpr Column<std::string> kTextColumns[] = {
    {LIBMPI_COLUMN_TEXT, [](const std::string& text) { return Cell::Text(text); }}};

constexpr Column<Finding> kFindingColumns[] = {
    {LIBMPI_COLUMN_CODE, [](const Finding& f) { return Cell::Word(FindingName(f.code)); }},
    {LIBMPI_COLUMN_FIELD, [](const Finding& f) { return Cell::Text(f.field); }}};

// An enterprise ID; NULL where there is none.
Cell IdCell(const std::string& id) { return id.empty() ? Cell() : Cell::Text(id); }
constexpr Column<MoveRow> kMoveColumns[] = {
    {LIBMPI_COLUMN_EVENT, [](const MoveRow& m) { return Cell::Integer(m.event); }},
    LIBMPI_KEY_COLUMNS(MoveRow, move.record),
    {LIBMPI_COLUMN_BEFORE, [](const MoveRow& m) { return IdCell(m.before); }},
    {LIBMPI_COLUMN_AFTER, [](const MoveRow& m) { return IdCell(m.after); }}};

struct Whole {
  FixedWeight weight;
  bool held;
  std::string text, json;
};
constexpr Column<Whole> kWholeColumns[] = {
    {LIBMPI_COLUMN_WEIGHT, [](const Whole& w) { return Cell::Number(WeightBits(w.weight)); }},
    {LIBMPI_COLUMN_PROBABILITY, [](const Whole& w) { return Cell::Number(MatchProbability(w.weight)); }},
    {LIBMPI_COLUMN_HELD, [](const Whole& w) { return Cell::Integer(w.held); }},
    {LIBMPI_COLUMN_TEXT, [](const Whole& w) { return Cell::Text(w.text); }},
    {LIBMPI_COLUMN_JSON, [](const Whole& w) { return Cell::Text(w.json); }}};

using Bar = Explanation::Bar;
constexpr Column<Bar> kBarColumns[] = {
    {LIBMPI_COLUMN_COMPARISON, [](const Bar& b) { return Cell::Text(b.comparison); }},
    {LIBMPI_COLUMN_LEVEL, [](const Bar& b) { return Cell::Text(b.level); }},
    {LIBMPI_COLUMN_VALUE_A, [](const Bar& b) { return Cell::Text(b.value_a); }},
    {LIBMPI_COLUMN_VALUE_B, [](const Bar& b) { return Cell::Text(b.value_b); }},
    {LIBMPI_COLUMN_M, [](const Bar& b) { return Cell::Number(b.m); }},
    {LIBMPI_COLUMN_U, [](const Bar& b) { return Cell::Number(b.u); }},
    {LIBMPI_COLUMN_WEIGHT, [](const Bar& b) { return Cell::Number(b.weight); }},
    {LIBMPI_COLUMN_FREQUENCY_WEIGHT, [](const Bar& b) { return Cell::Number(b.frequency_weight); }}};

}  // namespace

MoveRow MoveRowOf(PersonMove move, uint64_t event) {
  std::string before, after;
  if (move.before) before = move.before->ToString();
  if (move.after) after = move.after->ToString();
  return {std::move(move), event, std::move(before), std::move(after)};
}

void AddMoves(std::vector<MoveRow> moves, libmpi_answer* answer) {
  answer->Add(LIBMPI_LIST_MOVES, std::move(moves), kMoveColumns);
}

void AddTexts(std::vector<std::string> texts, libmpi_answer* answer) {
  answer->Add(LIBMPI_LIST_MAIN, std::move(texts), kTextColumns);
}

void AddFindings(std::vector<Finding> findings, libmpi_answer* answer) {
  answer->Add(LIBMPI_LIST_FINDINGS, std::move(findings), kFindingColumns);
}

void AddExplanation(Explanation explanation, libmpi_answer* answer) {
  std::vector<Whole> whole;
  whole.push_back({explanation.weight, explanation.held, explanation.ToText(), explanation.ToJson()});
  answer->Add(LIBMPI_LIST_MAIN, std::move(whole), kWholeColumns);
  answer->Add(LIBMPI_LIST_LINKS, std::move(explanation.bars), kBarColumns);
}

}  // namespace libmpi::c
