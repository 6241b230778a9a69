// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/control_id.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>

namespace libmpi::hl7v2 {
namespace {

// The last `digits` digits of a number to the base 36.
std::string Base36(uint64_t number, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i > 0; --i, number /= 36) text[i - 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
  return text;
}

std::string ByChance() {
  std::random_device device;
  const uint64_t high = device();
  return Base36(high << 32 | device(), 12);
}

}  // namespace

std::string NewControlId() {
  static const std::string process = ByChance();
  static std::atomic<uint64_t> count = 0;
  return process + Base36(++count, 8);
}

}  // namespace libmpi::hl7v2
