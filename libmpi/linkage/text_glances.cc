// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/text_glances.h"

#include <algorithm>

#include "libmpi/text/fold.h"

namespace libmpi {

void TextGlances::Extend(const TextDictionary& texts) {
  size_t id = glances_.size();
  glances_.resize(texts.id_limit());
  for (; id < glances_.size(); ++id) {
    Glance& glance = glances_[id];
    const std::u32string_view letters = texts.chars(static_cast<TextId>(id));
    for (char32_t c : letters) {
      glance.letters |= uint64_t{1} << ((c * 0x9e3779b1u) >> 26);
      glance.unknown |= c == kUnknownGlyphChar;
    }
    glance.length = static_cast<uint8_t>(std::min<size_t>(letters.size(), kLongest));
    glance.loose = texts.loose(static_cast<TextId>(id));
  }
}

}  // namespace libmpi
