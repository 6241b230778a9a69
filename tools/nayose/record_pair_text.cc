// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/record_pair_text.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

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

// Lines of at most so many cells, filled up with spaces.
std::vector<std::string> Wrapped(std::string_view text, int cells) {
  std::vector<std::string> lines(1);
  int used = 0;
  while (!text.empty()) {
    uint32_t code;
    const std::string_view character = TakeCharacter(&text, &code);
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200E && code <= 0x202E);
    const int wide = control ? 1 : CellsOf(code);
    if (used + wide > cells) {
      lines.back().append(static_cast<size_t>(cells - used), ' ');
      lines.emplace_back();
      used = 0;
    }
    lines.back() += control ? std::string_view("?") : character;
    used += wide;
  }
  lines.back().append(static_cast<size_t>(cells - used), ' ');
  return lines;
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

}  // namespace

std::string RecordPairText(const libmpi::Record& a, const libmpi::Record& b, int columns) {
  const int cells = std::clamp((columns - kFieldCells - 3) / 2, 12, 60);
  const auto left = FieldsOf(a), right = FieldsOf(b);
  std::string out;
  for (size_t f = 0; f < left.size(); ++f) {
    const auto& [name, x] = left[f];
    const std::string& y = right[f].second;
    if (x.empty() && y.empty()) continue;
    const std::vector<std::string> lines_x = Wrapped(x, cells), lines_y = Wrapped(y, cells);
    for (size_t line = 0; line < std::max(lines_x.size(), lines_y.size()); ++line) {
      const std::string nothing(static_cast<size_t>(cells), ' ');
      std::string head = line == 0 ? name : "";
      head.resize(kFieldCells, ' ');
      std::string tail = line < lines_y.size() ? lines_y[line] : "";
      tail.erase(tail.find_last_not_of(' ') + 1);
      out += head + (line < lines_x.size() ? lines_x[line] : nothing) + (line == 0 && x == y ? " = " : " | ") + tail + '\n';
    }
  }
  return out;
}

}  // namespace nayose
