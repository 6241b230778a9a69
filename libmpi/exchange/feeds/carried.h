// SPDX-License-Identifier: Apache-2.0
// Values as XML documents carry them: what their writers write, and what is read back. Internal to
// libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_CARRIED_H_
#define LIBMPI_EXCHANGE_FEEDS_CARRIED_H_

#include <optional>
#include <string>
#include <string_view>

#include "libmpi/record/record.h"

namespace libmpi {

// In one field, with an ideographic space between family and given name where they are apart. Who has letters alone is
// written with them.
std::string CarriedFullName(const StatedName& name);
std::string CarriedKanaName(const StatedName& name);

// YYYYMMDD, with `between` year, month and day; other texts, and parts of dates, as they are.
std::string CarriedBirth(const Record& record, std::string_view between);
// 1 and 2; other texts as they are.
std::string CarriedSex(const Record& record);

// Key, first name, first birth date (CarriedBirth), first sex and first address.
Record CarriedPerson(const Record& record, std::string_view between);

StatedCoverage CarriedCoverage(const StatedCoverage& card);
// By its law number (法別番号): whoever pays is no insurer.
bool IsPublicExpense(const StatedCoverage& card);
// The first that is an insurance, with its insurer in eight digits.
std::optional<StatedCoverage> CarriedInsurance(const Record& record);

// The first, as postal code and one text.
StatedAddress CarriedAddress(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_CARRIED_H_
