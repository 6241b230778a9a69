// SPDX-License-Identifier: Apache-2.0
// Values of several parts as bytes, described once for writing and reading.
#ifndef LIBMPI_BASE_VALUE_CODEC_H_
#define LIBMPI_BASE_VALUE_CODEC_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/base/byte_codec.h"

namespace libmpi {

// A function that names the parts of a value in the order of its bytes, template <typename To> Visit(To* to, V& value),
// writes it with a ValueWriter, which leaves the value alone, and reads it with a ValueReader.
class ValueWriter {
 public:
  explicit ValueWriter(std::string* out) : out_(out) {}
  template <typename T>
  void Number(const T& value) { out_.Number(static_cast<uint64_t>(value)); }
  // A part that values had not from the first: left out where it is zero.
  template <typename T>
  void Later(const T& value) {
    if (value != T()) Number(value);
  }
  // The same of a text, the last part of all.
  void LaterText(const std::string& text) {
    if (!text.empty()) Text(text);
  }
  template <typename T>
  void Signed(const T& value) { out_.Signed(value); }
  void Real(const double& value) { out_.Word(std::bit_cast<uint64_t>(value)); }
  void Text(const std::string& text) { out_.Text(text); }
  template <typename List, typename VisitItem>
  void Items(List& list, const VisitItem& visit) {
    out_.Number(list.size());
    for (auto& item : list) visit(item);
  }
  // Ascending numbers as their differences.
  template <typename T>
  void Ascending(const std::vector<T>& list) {
    out_.Number(list.size());
    T last = 0;
    for (const T n : list) {
      out_.Number(n - last);
      last = n;
    }
  }
  void Words(const std::vector<uint64_t>& list) {
    out_.Number(list.size());
    for (uint64_t word : list) out_.Word(word);
  }
  template <typename T, typename VisitItem>
  void Maybe(std::optional<T>& value, const VisitItem& visit) {
    out_.Byte(value.has_value());
    if (value) visit(*value);
  }

 private:
  ByteWriter out_;
};

// After the first thing that is not there all further ones are 0 or empty: who reads looks once, at bytes().done().
// Takes not much more memory than the bytes.
class ValueReader {
 public:
  explicit ValueReader(std::string_view bytes) : in_(bytes) {}
  template <typename T>
  void Number(T& value) {
    const uint64_t number = in_.Number();
    value = static_cast<T>(number);
    if (static_cast<uint64_t>(value) != number) in_.Fail();
  }
  template <typename T>
  void Later(T& value) {
    if (!in_.done()) Number(value);
  }
  void LaterText(std::string& text) {
    text.clear();
    if (!in_.done()) Text(text);
  }
  template <typename T>
  void Signed(T& value) {
    const int64_t number = in_.Signed();
    value = static_cast<T>(number);
    if (value != number) in_.Fail();
  }
  void Real(double& value) { value = std::bit_cast<double>(in_.Word()); }
  void Text(std::string& text) { text = std::string(in_.Text()); }
  void Text(std::string_view& text) { text = in_.Text(); }
  template <typename List, typename VisitItem>
  void Items(List& list, const VisitItem& visit) {
    list.clear();
    // Grown item by item: an item may take far more memory than the byte that it needs here.
    for (size_t left = in_.Length(1); left > 0 && in_.ok(); --left) visit(list.emplace_back());
  }
  template <typename T>
  void Ascending(std::vector<T>& list) {
    list.clear();
    T last = 0;
    for (size_t left = in_.Length(1); left > 0 && in_.ok(); --left) {
      T difference;
      Number(difference);
      last = static_cast<T>(last + difference);
      list.push_back(last);
    }
  }
  void Words(std::vector<uint64_t>& list) {
    list.resize(in_.Length(8));
    for (uint64_t& word : list) word = in_.Word();
  }
  template <typename T, typename VisitItem>
  void Maybe(std::optional<T>& value, const VisitItem& visit) {
    value.reset();
    if (in_.Byte() != 0) visit(value.emplace());
  }
  ByteReader& bytes() { return in_; }

 private:
  ByteReader in_;
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_VALUE_CODEC_H_
