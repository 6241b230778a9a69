// SPDX-License-Identifier: Apache-2.0
// What records say, read and folded as statements of values, for the golden record. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_GOLDEN_READER_H_
#define LIBMPI_RECORD_GOLDEN_READER_H_

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/record.h"
#include "libmpi/record/survivorship.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// One of the scripts that a stated name is said in.
struct NameStatement {
  ValueStatement value;
  NameFeatures read;
  uint32_t statement = 0;  // the stated name it stands in, with its other scripts
};

// Values of a field, by kind: of coverages and phones one of each survives.
using StatementsByKind = std::map<int, std::vector<ValueStatement>>;

// All that the records say, folded. Borrows the records and the witnesses.
struct GoldenStatements {
  std::vector<NameStatement> names, kana, latin;
  std::vector<ValueStatement> former_names, births, sexes, care, addresses;
  StatementsByKind coverages, phones;
  std::map<std::pair<GoldenField, FindingCode>, std::vector<uint32_t>> refused;
};

// In the script that it is known by.
const std::vector<NameForm>& FormsOf(const NameFeatures& name);

// The readings that this library is shipped with.
const ReadingModel& ShippedReadings();

// Of the records of one person, each with its witness.
GoldenStatements ReadGoldenStatements(std::span<const std::pair<const Record*, const Witness*>> records,
                                      const SurvivorshipRules& rules, CivilDate today);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_GOLDEN_READER_H_
