// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/places.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace libmpi {
namespace {

struct CityRow {
  const char* name;
  int municipality;  // number of its insurer; wards share one
  const char* area_code;
  const char* postal;
  int per_thousand;
};
constexpr CityRow kCityRows[] = {
    {"仙台市青葉区", 1, "022", "980", 140},   {"仙台市宮城野区", 1, "022", "983", 88},
    {"仙台市若林区", 1, "022", "984", 64},    {"仙台市太白区", 1, "022", "982", 107},
    {"仙台市泉区", 1, "022", "981", 94},      {"石巻市", 2, "0225", "986", 62},
    {"塩竈市", 3, "022", "985", 23},          {"気仙沼市", 5, "0226", "988", 27},
    {"白石市", 6, "0224", "989", 14},         {"名取市", 7, "022", "981", 36},
    {"角田市", 8, "0224", "981", 12},         {"多賀城市", 9, "022", "985", 28},
    {"岩沼市", 11, "0223", "989", 20},        {"登米市", 12, "0220", "987", 34},
    {"栗原市", 13, "0228", "987", 29},        {"東松島市", 14, "0225", "981", 17},
    {"大崎市", 15, "0229", "989", 57},        {"富谷市", 16, "022", "981", 24},
    {"柴田郡大河原町", 21, "0224", "989", 11}, {"柴田郡柴田町", 23, "0224", "989", 17},
    {"亘理郡亘理町", 31, "0223", "989", 15},  {"宮城郡七ヶ浜町", 34, "022", "985", 9},
    {"宮城郡利府町", 36, "022", "981", 16},   {"黒川郡大和町", 41, "022", "981", 13},
    {"加美郡加美町", 45, "0229", "981", 10},  {"遠田郡美里町", 55, "0229", "987", 11},
    {"牡鹿郡女川町", 61, "0225", "986", 3},   {"本吉郡南三陸町", 66, "0226", "986", 6}};

constexpr const char* kTownRoots[] = {
    "中央", "本町", "栄町", "緑ケ丘", "桜木町", "大手町", "新田", "上原", "下河原", "柳町",
    "旭ヶ丘", "富士見町", "泉町", "若葉", "青山", "松原", "八幡", "鶴ケ谷", "萩野町", "木町通",
    "三条町", "五輪", "二日町", "一番町", "七北田", "荒井", "長町", "小野", "上野山", "中島",
    "袋原", "四郎丸", "茂庭", "愛子", "錦ケ丘", "向陽台", "将監", "寺岡", "高森", "明石台",
    "ひより台", "美園", "花園", "港町", "浜田", "前田", "大塚", "沖野", "米ヶ袋", "北目町"};
constexpr const char* kTownSuffixes[] = {"", "東", "西", "南", "北", "中央"};
constexpr int kRoots = std::size(kTownRoots);
static_assert(kRoots * std::size(kTownSuffixes) == kTowns);

constexpr const char* kBuildingNames[] = {"コーポ", "ハイツ", "メゾン", "マンション", "レジデンス",
                                          "荘", "ハイム", "コート", "パレス", "ビレッジ"};
constexpr const char* kBuildingPrefixes[] = {"青葉", "グリーン", "サン", "みどり", "第二", "さくら",
                                             "泉", "ロイヤル", "広瀬", "杜の都", "エステート", "プレミア"};
constexpr const char* kHomesForAged[] = {"特別養護老人ホーム", "介護老人保健施設", "グループホーム",
                                         "ケアハウス"};

}  // namespace

std::string WithCheckDigit(std::string digits) {
  int sum = 0;
  bool twice = true;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int product = (digits[i] - '0') * (twice ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

const std::vector<City>& Cities() {
  static const auto* const cities = [] {
    auto* out = new std::vector<City>();
    for (const CityRow& row : kCityRows) {
      char national[16], elderly[16];
      std::snprintf(national, sizeof national, "04%03d", row.municipality);
      std::snprintf(elderly, sizeof elderly, "3904%03d", row.municipality + 100);
      out->push_back({row.name, WithCheckDigit(national), WithCheckDigit(elderly), row.area_code,
                      row.postal, row.per_thousand});
    }
    return out;
  }();
  return *cities;
}

std::string TownName(int town) {
  const int root = town % kRoots, suffix = town / kRoots;
  // 大字 is a matter of the town; some write it, some do not.
  const bool rural = root >= 27 && root < 34 && suffix == 0;
  return std::string(rural ? "大字" : "") + kTownRoots[root] + kTownSuffixes[suffix];
}

std::string PostalCode(const Place& place) {
  char text[24];
  std::snprintf(text, sizeof text, "%s-%04d", Cities()[place.city].postal.c_str(),
                (place.town * 31 + place.city * 977) % 9000 + 1);
  return text;
}

PlacePool::PlacePool(uint64_t seed, uint64_t persons)
    : seed_(HashCombine(seed, 0x91ace)),
      buildings_per_mille_(persons / 45000 + 1),
      homes_for_aged_(persons / 4000 + 2) {
  for (const City& city : Cities()) cities_.Add(city.per_thousand);
}

// A place that is the same whenever its key is: a block of flats.
Place PlacePool::Block(uint64_t key, int city) const {
  Random fixed(HashCombine(seed_, key));
  Place place;
  place.city = city;
  place.town = fixed.Between(0, kTowns - 1);
  place.chome = fixed.Between(0, 5);
  place.ban = fixed.Between(1, 30);
  place.go = fixed.Between(1, 25);
  place.building = fixed.Pick(kBuildingNames);
  place.building.insert(0, fixed.Pick(kBuildingPrefixes));
  return place;
}

Place PlacePool::Draw(Random* random) const {
  return DrawIn(static_cast<int>(cities_.Draw(random)), random);
}

Place PlacePool::DrawIn(int city, Random* random) const {
  Place place;
  // More flats in the large cities.
  if (random->Chance(city < 5 ? 0.45 : 0.15)) {
    const uint64_t blocks = buildings_per_mille_ * Cities()[city].per_thousand;
    place = Block(HashCombine(city, random->Below(blocks)), city);
    const int floor = random->Between(1, 9);
    place.building += std::to_string(floor * 100 + random->Between(1, 12));
  } else {
    place.city = city;
    place.town = random->Between(0, kTowns - 1);
    place.chome = random->Chance(0.25) ? 0 : random->Between(1, 7);
    place.ban = random->Between(1, place.chome == 0 ? 300 : 40);
    place.go = random->Between(1, 25);
  }
  if (random->Chance(0.62)) {
    const std::string& area = Cities()[city].area_code;
    place.landline = area + random->Digits(10 - static_cast<int>(area.size()));
  }
  return place;
}

Place PlacePool::DrawHomeForAged(Random* random) const {
  const uint64_t key = random->Below(homes_for_aged_);
  Random fixed(HashCombine(seed_, key + 0xa6ed0000));
  Place place = Block(key + 0xa6ed0000, static_cast<int>(cities_.Draw(&fixed)));
  place.building = fixed.Pick(kBuildingPrefixes) + std::string("苑");
  place.building.insert(0, fixed.Pick(kHomesForAged));
  const std::string& area = Cities()[place.city].area_code;
  place.landline = area + fixed.Digits(10 - static_cast<int>(area.size()));
  return place;
}

}  // namespace libmpi
