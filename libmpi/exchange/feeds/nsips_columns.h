// SPDX-License-Identifier: Apache-2.0
// Where a vendor writes what in record 1 of an NSIPS file. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_NSIPS_COLUMNS_H_
#define LIBMPI_EXCHANGE_FEEDS_NSIPS_COLUMNS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

// By how many columns the groups of record 1 stand to the right of where VER010501 has them (to the left: less than 0).
// Each but the first two goes by the group before it.
struct NsipsShifts {
  int sex_and_birth = 0;
  std::optional<int> names;  // where kana say so
  bool kana_after_name = false;
  int address = 0;          // beside sex_and_birth
  int insurance = 0;        // beside address
  int public_expenses = 0;  // beside insurance
  bool operator==(const NsipsShifts&) const = default;
};

// From the fields (UTF-8, without blanks) of one patient; what they leave open is as in `before`. O(fields).
NsipsShifts FindNsipsShifts(const std::vector<std::string>& fields, const NsipsShifts& before);

// Columns of number and names; 0: there is none.
struct NsipsNameColumns {
  size_t number = 0, kana = 0, name = 0;
};
// `pharmacy`: its own code, which some write before the patient's number.
NsipsNameColumns FindNsipsNames(const std::vector<std::string>& fields, const NsipsShifts& shifts,
                                std::string_view pharmacy);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_NSIPS_COLUMNS_H_
