// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/ss_mix2_state.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"

namespace libmpi {
namespace {

constexpr std::string_view kMagic = "SSMIX2-1";
constexpr size_t kEntryBytes = 32, kSumBytes = 8;
constexpr size_t kMostBytes = size_t{4} << 30;

void Append(uint64_t word, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) out->push_back(static_cast<char>(word >> shift));
}

uint64_t WordAt(std::string_view bytes, size_t pos) {
  uint64_t word = 0;
  for (size_t i = 0; i < 8; ++i) word |= uint64_t{static_cast<unsigned char>(bytes[pos + i])} << (8 * i);
  return word;
}

}  // namespace

SsMix2State::Key SsMix2State::KeyOf(std::string_view path) { return {HashBytes(path, 1), HashBytes(path, 2)}; }

bool SsMix2State::Holds(std::string_view path, const FileStamp& stamp) const {
  const auto it = stamps_.find(KeyOf(path));
  return it != stamps_.end() && it->second == stamp;
}

void SsMix2State::Set(std::string_view path, const FileStamp& stamp) { stamps_[KeyOf(path)] = stamp; }

absl::StatusOr<SsMix2State> SsMix2State::Load(const std::string& path) {
  SsMix2State state;
  const absl::StatusOr<std::string> bytes = ReadSmallFile(path, kMostBytes);
  if (absl::IsNotFound(bytes.status())) return state;
  LIBMPI_RETURN_IF_ERROR(bytes.status());
  const std::string_view all = *bytes;
  const bool whole = all.size() >= kMagic.size() + kSumBytes && all.starts_with(kMagic) &&
                     (all.size() - kMagic.size() - kSumBytes) % kEntryBytes == 0 &&
                     WordAt(all, all.size() - kSumBytes) == HashBytes(all.substr(0, all.size() - kSumBytes));
  if (!whole)
    return absl::DataLossError(path + ": damaged, or of another version; without it all files are read again");
  state.stamps_.reserve((all.size() - kMagic.size()) / kEntryBytes);
  for (size_t pos = kMagic.size(); pos + kSumBytes < all.size(); pos += kEntryBytes)
    state.stamps_[{WordAt(all, pos), WordAt(all, pos + 8)}] = {WordAt(all, pos + 16),
                                                               static_cast<int64_t>(WordAt(all, pos + 24))};
  return state;
}

absl::Status SsMix2State::Save(const std::string& path) const {
  std::vector<std::pair<Key, FileStamp>> sorted(stamps_.begin(), stamps_.end());
  std::ranges::sort(sorted, {}, [](const auto& entry) { return entry.first; });
  std::string bytes(kMagic);
  bytes.reserve(kMagic.size() + sorted.size() * kEntryBytes + kSumBytes);
  for (const auto& [key, stamp] : sorted)
    for (const uint64_t word : {key.high, key.low, stamp.bytes, static_cast<uint64_t>(stamp.modified)})
      Append(word, &bytes);
  Append(HashBytes(bytes), &bytes);
  return WriteWholeFile(path, bytes, 0600);
}

}  // namespace libmpi
