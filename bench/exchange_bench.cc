// SPDX-License-Identifier: Apache-2.0
// Reading and writing: CSV text into rows and fields, files into records, keys and weights into files.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/bench_region.h"
#include "benchmark/benchmark.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi::bench {
namespace {

void Count(benchmark::State& state, size_t records, size_t bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.counters["bytes/record"] = static_cast<double>(bytes) / static_cast<double>(records);
}

// Where rows begin and end.
void BM_ParseRows(benchmark::State& state) {
  const std::string& text = CsvText();
  size_t rows = 0;
  for (auto _ : state) {
    CsvRows walk(text, ',', size_t{1} << 20);
    CsvRow row;
    for (rows = 0; walk.Next(&row); ++rows) benchmark::DoNotOptimize(row);
  }
  Count(state, rows - 1, text.size());
}
BENCHMARK(BM_ParseRows)->Unit(benchmark::kMillisecond);

// And their fields.
void BM_ParseFields(benchmark::State& state) {
  const std::string& text = CsvText();
  size_t rows = 0;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  for (auto _ : state) {
    CsvRows walk(text, ',', size_t{1} << 20);
    CsvRow row;
    for (rows = 0; walk.Next(&row); ++rows) {
      benchmark::DoNotOptimize(
          SplitCsvRow(std::string_view(text).substr(row.begin, row.end - row.begin), ',', &fields, &scratch));
      benchmark::DoNotOptimize(fields.data());
    }
  }
  Count(state, rows - 1, text.size());
}
BENCHMARK(BM_ParseFields)->Unit(benchmark::kMillisecond);

// A file into records by key: decoding, walking, grouping.
void BM_ReadFiles(benchmark::State& state) {
  const std::vector<std::string> paths = {CsvPath()};
  ReadOptions options;
  options.threads = static_cast<int>(state.range(0));
  size_t records = 0;
  for (auto _ : state) {
    const auto files = PatientFiles::Read(paths, options);
    if (!files.ok()) return state.SkipWithError("not read");
    records = files->size();
  }
  Count(state, records, CsvText().size());
}
BENCHMARK(BM_ReadFiles)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// Records on demand, as the stages after reading ask for them.
void BM_GetRecord(benchmark::State& state) {
  const std::vector<std::string> paths = {CsvPath()};
  const auto files = PatientFiles::Read(paths, {});
  if (!files.ok()) return state.SkipWithError("not read");
  size_t i = 0;
  Record record;
  for (auto _ : state) {
    files->Get(i, &record);
    benchmark::DoNotOptimize(record);
    i = i + 1 == files->size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GetRecord);

// A row of clusters.csv a record.
void BM_Write(benchmark::State& state) {
  const std::string path = CsvPath() + ".out";
  size_t bytes = 0;
  for (auto _ : state) {
    auto file = OutputFile::Create(path);
    if (!file.ok()) return state.SkipWithError("not created");
    bytes = 0;
    std::string line;
    for (const Record& record : Records()) {
      line.clear();
      AppendCsvField(record.key.IdText(), &line);
      line += ',';
      AppendCsvField(record.key.source, &line);
      line += ",0123456789abcdef\n";
      file->Append(line);
      bytes += line.size();
    }
    if (!file->Commit().ok()) return state.SkipWithError("not written");
  }
  std::remove(path.c_str());
  Count(state, Records().size(), bytes);
}
BENCHMARK(BM_Write)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace libmpi::bench
