// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/overlay_guard.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/overlay.h"
#include "libmpi/record/person_relation.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/readings.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

const ReadingModel& Readings() {
  static const ReadingModel* const readings = new ReadingModel();
  return *readings;
}

// What persons are told apart by.
Record Told(const Record& record) {
  Record told;
  told.names = record.names;
  told.former_names = record.former_names;
  told.births = record.births;
  told.sexes = record.sexes;
  return told;
}

Features FeaturesOf(const Record& told) {
  static const Standardizer* const standardizer = new Standardizer({}, nullptr, &Readings());
  return standardizer->Standardize(told);
}

template <typename T>
void Append(const std::vector<T>& from, std::vector<T>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

// Whether a romaji key can be a Japanese name's: others have no one kana spelling.
bool IsJapanese(std::string_view key) {
  constexpr std::string_view kVowels = "AIUEO";
  constexpr std::string_view kBefore[] = {"",   "K",  "S",  "T",  "N",  "H",  "M",  "Y",  "R",  "W",  "G",  "Z",  "D",
                                          "B",  "P",  "J",  "F",  "SH", "CH", "TS", "KY", "GY", "NY", "HY", "MY", "RY",
                                          "BY", "PY", "SY", "TY", "ZY", "JY"};
  while (!key.empty()) {
    const size_t vowel = key.find_first_of(kVowels);
    if (vowel != std::string_view::npos && std::ranges::find(kBefore, key.substr(0, vowel)) != std::end(kBefore))
      key.remove_prefix(vowel + 1);
    else if (key.front() == 'N')
      key.remove_prefix(1);
    else
      return false;
  }
  return true;
}

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t next = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1])});
      corner = row[j];
      row[j] = next;
    }
  }
  return row[b.size()];
}

// More than a kana mistaken.
bool AreFar(std::string_view a, std::string_view b) {
  return Distance(a, b) > std::max<size_t>(2, std::max(a.size(), b.size()) / 3);
}

enum class Reading { kUnknown, kOne, kOther };

// Of a name in Latin letters and one in kana: whether the given names, or both parts where they stand swapped, can be
// one.
Reading ReadLatin(const NameFeatures& latin, const NameFeatures& kana) {
  Reading reading = Reading::kUnknown;
  for (const NameForm& x : latin.latin)
    for (const NameForm& y : kana.kana) {
      if (x.given.empty() || y.given.empty()) return Reading::kUnknown;
      const std::string given = RomajiKey(x.given), other = RomajiKeyOfKana(y.given);
      if (!IsJapanese(given)) return Reading::kUnknown;
      const bool swapped =
          !AreFar(given, RomajiKeyOfKana(y.family)) && !AreFar(RomajiKey(x.family), other);
      if (swapped || !AreFar(given, other)) return Reading::kOne;
      reading = Reading::kOther;
    }
  return reading;
}

bool ReadOtherwise(const Features& a, const Features& b) {
  bool other = false;
  for (const NameFeatures& x : a.names)
    for (const NameFeatures& y : b.names) {
      const bool common = (!x.kanji.empty() && !y.kanji.empty()) || (!x.kana.empty() && !y.kana.empty()) ||
                          (!x.latin.empty() && !y.latin.empty());
      if (common) return false;  // told by those
      const Reading reading = !x.latin.empty() ? ReadLatin(x, y) : ReadLatin(y, x);
      if (reading == Reading::kOne) return false;
      other = other || reading == Reading::kOther;
    }
  return other;
}

}  // namespace

bool MakesAnotherPerson(const Record& before, const Record& after) {
  if (before.names == after.names && before.births == after.births && before.sexes == after.sexes) return false;
  const Record rows[] = {before, after};
  if (SplitOverlays(rows).size() > 1) return true;
  const Record a = Told(before), b = Told(after);
  const Features features_a = FeaturesOf(a), features_b = FeaturesOf(b);
  if (ReadOtherwise(features_a, features_b)) return true;
  if (MayBeSeveralPersons(features_a, Readings()) || MayBeSeveralPersons(features_b, Readings())) return false;
  Record both = a;
  Append(b.names, &both.names);
  Append(b.former_names, &both.former_names);
  Append(b.births, &both.births);
  Append(b.sexes, &both.sexes);
  both.Normalize();
  return MayBeSeveralPersons(FeaturesOf(both), Readings());
}

}  // namespace libmpi
