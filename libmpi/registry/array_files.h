// SPDX-License-Identifier: Apache-2.0
// The arrays of a run's index, written to files and mapped: they are larger than what else a load needs in memory.
#ifndef LIBMPI_REGISTRY_ARRAY_FILES_H_
#define LIBMPI_REGISTRY_ARRAY_FILES_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/stage_store.h"
#include "libmpi/linkage/linkage_index.h"

namespace libmpi {

// Pieces of bytes, appended to a file and then read in any order. The file is removed at once, and gone with this.
class SpilledPieces {
 public:
  SpilledPieces() = default;
  ~SpilledPieces();
  SpilledPieces(const SpilledPieces&) = delete;
  SpilledPieces& operator=(const SpilledPieces&) = delete;

  absl::Status Open(const std::string& path);
  absl::Status Append(std::string_view piece);
  // Ends appending.
  absl::Status Finish();
  size_t size() const { return begin_.size() - 1; }
  std::string_view operator[](size_t i) const { return bytes_.substr(begin_[i], begin_[i + 1] - begin_[i]); }

 private:
  int file_ = -1;
  std::string buffer_;
  std::vector<uint64_t> begin_ = {0};
  std::string_view bytes_;
};

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
