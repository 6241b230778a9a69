// SPDX-License-Identifier: Apache-2.0
// What happens to a family between kFirstYear and kLastYear.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "libmpi/evaluation/population.h"

namespace libmpi {
namespace {

constexpr double kHomeMoves = 0.25;        // in all years together
constexpr double kLeftParents = 0.5;       // of the young who live alone: in these years
constexpr double kMarriedLately = 0.6;     // of couples of the age
constexpr double kHusbandsName = 0.955;
constexpr double kDivorcedLately = 0.25;   // of mothers alone
constexpr double kJobChange = 0.27;
constexpr double kInCare65 = 0.04, kInCare75 = 0.2, kInCare85 = 0.55;

std::string Branch(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", number % 100);
  return text;
}

// The household's cards become one person's from `year` on.
void Follow(const std::vector<Since<Card>>& household, int year, int branch, Person* person) {
  const auto own = [&](Card card) {
    card.branch = Branch(branch);
    return card;
  };
  Change(&person->cards, year, own(At(household, year)));
  for (const Since<Card>& item : household)
    if (item.year > year) Change(&person->cards, item.year, own(item.value));
}

// Until `year` the person was on another card.
void InsuredBefore(const Card& card, int year, Person* person) {
  std::vector<Since<Card>> cards = {{0, card}, {year, At(person->cards, year)}};
  for (const Since<Card>& item : person->cards)
    if (item.year > year) cards.push_back(item);
  person->cards = std::move(cards);
}

}  // namespace

void LifeCourse::Live(Family* family) {
  for (const Home& home : family->homes) {
    Settle(family, home);
    const bool foreign = family->persons[home.members[0]].foreign;
    const int wed = foreign ? 0 : Marry(family, home);
    const int divorced = foreign ? 0 : Divorce(family, home);
    Insure(family, home);
    if (wed != 0) InsureCoupleApart(family, home, wed);
    if (divorced != 0) InsureByFormerHusband(family, home, divorced);
    Telephone(family, home);
  }
  for (Person& person : family->persons) {
    TurnSeventyFive(&person, &family->events);
    NeedCare(&person);
    family->events.movers += person.places.size() > 1;
  }
}

// Where they live, and lived before.
void LifeCourse::Settle(Family* family, const Home& home) {
  const Person& head = family->persons[home.members[0]];
  const bool young = home.members.size() == 1 && head.Age(kLastYear) < 32;
  const bool moved = home.aged || random_.Chance(young ? kLeftParents : kHomeMoves);
  // Nearly half of all moves stay in the city.
  Place before = moved && random_.Chance(0.45) ? places_.DrawIn(home.place.city, &random_)
                                               : places_.Draw(&random_);
  if (!home.place.landline.empty() && before.city == home.place.city && random_.Chance(0.6))
    before.landline = home.place.landline;
  const int year = AnyYear();
  for (size_t member : home.members) {
    Person& p = family->persons[member];
    p.places.push_back({0, home.place});
    if (!moved || p.birth.year >= year) continue;
    p.places.front().value = before;
    p.places.push_back({year, home.place});
  }
}

// A young couple lived apart before, she under her own name.
int LifeCourse::Marry(Family* family, const Home& home) {
  if (!home.couple) return 0;
  Person& a = family->persons[home.members[0]];
  Person& b = family->persons[home.members[1]];
  const int age = std::min(a.Age(kLastYear), b.Age(kLastYear));
  if (age < 22 || age > 42 || !random_.Chance(age < 36 ? kMarriedLately : kMarriedLately / 3))
    return 0;
  // Not after the first child's birth.
  int latest = kLastYear;
  for (size_t i = 2; i < home.members.size(); ++i)
    latest = std::min<int>(latest, family->persons[home.members[i]].birth.year);
  if (latest < kFirstYear) return 0;
  const int year = random_.Between(kFirstYear, latest);
  const NameText name = a.family.back().value;
  Person& renamed = a.female == random_.Chance(kHusbandsName) ? a : b;
  // Who was a child of this family keeps the name it was born with on file.
  const bool own = !renamed.born_as.kanji.empty() && renamed.born_as != name;
  renamed.family = {{0, own ? renamed.born_as : names_.DrawFamily(&random_)}, {year, name}};
  for (Person* p : {&a, &b}) p->places = {{0, places_.Draw(&random_)}, {year, home.place}};
  ++family->events.name_changes;
  return year;
}

// A mother takes her name back; half of the children follow.
int LifeCourse::Divorce(Family* family, const Home& home) {
  Person& mother = family->persons[home.members[0]];
  const int age = mother.Age(kLastYear);
  const bool alone = home.members.size() == 1;
  if (home.couple || !mother.female || age < 26 || age > 62) return 0;
  if (!random_.Chance(alone ? kDivorcedLately / 4 : kDivorcedLately)) return 0;
  const int year = AnyYear();
  const NameText married = names_.DrawFamily(&random_);
  const NameText own = mother.family.back().value;
  const Place before = places_.Draw(&random_);
  for (size_t member : home.members) {
    Person& p = family->persons[member];
    if (p.birth.year >= year) continue;
    p.family = {{0, married}, {year, own}};
    p.places = {{0, before}, {year, home.place}};
    ++family->events.name_changes;
  }
  return year;
}

LifeCourse::CardHistory LifeCourse::NationalCards(const Person& of) {
  CardHistory cards;
  for (const Since<Place>& item : of.places) {
    const int city = item.value.city;
    if (cards.empty() || cards.back().value.insurer != Cities()[city].insurer)
      cards.push_back({item.year, cards_.National(city, &random_)});
  }
  return cards;
}

LifeCourse::CardHistory LifeCourse::EmployerCards(const Person& subscriber, FamilyEvents* events) {
  CardHistory cards = {{0, cards_.Employer(&random_)}};
  if (!random_.Chance(kJobChange)) return cards;
  const int year = AnyYear();
  const bool retires = subscriber.Age(year) >= 60 || random_.Chance(0.1);
  cards.push_back({year, retires ? cards_.National(At(subscriber.places, year).city, &random_)
                                 : cards_.Employer(&random_)});
  ++events->insurer_changes;
  return cards;
}

// Who works has an own card; children and some wives are on another's; the rest are on the city's.
void LifeCourse::Insure(Family* family, const Home& home) {
  const CardHistory national = NationalCards(family->persons[home.members[0]]);
  std::vector<size_t> workers, others;
  for (size_t i = 0; i < home.members.size(); ++i) {
    const Person& p = family->persons[home.members[i]];
    const int age = p.Age(kLastYear);
    const bool wife = home.couple && i < 2 && p.female;
    const double works = age < 20   ? 0.02
                         : age < 23 ? 0.4
                         : age < 65 ? (wife ? 0.5 : 0.78)
                         : age < 72 ? 0.2
                                    : 0;
    (random_.Chance(works) ? workers : others).push_back(home.members[i]);
  }
  CardHistory first;
  for (size_t member : workers) {
    Person& p = family->persons[member];
    const CardHistory cards = EmployerCards(p, &family->events);
    Follow(cards, 0, 0, &p);
    if (first.empty()) first = cards;
  }
  int dependants = 0, municipal = 0;
  for (size_t member : others) {
    Person& p = family->persons[member];
    const int age = p.Age(kLastYear);
    const bool depends =
        !first.empty() && age < 75 && (age < 23 || random_.Chance(age < 60 ? 0.75 : 0.3));
    Follow(depends ? first : national, 0, depends ? ++dependants : ++municipal, &p);
  }
}

// Whoever now shares a card had one of their own before the wedding.
void LifeCourse::InsureCoupleApart(Family* family, const Home& home, int until) {
  Person& a = family->persons[home.members[0]];
  Person& b = family->persons[home.members[1]];
  Person& second = a.cards.back().value.branch < b.cards.back().value.branch ? b : a;
  if (a.cards.back().value.number != b.cards.back().value.number) return;
  CardHistory cards = {{0, random_.Chance(0.8)
                               ? cards_.Employer(&random_)
                               : cards_.National(second.places.front().value.city, &random_)}};
  cards.front().value.branch = Branch(cards.front().value.IsNational() ? 1 : 0);
  InsuredBefore(cards.front().value, until, &second);
  ++family->events.insurer_changes;
}

void LifeCourse::InsureByFormerHusband(Family* family, const Home& home, int until) {
  Card card = cards_.Employer(&random_);
  int branch = 0;
  for (size_t member : home.members) {
    if (family->persons[member].birth.year >= until) continue;
    card.branch = Branch(++branch);
    InsuredBefore(card, until, &family->persons[member]);
    ++family->events.insurer_changes;
  }
}

void LifeCourse::TurnSeventyFive(Person* person, FamilyEvents* events) {
  const int year = person->birth.year + 75;
  if (year > kLastYear) return;
  Card card = cards_.Elderly(At(person->places, year).city);
  Change(&person->cards, year, card);
  // The number stays within the prefecture, the insurer is the city's.
  for (const Since<Place>& item : person->places)
    if (item.year > year) {
      card.insurer = Cities()[item.value.city].elderly_insurer;
      Change(&person->cards, item.year, card);
    }
  events->turned_75 += year >= kFirstYear;
}

// Children give their mother's telephone, old people a child's.
void LifeCourse::Telephone(Family* family, const Home& home) {
  constexpr const char* kPrefixes[] = {"090", "080", "070"};
  for (size_t member : home.members) {
    Person& p = family->persons[member];
    const int age = p.Age(kLastYear);
    if (!random_.Chance(age < 12 ? 0 : age < 16 ? 0.5 : age < 75 ? 0.95 : 0.55)) continue;
    const std::string last = random_.Digits(7);
    const std::string first = std::to_string(1 + random_.Below(9));  // 080-0 begins the free numbers
    p.mobile = random_.Pick(kPrefixes) + first + last;
  }
  for (size_t member : home.members) {
    Person& p = family->persons[member];
    for (size_t other : home.members) {
      const Person& o = family->persons[other];
      const bool cares = o.Age(kLastYear) >= 25 && o.Age(kLastYear) < 70;
      const bool cared_for = p.Age(kLastYear) < 18 || p.Age(kLastYear) >= 75;
      if (cares && cared_for && !o.mobile.empty() && (p.family_mobile.empty() || o.female))
        p.family_mobile = o.mobile;
    }
  }
}

void LifeCourse::NeedCare(Person* person) {
  const int age = person->Age(kLastYear);
  const double share = age >= 85 ? kInCare85 : age >= 75 ? kInCare75 : kInCare65;
  if (age < 65 || !random_.Chance(share)) return;
  for (const Since<Place>& item : person->places) {
    const std::string& insurer = Cities()[item.value.city].insurer;
    if (person->care.empty() || person->care.back().value.insurer != insurer)
      person->care.push_back({item.year, cards_.Care(item.value.city)});
  }
}

}  // namespace libmpi
