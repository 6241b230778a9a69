// SPDX-License-Identifier: Apache-2.0
// How changes of many threads become commits. A group of them is made by the first one's thread, one after the other, upon
// the group before it; meanwhile that one is written, and the ones before are synced.
#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

absl::Status Registry::Rep::Write(std::function<absl::Status(const Writing&)> change, const Foreseen* foreseen,
                                  WriteUntil until) {
  Waiting own;
  own.until = until;
  own.change = std::move(change);
  own.foreseen = foreseen;
  return WaitFor(&own);
}

absl::Status Registry::Rep::WriteAlone(std::function<absl::Status(const Writing&)> change,
                                       std::function<void()> then) {
  Waiting own;
  own.change = std::move(change);
  own.then = std::move(then);
  own.alone = true;
  return WaitFor(&own);
}

// The first of those that wait, and those behind it that may share its commit.
std::vector<Registry::Rep::Waiting*> Registry::Rep::TakeGroup() {
  size_t size = 1;
  while (!waiting.front()->alone && size < std::min(waiting.size(), kLargestGroup) && !waiting[size]->alone) ++size;
  std::vector<Waiting*> group(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(size));
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(size));
  return group;
}

absl::Status Registry::Rep::WaitFor(Waiting* own) {
  {
    const std::lock_guard lock(write_mutex);
    waiting.push_back(own);
    CallLeader();
  }
  if (own->WaitForCall() == Waiting::Call::kLead) LeadGroup(own);
  return own->commit ? Confirm(*own->commit) : own->status;
}

void Registry::Rep::CallLeader() {
  if (making || waiting.empty() || (waiting.front()->alone && (committing || confirming > 0))) return;
  making = true;
  waiting.front()->Tell(Waiting::Call::kLead);
}

// Makes the changes of all that wait.
void Registry::Rep::LeadGroup(Waiting* own) {
  std::unique_lock lock(write_mutex);
  const std::vector<Waiting*> group = TakeGroup();
  const std::shared_ptr<const Transaction> below = pending;
  const uint64_t failures_before = failures, number = ++groups_made;
  Counters after = made;
  lock.unlock();
  auto all = std::make_shared<Transaction>(below != nullptr ? static_cast<const View*>(below.get()) : stored.get());
  MakeChanges(group, all.get(), &after);
  if (own->alone) stamps.NoteAll(number);
  else stamps.NoteRowsOf(*all, number);
  lock.lock();
  commit_done.wait(lock, [this] { return !committing; });
  absl::StatusOr<uint64_t> commit =
      absl::UnavailableError("a change before this one could not be written: try again");
  if (failures == failures_before) commit = Commit(*own, std::move(all), after, number, &lock);
  else making = false;
  for (Waiting* w : group) {
    if (!w->status.ok()) continue;
    if (!commit.ok()) w->status = commit.status();
    else if (w->until == WriteUntil::kSynced) w->commit = *commit;
    confirming += w->commit.has_value();
  }
  CallLeader();
  lock.unlock();
  if (commit.ok() && std::ranges::any_of(group, [](const Waiting* w) { return w->until == WriteUntil::kWritten; }))
    syncer->Wake();
  for (Waiting* w : group)
    if (w != own) w->Tell(Waiting::Call::kDone);
}

absl::StatusOr<uint64_t> Registry::Rep::Commit(const Waiting& own, std::shared_ptr<Transaction> all,
                                               const Counters& after, uint64_t group,
                                               std::unique_lock<std::mutex>* lock) {
  all->StandOn(stored.get());  // which has what the group before wrote
  committing = true;
  pending = all;
  made = after;
  if (!own.alone) {
    making = false;
    CallLeader();
  }
  lock->unlock();
  absl::StatusOr<uint64_t> commit = Append(*all, after);
  if (own.alone && commit.ok())
    if (const absl::Status confirmed = SyncTo(*commit); !confirmed.ok()) commit = confirmed;
  if (own.then && commit.ok() && own.status.ok()) own.then();
  lock->lock();
  pending.reset();
  committing = false;
  if (own.alone) making = false;
  commit_done.notify_one();
  if (!commit.ok()) {
    GiveUp();
    return commit;
  }
  counters = after;
  groups_committed = group;
  return commit;
}

absl::Status Registry::Rep::SyncTo(uint64_t commit) const {
  return commit == 0 ? store->ConfirmAll() : store->Confirm(commit);
}

absl::Status Registry::Rep::Confirm(uint64_t commit) {
  const absl::Status status = SyncTo(commit);
  const std::lock_guard lock(write_mutex);
  --confirming;
  if (!status.ok()) GiveUp();
  CallLeader();
  return status;
}

void Registry::Rep::MakeChanges(std::span<Waiting* const> group, Transaction* all, Counters* counters_after) {
  const std::shared_ptr<const Generation> with = generation();
  for (Waiting* w : group) {
    Transaction own(all);
    Counters after = *counters_after;
    stored->Use(w->foreseen != nullptr ? &w->foreseen->rows : nullptr);
    w->status = w->change({&own, &after, with.get()});
    stored->Use(nullptr);
    if (!w->status.ok()) continue;
    own.MoveTo(all);
    *counters_after = after;
  }
}

// The number of the commit; 0 where there is nothing to write: what its caller read, and says nothing anew of, is to be
// on disk all the same.
absl::StatusOr<uint64_t> Registry::Rep::Append(const Transaction& all, const Counters& after) const {
  if (all.empty()) return 0;
  StoreBatch batch;
  all.AppendTo(&batch);
  batch.Put(base.Named(Table::kMeta, kMetaCounters), Pack(after));
  return store->Append(batch);
}

}  // namespace libmpi
