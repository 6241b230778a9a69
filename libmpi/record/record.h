// SPDX-License-Identifier: Apache-2.0
// A record: what one facility says of one patient, unchanged.
#ifndef LIBMPI_RECORD_RECORD_H_
#define LIBMPI_RECORD_RECORD_H_

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/civil_date.h"

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

// Every field holds the text as it was said (UTF-8); empty means not said. `Text` is std::string, or
// std::string_view for statements that stand elsewhere.
template <typename Text>
struct BasicStatedName {
  Text full;    // family and given in one field, any script
  Text family;
  Text given;
  Text full_kana;
  Text family_kana;
  Text given_kana;
  Text latin;   // a romaji field of its own
  auto operator<=>(const BasicStatedName&) const = default;
  operator BasicStatedName<std::string_view>() const
    requires std::same_as<Text, std::string>
  {
    return {full, family, given, full_kana, family_kana, given_kana, latin};
  }
};

template <typename Text>
struct BasicStatedCoverage {
  Text insurer;
  Text symbol;
  Text number;
  Text branch;
  auto operator<=>(const BasicStatedCoverage&) const = default;
  operator BasicStatedCoverage<std::string_view>() const
    requires std::same_as<Text, std::string>
  {
    return {insurer, symbol, number, branch};
  }
};

template <typename Text>
struct BasicStatedCareInsurance {
  Text insurer;
  Text number;
  auto operator<=>(const BasicStatedCareInsurance&) const = default;
  operator BasicStatedCareInsurance<std::string_view>() const
    requires std::same_as<Text, std::string>
  {
    return {insurer, number};
  }
};

template <typename Text>
struct BasicStatedAddress {
  Text postal_code;
  Text prefecture;
  Text city;
  Text street;  // the rest: town, block numbers, building
  Text full;    // a whole address in one field
  auto operator<=>(const BasicStatedAddress&) const = default;
  operator BasicStatedAddress<std::string_view>() const
    requires std::same_as<Text, std::string>
  {
    return {postal_code, prefecture, city, street, full};
  }
};

// What a record says. Multi-valued: facilities repeat a patient over rows, months and coverages.
// The order of values carries no meaning and is sorted by Normalize().
template <typename Text>
struct BasicStatements {
  std::vector<BasicStatedName<Text>> names;
  std::vector<Text> former_names;  // 旧姓: a family name or a full name
  std::vector<Text> births;
  std::vector<Text> sexes;
  std::vector<BasicStatedCoverage<Text>> coverages;
  std::vector<BasicStatedCareInsurance<Text>> care;
  std::vector<BasicStatedAddress<Text>> addresses;
  std::vector<Text> phones;  // one field may hold several numbers

  // Sorts and makes unique every list, so that equal statements in any order
  // give equal ones.
  void Normalize() {
    SortUnique(&names);
    SortUnique(&former_names);
    SortUnique(&births);
    SortUnique(&sexes);
    SortUnique(&coverages);
    SortUnique(&care);
    SortUnique(&addresses);
    SortUnique(&phones);
  }
  auto operator<=>(const BasicStatements&) const = default;

 private:
  template <typename T>
  static void SortUnique(std::vector<T>* values) {
    if (values->size() < 2) return;
    std::sort(values->begin(), values->end());
    values->erase(std::unique(values->begin(), values->end()), values->end());
  }
};

using StatedName = BasicStatedName<std::string>;
using StatedCoverage = BasicStatedCoverage<std::string>;
using StatedCareInsurance = BasicStatedCareInsurance<std::string>;
using StatedAddress = BasicStatedAddress<std::string>;
using StatedNameView = BasicStatedName<std::string_view>;
using StatedCoverageView = BasicStatedCoverage<std::string_view>;
using StatedCareInsuranceView = BasicStatedCareInsurance<std::string_view>;
using StatedAddressView = BasicStatedAddress<std::string_view>;

struct Record : BasicStatements<std::string> {
  RecordKey key;
  auto operator<=>(const Record&) const = default;
};

// A record whose texts stand elsewhere. Made to be filled again and again: Clear() keeps the room
// of its lists. Copies nothing, so whoever fills it says how long the texts stay.
struct RecordView : BasicStatements<std::string_view> {
  std::string_view source;
  std::string_view record_id;
  uint16_t part = 0;
  // The day on which it was said, after which no birth date lies; {}: that of who standardizes it.
  CivilDate said_on;
  // Texts that stand nowhere else, such as fields whose doubled quotes were undone.
  std::deque<std::string> own_texts;

  void Clear();
  // Views of all that `record` says, which must outlive this.
  void Assign(const Record& record);
  // The order of records, as RecordKey's.
  std::strong_ordering CompareKeys(std::string_view other_source, std::string_view other_id,
                                   uint16_t other_part) const;
};

}  // namespace libmpi

#endif  // LIBMPI_RECORD_RECORD_H_
