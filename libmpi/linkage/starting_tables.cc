// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/starting_tables.h"

#include <algorithm>

namespace libmpi {
namespace {

using Table = std::vector<double>;

// Relative odds by level; a group is normalised later, level 0 is missing.
// Names: both scripts (8), kana (4), kanji (4), readings (3), romaji (3).
const Table kSameName = {1, 90, 4, .6, 3, 1, .8, .4, .3,  //
                         92, 4, 3, .8,                    //
                         95, 1.5, 1.5, 2,                 //
                         92, 6, 2,                        //
                         90, 6, 4};
// A person's own given name: what differs altogether is a sibling's.
const Table kOwnGivenName = {1, 90, 4, .6, 3, .5, .5, .1, .03,  //
                             92, 4, 3, .3,                      //
                             95, 1.5, .2, .2,                   //
                             92, 6, 1,                          //
                             90, 6, 4};
const Table kOtherName = {1, .3, .05, .05, .1, .4, 1.5, 6, 92,  //
                          1, .5, 4, 95,                         //
                          .5, .1, 6, 93,                        //
                          2, 6, 92,                             //
                          1, 2, 97};
// Given names of siblings: never the same, often alike.
const Table kSiblingName = {1, .1, .1, .3, .1, .2, 4, 25, 70,  //
                            .3, .3, 7, 92,                     //
                            .1, .1, 25, 75,                    //
                            .5, 4, 95,                         //
                            .3, 4, 96};
const Table kSameBirth = {1, 96, 2.5, .5, 1, 97, 3};
const Table kTwinBirth = {1, 98, 1, .3, .7, 97, 3};
const Table kOtherBirth = {1, .004, .14, .4, 99.4, 2, 98};
const Table kSameSex = {1, 99, 1};
const Table kAnySex = {1, 50, 50};
const Table kTwinSex = {1, 65, 35};
const Table kNamesakeSex = {1, 93, 7};
const Table kOwnCard = {1, 68, 1.5, 3, 4, 23, 70, 3, 4, 23, 88, 3, 2, 7};
const Table kFamilyCard = {1, .5, 70, 2, 12, 15, 72, 2, 10, 16, .5, 2, 60, 37};
const Table kOtherCard = {1, .005, .005, .02, 15, 85, .01, .02, 15, 85, .001, .01, 30, 70};
const Table kMovedCard = {1, 2, .1, .2, 12, 86, 2, .2, 12, 86, 20, 1, 35, 44};
const Table kRenamedCard = {1, 20, .3, .5, 10, 69, 25, .5, 10, 64, 85, 2, 5, 8};
const Table kOwnCare = {1, 95, 3, 2};
const Table kMovedCare = {1, 30, 1, 69};
const Table kOtherCare = {1, .1, .2, 99.7};
const Table kOwnAddress = {1, 66, 12, 4, 8, 10, 85, 15};
const Table kMovedAddress = {1, 1, 1, 4, 24, 70, 10, 90};
const Table kRenamedAddress = {1, 25, 4, 3, 18, 50, 40, 60};
const Table kFamilyAddress = {1, 80, 10, 3, 4, 3, 93, 7};
const Table kOtherAddress = {1, .01, .01, .1, 10, 90, 15, 85};
const Table kOwnPhone = {1, 70, 4, 26, 75, 4, 21};
const Table kMovedPhone = {1, 4, 1, 95, 80, 4, 16};
const Table kRenamedPhone = {1, 30, 2, 68, 75, 4, 21};
const Table kFamilyPhone = {1, 80, 3, 17, 25, 2, 73};
const Table kOtherPhone = {1, .003, .003, 99.99, .001, .003, 99.99};

// Scales a table so that each comparability group sums to one.
Table Normalized(int comparison, Table table) {
  const auto levels = Levels(comparison);
  std::vector<double> sum(GroupCount(comparison), 0);
  for (size_t l = 0; l < levels.size(); ++l) sum[levels[l].group] += table[l];
  for (size_t l = 0; l < levels.size(); ++l) table[l] /= sum[levels[l].group];
  return table;
}

PairClass MakeClass(std::string name, double share, std::vector<Table> tables) {
  PairClass c;
  c.name = std::move(name);
  c.share = share;
  for (int k = 0; k < kComparisons; ++k)
    c.probability.push_back(Normalized(k, std::move(tables[k])));
  return c;
}

}  // namespace

int GroupCount(int comparison) {
  int groups = 0;
  for (const LevelInfo& level : Levels(comparison)) groups = std::max(groups, level.group + 1);
  return groups;
}

std::vector<PairClass> StartingClasses() {
  std::vector<PairClass> classes;
  classes.push_back(MakeClass("match", .23,
                              {kSameName, kOwnGivenName, kSameBirth, kSameSex, kOwnCard, kOwnCare,
                               kOwnAddress, kOwnPhone}));
  classes.back().is_match = true;
  classes.push_back(MakeClass("unrelated", .25,
                              {kOtherName, kOtherName, kOtherBirth, kAnySex, kOtherCard,
                               kOtherCare, kOtherAddress, kOtherPhone}));
  classes.back().family_by_chance = classes.back().given_by_chance = true;
  classes.push_back(MakeClass("household", .15,
                              {kSameName, kSiblingName, kOtherBirth, kAnySex, kFamilyCard,
                               kOtherCare, kFamilyAddress, kFamilyPhone}));
  classes.back().given_by_chance = true;
  classes.push_back(MakeClass("same_name", .1,
                              {kSameName, kSameName, kOtherBirth, kNamesakeSex, kOtherCard,
                               kOtherCare, kOtherAddress, kOtherPhone}));
  classes.back().family_by_chance = classes.back().given_by_chance = true;
  // A given name tells sex and age: among all pairs those that share one are no random pairs, and
  // without a class of their own they would take the place of the namesakes.
  classes.push_back(MakeClass("same_given_name", .05,
                              {kOtherName, kSameName, kOtherBirth, kNamesakeSex, kOtherCard,
                               kOtherCare, kOtherAddress, kOtherPhone}));
  classes.back().family_by_chance = classes.back().given_by_chance = true;
  classes.push_back(MakeClass("same_birthday", .13,
                              {kOtherName, kOtherName, kTwinBirth, kAnySex, kOtherCard,
                               kOtherCare, kOtherAddress, kOtherPhone}));
  classes.back().family_by_chance = classes.back().given_by_chance = true;
  // Whom blocking by family name and birth date brings together: without a class of their own
  // they would take the place of the twins, who are few.
  classes.push_back(MakeClass("same_family_and_birthday", .05,
                              {kSameName, kOtherName, kTwinBirth, kAnySex, kOtherCard,
                               kOtherCare, kOtherAddress, kOtherPhone}));
  classes.back().family_by_chance = classes.back().given_by_chance = true;
  classes.push_back(MakeClass("twins", .02,
                              {kSameName, kSiblingName, kTwinBirth, kTwinSex, kFamilyCard,
                               kOtherCare, kFamilyAddress, kFamilyPhone}));
  classes.back().given_by_chance = true;
  // Who moves changes insurer and land line as well: of one class of matches, whose fields are
  // independent, each of these would count against the pair by itself.
  classes.push_back(MakeClass("match_moved", .015,
                              {kSameName, kOwnGivenName, kSameBirth, kSameSex, kMovedCard, kMovedCare,
                               kMovedAddress, kMovedPhone}));
  classes.back().is_match = true;
  // Who marries or divorces takes another family name, and often another home and insurer.
  classes.push_back(MakeClass("match_renamed", .005,
                              {kOtherName, kOwnGivenName, kSameBirth, kSameSex, kRenamedCard, kOwnCare,
                               kRenamedAddress, kRenamedPhone}));
  classes.back().is_match = true;
  return classes;
}

std::vector<bool> AlwaysBlocked(std::span<const PairClass> classes) {
  std::vector<bool> always;
  for (const PairClass& c : classes)
    always.push_back(c.is_match || c.name == "household" || c.name == "twins" ||
                     c.name == "same_family_and_birthday");
  return always;
}

}  // namespace libmpi
