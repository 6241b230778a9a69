// SPDX-License-Identifier: Apache-2.0
// A run over tables of any schema: dedupe and link with --schema.
#ifndef LIBMPI_TOOLS_NAYOSE_TABLE_RUN_H_
#define LIBMPI_TOOLS_NAYOSE_TABLE_RUN_H_

#include <string>
#include <vector>

#include "tools/nayose/common_options.h"

namespace nayose {

struct TableRunArguments {
  std::string command;  // dedupe, link
  std::string schema;   // file, or "auto"
  InputArguments input;
  LinkArguments link;
  OutputArguments output;
  std::vector<std::string> reference;  // link
  bool one_to_one = false;
  std::string truth;                   // empty: no evaluation
  std::string decisions;               // dedupe; empty: none
};

// Reads, links and writes clusters.csv, links.csv, review.csv, rejects.csv, findings.csv, blocking.csv,
// model.json, schema.json and summary.json. Gives the exit code.
int RunTables(const TableRunArguments& args);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_TABLE_RUN_H_
