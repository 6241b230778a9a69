// SPDX-License-Identifier: Apache-2.0
// A disk that fails when told to, and forgets what was not synced when its power is cut.
#ifndef TESTS_REGISTRY_FAULT_FILE_SYSTEM_H_
#define TESTS_REGISTRY_FAULT_FILE_SYSTEM_H_

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "registry/store_testing.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/system_clock.h"

namespace libmpi::store_testing {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultFileSystem() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "FaultFileSystem"; }
  const char* Name() const override { return kClassName(); }

  // The `n`th operation from now (the first: 1) fails, and with `for_ever` all after it.
  void FailAt(uint64_t n, bool for_ever) {
    counted_ = 0;
    for_ever_ = for_ever;
    fail_at_ = n;
  }
  void Heal() { fail_at_ = 0; }
  uint64_t operations() const { return counted_; }
  bool failed() const { return failures_ > 0; }

  // What would be on the disk if its power had failed at the first failed operation, and `keep` of 8 parts of what
  // was written and not synced had got there. Nothing may have the files open.
  void CutPower(uint64_t keep) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [path, state] : files_) {
      std::error_code error;
      const uint64_t size = std::filesystem::file_size(path, error);
      if (!error && size > state.synced)
        std::filesystem::resize_file(path, state.synced + (size - state.synced) * keep / 8);
    }
    for (const auto& [path, content] : overwritten_) Spill(path, content);
    for (auto it = unsettled_.rbegin(); it != unsettled_.rend(); ++it) {
      if (it->before.has_value()) Spill(it->path, *it->before);
      else std::filesystem::remove(it->path);
    }
    files_.clear();
    overwritten_.clear();
    unsettled_.clear();
  }

  // --- what RocksDB calls ---

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    if (Fails()) return Error();
    NoteNew(path, std::nullopt);
    const IOStatus status = target()->NewWritableFile(path, options, file, debug);
    if (status.ok()) Wrap(path, 0, file);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->ReopenWritableFile(path, options, file, debug);
    if (status.ok()) file->reset(new Writable(std::move(*file), this, path));
    return status;
  }
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->NewRandomRWFile(path, options, file, debug);
    if (status.ok()) file->reset(new ReadWrite(std::move(*file), this, path));
    return status;
  }
  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->NewSequentialFile(path, options, file, debug);
    if (status.ok()) file->reset(new Sequential(std::move(*file), this));
    return status;
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->NewRandomAccessFile(path, options, file, debug);
    if (status.ok()) file->reset(new RandomAccess(std::move(*file), this));
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->NewDirectory(path, options, directory, debug);
    if (status.ok()) directory->reset(new Directory(std::move(*directory), this, path));
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    if (Fails()) return Error();
    std::optional<std::string> before;
    if (std::filesystem::exists(to)) before = Slurp(to);
    const IOStatus status = target()->RenameFile(from, to, options, debug);
    if (!status.ok()) return status;
    NoteNew(to, before);
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(unsettled_, [&from](const Unsettled& entry) { return entry.path == from; });
    if (auto node = files_.extract(from); !node.empty()) files_[to] = node.mapped();
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->LinkFile(from, to, options, debug);
    if (!status.ok()) return status;
    NoteNew(to, std::nullopt);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto found = files_.find(from); found != files_.end()) files_[to] = found->second;
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    if (Fails()) return Error();
    const IOStatus status = target()->DeleteFile(path, options, debug);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status.ok()) return status;
    files_.erase(path);
    std::erase_if(unsettled_, [&path](const Unsettled& entry) { return entry.path == path; });
    return status;
  }
  IOStatus Truncate(const std::string& path, size_t size, const IOOptions& options, IODebugContext* debug) override {
    return Fails() ? Error() : target()->Truncate(path, size, options, debug);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions& options, std::vector<std::string>* names,
                       IODebugContext* debug) override {
    return Fails() ? Error() : target()->GetChildren(path, options, names, debug);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, uint64_t* size,
                       IODebugContext* debug) override {
    return Fails() ? Error() : target()->GetFileSize(path, options, size, debug);
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return Fails() ? Error() : target()->CreateDirIfMissing(path, options, debug);
  }

 private:
  struct FileState {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  // A name that its folder was not synced since; what was there before it.
  struct Unsettled {
    std::string path;
    std::optional<std::string> before;
  };

  static IOStatus Error() { return IOStatus::IOError("injected"); }
  bool Fails() {
    const uint64_t now = ++counted_;
    const uint64_t at = fail_at_;
    if (at == 0 || now < at || (now > at && !for_ever_)) return false;
    ++failures_;
    return true;
  }
  void NoteNew(const std::string& path, std::optional<std::string> before) {
    const std::lock_guard<std::mutex> lock(mutex_);
    unsettled_.push_back({path, std::move(before)});
  }
  void Wrap(const std::string& path, uint64_t size, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    file->reset(new Writable(std::move(*file), this, path));
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path] = {size, size};
  }
  void Wrote(const std::string& path, uint64_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto found = files_.find(path); found != files_.end()) found->second.written += bytes;
  }
  void Synced(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto found = files_.find(path); found != files_.end()) found->second.synced = found->second.written;
  }

  class Writable : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Writable(std::unique_ptr<rocksdb::FSWritableFile>&& file, FaultFileSystem* disk, std::string path)
        : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}
    IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
      if (disk_->Fails()) {
        // Half of it may have got there.
        FSWritableFileOwnerWrapper::Append(Slice(data.data(), data.size() / 2), options, debug)
            .PermitUncheckedError();
        return Error();
      }
      const IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, debug);
      if (status.ok()) disk_->Wrote(path_, data.size());
      return status;
    }
    IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                    IODebugContext* debug) override {
      return Append(data, options, debug);
    }
    IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
      if (disk_->Fails()) return Error();
      const IOStatus status = FSWritableFileOwnerWrapper::Sync(options, debug);
      if (status.ok()) disk_->Synced(path_);
      return status;
    }
    IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
      if (disk_->Fails()) return Error();
      const IOStatus status = FSWritableFileOwnerWrapper::Fsync(options, debug);
      if (status.ok()) disk_->Synced(path_);
      return status;
    }
    IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
      const IOStatus status = FSWritableFileOwnerWrapper::Close(options, debug);
      return disk_->Fails() ? Error() : status;
    }

   private:
    FaultFileSystem* const disk_;
    const std::string path_;
  };

  class ReadWrite : public rocksdb::FSRandomRWFileOwnerWrapper {
   public:
    ReadWrite(std::unique_ptr<rocksdb::FSRandomRWFile>&& file, FaultFileSystem* disk, std::string path)
        : FSRandomRWFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}
    IOStatus Write(uint64_t offset, const Slice& data, const IOOptions& options, IODebugContext* debug) override {
      if (disk_->Fails()) return Error();
      {
        const std::lock_guard<std::mutex> lock(disk_->mutex_);
        disk_->overwritten_.try_emplace(path_, Slurp(path_));
      }
      return FSRandomRWFileOwnerWrapper::Write(offset, data, options, debug);
    }
    IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
      if (disk_->Fails()) return Error();
      const std::lock_guard<std::mutex> lock(disk_->mutex_);
      disk_->overwritten_.erase(path_);
      return FSRandomRWFileOwnerWrapper::Sync(options, debug);
    }

   private:
    FaultFileSystem* const disk_;
    const std::string path_;
  };

  class Sequential : public rocksdb::FSSequentialFileOwnerWrapper {
   public:
    Sequential(std::unique_ptr<rocksdb::FSSequentialFile>&& file, FaultFileSystem* disk)
        : FSSequentialFileOwnerWrapper(std::move(file)), disk_(disk) {}
    IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch, IODebugContext* debug) override {
      return disk_->Fails() ? Error() : FSSequentialFileOwnerWrapper::Read(n, options, result, scratch, debug);
    }

   private:
    FaultFileSystem* const disk_;
  };

  class RandomAccess : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    RandomAccess(std::unique_ptr<rocksdb::FSRandomAccessFile>&& file, FaultFileSystem* disk)
        : FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk) {}
    IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                  IODebugContext* debug) const override {
      return disk_->Fails() ? Error()
                            : FSRandomAccessFileOwnerWrapper::Read(offset, n, options, result, scratch, debug);
    }

   private:
    FaultFileSystem* const disk_;
  };

  class Directory : public rocksdb::FSDirectoryWrapper {
   public:
    Directory(std::unique_ptr<rocksdb::FSDirectory>&& directory, FaultFileSystem* disk, std::string path)
        : FSDirectoryWrapper(std::move(directory)), disk_(disk), path_(std::move(path)) {}
    IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
      return disk_->Fails() ? Error() : Settle(FSDirectoryWrapper::Fsync(options, debug));
    }
    IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                                 const rocksdb::DirFsyncOptions& how) override {
      return disk_->Fails() ? Error() : Settle(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, how));
    }

   private:
    IOStatus Settle(IOStatus status) {
      const std::lock_guard<std::mutex> lock(disk_->mutex_);
      const auto inside = [this](const Unsettled& entry) {
        return std::filesystem::path(entry.path).parent_path() == std::filesystem::path(path_ + "/").parent_path();
      };
      if (status.ok()) std::erase_if(disk_->unsettled_, inside);
      return status;
    }
    FaultFileSystem* const disk_;
    const std::string path_;
  };

  std::atomic<uint64_t> counted_{0};
  std::atomic<uint64_t> fail_at_{0};
  std::atomic<uint64_t> failures_{0};
  std::atomic<bool> for_ever_{false};
  std::mutex mutex_;
  std::map<std::string, FileState> files_;
  std::map<std::string, std::string> overwritten_;
  std::vector<Unsettled> unsettled_;
};

// Sleeps short: RocksDB waits a second after each error in a thread of its own.
class ImpatientClock : public rocksdb::SystemClockWrapper {
 public:
  using rocksdb::SystemClockWrapper::SystemClockWrapper;
  const char* Name() const override { return "ImpatientClock"; }
  void SleepForMicroseconds(int micros) override {
    SystemClockWrapper::SleepForMicroseconds(std::min(micros, 1000));
  }
};
class ImpatientEnv : public rocksdb::EnvWrapper {
 public:
  explicit ImpatientEnv(rocksdb::Env* env) : EnvWrapper(env) {
    system_clock_ = std::make_shared<ImpatientClock>(env->GetSystemClock());
  }
  const char* Name() const override { return "ImpatientEnv"; }
};

}  // namespace libmpi::store_testing

#endif  // TESTS_REGISTRY_FAULT_FILE_SYSTEM_H_
