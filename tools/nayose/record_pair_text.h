// SPDX-License-Identifier: Apache-2.0
// Two records side by side, for a person at a terminal.
#ifndef LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_
#define LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/record.h"

namespace nayose {

enum class PairMarks {
  kNone,
  kEqual,        // "=" between equal values
  kDifferences,  // and "~" where they are the same once folded, "!" where they differ, "|" where one says nothing
  kInColour,     // and what differs in colour
};

// One row a field that either has, as it was said. `columns`: cells the terminal is wide (kanji and kana take two);
// long values go on in the next line. Control characters of the data are shown as "?": they must not reach a terminal.
std::string RecordPairText(const libmpi::Record& a, const libmpi::Record& b, int columns,
                           PairMarks marks = PairMarks::kEqual);

// Lines of at most so many cells, of any text in the same way, cut between words.
std::vector<std::string> LinesOf(std::string_view text, int cells);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_
