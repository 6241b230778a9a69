// SPDX-License-Identifier: Apache-2.0
// What a column is likely to hold, by its name and its cells.
#ifndef LIBMPI_TABLE_COLUMN_ROLES_H_
#define LIBMPI_TABLE_COLUMN_ROLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/table/schema.h"

namespace libmpi::table {

enum class Role : uint8_t {
  kOther, kRecordId, kSource, kAnswer,
  kGivenName, kFamilyName, kMiddleName, kFullName,
  kBirthDate, kBirthYear, kBirthMonth, kBirthDay, kSex,
  kHouseNumber, kUnit, kStreet, kTown, kPostcode, kRegion,
  kPhone, kEmail, kIdentifier, kPlace, kOccupation,
};

// By the words of the name ("fname_c1", "Date of Birth", "postcode_fake").
Role RoleOfName(std::string_view column);

// Figures of a column's cells.
struct ColumnProfile {
  double filled = 0;        // share of rows
  double distinct = 0;      // values
  double most_common = 0;   // share of the filled
  double dates = 0, numbers = 0, points = 0, digits = 0, japanese = 0, several_words = 0, lists = 0;  // shares
  double day_first = 0, month_first = 0;  // of dates like 31/12/1999 and 12/31/1999
  double na = 0;            // "NA", "NULL" and the like, of all rows
  double mean_length = 0;
};
ColumnProfile ProfileColumn(const std::vector<std::vector<std::string>>& rows, size_t column);

// A word that says that nothing is known.
bool SaysNothing(std::string_view cell);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_COLUMN_ROLES_H_
