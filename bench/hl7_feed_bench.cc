// SPDX-License-Identifier: Apache-2.0
// Feeds of HL7 v2: files of messages in ISO-2022-JP, and SS-MIX2's trees.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/feeds/hl7v2.h"
#include "libmpi/exchange/feeds/hl7v2_writer.h"
#include "libmpi/exchange/feeds/ss_mix2_tree.h"
#include "libmpi/exchange/feeds/ss_mix2_writer.h"

namespace libmpi::bench {
namespace {

const std::vector<Record>& Records() {
  static const std::vector<Record> records = [] {
    std::vector<Record> of_region;
    RegionOptions options;
    options.persons = 30'000;
    GenerateRegion(options, [&](const RegionRow& row) { of_region.push_back(RecordOf(row)); });
    return of_region;
  }();
  return records;
}

class CountingSink final : public SsMix2Sink {
 public:
  void Take(FeedRecord&& record) override {
    benchmark::DoNotOptimize(record);
    ++records;
  }
  void Refuse(FeedRemark&&) override { ++remarks; }
  void Note(FeedRemark&&) override { ++remarks; }
  void Begin(std::string_view) override {}
  size_t records = 0, remarks = 0;
};

// A region as one file.
std::string AdtText(const std::string& encoding) {
  std::string text;
  FeedWriterOptions options;
  options.day = {2026, 4, 1};
  options.encoding = encoding;
  options.take = [&](FeedFile&& file) {
    text += file.bytes;
    return absl::OkStatus();
  };
  const auto writer = NewHl7v2Writer(options);
  for (const Record& record : Records())
    if (text.size() < (size_t{32} << 20)) (void)writer->Add(record);
  (void)writer->End();
  return text;
}

// With what SS-MIX2's ADT-00 has beside the patient and the cards: a relative, a disability, height, weight, an allergy.
std::string WholeAdtText(const std::string& adt) {
  std::string text;
  for (size_t pos = 0; pos < adt.size();) {
    const size_t end = std::min(adt.find('\r', pos), adt.size());
    const std::string_view line = std::string_view(adt).substr(pos, end - pos);
    text.append(line).push_back('\r');
    if (line.starts_with("PID"))
      text += "NK1|1|\x1B$B9q\x1B(B^\x1B$B2V;R\x1B(B^^^^^L^I|SPO^\x1B$BG[6v<T\x1B(B^HL70063|^^^^152-8621^JPN^H^"
              "\x1B$BEl5~ETL\\9u6hEl$,5V\x1B(B2-5-21||^PRN^PH^^^^^^^^^03-0000-0000\r";
    if (line.starts_with("PV1"))
      text += "DB1|1|PT||N\r"
              "OBX|1|NM|9N001000000000001^\x1B$B?HD9\x1B(B^JC10||167.8|cm^cm^ISO+|||||F|||20260401\r"
              "OBX|2|NM|9N006000000000001^\x1B$BBN=E\x1B(B^JC10||63.5|kg^kg^ISO+|||||F|||20260401\r"
              "AL1|1|DA^\x1B$BLtJ*%\"%l%k%.!<\x1B(B^HL70127|1^\x1B$B%Z%K%7%j%s\x1B(B^99XYZ|SV|\x1B$BH/?>\x1B(B\r";
    pos = end + 1;
  }
  return text;
}

// Six results to a patient, as laboratories send them.
std::string LaboratoryText(const std::string& adt) {
  std::string text;
  for (size_t pos = 0; pos < adt.size();) {
    const size_t end = std::min(adt.find('\r', pos), adt.size());
    const std::string_view line = std::string_view(adt).substr(pos, end - pos);
    if (!line.starts_with("IN1")) text.append(line).push_back('\r');
    if (line.starts_with("PV1"))
      for (int i = 1; i <= 6; ++i)
        text += "OBX|" + std::to_string(i) +
                "|NM|2A010000001930901^\x1B$BGr7l5e?t\x1B(B^JC10||5600|/uL|3300-8600||||F|||20260401\r";
    pos = end + 1;
  }
  return text;
}

void ReadText(benchmark::State& state, const std::string& text) {
  CountingSink sink;
  for (auto _ : state) {
    sink = CountingSink();
    const auto parser = NewHl7v2Parser({}, &sink);
    for (size_t pos = 0; pos < text.size(); pos += size_t{256} << 10)
      if (!parser->Take(std::string_view(text).substr(pos, size_t{256} << 10)).ok())
        return state.SkipWithError("not read");
    if (!parser->End().ok()) return state.SkipWithError("not read");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(sink.records));
  state.counters["remarks"] = static_cast<double>(sink.remarks);
}

// Made once each: a benchmark is begun several times.
const std::string& KeptAdtText(const std::string& encoding) {
  static std::map<std::string, std::string> texts;
  std::string& text = texts[encoding];
  if (text.empty()) text = AdtText(encoding);
  return text;
}

void BM_ReadAdt(benchmark::State& state, const std::string& encoding) { ReadText(state, KeptAdtText(encoding)); }
BENCHMARK_CAPTURE(BM_ReadAdt, iso_2022_jp, "ISO-2022-JP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_ReadAdt, cp932, "CP932")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_ReadAdt, utf_8, "UTF-8")->Unit(benchmark::kMillisecond);

void BM_ReadWholeAdt(benchmark::State& state) { ReadText(state, WholeAdtText(KeptAdtText("ISO-2022-JP"))); }
BENCHMARK(BM_ReadWholeAdt)->Unit(benchmark::kMillisecond);

void BM_ReadLaboratory(benchmark::State& state) { ReadText(state, LaboratoryText(KeptAdtText("ISO-2022-JP"))); }
BENCHMARK(BM_ReadLaboratory)->Unit(benchmark::kMillisecond);

// A tree in a folder of memory: LIBMPI_BENCH_FOLDER, else /dev/shm.
class Tree {
 public:
  static constexpr size_t kPatients = 20'000;
  Tree() {
    const char* const said = std::getenv("LIBMPI_BENCH_FOLDER");
    folder_ = std::string(said == nullptr ? "/dev/shm" : said) + "/hl7_feed_bench." + std::to_string(getpid());
    FeedWriterOptions options;
    options.day = {2026, 4, 1};
    options.take = [&](FeedFile&& file) {
      const std::filesystem::path path = std::filesystem::path(folder_) / file.path;
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << file.bytes;
      return absl::OkStatus();
    };
    const auto writer = NewSsMix2Writer(options);
    for (size_t i = 0; i < kPatients && i < Records().size(); ++i) {
      Record record = Records()[i];
      record.key.record_id = std::to_string(1'234'500'000 + i * 37);
      (void)writer->Add(record);
    }
  }
  ~Tree() { std::filesystem::remove_all(folder_); }
  std::string root() const { return folder_ + "/1312345670"; }

 private:
  std::string folder_;
};

void BM_ReadTree(benchmark::State& state) {
  static const Tree tree;
  SsMix2TreeOptions options;
  options.threads = static_cast<int>(state.range(0));
  const bool changed = state.range(1) != 0;
  const auto opened = SsMix2Tree::Open(tree.root(), options);
  if (!opened.ok()) return state.SkipWithError("not opened");
  SsMix2State known;
  CountingSink sink;
  if (!changed && !opened->Read({}, {}, &known, &sink).ok()) return state.SkipWithError("not read");
  uint64_t patients = 0;
  for (auto _ : state) {
    SsMix2State after;
    const auto counts = opened->Read({}, known, &after, &sink);
    if (!counts.ok()) return state.SkipWithError("not read");
    patients = counts->patients;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(patients));
}
BENCHMARK(BM_ReadTree)
    ->ArgNames({"threads", "changed"})
    ->Args({1, 1})
    ->Args({2, 1})
    ->Args({1, 0})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace libmpi::bench
