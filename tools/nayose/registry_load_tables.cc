// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/registry_load_tables.h"

#include <filesystem>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/output_pieces.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/run_tables.h"

namespace nayose {
namespace {

absl::Status WriteFindings(const std::string& path, const libmpi::PatientFiles& files,
                           const libmpi::FrozenModel& model, int threads) {
  libmpi::CivilDate today;
  LIBMPI_ASSIGN_OR_RETURN(today, ParseToday(""));
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  std::string head(kFindingsHeader);
  for (const libmpi::FileFinding& found : files.findings())
    AppendFinding(found.key, found.file, found.line, found.finding, &head);
  file->Append(head);
  constexpr size_t kGrain = 1024;
  libmpi::AppendInPieces(files.size(), kGrain, threads, &*file, [&](size_t begin, size_t end, int, std::string* text) {
    libmpi::Record record;
    for (size_t i = begin; i < end; ++i) {
      files.Get(i, &record);
      std::vector<libmpi::Finding> findings;
      model.Pack(record, today, &findings);
      const auto [name, line] = files.Where(i);
      for (const libmpi::Finding& finding : findings) AppendFinding(files.KeyOf(i), name, line, finding, text);
    }
  });
  return file->Commit();
}

}  // namespace

absl::Status WriteLoadTables(const std::string& directory, const libmpi::PatientFiles& files,
                             const libmpi::FrozenModel& model, int threads) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::PermissionDeniedError(directory + ": " + error.message());
  LIBMPI_RETURN_IF_ERROR(WriteRejects(directory + "/rejects.csv", files.rejects()));
  return WriteFindings(directory + "/findings.csv", files, model, threads);
}

}  // namespace nayose
