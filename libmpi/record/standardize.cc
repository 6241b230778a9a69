// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/standardize.h"

#include <algorithm>
#include <span>

#include "libmpi/record/address.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/care.h"
#include "libmpi/record/coverage.h"
#include "libmpi/record/person_name.h"
#include "libmpi/record/person_relation.h"
#include "libmpi/record/phone.h"
#include "libmpi/record/sex.h"

namespace libmpi {
namespace {

template <typename T>
void AddUnique(T&& value, std::vector<T>* values) {
  if (std::find(values->begin(), values->end(), value) == values->end())
    values->push_back(std::move(value));
}

// What is read of the statements of a field. Borrows them.
template <typename T>
class ReadableValues {
 public:
  ReadableValues(const std::vector<T>& stated, const char* field, std::vector<Finding>* findings) : values_(stated) {
    if (stated.size() <= kMostValues) return;
    first_ = stated;
    std::sort(first_.begin(), first_.end());
    first_.erase(std::unique(first_.begin(), first_.end()), first_.end());
    if (first_.size() > kMostValues) {
      first_.resize(kMostValues);
      findings->push_back({FindingCode::kTooManyValues, field});
    }
    values_ = first_;
  }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  std::vector<T> first_;
  std::span<const T> values_;
};

// One statement may hold several values (phones in a field, aliases in brackets).
template <typename T>
void KeepReadable(const char* field, std::vector<T>* values, std::vector<Finding>* findings) {
  if (values->size() <= kMostValues) return;
  values->resize(kMostValues);
  findings->push_back({FindingCode::kTooManyValues, field});
}

template <typename T>
void Sort(std::vector<T>* values) {
  if (values->size() > 1) std::sort(values->begin(), values->end());
}

const ReadingModel& ShippedReadings() {
  static const ReadingModel* const readings = new ReadingModel();
  return *readings;
}

int ScriptsOf(const NameFeatures& name) {
  return !name.kanji.empty() + !name.kana.empty() + !name.latin.empty();
}

// Whether `more` says all that `less` says.
bool Covers(const NameFeatures& more, const NameFeatures& less) {
  const auto covers = [](const std::vector<NameForm>& m, const std::vector<NameForm>& l) {
    return l.empty() || l == m;
  };
  return more.former == less.former && covers(more.kanji, less.kanji) &&
         covers(more.kana, less.kana) && covers(more.latin, less.latin);
}

// The order of statements carries no meaning: the person's own names before former ones, those
// in several scripts before others; what another name says as well is dropped.
void TidyNames(std::vector<NameFeatures>* names) {
  if (names->size() < 2) return;
  std::sort(names->begin(), names->end(), [](const NameFeatures& a, const NameFeatures& b) {
    if (a.former != b.former) return b.former;
    const int x = ScriptsOf(a), y = ScriptsOf(b);
    return x != y ? x > y : a < b;
  });
  for (size_t i = names->size(); i-- > 1;)
    for (size_t j = 0; j < i; ++j)
      if (Covers((*names)[j], (*names)[i])) {
        names->erase(names->begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
}

}  // namespace

Standardizer::Standardizer(const StandardizeOptions& options, const NameCounts* counts,
                           const ReadingModel* readings)
    : options_(options), counts_(counts),
      readings_(readings != nullptr ? readings : &ShippedReadings()) {}

void Standardizer::ReadNames(const RecordView& record, Features* out) const {
  for (const StatedNameView& name : ReadableValues(record.names, "name", &out->findings))
    for (NameFeatures& read : ParseName(name, counts_, *readings_, &out->findings))
      out->names.push_back(std::move(read));
  KeepReadable("name", &out->names, &out->findings);
  TidyNames(&out->names);
  if (record.former_names.empty()) return;
  std::vector<NameFeatures> former;
  for (std::string_view text : ReadableValues(record.former_names, "former_name", &out->findings))
    for (NameFeatures& name :
         ParseFormerName(text, out->names, counts_, *readings_, &out->findings))
      former.push_back(std::move(name));
  KeepReadable("former_name", &former, &out->findings);
  std::move(former.begin(), former.end(), std::back_inserter(out->names));
  TidyNames(&out->names);
}

void Standardizer::ReadAllButNames(const RecordView& record, Features* out) const {
  const CivilDate& today = record.said_on.year != 0 ? record.said_on : options_.today;
  for (std::string_view birth : ReadableValues(record.births, "birth", &out->findings)) {
    CivilDate date;
    if (ParseBirthDate(birth, today, &date, &out->findings)) AddUnique(std::move(date), &out->births);
  }
  for (std::string_view text : ReadableValues(record.sexes, "sex", &out->findings))
    if (Sex sex = ParseSex(text, &out->findings); sex != Sex::kUnknown)
      AddUnique(std::move(sex), &out->sexes);
  for (const StatedCoverageView& stated : ReadableValues(record.coverages, "number", &out->findings)) {
    CoverageFeatures coverage = ParseCoverage(stated, &out->findings);
    coverage.trusted = coverage.trusted || !options_.insurer_check_digits;
    if (!coverage.number.empty() || !coverage.insurer.empty())
      AddUnique(std::move(coverage), &out->coverages);
  }
  for (const StatedCareInsuranceView& stated : ReadableValues(record.care, "care_number", &out->findings)) {
    CareFeatures care = ParseCare(stated, &out->findings);
    if (!care.number.empty()) AddUnique(std::move(care), &out->care);
  }
  for (const StatedAddressView& stated : ReadableValues(record.addresses, "address", &out->findings)) {
    AddressFeatures address = ParseAddress(stated, &out->findings);
    if (!address.city.empty() || !address.town.empty() || !address.postal_code.empty())
      AddUnique(std::move(address), &out->addresses);
  }
  for (std::string_view text : ReadableValues(record.phones, "phone", &out->findings))
    AppendPhones(text, &out->phones, &out->findings);
  Sort(&out->births);
  Sort(&out->sexes);
  Sort(&out->coverages);
  Sort(&out->care);
  Sort(&out->addresses);
  Sort(&out->phones);
  out->phones.erase(std::unique(out->phones.begin(), out->phones.end()), out->phones.end());
  KeepReadable("phone", &out->phones, &out->findings);
}

void Standardizer::Conclude(Features* out) const {
  if (MayBeSeveralPersons(*out, *readings_))
    out->findings.push_back({FindingCode::kPossibleOverlay, "record_id"});
  Sort(&out->findings);
  out->test_patient =
      std::any_of(out->findings.begin(), out->findings.end(),
                  [](const Finding& f) { return f.code == FindingCode::kNameTest; });
  if (out->findings.size() > 1)
    out->findings.erase(std::unique(out->findings.begin(), out->findings.end()), out->findings.end());
}

Features Standardizer::Standardize(const RecordView& record) const {
  Features out;
  ReadNames(record, &out);
  ReadAllButNames(record, &out);
  Conclude(&out);
  return out;
}

Features Standardizer::Standardize(const Record& record) const {
  RecordView view;
  view.Assign(record);
  return Standardize(view);
}

}  // namespace libmpi
