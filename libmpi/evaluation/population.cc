// SPDX-License-Identifier: Apache-2.0
// Families as the census of 2020 has them, roughly: of households 38 % one person, 20 % couples,
// 25 % parents with children, 9 % one parent, 4 % three generations, the rest others; of persons
// 11 % below 15 years, 29 % from 65. Grown-up children who live by themselves add to the first.
#include "libmpi/evaluation/population.h"

#include <algorithm>
#include <utility>

namespace libmpi {
namespace {

constexpr double kTwinBirths = 0.012;       // of all births
constexpr double kTwinStaysNear = 0.2;      // of grown-up twins: both live in the region
constexpr double kTwinsAlike = 0.6;          // share a kanji or sound
constexpr double kSiblingsAlike = 0.25;
constexpr double kSonLikeFather = 0.25;
constexpr double kSonNamedAsFather = 0.002;  // same reading, other kanji
constexpr double kForeign = 0.025;           // of families

// Nobody is named quite as another of the family.
bool IsTaken(const Family& family, const NameText& given) {
  return std::any_of(family.persons.begin(), family.persons.end(), [&](const Person& p) {
    return p.given.kanji == given.kanji || p.given.kana == given.kana;
  });
}

}  // namespace

Population::Population(uint64_t seed, uint64_t persons, double name_power)
    : names_(seed, name_power), places_(seed, persons), cards_(seed), random_(HashCombine(seed, 0x9e0f1e)) {}

Population::Kind Population::DrawKind() {
  const uint64_t x = random_.Below(1000);
  return x < 335   ? Kind::kAlone
         : x < 535 ? Kind::kCouple
         : x < 820 ? Kind::kParents
         : x < 905 ? Kind::kOneParent
         : x < 955 ? Kind::kThreeGenerations
                   : Kind::kOldParent;
}

CivilDate Population::DrawBirth(int year) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  // Nobody is born after the last files were written.
  const int month = random_.Between(1, year == kLastYear ? 6 : 12);
  const bool leap_day = month == 2 && year % 4 == 0 && random_.Chance(1.0 / 29);
  const int day = leap_day ? 29 : random_.Between(1, kDays[month - 1]);
  return {static_cast<int16_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

int Population::DrawHeadAge(Kind kind) {
  const uint64_t x = random_.Below(100);
  // More of 70 than of 90.
  // Draws stand in statements of their own: in which order arguments are evaluated differs between processors.
  const int forty = random_.Between(0, 40);
  const int old = 65 + std::min(random_.Between(0, 28), forty);
  switch (kind) {
    case Kind::kAlone:
      return x < 26 ? random_.Between(19, 30) : x < 60 ? random_.Between(31, 64) : old;
    case Kind::kCouple:
      return x < 9 ? random_.Between(25, 44) : x < 42 ? random_.Between(45, 64) : old;
    case Kind::kParents: return x < 76 ? random_.Between(31, 60) : random_.Between(61, 84);
    case Kind::kOneParent: return x < 60 ? random_.Between(29, 58) : random_.Between(59, 86);
    case Kind::kThreeGenerations: return random_.Between(36, 56);
    case Kind::kOldParent: return random_.Between(50, 70);
  }
  return 50;
}

size_t Population::AddPerson(Family* family, Home* home, bool female, int birth_year,
                             const NameText& name) {
  Person person;
  person.id = next_id_++;
  person.female = female;
  person.birth = DrawBirth(birth_year);
  person.born_as = name;
  person.family.push_back({0, name});
  do {
    person.given = names_.DrawGiven(female, birth_year, &random_);
  } while (IsTaken(*family, person.given));
  family->persons.push_back(std::move(person));
  home->members.push_back(family->persons.size() - 1);
  return family->persons.size() - 1;
}

// Born the same day, often with names that go together.
void Population::AddTwin(Family* family, Home* home, size_t first) {
  const NameText& born = family->persons[first].born_as;
  const NameText name = born.kanji.empty() ? names_.DrawFamily(&random_) : born;
  const bool female = family->persons[first].female != random_.Chance(0.33);
  const size_t second = AddPerson(family, home, female, family->persons[first].birth.year, name);
  Person& twin = family->persons[second];
  Person& other = family->persons[first];
  twin.twin = other.id;
  other.twin = twin.id;
  twin.birth = other.birth;
  twin.born_as = name;
  if (random_.Chance(kTwinsAlike)) {
    const NameText alike =
        random_.Chance(0.2) ? names_.DrawGivenOneKanaApart(female, other.given, &random_)
                            : names_.DrawGivenLike(female, twin.birth.year, other.given, &random_);
    if (!IsTaken(*family, alike)) twin.given = alike;
  }
  ++family->events.twin_pairs;
}

void Population::AddSpouse(Family* family, Home* home, const NameText& name) {
  const Person& head = family->persons[home->members[0]];
  const int year = std::clamp(head.birth.year + random_.Between(-3, 7), 1918, kLastYear - 19);
  const size_t spouse = AddPerson(family, home, !head.female, year, name);
  family->persons[spouse].born_as = {};
  home->couple = true;
}

void Population::NameAfter(const NameText& other, const Family& family, Person* person) {
  const NameText alike = names_.DrawGivenLike(person->female, person->birth.year, other, &random_);
  if (!IsTaken(family, alike)) person->given = alike;
}

void Population::AddChildren(Family* family, Home* home, const NameText& name) {
  constexpr int kCounts[] = {1, 1, 1, 2, 2, 2, 2, 3};
  const Person& parent = family->persons[home->members.back()];
  const NameText father = family->persons[home->members[0]].given;
  const bool has_father = !family->persons[home->members[0]].female;
  int year = parent.birth.year + random_.Between(22, 36);
  NameText brother;
  for (int left = random_.Pick(kCounts); left > 0 && year <= kLastYear; --left) {
    const bool gone = kLastYear - year >= 20 && random_.Chance(0.42);  // far away
    if (gone) {
      year += random_.Between(1, 5);
      continue;
    }
    const bool female = random_.Chance(0.487);
    const size_t child = AddPerson(family, home, female, year, name);
    Person& person = family->persons[child];
    if (!brother.kanji.empty() && random_.Chance(kSiblingsAlike))
      NameAfter(brother, *family, &person);
    else if (!female && has_father && random_.Chance(kSonLikeFather))
      NameAfter(father, *family, &person);
    if (!female && has_father && random_.Chance(kSonNamedAsFather)) {
      const NameText same_sound = names_.GivenHomophone(false, father, &random_);
      if (same_sound.kanji != father.kanji) person.given = same_sound;
    }
    brother = person.given;
    if (random_.Chance(kTwinBirths)) AddTwin(family, home, child);
    year += random_.Between(1, 5);
  }
}

void Population::AddGrandparents(Family* family, Home* home, const NameText& name) {
  const Person& head = family->persons[home->members[0]];
  const int year = std::max(1922, head.birth.year - random_.Between(23, 34));
  const size_t grandmother = AddPerson(family, home, true, year, name);
  if (!random_.Chance(0.55)) return;
  const int older = std::max(1918, family->persons[grandmother].birth.year - random_.Between(0, 5));
  AddPerson(family, home, false, older, name);
}

// A grown-up child that has left home: alone, or married with children of its own.
void Population::SettleChild(Family* family, size_t child) {
  Home home;
  home.place = places_.DrawIn(
      random_.Chance(0.4) ? family->homes[0].place.city : places_.Draw(&random_).city, &random_);
  home.members.push_back(child);
  const int age = family->persons[child].Age(kLastYear);
  if (age >= 27 && random_.Chance(0.45)) {
    // A daughter takes her husband's name; LifeCourse gives hers back where that is recent.
    const bool daughter = family->persons[child].female;
    const NameText name =
        daughter ? names_.DrawFamily(&random_) : family->persons[child].family[0].value;
    family->persons[child].family[0].value = name;
    AddSpouse(family, &home, name);
    if (age >= 29 && random_.Chance(0.6)) AddChildren(family, &home, name);
  }
  family->homes.push_back(std::move(home));
}

void Population::SettleTwinElsewhere(Family* family, size_t first) {
  Home home;
  home.place = places_.Draw(&random_);
  AddTwin(family, &home, first);
  Person& twin = family->persons[home.members[0]];
  if (twin.female && random_.Chance(0.6)) twin.family[0].value = names_.DrawFamily(&random_);
  family->homes.push_back(std::move(home));
}

// Wives keep their names in most of the world; children have the name of the head of the family.
void Population::NameForeign(Family* family) {
  const int nationality = DrawNationality(&random_);
  const ForeignName* father = nullptr;
  const NameText alias = random_.Chance(0.2) ? names_.DrawFamily(&random_) : NameText{};
  for (Person& p : family->persons) {
    p.foreign = true;
    const ForeignName* of = p.born_as.kanji.empty() ? nullptr : father;
    for (int tries = 0; tries < 10; ++tries) {
      p.foreign_name = DrawForeignName(nationality, p.female, of, &random_);
      if (!IsTaken(*family, {p.foreign_name.given_kana, p.foreign_name.given_kana})) break;
    }
    if (father == nullptr) father = &p.foreign_name;
    p.alias = alias;
    p.family.assign(1, {0, {p.foreign_name.family_kana, p.foreign_name.family_kana}});
    p.given = {p.foreign_name.given_kana, p.foreign_name.given_kana};
    ++family->events.foreign_persons;
  }
}

Home Population::MakeFirstHome(Kind kind, Family* family) {
  Home home;
  const bool alone = kind == Kind::kAlone, one_parent = kind == Kind::kOneParent;
  const int age = DrawHeadAge(kind);
  const NameText name = names_.DrawFamily(&random_);
  home.aged = alone && age >= 80 && random_.Chance(0.25);
  home.place = home.aged ? places_.DrawHomeForAged(&random_) : places_.Draw(&random_);
  const double woman = one_parent ? 0.85 : alone ? (age >= 65 ? 0.66 : 0.42) : 0.04;
  AddPerson(family, &home, random_.Chance(woman), kLastYear - age, name);
  const double married = alone || one_parent ? 0 : kind == Kind::kOldParent ? 0.5 : 1;
  if (random_.Chance(married)) AddSpouse(family, &home, name);
  const size_t adults = home.members.size();
  if (kind == Kind::kParents || one_parent || kind == Kind::kThreeGenerations)
    AddChildren(family, &home, name);
  // Grown-up children who live elsewhere in the region get their homes in SettleChild.
  std::erase_if(home.members, [&](size_t member) {
    const int grown = family->persons[member].Age(kLastYear);
    return member >= adults && grown >= 20 && random_.Chance(grown >= 27 ? 0.32 : 0.2);
  });
  if (kind == Kind::kThreeGenerations || kind == Kind::kOldParent)
    AddGrandparents(family, &home, name);
  return home;
}

Family Population::Next() {
  Family family;
  family.homes.push_back(MakeFirstHome(DrawKind(), &family));
  const size_t adults = family.homes[0].couple ? 2 : 1;
  const std::vector<size_t>& members = family.homes[0].members;
  std::vector<size_t> leaving;
  for (size_t i = adults; i < family.persons.size(); ++i)
    if (std::find(members.begin(), members.end(), i) == members.end()) leaving.push_back(i);
  for (size_t child : leaving) SettleChild(&family, child);
  for (size_t i = 0; i < adults; ++i)
    if (random_.Chance(2 * kTwinBirths * kTwinStaysNear)) SettleTwinElsewhere(&family, i);
  if (random_.Chance(kForeign)) NameForeign(&family);
  family.events.households = static_cast<int>(family.homes.size());
  LifeCourse(names_, places_, &cards_, &random_).Live(&family);
  return family;
}

}  // namespace libmpi
