// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/high_water_mark.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/store_files.h"

namespace libmpi {
namespace {

constexpr size_t kSlotBytes = 512;
constexpr size_t kSlots = 8;
constexpr std::string_view kMagic = "MPImark1";
constexpr size_t kSumAt = kMagic.size() + sizeof(uint64_t);

std::string Slot(uint64_t mark) {
  std::string slot(kMagic);
  for (int i = 0; i < 8; ++i) slot += static_cast<char>(mark >> (8 * i));
  const uint32_t sum = Crc32cOf(slot);
  for (int i = 0; i < 4; ++i) slot += static_cast<char>(sum >> (8 * i));
  slot.resize(kSlotBytes, '\0');
  return slot;
}

std::optional<uint64_t> MarkOf(std::string_view slot) {
  if (slot.size() < kSumAt + 4) return std::nullopt;
  uint64_t mark = 0;
  for (size_t i = 0; i < 8; ++i)
    mark |= uint64_t{static_cast<unsigned char>(slot[kMagic.size() + i])} << (8 * i);
  if (slot.substr(0, kSumAt + 4) != std::string_view(Slot(mark)).substr(0, kSumAt + 4)) return std::nullopt;
  return mark;
}

}  // namespace

absl::StatusOr<uint64_t> HighWaterMark::Read(rocksdb::Env* env, const std::string& folder) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string content, ReadFile(env, folder + "/" + kName));
  std::optional<uint64_t> highest;
  for (size_t i = 0; i < kSlots && i * kSlotBytes < content.size(); ++i) {
    const auto mark = MarkOf(std::string_view(content).substr(i * kSlotBytes, kSlotBytes));
    if (mark.has_value()) highest = std::max(highest.value_or(0), *mark);
  }
  if (!highest.has_value()) return LostData("its high-water mark cannot be read");
  return *highest;
}

absl::StatusOr<std::unique_ptr<HighWaterMark>> HighWaterMark::Create(rocksdb::Env* env, const std::string& folder,
                                                                     uint64_t mark) {
  // All slots hold the mark, so that one bad slot costs nothing.
  std::string content;
  for (size_t i = 0; i < kSlots; ++i) content += Slot(mark);
  LIBMPI_RETURN_IF_ERROR(WriteDurably(env, folder, kName, content));
  std::unique_ptr<rocksdb::RandomRWFile> file;
  LIBMPI_RETURN_IF_ERROR(FromRocks(
      env->NewRandomRWFile(folder + "/" + kName, &file, rocksdb::EnvOptions()), "opening the high-water mark"));
  return std::unique_ptr<HighWaterMark>(new HighWaterMark(std::move(file)));
}

absl::Status HighWaterMark::Raise(uint64_t mark) {
  LIBMPI_RETURN_IF_ERROR(
      FromRocks(file_->Write(mark % kSlots * kSlotBytes, Slot(mark)), "writing the high-water mark"));
  return FromRocks(file_->Sync(), "syncing the high-water mark");
}

}  // namespace libmpi
