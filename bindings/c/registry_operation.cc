// SPDX-License-Identifier: Apache-2.0
// A registry in its folder: made, opened, closed, proved, backed up.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/c/model.h"
#include "bindings/c/options.h"
#include "bindings/c/registry.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"

using libmpi::Operation;
using libmpi::Registry;
using libmpi::c::Call;
using libmpi::c::FolderIn;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::NeedOptions;
using libmpi::c::New;

namespace {

std::unique_ptr<libmpi_registry> Opened(std::unique_ptr<Registry> registry) {
  return New<libmpi_registry>(std::make_shared<libmpi::c::OpenedRegistry>(std::move(registry)));
}

}  // namespace

libmpi_code libmpi_registry_create(libmpi_registry** registry_out, const char* folder, size_t folder_size,
                                   const libmpi_model* model, const libmpi_options* options, libmpi_error** error) {
  return MakeHandle(registry_out, error, [&]() -> Made<libmpi_registry> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string path, FolderIn(folder, folder_size, "folder"));
    if (model != nullptr) LIBMPI_RETURN_IF_ERROR(Need(model, "model"));
    LIBMPI_RETURN_IF_ERROR(NeedOptions(options));
    const libmpi_options& told = libmpi::c::OrDefault(options);
    LIBMPI_ASSIGN_OR_RETURN(std::unique_ptr<Registry> registry,
                            Registry::Create(path, model != nullptr ? *model->model : libmpi::Model::Default(),
                                             libmpi::c::FrozenOptionsOf(told), told.registry));
    return Opened(std::move(registry));
  });
}

libmpi_code libmpi_registry_open(libmpi_registry** registry_out, const char* folder, size_t folder_size,
                                 const libmpi_options* options, libmpi_error** error) {
  return MakeHandle(registry_out, error, [&]() -> Made<libmpi_registry> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string path, FolderIn(folder, folder_size, "folder"));
    LIBMPI_RETURN_IF_ERROR(NeedOptions(options));
    const libmpi_options& told = libmpi::c::OrDefault(options);
    auto registry = Registry::Open(path, told.registry);
    if (told.create && absl::IsNotFound(registry.status()))
      registry = Registry::Create(path, libmpi::Model::Default(), libmpi::c::FrozenOptionsOf(told), told.registry);
    LIBMPI_RETURN_IF_ERROR(registry.status());
    return Opened(*std::move(registry));
  });
}

libmpi_code libmpi_registry_close(libmpi_registry** registry, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    if (registry == nullptr || *registry == nullptr) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(Need(*registry, "registry"));
    const std::unique_ptr<libmpi_registry> closed(std::exchange(*registry, nullptr));
    // The last handle closes it.
    return closed->opened.use_count() == 1 ? closed->opened->registry().Close() : absl::OkStatus();
  });
}

libmpi_code libmpi_registry_verify(libmpi_answer** answer_out, const libmpi_registry* registry,
                                   const libmpi_options* options, libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(NeedOptions(options));
    const libmpi_options& told = libmpi::c::OrDefault(options);
    LIBMPI_RETURN_IF_ERROR(registry->Door().Admit(Operation::kAdminister, "verify"));
    LIBMPI_ASSIGN_OR_RETURN(std::vector<std::string> wrong,
                            registry->opened->registry().Verify(told.threads, told.progress));
    auto answer = std::make_unique<libmpi_answer>();
    libmpi::c::AddTexts(std::move(wrong), answer.get());
    return answer;
  });
}

libmpi_code libmpi_registry_maintain(libmpi_registry* registry, const char* what, size_t what_size,
                                     libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string word, libmpi::c::TextIn(what, what_size, "what"));
    if (word != "warm" && word != "compact" && word != "recover")
      return absl::InvalidArgumentError("what must be warm, compact or recover");
    Registry& own = registry->opened->registry();
    // Where the disk has failed nothing can be noted: to recover is always allowed.
    if (word == "recover") return own.Recover();
    LIBMPI_RETURN_IF_ERROR(registry->Door().Admit(Operation::kAdminister, word));
    return word == "warm" ? own.Warm() : own.Compact();
  });
}

libmpi_code libmpi_registry_backup(libmpi_registry* registry, const char* folder, size_t folder_size,
                                   libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string path, FolderIn(folder, folder_size, "folder"));
    LIBMPI_RETURN_IF_ERROR(registry->Door().Admit(Operation::kAdminister, "backup"));
    return registry->opened->registry().Backup(path);
  });
}

libmpi_code libmpi_registry_restore(const char* backup, size_t backup_size, const char* folder, size_t folder_size,
                                    libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const std::string from, FolderIn(backup, backup_size, "backup"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string to, FolderIn(folder, folder_size, "folder"));
    return Registry::Restore(from, to);
  });
}
