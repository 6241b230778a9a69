// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/csv_writer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/feeds/carried.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/exchange/record_rows.h"
#include "libmpi/text/charset.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

// A column under a header of its own.
struct NamedColumn {
  std::string header;
  Field field;
};

// The first header of each field, in the map's order.
std::vector<NamedColumn> ColumnsOf(std::string_view mapping) {
  std::vector<NamedColumn> columns;
  const auto fields = CanonicalFields();
  const auto json = nlohmann::ordered_json::parse(mapping, nullptr, false);
  if (!json.is_object()) return columns;
  for (const auto& [header, name] : json.items()) {
    const auto at = std::ranges::find(fields, name.get<std::string>());
    if (at == fields.end()) continue;
    const auto field = static_cast<Field>(at - fields.begin());
    if (std::ranges::find(columns, field, &NamedColumn::field) == columns.end()) columns.push_back({header, field});
  }
  return columns;
}

template <typename Item>
std::string At(const std::vector<Item>& list, size_t n, std::string Item::*part) {
  return n < list.size() ? list[n].*part : std::string();
}
std::string At(const std::vector<std::string>& list, size_t n) { return n < list.size() ? list[n] : std::string(); }

std::string WholeAddress(const StatedAddress& a) {
  return a.full.empty() ? a.prefecture + a.city + a.street : a.full;
}

// What the nth row says in a column that has names and addresses whole.
std::string ValueOf(const Record& r, Field field, size_t n) {
  switch (field) {
    case Field::kRecordId: return r.key.record_id;
    case Field::kSource: return r.key.source;
    case Field::kName: return n < r.names.size() ? CarriedFullName(r.names[n]) : "";
    case Field::kKana: return n < r.names.size() ? CarriedKanaName(r.names[n]) : "";
    case Field::kLatin: return At(r.names, n, &StatedName::latin);
    case Field::kFormerName: return At(r.former_names, n);
    case Field::kBirth: return At(r.births, n);
    case Field::kSex: return At(r.sexes, n);
    case Field::kInsurer: return At(r.coverages, n, &StatedCoverage::insurer);
    case Field::kSymbol: return At(r.coverages, n, &StatedCoverage::symbol);
    case Field::kNumber: return At(r.coverages, n, &StatedCoverage::number);
    case Field::kBranch: return At(r.coverages, n, &StatedCoverage::branch);
    case Field::kCareInsurer: return At(r.care, n, &StatedCareInsurance::insurer);
    case Field::kCareNumber: return At(r.care, n, &StatedCareInsurance::number);
    case Field::kPostalCode: return At(r.addresses, n, &StatedAddress::postal_code);
    case Field::kAddress: return n < r.addresses.size() ? WholeAddress(r.addresses[n]) : "";
    case Field::kPhone: return At(r.phones, n);
    default: return "";
  }
}

class CsvWriter final : public FeedWriter {
 public:
  explicit CsvWriter(const FeedWriterOptions& options) : options_(options) {
    if (!options_.columns.empty()) columns_ = ColumnsOf(BundledColumnMapping(options_.columns));
    std::vector<std::string> header;
    if (columns_.empty())
      for (const Field field : RecordRowColumns()) header.emplace_back(FieldName(field));
    else
      for (const NamedColumn& column : columns_) header.push_back(column.header);
    AddRow(header);
  }

  absl::Status Add(const Record& record) override {
    if (columns_.empty()) {
      if (!options_.columns.empty())
        return absl::InvalidArgumentError("there is no map of columns \"" + options_.columns + "\"");
      AppendRecordRows(record, &text_);
      return absl::OkStatus();
    }
    const size_t rows = std::max({size_t{1}, record.names.size(), record.former_names.size(), record.births.size(),
                                  record.sexes.size(), record.coverages.size(), record.care.size(),
                                  record.addresses.size(), record.phones.size()});
    for (size_t n = 0; n < rows; ++n) {
      std::vector<std::string> row;
      for (const NamedColumn& column : columns_) row.push_back(ValueOf(record, column.field, n));
      AddRow(row);
    }
    return absl::OkStatus();
  }

  absl::Status End() override {
    if (!options_.encoding.empty()) {
      LIBMPI_ASSIGN_OR_RETURN(const Charset charset, ParseCharset(options_.encoding));
      text_ = EncodeText(text_, charset).bytes;
    }
    return options_.take({"patients.csv", std::move(text_)});
  }

 private:
  void AddRow(const std::vector<std::string>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text_ += ',';
      AppendCsvField(cells[i], &text_);
    }
    text_ += '\n';
  }

  const FeedWriterOptions options_;
  std::vector<NamedColumn> columns_;  // empty: the usual ones
  std::string text_;
};

}  // namespace

std::unique_ptr<FeedWriter> NewCsvWriter(const FeedWriterOptions& options) {
  return std::make_unique<CsvWriter>(options);
}

}  // namespace libmpi
