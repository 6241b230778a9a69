// SPDX-License-Identifier: Apache-2.0
// Signals are for the program's own threads. Internal to tools/serve.
#ifndef NAYOSE_SERVE_SIGNALS_BLOCKED_H_
#define NAYOSE_SERVE_SIGNALS_BLOCKED_H_

#include <pthread.h>
#include <signal.h>

namespace nayose {

// While one lives, threads that the calling one starts take no signals.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_SIGNALS_BLOCKED_H_
