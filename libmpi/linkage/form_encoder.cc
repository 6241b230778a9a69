// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/form_encoder.h"

#include <algorithm>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/content_hasher.h"
#include "libmpi/text/romaji.h"

namespace libmpi {

FormEncoder::Part& FormEncoder::Of(const std::string& text) {
  constexpr size_t kMostParts = 1 << 19;
  const uint64_t hash = HashBytes(text);
  const auto it = parts_.find(text, static_cast<size_t>(hash));
  if (it != parts_.end()) return *it->second;
  if (parts_.size() >= kMostParts) parts_.clear();
  auto part = std::make_unique<Part>();
  part->text = texts_->Intern(text);
  part->hash = hash;
  part->bag = LetterBag(text);
  return *parts_.emplace(text, std::move(part)).first->second;
}

const KanaLookup& FormEncoder::LookupOf(const std::string& kana) {
  Part& part = Of(kana);
  if (!part.has_lookup) {
    part.lookup = LookupOfKana(kana);
    part.has_lookup = true;
  }
  return part.lookup;
}

std::span<const KanaLookup> FormEncoder::Readings(NamePart name_part, const std::string& kanji) {
  Part& part = Of(kanji);
  const bool family = name_part == NamePart::kFamily;
  bool& has = family ? part.has_family : part.has_given;
  std::vector<KanaLookup>& readings = family ? part.family_readings : part.given_readings;
  if (!has) {
    for (const auto& reading :
         readings_->LikelyReadings(name_part, kanji, family ? kFamilyReadings : kGivenReadings))
      readings.push_back(LookupOfKana(reading.first));
    has = true;
  }
  return readings;
}

// For the k-th best reading of a stated name in every script.
EncodedName FormEncoder::EncodeName(const NameFeatures& name, size_t k) {
  EncodedName out;
  const auto pick = [k](const std::vector<NameForm>& forms) {
    return forms.empty() ? nullptr : &forms[std::min(k, forms.size() - 1)];
  };
  if (const NameForm* form = pick(name.kanji)) {
    out.family_kanji = Of(form->family).text;
    out.given_kanji = Of(form->given).text;
  }
  if (const NameForm* form = pick(name.kana)) {
    out.family_kana = Of(form->family).text;
    out.given_kana = Of(form->given).text;
  }
  if (const NameForm* form = pick(name.latin)) {
    out.family_latin = texts_->Intern(RomajiKey(form->family));
    out.given_latin = texts_->Intern(RomajiKey(form->given));
  }
  return out;
}

void FormEncoder::EncodeForms(std::span<const NameFeatures> names, NameEncoding* out) {
  forms_.clear();
  for (const NameFeatures& name : names) {
    const size_t forms = std::max({name.kanji.size(), name.kana.size(), name.latin.size()});
    for (size_t k = 0; k < forms; ++k) {
      EncodedName encoded = EncodeName(name, k);
      // A former family name stands without a given name: the person's own goes with it.
      if (name.former && !forms_.empty() && !encoded.given_kanji && !encoded.given_kana && !encoded.given_latin) {
        encoded.given_kanji = forms_.front().given_kanji;
        encoded.given_kana = forms_.front().given_kana;
        encoded.given_latin = forms_.front().given_latin;
      }
      if (std::find(forms_.begin(), forms_.end(), encoded) == forms_.end()) forms_.push_back(encoded);
    }
  }
  if (forms_.empty()) return;
  out->first = forms_.front();
  out->more.assign(forms_.begin() + 1, forms_.end());
}

uint8_t FormEncoder::GivenInitial(const NameFeatures& name) {
  if (!name.kana.empty()) return LookupOf(name.kana.front().given).initial;
  if (!name.latin.empty()) {
    const std::string romaji = RomajiKey(name.latin.front().given);
    return romaji.empty() ? uint8_t{0} : static_cast<uint8_t>(romaji.front());
  }
  if (name.kanji.empty()) return 0;
  const std::span<const KanaLookup> readings = Readings(NamePart::kGiven, name.kanji.front().given);
  return readings.empty() ? uint8_t{0} : readings.front().initial;
}

void FormEncoder::SetBags(const NameFeatures& name, NameEncoding* out) {
  const auto bag = [this](const NameForm& form) {
    const uint64_t family = Of(form.family).bag;
    return FoldBag(family + Of(form.given).bag);
  };
  if (out->kanji_bag == 0 && !name.kanji.empty()) out->kanji_bag = bag(name.kanji.front());
  if (out->kana_bag == 0 && !name.kana.empty()) out->kana_bag = bag(name.kana.front());
}

void FormEncoder::AddContent(const std::vector<NameForm>& forms, uint64_t* hash) {
  ContentHasher content(*hash);
  content.Add(forms.size());
  for (const NameForm& form : forms) {
    content.AddHash(Of(form.family).hash);
    content.AddHash(Of(form.given).hash);
  }
  *hash = content.hash();
}

void FormEncoder::AddKanji(const NameForm& form, NameTerms* terms) {
  const uint64_t family_hash = Of(form.family).hash, family_bag = Of(form.family).bag;
  const Part& given = Of(form.given);
  if (!form.family.empty() && !form.given.empty()) terms->kanji_bags.push_back(family_bag + given.bag);
  if (!form.given.empty()) terms->given_kanji.push_back(given.hash);
  if (!form.family.empty()) terms->family_kanji.push_back(family_hash);
}

void FormEncoder::AddKana(const NameForm& form, NameTerms* terms) {
  const KanaLookup family = LookupOf(form.family);  // a copy: the next one may clear what is remembered
  const KanaLookup& given = LookupOf(form.given);
  if (!form.family.empty() && !form.given.empty()) terms->kana_bags.push_back(family.bag + given.bag);
  AddRomajiTerms(family, given, terms);
}

void FormEncoder::AddLatin(const NameForm& form, NameTerms* terms) {
  const auto lookup = [](const std::string& part) {
    const std::string romaji = RomajiKey(part);
    return KanaLookup{.romaji = HashBytes(romaji), .has_romaji = !romaji.empty()};
  };
  AddRomajiTerms(lookup(form.family), lookup(form.given), terms);
}

void FormEncoder::AddLikelyReadings(const NameForm& form, NameTerms* terms) {
  const std::span<const KanaLookup> remembered = Readings(NamePart::kFamily, form.family);
  const std::vector<KanaLookup> families(remembered.begin(), remembered.end());
  const std::span<const KanaLookup> givens = Readings(NamePart::kGiven, form.given);
  for (const KanaLookup& family : families)
    for (const KanaLookup& given : givens) AddKanaTerms(family, given, terms);
}

void FormEncoder::Encode(std::span<const NameFeatures> names, NameEncoding* out) {
  out->Clear();
  EncodeForms(names, out);
  for (const NameFeatures& name : names) {
    if (out->given_initial == 0) out->given_initial = GivenInitial(name);
    SetBags(name, out);
    for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) AddContent(*forms, &out->content_hash);
    for (const NameForm& form : name.kanji) AddKanji(form, &out->terms);
    for (const NameForm& form : name.kana) AddKana(form, &out->terms);
    for (const NameForm& form : name.latin) AddLatin(form, &out->terms);
    if (name.kana.empty() && !name.kanji.empty()) AddLikelyReadings(name.kanji.front(), &out->terms);
  }
}

}  // namespace libmpi
