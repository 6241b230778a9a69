// SPDX-License-Identifier: Apache-2.0
// Reading claims (UKE) and pharmacies' files (NSIPS) of more than 100 MB, as large institutions send them: dozens of
// lines of treatment for each patient. Asked: 200 MB/s on one core.
#include <string>

#include "benchmark/benchmark.h"
#include "libmpi/exchange/feeds/nsips.h"
#include "libmpi/exchange/feeds/uke.h"
#include "libmpi/text/charset.h"

namespace libmpi::bench {
namespace {

constexpr size_t kBytes = size_t{120} << 20;
constexpr size_t kDifferent = 5000;  // patients, over and over

class Counting final : public FeedSink {
 public:
  void Take(FeedRecord&& record) override {
    ++taken;
    benchmark::DoNotOptimize(record);
  }
  void Refuse(FeedRemark&&) override { ++refused; }
  void Note(FeedRemark&&) override {}
  size_t taken = 0, refused = 0;
};

std::string Repeated(const std::string& header, const std::string& patients, Charset charset) {
  std::string bytes = EncodeText(header, charset).bytes;
  const std::string part = EncodeText(patients, charset).bytes;
  bytes.reserve(kBytes + part.size());
  while (bytes.size() < kBytes) bytes += part;
  return bytes;
}

std::string Uke(Charset charset) {
  std::string patients;
  for (size_t i = 0; i < kDifferent; ++i) {
    const std::string n = std::to_string(i);
    patients += "RE," + n + ",1122,202610,佐藤　花子,2,19" + std::to_string(10 + i % 90) + "0412,,,,,,," + n +
                ",,,,,,,,,,,,,,,,,,,,,,,サトウハナコ,\r\nHO,  138057,１２－３,４５６" + n +
                ",2,1354,,,,,,,,,\r\nKO,54136015,0123456,,1,677,1354\r\nSN,1,01,,,,02,,\r\nSN,2,01,,,,,,\r\n"
                "JD,1,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,\r\nSY,8830052,20260901,1,,,\r\n";
    for (size_t k = 0; k < 12; ++k)
      patients +=
          "SI,60,1,160008010,,21,1,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,\r\n"
          "IY,21,1,620006084,3,12,7,,,,,,,,,,,,,7,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"
          "CO,60,1,830000001,検査の結果による処方の変更を説明した\r\n";
  }
  return Repeated("IR,2,13,1,2345678,,ひかり内科クリニック,202611,00,03-1234-5678\r\n", patients, charset);
}

std::string Nsips(Charset charset) {
  std::string patients;
  for (size_t i = 0; i < kDifferent; ++i) {
    const std::string n = std::to_string(i);
    patients += "2,2611300" + n +
                ",1,A,20261130,,20261130,20261130,0,0,1,2345678,,13,ひかり内科クリニック,1600023,東京都"
                "新宿区西新宿１－１－１,03-1234-5678,01,内科,,,医師,イシ　タロウ,医師　太郎,,,,,,,,,,,,,,,,\r\n"
                "1," +
                n +
                ",ｻﾄｳ ﾊﾅｺ,佐藤　花子,2,19710203,2310002,神奈川県横浜市中区本町１－２－３,045-111-2222,,,,,1,01130012,"
                "20200401,１２３,４５６７,1,30,70,,,,,54136015,0123456,20250401,,,,,,,,,,,,,,,,,,,,1\r\n";
    for (size_t k = 0; k < 8; ++k)
      patients += "3," + std::to_string(k) +
                  ",247,分1 朝食後,,,,,2,1,14,1,,2,0,0,,,,,,\r\n"
                  "4,1," +
                  std::to_string(k) +
                  ",1,6152004F2089,620006084,,7315,架空の錠100mg,カクウ塩酸塩 100mg,0,0,0,0,0,0,1,1,錠,0,0,0,0,1,"
                  "22,,,,,,,0,0,,,0,,,,,,0\r\n";
    patients += "5,1,100,,,302,,42,0,57,,60,,910\r\n7,1,470000210,調剤物価対応料,1,1\r\n";
  }
  return Repeated("VER010501,20261130090000,,T1,14,4,4567890,みなと薬局,2310001,横浜市,045-123-4567,\r\n", patients,
                  charset);
}

template <typename NewParser>
void Read(benchmark::State& state, const std::string& bytes, const NewParser& parser_of) {
  const size_t step = state.range(0) == 0 ? bytes.size() : static_cast<size_t>(state.range(0));
  size_t patients = 0;
  for (auto _ : state) {
    Counting sink;
    const auto parser = parser_of(FeedOptions(), &sink);
    for (size_t i = 0; i < bytes.size(); i += step) (void)parser->Take(std::string_view(bytes).substr(i, step));
    if (!parser->End().ok() || sink.taken == 0) return state.SkipWithError("not read");
    patients = sink.taken;
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(patients));
}

void BM_Uke(benchmark::State& state) {
  static const std::string bytes = Uke(Charset::kCp932);
  Read(state, bytes, NewUkeParser);
}
void BM_UkeUtf8(benchmark::State& state) {
  static const std::string bytes = Uke(Charset::kUtf8);
  Read(state, bytes, NewUkeParser);
}
void BM_Nsips(benchmark::State& state) {
  static const std::string bytes = Nsips(Charset::kCp932);
  Read(state, bytes, NewNsipsParser);
}
void BM_NsipsUtf8(benchmark::State& state) {
  static const std::string bytes = Nsips(Charset::kUtf8);
  Read(state, bytes, NewNsipsParser);
}
// Bytes a piece; 0: all at once.
BENCHMARK(BM_Uke)->ArgName("piece")->Arg(0)->Arg(1 << 16)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_UkeUtf8)->ArgName("piece")->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Nsips)->ArgName("piece")->Arg(0)->Arg(1 << 16)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_NsipsUtf8)->ArgName("piece")->Arg(0)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace libmpi::bench
