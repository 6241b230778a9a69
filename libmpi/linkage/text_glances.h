// SPDX-License-Identifier: Apache-2.0
// What spares most pairs of texts a comparison letter by letter.
#ifndef LIBMPI_LINKAGE_TEXT_GLANCES_H_
#define LIBMPI_LINKAGE_TEXT_GLANCES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "libmpi/linkage/text_dictionary.h"

namespace libmpi {

// By text of a frozen dictionary, its letters as a set of 64 classes, its length and its loose form: 16 bytes
// that stand together. Thread-safe but for Extend(); each question takes constant time.
class TextGlances {
 public:
  TextGlances() = default;
  // O(letters of all texts).
  explicit TextGlances(const TextDictionary& texts) { Extend(texts); }
  // Those of the texts that a dictionary of one shard has more than before (TextDictionary::Extend).
  void Extend(const TextDictionary& texts);

  // Whether a glyph of the text is unknown.
  bool HasUnknown(TextId id) const { return glances_[id].unknown; }
  // TextDictionary::loose.
  TextId Loose(TextId id) const { return glances_[id].loose; }
  // False only where RelateKanji gives kDifferent.
  bool MayRelate(TextId a, TextId b) const {
    const Glance &x = glances_[a], &y = glances_[b];
    return (x.letters & y.letters) != 0 || x.length == y.length;
  }
  // False only where IsOneEditApart is.
  bool MayBeOneEditApart(TextId a, TextId b) const {
    const Glance &x = glances_[a], &y = glances_[b];
    if (x.unknown || y.unknown || x.length == kLongest || y.length == kLongest) return true;
    // An edit takes one letter out of a set and puts one in.
    return std::popcount(x.letters ^ y.letters) <= 2 && std::abs(x.length - y.length) <= 1;
  }

 private:
  static constexpr uint8_t kLongest = 255;  // and all that is longer
  struct Glance {
    uint64_t letters = 0;
    TextId loose = 0;
    uint8_t length = 0;
    bool unknown = false;
  };
  std::vector<Glance> glances_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_GLANCES_H_
