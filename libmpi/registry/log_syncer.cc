// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/log_syncer.h"

namespace libmpi {

void LogSyncer::Wake() {
  const std::lock_guard lock(mutex_);
  if (pending_ || stopped_) return;
  pending_ = true;
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  woken_.notify_one();
}

void LogSyncer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    woken_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void LogSyncer::Run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    woken_.wait(lock, [this] { return pending_ || stopped_; });
    if (woken_.wait_for(lock, after_, [this] { return stopped_; })) return;
    pending_ = false;  // what is appended from here on wakes anew
    lock.unlock();
    store_.ConfirmAll().IgnoreError();
    lock.lock();
  }
}

}  // namespace libmpi
