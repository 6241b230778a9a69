// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/mllp_server.h"

#include <sys/resource.h>

#include <mutex>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "tools/serve/mllp_listener.h"
#include "tools/serve/server_core.h"
#include "tools/serve/server_loop.h"
#include "tools/serve/signals_blocked.h"

namespace nayose {
namespace {

void AllowManyFiles() {
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

absl::Status CheckOptions(const MllpServerOptions& options, const MllpHooks& hooks) {
  if (!hooks.handle) return absl::InvalidArgumentError("a server needs a handler");
  if (options.listeners.empty()) return absl::InvalidArgumentError("a server needs an address to listen at");
  if (options.worker_threads < 1 || options.io_threads < 1)
    return absl::InvalidArgumentError("a server needs threads");
  if (options.max_connections < 1 || options.max_connections_of_peer < 1 || options.max_frame_bytes < 1 ||
      options.max_waiting < 1)
    return absl::InvalidArgumentError("a bound of 0 lets nothing through");
  // Else a frame of the allowed size might never come in.
  if (options.max_bytes / 8 < options.max_frame_bytes)
    return absl::InvalidArgumentError("max_bytes has to be at least eight times max_frame_bytes");
  if (options.deadlines.handshake.count() <= 0) return absl::InvalidArgumentError("a handshake needs a deadline");
  return absl::OkStatus();
}

}  // namespace

class MllpServerImpl {
 public:
  MllpServerImpl(MllpServerOptions options, MllpHooks hooks) : core_(std::move(options), std::move(hooks)) {}
  ~MllpServerImpl() { Stop(std::chrono::milliseconds(0)); }

  absl::Status Start() {
    const std::lock_guard lock(mutex_);
    if (started_) return absl::FailedPreconditionError("a server starts once");
    LIBMPI_RETURN_IF_ERROR(CheckOptions(core_.options, core_.hooks));
    if (core_.loops.empty())
      for (int i = 0; i < core_.options.io_threads; ++i) core_.loops.push_back(std::make_unique<ServerLoop>(&core_));
    std::vector<std::unique_ptr<MllpListener>> listeners;
    for (const ListenOptions& options : core_.options.listeners) {
      listeners.push_back(std::make_unique<MllpListener>(&core_, &options));
      LIBMPI_ASSIGN_OR_RETURN(SslContext tls, listeners.back()->LoadTls());
      listeners.back()->UseTls(std::move(tls));
      LIBMPI_RETURN_IF_ERROR(listeners.back()->Open());
    }
    listeners_ = std::move(listeners);
    AllowManyFiles();
    const SignalsBlocked blocked;
    core_.workers.emplace(static_cast<size_t>(core_.options.worker_threads));
    for (const auto& loop : core_.loops) loop->Start();
    for (const auto& listener : listeners_) listener->Start();
    started_ = true;
    return absl::OkStatus();
  }

  void Stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(mutex_);
    if (!started_ || std::exchange(stopped_, true)) return;
    const auto end = std::chrono::steady_clock::now() + grace;
    core_.stopping = true;
    for (const auto& listener : listeners_) listener->CloseSoon();
    for (const auto& loop : core_.loops) loop->CloseIdleSoon();
    core_.WaitUntilAlone(end);
    for (const auto& loop : core_.loops) loop->CloseAllSoon();
    // Workers post their answers to loops, so these end last.
    core_.workers->join();
    for (const auto& loop : core_.loops) loop->Join();
  }

  absl::Status ReloadTls() {
    const std::lock_guard lock(mutex_);
    std::vector<SslContext> contexts;
    for (const auto& listener : listeners_) {
      LIBMPI_ASSIGN_OR_RETURN(SslContext tls, listener->LoadTls());
      contexts.push_back(std::move(tls));
    }
    for (size_t i = 0; i < contexts.size(); ++i) listeners_[i]->UseTls(std::move(contexts[i]));
    return absl::OkStatus();
  }

  uint16_t port(size_t listener) {
    const std::lock_guard lock(mutex_);
    return listener < listeners_.size() ? listeners_[listener]->port() : 0;
  }

  MllpServerStats Stats() const { return core_.counters.Snapshot(); }

 private:
  std::mutex mutex_;
  bool started_ = false, stopped_ = false;
  ServerCore core_;
  std::vector<std::unique_ptr<MllpListener>> listeners_;  // before the core's loops go
};

MllpServer::MllpServer(MllpServerOptions options, MllpHooks hooks)
    : impl_(std::make_unique<MllpServerImpl>(std::move(options), std::move(hooks))) {}

MllpServer::~MllpServer() = default;

absl::Status MllpServer::Start() { return impl_->Start(); }
void MllpServer::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }
absl::Status MllpServer::ReloadTls() { return impl_->ReloadTls(); }
uint16_t MllpServer::port(size_t listener) const { return impl_->port(listener); }
MllpServerStats MllpServer::Stats() const { return impl_->Stats(); }

}  // namespace nayose
