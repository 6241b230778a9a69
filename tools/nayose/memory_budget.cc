// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/memory_budget.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tools/nayose/run_cost.h"

namespace nayose {
namespace {

// A number in a file of the system; the largest where there is none.
uint64_t NumberIn(const std::string& path) {
  std::ifstream file(path);
  uint64_t number;
  return file >> number ? number : UINT64_MAX;
}

// The limit of this process's group, or of one that holds it.
uint64_t LimitOfGroup() {
  uint64_t least = UINT64_MAX;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const size_t path_begin = line.rfind(':');
    if (path_begin == std::string::npos) continue;
    const bool unified = line.starts_with("0::");
    if (!unified && line.find(":memory:") == std::string::npos) continue;
    for (std::string path = line.substr(path_begin + 1);; path.resize(path.rfind('/'))) {
      for (const std::string& root : unified ? std::vector<std::string>{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}
                                             : std::vector<std::string>{"/sys/fs/cgroup/memory"})
        least = std::min(least, NumberIn(root + path + (unified ? "/memory.max" : "/memory.limit_in_bytes")));
      if (path.find('/') == std::string::npos) break;
    }
  }
  return least;
}

// Threads that read files which the system still holds bring pages back faster than the space's watch drops them, unless they
// stand back from it. This thread does from now on, and with it all that it starts.
void StandBackFromWatch() {
#if defined(__linux__)  // where a priority is a thread's
  constexpr int kNicer = 10;  // a tenth of the watch's share where they compete
  (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + kNicer);
#endif
}

}  // namespace

absl::StatusOr<uint64_t> ParseMemory(std::string_view text) {
  const std::string number(text);
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  const std::string_view unit = std::string_view(number).substr(static_cast<size_t>(end - number.c_str()));
  const auto refuse = [&] {
    return absl::InvalidArgumentError("'" + number + "' is no amount of memory; write it like 2G, 1.5G or 800M");
  };
  if (end == number.c_str() || !std::isfinite(value) || value <= 0 || number.front() < '0' || number.front() > '9') return refuse();
  double factor = 1;
  if (!unit.empty()) {
    const size_t power = std::string_view("kKmMgGtT").find(unit.front());
    if (power == std::string_view::npos || (unit.size() == 2 && unit[1] != 'B') || unit.size() > 2) return refuse();
    factor = std::pow(1000.0, static_cast<double>(power / 2 + 1));
  }
  if (value * factor >= 1e18) return refuse();
  return static_cast<uint64_t>(value * factor);
}

uint64_t MemoryOfMachine() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  const uint64_t machine = pages > 0 && size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(size) : UINT64_MAX;
  return std::min(machine, LimitOfGroup());
}

uint64_t MemoryOf(const OutputArguments& output) {
  if (!output.memory.empty())
    if (const auto told = ParseMemory(output.memory); told.ok()) return *told;
  return MemoryOfMachine() / 8 * 7;  // some of it is others'
}

absl::StatusOr<std::unique_ptr<libmpi::TempSpace>> OpenTempSpace(const OutputArguments& output,
                                                                 const std::vector<std::string>& files,
                                                                 const std::string& directory) {
  const uint64_t memory = MemoryOf(output);
  const libmpi::RunBytes bytes = libmpi::BytesOfRun(std::nullopt, BytesOfFiles(files));
  const uint64_t least = bytes.least;
  if (bytes.memory <= memory) return nullptr;
  if (least > memory && !output.dry_run)
    return absl::ResourceExhaustedError("this run needs at least " + BytesText(least) + " of memory, of which " +
                                        BytesText(memory) + (output.memory.empty() ? " are there" : " are allowed") +
                                        "; give --memory " + BytesOption(least) + " or more, or fewer files");
  libmpi::TempSpaceOptions options;
  options.directory = !output.temp.empty() ? output.temp
                      : !directory.empty() ? directory
                                           : std::filesystem::temp_directory_path().string();
  options.memory = memory;
  auto space = std::make_unique<libmpi::TempSpace>(options);
  StandBackFromWatch();
  return space;
}

void TellFullSpace(const libmpi::TempSpace* space) {
  if (space == nullptr || space->status().ok()) return;
  std::fprintf(stderr, "nayose: %s; what should have been there stayed in memory, beyond what was allowed\n",
               std::string(space->status().message()).c_str());
}

}  // namespace nayose
