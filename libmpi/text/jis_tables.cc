// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/jis_tables.h"

#include <iconv.h>

#include <string_view>

#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// The bytes of a cell in EUC, after what selects its table there.
std::string EucBytes(size_t cell, std::string_view shift) {
  std::string bytes(shift);
  bytes += static_cast<char>(0xA1 + cell / 94);
  bytes += static_cast<char>(0xA1 + cell % 94);
  return bytes;
}

JisTable* FromEuc(std::string_view shift) {
  auto* table = new JisTable();
  std::string bytes;
  for (size_t cell = 0; cell < kJisCells; ++cell) bytes += EucBytes(cell, shift) + "\n";
  // Line ends survive what can't be read.
  const std::string text = DecodeText(bytes, Charset::kEucJp).utf8;
  size_t pos = 0;
  for (size_t cell = 0; cell < kJisCells && pos < text.size(); ++cell) {
    const char32_t c = NextCodePoint(text, &pos);
    const bool alone = pos < text.size() && text[pos] == '\n';
    if (alone && c != 0xFFFD) (*table)[cell] = c;
    pos = text.find('\n', pos) + 1;
  }
  return table;
}

// One cell by iconv; "" where nothing stands there. REQUIRES: `converter` is open.
std::string ByIconv(iconv_t converter, std::string bytes) {
  char out[32];
  char* in = bytes.data();
  size_t in_left = bytes.size();
  char* end = out;
  size_t out_left = sizeof out;
  iconv(converter, nullptr, nullptr, nullptr, nullptr);
  if (iconv(converter, &in, &in_left, &end, &out_left) == static_cast<size_t>(-1) || in_left > 0) return "";
  // A letter that may be the first half of a pair is held back until then.
  if (iconv(converter, nullptr, nullptr, &end, &out_left) == static_cast<size_t>(-1)) return "";
  return DecodeText(std::string_view(out, end - out), Charset::kUtf8).utf8;
}

std::vector<std::string>* FromIconv(std::string_view shift) {
  auto* table = new std::vector<std::string>();
  const iconv_t converter = iconv_open("UTF-8", "EUC-JISX0213");
  if (converter == reinterpret_cast<iconv_t>(-1)) return table;
  table->reserve(kJisCells);
  for (size_t cell = 0; cell < kJisCells; ++cell) table->push_back(ByIconv(converter, EucBytes(cell, shift)));
  iconv_close(converter);
  return table;
}

}  // namespace

const JisTable& Jis0208() {
  static const JisTable* const table = FromEuc("");
  return *table;
}

const JisTable& Jis0212() {
  static const JisTable* const table = FromEuc("\x8F");
  return *table;
}

const std::vector<std::string>& Jis0213(int plane) {
  static const std::vector<std::string>* const first = FromIconv("");
  static const std::vector<std::string>* const second = FromIconv("\x8F");
  return plane == 1 ? *first : *second;
}

}  // namespace libmpi
