// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/accepted_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

bool IsBadKey(std::string_view key) {
  for (char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  return key.find("\xEF\xBF\xBD") != std::string_view::npos;
}

// What is wrong with a row's key: the field and the reason, both empty if nothing is.
std::pair<std::string_view, std::string_view> KeyDefect(const RowRef& row) {
  if (row.record_id.empty()) return {"record_id", "is missing"};
  if (IsBadKey(row.record_id)) return {"record_id", "has characters that cannot be read"};
  if (IsBadKey(row.source)) return {"source", "has characters that cannot be read"};
  if (row.record_id.size() > 1 && CanonicalFieldOf(row.record_id) == "record_id")
    return {"", "repeats the header"};
  return {};
}

}  // namespace

void AddRowTo(std::span<const FileText> texts, const RowRef& row, Record* record) {
  thread_local std::vector<std::string_view> fields;
  thread_local std::vector<std::string> scratch;
  SplitCsvRow(RowBytes(texts, row), texts[row.file].delimiter, &fields, &scratch);
  AddRow(fields, texts[row.file].columns, record);
}

void AddRowTo(std::span<const FileText> texts, const RowRef& row, RecordView* record) {
  AddCsvRow(RowBytes(texts, row), texts[row.file].delimiter, texts[row.file].columns, record);
}

void RowTaker::RejectRow(const CsvRow& row, std::string field, std::string reason) {
  rejects.push_back({*path_, row.line, std::move(field), std::move(reason)});
}

std::string_view RowTaker::Keep(std::string_view key, std::string_view row) {
  if (key.data() >= row.data() && key.data() <= row.data() + row.size()) return key;
  odd_keys.push_back(std::make_unique<std::string>(key));
  return *odd_keys.back();
}

std::string RowTaker::SplitDefect(std::string_view bytes, const CsvRow& row) {
  if (row.unterminated) return "a quote that never closes";
  if (bytes.size() > max_row_bytes_) return "longer than " + std::to_string(max_row_bytes_) + " bytes";
  if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) return "has a NUL byte";
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

void RowTaker::Take(const CsvRow& row) {
  const std::string_view bytes = std::string_view(text_->text).substr(row.begin, row.end - row.begin);
  if (std::string defect = SplitDefect(bytes, row); !defect.empty())
    return RejectRow(row, "", std::move(defect));
  RowRef ref{row.begin, static_cast<uint32_t>(bytes.size()), file_, row.line, text_->source, {}};
  for (size_t c = 0; c < tallies_.size(); ++c) {
    const Field field = text_->columns.field_of_column[c];
    if (field == Field::kNone) continue;
    const std::string_view value = TrimSpaces(fields_[c]);
    if (field == Field::kRecordId) ref.record_id = value;
    if (field == Field::kSource && !value.empty()) ref.source = value;
    tallies_[c].Add(value, row.line);
  }
  if (const auto [field, reason] = KeyDefect(ref); !reason.empty())
    return RejectRow(row, std::string(field), std::string(reason));
  ref.record_id = Keep(ref.record_id, bytes);
  if (ref.source.data() != text_->source.data()) ref.source = Keep(ref.source, bytes);
  rows.push_back(ref);
}

}  // namespace libmpi
