// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/kinds.h"

#include <array>

namespace libmpi::table {
namespace {

constexpr std::array<std::string_view, kKinds> kKindNames = {
    "name", "japanese_name", "text", "date", "number", "code", "category", "point", "list", "joint"};
constexpr std::array<std::string_view, 4> kStanceNames = {"own", "same", "differs", "chance"};

constexpr Level kNameLevels[] = {{"missing", 0}, {"equal", 1},   {"alike", 1},
                                 {"near", 1},    {"close", 1},   {"swapped", 1},
                                 {"different", 1}, {"initial_agrees", 2}, {"initial_differs", 2}};
constexpr Level kJapaneseLevels[] = {{"missing", 0}, {"equal", 1},  {"loose", 1},
                                     {"near", 1},    {"shared", 1}, {"different", 1}};
constexpr Level kTextLevels[] = {{"missing", 0}, {"equal", 1},   {"near", 1},
                                 {"close", 1},   {"overlap", 1}, {"different", 1}};
constexpr Level kDateLevels[] = {{"missing", 0}, {"equal", 1}, {"slip", 1}, {"close", 1}, {"year", 1},
                                 {"different", 1}, {"partial_agrees", 2}, {"partial_differs", 2}};
constexpr Level kNumberLevels[] = {{"missing", 0}, {"equal", 1}, {"near", 1}, {"different", 1}};
constexpr Level kCodeLevels[] = {{"missing", 0}, {"equal", 1}, {"slip", 1}, {"prefix", 1}, {"different", 1}};
constexpr Level kCategoryLevels[] = {{"missing", 0}, {"equal", 1}, {"differs", 1}};
constexpr Level kPointLevels[] = {{"missing", 0}, {"same", 1}, {"near", 1}, {"region", 1}, {"far", 1}};
constexpr Level kListLevels[] = {{"missing", 0}, {"shared", 1}, {"near", 1}, {"different", 1}};
constexpr Level kJointLevels[] = {{"missing", 0}, {"equal", 1}, {"most", 1},
                                  {"half", 1},    {"some", 1},  {"different", 1}};

constexpr int kMost = 9;
using Odds = std::array<double, kMost>;
// By stance: own, same, differs, chance.
using OddsOfKind = std::array<Odds, 4>;

constexpr std::array<OddsOfKind, kKinds> kOdds = {{
    // equal, alike, near, close, swapped, different | initial agrees, differs
    {{{1, 84, 3, 6, 2, 1, 4, 92, 8},
      {1, 92, 2, 3, 1, .5, 1.5, 96, 4},
      {1, .3, .3, 2, 4, .3, 93, 8, 92},
      {1, .5, .2, 1, 2, .05, 96, 8, 92}}},
    // equal, loose, near, shared, different
    {{{1, 88, 4, 4, 2, 2}, {1, 93, 3, 2, 1, 1}, {1, .3, .2, 4, 20, 75}, {1, .5, .2, 1, 6, 92}}},
    // equal, near, close, overlap, different
    {{{1, 72, 10, 4, 6, 8}, {1, 80, 9, 3, 4, 4}, {1, .5, 1, 2, 6, 90}, {1, .5, .5, 1, 6, 92}}},
    // equal, slip, close, year, different | partial agrees, differs
    {{{1, 88, 7, 2, 1, 2, 94, 6},
      {1, 97, 1, .5, .5, 1, 97, 3},
      {1, .01, .2, .6, 2, 97, 3, 97},
      {1, .01, .2, .6, 2, 97, 3, 97}}},
    // equal, near, different
    {{{1, 85, 7, 8}, {1, 92, 4, 4}, {1, .5, 2, 97}, {1, 1, 2, 97}}},
    // equal, slip, prefix, different
    {{{1, 80, 7, 4, 9}, {1, 88, 5, 3, 4}, {1, .01, .1, 4, 96}, {1, .1, .5, 5, 94}}},
    // equal, differs
    {{{1, 93, 7}, {1, 96, 4}, {1, 3, 97}, {1, 40, 60}}},
    // same, near, region, far
    {{{1, 75, 10, 5, 10}, {1, 85, 8, 3, 4}, {1, 1, 3, 10, 86}, {1, 1, 3, 10, 86}}},
    // shared, near, different
    {{{1, 80, 8, 12}, {1, 88, 6, 6}, {1, 1, 2, 97}, {1, 1, 2, 97}}},
    // equal, most, half, some, different
    {{{1, 60, 15, 6, 7, 12}, {1, 78, 12, 4, 3, 3}, {1, .1, .2, 1, 8, 91}, {1, .1, .2, 1, 8, 91}}},
}};

template <size_t N>
std::optional<int> IndexOf(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<int>(i);
  return std::nullopt;
}

}  // namespace

std::span<const Level> LevelsOf(Kind kind) {
  switch (kind) {
    case Kind::kName: return kNameLevels;
    case Kind::kJapaneseName: return kJapaneseLevels;
    case Kind::kText: return kTextLevels;
    case Kind::kDate: return kDateLevels;
    case Kind::kNumber: return kNumberLevels;
    case Kind::kCode: return kCodeLevels;
    case Kind::kCategory: return kCategoryLevels;
    case Kind::kPoint: return kPointLevels;
    case Kind::kList: return kListLevels;
    case Kind::kJoint: return kJointLevels;
  }
  return {};
}

std::optional<int> LevelByName(Kind kind, std::string_view name) {
  const auto levels = LevelsOf(kind);
  for (size_t l = 0; l < levels.size(); ++l)
    if (levels[l].name == name) return static_cast<int>(l);
  return std::nullopt;
}

std::string_view KindName(Kind kind) { return kKindNames[static_cast<int>(kind)]; }

std::optional<Kind> KindByName(std::string_view name) {
  const auto i = IndexOf(kKindNames, name);
  return i ? std::optional(static_cast<Kind>(*i)) : std::nullopt;
}

std::string_view StanceName(Stance stance) { return kStanceNames[static_cast<int>(stance)]; }

std::optional<Stance> StanceByName(std::string_view name) {
  const auto i = IndexOf(kStanceNames, name);
  return i ? std::optional(static_cast<Stance>(*i)) : std::nullopt;
}

std::span<const double> StartingOdds(Kind kind, Stance stance) {
  return std::span(kOdds[static_cast<int>(kind)][static_cast<int>(stance)]).first(LevelsOf(kind).size());
}

}  // namespace libmpi::table
