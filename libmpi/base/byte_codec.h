// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as bytes that any machine reads back.
#ifndef LIBMPI_BASE_BYTE_CODEC_H_
#define LIBMPI_BASE_BYTE_CODEC_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

// Appends to a string. Numbers take seven bits a byte, the lowest first; signed ones with the sign in the lowest bit.
class ByteWriter {
 public:
  explicit ByteWriter(std::string* out) : out_(out) {}

  void Byte(uint8_t value) { out_->push_back(static_cast<char>(value)); }
  void Number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) Byte(static_cast<uint8_t>(value | 0x80));
    Byte(static_cast<uint8_t>(value));
  }
  void Signed(int64_t value) { Number(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63)); }
  // Eight bytes, the lowest first.
  void Word(uint64_t value) {
    for (int i = 0; i < 8; ++i) Byte(static_cast<uint8_t>(value >> (8 * i)));
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_->append(text);
  }

 private:
  std::string* out_;
};

// Reads what a ByteWriter wrote. After the first thing that isn't there all further ones are 0 or empty, and ok() is
// false: who reads need look only once, at the end. Reads no byte beyond the given ones.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  size_t left() const { return rest_.size(); }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }

  uint8_t Byte() {
    if (rest_.empty()) return Failed();
    const auto value = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  uint64_t Number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      if (shift == 63 && byte > 1) return Failed();
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    return Failed();
  }
  // A number that is at most `largest`.
  template <std::unsigned_integral T>
  T NumberUpTo(T largest) {
    const uint64_t value = Number();
    return value > largest ? static_cast<T>(Failed()) : static_cast<T>(value);
  }
  int64_t Signed() {
    const uint64_t value = Number();
    return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  uint64_t Word() {
    if (rest_.size() < 8) return Failed();
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= uint64_t{static_cast<uint8_t>(rest_[i])} << (8 * i);
    rest_.remove_prefix(8);
    return value;
  }
  std::string_view Text() {
    const uint64_t size = Number();
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  // The length of a list whose items take at least so many bytes each: no list is made larger than its bytes.
  size_t Length(size_t bytes_an_item) {
    const uint64_t length = Number();
    return length > rest_.size() / bytes_an_item ? Failed() : length;
  }

 private:
  uint8_t Failed() {
    Fail();
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_BYTE_CODEC_H_
