// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/receipts.h"

#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/big_endian.h"
#include "libmpi/base/byte_codec.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/pix/rows.h"

namespace libmpi::pix {
namespace {

constexpr int kTimeBytes = 8;

std::string NameOf(const std::string& party, const std::string& message_id) { return party + '\0' + message_id; }

std::string ByTime(int64_t unix_milliseconds, std::string_view name) {
  std::string key = RowKey(Row::kReceiptByTime);
  AppendBigEndian(static_cast<uint64_t>(unix_milliseconds), kTimeBytes, &key);
  return key.append(name);
}

std::string Pack(const Receipt& receipt) {
  std::string bytes;
  ByteWriter to(&bytes);
  to.Text(receipt.content_hash);
  to.Text(receipt.answer);
  to.Signed(receipt.unix_milliseconds);
  return bytes;
}

absl::Status Unpack(std::string_view bytes, Receipt* receipt) {
  ByteReader from(bytes);
  receipt->content_hash = std::string(from.Text());
  receipt->answer = std::string(from.Text());
  receipt->unix_milliseconds = from.Signed();
  return from.done() ? absl::OkStatus() : absl::DataLossError("the receipt of a message is damaged");
}

}  // namespace

absl::StatusOr<std::optional<Receipt>> Receipts::Find(const std::string& party, const std::string& message_id) const {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide(
      [&](const SideReader& rows) { return rows.Read(RowKey(Row::kReceipt, NameOf(party, message_id)), &bytes); }));
  if (!bytes) return std::nullopt;
  Receipt receipt;
  LIBMPI_RETURN_IF_ERROR(Unpack(*bytes, &receipt));
  return receipt;
}

SideChange Receipts::Write(const std::string& party, const MessageId& message) {
  return [this, party, message](const ChangeAnswer&, SideRows* rows) { return Add(party, message, rows); };
}

absl::Status Receipts::Add(const std::string& party, const MessageId& message, SideRows* rows) {
  const std::string name = NameOf(party, message.id);
  std::optional<std::string> before;
  LIBMPI_RETURN_IF_ERROR(rows->Read(RowKey(Row::kReceipt, name), &before));
  if (before) return absl::AlreadyExistsError("a message of this number was accepted before");
  std::optional<uint64_t> known;
  LIBMPI_RETURN_IF_ERROR(ReadNumber(*rows, RowKey(Row::kReceipts), &known));
  uint64_t count = known.value_or(0) + 1;
  const int64_t now = registry_.Now();
  LIBMPI_RETURN_IF_ERROR(RemoveOld(now, &count, rows));
  rows->Put(RowKey(Row::kReceipt, name), Pack({message.content_hash, message.answer, now}));
  rows->Put(ByTime(now, name), {});
  rows->Put(RowKey(Row::kReceipts), PackNumber(count));
  return absl::OkStatus();
}

// Two for each that comes, so that what is too much goes away again.
absl::Status Receipts::RemoveOld(int64_t now, uint64_t* count, SideRows* rows) {
  constexpr size_t kAtOnce = 2;
  const std::lock_guard lock(mutex_);
  const std::string table = RowKey(Row::kReceiptByTime);
  const size_t behind_time = table.size() + kTimeBytes;
  std::vector<std::string> old;
  LIBMPI_RETURN_IF_ERROR(rows->Scan(table, std::max(table, oldest_), [&](std::string_view key, std::string_view) {
    if (key.size() < behind_time) return true;
    const auto time = static_cast<int64_t>(BigEndianAtEnd(key.substr(0, behind_time), kTimeBytes));
    const bool too_old = time < now - bounds_.milliseconds;
    // Where nothing is to go too: the next look begins at this millisecond, not among what went before. Not at this very
    // key, for others of the same millisecond may come before it yet.
    if (old.empty()) oldest_ = std::string(key.substr(0, behind_time));
    if (!too_old && *count - old.size() <= bounds_.most) return false;
    old.emplace_back(key);
    return old.size() < kAtOnce;
  }));
  for (const std::string& key : old) {
    rows->Delete(key);
    rows->Delete(RowKey(Row::kReceipt, std::string_view(key).substr(behind_time)));
  }
  *count -= old.size();
  return absl::OkStatus();
}

}  // namespace libmpi::pix
