// SPDX-License-Identifier: Apache-2.0
// The Japanese standards' tables of 94 rows of 94 cells, as code points in the one form that DecodeText gives them.
// Internal to text.
#ifndef LIBMPI_TEXT_JIS_TABLES_H_
#define LIBMPI_TEXT_JIS_TABLES_H_

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace libmpi {

// A cell is (row - 1) * 94 + (column - 1).
inline constexpr size_t kJisCells = 94 * 94;
using JisTable = std::array<char32_t, kJisCells>;  // 0: nothing stands there

// Whether a cell's row is one of JIS X 0208 itself: rows 1 to 8 and 16 to 84. Windows writes NEC's and IBM's characters
// in rows 13 and 89 to 92 of it; they are read, and nobody may send them as JIS X 0208.
inline bool IsStandardRow(size_t cell) {
  const size_t row = cell / 94 + 1;
  return row <= 8 || (row >= 16 && row <= 84);
}

// Each is made at its first use. Thread-safe.
const JisTable& Jis0208();  // with rows 13 and 89 to 92
const JisTable& Jis0212();

// The planes of JIS X 0213 (plane 1 or 2), each cell in UTF-8, for some are two code points; "": nothing stands there.
// Empty where the system's iconv does not know them: ICU does not.
const std::vector<std::string>& Jis0213(int plane);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_JIS_TABLES_H_
