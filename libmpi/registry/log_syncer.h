// SPDX-License-Identifier: Apache-2.0
// Has the store sync soon what nobody waits for. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_LOG_SYNCER_H_
#define LIBMPI_REGISTRY_LOG_SYNCER_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "libmpi/registry/store.h"

namespace libmpi {

// Thread-safe. Its thread starts with the first Wake().
class LogSyncer {
 public:
  // Borrows the store.
  LogSyncer(Store* store, std::chrono::milliseconds after) : store_(*store), after_(after) {}
  ~LogSyncer() { Stop(); }

  // Something was appended and not synced: it will be `after` from now at the latest. An error shows in the next write.
  void Wake();
  // For good; what was woken for before is not waited for.
  void Stop();

 private:
  void Run();

  Store& store_;
  const std::chrono::milliseconds after_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool pending_ = false, stopped_ = false;
  std::thread thread_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LOG_SYNCER_H_
