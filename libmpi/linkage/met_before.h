// SPDX-License-Identifier: Apache-2.0
// Which members of a block meet in other blocks, all pairs of the block at once.
#ifndef LIBMPI_LINKAGE_MET_BEFORE_H_
#define LIBMPI_LINKAGE_MET_BEFORE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace libmpi {

// Scratch of one thread. Linear in what is added, where a look at each pair would be quadratic.
class MetBefore {
 public:
  static constexpr size_t kMostMembers = 64;

  // Begins a block of so many members.
  void Start(size_t members) {
    members_ = members;
    std::fill_n(met_.begin(), members, 0);
    used_ = 0;
    if (++turn_ == 0) {  // the stamps of 4 billion blocks ago would count again
      for (Slot& slot : slots_) slot.turn = 0;
      turn_ = 1;
    }
  }

  // Member i stands in another block too. Members must be added from the last to the first.
  void Add(size_t i, uint32_t block) {
    if (2 * used_ >= slots_.size()) Grow();
    Slot& slot = Find(block);
    if (slot.turn != turn_) {
      slot = {block, turn_, 0};
      ++used_;
    }
    met_[i] |= slot.members;
    slot.members |= uint64_t{1} << i;
  }

  // Calls visit(j), ascending, for each j > i that shares none of the added blocks with i.
  template <typename Visit>
  void ForEachStranger(size_t i, const Visit& visit) const {
    const uint64_t all = members_ == kMostMembers ? ~uint64_t{0} : (uint64_t{1} << members_) - 1;
    const uint64_t later = i + 1 < kMostMembers ? all & (~uint64_t{0} << (i + 1)) : 0;
    for (uint64_t left = later & ~met_[i]; left != 0; left &= left - 1)
      visit(static_cast<size_t>(std::countr_zero(left)));
  }

 private:
  struct Slot {
    uint32_t block = 0;
    uint32_t turn = 0;      // of Start(); another than this one's: empty
    uint64_t members = 0;   // that stand in it
  };

  Slot& Find(uint32_t block) {
    size_t place = (block * 0x9e3779b1u) >> shift_;
    while (slots_[place].turn == turn_ && slots_[place].block != block) place = (place + 1) & (slots_.size() - 1);
    return slots_[place];
  }

  void Grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    --shift_;
    for (const Slot& slot : old)
      if (slot.turn == turn_) Find(slot.block) = slot;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  int shift_ = 22;  // 32 - log2 of the slots
  uint32_t turn_ = 0;
  size_t used_ = 0;
  size_t members_ = 0;
  std::array<uint64_t, kMostMembers> met_{};
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_MET_BEFORE_H_
