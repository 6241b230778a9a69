// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/content_hash.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"

namespace libmpi {
namespace {

constexpr int kLanes = 4;

struct Lane {
  const unsigned char* at;
  size_t left;
  uint64_t hash;
  size_t text;
};

uint64_t Load(const unsigned char* bytes, size_t n) {
  uint64_t word = 0;
  for (size_t i = 0; i < n; ++i) word |= uint64_t{bytes[i]} << (8 * i);
  return word;
}

uint64_t LoadWord(const unsigned char* bytes) { return Load(bytes, 8); }

template <int kCount>
void Advance(Lane* lanes, size_t words) {
  uint64_t hash[kCount];
  for (int k = 0; k < kCount; ++k) hash[k] = lanes[k].hash;
  for (size_t w = 0; w < words; ++w)
    for (int k = 0; k < kCount; ++k) hash[k] = HashCombine(hash[k], LoadWord(lanes[k].at + 8 * w));
  for (int k = 0; k < kCount; ++k) {
    lanes[k].hash = hash[k];
    lanes[k].at += 8 * words;
    lanes[k].left -= 8 * words;
  }
}

void HashTogether(std::span<const std::string_view> texts, std::span<const size_t> which,
                  std::vector<uint64_t>* hashes) {
  Lane lanes[kLanes];
  int count = 0;
  size_t next = 0;
  while (count > 0 || next < which.size()) {
    while (count < kLanes && next < which.size()) {
      const std::string_view text = texts[which[next]];
      // An empty text's hash is its beginning.
      lanes[count++] = {reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                        MixBits(text.size() * 0x9e3779b97f4a7c15ULL), which[next++]};
    }
    const size_t words = std::min_element(lanes, lanes + count, [](const Lane& a, const Lane& b) {
                           return a.left < b.left;
                         })->left / 8;
    switch (count) {
      case 4: Advance<4>(lanes, words); break;
      case 3: Advance<3>(lanes, words); break;
      case 2: Advance<2>(lanes, words); break;
      default: Advance<1>(lanes, words); break;
    }
    for (int k = 0; k < count;) {
      if (lanes[k].left >= 8) {
        ++k;
        continue;
      }
      (*hashes)[lanes[k].text] =
          lanes[k].left > 0 ? HashCombine(lanes[k].hash, Load(lanes[k].at, lanes[k].left)) : lanes[k].hash;
      lanes[k] = lanes[--count];
    }
  }
}

}  // namespace

std::vector<uint64_t> HashTexts(std::span<const std::string_view> texts, int threads) {
  std::vector<uint64_t> hashes(texts.size());
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return texts[a].size() > texts[b].size(); });
  // The largest first, each to who has least.
  const size_t workers = std::min<size_t>(static_cast<size_t>(threads), std::max<size_t>(1, texts.size()));
  std::vector<std::vector<size_t>> of(workers);
  std::vector<size_t> bytes(workers, 0);
  for (size_t text : order) {
    const size_t least = static_cast<size_t>(std::min_element(bytes.begin(), bytes.end()) - bytes.begin());
    of[least].push_back(text);
    bytes[least] += texts[text].size();
  }
  ParallelChunks(workers, 1, threads, [&](size_t w, size_t, int) { HashTogether(texts, of[w], &hashes); });
  return hashes;
}

}  // namespace libmpi
