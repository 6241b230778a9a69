// SPDX-License-Identifier: Apache-2.0
// Which column of a file means which field.
#ifndef LIBMPI_EXCHANGE_COLUMN_MAP_H_
#define LIBMPI_EXCHANGE_COLUMN_MAP_H_

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace libmpi {

// The fields of a patient list; the order is that of CanonicalFields().
enum class Field : int8_t {
  kNone = -1,
  kRecordId, kSource, kName, kFamily, kGiven, kKana, kFamilyKana, kGivenKana, kLatin, kFormerName,
  kBirth, kSex, kInsurer, kSymbol, kNumber, kBranch, kCareInsurer, kCareNumber, kPostalCode,
  kPrefecture, kCity, kStreet, kAddress, kPhone, kPhone2,
  kMyNumber,  // no field of a record: a column that is declared to hold what must not be kept
};
inline constexpr int kFields = 25;  // that a record may have

// What a row says, by field; empty where nothing.
using FieldValues = std::array<std::string_view, kFields>;

// Its canonical name; empty for kNone.
std::string_view FieldName(Field field);

// Whether a text would be taken for the header of the record_id column. O(size), mostly less.
bool IsRecordIdHeader(std::string_view text);

struct ColumnMap {
  std::vector<Field> field_of_column;
  std::vector<std::string> unknown_columns;
  std::set<std::string> told;  // headers that `renamed` named
  bool Has(Field field) const;
  // Whether no field has two columns.
  bool OneColumnAField() const;
};

// Maps header cells by the alias table and `renamed` (header → canonical name, empty: ignore). Several
// columns may mean one field where a record can say it several times (names, kana, former
// names, addresses, phones). kInvalidArgument: no record_id, two columns for another field, an unknown
// canonical name.
absl::StatusOr<ColumnMap> MapColumns(const std::vector<std::string>& header,
                                     const std::map<std::string, std::string>& renamed,
                                     const std::string& file);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_COLUMN_MAP_H_
