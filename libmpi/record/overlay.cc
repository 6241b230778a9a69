// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/overlay.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "libmpi/record/folded_text.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/near_kanji.h"

namespace libmpi {
namespace {

// One digit wrong, or two neighbours exchanged.
bool DigitSlip(int a, int b) {
  int differ = 0, first = -1, last = -1;
  std::array<int, 8> x, y;
  for (int i = 0; i < 8; ++i, a /= 10, b /= 10) {
    x[i] = a % 10;
    y[i] = b % 10;
    if (x[i] == y[i]) continue;
    ++differ;
    if (first < 0) first = i;
    last = i;
  }
  if (differ < 2) return true;
  return differ == 2 && last == first + 1 && x[first] == y[last] && x[last] == y[first];
}

// What facilities do to one birth date: one part wrong (an era taken for another as well), digits
// slipped, month and day exchanged.
bool OneSlipApart(const CivilDate& a, const CivilDate& b) {
  const int equal = (a.year == b.year) + (a.month == b.month) + (a.day == b.day);
  if (equal >= 2) return true;
  if (a.year == b.year && a.month == b.day && a.day == b.month) return true;
  return DigitSlip(a.year * 10000 + a.month * 100 + a.day, b.year * 10000 + b.month * 100 + b.day);
}

// Equal, or near enough to be one name misspelt.
bool IsNear(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  std::u32string x, y;
  for (size_t pos = 0; pos < a.size();) x.push_back(NextCodePoint(a, &pos));
  for (size_t pos = 0; pos < b.size();) y.push_back(NextCodePoint(b, &pos));
  if (x.size() > y.size()) std::swap(x, y);
  if (y.size() - x.size() > 1) return false;
  const auto alike = [](char32_t c, char32_t d) {
    return c == d || c == kUnknownGlyphChar || d == kUnknownGlyphChar || AreNearKanji(c, d);
  };
  size_t front = 0, back = 0;
  while (front < x.size() && alike(x[front], y[front])) ++front;
  while (back < x.size() - front && alike(x[x.size() - 1 - back], y[y.size() - 1 - back])) ++back;
  const size_t wrong = y.size() - front - back;
  return wrong == 0 || (wrong == 1 && y.size() >= 3) || LooseKana(a) == LooseKana(b);
}

struct NameVerdict {
  bool comparable = false;     // a script that both have
  bool share_part = false;     // a part, or the whole, equal or near
  bool share_given = false;
};

void CompareForms(const std::vector<NameForm>& a, const std::vector<NameForm>& b, NameVerdict* out) {
  for (const NameForm& x : a)
    for (const NameForm& y : b) {
      out->comparable = true;
      const bool given = IsNear(x.given, y.given) || x.given.empty() || y.given.empty();
      out->share_given = out->share_given || given;
      out->share_part = out->share_part || (given && !x.given.empty() && !y.given.empty()) ||
                        IsNear(x.family, y.family) || IsNear(x.family, y.given) ||
                        IsNear(x.given, y.family) ||
                        IsNear(x.family + x.given, y.family + y.given);
    }
}

// Whether two rows cannot be one person: full births more than a slip apart, and either no part
// of the names in common, or other given names and another sex. What can't be compared is
// no contradiction.
bool Contradict(const Features& a, const Features& b) {
  if (a.births.empty() || b.births.empty()) return false;
  for (const CivilDate& x : a.births)
    for (const CivilDate& y : b.births)
      if (!x.IsFull() || !y.IsFull() || OneSlipApart(x, y)) return false;
  NameVerdict names;
  for (const NameFeatures& x : a.names)
    for (const NameFeatures& y : b.names) {
      CompareForms(x.kanji, y.kanji, &names);
      CompareForms(x.kana, y.kana, &names);
      CompareForms(x.latin, y.latin, &names);
    }
  if (!names.comparable) return false;
  const bool sexes_differ = a.sexes.size() == 1 && b.sexes.size() == 1 && a.sexes != b.sexes;
  return !names.share_part || (sexes_differ && !names.share_given);
}

bool SayTheSame(const Record& a, const Record& b) {
  return a.names == b.names && a.births == b.births && a.sexes == b.sexes;
}

bool IsSparse(const Features& f) {
  return f.names.empty() || std::none_of(f.births.begin(), f.births.end(),
                                         [](const CivilDate& d) { return d.IsFull(); });
}

// By what a row says, its key aside.
bool LessContent(const Record& a, const Record& b) {
  const auto content = [](const Record& r) {
    return std::tie(r.births, r.names, r.sexes, r.former_names, r.coverages, r.care, r.addresses,
                    r.phones);
  };
  return content(a) < content(b);
}

// One of the different statements among the rows, and the rows that make it.
struct Statement {
  Features features;
  std::vector<size_t> rows;
};

std::vector<Statement> DistinctStatements(std::span<const Record> rows, std::vector<size_t> order) {
  static const Standardizer* const standardizer = new Standardizer();
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t x, size_t y) { return LessContent(rows[x], rows[y]); });
  std::vector<Statement> out;
  for (size_t row : order) {
    if (out.empty() || !SayTheSame(rows[row], rows[out.back().rows[0]])) {
      Record told;  // only what persons are told apart by
      told.names = rows[row].names;
      told.births = rows[row].births;
      told.sexes = rows[row].sexes;
      out.push_back({standardizer->Standardize(told), {}});
    }
    out.back().rows.push_back(row);
  }
  return out;
}

}  // namespace

std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows) {
  if (rows.empty()) return {};
  std::vector<size_t> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  const bool agree = std::all_of(rows.begin() + 1, rows.end(),
                                 [&](const Record& r) { return SayTheSame(r, rows[0]); });
  if (agree) return {all};
  const std::vector<Statement> statements = DistinctStatements(rows, std::move(all));
  std::vector<std::vector<size_t>> groups;    // of statements, in the order of their content
  std::vector<std::vector<size_t>> members;   // of rows
  for (size_t s = 0; s < statements.size(); ++s) {
    if (IsSparse(statements[s].features)) continue;
    const auto fits = [&](const std::vector<size_t>& group) {
      return std::none_of(group.begin(), group.end(), [&](size_t t) {
        return Contradict(statements[s].features, statements[t].features);
      });
    };
    const size_t g = std::find_if(groups.begin(), groups.end(), fits) - groups.begin();
    if (g == groups.size()) {
      groups.emplace_back();
      members.emplace_back();
    }
    groups[g].push_back(s);
    members[g].insert(members[g].end(), statements[s].rows.begin(), statements[s].rows.end());
  }
  if (members.empty()) members.emplace_back();
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const Statement& statement : statements)
    if (IsSparse(statement.features))
      members[0].insert(members[0].end(), statement.rows.begin(), statement.rows.end());
  for (std::vector<size_t>& group : members) std::sort(group.begin(), group.end());
  return members;
}

}  // namespace libmpi
