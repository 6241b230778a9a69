// SPDX-License-Identifier: Apache-2.0
// Keeps a server's quarantine on a thread of its own: messages that an operator hands in again are answered here one by
// one, however many they are, while signals, health and other systems' messages go on.
#ifndef LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_
#define LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "tools/serve/log.h"
#include "tools/serve/metrics.h"
#include "tools/serve/quarantine.h"

namespace nayose {

class QuarantineKeeper {
 public:
  // Borrows quarantine, log and metrics. Begins at once; both are called on its thread. Those that `whose` does not let
  // through are somebody else's to take again; empty: nobody's.
  QuarantineKeeper(Quarantine* quarantine, Quarantine::Handler handle, Quarantine::Filter whose, Log* log,
                   Metrics* metrics);
  // Stops; waits for the message in hand. What else was asked for stays asked for.
  ~QuarantineKeeper();
  // Does not wait.
  void StopSoon();

 private:
  void Run();
  // False: nobody had asked for any.
  bool TakeAgain();
  void Tidy();
  bool stopping() const;
  // False: it is to stop.
  bool Pause(int64_t milliseconds);

  Quarantine& quarantine_;
  const Quarantine::Handler handle_;
  const Quarantine::Filter whose_;
  Log& log_;
  Metrics& metrics_;
  int64_t tidied_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;             // the last, as it uses all others
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_
