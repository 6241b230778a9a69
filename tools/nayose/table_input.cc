// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/table_input.h"

#include <algorithm>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/table/schema_suggest.h"

namespace nayose {
namespace {

using libmpi::CsvFile;
using libmpi::table::Schema;

// Columns of a file that a schema asks for.
struct Columns {
  std::vector<int> cells;
  int id = -1, source = -1;
};

absl::StatusOr<Columns> FindColumns(const CsvFile& file, const Schema& schema) {
  Columns columns;
  const auto find = [&](const std::string& name, int* out) -> absl::Status {
    *out = file.ColumnOf(name);
    if (*out >= 0) return absl::OkStatus();
    return absl::InvalidArgumentError(file.path + ": has no column '" + name.substr(0, 40) +
                                      "', which the schema names; see nayose schema suggest " + file.path);
  };
  if (!schema.record_id.empty()) LIBMPI_RETURN_IF_ERROR(find(schema.record_id, &columns.id));
  if (!schema.source.empty()) LIBMPI_RETURN_IF_ERROR(find(schema.source, &columns.source));
  for (const libmpi::table::Field& field : schema.fields)
    for (const std::string& name : field.columns) LIBMPI_RETURN_IF_ERROR(find(name, &columns.cells.emplace_back()));
  return columns;
}

struct Row {
  libmpi::RecordKey key;
  uint32_t file, row;
};

class TableReader {
 public:
  TableReader(const Schema& schema, const libmpi::ReadOptions& options)
      : schema_(schema), options_(options), builder_(&schema_) {}

  absl::Status Add(const std::vector<std::string>& paths) {
    std::vector<CsvFile> files;
    std::vector<Columns> columns;
    std::vector<Row> rows;
    for (const std::string& path : paths) {
      CsvFile file;
      LIBMPI_ASSIGN_OR_RETURN(file, CsvFile::Read(path, options_));
      LIBMPI_ASSIGN_OR_RETURN(columns.emplace_back(), FindColumns(file, schema_));
      CollectRows(file, columns.back(), static_cast<uint32_t>(files.size()), &rows);
      files.push_back(std::move(file));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) { return x.key < y.key; });
    AddRows(files, columns, rows);
    return absl::OkStatus();
  }
  void BeginSecondList() {
    second_list_ = true;
    builder_.BeginSecondList();
  }
  TableInput Finish() {
    input_.table = builder_.Build();
    return std::move(input_);
  }

 private:
  void CollectRows(const CsvFile& file, const Columns& columns, uint32_t number, std::vector<Row>* rows) {
    uint64_t rejected = file.rejects.size();
    input_.rejects.insert(input_.rejects.end(), file.rejects.begin(), file.rejects.end());
    for (uint32_t i = 0; i < file.rows.size(); ++i) {
      const auto& cells = file.rows[i];
      libmpi::RecordKey key;
      key.source = columns.source >= 0 ? cells[columns.source]
                   : options_.default_source.empty() ? file.name : options_.default_source;
      key.record_id = columns.id >= 0 ? cells[columns.id] : std::to_string(file.lines[i]);
      if (key.record_id.empty()) {
        ++rejected;
        input_.rejects.push_back({file.path, file.lines[i], schema_.record_id, "the record has no id"});
        continue;
      }
      rows->push_back({std::move(key), number, i});
    }
    input_.files.push_back({file.path, file.encoding, file.content_hash, file.rows_read, rejected});
  }

  void AddRows(const std::vector<CsvFile>& files, const std::vector<Columns>& columns, const std::vector<Row>& rows) {
    const size_t first_file = input_.files.size() - files.size();
    std::vector<std::string_view> cells;
    for (size_t i = 0; i < rows.size(); ++i) {
      const CsvFile& file = files[rows[i].file];
      const uint64_t line = file.lines[rows[i].row];
      if (i > 0 && rows[i].key == rows[i - 1].key) {
        input_.rejects.push_back({file.path, line, schema_.record_id, "the id stands in an earlier row of the source"});
        ++input_.files[first_file + rows[i].file].rows_rejected;
        continue;
      }
      cells.clear();
      for (int column : columns[rows[i].file].cells) cells.push_back(file.rows[rows[i].row][column]);
      AppendState(rows[i].key, cells);
      const int unreadable = builder_.Add(cells);
      const auto record = static_cast<uint32_t>(input_.keys.size());
      if (unreadable >= 0) input_.unreadable.push_back({record, file.path, line, schema_.fields[unreadable].name});
      input_.keys.push_back(rows[i].key);
    }
  }

  void AppendState(const libmpi::RecordKey& key, const std::vector<std::string_view>& cells) {
    input_.state += second_list_ ? "reference" : "new";
    const auto append = [&](std::string_view field) {
      input_.state.push_back(',');
      libmpi::AppendCsvField(field, &input_.state);
    };
    append(key.source);
    append(key.record_id);
    for (std::string_view cell : cells) append(cell);
    input_.state.push_back('\n');
  }

  const Schema& schema_;
  const libmpi::ReadOptions& options_;
  bool second_list_ = false;
  libmpi::table::TableBuilder builder_;
  TableInput input_;
};

}  // namespace

uint64_t TableInput::rows_read() const {
  uint64_t rows = 0;
  for (const File& file : files) rows += file.rows_read;
  return rows;
}

absl::StatusOr<TableInput> ReadTable(const std::vector<std::string>& files, const std::vector<std::string>& reference,
                                     const Schema& schema, const libmpi::ReadOptions& options) {
  TableReader reader(schema, options);
  LIBMPI_RETURN_IF_ERROR(reader.Add(files));
  if (!reference.empty()) {
    reader.BeginSecondList();
    LIBMPI_RETURN_IF_ERROR(reader.Add(reference));
  }
  return reader.Finish();
}

absl::StatusOr<FoundRecords> FindTableRecords(const std::string& state, const Schema& schema,
                                              const std::vector<std::string>& names) {
  struct Found {
    std::string list;
    libmpi::RecordKey key;
    std::vector<std::string> cells;
  };
  std::vector<std::vector<Found>> found(names.size());
  libmpi::CsvRows rows(state, ',', state.size());
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  while (rows.Next(&row)) {
    fields.clear();
    scratch.clear();
    if (libmpi::SplitCsvRow(std::string_view(state).substr(row.begin, row.end - row.begin), ',', &fields, &scratch) !=
            libmpi::CsvDefect::kNone || fields.size() < 3)
      continue;
    const std::string list(fields[0]), source(fields[1]), id(fields[2]);
    for (size_t n = 0; n < names.size(); ++n)
      if (names[n] == id || names[n] == source + ":" + id || names[n] == list + ":" + source + ":" + id)
        found[n].push_back({list, {source, id, 0}, {fields.begin() + 3, fields.end()}});
  }
  FoundRecords out;
  libmpi::table::TableBuilder builder(&schema);
  for (size_t n = 0; n < names.size(); ++n) {
    if (found[n].empty()) return absl::NotFoundError("the run has no record '" + names[n] + "'");
    if (found[n].size() > 1) {
      std::string all;
      for (const Found& one : found[n])
        all += (all.empty() ? "" : ", ") + one.list + ":" + one.key.source + ":" + one.key.record_id;
      return absl::InvalidArgumentError("'" + names[n] + "' is several records; say which: " + all);
    }
    const Found& one = found[n].front();
    builder.Add({one.cells.begin(), one.cells.end()});
    out.keys.push_back(one.key);
  }
  out.table = builder.Build();
  return out;
}

absl::StatusOr<Schema> ReadSchema(const std::string& path, const std::vector<std::string>& files,
                                  const libmpi::ReadOptions& options) {
  if (path != "auto") {
    std::string bytes;
    LIBMPI_ASSIGN_OR_RETURN(bytes, libmpi::ReadInputBytes(path));
    auto schema = Schema::FromJson(bytes);
    if (!schema.ok()) return absl::InvalidArgumentError(path + ": " + std::string(schema.status().message()));
    return schema;
  }
  if (files.front() == "-")
    return absl::InvalidArgumentError("standard input can be read only once: write it to a file, or give --schema FILE");
  CsvFile file;
  LIBMPI_ASSIGN_OR_RETURN(file, CsvFile::Read(files.front(), options));
  auto suggestion = libmpi::table::SuggestSchema(file.header, file.rows);
  if (!suggestion.ok())
    return absl::InvalidArgumentError(files.front() + ": " + std::string(suggestion.status().message()) +
                                      "; nayose schema suggest says why");
  return std::move(suggestion->schema);
}

}  // namespace nayose
