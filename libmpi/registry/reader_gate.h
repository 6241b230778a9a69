// SPDX-License-Identifier: Apache-2.0
// Lets readers of many threads in, and shuts them out while what they read is replaced.
#ifndef LIBMPI_REGISTRY_READER_GATE_H_
#define LIBMPI_REGISTRY_READER_GATE_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace libmpi {

// Cheaper to enter than a lock, and a reader inside may enter again even while the gate is being shut: it would
// otherwise wait for itself. Thread-safe.
class ReaderGate {
 public:
  // Inside while it lives.
  class Pass {
   public:
    explicit Pass(const ReaderGate& gate) : gate_(gate) { gate_.Enter(); }
    ~Pass() { gate_.Leave(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    const ReaderGate& gate_;
  };

  // Waits until all who are inside have left. False, and open again: they have not within `patience`.
  bool Shut(std::optional<std::chrono::milliseconds> patience) {
    shut_ = true;
    const auto start = std::chrono::steady_clock::now();
    while (inside_.load() != 0) {
      if (patience.has_value() && std::chrono::steady_clock::now() - start > *patience) {
        Open();
        return false;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
  }
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    shut_ = false;
    opened_.notify_all();
  }

 private:
  void Enter() const {
    const bool again = std::find(Held().begin(), Held().end(), this) != Held().end();
    while (true) {
      ++inside_;  // before looking at shut_, so that Shut() sees either this or a reader that goes away again
      if (again || !shut_.load()) break;
      --inside_;
      std::unique_lock<std::mutex> lock(mutex_);
      opened_.wait(lock, [this] { return !shut_.load(); });
    }
    Held().push_back(this);
  }
  void Leave() const {
    Held().erase(std::find(Held().begin(), Held().end(), this));
    --inside_;
  }
  // The gates this thread is inside of.
  static std::vector<const ReaderGate*>& Held() {
    static thread_local std::vector<const ReaderGate*> held;
    return held;
  }

  mutable std::atomic<uint64_t> inside_{0};
  std::atomic<bool> shut_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable opened_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_READER_GATE_H_
