// SPDX-License-Identifier: Apache-2.0
// Two records side by side, for a person at a terminal.
#ifndef LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_
#define LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_

#include <string>

#include "libmpi/record/record.h"

namespace nayose {

// One row a field that either has, as it was said; "=" between equal values. `columns`: cells the
// terminal is wide (kanji and kana take two); long values go on in the next line. Control characters of
// the data are shown as "?": they must not reach a terminal.
std::string RecordPairText(const libmpi::Record& a, const libmpi::Record& b, int columns);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RECORD_PAIR_TEXT_H_
