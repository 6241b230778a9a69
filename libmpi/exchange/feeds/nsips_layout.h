// SPDX-License-Identifier: Apache-2.0
// Columns of NSIPS files, VER010501, 0 being a line's first. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_NSIPS_LAYOUT_H_
#define LIBMPI_EXCHANGE_FEEDS_NSIPS_LAYOUT_H_

#include <cstddef>

namespace libmpi::nsips {

// Of the header.
inline constexpr size_t kSentAt = 1, kPrefecture = 4, kTable = 5, kPharmacy = 6, kPharmacyName = 7, kHeaderColumns = 12;

// Of record 1, the patient.
inline constexpr size_t kNumber = 1, kKana = 2, kName = 3, kSex = 4, kBirth = 5, kPostalCode = 6, kAddress = 7,
                        kHomePhone = 8, kWorkPhone = 9;
inline constexpr size_t kInsurer = 14, kInsuredSince = 15, kSymbol = 16, kInsuredNumber = 17, kRelation = 18;
// 老人保険, which some use for the elderly's insurance of today: insurer and number.
inline constexpr size_t kElderlyInsurer = 22, kElderlyNumber = 23;
// Payer, recipient, since when; four times.
inline constexpr size_t kPublicExpense = 25, kPublicExpenseColumns = 3, kPublicExpenses = 4;
inline constexpr size_t kPatientColumns = 48;

}  // namespace libmpi::nsips

#endif  // LIBMPI_EXCHANGE_FEEDS_NSIPS_LAYOUT_H_
