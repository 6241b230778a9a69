// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/filled_fields.h"

#include <algorithm>
#include <vector>

#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

template <typename List, typename Says>
bool Any(const List& list, const Says& says) {
  return std::any_of(list.begin(), list.end(), says);
}
bool AnyText(const std::vector<std::string>& list) {
  return Any(list, [](const std::string& text) { return !text.empty(); });
}

bool HasKanji(std::string_view text) {
  for (size_t pos = 0; pos < text.size();)
    if (IsKanji(NextCodePoint(text, &pos))) return true;
  return false;
}

}  // namespace

SaidFields SaidFieldsOf(const std::array<bool, kFilledFields.size()>& said) {
  SaidFields bits = 0;
  for (size_t f = 0; f < said.size(); ++f) bits |= SaidFields{said[f]} << f;
  return bits;
}

SaidFields SaidBy(const Record& r) {
  return SaidFieldsOf(
      {Any(r.names, [](const auto& n) { return !n.full.empty() || !n.family.empty() || !n.given.empty(); }),
       Any(r.names,
           [](const auto& n) { return !n.full_kana.empty() || !n.family_kana.empty() || !n.given_kana.empty(); }),
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

bool SaysKanjiName(const Record& record) {
  return Any(record.names, [](const auto& n) { return HasKanji(n.full) || HasKanji(n.family) || HasKanji(n.given); });
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

}  // namespace libmpi
