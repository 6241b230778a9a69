// SPDX-License-Identifier: Apache-2.0
// What is wrong, or dangerous, though every key by itself is right.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tools/serve/config.h"

namespace nayose {
namespace {

bool IsLocal(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

std::string Numbered(const char* key, size_t index) { return std::string(key) + "[" + std::to_string(index + 1) + "]"; }

void CheckListeners(const ServeConfig& config, ConfigProblems* problems) {
  const auto has_certificate = [](const PartyConfig& party) { return !party.certificates.empty(); };
  const bool some = std::ranges::any_of(config.parties, has_certificate);
  const bool all = std::ranges::all_of(config.parties, has_certificate);
  bool asks = false, does_not_ask = false;
  for (size_t i = 0; i < config.listeners.size(); ++i) {
    const ListenerConfig& listener = config.listeners[i];
    const bool needs = listener.tls.enabled && listener.tls.require_client_certificate;
    asks = asks || (listener.tls.enabled && !listener.tls.ca.empty());
    does_not_ask = does_not_ask || !needs;
    const auto warn = [&](const char* key, const std::string& reason) {
      problems->warnings.push_back({listener.line, Numbered("listener", i) + key, reason});
    };
    if (!listener.tls.enabled && !IsLocal(listener.address))
      warn(".address", "others can reach it, and it has no tls: patients' data passes readable, and whoever reaches it "
                       "can say that they are any party without a certificate");
    else if (listener.tls.enabled && !needs && !IsLocal(listener.address))
      warn(".tls", "clients need no certificate: whoever reaches it can say that they are any party without one");
    if (needs && !some && !config.parties.empty())
      problems->errors.push_back({listener.line, Numbered("listener", i) + ".tls",
                                  "asks for client certificates, and no [[party]] has one: nobody could speak"});
    if (!needs && all && !config.parties.empty())
      problems->errors.push_back({listener.line, Numbered("listener", i),
                                  "asks for no client certificate, and every [[party]] has one: nobody could speak"});
  }
  for (size_t i = 0; i < config.parties.size() && !config.listeners.empty(); ++i) {
    const PartyConfig& party = config.parties[i];
    if (has_certificate(party) && !asks)
      problems->errors.push_back({party.line, Numbered("party", i) + ".certificate",
                                  "no [[listener]] asks for certificates: it could speak nowhere"});
    if (!has_certificate(party) && !does_not_ask)
      problems->errors.push_back({party.line, Numbered("party", i) + ".certificate",
                                  "is missing: every [[listener]] asks for one"});
  }
}

void CheckParties(const ServeConfig& config, ConfigProblems* problems) {
  for (size_t i = 0; i < config.parties.size(); ++i) {
    const PartyConfig& party = config.parties[i];
    const auto warn = [&](const std::string& key, const std::string& reason) {
      problems->warnings.push_back({party.line, Numbered("party", i) + key, reason});
    };
    bool feeds = false;
    for (const auto& domain : config.domains) {
      if (domain.source != party.party.name) continue;
      feeds = true;
      if (domain.facility != party.party.member)
        warn(".member", "it feeds the domain \"" + domain.name + "\" of the facility \"" + domain.facility +
                            "\": the network refuses feeds for others than the member");
    }
    if (party.party.member.empty() && !feeds)
      warn(".member", "it is no facility's: what it may be told of is what the rules give the network's own office");
    if (party.updates.enabled && !party.updates.tls.enabled && !IsLocal(party.updates.host))
      warn(".updates", "has no tls: patients' identifiers pass readable");
  }
}

class FileCheck {
 public:
  FileCheck(int line, std::string key, ConfigProblems* problems)
      : line_(line), key_(std::move(key)), problems_(*problems) {}

  bool Readable(const char* key, const std::string& path) const {
    if (path.empty()) return false;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return Error(key, path + ": there is no such file");
    if (!std::filesystem::is_regular_file(path, error)) return Error(key, path + ": is no file");
    if (access(path.c_str(), R_OK) != 0) return Error(key, path + ": may not be read by this user");
    return true;
  }
  void Tls(const TlsConfig& tls) const {
    if (!tls.enabled) return;
    Readable("tls.certificate", tls.certificate);
    Readable("tls.ca", tls.ca);
    Readable("tls.crl", tls.crl);
    struct stat state;
    if (!Readable("tls.key", tls.key) || stat(tls.key.c_str(), &state) != 0) return;
    if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      Warn("tls.key", tls.key + ": others than its owner can read it; chmod 600 it");
  }
  void FolderOf(const char* key, const std::string& path) const {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    // No folder at all: where the command runs.
    if (!folder.empty() && !std::filesystem::is_directory(folder, error))
      Error(key, folder.string() + ": there is no such folder");
  }
  bool Error(const char* key, const std::string& reason) const {
    problems_.errors.push_back({line_, key_ + key, reason});
    return false;
  }
  void Warn(const char* key, const std::string& reason) const {
    problems_.warnings.push_back({line_, key_ + key, reason});
  }

 private:
  const int line_;
  const std::string key_;
  ConfigProblems& problems_;
};

}  // namespace

void CheckTogether(const ServeConfig& config, ConfigProblems* problems) {
  CheckListeners(config, problems);
  CheckParties(config, problems);
}

void CheckFiles(const ServeConfig& config, ConfigProblems* problems) {
  for (size_t i = 0; i < config.listeners.size(); ++i)
    FileCheck(config.listeners[i].line, Numbered("listener", i) + ".", problems).Tls(config.listeners[i].tls);
  for (size_t i = 0; i < config.parties.size(); ++i)
    FileCheck(config.parties[i].line, Numbered("party", i) + ".updates.", problems).Tls(config.parties[i].updates.tls);
  const FileCheck registry(0, "registry.", problems);
  registry.Readable("model", config.registry.model);
  std::error_code error;
  const std::string& folder = config.registry.folder;
  const bool empty = !std::filesystem::is_directory(folder, error) || std::filesystem::is_empty(folder, error);
  if (!config.registry.create && empty)
    registry.Error("folder", folder + ": holds no registry; say create = true, or make one by nayose registry create");
  FileCheck(0, "audit.", problems).FolderOf("file", config.audit_file.file);
  FileCheck(0, "log.", problems).FolderOf("file", config.log.file);
}

}  // namespace nayose
