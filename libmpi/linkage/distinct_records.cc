// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/distinct_records.h"

#include <algorithm>
#include <numeric>

#include "libmpi/base/hash.h"
#include "libmpi/base/keyed_items.h"

namespace libmpi {
namespace {

std::span<const uint64_t> KeysOf(const EncodedRecords& records, uint32_t i) {
  return std::span(records.keys)
      .subspan(records.key_begin[i], records.key_begin[i + 1] - records.key_begin[i]);
}

bool SayTheSame(const EncodedRecords& all, uint32_t i, uint32_t j) {
  EncodedRecord a = all.records[i], b = all.records[j];
  if (a.content_hash != b.content_hash || all.more[a.more] != all.more[b.more]) return false;
  a.more = b.more = 0;  // where the further values are kept is no content
  return a == b && std::ranges::equal(KeysOf(all, i), KeysOf(all, j));
}

// first[i]: the first record that says what record i says.
std::vector<uint32_t> FirstOfEach(const EncodedRecords& all, size_t boundary, int threads) {
  const size_t n = all.records.size();
  const std::vector<KeyedItem> by_content = SortedByKey(
      n, [&](size_t i) { return HashCombine(all.records[i].content_hash, i < boundary); }, threads);
  std::vector<uint32_t> first(n);
  std::iota(first.begin(), first.end(), 0);
  std::vector<uint32_t> different;  // of those of one hash
  for (size_t begin = 0, end; begin < n; begin = end) {
    end = begin + 1;
    while (end < n && by_content[end].key == by_content[begin].key) ++end;
    // Equal hashes are equal records but for rare accidents, and for marks that are no content: few differ.
    different.assign(1, by_content[begin].item);
    for (size_t i = begin + 1; i < end; ++i) {
      const uint32_t record = by_content[i].item;
      const auto same = std::find_if(different.begin(), different.end(),
                                     [&](uint32_t other) { return SayTheSame(all, record, other); });
      if (same != different.end()) first[record] = *same;
      else different.push_back(record);
    }
  }
  return first;
}

void KeepOnly(const std::vector<uint32_t>& kept, EncodedRecords* all) {
  uint64_t keys = 0;
  std::vector<uint64_t> key_begin = {0};
  key_begin.reserve(kept.size() + 1);
  for (size_t d = 0; d < kept.size(); ++d) {
    const uint32_t i = kept[d];
    for (uint64_t k = all->key_begin[i]; k < all->key_begin[i + 1]; ++k) all->keys[keys++] = all->keys[k];
    key_begin.push_back(keys);
    all->records[d] = all->records[i];
  }
  all->records.resize(kept.size());
  all->keys.resize(keys);
  all->key_begin = std::move(key_begin);
}

}  // namespace

DistinctRecords::DistinctRecords(EncodedRecords* records, size_t boundary, int threads) {
  const std::vector<uint32_t> first = FirstOfEach(*records, boundary, threads);
  std::vector<uint32_t> kept;
  number_.resize(first.size());
  for (uint32_t i = 0; i < first.size(); ++i) {
    if (first[i] == i) kept.push_back(i);
    number_[i] = first[i] == i ? static_cast<uint32_t>(kept.size() - 1) : number_[first[i]];
    boundary_ += i < boundary && first[i] == i;
  }
  ListMembers(kept.size());
  KeepOnly(kept, records);
}

void DistinctRecords::ListMembers(size_t distinct) {
  begin_.assign(distinct + 1, 0);
  for (uint32_t d : number_) ++begin_[d + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  members_.resize(number_.size());
  std::vector<uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (uint32_t i = 0; i < number_.size(); ++i) members_[next[number_[i]]++] = i;
}

bool DistinctRecords::Read(size_t records, size_t distinct, StageParser* in) {
  uint64_t boundary;
  if (!in->Array(&number_) || !in->Value(&boundary) || number_.size() != records || boundary > distinct) return false;
  // Numbered in the order of their first records.
  uint32_t seen = 0;
  for (uint32_t d : number_) {
    if (d > seen || d >= distinct) return false;
    seen += d == seen;
  }
  if (seen != distinct) return false;
  boundary_ = boundary;
  ListMembers(distinct);
  return true;
}

}  // namespace libmpi
