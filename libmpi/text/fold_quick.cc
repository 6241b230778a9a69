// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/fold_quick.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "libmpi/text/fold.h"
#include "libmpi/text/fold_internal.h"

namespace libmpi {
namespace {

constexpr size_t kLongest = 256;  // bytes of a text; longer ones are rare
constexpr char32_t kLong = 0x30FC, kIteration = 0x3005, kSpace = ' ', kNone = 0;

bool IsCommonKanji(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }
bool IsKanaLetter(char32_t c) { return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA); }
bool IsVu(char32_t c) { return c == 0x30F4 || c == 0x3094; }
bool IsPrintable(char32_t c) { return c > 0x20 && c < 0x7F; }
bool IsMarkShape(char32_t c) { return c >= 0x25A0 && c <= 0x25FF; }

// One letter in UTF-8; size 0: it does not fold by itself.
struct Utf8Letter {
  char bytes[3] = {0, 0, 0};
  uint8_t size = 0;
};

Utf8Letter Letter(char32_t c) {
  Utf8Letter letter;
  std::string text;
  AppendUtf8(c, &text);
  if (text.size() > sizeof letter.bytes) return letter;
  std::memcpy(letter.bytes, text.data(), text.size());
  letter.size = static_cast<uint8_t>(text.size());
  return letter;
}

// The folded bytes of one text.
class Writer {
 public:
  // REQUIRES: no more letters than the text has bytes.
  void Put(const Utf8Letter& letter) {
    std::memcpy(bytes_ + size_, letter.bytes, sizeof letter.bytes);
    size_ += letter.size;
  }
  void PutByte(char c) { bytes_[size_++] = c; }
  void PutWide(char32_t c) {  // three bytes
    bytes_[size_++] = static_cast<char>(0xE0 | c >> 12);
    bytes_[size_++] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    bytes_[size_++] = static_cast<char>(0x80 | (c & 0x3F));
  }
  void DropByte() { --size_; }
  bool empty() const { return size_ == 0; }
  char back() const { return bytes_[size_ - 1]; }
  std::string_view text() const { return {bytes_, size_}; }

 private:
  char bytes_[3 * kLongest + 4];
  size_t size_ = 0;
};

// The letters of a text, full-width ASCII made narrow, spaces ' '.
class Reader {
 public:
  explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  bool done() const { return at_ == end_; }
  // kNone where the next letter is no everyday one.
  char32_t Next() {
    const auto byte = [this](int i) { return static_cast<unsigned char>(at_[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
      ++at_;
      return IsPrintable(lead) || lead == kSpace ? lead : kNone;
    }
    if ((lead & 0xF0) != 0xE0 || end_ - at_ < 3 || (byte(1) & 0xC0) != 0x80 || (byte(2) & 0xC0) != 0x80)
      return kNone;
    char32_t c = char32_t(lead & 0x0F) << 12 | char32_t(byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    at_ += 3;
    if (c == 0x3000) return kSpace;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    return c < 0x80 || c >= 0x2000 ? c : kNone;
  }

 private:
  const char* at_;
  const char* end_;
};

// The kanji keys of single letters, by code point; kana as they are beside kanji.
class KanjiLetters {
 public:
  KanjiLetters() : letters_(0x10000) {
    for (char32_t c = 0x21; c < 0x7F; ++c) letters_[c] = Letter(IsUnknownGlyph(c) ? kUnknownGlyphChar : c);
    for (char32_t c = 0x25A0; c <= 0x25FF; ++c) letters_[c] = Letter(IsUnknownGlyph(c) ? kUnknownGlyphChar : c);
    letters_[0x3013] = Letter(kUnknownGlyphChar);
    for (char32_t c = 0x4E00; c <= 0x9FFF; ++c)
      if (const char32_t common = CommonKanji(c); IsCommonKanji(common)) letters_[c] = Letter(common);
    for (char32_t c = 0x3041; c <= 0x30FA; ++c) {
      if (!IsKanaLetter(c) || IsVu(c)) continue;
      std::u32string kana;
      FoldKanaInto(std::u32string(1, c == U'ヶ' || c == U'ヵ' ? U'ケ' : c), &kana);
      letters_[c] = Letter(kana[0]);
    }
    letters_[kLong] = Letter(kLong);
    letters_[0x30FB] = Letter(0x30FB);
  }
  const Utf8Letter& Of(char32_t c) const { return letters_[c]; }

 private:
  std::vector<Utf8Letter> letters_;
};

// The kana keys of kana, U+3040..30FF; size 0: none, or not by itself.
std::array<Utf8Letter, 192> KanaLetters() {
  std::array<Utf8Letter, 192> letters;
  for (char32_t c = 0x3041; c <= 0x30FA; ++c) {
    if (!IsKanaLetter(c) || IsVu(c)) continue;
    std::u32string kana;
    FoldKanaInto(std::u32string(1, c), &kana);
    letters[c - 0x3040] = Letter(kana[0]);
  }
  return letters;
}

// One letter of a kana key; false: not by itself.
bool PutKana(char32_t c, Writer* out) {
  static const std::array<Utf8Letter, 192> kana = KanaLetters();
  static const Utf8Letter unknown = Letter(kUnknownGlyphChar);
  if (c >= 0x3040 && c < 0x3100) {
    if (c == 0x30FB) return true;  // the middle dot
    if (c == kLong) {
      if (!out->empty() && IsDigit(static_cast<unsigned char>(out->back()))) return false;
      out->PutWide(kLong);
      return true;
    }
    const Utf8Letter& letter = kana[c - 0x3040];
    out->Put(letter);
    return letter.size > 0;
  }
  if (IsUnknownGlyph(c)) {
    out->Put(unknown);
  } else if (c == '-') {
    // After kana it is a long vowel, and only kana and ー are letters of U+30xx here.
    const std::string_view text = out->text();
    const bool after_kana = text.size() >= 3 && text[text.size() - 3] == '\xE3' &&
                            (static_cast<unsigned char>(text[text.size() - 2]) & 0xFE) == 0x82;
    if (after_kana) return false;  // rare; the general way knows
    out->PutByte('-');
  } else if (IsPrintable(c)) {
    out->PutByte(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  } else if (IsCommonKanji(c) || c == kIteration || IsMarkShape(c)) {
    out->PutWide(c);
  } else {
    return false;
  }
  return true;
}

bool PutWidth(char32_t c, Writer* out) {
  if (c == kSpace) {
    if (!out->empty() && out->back() != ' ') out->PutByte(' ');
    return true;
  }
  if (IsPrintable(c)) {
    out->PutByte(static_cast<char>(c));
    return true;
  }
  const bool after_digit = !out->empty() && IsDigit(static_cast<unsigned char>(out->back()));
  if (c == kLong && after_digit) return false;
  const bool plain = (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FE) || IsCommonKanji(c) ||
                     c == kIteration || IsMarkShape(c);
  if (plain) out->PutWide(c);
  return plain;
}

// Calls put(letter) for the width-folded letters, half-width kana joined with their voiced marks.
template <typename Put>
bool ForEachWidthFolded(std::string_view text, const Put& put) {
  char32_t last = kNone;  // may still take a voiced mark
  for (Reader reader(text); !reader.done();) {
    char32_t c = reader.Next();
    if (c == kNone) return false;
    if (c >= 0xFF61 && c <= 0xFF9F) {
      c = WideKana(c);
      if (c == 0x3099 || c == 0x309A) {
        if (const char32_t joined = last == kNone ? 0 : Voiced(last, c == 0x309A)) last = joined;
        continue;
      }
    } else if (c >= 0x3099 && c <= 0x309C) {
      return false;
    }
    if (last != kNone && !put(last)) return false;
    last = c;
  }
  return last == kNone || put(last);
}

}  // namespace

bool QuickFoldWidth(std::string_view text, std::string* out) {
  out->clear();
  if (text.size() > kLongest) return false;
  Writer folded;
  if (!ForEachWidthFolded(text, [&](char32_t c) { return PutWidth(c, &folded); })) return false;
  if (!folded.empty() && folded.back() == ' ') folded.DropByte();
  out->assign(folded.text());
  return true;
}

bool QuickFoldKana(std::string_view text, std::string* out) {
  out->clear();
  if (text.size() > kLongest) return false;
  Writer folded;
  if (!ForEachWidthFolded(text, [&](char32_t c) { return c == kSpace || PutKana(c, &folded); })) return false;
  out->assign(folded.text());
  return true;
}

bool QuickFoldKanji(std::string_view text, std::string* out) {
  static const KanjiLetters letters;
  out->clear();
  if (text.size() > kLongest) return false;
  Writer folded;
  bool has_kanji = false, has_kana = false;
  char32_t last = kNone;
  for (Reader reader(text); !reader.done();) {
    char32_t c = reader.Next();
    if (c == kSpace) continue;
    if (c == kLong && IsDigit(last)) return false;
    if (c == kIteration && IsCommonKanji(last)) c = last;
    const Utf8Letter& letter = letters.Of(c < 0x10000 ? c : 0);
    if (letter.size == 0) return false;
    folded.Put(letter);
    has_kanji = has_kanji || IsKanji(c) || IsUnknownGlyph(c);
    has_kana = has_kana || (c >= 0x3040 && c < 0x3100);
    last = c;
  }
  if (has_kana && !has_kanji) return false;  // kana alone stay as they are
  out->assign(folded.text());
  return true;
}

}  // namespace libmpi
