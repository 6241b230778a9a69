// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/server.h"

#include <algorithm>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "tools/serve/restart_keys.h"
#include "tools/serve/transport_options.h"

namespace nayose {
namespace {

namespace pix = libmpi::pix;

QuarantineOptions QuarantineOptionsOf(const QuarantineConfig& config) {
  QuarantineOptions options;
  options.folder = config.folder;
  options.most = config.most;
  options.days = config.days;
  return options;
}

bool SameUpdates(const PartyConfig& a, const PartyConfig& b) {
  return a.party.name == b.party.name && a.updates == b.updates && a.own_encoding == b.own_encoding &&
         a.encoding == b.encoding && a.party.application == b.party.application &&
         a.party.facility == b.party.facility && a.party.interests == b.party.interests &&
         a.party.all_domains == b.party.all_domains;
}

bool SameName(const ServerConfig& a, const ServerConfig& b) {
  return a.application == b.application && a.facility == b.facility;
}

}  // namespace

Server::~Server() {
  if (const absl::Status stopped = Stop(); !stopped.ok())
    log_.Write(LogEvent(LogLevel::kError, "stop_failed").Reason(std::string(stopped.message())));
}

absl::Status Server::Start(const ServeConfig& config) {
  started_ = libmpi::SystemMilliseconds();
  quarantine_ = std::make_unique<Quarantine>(QuarantineOptionsOf(config.quarantine));
  LIBMPI_RETURN_IF_ERROR(quarantine_->Open());
  LIBMPI_ASSIGN_OR_RETURN(std::shared_ptr<const pix::Directory> directory,
                          pix::Directory::Make(config.domains, config.Parties()));
  LIBMPI_ASSIGN_OR_RETURN(served_, OpenServed(config.registry, config.questions_wait_for_disk));
  pix::ManagerOptions options;
  options.remember_milliseconds = config.server.remember_days * 24 * 3600 * 1000;
  manager_ = std::make_unique<pix::Manager>(served_.network.get(), served_.registry.get(), directory, options);
  answerer_ = std::make_unique<Answerer>(&log_, &metrics_, quarantine_.get());
  LIBMPI_RETURN_IF_ERROR(Apply(config, directory));
  LIBMPI_RETURN_IF_ERROR(StartTransport(config));
  LIBMPI_RETURN_IF_ERROR(StartPages(config.metrics));
  StartUpdates(config);
  StartAuditFile(config);
  keeper_ = std::make_unique<QuarantineKeeper>(
      quarantine_.get(),
      [this](const QuarantineAbout& about, const std::string& message) {
        if (!about.outgoing) return answerer_->Replay(about, message);
        return ReplayOutcome{0, "", "the configuration does not say where to tell the party of updates", false};
      },
      [this](const QuarantineAbout& about) { return !about.outgoing || !HasSender(about.party); }, &log_, &metrics_);
  if (config.registry.warm) warmer_ = std::make_unique<CacheWarmer>(served_.registry.get(), &log_);
  serving_ = true;
  return absl::OkStatus();
}

// Everything of a configuration that can change while it serves but for updates, all or nothing.
absl::Status Server::Apply(const ServeConfig& config, std::shared_ptr<const pix::Directory> directory) {
  LIBMPI_ASSIGN_OR_RETURN(std::shared_ptr<const AnswererRules> rules, AnswererRules::Make(config, manager_.get()));
  const std::shared_ptr<const pix::Directory> before = manager_->directory();
  manager_->SetDirectory(std::move(directory));
  absl::Status registered = manager_->RegisterMembers(config.facilities, ServerRequester());
  if (!registered.ok()) {
    manager_->SetDirectory(before);
    return registered;
  }
  answerer_->SetRules(std::move(rules));
  return absl::OkStatus();
}

absl::Status Server::StartTransport(const ServeConfig& config) {
  MllpHooks hooks;
  hooks.handle = [this](const PeerInfo& peer, std::string_view payload) { return answerer_->Answer(peer, payload); };
  hooks.authorize = [this](const PeerInfo& peer) { return answerer_->MayConnect(peer); };
  hooks.on_event = [this](const MllpEvent& event) { Note(event); };
  transport_ = std::make_unique<MllpServer>(ServerOptionsOf(config), std::move(hooks));
  LIBMPI_RETURN_IF_ERROR(transport_->Start());
  for (size_t i = 0; i < config.listeners.size(); ++i)
    log_.Write(LogEvent(LogLevel::kInfo, "listening")
                   .Label("listener", config.listeners[i].name)
                   .Label("address", config.listeners[i].address)
                   .Number("port", transport_->port(i))
                   .Flag("tls", config.listeners[i].tls.enabled));
  return absl::OkStatus();
}

absl::Status Server::StartPages(const MetricsConfig& config) {
  if (!config.enabled) return absl::OkStatus();
  LocalHttpOptions options;
  options.host = config.address;
  options.port = config.port;
  const auto metrics = [this]() -> HttpAnswer {
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_.Text(LookAt())};
  };
  const auto ready = [this]() -> HttpAnswer {
    return serving_ ? HttpAnswer{200, "text/plain; charset=utf-8", "ready\n"}
                    : HttpAnswer{503, "text/plain; charset=utf-8", "starting or stopping\n"};
  };
  pages_ = std::make_unique<LocalHttp>(
      options, LocalHttp::Pages{{"/metrics", metrics}, {"/health", [this] { return Health(); }}, {"/ready", ready}});
  LIBMPI_RETURN_IF_ERROR(pages_->Start());
  log_.Write(LogEvent(LogLevel::kInfo, "metrics")
                 .Label("address", config.address)
                 .Number("port", pages_->port()));
  return absl::OkStatus();
}

absl::Status Server::MovePages(const MetricsConfig& from, const MetricsConfig& to) {
  if (from == to) return absl::OkStatus();
  pages_.reset();  // another address may be of the same port
  const absl::Status moved = StartPages(to);
  if (moved.ok()) return moved;
  pages_.reset();
  if (const absl::Status back = StartPages(from); !back.ok())
    log_.Write(LogEvent(LogLevel::kError, "metrics_failed").Reason(std::string(back.message())));
  return moved;
}

// Those whose configuration is as before go on.
void Server::StartUpdates(const ServeConfig& config) {
  std::vector<std::unique_ptr<UpdateSender>> before;
  {
    const std::lock_guard lock(senders_mutex_);
    before = std::move(senders_);
    senders_.clear();
  }
  std::vector<std::unique_ptr<UpdateSender>> now;
  std::vector<const PartyConfig*> begin;
  for (const PartyConfig& party : config.parties) {
    if (!party.updates.enabled) continue;
    const auto same = std::ranges::find_if(before, [&](const auto& sender) {
      return sender != nullptr && SameUpdates(sender->config(), party) && SameName(sender->server(), config.server);
    });
    if (same != before.end()) now.push_back(std::move(*same));
    else begin.push_back(&party);
  }
  // The old ones end before new ones of the same party begin.
  for (const auto& sender : before)
    if (sender != nullptr) sender->StopSoon();
  before.clear();
  for (const PartyConfig* party : begin)
    now.push_back(std::make_unique<UpdateSender>(*party, config.server, manager_.get(), quarantine_.get(), &log_,
                                                 &metrics_));
  const std::lock_guard lock(senders_mutex_);
  senders_ = std::move(now);
}

void Server::StartAuditFile(const ServeConfig& config) {
  const std::string server = config.server.facility + "|" + config.server.application;
  const bool wanted = !config.audit_file.file.empty();
  if (audit_file_ != nullptr && audit_file_->config() == config.audit_file && audit_file_->server() == server) return;
  const std::lock_guard lock(audit_file_mutex_);
  audit_file_.reset();  // before another one writes the same file
  if (wanted) audit_file_ = std::make_unique<AuditFile>(config.audit_file, server, served_.registry.get(), &log_);
}

absl::Status Server::Reload(const ServeConfig& config) {
  const std::shared_ptr<const AnswererRules> before = answerer_->rules();
  const ServeConfig& running = before->config();
  ServeConfig wanted = config;
  KeepRestartKeys(running, &wanted);
  LIBMPI_RETURN_IF_ERROR(transport_->ReloadTls());
  LIBMPI_ASSIGN_OR_RETURN(std::shared_ptr<const pix::Directory> directory,
                          pix::Directory::Make(wanted.domains, wanted.Parties()));
  LIBMPI_RETURN_IF_ERROR(MovePages(running.metrics, wanted.metrics));
  if (absl::Status applied = Apply(wanted, std::move(directory)); !applied.ok()) {
    if (const absl::Status back = MovePages(wanted.metrics, running.metrics); !back.ok())
      log_.Write(LogEvent(LogLevel::kError, "metrics_failed").Reason(std::string(back.message())));
    return applied;
  }
  quarantine_->SetBounds(wanted.quarantine.most, wanted.quarantine.days);
  StartUpdates(wanted);
  StartAuditFile(wanted);
  TellOfRestart(ChangedRestartKeys(running, config));
  return absl::OkStatus();
}

// Who sends to the party sees to what it refused.
bool Server::HasSender(const std::string& party) const {
  // By the configuration: while senders are made anew there is none for a moment.
  const std::shared_ptr<const AnswererRules> rules = answerer_->rules();
  return std::ranges::any_of(rules->config().parties, [&](const PartyConfig& config) {
    return config.party.name == party && config.updates.enabled;
  });
}

void Server::Tick() { manager_->NoteLeftOut(); }

void Server::TellOfRestart(std::vector<std::string> keys) {
  if (!keys.empty())
    log_.Write(LogEvent(LogLevel::kWarning, "restart_needed")
                   .Reason("changed, and in effect when the server is started anew: " + KeyList(keys)));
  const std::lock_guard lock(restart_mutex_);
  restart_keys_ = std::move(keys);
}

std::vector<std::string> Server::restart_keys() const {
  const std::lock_guard lock(restart_mutex_);
  return restart_keys_;
}

absl::Status Server::Stop() {
  const bool was_serving = serving_.exchange(false);
  if (was_serving) {
    const std::lock_guard lock(senders_mutex_);
    for (const auto& sender : senders_) sender->StopSoon();
  }
  if (keeper_ != nullptr) keeper_->StopSoon();
  if (warmer_ != nullptr) warmer_->StopSoon();
  if (transport_ != nullptr)
    transport_->Stop(std::chrono::seconds(answerer_->rules()->config().server.stop_seconds));
  keeper_.reset();
  if (pages_ != nullptr) pages_->Stop();
  std::vector<std::unique_ptr<UpdateSender>> senders;
  {
    const std::lock_guard lock(senders_mutex_);
    senders = std::move(senders_);
    senders_.clear();
  }
  senders.clear();
  transport_.reset();
  pages_.reset();
  audit_file_.reset();
  manager_.reset();
  served_.network.reset();
  absl::Status closed;
  if (served_.registry != nullptr) closed = served_.registry->Close();
  warmer_.reset();
  served_.registry.reset();
  return closed;
}

void Server::Note(const MllpEvent& event) {
  using Kind = MllpEvent::Kind;
  LogLevel level = LogLevel::kWarning;
  if (event.kind == Kind::kConnected || event.kind == Kind::kDisconnected) level = LogLevel::kDebug;
  if (event.kind == Kind::kTimedOut) level = LogLevel::kInfo;
  if (event.kind == Kind::kHandlerFailed || event.kind == Kind::kAcceptFailed) level = LogLevel::kError;
  LogEvent line = LogEvent(level, "connection")
                      .Word("what", MllpEventName(event.kind))
                      .Label("listener", event.listener)
                      .Label("peer", event.address)
                      .Number("port", event.port);
  if (!event.detail.empty()) line.Label("detail", event.detail);
  if (level != LogLevel::kDebug)
    line.Limited(std::string(MllpEventName(event.kind)) + " " + event.listener + " " + event.address);
  log_.Write(line);
}

}  // namespace nayose
