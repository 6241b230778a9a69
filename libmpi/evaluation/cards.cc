// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/cards.h"

#include <iterator>

#include "libmpi/evaluation/places.h"

namespace libmpi {
namespace {

// Largest primes below powers of ten: count * step mod prime meets every number once.
constexpr uint64_t kPrime6 = 999983, kPrime7 = 9999991, kPrime8 = 99999989, kPrime9 = 999999937;

std::string Padded(uint64_t number, size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

constexpr const char* kMutualSymbols[] = {"公立宮城", "文部科学省", "地共宮", "宮城市町村", "警察宮城"};

}  // namespace

CardIssuer::CardIssuer(uint64_t seed) : seed_(HashCombine(seed, 0xca4d)) {}

// The count-th number of a series: each once, no two early ones close to each other.
uint64_t CardIssuer::Scrambled(uint64_t series, uint64_t count, uint64_t prime) const {
  const uint64_t own = HashCombine(seed_, series);
  const uint64_t step = prime / 1000 * 618 + own % (prime / 1000), offset = own / 1000 % prime;
  return (count % prime * step + offset) % prime;
}

Card CardIssuer::National(int city, Random* random) {
  const City& at = Cities()[city];
  Card card;
  card.insurer = at.insurer;
  // The symbol is the municipality's; some cities print none, some the year of issue behind it.
  const uint64_t style = HashBytes(at.insurer) % 4;
  if (style != 0) card.symbol = style == 1 ? "宮" : "国" + at.insurer.substr(3, 2);
  if (style == 3) card.symbol += "-" + std::to_string(random->Between(1, 12));
  card.number = std::to_string(Scrambled(1, ++nationals_, kPrime8));
  return card;
}

Card CardIssuer::Employer(Random* random) {
  const uint64_t x = random->Below(100);
  const int kind = x < 58 ? 0 : x < 87 ? 1 : 2;
  const uint64_t employee = ++employees_[kind];
  Card card;
  if (kind == 0) {  // 協会けんぽ: one insurer, small firms, numbers by entry
    const uint64_t firm = employee / 12;
    card.insurer = WithCheckDigit("0104001");
    card.symbol = std::to_string(10000000 + Scrambled(2, firm, kPrime7) * 9);
    card.number = std::to_string(1 + employee % 12 * 7 + firm % 7);
  } else if (kind == 1) {  // 組合: many insurers, large firms
    const uint64_t firm = employee / 60;
    card.insurer = WithCheckDigit("0613" + Padded(HashCombine(seed_, firm) % 900 + 100, 3));
    card.symbol = std::to_string(Scrambled(3, firm, kPrime6) % 10000 + 1);
    card.number = std::to_string(Scrambled(4, employee, kPrime6));
  } else {
    const uint64_t office = employee % 4;
    card.insurer = WithCheckDigit((office == 0 ? "3204" : office == 1 ? "3304" : "3404") +
                                  Padded(10 + office, 3));
    card.symbol = kMutualSymbols[employee % std::size(kMutualSymbols)];
    card.number = Padded(Scrambled(5, employee, kPrime7), 7);
  }
  return card;
}

Card CardIssuer::Elderly(int city) {
  return {Cities()[city].elderly_insurer, "", Padded(Scrambled(6, ++elderly_, kPrime8), 8), ""};
}

CareCard CardIssuer::Care(int city) {
  return {Cities()[city].insurer, "0" + Padded(Scrambled(7, ++care_, kPrime9), 9)};
}

}  // namespace libmpi
