// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/schema_suggest.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libmpi/table/column_roles.h"

namespace libmpi::table {
namespace {

bool IsName(Role role) {
  return role == Role::kGivenName || role == Role::kFamilyName || role == Role::kMiddleName || role == Role::kFullName;
}
bool IsAddress(Role role) {
  return role == Role::kHouseNumber || role == Role::kUnit || role == Role::kStreet || role == Role::kTown ||
         role == Role::kPostcode || role == Role::kRegion;
}

std::string Percent(double share) { return std::to_string(static_cast<int>(std::lround(100 * share))) + " %"; }

constexpr size_t kMostSuggested = 20;  // comparisons; the rest of kMostComparisons is for gaps

class Suggester {
 public:
  Suggester(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows)
      : header_(header), rows_(rows) {
    for (size_t c = 0; c < header.size(); ++c) {
      roles_.push_back(RoleOfName(header[c]));
      profiles_.push_back(ProfileColumn(rows, c));
    }
  }

  absl::StatusOr<Suggestion> Suggest() {
    TakeRecordId();
    LeaveOutColumns();
    AddBirthParts();
    for (size_t c = 0; c < header_.size(); ++c)
      if (!used_[c]) AddField(c);
    if (out_.schema.fields.empty())
      return absl::InvalidArgumentError("no column is left to compare records by");
    AddComparisons();
    AddClasses();
    if (absl::Status status = out_.schema.Validate(); !status.ok()) return status;
    return std::move(out_);
  }

 private:
  struct Made {
    Role role;
    size_t field;
  };

  void Say(size_t column, const std::string& what) { out_.reasons.push_back(header_[column] + ": " + what); }

  bool IsUnique(size_t c) const {
    return rows_.size() > 1 && profiles_[c].filled == 1 && profiles_[c].distinct == static_cast<double>(rows_.size());
  }

  void TakeRecordId() {
    used_.assign(header_.size(), false);
    for (size_t c = 0; c < header_.size(); ++c) {
      if (roles_[c] != Role::kRecordId || !out_.schema.record_id.empty()) continue;
      if (!IsUnique(c)) continue;
      out_.schema.record_id = header_[c];
      used_[c] = true;
      Say(c, "names the record (every row has its own)");
    }
  }

  void LeaveOutColumns() {
    for (size_t c = 0; c < header_.size(); ++c) {
      if (used_[c]) continue;
      const ColumnProfile& p = profiles_[c];
      std::string why;
      if (roles_[c] == Role::kAnswer) why = "looks like an answer or a label, not like what a record says";
      else if (roles_[c] == Role::kRecordId) why = "an id of the row";
      else if (roles_[c] == Role::kSource) why = "says where the row comes from";
      else if (p.filled == 0) why = "is empty";
      else if (p.most_common > 0.98) why = "says nearly always the same (" + Percent(p.most_common) + " of its rows)";
      else if (p.filled < 0.001) why = "is empty but for " + Percent(p.filled);
      else if (IsComposite(c)) why = "holds what other columns hold";
      if (why.empty()) continue;
      used_[c] = true;
      Say(c, "left out: " + why);
    }
  }

  // Whether a full name's cells contain those of the given and family name columns.
  bool IsComposite(size_t c) const {
    if (roles_[c] != Role::kFullName) return false;
    std::vector<size_t> parts;
    for (size_t other = 0; other < header_.size(); ++other)
      if (roles_[other] == Role::kGivenName || roles_[other] == Role::kFamilyName) parts.push_back(other);
    if (parts.size() < 2) return false;
    double whole = 0, told = 0;
    for (const auto& row : rows_) {
      if (row[c].empty()) continue;
      bool all = true, any = false;
      for (size_t part : parts) {
        if (row[part].empty()) continue;
        any = true;
        all = all && row[c].find(row[part]) != std::string::npos;
      }
      told += any;
      whole += any && all;
    }
    return told > 0 && whole >= 0.6 * told;
  }

  // A whole date says what its parts say.
  bool HasWholeBirthDate() const {
    for (size_t c = 0; c < header_.size(); ++c)
      if (!used_[c] && roles_[c] == Role::kBirthDate && profiles_[c].dates >= 0.8) return true;
    return false;
  }

  void AddBirthParts() {
    const bool whole = HasWholeBirthDate();
    size_t part[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t c = 0; c < header_.size(); ++c) {
      if (used_[c] || profiles_[c].numbers < 0.9) continue;
      for (int i = 0; i < 3; ++i)
        if (roles_[c] == static_cast<Role>(static_cast<int>(Role::kBirthYear) + i)) part[i] = c;
    }
    if (std::find(part, part + 3, SIZE_MAX) != part + 3) return;
    if (whole) {
      for (size_t c : part) {
        used_[c] = true;
        Say(c, "left out: a column holds the whole birth date");
      }
      return;
    }
    Field field{"birth_date", Kind::kDate, {}};
    for (size_t c : part) {
      field.columns.push_back(header_[c]);
      used_[c] = true;
      Say(c, "a part of the birth date");
    }
    Keep(Role::kBirthDate, std::move(field));
  }

  void Keep(Role role, Field field) {
    made_.push_back({role, out_.schema.fields.size()});
    out_.schema.fields.push_back(std::move(field));
  }

  Kind KindOf(size_t c, std::string* why) const {
    const ColumnProfile& p = profiles_[c];
    const Role role = roles_[c];
    const auto because = [&](Kind kind, const std::string& reason) {
      *why = reason;
      return kind;
    };
    if (p.dates >= 0.8 && role != Role::kIdentifier && role != Role::kPhone)
      return because(Kind::kDate, Percent(p.dates) + " of its cells are dates");
    if (IsName(role))
      return p.japanese > 0.5 ? because(Kind::kJapaneseName, "a name in Japanese script")
                              : because(Kind::kName, "by its name");
    if (role == Role::kSex) return because(Kind::kCategory, "by its name");
    if (role == Role::kPhone || role == Role::kEmail || role == Role::kIdentifier || role == Role::kPostcode ||
        role == Role::kHouseNumber || role == Role::kUnit)
      return because(Kind::kCode, "by its name");
    if (p.points >= 0.8) return because(Kind::kPoint, Percent(p.points) + " of its cells are two coordinates");
    if (p.lists >= 0.3) return because(Kind::kList, Percent(p.lists) + " of its cells hold several values");
    const double distinct_share = p.distinct / std::max(1.0, p.filled * static_cast<double>(rows_.size()));
    if (role == Role::kRegion || (p.distinct <= 20 && distinct_share < 0.05))
      return because(Kind::kCategory, std::to_string(static_cast<int>(p.distinct)) + " different values");
    if (p.numbers >= 0.9 && p.mean_length <= 4) return because(Kind::kNumber, "short numbers");
    if (p.digits >= 0.8) return because(Kind::kCode, "mostly digits");
    return because(Kind::kText, IsAddress(role) || role == Role::kPlace ? "by its name" : "words");
  }

  void AddField(size_t c) {
    std::string why;
    Field field{header_[c], KindOf(c, &why), {header_[c]}};
    const ColumnProfile& p = profiles_[c];
    if (field.kind == Kind::kDate && p.day_first > p.month_first) field.date_order = DateOrder::kDmy;
    if (field.kind == Kind::kDate && p.month_first > p.day_first) field.date_order = DateOrder::kMdy;
    if (p.na > 0.02)
      for (const char* nothing :
           {"NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "unknown", "Unknown", "UNKNOWN"})
        field.missing.push_back(nothing);
    if (field.kind == Kind::kPoint) field.tolerance = 0.1;
    if (field.kind == Kind::kNumber) field.tolerance = 1;
    Say(c, std::string(KindName(field.kind)) + " (" + why + "; " + Percent(p.filled) + " filled)");
    used_[c] = true;
    Role role = roles_[c];
    if (field.kind == Kind::kDate && role == Role::kOther) role = Role::kBirthDate;
    Keep(role, std::move(field));
  }

  std::vector<size_t> FieldsOf(Role role) const {
    std::vector<size_t> fields;
    for (const Made& made : made_)
      if (made.role == role) fields.push_back(made.field);
    return fields;
  }

  void AddComparisons() {
    std::vector<size_t> address;
    for (const Made& made : made_)
      if (IsAddress(made.role)) address.push_back(made.field);
    Schema& schema = out_.schema;
    for (const Made& made : made_) {
      if (IsAddress(made.role) && address.size() > 1) continue;
      ComparisonSpec comparison;
      comparison.name = schema.fields[made.field].name;
      comparison.fields = {made.field};
      role_of_comparison_.push_back(made.role);
      schema.comparisons.push_back(std::move(comparison));
    }
    if (address.size() > 1) {
      schema.comparisons.push_back({"address", address, false});
      role_of_comparison_.push_back(Role::kStreet);
      out_.reasons.push_back("address: " + std::to_string(address.size()) +
                             " columns compared jointly: a household shares them all");
    }
    KeepTheMostTelling();
    SwapNames();
  }

  // How much a comparison's first field can tell: of how many records, and how many values.
  double Telling(const ComparisonSpec& comparison) const {
    const std::string& column = out_.schema.fields[comparison.fields[0]].columns[0];
    const ColumnProfile& p =
        profiles_[static_cast<size_t>(std::find(header_.begin(), header_.end(), column) - header_.begin())];
    return p.filled * std::log2(1 + p.distinct);
  }

  // A pattern has room for so many comparisons.
  void KeepTheMostTelling() {
    std::vector<ComparisonSpec>& all = out_.schema.comparisons;
    while (all.size() > kMostSuggested) {
      size_t least = 0;
      for (size_t k = 1; k < all.size(); ++k)
        if (all[k].fields.size() == 1 && (all[least].fields.size() > 1 || Telling(all[k]) < Telling(all[least])))
          least = k;
      out_.reasons.push_back(all[least].name + ": not compared: others tell more, and there is room for " +
                             std::to_string(kMostSuggested));
      all.erase(all.begin() + static_cast<long>(least));
      role_of_comparison_.erase(role_of_comparison_.begin() + static_cast<long>(least));
    }
  }

  void SwapNames() {
    const auto first = ComparisonOf(Role::kGivenName), last = ComparisonOf(Role::kFamilyName);
    if (!first || !last || out_.schema.KindOf(*first) != Kind::kName || out_.schema.KindOf(*last) != Kind::kName) return;
    out_.schema.comparisons[*first].swapped_with = *last;
    out_.reasons.push_back(out_.schema.comparisons[*first].name + " and " + out_.schema.comparisons[*last].name +
                           ": may stand in each other's place");
  }

  std::optional<size_t> ComparisonOf(Role role) const {
    for (size_t k = 0; k < role_of_comparison_.size(); ++k)
      if (role_of_comparison_[k] == role) return k;
    return std::nullopt;
  }

  const std::string& NameOf(size_t k) const { return out_.schema.comparisons[k].name; }

  void AddClass(std::string name, double share, std::map<std::string, Stance> stances, const std::string& why,
                Stance otherwise = Stance::kChance) {
    out_.schema.classes.push_back({name, otherwise == Stance::kOwn, share, otherwise, std::move(stances), {}});
    out_.reasons.push_back("class " + name + ": " + why);
  }

  void AddClasses() {
    AddClass("match", 0.25, {}, "two records of one", Stance::kOwn);
    AddClass("unrelated", 0.3, {}, "two records that agree by chance alone");
    const auto given = ComparisonOf(Role::kGivenName), family = ComparisonOf(Role::kFamilyName),
               birth = ComparisonOf(Role::kBirthDate);
    std::map<std::string, Stance> household;
    for (size_t k = 0; k < role_of_comparison_.size(); ++k) {
      const Role role = role_of_comparison_[k];
      if (role == Role::kFamilyName || IsAddress(role) || role == Role::kPhone) household[NameOf(k)] = Stance::kSame;
    }
    if (given) household[NameOf(*given)] = Stance::kDiffers;
    const size_t shared = household.size() - (given ? 1 : 0);
    if (shared >= 2 && (given || birth)) {
      AddClass("household", 0.15, household, "relatives: what a household shares agrees, given names differ");
      if (birth) {
        household[NameOf(*birth)] = Stance::kSame;
        AddClass("twins", 0.01, household, "as a household, born on one day");
      }
    }
    if (given && family)
      AddClass("same_name", 0.1, {{NameOf(*given), Stance::kSame}, {NameOf(*family), Stance::kSame}},
               "namesakes: the name agrees, the rest by chance");
  }

  const std::vector<std::string>& header_;
  const std::vector<std::vector<std::string>>& rows_;
  std::vector<Role> roles_;
  std::vector<ColumnProfile> profiles_;
  std::vector<bool> used_;
  std::vector<Made> made_;
  std::vector<Role> role_of_comparison_;
  Suggestion out_;
};

}  // namespace

absl::StatusOr<Suggestion> SuggestSchema(const std::vector<std::string>& header,
                                         const std::vector<std::vector<std::string>>& rows) {
  return Suggester(header, rows).Suggest();
}

}  // namespace libmpi::table
