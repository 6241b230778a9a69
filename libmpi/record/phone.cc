// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/phone.h"

#include <algorithm>
#include <string>

#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

// Digits from which a number can end at a comma or slash, and at a space or a word.
constexpr size_t kLocal = 7, kWhole = 9;

// Free, shared-cost and premium services: a company's, whoever gives it as his own.
bool IsService(std::string_view digits) {
  for (std::string_view start : {"0120", "0800", "0570", "0990", "0180", "0170", "0077", "0088"})
    if (StartsWith(digits, start)) return true;
  return false;
}

// 090-0000-1234: no such block was ever given out.
bool IsInNoBlock(std::string_view digits) {
  return digits.size() == 11 && StartsWith(digits.substr(3), "0000");
}

// 03-0000-0000, 000-0000-0000, 9999, 090-1212-1212: somebody's filling of a compulsory field.
bool IsFilling(std::string_view digits) {
  if (AllSame(digits) || StartsWith(digits, "000") || IsInNoBlock(digits)) return true;
  if (digits == "0123456789" || digits == "1234567890") return true;
  if (digits.size() < 9) return false;
  const std::string_view last = digits.substr(digits.size() - 7);
  return AllSame(last) || last.substr(2) == last.substr(0, 5);
}

// What reaches no person.
bool IsDummy(std::string_view digits) { return IsFilling(digits) || IsService(digits); }

bool IsMobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '0' && digits[1] >= '7' && digits[1] <= '9' && digits[2] == '0';
}

// Eleven digits: 020, 050 to 090. Ten: area codes.
bool IsDomestic(std::string_view digits) {
  const bool long_prefix = digits[2] == '0' && (digits[1] == '2' || (digits[1] >= '5' && digits[1] <= '9'));
  if (digits.size() == 11) return long_prefix;
  return digits.size() == 10 && !(long_prefix && digits[1] >= '7');
}

// To the digits as dialled inside Japan: +81 and lost zeros put right.
void MakeDomestic(bool plus, std::string* digits) {
  const auto lead_zero = [digits] {
    if (!digits->empty() && digits->front() != '0') digits->insert(0, "0");
  };
  if (StartsWith(*digits, "01081") && digits->size() > 12) digits->erase(0, 3);
  if (StartsWith(*digits, "0081") && digits->size() > 11) digits->erase(0, 2);
  if (StartsWith(*digits, "81") && (plus || digits->size() >= 11)) {
    digits->erase(0, 2);
    lead_zero();
  } else if (!plus && digits->size() == 9) {
    lead_zero();
  } else if (!plus && digits->size() == 10 && (*digits)[0] >= '7' && (*digits)[1] == '0') {
    lead_zero();  // 9012345678
  }
}

// The number under work.
class PhoneCollector {
 public:
  PhoneCollector(std::vector<PhoneFeatures>* phones, std::vector<Finding>* findings)
      : phones_(phones), findings_(findings) {}

  void Add(char c) {
    if (muted_) muted_digits_ = true;
    else if (c == '+') plus_ = digits_.empty();
    else digits_ += c;
  }
  size_t digits() const { return digits_.size(); }

  // An extension or the end of a range follows: digits up to the next separator are none of a number.
  void Mute() {
    End();
    muted_ = true;
  }

  // A sign that parts numbers if at least `least` digits stand before it.
  void Separate(size_t least) {
    if (muted_ ? muted_digits_ : digits_.size() >= least) End();
  }

  void End() {
    std::string digits;
    digits.swap(digits_);
    MakeDomestic(plus_, &digits);
    plus_ = muted_ = muted_digits_ = false;
    if (digits.empty()) return;
    const bool abroad = digits[0] != '0';
    if (IsDummy(digits)) {
      findings_->push_back({FindingCode::kPhoneDummy, "phone"});
    } else if (abroad ? digits.size() < kLocal || digits.size() > 15
                      : digits.size() < 10 || digits.size() > 11 || !IsDomestic(digits)) {
      findings_->push_back({FindingCode::kPhoneUnreadable, "phone"});
    } else {
      phones_->push_back({digits, IsMobile(digits) ? PhoneKind::kMobile : PhoneKind::kLandline});
    }
  }

 private:
  std::vector<PhoneFeatures>* phones_;
  std::vector<Finding>* findings_;
  std::string digits_;
  bool plus_ = false, muted_ = false, muted_digits_ = false;
};

bool JoinsDigits(char32_t c) {
  return c == '-' || c == '(' || c == ')' || c == '.' || c == 0x306E || c == 0x30CE ||
         c == 0x30FC || c == 0x2212 || (c >= 0x2010 && c <= 0x2015);
}

bool StartsExtension(std::string_view text) {
  return StartsWith(text, "内") || StartsWith(text, "ext") || StartsWith(text, "EXT") ||
         StartsWith(text, "Ext") || text[0] == 'x' || text[0] == '#';
}

void ReadPhones(std::string_view text, PhoneCollector* collector) {
  for (size_t pos = 0; pos < text.size();) {
    const std::string_view rest = text.substr(pos);
    const char32_t c = NextCodePoint(text, &pos);
    const bool whole = collector->digits() >= kWhole;
    if (c == '+') collector->Separate(kWhole);
    if ((c >= '0' && c <= '9') || c == '+') collector->Add(static_cast<char>(c));
    else if ((whole || collector->digits() == 0) && StartsExtension(rest)) collector->Mute();
    else if (whole && (c == '~' || c == 0x301C)) collector->Mute();
    else if (c == '/' || c == ',' || c == ';' || c == 0x3001) collector->Separate(kLocal);
    else if (!JoinsDigits(c)) collector->Separate(kWhole);
  }
  collector->End();
}

}  // namespace

void AppendPhones(std::string_view text, std::vector<PhoneFeatures>* phones, std::vector<Finding>* findings) {
  if (text.empty()) return;
  PhoneCollector collector(phones, findings);
  text = Capped(text);
  if (IsAscii(text)) ReadPhones(text, &collector);
  else ReadPhones(FoldWidth(text), &collector);
}

std::vector<PhoneFeatures> ParsePhones(std::string_view text, std::vector<Finding>* findings) {
  std::vector<PhoneFeatures> phones;
  AppendPhones(text, &phones, findings);
  if (phones.size() > 1) {
    std::sort(phones.begin(), phones.end());
    phones.erase(std::unique(phones.begin(), phones.end()), phones.end());
  }
  return phones;
}

}  // namespace libmpi
