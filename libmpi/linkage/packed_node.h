// SPDX-License-Identifier: Apache-2.0
// What one distinct record says, as bytes that stand by themselves.
#ifndef LIBMPI_LINKAGE_PACKED_NODE_H_
#define LIBMPI_LINKAGE_PACKED_NODE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/text_dictionary.h"

namespace libmpi {

// Two records say the same, so that they are one node, if and only if these bytes are equal: all that is compared and
// every blocking key is in them, nothing else. They depend on neither machine nor dictionary.
//
// The bytes: a version (kPackedNodeVersion); the number of blocking keys, and the keys, little-endian; then numbers
// (seven bits a byte, the lowest first) and texts (length, bytes) in the order of EncodedRecord and MoreValues, each
// list with its length before it.
//
// DO NOT CHANGE what a version's bytes mean: stores keep them.
std::string PackNode(const EncodedRecord& record, const MoreValues& more, const TextDictionary& texts,
                     std::span<const uint64_t> keys);

// The same where texts stand elsewhere.
std::string PackNode(const EncodedRecord& record, const MoreValues& more,
                     const std::function<std::string_view(TextId)>& text, std::span<const uint64_t> keys);

inline constexpr uint8_t kPackedNodeVersion = 1;

// A node with its further values; its texts are numbered in `texts`, and record.more is 0.
struct UnpackedNode {
  EncodedRecord record;
  MoreValues more;
  std::vector<uint64_t> keys;
};
// kDataLoss where the bytes are no node's. Linear, bounded by the bytes.
absl::Status UnpackNode(std::string_view bytes, TextDictionary* texts, UnpackedNode* out);

// The blocking keys alone, sorted; kDataLoss as above.
absl::Status UnpackKeys(std::string_view bytes, std::vector<uint64_t>* keys);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_PACKED_NODE_H_
