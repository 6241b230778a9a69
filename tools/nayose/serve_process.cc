// SPDX-License-Identifier: Apache-2.0
// Signals, systemd, reading the configuration anew.
#include "tools/nayose/serve_process.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <cerrno>
#include <cstdio>

#include "tools/nayose/command.h"
#include "tools/serve/restart_keys.h"
#include "tools/serve/server.h"
#include "tools/serve/service_manager.h"

namespace nayose {
namespace {

// Waits for one of the signals that every thread has blocked; 0: none came.
int NextSignal(const sigset_t& signals, int64_t milliseconds) {
  const timespec wait{static_cast<time_t>(milliseconds / 1000), static_cast<long>(milliseconds % 1000 * 1'000'000)};
  const int signal = sigtimedwait(&signals, nullptr, &wait);
  return signal < 0 ? 0 : signal;
}

int64_t MonotonicMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

void PrintProblems(const ConfigProblems& problems, const std::string& path) {
  std::fputs(ProblemLines(problems.errors, path).c_str(), stderr);
  for (ConfigProblem warning : problems.warnings) {
    warning.reason = "warning: " + warning.reason;
    std::fprintf(stderr, "%s\n", warning.ToString(path).c_str());
  }
}

void PrintCounts(const ServeConfig& config, const std::string& path) {
  size_t updates = 0, certificates = 0;
  for (const PartyConfig& party : config.parties) {
    updates += party.updates.enabled ? 1 : 0;
    certificates += party.certificates.empty() ? 0 : 1;
  }
  std::printf("%s is right: %zu listeners, %zu facilities, %zu domains, %zu parties (%zu with certificates, %zu told "
              "of updates)\n",
              path.c_str(), config.listeners.size(), config.facilities.size(), config.domains.size(),
              config.parties.size(), certificates, updates);
  std::printf("registry    %s%s\n", config.registry.folder.c_str(),
              config.registry.create ? " (made where it is missing)" : "");
  for (const ListenerConfig& listener : config.listeners)
    std::printf("listener    %s %s port %u, %s\n", listener.name.c_str(), listener.address.c_str(), listener.port,
                !listener.tls.enabled ? "plain"
                : listener.tls.require_client_certificate ? "TLS with client certificates"
                                                          : "TLS");
  std::printf("quarantine  %s\n", config.quarantine.folder.c_str());
  if (config.metrics.enabled)
    std::printf("metrics     http://%s:%u/metrics\n", config.metrics.address.c_str(), config.metrics.port);
  std::printf("new start   what SIGHUP does not change: %s\n", KeyList(RestartKeys()).c_str());
}

void LogProblems(const std::vector<ConfigProblem>& problems, const std::string& path, LogLevel level, Log* log) {
  for (const ConfigProblem& problem : problems)
    log->Write(LogEvent(level, "configuration").Reason(problem.ToString(path)));
}

LogLevel LevelOf(const LogConfig& config) { return LogLevelOf(config.level).value_or(LogLevel::kInfo); }

class Process {
 public:
  Process(std::string path, const LogConfig& logging, Log* log, Server* server)
      : path_(std::move(path)), logging_(logging), log_(*log), server_(*server) {}

  int Serve(const ServeConfig& config, const sigset_t& signals) {
    if (const absl::Status started = server_.Start(config); !started.ok()) {
      log_.Write(LogEvent(LogLevel::kError, "not_started").Reason(std::string(started.message())));
      return Fail(started);
    }
    manager_.Ready("serving");
    log_.Write(LogEvent(LogLevel::kInfo, "serving").Number("parties", static_cast<int64_t>(config.parties.size())));
    for (int signal = 0; signal != SIGTERM && signal != SIGINT; signal = NextSignal(signals, 500)) {
      if (signal == SIGHUP) Reload();
      server_.Tick();
      manager_.Live(MonotonicMilliseconds());
    }
    manager_.Stopping();
    log_.Write(LogEvent(LogLevel::kInfo, "stopping"));
    const absl::Status stopped = server_.Stop();
    log_.Write(LogEvent(stopped.ok() ? LogLevel::kInfo : LogLevel::kError, "stopped")
                   .Reason(stopped.ok() ? "everything that was accepted is on disk" : std::string(stopped.message())));
    return stopped.ok() ? kDone : Fail(stopped);
  }

 private:
  void Reload() {
    manager_.Reloading();
    absl::Status reloaded = ReadAnew();
    // Also where the configuration is wrong: the file may have been moved away by logrotate.
    if (const absl::Status opened = log_.Reopen(logging_.file, LevelOf(logging_), logging_.json); !opened.ok())
      reloaded = opened;
    if (reloaded.ok())
      log_.Write(LogEvent(LogLevel::kInfo, "reloaded"));
    else
      log_.Write(LogEvent(LogLevel::kError, "not_reloaded")
                     .Reason("the configuration of before goes on: " + std::string(reloaded.message())));
    manager_.Ready(reloaded.ok() ? "serving" : "serving; the configuration on disk is wrong");
  }

  absl::Status ReadAnew() {
    const auto read = ReadServeConfig(path_);
    if (!read.ok()) return read.status();
    LogProblems(read->problems.errors, path_, LogLevel::kError, &log_);
    if (!read->problems.errors.empty())
      return absl::InvalidArgumentError(std::to_string(read->problems.errors.size()) + " errors");
    LogProblems(read->problems.warnings, path_, LogLevel::kWarning, &log_);
    if (absl::Status done = server_.Reload(read->config); !done.ok()) return done;
    logging_ = read->config.log;
    return absl::OkStatus();
  }

  const std::string path_;
  LogConfig logging_;
  Log& log_;
  Server& server_;
  ServiceManager manager_;
};

}  // namespace

int RunServer(const std::string& path, bool check_only) {
  const auto read = ReadServeConfig(path);
  if (!read.ok()) return Fail(read.status());
  ConfigProblems problems = read->problems;
  const ServeConfig& config = read->config;
  if (problems.errors.empty())
    if (const auto made = libmpi::pix::Directory::Make(config.domains, config.Parties()); !made.ok())
      problems.errors.push_back({0, "", std::string(made.status().message())});
  PrintProblems(problems, path);
  if (!problems.errors.empty()) return kInputUnreadable;
  if (check_only) {
    PrintCounts(config, path);
    return problems.warnings.empty() ? kDone : kNeedsALook;
  }
  // Before there is a second thread, so that all of them have them blocked.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  LogOptions options;
  options.file = config.log.file;
  options.level = LevelOf(config.log);
  options.json = config.log.json;
  Log log(options);
  if (const absl::Status opened = log.Open(); !opened.ok()) return FailOutput(opened);
  LogProblems(problems.warnings, path, LogLevel::kWarning, &log);
  Server server(&log);
  return Process(path, config.log, &log, &server).Serve(config, signals);
}

}  // namespace nayose
