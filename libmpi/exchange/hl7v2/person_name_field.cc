// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/person_name_field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/text/fold.h"

namespace libmpi::hl7v2 {
namespace {

struct Parts {
  std::string family, given;
};

// What one name type says, by script; the nth of each are one name.
struct Scripts {
  std::vector<Parts> kanji, kana, latin;
};

std::string Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
}

// Joined by a space where both say something.
std::string Joined(std::string_view a, std::string_view b) {
  return std::string(a) + (a.empty() || b.empty() ? "" : " ") + std::string(b);
}

bool IsOneOf(std::string_view type, std::string_view letters) {
  return type.size() == 1 && letters.find(type[0]) != std::string_view::npos;
}

// Components 7 and 8. Some systems write them one component too early: no degree (component 6) is called L.
struct NameKind {
  std::string type, representation;
};
NameKind KindOf(const Components& said) {
  NameKind kind{said.Text(7), said.Text(8)};
  if (kind.representation.empty() && IsOneOf(kind.type, "IPA") && said.Text(6) == "L")
    return {"L", std::move(kind.type)};
  return kind;
}

std::vector<Parts>& ListOf(const Parts& parts, std::string_view representation, Scripts* scripts) {
  if (representation == "I") return scripts->kanji;
  const Script script = ScriptOf(parts.family + parts.given);
  // Systems that say P of kanji are met.
  if (representation == "P" && script != Script::kKanji) return scripts->kana;
  if (representation == "A" && script == Script::kLatin) return scripts->latin;
  if (script == Script::kKana) return scripts->kana;
  return script == Script::kLatin ? scripts->latin : scripts->kanji;
}

void SetParts(const Parts& said, std::string* full, std::string* family, std::string* given) {
  // What stands alone in the family name's place is a whole name as often as not.
  if (said.given.empty()) {
    *full = said.family;
    return;
  }
  *family = said.family;
  *given = said.given;
}

StatedName NameOf(const Scripts& scripts, size_t i) {
  StatedName name;
  const bool kanji = i < scripts.kanji.size(), kana = i < scripts.kana.size(), latin = i < scripts.latin.size();
  if (kanji) SetParts(scripts.kanji[i], &name.full, &name.family, &name.given);
  if (kana) SetParts(scripts.kana[i], &name.full_kana, &name.family_kana, &name.given_kana);
  if (!latin) return name;
  const Parts& said = scripts.latin[i];
  // A comma tells which is the family name.
  if (!kanji && !kana) SetParts(said, &name.full, &name.family, &name.given);
  else name.latin = said.given.empty() ? said.family : said.family + ", " + said.given;
  return name;
}

void AddFormerNames(const Scripts& scripts, Record* record) {
  for (const std::vector<Parts>* list : {&scripts.kanji, &scripts.kana, &scripts.latin})
    for (const Parts& parts : *list) record->former_names.push_back(Joined(parts.family, parts.given));
}

// What stands before the separator, and what after; all of it before, where there is none.
Parts PartedAt(std::string_view text, std::string_view separator) {
  const size_t at = text.find(separator);
  if (at == std::string_view::npos) return {Trimmed(text), ""};
  return {Trimmed(text.substr(0, at)), Trimmed(text.substr(at + separator.size()))};
}

Parts Parted(std::string_view full) {
  for (std::string_view space : {"　", " "})
    if (Parts parts = PartedAt(full, space); !parts.given.empty()) return parts;
  return {std::string(full), ""};
}

// HL7 table 0465, by the letters.
std::string_view RepresentationOf(std::string_view name) {
  const Script script = ScriptOf(name);
  return script == Script::kKana ? "P" : script == Script::kLatin ? "A" : "I";
}

// Those that are written, with their representation codes, in order.
std::vector<std::pair<Parts, std::string_view>> RepetitionsOf(const StatedName& name) {
  std::vector<std::pair<Parts, std::string_view>> out;
  const auto add = [&](Parts parts, std::string_view code) {
    if (!parts.family.empty() || !parts.given.empty()) out.emplace_back(std::move(parts), code);
  };
  const auto pieces = [](const std::string& full, const std::string& family, const std::string& given) {
    return family.empty() && given.empty() ? Parted(full) : Parts{family, given};
  };
  const Parts first = pieces(name.full, name.family, name.given);
  add(first, RepresentationOf(first.family + first.given));
  add(pieces(name.full_kana, name.family_kana, name.given_kana), "P");
  add(PartedAt(name.latin, ","), "A");
  return out;
}

void SetName(const Parts& parts, std::string_view type, std::string_view representation, size_t field,
             SegmentBuilder* pid) {
  const size_t repetition = pid->Repetitions(field) + 1;
  pid->SetIn(field, repetition, 1, 1, parts.family);
  pid->SetIn(field, repetition, 2, 1, parts.given);
  pid->SetIn(field, repetition, 7, 1, type);
  pid->SetIn(field, repetition, 8, 1, representation);
}

}  // namespace

void ReadNames(const Field& field, Record* record) {
  std::vector<std::pair<std::string, Scripts>> by_type;
  for (const Repetition& said : field.all()) {
    const Components components(said);
    const auto [type, representation] = KindOf(components);
    if (said.deleted() || IsOneOf(type, "NPS")) continue;
    Parts parts = {Trimmed(components.Text(1)), Joined(Trimmed(components.Text(2)), Trimmed(components.Text(3)))};
    if (parts.family.empty() && parts.given.empty()) continue;
    const std::string kept_type = type.empty() ? "L" : type;
    auto known = std::find_if(by_type.begin(), by_type.end(), [&](const auto& t) { return t.first == kept_type; });
    if (known == by_type.end()) known = by_type.insert(by_type.end(), {kept_type, {}});
    std::vector<Parts>& list = ListOf(parts, representation, &known->second);
    list.push_back(std::move(parts));
  }
  for (const auto& [type, scripts] : by_type) {
    if (IsOneOf(type, "MB")) {
      AddFormerNames(scripts, record);
      continue;
    }
    const size_t names = std::max({scripts.kanji.size(), scripts.kana.size(), scripts.latin.size()});
    for (size_t i = 0; i < names; ++i) record->names.push_back(NameOf(scripts, i));
  }
}

void SetNames(const Record& record, bool kanji_only, size_t field, SegmentBuilder* pid) {
  for (const StatedName& name : record.names) {
    for (const auto& [parts, representation] : RepetitionsOf(name)) {
      SetName(parts, "L", representation, field, pid);
      if (kanji_only) break;
    }
  }
  for (const std::string& name : record.former_names)
    SetName(Parted(name), "M", RepresentationOf(name), field, pid);
}

}  // namespace libmpi::hl7v2
