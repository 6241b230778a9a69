// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/distinct_records.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/base/huge_pages.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/base/parallel.h"
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

// Days since 1880 where months had 31 days, 0 for those unknown or before; below 2^16.
uint64_t PlaceOfDate(EncodedDate birth) {
  constexpr int kFirstYear = 1880, kLast = (1 << 16) - 1;
  const int days = ((YearOf(birth) - kFirstYear) * 12 + MonthOf(birth)) * 31 + DayOf(birth);
  return static_cast<uint64_t>(std::clamp(days, 0, kLast));
}

// What distinct records are numbered by; the same for repeats.
uint64_t OrderKey(const EncodedRecord& record, bool behind_boundary) {
  return uint64_t{behind_boundary} << 63 | PlaceOfDate(record.birth) << 47 | MixBits(record.content_hash) >> 17;
}

// Records by OrderKey.
LargeArray<KeyedItem> InOrder(const EncodedRecords& all, size_t boundary, int threads) {
  return SortedByKey(
      all.records.size(), [&](size_t i) { return OrderKey(all.records[i], i >= boundary); }, threads, all.space());
}

// first[i]: the first record that says what record i says.
LargeArray<uint32_t> FirstOfEach(const EncodedRecords& all, const LargeArray<KeyedItem>& in_order) {
  const size_t n = in_order.size();
  LargeArray<uint32_t> first(n, all.space());
  std::iota(first.begin(), first.end(), 0);
  std::vector<uint32_t> different;  // of those of one hash
  ForEachKey(std::span(in_order), [&](std::span<const KeyedItem> of_hash) {
    // Equal hashes are equal records but for rare accidents, and for marks that are no content: few differ.
    different.assign(1, of_hash.front().item);
    for (const auto& [key, record] : of_hash.subspan(1)) {
      const auto same = std::find_if(different.begin(), different.end(),
                                     [&, record = record](uint32_t other) { return SayTheSame(all, record, other); });
      if (same != different.end()) first[record] = *same;
      else different.push_back(record);
    }
  });
  return first;
}

// kept[d]: which key list is to be the d-th.
void ArrangeKeys(const std::vector<uint32_t>& kept, int threads, EncodedRecords* all) {
  LargeArray<uint64_t> begin(kept.size() + 1, 0);
  for (size_t d = 0; d < kept.size(); ++d)
    begin[d + 1] = begin[d] + all->key_begin[kept[d] + 1] - all->key_begin[kept[d]];
  LargeArray<uint64_t> keys;
  AssignInHugePages(begin.back(), &keys, threads);
  ParallelChunks(kept.size(), 4096, threads, [&](size_t first, size_t last, int) {
    constexpr size_t kAhead = 12;
    for (size_t d = first; d < last; ++d) {
      if (d + kAhead < last) __builtin_prefetch(&all->keys[all->key_begin[kept[d + kAhead]]]);
      std::ranges::copy(KeysOf(*all, kept[d]), keys.begin() + static_cast<ptrdiff_t>(begin[d]));
    }
  });
  all->keys.swap(keys);
  all->key_begin.swap(begin);
}

// Of arrays that need not be in memory: old places are read, and new ones of a neighbourhood written, in order, each
// record to the place that `number` says.
void MoveInStreams(const LargeArray<uint32_t>& first, const LargeArray<uint32_t>& number, size_t kept, EncodedRecords* all) {
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

// Puts record source[d] at place d, in place, for records are most of the memory: a record goes where another one just
// left. Such chains of moves are cut at every kSpacing-th place, whose record is kept aside, so that several
// threads work on them. What is at a place that no d takes from is lost.
class Arranger {
 public:
  // Overwrites `source`.
  Arranger(std::vector<uint32_t>* source, LargeArray<EncodedRecord>* records)
      : source_(*source), records_(*records), places_(static_cast<uint32_t>(source->size())) {}

  // is_taken(d): whether the record at place d goes anywhere.
  template <typename IsTaken>
  void Arrange(const IsTaken& is_taken, int threads) {
    for (uint32_t place = 0; place < places_; place += kSpacing) aside_.push_back(records_[place]);
    ParallelChunks(places_, 1 << 14, threads, [&](size_t begin, size_t end, int) {
      for (auto place = static_cast<uint32_t>(begin); place < end; ++place)
        if (IsCut(place) || !is_taken(place)) Follow(place);
    });
    for (uint32_t place = 0; place < places_; ++place)
      if (source_[place] != place) TurnRound(place);
    records_.resize(places_);
  }

 private:
  static constexpr uint32_t kSpacing = 64;
  static constexpr int kAhead = 6;

  static bool IsCut(uint32_t place) { return place % kSpacing == 0; }
  bool IsEnd(uint32_t place) const { return place >= places_ || IsCut(place); }

  void Prefetch(uint32_t place) const {
    const auto* const soon = reinterpret_cast<const char*>(&records_[place]);
    for (size_t line = 0; line < sizeof(EncodedRecord); line += 64) __builtin_prefetch(soon + line);
  }

  // The chain of moves that begins at a place, up to the next cut or a record behind all places.
  void Follow(uint32_t to) {
    uint32_t ahead = to;
    bool ended = false;
    const auto look_ahead = [&] {
      if (ended) return;
      ahead = source_[ahead];
      ended = IsEnd(ahead);
      Prefetch(ahead);
    };
    for (int i = 0; i < kAhead; ++i) look_ahead();
    while (true) {
      look_ahead();
      const uint32_t from = std::exchange(source_[to], to);
      if (IsEnd(from)) {
        records_[to] = from < places_ ? aside_[from / kSpacing] : records_[from];
        return;
      }
      records_[to] = records_[from];
      to = from;
    }
  }

  // A ring of moves without a cut.
  void TurnRound(uint32_t start) {
    const EncodedRecord first = records_[start];
    for (uint32_t to = start; source_[to] != to;) {
      const uint32_t from = std::exchange(source_[to], to);
      records_[to] = from == start ? first : records_[from];
      to = from;
    }
  }

  std::vector<uint32_t>& source_;
  LargeArray<EncodedRecord>& records_;
  const uint32_t places_;
  std::vector<EncodedRecord> aside_;
};

}  // namespace

DistinctRecords::DistinctRecords(EncodedRecords* records, size_t boundary, int threads)
    : begin_(records->space()), members_(records->space()), number_(records->space()) {
  LargeArray<KeyedItem> in_order = InOrder(*records, boundary, threads);
  const LargeArray<uint32_t> first = FirstOfEach(*records, in_order);
  AssignInHugePages(first.size(), &number_);
  if (records->space() == nullptr) {
    std::vector<uint32_t> kept = NumberInOrder(in_order, first, boundary);
    LargeArray<KeyedItem>().swap(in_order);
    ListMembers(kept.size());
    ArrangeKeys(kept, threads, records);
    Arranger(&kept, &records->records).Arrange([&](uint32_t i) { return first[i] == i; }, threads);
  } else {
    in_order = LargeArray<KeyedItem>(records->space());
    const size_t kept = NumberByNeighbourhood(*records, first, boundary);
    ListMembers(kept);
    MoveInStreams(first, number_, kept, records);
  }
}

std::vector<uint32_t> DistinctRecords::NumberInOrder(const LargeArray<KeyedItem>& in_order,
                                                     const LargeArray<uint32_t>& first, size_t boundary) {
  std::vector<uint32_t> kept;
  for (const KeyedItem& item : in_order)
    if (first[item.item] == item.item) kept.push_back(item.item);
  for (uint32_t d = 0; d < kept.size(); ++d) {
    number_[kept[d]] = d;
    boundary_ += kept[d] < boundary;
  }
  for (uint32_t i = 0; i < first.size(); ++i) number_[i] = number_[first[i]];
  return kept;
}

size_t DistinctRecords::NumberByNeighbourhood(const EncodedRecords& records, const LargeArray<uint32_t>& first,
                                              size_t boundary) {
  const auto group = [&](uint32_t i) {
    return (i < boundary ? 0 : kNeighbourhoods) + NeighbourhoodOf(records.records[i].birth);
  };
  std::vector<uint32_t> next(2 * kNeighbourhoods + 1, 0);
  for (uint32_t i = 0; i < first.size(); ++i)
    if (first[i] == i) ++next[group(i) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  const size_t kept = next.back();
  boundary_ = next[kNeighbourhoods];
  for (uint32_t i = 0; i < first.size(); ++i) number_[i] = first[i] == i ? next[group(i)]++ : number_[first[i]];
  return kept;
}

void DistinctRecords::ListMembers(size_t distinct) {
  AssignInHugePages(distinct + 1, &begin_);
  for (uint32_t d : number_) ++begin_[d + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  AssignInHugePages(number_.size(), &members_);
  LargeArray<uint32_t> next(begin_.begin(), begin_.end() - 1, begin_.get_allocator());
  for (uint32_t i = 0; i < number_.size(); ++i) members_[next[number_[i]]++] = i;
  repeated_.assign(distinct, false);
  for (size_t d = 0; d < distinct; ++d) repeated_[d] = begin_[d + 1] - begin_[d] != 1;
}

bool DistinctRecords::Read(size_t records, size_t distinct, StageParser* in) {
  uint64_t boundary;
  if (!in->Array(&number_) || !in->Value(&boundary) || number_.size() != records || boundary > distinct) return false;
  if (std::ranges::any_of(number_, [distinct](uint32_t d) { return d >= distinct; })) return false;
  boundary_ = boundary;
  ListMembers(distinct);
  for (size_t d = 0; d < distinct; ++d)
    if (begin_[d] == begin_[d + 1]) return false;
  return true;
}

}  // namespace libmpi
