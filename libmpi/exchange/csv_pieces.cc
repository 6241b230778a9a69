// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_pieces.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace libmpi {
namespace {

// A walk with its bound in sight reads on less far, and finds other rows.
bool MayMeetBound(size_t looked_ahead, size_t bound, size_t max_row_bytes) {
  return bound < max_row_bytes || looked_ahead > bound - max_row_bytes;
}

const CsvRow* FindRow(const std::vector<CsvRow>& rows, size_t begin) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), begin,
                                      [](const CsvRow& row, size_t at) { return row.begin < at; });
  return found != rows.end() && found->begin == begin ? &*found : nullptr;
}

// Where the true walk stands.
struct Position {
  size_t at = 0;
  uint64_t line = 1;
  size_t looked_ahead = 0;
};

// Replaces what a piece's walk got wrong and moves the true walk beyond the piece.
void JoinPiece(const CsvWalk& walk, CsvPiece* piece, Position* position) {
  CsvRows rows(walk.text, walk.delimiter, walk.max_row_bytes, position->at, position->line);
  std::vector<CsvRow> head;
  CsvRow row;
  while (rows.position() < piece->end && rows.Next(&row) && row.begin < piece->end) {
    if (const CsvRow* same = FindRow(piece->rows, row.begin); same != nullptr) {
      const uint64_t shift = row.line - same->line;
      piece->rows.erase(piece->rows.begin(), piece->rows.begin() + (same - piece->rows.data()));
      for (CsvRow& shifted : piece->rows) shifted.line += shift;
      piece->rows.insert(piece->rows.begin(), head.begin(), head.end());
      *position = {piece->stop, piece->stop_line + shift,
                   position->looked_ahead + rows.looked_ahead() + piece->looked_ahead};
      return;
    }
    head.push_back(row);
    *position = {rows.position(), rows.line(), position->looked_ahead};
  }
  position->looked_ahead += rows.looked_ahead();
  piece->rows = std::move(head);
}

// One walk, dealt out to the pieces.
void WalkWhole(const CsvWalk& walk, std::vector<CsvPiece>* pieces) {
  for (CsvPiece& piece : *pieces) piece.rows.clear();
  CsvRows rows(walk.text, walk.delimiter, walk.max_row_bytes, walk.begin, walk.line);
  CsvRow row;
  for (auto piece = pieces->begin(); rows.Next(&row);) {
    while (row.begin >= piece->end && std::next(piece) != pieces->end()) ++piece;
    piece->rows.push_back(row);
  }
}

}  // namespace

std::vector<CsvPiece> CutCsv(const CsvWalk& walk, size_t piece_bytes) {
  std::vector<CsvPiece> pieces;
  size_t begin = std::min(walk.begin, walk.text.size());
  do {
    CsvPiece& piece = pieces.emplace_back();
    piece.begin = begin;
    piece.end = begin = std::min(walk.text.size(), begin + std::max<size_t>(1, piece_bytes));
  } while (begin < walk.text.size());
  return pieces;
}

void WalkCsvPiece(const CsvWalk& walk, CsvPiece* piece) {
  size_t at = piece->begin;
  if (at != walk.begin && walk.text[at - 1] != '\n') {
    const size_t found = walk.text.substr(0, piece->end).find('\n', at);
    if (found == std::string_view::npos) return;  // amid one long line
    at = found + 1;
  }
  CsvRows rows(walk.text, walk.delimiter, walk.max_row_bytes, at, 0);
  rows.BoundLookAhead(CsvRows::LookAheadOf(piece->end - piece->begin));
  CsvRow row;
  while (rows.position() < piece->end && rows.Next(&row)) {
    if (row.begin >= piece->end) break;  // after empty lines: the next piece's
    // Once rows are known to be about so long, room for all of them.
    if (piece->rows.size() == 64) piece->rows.reserve((piece->end - piece->begin) * 70 / (row.begin + 1 - piece->rows.front().begin) + 64);
    piece->rows.push_back(row);
    piece->stop = rows.position();
    piece->stop_line = rows.line();
  }
  piece->looked_ahead = rows.looked_ahead();
}

void JoinCsv(const CsvWalk& walk, std::vector<CsvPiece>* pieces) {
  Position position{walk.begin, walk.line, 0};
  bool exact = true;
  for (CsvPiece& piece : *pieces) {
    const size_t bound = CsvRows::LookAheadOf(piece.end - piece.begin);
    exact = exact && !MayMeetBound(piece.looked_ahead, bound, walk.max_row_bytes);
    if (exact) JoinPiece(walk, &piece, &position);
  }
  const size_t bound = CsvRows::LookAheadOf(walk.text.size());
  exact = exact && !MayMeetBound(position.looked_ahead, bound, walk.max_row_bytes);
  if (!exact) WalkWhole(walk, pieces);
}

}  // namespace libmpi
