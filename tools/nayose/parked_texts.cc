// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/parked_texts.h"

#include <cstdio>
#include <system_error>

#include "libmpi/base/parallel.h"

namespace nayose {

ParkedTexts::ParkedTexts(const OutputArguments& output, const RunFolder& folder, int threads,
                         libmpi::PatientFiles* files, libmpi::LinkOptions* options)
    : directory_(output.temp.empty() ? folder.path() : output.temp), threads_(libmpi::ResolveThreads(threads)),
      files_(files) {
  options->records_read = [this] { Park(); };
  options->pairs_scored = [this] { ReadAhead(); };
}

ParkedTexts::~ParkedTexts() {
  if (reading_ahead_.joinable()) reading_ahead_.join();
}

void ParkedTexts::Park() {
  constexpr uint64_t kLarge = uint64_t{512} << 20;  // bytes; smaller ones are in nobody's way
  if (files_->TextBytes() < kLarge) return;
  const absl::Status parked = files_->ParkTexts(directory_, threads_);
  parked_ = parked.ok();
  if (!parked.ok())
    std::fprintf(stderr, "nayose: %s; the input stays in memory\n", std::string(parked.message()).c_str());
}

void ParkedTexts::ReadAhead() {
  if (!parked_) return;
  try {
    reading_ahead_ = std::thread([this] { files_->ReadTextsAhead(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: texts are read when they are looked at.
  }
}

}  // namespace nayose
