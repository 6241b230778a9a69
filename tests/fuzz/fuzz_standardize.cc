// SPDX-License-Identifier: Apache-2.0
// Any bytes as the fields of a record: standardized without harm, twice the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "libmpi/record/overlay.h"
#include "libmpi/record/standardize.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace libmpi;
  std::vector<std::string> f(1);
  for (size_t i = 0; i < size; ++i) {
    if (data[i] == '\n') f.emplace_back();
    else f.back() += static_cast<char>(data[i]);
  }
  f.resize(16);
  Record r;
  r.names.push_back({f[0], f[1], f[2], f[3], "", "", f[4]});
  r.former_names.push_back(f[5]);
  r.births.push_back(f[6]);
  r.sexes.push_back(f[7]);
  r.coverages.push_back({f[8], f[9], f[10], f[11]});
  r.care.push_back({f[8], f[10]});
  r.addresses.push_back({f[12], f[13], f[14], f[15], ""});
  r.addresses.push_back({f[12], "", "", "", f[15]});
  r.phones.push_back(f[9]);
  static const Standardizer* const standardizer = new Standardizer();
  const Features once = standardizer->Standardize(r), twice = standardizer->Standardize(r);
  if (once.names != twice.names || once.findings != twice.findings) std::abort();
  standardizer->Explain(r);
  Record other = r;
  other.births = {f[7]};
  const std::vector<Record> rows = {r, other};
  SplitOverlays(rows);
  return 0;
}
