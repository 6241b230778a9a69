// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/dicom_pn.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kGroupCharacters = 64;

struct Group {
  std::string family, given;
  bool empty() const { return family.empty() && given.empty(); }
  bool operator==(const Group&) const = default;
};
// In the order in which they are written.
struct Groups {
  Group latin, kanji, kana;
};

std::vector<std::string_view> SplitAt(std::string_view text, char separator, size_t most) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; parts.size() < most;) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(WithoutBlanks(text.substr(begin, end - begin)));
    if (end == text.size()) break;
    begin = end + 1;
  }
  return parts;
}

Group GroupOf(std::string_view text) {
  Group out;
  const std::vector<std::string_view> parts = SplitAt(text, '^', 3);
  out.family = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) {
    if (!parts[i].empty()) out.given += (out.given.empty() ? "" : " ") + std::string(parts[i]);
  }
  return out;
}

Group* PlaceOf(const Group& group, size_t position, Groups* groups) {
  switch (ScriptOf(group.family + group.given)) {
    case Script::kKana:
      return &groups->kana;
    case Script::kKanji:
    case Script::kMixed:
      return &groups->kanji;
    case Script::kLatin:
      return &groups->latin;
    default:
      return position == 0 ? &groups->latin : position == 1 ? &groups->kanji : &groups->kana;
  }
}

bool SaysTheSame(const Group& a, const Group& b) {
  return FoldWidth(a.family + a.given) == FoldWidth(b.family + b.given);
}

// The groups of a name; a second one of a script is another name's.
std::vector<Groups> GroupsOf(std::string_view text) {
  std::vector<Groups> out(1);
  size_t position = 0;
  for (const std::string_view part : SplitAt(text, '=', 3)) {
    Group group = GroupOf(part);
    const size_t at = position++;
    if (group.empty()) continue;
    Group* place = PlaceOf(group, at, &out[0]);
    // Kana of half width in the first group, and the same at its own place.
    if (!place->empty() && !SaysTheSame(*place, group)) place = PlaceOf(group, at, &out.emplace_back());
    *place = std::move(group);
  }
  return out;
}

void SetParts(const Group& group, std::string* full, std::string* family, std::string* given) {
  if (group.family.empty() || group.given.empty()) {
    *full = group.family + group.given;
    return;
  }
  *family = group.family;
  *given = group.given;
}

StatedName NameOf(const Groups& groups) {
  StatedName name;
  SetParts(groups.kanji, &name.full, &name.family, &name.given);
  SetParts(groups.kana, &name.full_kana, &name.family_kana, &name.given_kana);
  const auto& [family, given] = groups.latin;
  if (groups.kanji.empty() && groups.kana.empty())
    SetParts(groups.latin, &name.full, &name.family, &name.given);
  else
    name.latin = family.empty() || given.empty() ? family + given : family + ", " + given;
  return name;
}

std::string Text(const Group& group) {
  const std::string text = group.given.empty() ? group.family : group.family + "^" + group.given;
  return DicomTextOf(text, kGroupCharacters);
}

// Parted at its first space.
Group Parted(std::string_view full) {
  for (const std::string_view space : {"\u3000", " "}) {
    const size_t at = full.find(space);
    if (at == std::string_view::npos) continue;
    Group out{std::string(WithoutBlanks(full.substr(0, at))),
              std::string(WithoutBlanks(full.substr(at + space.size())))};
    if (!out.family.empty() && !out.given.empty()) return out;
  }
  return {std::string(full), ""};
}

// Neither ^ nor = of a text itself.
std::string WithoutMarks(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return c == '^' || c == '='; }, ' ');
  return std::string(WithoutBlanks(out));
}

Group GroupOf(std::string_view full, std::string_view family, std::string_view given) {
  if (family.empty() && given.empty()) return Parted(WithoutMarks(full));
  return {WithoutMarks(family), WithoutMarks(given)};
}

std::string TextOf(const Groups& groups) {
  std::string text = Text(groups.latin) + "=" + Text(groups.kanji) + "=" + Text(groups.kana);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace

void AddDicomName(std::string_view text, std::vector<StatedName>* names) {
  for (const Groups& groups : GroupsOf(text))
    if (StatedName name = NameOf(groups); name != StatedName()) names->push_back(std::move(name));
}

std::string DicomFormerName(std::string_view text) {
  const Groups groups = GroupsOf(text)[0];
  const Group& group = !groups.kanji.empty() ? groups.kanji : !groups.latin.empty() ? groups.latin : groups.kana;
  return group.family + (group.family.empty() || group.given.empty() ? "" : " ") + group.given;
}

std::string DicomNameOf(const StatedName& name) {
  Groups groups;
  const Group kana = GroupOf(name.full_kana, name.family_kana, name.given_kana);
  if (!kana.empty()) groups.kana = kana;
  if (const Group first = GroupOf(name.full, name.family, name.given); !first.empty()) {
    Group* const place = PlaceOf(first, 1, &groups);
    if (place->empty())
      *place = first;
    else
      groups.kanji = first;
  }
  if (groups.latin.empty()) {
    const size_t comma = name.latin.find(',');
    const std::string_view latin = name.latin;
    groups.latin = comma == std::string::npos ? GroupOf(latin, "", "")
                                              : GroupOf("", latin.substr(0, comma), latin.substr(comma + 1));
  }
  return TextOf(groups);
}

std::string DicomNameOfText(std::string_view full) {
  StatedName name;
  name.full = full;
  return DicomNameOf(name);
}

std::string DicomTextOf(std::string_view text, size_t characters) {
  std::string out;
  for (size_t pos = 0; pos < text.size() && characters > 0; --characters) {
    const size_t begin = pos;
    const char32_t c = NextCodePoint(text, &pos);
    if (c < 0x20 || c == '\\' || c == 0x7F)
      out += ' ';
    else
      out += text.substr(begin, pos - begin);
  }
  return std::string(WithoutBlanks(out));
}

std::vector<std::string_view> DicomValues(std::string_view text) { return SplitAt(text, '\\', 64); }

}  // namespace libmpi
