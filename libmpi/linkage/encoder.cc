// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/encoder.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

#include "libmpi/base/huge_pages.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/record_encoder.h"

namespace libmpi {
namespace {

constexpr size_t kChunk = 4096;

// What one chunk of records gave, kept by chunk so that the outcome does not
// depend on which thread did it.
struct ChunkResult {
  std::vector<MoreValues> more;
  std::vector<std::pair<uint32_t, Finding>> findings;
  std::vector<uint64_t> keys;
  std::vector<uint32_t> key_counts;
  std::vector<std::pair<uint32_t, RecordKey>> parts;  // records that are part of an id
  RecordKey first_key, last_key;
  size_t out_of_order = SIZE_MAX;  // the first record whose key does not follow its predecessor's

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

  // Encodes `record`, whose index is i, into *chunk but for what it returns.
  EncodedRecord Encode(uint32_t i, ChunkResult* chunk) {
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
  RecordView record;
};

void GatherChunks(std::vector<ChunkResult>&& chunks, EncodedRecords* out) {
  size_t keys = 0, more = 1;
  for (const ChunkResult& chunk : chunks) {
    keys += chunk.keys.size();
    more += chunk.more.size();
  }
  ReserveInHugePages(keys, &out->keys);
  out->more.reserve(more);
  out->more.emplace_back();
  out->key_begin.reserve(out->records.size() + 1);
  out->key_begin.push_back(0);
  for (size_t c = 0; c < chunks.size(); ++c) {
    ChunkResult& chunk = chunks[c];
    const uint32_t shift = static_cast<uint32_t>(out->more.size()) - 1;
    const size_t end = std::min(out->records.size(), (c + 1) * kChunk);
    for (size_t i = c * kChunk; i < end; ++i)
      if (out->records[i].more != 0) out->records[i].more += shift;
    std::move(chunk.more.begin(), chunk.more.end(), std::back_inserter(out->more));
    out->keys.insert(out->keys.end(), chunk.keys.begin(), chunk.keys.end());
    for (uint32_t n : chunk.key_counts) out->key_begin.push_back(out->key_begin.back() + n);
    out->findings.insert(out->findings.end(), chunk.findings.begin(), chunk.findings.end());
    chunk = ChunkResult();
  }
}

// Ties go by record key: records out of order would be decided by their place.
absl::Status CheckKeyOrder(const std::vector<ChunkResult>& chunks, size_t second_list) {
  const auto refuse = [](size_t i) {
    return absl::InvalidArgumentError("record " + std::to_string(i) +
                                      ": its key does not come after that of the record before it; give "
                                      "records sorted by key, each key once");
  };
  for (size_t c = 0; c < chunks.size(); ++c) {
    const size_t first = c * kChunk;
    if (c > 0 && first != second_list && chunks[c].first_key <= chunks[c - 1].last_key) return refuse(first);
    if (chunks[c].out_of_order != SIZE_MAX) return refuse(chunks[c].out_of_order);
  }
  return absl::OkStatus();
}

// Keys ascend, so that the parts of one id stand together.
void GatherParts(const std::vector<ChunkResult>& chunks, EncodedRecords* out) {
  const std::pair<uint32_t, RecordKey>* first = nullptr;
  for (const ChunkResult& chunk : chunks)
    for (const auto& part : chunk.parts) {
      if (first == nullptr || first->second.source != part.second.source ||
          first->second.record_id != part.second.record_id)
        first = &part;
      out->parts_of_one_id.emplace_back(part.first, first->first);
    }
}

}  // namespace

void FreezeTexts(const ReadingModel& readings, int threads, EncodedRecords* records) {
  records->texts.Freeze();
  records->reading_ends = ReadingEnds(records->texts, readings, threads);
}

absl::Status EncodeRecords(size_t count, size_t second_list, const RecordReader& reader,
                           const Standardizer& standardizer, const ReadingModel& readings,
                           int threads, const ProgressCallback& progress,
                           EncodedRecords* out) {
  AssignInHugePages(count, &out->records, threads);
  std::vector<ChunkResult> chunks((count + kChunk - 1) / kChunk);
  std::vector<std::unique_ptr<Worker>> workers(std::max(1, threads));
  for (auto& worker : workers) worker = std::make_unique<Worker>(standardizer, readings, &out->texts);
  std::atomic<size_t> done{0};
  std::atomic<bool> cancelled{false};
  ParallelChunks(count, kChunk, threads, [&](size_t begin, size_t end, int w) {
    if (cancelled.load(std::memory_order_relaxed)) return;
    ChunkResult& chunk = chunks[begin / kChunk];
    Worker& worker = *workers[w];
    for (size_t i = begin; i < end; ++i) {
      worker.record.Clear();
      reader(i, &worker.record);
      out->records[i] = worker.Encode(static_cast<uint32_t>(i), &chunk);
      chunk.TakeKey(i, i == begin, i == second_list, worker.record);
    }
    done += end - begin;
    if (w == 0 && progress && !progress("standardize", done.load(), count))
      cancelled = true;
  });
  if (cancelled) return absl::CancelledError("stopped while standardizing");
  workers.clear();
  LIBMPI_RETURN_IF_ERROR(CheckKeyOrder(chunks, second_list));
  GatherParts(chunks, out);
  GatherChunks(std::move(chunks), out);
  FreezeTexts(readings, threads, out);
  return absl::OkStatus();
}

}  // namespace libmpi
