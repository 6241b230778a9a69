// SPDX-License-Identifier: Apache-2.0
// A clean name in one script to its parts. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_NAME_FORMS_H_
#define LIBMPI_RECORD_NAME_FORMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/name_split.h"
#include "libmpi/text/fold.h"

namespace libmpi {

// A name in one script, before the other script is known: split as stated, or not split at all.
struct ScriptText {
  std::vector<NameForm> forms;
  std::string unsplit;
  bool empty() const { return forms.empty() && unsplit.empty(); }
};

// A kanji or kana name at its spaces, commas and middle dots. Katakana names of several
// parts may stand given name first: both ways are kept.
ScriptText ReadJapanese(std::string_view text, NameCounts::Script script,
                        const NameSplitter& splitter);

// Both keys of fields that are split already.
NameForm FoldParts(std::string_view family, std::string_view given, Script script);

// Latin: which part is the family name is told by a comma or by capitals, or not at
// all; then both ways are kept.
std::vector<NameForm> LatinForms(std::string_view text);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_NAME_FORMS_H_
