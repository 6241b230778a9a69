// SPDX-License-Identifier: Apache-2.0
// Table files that are written outside the database, in order of their keys, to be brought into it at once. Internal to
// the store.
#ifndef LIBMPI_REGISTRY_LOAD_FILES_H_
#define LIBMPI_REGISTRY_LOAD_FILES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/registry/store.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/write_batch.h"

namespace libmpi {

// A file being written, removed again unless it is brought in. For one thread.
class LoadFile {
 public:
  LoadFile(const rocksdb::Options& options, std::string path)
      : env_(options.env), path_(std::move(path)), writer_(rocksdb::EnvOptions(), options) {}
  LoadFile(const LoadFile&) = delete;
  LoadFile& operator=(const LoadFile&) = delete;
  ~LoadFile();

  // kInvalidArgument where keys do not ascend.
  absl::Status Put(std::string_view key, std::string_view value);
  absl::Status Delete(std::string_view key);
  absl::Status Finish();
  bool empty() const { return !first_.has_value(); }
  const std::string& path() const { return path_; }
  // Keys, of a file that is not empty.
  const std::string& first() const { return *first_; }
  const std::string& last() const { return last_; }

 private:
  absl::Status Begin(std::string_view key);

  rocksdb::Env* const env_;
  const std::string path_;
  rocksdb::SstFileWriter writer_;
  std::optional<std::string> first_;
  std::string last_;
};

// A range of keys that a caller writes as a file.
class LoadRange : public Store::RangeWriter {
 public:
  static constexpr uint64_t kBytesBetweenRoomChecks = uint64_t{4} << 20;

  // `room`: an error where the disk has no room for so many bytes more.
  LoadRange(const rocksdb::Options& options, std::string path, std::function<absl::Status()> room)
      : file(options, std::move(path)), room_(std::move(room)) {}
  absl::Status Add(std::string_view key, std::string_view value) override;

  LoadFile file;

 private:
  const std::function<absl::Status()> room_;
  uint64_t since_check_ = kBytesBetweenRoomChecks;
};

// The files of the ranges that have keys, finished, in their order. kInvalidArgument where two overlap.
absl::StatusOr<std::vector<LoadFile*>> FinishRanges(std::span<const std::unique_ptr<Store::RangeWriter>> ranges);

// What a batch does to each key in the end; nothing: it is deleted.
using SortedChanges = std::map<std::string, std::optional<std::string>, std::less<>>;
absl::StatusOr<SortedChanges> ChangesOf(const rocksdb::WriteBatch& batch);

// Writes changes as files that overlap none of `loads`, which are in order. kInvalidArgument where a change is within one.
absl::StatusOr<std::vector<std::unique_ptr<LoadFile>>> WriteBetween(
    const SortedChanges& changes, std::span<LoadFile* const> loads,
    const std::function<std::unique_ptr<LoadFile>()>& new_file);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LOAD_FILES_H_
