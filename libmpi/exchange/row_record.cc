// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/row_record.h"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "libmpi/exchange/csv_reader.h"

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
template <typename Statement, typename Text>
void Say(std::string_view value, Text Statement::*part, Statement* statement,
         std::vector<Statement>* further) {
  Text& said = statement->*part;
  if (said.empty()) {
    said = value;
  } else if (said != value) {
    further->emplace_back().*part = value;
  }
}

}  // namespace

template <typename Text>
void AddRow(std::span<const std::string_view> fields, const ColumnMap& columns, BasicStatements<Text>* record) {
  using Name = BasicStatedName<Text>;
  using Address = BasicStatedAddress<Text>;
  Name name;
  BasicStatedCoverage<Text> coverage;
  BasicStatedCareInsurance<Text> care;
  Address address;
  for (size_t c = 0; c < fields.size() && c < columns.field_of_column.size(); ++c) {
    const std::string_view value = TrimSpaces(fields[c]);
    if (value.empty()) continue;
    switch (columns.field_of_column[c]) {
      case Field::kNone:
      case Field::kMyNumber:
      case Field::kRecordId:
      case Field::kSource: break;
      case Field::kName: Say(value, &Name::full, &name, &record->names); break;
      case Field::kFamily: name.family = value; break;
      case Field::kGiven: name.given = value; break;
      case Field::kKana: Say(value, &Name::full_kana, &name, &record->names); break;
      case Field::kFamilyKana: name.family_kana = value; break;
      case Field::kGivenKana: name.given_kana = value; break;
      case Field::kLatin: Say(value, &Name::latin, &name, &record->names); break;
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
      case Field::kAddress: Say(value, &Address::full, &address, &record->addresses); break;
      case Field::kPhone:
      case Field::kPhone2: record->phones.emplace_back(value); break;
    }
  }
  const auto add = [](auto&& statement, auto* list) {
    if (statement != std::decay_t<decltype(statement)>()) list->push_back(std::move(statement));
  };
  add(std::move(name), &record->names);
  add(std::move(coverage), &record->coverages);
  add(std::move(care), &record->care);
  add(std::move(address), &record->addresses);
}

template void AddRow(std::span<const std::string_view>, const ColumnMap&, BasicStatements<std::string>*);
template void AddRow(std::span<const std::string_view>, const ColumnMap&, BasicStatements<std::string_view>*);

const std::vector<std::string_view>& AddCsvRow(std::string_view row, char delimiter, const ColumnMap& columns,
                                               RecordView* record) {
  thread_local std::vector<std::string_view> fields;
  thread_local std::vector<std::string> scratch;
  SplitCsvRow(row, delimiter, &fields, &scratch);
  if (!scratch.empty())  // the next row's fields take its place
    for (std::string_view& field : fields)
      if (field.data() < row.data() || field.data() > row.data() + row.size())
        field = record->own_texts.emplace_back(field);
  AddRow(fields, columns, record);
  return fields;
}

}  // namespace libmpi
