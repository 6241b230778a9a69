// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/state_records.h"

#include <string_view>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/row_record.h"
#include "tools/nayose/run_state.h"

namespace nayose {

absl::StatusOr<StateRecords> StateRecords::Read(const std::string& directory) {
  StateRecords out;
  LIBMPI_ASSIGN_OR_RETURN(out.text_, ReadStateRecords(directory));
  libmpi::CsvRows rows(out.text_, ',', out.text_.size());
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  libmpi::RecordKey key, last;
  int list = 0, last_list = -1;
  while (rows.Next(&row)) {
    const std::string_view bytes = std::string_view(out.text_).substr(row.begin, row.end - row.begin);
    if (libmpi::SplitCsvRow(bytes, ',', &fields, &scratch) != libmpi::CsvDefect::kNone ||
        !StateRowKey(fields, &key, &list))
      return absl::InvalidArgumentError(directory + "/state/records.csv.zst line " + std::to_string(row.line) +
                                        ": is damaged; run again");
    if (list == last_list && key == last) continue;
    out.begin_.push_back(row.begin);
    out.new_count_ += list == 0;
    last = key;
    last_list = list;
  }
  out.begin_.push_back(out.text_.size());
  return out;
}

void StateRecords::Get(size_t i, libmpi::Record* record) const {
  static const libmpi::ColumnMap columns = StateColumns();
  *record = libmpi::Record();
  const std::string_view text = std::string_view(text_).substr(begin_[i], begin_[i + 1] - begin_[i]);
  libmpi::CsvRows rows(text, ',', text.size());
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  int list = 0;
  while (rows.Next(&row)) {
    libmpi::SplitCsvRow(text.substr(row.begin, row.end - row.begin), ',', &fields, &scratch);
    StateRowKey(fields, &record->key, &list);
    libmpi::AddRow(fields, columns, record);
  }
  record->Normalize();
}

void StateRecords::Get(size_t i, libmpi::RecordView* record) const {
  static const libmpi::ColumnMap columns = StateColumns();
  record->Clear();
  const std::string_view text = std::string_view(text_).substr(begin_[i], begin_[i + 1] - begin_[i]);
  libmpi::CsvRows rows(text, ',', text.size());
  libmpi::CsvRow row;
  libmpi::RecordKey key;
  int list = 0;
  while (rows.Next(&row))
    StateRowKey(libmpi::AddCsvRow(text.substr(row.begin, row.end - row.begin), ',', columns, record), &key, &list);
  record->source = record->own_texts.emplace_back(std::move(key.source));
  record->record_id = record->own_texts.emplace_back(std::move(key.record_id));
  record->part = key.part;
  record->Normalize();
}

}  // namespace nayose
