// SPDX-License-Identifier: Apache-2.0
// Hash tables by text that are asked for views.
#ifndef LIBMPI_BASE_TEXT_MAP_H_
#define LIBMPI_BASE_TEXT_MAP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"

namespace libmpi {

struct TextHash {  // HashBytes: who has that need not hash a text again
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return static_cast<size_t>(HashBytes(text)); }
};

struct TextEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

// Key: std::string, or a view of what outlives the table. Where several tables, or shards of one, are asked for one
// text, it is hashed once: find(text, TextHash()(text)).
template <typename Value, typename Key = std::string>
using TextMap = absl::flat_hash_map<Key, Value, TextHash, TextEqual>;

}  // namespace libmpi

#endif  // LIBMPI_BASE_TEXT_MAP_H_
