// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_LINKAGE_CONTENT_HASHER_H_
#define LIBMPI_LINKAGE_CONTENT_HASHER_H_

#include <cstdint>
#include <string_view>

#include "libmpi/base/hash.h"

namespace libmpi {

// Hashes everything that is compared of a record, kind by kind, in order.
class ContentHasher {
 public:
  explicit ContentHasher(uint64_t so_far = 0) : hash_(so_far) {}
  void Add(std::string_view text) { AddHash(HashBytes(text)); }
  void AddHash(uint64_t hash_of_text) { hash_ = HashCombine(hash_, hash_of_text); }
  void Add(uint64_t value) { hash_ = HashCombine(hash_, value); }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_CONTENT_HASHER_H_
