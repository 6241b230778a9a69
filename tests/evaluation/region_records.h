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

inline Record RecordOf(const RegionRow& row) {
  Record record;
  record.key = {row.source, row.record_id, 0};
  StatedName name;
  name.full = row.name;
  name.full_kana = row.kana;
  record.names.push_back(std::move(name));
  if (!row.birth.empty()) record.births.push_back(row.birth);
  if (!row.sex.empty()) record.sexes.push_back(row.sex);
  if (!row.number.empty())
    record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
  if (!row.care_number.empty()) record.care.push_back({row.care_insurer, row.care_number});
  if (!row.city.empty())
    record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
  if (!row.phone.empty()) record.phones.push_back(row.phone);
  return record;
}

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
