// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/foreseen.h"

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"

namespace libmpi {

absl::Status ForeseeingView::Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                                  std::optional<std::string>* values) const {
  LIBMPI_RETURN_IF_ERROR(StoreView::Fill(keys, places, values));
  for (const uint32_t place : *places) rows_.Learn(keys[place], values[place]);
  return absl::OkStatus();
}

size_t RowStamps::PlaceOf(std::string_view key) { return HashBytes(key) % kStamps; }

void RowStamps::NoteRowsOf(const Transaction& written, uint64_t group) {
  written.ForEachKey([&](std::string_view key) { stamps_[PlaceOf(key)] = group; });
}

absl::Status ForeseenView::Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                                std::optional<std::string>* values) const {
  if (rows_ != nullptr)
    std::erase_if(*places, [&](uint32_t place) {
      const std::optional<std::string>* row = rows_->Find(keys[place]);
      if (row == nullptr || !stamps_.IsUnchangedSince(keys[place], rows_->as_of())) return false;
      values[place] = *row;
      return true;
    });
  return places->empty() ? absl::OkStatus() : StoreView::Fill(keys, places, values);
}

}  // namespace libmpi
