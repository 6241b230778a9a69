// SPDX-License-Identifier: Apache-2.0
// What a bulk load writes beside the registry.
#ifndef LIBMPI_TOOLS_NAYOSE_REGISTRY_LOAD_TABLES_H_
#define LIBMPI_TOOLS_NAYOSE_REGISTRY_LOAD_TABLES_H_

#include <string>

#include "absl/status/status.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/frozen_model.h"

namespace nayose {

// rejects.csv and findings.csv, as those of nayose dedupe. Makes the folder.
absl::Status WriteLoadTables(const std::string& directory, const libmpi::PatientFiles& files,
                             const libmpi::FrozenModel& model, int threads);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REGISTRY_LOAD_TABLES_H_
