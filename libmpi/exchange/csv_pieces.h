// SPDX-License-Identifier: Apache-2.0
// The rows of one text, found in pieces side by side, exactly as one walk finds them.
#ifndef LIBMPI_EXCHANGE_CSV_PIECES_H_
#define LIBMPI_EXCHANGE_CSV_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "libmpi/exchange/csv_reader.h"

namespace libmpi {

// A stretch of a text. Its rows are those that begin in it.
struct CsvPiece {
  size_t begin = 0;
  size_t end = 0;
  std::vector<CsvRow> rows;
  // Where the walk stood after them, and its line; lines count from 0 at the walk's start until
  // the pieces are joined.
  size_t stop = 0;
  uint64_t stop_line = 0;
  size_t looked_ahead = 0;  // bytes spent on quotes that do not close
};

// How a text is walked.
struct CsvWalk {
  std::string_view text;
  char delimiter = ',';
  size_t max_row_bytes = 0;
  size_t begin = 0;   // where the first row may start
  uint64_t line = 1;  // and its line
};

// The text from walk.begin on in pieces of about `piece_bytes`; at least one.
std::vector<CsvPiece> CutCsv(const CsvWalk& walk, size_t piece_bytes);

// Walks a piece as if a row began at its first line start: where a field with line ends reaches
// into the piece that is wrong, which JoinCsv mends. Any number of threads, a piece each.
void WalkCsvPiece(const CsvWalk& walk, CsvPiece* piece);

// Makes the pieces' rows those of CsvRows over the whole text, lines included. What CsvRows finds from
// a position depends on the position alone (while its bound on looking ahead is out of sight), so
// a piece's walk is right from the first row begin that it shares with the true walk. One thread;
// short, as walks meet again within a few rows.
void JoinCsv(const CsvWalk& walk, std::vector<CsvPiece>* pieces);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_CSV_PIECES_H_
