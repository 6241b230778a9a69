// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/iso2022jp.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "libmpi/text/fold.h"
#include "libmpi/text/jis_tables.h"

namespace libmpi {
namespace {

enum class Set { kAscii, kRoman, kKana, kJis0208, kJis0212, kJis0213Plane1, kJis0213Plane2 };

struct Escape {
  std::string_view bytes;
  Set set;
};
constexpr Escape kEscapes[] = {{"\x1B(B", Set::kAscii},          {"\x1B(J", Set::kRoman},
                               {"\x1B(I", Set::kKana},           {"\x1B$@", Set::kJis0208},
                               {"\x1B$B", Set::kJis0208},        {"\x1B$(B", Set::kJis0208},
                               {"\x1B$(@", Set::kJis0208},       {"\x1B$(D", Set::kJis0212},
                               {"\x1B$(O", Set::kJis0213Plane1}, {"\x1B$(Q", Set::kJis0213Plane1},
                               {"\x1B$(P", Set::kJis0213Plane2}};

bool InCells(unsigned char byte) { return byte >= 0x21 && byte <= 0x7E; }

bool HasAnyOf(std::string_view bytes, std::initializer_list<std::string_view> escapes) {
  for (size_t i = bytes.find('\x1B'); i != std::string_view::npos; i = bytes.find('\x1B', i + 1))
    for (std::string_view escape : escapes)
      if (bytes.substr(i, escape.size()) == escape) return true;
  return false;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const Iso2022JpOptions& options) : bytes_(bytes), options_(options) {
    out_.utf8.reserve(bytes.size() * 3 / 2);
  }

  DecodedText Run() {
    while (pos_ < bytes_.size()) {
      // Most of a text is runs of these two.
      if (set_ == Set::kAscii) TakeAscii();
      else if (set_ == Set::kJis0208) TakeJis0208();
      if (pos_ < bytes_.size()) Step();
    }
    return std::move(out_);
  }

 private:
  void TakeAscii() {
    const size_t start = pos_;
    while (pos_ < bytes_.size() && static_cast<unsigned char>(bytes_[pos_]) < 0x80 && bytes_[pos_] != '\x1B') ++pos_;
    out_.utf8.append(bytes_.substr(start, pos_ - start));
  }

  // Up to what is none of its characters, or one of those few that don't have three bytes in UTF-8.
  void TakeJis0208() {
    const auto* const table = &Jis0208()[0];
    char buffer[192];
    size_t size = 0;
    for (; pos_ + 1 < bytes_.size(); pos_ += 2) {
      const auto first = static_cast<unsigned char>(bytes_[pos_]), second = static_cast<unsigned char>(bytes_[pos_ + 1]);
      if (!InCells(first) || !InCells(second)) break;
      const char32_t c = table[size_t{first - 0x21u} * 94 + (second - 0x21u)];
      if (c < 0x800 || c > 0xFFFF) break;  // Step() knows what to do
      buffer[size++] = static_cast<char>(0xE0 | (c >> 12));
      buffer[size++] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      buffer[size++] = static_cast<char>(0x80 | (c & 0x3F));
      if (size + 3 > sizeof buffer) {
        out_.utf8.append(buffer, size);
        size = 0;
      }
    }
    out_.utf8.append(buffer, size);
  }

  void Step() {
    const auto byte = static_cast<unsigned char>(bytes_[pos_]);
    if (byte == 0x1B) return ReadEscape();
    if (byte == '\r' || byte == '\n') set_ = Set::kAscii;
    if (byte <= 0x20 || byte == 0x7F) return Take(1, byte);  // the same in every set
    if (byte >= 0x80) return ReadRightHalf(byte);
    switch (set_) {
      case Set::kAscii: return Take(1, byte);
      case Set::kRoman: return Take(1, options_.roman_is_ascii ? byte : Roman(byte));
      case Set::kKana: return byte <= 0x5F ? Take(1, 0xFF61 + (byte - 0x21)) : Malformed(1);
      default: return ReadPair(byte);
    }
  }

  void ReadEscape() {
    for (const Escape& escape : kEscapes)
      if (bytes_.substr(pos_, escape.bytes.size()) == escape.bytes) {
        set_ = escape.set;
        pos_ += escape.bytes.size();
        return;
      }
    Malformed(1);
  }

  void ReadRightHalf(unsigned char byte) {
    if (options_.kana_in_right_half && byte >= 0xA1 && byte <= 0xDF) return Take(1, 0xFF61 + (byte - 0xA1));
    Malformed(1);
  }

  void ReadPair(unsigned char first) {
    const auto second = pos_ + 1 < bytes_.size() ? static_cast<unsigned char>(bytes_[pos_ + 1]) : '\0';
    if (!InCells(second)) return Malformed(1);  // what follows is read by itself
    const size_t cell = size_t{first - 0x21u} * 94 + (second - 0x21u);
    if (set_ == Set::kJis0213Plane1 || set_ == Set::kJis0213Plane2) return TakeJis0213(cell);
    const char32_t c = set_ == Set::kJis0208 ? Jis0208()[cell] : Jis0212()[cell];
    return c != 0 ? Take(2, c) : Malformed(2);
  }

  void TakeJis0213(size_t cell) {
    const std::vector<std::string>& table = Jis0213(set_ == Set::kJis0213Plane1 ? 1 : 2);
    if (table.empty() || table[cell].empty()) return Malformed(2);
    out_.utf8 += table[cell];
    pos_ += 2;
  }

  static char32_t Roman(unsigned char byte) { return byte == '\\' ? 0xA5 : byte == '~' ? 0x203E : byte; }

  void Take(size_t length, char32_t c) {
    AppendUtf8(c, &out_.utf8);
    pos_ += length;
  }

  void Malformed(size_t length) {
    if (out_.malformed++ == 0) out_.first_malformed = out_.utf8.size();
    Take(length, 0xFFFD);
  }

  const std::string_view bytes_;
  const Iso2022JpOptions options_;
  size_t pos_ = 0;
  Set set_ = Set::kAscii;
  DecodedText out_;
};

}  // namespace

DecodedText DecodeIso2022Jp(std::string_view bytes, const Iso2022JpOptions& options) {
  return Decoder(bytes, options).Run();
}

bool HasIso2022Escapes(std::string_view bytes) { return HasAnyOf(bytes, {"\x1B$", "\x1B("}); }

bool HasForeignIso2022Escapes(std::string_view bytes) {
  return HasAnyOf(bytes, {"\x1B$A", "\x1B$(C", "\x1B.A", "\x1B.F"});
}

bool HasUnreadableJis0213(std::string_view bytes) {
  return HasAnyOf(bytes, {"\x1B$(O", "\x1B$(Q", "\x1B$(P"}) && Jis0213(1).empty();
}

}  // namespace libmpi
