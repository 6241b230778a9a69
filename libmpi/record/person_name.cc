// SPDX-License-Identifier: Apache-2.0
// A stated name to its readings: annotations off, scripts told apart, parts found.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "libmpi/record/name_split.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Evidence in bits beyond which parts are taken for swapped.
constexpr double kSwapped = 9;

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}
bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

void Trim(std::string* text) {
  while (!text->empty() && text->back() == ' ') text->pop_back();
  while (!text->empty() && text->front() == ' ') text->erase(text->begin());
}

// The text outside brackets, and what stood inside them.
struct Bracketed {
  std::string outside;
  std::vector<std::string> inside;
};

Bracketed TakeBrackets(std::string_view text) {
  Bracketed out;
  int depth = 0;
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = NextCodePoint(text, &pos);
    const bool open = c == '(' || c == '[' || c == '<' || c == 0x3010 || c == 0x3014 || c == 0x300C;
    const bool close = c == ')' || c == ']' || c == '>' || c == 0x3011 || c == 0x3015 || c == 0x300D;
    if (open && depth++ == 0) out.inside.emplace_back();
    else if (close && depth > 0) --depth;
    else if (!close) AppendUtf8(c, depth > 0 ? &out.inside.back() : &out.outside);
  }
  Trim(&out.outside);
  for (std::string& s : out.inside) Trim(&s);
  return out;
}

// Drops titles and marks around a name; true if there were any.
bool StripTitles(std::string* name) {
  bool changed = false;
  for (std::string_view title : {" 様", " 殿", " さん", " 氏", " 君", " ちゃん", " 先生", "様", "殿", " JR", " JR.", " SR", " Jr.", " Jr", " Sr."})
    if (EndsWith(*name, title)) {
      name->resize(name->size() - title.size());
      changed = true;
      break;
    }
  for (std::string_view title : {"故 ", "故・", "亡 ", "MR ", "MRS ", "MS ", "DR ", "MR. ", "MRS. ", "MS. ", "DR. ", "Mr. ", "Mrs. ", "Ms. ", "Dr. ", "Mr ", "Mrs ", "Ms ", "Dr "})
    if (StartsWith(*name, title)) {
      name->erase(0, title.size());
      changed = true;
      break;
    }
  while (!name->empty() && (name->back() == '*' || name->back() == '#')) {
    name->pop_back();
    changed = true;
  }
  Trim(name);
  return changed;
}

bool Mentions(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) {
    return text.find(w) != std::string_view::npos;
  });
}

std::vector<std::string> SplitAt(std::string_view text, bool at_dots) {
  std::vector<std::string> parts(1);
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = NextCodePoint(text, &pos);
    const bool dot = c == 0x30FB || c == 0xFF0E || (c == '=' ) || c == 0x30A0;
    if (c == ' ' || c == '_' || (at_dots && dot)) {
      if (!parts.back().empty()) parts.emplace_back();
    } else {
      AppendUtf8(c, &parts.back());
    }
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

std::string Joined(const std::vector<std::string>& parts, size_t first, size_t last) {
  std::string out;
  for (size_t i = first; i < last; ++i) out += parts[i];
  return out;
}

// A part of a kanji name; parts in kana alone are kept as kana keys.
std::string FoldKanjiPart(std::string_view part) {
  return ScriptOf(part) == Script::kKana ? FoldKana(part) : FoldKanji(part);
}

// Names of foreign residents: which part is the family name is told by capitals
// or a comma, or not at all; then both ways are kept.
std::vector<NameForm> LatinForms(std::string_view text) {
  const size_t comma = text.find(',');
  if (comma != std::string_view::npos)
    return {{FoldLatin(text.substr(0, comma)), FoldLatin(text.substr(comma + 1)), false}};
  std::vector<std::string> words = SplitAt(text, true);
  if (words.empty()) return {};
  std::vector<std::string> folded;
  for (const std::string& w : words) folded.push_back(FoldLatin(w));
  if (words.size() == 1) return {{folded[0], "", true}};
  auto capital = [](const std::string& w) {
    return w.size() > 1 && std::none_of(w.begin(), w.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  };
  const NameForm first{folded[0], Joined(folded, 1, folded.size()), false};
  const NameForm last{folded.back(), Joined(folded, 0, folded.size() - 1), false};
  const bool first_capital = capital(words.front()), last_capital = capital(words.back());
  if (last_capital && !first_capital) return {last};
  if (first_capital && !last_capital) return {first};
  NameForm other = last;
  other.guessed = true;
  return {first, other};
}

// One text in one script, before the other script is known.
struct ScriptText {
  std::vector<NameForm> forms;  // split as stated
  std::string unsplit;          // or not split at all
};

ScriptText ReadJapanese(std::string_view text, bool kana) {
  ScriptText out;
  const std::vector<std::string> parts = SplitAt(text, kana);
  auto fold = [kana](const std::string& s) { return kana ? FoldKana(s) : FoldKanjiPart(s); };
  std::vector<std::string> folded;
  for (const std::string& p : parts)
    if (std::string f = fold(p); !f.empty()) folded.push_back(std::move(f));
  if (folded.empty()) return out;
  if (folded.size() == 1) {
    out.unsplit = folded[0];
    return out;
  }
  out.forms.push_back({folded[0], Joined(folded, 1, folded.size()), false});
  if (folded.size() > 2)
    out.forms.push_back({folded.back(), Joined(folded, 0, folded.size() - 1), true});
  return out;
}

class NameReader {
 public:
  NameReader(const NameCounts* counts, const ReadingModel& readings, std::vector<Finding>* findings)
      : splitter_(counts, &readings), findings_(findings) {}

  std::vector<NameFeatures> Read(const StatedName& stated) {
    Place(Clean(stated.full, "name"), stated.full.empty());
    PlaceParts(Clean(stated.family, "family"), Clean(stated.given, "given"));
    Place(Clean(stated.full_kana, "kana"), true);
    PlaceParts(Clean(stated.family_kana, "family_kana"), Clean(stated.given_kana, "given_kana"));
    const std::string latin = Clean(stated.latin, "latin");
    if (!latin.empty() && latin_.empty()) latin_ = LatinForms(latin);
    names_.insert(names_.begin(), Assemble());
    if (names_.front().kanji.empty() && names_.front().kana.empty() && names_.front().latin.empty())
      names_.erase(names_.begin());
    return std::move(names_);
  }

 private:
  void Find(FindingCode code, std::string_view field) {
    findings_->push_back({code, std::string(field)});
  }

  // Width folded, without annotations; those that are names become names of their own.
  std::string Clean(const std::string& text, std::string_view field) {
    if (text.empty()) return "";
    Bracketed bracketed = TakeBrackets(FoldWidth(text));
    bool annotated = !bracketed.inside.empty();
    for (const std::string& inside : bracketed.inside) AddAlias(inside);
    std::string& name = bracketed.outside;
    const size_t former = name.find("旧姓");
    if (former != std::string::npos && former > 0) {
      AddAlias(name.substr(former));
      name.resize(former);
      Trim(&name);
      annotated = true;
    }
    annotated = StripTitles(&name) || annotated;
    if (annotated) Find(FindingCode::kNameAnnotation, field);
    if (Mentions(name, {"テスト", "ﾃｽﾄ", "ダミー", "TEST"})) Find(FindingCode::kNameTest, field);
    return name;
  }

  void AddAlias(std::string_view text) {
    std::string name(text);
    bool former = false;
    for (std::string_view mark : {"旧姓", "旧氏", "旧", "通称名", "通称", "本名", ":", " ", "・"})
      if (StartsWith(name, mark)) {
        former = former || mark.substr(0, 3) == "旧";
        name.erase(0, mark.size());
      }
    Trim(&name);
    const Script script = ScriptOf(name);
    if (script == Script::kNone || Mentions(name, {"故", "亡", "男", "女", "仮", "死亡", "外", "同姓同名", "転"})) return;
    NameFeatures alias;
    alias.former = true;
    if (script == Script::kLatin) {
      alias.latin = LatinForms(name);
    } else {
      const bool kana = script == Script::kKana;
      ScriptText read = ReadJapanese(name, kana);
      std::vector<NameForm>& forms = kana ? alias.kana : alias.kanji;
      if (!read.forms.empty()) forms = std::move(read.forms);
      else if (former) forms.push_back({read.unsplit, "", false});
      else
        forms = splitter_.Split(read.unsplit,
                                kana ? NameCounts::Script::kKana : NameCounts::Script::kKanji, nullptr);
    }
    names_.push_back(std::move(alias));
  }

  // Puts a whole name where its script says.
  void Place(const std::string& name, bool expect_kana) {
    if (name.empty()) return;
    switch (ScriptOf(name)) {
      case Script::kLatin:
        if (latin_.empty()) latin_ = LatinForms(name);
        return;
      case Script::kKana:
        if (kana_.forms.empty() && kana_.unsplit.empty()) kana_ = ReadJapanese(name, true);
        return;
      case Script::kNone:
        Find(FindingCode::kNameUnreadable, expect_kana ? "kana" : "name");
        return;
      case Script::kKanji:
      case Script::kMixed:
        if (kanji_.forms.empty() && kanji_.unsplit.empty()) kanji_ = ReadJapanese(name, false);
        if (name.find("\u25A0") != std::string::npos || name.find("〓") != std::string::npos)
          Find(FindingCode::kUnknownGlyph, "name");
        return;
    }
  }

  void PlaceParts(const std::string& family, const std::string& given) {
    if (family.empty() && given.empty()) return;
    switch (ScriptOf(family + given)) {
      case Script::kLatin:
        if (latin_.empty()) latin_.push_back({FoldLatin(family), FoldLatin(given), false});
        return;
      case Script::kKana:
        if (kana_.forms.empty()) kana_.forms.push_back({FoldKana(family), FoldKana(given), false});
        return;
      case Script::kNone: return;
      default:
        if (kanji_.forms.empty())
          kanji_.forms.push_back({FoldKanjiPart(family), FoldKanjiPart(given), false});
    }
  }

  NameFeatures Assemble() {
    NameFeatures out;
    out.kanji = kanji_.forms;
    out.kana = kana_.forms;
    out.latin = latin_;
    SwapBack(&out);
    SplitUnsplit(&out);
    return out;
  }

  // A name whose parts clearly stand the wrong way round gets the right way first.
  void SwapBack(NameFeatures* name) {
    const bool kanji = name->kanji.size() == 1, kana = name->kana.size() == 1;
    double bits = 0;
    if (kanji) bits += splitter_.SwapEvidence(name->kanji[0], NameCounts::Script::kKanji);
    if (kana) bits += splitter_.SwapEvidence(name->kana[0], NameCounts::Script::kKana);
    if (kanji && kana) bits *= 0.7;  // two views of one thing
    if (bits < kSwapped) return;
    for (std::vector<NameForm>* forms : {&name->kanji, &name->kana}) {
      if (forms->size() != 1) continue;
      NameForm swapped{forms->front().given, forms->front().family, true};
      forms->insert(forms->begin(), std::move(swapped));
    }
    Find(FindingCode::kNameSwapped, "name");
  }

  void SplitUnsplit(NameFeatures* name) {
    const bool kanji = name->kanji.empty() && !kanji_.unsplit.empty();
    const bool kana = name->kana.empty() && !kana_.unsplit.empty();
    if (!kanji && !kana) return;
    Find(FindingCode::kNameUnsplit, kanji ? "name" : "kana");
    if (kanji && kana) splitter_.SplitBoth(kanji_.unsplit, kana_.unsplit, &name->kanji, &name->kana);
    if (kanji && name->kanji.empty())
      name->kanji = splitter_.Split(kanji_.unsplit, NameCounts::Script::kKanji,
                                    name->kana.empty() ? nullptr : &name->kana[0]);
    if (kana && name->kana.empty())
      name->kana = splitter_.Split(kana_.unsplit, NameCounts::Script::kKana,
                                   name->kanji.empty() ? nullptr : &name->kanji[0]);
    // One letter, or too many to divide: a name of one part.
    if (kanji && name->kanji.empty()) name->kanji.push_back({kanji_.unsplit, "", true});
    if (kana && name->kana.empty()) name->kana.push_back({kana_.unsplit, "", true});
  }

  NameSplitter splitter_;
  std::vector<Finding>* findings_;
  ScriptText kanji_, kana_;
  std::vector<NameForm> latin_;
  std::vector<NameFeatures> names_;
};

}  // namespace

std::vector<NameFeatures> ParseName(const StatedName& stated, const NameCounts* counts,
                                    const ReadingModel& readings,
                                    std::vector<Finding>* findings) {
  return NameReader(counts, readings, findings).Read(stated);
}

}  // namespace libmpi
