// SPDX-License-Identifier: Apache-2.0
// What the benchmarks work on: a region of the generator, at each stage of the way of a record.
// NAYOSE_BENCH_PERSONS says how many persons it has (default 20,000); all is made once, on first use.
#ifndef LIBMPI_BENCH_BENCH_REGION_H_
#define LIBMPI_BENCH_BENCH_REGION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/evaluation/region.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/pattern_sample.h"
#include "libmpi/record/standardize.h"

namespace libmpi::bench {

// Rows as facilities write them, and the same as one CSV file's text, header first.
const std::vector<RegionRow>& Rows();
const std::string& CsvText();
// A file of that text, in the system's folder for such; removed at exit.
const std::string& CsvPath();

// One record a row, by key.
const std::vector<Record>& Records();
RecordReader ReaderOfRecords();

// What is counted before standardizing, and the standardizer that follows.
struct Counted {
  DataCounts counts;
  ReadingModel readings;
  std::unique_ptr<Standardizer> standardizer;
};
const Counted& CountedRecords();

// Records encoded and without exact repeats, keys still in place: where blocking starts.
struct Encoded {
  EncodedRecords records;
  DistinctRecords distinct;
};
std::unique_ptr<Encoded> EncodeAll(int threads);

// Blocked and with a model: where comparing and scoring start.
struct Prepared {
  std::unique_ptr<Encoded> encoded;
  std::unique_ptr<Blocks> blocks;
  std::vector<std::pair<uint32_t, uint32_t>> pairs;  // candidates, in the order of blocks
  PatternSample blocked, unblocked;
  Model model;
  const EncodedRecords& records() const { return encoded->records; }
};
const Prepared& Ready();

}  // namespace libmpi::bench

#endif  // LIBMPI_BENCH_BENCH_REGION_H_
