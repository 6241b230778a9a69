// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/accepted_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/string_view.h"
#include "libmpi/base/parallel.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

bool IsBadKey(std::string_view key) {
  bool plain = true;
  for (char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return true;
    plain = plain && byte < 0x80;
  }
  return !plain && key.find("\xEF\xBF\xBD") != std::string_view::npos;
}

// What is wrong with a row's key: the field and the reason, both empty if nothing is.
std::pair<std::string_view, std::string_view> KeyDefect(std::string_view record_id, std::string_view source) {
  if (record_id.empty()) return {"record_id", "is missing"};
  if (IsBadKey(record_id)) return {"record_id", "has characters that cannot be read"};
  if (IsBadKey(source)) return {"source", "has characters that cannot be read"};
  if (record_id.size() > 1 && IsRecordIdHeader(record_id)) return {"", "repeats the header"};
  return {};
}

}  // namespace

namespace {

// The row's fields; they stand until the next call on this thread.
std::span<const std::string_view> FieldsOf(std::string_view row, char delimiter) {
  thread_local std::vector<std::string_view> fields;
  thread_local std::vector<std::string> scratch;
  SplitCsvRow(row, delimiter, &fields, &scratch);
  return fields;
}

}  // namespace

void AcceptedRows::AddRowTo(const RowRef& row, Record* record) const {
  AddRow(FieldsOf(Bytes(row), texts[row.file].delimiter), texts[row.file].columns, record);
}

void AcceptedRows::AddRowTo(const RowRef& row, RecordView* record) const {
  AddCsvRow(Bytes(row), texts[row.file].delimiter, texts[row.file].columns, record);
}

void AcceptedRows::AppendStated(const RowRef& row, std::string* out) const {
  const std::span<const std::string_view> fields = FieldsOf(Bytes(row), texts[row.file].delimiter);
  const std::vector<Field>& field_of_column = texts[row.file].columns.field_of_column;
  for (size_t c = 0; c < field_of_column.size(); ++c) {
    if (!IsStated(field_of_column[c])) continue;
    out->push_back(',');
    if (c < fields.size() && !fields[c].empty()) AppendCsvField(fields[c], out);
  }
}

void AcceptedRows::GetValues(const RowRef& row, FieldValues* values) const {
  const std::span<const std::string_view> fields = FieldsOf(Bytes(row), texts[row.file].delimiter);
  const std::vector<Field>& field_of_column = texts[row.file].columns.field_of_column;
  values->fill({});
  for (size_t c = 0; c < fields.size() && c < field_of_column.size(); ++c)
    if (const auto field = static_cast<size_t>(field_of_column[c]); field < values->size())
      (*values)[field] = TrimSpaces(fields[c]);
}

RowTaker::RowTaker(const FileText* text, uint32_t file, const std::string* path, size_t max_row_bytes)
    : text_(text), path_(path), max_row_bytes_(max_row_bytes), file_(file),
      tallies_(text->columns.field_of_column.size()) {
  for (size_t c = 0; c < tallies_.size(); ++c)
    if (text->columns.field_of_column[c] != Field::kNone) mapped_.push_back(c);
}

void RowTaker::RejectRow(const CsvRow& row, std::string field, std::string reason) {
  rejects.push_back({*path_, text_->LineOf(row.line), std::move(field), std::move(reason)});
}

uint32_t RowTaker::NumberOf(std::string_view source) {
  if (last_source_ < sources.size() && sources[last_source_] == source) return last_source_;
  const auto [it, fresh] = number_of_.try_emplace(absl::string_view(source.data(), source.size()), static_cast<uint32_t>(sources.size()));
  if (fresh) sources.emplace_back(source);
  return last_source_ = it->second;
}

void RowTaker::PutId(std::string_view id, std::string_view bytes, RowRef* ref) {
  const bool inside = id.data() >= bytes.data() && id.data() <= bytes.data() + bytes.size();
  if (const size_t at = inside ? static_cast<size_t>(id.data() - bytes.data()) : 0;
      inside && at < (1u << 16) && id.size() < (1u << 15)) {
    ref->id_begin = at & 0xFFFF;
    ref->id_size = id.size() & 0x7FFF;
    return;
  }
  ref->SetOddNumber(static_cast<uint32_t>(odd_ids.size()));
  odd_ids.emplace_back(id);
}

std::string RowTaker::SplitDefect(std::string_view bytes, const CsvRow& row) {
  if (row.unterminated) return "a quote that never closes";
  if (bytes.size() > max_row_bytes_) return "longer than " + std::to_string(max_row_bytes_) + " bytes";
  if (has_nul_ && std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) return "has a NUL byte";
  switch (SplitCsvRow(bytes, text_->delimiter, &fields_, &scratch_)) {
    case CsvDefect::kTextAfterQuote: return "text after a closing quote";
    case CsvDefect::kUnterminated: return "a quote that never closes";
    case CsvDefect::kNone: break;
  }
  const size_t columns = tallies_.size();
  if (fields_.size() == columns) return "";
  // Trailing empty fields beyond the header do no harm.
  const bool harmless = fields_.size() > columns &&
                        std::all_of(fields_.begin() + static_cast<ptrdiff_t>(columns), fields_.end(),
                                    [](std::string_view field) { return field.empty(); });
  if (harmless) return "";
  return "has " + std::to_string(fields_.size()) + " of " + std::to_string(columns) + " columns";
}

void RowTaker::TakeRow(const CsvRow& row) {
  const std::string_view bytes = text_->text().substr(row.begin, row.end - row.begin);
  if (std::string defect = SplitDefect(bytes, row); !defect.empty())
    return RejectRow(row, "", std::move(defect));
  std::string_view record_id, source = text_->source;
  for (size_t c : mapped_) {
    const Field field = text_->columns.field_of_column[c];
    const std::string_view value = TrimSpaces(fields_[c]);
    if (value.empty()) continue;
    if (field == Field::kRecordId) record_id = value;
    if (field == Field::kSource) source = value;
    tallies_[c].Add(value, text_->LineOf(row.line));
  }
  if (const auto [field, reason] = KeyDefect(record_id, source); !reason.empty())
    return RejectRow(row, std::string(field), std::string(reason));
  RowRef& ref = rows.emplace_back();
  ref.begin = row.begin & (kTextEnd - 1);
  ref.file = file_ & (kMostFiles - 1);
  ref.size = static_cast<uint32_t>(bytes.size());
  ref.line = static_cast<uint32_t>(std::min<uint64_t>(text_->LineOf(row.line), UINT32_MAX));
  ref.source = NumberOf(source);
  PutId(record_id, bytes, &ref);
}

void RowTaker::Take(std::span<const CsvRow> csv_rows) {
  if (csv_rows.empty()) return;
  const size_t begin = csv_rows.front().begin, end = csv_rows.back().end;
  has_nul_ = std::memchr(text_->text().data() + begin, '\0', end - begin) != nullptr;
  rows.reserve(rows.size() + csv_rows.size());
  for (const CsvRow& row : csv_rows) TakeRow(row);
}

AcceptedRows GatherRows(std::span<const FileText> texts, std::span<RowTaker> takers, int threads,
                        ArraySpace* space) {
  AcceptedRows all;
  all.texts = texts;
  all.rows = LargeArray<RowRef>(space);
  std::vector<size_t> first_row, first_odd;
  size_t rows = 0;
  for (RowTaker& taker : takers) {
    first_row.push_back(rows);
    first_odd.push_back(all.odd_ids.size());
    rows += taker.rows.size();
    all.sources.insert(all.sources.end(), taker.sources.begin(), taker.sources.end());
    std::move(taker.odd_ids.begin(), taker.odd_ids.end(), std::back_inserter(all.odd_ids));
  }
  std::sort(all.sources.begin(), all.sources.end());
  all.sources.erase(std::unique(all.sources.begin(), all.sources.end()), all.sources.end());
  all.rows.resize(rows);
  ParallelChunks(takers.size(), 1, threads, [&](size_t t, size_t, int) {
    RowTaker& taker = takers[t];
    std::vector<uint32_t> number;  // by the taker's
    for (const std::string& source : taker.sources)
      number.push_back(static_cast<uint32_t>(
          std::lower_bound(all.sources.begin(), all.sources.end(), source) - all.sources.begin()));
    RowRef* out = all.rows.data() + first_row[t];
    for (const RowRef& row : taker.rows) {
      *out = row;
      out->source = number[row.source];
      if (row.odd_id) out->SetOddNumber(static_cast<uint32_t>(first_odd[t] + row.OddNumber()));
      ++out;
    }
    std::vector<RowRef>().swap(taker.rows);
  });
  return all;
}

}  // namespace libmpi
