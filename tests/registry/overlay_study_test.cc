// SPDX-License-Identifier: Apache-2.0
// Revisions that make somebody else of a record, and honest ones: which are held. Twins: which are linked.
// LIBMPI_LONG=1 runs the full counts; LIBMPI_OVERLAY_SEED another seed.
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/evaluation/errors.h"
#include "libmpi/evaluation/facility.h"
#include "libmpi/evaluation/habits.h"
#include "libmpi/evaluation/population.h"
#include "libmpi/text/fold.h"
#include "tests/evaluation/region_records.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {
namespace {

uint64_t StudySeed() {
  const char* const told = std::getenv("LIBMPI_OVERLAY_SEED");
  return told != nullptr ? std::strtoull(told, nullptr, 10) : 5501;
}

// A share with Wilson's interval of 95 %.
struct Share {
  uint64_t of = 0, all = 0;
  void Add(bool yes) { of += yes, ++all; }
  double value() const { return all == 0 ? 0 : static_cast<double>(of) / static_cast<double>(all); }
  std::pair<double, double> Interval() const {
    constexpr double z = 1.959964;
    const double n = std::max<double>(1, static_cast<double>(all)), p = value();
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
  }
  void Print(const std::string& name) const {
    const auto [low, high] = Interval();
    std::printf("%-52s %6llu of %6llu = %7.3f %% [%.3f, %.3f]\n", name.c_str(), static_cast<unsigned long long>(of),
                static_cast<unsigned long long>(all), 100 * value(), 100 * low, 100 * high);
  }
};

size_t Distance(const std::u32string& a, const std::u32string& b) {
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

size_t KanaDistance(const std::string& a, const std::string& b) {
  const auto points = [](const std::string& text) {
    std::u32string out;
    for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
    return out;
  };
  return Distance(points(FoldKana(a)), points(FoldKana(b)));
}

// Facilities of every kind, and persons with what happened to them.
class World {
 public:
  explicit World(uint64_t seed) : random_(HashCombine(seed, 4242)), population_(seed, 200'000) {
    for (int kind = 0; kind < kFacilityKinds; ++kind) {
      int number = 0;
      for (const Habits& habits : DealHabits(static_cast<FacilityKind>(kind), 40, seed))
        facilities_.emplace_back(static_cast<FacilityKind>(kind), ++number, habits, seed, 1.0);
    }
  }

  Random& random() { return random_; }
  const NamePool& names() const { return population_.names(); }
  Family Next() { return population_.Next(); }
  // A family with at least so many persons.
  Family NextOf(size_t size) {
    for (;;)
      if (Family family = population_.Next(); family.persons.size() >= size) return family;
  }
  Facility& AnyFacility() { return facilities_[random_.Below(facilities_.size())]; }
  Record Write(Facility* facility, const Person& person, int registered, int last) {
    Record record = RecordOf(facility->Write(person, {registered, last}, population_.names(), &statistics_));
    record.Normalize();
    return record;
  }
  int Year(const Person& person, int from) {
    return random_.Between(std::min(kLastYear, std::max<int>(from, person.birth.year)), kLastYear);
  }

 private:
  Random random_;
  Population population_;
  std::vector<Facility> facilities_;
  RegionStatistics statistics_;
};

// Another person of the same birthday on the same card; what is a person's own is another one's.
Person TwinOf(const Person& first, bool female, const NameText& given, Random* random) {
  Person twin = first;
  twin.female = female;
  twin.given = given;
  twin.mobile.clear();
  for (auto& card : twin.cards) {
    if (card.value.IsElderly()) card.value.number = random->Digits(8);
    if (!card.value.branch.empty()) card.value.branch = card.value.branch == "12" ? "23" : "12";
  }
  for (auto& care : twin.care) care.value.number = random->Digits(10);
  return twin;
}

// Before and after.
using Revision = std::pair<Record, Record>;

// A registry asked about one revision after another.
class Guard {
 public:
  Guard() { EXPECT_TRUE(folder_.Create(Model::Default(), FrozenOptions())); }
  bool Holds(Revision revision) {
    const RecordKey key = {"facility", std::to_string(++count_), 0};
    revision.first.key = revision.second.key = key;
    EXPECT_TRUE(folder_->Put(revision.first, by_).ok());
    const auto answer = folder_->Put(revision.second, by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    const bool held = answer.ok() && answer->outcome == PersonOutcome::kHeld;
    // Records of thousands of hospitals are not to crowd one another.
    EXPECT_TRUE(folder_->Retire(key, by_).ok());
    return held;
  }

 private:
  RegistryFolder folder_;
  const Attribution by_ = {"study", ""};
  uint64_t count_ = 0;
};

std::string JoinNames(const std::string& family, const std::string& given, const char* mark) {
  return family + mark + given;
}

// Honest revisions made by hand, by what happens.
std::vector<std::pair<std::string, std::function<std::optional<Revision>(World*)>>> HonestKinds() {
  // Two visits to one facility, with something done to the second row.
  const auto visits = [](World* world, const std::function<bool(const Person&, Record*, Record*)>& change)
      -> std::optional<Revision> {
    const Family family = world->NextOf(1);
    const Person& person = family.persons[world->random().Below(family.persons.size())];
    Facility& facility = world->AnyFacility();
    const int first = world->Year(person, kFirstYear);
    Record before = world->Write(&facility, person, first, first);
    Record after = world->Write(&facility, person, first, world->Year(person, first));
    if (!change(person, &before, &after)) return std::nullopt;
    return Revision{before, after};
  };
  return {
      {"two visits", [=](World* w) { return visits(w, [](const Person&, Record*, Record*) { return true; }); }},
      {"unknown glyph in the name",
       [=](World* w) {
         return visits(w, [w](const Person&, Record*, Record* after) {
           std::string& name = after->names[0].full;
           if (ScriptOf(name) != Script::kKanji) return false;
           name = LoseGlyph(name, &w->random());
           return true;
         });
       }},
      {"name lost to 〓 or ?",
       [=](World* w) {
         return visits(w, [w](const Person& p, Record* before, Record* after) {
           if (p.foreign || ScriptOf(before->names[0].full) != Script::kKanji) return false;
           const std::string glyph = w->random().Chance(0.5) ? "〓" : "?";
           std::string given;
           for (size_t pos = 0, n = 0; pos < p.given.kanji.size(); ++n) {
             const char32_t c = NextCodePoint(p.given.kanji, &pos);
             if (n == 0) given += glyph;
             else AppendUtf8(c, &given);
           }
           after->names[0].full = JoinNames(At(p.family, kLastYear).kanji, given, " ");
           return true;
         });
       }},
      {"moved, married, new insurer at once",
       [=](World* w) {
         return visits(w, [w](const Person& p, Record*, Record* after) {
           if (p.foreign) return false;
           const Family other = w->NextOf(1);
           const Record like = w->Write(&w->AnyFacility(), other.persons[0], kLastYear, kLastYear);
           after->addresses = like.addresses;
           after->coverages = like.coverages;
           after->phones = like.phones;
           const NameText name = w->names().DrawFamily(&w->random());
           after->names[0].full = JoinNames(name.kanji, p.given.kanji, "　");
           after->names[0].full_kana = JoinNames(name.kana, p.given.kana, " ");
           return true;
         });
       }},
      {"kana mistyped",
       [=](World* w) {
         return visits(w, [w](const Person& p, Record*, Record* after) {
           if (p.foreign) return false;
           after->names[0].full_kana =
               JoinNames(At(p.family, kLastYear).kana, SlipKana(p.given.kana, &w->random()), " ");
           return true;
         });
       }},
      {"names swapped",
       [=](World* w) {
         return visits(w, [](const Person& p, Record*, Record* after) {
           if (p.foreign) return false;
           const NameText& family = At(p.family, kLastYear);
           after->names[0].full = JoinNames(p.given.kanji, family.kanji, " ");
           after->names[0].full_kana = JoinNames(p.given.kana, family.kana, " ");
           return true;
         });
       }},
      {"kanji, then only kana",
       [=](World* w) {
         return visits(w, [](const Person& p, Record*, Record* after) {
           if (p.foreign) return false;
           after->names = {StatedName()};
           after->names[0].full_kana = JoinNames(At(p.family, kLastYear).kana, p.given.kana, " ");
           return true;
         });
       }},
      {"kanji, then romaji",
       [=](World* w) {
         return visits(w, [](const Person& p, Record* before, Record* after) {
           if (p.foreign || ScriptOf(before->names[0].full) != Script::kKanji) return false;
           after->names = {StatedName()};
           after->names[0].full = JoinNames(ToRomaji(At(p.family, kLastYear).kana, RomajiStyle::kHepburn),
                                            ToRomaji(p.given.kana, RomajiStyle::kHepburn), " ");
           return true;
         });
       }},
      {"birth date set right",
       [=](World* w) {
         return visits(w, [w](const Person& p, Record* before, Record*) {
           before->births = {WriteDate(SlipDate(p.birth, &w->random()), DateStyle::kIso)};
           return true;
         });
       }},
      {"sex set right",
       [=](World* w) {
         return visits(w, [](const Person& p, Record* before, Record* after) {
           before->sexes = {p.female ? "男" : "女"};
           after->sexes = {p.female ? "女" : "男"};
           return true;
         });
       }},
      {"newborn, then named",
       [=](World* w) {
         return visits(w, [](const Person& p, Record* before, Record*) {
           if (p.foreign) return false;
           before->names = {StatedName()};
           before->names[0].full = JoinNames(At(p.family, kLastYear).kanji, "ベビー", " ");
           return true;
         });
       }},
  };
}

// Overlays: one facility writes another person over the record.
std::vector<std::pair<std::string, std::function<std::optional<Revision>(World*)>>> OverlayKinds() {
  const auto both = [](World* world, const Person& first, const Person& second) -> std::optional<Revision> {
    Facility& facility = world->AnyFacility();
    const int year = world->Year(first.birth < second.birth ? second : first, kFirstYear);
    return Revision{world->Write(&facility, first, year, year),
                    world->Write(&facility, second, year, world->Year(second, year))};
  };
  const auto same_sex = [](const Person& a, const Person& b) { return a.female == b.female; };
  // Somebody with a brother or sister of the same day, whose given name is `like` or any.
  const auto twins = [=](World* w, bool like, bool other_sex) -> std::optional<Revision> {
    const Family family = w->NextOf(1);
    const Person& first = family.persons[w->random().Below(family.persons.size())];
    if (first.foreign) return std::nullopt;
    const bool female = first.female != other_sex;
    const NameText given = like ? w->names().DrawGivenLike(female, first.birth.year, first.given, &w->random())
                                : w->names().DrawGiven(female, first.birth.year, &w->random());
    if (given.kanji == first.given.kanji || given.kana == first.given.kana) return std::nullopt;
    return both(w, first, TwinOf(first, female, given, &w->random()));
  };
  return {
      {"any other person",
       [=](World* w) { return both(w, w->NextOf(1).persons[0], w->NextOf(1).persons.back()); }},
      {"any other of the same sex",
       [=](World* w) -> std::optional<Revision> {
         const Person a = w->NextOf(1).persons[0], b = w->NextOf(1).persons.back();
         return same_sex(a, b) ? both(w, a, b) : std::nullopt;
       }},
      {"parent and child, brothers and sisters",
       [=](World* w) -> std::optional<Revision> {
         const Family family = w->NextOf(3);
         const size_t a = w->random().Below(family.persons.size()), b = w->random().Below(family.persons.size());
         if (a == b || family.persons[a].twin == family.persons[b].id) return std::nullopt;
         return both(w, family.persons[a], family.persons[b]);
       }},
      {"father and son, mother and daughter",
       [=](World* w) -> std::optional<Revision> {
         const Family family = w->NextOf(3);
         const Person &a = family.persons[w->random().Below(2)], &b = family.persons[2];
         if (!same_sex(a, b) || std::abs(a.birth.year - b.birth.year) < 15) return std::nullopt;
         return both(w, a, b);
       }},
      {"twins of two sexes", [=](World* w) { return twins(w, false, true); }},
      {"twins with any names", [=](World* w) { return twins(w, false, false); }},
      {"twins with names alike", [=](World* w) { return twins(w, true, false); }},
      {"another of the same birthday",
       [=](World* w) -> std::optional<Revision> {
         Person a = w->NextOf(1).persons[0], b = w->NextOf(1).persons.back();
         if (a.given == b.given || a.foreign || b.foreign) return std::nullopt;
         b.birth = a.birth;
         return both(w, a, b);
       }},
      {"another of the same name",
       [=](World* w) -> std::optional<Revision> {
         Person a = w->NextOf(1).persons[0], b = w->NextOf(1).persons.back();
         if (a.foreign || b.foreign) return std::nullopt;
         b.given = a.given, b.family = a.family, b.female = a.female;
         return both(w, a, b);
       }},
      {"another of the same name and birthday",  // which nothing that a person keeps can tell apart
       [=](World* w) -> std::optional<Revision> {
         Person a = w->NextOf(1).persons[0], b = w->NextOf(1).persons.back();
         if (a.foreign || b.foreign) return std::nullopt;
         b.given = a.given, b.family = a.family, b.birth = a.birth, b.female = a.female;
         return both(w, a, b);
       }},
  };
}

Share HeldOf(World* world, Guard* guard, const std::string& name, size_t count,
             const std::function<std::optional<Revision>(World*)>& make) {
  Share held;
  while (held.all < count) {
    std::optional<Revision> revision = make(world);
    if (!revision) continue;
    held.Add(guard->Holds(*std::move(revision)));
  }
  held.Print(name);
  return held;
}

TEST(OverlayStudy, OverlaysAreHeldAndHonestRevisionsAreNot) {
  World world(StudySeed());
  Guard guard;
  const size_t count = LongRun() ? 1000 : 40;
  std::printf("seed %llu\nOverlays held:\n", static_cast<unsigned long long>(StudySeed()));
  Share overlays, untold, visits, honest;
  for (const auto& [name, make] : OverlayKinds()) {
    const Share held = HeldOf(&world, &guard, "  " + name, count, make);
    Share& sum = name == "another of the same name and birthday" ? untold : overlays;
    sum.of += held.of, sum.all += held.all;
  }
  overlays.Print("all but the last kind");
  std::printf("Honest revisions held:\n");
  for (const auto& [name, make] : HonestKinds()) {
    const bool usual = name == "two visits";
    const Share held = HeldOf(&world, &guard, "  " + name, usual ? 5 * count : count, make);
    Share& sum = usual ? visits : honest;
    sum.of += held.of, sum.all += held.all;
  }
  honest.Print("all made by hand");
  // The bars, as far as so many tell: overlays held 99 %, honest revisions held 1 %.
  EXPECT_LE(visits.Interval().first, 0.01);
  EXPECT_LE(honest.Interval().first, 0.01);
  EXPECT_GE(overlays.Interval().second, 0.99);
}

// Twins in the same home, on the same card, at all sorts of facilities.
TEST(OverlayStudy, TwinsAreNotLinked) {
  World world(StudySeed() + 1);
  struct Twins {
    size_t kana_apart;
    bool branches;
  };
  std::vector<Twins> twins;
  std::vector<Record> records;
  std::vector<std::pair<size_t, int>> whose;  // twins, which of the two
  const size_t count = LongRun() ? 10'000 : 300;
  while (twins.size() < count) {
    const Family family = world.NextOf(1);
    const Person& first = family.persons[world.random().Below(family.persons.size())];
    if (first.foreign) continue;
    const bool female = first.female != world.random().Chance(0.3);
    const NameText given =
        world.random().Chance(0.5)
            ? world.names().DrawGivenLike(female, first.birth.year, first.given, &world.random())
            : world.names().DrawGiven(female, first.birth.year, &world.random());
    const Person second = TwinOf(first, female, given, &world.random());
    // Nobody gives two children names that are written or read alike.
    const size_t apart = KanaDistance(first.given.kana, second.given.kana);
    if (apart == 0 || first.given.kanji == second.given.kanji) continue;
    for (int which = 0; which < 2; ++which)
      for (int row = 0; row < 3; ++row) {
        const Person& person = which == 0 ? first : second;
        const int year = world.Year(person, kFirstYear);
        Record record = world.Write(&world.AnyFacility(), person, year, world.Year(person, year));
        record.key = {"facility" + std::to_string(row), std::to_string(records.size()), 0};
        records.push_back(std::move(record));
        whose.emplace_back(twins.size(), which);
      }
    twins.push_back({apart, !first.cards.empty() && !first.cards.back().value.branch.empty()});
  }
  const auto model = *FrozenModel::Make(TheModel(), FrozenOptions());
  LinkOptions options = model->BatchOptions();
  options.today = kRegistryToday;
  const auto run = Dedupe(records, options);
  ASSERT_TRUE(run.ok()) << run.status();
  // Pairs of records of two twins that are one person.
  std::map<uint32_t, std::vector<uint32_t>> members;
  for (uint32_t i = 0; i < records.size(); ++i) members[run->cluster[i]].push_back(i);
  std::set<size_t> linked;
  uint64_t strangers = 0, same = 0;
  for (const auto& [cluster, list] : members)
    for (size_t i = 0; i < list.size(); ++i)
      for (size_t j = i + 1; j < list.size(); ++j) {
        const auto &a = whose[list[i]], &b = whose[list[j]];
        if (a.first != b.first) ++strangers;
        else if (a.second != b.second) linked.insert(a.first);
        else ++same;
      }
  Share all, far, near;
  for (size_t t = 0; t < twins.size(); ++t) {
    all.Add(linked.contains(t));
    (twins[t].kana_apart > 1 ? far : near).Add(linked.contains(t));
  }
  all.Print("twins linked");
  far.Print("  given names more than a kana apart");
  near.Print("  given names a kana apart");
  // Of pairs of records: what both state.
  Share names_apart, branches_apart;
  std::map<std::pair<size_t, int>, std::vector<uint32_t>> of;
  for (uint32_t i = 0; i < records.size(); ++i) of[whose[i]].push_back(i);
  const auto branch = [&](uint32_t i) {
    return records[i].coverages.empty() ? std::string() : records[i].coverages[0].branch;
  };
  for (size_t t = 0; t < twins.size(); ++t)
    for (uint32_t a : of[{t, 0}])
      for (uint32_t b : of[{t, 1}]) {
        const bool together = run->cluster[a] == run->cluster[b];
        if (twins[t].kana_apart > 1) names_apart.Add(together);
        const std::string of_a = branch(a), of_b = branch(b);
        if (!of_a.empty() && !of_b.empty() && KanaDistance(of_a, of_b) > 1) branches_apart.Add(together);
      }
  names_apart.Print("pairs of records, given names apart, linked");
  branches_apart.Print("pairs of records, stated branches apart, linked");
  std::printf("%llu pairs of one twin's records linked, %llu of strangers\n", static_cast<unsigned long long>(same),
              static_cast<unsigned long long>(strangers));
  // The bar: none. (Of 68,571 twins of eight other seeds two are: kana that fit the other's kanji only, and
  // kanji of one usual reading.)
  EXPECT_EQ(far.of, 0u);
  EXPECT_EQ(names_apart.of, 0u);
  EXPECT_EQ(branches_apart.of, 0u);
}

}  // namespace
}  // namespace libmpi
