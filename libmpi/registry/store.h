// SPDX-License-Identifier: Apache-2.0
// Keys and values on disk that survive what disks, processes and power do: the only place that knows RocksDB.
#ifndef LIBMPI_REGISTRY_STORE_H_
#define LIBMPI_REGISTRY_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace libmpi {

struct StoreOptions {
  // Blocks of files kept in memory, and what is written and not yet in files. Both are bounds.
  uint64_t cache_bytes = uint64_t{512} << 20;
  uint64_t write_buffer_bytes = uint64_t{64} << 20;
  // Opens beside a writer (in this process or another) what it had committed then; nothing can be written, and no
  // byte of the folder changes.
  bool read_only = false;
  // An empty or missing folder becomes a new store; otherwise it is kNotFound.
  bool create = true;
  // Opens for writing what is filled from another store's log (standby.h), and refuses every other.
  bool replica = false;
  // Room on the disk that is kept for reopening the store when the disk is full; 0: twice write_buffer_bytes.
  uint64_t ballast_bytes = 0;
};

// Changes that a commit makes together or not at all; the last of a key counts.
class StoreBatch {
 public:
  StoreBatch();
  ~StoreBatch();
  StoreBatch(StoreBatch&&) noexcept;
  StoreBatch& operator=(StoreBatch&&) noexcept;

  void Put(std::string_view key, std::string_view value);
  void Delete(std::string_view key);
  void Clear();
  bool empty() const;
  uint64_t bytes() const;

 private:
  friend class RocksStore;
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

// The store as it was at one moment. Keeps what it shows from being cleaned up, so it should not live for hours.
class StoreSnapshot {
 public:
  virtual ~StoreSnapshot() = default;
};

// An ordered map from keys to values (both any bytes) in a folder of its own. Keys that begin with the bytes FF FF are
// the store's own. Everything but Append(), Commit(), Ingest() and Close() may be called from any thread at any time;
// those by one thread at a time.
//
// After an error of writing (a full disk, a broken one) the store goes on answering reads and refuses to write,
// kUnavailable, until Recover() succeeds. Until then the batch that it happened to may be among what is read.
class Store {
 public:
  // kFailedPrecondition: it is open for writing elsewhere, in this process or another, or it has a newer format;
  // kDataLoss: what was committed is not all there, or cannot be known to be (the message says what to do; all tables
  // are kept as hard links in the subfolder "quarantine"); kNotFound: no store.
  // Besides RocksDB's files the folder has live-files, high-water-mark, ballast and libmpi.lock: copy all or none,
  // and only while no writer has it open; for that there is Backup().
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& folder, const StoreOptions& options);
  virtual ~Store() = default;

  // kNotFound: no such key. `snapshot` null: as it is now.
  virtual absl::Status Get(std::string_view key, std::string* value, const StoreSnapshot* snapshot = nullptr) const = 0;
  // Values in the order of keys; nothing where there is no such key. Cheaper than one Get() each.
  virtual absl::Status MultiGet(std::span<const std::string> keys, std::vector<std::optional<std::string>>* values,
                                const StoreSnapshot* snapshot = nullptr) const = 0;
  // Calls visit(key, value) for the keys in [begin, end), ascending, until it returns false. Views hold for the call.
  virtual absl::Status Scan(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                            const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
  // Calls visit(key, value, &next) for keys in [begin, end), ascending, until it returns false. Where it sets `next`, the walk
  // goes on at the first key from there, behind or before: one look for many ranges.
  using WalkVisitor = std::function<bool(std::string_view key, std::string_view value, std::string* next)>;
  virtual absl::Status Walk(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                            const WalkVisitor& visit) const = 0;
  virtual std::shared_ptr<const StoreSnapshot> Snapshot() const = 0;

  // Durable when it returns OK: synced to disk. Every commit has a number, one more than the last.
  // kUnavailable: where the disk is only nearly full (see stats().writable: still true), nothing was written and
  // writing goes on by itself once there is room; after any other error the batch may or may not be there when the
  // store has been recovered or opened again, which last_commit() then tells. kInvalidArgument: a key of the store's.
  absl::Status Commit(const StoreBatch& batch);
  // The number of the last one that was told to be durable.
  virtual uint64_t last_commit() const = 0;

  // The two halves of Commit(), for callers who write the next batch while this one is synced. Append(): written and
  // read by all from now on; its number. It outlives the process, not yet a power cut, so nobody must be told before
  // Confirm(number), which also confirms all before it, has returned OK; commits of several threads share its syncs. Who
  // reads it before that sees what a power cut may take back. Errors as Commit(); Confirm() of what was never written, or
  // was given up, is kUnavailable.
  virtual absl::StatusOr<uint64_t> Append(const StoreBatch& batch) = 0;
  virtual absl::Status Confirm(uint64_t commit) = 0;
  // Confirms all that is written.
  virtual absl::Status ConfirmAll() = 0;

  // Makes the files of a store that is empty, key by key in ascending order, without going through the log: for
  // loads of millions. One writer a range of keys that no other has; several may be filled at once, by a thread each.
  // None may outlive the store. What is not brought in is removed.
  class RangeWriter {
   public:
    virtual ~RangeWriter() = default;
    virtual absl::Status Add(std::string_view key, std::string_view value) = 0;
  };
  virtual absl::StatusOr<std::unique_ptr<RangeWriter>> NewRange() = 0;
  // Brings what was added into the store, all or nothing, and is durable then; with `batch`, which must not have keys
  // between theirs (kInvalidArgument). kFailedPrecondition where the store has other keys than those of `batch` and
  // those that begin with the byte FF. Counts as one commit.
  virtual absl::Status Ingest(std::vector<std::unique_ptr<RangeWriter>> ranges, const StoreBatch& batch) = 0;

  // Writes what memory holds to files, and tidies the files.
  virtual absl::Status Compact() = 0;
  // Tries to write again after an error, once its cause is gone (say, there is room again): closes the files, and
  // opens them with all checks of Open(). Readers of other threads wait meanwhile; snapshots taken before end, and
  // reading with one is kAborted. kUnavailable: the cause is not gone, or readers did not come to an end within ten
  // seconds; reads go on. Any thread may call it.
  virtual absl::Status Recover() = 0;

  // Keeps, from now on and whenever it is open, about `bytes` of logs that are in files already, under the name of a
  // stream, for who ships them (standby.h). Closes and opens the files as Recover() does, with what that says of
  // readers.
  virtual absl::Status KeepLog(uint64_t stream, uint64_t bytes) = 0;
  // Makes commits of another store, as its log has them; their numbers follow the last one here. Durable when it
  // returns OK. kDataLoss: they do not follow it.
  virtual absl::Status Replay(std::span<const std::string> commits) = 0;

  struct Stats {
    uint64_t keys_estimate = 0;
    uint64_t file_bytes = 0;
    uint64_t files = 0;
    uint64_t log_bytes = 0;
    uint64_t memory_bytes = 0;
    uint64_t last_commit = 0;
    bool writable = true;
  };
  virtual Stats stats() const = 0;
  // Reads every file and checks every checksum.
  virtual absl::Status VerifyFiles() const = 0;
  // A copy while others write: incremental in `folder`, which may hold earlier ones. Synced. After an error the
  // earlier ones are as they were, and the store goes on.
  virtual absl::Status Backup(const std::string& folder) = 0;
  // The newest backup of `backup` into `folder`, which must be empty or missing. Checks every file.
  // kDataLoss: it is damaged, and nothing is restored; kFailedPrecondition: `folder` is not empty.
  static absl::Status Restore(const std::string& backup, const std::string& folder);

  // For a store that cannot be opened because the end of its log is damaged: cuts off what was never acknowledged,
  // and says in `dropped` (may be null) how many commits that were. A copy of the log goes into the subfolder
  // "quarantine". kDataLoss: something acknowledged is damaged; nothing is cut off then.
  static absl::Status RepairTail(const std::string& folder, uint64_t* dropped = nullptr);

  // Syncs and closes; what the destructor does besides telling. No call but the destructor afterwards.
  virtual absl::Status Close() = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_H_
