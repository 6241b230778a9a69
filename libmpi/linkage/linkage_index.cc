// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/linkage_index.h"

#include <algorithm>
#include <cstring>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

template <typename T>
absl::Status SaveArray(std::string_view name, std::span<const T> items, StageStore* store) {
  const std::string_view bytes(reinterpret_cast<const char*>(items.data()), items.size_bytes());
  return store->Save(name, {&bytes, 1});
}

template <typename T, typename Allocator>
absl::Status SaveArray(std::string_view name, const std::vector<T, Allocator>& items, StageStore* store) {
  return SaveArray(name, std::span<const T>(items), store);
}

bool Cuts(std::span<const uint64_t> begin, size_t size) {
  return !begin.empty() && begin.front() == 0 && begin.back() == size;
}

template <typename T>
void PackList(const std::vector<T>& list, std::string* out) {
  const auto size = static_cast<uint32_t>(list.size());
  out->append(reinterpret_cast<const char*>(&size), sizeof size);
  out->append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
}

template <typename T>
bool UnpackList(std::string_view* bytes, std::vector<T>* list) {
  uint32_t size;
  if (bytes->size() < sizeof size) return false;
  std::memcpy(&size, bytes->data(), sizeof size);
  bytes->remove_prefix(sizeof size);
  if (size > bytes->size() / sizeof(T)) return false;
  list->resize(size);
  if (size != 0) std::memcpy(list->data(), bytes->data(), size * sizeof(T));
  bytes->remove_prefix(size * sizeof(T));
  return true;
}

}  // namespace

absl::Status CheckIndex(const IndexView& index) {
  if (index.contents.size() != index.nodes.size() || index.key_begin.size() != index.nodes.size() + 1 ||
      !Cuts(index.key_begin, index.keys.size()) || !Cuts(index.text_begin, index.texts.size()) ||
      !Cuts(index.more_begin, index.more.size()) || index.cluster.size() != index.node_of.size())
    return absl::DataLossError("the index of the previous run is damaged");
  return absl::OkStatus();
}

void PackMore(const MoreValues& more, std::string* out) {
  PackList(more.names, out);
  PackList(more.coverages, out);
  PackList(more.addresses, out);
  PackList(more.phones, out);
  PackList(more.births, out);
  PackList(more.care, out);
}

MoreValues UnpackMore(std::string_view bytes) {
  MoreValues more;
  if (!bytes.empty() && UnpackList(&bytes, &more.names) && UnpackList(&bytes, &more.coverages) &&
      UnpackList(&bytes, &more.addresses) && UnpackList(&bytes, &more.phones) && UnpackList(&bytes, &more.births) &&
      UnpackList(&bytes, &more.care) && bytes.empty())
    return more;
  return {};
}

absl::Status SaveIndexNodes(const EncodedRecords& records, const DistinctRecords& distinct, int threads,
                            StageStore* store) {
  LIBMPI_RETURN_IF_ERROR(SaveArray("nodes", records.records, store));
  {
    std::vector<uint64_t> contents(records.records.size());
    ParallelChunks(contents.size(), 1 << 14, threads, [&](size_t begin, size_t end, int) {
      for (size_t i = begin; i < end; ++i) contents[i] = records.records[i].content_hash;
    });
    LIBMPI_RETURN_IF_ERROR(SaveArray("contents", contents, store));
  }
  LIBMPI_RETURN_IF_ERROR(SaveArray("keys", records.keys, store));
  LIBMPI_RETURN_IF_ERROR(SaveArray("key_begin", records.key_begin, store));
  const auto save_pieces = [&](size_t size, const auto& append, std::string_view bytes_name,
                               std::string_view begin_name) -> absl::Status {
    std::string bytes;
    std::vector<uint64_t> begin = {0};
    begin.reserve(size + 1);
    for (size_t i = 0; i < size; ++i) {
      append(i, &bytes);
      begin.push_back(bytes.size());
    }
    LIBMPI_RETURN_IF_ERROR(SaveArray(bytes_name, std::span<const char>(bytes), store));
    return SaveArray(begin_name, begin, store);
  };
  LIBMPI_RETURN_IF_ERROR(save_pieces(
      records.texts.id_limit(),
      [&](size_t id, std::string* out) { out->append(records.texts.text(static_cast<TextId>(id))); }, "texts",
      "text_begin"));
  LIBMPI_RETURN_IF_ERROR(save_pieces(
      records.more.size(), [&](size_t i, std::string* out) { if (i > 0) PackMore(records.more[i], out); }, "more",
      "more_begin"));
  return SaveArray("node_of", distinct.numbers(), store);
}

absl::Status SaveIndexResult(std::span<const Edge> edges, const std::vector<uint32_t>& cluster, StageStore* store) {
  LIBMPI_RETURN_IF_ERROR(SaveArray("edges", edges, store));
  return SaveArray("cluster", cluster, store);
}

GrownNodes::GrownNodes(const IndexView* index)
    : text_begin({index->texts.size()}), index_(index), text_base_(index->text_begin.size() - 1),
      text_bytes_(index->texts.size()), more_bytes_(index->more.size()) {}

void GrownNodes::AddTexts(const EncodedRecords& records) {
  text_base_ = index_->text_begin.size() - 1 + text_begin.size() - 1;
  for (size_t id = 0; id < records.texts.id_limit(); ++id) {
    texts.append(records.texts.text(static_cast<TextId>(id)));
    text_begin.push_back(text_bytes_ + texts.size());
  }
}

uint32_t GrownNodes::Add(const EncodedRecords& records, size_t i) {
  EncodedRecord node = records.records[i];
  MoreValues values = records.more[node.more];
  const auto shift = [this](TextId* id) { *id = *id == 0 ? 0 : static_cast<TextId>(text_base_ + *id); };
  ForEachText(&node, &values, shift);
  if (node.more != 0) {
    PackMore(values, &more);
    more_begin.push_back(more_bytes_ + more.size());
    node.more = static_cast<uint32_t>(index_->more_begin.size() - 2 + more_begin.size());
  }
  nodes.push_back(node);
  contents.push_back(node.content_hash);
  keys.insert(keys.end(), records.keys.begin() + static_cast<ptrdiff_t>(records.key_begin[i]),
              records.keys.begin() + static_cast<ptrdiff_t>(records.key_begin[i + 1]));
  key_begin.push_back(index_->keys.size() + keys.size());
  return static_cast<uint32_t>(size() - 1);
}

std::span<const uint64_t> GrownNodes::keys_of(uint32_t n) const {
  if (n < index_->nodes.size())
    return index_->keys.subspan(index_->key_begin[n], index_->key_begin[n + 1] - index_->key_begin[n]);
  const size_t i = n - index_->nodes.size(), base = index_->keys.size();
  const size_t begin = i == 0 ? 0 : key_begin[i - 1] - base;
  return std::span(keys).subspan(begin, key_begin[i] - base - begin);
}

std::string_view GrownNodes::text(TextId id) const {
  const size_t known = index_->text_begin.size() - 1;
  if (id < known) {
    const uint64_t begin = index_->text_begin[id];
    return {index_->texts.data() + begin, index_->text_begin[id + 1] - begin};
  }
  const uint64_t begin = text_begin[id - known];
  return std::string_view(texts).substr(begin - text_bytes_, text_begin[id - known + 1] - begin);
}

MoreValues GrownNodes::more_of(const EncodedRecord& node) const {
  if (node.more == 0) return {};
  const size_t known = index_->more_begin.size() - 1;
  if (node.more < known) {
    const uint64_t begin = index_->more_begin[node.more];
    return UnpackMore({index_->more.data() + begin, index_->more_begin[node.more + 1] - begin});
  }
  const size_t i = node.more - known;
  const uint64_t begin = i == 0 ? more_bytes_ : more_begin[i - 1];
  return UnpackMore(std::string_view(more).substr(begin - more_bytes_, more_begin[i] - begin));
}

bool GrownNodes::SayTheSame(uint32_t a, uint32_t b) const {
  EncodedRecord x = node(a), y = node(b);
  if (x.content_hash != y.content_hash || !std::ranges::equal(keys_of(a), keys_of(b))) return false;
  MoreValues more_x = more_of(x), more_y = more_of(y);
  std::vector<TextId*> ids;
  ForEachText(&x, &more_x, [&](TextId* id) { ids.push_back(id); });
  size_t next = 0;
  bool same = true;
  ForEachText(&y, &more_y, [&](TextId* id) {
    same = same && next < ids.size() && text(*id) == text(*ids[next]);
    if (next < ids.size()) *ids[next++] = 0;
    *id = 0;
  });
  x.more = y.more = 0;
  return same && next == ids.size() && x == y && more_x == more_y;
}

void GrownNodes::TakeBackLast() {
  const EncodedRecord last = nodes.back();
  nodes.pop_back();
  contents.pop_back();
  key_begin.pop_back();
  keys.resize(key_begin.empty() ? 0 : key_begin.back() - index_->keys.size());
  if (last.more == 0) return;
  more_begin.pop_back();
  more.resize(more_begin.empty() ? 0 : more_begin.back() - more_bytes_);
}

}  // namespace libmpi
