// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/record_pair_text.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/record/iso_date.h"
#include "libmpi/record/standardize.h"

namespace nayose {
namespace {

constexpr int kFieldCells = 11;

// One character of UTF-8 from the front; a byte that is none by itself.
std::string_view TakeCharacter(std::string_view* text, uint32_t* code) {
  const auto first = static_cast<unsigned char>(text->front());
  size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  length = std::min(length, text->size());
  *code = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) *code = *code << 6 | (static_cast<unsigned char>((*text)[i]) & 0x3Fu);
  const std::string_view character = text->substr(0, length);
  text->remove_prefix(length);
  return character;
}

// East Asian wide and full-width characters take two cells.
int CellsOf(uint32_t code) {
  const bool half_width_kana = code >= 0xFF61 && code <= 0xFFDC;
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFFE6) || code >= 0x20000;
  return wide && !half_width_kana ? 2 : 1;
}

bool IsControl(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200E && code <= 0x202E);
}

// Bytes of a text, from one to before another.
struct Part {
  size_t from = 0, to = 0;
};

constexpr std::string_view kColour = "\x1b[1;31m", kPlain = "\x1b[0m";

// Lines of at most so many cells, filled up with spaces; a part in colour.
std::vector<std::string> Wrapped(std::string_view text, int cells, const Part& coloured = {}) {
  std::vector<std::string> lines(1);
  int used = 0;
  bool in_colour = false;
  const auto colour = [&](bool on) {
    if (on != in_colour) lines.back() += on ? kColour : kPlain;
    in_colour = on;
  };
  const auto fill = [&] {
    colour(false);
    lines.back().append(static_cast<size_t>(cells - used), ' ');
  };
  for (std::string_view left = text; !left.empty();) {
    const size_t at = text.size() - left.size();
    uint32_t code;
    const std::string_view character = TakeCharacter(&left, &code);
    const bool control = IsControl(code);
    const int wide = control ? 1 : CellsOf(code);
    if (used + wide > cells) {
      fill();
      lines.emplace_back();
      used = 0;
    }
    colour(at >= coloured.from && at < coloured.to);
    lines.back() += control ? std::string_view("?") : character;
    used += wide;
  }
  fill();
  return lines;
}

int CellsOfText(std::string_view text) {
  int cells = 0;
  uint32_t code;
  while (!text.empty()) {
    TakeCharacter(&text, &code);
    cells += CellsOf(code);
  }
  return cells;
}

// One line, cut between its words where it has any.
void AppendLines(std::string_view text, int cells, std::vector<std::string>* lines) {
  std::string line;
  int used = 0;
  size_t space = 0;  // where it may be cut
  while (!text.empty()) {
    uint32_t code;
    const std::string_view character = TakeCharacter(&text, &code);
    const int wide = IsControl(code) ? 1 : CellsOf(code);
    if (used + wide > cells) {
      const size_t cut = space > 0 ? space : line.size();
      std::string rest = space > 0 ? line.substr(cut + 1) : std::string();
      line.resize(line.find_last_not_of(' ', cut == 0 ? 0 : cut - 1) + 1);
      lines->push_back(std::exchange(line, std::move(rest)));
      used = CellsOfText(line);
      space = 0;
    }
    if (code == ' ' && line.find_first_not_of(' ') != std::string::npos) space = line.size();
    line += IsControl(code) ? std::string_view("?") : character;
    used += wide;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  lines->push_back(std::move(line));
}

// What differs: without what both begin and end with, in whole characters.
std::pair<Part, Part> PartsThatDiffer(std::string_view a, std::string_view b) {
  const auto inside = [](std::string_view s, size_t at) { return at < s.size() && (s[at] & 0xC0) == 0x80; };
  const size_t shorter = std::min(a.size(), b.size());
  size_t front = 0, back = 0;
  while (front < shorter && a[front] == b[front]) ++front;
  while (inside(a, front) || inside(b, front)) --front;
  while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  while (back > 0 && (inside(a, a.size() - back) || inside(b, b.size() - back))) --back;
  return {{front, a.size() - back}, {front, b.size() - back}};
}

std::string Joined(std::initializer_list<std::string_view> parts, std::string_view separator) {
  std::string out;
  for (std::string_view part : parts)
    if (!part.empty()) out += (out.empty() ? "" : std::string(separator)) + std::string(part);
  return out;
}

// Values of a list, each as `text` says it, with " ; " between.
template <typename List, typename Text>
std::string All(const List& list, const Text& text) {
  std::string out;
  for (const auto& value : list)
    if (const std::string one = text(value); !one.empty()) out += (out.empty() ? "" : " ; ") + one;
  return out;
}

std::vector<std::pair<const char*, std::string>> FieldsOf(const libmpi::Record& r) {
  const auto self = [](const std::string& text) { return text; };
  return {
      {"record", r.key.ToString()},
      {"name", All(r.names, [](const auto& n) { return Joined({n.full, n.family, n.given, n.latin}, " "); })},
      {"kana", All(r.names, [](const auto& n) { return Joined({n.full_kana, n.family_kana, n.given_kana}, " "); })},
      {"former", All(r.former_names, self)},
      {"birth", All(r.births, self)},
      {"sex", All(r.sexes, self)},
      {"insurance", All(r.coverages, [](const auto& c) { return Joined({c.insurer, c.symbol, c.number, c.branch}, " / "); })},
      {"care", All(r.care, [](const auto& c) { return Joined({c.insurer, c.number}, " / "); })},
      {"address", All(r.addresses, [](const auto& a) { return Joined({a.postal_code, a.prefecture, a.city, a.street, a.full}, " "); })},
      {"phone", All(r.phones, self)}};
}

// The first reading of each name.
std::string FormsOf(const libmpi::Features& f, bool former, std::vector<libmpi::NameForm> libmpi::NameFeatures::*script) {
  return All(f.names, [&](const libmpi::NameFeatures& name) {
    const std::vector<libmpi::NameForm>& forms = name.*script;
    return name.former != former || forms.empty() ? std::string() : forms[0].family + forms[0].given;
  });
}

// The same fields folded, as far as two ways to write one value are the same; empty: it can't be told.
std::vector<std::string> FoldedFieldsOf(const libmpi::Record& record) {
  const libmpi::Features f = libmpi::Standardizer({.insurer_check_digits = false}).Standardize(record);
  const std::string former = FormsOf(f, true, &libmpi::NameFeatures::kanji);
  return {
      "",
      FormsOf(f, false, &libmpi::NameFeatures::kanji) + FormsOf(f, false, &libmpi::NameFeatures::latin),
      FormsOf(f, false, &libmpi::NameFeatures::kana),
      former.empty() ? FormsOf(f, true, &libmpi::NameFeatures::kana) : former,
      All(f.births, [](const auto& day) { return libmpi::IsoDateText(day); }),
      All(f.sexes, [](libmpi::Sex sex) { return std::string(sex == libmpi::Sex::kMale ? "M" : "F"); }),
      All(f.coverages, [](const auto& c) { return Joined({c.insurer, c.symbol, c.number, c.branch}, "/"); }),
      All(f.care, [](const auto& c) { return Joined({c.insurer, c.number}, "/"); }),
      All(f.addresses, [](const auto& a) { return Joined({a.city, a.town, a.numbers, a.building}, "/"); }),
      All(f.phones, [](const auto& p) { return p.digits; })};
}

char MarkOf(const std::string& x, const std::string& y, const std::string& folded_x, const std::string& folded_y) {
  if (x == y) return '=';
  if (x.empty() || y.empty()) return '|';
  return !folded_x.empty() && folded_x == folded_y ? '~' : '!';
}

}  // namespace

std::vector<std::string> LinesOf(std::string_view text, int cells) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    AppendLines(text.substr(0, end), cells, &lines);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string RecordPairText(const libmpi::Record& a, const libmpi::Record& b, int columns, PairMarks marks) {
  const int cells = std::clamp((columns - kFieldCells - 3) / 2, 12, 60);
  const auto left = FieldsOf(a), right = FieldsOf(b);
  const bool told_apart = marks == PairMarks::kDifferences || marks == PairMarks::kInColour;
  std::vector<std::string> folded_a(left.size()), folded_b(left.size());
  if (told_apart) {
    folded_a = FoldedFieldsOf(a);
    folded_b = FoldedFieldsOf(b);
  }
  std::string out;
  for (size_t f = 0; f < left.size(); ++f) {
    const auto& [name, x] = left[f];
    const std::string& y = right[f].second;
    if (x.empty() && y.empty()) continue;
    char mark = marks != PairMarks::kNone && x == y ? '=' : '|';
    if (told_apart && f > 0) mark = MarkOf(x, y, folded_a[f], folded_b[f]);  // f = 0: their keys
    const auto [part_x, part_y] =
        marks == PairMarks::kInColour && mark == '!' ? PartsThatDiffer(x, y) : std::pair<Part, Part>();
    const std::vector<std::string> lines_x = Wrapped(x, cells, part_x), lines_y = Wrapped(y, cells, part_y);
    for (size_t line = 0; line < std::max(lines_x.size(), lines_y.size()); ++line) {
      const std::string nothing(static_cast<size_t>(cells), ' ');
      std::string head = line == 0 ? name : "";
      head.resize(kFieldCells, ' ');
      std::string tail = line < lines_y.size() ? lines_y[line] : "";
      tail.erase(tail.find_last_not_of(' ') + 1);
      const std::string middle = {' ', line == 0 ? mark : '|', ' '};
      out += head + (line < lines_x.size() ? lines_x[line] : nothing) + middle + tail + '\n';
    }
  }
  return out;
}

}  // namespace nayose
