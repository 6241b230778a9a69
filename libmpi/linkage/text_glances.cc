// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/text_glances.h"

#include <algorithm>

#include "libmpi/base/huge_pages.h"
#include "libmpi/base/parallel.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/near_kanji.h"

namespace libmpi {
namespace {

uint64_t ClassOf(char32_t c) { return uint64_t{1} << ((c * 0x9e3779b1u) >> 26); }

}  // namespace

TextGlances::Glance TextGlances::GlanceAt(const TextDictionary& texts, const ReadingModel& readings, TextId id) {
  Glance glance;
  const std::u32string_view letters = texts.chars(id);
  for (char32_t c : letters) {
    glance.letters |= ClassOf(c);
    glance.unknown |= c == kUnknownGlyphChar;
    for (char32_t near : NearKanjiOf(c)) glance.near |= Folded(ClassOf(near));
  }
  glance.length = static_cast<uint8_t>(std::min<size_t>(letters.size(), kLongest));
  glance.loose = texts.loose(id);
  glance.ends = readings.EndsOfReadings(texts.text(id));
  return glance;
}

TextGlances::TextGlances(const TextDictionary& texts, const ReadingModel& readings, int threads) {
  AssignInHugePages(texts.id_limit(), &glances_);
  ParallelChunks(glances_.size(), 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t id = begin; id < end; ++id) glances_[id] = GlanceAt(texts, readings, static_cast<TextId>(id));
  });
}

void TextGlances::Extend(const TextDictionary& texts, const ReadingModel& readings) {
  for (size_t id = glances_.size(); id < texts.id_limit(); ++id)
    glances_.push_back(GlanceAt(texts, readings, static_cast<TextId>(id)));
}

}  // namespace libmpi
