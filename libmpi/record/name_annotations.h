// SPDX-License-Identifier: Apache-2.0
// What stands in a name's field and is no name. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_NAME_ANNOTATIONS_H_
#define LIBMPI_RECORD_NAME_ANNOTATIONS_H_

#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

// A name of the same person found beside the name.
struct NoteName {
  std::string text;      // width folded
  bool former = false;   // 旧姓: a family name from before a marriage
  bool alias = false;    // 通称, 本名: said to be another name
};

struct CleanName {
  std::string text;  // width folded, unknown glyphs as kUnknownGlyph, without annotations
  std::vector<NoteName> others;
  bool annotated = false;  // something was taken off
  bool newborn = false;    // a placeholder stood for the given name: ベビー, 第一子
  bool test = false;       // nobody: テスト 患者
  bool unknown_glyph = false;
};

// A name beside the name, from its text: "旧姓 佐藤", "通称:金田 民秀"; the marks off.
NoteName ReadNote(std::string_view text);

// Whether CleanNameText would take nothing off a name with this word in it, find nothing in it, and
// keep it as it is: of two words at most, width folded.
bool NeedsNoCleaning(std::string_view folded_word);

// Takes off titles (様, 殿, Mr), marks (故, *, 旧姓 ..., brackets) and placeholders. Linear.
CleanName CleanNameText(std::string_view text);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_NAME_ANNOTATIONS_H_
