// SPDX-License-Identifier: Apache-2.0
// The arrays of a run's index, written to files and mapped: they are larger than what else a load needs in memory.
#ifndef LIBMPI_REGISTRY_ARRAY_FILES_H_
#define LIBMPI_REGISTRY_ARRAY_FILES_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libmpi/base/stage_store.h"
#include "libmpi/linkage/linkage_index.h"

namespace libmpi {

// In a folder of its own, which is removed with this.
class ArrayFiles : public StageStore {
 public:
  // kUnavailable: the folder can't be made.
  static absl::StatusOr<std::unique_ptr<ArrayFiles>> Make(std::string folder);
  ~ArrayFiles() override;

  absl::Status Save(std::string_view stage, std::span<const std::string_view> pieces) override;
  std::unique_ptr<StageReader> Load(std::string_view) override { return nullptr; }

  // What was saved, mapped as long as this lives.
  absl::StatusOr<IndexView> Index();

 private:
  explicit ArrayFiles(std::string folder) : folder_(std::move(folder)) {}
  absl::StatusOr<std::string_view> Map(const std::string& name);

  const std::string folder_;
  std::mutex mutex_;
  std::map<std::string, std::string_view, std::less<>> mapped_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_ARRAY_FILES_H_
