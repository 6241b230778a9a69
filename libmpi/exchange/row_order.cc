// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/row_order.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "libmpi/base/parallel.h"

namespace libmpi {
namespace {

// A source with more rows is sorted in parts side by side.
constexpr size_t kPart = size_t{1} << 16;

struct Entry {
  uint64_t prefix;  // of the id, as a number in its order
  uint32_t row;
};

class Order {
 public:
  Order(AcceptedRows* rows, int threads) : rows_(*rows), threads_(threads), entries_(rows->rows.size(), rows->rows.get_allocator()) {}

  std::vector<uint32_t> Sort() {
    const std::vector<size_t> ends = PutBySource();
    std::vector<Part> parts;
    for (size_t g = 0, begin = 0; g < ends.size(); begin = ends[g++]) Cut(begin, ends[g], &parts);
    ParallelChunks(parts.size(), 1, threads_, [&](size_t p, size_t, int) { SortPart(parts[p]); });
    Merge(std::move(parts));
    return PutRows(ends);
  }

 private:
  struct Part {
    size_t begin, end;
    size_t common;  // bytes that all ids of the source begin with
    size_t source_begin;
  };

  const RowRef& RowOf(const Entry& entry) const { return rows_.rows[entry.row]; }

  // Entries by list and source; the ends of those that have any.
  std::vector<size_t> PutBySource() {
    const size_t sources = rows_.sources.size();
    const auto group = [&](const RowRef& row) { return static_cast<size_t>(rows_.List(row)) * sources + row.source; };
    std::vector<size_t> next(2 * sources + 1, 0);
    for (const RowRef& row : rows_.rows) ++next[group(row) + 1];
    for (size_t g = 1; g < next.size(); ++g) next[g] += next[g - 1];
    for (uint32_t r = 0; r < rows_.rows.size(); ++r) entries_[next[group(rows_.rows[r])]++].row = r;
    next.pop_back();
    next.erase(std::unique(next.begin(), next.end()), next.end());
    if (!next.empty() && next.front() == 0) next.erase(next.begin());
    return next;
  }

  void Cut(size_t begin, size_t end, std::vector<Part>* parts) {
    const size_t count = std::max<size_t>(1, std::min((end - begin) / kPart, 4 * static_cast<size_t>(threads_)));
    const size_t common = count > 1 ? CommonPrefixOfAll(begin, end) : SIZE_MAX;
    for (size_t p = 0; p < count; ++p)
      parts->push_back({begin + (end - begin) * p / count, begin + (end - begin) * (p + 1) / count, common, begin});
  }

  size_t CommonPrefix(size_t begin, size_t end) const {
    const std::string_view first = rows_.Id(RowOf(entries_[begin]));
    size_t common = first.size();
    for (size_t e = begin + 1; e < end && common > 0; ++e) {
      const std::string_view id = rows_.Id(RowOf(entries_[e]));
      common = std::min(common, id.size());
      if (std::memcmp(first.data(), id.data(), common) == 0) continue;
      common = static_cast<size_t>(std::mismatch(first.begin(), first.begin() + static_cast<ptrdiff_t>(common),
                                                 id.begin()).first - first.begin());
    }
    return common;
  }

  // Same of a large source. All ids are compared with a first one, so that the least of its chunks holds.
  size_t CommonPrefixOfAll(size_t begin, size_t end) const {
    const std::string_view first = rows_.Id(RowOf(entries_[begin]));
    std::vector<size_t> common((end - begin) / kPart + 1, first.size());
    ParallelChunks(end - begin, kPart, threads_, [&](size_t from, size_t to, int) {
      size_t shared = CommonPrefix(begin + from, begin + to);
      const std::string_view id = rows_.Id(RowOf(entries_[begin + from]));
      shared = std::min({shared, first.size(), id.size()});
      common[from / kPart] = static_cast<size_t>(
          std::mismatch(id.begin(), id.begin() + static_cast<ptrdiff_t>(shared), first.begin()).first - id.begin());
    });
    return *std::min_element(common.begin(), common.end());
  }

  static uint64_t PrefixOf(std::string_view id) {
    unsigned char bytes[8] = {};
    std::memcpy(bytes, id.data(), std::min<size_t>(8, id.size()));
    uint64_t prefix = 0;
    for (unsigned char byte : bytes) prefix = prefix << 8 | byte;  // no id has a NUL
    return prefix;
  }

  bool IsLess(const Entry& a, const Entry& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const RowRef &x = RowOf(a), &y = RowOf(b);
    if (const int order = rows_.Id(x).compare(rows_.Id(y)); order != 0) return order < 0;
    if (const int order = rows_.Bytes(x).compare(rows_.Bytes(y)); order != 0) return order < 0;
    return x.file != y.file ? x.file < y.file : x.begin < y.begin;
  }

  void SortPart(const Part& part) {
    const size_t common = part.common == SIZE_MAX ? CommonPrefix(part.begin, part.end) : part.common;
    for (size_t e = part.begin; e < part.end; ++e)
      entries_[e].prefix = PrefixOf(rows_.Id(RowOf(entries_[e])).substr(common));
    const auto less = [this](const Entry& a, const Entry& b) { return IsLess(a, b); };
    const auto begin = entries_.begin() + static_cast<ptrdiff_t>(part.begin);
    const auto end = entries_.begin() + static_cast<ptrdiff_t>(part.end);
    if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
  }

  // Neighbouring parts of one source, until each source is one.
  void Merge(std::vector<Part> parts) {
    for (bool merged = true; merged;) {
      std::vector<Part> left;
      std::vector<std::pair<size_t, size_t>> joined;  // in `left`, and where its second half begins
      for (size_t p = 0; p < parts.size(); ++p) {
        left.push_back(parts[p]);
        if (p + 1 == parts.size() || parts[p + 1].source_begin != parts[p].source_begin) continue;
        joined.emplace_back(left.size() - 1, parts[p].end);
        left.back().end = parts[++p].end;
      }
      ParallelChunks(joined.size(), 1, threads_, [&](size_t j, size_t, int) {
        const Part& part = left[joined[j].first];
        const auto at = [this](size_t e) { return entries_.begin() + static_cast<ptrdiff_t>(e); };
        std::inplace_merge(at(part.begin), at(joined[j].second), at(part.end),
                           [this](const Entry& a, const Entry& b) { return IsLess(a, b); });
      });
      merged = !joined.empty();
      parts = std::move(left);
    }
  }

  std::vector<uint32_t> PutRows(const std::vector<size_t>& source_ends) {
    constexpr size_t kChunk = size_t{1} << 14;
    LargeArray<RowRef> sorted(entries_.size(), rows_.rows.get_allocator());
    std::vector<std::vector<uint32_t>> begins((entries_.size() + kChunk - 1) / kChunk);
    ParallelChunks(entries_.size(), kChunk, threads_, [&](size_t begin, size_t end, int) {
      auto source_end = std::upper_bound(source_ends.begin(), source_ends.end(), begin);
      bool source_begins = begin == 0 || (source_end != source_ends.begin() && *std::prev(source_end) == begin);
      for (size_t e = begin; e < end; ++e) {
        sorted[e] = RowOf(entries_[e]);
        if (e == *source_end) source_begins = true, ++source_end;
        if (source_begins || entries_[e].prefix != entries_[e - 1].prefix ||
            rows_.Id(sorted[e]) != rows_.Id(RowOf(entries_[e - 1])))
          begins[begin / kChunk].push_back(static_cast<uint32_t>(e));
        source_begins = false;
      }
    });
    rows_.rows = std::move(sorted);
    std::vector<uint32_t> first_row;
    size_t records = 1;
    for (const auto& chunk : begins) records += chunk.size();
    first_row.reserve(records);
    for (const auto& chunk : begins) first_row.insert(first_row.end(), chunk.begin(), chunk.end());
    first_row.push_back(static_cast<uint32_t>(entries_.size()));
    return first_row;
  }

  AcceptedRows& rows_;
  int threads_;
  LargeArray<Entry> entries_;
};

}  // namespace

std::vector<uint32_t> SortRows(AcceptedRows* rows, int threads) { return Order(rows, threads).Sort(); }

}  // namespace libmpi
