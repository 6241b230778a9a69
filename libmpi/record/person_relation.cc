// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/person_relation.h"

#include <algorithm>
#include <span>
#include <vector>

#include "libmpi/record/date_slip.h"
#include "libmpi/record/name_relation.h"

namespace libmpi {
namespace {

bool IsOther(PartRelation r) { return r == PartRelation::kOther || r == PartRelation::kOtherReading; }
bool Differs(PartRelation r) { return r == PartRelation::kDoubtful || IsOther(r); }

enum class Births { kUnknown, kOne, kTwo };

Births RelateBirths(std::span<const CivilDate> a, std::span<const CivilDate> b) {
  Births births = Births::kUnknown;
  for (const CivilDate& x : a)
    for (const CivilDate& y : b) {
      if (!x.IsFull() || !y.IsFull()) continue;
      if (RelateDates(x, y) != DateRelation::kDifferent) return Births::kOne;
      births = Births::kTwo;
    }
  return births;
}

// What tells two statements apart, or together.
struct Comparison {
  NameRelation names;
  Births births = Births::kUnknown;
  bool sexes_known = false, sexes_differ = false;
};

Comparison Compare(const Features& a, const Features& b, const ReadingModel& readings) {
  Comparison out;
  out.names = RelateNames(a.names, b.names, readings);
  out.births = RelateBirths(a.births, b.births);
  out.sexes_known = a.sexes.size() == 1 && b.sexes.size() == 1;
  out.sexes_differ = out.sexes_known && a.sexes != b.sexes;
  return out;
}

bool Contradict(const Comparison& c) {
  const PartRelation given = c.names.given, family = c.names.family;
  if (c.sexes_differ && Differs(given)) return true;
  if (c.births == Births::kOne) return given == PartRelation::kOther && c.names.complete;
  if (c.births == Births::kUnknown) return false;
  if (Differs(given)) return true;
  return IsOther(family);  // a given name in common is a common given name
}

int Agreement(const Comparison& c) {
  const bool given = c.names.given <= PartRelation::kTypo, family = c.names.family <= PartRelation::kTypo;
  return 4 * given + 4 * (c.births == Births::kOne) + 2 * family + (c.sexes_known && !c.sexes_differ);
}

bool SeveralBirths(std::span<const CivilDate> births) {
  for (size_t i = 0; i < births.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (RelateBirths(births.subspan(i, 1), births.subspan(j, 1)) == Births::kTwo) return true;
  return false;
}

bool IsOneName(const NameFeatures& a, const NameFeatures& b, const ReadingModel& readings) {
  const NameRelation names = RelateNames({&a, 1}, {&b, 1}, readings);
  return names.family == PartRelation::kSame && names.given == PartRelation::kSame;
}

// The names that stand for the person, without those that another statement calls an alias.
std::vector<const NameFeatures*> OwnNames(const Features& features, const ReadingModel& readings) {
  std::vector<const NameFeatures*> own;
  for (const NameFeatures& name : features.names) {
    const auto explains = [&](const NameFeatures& other) {
      return other.former && IsOneName(name, other, readings);
    };
    if (name.former || std::any_of(features.names.begin(), features.names.end(), explains)) continue;
    own.push_back(&name);
  }
  return own;
}

}  // namespace

PersonRelation RelatePersons(const Features& a, const Features& b, const ReadingModel& readings) {
  const Comparison comparison = Compare(a, b, readings);
  return {Contradict(comparison), Agreement(comparison)};
}

bool MayBeSeveralPersons(const Features& features, const ReadingModel& readings) {
  if (SeveralBirths(features.births)) return true;
  if (features.names.size() < 2) return false;
  const std::vector<const NameFeatures*> names = OwnNames(features, readings);
  const bool two_sexes = features.sexes.size() > 1;
  for (size_t i = 0; i < names.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const PartRelation given = RelateNames({names[i], 1}, {names[j], 1}, readings).given;
      if (Differs(given) || (two_sexes && given == PartRelation::kTypo)) return true;
    }
  return false;
}

}  // namespace libmpi
