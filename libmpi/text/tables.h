// SPDX-License-Identifier: Apache-2.0
// The data tables (data/**.tsv) as compiled into the library, by their path
// under data/ ("kanji_variants.tsv", "lexicon/family.tsv").
#ifndef LIBMPI_TEXT_TABLES_H_
#define LIBMPI_TEXT_TABLES_H_

#include <string_view>
#include <vector>

namespace libmpi {

// The bytes of a table. REQUIRES: the table is listed in cmake/embed_tables.cmake
// (an unknown name gives an empty view). Thread-safe, O(number of tables).
std::string_view EmbeddedTable(std::string_view path);

// Rows of a TSV text: comment lines (#) and empty lines skipped, fields split
// at tabs; the views point into `tsv`. Linear.
std::vector<std::vector<std::string_view>> ParseTsv(std::string_view tsv);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_TABLES_H_
