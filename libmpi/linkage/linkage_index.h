// SPDX-License-Identifier: Apache-2.0
// What a run leaves so that a few more records can be brought in without all that it did before.
#ifndef LIBMPI_LINKAGE_LINKAGE_INDEX_H_
#define LIBMPI_LINKAGE_LINKAGE_INDEX_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/stage_store.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

// The arrays of an index, borrowed (as a rule from mapped files: what is not looked at is not read).
//
// A *node* is what records say: a distinct record. Nodes keep their numbers from night to night and are never
// taken out; one that no record says any more is dead. Records are numbered in the order of their keys.
struct IndexView {
  std::span<const EncodedRecord> nodes;     // their texts and further values are those below
  std::span<const uint64_t> contents;       // content_hash by node
  std::span<const uint64_t> keys;           // blocking keys, node after node
  std::span<const uint64_t> key_begin;      // into keys, one more than nodes
  std::span<const char> texts;              // one after the other, by TextId
  std::span<const uint64_t> text_begin;     // one more than texts
  std::span<const char> more;               // further values as PackMore() writes them
  std::span<const uint64_t> more_begin;     // by EncodedRecord::more, one more
  std::span<const Edge> edges;              // between nodes, a < b, at or above the lowest weight that is kept
  std::span<const uint32_t> node_of;        // by record
  std::span<const uint32_t> cluster;        // by record: smallest record of its cluster
};

// The names of the arrays, in the order of IndexView.
inline constexpr const char* kIndexArrays[] = {"nodes", "contents", "keys",  "key_begin", "texts",  "text_begin",
                                               "more",  "more_begin", "edges", "node_of",   "cluster"};
// Raise it whenever an array means something else than before.
inline constexpr int kIndexVersion = 2;

// Bytes as the array they are; empty where they are no whole number of items.
template <typename T>
std::span<const T> ItemsOf(std::string_view bytes) {
  if (bytes.size() % sizeof(T) != 0) return {};
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

// The view of arrays of which bytes_of(name) gives the bytes, for each of kIndexArrays.
template <typename BytesOf>
IndexView ViewOfArrays(const BytesOf& bytes_of) {
  return {ItemsOf<EncodedRecord>(bytes_of("nodes")), ItemsOf<uint64_t>(bytes_of("contents")),
          ItemsOf<uint64_t>(bytes_of("keys")),       ItemsOf<uint64_t>(bytes_of("key_begin")),
          ItemsOf<char>(bytes_of("texts")),          ItemsOf<uint64_t>(bytes_of("text_begin")),
          ItemsOf<char>(bytes_of("more")),           ItemsOf<uint64_t>(bytes_of("more_begin")),
          ItemsOf<Edge>(bytes_of("edges")),          ItemsOf<uint32_t>(bytes_of("node_of")),
          ItemsOf<uint32_t>(bytes_of("cluster"))};
}

// Whether the arrays fit each other: sizes, and ends of what is cut into pieces. O(1); items are checked as they are
// read.
absl::Status CheckIndex(const IndexView& index);

// As Dedupe(), and keeps an index of the run in `index`, from which Update() (update.h) goes on: some 350 bytes a
// record, only written to. What can't be kept is the call's error. Null: no index.
absl::StatusOr<LinkResult> DedupeKeepingIndex(size_t count, const RecordReader& reader, const LinkOptions& options,
                                              StageStore* index);

// Of records without repeats, before their keys are taken apart; all arrays but those of SaveIndexResult().
absl::Status SaveIndexNodes(const EncodedRecords& records, const DistinctRecords& distinct, int threads,
                            StageStore* store);
absl::Status SaveIndexResult(std::span<const Edge> edges, const std::vector<uint32_t>& cluster, StageStore* store);

// Further values as bytes and back; nothing where the bytes are none.
void PackMore(const MoreValues& more, std::string* out);
MoreValues UnpackMore(std::string_view bytes);

// The nodes of an index and those that are added to it.
class GrownNodes {
 public:
  explicit GrownNodes(const IndexView* index);

  // Adds the texts of encoded records, which may then be added one by one.
  void AddTexts(const EncodedRecords& records);
  // Adds record `i` of those, with its keys; the node's number.
  uint32_t Add(const EncodedRecords& records, size_t i);
  // Undoes the last Add().
  void TakeBackLast();

  size_t size() const { return index_->nodes.size() + nodes.size(); }
  const EncodedRecord& node(uint32_t n) const {
    return n < index_->nodes.size() ? index_->nodes[n] : nodes[n - index_->nodes.size()];
  }
  std::span<const uint64_t> keys_of(uint32_t n) const;
  std::string_view text(TextId id) const;
  size_t text_limit() const { return text_base_ + text_begin.size() - 1; }
  MoreValues more_of(const EncodedRecord& node) const;
  // Whether two nodes are what one distinct record is: all that is compared, and every key.
  bool SayTheSame(uint32_t a, uint32_t b) const;

  // What was added, as it follows the arrays of the index.
  std::vector<EncodedRecord> nodes;
  std::vector<uint64_t> contents, keys, key_begin;  // key_begin: the end of each
  std::string texts, more;
  std::vector<uint64_t> text_begin, more_begin;     // the end of each; text_begin has its first begin as well

  // Calls for_text(TextId*) for each of the texts of a node and its further values, always in the same order.
  template <typename ForText>
  static void ForEachText(EncodedRecord* node, MoreValues* more, const ForText& for_text) {
    const auto of_name = [&](EncodedName* n) {
      for (TextId* id : {&n->family_kanji, &n->given_kanji, &n->family_kana, &n->given_kana, &n->family_latin,
                         &n->given_latin})
        for_text(id);
    };
    const auto of_address = [&](EncodedAddress* a) {
      for_text(&a->city);
      for_text(&a->town);
    };
    of_name(&node->name);
    of_address(&node->address);
    for (EncodedName& n : more->names) of_name(&n);
    for (EncodedAddress& a : more->addresses) of_address(&a);
  }

 private:
  const IndexView* index_;
  size_t text_base_;    // of the texts that were added last
  uint64_t text_bytes_, more_bytes_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LINKAGE_INDEX_H_
