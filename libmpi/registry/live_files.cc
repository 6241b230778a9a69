// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/live_files.h"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

std::string Padded(uint64_t number) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%06llu", static_cast<unsigned long long>(number));
  return digits;
}

}  // namespace

std::string TableName(uint64_t number) { return Padded(number) + ".sst"; }
std::string ManifestName(uint64_t number) { return "MANIFEST-" + Padded(number); }

std::string LiveFiles::ToText() const {
  std::string text = NumberLine("format", kStoreFormat) + NumberLine("settled", settled) +
                     NumberLine("manifest", manifest) + NumberLine("bytes", manifest_bytes) +
                     NumberLine("crc", manifest_sum) + NumberLine("commit", last_commit);
  for (const uint64_t table : tables) text += NumberLine("table", table);
  return WithSum(std::move(text));
}

absl::StatusOr<LiveFiles> LiveFiles::FromText(std::string_view text) {
  const absl::Status damaged = LostData("its list of live files is damaged");
  const std::optional<std::string_view> summed = WithoutSum(text);
  if (!summed) return damaged;
  std::string_view body = *summed;
  const auto format = TakeNumberLine(&body, "format");
  if (!format.has_value()) return damaged;
  if (*format > kStoreFormat) return RefuseStoreFormat(*format);
  LiveFiles files;
  const auto settled = TakeNumberLine(&body, "settled");
  const auto manifest = TakeNumberLine(&body, "manifest");
  const auto bytes = TakeNumberLine(&body, "bytes");
  const auto crc = TakeNumberLine(&body, "crc");
  const auto commit = TakeNumberLine(&body, "commit");
  if (!settled || !manifest || !bytes || !crc || !commit) return damaged;
  files.settled = *settled != 0;
  files.manifest = *manifest;
  files.manifest_bytes = *bytes;
  files.manifest_sum = static_cast<uint32_t>(*crc);
  files.last_commit = *commit;
  while (const auto table = TakeNumberLine(&body, "table")) files.tables.insert(*table);
  if (!body.empty()) return damaged;
  return files;
}

absl::StatusOr<LiveFiles> LiveFiles::Read(rocksdb::Env* env, const std::string& folder) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, ReadFile(env, folder + "/" + kName));
  return FromText(text);
}

absl::Status LiveFiles::Write(rocksdb::Env* env, const std::string& folder) const {
  return WriteDurably(env, folder, kName, ToText());
}

absl::StatusOr<uint64_t> CurrentManifest(rocksdb::Env* env, const std::string& folder) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string current, ReadFile(env, folder + "/CURRENT"));
  const auto number = NumberOf(current, "MANIFEST-", "\n");
  if (!number.has_value()) return LostData("its CURRENT file is damaged");
  return *number;
}

absl::StatusOr<std::set<uint64_t>> TablesOf(rocksdb::DB* db, uint64_t* manifest, uint64_t* manifest_bytes) {
  std::vector<std::string> names;
  LIBMPI_RETURN_IF_ERROR(FromRocks(db->GetLiveFiles(names, manifest_bytes, false), "listing the live files"));
  std::set<uint64_t> tables;
  for (const std::string& name : names) {
    if (const auto table = NumberOf(name, "/", ".sst")) tables.insert(*table);
    if (const auto number = NumberOf(name, "/MANIFEST-", "")) *manifest = *number;
  }
  return tables;
}

absl::Status LiveFilesKeeper::AddManifest(uint64_t number, uint64_t bytes) {
  if (number != manifest_) {
    manifest_ = number;
    manifest_bytes_ = 0;
    manifest_sum_ = 0;
  }
  if (manifest_bytes_ >= bytes) return absl::OkStatus();
  const std::string path = folder_ + "/" + ManifestName(number);
  LIBMPI_ASSIGN_OR_RETURN(const std::string more, ReadFileFrom(env_, path, manifest_bytes_, bytes - manifest_bytes_));
  if (more.size() != bytes - manifest_bytes_)
    return absl::UnavailableError("the store: MANIFEST is shorter than it should be");
  manifest_sum_ = ExtendCrc32c(manifest_sum_, more);
  manifest_bytes_ = bytes;
  return absl::OkStatus();
}

absl::Status LiveFilesKeeper::Update(rocksdb::DB* db, uint64_t last_commit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  LiveFiles files;
  files.settled = true;
  files.last_commit = last_commit;
  LIBMPI_ASSIGN_OR_RETURN(files.tables, TablesOf(db, &files.manifest, &files.manifest_bytes));
  LIBMPI_RETURN_IF_ERROR(AddManifest(files.manifest, files.manifest_bytes));
  files.manifest_bytes = manifest_bytes_;
  files.manifest_sum = manifest_sum_;
  return files.Write(env_, folder_);
}

}  // namespace libmpi
