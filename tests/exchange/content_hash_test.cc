// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/content_hash.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

TEST(ContentHashTest, IsHashBytesOfEachText) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> texts(random() % 9);
    for (std::string& text : texts)
      for (size_t n = random() % (round % 10 == 0 ? 500 : 40); n > 0; --n) text += static_cast<char>(random());
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const std::vector<uint64_t> hashes = HashTexts(views, 1 + static_cast<int>(random() % 4));
    ASSERT_EQ(hashes.size(), texts.size());
    for (size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(hashes[i], HashBytes(texts[i]));
  }
}

}  // namespace
}  // namespace libmpi
