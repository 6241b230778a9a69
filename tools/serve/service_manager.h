// SPDX-License-Identifier: Apache-2.0
// What systemd is told (sd_notify(3)): a datagram to the socket of $NOTIFY_SOCKET; without one, nothing.
#ifndef LIBMPI_TOOLS_SERVE_SERVICE_MANAGER_H_
#define LIBMPI_TOOLS_SERVE_SERVICE_MANAGER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace nayose {

class ServiceManager {
 public:
  // Takes the environment's NOTIFY_SOCKET and WATCHDOG_USEC.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;

  void Ready(std::string_view status) { Tell("READY=1\nSTATUS=" + std::string(status)); }
  void Reloading();
  void Stopping() { Tell("STOPPING=1"); }
  // To be called often: tells that it lives, as often as is asked for.
  void Live(int64_t monotonic_milliseconds);

 private:
  void Tell(const std::string& state);
  int socket_ = -1;
  std::string path_;
  int64_t every_milliseconds_ = 0, last_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_SERVICE_MANAGER_H_
