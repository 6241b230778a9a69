// SPDX-License-Identifier: Apache-2.0
// Reading bulk files of FHIR, and DICOM heads.
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/exchange/feeds/dicom.h"
#include "libmpi/exchange/feeds/dicom_writer.h"
#include "libmpi/exchange/feeds/fhir.h"
#include "libmpi/exchange/feeds/fhir_writer.h"

namespace libmpi::bench {
namespace {

constexpr size_t kPatients = 20000;

std::vector<FeedFile> FilesOf(std::unique_ptr<FeedWriter> (*writer_of)(const FeedWriterOptions&), size_t patients) {
  FeedWriterOptions options;
  std::vector<FeedFile> files;
  options.take = [&](FeedFile&& file) {
    files.push_back(std::move(file));
    return absl::OkStatus();
  };
  const std::unique_ptr<FeedWriter> writer = writer_of(options);
  for (size_t i = 0; i < patients; ++i) {
    Record record;
    record.key = {"1312345670", std::to_string(100000 + i)};
    record.names = {{"", "河合", "千尋", "", "カワイ", "チヒロ", ""}};
    record.births = {"1970-01-0" + std::to_string(1 + i % 9)};
    record.sexes = {"女"};
    record.coverages = {{"01130012", "１２３４", std::to_string(i), "01"}};
    record.addresses = {{"100-0000", "東京都", "架空区", "見本町1-2-" + std::to_string(i % 99), ""}};
    record.phones = {"03-0000-1234"};
    (void)writer->Add(record);
  }
  (void)writer->End();
  return files;
}

struct Nobody final : FeedSink {
  void Take(FeedRecord&& record) override { benchmark::DoNotOptimize(record); }
  void Refuse(FeedRemark&&) override {}
  void Note(FeedRemark&&) override {}
};

template <typename NewParser>
void ReadAll(benchmark::State& state, const std::vector<FeedFile>& files, size_t patients, const NewParser& parser_of) {
  size_t bytes = 0;
  for (const FeedFile& file : files) bytes += file.bytes.size();
  for (auto _ : state) {
    for (const FeedFile& file : files) {
      Nobody sink;
      const std::unique_ptr<FeedParser> parser = parser_of(FeedOptions(), &sink);
      if (!parser->Take(file.bytes).ok() || !parser->End().ok()) state.SkipWithError("is refused");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(patients));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void BM_ReadFhir(benchmark::State& state) {
  static const std::vector<FeedFile> files = FilesOf(NewFhirWriter, kPatients);
  ReadAll(state, files, kPatients, NewFhirParser);
}
BENCHMARK(BM_ReadFhir)->Unit(benchmark::kMillisecond);

void BM_ReadDicom(benchmark::State& state) {
  static const std::vector<FeedFile> files = FilesOf(NewDicomWriter, 1000);
  ReadAll(state, files, 1000, NewDicomParser);
}
BENCHMARK(BM_ReadDicom)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace libmpi::bench
