// SPDX-License-Identifier: Apache-2.0
// Keeps a server's quarantine on a thread of its own: messages that an operator hands in again are answered here one by
// one, however many they are, while signals, health and other systems' messages go on.
#ifndef LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_
#define LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_

#include <cstdint>
#include <thread>

#include "tools/serve/log.h"
#include "tools/serve/metrics.h"
#include "tools/serve/quarantine.h"
#include "tools/serve/stop_signal.h"

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
  void StopSoon() { stop_.Stop(); }

 private:
  void Run();
  // False: nobody had asked for any.
  bool TakeAgain();
  void Tidy();

  Quarantine& quarantine_;
  const Quarantine::Handler handle_;
  const Quarantine::Filter whose_;
  Log& log_;
  Metrics& metrics_;
  int64_t tidied_ = 0;
  StopSignal stop_;
  std::thread thread_;             // the last, as it uses all others
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_QUARANTINE_KEEPER_H_
