// SPDX-License-Identifier: Apache-2.0
// Reads a registry into its cache on a thread of its own while it is served already: until that is done, some questions
// and feeds wait for the disk that later ones will not.
#ifndef LIBMPI_TOOLS_SERVE_CACHE_WARMER_H_
#define LIBMPI_TOOLS_SERVE_CACHE_WARMER_H_

#include <atomic>
#include <thread>

#include "libmpi/registry/registry.h"
#include "tools/serve/log.h"

namespace nayose {

class CacheWarmer {
 public:
  // Borrows both. Begins at once; logs `warmed` when it is done.
  CacheWarmer(const libmpi::Registry* registry, Log* log);
  // Waits until it is done, which is soon where the registry was closed.
  ~CacheWarmer();
  // From now on it is no news that it ends.
  void StopSoon() { stop_ = true; }

 private:
  void Run();
  const libmpi::Registry& registry_;
  Log& log_;
  std::atomic<bool> stop_{false};
  std::thread thread_;             // the last, as it uses all others
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_CACHE_WARMER_H_
