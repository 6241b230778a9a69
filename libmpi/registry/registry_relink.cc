// SPDX-License-Identifier: Apache-2.0
// A new model for all records, while the registry serves.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/derived_tables.h"
#include "libmpi/registry/live_records.h"
#include "libmpi/registry/record_changes.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/switch_history.h"

namespace libmpi {
namespace {

constexpr size_t kBytesACommit = 4 << 20;

// Rows of a table that does not serve yet, committed some at a time.
class CommittedRange : public Store::RangeWriter {
 public:
  explicit CommittedRange(Registry::Rep* rep) : rep_(*rep) {}
  absl::Status Add(std::string_view key, std::string_view value) override {
    rows_.emplace_back(key, value);
    bytes_ += key.size() + value.size();
    return bytes_ < kBytesACommit ? absl::OkStatus() : Finish();
  }
  absl::Status Finish() {
    const absl::Status status = rep_.Write([this](const Writing& w) {
      for (const auto& [key, value] : rows_) w.view->Put(key, value);
      return absl::OkStatus();
    });
    rows_.clear();
    bytes_ = 0;
    return status;
  }

 private:
  Registry::Rep& rep_;
  std::vector<std::pair<std::string, std::string>> rows_;
  size_t bytes_ = 0;
};

class Relinking {
 public:
  Relinking(Registry::Rep* rep, std::shared_ptr<const FrozenModel> model, const Attribution& by, int threads,
            const ProgressCallback& progress)
      : rep_(*rep), by_(by), threads_(ResolveThreads(threads)), progress_(progress), before_(rep->generation()),
        after_(std::make_shared<Generation>(NumberAfter(before_->keys.generation()), std::move(model))) {}

  absl::Status Run(bool dry_run, Registry::RelinkAnswer* answer) {
    const absl::Status status = RunToSwitch(dry_run, answer);
    if (!switched_) {  // the new tables serve nobody; but a switch that could not be written may be there after all
      if (wrote_tables_ && !absl::IsUnavailable(status)) RemoveGeneration(&rep_, after_->keys).IgnoreError();
      return status;
    }
    LIBMPI_RETURN_IF_ERROR(status);
    return FinishSwitch(&rep_, progress_);
  }

 private:
  absl::Status RunToSwitch(bool dry_run, Registry::RelinkAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(TakeStock());
    LIBMPI_RETURN_IF_ERROR(records_.Link(*after_->model, rep_.folder, threads_, progress_));
    LIBMPI_RETURN_IF_ERROR(Compare(answer));
    if (dry_run) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(WriteTables());
    constexpr uint64_t kFewEvents = 200;
    while (LastEvent() - next_event_ > kFewEvents) LIBMPI_RETURN_IF_ERROR(CatchUp());
    return Switch();
  }

  static uint16_t NumberAfter(uint16_t number) { return static_cast<uint16_t>(number == UINT16_MAX ? 1 : number + 1); }

  absl::Status Report(std::string_view stage, uint64_t done, uint64_t total) const {
    return ReportProgress(progress_, stage, done, total);
  }

  uint64_t LastEvent() const {
    const std::lock_guard lock(rep_.write_mutex);
    return rep_.counters.next_event;
  }

  // The records as they are at a moment of which the next event is known.
  absl::Status TakeStock() {
    std::unique_ptr<SnapshotView> view;
    LIBMPI_RETURN_IF_ERROR(rep_.WriteAlone(
        [&](const Writing& w) {
          view = std::make_unique<SnapshotView>(rep_.store.get());
          next_event_ = w.counters->next_event;
          return absl::OkStatus();
        },
        nullptr));
    LIBMPI_RETURN_IF_ERROR(Report("read", 0, 1));
    LIBMPI_RETURN_IF_ERROR(records_.Read(*view, rep_));
    LIBMPI_RETURN_IF_ERROR(view->ForEach<PersonOfRecord>(before_->keys.Prefix(Table::kPerson),
                                                         before_->keys.End(Table::kPerson),
                                                         [this](std::string_view, const PersonOfRecord& person) {
                                                           persons_before_.push_back(person.person);
                                                           return absl::OkStatus();
                                                         }));
    LIBMPI_RETURN_IF_ERROR(view->Scan(before_->keys.Prefix(Table::kPriority), before_->keys.End(Table::kPriority),
                                      [this](std::string_view, std::string_view) {
                                        ++questions_before_;
                                        return true;
                                      }));
    if (persons_before_.size() != records_.size())
      return absl::DataLossError("the registry's tables do not fit together");
    return Report("read", 1, 1);
  }

  absl::Status Compare(Registry::RelinkAnswer* answer) const {
    const std::vector<uint32_t> after = records_.Persons();
    absl::flat_hash_map<uint32_t, uint32_t> from, to;  // the first of the other side
    absl::flat_hash_set<uint32_t> merged, split;
    for (size_t i = 0; i < after.size(); ++i) {
      if (from.try_emplace(after[i], persons_before_[i]).first->second != persons_before_[i]) merged.insert(after[i]);
      if (to.try_emplace(persons_before_[i], after[i]).first->second != after[i]) split.insert(persons_before_[i]);
      answer->moved += after[i] != persons_before_[i];
    }
    answer->persons_before = to.size();
    answer->persons_after = from.size();
    answer->merged = merged.size();
    answer->split = split.size();
    std::set<std::pair<uint32_t, uint32_t>> questions;
    for (const ReviewItem& item : records_.linked().review)
      questions.insert(PersonsOfQuestion(item.reason, after[item.a], after[item.b]));
    answer->questions_before = questions_before_;
    answer->questions_after = questions.size();
    return absl::OkStatus();
  }

  absl::Status WriteTables() {
    wrote_tables_ = true;
    LIBMPI_RETURN_IF_ERROR(RemoveGeneration(&rep_, after_->keys));  // of one that did not come to its end
    LIBMPI_ASSIGN_OR_RETURN(const LinkedRecords linked, records_.ForTables());
    DerivedTables tables(linked, *after_, *rep_.cipher, threads_);
    LIBMPI_RETURN_IF_ERROR(tables.Prepare());
    counters_.next_node = tables.next_node();
    counters_.persons = tables.persons();
    const std::vector<TableRange> ranges = tables.Ranges();
    return ForEachRange(ranges.size(), threads_, progress_, "write", [&](size_t r) -> absl::Status {
      CommittedRange out(&rep_);
      LIBMPI_RETURN_IF_ERROR(ranges[r].write(&out));
      return out.Finish();
    });
  }

  // Brings what some of the events since told to the new tables: fewer each time, so that all are read a few times
  // only, and changes wait for a part of them only.
  absl::Status CatchUp() {
    LIBMPI_RETURN_IF_ERROR(Report("catch up", 0, LastEvent() - next_event_));
    return rep_.Write([this](const Writing& w) -> absl::Status {
      LIBMPI_ASSIGN_OR_RETURN(PendingEvents pending, ReadPending(*w.view));
      constexpr size_t kLeast = 500, kShare = 8;
      const size_t some = std::min(pending.size(), std::max(kLeast, pending.size() / kShare));
      for (size_t i = 0; i < some; ++i) pending.Take(i);
      LIBMPI_RETURN_IF_ERROR(Follow(w, &pending));
      next_event_ += some;
      return absl::OkStatus();
    });
  }

  // Events that the new tables do not know, and records that are brought to what they are now: with one all that an
  // event names with it, so that a decision or an enterprise ID that two of them share is another one for both or for
  // none.
  class PendingEvents {
   public:
    void Add(const EventValue& event) {
      std::vector<RecordKey>& named = named_.emplace_back(event.also);
      named.insert(named.end(), {event.record, event.other});
      std::erase_if(named, [](const RecordKey& key) { return key.source.empty(); });
      for (const RecordKey& key : named) events_of_[key].push_back(named_.size() - 1);
    }
    size_t size() const { return named_.size(); }
    void Take(size_t event) {
      for (std::vector<size_t> open = {event}; !open.empty();) {
        const size_t next = open.back();
        open.pop_back();
        for (const RecordKey& key : named_[next])
          if (taken_.insert(key).second)
            for (size_t other : events_of_[key]) open.push_back(other);
      }
    }
    // Whether the record is named and was not taken; it is then.
    bool TakeToo(const RecordKey& key) {
      const auto named = events_of_.find(key);
      if (named == events_of_.end() || taken_.contains(key)) return false;
      Take(named->second.front());
      return true;
    }
    const std::set<RecordKey>& taken() const { return taken_; }

   private:
    std::vector<std::vector<RecordKey>> named_;
    std::map<RecordKey, std::vector<size_t>> events_of_;
    std::set<RecordKey> taken_;
  };

  absl::StatusOr<PendingEvents> ReadPending(const View& view) const {
    PendingEvents pending;
    LIBMPI_RETURN_IF_ERROR(view.ForEach<EventValue>(rep_.base.OfEvent(Table::kEvent, next_event_),
                                                    rep_.base.End(Table::kEvent),
                                                    [&](std::string_view, const EventValue& event) {
                                                      pending.Add(event);
                                                      return absl::OkStatus();
                                                    }));
    return pending;
  }

  // One change of the new tables for all records that are taken. Where it decides on others that events name, those
  // are taken too and it is worked out again: what is decided on must be what it is now.
  absl::Status Follow(const Writing& w, PendingEvents* pending) {
    for (;;) {
      Counters counters = counters_;
      const Writing after{w.view, &counters, after_.get()};
      RecordChanges changes(rep_, after);
      for (const RecordKey& key : pending->taken()) LIBMPI_RETURN_IF_ERROR(Follow(key, after, &changes));
      bool all = true;
      LIBMPI_RETURN_IF_ERROR(changes.FinishQuietly([&](std::span<const KeptRecord> decided) {
        for (const KeptRecord& record : decided) all &= !pending->TakeToo(record.key);
        return all;
      }));
      if (!all) continue;
      counters_ = counters;
      return absl::OkStatus();
    }
  }

  // One record, whatever became of it.
  absl::Status Follow(const RecordKey& key, const Writing& after, RecordChanges* changes) const {
    Statement statement;
    PersonOfRecord there;
    bool found, is_there;
    LIBMPI_RETURN_IF_ERROR(changes->ReadStatement(key, &statement, &found));
    LIBMPI_RETURN_IF_ERROR(after.view->Read(after.generation->keys.Of(Table::kPerson, key), &there, &is_there));
    const bool live = found && statement.status == RecordStatus::kLive;
    if (is_there && (!live || there.number != statement.number)) {
      Statement old;
      old.number = there.number;
      old.record.key = key;
      LIBMPI_RETURN_IF_ERROR(changes->Take(&old));
      is_there = false;
    }
    if (live) {
      std::string packed = after_->model->Pack(statement.record, statement.said_on, nullptr);
      statement.node = 0;  // of the other model's nodes
      if (is_there) {
        LIBMPI_RETURN_IF_ERROR(changes->Exchange(statement, std::move(packed)));
        LIBMPI_RETURN_IF_ERROR(changes->Rerank(statement));
        LIBMPI_RETURN_IF_ERROR(changes->Touch(statement));
      } else {
        LIBMPI_RETURN_IF_ERROR(changes->Bring(statement, std::move(packed)));
      }
    }
    return absl::OkStatus();
  }

  // The last events, and then the new tables serve.
  absl::Status Switch() {
    return rep_.WriteAlone(
        [this](const Writing& w) -> absl::Status {
          LIBMPI_ASSIGN_OR_RETURN(PendingEvents pending, ReadPending(*w.view));
          for (size_t i = 0; i < pending.size(); ++i) pending.Take(i);
          LIBMPI_RETURN_IF_ERROR(Follow(w, &pending));
          w.counters->next_node = counters_.next_node;
          w.counters->persons = counters_.persons;
          const uint16_t number = after_->keys.generation();
          const auto put = [&](std::string_view name, std::string value) {
            w.view->Put(rep_.base.Named(Table::kMeta, name), std::move(value));
          };
          put(kMetaGeneration, PackNumber(number));
          for (auto& [name, value] : MetaRowsOf(number, after_->model->model(), after_->model->options()))
            put(name, std::move(value));
          EventValue event;
          event.kind = EventKind::kModel;
          event.by = by_;
          event.unix_milliseconds = rep_.Now();
          event.detail = "generation " + std::to_string(number);
          const uint64_t number_of_event = w.counters->next_event++;
          w.view->Put(rep_.base.OfEvent(Table::kEvent, number_of_event), Pack(event));
          put(kMetaSwitch, Pack(ModelSwitch{before_->keys.generation(), number_of_event, by_, {}}));
          return absl::OkStatus();
        },
        [this] {
          rep_.SetGeneration(after_);
          switched_ = true;
        });
  }

  Registry::Rep& rep_;
  const Attribution& by_;
  const int threads_;
  const ProgressCallback& progress_;
  const std::shared_ptr<const Generation> before_, after_;
  LiveRecords records_;
  std::vector<uint32_t> persons_before_;
  uint64_t questions_before_ = 0;
  uint64_t next_event_ = 0;  // that the new tables do not know
  Counters counters_;        // of the new tables: next_node and persons
  bool wrote_tables_ = false, switched_ = false;
};

}  // namespace

absl::StatusOr<Registry::RelinkAnswer> Registry::Relink(const Model& model, const FrozenOptions& linkage, bool dry_run,
                                                        const Attribution& by, int threads,
                                                        const ProgressCallback& progress) {
  const std::unique_lock alone(rep_->relink_mutex, std::try_to_lock);
  if (!alone.owns_lock()) return absl::FailedPreconditionError("the registry is being linked anew already");
  LIBMPI_ASSIGN_OR_RETURN(std::shared_ptr<const FrozenModel> frozen, FrozenModel::Make(model, linkage));
  if (!dry_run) LIBMPI_RETURN_IF_ERROR(FinishSwitch(rep_.get(), progress));  // of one before that failed
  RelinkAnswer answer;
  LIBMPI_RETURN_IF_ERROR(Relinking(rep_.get(), std::move(frozen), by, threads, progress).Run(dry_run, &answer));
  return answer;
}

}  // namespace libmpi
