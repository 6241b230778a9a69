// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/row_record.h"

#include <string>
#include <utility>
#include <vector>

namespace libmpi {

std::string_view TrimAnySpaces(std::string_view text) {
  constexpr std::string_view kWide = "\u3000";
  for (;;) {
    if (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    else if (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    else if (text.substr(0, 3) == kWide) text.remove_prefix(3);
    else if (text.size() >= 3 && text.substr(text.size() - 3) == kWide) text.remove_suffix(3);
    else return text;
  }
}

namespace {

// Sets a part of a statement; where an earlier column has set it to something else, the value becomes a
// statement of its own.
template <typename Statement>
void Say(std::string_view value, std::string Statement::*part, Statement* statement,
         std::vector<Statement>* further) {
  std::string& said = statement->*part;
  if (said.empty()) {
    said = value;
  } else if (said != value) {
    further->emplace_back().*part = value;
  }
}

}  // namespace

void AddRow(std::span<const std::string_view> fields, const ColumnMap& columns, Record* record) {
  StatedName name;
  StatedCoverage coverage;
  StatedCareInsurance care;
  StatedAddress address;
  for (size_t c = 0; c < fields.size() && c < columns.field_of_column.size(); ++c) {
    const std::string_view value = TrimSpaces(fields[c]);
    if (value.empty()) continue;
    switch (columns.field_of_column[c]) {
      case Field::kNone:
      case Field::kMyNumber:
      case Field::kRecordId:
      case Field::kSource: break;
      case Field::kName: Say(value, &StatedName::full, &name, &record->names); break;
      case Field::kFamily: name.family = value; break;
      case Field::kGiven: name.given = value; break;
      case Field::kKana: Say(value, &StatedName::full_kana, &name, &record->names); break;
      case Field::kFamilyKana: name.family_kana = value; break;
      case Field::kGivenKana: name.given_kana = value; break;
      case Field::kLatin: Say(value, &StatedName::latin, &name, &record->names); break;
      case Field::kFormerName: record->former_names.emplace_back(value); break;
      case Field::kBirth: record->births.emplace_back(value); break;
      case Field::kSex: record->sexes.emplace_back(value); break;
      case Field::kInsurer: coverage.insurer = value; break;
      case Field::kSymbol: coverage.symbol = value; break;
      case Field::kNumber: coverage.number = value; break;
      case Field::kBranch: coverage.branch = value; break;
      case Field::kCareInsurer: care.insurer = value; break;
      case Field::kCareNumber: care.number = value; break;
      case Field::kPostalCode: address.postal_code = value; break;
      case Field::kPrefecture: address.prefecture = value; break;
      case Field::kCity: address.city = value; break;
      case Field::kStreet: address.street = value; break;
      case Field::kAddress: Say(value, &StatedAddress::full, &address, &record->addresses); break;
      case Field::kPhone:
      case Field::kPhone2: record->phones.emplace_back(value); break;
    }
  }
  if (name != StatedName()) record->names.push_back(std::move(name));
  if (coverage != StatedCoverage()) record->coverages.push_back(std::move(coverage));
  if (care != StatedCareInsurance()) record->care.push_back(std::move(care));
  if (address != StatedAddress()) record->addresses.push_back(std::move(address));
}

}  // namespace libmpi
