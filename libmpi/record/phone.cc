// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Whether the digits are somebody's filling of a compulsory field.
bool IsDummy(std::string_view digits) {
  // 03-0000-0000, 000-0000-0000: the last seven digits are one.
  const std::string_view tail = digits.substr(digits.size() - 7);
  return std::all_of(tail.begin(), tail.end(), [&](char c) { return c == tail[0]; });
}

std::string Domestic(std::string digits, bool plus) {
  if ((plus || digits.size() >= 12) && digits.substr(0, 2) == "81") {
    digits.erase(0, 2);
    if (!digits.empty() && digits[0] != '0') digits.insert(0, "0");
  }
  return digits;
}

PhoneKind KindOf(std::string_view digits) {
  const bool mobile = digits.size() == 11 && digits[0] == '0' &&
                      (digits[1] == '7' || digits[1] == '8' || digits[1] == '9') &&
                      digits[2] == '0';
  return mobile ? PhoneKind::kMobile : PhoneKind::kLandline;
}

void AddPhone(std::string_view piece, std::vector<PhoneFeatures>* phones,
              std::vector<Finding>* findings) {
  std::string digits;
  bool plus = false;
  for (char c : piece) {
    if (c >= '0' && c <= '9') digits += c;
    if (c == '+') plus = true;
  }
  if (digits.empty()) return;
  digits = Domestic(digits, plus);
  if (digits.size() < 7 || digits.size() > 15) {
    findings->push_back({FindingCode::kPhoneUnreadable, "phone"});
  } else if (IsDummy(digits)) {
    findings->push_back({FindingCode::kPhoneDummy, "phone"});
  } else {
    const PhoneKind kind = KindOf(digits);
    phones->push_back({std::move(digits), kind});
  }
}

}  // namespace

std::vector<PhoneFeatures> ParsePhones(std::string_view text, std::vector<Finding>* findings) {
  std::vector<PhoneFeatures> phones;
  std::string folded = FoldWidth(text);
  const size_t extension = folded.find("内線");
  if (extension != std::string::npos) folded.resize(extension);
  std::string piece;
  auto digits_in = [](const std::string& s) {
    return std::count_if(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    // A space or slash ends a number only where one is already whole.
    const bool separator = c == '/' || c == ',' || c == ';' || c == 0x3001 || c == ' ';
    if (separator && digits_in(piece) >= 9) {
      AddPhone(piece, &phones, findings);
      piece.clear();
    } else if (c < 0x80) {
      piece += static_cast<char>(c);
    }
  }
  AddPhone(piece, &phones, findings);
  std::sort(phones.begin(), phones.end());
  phones.erase(std::unique(phones.begin(), phones.end()), phones.end());
  return phones;
}

}  // namespace libmpi
