// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/tables.h"

#include <cstddef>

#include "libmpi/base/embedded_file.h"

namespace libmpi {

// Defined in the index that cmake/embed_tables.cmake makes.
extern const EmbeddedFile kEmbeddedFiles[];
extern const size_t kEmbeddedFileCount;

std::string_view EmbeddedTable(std::string_view path) {
  for (size_t i = 0; i < kEmbeddedFileCount; ++i) {
    const EmbeddedFile& file = kEmbeddedFiles[i];
    if (path == file.path) return file.bytes();
  }
  return {};
}

std::vector<std::vector<std::string_view>> ParseTsv(std::string_view tsv) {
  std::vector<std::vector<std::string_view>> rows;
  while (!tsv.empty()) {
    const size_t end = tsv.find('\n');
    std::string_view line = tsv.substr(0, end);
    tsv = end == std::string_view::npos ? std::string_view{} : tsv.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto& row = rows.emplace_back();
    for (size_t tab; (tab = line.find('\t')) != std::string_view::npos;) {
      row.push_back(line.substr(0, tab));
      line.remove_prefix(tab + 1);
    }
    row.push_back(line);
  }
  return rows;
}

}  // namespace libmpi
