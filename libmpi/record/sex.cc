// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/sex.h"

#include <string>

#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

struct Code {
  std::string_view text;  // a FoldKana key
  Sex sex;
};
constexpr Code kCodes[] = {
    {"1", Sex::kMale},         {"M", Sex::kMale},        {"男", Sex::kMale},
    {"2", Sex::kFemale},       {"F", Sex::kFemale},      {"女", Sex::kFemale},
    {"男性", Sex::kMale},      {"女性", Sex::kFemale},   {"男子", Sex::kMale},
    {"女子", Sex::kFemale},    {"01", Sex::kMale},       {"02", Sex::kFemale},
    {"MALE", Sex::kMale},      {"FEMALE", Sex::kFemale}, {"MAN", Sex::kMale},
    {"WOMAN", Sex::kFemale},   {"W", Sex::kFemale},      {"オトコ", Sex::kMale},
    {"オンナ", Sex::kFemale},  {"ダンセイ", Sex::kMale}, {"ジヨセイ", Sex::kFemale},
    {"ダン", Sex::kMale},      {"ジヨ", Sex::kFemale},   {"♂", Sex::kMale},
    {"♀", Sex::kFemale},       {"0", Sex::kUnknown},     {"3", Sex::kUnknown},
    {"9", Sex::kUnknown},      {"O", Sex::kUnknown},     {"U", Sex::kUnknown},
    {"A", Sex::kUnknown},      {"N", Sex::kUnknown},     {"その他", Sex::kUnknown},
    {"ソノ他", Sex::kUnknown}, {"OTHER", Sex::kUnknown}, {"ソノタ", Sex::kUnknown}};

const Code* FindCode(std::string_view folded) {
  for (const Code& code : kCodes)
    if (folded == code.text) return &code;
  return nullptr;
}

// "1:男", "1 男性", "男(1)": several codes that must agree. Null: one can't be read.
const Code* FindAgreeing(std::string_view text) {
  const Code* found = nullptr;
  const std::string folded = FoldWidth(text);
  for (size_t pos = 0; pos < folded.size();) {
    const size_t begin = folded.find_first_not_of(" :.()[]_-/", pos);
    if (begin == std::string::npos) break;
    size_t end = folded.find_first_of(" :.()[]_-/", begin);
    if (end == std::string::npos) end = folded.size();
    const Code* code = FindCode(FoldKana(std::string_view(folded).substr(begin, end - begin)));
    if (code == nullptr || (found != nullptr && found->sex != code->sex)) return nullptr;
    found = code;
    pos = end;
  }
  return found;
}

}  // namespace

Sex ParseSex(std::string_view text, std::vector<Finding>* findings) {
  if (text.empty()) return Sex::kUnknown;
  const Code* code = FindCode(text);  // most are written as in the table
  if (code == nullptr && text.size() <= 60) {
    code = FindCode(FoldKana(text));
    if (code == nullptr) code = FindAgreeing(text);
    if (code == nullptr && SaysUnknown(text)) return Sex::kUnknown;
  }
  if (code != nullptr) return code->sex;
  findings->push_back({FindingCode::kSexUnreadable, "sex"});
  return Sex::kUnknown;
}

}  // namespace libmpi
