// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_cost.h"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

// Patient lists pack so well, about.
constexpr uint64_t kUnpacked = 6;

uint64_t BytesOfFile(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  const bool packed = path.ends_with(".gz") || path.ends_with(".zst");
  return static_cast<uint64_t>(info.st_size) * (packed ? kUnpacked : 1);
}

}  // namespace

uint64_t BytesOfFiles(const std::vector<std::string>& files) {
  uint64_t bytes = 0;
  for (const std::string& file : files) bytes += BytesOfFile(file);
  return bytes;
}

absl::StatusOr<libmpi::RunForecast> ForecastOf(const libmpi::PatientFiles& files, std::optional<size_t> new_count,
                                               const libmpi::LinkOptions& options, bool spilled) {
  LIBMPI_ASSIGN_OR_RETURN(
      const libmpi::SampleFacts sample,
      libmpi::MeasureSample(files.size(), new_count, [&](size_t i, libmpi::RecordView* record) { files.Get(i, record); }, options));
  uint64_t bytes = 0;
  for (const auto& file : files.files()) bytes += file.bytes;
  return libmpi::ForecastRun(files.size(), bytes, sample, libmpi::ResolveThreads(options.threads), spilled);
}

std::string ForecastText(const libmpi::RunForecast& forecast, uint64_t memory, int threads) {
  char text[400];
  std::snprintf(text, sizeof text, "forecast: %.*f s on %d threads, %.*f million candidate pairs\n",
                forecast.seconds < 10 ? 1 : 0, forecast.seconds, libmpi::ResolveThreads(threads),
                forecast.candidate_pairs < 10000000 ? 2 : 0, static_cast<double>(forecast.candidate_pairs) / 1e6);
  std::string all = text;
  if (forecast.memory <= memory)
    return all + "forecast: " + BytesText(forecast.memory) + " of memory of the " + BytesText(memory) + " it may take\n";
  if (forecast.least > memory)
    return all + "forecast: it may take " + BytesText(memory) + " of memory and needs at least " + BytesText(forecast.least) +
           "; give --memory " + BytesOption(forecast.least) + " or more\n";
  return all + "forecast: " + BytesText(memory) + " of memory, all that it may take, and " + BytesText(forecast.disk) +
         " of temporary files (in memory alone: " + BytesText(forecast.memory) + ")\n";
}

std::string BytesText(uint64_t bytes) {
  char text[32];
  const double b = static_cast<double>(bytes);
  if (b >= 9.95e8) std::snprintf(text, sizeof text, "%.1f GB", b / 1e9);
  else std::snprintf(text, sizeof text, "%.0f MB", std::ceil(b / 1e6));
  return text;
}

std::string BytesOption(uint64_t bytes) {
  char text[32];
  if (bytes >= 1000000000) std::snprintf(text, sizeof text, "%.1fG", std::ceil(static_cast<double>(bytes) / 1e8) / 10);
  else std::snprintf(text, sizeof text, "%.0fM", std::ceil(static_cast<double>(bytes) / 1e6));
  return text;
}

}  // namespace nayose
