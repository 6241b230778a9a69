// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocks.h"

#include <array>
#include <memory>
#include <utility>

#include "libmpi/base/huge_pages.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/linkage/birth_neighbourhood.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/run_bounds.h"

namespace libmpi {
namespace {

// Keys of so many records' entries are held at once, or of an eighth of them where they are more.
constexpr size_t kEntriesAtOnce = 6'000'000;
constexpr size_t kMostRounds = 8;
// Parts of the key space whose blocks are made by one worker; results do not depend on how many.
constexpr size_t kParts = 64;

// Blocks of smaller keys first, of keys refined once after those that were not, and so on.
// Of the hash two bits make room for the step; the rule is kept: a name in kana only has one hash for two rules.
uint64_t RankOf(uint64_t key, int step) {
  return static_cast<uint64_t>(step) << 62 | key >> 6 << 4 | static_cast<uint64_t>(RuleOfKey(key));
}

uint64_t PairsOf(uint64_t size) { return size * (size - 1) / 2; }

struct Extent {
  uint64_t blocks = 0, members = 0;
};

// Blocks of one part of the key space.
struct Part {
  // `entries`: how many there are to take; in memory, room that nobody touches costs nothing, and room that grows is
  // paid for again and again.
  Part(size_t entries, ArraySpace* space) : members(space), size(space), neighbourhood(space), rank(space) {
    if (space != nullptr) return;
    members.reserve(entries);
    size.reserve(entries / 2);
    neighbourhood.reserve(entries / 2);
    rank.reserve(entries / 2);
  }
  LargeArray<uint32_t> members;
  LargeArray<uint16_t> size, neighbourhood;  // by block
  LargeArray<uint64_t> rank;                 // by block
  std::array<Extent, kNeighbourhoods> extent{};
  std::array<BlockingRuleReport, kBlockingRules> report;
};

// Makes the blocks of one part.
class PartMaker {
 public:
  PartMaker(const EncodedRecords& records, const LargeArray<uint16_t>& neighbourhood, Part* part)
      : records_(records), neighbourhood_(neighbourhood), part_(*part) {}

  // Entries by key, records ascending within one.
  void Take(std::span<KeyedItem> entries, int known_bits) {
    SortByKey(entries, known_bits, &scratch_);
    TakeEachKey(entries, 0);
  }

 private:
  BlockingRuleReport& ReportOf(uint64_t key) { return part_.report[static_cast<size_t>(RuleOfKey(key))]; }

  void TakeEachKey(std::span<KeyedItem> entries, int step) {
    ForEachKey(entries, [&](std::span<KeyedItem> of_key) {
      if (of_key.size() > 1) TakeKey(of_key, step);
    });
  }

  // The entries of one key that was refined `step` times.
  void TakeKey(std::span<KeyedItem> entries, int step) {
    if (entries.size() <= Blocks::MostMembers(RuleOfKey(entries.front().key), step)) return AddBlock(entries, step);
    BlockingRuleReport& rule = ReportOf(entries.front().key);
    if (step == kRefinements) {
      rule.unreached_pairs += PairsOf(entries.size());
      rule.refined_apart -= PairsOf(entries.size());
      return;
    }
    if (step == 0) {
      ++rule.refined_keys;
      rule.refined_apart += PairsOf(entries.size());
    }
    Refine(entries, step);
  }

  void Refine(std::span<KeyedItem> entries, int step) {
    constexpr size_t kAhead = 16;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i + kAhead < entries.size()) __builtin_prefetch(&records_.records[entries[i + kAhead].item].birth);
      entries[i].key = RefinedKey(entries[i].key, records_.records[entries[i].item], records_.texts, step);
    }
    SortByKey(entries, 0, &scratch_);
    TakeEachKey(entries, step + 1);
  }

  void AddBlock(std::span<const KeyedItem> entries, int step) {
    const uint64_t key = entries.front().key;
    BlockingRuleReport& rule = ReportOf(key);
    ++rule.keys;
    rule.pairs += PairsOf(entries.size());
    if (step > 0) rule.refined_apart -= PairsOf(entries.size());
    for (const KeyedItem& entry : entries) part_.members.push_back(entry.item);
    const uint16_t neighbourhood = neighbourhood_[entries.front().item];
    part_.size.push_back(static_cast<uint16_t>(entries.size()));
    part_.neighbourhood.push_back(neighbourhood);
    part_.rank.push_back(RankOf(key, step));
    ++part_.extent[neighbourhood].blocks;
    part_.extent[neighbourhood].members += entries.size();
  }

  const EncodedRecords& records_;
  const LargeArray<uint16_t>& neighbourhood_;
  Part& part_;
  std::vector<KeyedItem> scratch_;
};

std::vector<std::unique_ptr<Part>> MakeParts(const EncodedRecords& records, int threads) {
  const size_t n = records.records.size();
  LargeArray<uint16_t> neighbourhood(n);
  ParallelChunks(n, 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) neighbourhood[i] = NeighbourhoodOf(records.records[i].birth);
  });
  const auto source = [&](size_t slice, const auto& take) {
    const auto end = static_cast<uint32_t>(n * (slice + 1) / KeyPartitions::kSlices);
    for (auto i = static_cast<uint32_t>(n * slice / KeyPartitions::kSlices); i < end; ++i)
      for (uint64_t k = records.key_begin[i]; k < records.key_begin[i + 1]; ++k) take(records.keys[k], i);
  };
  const KeyPartitions partitions(records.keys.size(), source, threads);
  const size_t partitions_a_part = partitions.size() / kParts;
  const size_t at_once = std::max(kEntriesAtOnce, records.keys.size() / kMostRounds);
  std::vector<std::unique_ptr<Part>> parts(kParts);
  LargeArray<KeyedItem> entries(records.space());
  for (size_t first = 0, last; first < kParts; first = last) {
    std::vector<size_t> begin = {0};  // into entries, by partition
    const auto add_part = [&](size_t part) {
      for (size_t p = part * partitions_a_part; p < (part + 1) * partitions_a_part; ++p)
        begin.push_back(begin.back() + partitions.CountOf(p));
    };
    for (last = first; last < kParts && (last == first || begin.back() < at_once); ++last) add_part(last);
    partitions.Gather(first * partitions_a_part, last * partitions_a_part, source, threads, &entries);
    ParallelChunks(last - first, 1, threads, [&](size_t i, size_t, int) {
      const size_t entries_of_part = begin[(i + 1) * partitions_a_part] - begin[i * partitions_a_part];
      parts[first + i] = std::make_unique<Part>(entries_of_part, records.space());
      PartMaker maker(records, neighbourhood, parts[first + i].get());
      for (size_t p = i * partitions_a_part; p < (i + 1) * partitions_a_part; ++p)
        maker.Take(std::span(entries).subspan(begin[p], begin[p + 1] - begin[p]), partitions.known_bits());
    });
  }
  return parts;
}

// Whether a block's key stayed common to the last refinement.
bool IsLastResort(const Part& part, size_t block) {
  return part.rank[block] >> 62 == kRefinements && part.size[block] > Blocks::kMostCommonKey;
}

// The largest size of such blocks, so that together they have at most so many pairs.
size_t LargestThatFits(const std::vector<std::unique_ptr<Part>>& parts, uint64_t most_pairs) {
  std::array<uint64_t, Blocks::kMostCommonRefinedKey + 1> pairs{};  // by size
  for (const std::unique_ptr<Part>& part : parts)
    for (size_t block = 0; block < part->size.size(); ++block)
      if (IsLastResort(*part, block)) pairs[part->size[block]] += PairsOf(part->size[block]);
  uint64_t sum = 0;
  size_t size = 0;
  while (size + 1 < pairs.size() && sum + pairs[size + 1] <= most_pairs) sum += pairs[++size];
  return size;
}

// Leaves out such blocks of more members; their pairs are unreached.
void DropLarger(size_t largest, Part* part) {
  size_t kept = 0, kept_members = 0, member = 0;
  for (size_t block = 0; block < part->size.size(); ++block) {
    const size_t size = part->size[block], begin = member;
    member += size;
    if (IsLastResort(*part, block) && size > largest) {
      BlockingRuleReport& rule = part->report[part->rank[block] & 15];
      --rule.keys;
      rule.pairs -= PairsOf(size);
      rule.unreached_pairs += PairsOf(size);
      Extent& extent = part->extent[part->neighbourhood[block]];
      --extent.blocks;
      extent.members -= size;
      continue;
    }
    std::copy_n(part->members.begin() + static_cast<ptrdiff_t>(begin), size,
                part->members.begin() + static_cast<ptrdiff_t>(kept_members));
    kept_members += size;
    part->size[kept] = part->size[block];
    part->neighbourhood[kept] = part->neighbourhood[block];
    part->rank[kept++] = part->rank[block];
  }
  part->members.resize(kept_members);
  part->size.resize(kept);
  part->neighbourhood.resize(kept);
  part->rank.resize(kept);
}

}  // namespace

Blocks::Blocks(EncodedRecords* records, int threads, const std::function<void()>& keys_read)
    : Blocks(records, threads, MostRefinedPairs(records->records.size()), keys_read) {}

Blocks::Blocks(EncodedRecords* records, int threads, uint64_t most_refined_pairs, const std::function<void()>& keys_read)
    : members_(records->space()), size_(records->space()), rank_(records->space()), blocks_begin_(records->space()),
      blocks_of_(records->space()) {
  std::vector<std::unique_ptr<Part>> parts = MakeParts(*records, threads);
  if (const size_t largest = LargestThatFits(parts, most_refined_pairs); largest < kMostCommonRefinedKey)
    ParallelChunks(parts.size(), 1, threads, [&](size_t p, size_t, int) { DropLarger(largest, parts[p].get()); });
  keys_read();
  records->ForgetKeys();
  report_.resize(kBlockingRules);
  for (int r = 0; r < kBlockingRules; ++r) {
    report_[r].rule = std::string(BlockingRuleName(static_cast<BlockingRule>(r)));
    for (const std::unique_ptr<Part>& part : parts) {
      const BlockingRuleReport& rule = part->report[r];
      report_[r].keys += rule.keys;
      report_[r].pairs += rule.pairs;
      report_[r].refined_keys += rule.refined_keys;
      report_[r].refined_apart += rule.refined_apart;
      report_[r].unreached_pairs += rule.unreached_pairs;
    }
  }
  // Extents become places: neighbourhood after neighbourhood, in each the parts in order.
  Extent all;
  for (size_t place = 0; place < kNeighbourhoods; ++place)
    for (const std::unique_ptr<Part>& part : parts) {
      const Extent extent = part->extent[place];
      part->extent[place] = all;
      all.blocks += extent.blocks;
      all.members += extent.members;
    }
  AssignInHugePages(all.members, &members_, threads);
  AssignInHugePages(all.blocks, &size_);
  AssignInHugePages(all.blocks, &rank_, threads);
  ParallelChunks(parts.size(), 1, threads, [&](size_t p, size_t, int) {
    Part& part = *parts[p];
    const uint32_t* members = part.members.data();
    for (size_t block = 0; block < part.size.size(); ++block) {
      Extent& place = part.extent[part.neighbourhood[block]];
      const uint16_t size = part.size[block];
      size_[place.blocks] = size;
      rank_[place.blocks] = part.rank[block];
      std::copy_n(members, size, members_.begin() + static_cast<ptrdiff_t>(place.members));
      ++place.blocks;
      place.members += size;
      members += size;
    }
    parts[p].reset();
  });
  uint64_t begin = 0;
  for (size_t block = 0; block < size_.size(); ++block) {
    if (block % kBlocksAChunk == 0) chunk_begin_.push_back(begin);
    begin += size_[block];
  }
  IndexByRecord(records->records.size(), threads);
}

// Slices of the blocks are counted and then written side by side, each slice's own blocks in their order.
void Blocks::IndexByRecord(size_t records, int threads) {
  constexpr size_t kMostSlices = 4;
  const size_t slices = std::clamp<size_t>(static_cast<size_t>(threads), 1, kMostSlices);
  const auto for_each_member = [&](size_t slice, const auto& take) {
    const size_t first = chunk_count() * slice / slices, last = chunk_count() * (slice + 1) / slices;
    if (first == last) return;
    const uint32_t* member = members_.data() + chunk_begin_[first];
    const size_t end = std::min(size_.size(), last * kBlocksAChunk);
    for (size_t block = first * kBlocksAChunk; block < end; ++block)
      for (size_t i = 0; i < size_[block]; ++i) take(*member++, static_cast<uint32_t>(block));
  };
  // By slice and record; below a record's begin.
  std::vector<LargeArray<uint32_t>> next(slices, LargeArray<uint32_t>(members_.get_allocator()));
  ParallelChunks(slices, 1, threads, [&](size_t slice, size_t, int) {
    AssignInHugePages(records, &next[slice]);
    for_each_member(slice, [&](uint32_t record, uint32_t) { ++next[slice][record]; });
  });
  AssignInHugePages(records + 1, &blocks_begin_);
  uint64_t begin = 0;
  for (size_t i = 0; i < records; ++i) {
    blocks_begin_[i] = begin;
    uint32_t before = 0;
    for (size_t slice = 0; slice < slices; ++slice) before += std::exchange(next[slice][i], before);
    begin += before;
  }
  blocks_begin_[records] = begin;
  AssignInHugePages(begin, &blocks_of_, threads);
  ParallelChunks(slices, 1, threads, [&](size_t slice, size_t, int) {
    for_each_member(slice, [&](uint32_t record, uint32_t block) {
      blocks_of_[blocks_begin_[record] + next[slice][record]++] = block;
    });
  });
}

uint64_t Blocks::raw_pairs() const {
  uint64_t pairs = 0;
  for (const BlockingRuleReport& rule : report_) pairs += rule.pairs;
  return pairs;
}

}  // namespace libmpi
