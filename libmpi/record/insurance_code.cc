// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/insurance_code.h"

#include <algorithm>

#include "libmpi/record/check_digits.h"
#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

bool IsMark(char32_t c) {
  return c == ' ' || c == '-' || c == '.' || c == '_' || c == 0x2212 || c == 0x30FC ||
         c == 0x30FB || (c >= 0x2010 && c <= 0x2015) || c == 0x2500;
}

char32_t FoldLetter(char32_t c) {
  if (c >= 'a' && c <= 'z') return c - 32;
  return IsHiragana(c) ? c + 0x60 : c;
}

constexpr size_t kShortestInsurer = 5;  // six digits, the first a zero that a spreadsheet ate

// Each digit is the one before it and `step`, after 9 comes 0: 12345678, 98765432.
bool CountsOn(std::string_view digits, int step) {
  for (size_t i = 1; i < digits.size(); ++i)
    if (digits[i] - '0' != (digits[i - 1] - '0' + step) % 10) return false;
  return true;
}

void Judge(std::string_view field, bool dummy, std::string* code, std::vector<Finding>* findings) {
  if (LooksLikeMyNumber(*code)) findings->push_back({FindingCode::kMyNumberSuspected, std::string(field)});
  if (!dummy) return;
  findings->push_back({FindingCode::kDummyNumber, std::string(field)});
  code->clear();
}

}  // namespace

InsuranceCode FoldInsuranceCode(std::string_view text) {
  InsuranceCode out;
  text = Capped(text);
  // The way most are written; a tail stands apart only behind a mark.
  if (std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); })) {
    out.text = text;
    return out;
  }
  std::string folded;
  if (!IsAscii(text)) {
    folded = FoldWidth(text);
    if (Contains(folded, "号") || Contains(folded, "第"))
      for (std::string_view word : {"被保険者証", "記号", "番号", "第", "号"}) EraseAll(word, &folded);
    text = folded;
  }
  size_t since_mark = 0;
  if (IsAscii(text)) {
    out.text.reserve(text.size());
    for (char c : text) {
      if (static_cast<unsigned char>(c) < 0x20) continue;
      const bool mark = c == ' ' || c == '-' || c == '.' || c == '_';
      if (!mark) out.text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      since_mark = mark ? 0 : since_mark + 1;
    }
    out.tail_apart = since_mark == 2 && out.text.size() > 2;
    return out;
  }
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = NextCodePoint(text, &pos);
    if (c < 0x20) continue;
    if (IsMark(c)) {
      since_mark = 0;
      continue;
    }
    AppendUtf8(FoldLetter(c), &out.text);
    ++since_mark;
  }
  out.tail_apart = since_mark == 2 && out.text.size() > 2;
  return out;
}

std::string StripZeros(std::string text) {
  const size_t first = text.find_first_not_of('0');
  if (first != 0) text.erase(0, first);
  return text;
}

bool IsDummyNumber(std::string_view digits) {
  if (!AllDigits(digits) || !AllSame(digits)) return false;
  return digits[0] == '0' || digits.size() >= (digits[0] == '9' ? 4 : 7);
}

bool IsDummyInsurer(std::string_view digits) {
  if (!AllDigits(digits) || digits.size() < kShortestInsurer) return false;
  return AllSame(digits) || CountsOn(digits, 1) || CountsOn(digits, 9);
}

void JudgeNumber(std::string_view field, std::string* code, std::vector<Finding>* findings) {
  Judge(field, IsDummyNumber(*code), code, findings);
}

void JudgeInsurer(std::string_view field, std::string* code, std::vector<Finding>* findings) {
  Judge(field, IsDummyInsurer(*code), code, findings);
}

}  // namespace libmpi
