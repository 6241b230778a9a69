// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/key_changes.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/base/parallel.h"
#include "libmpi/linkage/blocks.h"

namespace libmpi {
namespace {

constexpr uint32_t kNoBlock = UINT32_MAX;

// A set of keys that most others are told from by one bit.
class KeySet {
 public:
  explicit KeySet(std::span<const uint64_t> keys) : keys_(keys.begin(), keys.end()), bits_(size_t{1} << (kBits - 6), 0) {
    for (uint64_t key : keys) bits_[PlaceOf(key) >> 6] |= uint64_t{1} << (PlaceOf(key) & 63);
  }
  bool MayContain(uint64_t key) const { return bits_[PlaceOf(key) >> 6] >> (PlaceOf(key) & 63) & 1; }
  bool Contains(uint64_t key) const { return keys_.contains(key); }

 private:
  static constexpr int kBits = 24;  // two mebibytes
  static size_t PlaceOf(uint64_t key) { return key >> (64 - kBits); }

  absl::flat_hash_set<uint64_t> keys_;
  std::vector<uint64_t> bits_;
};

// The nodes of some keys, of which taken(node) are looked at; by key.
template <typename Taken>
LargeArray<KeyedItem> NodesOfKeys(std::span<const uint64_t> keys, const GrownNodes& nodes, const IndexView& index,
                                   const Taken& taken, int threads) {
  const KeySet set(keys);
  constexpr size_t kGrain = size_t{1} << 15;
  const size_t known = index.nodes.size();
  std::vector<std::vector<KeyedItem>> found((nodes.size() + kGrain - 1) / kGrain);
  ParallelChunks(nodes.size(), kGrain, threads, [&](size_t begin, size_t end, int) {
    std::vector<KeyedItem>& out = found[begin / kGrain];
    const auto take = [&](uint64_t key, size_t n) {
      if (taken(static_cast<uint32_t>(n)) && set.Contains(key)) out.push_back({key, static_cast<uint32_t>(n)});
    };
    size_t n = begin;
    if (n < known) {
      const size_t last = std::min(end, known);
      for (uint64_t k = index.key_begin[n]; k < index.key_begin[last]; ++k) {
        if (!set.MayContain(index.keys[k])) continue;
        while (index.key_begin[n + 1] <= k) ++n;
        take(index.keys[k], n);
      }
      n = last;
    }
    for (; n < end; ++n)
      for (uint64_t key : nodes.keys_of(static_cast<uint32_t>(n))) take(key, n);
  });
  const auto source = [&](size_t slice, const auto& take) {
    const size_t end = found.size() * (slice + 1) / KeyPartitions::kSlices;
    for (size_t f = found.size() * slice / KeyPartitions::kSlices; f < end; ++f)
      for (const KeyedItem& item : found[f]) take(item.key, item.item);
  };
  size_t all = 0;
  for (const auto& part : found) all += part.size();
  return SortedItems(all, source, threads);
}

// The work on one key after the other; of one thread.
class KeyWork {
 public:
  explicit KeyWork(const NodeChange& change) : change_(change) {}

  // The key of `members`, sharpened `step` times: what changes.
  void Compare(std::span<KeyedItem> members, int step) {
    size_t came = 0, gone = 0;
    for (const KeyedItem& m : members) {
      came += !change_.WasThere(m.item);
      gone += !change_.IsThere(m.item);
    }
    if (came + gone == 0) return;
    const size_t most = Blocks::MostMembers(RuleOfKey(members.front().key), step);
    const bool block_before = members.size() - came <= most, block_after = members.size() - gone <= most;
    if (block_before && block_after) return Grow(members);
    if (!block_before && !block_after) {
      if (step < kRefinements) ForEachKey(Sharpened(members, step), [&](auto part) { Compare(part, step + 1); });
      return;
    }
    if (block_before) Part(members, step);
    else Join(members, step);
  }

  // The block of each of the members that stand for what is told by `counts`, kNoBlock for others; blocks are
  // numbered from `first` on. Gives the next number.
  template <typename Counts>
  uint32_t FindBlocks(std::span<const KeyedItem> members, int step, const Counts& counts, uint32_t first,
                      std::vector<std::pair<uint32_t, uint32_t>>* block_of) {
    std::vector<KeyedItem> own;
    for (const KeyedItem& m : members)
      if (counts(m.item)) own.push_back(m);
    return Number(own, step, first, block_of);
  }

  std::vector<uint64_t> gained, lost;

 private:
  std::span<KeyedItem> Sharpened(std::span<KeyedItem> members, int step) {
    for (KeyedItem& m : members) {
      const EncodedRecord& node = change_.nodes->node(m.item);
      m.key = RefinedKey(m.key, node, change_.nodes->text(node.address.city), step);
    }
    SortByKey(members, 0, &scratch_);
    return members;
  }

  uint32_t Number(std::span<KeyedItem> own, int step, uint32_t next,
                  std::vector<std::pair<uint32_t, uint32_t>>* block_of) {
    if (own.size() < 2) return next;
    if (own.size() <= Blocks::MostMembers(RuleOfKey(own.front().key), step)) {
      for (const KeyedItem& m : own) block_of->emplace_back(next, m.item);
      return next + 1;
    }
    if (step < kRefinements)
      ForEachKey(Sharpened(own, step), [&](auto part) { next = Number(part, step + 1, next, block_of); });
    return next;
  }

  bool IsNew(uint32_t n) const { return !change_.WasThere(n); }

  // All are together, before and after: who came meets all.
  void Grow(std::span<const KeyedItem> members) {
    for (size_t i = 0; i < members.size(); ++i) {
      const uint32_t a = members[i].item;
      if (!change_.IsThere(a)) continue;
      for (size_t j = i + 1; j < members.size(); ++j) {
        const uint32_t b = members[j].item;
        if (change_.IsThere(b) && (IsNew(a) || IsNew(b))) gained.push_back(PairKey(a, b));
      }
    }
  }

  // All were together, and there are too many of them now.
  void Part(std::span<const KeyedItem> members, int step) {
    std::vector<std::pair<uint32_t, uint32_t>> block_of;
    FindBlocks(members, step, [&](uint32_t n) { return change_.IsThere(n); }, 0, &block_of);
    absl::flat_hash_map<uint32_t, uint32_t> block;
    for (const auto& [b, n] : block_of) block[n] = b;
    std::vector<std::pair<uint32_t, uint32_t>> stay;  // node, block
    for (const KeyedItem& m : members) {
      if (!change_.WasThere(m.item) || !change_.IsThere(m.item)) continue;
      const auto it = block.find(m.item);
      stay.emplace_back(m.item, it == block.end() ? kNoBlock : it->second);
    }
    for (size_t i = 0; i < stay.size(); ++i)
      for (size_t j = i + 1; j < stay.size(); ++j)
        if (stay[i].second == kNoBlock || stay[i].second != stay[j].second)
          lost.push_back(PairKey(stay[i].first, stay[j].first));
    for (size_t begin = 0, end; begin < block_of.size(); begin = end) {
      end = begin + 1;
      while (end < block_of.size() && block_of[end].first == block_of[begin].first) ++end;
      for (size_t i = begin; i < end; ++i)
        for (size_t j = i + 1; j < end; ++j)
          if (IsNew(block_of[i].second) || IsNew(block_of[j].second))
            gained.push_back(PairKey(block_of[i].second, block_of[j].second));
    }
  }

  // There were too many of them, and all are together now.
  void Join(std::span<const KeyedItem> members, int step) {
    std::vector<std::pair<uint32_t, uint32_t>> block_of;
    FindBlocks(members, step, [&](uint32_t n) { return change_.WasThere(n); }, 0, &block_of);
    absl::flat_hash_map<uint32_t, uint32_t> block;
    for (const auto& [b, n] : block_of) block[n] = b;
    const auto before = [&](uint32_t n) {
      const auto it = block.find(n);
      return it == block.end() ? kNoBlock : it->second;
    };
    for (size_t i = 0; i < members.size(); ++i) {
      const uint32_t a = members[i].item;
      if (!change_.IsThere(a)) continue;
      for (size_t j = i + 1; j < members.size(); ++j) {
        const uint32_t b = members[j].item;
        if (change_.IsThere(b) && (before(a) == kNoBlock || before(a) != before(b))) gained.push_back(PairKey(a, b));
      }
    }
  }

  const NodeChange& change_;
  std::vector<KeyedItem> scratch_;
};

void SortOnce(std::vector<uint64_t>* pairs) {
  std::sort(pairs->begin(), pairs->end());
  pairs->erase(std::unique(pairs->begin(), pairs->end()), pairs->end());
}

}  // namespace

PairChanges ChangesOfKeys(const NodeChange& change, const IndexView& index, int threads) {
  std::vector<uint64_t> keys;
  for (uint32_t n = 0; n < change.nodes->size(); ++n)
    if (change.WasThere(n) != change.IsThere(n))
      for (uint64_t key : change.nodes->keys_of(n)) keys.push_back(key);
  SortOnce(&keys);
  PairChanges changes;
  if (keys.empty()) return changes;
  LargeArray<KeyedItem> items = NodesOfKeys(
      keys, *change.nodes, index, [&](uint32_t n) { return change.WasThere(n) || change.IsThere(n); }, threads);
  const std::vector<size_t> cut = CutBetweenKeys(items, size_t{1} << 14);
  std::vector<KeyWork> work(static_cast<size_t>(std::max(1, threads)), KeyWork(change));
  ParallelChunks(cut.size() - 1, 1, threads, [&](size_t c, size_t, int worker) {
    ForEachKey(std::span(items).subspan(cut[c], cut[c + 1] - cut[c]),
               [&](std::span<KeyedItem> members) { work[static_cast<size_t>(worker)].Compare(members, 0); });
  });
  for (KeyWork& w : work) {
    changes.gained.insert(changes.gained.end(), w.gained.begin(), w.gained.end());
    changes.lost.insert(changes.lost.end(), w.lost.begin(), w.lost.end());
  }
  SortOnce(&changes.gained);
  SortOnce(&changes.lost);
  return changes;
}

std::vector<uint64_t> PairsThatMeet(std::span<const uint64_t> pairs, const NodeChange& change, const IndexView& index,
                                    int threads) {
  std::vector<uint64_t> keys;
  const auto common_keys = [&](uint64_t pair, std::vector<uint64_t>* out) {
    const auto a = change.nodes->keys_of(static_cast<uint32_t>(pair >> 32)),
               b = change.nodes->keys_of(static_cast<uint32_t>(pair));
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(*out));
  };
  for (uint64_t pair : pairs) common_keys(pair, &keys);
  SortOnce(&keys);
  if (keys.empty()) return {};
  LargeArray<KeyedItem> items =
      NodesOfKeys(keys, *change.nodes, index, [&](uint32_t n) { return change.IsThere(n); }, threads);
  absl::flat_hash_map<std::pair<uint64_t, uint32_t>, uint32_t> block_of;  // by key and node
  KeyWork work(change);
  uint32_t next = 0;
  std::vector<std::pair<uint32_t, uint32_t>> blocks;
  ForEachKey(std::span(items), [&](std::span<KeyedItem> members) {
    const uint64_t key = members.front().key;
    blocks.clear();
    next = work.FindBlocks(members, 0, [](uint32_t) { return true; }, next, &blocks);
    for (const auto& [block, node] : blocks) block_of[{key, node}] = block;
  });
  std::vector<uint64_t> meet, common;
  for (uint64_t pair : pairs) {
    common.clear();
    common_keys(pair, &common);
    const bool together = std::any_of(common.begin(), common.end(), [&](uint64_t key) {
      const auto a = block_of.find({key, static_cast<uint32_t>(pair >> 32)}),
                 b = block_of.find({key, static_cast<uint32_t>(pair)});
      return a != block_of.end() && b != block_of.end() && a->second == b->second;
    });
    if (together) meet.push_back(pair);
  }
  return meet;
}

}  // namespace libmpi
