// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/live_files.h"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

constexpr std::string_view kSumLine = "sum ";

std::string Padded(uint64_t number) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%06llu", static_cast<unsigned long long>(number));
  return digits;
}

std::string Line(std::string_view name, uint64_t value) {
  return std::string(name) + " " + std::to_string(value) + "\n";
}

// Takes the next line of `text`, which must read "<name> <number>".
std::optional<uint64_t> TakeLine(std::string_view* text, std::string_view name) {
  const size_t end = text->find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = NumberOf(text->substr(0, end), std::string(name) + " ", "");
  if (number.has_value()) text->remove_prefix(end + 1);
  return number;
}

}  // namespace

std::string TableName(uint64_t number) { return Padded(number) + ".sst"; }
std::string ManifestName(uint64_t number) { return "MANIFEST-" + Padded(number); }

std::string LiveFiles::ToText() const {
  std::string text = Line("format", kStoreFormat) + Line("settled", settled) + Line("manifest", manifest) +
                     Line("bytes", manifest_bytes) + Line("crc", manifest_sum) + Line("commit", last_commit);
  for (const uint64_t table : tables) text += Line("table", table);
  return text + Line("sum", Crc32cOf(text));
}

absl::StatusOr<LiveFiles> LiveFiles::FromText(std::string_view text) {
  const absl::Status damaged = LostData("its list of live files is damaged");
  const size_t sum_at = text.rfind(kSumLine);
  if (sum_at == std::string_view::npos) return damaged;
  std::string_view body = text.substr(0, sum_at);
  if (text.substr(sum_at) != Line("sum", Crc32cOf(body))) return damaged;
  const auto format = TakeLine(&body, "format");
  if (!format.has_value()) return damaged;
  if (*format > kStoreFormat) return RefuseStoreFormat(*format);
  LiveFiles files;
  const auto settled = TakeLine(&body, "settled");
  const auto manifest = TakeLine(&body, "manifest");
  const auto bytes = TakeLine(&body, "bytes");
  const auto crc = TakeLine(&body, "crc");
  const auto commit = TakeLine(&body, "commit");
  if (!settled || !manifest || !bytes || !crc || !commit) return damaged;
  files.settled = *settled != 0;
  files.manifest = *manifest;
  files.manifest_bytes = *bytes;
  files.manifest_sum = static_cast<uint32_t>(*crc);
  files.last_commit = *commit;
  while (const auto table = TakeLine(&body, "table")) files.tables.insert(*table);
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
  std::unique_ptr<rocksdb::SequentialFile> file;
  LIBMPI_RETURN_IF_ERROR(FromRocks(
      env_->NewSequentialFile(folder_ + "/" + ManifestName(number), &file, rocksdb::EnvOptions()), "opening MANIFEST"));
  LIBMPI_RETURN_IF_ERROR(FromRocks(file->Skip(manifest_bytes_), "reading MANIFEST"));
  std::string more(bytes - manifest_bytes_, '\0');
  rocksdb::Slice got;
  LIBMPI_RETURN_IF_ERROR(FromRocks(file->Read(more.size(), &got, more.data()), "reading MANIFEST"));
  if (got.size() != more.size()) return absl::UnavailableError("the store: MANIFEST is shorter than it should be");
  manifest_sum_ = ExtendCrc32c(manifest_sum_, ToView(got));
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
