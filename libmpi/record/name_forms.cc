// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_forms.h"

#include <algorithm>
#include <utility>

#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

// Evidence in bits beyond which the stated order of a dotted name is taken as it is.
constexpr double kOrderIsPlain = 6;

// Parts parted by one '/', letters upper case: what folds in one go.
struct Parted {
  std::string text;
  bool dots = false;  // a middle dot was among the separators
};

Parted PartJapanese(std::string_view text) {
  Parted out;
  out.text.reserve(text.size());
  bool gap = false;
  for (size_t pos = 0; pos < text.size();) {
    const size_t begin = pos;
    const char32_t c = NextCodePoint(text, &pos);
    const bool dot = c == 0x30FB || c == '=' || c == 0x30A0 || c == '.';
    if (dot || c == ' ' || c == '_' || c == '/' || c == ',' || c == 0x3001) {
      gap = !out.text.empty();
      out.dots = out.dots || dot;
      continue;
    }
    if (gap) out.text += '/';
    gap = false;
    if (c >= 'a' && c <= 'z') out.text += static_cast<char>(c - 32);
    else out.text += text.substr(begin, pos - begin);
  }
  return out;
}

std::vector<std::string> Parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find(separator, pos), text.size());
    if (end > pos) parts.emplace_back(text.substr(pos, end - pos));
    pos = end + 1;
  }
  return parts;
}

std::string Joined(const std::vector<std::string>& parts, size_t first, size_t last) {
  std::string out;
  for (size_t i = first; i < last; ++i) out += parts[i];
  return out;
}

// Several words of one part are one word: "van der Berg", "Vanderberg". Unknown glyphs alone say
// nothing ("SMITH, ?").
std::string FoldLatinPart(std::string_view text) {
  std::string key = FoldLatin(text);
  EraseAll(" ", &key);
  return AllUnknown(key) ? "" : key;
}

std::vector<NameForm> ManyParts(const std::vector<std::string>& parts, NameCounts::Script script,
                                const NameSplitter& splitter) {
  if (script == NameCounts::Script::kKanji) return splitter.SplitAtGaps(parts, script);
  const size_t n = parts.size();
  return {{parts[0], Joined(parts, 1, n), false},
          {parts[n - 1], Joined(parts, 0, n - 1), true}};
}

bool IsCapitals(std::string_view word) {
  return word.size() > 1 &&
         std::none_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

ScriptText ReadJapanese(std::string_view text, NameCounts::Script script,
                        const NameSplitter& splitter) {
  ScriptText out;
  const bool kana = script == NameCounts::Script::kKana;
  const Parted parted = PartJapanese(text);
  std::string key = kana ? FoldKana(parted.text) : FoldKanji(parted.text);
  const size_t gap = key.find('/');
  if (gap == std::string::npos) {
    out.unsplit = std::move(key);
    return out;
  }
  if (key.find('/', gap + 1) == std::string::npos) {
    NameForm form{key.substr(0, gap), key.substr(gap + 1), false};
    const bool both_ways =
        kana && parted.dots && splitter.SwapEvidence(form, script) > -kOrderIsPlain;
    out.forms.push_back(std::move(form));
    if (both_ways) out.forms.push_back({out.forms[0].given, out.forms[0].family, true});
    return out;
  }
  const std::vector<std::string> parts = Parts(key, '/');
  const bool letters = std::all_of(parts.begin(), parts.end(),
                                   [](const std::string& p) { return CountLetters(p) == 1; });
  if (letters) out.unsplit = Joined(parts, 0, parts.size());  // "山 田 太 郎"
  else out.forms = ManyParts(parts, script, splitter);
  return out;
}

NameForm FoldParts(std::string_view family, std::string_view given, Script script) {
  // Folding stops at '/', so both go through in one.
  std::string both = PartJapanese(family).text;
  std::replace(both.begin(), both.end(), '/', ' ');
  both += '/';
  const size_t begin = both.size();
  both += PartJapanese(given).text;
  std::replace(both.begin() + static_cast<std::ptrdiff_t>(begin), both.end(), '/', ' ');
  if (script == Script::kLatin)
    return {FoldLatinPart(std::string_view(both).substr(0, begin - 1)),
            FoldLatinPart(std::string_view(both).substr(begin)), false};
  const std::string key = script == Script::kKana ? FoldKana(both) : FoldKanji(both);
  const size_t gap = key.find('/');
  return {key.substr(0, gap), gap == std::string::npos ? "" : key.substr(gap + 1), false};
}

std::vector<NameForm> LatinForms(std::string_view text) {
  const size_t comma = text.find(',');
  if (comma != std::string_view::npos && comma > 0 && comma + 1 < text.size())
    return {{FoldLatinPart(text.substr(0, comma)), FoldLatinPart(text.substr(comma + 1)), false}};
  std::string spaced(text);
  for (std::string_view mark : {",", "_", "/", "・", "="}) ReplaceAll(mark, " ", &spaced);
  const std::vector<std::string> words = Parts(spaced, ' ');
  std::vector<std::string> folded;
  for (const std::string& word : words)
    if (std::string key = FoldLatinPart(word); !key.empty()) folded.push_back(std::move(key));
  const size_t n = folded.size();
  if (n == 0) return {};
  if (n == 1) return {{folded[0], "", true}};
  NameForm first{folded[0], Joined(folded, 1, n), false};
  NameForm last{folded[n - 1], Joined(folded, 0, n - 1), false};
  const bool first_capital = IsCapitals(words.front()), last_capital = IsCapitals(words.back());
  if (last_capital && !first_capital) return {std::move(last)};
  if (first_capital && !last_capital) return {std::move(first)};
  last.guessed = true;
  return {std::move(first), std::move(last)};
}

}  // namespace libmpi
