// SPDX-License-Identifier: Apache-2.0
// Lists that several answers have. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_ROWS_H_
#define LIBMPI_BINDINGS_C_ROWS_H_

#include <string>
#include <vector>

#include "bindings/c/answer.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/registry/registry.h"

namespace libmpi::c {

// The three columns of an identifier, of rows whose member `Key` it is.
#define LIBMPI_KEY_COLUMNS(Row, Key)                                                      \
  {LIBMPI_COLUMN_SOURCE, [](const Row& r) { return Cell::Text(r.Key.source); }},          \
  {LIBMPI_COLUMN_RECORD_ID, [](const Row& r) { return Cell::Text(r.Key.record_id); }},    \
  {LIBMPI_COLUMN_PART, [](const Row& r) { return Cell::Integer(int64_t{r.Key.part}); }}
#define LIBMPI_OTHER_KEY_COLUMNS(Row, Key)                                                     \
  {LIBMPI_COLUMN_OTHER_SOURCE, [](const Row& r) { return Cell::Text(r.Key.source); }},         \
  {LIBMPI_COLUMN_OTHER_RECORD_ID, [](const Row& r) { return Cell::Text(r.Key.record_id); }},   \
  {LIBMPI_COLUMN_OTHER_PART, [](const Row& r) { return Cell::Integer(int64_t{r.Key.part}); }}

// A record that changed its person; of an event.
struct MoveRow {
  PersonMove move;
  uint64_t event;
  std::string before, after;  // empty: none
};
MoveRow MoveRowOf(PersonMove move, uint64_t event);
void AddMoves(std::vector<MoveRow> moves, libmpi_answer* answer);

// Texts, one a row: MAIN of runs and of proofs.
void AddTexts(std::vector<std::string> texts, libmpi_answer* answer);
void AddFindings(std::vector<Finding> findings, libmpi_answer* answer);
// MAIN, and LINKS with one row a comparison.
void AddExplanation(Explanation explanation, libmpi_answer* answer);

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_ROWS_H_
