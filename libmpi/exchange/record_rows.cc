// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/record_rows.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "libmpi/exchange/csv_writer.h"

namespace libmpi {
namespace {

constexpr std::array kColumns = {
    Field::kRecordId,   Field::kSource,     Field::kName,   Field::kFamily,     Field::kGiven,       Field::kKana,
    Field::kFamilyKana, Field::kGivenKana,  Field::kLatin,  Field::kFormerName, Field::kBirth,       Field::kSex,
    Field::kInsurer,    Field::kSymbol,     Field::kNumber, Field::kBranch,     Field::kCareInsurer, Field::kCareNumber,
    Field::kPostalCode, Field::kPrefecture, Field::kCity,   Field::kStreet,     Field::kAddress,     Field::kPhone};

// Appends one row, field by field in the order of the columns.
class RowText {
 public:
  explicit RowText(std::string* out) : out_(*out) {}
  void Add(std::string_view value) {
    if (count_++ > 0) out_.push_back(',');
    const size_t begin = out_.size();
    AppendCsvField(value, &out_);
    std::replace_if(
        out_.begin() + static_cast<ptrdiff_t>(begin), out_.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  }
  // What the nth of a list says, or nothing.
  template <typename Item, typename... Part>
  void AddParts(const std::vector<Item>& list, size_t n, Part Item::*... parts) {
    (Add(n < list.size() ? std::string_view(list[n].*parts) : std::string_view()), ...);
  }
  void AddText(const std::vector<std::string>& list, size_t n) {
    Add(n < list.size() ? std::string_view(list[n]) : std::string_view());
  }

 private:
  std::string& out_;
  size_t count_ = 0;
};

}  // namespace

std::span<const Field> RecordRowColumns() { return kColumns; }

size_t AppendRecordRows(const Record& r, std::string* out) {
  const size_t rows = std::max({size_t{1}, r.names.size(), r.former_names.size(), r.births.size(), r.sexes.size(),
                                r.coverages.size(), r.care.size(), r.addresses.size(), r.phones.size()});
  for (size_t n = 0; n < rows; ++n) {
    RowText row(out);
    row.Add(r.key.record_id);
    row.Add(r.key.source);
    row.AddParts(r.names, n, &StatedName::full, &StatedName::family, &StatedName::given, &StatedName::full_kana,
                 &StatedName::family_kana, &StatedName::given_kana, &StatedName::latin);
    row.AddText(r.former_names, n);
    row.AddText(r.births, n);
    row.AddText(r.sexes, n);
    row.AddParts(r.coverages, n, &StatedCoverage::insurer, &StatedCoverage::symbol, &StatedCoverage::number,
                 &StatedCoverage::branch);
    row.AddParts(r.care, n, &StatedCareInsurance::insurer, &StatedCareInsurance::number);
    row.AddParts(r.addresses, n, &StatedAddress::postal_code, &StatedAddress::prefecture, &StatedAddress::city,
                 &StatedAddress::street, &StatedAddress::full);
    row.AddText(r.phones, n);
    out->push_back('\n');
  }
  return rows;
}

}  // namespace libmpi
