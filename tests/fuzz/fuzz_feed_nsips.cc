// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips.h"
#include "tests/fuzz/feed_in_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  libmpi::TryFeed(data, size, libmpi::NewNsipsParser);
  return 0;
}
