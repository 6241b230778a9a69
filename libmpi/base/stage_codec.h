// SPDX-License-Identifier: Apache-2.0
// Numbers, texts and arrays to the bytes of a stage, and back on the same machine.
#ifndef LIBMPI_BASE_STAGE_CODEC_H_
#define LIBMPI_BASE_STAGE_CODEC_H_

#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libmpi/base/stage_store.h"

namespace libmpi {

// A value whose bytes say all of it.
template <typename T>
concept PlainBytes = std::is_trivially_copyable_v<T>;

// Gathers the pieces of a stage. Arrays are borrowed, not copied: they must stay as they are until the
// stage is saved. Movable: the pieces stay where they are.
class StageWriter {
 public:
  template <PlainBytes T>
  void Value(const T& value) {
    Own(std::string(reinterpret_cast<const char*>(&value), sizeof value));
  }
  void Text(std::string text) {
    Value(uint64_t{text.size()});
    Own(std::move(text));
  }
  // Of a temporary nothing could be borrowed.
  template <PlainBytes T, typename Allocator>
  void Array(const std::vector<T, Allocator>& values) {
    Header<T>(values.size());
    pieces_.emplace_back(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  template <PlainBytes T>
  void Array(std::vector<T>&& values) {
    Header<T>(values.size());
    Own(std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
  }
  const std::vector<std::string_view>& pieces() const { return pieces_; }

 private:
  template <typename T>
  void Header(uint64_t size) {
    Value(uint64_t{sizeof(T)});
    Value(size);
  }
  void Own(std::string bytes) {
    owned_.push_back(std::move(bytes));
    pieces_.push_back(owned_.back());
  }

  std::deque<std::string> owned_;  // its items stay where they are
  std::vector<std::string_view> pieces_;
};

// Reads what StageWriter wrote, in the same order. Every call is false from the first that finds something
// else, such as an array of items of another size: nothing is allocated beyond what the stage has.
class StageParser {
 public:
  explicit StageParser(StageReader* reader) : reader_(reader) {}

  template <PlainBytes T>
  bool Value(T* value) {
    return Bytes(value, sizeof *value);
  }
  bool Text(std::string* text) {
    uint64_t size;
    if (!Value(&size) || !Fits(size, 1)) return false;
    text->resize(size);
    return Bytes(text->data(), size);
  }
  template <PlainBytes T, typename Allocator>
  bool Array(std::vector<T, Allocator>* values) {
    uint64_t item, size;
    if (!Value(&item) || !Value(&size) || item != sizeof(T) || !Fits(size, sizeof(T))) return ok_ = false;
    values->resize(size);
    return Bytes(values->data(), size * sizeof(T));
  }
  // Whether all went well and nothing is left.
  bool AtEnd() const { return ok_ && reader_->remaining() == 0; }

 private:
  bool Fits(uint64_t size, uint64_t item) { return ok_ = ok_ && size <= reader_->remaining() / item; }
  bool Bytes(void* to, size_t size) { return ok_ = ok_ && (size == 0 || reader_->Read(to, size)); }

  StageReader* reader_;
  bool ok_ = true;
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_STAGE_CODEC_H_
