// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/near_kanji.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kListed = 0x10000;  // code points with a bit of their own

struct NearTable {
  absl::flat_hash_set<uint64_t> pairs;
  std::vector<bool> listed = std::vector<bool>(kListed, false);  // most characters are not

  NearTable() {
    for (const auto& row : ParseTsv(EmbeddedTable("kanji_near.tsv"))) {
      if (row.size() < 2 || row[0].empty() || row[1].empty()) continue;
      size_t at_a = 0, at_b = 0;
      const char32_t a = NextCodePoint(row[0], &at_a), b = NextCodePoint(row[1], &at_b);
      for (const auto& [x, y] : {std::pair{a, b}, std::pair{b, a}}) {
        pairs.insert(uint64_t{x} << 32 | y);
        if (x < kListed) listed[x] = true;
      }
    }
  }
};

}  // namespace

bool AreNearKanji(char32_t a, char32_t b) {
  static const NearTable* const near = new NearTable();
  if (a < kListed && !near->listed[a]) return false;
  return near->pairs.contains(uint64_t{a} << 32 | b);
}

}  // namespace libmpi
