// SPDX-License-Identifier: Apache-2.0
// A generated region as records with their truth.
#ifndef LIBMPI_TESTS_EVALUATION_REGION_RECORDS_H_
#define LIBMPI_TESTS_EVALUATION_REGION_RECORDS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "libmpi/evaluation/region.h"
#include "libmpi/record/record.h"

namespace libmpi {

struct RegionRecords {
  std::vector<Record> records;
  std::vector<uint32_t> person;
};

inline RegionRecords MakeRegionRecords(const RegionOptions& options) {
  RegionRecords out;
  GenerateRegion(options, [&](const RegionRow& row) {
    out.records.push_back(RecordOf(row));
    out.person.push_back(static_cast<uint32_t>(row.person));
  });
  return out;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EVALUATION_REGION_RECORDS_H_
