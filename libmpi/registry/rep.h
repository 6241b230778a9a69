// SPDX-License-Identifier: Apache-2.0
// What stands behind a Registry. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_REP_H_
#define LIBMPI_REGISTRY_REP_H_

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/known_scores.h"
#include "libmpi/registry/foreseen.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/log_syncer.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_linkage.h"
#include "libmpi/registry/transaction.h"
#include "libmpi/registry/values.h"

namespace libmpi {

// The format that is written, and the oldest that is read: tests/golden has a store of each.
inline constexpr uint64_t kRegistryFormat = 1, kOldestRegistryFormat = 1;
inline constexpr uint16_t kTenant = 1;
// How long after it was written what nobody waits for is on disk, as long as the disk itself is quick.
inline constexpr std::chrono::milliseconds kSyncWithin{20};

// Numbers that are given once, and counts; of the whole registry.
struct Counters {
  uint32_t next_number = 1;
  uint64_t next_event = 1;
  NodeId next_node = 1;
  uint64_t live = 0, persons = 0, held = 0;
};

// A model and the tables that it makes. Immutable.
struct Generation {
  Generation(uint16_t number, std::shared_ptr<const FrozenModel> with, uint64_t by_rules = kLinkageRules)
      : keys(kTenant, number), model(std::move(with)), rules(by_rules) {}
  const Keys keys;
  const std::shared_ptr<const FrozenModel> model;
  const uint64_t rules;  // kLinkageRules of the release that linked it
};

// What one change may do: it reads and writes `view`, and takes numbers from `counters`; both are void if it fails.
struct Writing {
  Transaction* view;
  Counters* counters;
  const Generation* generation;
};

// What a put will look at, and find, as far as can be told before its turn comes.
struct Foreseen {
  ForeseenRows rows;
  KnownScores scores;
};

struct Registry::Rep {
  Rep(RegistryOptions with, std::string in) : options(std::move(with)), folder(std::move(in)), base(kTenant, 0) {}

  // Makes a change and returns when it is on disk, or written. Changes of several threads that wait are made by one of
  // them, one after the other, and committed together. Borrows what is foreseen.
  absl::Status Write(std::function<absl::Status(const Writing&)> change, const Foreseen* foreseen = nullptr,
                     WriteUntil until = WriteUntil::kSynced);
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

  // Looks at what a put of this record, whose node is `packed`, will: worth its while where others are making changes
  // meanwhile; nothing where none are. Whatever it leaves out, or fails to read, the put itself will see to.
  std::unique_ptr<const Foreseen> Foresee(const RecordKey& record, const std::string& packed,
                                          const Generation& with) const;

  absl::Status LoadMeta();
  absl::Status LoadGeneration(uint16_t number, std::shared_ptr<const Generation>* out) const;

  // As many callers prepare their changes at once as there are processors: more only take turns, with cold caches, and
  // the thread that makes changes waits for its own.
  std::counting_semaphore<> preparing{std::max<ptrdiff_t>(2, std::thread::hardware_concurrency())};

  const RegistryOptions options;
  const std::string folder;
  const Keys base;
  std::unique_ptr<Store> store;
  std::unique_ptr<LogSyncer> syncer;  // before the store goes
  std::unique_ptr<BlockCipher> cipher;
  std::mutex relink_mutex;  // one at a time
  mutable std::mutex generation_mutex;
  std::shared_ptr<const Generation> current;

 private:
  // A caller and its change. It sleeps under a mutex of its own, as many are woken at once.
  struct Waiting {
    std::function<absl::Status(const Writing&)> change;
    const Foreseen* foreseen = nullptr;
    std::function<void()> then;
    bool alone = false;
    WriteUntil until = WriteUntil::kSynced;
    // What became of it; where it is written and is to be synced yet, the commit that it is in.
    absl::Status status;
    std::optional<uint64_t> commit;

    enum class Call { kNone, kLead, kDone };
    // Told once to lead a group, or that its change is done (or is void).
    Call WaitForCall() {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return call != Call::kNone; });
      return call;
    }
    void Tell(Call what) {
      const std::lock_guard lock(mutex);
      call = what;
      wake.notify_one();
    }

   private:
    std::mutex mutex;
    std::condition_variable wake;
    Call call = Call::kNone;
  };
  absl::Status WaitFor(Waiting* own);
  void LeadGroup(Waiting* own);
  std::vector<Waiting*> TakeGroup();
  void MakeChanges(std::span<Waiting* const> group, Transaction* all, Counters* counters_after);
  absl::Status LookAhead(const View& view, const RecordKey& record, const std::string& packed, const Generation& with,
                         KnownScores* scores) const;
  // Writes what a group changed; one that is alone is durable then. The next group is made meanwhile, and written while
  // this one is synced. The number of the commit. `lock` is held before and after.
  absl::StatusOr<uint64_t> Commit(const Waiting& own, std::shared_ptr<Transaction> all, const Counters& after,
                                  uint64_t group, std::unique_lock<std::mutex>* lock);
  absl::StatusOr<uint64_t> Append(const Transaction& all, const Counters& after) const;
  // Returns when a commit is durable; of 0, when all that is written is.
  absl::Status SyncTo(uint64_t commit) const;
  // The same for one of those who wait.
  absl::Status Confirm(uint64_t commit);
  // What was made upon the last commit is void.
  void GiveUp() {
    ++failures;
    made = counters;
  }
  // Has the first of those that wait lead the next group, if it can begin.
  void CallLeader();

  static constexpr size_t kLargestGroup = 128;

 public:
  mutable std::mutex write_mutex;
  Counters counters;  // as committed

 private:
  // Changes wait in `waiting`; one thread makes those of a group, upon those of the group before, while another writes
  // that one, and those who wait for the groups before see them synced.
  std::deque<Waiting*> waiting;
  bool making = false, committing = false;
  int confirming = 0;  // callers who wait for a sync
  std::condition_variable commit_done;         // for the thread whose group is made
  std::shared_ptr<const Transaction> pending;  // the group that is being committed
  RowStamps stamps;
  std::unique_ptr<ForeseenView> stored;
  uint64_t groups_made = 0, groups_committed = 0;  // the last group's number
  Counters made;                               // as after the last group that was made
  uint64_t failures = 0;                       // of commits: what was made upon them is void
};

// Meta values by name.
inline constexpr char kMetaFormat[] = "format", kMetaTables[] = "tables", kMetaCipherKey[] = "cipher_key",
                      kMetaGeneration[] = "generation", kMetaCounters[] = "counters",
                      kMetaSwitch[] = "switch";
std::string MetaModel(uint16_t generation);
std::string MetaLinkage(uint16_t generation);
std::string MetaRules(uint16_t generation);
// All of those, and what they are of a generation that this program links.
std::vector<std::string> MetaNamesOf(uint16_t generation);
std::vector<std::pair<std::string, std::string>> MetaRowsOf(uint16_t generation, const Model& model,
                                                            const FrozenOptions& linkage);

std::string Pack(const Counters& counters);
absl::Status Unpack(std::string_view bytes, Counters* counters);
std::string Pack(const FrozenOptions& options);
absl::Status Unpack(std::string_view bytes, FrozenOptions* options);

// Every statement, by key, until visit returns false or an error, which is returned then.
absl::Status ForEachStatement(const View& view, const Keys& base,
                              const std::function<absl::StatusOr<bool>(Statement&& statement)>& visit);
// The live identifier that answers for this one, following merges; kNotFound, kFailedPrecondition as Registry::Find().
absl::Status Resolve(const View& view, const Keys& base, const RecordKey& identifier, Statement* statement,
                     bool* redirected);
// What a table of what was before events tells first of a number after `event`: what it was then. Not *any: nothing has
// changed since.
absl::Status ReadFirstAfter(const View& view, const Keys& base, Table table, uint32_t number, uint64_t event,
                            std::string* bytes, bool* any);
// Who answers for the enterprise ID of a number: the record that stands in its place (its own, the one it was merged
// into, or the one that it left its ID to), the one that that was merged into, and so on. The last one is live or
// retired; where there is none or it is subsumed, nobody has the ID any more.
absl::Status BearersOf(const View& view, const Keys& base, uint32_t number, std::vector<Statement>* bearers);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_REP_H_
