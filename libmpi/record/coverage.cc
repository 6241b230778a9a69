// SPDX-License-Identifier: Apache-2.0
// Health and care insurance (facts: formats.md 4a-4e).
#include <algorithm>
#include <string>

#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Width folded, upper case, without spaces and hyphens, without the word for the field itself.
std::string FoldCode(std::string_view text) {
  const std::string folded = FoldWidth(text);
  std::string out;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c == ' ' || c == '-' || c == 0x2212 || c == 0x30FC || (c >= 0x2010 && c <= 0x2015) ||
        c == 0x30FB || c == '.')
      continue;
    AppendUtf8(c >= 'a' && c <= 'z' ? c - 32 : c, &out);
  }
  for (std::string_view word : {"被保険者証", "記号", "番号", "第", "号"})
    for (size_t at; (at = out.find(word)) != std::string::npos;) out.erase(at, word.size());
  return out;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c >= '0' && c <= '9'; });
}

bool AllSame(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text[0]; });
}

std::string StripZeros(std::string text) {
  const size_t first = text.find_first_not_of('0');
  return first == std::string::npos ? std::string() : text.substr(first);
}

CoverageKind KindOf(std::string_view insurer) {
  if (insurer.empty()) return CoverageKind::kUnknown;
  if (insurer.substr(0, 2) == "00" || insurer.substr(0, 2) == "67") return CoverageKind::kNational;
  if (insurer.substr(0, 2) == "39") return CoverageKind::kElderly;
  const int law = (insurer[0] - '0') * 10 + (insurer[1] - '0');
  const bool employer = (law >= 1 && law <= 7) || (law >= 31 && law <= 34) || law == 63 ||
                        (law >= 72 && law <= 75);
  return employer ? CoverageKind::kEmployer : CoverageKind::kPublic;
}

std::string ParseInsurer(std::string_view text, CoverageFeatures* out,
                         std::vector<Finding>* findings) {
  std::string digits = DigitsOnly(text);
  if (digits.empty() || AllSame(digits)) return "";
  if (digits.size() == 12 && LooksLikeMyNumber(digits)) {
    findings->push_back({FindingCode::kMyNumberSuspected, "insurer"});
    return "";
  }
  if (digits.size() > 8) {
    findings->push_back({FindingCode::kInsurerLength, "insurer"});
    return "";
  }
  // Leading zeros get lost in spreadsheets: 01130012 becomes 1130012.
  if (digits.size() != 6 && digits.size() != 8)
    findings->push_back({FindingCode::kInsurerLength, "insurer"});
  digits.insert(0, 8 - digits.size(), '0');
  out->trusted = InsurerCheckDigitHolds(digits);
  if (!out->trusted) findings->push_back({FindingCode::kInsurerCheckDigit, "insurer"});
  return digits;
}

std::string ParseBranch(std::string_view text, std::vector<Finding>* findings) {
  if (text.empty()) return "";
  std::string digits = DigitsOnly(text);
  while (digits.size() > 2 && digits[0] == '0') digits.erase(0, 1);
  if (digits.empty() || digits.size() > 2) {
    findings->push_back({FindingCode::kBranchUnreadable, "branch"});
    return "";
  }
  if (digits.size() == 1) digits.insert(0, "0");
  return digits;
}

// A branch written at the end of the number: by the branch field itself, or
// after a hyphen or space ("1234-01").
void DetachBranch(std::string_view stated_number, CoverageFeatures* out,
                  std::vector<Finding>* findings) {
  std::string& number = out->number;
  if (!AllDigits(number) || number.size() < 3) return;
  const std::string tail = number.substr(number.size() - 2);
  const std::string folded = FoldWidth(stated_number);
  const size_t mark = folded.find_last_of("- ");
  const bool marked = mark != std::string::npos && mark + 3 == folded.size() && mark > 0 &&
                      out->kind != CoverageKind::kElderly;
  if (marked && (out->branch.empty() || out->branch == tail)) {
    out->branch = tail;
    number = StripZeros(number.substr(0, number.size() - 2));
    findings->push_back({FindingCode::kBranchGlued, "number"});
  } else if (out->kind != CoverageKind::kElderly && number.size() >= 4) {
    out->number_without_branch = StripZeros(number.substr(0, number.size() - 2));
  }
}

}  // namespace

bool InsurerCheckDigitHolds(std::string_view digits) {
  if (digits.size() < 2) return false;
  int sum = 0;
  bool twice = true;
  for (size_t i = digits.size() - 1; i-- > 0; twice = !twice) {
    const int product = (digits[i] - '0') * (twice ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return (10 - sum % 10) % 10 == digits.back() - '0';
}

bool LooksLikeMyNumber(std::string_view digits) {
  if (digits.size() != 12 || !AllDigits(digits)) return false;
  int sum = 0;
  for (int n = 1; n <= 11; ++n) sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
  const int rest = sum % 11;
  return (rest <= 1 ? 0 : 11 - rest) == digits[11] - '0';
}

CoverageFeatures ParseCoverage(const StatedCoverage& stated, std::vector<Finding>* findings) {
  CoverageFeatures out;
  out.insurer = ParseInsurer(stated.insurer, &out, findings);
  out.kind = KindOf(out.insurer);
  out.symbol = FoldCode(stated.symbol);
  if (AllDigits(out.symbol)) out.symbol = StripZeros(out.symbol);
  std::string number = FoldCode(stated.number);
  if (LooksLikeMyNumber(number)) {
    findings->push_back({FindingCode::kMyNumberSuspected, "number"});
    number.clear();
  }
  if (AllDigits(number)) number = number.size() > 3 && AllSame(number) ? "" : StripZeros(number);
  out.number = number;
  out.branch = ParseBranch(stated.branch, findings);
  DetachBranch(stated.number, &out, findings);
  return out;
}

CareFeatures ParseCare(const StatedCareInsurance& stated, std::vector<Finding>* findings) {
  CareFeatures out;
  out.insurer = DigitsOnly(stated.insurer);
  if (out.insurer.size() > 6) out.insurer.erase(0, out.insurer.size() - 6);
  std::string number = FoldCode(stated.number);
  if (number.empty()) return out;
  if (LooksLikeMyNumber(number)) {
    findings->push_back({FindingCode::kMyNumberSuspected, "care_number"});
    return out;
  }
  if (AllDigits(number) && number.size() < 10) number.insert(0, 10 - number.size(), '0');
  if (number.size() != 10) {
    findings->push_back({FindingCode::kCareNumberLength, "care_number"});
    return out;
  }
  if (!AllSame(number)) out.number = number;
  return out;
}

}  // namespace libmpi
