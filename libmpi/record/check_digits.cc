// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/check_digits.h"

#include "libmpi/record/folded_text.h"

namespace libmpi {

bool InsurerCheckDigitHolds(std::string_view digits) {
  if (digits.size() < 2 || !AllDigits(digits)) return false;
  int sum = 0;
  bool twice = true;
  for (size_t i = digits.size() - 1; i-- > 0; twice = !twice) {
    const int product = (digits[i] - '0') * (twice ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return (10 - sum % 10) % 10 == digits.back() - '0';
}

bool LooksLikeMyNumber(std::string_view digits) {
  if (digits.size() != 12 || !AllDigits(digits)) return false;
  int sum = 0;
  for (int n = 1; n <= 11; ++n) sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
  const int rest = sum % 11;
  return (rest <= 1 ? 0 : 11 - rest) == digits[11] - '0';
}

}  // namespace libmpi
