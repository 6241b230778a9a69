// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/log_walk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/store_files.h"
#include "rocksdb/write_batch.h"

namespace libmpi {
namespace {

// The file is blocks; a block is pieces of records, each with a checksum (4), a length (2) and a type (1).
constexpr size_t kHeaderBytes = 7;
enum PieceType : unsigned char { kNone = 0, kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

uint32_t Masked(uint32_t sum) { return ((sum >> 15) | (sum << 17)) + 0xa282ead8u; }
uint32_t Byte(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }
bool AllZero(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

// The piece at `at`; nothing if it is damaged or cut short.
struct Piece {
  PieceType type;
  std::string_view payload;
};
std::optional<Piece> PieceAt(std::string_view content, size_t at) {
  const size_t block_end = std::min(content.size(), (at / kLogBlockBytes + 1) * kLogBlockBytes);
  if (at + kHeaderBytes > block_end) return std::nullopt;
  const std::string_view head = content.substr(at, kHeaderBytes);
  const size_t length = Byte(head, 4) | Byte(head, 5) << 8;
  if (at + kHeaderBytes + length > block_end) return std::nullopt;
  const auto type = static_cast<PieceType>(Byte(head, 6));
  if (type < kFull || type > kLast) return std::nullopt;
  const std::string_view payload = content.substr(at + kHeaderBytes, length);
  const uint32_t sum = Byte(head, 0) | Byte(head, 1) << 8 | Byte(head, 2) << 16 | Byte(head, 3) << 24;
  if (sum != Masked(ExtendCrc32c(Crc32cOf(head.substr(6, 1)), payload))) return std::nullopt;
  return Piece{type, payload};
}

}  // namespace

LogWalk WalkLogFrom(std::string_view content, size_t at, const LogVisitor& visit) {
  LogWalk walk;
  walk.good_bytes = at;
  std::string parts;
  bool inside = false;
  while (at < content.size()) {
    const size_t left = kLogBlockBytes - at % kLogBlockBytes;
    if (left < kHeaderBytes) {
      const size_t padding = std::min(left, content.size() - at);
      if (!AllZero(content.substr(at, padding))) break;
      at += padding;
      if (!inside) walk.good_bytes = at;
      continue;
    }
    const std::optional<Piece> piece = PieceAt(content, at);
    if (!piece.has_value()) break;
    if (inside != (piece->type == kMiddle || piece->type == kLast)) break;
    at += kHeaderBytes + piece->payload.size();
    inside = piece->type == kFirst || piece->type == kMiddle;
    if (piece->type == kFull) {
      visit(piece->payload, at);
    } else {
      if (piece->type == kFirst) parts.clear();
      parts.append(piece->payload);
      if (piece->type == kLast) visit(parts, at);
    }
    if (!inside) walk.good_bytes = at;
  }
  // Zeros to the end are room that was set aside, not records.
  walk.whole = !inside && AllZero(content.substr(walk.good_bytes));
  return walk;
}

namespace {

class CommitFinder : public rocksdb::WriteBatch::Handler {
 public:
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    if (ToView(key) == kLastCommitKey) number = ParseNumber(ToView(value)).value_or(0);
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice&) override { return rocksdb::Status::OK(); }
  uint64_t number = 0;
};

// The number RocksDB gave the first change of a record.
uint64_t SequenceOf(std::string_view record) {
  uint64_t sequence = 0;
  for (size_t i = 0; i < 8 && i < record.size(); ++i) sequence |= uint64_t{Byte(record, i)} << (8 * i);
  return sequence;
}

void AddCommit(std::string_view record, std::vector<LogCommits::Run>* runs) {
  const uint64_t number = CommitOf(record);
  if (number == 0) return;
  if (!runs->empty() && number == runs->back().last + 1) {
    runs->back().last = number;
  } else {
    runs->push_back({number, number});
  }
}

}  // namespace

uint64_t CommitOf(std::string_view record) {
  const rocksdb::WriteBatch batch{std::string(record)};
  CommitFinder finder;
  return batch.Iterate(&finder).ok() ? finder.number : 0;
}

LogWalk WalkLog(std::string_view content, const std::function<void(std::string_view record)>& visit) {
  LogWalk walk = WalkLogFrom(content, 0, [&visit](std::string_view record, size_t) { visit(record); });
  if (walk.whole) return walk;
  // Where pieces begin is known again only at the next block.
  size_t at = walk.good_bytes;
  while ((at = (at / kLogBlockBytes + 1) * kLogBlockBytes) < content.size())
    at = WalkLogFrom(content, at, [&](std::string_view, size_t) { ++walk.records_after; }).good_bytes;
  return walk;
}

absl::StatusOr<std::vector<LogCommits>> ReadLogCommits(rocksdb::Env* env, const std::string& folder) {
  std::vector<std::string> names;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->GetChildren(folder, &names), "listing the folder"));
  std::vector<std::pair<uint64_t, std::string>> numbered;
  for (const std::string& name : names)
    if (const auto number = NumberOf(name, "", ".log")) numbered.emplace_back(*number, name);
  std::sort(numbered.begin(), numbered.end());
  std::vector<LogCommits> logs;
  uint64_t sequence = 0;
  for (const auto& [number, name] : numbered) {
    LIBMPI_ASSIGN_OR_RETURN(const std::string content, ReadFile(env, folder + "/" + name));
    LogCommits& log = logs.emplace_back();
    log.name = name;
    log.walk = WalkLog(content, [&](std::string_view record) {
      const uint64_t next = SequenceOf(record);
      log.in_order &= next > sequence;
      sequence = next;
      AddCommit(record, &log.runs);
    });
  }
  return logs;
}

absl::StatusOr<uint64_t> LastCommitOf(uint64_t in_files, const std::vector<LogCommits>& logs) {
  uint64_t last = in_files;
  for (const LogCommits& log : logs) {
    for (const LogCommits::Run& run : log.runs) {
      if (run.first > last + 1)
        return LostData("the commits " + std::to_string(last + 1) + " to " + std::to_string(run.first - 1) +
                        " are missing from its logs");
      last = std::max(last, run.last);
    }
  }
  return last;
}

}  // namespace libmpi
