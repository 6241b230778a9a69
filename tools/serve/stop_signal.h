// SPDX-License-Identifier: Apache-2.0
// By which a thread that looks for work now and then is told to stop.
#ifndef LIBMPI_TOOLS_SERVE_STOP_SIGNAL_H_
#define LIBMPI_TOOLS_SERVE_STOP_SIGNAL_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace nayose {

// Thread-safe.
class StopSignal {
 public:
  // For good; whoever pauses wakes up.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }
  // Waits so long. False: it is to stop.
  bool Pause(int64_t milliseconds) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return stopped_; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_STOP_SIGNAL_H_
