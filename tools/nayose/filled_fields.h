// SPDX-License-Identifier: Apache-2.0
// How many records of each source say what.
#ifndef LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_
#define LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "libmpi/exchange/column_map.h"
#include "libmpi/record/record.h"

namespace nayose {

inline constexpr std::array<std::string_view, 12> kFilledFields = {
    "name", "kana", "latin", "former_name", "birth", "sex", "insurance", "branch", "care_insurance", "postal_code", "address", "phone"};

// Of kFilledFields those that a record says, as bits.
using SaidFields = uint32_t;
SaidFields SaidBy(const libmpi::Record& record);
// The same of a record that is one row.
SaidFields SaidBy(const libmpi::FieldValues& values);

struct Filled {
  uint64_t records = 0;
  std::array<uint64_t, kFilledFields.size()> fields = {};

  void Add(SaidFields said) {
    ++records;
    for (size_t f = 0; f < fields.size(); ++f) fields[f] += said >> f & 1;
  }
  void Add(const Filled& other);
};

// Counts by source. Not thread-safe: one a worker, added up afterwards.
class FilledBySource {
 public:
  void Add(std::string_view source, SaidFields said);
  void Add(const FilledBySource& other);
  const std::map<std::string, Filled, std::less<>>& sources() const { return sources_; }

 private:
  std::map<std::string, Filled, std::less<>> sources_;
  std::map<std::string, Filled, std::less<>>::value_type* last_ = nullptr;  // records come by source
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_
