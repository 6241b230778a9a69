// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_annotations.h"

#include <algorithm>
#include <utility>

#include "libmpi/record/folded_text.h"
#include "libmpi/text/names.h"

namespace libmpi {
namespace {

template <size_t N>
bool IsOneOf(std::string_view text, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

// Titles after a name, as a word of their own.
constexpr std::string_view kTitles[] = {"様", "さま", "サマ", "殿", "さん", "サン", "ちゃん", "チャン",
                                        "くん", "先生", "氏", "君"};
// Of these, words that are names as well: 君 (キミ) is a title only after a whole name, サマ only
// after two parts, and チャン, サン only behind a family name of Japan: グエン ティ チャン is whole.
constexpr std::string_view kNameLikeTitles[] = {"君", "氏"};
constexpr std::string_view kKanaTitles[] = {"チャン", "サン", "サマ"};
constexpr std::string_view kForeignNames[] = {"チャン", "サン"};
constexpr std::string_view kLatinTitles[] = {"MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "SIR"};
constexpr std::string_view kLatinSuffixes[] = {"JR", "SR", "II", "III", "IV", "2ND", "3RD"};

// Words for a child that has no name yet.
constexpr std::string_view kNewborn[] = {"ベビー", "ベイビー", "べびー", "ベビ", "児", "新生児", "赤ちゃん", "女児",
                                         "男児", "BABY", "の子", "ベビーちゃん", "アカチャン"};
// Sons and daughters by number: names as well (三男), so placeholders only after a whole name.
constexpr std::string_view kNumberedChildren[] = {"長男", "長女", "次男", "次女", "二男", "二女", "三男", "三女"};

// Notes in brackets that say nothing of the name.
constexpr std::string_view kNotes[] = {"故", "亡", "死亡", "男", "女", "男性", "女性", "本人", "母", "父", "妻", "夫",
                                       "子", "仮", "外", "外国人", "同姓同名", "同姓同名有", "同姓同名注意", "転出", "転入",
                                       "転院", "双子", "双生児", "株", "M", "F", "様", "重複", "旧", "新", "退職"};

bool IsNumberedChild(std::string_view word) {
  if (IsOneOf(word, kNumberedChildren)) return true;
  return StartsWith(word, "第") && (EndsWith(word, "子") || EndsWith(word, "児"));
}

std::string Upper(std::string_view word) {
  std::string out;
  for (char c : word)
    if (c != '.' && c != ',') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

bool IsOpen(char32_t c) {
  return c == '(' || c == '[' || c == '<' || c == '{' || c == 0x3010 || c == 0x3014 ||
         c == 0x300C || c == 0x3008 || c == 0x300A || c == 0x300E;
}
bool IsClose(char32_t c) {
  return c == ')' || c == ']' || c == '>' || c == '}' || c == 0x3011 || c == 0x3015 ||
         c == 0x300D || c == 0x3009 || c == 0x300B || c == 0x300F;
}

// Takes the texts in brackets out; a space stands where they were.
std::vector<std::string> TakeBrackets(std::string* name) {
  std::string outside;
  std::vector<std::string> inside;
  int depth = 0;
  for (size_t pos = 0; pos < name->size();) {
    const char32_t c = NextCodePoint(*name, &pos);
    if (IsOpen(c)) {
      if (depth++ == 0) inside.emplace_back();
      if (depth == 1) outside += ' ';
    } else if (IsClose(c)) {
      depth = std::max(0, depth - 1);
    } else {
      AppendUtf8(c, depth > 0 ? &inside.back() : &outside);
    }
  }
  *name = std::move(outside);
  Trim(name);
  for (std::string& text : inside) Trim(&text);
  return inside;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find(' ', pos), text.size());
    if (end > pos) words.emplace_back(text.substr(pos, end - pos));
    pos = end + 1;
  }
  return words;
}

bool IsWholeName(const std::vector<std::string>& words, size_t count) {
  return count >= 2 || (count == 1 && CountLetters(words[0]) >= 3);
}

bool IsTitle(const std::vector<std::string>& words) {
  const std::string& last = words.back();
  if (!IsOneOf(last, kTitles)) return false;
  if (IsOneOf(last, kNameLikeTitles) && !IsWholeName(words, words.size() - 1)) return false;
  if (IsOneOf(last, kKanaTitles) && words.size() <= 2) return false;
  return !IsOneOf(last, kForeignNames) || IsKnownName(NamePart::kFamily, FoldKana(words[0]));
}

// Titles and placeholders that are words of their own.
void DropWords(std::vector<std::string>* words, CleanName* out) {
  const size_t before = words->size();
  while (words->size() > 1) {
    const std::string& last = words->back();
    const std::string upper = Upper(last);
    const bool title = IsTitle(*words);
    const bool newborn = IsOneOf(upper, kNewborn) || (IsNumberedChild(last) &&
                         (words->size() > 2 || StartsWith(last, "第")));
    out->newborn = out->newborn || newborn;
    if (!title && !newborn && !IsOneOf(upper, kLatinSuffixes)) break;
    words->pop_back();
    if (!words->back().empty() && words->back().back() == ',') words->back().pop_back();
  }
  while (words->size() > 1) {
    const std::string upper = Upper(words->front());
    const bool newborn = IsOneOf(upper, kNewborn);
    out->newborn = out->newborn || newborn;
    if (!newborn && !IsOneOf(upper, kLatinTitles) && upper != "故" && upper != "亡") break;
    words->erase(words->begin());
  }
  for (size_t i = 1; i + 1 < words->size(); ++i) {  // "Smith Jr., John"
    if ((*words)[i].back() != ',' || !IsOneOf(Upper((*words)[i]), kLatinSuffixes)) continue;
    words->erase(words->begin() + i);
    (*words)[i - 1] += ',';
  }
  out->annotated = out->annotated || words->size() != before;
}

// Titles and placeholders written on to the name.
void DropGlued(std::string* name, CleanName* out) {
  const size_t before = name->size();
  const std::string_view last = std::string_view(*name).substr(
      name->rfind(' ') == std::string::npos ? 0 : name->rfind(' ') + 1);
  const bool known = IsKnownName(NamePart::kFamily, FoldKanji(last)) ||
                     IsKnownName(NamePart::kGiven, FoldKanji(last));
  for (std::string_view title : {"様", "殿"})  // 鵜殿 is a family name
    if (!known && EndsWith(last, title) && last.size() > title.size()) {
      name->resize(name->size() - 3);
      break;
    }
  for (std::string_view word : {"ベビーちゃん", "ベビー", "べびー", "新生児", "赤ちゃん"}) {
    if (name->size() <= word.size()) continue;
    if (EndsWith(*name, word)) name->resize(name->size() - word.size());
    else if (StartsWith(*name, word)) name->erase(0, word.size());
    else continue;
    out->newborn = true;
  }
  if (EndsWith(*name, "の子") && CountLetters(last) >= 4) {
    name->resize(name->size() - 6);
    out->newborn = true;
  }
  for (std::string_view mark : {"故", "亡"})
    if (StartsWith(*name, mark) && CountLetters(*name) >= 4) name->erase(0, 3);
  if (StartsWith(*name, "・")) name->erase(0, 3);
  Trim(name);
  out->annotated = out->annotated || name->size() != before;
}

bool IsSign(char32_t c) {
  return c == '*' || c == '#' || c == '!' || c == '+' || c == 0x203B || c == 0x2605 || c == 0x2606 ||
         c == 0x25CE || c == 0x25C6 || c == 0x25C7 || c == 0x25B2 || c == 0x25B3;
}

// Signs at both ends, and a number after a Japanese name ("山田太郎2").
void DropSigns(std::string* name, CleanName* out) {
  const size_t before = name->size();
  for (size_t pos = 0; !name->empty(); pos = 0) {
    if (!IsSign(NextCodePoint(*name, &pos))) break;
    name->erase(0, pos);
  }
  while (!name->empty()) {
    size_t begin = name->size() - 1, pos;
    while (begin > 0 && ((*name)[begin] & 0xC0) == 0x80) --begin;
    pos = begin;
    if (!IsSign(NextCodePoint(*name, &pos)) && !IsAsciiDigit((*name)[begin])) break;
    name->resize(begin);
  }
  Trim(name);
  out->annotated = out->annotated || name->size() != before;
}

void AddNote(std::string_view text, CleanName* out) {
  NoteName note = ReadNote(text);
  if (IsOneOf(Upper(note.text), kNewborn) || IsNumberedChild(note.text)) {
    out->newborn = true;
    return;
  }
  if (IsOneOf(note.text, kNotes) || ScriptOfFolded(note.text) == Script::kNone) return;
  out->others.push_back(std::move(note));
}

// "山田 花子 旧姓 佐藤" without brackets.
void TakeFormer(std::string* name, CleanName* out) {
  for (std::string_view mark : {"旧姓", "旧氏", "通称"}) {
    const size_t at = name->find(mark);
    if (at == std::string::npos || at == 0) continue;
    AddNote(std::string_view(*name).substr(at), out);
    name->resize(at);
    Trim(name);
    out->annotated = true;
  }
}

// What one look at the letters tells: whether a closer look is due.
struct Glance {
  bool unknown = false, brackets = false, signs = false, words = false;
  bool kana_words = false;  // a kana that a title, a placeholder or a test name begins with
  bool test_kanji = false;  // a kanji of what test names are for
  int spaces = 0;
};

Glance LookAt(std::string_view folded) {
  Glance out;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c >= 0x3041 && c < 0x30FF) {
      switch (c) {
        case U'べ': case U'ベ': case U'さ': case U'ち': case U'く': case U'サ': case U'チ': case U'の':
        case U'テ': case U'て': case U'ダ':
          out.kana_words = true;
      }
      continue;
    }
    if (c < 0x80) {
      const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      out.words = out.words || letter;
      out.spaces += c == ' ';
      out.brackets = out.brackets || IsOpen(c) || IsClose(c);
      out.signs = out.signs || (!letter && c != ' ' && c != '-' && c != '\'');
      out.unknown = out.unknown || c == '?';
      continue;
    }
    switch (c) {
      case U'様': case U'殿': case U'氏': case U'君': case U'故': case U'亡': case U'旧': case U'児':
      case U'第': case U'称': case U'赤':
        out.words = true;
        break;
      case U'生': case U'男': case U'女':  // 先生, 長男, 長女: after two words
        out.words = out.words || out.spaces > 1;
        break;
      case U'用': case U'動': case U'架': case U'模':
        out.test_kanji = true;
        break;
      default:
        if (c >= 0x4E00) break;
        out.unknown = out.unknown || IsUnknownGlyph(c);
        out.brackets = out.brackets || IsOpen(c) || IsClose(c);
        out.signs = out.signs || IsSign(c);
    }
    out.unknown = out.unknown || c == 0xFFFD;
  }
  return out;
}

// Marks for one unknown letter are one mark.
void UnifyUnknown(std::string* text, CleanName* out) {
  std::string unified;
  for (size_t pos = 0; pos < text->size();) {
    const char32_t c = NextCodePoint(*text, &pos);
    const bool unknown = IsUnknownGlyph(c);
    out->unknown_glyph = out->unknown_glyph || unknown;
    AppendUtf8(unknown ? kUnknownGlyphChar : c, &unified);
  }
  *text = std::move(unified);
}

// A word with one of these at its beginning or end is of no person's name.
constexpr std::string_view kTestWords[] = {"テスト", "てすと", "ダミー"};
// And one that holds one of these anywhere.
constexpr std::string_view kTestUses[] = {"検証用", "練習用", "研修用", "訓練用", "試験用", "動作確認", "架空患者", "模擬患者"};
constexpr std::string_view kLatinTestWords[] = {"TEST", "DUMMY", "TESUTO", "TESTPATIENT"};

// "テスト", "テスト患者", "カンジャテスト"; テストーニ is a family name.
bool IsTestWord(std::string_view word) {
  for (std::string_view test : kTestWords) {
    if (EndsWith(word, test)) return true;
    if (StartsWith(word, test) && !StartsWith(word.substr(test.size()), "ー")) return true;
  }
  for (std::string_view use : kTestUses)
    if (Contains(word, use)) return true;
  return false;
}

bool NamesNobody(std::string_view name, const Glance& glance) {
  const bool ascii = IsAscii(name);
  if (!ascii && !glance.kana_words && !glance.test_kanji) return false;
  for (const std::string& word : Words(name))
    if (ascii ? IsOneOf(Upper(word), kLatinTestWords) : IsTestWord(word)) return true;
  return false;
}

// Whether a title or placeholder in kana may stand in the name.
bool HasKanaWord(std::string_view name) {
  for (std::string_view word : {"ベビ", "べび", "さ", "ちゃん", "くん", "サマ", "サン", "チャン", "の子"})
    if (Contains(name, word)) return true;
  return false;
}

}  // namespace

NoteName ReadNote(std::string_view text) {
  NoteName note;
  for (bool more = true; more;) {
    more = false;
    for (std::string_view mark : {"旧姓", "旧氏名", "旧氏", "旧", "通称名", "通称", "本名", ":", " ", "・"}) {
      if (!StartsWith(text, mark) || text.size() == mark.size()) continue;
      note.former = note.former || StartsWith(mark, "旧");
      note.alias = note.alias || StartsWith(mark, "通称") || mark == "本名";
      text.remove_prefix(mark.size());
      more = true;
    }
  }
  note.text = text;
  Trim(&note.text);
  return note;
}

bool NeedsNoCleaning(std::string_view folded_word) {
  const Glance glance = LookAt(folded_word);
  if (glance.unknown || glance.brackets || glance.signs || glance.words) return false;
  return !(glance.kana_words && HasKanaWord(folded_word)) && !NamesNobody(folded_word, glance);
}

CleanName CleanNameText(std::string_view text) {
  CleanName out;
  out.text = FoldWidth(Capped(text));
  std::string& name = out.text;
  const Glance glance = LookAt(name);
  if (glance.unknown) UnifyUnknown(&name, &out);
  if (glance.brackets) {
    std::vector<std::string> inside = TakeBrackets(&name);
    out.annotated = !inside.empty();
    if (name.empty() && !inside.empty()) {  // everything in brackets
      name = std::move(inside.front());
      inside.erase(inside.begin());
    }
    for (const std::string& note : inside) AddNote(note, &out);
  }
  if (glance.signs) DropSigns(&name, &out);
  const bool kana_words = glance.kana_words && HasKanaWord(name);
  if (glance.words || kana_words) {
    TakeFormer(&name, &out);
    std::vector<std::string> words = Words(name);
    DropWords(&words, &out);
    name.clear();
    for (const std::string& word : words) name += name.empty() ? word : " " + word;
    DropGlued(&name, &out);
  }
  out.test = NamesNobody(name, glance) ||
             std::any_of(out.others.begin(), out.others.end(),
                         [&](const NoteName& note) { return NamesNobody(note.text, glance); });
  return out;
}

}  // namespace libmpi
