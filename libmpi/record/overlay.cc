// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/overlay.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "libmpi/record/person_relation.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

bool SayTheSame(const Record& a, const Record& b) {
  return a.names == b.names && a.births == b.births && a.sexes == b.sexes;
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

bool SaysGiven(const NameFeatures& name) {
  for (const auto* forms : {&name.kanji, &name.kana, &name.latin})
    if (!forms->empty() && !forms->front().given.empty()) return true;
  return false;
}

// With a given name and a full birth date a statement stands for a person by itself.
bool IsWhole(const Statement& s) {
  const std::vector<CivilDate>& births = s.features.births;
  const std::vector<NameFeatures>& names = s.features.names;
  return std::any_of(names.begin(), names.end(), SaysGiven) &&
         std::any_of(births.begin(), births.end(), [](const CivilDate& d) { return d.IsFull(); });
}

const ReadingModel& ShippedReadings() {
  static const ReadingModel* const readings = new ReadingModel();
  return *readings;
}

std::vector<Statement> DistinctStatements(std::span<const Record> rows, std::vector<size_t> order) {
  static const Standardizer* const standardizer = new Standardizer({}, nullptr, &ShippedReadings());
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

// The persons that statements can be, whole statements placed before the rest.
class Persons {
 public:
  void Place(const Statement& statement) {
    Group* best = nullptr;
    int best_agreement = -1;
    for (Group& group : groups_) {
      const int agreement = AgreementWith(group, statement);
      if (agreement < 0 || agreement < best_agreement) continue;
      if (agreement == best_agreement && group.rows.size() <= best->rows.size()) continue;
      best = &group;
      best_agreement = agreement;
    }
    if (best == nullptr) best = &groups_.emplace_back();
    best->statements.push_back(&statement);
    best->rows.insert(best->rows.end(), statement.rows.begin(), statement.rows.end());
  }

  std::vector<std::vector<size_t>> Rows() && {
    std::vector<std::vector<size_t>> out;
    for (Group& group : groups_) {
      std::sort(group.rows.begin(), group.rows.end());
      out.push_back(std::move(group.rows));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return out;
  }

 private:
  struct Group {
    std::vector<const Statement*> statements;
    std::vector<size_t> rows;
  };

  // With the statement that agrees most; -1: one of them contradicts.
  static int AgreementWith(const Group& group, const Statement& statement) {
    int most = 0;
    for (const Statement* other : group.statements) {
      const PersonRelation relation = RelatePersons(statement.features, other->features, ShippedReadings());
      if (relation.contradicts) return -1;
      most = std::max(most, relation.agreement);
    }
    return most;
  }

  std::vector<Group> groups_;
};

}  // namespace

std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows) {
  if (rows.empty()) return {};
  std::vector<size_t> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  const bool agree = std::all_of(rows.begin() + 1, rows.end(),
                                 [&](const Record& r) { return SayTheSame(r, rows[0]); });
  if (agree) return {all};
  const std::vector<Statement> statements = DistinctStatements(rows, std::move(all));
  Persons persons;
  for (const bool whole : {true, false})
    for (const Statement& statement : statements)
      if (IsWhole(statement) == whole) persons.Place(statement);
  return std::move(persons).Rows();
}

}  // namespace libmpi
