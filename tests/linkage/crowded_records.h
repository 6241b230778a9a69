// SPDX-License-Identifier: Apache-2.0
// Records that try the limits of blocking keys, and a model for them.
#ifndef LIBMPI_TESTS_LINKAGE_CROWDED_RECORDS_H_
#define LIBMPI_TESTS_LINKAGE_CROWDED_RECORDS_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "libmpi/linkage/linker.h"
#include "tests/evaluation/region_records.h"

namespace libmpi {

inline const Model& TheModel() {
  static const Model* const model = [] {
    const auto trained = Train(MakeRegionRecords({4000, 5, 1}).records, LinkOptions());
    return new Model(trained->model);
  }();
  return *model;
}

// Records of a region, and crowds about as large as keys may be before they are sharpened.
inline std::vector<Record> MakeCrowdedRecords(uint64_t seed, uint64_t persons) {
  RegionOptions options{persons, seed, 1};
  options.dirt = 2;
  std::vector<Record> records = MakeRegionRecords(options).records;
  std::mt19937_64 random(seed);
  for (int crowd = 0; crowd < 12; ++crowd) {
    const Record like = records[random() % records.size()];
    const size_t size = 8 + random() % 40;
    for (size_t i = 0; i < size; ++i) {
      Record record = like;
      record.key = {"crowd" + std::to_string(crowd % 3), std::to_string(crowd) + "-" + std::to_string(random() % 100000), 0};
      // Draws stand in statements of their own: in which order arguments are evaluated differs between processors.
      if (random() % 2) {
        const std::string day = std::to_string(10 + random() % 3);
        record.births = {"19" + std::to_string(50 + random() % 3) + "-03-" + day};
      }
      if (random() % 2) record.addresses.clear();
      if (random() % 2) {
        const std::string last = std::to_string(1000 + random() % 9000);
        record.phones = {"090-" + std::to_string(1000 + random() % 9000) + "-" + last};
      }
      if (random() % 2) record.coverages.clear();
      if (random() % 3) record.names = records[random() % records.size()].names;
      records.push_back(std::move(record));
    }
  }
  return records;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_LINKAGE_CROWDED_RECORDS_H_
