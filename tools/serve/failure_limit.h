// SPDX-License-Identifier: Apache-2.0
// How often TLS handshakes with an address may fail before it is turned away without one: each costs the server a
// signature, and whoever hammers with a bad certificate takes time from all others. Internal to tools/serve.
#ifndef NAYOSE_SERVE_FAILURE_LIMIT_H_
#define NAYOSE_SERVE_FAILURE_LIMIT_H_

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace nayose {

// Of each address, so many failures at once and then so many a minute; handshakes that succeed cost nothing.
// Thread-safe. Memory: of the addresses that failed lately, at most kMostAddresses; more of them are not limited.
class FailureLimit {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kMostAddresses = 10'000;

  // 0: there is no limit.
  explicit FailureLimit(size_t a_minute) : a_minute_(static_cast<double>(a_minute)) {}
  void Failed(const std::string& address, Clock::time_point now);
  // Whether the address is to be turned away now.
  bool IsReached(const std::string& address, Clock::time_point now);

 private:
  struct Failures {
    double count = 0;  // less what time has forgiven
    Clock::time_point at{};
  };
  double CountAt(const Failures& failures, Clock::time_point now) const;
  void MakeRoom(Clock::time_point now);

  const double a_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_of_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_FAILURE_LIMIT_H_
