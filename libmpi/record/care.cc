// SPDX-License-Identifier: Apache-2.0
// Care insurance: insurer (a municipality) and insured number, a person's key.
#include "libmpi/record/care.h"

#include <string>

#include "libmpi/record/check_digits.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/record/insurance_code.h"

namespace libmpi {
namespace {

// Insured numbers begin with zeros in most places; spreadsheets eat them.
constexpr size_t kFewestDigits = 4;

std::string ParseCareInsurer(std::string_view text, std::vector<Finding>* findings) {
  std::string digits = FoldInsuranceCode(text).text;
  JudgeInsurer("care_insurer", &digits, findings);
  if (digits.empty()) return "";
  if (digits.size() == 8 && StartsWith(digits, "00")) digits.erase(0, 2);
  if (digits.size() == 5) digits.insert(0, "0");
  if (digits.size() != 6 || !AllDigits(digits)) {
    findings->push_back({FindingCode::kInsurerLength, "care_insurer"});
    return "";
  }
  if (!InsurerCheckDigitHolds(digits))
    findings->push_back({FindingCode::kInsurerCheckDigit, "care_insurer"});
  return digits;
}

}  // namespace

CareFeatures ParseCare(const StatedCareInsuranceView& stated, std::vector<Finding>* findings) {
  CareFeatures out;
  out.insurer = ParseCareInsurer(stated.insurer, findings);
  std::string number = FoldInsuranceCode(stated.number).text;
  JudgeNumber("care_number", &number, findings);
  if (number.empty()) return out;
  // "H" leads the numbers of people on welfare, who have no insurer.
  const bool welfare = number[0] == 'H' && AllDigits(std::string_view(number).substr(1));
  if (AllDigits(number) && number.size() >= kFewestDigits && number.size() < 10)
    number.insert(0, 10 - number.size(), '0');
  if (number.size() != 10 || !(welfare || AllDigits(number))) {
    findings->push_back({FindingCode::kCareNumberLength, "care_number"});
    return out;
  }
  out.number = std::move(number);
  return out;
}

}  // namespace libmpi
