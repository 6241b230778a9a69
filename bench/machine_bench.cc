// SPDX-License-Identifier: Apache-2.0
// What the machine allows: the limits that the steps of a run are measured against.
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/base/hash.h"

namespace libmpi::bench {
namespace {

struct Entry {
  uint64_t key;
  uint32_t record;
};

std::vector<Entry> RandomEntries(size_t count) {
  std::vector<Entry> entries(count);
  for (size_t i = 0; i < count; ++i) entries[i] = {MixBits(i), static_cast<uint32_t>(i)};
  return entries;
}

// One pass of a least-significant-digit radix sort, 11 bits.
void RadixPass(const std::vector<Entry>& from, int shift, std::vector<Entry>* to) {
  constexpr size_t kDigits = 2048;
  std::array<size_t, kDigits> begin{};
  for (const Entry& e : from) ++begin[(e.key >> shift) % kDigits];
  size_t sum = 0;
  for (size_t& b : begin) sum += std::exchange(b, sum);
  for (const Entry& e : from) (*to)[begin[(e.key >> shift) % kDigits]++] = e;
}

// (key, record) by the upper 33 bits of the key, which tell ten million keys apart well enough.
void BM_MachineRadixSort(benchmark::State& state) {
  const auto count = static_cast<size_t>(state.range(0));
  std::vector<Entry> entries, other(count);
  for (auto _ : state) {
    state.PauseTiming();
    entries = RandomEntries(count);
    state.ResumeTiming();
    for (const int shift : {31, 42, 53}) {
      RadixPass(entries, shift, &other);
      entries.swap(other);
    }
    benchmark::DoNotOptimize(entries.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes/key"] = sizeof(Entry);
}
BENCHMARK(BM_MachineRadixSort)->Arg(10'000'000)->Unit(benchmark::kMillisecond)->Iterations(3);

// Records of 128 bytes in a gigabyte.
constexpr size_t kRecords = size_t{1} << 23;
struct alignas(64) Block128 {
  std::array<uint64_t, 16> words;
};
const std::vector<Block128>& Memory() {
  static const auto* const memory = [] {
    auto* out = new std::vector<Block128>(kRecords);
    for (size_t i = 0; i < kRecords; ++i) (*out)[i].words.fill(MixBits(i));
    return out;
  }();
  return *memory;
}

int EqualWords(const Block128& a, const Block128& b) {
  int equal = 0;
  for (size_t i = 0; i < a.words.size(); ++i) equal += a.words[i] == b.words[i];
  return equal;
}

// Both records of a pair anywhere, the next pairs known ahead (prefetched) or not.
void BM_MachineRandomPairs(benchmark::State& state) {
  const std::vector<Block128>& memory = Memory();
  const bool ahead = state.range(0) != 0;
  uint64_t i = 0;
  int equal = 0;
  for (auto _ : state) {
    if (ahead) {
      const uint64_t next = MixBits(i + 16);
      for (const uint64_t at : {next % kRecords, (next >> 32) % kRecords}) {
        __builtin_prefetch(&memory[at]);
        __builtin_prefetch(&memory[at].words[8]);
      }
    }
    const uint64_t pair = MixBits(i++);
    equal += EqualWords(memory[pair % kRecords], memory[(pair >> 32) % kRecords]);
  }
  benchmark::DoNotOptimize(equal);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MachineRandomPairs)->ArgName("prefetch")->Arg(0)->Arg(1);

// Both records of a pair beside each other, as if stored by block.
void BM_MachineNeighbourPairs(benchmark::State& state) {
  const std::vector<Block128>& memory = Memory();
  size_t i = 0;
  int equal = 0;
  for (auto _ : state) {
    equal += EqualWords(memory[i], memory[i + 1]);
    i = i + 2 < kRecords ? i + 1 : 0;
  }
  benchmark::DoNotOptimize(equal);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MachineNeighbourPairs);

void BM_MachineSequentialRead(benchmark::State& state) {
  const std::vector<Block128>& memory = Memory();
  for (auto _ : state) {
    uint64_t sum = 0;
    for (const Block128& block : memory)
      for (const uint64_t word : block.words) sum += word;
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kRecords * sizeof(Block128)));
}
BENCHMARK(BM_MachineSequentialRead)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace libmpi::bench
