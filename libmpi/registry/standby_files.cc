// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/standby_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/value_codec.h"
#include "libmpi/registry/store_files.h"

namespace libmpi {
namespace {

constexpr uint64_t kFormat = 1;
constexpr std::string_view kSegmentMagic = "libmpi shipped log 1\n";
constexpr std::string_view kSumLine = "sum ";

absl::Status Damaged(std::string_view name) {
  return absl::DataLossError("the standby: its file " + std::string(name) +
                             " is damaged or has not come whole; copy the folder again");
}

std::string SumLine(std::string_view text) {
  return std::string(kSumLine) + std::to_string(Crc32cOf(text)) + "\n";
}

std::string NumbersText(const NamedNumbers& of) {
  std::string text = "format " + std::to_string(kFormat) + "\n";
  for (const auto& [name, value] : of) text += std::string(name) + " " + std::to_string(*value) + "\n";
  return text + SumLine(text);
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
  const size_t sum_at = text.rfind(kSumLine);
  if (sum_at == std::string::npos || text.substr(sum_at) != SumLine(std::string_view(text).substr(0, sum_at)))
    return Damaged(name);
  uint64_t format = 0;
  std::string_view rest = text;
  const auto take = [&rest](std::string_view what, uint64_t* value) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const auto number = NumberOf(rest.substr(0, end), std::string(what) + " ", "");
    if (!number.has_value()) return false;
    *value = *number;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return true;
  };
  if (!take("format", &format)) return Damaged(name);
  if (format > kFormat)
    return absl::FailedPreconditionError("the standby: its file " + name + " is of a newer release; use that one");
  for (const auto& [what, value] : of)
    if (!take(what, value)) return Damaged(name);
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
