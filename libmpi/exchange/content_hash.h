// SPDX-License-Identifier: Apache-2.0
// HashBytes of many texts.
#ifndef LIBMPI_EXCHANGE_CONTENT_HASH_H_
#define LIBMPI_EXCHANGE_CONTENT_HASH_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace libmpi {

// HashBytes of each. A hash is one chain of multiplications that wait for one another; up to four chains
// at once hide that: some four times as fast as one after another. Files go to threads by size.
std::vector<uint64_t> HashTexts(std::span<const std::string_view> texts, int threads);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_CONTENT_HASH_H_
