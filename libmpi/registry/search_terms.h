// SPDX-License-Identifier: Apache-2.0
// The terms by which people who type find what records say: Table::kTerm. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_SEARCH_TERMS_H_
#define LIBMPI_REGISTRY_SEARCH_TERMS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/kept_linkage.h"

namespace libmpi {

// What a term is of. DO NOT CHANGE the letters: stores keep them.
//
// What each buys: a family name in kanji, in kana or as typed in romaji, whole or its beginning, with a birth date or
// a part of one; a given name by itself; a whole name without a birth date, for family names that a hundred thousand
// share (kana are looked up in it by their romaji). A term costs some ten bytes of disk.
enum class TermKind : char {
  kFamilyKanji = 'A',
  kFamilyKana = 'B',
  kFamilyRomaji = 'C',  // TypedRomajiKeyOfKana
  kFamilyLatin = 'D',   // RomajiKey of what was said in romaji
  kGivenKanji = 'E',
  kGivenRomaji = 'F',
  kGivenLatin = 'G',
  kWholeKanji = 'H',
  kWholeRomaji = 'I',
  kWholeLatin = 'J',
  kBirth = 'K',
  kPhone = 'L',
  kNumber = 'M',        // of a card, also without a branch that is glued to it
  kPostalCode = 'N',
};

// A term: its kind, its text (at most kLongestTermText bytes of it), 0, a birth date (4 bytes, the highest first; 0
// where none is known or none is told), the node (4).
inline constexpr size_t kLongestTermText = 60;
// Parts the two names of a whole one.
inline constexpr char kTermGap = '\1';

// The terms of a node, ascending. kDataLoss: not a node. Of a node with many birth dates the first kTermBirths stand
// beside names; all of them are terms of their own.
inline constexpr size_t kTermBirths = 4;
absl::Status SearchTermsOf(std::string_view packed, NodeId node, std::vector<std::string>* terms);

// The same of a node whose texts stand elsewhere, kind by kind: appends the terms of one kind that it has, in any order
// and perhaps more than once, end to end, and the size of each.
void AppendTerms(TermKind kind, const EncodedRecord& record, const MoreValues& more,
                 const std::function<std::string_view(TextId)>& text, NodeId node, std::string* terms,
                 std::vector<uint16_t>* sizes);
inline constexpr TermKind kFirstTermKind = TermKind::kFamilyKanji, kLastTermKind = TermKind::kPostalCode;

// The text of a term of digits or other numbers.
std::string TermText(uint64_t number);
// As terms have it: cut, and without what parts them.
std::string TermText(std::string_view text);

// Terms of one kind whose text is `text`, or begins so, and whose birth date lies in [first, last].
struct TermRange {
  TermKind kind;
  std::string text;
  bool begins = false;
  EncodedDate first = 0, last = UINT32_MAX;
};

// One step of a walk over the terms of a range, which begins at FirstTerm().
struct TermStep {
  bool done = false;      // `term` lies behind the range
  bool fits = false;      // it is of it: `node`
  NodeId node = 0;
  std::string next;       // where to go on, where that is not the next term; empty: it is
};
std::string FirstTerm(const TermRange& range);
TermStep StepOver(const TermRange& range, std::string_view term);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_SEARCH_TERMS_H_
