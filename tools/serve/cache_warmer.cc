// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/cache_warmer.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace nayose {

CacheWarmer::CacheWarmer(const libmpi::Registry* registry, Log* log)
    : registry_(*registry), log_(*log), thread_([this] { Run(); }) {}

CacheWarmer::~CacheWarmer() {
  stop_ = true;
  thread_.join();
}

void CacheWarmer::Run() {
  const auto begin = std::chrono::steady_clock::now();
  const absl::Status warmed = registry_.Warm();
  if (stop_) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  LogEvent event(warmed.ok() ? LogLevel::kInfo : LogLevel::kWarning, warmed.ok() ? "warmed" : "not_warmed");
  event.Number("milliseconds", static_cast<int64_t>(took.count()));
  if (!warmed.ok()) event.Reason(std::string(warmed.message()));
  log_.Write(event);
}

}  // namespace nayose
