// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/record_groups.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/base/parallel.h"
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

RecordGroups::RecordGroups(std::span<const FileText> texts, std::vector<RowRef> rows, int threads)
    : texts_(texts), rows_(std::move(rows)) {
  Sort(threads);
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (i > 0 && SameRecord(rows_[i], rows_[i - 1])) continue;
    first_row_.push_back(static_cast<uint32_t>(i));
    keys_.push_back({std::string(rows_[i].source), std::string(rows_[i].record_id), 0});
  }
  first_row_.push_back(static_cast<uint32_t>(rows_.size()));
}

void RecordGroups::Sort(int threads) {
  const auto less = [this](const RowRef& a, const RowRef& b) {
    if (texts_[a.file].list != texts_[b.file].list) return texts_[a.file].list < texts_[b.file].list;
    if (const int order = a.source.compare(b.source); order != 0) return order < 0;
    if (const int order = a.record_id.compare(b.record_id); order != 0) return order < 0;
    const std::string_view x = RowBytes(texts_, a), y = RowBytes(texts_, b);
    if (x != y) return x < y;
    return a.file != b.file ? a.file < b.file : a.line < b.line;
  };
  // Halves in parallel, then one merge.
  const auto middle = rows_.begin() + static_cast<ptrdiff_t>(rows_.size() / 2);
  ParallelChunks(2, 1, threads, [&](size_t half, size_t, int) {
    std::sort(half ? middle : rows_.begin(), half ? rows_.end() : middle, less);
  });
  std::inplace_merge(rows_.begin(), middle, rows_.end(), less);
}

bool RecordGroups::SameRecord(const RowRef& a, const RowRef& b) const {
  return a.record_id == b.record_id && a.source == b.source && texts_[a.file].list == texts_[b.file].list;
}

RecordGroups::Overlay RecordGroups::FindOverlay(std::span<const RowRef> rows) const {
  // Rows that name the same person in the same words are judged once.
  std::map<std::string, size_t> number_of;
  std::vector<Record> statements;
  std::vector<std::vector<size_t>> rows_of;
  for (size_t r = 0; r < rows.size(); ++r) {
    Record statement;
    AddRowTo(texts_, rows[r], &statement);
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
  RecordKey key = keys_[record];
  const auto is_taken = [&](const std::string& id) {
    for (size_t k = record + 1; k < keys_.size() && keys_[k].source == key.source; ++k)
      if (keys_[k].record_id >= id) return keys_[k].record_id == id;
    return false;
  };
  do key.part = ++part;
  while (is_taken(key.IdText()));
  return part;
}

RecordGroups::TakenApart RecordGroups::TakeApart(int threads) {
  std::vector<Overlay> overlays(size());
  ParallelChunks(size(), 256, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i)
      if (rows(i).size() > 1) overlays[i] = FindOverlay(rows(i));
  });
  TakenApart taken;
  std::vector<RecordKey> new_keys;
  std::vector<uint32_t> new_first;
  uint32_t place = 0;  // rows close up where some are refused
  const auto begin_record = [&](size_t i, uint16_t part) {
    new_keys.push_back(keys_[i]);
    new_keys.back().part = part;
    new_first.push_back(place);
  };
  for (size_t i = 0; i < size(); ++i) {
    const std::vector<RowRef> own(rows(i).begin(), rows(i).end());
    if (overlays[i].too_many) {
      taken.refused.insert(taken.refused.end(), own.begin(), own.end());
      continue;
    }
    if (overlays[i].persons.size() < 2) {
      begin_record(i, 0);
      for (const RowRef& row : own) rows_[place++] = row;
      continue;
    }
    uint16_t part = 0;
    for (const std::vector<size_t>& person : overlays[i].persons) {
      begin_record(i, part = NextPart(i, part));
      taken.records.push_back(new_keys.size() - 1);
      for (size_t row : person) rows_[place++] = own[row];
    }
  }
  new_first.push_back(place);
  rows_.resize(place);
  keys_ = std::move(new_keys);
  first_row_ = std::move(new_first);
  return taken;
}

}  // namespace libmpi
