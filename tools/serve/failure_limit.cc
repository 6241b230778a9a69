// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/failure_limit.h"

#include <algorithm>

namespace nayose {

double FailureLimit::CountAt(const Failures& failures, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - failures.at;
  return std::max(0.0, failures.count - passed.count() / 60 * a_minute_);
}

void FailureLimit::Failed(const std::string& address, Clock::time_point now) {
  if (a_minute_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (failures_of_.size() >= kMostAddresses && !failures_of_.contains(address)) MakeRoom(now);
  Failures& failures = failures_of_[address];
  failures = {CountAt(failures, now) + 1, now};
}

bool FailureLimit::IsReached(const std::string& address, Clock::time_point now) {
  if (a_minute_ == 0) return false;
  const std::lock_guard lock(mutex_);
  const auto it = failures_of_.find(address);
  if (it == failures_of_.end()) return false;
  const double count = CountAt(it->second, now);
  if (count == 0) failures_of_.erase(it);
  // Down to the whole number below, for the clock does not stand still between two failures.
  return count > a_minute_ - 1;
}

// Who has so many addresses is not stopped by a limit of each.
void FailureLimit::MakeRoom(Clock::time_point now) {
  std::erase_if(failures_of_, [&](const auto& of) { return CountAt(of.second, now) == 0; });
  if (failures_of_.size() >= kMostAddresses) failures_of_.clear();
}

}  // namespace nayose
