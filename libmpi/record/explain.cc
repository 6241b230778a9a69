// SPDX-License-Identifier: Apache-2.0
// The steps of the standardizer, each made visible.
#include <string>
#include <utility>

#include "libmpi/record/address.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/care.h"
#include "libmpi/record/coverage.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/record/name_annotations.h"
#include "libmpi/record/phone.h"
#include "libmpi/record/sex.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

using Step = Standardizer::Step;

std::string Show(const std::vector<NameForm>& forms) {
  std::string text;
  for (const NameForm& form : forms) {
    if (!text.empty()) text += " or ";
    text += form.family + " | " + form.given;
    if (form.guessed) text += " (by evidence)";
  }
  return text;
}

std::string Show(const CivilDate& d) {
  std::string year = std::to_string(d.year);
  std::string text = std::string(4 - std::min<size_t>(4, year.size()), '0') + year;
  for (int part : {int{d.month}, int{d.day}})
    text += part == 0 ? "-??" : (part < 10 ? "-0" : "-") + std::to_string(part);
  return text;
}

std::string Show(const CoverageFeatures& c) {
  static constexpr const char* kKinds[] = {"", "employer", "national", "elderly", "public"};
  std::string text = "insurer " + c.insurer + ", symbol " + c.symbol + ", number " + c.number +
                     ", branch " + c.branch;
  if (c.kind != CoverageKind::kUnknown) text += std::string(", ") + kKinds[static_cast<int>(c.kind)];
  if (!c.number_without_branch.empty()) text += ", or number " + c.number_without_branch + " with its branch";
  if (!c.trusted) text += ", check digit fails";
  return text;
}

std::string Show(const AddressFeatures& a) {
  return a.postal_code + " | " + (a.prefecture == 0 ? "" : std::to_string(a.prefecture)) + " | " +
         a.city + " | " + a.town + " | " + a.numbers + " | " + a.building;
}

class StepLog {
 public:
  explicit StepLog(std::vector<Step>* steps) : steps_(steps) {}
  void Add(std::string_view field, std::string_view step, std::string before, std::string after) {
    steps_->push_back({std::string(field), std::string(step), std::move(before), std::move(after)});
  }
  // Only where the step did something.
  void AddChange(std::string_view field, std::string_view step, const std::string& before,
                 const std::string& after) {
    if (before != after) Add(field, step, before, after);
  }

 private:
  std::vector<Step>* steps_;
};

// A name's field up to the keys of its letters.
void ExplainText(std::string_view field, const std::string& text, StepLog* log) {
  if (text.empty()) return;
  const std::string width = FoldWidth(Capped(text));
  log->Add(field, "fold_width", text, width);
  const CleanName clean = CleanNameText(text);
  log->AddChange(field, "take_off_annotations", width, clean.text);
  for (const NoteName& other : clean.others)
    log->Add(field, other.former ? "former_name_found" : "other_name_found", width, other.text);
  switch (ScriptOfFolded(clean.text)) {
    case Script::kNone: return;
    case Script::kKana: {
      const std::string key = FoldKana(clean.text);
      log->Add(field, "fold_kana", clean.text, key);
      log->Add(field, "loose_kana", key, LooseKana(key));
      log->Add(field, "romaji_key", key, RomajiKeyOfKana(key));
      return;
    }
    case Script::kLatin: {
      const std::string key = FoldLatin(clean.text);
      log->Add(field, "fold_latin", clean.text, key);
      log->Add(field, "romaji_key", key, RomajiKey(key));
      return;
    }
    default: log->Add(field, "fold_kanji", clean.text, FoldKanji(clean.text));
  }
}

void ExplainForms(const NameFeatures& name, StepLog* log) {
  const std::string_view step = name.former ? "former_name" : "split_name";
  if (!name.kanji.empty()) log->Add("name", step, "", Show(name.kanji));
  if (!name.kana.empty()) log->Add("kana", step, "", Show(name.kana));
  if (!name.latin.empty()) log->Add("latin", step, "", Show(name.latin));
}

void ExplainOthers(const Record& record, const CivilDate& today, StepLog* log) {
  std::vector<Finding> ignored;
  for (const std::string& birth : record.births) {
    CivilDate date;
    const bool read = ParseBirthDate(birth, today, &date, &ignored);
    log->Add("birth", "read_birth_date", birth, read ? Show(date) : "");
  }
  for (const std::string& text : record.sexes) {
    const Sex sex = ParseSex(text, &ignored);
    log->Add("sex", "read_sex", text, sex == Sex::kMale ? "M" : sex == Sex::kFemale ? "F" : "");
  }
  for (const StatedCoverage& s : record.coverages)
    log->Add("coverage", "read_coverage",
             s.insurer + " | " + s.symbol + " | " + s.number + " | " + s.branch,
             Show(ParseCoverage(s, &ignored)));
  for (const StatedCareInsurance& s : record.care) {
    const CareFeatures care = ParseCare(s, &ignored);
    log->Add("care", "read_care_insurance", s.insurer + " | " + s.number,
             care.insurer + " | " + care.number);
  }
  for (const StatedAddress& s : record.addresses)
    log->Add("address", "read_address",
             s.postal_code + " | " + s.prefecture + " | " + s.city + " | " + s.street + s.full,
             Show(ParseAddress(s, &ignored)));
  for (const std::string& text : record.phones) {
    std::string read;
    for (const PhoneFeatures& phone : ParsePhones(text, &ignored))
      read += (read.empty() ? "" : ", ") + phone.digits +
              (phone.kind == PhoneKind::kMobile ? " (mobile)" : "");
    log->Add("phone", "read_phones", text, read);
  }
}

}  // namespace

std::vector<Step> Standardizer::Explain(const Record& record) const {
  std::vector<Step> steps;
  StepLog log(&steps);
  for (const StatedName& name : record.names) {
    ExplainText("name", name.full, &log);
    ExplainText("family", name.family, &log);
    ExplainText("given", name.given, &log);
    ExplainText("kana", name.full_kana, &log);
    ExplainText("family_kana", name.family_kana, &log);
    ExplainText("given_kana", name.given_kana, &log);
    ExplainText("latin", name.latin, &log);
  }
  for (const std::string& name : record.former_names) ExplainText("former_name", name, &log);
  const Features features = Standardize(record);
  for (const NameFeatures& name : features.names) ExplainForms(name, &log);
  ExplainOthers(record, options_.today, &log);
  for (const Finding& finding : features.findings)
    log.Add(finding.field, "finding", "", std::string(FindingName(finding.code)));
  return steps;
}

}  // namespace libmpi
