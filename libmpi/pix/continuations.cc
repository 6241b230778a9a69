// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/continuations.h"

#include <openssl/rand.h>

#include <utility>

#include "absl/strings/escaping.h"

namespace libmpi::pix {

absl::StatusOr<std::string> Continuations::Keep(const std::string& party, Continuation continuation, int64_t now) {
  unsigned char random[16];
  if (RAND_bytes(random, sizeof random) != 1) return absl::InternalError("no random numbers are to be had");
  const std::string name = absl::BytesToHexString({reinterpret_cast<const char*>(random), sizeof random});
  const std::lock_guard lock(mutex_);
  Expire(now);
  if (of_party_[party] >= bounds_.most) RemoveOldestOf(party);
  if (kept_.size() >= bounds_.most_of_all && !by_age_.empty()) {
    const std::string oldest = by_age_.front();
    by_age_.pop_front();
    Remove(oldest);
  }
  ++of_party_[party];
  by_age_.push_back(name);
  kept_.emplace(name, Kept{party, std::move(continuation), now + bounds_.milliseconds});
  return name;
}

std::optional<Continuation> Continuations::Find(const std::string& party, const std::string& name, int64_t now) {
  const std::lock_guard lock(mutex_);
  Expire(now);
  const auto it = kept_.find(name);
  if (it == kept_.end() || it->second.party != party) return std::nullopt;
  return it->second.continuation;
}

bool Continuations::Cancel(const std::string& party, const std::string& tag, int64_t now) {
  const std::lock_guard lock(mutex_);
  Expire(now);
  std::vector<std::string> names;
  for (const auto& [name, kept] : kept_)
    if (kept.party == party && kept.continuation.matches->tag == tag) names.push_back(name);
  for (const std::string& name : names) Remove(name);
  return !names.empty();
}

// All are kept equally long, so that the oldest go first.
void Continuations::Expire(int64_t now) {
  while (!by_age_.empty()) {
    const auto it = kept_.find(by_age_.front());
    if (it != kept_.end() && it->second.until > now) return;
    Remove(by_age_.front());
    by_age_.pop_front();
  }
}

void Continuations::RemoveOldestOf(const std::string& party) {
  for (auto name = by_age_.begin(); name != by_age_.end(); ++name) {
    const auto it = kept_.find(*name);
    if (it == kept_.end() || it->second.party != party) continue;
    Remove(*name);
    by_age_.erase(name);
    return;
  }
}

void Continuations::Remove(const std::string& name) {
  const auto it = kept_.find(name);
  if (it == kept_.end()) return;
  const auto count = of_party_.find(it->second.party);
  if (count != of_party_.end() && --count->second == 0) of_party_.erase(count);
  kept_.erase(it);
}

}  // namespace libmpi::pix
