// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/readings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "libmpi/base/text_map.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr size_t kMaxKanji = 24;
constexpr size_t kMaxKana = 48;
constexpr double kFloorBits = -60;
// Chance of a reading that no table knows, spread over kana of its length.
constexpr double kUnseen = 2e-3;
// Shares of the three sources where all have something to say.
constexpr double kLexiconShare = 0.5;
constexpr double kObservedPrior = 4;  // observations at which data count as much as tables

// A reading of one character. Its kana stand packed in a word, sixteen bits a letter, so that they are found within a
// name by one comparison.
struct Reading {
  static constexpr size_t kMostKana = 4;
  Reading(std::u32string_view kana, double of) : probability(of), size(static_cast<uint8_t>(kana.size())) {
    for (size_t i = kana.size(); i-- > 0;) {
      letters = letters << 16 | kana[i];
      mask = mask << 16 | 0xFFFF;
    }
  }
  char32_t kana(size_t i) const { return static_cast<char32_t>(letters >> (16 * i) & 0xFFFF); }

  uint64_t letters = 0, mask = 0;
  double probability;
  uint8_t size;
};

struct NameReading {
  std::string kana;
  float probability;
};

// The shipped tables of one name part.
class PartTables {
 public:
  TextMap<std::vector<NameReading>> names;

  // Empty where no reading of the character is known.
  std::span<const Reading> ReadingsOf(char32_t c) const {
    return c < number_of_.size() ? std::span<const Reading>(readings_[number_of_[c]]) : std::span<const Reading>();
  }
  // Longer readings, and those of characters beyond the basic plane, have no place; the shipped table has none.
  void AddReading(char32_t c, std::u32string_view kana, double probability) {
    if (c >= number_of_.size() || kana.empty() || kana.size() > Reading::kMostKana) return;
    if (number_of_[c] == 0) {
      number_of_[c] = static_cast<uint16_t>(readings_.size());
      readings_.emplace_back();
    }
    readings_[number_of_[c]].emplace_back(kana, probability);
  }

 private:
  std::vector<uint16_t> number_of_ = std::vector<uint16_t>(0x10000, 0);  // by character, of readings_
  std::vector<std::vector<Reading>> readings_ = std::vector<std::vector<Reading>>(1);  // [0]: of those without
};

// A text's letters on the stack; those beyond Capacity are only counted.
template <size_t Capacity>
class Letters {
 public:
  explicit Letters(std::string_view text) {
    for (size_t pos = 0; pos < text.size(); ++size_) {
      const char32_t c = NextCodePoint(text, &pos);
      if (size_ < Capacity) letters_[size_] = c;
    }
  }
  size_t size() const { return size_; }
  bool fits() const { return size_ <= Capacity; }
  char32_t operator[](size_t i) const { return letters_[i]; }

 private:
  std::array<char32_t, Capacity> letters_;
  size_t size_ = 0;
};
using KanjiLetters = Letters<kMaxKanji>;

// A text's kana, and at each of them what a Reading's word is compared with.
class KanaLetters : public Letters<kMaxKana> {
 public:
  explicit KanaLetters(std::string_view text) : Letters(text) {
    if (!fits()) return;
    windows_[size()] = 0;
    for (size_t i = size(); i-- > 0;) {
      const char32_t c = (*this)[i];
      windows_[i] = windows_[i + 1] << 16 | (c < 0xFFFF ? c : 0xFFFF);  // no reading has what lies beyond
    }
  }
  // Only where as many letters follow.
  bool HasAt(size_t i, const Reading& reading) const {
    return ((windows_[i] ^ reading.letters) & reading.mask) == 0;
  }

 private:
  std::array<uint64_t, kMaxKana + 1> windows_;  // four letters from each on
};

char32_t Voice(char32_t c) {
  if (c >= 0x30AB && c <= 0x30C1 && (c - 0x30AB) % 2 == 0) return c + 1;
  if (c == 0x30C4 || c == 0x30C6 || c == 0x30C8) return c + 1 == 0x30C5 ? U'ズ' : c + 1;
  if (c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0) return c + 1;
  return 0;
}

std::u32string Chars(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
  return out;
}

double ToDouble(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void LoadCharacters(std::array<PartTables, 2>* parts) {
  for (const auto& row : ParseTsv(EmbeddedTable("lexicon/character_readings.tsv"))) {
    if (row.size() != 5) continue;
    PartTables& part = (*parts)[row[0] == "family" ? 0 : 1];
    const std::u32string key = Chars(FoldKanji(row[1]));
    if (key.size() != 1) continue;
    const std::u32string kana = Chars(row[3]);
    const float p = static_cast<float>(ToDouble(row[4]));
    part.AddReading(key[0], kana, p);
    // Voiced inside a compound (rendaku) though the list has it plain.
    if (const char32_t voiced = kana.empty() ? 0 : Voice(kana[0])) {
      std::u32string changed = kana;
      changed[0] = voiced;
      part.AddReading(key[0], changed, p * 0.1f);
    }
  }
}

// Spellings with readings, weighted by how usual the name is.
void LoadNames(std::array<PartTables, 2>* parts) {
  auto add = [&](int part, std::string_view kanji, std::string_view kana, double weight) {
    std::vector<NameReading>& readings = (*parts)[part].names[FoldKanji(kanji)];
    for (NameReading& r : readings)
      if (r.kana == kana) {
        r.probability += static_cast<float>(weight);
        return;
      }
    readings.push_back({std::string(kana), static_cast<float>(weight)});
  };
  for (const SurnameEntry& name : Surnames()) add(0, name.kanji, name.kana, name.share + 1e-7);
  for (const GivenNameEntry& name : GivenNames()) {
    double share = 1e-7;
    for (double s : name.share_by_cohort) share += s / 6;
    add(1, name.kanji, name.kana, share);
  }
  for (const auto& [file, part] : {std::pair{"lexicon/family.tsv", 0}, {"lexicon/given.tsv", 1}})
    for (const auto& row : ParseTsv(EmbeddedTable(file)))
      if (row.size() >= 2) add(part, row[0], FoldKana(row[1]), 1e-7);
  for (PartTables& part : *parts)
    for (auto& [kanji, readings] : part.names) {
      float sum = 0;
      for (const NameReading& r : readings) sum += r.probability;
      for (NameReading& r : readings) r.probability /= sum;
      std::sort(readings.begin(), readings.end(), [](const NameReading& a, const NameReading& b) {
        return a.probability != b.probability ? a.probability > b.probability : a.kana < b.kana;
      });
    }
}

const PartTables& Tables(NamePart part) {
  static const auto* const tables = [] {
    auto* t = new std::array<PartTables, 2>();
    LoadCharacters(t);
    LoadNames(t);
    return t;
  }();
  return (*tables)[static_cast<int>(part)];
}

// Floors for readings that no table has, by their number of kana.
constexpr double kFloor[4] = {0, kUnseen / 4, kUnseen / 100, kUnseen / 4000};

// By number of kana, the sum over all segmentations of the first so many over all the characters.
using PrefixSums = std::array<double, kMaxKana + 1>;

void SumSegmentations(const PartTables& tables, const KanjiLetters& kanji, const KanaLetters& kana, PrefixSums* sums) {
  PrefixSums arrays[2];
  PrefixSums *now = &arrays[0], *then = &arrays[1];
  std::fill_n(now->begin(), kana.size() + 1, 0);
  (*now)[0] = 1;
  for (size_t i = 0; i < kanji.size(); ++i) {
    PrefixSums& at = *now;
    PrefixSums& next = *then;
    std::fill_n(next.begin(), kana.size() + 1, 0);
    // The characters to come need at least one kana each.
    const size_t last = kana.size() - std::min(kana.size(), kanji.size() - i - 1);
    const char32_t c = kanji[i];
    const bool is_kana = IsKatakana(c) || IsHiragana(c);
    const bool unknown = c == kUnknownGlyphChar;
    const std::span<const Reading> readings = tables.ReadingsOf(c);
    for (size_t s = i; s < last; ++s) {
      if (at[s] == 0) continue;
      if (is_kana) {
        if (kana[s] == c) next[s + 1] += at[s];
        continue;
      }
      for (size_t n = 1; n <= 3 && s + n <= last; ++n)
        next[s + n] += at[s] * (unknown ? 0.1 : kFloor[n]);
      for (const Reading& r : readings)
        if (s + r.size <= last && kana.HasAt(s, r)) next[s + r.size] += at[s] * r.probability;
    }
    std::swap(now, then);
  }
  std::copy_n(now->begin(), kana.size() + 1, sums->begin());
}

const NameReading* FindReading(const std::vector<NameReading>& readings, std::string_view kana) {
  for (const NameReading& r : readings)
    if (r.kana == kana) return &r;
  return nullptr;
}

// One bit for a kana, shared by those 64 apart in the code chart.
uint64_t KanaClass(char32_t c) { return uint64_t{1} << (c % 64); }

void AddEnds(std::string_view kana, KanaEnds* ends) {
  const std::u32string chars = Chars(kana);
  if (chars.empty()) return;
  ends->first |= KanaClass(chars.front());
  ends->last |= KanaClass(chars.back());
}

// The readings of one character at an end of a name, as classes of their first or last kana.
uint64_t EndsOfCharacter(const PartTables& tables, char32_t c, bool first) {
  if (IsKatakana(c) || IsHiragana(c)) return KanaClass(c);
  const std::span<const Reading> readings = tables.ReadingsOf(c);
  if (readings.empty()) return ~uint64_t{0};
  uint64_t ends = 0;
  for (const Reading& r : readings) ends |= KanaClass(r.kana(first ? 0 : r.size - 1u));
  return ends;
}

}  // namespace

struct ReadingModel::Observed {
  struct Spelling {
    std::vector<std::pair<std::string, double>> readings;
    double total = 0;
  };
  TextMap<Spelling> spellings[2];
  TextMap<double> kana[2];
  double kana_total[2] = {0, 0};
};

ReadingModel::ReadingModel() = default;

ReadingModel::ReadingModel(std::span<const ReadingObservation> observations) {
  auto seen = std::make_shared<Observed>();
  std::vector<ReadingObservation> sorted(observations.begin(), observations.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.part, a.kanji, a.kana) < std::tie(b.part, b.kanji, b.kana);
  });
  for (const ReadingObservation& o : sorted) {
    const int part = static_cast<int>(o.part);
    Observed::Spelling& spelling = seen->spellings[part][o.kanji];
    spelling.readings.emplace_back(o.kana, o.count);
    spelling.total += o.count;
    seen->kana[part][o.kana] += o.count;
    seen->kana_total[part] += o.count;
  }
  observed_ = std::move(seen);
}

// What is known of one spelling as a whole.
struct ReadingModel::KnownSpelling {
  const std::vector<NameReading>* listed = nullptr;
  const Observed::Spelling* observed = nullptr;
};

ReadingModel::KnownSpelling ReadingModel::KnownOf(NamePart part, std::string_view kanji) const {
  KnownSpelling known;
  const size_t hash = TextHash()(kanji);
  const PartTables& tables = Tables(part);
  if (const auto it = tables.names.find(kanji, hash); it != tables.names.end()) known.listed = &it->second;
  if (!observed_) return known;
  const auto& spellings = observed_->spellings[static_cast<int>(part)];
  if (const auto it = spellings.find(kanji, hash); it != spellings.end()) known.observed = &it->second;
  return known;
}

// `by_character`: the probability from the characters' readings.
double ReadingModel::Mixed(const KnownSpelling& known, std::string_view kana, double by_character) {
  double p = by_character;
  if (known.listed != nullptr) {
    const NameReading* reading = FindReading(*known.listed, kana);
    p = (1 - kLexiconShare) * p + kLexiconShare * (reading ? reading->probability : 0);
  }
  if (known.observed != nullptr) {
    double count = 0;
    for (const auto& [text, n] : known.observed->readings)
      if (text == kana) count = n;
    p = (count + kObservedPrior * p) / (known.observed->total + kObservedPrior);
  }
  return std::clamp(std::log2(p), kFloorBits, 0.0);
}

double ReadingModel::Log2Probability(NamePart part, std::string_view kanji,
                                     std::string_view kana) const {
  const size_t end = kana.size();
  double bits;
  Log2OfBeginnings(part, kanji, kana, {&end, 1}, {&bits, 1});
  return bits;
}

void ReadingModel::Log2OfBeginnings(NamePart part, std::string_view kanji, std::string_view kana,
                                    std::span<const size_t> ends, std::span<double> bits) const {
  std::fill(bits.begin(), bits.end(), kFloorBits);
  if (kanji.empty() || kana.empty()) return;
  const KanjiLetters kanji_letters(kanji);
  const KanaLetters kana_letters(kana);
  if (!kanji_letters.fits()) return;
  if (!kana_letters.fits()) {
    for (size_t i = 0; i < ends.size(); ++i)
      if (ends[i] < kana.size()) bits[i] = Log2Probability(part, kanji, kana.substr(0, ends[i]));
    return;
  }
  PrefixSums sums;
  SumSegmentations(Tables(part), kanji_letters, kana_letters, &sums);
  const KnownSpelling known = KnownOf(part, kanji);
  size_t letters = 0, at = 0;
  for (size_t i = 0; i < ends.size(); ++i) {
    for (; at < ends[i]; ++letters) NextCodePoint(kana, &at);
    const std::string_view beginning = kana.substr(0, ends[i]);
    if (beginning.empty()) continue;
    bits[i] = beginning == kanji ? 0 : Mixed(known, beginning, sums[letters]);
  }
}

double ReadingModel::Log2KanaFrequency(NamePart part, std::string_view kana) const {
  constexpr double kPrior = 2000;
  double share = NationalShare(part, kana);
  if (observed_) {
    const int p = static_cast<int>(part);
    const auto it = observed_->kana[p].find(kana);
    const double count = it == observed_->kana[p].end() ? 0 : it->second;
    // A name that the data lack is not rarer than in the nation: else any rare kana were a likely
    // reading of any kanji.
    share = std::max(share, (count + kPrior * share) / (observed_->kana_total[p] + kPrior));
  }
  return std::log2(share);
}

std::vector<std::pair<std::string, double>> ReadingModel::LikelyReadings(
    NamePart part, std::string_view kanji, int limit) const {
  std::vector<std::pair<std::string, double>> out;
  if (kanji.empty() || limit <= 0) return out;
  const PartTables& tables = Tables(part);
  auto add = [&out](const std::string& kana, double p) {
    for (auto& [text, sum] : out)
      if (text == kana) {
        sum += p;
        return;
      }
    out.emplace_back(kana, p);
  };
  double table_share = 1;
  if (observed_) {
    const auto& spellings = observed_->spellings[static_cast<int>(part)];
    const auto it = spellings.find(kanji);
    if (it != spellings.end()) {
      table_share = kObservedPrior / (it->second.total + kObservedPrior);
      for (const auto& [kana, n] : it->second.readings)
        add(kana, n / (it->second.total + kObservedPrior));
    }
  }
  const auto listed = tables.names.find(kanji);
  if (listed != tables.names.end())
    for (const NameReading& r : listed->second) add(r.kana, table_share * r.probability);
  if (out.empty()) {  // combine the best readings of the characters
    std::vector<std::pair<std::string, double>> partial = {{"", 1.0}};
    const std::u32string chars = Chars(kanji);
    if (chars.size() > 6) return out;
    for (char32_t c : chars) {
      std::vector<std::pair<std::string, double>> longer;
      for (const auto& [text, p] : partial) {
        if (IsKatakana(c)) {
          std::string own = text;
          AppendUtf8(c, &own);
          longer.emplace_back(own, p);
        } else {
          for (const Reading& r : tables.ReadingsOf(c)) {
            std::string read = text;
            for (size_t k = 0; k < r.size; ++k) AppendUtf8(r.kana(k), &read);
            longer.emplace_back(read, p * r.probability);
          }
        }
      }
      std::sort(longer.begin(), longer.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
      });
      if (longer.size() > 16) longer.resize(16);
      partial = std::move(longer);
    }
    for (const auto& [kana, p] : partial) add(kana, p);
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (out.size() > static_cast<size_t>(limit)) out.resize(limit);
  return out;
}

KanaEnds ReadingModel::EndsOfReadings(std::string_view text) const {
  KanaEnds ends;
  const std::u32string chars = Chars(text);
  if (chars.empty()) return ends;
  for (NamePart part : {NamePart::kFamily, NamePart::kGiven}) {
    const PartTables& tables = Tables(part);
    ends.first |= EndsOfCharacter(tables, chars.front(), true);
    ends.last |= EndsOfCharacter(tables, chars.back(), false);
    if (const auto it = tables.names.find(text); it != tables.names.end())
      for (const NameReading& r : it->second) AddEnds(r.kana, &ends);
    if (!observed_) continue;
    const auto& spellings = observed_->spellings[static_cast<int>(part)];
    if (const auto it = spellings.find(text); it != spellings.end())
      for (const auto& [kana, count] : it->second.readings) AddEnds(kana, &ends);
  }
  return ends;
}

}  // namespace libmpi
