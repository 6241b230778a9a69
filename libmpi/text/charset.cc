// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/charset.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/iso2022jp.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

struct Alias {
  std::string_view name;  // lower case, letters and digits only
  Charset charset;
};
constexpr Alias kAliases[] = {
    {"utf8", Charset::kUtf8},          {"utf8sig", Charset::kUtf8},
    {"ascii", Charset::kUtf8},         {"cp932", Charset::kCp932},
    {"ms932", Charset::kCp932},        {"windows31j", Charset::kCp932},
    {"shiftjis", Charset::kCp932},     {"sjis", Charset::kCp932},
    {"csshiftjis", Charset::kCp932},   {"eucjp", Charset::kEucJp},
    {"euc", Charset::kEucJp},          {"ujis", Charset::kEucJp},
    {"cp51932", Charset::kEucJp},      {"iso2022jp", Charset::kIso2022Jp},
    {"jis", Charset::kIso2022Jp},      {"cp50220", Charset::kIso2022Jp},
    {"csiso2022jp", Charset::kIso2022Jp}};

const char* IcuName(Charset charset) {
  switch (charset) {
    case Charset::kUtf8: return "UTF-8";
    case Charset::kCp932: return "ibm-943_P15A-2003";
    case Charset::kEucJp: return "euc-jp-2007";
    case Charset::kIso2022Jp: return "ISO-2022-JP-2";
  }
  return "";
}

using UnifyTable = absl::flat_hash_map<char32_t, char32_t>;
const UnifyTable& Unified() {
  static const UnifyTable* const table = [] {
    auto* t = new UnifyTable();
    for (const auto& row : ParseTsv(EmbeddedTable("charset_unify.tsv"))) {
      size_t i = 0, j = 0;
      if (row.size() == 2 && !row[0].empty() && !row[1].empty())
        (*t)[NextCodePoint(row[0], &i)] = NextCodePoint(row[1], &j);
    }
    return t;
  }();
  return *table;
}

bool IsAscii8(const char* p) {
  uint64_t w;
  std::memcpy(&w, p, 8);
  return (w & 0x8080808080808080ULL) == 0;
}

// Length of the valid UTF-8 sequence at text[i], 0 if there is none.
size_t SequenceLength(std::string_view text, size_t i) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  if (lead < 0x80) return 1;
  // The usual case, kana and kanji, first.
  if (lead >= 0xE1 && lead < 0xF0 && lead != 0xED)
    return i + 2 < text.size() && (byte(i + 1) & 0xC0) == 0x80 && (byte(i + 2) & 0xC0) == 0x80 ? 3 : 0;
  size_t pos = i;
  if (NextCodePoint(text, &pos) == kReplacement && !(lead == 0xEF)) return 0;
  return pos - i;
}

// Whether a sequence may be a character of the unify table: its lead bytes are
// rare in Japanese text, but for the kana block's own.
bool MayNeedUnifying(std::string_view text, size_t i) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
  if (byte(i) == 0xE3) return byte(i + 1) == 0x80 && byte(i + 2) == 0x9C;
  return byte(i) == 0xE2 || byte(i) == 0xC2;
}

// `*unify`: set if some character may have to be unified.
bool IsValidUtf8(std::string_view text, bool* unify) {
  for (size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size() && IsAscii8(text.data() + i)) {
      i += 8;
      continue;
    }
    const size_t n = SequenceLength(text, i);
    if (n == 0) return false;
    if (n > 1 && MayNeedUnifying(text, i)) *unify = true;
    i += n;
  }
  return true;
}

void AppendMalformedMark(DecodedText* out) {
  if (out->malformed++ == 0) out->first_malformed = out->utf8.size();
  AppendUtf8(kReplacement, &out->utf8);
}

DecodedText DecodeUtf8(std::string_view bytes) {
  if (bytes.substr(0, 3) == kBom) bytes.remove_prefix(3);
  DecodedText out;
  bool unify = false;
  if (IsValidUtf8(bytes, &unify) && !unify) {
    out.utf8.assign(bytes);
    return out;
  }
  out.utf8.reserve(bytes.size());
  const UnifyTable& unified = Unified();
  bool in_bad = false;
  size_t copied = 0;  // what stands as it is goes over in runs
  const auto copy_until = [&](size_t end) {
    out.utf8.append(bytes.substr(copied, end - copied));
    copied = end;
  };
  for (size_t pos = 0; pos < bytes.size();) {
    if (!in_bad && pos + 8 <= bytes.size() && IsAscii8(bytes.data() + pos)) {
      pos += 8;
      continue;
    }
    const size_t n = SequenceLength(bytes, pos);
    if (n == 0) {  // one mark for a run of broken bytes
      copy_until(pos);
      if (!in_bad) AppendMalformedMark(&out);
      in_bad = true;
      copied = ++pos;
      continue;
    }
    in_bad = false;
    if (n > 1 && MayNeedUnifying(bytes, pos)) {
      size_t next = pos;
      const auto it = unified.find(NextCodePoint(bytes, &next));
      if (it != unified.end()) {
        copy_until(pos);
        AppendUtf8(it->second, &out.utf8);
        copied = pos + n;
      }
    }
    pos += n;
  }
  copy_until(bytes.size());
  return out;
}

struct CloseConverter {
  void operator()(UConverter* c) const { ucnv_close(c); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter OpenConverter(Charset charset) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(IcuName(charset), &status));
  if (U_FAILURE(status)) return nullptr;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  return converter;
}

// ICU's only table of CP932 that has NEC's and IBM's characters is one of IBM, which exchanges three control
// characters.
char32_t ControlCharacterOfIbm(char32_t c) {
  return c == 0x1C ? 0x1A : c == 0x7F ? 0x1C : c == 0x1A ? 0x7F : c;
}

void AppendUtf16(const UChar* begin, const UChar* end, Charset charset, DecodedText* out) {
  const UnifyTable& unified = Unified();
  for (const UChar* p = begin; p < end; ++p) {
    char32_t c = *p;
    if (c >= 0xD800 && c < 0xDC00 && p + 1 < end) c = 0x10000 + ((c - 0xD800) << 10) + (*++p - 0xDC00);
    if (c >= 0x80) {
      const auto it = unified.find(c);
      if (it != unified.end()) c = it->second;
    }
    if (charset == Charset::kCp932) c = ControlCharacterOfIbm(c);
    AppendUtf8(c, &out->utf8);
  }
}

// Converts by ICU, stopping at each malformed sequence: a mark takes the place
// of the broken bytes, and an ASCII byte among them is read again.
DecodedText DecodeByIcu(std::string_view bytes, Charset charset) {
  DecodedText out;
  out.utf8.reserve(bytes.size() * 3 / 2);
  const Converter converter = OpenConverter(charset);
  if (!converter) return DecodeUtf8(bytes);
  const char* source = bytes.data();
  const char* const limit = source + bytes.size();
  UChar buffer[4096];
  while (true) {
    UErrorCode status = U_ZERO_ERROR;
    UChar* target = buffer;
    ucnv_toUnicode(converter.get(), &target, buffer + 4096, &source, limit, nullptr, true, &status);
    AppendUtf16(buffer, target, charset, &out);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_SUCCESS(status)) break;
    char broken[16];
    int8_t length = sizeof broken;
    UErrorCode ignored = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter.get(), broken, &length, &ignored);
    if (charset != Charset::kIso2022Jp) ucnv_resetToUnicode(converter.get());
    AppendMalformedMark(&out);
    // Delimiters and line ends survive damage.
    for (int8_t i = 1; i < length; ++i)
      if (static_cast<unsigned char>(broken[i]) < 0x40 && source - (length - i) >= bytes.data()) {
        source -= length - i;
        break;
      }
    if (source >= limit && status == U_TRUNCATED_CHAR_FOUND) break;
    if (source >= limit) break;
  }
  return out;
}

// How much a decoding looks like Japanese: kana and common kanji for it,
// replacement marks and half-width kana runs against.
double Plausibility(std::string_view sample, Charset charset) {
  const DecodedText decoded = DecodeByIcu(sample, charset);
  double score = -20.0 * static_cast<double>(decoded.malformed > 1 ? decoded.malformed : 0);
  for (size_t pos = 0; pos < decoded.utf8.size();) {
    const char32_t c = NextCodePoint(decoded.utf8, &pos);
    if (c < 0x80) continue;
    if (IsHiragana(c) || IsKatakana(c)) score += 2;
    else if (c >= 0x4E00 && c <= 0x9FFF) score += 1;
    else if (c >= 0xFF66 && c <= 0xFF9F) score += 0.4;
    else if (c >= 0xFF01 && c <= 0xFF5E) score += 1;
    else if (c == 0x3000 || c == 0x3005) score += 1;
    else score -= 3;
  }
  return score;
}

}  // namespace

std::string_view CharsetName(Charset charset) {
  switch (charset) {
    case Charset::kUtf8: return "UTF-8";
    case Charset::kCp932: return "CP932";
    case Charset::kEucJp: return "EUC-JP";
    case Charset::kIso2022Jp: return "ISO-2022-JP";
  }
  return "";
}

absl::StatusOr<Charset> ParseCharset(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  for (const Alias& alias : kAliases)
    if (alias.name == plain) return alias.charset;
  return absl::InvalidArgumentError(
      "unknown encoding; use UTF-8, CP932 (Shift_JIS), EUC-JP or ISO-2022-JP");
}

Charset DetectCharset(std::string_view sample) {
  constexpr size_t kEnough = 256 << 10;
  if (sample.substr(0, 3) == kBom) return Charset::kUtf8;
  // Files may begin with pages of ASCII: the sample begins where something else does.
  size_t start = 0;
  while (start + 8 <= sample.size() && IsAscii8(sample.data() + start) &&
         std::memchr(sample.data() + start, 0x1B, 8) == nullptr)
    start += 8;
  sample = sample.substr(start, kEnough);
  bool ascii = true;
  for (char c : sample) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  for (std::string_view escape : {"\x1B$B", "\x1B$@", "\x1B(I", "\x1B(J"})
    if (sample.find(escape) != std::string_view::npos) return Charset::kIso2022Jp;
  if (ascii) return Charset::kUtf8;
  for (size_t cut = 0; cut < 4 && cut < sample.size(); ++cut)
    if (bool unify; IsValidUtf8(sample.substr(0, sample.size() - cut), &unify)) return Charset::kUtf8;
  const double euc = Plausibility(sample, Charset::kEucJp);
  const double cp932 = Plausibility(sample, Charset::kCp932);
  // Damaged UTF-8 stays UTF-8: in hardly any other text are most bytes parts of its longer sequences.
  size_t high = 0, in_sequences = 0;
  for (size_t i = 0; i < sample.size();) {
    const size_t n = SequenceLength(sample, i);
    if (n >= 3) in_sequences += n;
    high += n > 1 ? n : n == 0;
    i += std::max<size_t>(1, n);
  }
  if (static_cast<double>(in_sequences) > 0.7 * static_cast<double>(high)) return Charset::kUtf8;
  return euc > cp932 ? Charset::kEucJp : Charset::kCp932;
}

DecodedText DecodeText(std::string_view bytes, Charset charset) {
  if (charset == Charset::kUtf8) return DecodeUtf8(bytes);
  if (charset == Charset::kIso2022Jp && !HasForeignIso2022Escapes(bytes)) return DecodeIso2022Jp(bytes);
  return DecodeByIcu(bytes, charset);
}

}  // namespace libmpi
