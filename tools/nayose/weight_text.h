// SPDX-License-Identifier: Apache-2.0
// Match weights and probabilities as tables show them.
#ifndef LIBMPI_TOOLS_NAYOSE_WEIGHT_TEXT_H_
#define LIBMPI_TOOLS_NAYOSE_WEIGHT_TEXT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "libmpi/linkage/linker.h"

namespace nayose {

// What printf makes of WeightBits(weight) by "%.3f": the nearest thousandth, the even one where two are.
void AppendWeight(libmpi::FixedWeight weight, std::string* out);
// What printf makes of `probability`, in [0, 1], by "%.6f", exactly.
void AppendProbability(double probability, std::string* out);

// "weight,probability" of weights, each made once: those of a run are some ten thousand different ones.
// Not thread-safe.
class WeightTexts {
 public:
  std::string_view Of(libmpi::FixedWeight weight);

 private:
  struct Slot {
    libmpi::FixedWeight weight = 0;
    uint8_t size = 0;  // 0: empty
    char text[27];
  };
  static constexpr size_t kSlots = 1024;
  std::array<Slot, kSlots> slots_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_WEIGHT_TEXT_H_
