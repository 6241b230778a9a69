// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips_columns.h"

#include <algorithm>
#include <array>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/nsips_layout.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/check_digits.h"
#include "libmpi/record/sex.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

using namespace nsips;  // NOLINT: the columns

// The nearest first, and those to the right before those to the left: additions are more usual than omissions.
constexpr std::array<int, 5> kShifts = {0, 1, -1, 2, -2};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Fields by their columns; empty where there are none.
class Columns {
 public:
  explicit Columns(const std::vector<std::string>& fields) : fields_(fields) {}
  std::string_view operator()(size_t column, int shift) const {
    const size_t at = column + static_cast<size_t>(shift);  // wraps below 0, where nothing is
    return at < fields_.size() ? std::string_view(fields_[at]) : std::string_view();
  }

 private:
  const std::vector<std::string>& fields_;
};

bool IsSex(std::string_view text) {
  if (text.empty() || text.size() > 12) return false;
  std::vector<Finding> findings;
  ParseSex(text, &findings);
  return findings.empty();
}

bool IsBirth(std::string_view text) {
  if (text.size() < 7 || text.size() > 40) return false;
  CivilDate date;
  std::vector<Finding> findings;
  return ParseBirthDate(text, {}, &date, &findings) && date.IsFull();
}

// YYYYMMDD of a year that somebody living, or the insurance of one, may have.
bool IsPlainDate(std::string_view text) {
  if (text.size() != 8 || !AreDigits(text)) return false;
  const std::string_view century = text.substr(0, 2), month = text.substr(4, 2), day = text.substr(6);
  return (century == "18" || century == "19" || century == "20") && month >= "01" && month <= "12" && day >= "01" &&
         day <= "31";
}

// Of what stands between other things: since when somebody is insured, in any notation.
bool MayBeDate(std::string_view text) {
  return text.empty() || (text.size() >= 7 && text.size() <= 10 && std::ranges::count_if(text, IsDigit) >= 5);
}

int Law(std::string_view payer) { return (payer[0] - '0') * 10 + (payer[1] - '0'); }

bool IsInsurersLaw(int law) {
  return law <= 7 || (law >= 31 && law <= 34) || law == 39 || law == 63 || law == 67 || (law >= 72 && law <= 75);
}

bool IsInsurer(std::string_view text) {
  if ((text.size() != 6 && text.size() != 8) || !AreDigits(text) || !InsurerCheckDigitHolds(text)) return false;
  const int begin = Law(text);
  return text.size() == 6 ? begin >= 1 && begin <= 47 : IsInsurersLaw(begin);
}

bool IsPublicPayer(std::string_view text) {
  return text.size() == 8 && AreDigits(text) && Law(text) >= 10 && !IsInsurersLaw(Law(text)) && !IsPlainDate(text) &&
         InsurerCheckDigitHolds(text);
}

// 1050014 or 105-0014.
bool IsPostalCode(std::string_view text) {
  const bool hyphen = text.size() == 8 && text[3] == '-';
  return (text.size() == 7 || hyphen) && std::ranges::count_if(text, IsDigit) == 7;
}

bool IsAddress(std::string_view text) {
  const Script script = ScriptOf(text);
  return script == Script::kKanji || script == Script::kMixed;
}

bool IsKana(std::string_view text) { return !text.empty() && ScriptOf(text) == Script::kKana; }
bool IsKanji(std::string_view text) { return !text.empty() && ScriptOf(text) == Script::kKanji; }

bool IsLocalNumber(std::string_view text) {
  if (std::ranges::any_of(text, IsDigit)) return true;
  return std::ranges::any_of(FoldWidth(text), IsDigit);
}

// The first of the usual shifts, after `first`, where something is.
template <typename IsThere>
std::optional<int> Find(int first, const IsThere& is_there) {
  if (is_there(first)) return first;
  for (const int shift : kShifts)
    if (shift != first && is_there(shift)) return shift;
  return std::nullopt;
}

std::optional<int> FindSexAndBirth(const Columns& at, int before) {
  const auto both = Find(0, [&](int by) { return IsSex(at(kSex, by)) && IsBirth(at(kBirth, by)); });
  if (both) return both;
  return Find(before, [&](int by) { return at(kSex, by).empty() && IsPlainDate(at(kBirth, by)); });
}

// Kana with something for a name beside them, left of the sex.
void FindNames(const Columns& at, int end, NsipsShifts* shifts) {
  const auto is_there = [&](int by) {
    return static_cast<int>(kKana) + by >= 1 && static_cast<int>(kName) + by < end && IsKana(at(kKana, by));
  };
  const auto is_turned = [&](int by) {
    return static_cast<int>(kKana) + by >= 1 && static_cast<int>(kName) + by < end && IsKanji(at(kKana, by)) &&
           IsKana(at(kName, by));
  };
  std::optional<int> found = Find(shifts->sex_and_birth, is_there);
  const bool turned = !found && (found = Find(shifts->sex_and_birth, is_turned));
  if (!found) return;
  shifts->names = found;
  shifts->kana_after_name = turned;
}

}  // namespace

NsipsShifts FindNsipsShifts(const std::vector<std::string>& fields, const NsipsShifts& before) {
  const Columns at(fields);
  NsipsShifts shifts = before;
  const std::optional<int> sex = FindSexAndBirth(at, before.sex_and_birth);
  if (sex) shifts.sex_and_birth = *sex;
  FindNames(at, static_cast<int>(kSex) + shifts.sex_and_birth, &shifts);
  int base = shifts.sex_and_birth;
  const auto address = Find(before.address, [&](int by) {
    return IsPostalCode(at(kPostalCode, base + by)) && IsAddress(at(kAddress, base + by));
  });
  if (address) shifts.address = *address;
  base += shifts.address;
  const auto insurance = Find(before.insurance, [&](int by) {
    return IsInsurer(at(kInsurer, base + by)) && MayBeDate(at(kInsuredSince, base + by)) &&
           !at(kInsuredNumber, base + by).empty() && at(kRelation, base + by).size() <= 6;
  });
  if (insurance) shifts.insurance = *insurance;
  base += shifts.insurance;
  const auto expenses = Find(before.public_expenses, [&](int by) {
    return IsPublicPayer(at(kPublicExpense, base + by)) && at(kPublicExpense + 1, base + by).size() <= 7 &&
           AreDigits(at(kPublicExpense + 1, base + by)) && MayBeDate(at(kPublicExpense + 2, base + by));
  });
  if (expenses) shifts.public_expenses = *expenses;
  return shifts;
}

NsipsNameColumns FindNsipsNames(const std::vector<std::string>& fields, const NsipsShifts& shifts,
                                std::string_view pharmacy) {
  const int by = shifts.names.value_or(shifts.sex_and_birth);
  const int left = static_cast<int>(kKana) + by, right = static_cast<int>(kName) + by;
  int kana = left, name = right;
  if (shifts.kana_after_name) std::swap(kana, name);
  // Where no kana say where names begin, the number is the first column nevertheless.
  const int end = shifts.names ? left : std::max(left, static_cast<int>(kKana));
  NsipsNameColumns columns;
  for (int i = static_cast<int>(kNumber); i < end && columns.number == 0; ++i) {
    const auto at = static_cast<size_t>(i);
    if (at < fields.size() && fields[at] != pharmacy && IsLocalNumber(fields[at])) columns.number = at;
  }
  // Where all is in its place, a number may also be letters alone.
  if (columns.number == 0 && by == 0 && fields.size() > kNumber && fields[kNumber] != pharmacy) {
    const Script script = ScriptOf(fields[kNumber]);
    if (!fields[kNumber].empty() && (script == Script::kNone || script == Script::kLatin)) columns.number = kNumber;
  }
  const int first = shifts.names ? 1 : 2;  // a name
  if (kana >= first) columns.kana = static_cast<size_t>(kana);
  if (name >= first) columns.name = static_cast<size_t>(name);
  return columns;
}

}  // namespace libmpi
