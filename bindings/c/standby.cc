// SPDX-License-Identifier: Apache-2.0
// A registry's standby: started, shipped to, applied, promoted.
#include <memory>
#include <string>

#include "bindings/c/registry.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/standby.h"

using libmpi::c::Call;
using libmpi::c::FolderIn;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;

namespace {

void AddState(const libmpi::StandbyState& state, libmpi_answer* answer) {
  answer->AddCounts({{"shipped", state.shipped},
                     {"acknowledged", state.acknowledged},
                     {"looked_unix_milliseconds", static_cast<uint64_t>(state.looked_unix_milliseconds)},
                     {"promoted", state.promoted}});
}

}  // namespace

libmpi_code libmpi_registry_start_standby(libmpi_registry* registry, const char* standby, size_t standby_size,
                                          uint64_t keep_log_bytes, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string folder, FolderIn(standby, standby_size, "standby"));
    LIBMPI_RETURN_IF_ERROR(registry->Door().Admit(libmpi::Operation::kAdminister, "start_standby"));
    return registry->opened->registry().StartStandby(folder, keep_log_bytes);
  });
}

libmpi_code libmpi_standby_ship(libmpi_answer** answer_out, const char* registry, size_t registry_size,
                                const char* standby, size_t standby_size, libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string from, FolderIn(registry, registry_size, "registry"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string to, FolderIn(standby, standby_size, "standby"));
    LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<libmpi::LogShipper> shipper, libmpi::LogShipper::Open(from, to));
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::StandbyState state, shipper->Ship());
    auto answer = std::make_unique<libmpi_answer>();
    AddState(state, answer.get());
    return answer;
  });
}

libmpi_code libmpi_standby_state(libmpi_answer** answer_out, const char* standby, size_t standby_size,
                                 libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string folder, FolderIn(standby, standby_size, "standby"));
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::StandbyState state, libmpi::StateOfStandby(folder));
    auto answer = std::make_unique<libmpi_answer>();
    AddState(state, answer.get());
    return answer;
  });
}

libmpi_code libmpi_standby_apply(const char* standby, size_t standby_size, const char* replica, size_t replica_size,
                                 libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const std::string from, FolderIn(standby, standby_size, "standby"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string to, FolderIn(replica, replica_size, "replica"));
    return libmpi::ApplyStandby(from, to, nullptr).status();
  });
}

libmpi_code libmpi_standby_promote(libmpi_answer** answer_out, const char* standby, size_t standby_size,
                                   const char* folder, size_t folder_size, const char* first, size_t first_size,
                                   int32_t accept_loss, libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string from, FolderIn(standby, standby_size, "standby"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string to, FolderIn(folder, folder_size, "folder"));
    libmpi::PromoteOptions options;
    options.accept_loss = accept_loss != 0;
    if (first != nullptr) {
      LIBMPI_ASSIGN_OR_RETURN(options.first, FolderIn(first, first_size, "first"));
    }
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::Promotion promotion, libmpi::Promote(from, to, options));
    auto answer = std::make_unique<libmpi_answer>();
    answer->AddCounts({{"commit", promotion.commit},
                       {"missing", promotion.missing},
                       {"looked_unix_milliseconds",
                        static_cast<uint64_t>(promotion.standby.looked_unix_milliseconds)}});
    return answer;
  });
}
