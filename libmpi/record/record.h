// SPDX-License-Identifier: Apache-2.0
// A record: what one facility says of one patient, unchanged.
#ifndef LIBMPI_RECORD_RECORD_H_
#define LIBMPI_RECORD_RECORD_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace libmpi {

// A record's name everywhere: which source said it, under which local number.
struct RecordKey {
  std::string source;
  std::string record_id;
  // 0, except where one source gave several persons one record_id (an overlay
  // in the source): then each person's rows are a record of their own, 1, 2, ...
  uint16_t part = 0;
  auto operator<=>(const RecordKey&) const = default;
  // The record_id, with "#part" after it where part is not 0.
  std::string IdText() const;
  // "source:" and that.
  std::string ToString() const;
};

// Every field holds the text as it was said (UTF-8); empty means not said.
struct StatedName {
  std::string full;    // family and given in one field, any script
  std::string family;
  std::string given;
  std::string full_kana;
  std::string family_kana;
  std::string given_kana;
  std::string latin;   // a romaji field of its own
  auto operator<=>(const StatedName&) const = default;
};

struct StatedCoverage {
  std::string insurer;
  std::string symbol;
  std::string number;
  std::string branch;
  auto operator<=>(const StatedCoverage&) const = default;
};

struct StatedCareInsurance {
  std::string insurer;
  std::string number;
  auto operator<=>(const StatedCareInsurance&) const = default;
};

struct StatedAddress {
  std::string postal_code;
  std::string prefecture;
  std::string city;
  std::string street;  // the rest: town, block numbers, building
  std::string full;    // a whole address in one field
  auto operator<=>(const StatedAddress&) const = default;
};

// Multi-valued: facilities repeat a patient over rows, months and coverages.
// The order of values carries no meaning and is sorted by Normalize().
struct Record {
  RecordKey key;
  std::vector<StatedName> names;
  std::vector<std::string> former_names;  // 旧姓: a family name or a full name
  std::vector<std::string> births;
  std::vector<std::string> sexes;
  std::vector<StatedCoverage> coverages;
  std::vector<StatedCareInsurance> care;
  std::vector<StatedAddress> addresses;
  std::vector<std::string> phones;  // one field may hold several numbers

  // Sorts and makes unique every list, so that equal statements in any order
  // give an equal Record.
  void Normalize();
  auto operator<=>(const Record&) const = default;
};

}  // namespace libmpi

#endif  // LIBMPI_RECORD_RECORD_H_
