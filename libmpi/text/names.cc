// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/names.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "libmpi/base/text_map.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

double ToDouble(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Of persons alive, by the cohorts of given_names.tsv.
constexpr std::array<double, 6> kCohortWeight = {0.02, 0.17, 0.26, 0.24, 0.19, 0.12};

std::vector<SurnameEntry> LoadSurnames() {
  std::vector<SurnameEntry> names;
  for (const auto& row : ParseTsv(EmbeddedTable("names/surnames.tsv")))
    if (row.size() == 3)
      names.push_back({std::string(row[0]), FoldKana(row[1]), ToDouble(row[2]) * 1e-6});
  return names;
}

std::vector<GivenNameEntry> LoadGivenNames() {
  std::vector<GivenNameEntry> names;
  for (const auto& row : ParseTsv(EmbeddedTable("names/given_names.tsv"))) {
    if (row.size() != 9) continue;
    GivenNameEntry entry{std::string(row[0]), FoldKana(row[1]), row[2] == "F", {}};
    for (int i = 0; i < 6; ++i) entry.share_by_cohort[i] = ToDouble(row[3 + i]) * 1e-6;
    names.push_back(std::move(entry));
  }
  return names;
}

using ShareMap = TextMap<double>;

// By part; keys of both scripts, which never meet: kanji keys hold kanji.
std::array<ShareMap, 2> LoadShares() {
  std::array<ShareMap, 2> shares;
  for (const SurnameEntry& name : Surnames()) {
    shares[0][FoldKanji(name.kanji)] += name.share;
    shares[0][name.kana] += name.share;
  }
  for (const GivenNameEntry& name : GivenNames()) {
    double share = 0;  // of both sexes together
    for (int i = 0; i < 6; ++i) share += 0.5 * kCohortWeight[i] * name.share_by_cohort[i];
    const std::string kanji = FoldKanji(name.kanji);
    shares[1][kanji] += share;
    const std::string kana_spelling = FoldKana(name.kanji);
    if (kana_spelling != name.kana) shares[1][name.kana] += share;
    else if (kanji != name.kana) shares[1][name.kana] += share;
  }
  for (const auto& [file, part] : {std::pair{"lexicon/family.tsv", 0}, {"lexicon/given.tsv", 1}})
    for (const auto& row : ParseTsv(EmbeddedTable(file))) {
      if (row.size() < 2) continue;
      shares[part].try_emplace(FoldKanji(row[0]), 1e-6);
      shares[part].try_emplace(FoldKana(row[1]), 2e-6);
    }
  return shares;
}

const std::array<ShareMap, 2>& Shares() {
  static const auto* const shares = new std::array<ShareMap, 2>(LoadShares());
  return *shares;
}

std::array<ShareMap, 2> LoadRomajiShares() {
  std::array<ShareMap, 2> shares;
  for (const SurnameEntry& name : Surnames()) shares[0][RomajiKeyOfKana(name.kana)] += name.share;
  for (const GivenNameEntry& name : GivenNames())
    for (int i = 0; i < 6; ++i)
      shares[1][RomajiKeyOfKana(name.kana)] += 0.5 * kCohortWeight[i] * name.share_by_cohort[i];
  return shares;
}

size_t Letters(std::string_view text) {
  size_t n = 0;
  for (char c : text) n += (c & 0xC0) != 0x80;
  return n;
}

}  // namespace

std::span<const SurnameEntry> Surnames() {
  static const auto* const names = new std::vector<SurnameEntry>(LoadSurnames());
  return *names;
}

std::span<const GivenNameEntry> GivenNames() {
  static const auto* const names = new std::vector<GivenNameEntry>(LoadGivenNames());
  return *names;
}

double NationalShare(NamePart part, std::string_view key) { return NationalShare(part, key, TextHash()(key)); }

double NationalShare(NamePart part, std::string_view key, size_t text_hash) {
  const ShareMap& shares = Shares()[static_cast<int>(part)];
  const auto it = shares.find(key, text_hash);
  if (it != shares.end()) return it->second;
  // Unknown: the longer the rarer; two kanji or four kana are the usual length.
  const size_t letters = Letters(key);
  return letters <= 2 ? 3e-7 : letters <= 4 ? 2e-7 : 5e-8;
}

double NationalRomajiShare(NamePart part, std::string_view romaji_key) {
  static const auto* const shares = new std::array<ShareMap, 2>(LoadRomajiShares());
  const ShareMap& of_part = (*shares)[static_cast<int>(part)];
  const auto it = of_part.find(romaji_key);
  return it == of_part.end() ? 0 : it->second;
}

bool IsKnownName(NamePart part, std::string_view key) {
  return Shares()[static_cast<int>(part)].contains(key);
}

}  // namespace libmpi
