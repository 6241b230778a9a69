// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/record_groups.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/exchange/row_order.h"
#include "libmpi/record/overlay.h"

namespace libmpi {
namespace {

// What a statement says of who the person is, for comparing statements of one id.
std::string PersonText(const Record& record) {
  std::string text;
  const auto add = [&text](std::string_view value) { text.append(value).push_back('\x1f'); };
  for (const StatedName& n : record.names)
    for (const std::string* value :
         {&n.full, &n.family, &n.given, &n.full_kana, &n.family_kana, &n.given_kana, &n.latin})
      add(*value);
  for (const auto* values : {&record.former_names, &record.births, &record.sexes})
    for (const std::string& value : *values) add(value);
  return text;
}

}  // namespace

RecordGroups::RecordGroups(AcceptedRows rows, int threads)
    : rows_(std::move(rows)), first_row_(SortRows(&rows_, threads)) {}

KeyView RecordGroups::key(size_t record) const {
  const RowRef& row = rows_.rows[first_row_[record]];
  KeyView key{rows_.Source(row), rows_.Id(row), 0};
  if (parts_.empty()) return key;
  if (const auto it = parts_.find(static_cast<uint32_t>(record)); it != parts_.end()) key.part = it->second;
  return key;
}

void RecordGroups::Prefetch(size_t record) const {
  if (record >= size()) return;
  const std::string_view bytes = rows_.Bytes(rows_.rows[first_row_[record]]);
  for (size_t at = 0; at < bytes.size() && at < 256; at += 64) __builtin_prefetch(bytes.data() + at);
}

RecordGroups::Overlay RecordGroups::FindOverlay(std::span<const RowRef> rows) const {
  // Rows that name the same person in the same words are judged once.
  std::map<std::string, size_t> number_of;
  std::vector<Record> statements;
  std::vector<std::vector<size_t>> rows_of;
  for (size_t r = 0; r < rows.size(); ++r) {
    Record statement;
    AddRowTo(rows[r], &statement);
    const auto [it, fresh] = number_of.try_emplace(PersonText(statement), statements.size());
    if (fresh) {
      if (statements.size() == kMostPersonsAnId) return {{}, true};
      statements.push_back(std::move(statement));
      rows_of.emplace_back();
    }
    rows_of[it->second].push_back(r);
  }
  Overlay overlay;
  if (statements.size() < 2) return overlay;
  for (const std::vector<size_t>& group : SplitOverlays(statements)) {
    std::vector<size_t>& person = overlay.persons.emplace_back();
    for (size_t statement : group)
      person.insert(person.end(), rows_of[statement].begin(), rows_of[statement].end());
    std::sort(person.begin(), person.end());
  }
  return overlay;
}

// The next number such that "x#1" is not the record_id of another record.
uint16_t RecordGroups::NextPart(size_t record, uint16_t part) const {
  KeyView wanted = key(record);
  const auto is_taken = [&](const std::string& id) {
    for (size_t k = record + 1; k < size() && key(k).source == wanted.source; ++k)
      if (key(k).record_id >= id) return key(k).record_id == id;
    return false;
  };
  do wanted.part = ++part;
  while (is_taken(wanted.IdText()));
  return part;
}

RecordGroups::TakenApart RecordGroups::TakeApart(int threads) {
  std::vector<std::pair<size_t, Overlay>> overlays;  // by record
  std::mutex mutex;
  ParallelChunks(size(), 1024, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) {
      if (first_row_[i + 1] - first_row_[i] < 2) continue;
      Overlay overlay = FindOverlay(rows(i));
      if (!overlay.too_many && overlay.persons.size() < 2) continue;
      const std::lock_guard lock(mutex);
      overlays.emplace_back(i, std::move(overlay));
    }
  });
  TakenApart taken;
  if (overlays.empty()) return taken;
  std::sort(overlays.begin(), overlays.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<uint32_t> new_first;
  absl::flat_hash_map<uint32_t, uint16_t> new_parts;
  uint32_t place = 0;  // rows close up where some are refused
  auto next = overlays.begin();
  for (size_t i = 0; i < size(); ++i) {
    const std::vector<RowRef> own(rows(i).begin(), rows(i).end());
    if (next == overlays.end() || next->first != i) {
      new_first.push_back(place);
      for (const RowRef& row : own) rows_.rows[place++] = row;
      continue;
    }
    const Overlay& overlay = next++->second;
    if (overlay.too_many) {
      taken.refused.insert(taken.refused.end(), own.begin(), own.end());
      taken.refused_ids.push_back({std::string(rows_.Source(own.front())), std::string(rows_.Id(own.front()))});
      continue;
    }
    uint16_t part = 0;
    for (const std::vector<size_t>& person : overlay.persons) {
      part = NextPart(i, part);
      taken.records.push_back(new_first.size());
      new_parts[static_cast<uint32_t>(new_first.size())] = part;
      new_first.push_back(place);
      for (size_t row : person) rows_.rows[place++] = own[row];
    }
  }
  new_first.push_back(place);
  rows_.rows.resize(place);
  first_row_ = std::move(new_first);
  parts_ = std::move(new_parts);
  return taken;
}

}  // namespace libmpi
