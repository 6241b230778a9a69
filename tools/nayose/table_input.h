// SPDX-License-Identifier: Apache-2.0
// CSV files of any columns, read by a schema.
#ifndef LIBMPI_TOOLS_NAYOSE_TABLE_INPUT_H_
#define LIBMPI_TOOLS_NAYOSE_TABLE_INPUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/csv_file.h"
#include "libmpi/table/table.h"

namespace nayose {

// A cell that its field's kind could not read.
struct UnreadableCell {
  uint32_t record = 0;
  std::string file;
  uint64_t line = 0;
  std::string field;
};

struct TableInput {
  libmpi::table::Table table;
  std::vector<libmpi::RecordKey> keys;  // by record, ascending; of two lists each for itself
  std::vector<libmpi::Reject> rejects;
  std::vector<UnreadableCell> unreadable;
  std::string state;  // the rows as CSV: list, source, record_id, cells
  struct File {
    std::string path, encoding, content_hash;
    uint64_t rows_read = 0, rows_rejected = 0;
  };
  std::vector<File> files;
  uint64_t rows_read() const;
};

// Reads files, and a second list where there is one. A record id that stands twice in a source is a
// reject from the second time on. kInvalidArgument names a column of the schema that a file lacks.
absl::StatusOr<TableInput> ReadTable(const std::vector<std::string>& files, const std::vector<std::string>& reference,
                                     const libmpi::table::Schema& schema, const libmpi::ReadOptions& options);

// Records of a state (TableInput::state) that `names` mean: "source:record_id", "list:source:record_id"
// (list new or reference) or a bare record_id. kNotFound, or kInvalidArgument where a name is several records'.
struct FoundRecords {
  libmpi::table::Table table;
  std::vector<libmpi::RecordKey> keys;
};
absl::StatusOr<FoundRecords> FindTableRecords(const std::string& state, const libmpi::table::Schema& schema,
                                              const std::vector<std::string>& names);

// The schema file, or what the tool proposes for the files where `path` is "auto".
absl::StatusOr<libmpi::table::Schema> ReadSchema(const std::string& path, const std::vector<std::string>& files,
                                                 const libmpi::ReadOptions& options);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_TABLE_INPUT_H_
