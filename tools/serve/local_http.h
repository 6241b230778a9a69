// SPDX-License-Identifier: Apache-2.0
// Pages for the machine itself, such as metrics and health: a tiny server of HTTP/1.1, GET and HEAD only.
#ifndef NAYOSE_SERVE_LOCAL_HTTP_H_
#define NAYOSE_SERVE_LOCAL_HTTP_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"

namespace nayose {

struct LocalHttpOptions {
  // There is neither TLS nor any check of who asks: another address is for who knows what stands before it.
  std::string host = "127.0.0.1";
  uint16_t port = 0;                         // 0: any that is free
  size_t max_connections = 32;               // more are closed at once
  size_t max_request_bytes = 8192;           // 16,384 at most; a request has no body
  std::chrono::milliseconds deadline{5'000};  // to ask, and to take the answer
};

struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

class LocalHttpImpl;

class LocalHttp {
 public:
  // A page by its path ("/metrics"; what a request has after "?" is left out). Called on the server's one thread; where
  // it throws, the answer is 500.
  using Pages = std::map<std::string, std::function<HttpAnswer()>>;

  LocalHttp(LocalHttpOptions options, Pages pages);
  // As Stop().
  ~LocalHttp();

  // kUnavailable: that address can't be listened at. To be called once.
  absl::Status Start();
  // Closes all connections; returns when the thread has ended.
  void Stop();
  // 0 before Start().
  uint16_t port() const;

 private:
  std::unique_ptr<LocalHttpImpl> impl_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_LOCAL_HTTP_H_
