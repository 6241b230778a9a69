// SPDX-License-Identifier: Apache-2.0
// Any bytes, decoded as every charset, folded every way: valid UTF-8, and folding twice changes nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsValid(const std::string& text) {
  for (size_t pos = 0; pos < text.size();) {
    const size_t start = pos;
    const char32_t c = libmpi::NextCodePoint(text, &pos);
    std::string again;
    libmpi::AppendUtf8(c, &again);
    if (text.compare(start, pos - start, again) != 0) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace libmpi;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (Charset charset : {Charset::kUtf8, Charset::kCp932, Charset::kEucJp, Charset::kIso2022Jp})
    Require(IsValid(DecodeText(bytes, charset).utf8));
  const std::string text = DecodeText(bytes, DetectCharset(bytes)).utf8;
  for (auto fold : {FoldWidth, FoldKana, FoldKanji, FoldLatin, LooseKana}) {
    const std::string once = fold(text);
    Require(IsValid(once));
    if (fold != LooseKana) Require(fold(once) == once);
  }
  RomajiKey(FoldLatin(text));
  RomajiKeyOfKana(FoldKana(text));
  DigitsOnly(text);
  FoldKanjiNumerals(text);
  ScriptOf(text);
  return 0;
}
