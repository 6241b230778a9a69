// SPDX-License-Identifier: Apache-2.0
// The arrays of a run's index as files in its state/, readable by the owner only.
#ifndef LIBMPI_TOOLS_NAYOSE_INDEX_FILES_H_
#define LIBMPI_TOOLS_NAYOSE_INDEX_FILES_H_

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libmpi/base/stage_store.h"
#include "libmpi/exchange/output_file.h"

namespace nayose {

// Of the linkage (libmpi/linkage/linkage_index.h) and of the records as they were said (run_index.h).
inline constexpr const char* kIndexArrays[] = {
    "nodes", "contents", "keys", "key_begin", "texts", "text_begin", "more", "more_begin", "edges", "node_of", "cluster",
    "ids", "id_begin", "sources", "parts", "rows", "row_at"};

// An array is a base, written once and shared by the runs that follow each other (hard links), and a tail that each
// of them writes anew. Sizes by file name are what tells later whether all is there.
class IndexFiles : public libmpi::StageStore {
 public:
  // `state`: the folder of a run's state. The files are on the disk when `commits` are finished.
  IndexFiles(std::string state, libmpi::BackgroundCommits* commits) : state_(std::move(state)), commits_(commits) {}

  // A base. Makes state/ where it is not there yet.
  absl::Status Save(std::string_view array, std::span<const std::string_view> pieces) override;
  std::unique_ptr<libmpi::StageReader> Load(std::string_view) override { return nullptr; }  // see MappedArray
  // The base of another run as this one's, and a tail of its own.
  absl::Status Follow(const std::string& previous_state, std::string_view array, std::string_view tail);
  // An array that is made piece by piece: a new base.
  absl::StatusOr<libmpi::OutputFile> Create(std::string_view array);
  absl::Status Add(std::string_view array, libmpi::OutputFile file, uint64_t bytes);

  const std::map<std::string, uint64_t>& sizes() const { return sizes_; }

 private:
  absl::Status Write(const std::string& name, std::span<const std::string_view> pieces);

  const std::string state_;
  libmpi::BackgroundCommits* const commits_;
  std::map<std::string, uint64_t> sizes_;  // by file name
};

std::string BaseFile(std::string_view array);
std::string TailFile(std::string_view array);

// Another file under this name: the same file where the file system allows it, else a copy.
absl::Status LinkOrCopy(const std::string& from, const std::string& to);

// The bytes of an array, base and tail in one piece. What is not looked at is not read; a file that is removed or
// replaced meanwhile stays readable.
class MappedArray {
 public:
  MappedArray() = default;
  // kDataLoss where a file does not have its size.
  static absl::StatusOr<MappedArray> Open(const std::string& state, std::string_view array,
                                          const std::map<std::string, uint64_t>& sizes);
  MappedArray(MappedArray&& other) noexcept;
  MappedArray& operator=(MappedArray&& other) noexcept;
  ~MappedArray();

  std::string_view bytes() const { return {begin_, size_}; }
  // What stands in the tail.
  std::string_view tail() const { return bytes().substr(base_size_); }

 private:
  char* begin_ = nullptr;
  size_t size_ = 0, base_size_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_INDEX_FILES_H_
