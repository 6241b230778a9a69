// SPDX-License-Identifier: Apache-2.0
// Sorting numbered items by 64-bit hashes: partitions by the high bits, then buckets within the cache.
#ifndef LIBMPI_BASE_KEYED_ITEMS_H_
#define LIBMPI_BASE_KEYED_ITEMS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/base/huge_pages.h"
#include "libmpi/base/parallel.h"

namespace libmpi {

struct KeyedItem {
  uint64_t key;
  uint32_t item;
  bool operator==(const KeyedItem&) const = default;
};

// Stable: items of one key stay in their order. The highest `known_bits` of all keys must be the same. Fast
// where keys are hashes: O(n) then, O(n log n) at worst. `scratch` is overwritten.
inline void SortByKey(std::span<KeyedItem> items, int known_bits, std::vector<KeyedItem>* scratch) {
  constexpr size_t kFew = 32;
  constexpr int kMostBits = 12;  // whose buckets' ends stay in the nearest cache
  if (items.size() <= kFew) {
    for (size_t i = 1; i < items.size(); ++i) {
      const KeyedItem moved = items[i];
      size_t j = i;
      for (; j > 0 && items[j - 1].key > moved.key; --j) items[j] = items[j - 1];
      items[j] = moved;
    }
    return;
  }
  const auto by_key = [](const KeyedItem& x, const KeyedItem& y) { return x.key < y.key; };
  if (known_bits >= 64 || std::is_sorted(items.begin(), items.end(), by_key)) return;
  const int bits = std::min({static_cast<int>(std::bit_width(items.size())), kMostBits, 64 - known_bits});
  const auto bucket_of = [=](uint64_t key) { return (key << known_bits) >> (64 - bits); };
  std::vector<uint32_t> end((size_t{1} << bits) + 1, 0);
  for (const KeyedItem& i : items) ++end[bucket_of(i.key) + 1];
  for (size_t b = 1; b < end.size(); ++b) end[b] += end[b - 1];
  if (scratch->size() < items.size()) scratch->resize(items.size());
  for (const KeyedItem& i : items) (*scratch)[end[bucket_of(i.key)]++] = i;
  std::copy_n(scratch->begin(), items.size(), items.begin());
  for (size_t b = 0, begin = 0; b + 1 < end.size(); begin = end[b++])
    if (end[b] - begin > 1) SortByKey(items.subspan(begin, end[b] - begin), known_bits + bits, scratch);
}

// Items of many keys, gathered by ranges of partitions, so that not all of them need be held at once.
// A source is called as source(slice, take) and calls take(key, item) for the items of a slice, the same
// every time; slices follow each other.
class KeyPartitions {
 public:
  static constexpr size_t kSlices = 16;

  // Counts. `items`: how many there will be, about.
  template <typename Source>
  KeyPartitions(size_t items, const Source& source, int threads)
      : bits_(std::clamp(static_cast<int>(std::bit_width(items / kItemsAPartition)), kFewestBits, kMostBits)),
        count_(kSlices, std::vector<size_t>(size(), 0)) {
    ParallelChunks(kSlices, 1, threads, [&](size_t slice, size_t, int) {
      size_t* const count = count_[slice].data();
      source(slice, [&](uint64_t key, uint32_t) { ++count[PartitionOf(key)]; });
    });
  }

  size_t size() const { return size_t{1} << bits_; }
  // Highest bits that all keys of a partition have in common.
  int known_bits() const { return bits_; }
  size_t PartitionOf(uint64_t key) const { return key >> (64 - bits_); }
  size_t CountOf(size_t partition) const {
    size_t count = 0;
    for (const std::vector<size_t>& slice : count_) count += slice[partition];
    return count;
  }

  // The items of partitions [first, last), partition after partition, within one in the source's order.
  template <typename Source, typename Array>
  void Gather(size_t first, size_t last, const Source& source, int threads, Array* out) const {
    size_t all = 0;
    std::vector<std::vector<size_t>> next(kSlices, std::vector<size_t>(last - first));
    for (size_t p = first; p < last; ++p)
      for (size_t slice = 0; slice < kSlices; ++slice) {
        next[slice][p - first] = all;
        all += count_[slice][p];
      }
    if (all > out->capacity()) AssignInHugePages(all, out, threads);
    out->resize(all);
    ParallelChunks(kSlices, 1, threads, [&](size_t slice, size_t, int) {
      size_t* const place = next[slice].data();
      KeyedItem* const items = out->data();
      source(slice, [&](uint64_t key, uint32_t item) {
        const size_t p = PartitionOf(key) - first;  // below first: wraps to beyond last
        if (p < last - first) items[place[p]++] = {key, item};
      });
    });
  }

 private:
  static constexpr size_t kItemsAPartition = 8192;
  static constexpr int kFewestBits = 6, kMostBits = 14;

  int bits_;
  std::vector<std::vector<size_t>> count_;  // by slice and partition
};

// Calls visit(items) for the items of each key; those of one key must stand together.
template <typename Item, typename Visit>
void ForEachKey(std::span<Item> items, const Visit& visit) {
  for (size_t begin = 0, end; begin < items.size(); begin = end) {
    end = begin + 1;
    while (end < items.size() && items[end].key == items[begin].key) ++end;
    visit(items.subspan(begin, end - begin));
  }
}

// Where ranges of about `grain` items begin and, last, end, none of which parts a key; items of a key stand together.
inline std::vector<size_t> CutBetweenKeys(std::span<const KeyedItem> items, size_t grain) {
  std::vector<size_t> cut = {0};
  while (cut.back() < items.size()) {
    size_t end = std::min(items.size(), cut.back() + grain);
    while (end < items.size() && items[end].key == items[end - 1].key) ++end;
    cut.push_back(end);
  }
  return cut;
}

// The items of a source (of KeyPartitions), `count` or about so many, by key, of one key in the source's order.
// `space`: for the items.
template <typename Source>
LargeArray<KeyedItem> SortedItems(size_t count, const Source& source, int threads, ArraySpace* space = nullptr) {
  const KeyPartitions partitions(count, source, threads);
  LargeArray<KeyedItem> sorted(space);
  partitions.Gather(0, partitions.size(), source, threads, &sorted);
  std::vector<size_t> begin(partitions.size() + 1, 0);
  for (size_t p = 0; p < partitions.size(); ++p) begin[p + 1] = begin[p] + partitions.CountOf(p);
  std::vector<std::vector<KeyedItem>> scratch(std::max(threads, 1));
  ParallelChunks(partitions.size(), 1, threads, [&](size_t p, size_t, int worker) {
    SortByKey(std::span(sorted).subspan(begin[p], begin[p + 1] - begin[p]), partitions.known_bits(), &scratch[worker]);
  });
  return sorted;
}

// The items 0 .. count - 1 by key, of one key ascending. key_of(i) must be the same every time. `space`: for the items.
template <typename KeyOf>
LargeArray<KeyedItem> SortedByKey(size_t count, const KeyOf& key_of, int threads, ArraySpace* space = nullptr) {
  const auto source = [&](size_t slice, const auto& take) {
    const size_t end = count * (slice + 1) / KeyPartitions::kSlices;
    for (size_t i = count * slice / KeyPartitions::kSlices; i < end; ++i) take(key_of(i), static_cast<uint32_t>(i));
  };
  return SortedItems(count, source, threads, space);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_KEYED_ITEMS_H_
