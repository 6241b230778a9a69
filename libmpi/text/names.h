// SPDX-License-Identifier: Apache-2.0
// Shipped name statistics of Japan.
#ifndef LIBMPI_TEXT_NAMES_H_
#define LIBMPI_TEXT_NAMES_H_

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "libmpi/text/readings.h"

namespace libmpi {

struct SurnameEntry {
  std::string kanji;
  std::string kana;  // FoldKana
  double share = 0;  // of the population
};
// Most usual first. Built once; thread-safe.
std::span<const SurnameEntry> Surnames();

struct GivenNameEntry {
  std::string kanji;
  std::string kana;  // FoldKana
  bool female = false;
  // Share among births of that sex around 1920, 1940, 1960, 1980, 2000, 2020.
  std::array<double, 6> share_by_cohort{};
};
std::span<const GivenNameEntry> GivenNames();

// Share of the population that bears this name part (FoldKanji or FoldKana key),
// in (0, 1): given names as a share of all persons of both sexes. Unknown names get a small floor that
// depends on the length. From data/names/*.tsv. Thread-safe; O(1).
double NationalShare(NamePart part, std::string_view key);
// Same, where the key's TextHash (base/text_map.h) is known.
double NationalShare(NamePart part, std::string_view key, size_t text_hash);

// Same of a romaji key (RomajiKey): the shares of all names read so; 0 where none is, as of names
// from abroad.
double NationalRomajiShare(NamePart part, std::string_view romaji_key);

// True if the lexicon or the frequency tables know the name part.
bool IsKnownName(NamePart part, std::string_view key);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_NAMES_H_
