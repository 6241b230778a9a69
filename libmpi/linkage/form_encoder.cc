// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/form_encoder.h"

#include <algorithm>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/content_hasher.h"
#include "libmpi/text/romaji.h"

namespace libmpi {

FormEncoder::Part& FormEncoder::Of(const std::string& text) {
  const uint64_t hash = HashBytes(text);
  const auto it = parts_.find(text, static_cast<size_t>(hash));
  if (it != parts_.end()) return *it->second;
  auto part = std::make_unique<Part>();
  part->text = texts_->Intern(text);
  part->hash = hash;
  part->bag = LetterBag(text);
  return *parts_.emplace(text, std::move(part)).first->second;
}

const KanaLookup& FormEncoder::AsKana(const std::string& text, Part* part) {
  if (!part->has_kana) {
    part->kana = LookupOfKana(text);
    part->has_kana = true;
  }
  return part->kana;
}

const FormEncoder::Latin& FormEncoder::AsLatin(const std::string& text, Part* part) {
  if (!part->has_latin) {
    const std::string romaji = RomajiKey(text);
    part->latin.text = texts_->Intern(romaji);
    part->latin.lookup = LookupOfRomaji(romaji);
    part->has_latin = true;
  }
  return part->latin;
}

std::span<const KanaLookup> FormEncoder::Readings(NamePart name_part, const std::string& kanji, Part* part) {
  const bool family = name_part == NamePart::kFamily;
  bool& has = family ? part->has_family : part->has_given;
  std::vector<KanaLookup>& readings = family ? part->family_readings : part->given_readings;
  if (!has) {
    for (const auto& reading :
         readings_->LikelyReadings(name_part, kanji, family ? kFamilyReadings : kGivenReadings))
      readings.push_back(LookupOfKana(reading.first));
    has = true;
  }
  return readings;
}

void FormEncoder::FindParts(std::span<const NameFeatures> names) {
  constexpr size_t kMostParts = 1 << 19;
  if (parts_.size() >= kMostParts) parts_.clear();
  if (names_.size() < names.size()) names_.resize(names.size());
  const auto find = [this](const std::vector<NameForm>& stated, std::vector<Form>* forms) {
    forms->clear();
    for (const NameForm& form : stated) forms->push_back({&form, &Of(form.family), &Of(form.given)});
  };
  for (size_t i = 0; i < names.size(); ++i) {
    names_[i].former = names[i].former;
    find(names[i].kanji, &names_[i].kanji);
    find(names[i].kana, &names_[i].kana);
    find(names[i].latin, &names_[i].latin);
  }
}

// For the k-th best reading of a stated name in every script.
EncodedName FormEncoder::EncodeName(const Name& name, size_t k) {
  EncodedName out;
  const auto pick = [k](const std::vector<Form>& forms) {
    return forms.empty() ? nullptr : &forms[std::min(k, forms.size() - 1)];
  };
  if (const Form* form = pick(name.kanji)) {
    out.family_kanji = form->family->text;
    out.given_kanji = form->given->text;
  }
  if (const Form* form = pick(name.kana)) {
    out.family_kana = form->family->text;
    out.given_kana = form->given->text;
  }
  if (const Form* form = pick(name.latin)) {
    out.family_latin = AsLatin(form->stated->family, form->family).text;
    out.given_latin = AsLatin(form->stated->given, form->given).text;
  }
  return out;
}

void FormEncoder::EncodeForms(std::span<const Name> names, NameEncoding* out) {
  forms_.clear();
  for (const Name& name : names) {
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

uint8_t FormEncoder::GivenInitial(const Name& name) {
  if (!name.kana.empty()) return AsKana(name.kana.front().stated->given, name.kana.front().given).initial;
  if (!name.latin.empty()) return AsLatin(name.latin.front().stated->given, name.latin.front().given).lookup.initial;
  if (name.kanji.empty()) return 0;
  const Form& kanji = name.kanji.front();
  const std::span<const KanaLookup> readings = Readings(NamePart::kGiven, kanji.stated->given, kanji.given);
  return readings.empty() ? uint8_t{0} : readings.front().initial;
}

void FormEncoder::SetBags(const Name& name, NameEncoding* out) {
  const auto bag = [](const Form& form) { return FoldBag(form.family->bag + form.given->bag); };
  if (out->kanji_bag == 0 && !name.kanji.empty()) out->kanji_bag = bag(name.kanji.front());
  if (out->kana_bag == 0 && !name.kana.empty()) out->kana_bag = bag(name.kana.front());
}

void FormEncoder::AddContent(const std::vector<Form>& forms, uint64_t* hash) {
  ContentHasher content(*hash);
  content.Add(forms.size());
  for (const Form& form : forms) {
    content.AddHash(form.family->hash);
    content.AddHash(form.given->hash);
  }
  *hash = content.hash();
}

void FormEncoder::AddKanji(const Form& form, NameTerms* terms) {
  const bool has_family = !form.stated->family.empty(), has_given = !form.stated->given.empty();
  if (has_family && has_given) terms->kanji_bags.push_back(form.family->bag + form.given->bag);
  if (has_given) terms->given_kanji.push_back(form.given->hash);
  if (has_family) terms->family_kanji.push_back(form.family->hash);
}

void FormEncoder::AddKana(const Form& form, NameTerms* terms) {
  const KanaLookup& family = AsKana(form.stated->family, form.family);
  const KanaLookup& given = AsKana(form.stated->given, form.given);
  if (!form.stated->family.empty() && !form.stated->given.empty()) terms->kana_bags.push_back(family.bag + given.bag);
  AddRomajiTerms(family, given, terms);
}

void FormEncoder::AddLatin(const Form& form, NameTerms* terms) {
  AddRomajiTerms(AsLatin(form.stated->family, form.family).lookup, AsLatin(form.stated->given, form.given).lookup, terms);
}

void FormEncoder::AddLikelyReadings(const Form& form, NameTerms* terms) {
  const std::span<const KanaLookup> families = Readings(NamePart::kFamily, form.stated->family, form.family);
  const std::span<const KanaLookup> givens = Readings(NamePart::kGiven, form.stated->given, form.given);
  for (const KanaLookup& family : families)
    for (const KanaLookup& given : givens) AddKanaTerms(family, given, terms);
}

void FormEncoder::Encode(std::span<const NameFeatures> names, NameEncoding* out) {
  out->Clear();
  FindParts(names);
  const std::span<const Name> found(names_.data(), names.size());
  EncodeForms(found, out);
  for (const Name& name : found) {
    if (out->given_initial == 0) out->given_initial = GivenInitial(name);
    SetBags(name, out);
    for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) AddContent(*forms, &out->content_hash);
    for (const Form& form : name.kanji) AddKanji(form, &out->terms);
    for (const Form& form : name.kana) AddKana(form, &out->terms);
    for (const Form& form : name.latin) AddLatin(form, &out->terms);
    if (name.kana.empty() && !name.kanji.empty()) AddLikelyReadings(name.kanji.front(), &out->terms);
  }
}

}  // namespace libmpi
