// SPDX-License-Identifier: Apache-2.0
// Many records at once: into an empty registry by a batch run, into a living one record by record.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/registry/array_files.h"
#include "libmpi/registry/derived_tables.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

Record RecordOf(const RecordView& view) {
  Record record;
  record.key = {std::string(view.source), std::string(view.record_id), view.part};
  const auto copy = [](const auto& from, auto* to) {
    to->reserve(from.size());
    for (const auto& text : from) to->emplace_back(text);
  };
  for (const StatedNameView& n : view.names)
    record.names.push_back({std::string(n.full), std::string(n.family), std::string(n.given), std::string(n.full_kana),
                            std::string(n.family_kana), std::string(n.given_kana), std::string(n.latin)});
  copy(view.former_names, &record.former_names);
  copy(view.births, &record.births);
  copy(view.sexes, &record.sexes);
  for (const StatedCoverageView& c : view.coverages)
    record.coverages.push_back(
        {std::string(c.insurer), std::string(c.symbol), std::string(c.number), std::string(c.branch)});
  for (const StatedCareInsuranceView& c : view.care)
    record.care.push_back({std::string(c.insurer), std::string(c.number)});
  for (const StatedAddressView& a : view.addresses)
    record.addresses.push_back({std::string(a.postal_code), std::string(a.prefecture), std::string(a.city),
                                std::string(a.street), std::string(a.full)});
  copy(view.phones, &record.phones);
  record.Normalize();  // as of a put, so that the same put again changes nothing
  return record;
}

// Writes all ranges, each by one thread.
absl::Status WriteRanges(const std::vector<TableRange>& ranges, Store* store, int threads,
                         const ProgressCallback& progress, std::vector<std::unique_ptr<Store::RangeWriter>>* out) {
  out->resize(ranges.size());
  for (auto& writer : *out) {
    LIBMPI_ASSIGN_OR_RETURN(writer, store->NewRange());
  }
  return ForEachRange(ranges.size(), threads, progress, "write",
                      [&](size_t r) { return ranges[r].write((*out)[r].get()); });
}

// One load of an empty registry.
class FirstLoad {
 public:
  FirstLoad(Registry::Rep* rep, size_t count, const RecordReader& reader, const Attribution& by, int threads,
            const ProgressCallback& progress)
      : rep_(*rep), count_(count), reader_(reader), by_(by), threads_(ResolveThreads(threads)), progress_(progress),
        now_(rep->Now()), generation_(rep->generation()) {}

  absl::Status Run(const Writing& writing, Registry::BulkAnswer* answer) {
    LIBMPI_RETURN_IF_ERROR(CheckKeys());
    LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<ArrayFiles> arrays, ArrayFiles::Make(rep_.folder + "/load-arrays"));
    LinkOptions options = generation_->model->BatchOptions();
    options.threads = threads_;
    options.today = DayOf(now_);
    options.progress = progress_;
    LIBMPI_ASSIGN_OR_RETURN(const LinkResult linked, DedupeKeepingIndex(count_, reader_, options, arrays.get()));
    LinkedRecords records;
    LIBMPI_ASSIGN_OR_RETURN(records.index, arrays->Index());
    records.key_of = [this](size_t i) { return keys_[i]; };
    records.numbers.resize(count_);
    std::iota(records.numbers.begin(), records.numbers.end(), 1);
    records.ranks = records.numbers;
    records.decided.assign(count_, false);
    records.review = &linked.review;
    DerivedTables tables(records, *generation_, *rep_.cipher, threads_);
    LIBMPI_RETURN_IF_ERROR(tables.Prepare());
    std::vector<TableRange> ranges = tables.Ranges();
    constexpr size_t kRecordsARange = 1 << 19;
    for (size_t begin = 0; begin < count_; begin += kRecordsARange) {
      const size_t end = std::min(count_, begin + kRecordsARange);
      ranges.push_back({"statements", [=, this](Store::RangeWriter* out) { return WriteStatements(begin, end, out); }});
      ranges.push_back({"numbers", [=, this](Store::RangeWriter* out) { return WriteNumbers(begin, end, out); }});
    }
    std::vector<std::unique_ptr<Store::RangeWriter>> writers;
    LIBMPI_RETURN_IF_ERROR(WriteRanges(ranges, rep_.store.get(), threads_, progress_, &writers));
    answer->created = count_;
    answer->persons = tables.persons();
    return Commit(writing, tables, std::move(writers));
  }

 private:
  absl::Status CheckKeys() {
    keys_.resize(count_);
    ParallelChunks(count_, 4096, threads_, [&](size_t begin, size_t end, int) {
      RecordView view;
      for (size_t i = begin; i < end; ++i) {
        view.Clear();
        reader_(i, &view);
        keys_[i] = {std::string(view.source), std::string(view.record_id), view.part};
      }
    });
    for (size_t i = 0; i < count_; ++i)
      if (const absl::Status status = CheckIdentifier(keys_[i]); !status.ok())
        return absl::InvalidArgumentError("record " + std::to_string(i) + ": " + std::string(status.message()));
    return absl::OkStatus();
  }

  absl::Status WriteStatements(size_t begin, size_t end, Store::RangeWriter* out) const {
    RecordView view;
    Statement statement;
    for (size_t i = begin; i < end; ++i) {
      view.Clear();
      reader_(i, &view);
      statement.number = static_cast<uint32_t>(i + 1);
      statement.revision = 1;
      statement.origins = {statement.number};
      statement.said_on = DayOf(now_);
      statement.registered_event = rep_.counters.next_event;
      statement.record = RecordOf(view);
      LIBMPI_RETURN_IF_ERROR(out->Add(rep_.base.Of(Table::kStatement, statement.record.key), Pack(statement)));
    }
    return absl::OkStatus();
  }

  absl::Status WriteNumbers(size_t begin, size_t end, Store::RangeWriter* out) const {
    for (size_t i = begin; i < end; ++i)
      LIBMPI_RETURN_IF_ERROR(
          out->Add(rep_.base.Of(Table::kNumber, static_cast<uint32_t>(i + 1)), Pack(keys_[i])));
    return absl::OkStatus();
  }

  absl::Status Commit(const Writing& writing, const DerivedTables& tables,
                      std::vector<std::unique_ptr<Store::RangeWriter>> writers) {
    Counters after = *writing.counters;
    EventValue event;
    event.unix_milliseconds = now_;
    event.kind = EventKind::kBulkLoad;
    event.by = by_;
    event.detail = std::to_string(count_) + " records";
    StoreBatch batch;
    // What there is already, so that the load and the rest come together.
    LIBMPI_RETURN_IF_ERROR(rep_.store->Scan(std::string(1, '\0'), "\xff", nullptr,
                                            [&](std::string_view key, std::string_view value) {
                                              batch.Put(key, value);
                                              return true;
                                            }));
    batch.Put(rep_.base.OfEvent(Table::kEvent, after.next_event++), Pack(event));
    after.next_number = static_cast<uint32_t>(count_ + 1);
    after.next_node = tables.next_node();
    after.live = count_;
    after.persons = tables.persons();
    batch.Put(rep_.base.Named(Table::kMeta, kMetaCounters), Pack(after));
    LIBMPI_RETURN_IF_ERROR(rep_.store->Ingest(std::move(writers), batch));
    *writing.counters = after;
    return absl::OkStatus();
  }

  Registry::Rep& rep_;
  const size_t count_;
  const RecordReader& reader_;
  const Attribution& by_;
  const int threads_;
  const ProgressCallback& progress_;
  const int64_t now_;
  const std::shared_ptr<const Generation> generation_;
  std::vector<RecordKey> keys_;
};

}  // namespace

absl::StatusOr<Registry::BulkAnswer> Registry::BulkLoad(size_t count, const RecordReader& reader,
                                                        const Attribution& by, int threads,
                                                        const ProgressCallback& progress) {
  BulkAnswer answer;
  if (count >= UINT32_MAX - 1) return absl::InvalidArgumentError("more than 4 billion records");
  bool loaded = false;
  const auto first_load = [&](const Writing& w) -> absl::Status {
    if (w.counters->next_number != 1 || count == 0 || rep_->options.known_authorities_only) return absl::OkStatus();
    loaded = true;
    return FirstLoad(rep_.get(), count, reader, by, threads, progress).Run(w, &answer);
  };
  LIBMPI_RETURN_IF_ERROR(rep_->WriteAlone(first_load, nullptr));
  if (loaded) return answer;
  // Many threads' puts share a commit.
  std::mutex mutex;
  absl::Status status;
  std::atomic<uint64_t> done{0};
  std::atomic<bool> stop{false};
  constexpr int kWaiting = 64;
  ParallelChunks(count, 64, kWaiting, [&](size_t begin, size_t end, int worker) {
    RecordView view;
    for (size_t i = begin; i < end && !stop; ++i) {
      view.Clear();
      reader(i, &view);
      const absl::StatusOr<ChangeAnswer> put = Put(RecordOf(view), by);
      const std::lock_guard lock(mutex);
      if (!put.ok() && (absl::IsInvalidArgument(put.status()) || absl::IsFailedPrecondition(put.status()))) {
        ++answer.refused;
      } else if (!put.ok()) {
        stop = true;
        status.Update(put.status());
      } else if (put->outcome == PersonOutcome::kHeld) {
        ++answer.held;
      } else if (put->event == 0) {
        ++answer.unchanged;
      } else {
        ++(put->revision == 1 ? answer.created : answer.revised);
      }
      ++done;
    }
    if (worker != 0 || stop) return;
    const absl::Status reported = ReportProgress(progress, "put", done, count);
    if (reported.ok()) return;
    stop = true;
    const std::lock_guard lock(mutex);
    status.Update(reported);
  });
  LIBMPI_RETURN_IF_ERROR(status);
  const std::lock_guard lock(rep_->write_mutex);
  answer.persons = rep_->counters.persons;
  return answer;
}

}  // namespace libmpi
