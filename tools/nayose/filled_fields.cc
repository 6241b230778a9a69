// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/filled_fields.h"

#include <algorithm>
#include <vector>

namespace nayose {
namespace {

using libmpi::Field;

template <typename List, typename Says>
bool Any(const List& list, const Says& says) {
  return std::any_of(list.begin(), list.end(), says);
}
bool AnyText(const std::vector<std::string>& list) {
  return Any(list, [](const std::string& text) { return !text.empty(); });
}

SaidFields Bits(const std::array<bool, kFilledFields.size()>& said) {
  SaidFields bits = 0;
  for (size_t f = 0; f < said.size(); ++f) bits |= SaidFields{said[f]} << f;
  return bits;
}

}  // namespace

SaidFields SaidBy(const libmpi::Record& r) {
  return Bits({Any(r.names, [](const auto& n) { return !n.full.empty() || !n.family.empty() || !n.given.empty(); }),
               Any(r.names, [](const auto& n) { return !n.full_kana.empty() || !n.family_kana.empty() || !n.given_kana.empty(); }),
               Any(r.names, [](const auto& n) { return !n.latin.empty(); }),
               AnyText(r.former_names),
               AnyText(r.births),
               AnyText(r.sexes),
               Any(r.coverages, [](const auto& c) { return !c.insurer.empty() && !c.number.empty(); }),
               Any(r.coverages, [](const auto& c) { return !c.branch.empty(); }),
               Any(r.care, [](const auto& c) { return !c.number.empty(); }),
               Any(r.addresses, [](const auto& a) { return !a.postal_code.empty(); }),
               Any(r.addresses, [](const auto& a) { return !a.city.empty() || !a.street.empty() || !a.full.empty(); }),
               AnyText(r.phones)});
}

SaidFields SaidBy(const libmpi::FieldValues& values) {
  const auto says = [&](auto... fields) { return (!values[static_cast<size_t>(fields)].empty() || ...); };
  return Bits({says(Field::kName, Field::kFamily, Field::kGiven), says(Field::kKana, Field::kFamilyKana, Field::kGivenKana),
               says(Field::kLatin), says(Field::kFormerName), says(Field::kBirth), says(Field::kSex),
               says(Field::kInsurer) && says(Field::kNumber), says(Field::kBranch), says(Field::kCareNumber),
               says(Field::kPostalCode), says(Field::kCity, Field::kStreet, Field::kAddress),
               says(Field::kPhone, Field::kPhone2)});
}

void Filled::Add(const Filled& other) {
  records += other.records;
  for (size_t f = 0; f < fields.size(); ++f) fields[f] += other.fields[f];
}

void FilledBySource::Add(std::string_view source, SaidFields said) {
  if (last_ == nullptr || last_->first != source) {
    auto found = sources_.find(source);
    if (found == sources_.end()) found = sources_.emplace(source, Filled()).first;
    last_ = &*found;
  }
  last_->second.Add(said);
}

void FilledBySource::Add(const FilledBySource& other) {
  for (const auto& [source, filled] : other.sources_) sources_[source].Add(filled);
}

}  // namespace nayose
