// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/name_counts.h"

#include <algorithm>
#include <tuple>

#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

// Split as stated, every letter known.
const NameForm* StatedForm(const std::vector<NameForm>& forms) {
  if (forms.empty() || forms[0].guessed || forms[0].family.empty() || forms[0].given.empty())
    return nullptr;
  const auto has_unknown = [](const std::string& key) {
    return key.find(kUnknownGlyph) != std::string::npos;
  };
  return has_unknown(forms[0].family) || has_unknown(forms[0].given) ? nullptr : &forms[0];
}

}  // namespace

void NameCounts::Add(NamePart part, Script script, std::string_view key, uint32_t count) {
  if (key.empty() || count == 0) return;
  const int p = static_cast<int>(part), s = static_cast<int>(script);
  counts_[p][s][key] += count;
  totals_[p][s] += count;
}

void NameCounts::Add(const Features& features) {
  for (const NameFeatures& name : features.names) {
    if (name.former) continue;
    const NameForm* kanji = StatedForm(name.kanji);
    const NameForm* kana = StatedForm(name.kana);
    if (kanji != nullptr) {
      Add(NamePart::kFamily, Script::kKanji, kanji->family, 1);
      Add(NamePart::kGiven, Script::kKanji, kanji->given, 1);
    }
    if (kana != nullptr) {
      Add(NamePart::kFamily, Script::kKana, kana->family, 1);
      Add(NamePart::kGiven, Script::kKana, kana->given, 1);
    }
    if (const NameForm* latin = StatedForm(name.latin)) {
      Add(NamePart::kFamily, Script::kLatin, RomajiKey(latin->family), 1);
      Add(NamePart::kGiven, Script::kLatin, RomajiKey(latin->given), 1);
    }
    if (kanji != nullptr && kana != nullptr && name.kanji.size() == 1 && name.kana.size() == 1) {
      AddReading({NamePart::kFamily, kanji->family, kana->family, 1});
      AddReading({NamePart::kGiven, kanji->given, kana->given, 1});
    }
  }
}

void NameCounts::AddReading(const ReadingObservation& seen) {
  if (seen.count == 0 || seen.kanji.empty() || seen.kana.empty()) return;
  readings_[static_cast<int>(seen.part)][Key(seen.kanji, seen.kana)] += seen.count;
}

void NameCounts::Merge(const NameCounts& other) {
  for (int p = 0; p < 2; ++p) {
    for (int s = 0; s < kScripts; ++s) {
      for (const auto& [key, count] : other.counts_[p][s]) counts_[p][s][key] += count;
      totals_[p][s] += other.totals_[p][s];
    }
    for (const auto& [key, count] : other.readings_[p]) readings_[p][key] += count;
  }
}

uint32_t NameCounts::Count(NamePart part, Script script, std::string_view key) const {
  return Count(part, script, key, TextHash()(key));
}

uint32_t NameCounts::Count(NamePart part, Script script, std::string_view key, size_t text_hash) const {
  const auto& counts = counts_[static_cast<int>(part)][static_cast<int>(script)];
  const auto it = counts.find(key, text_hash);
  return it == counts.end() ? 0 : it->second;
}

uint64_t NameCounts::Total(NamePart part, Script script) const {
  return totals_[static_cast<int>(part)][static_cast<int>(script)];
}

std::vector<ReadingObservation> NameCounts::Readings() const {
  std::vector<ReadingObservation> out;
  for (int p = 0; p < 2; ++p)
    for (const auto& [key, count] : readings_[p])
      out.push_back({static_cast<NamePart>(p), key.first, key.second, count});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.part, a.kanji, a.kana) < std::tie(b.part, b.kanji, b.kana);
  });
  return out;
}

std::vector<NameCounts::Entry> NameCounts::Entries() const {
  std::vector<Entry> out;
  for (int p = 0; p < 2; ++p)
    for (int s = 0; s < kScripts; ++s)
      for (const auto& [key, count] : counts_[p][s])
        out.push_back({static_cast<NamePart>(p), static_cast<Script>(s), key, count});
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.part, a.script, a.key) < std::tie(b.part, b.script, b.key);
  });
  return out;
}

void NameCounts::DropRare(uint32_t minimum) {
  for (int p = 0; p < 2; ++p) {
    for (int s = 0; s < kScripts; ++s) {
      auto& counts = counts_[p][s];
      uint32_t others = 0;
      for (auto it = counts.begin(); it != counts.end();) {
        const auto here = it++;
        if (here->second >= minimum || here->first == kOthers) continue;
        others += here->second;
        counts.erase(here);
      }
      if (others > 0) counts[kOthers] += others;
    }
    for (auto it = readings_[p].begin(); it != readings_[p].end();) {
      const auto here = it++;
      if (here->second < minimum) readings_[p].erase(here);
    }
  }
}

}  // namespace libmpi
