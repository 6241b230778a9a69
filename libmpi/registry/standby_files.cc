// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/standby_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/value_codec.h"
#include "libmpi/registry/store_files.h"

namespace libmpi {
namespace {

constexpr uint64_t kFormat = 1;
constexpr std::string_view kSegmentMagic = "libmpi shipped log 1\n";

absl::Status Damaged(std::string_view name) {
  return absl::DataLossError("the standby: its file " + std::string(name) +
                             " is damaged or has not come whole; copy the folder again");
}

std::string NumbersText(const NamedNumbers& of) {
  std::string text = NumberLine("format", kFormat);
  for (const auto& [name, value] : of) text += NumberLine(name, *value);
  return WithSum(std::move(text));
}

std::string NameOf(const LogSegment& segment) {
  std::array<char, 64> name;
  std::snprintf(name.data(), name.size(), "%020llu-%020llu.segment", static_cast<unsigned long long>(segment.first),
                static_cast<unsigned long long>(segment.last()));
  return name.data();
}

std::optional<SegmentName> ParseSegmentName(const std::string& name) {
  constexpr size_t kDigits = 20;
  if (name.size() < kDigits) return std::nullopt;
  const auto first = ParseNumber(std::string_view(name).substr(0, kDigits));
  const auto last = NumberOf(std::string_view(name).substr(kDigits), "-", ".segment");
  if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
  return SegmentName{*first, *last, name};
}

std::string LogFolder(const std::string& standby) { return standby + "/" + std::string(kStandbyLog); }

}  // namespace

absl::Status WriteNumbers(rocksdb::Env* env, const std::string& folder, const std::string& name, const NamedNumbers& of) {
  return WriteDurably(env, folder, name, NumbersText(of));
}

absl::Status ReadNumbers(rocksdb::Env* env, const std::string& folder, const std::string& name, const NamedNumbers& of) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, ReadFile(env, folder + "/" + name));
  const std::optional<std::string_view> summed = WithoutSum(text);
  if (!summed) return Damaged(name);
  std::string_view rest = *summed;
  const auto format = TakeNumberLine(&rest, "format");
  if (!format) return Damaged(name);
  if (*format > kFormat)
    return absl::FailedPreconditionError("the standby: its file " + name + " is of a newer release; use that one");
  for (const auto& [what, value] : of) {
    const auto number = TakeNumberLine(&rest, what);
    if (!number) return Damaged(name);
    *value = *number;
  }
  return text == NumbersText(of) ? absl::OkStatus() : Damaged(name);
}

std::string Pack(const LogSegment& segment) {
  std::string bytes(kSegmentMagic);
  ValueWriter to(&bytes);
  to.Number(segment.stream);
  to.Number(segment.first);
  to.Items(segment.commits, [&to](const std::string& commit) { to.Text(commit); });
  ByteWriter(&bytes).Word(Crc32cOf(bytes));
  return bytes;
}

absl::Status Unpack(std::string_view bytes, LogSegment* segment) {
  constexpr size_t kSumBytes = 8;
  const absl::Status damaged = Damaged("of commits");
  if (!bytes.starts_with(kSegmentMagic) || bytes.size() < kSegmentMagic.size() + kSumBytes) return damaged;
  const std::string_view summed = bytes.substr(0, bytes.size() - kSumBytes);
  if (ByteReader(bytes.substr(summed.size())).Word() != Crc32cOf(summed)) return damaged;
  ValueReader from(summed.substr(kSegmentMagic.size()));
  from.Number(segment->stream);
  from.Number(segment->first);
  from.Items(segment->commits, [&from](std::string& commit) { from.Text(commit); });
  return from.bytes().done() && segment->first > 0 && !segment->commits.empty() ? absl::OkStatus() : damaged;
}

absl::Status WriteSegment(rocksdb::Env* env, const std::string& standby, const LogSegment& segment) {
  return WriteDurably(env, LogFolder(standby), NameOf(segment), Pack(segment));
}

absl::StatusOr<LogSegment> ReadSegment(rocksdb::Env* env, const std::string& standby, const std::string& name) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(env, LogFolder(standby) + "/" + name));
  LogSegment segment;
  if (absl::Status status = Unpack(bytes, &segment); !status.ok() || NameOf(segment) != name)
    return Damaged(std::string(kStandbyLog) + "/" + name);
  return segment;
}

absl::StatusOr<std::vector<SegmentName>> ListSegments(rocksdb::Env* env, const std::string& standby) {
  std::vector<std::string> names;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->GetChildren(LogFolder(standby), &names), "listing the standby"));
  std::vector<SegmentName> segments;
  for (const std::string& name : names)
    if (auto segment = ParseSegmentName(name)) segments.push_back(*std::move(segment));
  std::sort(segments.begin(), segments.end());
  return segments;
}

}  // namespace libmpi
