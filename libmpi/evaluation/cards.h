// SPDX-License-Identifier: Apache-2.0
// Insurance cards as insurers give them out.
#ifndef LIBMPI_EVALUATION_CARDS_H_
#define LIBMPI_EVALUATION_CARDS_H_

#include <cstdint>
#include <string>

#include "libmpi/evaluation/random.h"

namespace libmpi {

// One person's card. Insurer, symbol and number are the whole household's (its subscriber's); the
// branch tells the person. From 75 the number is the person's and there is neither symbol nor
// branch.
struct Card {
  std::string insurer;  // as printed: 6 or 8 digits, the last one the check digit
  std::string symbol;
  std::string number;
  std::string branch;
  bool IsNational() const { return insurer.size() == 6; }
  bool IsElderly() const { return insurer.starts_with("39"); }
};

struct CareCard {
  std::string insurer;  // 6 digits: the city's
  std::string number;   // 10 digits
};

// Gives out numbers that no one else has, by counting and scrambling. Colleagues share a symbol.
// Not thread-safe.
class CardIssuer {
 public:
  explicit CardIssuer(uint64_t seed);

  // 国保 of a city; branches from 01.
  Card National(int city, Random* random);
  // 協会けんぽ, 組合, 共済 of an employer; branches from 00.
  Card Employer(Random* random);
  // 後期高齢者 of a city.
  Card Elderly(int city);
  CareCard Care(int city);

 private:
  uint64_t Scrambled(uint64_t series, uint64_t count, uint64_t prime) const;

  uint64_t seed_;
  uint64_t nationals_ = 0, employees_[3] = {}, elderly_ = 0, care_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_CARDS_H_
