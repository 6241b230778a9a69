// SPDX-License-Identifier: Apache-2.0
// Two persons under one number in one source.
#include <algorithm>
#include <numeric>

#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

bool OneDigitApart(const CivilDate& a, const CivilDate& b) {
  const int fields = (a.year == b.year) + (a.month == b.month) + (a.day == b.day);
  return fields >= 2;
}

bool ShareAPart(const std::vector<NameForm>& a, const std::vector<NameForm>& b) {
  for (const NameForm& x : a)
    for (const NameForm& y : b)
      if (x.family == y.family || x.given == y.given || x.family == y.given ||
          x.given == y.family || x.family + x.given == y.family + y.given)
        return true;
  return false;
}

// Whether two rows cannot be one person: full births apart by more than a slip, and no part of the
// names in common in a script that both have; where the sexes differ, the
// family name alone is no bond.
bool Contradict(const Features& a, const Features& b) {
  for (const CivilDate& x : a.births)
    for (const CivilDate& y : b.births)
      if (!x.IsFull() || !y.IsFull() || OneDigitApart(x, y)) return false;
  if (a.births.empty() || b.births.empty()) return false;
  bool comparable = false, shared = false, given_differs = false;
  for (const NameFeatures& x : a.names)
    for (const NameFeatures& y : b.names)
      for (const auto& [fx, fy] : {std::pair{&x.kanji, &y.kanji}, {&x.kana, &y.kana}, {&x.latin, &y.latin}}) {
        if (fx->empty() || fy->empty()) continue;
        comparable = true;
        shared = shared || ShareAPart(*fx, *fy);
        given_differs = given_differs || fx->front().given != fy->front().given;
      }
  if (!comparable) return false;
  const bool sexes_differ = a.sexes.size() == 1 && b.sexes.size() == 1 && a.sexes != b.sexes;
  return !shared || (sexes_differ && given_differs);
}

bool SayTheSame(const Record& a, const Record& b) {
  return a.names == b.names && a.births == b.births;
}

}  // namespace

std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows) {
  std::vector<size_t> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  const bool agree = std::all_of(rows.begin(), rows.end(),
                                 [&](const Record& r) { return SayTheSame(r, rows[0]); });
  if (agree) return {all};
  static const Standardizer* const standardizer = new Standardizer();
  std::vector<Features> features;
  for (const Record& row : rows) features.push_back(standardizer->Standardize(row));
  // Full rows found the groups, in the order of their content; sparse ones join.
  std::stable_sort(all.begin(), all.end(), [&](size_t x, size_t y) {
    const auto rank = [&](size_t i) { return features[i].births.empty() || features[i].names.empty(); };
    if (rank(x) != rank(y)) return rank(x) < rank(y);
    if (rows[x].births != rows[y].births) return rows[x].births < rows[y].births;
    return rows[x].names < rows[y].names;
  });
  std::vector<std::vector<size_t>> groups;
  for (size_t i : all) {
    auto fits = [&](const std::vector<size_t>& group) {
      return std::none_of(group.begin(), group.end(),
                          [&](size_t j) { return Contradict(features[i], features[j]); });
    };
    const auto group = std::find_if(groups.begin(), groups.end(), fits);
    if (group == groups.end()) groups.push_back({i});
    else group->push_back(i);
  }
  return groups;
}

}  // namespace libmpi
