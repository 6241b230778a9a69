// SPDX-License-Identifier: Apache-2.0
// How many records of each source say what.
#ifndef LIBMPI_RECORD_FILLED_FIELDS_H_
#define LIBMPI_RECORD_FILLED_FIELDS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "libmpi/record/record.h"

namespace libmpi {

inline constexpr std::array<std::string_view, 12> kFilledFields = {
    "name",      "kana",   "latin",          "former_name", "birth",   "sex",
    "insurance", "branch", "care_insurance", "postal_code", "address", "phone"};

// Of kFilledFields those that a record says, as bits.
using SaidFields = uint32_t;
SaidFields SaidFieldsOf(const std::array<bool, kFilledFields.size()>& said);
SaidFields SaidBy(const Record& record);

// Whether one of its names, former ones aside, has a kanji.
bool SaysKanjiName(const Record& record);

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

}  // namespace libmpi

#endif  // LIBMPI_RECORD_FILLED_FIELDS_H_
