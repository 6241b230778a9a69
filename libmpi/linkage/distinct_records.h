// SPDX-License-Identifier: Apache-2.0
// Records that say the same, once.
#ifndef LIBMPI_LINKAGE_DISTINCT_RECORDS_H_
#define LIBMPI_LINKAGE_DISTINCT_RECORDS_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/base/stage_codec.h"
#include "libmpi/linkage/encoder.h"

namespace libmpi {

// A set of records without its exact repeats (design "Deciding" 1): repeats are compared once, to
// save work, and count as often as they stand there. Distinct records are numbered by their birth dates (those before
// the boundary first), of one date in an order that their content gives; where arrays need not be in memory, of
// neighbouring dates in the order of their first records. Most records that meet in a block have the birth date in
// common, and what is compared lies near each other. Immutable after construction.
class DistinctRecords {
 public:
  // Of none. `space`: where Read() puts arrays; null: memory.
  explicit DistinctRecords(ArraySpace* space = nullptr) : begin_(space), members_(space), number_(space) {}

  // Takes the repeats out of `records`: afterwards it holds the distinct ones only, in their new order. Two
  // records are repeats if everything that is compared, and every blocking key, is the same, and if both
  // stand before or both behind `boundary` (of two lists, where the second begins): those before it are
  // numbered first. O(n); besides `records`, a second copy of its keys; in a space of its records, too.
  DistinctRecords(EncodedRecords* records, size_t boundary, int threads = 1);

  // How many there are, and how many records with their repeats.
  size_t records() const { return number_.size(); }
  // From the distinct record of each record, numbered in the order of their first records.
  static DistinctRecords FromNumbers(const std::vector<uint32_t>& number, size_t distinct) {
    DistinctRecords out;
    out.number_.assign(number.begin(), number.end());
    out.ListMembers(distinct);
    return out;
  }

  size_t size() const { return begin_.empty() ? 0 : begin_.size() - 1; }
  // The records that say what distinct record `d` says, ascending.
  std::span<const uint32_t> RecordsOf(uint32_t d) const {
    return {members_.data() + begin_[d], begin_[d + 1] - begin_[d]};
  }
  uint32_t FirstOf(uint32_t d) const { return members_[begin_[d]]; }
  uint64_t CountOf(uint32_t d) const { return repeated_[d] ? begin_[d + 1] - begin_[d] : 1; }
  uint32_t NumberOf(uint32_t record) const { return number_[record]; }
  std::span<const uint32_t> numbers() const { return number_; }  // by record
  // How many distinct records stand before the boundary.
  size_t boundary() const { return boundary_; }
  // Whether one of two distinct records stands before it and the other does not.
  bool AreOfTwoLists(uint32_t a, uint32_t b) const { return (a < boundary_) != (b < boundary_); }

  // Repeats of one record that are paired with each other, and with the repeats of another, one by
  // one, in EM and in lists of links: as many as a block may hold. The rest count in clusters and
  // are linked to their first record, else a thousand repeats were half a million rows.
  static constexpr uint64_t kMostPairedRepeats = 30;
  uint64_t PairedCountOf(uint32_t d) const { return std::min(CountOf(d), kMostPairedRepeats); }

  // For a run that is killed and goes on; what is written is borrowed. Read: false where these are none of
  // `records` records of which `distinct` are distinct.
  void Write(StageWriter* out) const {
    out->Array(number_);
    out->Value(uint64_t{boundary_});
  }
  bool Read(size_t records, size_t distinct, StageParser* in);

 private:
  // Number all records, and set the boundary. Return which records are kept, in their new order, and how many.
  std::vector<uint32_t> NumberInOrder(const LargeArray<KeyedItem>& in_order, const LargeArray<uint32_t>& first,
                                      size_t boundary);
  size_t NumberByNeighbourhood(const EncodedRecords& records, const LargeArray<uint32_t>& first, size_t boundary);
  // Makes the lists of members from number_.
  void ListMembers(size_t distinct);

  LargeArray<uint32_t> begin_;    // into members_, one more than distinct records
  LargeArray<uint32_t> members_;
  LargeArray<uint32_t> number_;   // by record
  std::vector<bool> repeated_;    // by distinct record: as few bits as all of them stay in the cache
  size_t boundary_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_DISTINCT_RECORDS_H_
