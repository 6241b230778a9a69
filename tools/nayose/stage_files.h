// SPDX-License-Identifier: Apache-2.0
// The finished stages of a run as files, for --resume.
#ifndef LIBMPI_TOOLS_NAYOSE_STAGE_FILES_H_
#define LIBMPI_TOOLS_NAYOSE_STAGE_FILES_H_

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/base/stage_store.h"

namespace nayose {

// The stages that linkage keeps, and their files in a folder.
inline constexpr const char* kStageNames[] = {"names", "records", "keys", "learned", "scored", "clustered"};
std::string StageFile(const std::string& folder, std::string_view stage);

// One file a stage, readable by its owner only: it holds demographic values. A file is written aside and renamed
// when whole, and ends in its size and a checksum. It is not waited for until it is on the disk: what a power cut
// leaves half-written fails its checksum, and is no finished stage. Thread-safe for different stages.
class StageFiles : public libmpi::StageStore {
 public:
  explicit StageFiles(std::string folder) : folder_(std::move(folder)) {}

  absl::Status Save(std::string_view stage, std::span<const std::string_view> pieces) override;
  std::unique_ptr<libmpi::StageReader> Load(std::string_view stage) override;
  // Why a stage could not be kept, the first such reason; OK: all were.
  absl::Status status() const;

 private:
  const std::string folder_;
  mutable std::mutex mutex_;
  absl::Status status_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_STAGE_FILES_H_
