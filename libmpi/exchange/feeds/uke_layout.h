// SPDX-License-Identifier: Apache-2.0
// Where the kinds of claims say what in a UKE file. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_UKE_LAYOUT_H_
#define LIBMPI_EXCHANGE_FEEDS_UKE_LAYOUT_H_

#include <cstddef>

namespace libmpi {

// By the code of the fee table (点数表), which is the third digit of an institution's code and the first of a receipt's
// kind (レセプト種別).
enum class ClaimKind : char { kMedical = '1', kDental = '3', kPharmacy = '4', kNursing = '6' };

// Fields of RE, 0 being its id. All have the receipt's number, kind and month in 1 to 3 and the name in 4.
struct ReceiptLayout {
  size_t sex, birth;
  size_t local_number;  // カルテ番号等, 調剤録番号, 訪問看護記録番号等
  size_t kana;
};
inline constexpr size_t kReceiptNumber = 1, kReceiptKind = 2, kReceiptMonth = 3, kReceiptName = 4;

constexpr ReceiptLayout LayoutOf(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kDental: return {5, 6, 15, 25};
    case ClaimKind::kPharmacy: return {5, 6, 35, 41};
    case ClaimKind::kNursing: return {6, 7, 13, 5};
    case ClaimKind::kMedical: break;
  }
  return {5, 6, 13, 36};
}

constexpr bool IsClaimKind(char code) { return code == '1' || code == '3' || code == '4' || code == '6'; }

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_UKE_LAYOUT_H_
