// SPDX-License-Identifier: Apache-2.0
// Random sequences of calls of the C API, by the same code as the fuzzer's: 2,000 of them, or as many as
// the argument says.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  const int sequences = argc > 1 ? std::atoi(argv[1]) : 2000;
  std::mt19937_64 random(20261129);
  std::vector<uint8_t> bytes;
  for (int i = 0; i < sequences; ++i) {
    bytes.resize(random() % 800);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%d sequences of calls: ok\n", sequences);
}
