// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_writer.h"

#include <algorithm>

namespace libmpi {

void AppendCsvField(std::string_view value, std::string* out) {
  const bool plain = std::none_of(value.begin(), value.end(), [](char c) {
    return c == ',' || c == '"' || c == '\r' || c == '\n';
  });
  if (plain) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (char c : value) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

}  // namespace libmpi
