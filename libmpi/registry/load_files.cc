// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/load_files.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/store_files.h"
#include "rocksdb/env.h"

namespace libmpi {
namespace {

class ChangeSorter : public rocksdb::WriteBatch::Handler {
 public:
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    changes[key.ToString()] = value.ToString();
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice& key) override {
    changes[key.ToString()] = std::nullopt;
    return rocksdb::Status::OK();
  }
  SortedChanges changes;
};

}  // namespace

LoadFile::~LoadFile() {
  if (!first_.has_value()) return;
  env_->DeleteFile(path_).PermitUncheckedError();  // gone where it was brought in
}

absl::Status LoadFile::Put(std::string_view key, std::string_view value) {
  LIBMPI_RETURN_IF_ERROR(Begin(key));
  return FromRocks(writer_.Put(ToSlice(key), ToSlice(value)), "writing a file");
}

absl::Status LoadFile::Delete(std::string_view key) {
  LIBMPI_RETURN_IF_ERROR(Begin(key));
  return FromRocks(writer_.Delete(ToSlice(key)), "writing a file");
}

absl::Status LoadFile::Finish() { return FromRocks(writer_.Finish(), "writing a file"); }

absl::Status LoadFile::Begin(std::string_view key) {
  if (!first_.has_value()) {
    first_.emplace(key);
    LIBMPI_RETURN_IF_ERROR(FromRocks(writer_.Open(path_), "writing a file"));
  } else if (key <= last_) {
    return absl::InvalidArgumentError("the store: keys of a range must ascend");
  }
  last_.assign(key);
  return absl::OkStatus();
}

absl::Status LoadRange::Add(std::string_view key, std::string_view value) {
  if (key.starts_with(kReservedKeys)) return absl::InvalidArgumentError("the store: the key is reserved");
  if (since_check_ >= kBytesBetweenRoomChecks) {
    LIBMPI_RETURN_IF_ERROR(room_());
    since_check_ = 0;
  }
  since_check_ += key.size() + value.size();
  return file.Put(key, value);
}

absl::StatusOr<std::vector<LoadFile*>> FinishRanges(std::span<const std::unique_ptr<Store::RangeWriter>> ranges) {
  std::vector<LoadFile*> loads;
  for (const auto& range : ranges) {
    LoadFile* const load = &static_cast<LoadRange*>(range.get())->file;
    if (load->empty()) continue;
    LIBMPI_RETURN_IF_ERROR(load->Finish());
    loads.push_back(load);
  }
  std::sort(loads.begin(), loads.end(), [](const LoadFile* a, const LoadFile* b) { return a->first() < b->first(); });
  for (size_t i = 1; i < loads.size(); ++i)
    if (loads[i]->first() <= loads[i - 1]->last()) return absl::InvalidArgumentError("the store: two ranges overlap");
  return loads;
}

absl::StatusOr<SortedChanges> ChangesOf(const rocksdb::WriteBatch& batch) {
  ChangeSorter sorter;
  LIBMPI_RETURN_IF_ERROR(FromRocks(batch.Iterate(&sorter), "reading a batch"));
  return std::move(sorter.changes);
}

absl::StatusOr<std::vector<std::unique_ptr<LoadFile>>> WriteBetween(
    const SortedChanges& changes, std::span<LoadFile* const> loads,
    const std::function<std::unique_ptr<LoadFile>()>& new_file) {
  std::vector<std::unique_ptr<LoadFile>> files;
  size_t passed = 0;
  bool join = false;
  for (const auto& [key, value] : changes) {
    for (; passed < loads.size() && loads[passed]->last() < key; ++passed) join = false;
    if (passed < loads.size() && key >= loads[passed]->first())
      return absl::InvalidArgumentError("the store: the batch has a key within a range");
    if (!join) files.push_back(new_file());
    join = true;
    LIBMPI_RETURN_IF_ERROR(value.has_value() ? files.back()->Put(key, *value) : files.back()->Delete(key));
  }
  for (const auto& file : files) LIBMPI_RETURN_IF_ERROR(file->Finish());
  return files;
}

}  // namespace libmpi
