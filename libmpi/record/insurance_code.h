// SPDX-License-Identifier: Apache-2.0
// The numbers and symbols on insurance cards, folded. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_INSURANCE_CODE_H_
#define LIBMPI_RECORD_INSURANCE_CODE_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

struct InsuranceCode {
  // Width folded, upper case, hiragana as katakana, without spaces, hyphens and the words
  // for the field itself (記号, 番号, 第 ... 号).
  std::string text;
  // A hyphen or space stood before the last two letters: "1234-01".
  bool tail_apart = false;
};

InsuranceCode FoldInsuranceCode(std::string_view text);

std::string StripZeros(std::string text);  // leading ones; "000" is empty

// 0000, 99999, 1111111: somebody's filling of a compulsory field.
bool IsDummyNumber(std::string_view digits);
// The same for insurers, whose numbers have a check digit and no small values: 111111, 12345678 as well.
bool IsDummyInsurer(std::string_view digits);

// Clears a dummy, with a finding. A code that passes the My Number check has a finding and stays: a
// tenth of all numbers of that length pass it, so only a whole column tells (exchange judges it).
void JudgeNumber(std::string_view field, std::string* code, std::vector<Finding>* findings);
void JudgeInsurer(std::string_view field, std::string* code, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_INSURANCE_CODE_H_
