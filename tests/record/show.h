// SPDX-License-Identifier: Apache-2.0
// Features as one line of text, so that a case is a line.
#ifndef LIBMPI_TESTS_RECORD_SHOW_H_
#define LIBMPI_TESTS_RECORD_SHOW_H_

#include <string>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

// "impossible_date birth, name_unsplit name".
inline std::string Show(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) {
    if (!text.empty()) text += ", ";
    text += std::string(FindingName(f.code)) + " " + f.field;
  }
  return text;
}

// "1980-01-02", with 00 for what is not known.
inline std::string Show(const CivilDate& d) {
  auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(d.year) + "-" + two(d.month) + "-" + two(d.day);
}

// "山田 太郎", several forms with " / " between them, guessed ones with '?'.
inline std::string Show(const std::vector<NameForm>& forms) {
  std::string text;
  for (const NameForm& f : forms) {
    if (!text.empty()) text += " / ";
    text += f.family + " " + f.given + (f.guessed ? "?" : "");
  }
  return text;
}

// "kanji; kana; latin" without empty scripts; "former " before former names.
inline std::string Show(const NameFeatures& name) {
  std::string text;
  for (const std::vector<NameForm>* forms : {&name.kanji, &name.kana, &name.latin}) {
    if (forms->empty()) continue;
    if (!text.empty()) text += "; ";
    text += Show(*forms);
  }
  return (name.former ? "former " : "") + text;
}

inline std::string Show(const std::vector<NameFeatures>& names) {
  std::string text;
  for (const NameFeatures& name : names) text += (text.empty() ? "" : " + ") + Show(name);
  return text;
}

// "insurer/symbol/number/branch", then the number without a branch in braces.
inline std::string Show(const CoverageFeatures& c) {
  std::string text = c.insurer + "/" + c.symbol + "/" + c.number + "/" + c.branch;
  if (!c.number_without_branch.empty()) text += " {" + c.number_without_branch + "}";
  return text;
}

// "postal prefecture city town numbers building" with '|' between.
inline std::string Show(const AddressFeatures& a) {
  return a.postal_code + "|" + (a.prefecture ? std::to_string(a.prefecture) : "") + "|" + a.city +
         "|" + a.town + "|" + a.numbers + "|" + a.building;
}

// "0312345678 m09012345678".
inline std::string Show(const std::vector<PhoneFeatures>& phones) {
  std::string text;
  for (const PhoneFeatures& p : phones) {
    if (!text.empty()) text += " ";
    text += (p.kind == PhoneKind::kMobile ? "m" : "") + p.digits;
  }
  return text;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_RECORD_SHOW_H_
