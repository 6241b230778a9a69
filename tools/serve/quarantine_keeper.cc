// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/quarantine_keeper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libmpi/base/system_time.h"

namespace nayose {
namespace {

constexpr int64_t kLookMilliseconds = 200;
// Who hands in all that wait asks for the next one when the last one is answered.
constexpr int64_t kSoonMilliseconds = 5;
constexpr int kRoundsSoon = 40;
constexpr int64_t kTidyMilliseconds = 10'000;

}  // namespace

QuarantineKeeper::QuarantineKeeper(Quarantine* quarantine, Quarantine::Handler handle, Quarantine::Filter whose,
                                   Log* log, Metrics* metrics)
    : quarantine_(*quarantine), handle_(std::move(handle)), whose_(std::move(whose)), log_(*log), metrics_(*metrics),
      thread_([this] { Run(); }) {}

QuarantineKeeper::~QuarantineKeeper() {
  StopSoon();
  thread_.join();
}

void QuarantineKeeper::Run() {
  int soon = 0;
  do {
    soon = TakeAgain() ? kRoundsSoon : std::max(0, soon - 1);
    const int64_t now = libmpi::SystemMilliseconds();
    if (now - tidied_ < kTidyMilliseconds && now >= tidied_) continue;
    tidied_ = now;
    Tidy();
  } while (stop_.Pause(soon > 0 ? kSoonMilliseconds : kLookMilliseconds));
}

bool QuarantineKeeper::TakeAgain() {
  const auto taken = quarantine_.Poll(handle_, whose_, [this] { return stop_.stopped(); });
  if (!taken.ok())
    log_.Write(LogEvent(LogLevel::kError, "quarantine_failed").Reason(std::string(taken.status().message())).Limited());
  return taken.ok() && *taken > 0;
}

void QuarantineKeeper::Tidy() {
  const auto removed = quarantine_.Tidy();
  if (!removed.ok()) {
    log_.Write(LogEvent(LogLevel::kError, "quarantine_failed")
                   .Reason(std::string(removed.status().message()))
                   .Limited("tidy"));
    return;
  }
  if (removed->too_many + removed->too_old == 0) return;
  metrics_.Count(Metric::kQuarantineDropped, {{"why", "most"}}, removed->too_many);
  metrics_.Count(Metric::kQuarantineDropped, {{"why", "days"}}, removed->too_old);
  log_.Write(LogEvent(LogLevel::kWarning, "quarantine_dropped")
                 .Number("too_many", static_cast<int64_t>(removed->too_many))
                 .Number("too_old", static_cast<int64_t>(removed->too_old)));
}

}  // namespace nayose
