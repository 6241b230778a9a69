// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/name_pool.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "libmpi/base/status_macros.h"
#include "libmpi/evaluation/spelling.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"

namespace libmpi {
namespace {

// Names of the north-east, and how much more usual they are there than in Japan. 佐藤: 4.75 % of
// Hokkaido and Tohoku against 1.53 % (facts: formats.md 8b); the others in proportion to taste.
struct Favourite {
  std::string_view kanji;
  double times;
};
constexpr Favourite kFavourites[] = {{"佐藤", 3.1},  {"佐々木", 4}, {"阿部", 6},  {"千葉", 7},
                                     {"菅原", 8},    {"及川", 12},  {"遠藤", 3},  {"菊地", 5},
                                     {"三浦", 3.5},  {"渡邊", 2},   {"大友", 10}, {"庄子", 20},
                                     {"今野", 15},   {"熊谷", 6},   {"早坂", 15}, {"相澤", 6},
                                     {"星", 5},      {"小野寺", 9}, {"鎌田", 4},  {"伊東", 1.5}};

double RegionalTimes(std::string_view kanji, uint64_t seed) {
  for (const Favourite& f : kFavourites)
    if (f.kanji == kanji) return f.times;
  // And some by chance: a village full of one rare name.
  const uint64_t h = HashBytes(kanji, seed) % 1000;
  return h < 4 ? 12 : h < 30 ? 4 : h < 300 ? 1.2 : 0.75;
}

// Of a share in thousandths, in such. Power 1 is the share itself, to the last bit.
struct WeightOfShare {
  double power;
  double operator()(double share) const {
    return power == 1 || share <= 0 ? share : 1000 * std::pow(share / 1000, power);
  }
};

std::u32string Letters(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
  return out;
}

bool ShareLetter(std::string_view a, std::string_view b) {
  const std::u32string letters = Letters(b);
  for (char32_t c : Letters(a))
    if (c != U'子' && letters.find(c) != letters.npos) return true;
  return false;
}

bool OneKanaApart(std::string_view a, std::string_view b) {
  const std::u32string x = Letters(a), y = Letters(b);
  if (x.size() != y.size() || x.size() < 3) return false;
  int apart = 0;
  for (size_t i = 0; i < x.size(); ++i) apart += x[i] != y[i];
  return apart == 1;
}

// Cohort of a year of birth; between two cohorts, one of them by chance.
int CohortOf(int year, Random* random) {
  const int cohort = std::clamp((year - 1920) / 20, 0, 5);
  const bool later = cohort < 5 && year > 1920 && random->Between(0, 19) < (year - 1920) % 20;
  return cohort + (later ? 1 : 0);
}

void GiveOwnShape(std::string* kanji, Random* random) {
  for (const KanjiVariant& v : KanjiVariants()) {
    const size_t at = kanji->find(v.usual);
    if (at == std::string::npos || !random->Chance(v.per_thousand / 1000.0)) continue;
    kanji->replace(at, v.usual.size(), v.variant);
  }
}

}  // namespace

NamePool::NamePool(uint64_t seed, double name_power) {
  const WeightOfShare weight{name_power};
  for (const SurnameEntry& name : Surnames()) {
    families_by_kana_[WithSmallKana(name.kana)].push_back(families_.size());
    families_.push_back({name.kanji, WithSmallKana(name.kana)});
    family_weights_.Add(weight(name.share * 1000 * RegionalTimes(name.kanji, seed)));
  }
  for (const GivenNameEntry& name : GivenNames()) {
    const size_t sex = name.female;
    given_by_kana_[sex][WithSmallKana(name.kana)].push_back(given_[sex].size());
    given_by_kanji_[sex][name.kanji].push_back(given_[sex].size());
    given_[sex].push_back({name.kanji, WithSmallKana(name.kana)});
    for (size_t c = 0; c < name.share_by_cohort.size(); ++c)
      given_weights_[sex][c].Add(weight(name.share_by_cohort[c] * 1000));
  }
}

NameText NamePool::DrawFamily(Random* random) const {
  NameText name = families_[family_weights_.Draw(random)];
  GiveOwnShape(&name.kanji, random);
  return name;
}

NameText NamePool::DrawGiven(bool female, int year, Random* random) const {
  return given_[female][given_weights_[female][CohortOf(year, random)].Draw(random)];
}

NameText NamePool::DrawGivenLike(bool female, int year, const NameText& like,
                                 Random* random) const {
  NameText name;
  for (int tries = 0; tries < 60; ++tries) {
    name = DrawGiven(female, year, random);
    if (name.kanji == like.kanji || name.kana == like.kana) continue;
    if (ShareLetter(name.kanji, like.kanji) || OneKanaApart(name.kana, like.kana)) break;
  }
  return name;
}

NameText NamePool::DrawGivenOneKanaApart(bool female, const NameText& like, Random* random) const {
  static constexpr std::u32string_view kKana =
      U"アイエオカキクケコサシスセソタチツテトナニネノハヒフホマミムメモヤユヨラリルレロガギゴザジダデド";
  std::u32string letters = Letters(like.kana);
  if (letters.size() < 3) return like;
  // From a random place on, so that every neighbour has its chance.
  const size_t start = random->Below(letters.size() * kKana.size());
  for (size_t i = 0; i < letters.size() * kKana.size(); ++i) {
    const size_t at = (start + i) % (letters.size() * kKana.size());
    const char32_t kept = std::exchange(letters[at / kKana.size()], kKana[at % kKana.size()]);
    std::string kana;
    for (char32_t c : letters) AppendUtf8(c, &kana);
    letters[at / kKana.size()] = kept;
    const auto it = given_by_kana_[female].find(ToAbsl(kana));
    if (kana != like.kana && it != given_by_kana_[female].end())
      return given_[female][random->Pick(it->second)];
  }
  return like;
}

NameText NamePool::FamilyHomophone(const NameText& name, Random* random) const {
  const auto it = families_by_kana_.find(ToAbsl(name.kana));
  return it == families_by_kana_.end() ? name : families_[random->Pick(it->second)];
}

NameText NamePool::GivenHomophone(bool female, const NameText& name, Random* random) const {
  const auto it = given_by_kana_[female].find(ToAbsl(name.kana));
  return it == given_by_kana_[female].end() ? name : given_[female][random->Pick(it->second)];
}

NameText NamePool::GivenOtherReading(bool female, const NameText& name, Random* random) const {
  const auto it = given_by_kanji_[female].find(ToAbsl(name.kanji));
  return it == given_by_kanji_[female].end() ? name : given_[female][random->Pick(it->second)];
}

}  // namespace libmpi
