// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/near_kanji.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kListed = 0x10000;  // code points with a bit of their own

struct NearTable {
  absl::flat_hash_map<char32_t, std::vector<char32_t>> near;
  std::vector<bool> listed = std::vector<bool>(kListed, false);  // most characters are not

  NearTable() {
    for (const auto& row : ParseTsv(EmbeddedTable("kanji_near.tsv"))) {
      if (row.size() < 2 || row[0].empty() || row[1].empty()) continue;
      size_t at_a = 0, at_b = 0;
      const char32_t a = NextCodePoint(row[0], &at_a), b = NextCodePoint(row[1], &at_b);
      for (const auto& [x, y] : {std::pair{a, b}, std::pair{b, a}}) {
        std::vector<char32_t>& of_x = near[x];
        if (std::find(of_x.begin(), of_x.end(), y) == of_x.end()) of_x.push_back(y);
        if (x < kListed) listed[x] = true;
      }
    }
  }
};

}  // namespace

std::span<const char32_t> NearKanjiOf(char32_t kanji) {
  static const NearTable* const table = new NearTable();
  if (kanji < kListed && !table->listed[kanji]) return {};
  const auto it = table->near.find(kanji);
  return it == table->near.end() ? std::span<const char32_t>() : std::span<const char32_t>(it->second);
}

bool AreNearKanji(char32_t a, char32_t b) {
  const std::span<const char32_t> near = NearKanjiOf(a);
  return std::find(near.begin(), near.end(), b) != near.end();
}

}  // namespace libmpi
