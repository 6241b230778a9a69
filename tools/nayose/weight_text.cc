// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/weight_text.h"

#include <algorithm>
#include <cmath>

namespace nayose {
namespace {

__extension__ using Wide = unsigned __int128;

// value / 2^shift to the nearest whole number, the even one where two are.
uint64_t Nearest(Wide value, int shift) {
  if (shift >= 127) return 0;  // value is below 2^74
  const Wide whole = value >> shift, rest = value - (whole << shift), half = Wide{1} << (shift - 1);
  const bool up = rest > half || (rest == half && (whole & 1) != 0);
  return static_cast<uint64_t>(whole) + up;
}

// A number of so many decimals, given in units of the last.
void AppendDecimal(uint64_t units, int decimals, std::string* out) {
  char text[24];
  char* begin = text + sizeof text;
  for (int digit = 0; digit <= decimals || units > 0; ++digit) {
    if (digit == decimals) *--begin = '.';
    *--begin = static_cast<char>('0' + units % 10);
    units /= 10;
  }
  out->append(begin, text + sizeof text);
}

}  // namespace

void AppendWeight(libmpi::FixedWeight weight, std::string* out) {
  static_assert(libmpi::kWeightUnit == 1024.0);
  if (weight < 0) out->push_back('-');  // the smallest is 0.00098, which never becomes 0
  const auto size = static_cast<uint64_t>(std::abs(static_cast<int64_t>(weight)));
  AppendDecimal(Nearest(Wide{size} * 1000, 10), 3, out);
}

void AppendProbability(double probability, std::string* out) {
  int exponent = 0;
  const double fraction = std::frexp(probability, &exponent);  // in [0.5, 1), or 0
  const auto mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));
  AppendDecimal(Nearest(Wide{mantissa} * 1'000'000, 53 - exponent), 6, out);
}

std::string_view WeightTexts::Of(libmpi::FixedWeight weight) {
  Slot& slot = slots_[static_cast<uint32_t>(weight) % kSlots];
  if (slot.size == 0 || slot.weight != weight) {
    std::string text;
    AppendWeight(weight, &text);
    text += ',';
    AppendProbability(libmpi::MatchProbability(weight), &text);
    slot.weight = weight;
    slot.size = static_cast<uint8_t>(std::min(text.size(), sizeof slot.text));
    std::copy_n(text.data(), slot.size, slot.text);
  }
  return {slot.text, slot.size};
}

}  // namespace nayose
