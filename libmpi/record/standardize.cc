// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/standardize.h"

#include <algorithm>

#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

template <typename T>
void AddUnique(T value, std::vector<T>* values) {
  if (std::find(values->begin(), values->end(), value) == values->end())
    values->push_back(std::move(value));
}

const ReadingModel& ShippedReadings() {
  static const ReadingModel* const readings = new ReadingModel();
  return *readings;
}

void AddFormerName(const std::string& text, const NameCounts* counts,
                   const ReadingModel& readings, Features* out) {
  StatedName stated;
  stated.full = text;
  std::vector<NameFeatures> names;
  const std::string folded = FoldWidth(text);
  if (folded.find(' ') == std::string::npos) {  // a family name by itself
    NameFeatures name;
    const Script script = ScriptOf(folded);
    if (script == Script::kNone) return;
    std::vector<NameForm>& forms = script == Script::kLatin  ? name.latin
                                   : script == Script::kKana ? name.kana
                                                             : name.kanji;
    forms.push_back({script == Script::kLatin  ? FoldLatin(folded)
                     : script == Script::kKana ? FoldKana(folded)
                                               : FoldKanji(folded),
                     "", false});
    names.push_back(std::move(name));
  } else {
    names = ParseName(stated, counts, readings, &out->findings);
  }
  for (NameFeatures& name : names) {
    name.former = true;
    AddUnique(std::move(name), &out->names);
  }
}

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
  std::string text = std::to_string(d.year);
  for (int part : {int{d.month}, int{d.day}})
    text += part == 0 ? "-??" : (part < 10 ? "-0" : "-") + std::to_string(part);
  return text;
}

// Collects the steps of one record.
class StepLog {
 public:
  explicit StepLog(std::vector<Standardizer::Step>* steps) : steps_(steps) {}
  void Add(std::string_view field, std::string_view step, std::string before, std::string after) {
    steps_->push_back({std::string(field), std::string(step), std::move(before), std::move(after)});
  }

 private:
  std::vector<Standardizer::Step>* steps_;
};

void ExplainNames(const Record& record, const NameCounts* counts, const ReadingModel& readings,
                  StepLog* log) {
  for (const StatedName& name : record.names) {
    for (const auto& [field, text] :
         {std::pair<std::string_view, const std::string*>{"name", &name.full},
          {"family", &name.family}, {"given", &name.given}, {"kana", &name.full_kana},
          {"family_kana", &name.family_kana}, {"given_kana", &name.given_kana},
          {"latin", &name.latin}}) {
      if (text->empty()) continue;
      const std::string width = FoldWidth(*text);
      log->Add(field, "fold_width", *text, width);
      switch (ScriptOf(width)) {
        case Script::kKana:
          log->Add(field, "fold_kana", width, FoldKana(width));
          log->Add(field, "loose_kana", FoldKana(width), LooseKana(FoldKana(width)));
          break;
        case Script::kLatin: log->Add(field, "fold_latin", width, FoldLatin(width)); break;
        default: log->Add(field, "fold_kanji", width, FoldKanji(width));
      }
    }
    std::vector<Finding> findings;
    for (const NameFeatures& read : ParseName(name, counts, readings, &findings)) {
      const std::string step = read.former ? "alias_or_former_name" : "split_name";
      if (!read.kanji.empty()) log->Add("name", step, "", Show(read.kanji));
      if (!read.kana.empty()) log->Add("kana", step, "", Show(read.kana));
      if (!read.latin.empty()) log->Add("latin", step, "", Show(read.latin));
    }
  }
}

}  // namespace

Standardizer::Standardizer(const StandardizeOptions& options, const NameCounts* counts,
                           const ReadingModel* readings)
    : options_(options), counts_(counts),
      readings_(readings != nullptr ? readings : &ShippedReadings()) {}

Features Standardizer::Standardize(const Record& record) const {
  Features out;
  for (const StatedName& name : record.names)
    for (NameFeatures& read : ParseName(name, counts_, *readings_, &out.findings))
      AddUnique(std::move(read), &out.names);
  for (const std::string& former : record.former_names)
    if (!former.empty()) AddFormerName(former, counts_, *readings_, &out);
  // The person's own name leads: former names lend from it.
  std::stable_partition(out.names.begin(), out.names.end(),
                        [](const NameFeatures& n) { return !n.former; });
  for (const std::string& birth : record.births) {
    CivilDate date;
    if (ParseBirthDate(birth, options_.today, &date, &out.findings)) AddUnique(date, &out.births);
  }
  for (const std::string& text : record.sexes)
    if (const Sex sex = ParseSex(text, &out.findings); sex != Sex::kUnknown)
      AddUnique(sex, &out.sexes);
  for (const StatedCoverage& stated : record.coverages) {
    CoverageFeatures coverage = ParseCoverage(stated, &out.findings);
    if (!coverage.number.empty() || !coverage.insurer.empty())
      AddUnique(std::move(coverage), &out.coverages);
  }
  for (const StatedCareInsurance& stated : record.care) {
    CareFeatures care = ParseCare(stated, &out.findings);
    if (!care.number.empty()) AddUnique(std::move(care), &out.care);
  }
  for (const StatedAddress& stated : record.addresses) {
    AddressFeatures address = ParseAddress(stated, &out.findings);
    if (!address.city.empty() || !address.town.empty() || !address.postal_code.empty())
      AddUnique(std::move(address), &out.addresses);
  }
  for (const std::string& text : record.phones)
    for (PhoneFeatures& phone : ParsePhones(text, &out.findings))
      AddUnique(std::move(phone), &out.phones);
  std::sort(out.findings.begin(), out.findings.end());
  out.findings.erase(std::unique(out.findings.begin(), out.findings.end()), out.findings.end());
  return out;
}

std::vector<Standardizer::Step> Standardizer::Explain(const Record& record) const {
  std::vector<Step> steps;
  StepLog log(&steps);
  ExplainNames(record, counts_, *readings_, &log);
  std::vector<Finding> findings;
  for (const std::string& birth : record.births) {
    CivilDate date;
    const bool read = ParseBirthDate(birth, options_.today, &date, &findings);
    log.Add("birth", "parse_birth", birth, read ? Show(date) : "");
  }
  for (const std::string& text : record.sexes) {
    const Sex sex = ParseSex(text, &findings);
    log.Add("sex", "parse_sex", text, sex == Sex::kMale ? "M" : sex == Sex::kFemale ? "F" : "");
  }
  for (const StatedCoverage& stated : record.coverages) {
    const CoverageFeatures c = ParseCoverage(stated, &findings);
    log.Add("coverage", "parse_coverage",
            stated.insurer + " " + stated.symbol + " " + stated.number + " " + stated.branch,
            c.insurer + " " + c.symbol + " " + c.number + " " + c.branch);
  }
  for (const StatedAddress& stated : record.addresses) {
    const AddressFeatures a = ParseAddress(stated, &findings);
    log.Add("address", "parse_address",
            stated.postal_code + " " + stated.prefecture + stated.city + stated.street + stated.full,
            a.postal_code + " " + a.city + " | " + a.town + " | " + a.numbers + " | " + a.building);
  }
  for (const std::string& text : record.phones)
    for (const PhoneFeatures& phone : ParsePhones(text, &findings))
      log.Add("phone", "parse_phone", text, phone.digits);
  for (const Finding& finding : Standardize(record).findings)
    log.Add(finding.field, "finding", "", std::string(FindingName(finding.code)));
  return steps;
}

}  // namespace libmpi
