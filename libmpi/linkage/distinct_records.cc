// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/distinct_records.h"

#include <algorithm>
#include <numeric>

#include "libmpi/base/hash.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/linkage/birth_neighbourhood.h"

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
LargeArray<uint32_t> FirstOfEach(const EncodedRecords& all, size_t boundary, int threads) {
  const size_t n = all.records.size();
  const LargeArray<KeyedItem> by_content = SortedByKey(
      n, [&](size_t i) { return HashCombine(all.records[i].content_hash, i < boundary); }, threads, all.space());
  LargeArray<uint32_t> first(n, all.space());
  std::iota(first.begin(), first.end(), 0);
  for (size_t begin = 0, end; begin < n; begin = end) {
    end = begin + 1;
    while (end < n && by_content[end].key == by_content[begin].key) ++end;
    for (size_t i = begin + 1; i < end; ++i) {
      // Equal hashes are equal records but for rare accidents: the first one almost always fits.
      for (size_t j = begin; j < i; ++j) {
        const uint32_t other = by_content[j].item;
        if (first[other] != other || !SayTheSame(all, by_content[i].item, other)) continue;
        first[by_content[i].item] = other;
        break;
      }
    }
  }
  return first;
}

// The records to keep, each at its new place.
void KeepOnly(const LargeArray<uint32_t>& first, const LargeArray<uint32_t>& number, size_t kept, EncodedRecords* all) {
  const auto for_each_kept = [&](const auto& take) {
    for (uint32_t i = 0; i < first.size(); ++i)
      if (first[i] == i) take(i, number[i]);
  };
  LargeArray<uint64_t> key_begin(kept + 1, 0, all->space());
  for_each_kept([&](uint32_t i, uint32_t d) { key_begin[d + 1] = all->key_begin[i + 1] - all->key_begin[i]; });
  std::partial_sum(key_begin.begin(), key_begin.end(), key_begin.begin());
  LargeArray<uint64_t> keys(key_begin.back(), all->space());
  for_each_kept([&](uint32_t i, uint32_t d) {
    std::copy(all->keys.begin() + static_cast<ptrdiff_t>(all->key_begin[i]),
              all->keys.begin() + static_cast<ptrdiff_t>(all->key_begin[i + 1]),
              keys.begin() + static_cast<ptrdiff_t>(key_begin[d]));
  });
  all->keys = std::move(keys);
  all->key_begin = std::move(key_begin);
  LargeArray<EncodedRecord> records(kept, all->space());
  for_each_kept([&](uint32_t i, uint32_t d) { records[d] = all->records[i]; });
  all->records = std::move(records);
}

}  // namespace

DistinctRecords::DistinctRecords(EncodedRecords* records, size_t boundary, int threads)
    : begin_(records->space()), members_(records->space()), number_(records->space()) {
  const LargeArray<uint32_t> first = FirstOfEach(*records, boundary, threads);
  const auto group = [&](uint32_t i) {
    return (i < boundary ? 0 : kNeighbourhoods) + NeighbourhoodOf(records->records[i].birth);
  };
  std::vector<uint32_t> next(2 * kNeighbourhoods + 1, 0);
  for (uint32_t i = 0; i < first.size(); ++i)
    if (first[i] == i) ++next[group(i) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  const size_t kept = next.back();
  boundary_ = next[kNeighbourhoods];
  number_.resize(first.size());
  for (uint32_t i = 0; i < first.size(); ++i) number_[i] = first[i] == i ? next[group(i)]++ : number_[first[i]];
  ListMembers(kept);
  KeepOnly(first, number_, kept, records);
}

void DistinctRecords::ListMembers(size_t distinct) {
  begin_.assign(distinct + 1, 0);
  for (uint32_t d : number_) ++begin_[d + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  members_.resize(number_.size());
  LargeArray<uint32_t> next(begin_.begin(), begin_.end() - 1, begin_.get_allocator());
  for (uint32_t i = 0; i < number_.size(); ++i) members_[next[number_[i]]++] = i;
}

bool DistinctRecords::Read(size_t records, size_t distinct, StageParser* in) {
  uint64_t boundary;
  if (!in->Array(&number_) || !in->Value(&boundary) || number_.size() != records || boundary > distinct) return false;
  std::vector<bool> seen(distinct, false);
  for (uint32_t d : number_) {
    if (d >= distinct) return false;
    seen[d] = true;
  }
  if (std::find(seen.begin(), seen.end(), false) != seen.end()) return false;
  boundary_ = boundary;
  ListMembers(distinct);
  return true;
}

}  // namespace libmpi
