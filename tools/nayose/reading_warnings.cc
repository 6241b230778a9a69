// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/reading_warnings.h"

#include <cstdio>

namespace nayose {

std::vector<std::string> EncodingWarnings(const libmpi::PatientFiles& files) {
  constexpr uint64_t kRowsABadCharacter = 100;
  std::vector<std::string> warnings;
  for (const auto& f : files.files())
    if (f.malformed_characters * kRowsABadCharacter > f.rows_read && f.malformed_characters > 10)
      warnings.push_back(f.path + ": " + std::to_string(f.malformed_characters) +
                         " characters could not be read as " + f.encoding +
                         "; is that its encoding? (--encoding)");
  return warnings;
}

std::vector<std::string> ColumnWarnings(const libmpi::PatientFiles& files) {
  std::vector<std::string> warnings;
  for (const std::string& header : files.unmatched_columns())
    warnings.push_back("--columns: no file has a column '" + header.substr(0, 40) +
                       "'; is it spelt as in the file?");
  for (const libmpi::FileFinding& found : files.findings())
    if (found.finding.code == libmpi::FindingCode::kMyNumberRefused)
      warnings.push_back(found.file + ": the column for " + found.finding.field +
                         " holds My Numbers, which must not be stored: it was not read; take it out of the "
                         "export");
  return warnings;
}

void TellWarnings(const libmpi::PatientFiles& files) {
  for (const auto& file : files.files())
    if (!file.columns.empty())
      std::fprintf(stderr, "nayose: %s: its columns are read as those of %s; --columns usual reads them by their usual names\n",
                   file.path.c_str(), file.columns.c_str());
  for (const auto& warnings : {EncodingWarnings(files), ColumnWarnings(files)})
    for (const std::string& warning : warnings) std::fprintf(stderr, "nayose: warning: %s\n", warning.c_str());
}

}  // namespace nayose
