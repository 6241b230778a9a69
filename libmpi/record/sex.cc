// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {

Sex ParseSex(std::string_view text, std::vector<Finding>* findings) {
  struct Code {
    std::string_view text;
    Sex sex;
  };
  static constexpr Code kCodes[] = {
      {"1", Sex::kMale},     {"M", Sex::kMale},      {"MALE", Sex::kMale},
      {"男", Sex::kMale},    {"男性", Sex::kMale},   {"オトコ", Sex::kMale},
      {"2", Sex::kFemale},   {"F", Sex::kFemale},    {"FEMALE", Sex::kFemale},
      {"女", Sex::kFemale},  {"女性", Sex::kFemale}, {"オンナ", Sex::kFemale},
      {"01", Sex::kMale},    {"02", Sex::kFemale},   {"W", Sex::kFemale},
      {"ダンセイ", Sex::kMale}, {"ジヨセイ", Sex::kFemale},
      {"0", Sex::kUnknown},  {"3", Sex::kUnknown},   {"9", Sex::kUnknown},
      {"O", Sex::kUnknown},  {"U", Sex::kUnknown},   {"A", Sex::kUnknown},
      {"N", Sex::kUnknown},  {"不明", Sex::kUnknown}, {"その他", Sex::kUnknown},
      {"ソノ他", Sex::kUnknown}, {"UNKNOWN", Sex::kUnknown}, {"OTHER", Sex::kUnknown}};
  if (text.empty()) return Sex::kUnknown;
  const std::string folded = FoldKana(text);
  for (const Code& code : kCodes)
    if (folded == code.text) return code.sex;
  findings->push_back({FindingCode::kSexUnreadable, "sex"});
  return Sex::kUnknown;
}

}  // namespace libmpi
