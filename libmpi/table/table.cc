// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table.h"

#include "libmpi/base/hash.h"

namespace libmpi::table {
namespace {

constexpr ValueId kUnreadable = UINT32_MAX;

// What makes two values one.
std::string IdentityOf(const Value& value) {
  std::string identity = value.text;
  identity.push_back('\0');
  for (const std::string& item : value.items) identity += item + '\1';
  const auto append = [&](const auto& plain) {
    identity.append(reinterpret_cast<const char*>(&plain), sizeof plain);
  };
  append(value.date.year);
  append(value.date.month);
  append(value.date.day);
  append(value.x);
  append(value.y);
  return identity;
}

}  // namespace

TableBuilder::TableBuilder(const Schema* schema)
    : schema_(schema), by_raw_(schema->fields.size()), by_value_(schema->fields.size()) {
  table_.columns_.resize(schema->fields.size());
  for (Column& column : table_.columns_) {
    column.values.emplace_back();
    column.count.push_back(0);
  }
}

ValueId TableBuilder::Intern(size_t field, const std::vector<std::string_view>& cells, bool* unreadable) {
  std::string raw;
  for (std::string_view cell : cells) raw.append(cell).push_back('\0');
  const auto [known, fresh] = by_raw_[field].try_emplace(std::move(raw), 0);
  if (fresh) {
    Value value;
    const Reading reading = ReadValue(schema_->fields[field], cells, &value);
    if (reading == Reading::kUnreadable) known->second = kUnreadable;
    if (reading == Reading::kRead) {
      Column& column = table_.columns_[field];
      const auto next = static_cast<ValueId>(column.values.size());
      const auto [same, is_new] = by_value_[field].try_emplace(IdentityOf(value), next);
      if (is_new) {
        column.values.push_back(std::move(value));
        column.count.push_back(0);
      }
      known->second = same->second;
    }
  }
  *unreadable = known->second == kUnreadable;
  return *unreadable ? 0 : known->second;
}

int TableBuilder::Add(const std::vector<std::string_view>& cells) {
  int first_unreadable = -1;
  size_t at = 0;
  uint64_t content = 0;
  for (size_t f = 0; f < schema_->fields.size(); ++f) {
    const size_t columns = schema_->fields[f].columns.size();
    const std::vector<std::string_view> own(cells.begin() + at, cells.begin() + at + columns);
    at += columns;
    bool unreadable = false;
    const ValueId id = Intern(f, own, &unreadable);
    Column& column = table_.columns_[f];
    if (unreadable) {
      ++column.unreadable;
      if (first_unreadable < 0) first_unreadable = static_cast<int>(f);
    }
    column.id.push_back(id);
    ++column.count[id];
    for (std::string_view cell : own) content = HashCombine(content, HashBytes(cell));
  }
  table_.content_.push_back(content);
  ++table_.size_;
  return first_unreadable;
}

void TableBuilder::FindRepeats() {
  absl::flat_hash_map<std::vector<ValueId>, std::pair<uint32_t, uint32_t>> seen;  // first record, how many
  std::vector<ValueId> values(table_.fields());
  for (uint32_t i = 0; i < table_.size(); ++i) {
    if (i == table_.second_list_) seen.clear();
    for (size_t f = 0; f < values.size(); ++f) values[f] = table_.columns_[f].id[i];
    auto& [first, count] = seen.try_emplace(values, i, 0).first->second;
    table_.first_alike_.push_back(first);
    table_.content_[i] = HashCombine(table_.content_[i], count++);
  }
}

Table TableBuilder::Build() {
  table_.second_list_ = second_list_ == SIZE_MAX ? table_.size_ : second_list_;
  FindRepeats();
  by_raw_.clear();
  by_value_.clear();
  return std::move(table_);
}

}  // namespace libmpi::table
