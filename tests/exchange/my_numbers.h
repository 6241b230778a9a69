// SPDX-License-Identifier: Apache-2.0
// Invented My Numbers, for tests.
#ifndef LIBMPI_TESTS_EXCHANGE_MY_NUMBERS_H_
#define LIBMPI_TESTS_EXCHANGE_MY_NUMBERS_H_

#include <string>

namespace libmpi {

// 12 digits with a check digit that holds; another for each n.
inline std::string NthMyNumber(int n) {
  std::string digits = std::to_string(100000000000 + 79190ull * static_cast<unsigned>(n));
  int sum = 0;
  for (int k = 1; k <= 11; ++k) sum += (digits[11 - k] - '0') * (k <= 6 ? k + 1 : k - 5);
  digits[11] = static_cast<char>('0' + (sum % 11 <= 1 ? 0 : 11 - sum % 11));
  return digits;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EXCHANGE_MY_NUMBERS_H_
