// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/encoder.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "libmpi/base/huge_pages.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/record_encoder.h"

namespace libmpi {
namespace {

constexpr size_t kChunk = 4096;

// What one chunk of records gave, put together by chunk so that the outcome does not
// depend on which thread did it.
struct ChunkResult {
  std::vector<MoreValues> more;
  std::vector<std::pair<uint32_t, Finding>> findings;
  std::vector<uint64_t> keys;
  std::vector<uint32_t> key_counts;
  std::vector<std::pair<uint32_t, RecordKey>> parts;  // records that are part of an id
  RecordKey first_key, last_key;
  size_t out_of_order = SIZE_MAX;  // the first record whose key does not follow its predecessor's

  // For another chunk, in the room of this one.
  void Clear() {
    more.clear();
    findings.clear();
    keys.clear();
    key_counts.clear();
    parts.clear();
    out_of_order = SIZE_MAX;
  }

  void TakeKey(size_t i, bool begins_chunk, bool begins_list, const RecordView& record) {
    if (begins_chunk) first_key = {std::string(record.source), std::string(record.record_id), record.part};
    else if (!begins_list && record.CompareKeys(last_key.source, last_key.record_id, last_key.part) <= 0)
      out_of_order = std::min(out_of_order, i);
    last_key.source = record.source;
    last_key.record_id = record.record_id;
    last_key.part = record.part;
    if (record.part != 0) parts.emplace_back(static_cast<uint32_t>(i), last_key);
  }
};

// What a thread works with.
struct Worker {
  Worker(const Standardizer& standardizer, const ReadingModel& readings, TextDictionary* texts)
      : encoder(&standardizer, &readings, texts) {}

  // Reads a record ahead of its turn.
  void Read(size_t i, const RecordReader& reader) {
    next.Clear();
    reader(i, &next);
    encoder.Upcoming(next);
  }

  // Encodes the record read before, whose index is i, into the chunk but for what it returns.
  EncodedRecord Encode(uint32_t i) {
    const size_t keys = chunk->keys.size();
    MoreValues more;
    EncodedRecord encoded = encoder.Encode(record, &more, &chunk->keys);
    if (more != MoreValues()) {
      chunk->more.push_back(std::move(more));
      encoded.more = static_cast<uint32_t>(chunk->more.size());
    }
    for (const Finding& finding : encoder.findings()) chunk->findings.emplace_back(i, finding);
    chunk->key_counts.push_back(static_cast<uint32_t>(chunk->keys.size() - keys));
    return encoded;
  }

  RecordEncoder encoder;
  RecordView record, next;
  std::unique_ptr<ChunkResult> chunk = std::make_unique<ChunkResult>();
};

// Puts chunks together in their order, each as soon as those before it are there, so that few wait.
class Gatherer {
 public:
  Gatherer(size_t second_list, EncodedRecords* out)
      : second_list_(second_list), out_(*out), waiting_((out->records.size() + kChunk - 1) / kChunk) {
    out_.more.emplace_back();
    out_.key_begin.reserve(out_.records.size() + 1);
    out_.key_begin.push_back(0);
  }

  // Takes a chunk, and gives an empty one for it, in the room of an earlier one if there is any. Thread-safe.
  std::unique_ptr<ChunkResult> Take(size_t number, std::unique_ptr<ChunkResult> chunk) {
    const std::lock_guard lock(mutex_);
    waiting_[number] = std::move(chunk);
    for (; next_ < waiting_.size() && waiting_[next_] != nullptr; ++next_) {
      Append(next_, waiting_[next_].get());
      waiting_[next_]->Clear();
      spare_.push_back(std::move(waiting_[next_]));
      if (next_ == waiting_.size() / kShareThatTells) MakeRoom(next_ + 1);
    }
    if (spare_.empty()) return std::make_unique<ChunkResult>();
    std::unique_ptr<ChunkResult> empty = std::move(spare_.back());
    spare_.pop_back();
    return empty;
  }

  absl::Status Finish() {
    if (out_of_order_ != SIZE_MAX)
      return absl::InvalidArgumentError("record " + std::to_string(out_of_order_) +
                                        ": its key does not come after that of the record before it; give "
                                        "records sorted by key, each key once");
    GatherParts();
    return absl::OkStatus();
  }

 private:
  // Of all chunks one in so many tells how much the rest will be.
  static constexpr size_t kShareThatTells = 16;

  void Append(size_t number, ChunkResult* chunk) {
    const uint32_t shift = static_cast<uint32_t>(out_.more.size()) - 1;
    const size_t first = number * kChunk, end = std::min(out_.records.size(), first + kChunk);
    for (size_t i = first; i < end; ++i)
      if (out_.records[i].more != 0) out_.records[i].more += shift;
    std::move(chunk->more.begin(), chunk->more.end(), std::back_inserter(out_.more));
    out_.keys.insert(out_.keys.end(), chunk->keys.begin(), chunk->keys.end());
    for (uint32_t n : chunk->key_counts) out_.key_begin.push_back(out_.key_begin.back() + n);
    std::move(chunk->findings.begin(), chunk->findings.end(), std::back_inserter(out_.findings));
    parts_.insert(parts_.end(), chunk->parts.begin(), chunk->parts.end());
    CheckKeyOrder(first, *chunk);
    last_key_ = std::move(chunk->last_key);
  }

  // What grows step by step is for a while there twice.
  void MakeRoom(size_t chunks) {
    const auto of_all = [&](size_t so_far) { return so_far * waiting_.size() / chunks * 17 / 16 + kChunk; };
    out_.keys.reserve(of_all(out_.keys.size()));
    out_.more.reserve(of_all(out_.more.size()));
    out_.findings.reserve(of_all(out_.findings.size()));
  }

  // Ties go by record key: records out of order would be decided by their place.
  void CheckKeyOrder(size_t first, const ChunkResult& chunk) {
    if (out_of_order_ != SIZE_MAX) return;
    if (first > 0 && first != second_list_ && chunk.first_key <= last_key_) out_of_order_ = first;
    else out_of_order_ = chunk.out_of_order;
  }

  // Keys ascend, so that the parts of one id stand together.
  void GatherParts() {
    const std::pair<uint32_t, RecordKey>* first = nullptr;
    for (const auto& part : parts_) {
      if (first == nullptr || first->second.source != part.second.source ||
          first->second.record_id != part.second.record_id)
        first = &part;
      out_.parts_of_one_id.emplace_back(part.first, first->first);
    }
  }

  const size_t second_list_;
  EncodedRecords& out_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ChunkResult>> waiting_;  // by number
  std::vector<std::unique_ptr<ChunkResult>> spare_;    // empty
  size_t next_ = 0;                                     // to append
  RecordKey last_key_;
  size_t out_of_order_ = SIZE_MAX;
  std::vector<std::pair<uint32_t, RecordKey>> parts_;
};

}  // namespace

absl::Status EncodeRecords(size_t count, size_t second_list, const RecordReader& reader,
                           const Standardizer& standardizer, const ReadingModel& readings,
                           int threads, const ProgressCallback& progress,
                           EncodedRecords* out) {
  AssignInHugePages(count, &out->records, threads);
  Gatherer gatherer(second_list, out);
  std::vector<std::unique_ptr<Worker>> workers(std::max(1, threads));
  for (auto& worker : workers) worker = std::make_unique<Worker>(standardizer, readings, &out->texts);
  std::atomic<size_t> done{0};
  std::atomic<bool> cancelled{false};
  ParallelChunks(count, kChunk, threads, [&](size_t begin, size_t end, int w) {
    if (cancelled.load(std::memory_order_relaxed)) return;
    Worker& worker = *workers[w];
    worker.Read(begin, reader);
    for (size_t i = begin; i < end; ++i) {
      std::swap(worker.record, worker.next);
      if (i + 1 < end) worker.Read(i + 1, reader);
      out->records[i] = worker.Encode(static_cast<uint32_t>(i));
      worker.chunk->TakeKey(i, i == begin, i == second_list, worker.record);
    }
    worker.chunk = gatherer.Take(begin / kChunk, std::move(worker.chunk));
    done += end - begin;
    if (w == 0 && progress && !progress("standardize", done.load(), count))
      cancelled = true;
  });
  if (cancelled) return absl::CancelledError("stopped while standardizing");
  workers.clear();
  LIBMPI_RETURN_IF_ERROR(gatherer.Finish());
  out->texts.Freeze();
  return absl::OkStatus();
}

}  // namespace libmpi
