// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/fold_internal.h"
#include "libmpi/text/jis_tables.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kGeta = U'〓';

// A character's bytes in a set, the last one lowest; a code of ISO-2022-JP is that of EUC-JP.
using CodeTable = absl::flat_hash_map<char32_t, uint32_t>;

std::string Bytes(uint32_t code) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    if ((code >> shift) != 0) bytes += static_cast<char>(code >> shift & 0xFF);
  return bytes;
}

// Adds what the codes are decoded to; what has a code already keeps it.
void AddCodes(Charset charset, const std::vector<uint32_t>& codes, CodeTable* table) {
  std::string bytes;
  for (uint32_t code : codes) bytes += Bytes(code) + "\n";
  const std::string text = DecodeText(bytes, charset).utf8;  // line ends survive what can't be read
  size_t pos = 0;
  for (uint32_t code : codes) {
    if (pos >= text.size()) break;
    const char32_t c = NextCodePoint(text, &pos);
    if (c >= 0x80 && c != kReplacement && pos < text.size() && text[pos] == '\n') table->try_emplace(c, code);
    pos = text.find('\n', pos) + 1;
  }
}

// What DecodeText gives another form has the code of that form.
void AddDisputed(CodeTable* table) {
  for (const auto& row : ParseTsv(EmbeddedTable("charset_unify.tsv"))) {
    if (row.size() != 2 || row[0].empty() || row[1].empty()) continue;
    size_t i = 0, j = 0;
    const char32_t from = NextCodePoint(row[0], &i);
    const auto it = table->find(NextCodePoint(row[1], &j));
    if (it == table->end()) continue;
    const uint32_t code = it->second;
    table->try_emplace(from, code);
  }
}

uint32_t EucCode(size_t cell) { return static_cast<uint32_t>((0xA1 + cell / 94) << 8 | (0xA1 + cell % 94)); }

std::vector<uint32_t> HighBytes() {
  std::vector<uint32_t> codes;
  for (uint32_t byte = 0x80; byte <= 0xFF; ++byte) codes.push_back(byte);
  return codes;
}

const CodeTable* MakeCp932() {
  auto* table = new CodeTable();
  AddCodes(Charset::kCp932, HighBytes(), table);
  const auto add_leads = [&](std::initializer_list<std::pair<uint32_t, uint32_t>> ranges) {
    std::vector<uint32_t> codes;
    for (const auto& [first, last] : ranges)
      for (uint32_t lead = first; lead <= last; ++lead)
        for (uint32_t trail = 0x40; trail <= 0xFC; ++trail)
          if (trail != 0x7F) codes.push_back(lead << 8 | trail);
    AddCodes(Charset::kCp932, codes, table);
  };
  add_leads({{0x81, 0x84}, {0x88, 0x9F}, {0xE0, 0xEA}});  // JIS X 0208
  add_leads({{0x85, 0x87}});                              // NEC row 13
  add_leads({{0xFA, 0xFC}});                              // IBM's extension
  add_leads({{0xEB, 0xF9}});                              // NEC's selection of it, and what users define
  AddDisputed(table);
  return table;
}

const CodeTable* MakeEucJp(bool standard_rows_only) {
  auto* table = new CodeTable();
  std::vector<uint32_t> standard, extended, supplement, kana;
  for (size_t cell = 0; cell < kJisCells; ++cell) {
    (IsStandardRow(cell) ? standard : extended).push_back(EucCode(cell));
    supplement.push_back(0x8F0000 | EucCode(cell));
  }
  for (uint32_t byte = 0xA1; byte <= 0xDF; ++byte) kana.push_back(0x8E00 | byte);
  AddCodes(Charset::kEucJp, standard, table);
  AddCodes(Charset::kEucJp, kana, table);
  AddCodes(Charset::kEucJp, supplement, table);
  if (!standard_rows_only) {
    AddCodes(Charset::kEucJp, extended, table);
    AddCodes(Charset::kEucJp, HighBytes(), table);
  }
  AddDisputed(table);
  return table;
}

const CodeTable& Codes(Charset charset) {
  static const CodeTable* const cp932 = MakeCp932();
  static const CodeTable* const euc_jp = MakeEucJp(false);
  static const CodeTable* const iso_2022_jp = MakeEucJp(true);
  return charset == Charset::kCp932 ? *cp932 : charset == Charset::kEucJp ? *euc_jp : *iso_2022_jp;
}

bool IsLetterOrDigit(char32_t c) { return IsDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool IsVariationSelector(char32_t c) { return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF); }

bool IsHalfWidthKana(char32_t c) { return c >= 0xFF61 && c <= 0xFF9F; }

class Encoder {
 public:
  Encoder(std::string_view utf8, Charset charset, const EncodeOptions& options)
      : text_(utf8), charset_(charset), options_(options) {
    out_.bytes.reserve(utf8.size());
  }

  EncodedText Run() {
    while (pos_ < text_.size()) Step();
    Select("\x1B(B");
    return std::move(out_);
  }

 private:
  void Step() {
    const size_t start = pos_;
    const char32_t c = NextCodePoint(text_, &pos_);
    const bool valid = c != kReplacement || text_.substr(start, pos_ - start) == "\uFFFD";
    if (valid && Put(c)) return;
    if (out_.unencodable++ == 0) out_.first_unencodable = start;
    if (IsHalfWidthKana(c) && PutFullWidth(start)) return;
    if (valid && options_.variants && PutUsualForm(c)) return;
    if (!Put(kGeta)) Put('?');
  }

  // False: the set does not have it, and nothing was written.
  bool Put(char32_t c) {
    if (charset_ == Charset::kUtf8) {
      AppendUtf8(c, &out_.bytes);
      return true;
    }
    if (c < 0x80) {
      if (charset_ == Charset::kIso2022Jp && (c == 0x1B || c == 0x0E || c == 0x0F)) return false;
      Select("\x1B(B");
      out_.bytes += static_cast<char>(c);
      return true;
    }
    const CodeTable& codes = Codes(charset_);
    const auto it = codes.find(c);
    if (it == codes.end()) return false;
    if (charset_ == Charset::kIso2022Jp) return PutIso2022Jp(it->second);
    out_.bytes += Bytes(it->second);
    return true;
  }

  bool PutIso2022Jp(uint32_t euc_code) {
    const bool kana = euc_code >> 8 == 0x8E, supplement = euc_code >> 16 == 0x8F;
    if ((kana && !options_.half_width_kana) || (supplement && !options_.jis_x_0212)) return false;
    Select(kana ? "\x1B(I" : supplement ? "\x1B$(D" : "\x1B$B");
    if (!kana) out_.bytes += static_cast<char>(euc_code >> 8 & 0x7F);
    out_.bytes += static_cast<char>(euc_code & 0x7F);
    return true;
  }

  // The half-width kana at `start`, with the voiced mark after it.
  bool PutFullWidth(size_t start) {
    if (charset_ == Charset::kUtf8) return false;
    size_t end = pos_;
    if (end < text_.size()) {
      const char32_t mark = NextCodePoint(text_, &end);
      if (mark != 0xFF9E && mark != 0xFF9F) end = pos_;
    }
    const std::string_view narrow = text_.substr(start, end - start);
    const std::string wide = narrow == "ﾞ" ? "゛" : narrow == "ﾟ" ? "゜" : FoldWidth(narrow);
    if (wide.empty() || EncodeText(wide, charset_).unencodable > 0) return false;
    for (size_t i = 0; i < wide.size();) Put(NextCodePoint(wide, &i));
    pos_ = end;
    return true;
  }

  // Of a kanji its common form, of others what they are made of.
  bool PutUsualForm(char32_t c) {
    if (IsVariationSelector(c)) return true;
    const char32_t common = CommonKanji(c);
    if (common != c && Put(common)) return true;
    std::string letter;
    AppendUtf8(c, &letter);
    std::string usual;
    const std::string parts = FoldWidth(letter);
    for (size_t i = 0; i < parts.size();) {
      const char32_t part = NextCodePoint(parts, &i);
      const bool delimiter = part > ' ' && part < 0x7F && !IsLetterOrDigit(part);
      AppendUtf8(delimiter ? part - '!' + U'！' : part, &usual);
    }
    if (usual.empty() || usual == letter || EncodeText(usual, charset_).unencodable > 0) return false;
    for (size_t i = 0; i < usual.size();) Put(NextCodePoint(usual, &i));
    return true;
  }

  void Select(std::string_view escape) {
    if (charset_ != Charset::kIso2022Jp || selected_ == escape) return;
    out_.bytes += escape;
    selected_ = escape;
  }

  const std::string_view text_;
  const Charset charset_;
  const EncodeOptions options_;
  size_t pos_ = 0;
  std::string_view selected_ = "\x1B(B";
  EncodedText out_;
};

}  // namespace

EncodedText EncodeText(std::string_view utf8, Charset charset, const EncodeOptions& options) {
  return Encoder(utf8, charset, options).Run();
}

}  // namespace libmpi
