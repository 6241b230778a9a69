// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/habits.h"

#include <cmath>
#include <numeric>

#include "libmpi/evaluation/places.h"
#include "libmpi/evaluation/random.h"

namespace libmpi {
namespace {

// Shares of facilities by kind: hospital, clinic, pharmacy, dental, care. Claims-driven pharmacies
// and care offices often hold kana only; small practices type kanji only.
constexpr double kKanaOnly[] = {0.02, 0.11, 0.30, 0.06, 0.33};
constexpr double kKanjiOnly[] = {0.02, 0.13, 0.03, 0.27, 0.22};
constexpr double kAddress[] = {1, 1, 0.5, 0.95, 1};
constexpr double kPhone[] = {0.97, 0.92, 0.75, 0.9, 0.85};
constexpr double kCoverage[] = {1, 1, 1, 1, 0.25};
constexpr double kBranch[] = {0.85, 0.7, 0.75, 0.7, 0.6};

// Gives a habit to shares of the facilities, in an order of its own for each habit.
class Dealer {
 public:
  Dealer(size_t count, uint64_t seed) : count_(count), random_(seed), order_(count) {
    std::iota(order_.begin(), order_.end(), size_t{0});
  }

  // set(facility, place) with places spread evenly over [0, 1).
  template <typename Set>
  void Spread(const Set& set) {
    random_.Shuffle(&order_);
    const double offset = static_cast<double>(random_.Below(1000000)) / 1e6;
    for (size_t i = 0; i < count_; ++i)
      set(order_[i], (static_cast<double>(i) + offset) / static_cast<double>(count_));
  }

  template <typename Set>
  void Share(double share, const Set& set) {
    Spread([&](size_t facility, double place) {
      if (place < share) set(facility);
    });
  }

 private:
  size_t count_;
  Random random_;
  std::vector<size_t> order_;
};

void DealNames(int kind, Dealer* dealer, std::vector<Habits>* all) {
  const auto flag = [&](double share, bool Habits::*habit) {
    dealer->Share(share, [&](size_t i) { (*all)[i].*habit = true; });
  };
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].scripts = place < kKanaOnly[kind] ? Habits::Scripts::kKana
                        : place < kKanaOnly[kind] + kKanjiOnly[kind] ? Habits::Scripts::kKanji
                                                                     : Habits::Scripts::kBoth;
  });
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].kana = place < 0.38   ? Habits::Kana::kHalf
                     : place < 0.46 ? Habits::Kana::kHiragana
                                    : Habits::Kana::kFull;
  });
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].machine = place < 0.25   ? Habits::Machine::kWritesUsual
                        : place < 0.35 ? Habits::Machine::kWritesBlank
                                       : Habits::Machine::kKeeps;
  });
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].romaji = static_cast<RomajiStyle>(static_cast<int>(place * 4));
  });
  flag(0.3, &Habits::kana_in_name_column);
  flag(0.22, &Habits::large_kana);
  flag(0.35, &Habits::usual_kanji);
  flag(0.07, &Habits::unsplit);
  flag(0.08, &Habits::unsplit_kana);
  flag(0.5, &Habits::wide_space);
  flag(0.55, &Habits::latin_for_foreigners);
}

void DealNumbers(int kind, Dealer* dealer, std::vector<Habits>* all) {
  const auto flag = [&](double share, bool Habits::*habit) {
    dealer->Share(share, [&](size_t i) { (*all)[i].*habit = true; });
  };
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].dates = static_cast<DateStyle>(static_cast<int>(place * kDateStyles));
  });
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].sex_style = static_cast<uint8_t>(place * 4);
  });
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].id_style = static_cast<uint8_t>(place * 4);
  });
  dealer->Spread([&](size_t i, double place) {
    const double kept = place / kBranch[kind];
    if (kept < 1) (*all)[i].branch_since = kept < 0.45 ? 2021 : kept < 0.75 ? 2022 : 2023;
    else (*all)[i].branch_glued = place > 0.95;
  });
  flag(0.2, &Habits::wide_dates);
  dealer->Share(1 - kCoverage[kind], [&](size_t i) { (*all)[i].has_coverage = false; });
  flag(0.3, &Habits::wide_card_numbers);
  flag(0.3, &Habits::pads_insurer);
  flag(0.12, &Habits::pads_number);
  flag(0.06, &Habits::drops_zeros);
}

void DealAddresses(int kind, Dealer* dealer, std::vector<Habits>* all) {
  const auto flag = [&](double share, bool Habits::*habit, bool value) {
    dealer->Share(share, [&](size_t i) { (*all)[i].*habit = value; });
  };
  flag(1 - kAddress[kind], &Habits::has_address, false);
  flag(1 - kPhone[kind], &Habits::has_phone, false);
  flag(0.25, &Habits::has_postal, false);
  flag(0.12, &Habits::has_prefecture, false);
  flag(0.4, &Habits::address_in_words, true);
  flag(0.3, &Habits::kanji_chome, true);
  flag(0.3, &Habits::wide_address, true);
  flag(0.35, &Habits::has_building, false);
  flag(0.3, &Habits::drops_county, true);
  flag(0.5, &Habits::drops_oaza, true);
  dealer->Spread([&](size_t i, double place) {
    (*all)[i].phone_style = place < 0.6 ? 0 : place < 0.9 ? 1 : 2;
  });
  // As many facilities as people, city by city; the large hospitals are everyone's.
  dealer->Spread([&](size_t i, double place) {
    int city = 0, left = static_cast<int>(std::floor(place * 1000));
    for (const City& c : Cities()) {
      left -= c.per_thousand;
      if (left < 0) break;
      ++city;
    }
    (*all)[i].city = city < static_cast<int>(Cities().size()) ? city : 0;
  });
}

}  // namespace

std::vector<Habits> DealHabits(FacilityKind kind, size_t count, uint64_t seed) {
  const int k = static_cast<int>(kind);
  std::vector<Habits> all(count);
  Dealer dealer(count, HashCombine(seed, 0x4ab175 + static_cast<uint64_t>(k)));
  DealNames(k, &dealer, &all);
  DealNumbers(k, &dealer, &all);
  DealAddresses(k, &dealer, &all);
  return all;
}

}  // namespace libmpi
