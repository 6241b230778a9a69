// SPDX-License-Identifier: Apache-2.0
// Any bytes as a patient file: read or refused, and every row accounted for.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "libmpi/exchange/patient_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = "/tmp/fuzz_csv." + std::to_string(getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return 0;
  // Half of the inputs start with a good header, so that rows are reached.
  if (size > 0 && data[0] % 2 == 0) std::fputs("record_id,name,kana,birth,number,phone\n", file);
  std::fwrite(data, 1, size, file);
  std::fclose(file);
  const std::vector<std::string> paths = {path};
  libmpi::ReadOptions options;
  options.threads = 1;
  options.max_row_bytes = 200;
  const auto files = libmpi::PatientFiles::Read(paths, options);
  unlink(path.c_str());
  if (!files.ok()) return 0;
  uint64_t accepted = 0;
  for (const auto& f : files->files()) {
    if (f.rows_read != f.rows_accepted + f.rows_rejected) std::abort();
    accepted += f.rows_accepted;
  }
  if (files->size() > accepted) std::abort();
  for (size_t i = 0; i < files->size(); ++i)
    if (files->Get(i).key.record_id.empty()) std::abort();
  return 0;
}
