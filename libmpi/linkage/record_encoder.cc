// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/record_encoder.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/content_hasher.h"

namespace libmpi {
namespace {

uint32_t ToNumber(std::string_view digits) {
  uint32_t n = 0;
  for (char c : digits) n = n * 10 + static_cast<uint32_t>(c - '0');
  return n;
}

EncodedCoverage EncodeCoverage(const CoverageFeatures& coverage) {
  EncodedCoverage out;
  // A failed check digit is a slip or a dummy: two that agree must not count as agreement.
  if (coverage.trusted) out.insurer = ToNumber(coverage.insurer);
  out.symbol = coverage.symbol.empty() ? 0 : static_cast<uint32_t>(HashBytes(coverage.symbol)) | 1;
  out.number = PackedDigits(coverage.number);
  out.number_without_branch = PackedDigits(coverage.number_without_branch);
  if (coverage.branch.size() == 2) out.branch = static_cast<uint8_t>(ToNumber(coverage.branch));
  out.kind = coverage.kind;
  return out;
}

template <typename Texts>
EncodedAddress EncodeAddress(const AddressFeatures& address, Texts* texts) {
  EncodedAddress out;
  out.numbers = PackedDigits(address.numbers);
  out.city = texts->Intern(address.city);
  out.town = texts->Intern(address.town);
  out.prefecture = address.prefecture;
  if (address.postal_code.size() == 7) out.postal_code = 1 + ToNumber(address.postal_code);
  return out;
}

// The first value stands in the record itself, the others aside.
template <typename Value, typename Encoded, typename Encode>
void Place(const std::vector<Value>& values, const Encode& encode, Encoded* first, std::vector<Encoded>* rest) {
  if (values.empty()) return;
  *first = encode(values.front());
  for (size_t i = 1; i < values.size(); ++i) rest->push_back(encode(values[i]));
}

// Content, not order of arrival: what chooses samples must not depend on keys or files. `names` is the
// hash of the names.
uint64_t ContentHash(uint64_t names, const Features& f) {
  ContentHasher h(names);
  h.Add(f.births.size());
  for (const CivilDate& d : f.births) h.Add(uint64_t{EncodeDate(d)});
  for (Sex sex : f.sexes) h.Add(static_cast<uint64_t>(sex));
  h.Add(f.coverages.size());
  for (const CoverageFeatures& c : f.coverages)
    for (const std::string* part : {&c.insurer, &c.symbol, &c.number, &c.number_without_branch, &c.branch})
      h.Add(*part);
  h.Add(f.care.size());
  for (const CareFeatures& c : f.care) {
    h.Add(c.insurer);
    h.Add(c.number);
  }
  h.Add(f.addresses.size());
  for (const AddressFeatures& a : f.addresses) {
    h.Add(uint64_t{a.prefecture});
    for (const std::string* part : {&a.postal_code, &a.city, &a.town, &a.numbers}) h.Add(*part);
  }
  for (const PhoneFeatures& p : f.phones) h.Add(p.digits);
  return h.hash();
}

// `places`: where the texts of addresses go.
template <typename Texts>
EncodedRecord EncodeWithNames(const Features& features, NameEncoding&& names, Texts* places, MoreValues* more) {
  EncodedRecord out;
  out.name = names.first;
  if (!names.more.empty()) more->names = std::move(names.more);
  out.kanji_bag = names.kanji_bag;
  out.kana_bag = names.kana_bag;
  out.given_initial = names.given_initial;
  Place(features.coverages, EncodeCoverage, &out.coverage, &more->coverages);
  Place(features.addresses, [places](const AddressFeatures& a) { return EncodeAddress(a, places); },
        &out.address, &more->addresses);
  Place(features.phones, [](const PhoneFeatures& p) { return EncodedPhone{PackedDigits(p.digits), p.kind}; },
        &out.phone, &more->phones);
  Place(features.births, EncodeDate, &out.birth, &more->births);
  Place(features.care, [](const CareFeatures& c) { return EncodedCare{PackedDigits(c.number), ToNumber(c.insurer)}; },
        &out.care, &more->care);
  if (features.sexes.size() == 1) out.sex = features.sexes.front();
  out.test_patient = features.test_patient;
  for (const Finding& finding : features.findings)
    if (finding.code == FindingCode::kPossibleOverlay) out.possible_overlay = true;
  out.content_hash = ContentHash(names.content_hash, features);
  return out;
}

}  // namespace

EncodedRecord EncodeFeatures(const Features& features, const ReadingModel& readings,
                             TextDictionary* texts, MoreValues* more) {
  NameEncoding names;
  EncodeNames(features.names, readings, texts, &names);
  return EncodeWithNames(features, std::move(names), texts, more);
}

RecordEncoder::RecordEncoder(const Standardizer* standardizer, const ReadingModel* readings,
                             TextDictionary* texts)
    : standardizer_(standardizer), places_(texts), plain_names_(standardizer->counts(), readings, texts),
      other_names_(readings, texts) {}

EncodedRecord RecordEncoder::Encode(const RecordView& record, MoreValues* more, std::vector<uint64_t>* keys) {
  features_.Clear();
  const bool plain = record.names.size() == 1 && record.former_names.empty() &&
                     plain_names_.Encode(record.names.front(), &names_);
  if (!plain) {
    standardizer_->ReadNames(record, &features_);
    other_names_.Encode(features_.names, &names_);
  }
  standardizer_->ReadAllButNames(record, &features_);
  standardizer_->Conclude(&features_);
  AppendBlockingKeys(features_, names_.terms, names_.given_initial, keys);
  return EncodeWithNames(features_, std::move(names_), &places_, more);
}

}  // namespace libmpi
