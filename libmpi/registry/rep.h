// SPDX-License-Identifier: Apache-2.0
// What stands behind a Registry. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_REP_H_
#define LIBMPI_REGISTRY_REP_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_linkage.h"
#include "libmpi/registry/transaction.h"
#include "libmpi/registry/values.h"

namespace libmpi {

// The format that is written, and the oldest that is read: tests/golden has a store of each.
inline constexpr uint64_t kRegistryFormat = 1, kOldestRegistryFormat = 1;
inline constexpr uint16_t kTenant = 1;

// Numbers that are given once, and counts; of the whole registry.
struct Counters {
  uint32_t next_number = 1;
  uint64_t next_event = 1;
  NodeId next_node = 1;
  uint64_t live = 0, persons = 0, held = 0;
};

// A model and the tables that it makes. Immutable.
struct Generation {
  Generation(uint16_t number, std::shared_ptr<const FrozenModel> with)
      : keys(kTenant, number), model(std::move(with)) {}
  const Keys keys;
  const std::shared_ptr<const FrozenModel> model;
};

// A switch to another model of which not all is done: the generation before it, whose tables are still there, and the
// event. Kept by kMetaSwitch from the switch on until it is finished.
struct ModelSwitch {
  uint16_t generation = 0;
  uint64_t event = 0;
};

// What one change may do: it reads and writes `view`, and takes numbers from `counters`; both are void if it fails.
struct Writing {
  Transaction* view;
  Counters* counters;
  const Generation* generation;
};

struct Registry::Rep {
  Rep(RegistryOptions with, std::string in) : options(std::move(with)), folder(std::move(in)), base(kTenant, 0) {}

  // Makes a change and returns when it is on disk. Changes of several threads that wait are made by one of them, one
  // after the other, and committed together.
  absl::Status Write(std::function<absl::Status(const Writing&)> change);
  // The same by itself: nothing is uncommitted when it begins, and nothing comes between its commit and `then`, which
  // is called where that succeeds.
  absl::Status WriteAlone(std::function<absl::Status(const Writing&)> change, std::function<void()> then);

  std::shared_ptr<const Generation> generation() const {
    const std::lock_guard lock(generation_mutex);
    return current;
  }
  // The registry at one moment, and the generation whose tables served then.
  std::unique_ptr<const SnapshotView> ViewOf(std::shared_ptr<const Generation>* with) const;
  void SetGeneration(std::shared_ptr<const Generation> to) {
    const std::lock_guard lock(generation_mutex);
    current = std::move(to);
  }
  int64_t Now() const;
  EnterpriseId IdOf(uint32_t person) const { return EnterpriseIdOf(person, kTenant, *cipher); }
  StoreLinkage LinkageOf(const View* view, const Generation& of) const {
    return StoreLinkage(view, base, of.keys, cipher.get());
  }

  // Reads what a put of this node will, so that the one thread that makes changes finds it in the cache: worth its while
  // where the store is larger than the cache, and many put at once.
  void ReadAhead(const std::string& packed, const Generation& with) const;
  bool ReadsAhead() const { return larger_than_cache; }

  absl::Status LoadMeta();
  absl::Status LoadGeneration(uint16_t number, std::shared_ptr<const Generation>* out) const;

  const RegistryOptions options;
  const std::string folder;
  const Keys base;
  std::unique_ptr<Store> store;
  std::unique_ptr<BlockCipher> cipher;
  std::mutex relink_mutex;  // one at a time
  std::atomic<bool> larger_than_cache{false};
  mutable std::mutex generation_mutex;
  std::shared_ptr<const Generation> current;

 private:
  struct Waiting {
    std::function<absl::Status(const Writing&)> change;
    std::function<void()> then;
    bool alone = false;
    absl::Status status;
    bool done = false;
    std::condition_variable wake;
  };
  absl::Status WaitFor(Waiting* own);
  std::vector<Waiting*> TakeGroup();
  void MakeChanges(std::span<Waiting* const> group, Transaction* all, Counters* counters_after) const;
  absl::Status Commit(Transaction* all, const Counters& counters_after);

  static constexpr size_t kLargestGroup = 128;

 public:
  mutable std::mutex write_mutex;
  Counters counters;  // as committed

 private:
  // Changes wait in `waiting`; one thread makes those of a group, upon those of the group before, while another commits
  // that one.
  std::deque<Waiting*> waiting;
  bool making = false, committing = false;
  std::condition_variable commit_done;         // for the thread whose group is made
  std::shared_ptr<const Transaction> pending;  // the group that is being committed
  std::unique_ptr<StoreView> stored;
  Counters made;                               // as after the last group that was made
  uint64_t failures = 0;                       // of commits: what was made upon them is void
};

// Meta values by name.
inline constexpr char kMetaFormat[] = "format", kMetaTables[] = "tables", kMetaCipherKey[] = "cipher_key",
                      kMetaGeneration[] = "generation", kMetaCounters[] = "counters",
                      kMetaSwitch[] = "switch";
std::string MetaModel(uint16_t generation);
std::string MetaLinkage(uint16_t generation);

std::string Pack(const Counters& counters);
absl::Status Unpack(std::string_view bytes, Counters* counters);
std::string Pack(const ModelSwitch& from);
absl::Status Unpack(std::string_view bytes, ModelSwitch* from);
std::string Pack(const FrozenOptions& options);
absl::Status Unpack(std::string_view bytes, FrozenOptions* options);

// Does what the last switch to another model left to be done, if anything: the process that made it may have ended.
absl::Status FinishSwitch(Registry::Rep* rep);

// kInvalidArgument: a key that can't be an identifier.
absl::Status CheckIdentifier(const RecordKey& key);
// The day of a moment.
CivilDate DayOf(int64_t unix_milliseconds);
// The live identifier that answers for this one, following merges; kNotFound, kFailedPrecondition as Registry::Find().
absl::Status Resolve(const View& view, const Keys& base, const RecordKey& identifier, Statement* statement,
                     bool* redirected);
// Who answers for the enterprise ID of a number: the record that stands in its place (its own, the one it was merged
// into, or the one that it left its ID to), the one that that was merged into, and so on. The last one is live or
// retired; where there is none or it is subsumed, nobody has the ID any more.
absl::Status BearersOf(const View& view, const Keys& base, uint32_t number, std::vector<Statement>* bearers);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_REP_H_
