// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/population.h"

#include <algorithm>
#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr double kTwinBirths = 0.0115;
constexpr double kMoves = 0.16;        // of households, in all years
constexpr double kJobChanges = 0.18;   // of households with an employer's card
constexpr double kMarriages = 0.05;    // of women of 24 to 38
constexpr double kForeign = 0.025;


bool ShareLetter(std::string_view a, std::string_view b) {
  for (size_t pos = 0; pos < a.size();) {
    const size_t start = pos;
    NextCodePoint(a, &pos);
    if (b.find(a.substr(start, pos - start)) != std::string_view::npos) return true;
  }
  return false;
}

// One kana more, less or other.
bool AlikeInSound(std::string_view a, std::string_view b) {
  std::u32string x, y;
  for (size_t pos = 0; pos < a.size();) x.push_back(NextCodePoint(a, &pos));
  for (size_t pos = 0; pos < b.size();) y.push_back(NextCodePoint(b, &pos));
  if (x.size() != y.size() || x.size() < 2) return false;
  int apart = 0;
  for (size_t i = 0; i < x.size(); ++i) apart += x[i] != y[i];
  return apart == 1;
}

struct ForeignName {
  const char* family;
  const char* given;
  const char* family_kana;
  const char* given_kana;
  bool female;
};
constexpr ForeignName kForeignNames[] = {
    {"NGUYEN", "VAN ANH", "グエン", "ヴァン アン", true},  {"NGUYEN", "THI HOA", "グエン", "ティ ホア", true},
    {"TRAN", "MINH DUC", "チャン", "ミン ドゥック", false}, {"PHAM", "VAN HUNG", "ファム", "ヴァン フン", false},
    {"WANG", "WEI", "ワン", "ウェイ", false},              {"LI", "NA", "リ", "ナ", true},
    {"ZHANG", "MIN", "チャン", "ミン", true},              {"CHEN", "JIE", "チェン", "ジェ", false},
    {"KIM", "MINSU", "キム", "ミンス", false},             {"PARK", "JIYEON", "パク", "ジヨン", true},
    {"SANTOS", "MARIA", "サントス", "マリア", true},       {"SILVA", "CARLOS", "シルバ", "カルロス", false},
    {"DELA CRUZ", "JOSE", "デラ クルス", "ホセ", false},   {"REYES", "ANA LIZA", "レイエス", "アナ リザ", true},
    {"SMITH", "JOHN", "スミス", "ジョン", false},          {"BROWN", "EMILY", "ブラウン", "エミリー", true},
    {"SHRESTHA", "RAM", "シュレスタ", "ラム", false},      {"GURUNG", "SITA", "グルン", "シタ", true},
    {"RAHMAN", "ABDUL", "ラーマン", "アブドゥル", false},  {"SUZUKI", "LUCAS", "スズキ", "ルーカス", false}};

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
    const char* kNames[] = {"仙台市青葉区", "仙台市宮城野区", "仙台市若林区", "仙台市太白区", "仙台市泉区",
                            "石巻市", "塩竈市", "気仙沼市", "名取市", "角田市", "多賀城市", "岩沼市",
                            "登米市", "栗原市", "東松島市", "大崎市", "富谷市", "柴田郡大河原町",
                            "亘理郡亘理町", "宮城郡利府町", "黒川郡大和町", "遠田郡美里町"};
    int i = 0;
    for (const char* name : kNames) {
      char code[8], postal[8], area[8];
      std::snprintf(code, sizeof code, "04%03d", 100 + 7 * (i < 5 ? 0 : i));
      std::snprintf(postal, sizeof postal, "98%d", i % 10);
      std::snprintf(area, sizeof area, "02%d", 2 + i % 6);
      out->push_back({name, WithCheckDigit(code), area, postal});
      ++i;
    }
    return out;
  }();
  return *cities;
}

const std::vector<std::string>& Towns() {
  static const auto* const towns = new std::vector<std::string>{
      "中央", "本町", "栄町", "緑ケ丘", "桜木町", "大手町", "新田", "上原", "下河原", "東町", "西町", "南町",
      "北町", "旭ヶ丘", "富士見町", "泉町", "若葉", "青山", "松原", "柳町", "八幡", "鶴ケ谷", "萩野町", "木町通",
      "三条町", "五輪", "二日町", "一番町", "七北田", "荒井", "長町", "大字小野", "大字上野山", "字前田", "字中島",
      "袋原", "四郎丸", "茂庭", "愛子東", "錦ケ丘", "向陽台", "将監", "寺岡", "高森", "明石台", "ひより台",
      "美園", "花園", "港町", "浜田"};
  return *towns;
}

Population::Population(uint64_t seed) : random_(seed) {
  // The region's own favourites: some names are more usual here than in Japan.
  for (const SurnameEntry& name : Surnames()) {
    const uint64_t h = HashBytes(name.kanji, seed / 1000);
    families_.Add(name.share * (name.kanji == "佐藤" ? 2.5 : 0.5 + static_cast<double>(h % 1000) / 900));
  }
  const auto given = GivenNames();
  for (uint32_t i = 0; i < given.size(); ++i) {
    const int sex = given[i].female;
    given_index_[sex].push_back(i);
    for (int c = 0; c < 6; ++c) given_[sex][c].Add(given[i].share_by_cohort[c]);
    by_kana_[given[i].kana].push_back(i);
  }
}

NameText Population::DrawFamily() {
  const SurnameEntry& name = Surnames()[families_.Draw(&random_)];
  return {name.kanji, name.kana};
}

NameText Population::DrawGiven(bool female, int year, const NameText* like) {
  const int late = std::clamp((year - 1920) / 20, 0, 5);
  const int cohort = late < 5 && random_.Between(0, 19) < (year - 1920) % 20 ? late + 1 : late;
  NameText drawn;
  for (int tries = like != nullptr ? 40 : 1; tries > 0; --tries) {
    const GivenNameEntry& name =
        GivenNames()[given_index_[female][given_[female][cohort].Draw(&random_)]];
    drawn = {name.kanji, name.kana};
    if (like != nullptr && drawn.kanji != like->kanji &&
        (ShareLetter(drawn.kanji, like->kanji) || AlikeInSound(drawn.kana, like->kana)))
      break;
  }
  return drawn;
}

NameText Population::Homophone(const NameText& given, Random* random) const {
  const auto it = by_kana_.find(ToAbsl(given.kana));
  if (it == by_kana_.end()) return given;
  const GivenNameEntry& other = GivenNames()[random->Pick(it->second)];
  return {other.kanji, given.kana};
}

std::string Population::Digits(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += static_cast<char>('0' + random_.Below(10));
  return out;
}

Place Population::DrawPlace() {
  Place place;
  // A few large cities hold most of the people.
  place.city = static_cast<int>(std::min(random_.Below(Cities().size()), random_.Below(Cities().size())));
  place.town = static_cast<int>(random_.Below(Towns().size()));
  place.chome = random_.Between(0, 6);
  place.ban = random_.Between(1, 30);
  place.go = random_.Between(1, 25);
  if (random_.Chance(0.4)) {
    static const std::vector<std::string> kBuildings = {"コーポ", "ハイツ", "メゾン", "マンション", "レジデンス", "荘"};
    static const std::vector<std::string> kPrefixes = {"青葉", "グリーン", "サン", "みどり", "第二", "さくら", "泉"};
    place.building = random_.Pick(kPrefixes) + random_.Pick(kBuildings) +
                     std::to_string(random_.Between(1, 9) * 100 + random_.Between(1, 12));
  }
  place.landline = Cities()[place.city].area_code + Digits(7);
  return place;
}

Card Population::DrawCard(const Place& place) {
  const uint64_t kind = random_.Below(100);
  if (kind < 27)  // 国保: the city's
    return {Cities()[place.city].insurer, random_.Chance(0.5) ? "宮" : "国" + Digits(2), Digits(6 + random_.Below(2))};
  if (kind < 66) return {WithCheckDigit("0104" + Digits(1) + "01"), Digits(8), std::to_string(random_.Between(1, 999))};
  if (kind < 90) return {WithCheckDigit("0613" + Digits(3)), std::to_string(random_.Between(1, 9999)), std::to_string(random_.Between(1, 99999))};
  static const std::vector<std::string> kMutual = {"公立宮城", "文部科学", "地共", "宮市町村"};
  return {WithCheckDigit((random_.Chance(0.5) ? "3204" : "3404") + Digits(3)), random_.Pick(kMutual), Digits(6)};
}

CivilDate Population::DrawBirth(int low, int high) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = random_.Between(1, 12);
  const int day = random_.Between(1, kDays[month - 1]);
  return {static_cast<int16_t>(random_.Between(low, high)), static_cast<uint8_t>(month),
          static_cast<uint8_t>(day)};
}

Person Population::MakePerson(const NameText& family, const Place& place, const Card& card,
                              bool female, const CivilDate& birth, const NameText* like) {
  Person p;
  p.id = next_id_++;
  p.female = female;
  p.birth = birth;
  p.family.push_back({0, family});
  p.given = DrawGiven(female, birth.year, like);
  p.places.push_back({0, place});
  p.cards.push_back({0, card});
  static const std::vector<std::string> kPrefixes = {"090", "080", "070"};
  if (birth.year < 2011) p.mobile = random_.Pick(kPrefixes) + Digits(8);
  return p;
}

void Population::AddChildren(Household* household, const NameText& family, const Place& place,
                             const Card& card, int mother_year, const NameText* father) {
  constexpr int kCounts[] = {0, 1, 1, 2, 2, 2, 2, 3};
  const int count = kCounts[random_.Below(8)];
  int year = mother_year + random_.Between(24, 33);
  for (int i = 0; i < count && year <= 2025; ++i, year += random_.Between(1, 4)) {
    const CivilDate birth = DrawBirth(year, year);
    if (kLastYear - year > 30 && random_.Chance(0.7)) continue;  // left home
    const bool female = random_.Chance(0.487);
    const NameText* like = !female && father != nullptr && random_.Chance(0.25) ? father : nullptr;
    household->persons.push_back(MakePerson(family, place, card, female, birth, like));
    if (!random_.Chance(kTwinBirths)) continue;
    const NameText first = household->persons.back().given;
    const bool same_sex = random_.Chance(0.65);
    Person twin = MakePerson(family, place, card, same_sex ? female : !female, birth,
                             random_.Chance(0.6) ? &first : nullptr);
    while (twin.given.kanji == first.kanji) twin.given = DrawGiven(twin.female, birth.year, nullptr);
    household->persons.push_back(std::move(twin));
    ++household->twin_pairs;
  }
}

void Population::MarryOff(Person* person, Household* household) {
  const int year = random_.Between(kFirstYear, kLastYear);
  person->family.push_back({year, DrawFamily()});
  const Place place = DrawPlace();
  person->places.push_back({year, place});
  person->cards.push_back({year, DrawCard(place)});
  ++household->married;
}

// Moves, changes of job, the 75th birthday, care.
void Population::LiveOn(Household* household) {
  const bool moves = random_.Chance(kMoves), job = random_.Chance(kJobChanges);
  const int move_year = random_.Between(kFirstYear, kLastYear);
  const int job_year = random_.Between(kFirstYear, kLastYear);
  const Place new_place = DrawPlace();
  const Card new_card = DrawCard(new_place);
  int branch = 0;
  for (Person& p : household->persons) {
    char text[16];
    std::snprintf(text, sizeof text, "%02d", branch++);
    p.branch = text;
    if (p.female && p.birth.year >= 1988 && p.birth.year <= 2002 && household->persons.size() > 1 &&
        random_.Chance(kMarriages * 4)) {
      MarryOff(&p, household);
      continue;
    }
    if (moves) {
      p.places.push_back({move_year, new_place});
      ++household->moved;
      const bool national = p.cards.front().value.insurer.size() == 6;
      if (national && !job) {  // another city, another insurer
        Card card = p.cards.front().value;
        card.insurer = Cities()[new_place.city].insurer;
        card.number = new_card.number;
        p.cards.push_back({move_year, card});
      }
    }
    if (job) {
      p.cards.push_back({job_year, new_card});
      ++household->changed_insurer;
    }
    const int age75 = p.birth.year + 75;
    if (age75 <= kLastYear) {
      const Card elderly{WithCheckDigit("39041" + Digits(2)), "", Digits(8)};
      std::erase_if(p.cards, [&](const Since<Card>& c) { return c.year >= age75; });
      p.cards.push_back({std::max(age75, 0), elderly});
      household->turned_75 += age75 >= kFirstYear;
    }
    if (kLastYear - p.birth.year >= 65 && random_.Chance(kLastYear - p.birth.year >= 80 ? 0.4 : 0.1)) {
      p.care_number = "0" + Digits(9);
      p.care_insurer = Cities()[p.places.front().value.city].insurer;
    }
  }
}

void Population::MakeForeign(Household* household) {
  for (Person& p : household->persons) {
    const ForeignName& name = kForeignNames[random_.Below(std::size(kForeignNames))];
    p.foreign = true;
    p.latin_family = name.family;
    p.latin_given = name.given;
    p.family.assign(1, {0, {name.family_kana, FoldWidth(name.family_kana)}});
    p.given = {name.given_kana, name.given_kana};
    if (random_.Chance(0.25)) p.alias_family = DrawFamily();
    ++household->foreign;
  }
}

Household Population::Next() {
  Household household;
  const NameText family = DrawFamily();
  const Place place = DrawPlace();
  const Card card = DrawCard(place);
  const uint64_t kind = random_.Below(100);
  // Heads are between 20 and 95, as the age pyramid has it: most of 45 to 80.
  const int head_year = kLastYear - std::max(random_.Between(20, 88), random_.Between(20, 95) * 3 / 4);
  const CivilDate birth = DrawBirth(head_year, head_year);
  if (kind < 36) {  // alone
    household.persons.push_back(MakePerson(family, place, card, random_.Chance(0.52), birth, nullptr));
  } else {
    Person head = MakePerson(family, place, card, random_.Chance(0.08), birth, nullptr);
    const NameText father = head.given;
    const bool mother_alone = head.female;
    household.persons.push_back(std::move(head));
    int mother_year = head_year;
    if (!mother_alone && !random_.Chance(0.06)) {
      mother_year = head_year + random_.Between(-4, 8);
      household.persons.push_back(
          MakePerson(family, place, card, true, DrawBirth(mother_year, mother_year), nullptr));
    }
    if (kind >= 50) AddChildren(&household, family, place, card, mother_year, mother_alone ? nullptr : &father);
    if (kind >= 92 && head_year > 1960) {  // grandparents
      const int year = head_year - random_.Between(24, 34);
      household.persons.push_back(MakePerson(family, place, card, true, DrawBirth(year, year), nullptr));
      if (random_.Chance(0.6))
        household.persons.push_back(
            MakePerson(family, place, card, false, DrawBirth(year - 3, year), &father));
    }
  }
  LiveOn(&household);
  if (random_.Chance(kForeign)) MakeForeign(&household);
  return household;
}

}  // namespace libmpi
