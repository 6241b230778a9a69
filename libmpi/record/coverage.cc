// SPDX-License-Identifier: Apache-2.0
// Health insurance (facts: formats.md 4a, 4b, 4e).
#include "libmpi/record/coverage.h"

#include <string>

#include "libmpi/record/check_digits.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/record/insurance_code.h"

namespace libmpi {
namespace {

// Branches count the members of a household from 00 or 01; what is higher is no glued branch.
constexpr int kHighestGluedBranch = 19;

// By the law that a number of eight digits begins with (法別番号).
CoverageKind KindOf(std::string_view insurer) {
  if (insurer.size() != 8) return CoverageKind::kUnknown;
  const int law = (insurer[0] - '0') * 10 + (insurer[1] - '0');
  if (law == 0 || law == 67) return CoverageKind::kNational;
  if (law == 39) return CoverageKind::kElderly;
  if ((law >= 1 && law <= 7) || (law >= 31 && law <= 34) || law == 63 || (law >= 72 && law <= 75))
    return CoverageKind::kEmployer;
  const bool is_public = (law >= 10 && law <= 30) || law == 38 || (law >= 51 && law <= 54) ||
                         law == 62 || law == 66 || law >= 79;
  return is_public ? CoverageKind::kPublic : CoverageKind::kUnknown;
}

std::string ParseInsurer(std::string_view text, bool* trusted, std::vector<Finding>* findings) {
  std::string digits = FoldInsuranceCode(text).text;
  JudgeInsurer("insurer", &digits, findings);
  if (digits.empty()) return "";
  // 138057 and 00138057 are one; a spreadsheet may have eaten the zero of 01130012.
  const bool usual = digits.size() == 6 || digits.size() == 8;
  if (!usual || !AllDigits(digits)) findings->push_back({FindingCode::kInsurerLength, "insurer"});
  if (!AllDigits(digits) || digits.size() < 5 || digits.size() > 8) return "";
  digits.insert(0, 8 - digits.size(), '0');
  *trusted = InsurerCheckDigitHolds(digits);
  if (!*trusted) findings->push_back({FindingCode::kInsurerCheckDigit, "insurer"});
  return digits;
}

std::string ParseBranch(std::string_view text, std::vector<Finding>* findings) {
  std::string digits = FoldInsuranceCode(text).text;
  if (digits.empty()) return "";
  while (digits.size() > 2 && digits[0] == '0') digits.erase(0, 1);
  if (digits.size() > 2 || !AllDigits(digits)) {
    findings->push_back({FindingCode::kBranchUnreadable, "branch"});
    return "";
  }
  if (digits.size() == 1) digits.insert(0, "0");
  return digits;
}

// "記号12番号345" or "12・345" all in the number's field.
void TakeSymbolOut(std::string_view* symbol, std::string_view* number) {
  if (!symbol->empty() || IsAscii(*number)) return;
  for (std::string_view mark : {"番号", "・"}) {
    const size_t at = number->find(mark);
    if (at == std::string_view::npos || at == 0) continue;
    const std::string_view before = number->substr(0, at), after = number->substr(at + mark.size());
    if (FoldInsuranceCode(before).text.empty() || FoldInsuranceCode(after).text.empty()) continue;
    *symbol = before;
    *number = after;
    return;
  }
}

// A branch written at the end of the number: "1234-01" says so itself; where nothing
// does, the number without it is kept beside the number.
void DetachBranch(bool tail_apart, CoverageFeatures* out, std::vector<Finding>* findings) {
  std::string& number = out->number;
  const bool has_branches = out->kind != CoverageKind::kElderly && out->kind != CoverageKind::kPublic;
  if (!has_branches || number.size() < 3 || !AllDigits(number)) return;
  const std::string tail = number.substr(number.size() - 2);
  if (out->branch.empty() ? tail[0] > '0' + kHighestGluedBranch / 10 : out->branch != tail) return;
  std::string rest = number.substr(0, number.size() - 2);
  if (tail_apart) {
    out->branch = tail;
    number = std::move(rest);
    findings->push_back({FindingCode::kBranchGlued, "number"});
  } else {
    out->number_without_branch = std::move(rest);
  }
}

}  // namespace

CoverageFeatures ParseCoverage(const StatedCoverageView& stated, std::vector<Finding>* findings) {
  CoverageFeatures out;
  out.insurer = ParseInsurer(stated.insurer, &out.trusted, findings);
  out.kind = KindOf(out.insurer);
  std::string_view symbol = stated.symbol, number = stated.number;
  TakeSymbolOut(&symbol, &number);
  out.symbol = FoldInsuranceCode(symbol).text;
  if (LooksLikeMyNumber(out.symbol)) findings->push_back({FindingCode::kMyNumberSuspected, "symbol"});
  if (AllDigits(out.symbol)) out.symbol = StripZeros(std::move(out.symbol));
  InsuranceCode code = FoldInsuranceCode(number);
  JudgeNumber("number", &code.text, findings);
  out.number = AllDigits(code.text) ? StripZeros(std::move(code.text)) : std::move(code.text);
  out.branch = ParseBranch(stated.branch, findings);
  DetachBranch(code.tail_apart, &out, findings);
  return out;
}

}  // namespace libmpi
