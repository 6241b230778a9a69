// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/stranger_entries.h"

namespace libmpi::pix {

bool StrangerEntries::Take(const std::string& address, int64_t now) {
  const std::lock_guard lock(mutex_);
  if (of_address_.empty()) began_ = now;
  const bool room = of_address_.size() < bounds_.of_all || of_address_.contains(address);
  Messages& messages = of_address_[room ? address : ""];
  if (messages.noted >= bounds_.of_address || noted_ >= bounds_.of_all) {
    ++messages.left_out;
    return false;
  }
  ++messages.noted;
  ++noted_;
  return true;
}

std::vector<StrangerEntries::LeftOut> StrangerEntries::TakeLeftOut(int64_t now) {
  const std::lock_guard lock(mutex_);
  // A clock that was set back ends it too.
  if (of_address_.empty() || (now >= began_ && now - began_ < kMinute)) return {};
  return EndLocked();
}

std::vector<StrangerEntries::LeftOut> StrangerEntries::TakeAllLeftOut() {
  const std::lock_guard lock(mutex_);
  return EndLocked();
}

std::vector<StrangerEntries::LeftOut> StrangerEntries::EndLocked() {
  std::vector<LeftOut> left_out;
  for (const auto& [address, messages] : of_address_)
    if (messages.left_out > 0) left_out.push_back({address, messages.left_out});
  of_address_.clear();
  noted_ = 0;
  return left_out;
}

}  // namespace libmpi::pix
