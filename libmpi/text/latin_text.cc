// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/latin_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "absl/container/flat_hash_map.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr size_t kLongest = 64;

// One row of the alignment: the cells within `most` of the diagonal; the rest counts as `far`.
using Row = std::array<int, kLongest + 1>;

int EditDistanceOfShort(std::string_view a, std::string_view b, int most) {
  const int far = most + 1;
  const int n = static_cast<int>(a.size()), m = static_cast<int>(b.size());
  Row two_back, back, row;
  for (int j = 0; j <= m; ++j) back[j] = std::min(j, far);
  two_back = back;
  for (int i = 1; i <= n; ++i) {
    row.fill(far);
    row[0] = std::min(i, far);
    int least = row[0];
    for (int j = std::max(1, i - most); j <= std::min(m, i + most); ++j) {
      int cost = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost = std::min(cost, two_back[j - 2] + 1);
      row[j] = std::min(cost, far);
      least = std::min(least, row[j]);
    }
    if (least >= far) return far;
    two_back = back;
    back = row;
  }
  return back[m];
}

}  // namespace

int EditDistance(std::string_view a, std::string_view b, int most) {
  if (a == b) return 0;
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > static_cast<size_t>(most)) return most + 1;
  while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.size() > kLongest || b.size() > kLongest) return most + 1;
  return EditDistanceOfShort(a, b, most);
}

double JaroWinkler(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  if (a == b) return 1;
  if (a.empty() || b.empty()) return 0;
  const size_t reach = std::max<size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
  uint64_t taken_a = 0, taken_b = 0;
  double common = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t end = std::min(b.size(), i + reach + 1);
    for (size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (a[i] != b[j] || (taken_b >> j & 1)) continue;
      taken_a |= uint64_t{1} << i;
      taken_b |= uint64_t{1} << j;
      ++common;
      break;
    }
  }
  if (common == 0) return 0;
  double out_of_order = 0;
  for (size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!(taken_a >> i & 1)) continue;
    while (!(taken_b >> j & 1)) ++j;
    out_of_order += a[i] != b[j++];
  }
  const double jaro = (common / a.size() + common / b.size() + (common - out_of_order / 2) / common) / 3;
  size_t prefix = 0;
  while (prefix < std::min({a.size(), b.size(), size_t{4}}) && a[prefix] == b[prefix]) ++prefix;
  return jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro);
}

namespace {

bool IsVowel(char c) { return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U' || c == 'Y'; }

// The sound of the letters at `i`, and how many of them make it; 0: silent.
struct Sound {
  char sound;
  size_t letters;
};

Sound SoundOfPair(char c, char next) {
  if (c == 'P' && next == 'H') return {'F', 2};
  if ((c == 'S' || c == 'C') && next == 'H') return {'X', 2};
  if (c == 'C' && next == 'K') return {'K', 2};
  if (c == 'T' && next == 'H') return {'T', 2};
  if (c == 'G' && next == 'H') return {0, 2};
  if ((c == 'K' || c == 'G') && next == 'N') return {'N', 2};
  if (c == 'W' && next == 'R') return {'R', 2};
  if (c == 'C' && (next == 'E' || next == 'I' || next == 'Y')) return {'S', 1};
  if (c == 'G' && (next == 'E' || next == 'I' || next == 'Y')) return {'J', 1};
  return {0, 0};
}

char SoundOfLetter(char c) {
  switch (c) {
    case 'B': case 'P': return 'P';
    case 'D': case 'T': return 'T';
    case 'F': case 'V': return 'F';
    case 'C': case 'K': case 'Q': case 'G': return 'K';
    case 'S': case 'Z': return 'S';
    case 'X': return 'S';
    case 'M': case 'N': return 'N';
    case 'J': return 'J';
    case 'L': return 'L';
    case 'R': return 'R';
    default: return 0;  // vowels, H, W
  }
}

}  // namespace

std::string SoundKey(std::string_view text) {
  std::string key;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c < 'A' || c > 'Z') {
      ++i;
      continue;
    }
    if (key.empty() && IsVowel(c)) {
      key.push_back('A');
      ++i;
      continue;
    }
    Sound sound = SoundOfPair(c, i + 1 < text.size() ? text[i + 1] : ' ');
    if (sound.letters == 0) sound = {SoundOfLetter(c), 1};
    if (sound.sound != 0 && (key.empty() || key.back() != sound.sound)) key.push_back(sound.sound);
    i += sound.letters;
  }
  return key;
}

namespace {

// Group numbers by name; a short form may belong to several long ones.
const absl::flat_hash_map<std::string_view, std::vector<uint16_t>>& NicknameGroups() {
  static const auto* const groups = [] {
    auto* by_name = new absl::flat_hash_map<std::string_view, std::vector<uint16_t>>();
    uint16_t group = 0;
    for (const auto& row : ParseTsv(EmbeddedTable("english_nicknames.tsv"))) {
      for (std::string_view name : row) (*by_name)[name].push_back(group);
      ++group;
    }
    return by_name;
  }();
  return *groups;
}

}  // namespace

bool AreNicknames(std::string_view a, std::string_view b) {
  const auto& groups = NicknameGroups();
  const auto x = groups.find(a), y = groups.find(b);
  if (x == groups.end() || y == groups.end()) return false;
  for (uint16_t group : x->second)
    if (std::find(y->second.begin(), y->second.end(), group) != y->second.end()) return true;
  return false;
}

std::vector<std::string_view> WordsOf(std::string_view folded) {
  std::vector<std::string_view> words;
  for (size_t i = 0; i < folded.size();) {
    const size_t end = std::min(folded.find(' ', i), folded.size());
    if (end > i) words.push_back(folded.substr(i, end - i));
    i = end + 1;
  }
  return words;
}

}  // namespace libmpi
