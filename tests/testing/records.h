// SPDX-License-Identifier: Apache-2.0
// Records as one line of text, for tests.
#ifndef LIBMPI_TESTS_TESTING_RECORDS_H_
#define LIBMPI_TESTS_TESTING_RECORDS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

// "id|name|kana|birth|sex|insurer/symbol/number/branch|prefecture/city/street|phone",
// trailing fields may be left out; source "T".
inline Record ParseRecord(std::string_view line) {
  auto split = [](std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (char c : text) {
      if (c == separator) parts.emplace_back();
      else parts.back() += c;
    }
    return parts;
  };
  std::vector<std::string> f = split(line, '|');
  f.resize(8);
  Record r;
  r.key = {"T", f[0], 0};
  if (!f[1].empty() || !f[2].empty()) {
    StatedName name;
    name.full = f[1];
    name.full_kana = f[2];
    r.names.push_back(name);
  }
  if (!f[3].empty()) r.births.push_back(f[3]);
  if (!f[4].empty()) r.sexes.push_back(f[4]);
  if (!f[5].empty()) {
    std::vector<std::string> c = split(f[5], '/');
    c.resize(4);
    r.coverages.push_back({c[0], c[1], c[2], c[3]});
  }
  if (!f[6].empty()) {
    std::vector<std::string> a = split(f[6], '/');
    a.resize(3);
    StatedAddress address;
    address.prefecture = a[0];
    address.city = a[1];
    address.street = a[2];
    r.addresses.push_back(address);
  }
  if (!f[7].empty()) r.phones.push_back(f[7]);
  return r;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_TESTING_RECORDS_H_
