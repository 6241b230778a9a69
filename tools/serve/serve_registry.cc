// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/serve_registry.h"

#include <filesystem>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/linkage/model.h"
#include "tools/serve/durable_file.h"

namespace nayose {
namespace {

absl::Status Of(const std::string& path, const absl::Status& status, const char* advice = "") {
  return absl::Status(status.code(), path + ": " + std::string(status.message()) + advice);
}

bool IsEmpty(const std::string& folder) {
  std::error_code error;
  return !std::filesystem::is_directory(folder, error) || std::filesystem::is_empty(folder, error);
}

absl::StatusOr<std::unique_ptr<libmpi::Registry>> Create(const RegistryConfig& config) {
  libmpi::Model model = libmpi::Model::Default();
  if (!config.model.empty()) {
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, libmpi::ReadInputBytes(config.model));
    auto read = libmpi::Model::FromJson(text);
    if (!read.ok()) return Of(config.model, read.status());
    model = *std::move(read);
  }
  const std::string parent = std::filesystem::path(config.folder).parent_path().string();
  if (!parent.empty()) LIBMPI_RETURN_IF_ERROR(MakePrivateFolder(parent));
  return libmpi::Registry::Create(config.folder, model, {}, config.options);
}

}  // namespace

libmpi::Requester ServerRequester() {
  libmpi::Requester by;
  by.actor = "nayose serve";
  by.application = "nayose";
  by.profession = libmpi::Profession::kOperator;
  by.purpose = libmpi::Purpose::kOperations;
  return by;
}

absl::StatusOr<ServedRegistry> OpenServed(const RegistryConfig& config, bool questions_wait_for_disk) {
  const bool empty = IsEmpty(config.folder);
  if (empty && !config.create)
    return absl::NotFoundError(config.folder +
                               ": holds no registry; say create = true, or make one by nayose registry create");
  auto registry = empty ? Create(config) : libmpi::Registry::Open(config.folder, config.options);
  if (!registry.ok()) {
    const bool damaged = absl::IsDataLoss(registry.status());
    return Of(config.folder, registry.status(), damaged ? "; try nayose registry recover, else restore a backup" : "");
  }
  const auto noted = questions_wait_for_disk ? libmpi::WriteUntil::kSynced : libmpi::WriteUntil::kWritten;
  auto network = libmpi::Network::Open(registry->get(), {noted});
  if (!network.ok()) return Of(config.folder, network.status());
  if (empty) {
    libmpi::AccessRules rules = libmpi::AccessRules::Default();
    rules.basis = config.consent;
    LIBMPI_RETURN_IF_ERROR((*network)->SetRules(rules, ServerRequester()));
  }
  return ServedRegistry{*std::move(registry), *std::move(network)};
}

}  // namespace nayose
