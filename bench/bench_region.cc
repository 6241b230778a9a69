// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_region.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"

namespace libmpi::bench {
namespace {

uint64_t Persons() {
  const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
  const uint64_t persons = told != nullptr ? std::strtoull(told, nullptr, 10) : 0;
  return persons > 0 ? persons : 20000;
}

void AppendRow(const RegionRow& row, std::string* text) {
  bool first = true;
  for (const std::string* field :
       {&row.record_id, &row.source, &row.name, &row.kana, &row.birth, &row.sex, &row.insurer, &row.symbol,
        &row.number, &row.branch, &row.care_insurer, &row.care_number, &row.postal_code, &row.prefecture,
        &row.city, &row.street, &row.phone}) {
    if (!first) text->push_back(',');
    first = false;
    AppendCsvField(*field, text);
  }
  text->push_back('\n');
}

std::string WriteCsvFile() {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("nayose_bench_" + std::to_string(getpid()) + ".csv")).string();
  if (!WriteWholeFile(path, CsvText()).ok()) std::exit(1);
  return path;
}

std::unique_ptr<Prepared> Prepare() {
  auto out = std::make_unique<Prepared>();
  const Counted& counted = CountedRecords();
  out->encoded = EncodeAll(1);
  EncodedRecords& records = out->encoded->records;
  out->blocks = std::make_unique<Blocks>(&records, 1);
  out->blocks->ForEachPair(1, [&](int, uint32_t a, uint32_t b) { out->pairs.emplace_back(a, b); });
  std::vector<Comparator> comparators(1, Comparator(&records, &counted.readings));
  const double n = static_cast<double>(Records().size());
  out->blocked = CountBlockedPatterns(records, out->encoded->distinct, *out->blocks, {}, 0, &comparators);
  out->unblocked =
      CountUnblockedPatterns(records, *out->blocks, std::nullopt, 0, n * (n - 1) / 2, &comparators);
  SelfCheck check;
  bool learned;
  out->model = LearnModel(out->blocked, out->unblocked, {}, Records().size(), counted.counts, 1, &check, &learned);
  return out;
}

}  // namespace

const std::vector<RegionRow>& Rows() {
  static const auto* const rows = [] {
    auto* out = new std::vector<RegionRow>();
    RegionOptions options;
    options.persons = Persons();
    GenerateRegion(options, [&](const RegionRow& row) { out->push_back(row); });
    return out;
  }();
  return *rows;
}

const std::string& CsvText() {
  static const auto* const text = [] {
    auto* out = new std::string(
        "record_id,source,name,kana,birth,sex,insurer,symbol,number,branch,care_insurer,care_number,"
        "postal_code,prefecture,city,street,phone\n");
    for (const RegionRow& row : Rows()) AppendRow(row, out);
    return out;
  }();
  return *text;
}

const std::string& CsvPath() {
  static const auto* const path = [] {
    auto* out = new std::string(WriteCsvFile());
    std::atexit([] { std::remove(CsvPath().c_str()); });
    return out;
  }();
  return *path;
}

const std::vector<Record>& Records() {
  static const auto* const records = [] {
    auto* out = new std::vector<Record>();
    for (const RegionRow& row : Rows()) out->push_back(RecordOf(row));
    for (Record& record : *out) record.care.clear();  // not a part of what these figures have been of
    std::sort(out->begin(), out->end(), [](const Record& a, const Record& b) { return a.key < b.key; });
    out->erase(std::unique(out->begin(), out->end(), [](const Record& a, const Record& b) { return a.key == b.key; }),
               out->end());
    return out;
  }();
  return *records;
}

RecordReader ReaderOfRecords() {
  return [](size_t i, RecordView* record) { record->Assign(Records()[i]); };
}

const Counted& CountedRecords() {
  static const auto* const counted = [] {
    auto* out = new Counted();
    out->counts = *CountData(Records().size(), ReaderOfRecords(), {});
    out->readings = ReadingModel(out->counts.names.Readings());
    out->standardizer =
        std::make_unique<Standardizer>(StandardizeOptions{}, &out->counts.names, &out->readings);
    return out;
  }();
  return *counted;
}

std::unique_ptr<Encoded> EncodeAll(int threads) {
  const Counted& counted = CountedRecords();
  auto out = std::make_unique<Encoded>();
  if (!EncodeRecords(Records().size(), 0, ReaderOfRecords(), *counted.standardizer, counted.readings, threads, {},
                     &out->records).ok())
    std::exit(1);
  out->distinct = DistinctRecords(&out->records, 0);
  return out;
}

const Prepared& Ready() {
  static const Prepared* const ready = Prepare().release();
  return *ready;
}

}  // namespace libmpi::bench
