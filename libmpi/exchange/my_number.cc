// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/my_number.h"

#include <algorithm>
#include <array>

#include "libmpi/base/hash.h"
#include "libmpi/record/check_digits.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kDigits = 12;
constexpr size_t kFewestDifferent = 5;
constexpr uint64_t kHitsOfTen = 9;

// What people and spreadsheets put around and between digits.
bool IsMark(char32_t c) {
  constexpr std::u32string_view kMarks =
      U" -.\t'\"=\u00A0\u3000\u2212\u30FC\u30FB\u2500\uFE63\uFF0D\uFF0E\uFF70\uFF65";
  return (c >= 0x2010 && c <= 0x2015) || kMarks.find(c) != std::u32string_view::npos;
}

// False where the value is more, less or other than 12 digits.
bool TakeDigits(std::string_view value, std::array<char, kDigits>* digits) {
  // A number that a spreadsheet took for a fraction.
  if (value.size() > 2 && value.substr(value.size() - 2) == ".0") value.remove_suffix(2);
  size_t n = 0;
  for (size_t pos = 0; pos < value.size();) {
    char32_t c = static_cast<unsigned char>(value[pos]);
    if (c < 0x80) ++pos;
    else c = NextCodePoint(value, &pos);
    if (c >= 0xFF10 && c <= 0xFF19) c = c - 0xFF10 + '0';
    if (c >= '0' && c <= '9') {
      if (n == kDigits) return false;
      (*digits)[n++] = static_cast<char>(c);
    } else if (!IsMark(c)) {
      return false;
    }
  }
  return n == kDigits;
}

bool IsMyNumberText(std::string_view value, std::array<char, kDigits>* digits) {
  if (value.size() < kDigits || !TakeDigits(value, digits)) return false;
  // 000000000000 passes the check and is nobody's.
  const auto differs = [&](char c) { return c != digits->front(); };
  return std::any_of(digits->begin(), digits->end(), differs) && LooksLikeMyNumber({digits->data(), kDigits});
}

// Whose values the standardizer looks at one by one, with a finding a record.
bool HasFindingByRecord(Field field) {
  return field == Field::kSymbol || field == Field::kNumber || field == Field::kCareInsurer ||
         field == Field::kCareNumber;
}

absl::Status RefuseFile(const std::string& path, size_t column, std::string_view field,
                        const MyNumberTally& tally) {
  return absl::InvalidArgumentError(
      path + ": column " + std::to_string(column + 1) + ", " + std::string(field) + ", holds My Numbers (" +
      std::to_string(tally.hits()) + " of " + std::to_string(tally.filled()) +
      " values); they must not be stored, and all outputs would show them: name another column as " +
      std::string(field) + " with --columns map.json");
}

}  // namespace

bool IsMyNumber(std::string_view value) {
  std::array<char, kDigits> digits;
  return IsMyNumberText(value, &digits);
}

void MyNumberTally::AddDistinct(uint64_t hash) {
  if (distinct_.size() == kFewestDifferent) return;
  if (std::find(distinct_.begin(), distinct_.end(), hash) == distinct_.end()) distinct_.push_back(hash);
}

void MyNumberTally::Look(std::string_view value, uint64_t line) {
  std::array<char, kDigits> digits;
  if (!IsMyNumberText(value, &digits)) return;
  if (++hits_ == 1 || line < first_line_) first_line_ = line;
  AddDistinct(HashBytes({digits.data(), kDigits}));
}

void MyNumberTally::Merge(const MyNumberTally& other) {
  if (other.hits_ > 0 && (hits_ == 0 || other.first_line_ < first_line_)) first_line_ = other.first_line_;
  filled_ += other.filled_;
  hits_ += other.hits_;
  for (uint64_t hash : other.distinct_) AddDistinct(hash);
}

bool MyNumberTally::IsColumnOfMyNumbers() const {
  return distinct_.size() >= kFewestDifferent && hits_ * 10 >= filled_ * kHitsOfTen;
}

absl::Status RefuseMyNumbers(const std::string& path, std::span<const MyNumberTally> tallies,
                             ColumnMap* columns, std::vector<FileFinding>* findings) {
  const auto find = [&](FindingCode code, uint64_t line, std::string_view field) {
    findings->push_back({path, line, {code, std::string(field)}, {}});
  };
  for (size_t c = 0; c < columns->field_of_column.size(); ++c) {
    Field& field = columns->field_of_column[c];
    if (field == Field::kNone) continue;
    const std::string_view name = FieldName(field);
    const MyNumberTally& tally = tallies[c];
    if (field != Field::kMyNumber && !tally.IsColumnOfMyNumbers()) {
      if (tally.hits() > 0 && !HasFindingByRecord(field))
        find(FindingCode::kMyNumberSuspected, tally.first_line(), name);
      continue;
    }
    if (field == Field::kRecordId || field == Field::kSource) return RefuseFile(path, c, name, tally);
    find(FindingCode::kMyNumberRefused, 1, name);
    field = Field::kNone;
  }
  return absl::OkStatus();
}

}  // namespace libmpi
