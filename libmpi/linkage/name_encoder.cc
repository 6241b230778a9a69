// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/name_encoder.h"

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"
#include "libmpi/linkage/content_hasher.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

// What a kana part is looked up by. Names repeat: each is worked out once a thread.
struct KanaTerms {
  uint64_t bag;
  std::string romaji;
};

const KanaTerms& TermsOfKana(const std::string& kana) {
  constexpr size_t kMost = 1 << 20;
  thread_local absl::flat_hash_map<std::string, std::unique_ptr<KanaTerms>> memo;
  if (memo.size() > kMost) memo.clear();
  std::unique_ptr<KanaTerms>& terms = memo[kana];
  if (terms == nullptr)
    terms.reset(new KanaTerms{LetterBag(LooseUnvoicedKana(kana)), RomajiKeyOfKana(kana)});
  return *terms;
}

// Fills the terms of a record's names.
class TermWriter {
 public:
  explicit TermWriter(NameTerms* terms) : terms_(terms) {}
  void AddKanji(const NameForm& form) {
    if (!form.family.empty() && !form.given.empty())
      terms_->kanji_bags.push_back(LetterBag(form.family) + LetterBag(form.given));
    if (!form.given.empty()) terms_->given_kanji.push_back(HashBytes(form.given));
    if (!form.family.empty()) terms_->family_kanji.push_back(HashBytes(form.family));
  }
  void AddRomaji(const std::string& family, const std::string& given) {
    if (!family.empty() && !given.empty())
      terms_->romaji_sums.push_back(HashBytes(family) + HashBytes(given));
    if (!given.empty()) terms_->given_romaji.push_back(HashBytes(given));
    if (!family.empty()) terms_->family_romaji.push_back(HashBytes(family));
  }
  void AddKana(const std::string& family, const std::string& given) {
    const KanaTerms family_terms = TermsOfKana(family), given_terms = TermsOfKana(given);
    if (!family.empty() && !given.empty()) terms_->kana_bags.push_back(family_terms.bag + given_terms.bag);
    AddRomaji(family_terms.romaji, given_terms.romaji);
  }

 private:
  NameTerms* terms_;
};

void AddLikelyReadings(const NameForm& form, const ReadingModel& readings, TermWriter* terms) {
  const auto families =
      readings.LikelyReadings(NamePart::kFamily, form.family, kFamilyReadings);
  const auto givens = readings.LikelyReadings(NamePart::kGiven, form.given, kGivenReadings);
  for (const auto& family : families)
    for (const auto& given : givens) terms->AddKana(family.first, given.first);
}

// One EncodedName for the k-th best reading of a stated name in every script.
EncodedName EncodeName(const NameFeatures& name, size_t k, TextDictionary* texts) {
  EncodedName out;
  auto pick = [k](const std::vector<NameForm>& forms) {
    return forms.empty() ? nullptr : &forms[std::min(k, forms.size() - 1)];
  };
  if (const NameForm* form = pick(name.kanji)) {
    out.family_kanji = texts->Intern(form->family);
    out.given_kanji = texts->Intern(form->given);
  }
  if (const NameForm* form = pick(name.kana)) {
    out.family_kana = texts->Intern(form->family);
    out.given_kana = texts->Intern(form->given);
  }
  if (const NameForm* form = pick(name.latin)) {
    out.family_latin = texts->Intern(RomajiKey(form->family));
    out.given_latin = texts->Intern(RomajiKey(form->given));
  }
  return out;
}

std::vector<EncodedName> EncodeForms(std::span<const NameFeatures> all, TextDictionary* texts) {
  std::vector<EncodedName> names;
  for (const NameFeatures& name : all) {
    const size_t forms =
        std::max({name.kanji.size(), name.kana.size(), name.latin.size()});
    for (size_t k = 0; k < forms; ++k) {
      EncodedName encoded = EncodeName(name, k, texts);
      // A former family name stands without a given name: the person's own goes with it.
      if (name.former && !names.empty() && !encoded.given_kanji && !encoded.given_kana &&
          !encoded.given_latin) {
        encoded.given_kanji = names.front().given_kanji;
        encoded.given_kana = names.front().given_kana;
        encoded.given_latin = names.front().given_latin;
      }
      if (std::find(names.begin(), names.end(), encoded) == names.end())
        names.push_back(encoded);
    }
  }
  return names;
}

uint16_t GivenInitial(std::span<const NameFeatures> names, const ReadingModel& readings) {
  for (const NameFeatures& name : names) {
    std::string romaji;
    if (!name.kana.empty()) {
      romaji = RomajiKeyOfKana(name.kana.front().given);
    } else if (!name.latin.empty()) {
      romaji = RomajiKey(name.latin.front().given);
    } else if (!name.kanji.empty()) {
      const auto likely =
          readings.LikelyReadings(NamePart::kGiven, name.kanji.front().given, 1);
      if (!likely.empty()) romaji = RomajiKeyOfKana(likely.front().first);
    }
    if (!romaji.empty()) return static_cast<uint8_t>(romaji.front());
  }
  return 0;
}

void SetBags(std::span<const NameFeatures> names, NameEncoding* record) {
  for (const NameFeatures& name : names) {
    if (record->kanji_bag == 0 && !name.kanji.empty())
      record->kanji_bag = FoldBag(LetterBag(name.kanji.front().family) + LetterBag(name.kanji.front().given));
    if (record->kana_bag == 0 && !name.kana.empty())
      record->kana_bag = FoldBag(LetterBag(name.kana.front().family) + LetterBag(name.kana.front().given));
  }
}

uint64_t ContentHash(std::span<const NameFeatures> names) {
  ContentHasher h;
  for (const NameFeatures& name : names)
    for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) {
      h.Add(forms->size());
      for (const NameForm& form : *forms) {
        h.Add(form.family);
        h.Add(form.given);
      }
    }
  return h.hash();
}

}  // namespace

uint64_t LetterBag(std::string_view text) {
  uint64_t bag = 0;
  for (size_t pos = 0; pos < text.size();) bag += MixBits(NextCodePoint(text, &pos));
  return bag;
}

uint32_t FoldBag(uint64_t bag) {
  const uint32_t folded = static_cast<uint32_t>(bag ^ (bag >> 32));
  return folded == 0 ? 1 : folded;
}

KanaLookup LookupOfRomaji(std::string_view romaji) {
  return {0, HashBytes(romaji), !romaji.empty(), romaji.empty() ? uint8_t{0} : static_cast<uint8_t>(romaji.front())};
}

KanaLookup LookupOfKana(const std::string& kana) {
  KanaLookup lookup = LookupOfRomaji(RomajiKeyOfKana(kana));
  lookup.bag = LetterBag(LooseUnvoicedKana(kana));
  return lookup;
}

void AddRomajiTerms(const KanaLookup& family, const KanaLookup& given, NameTerms* terms) {
  if (family.has_romaji && given.has_romaji) terms->romaji_sums.push_back(family.romaji + given.romaji);
  if (given.has_romaji) terms->given_romaji.push_back(given.romaji);
  if (family.has_romaji) terms->family_romaji.push_back(family.romaji);
}

void AddKanaTerms(const KanaLookup& family, const KanaLookup& given, NameTerms* terms) {
  terms->kana_bags.push_back(family.bag + given.bag);
  AddRomajiTerms(family, given, terms);
}

void NameTerms::Clear() {
  for (std::vector<uint64_t>* list : {&kanji_bags, &kana_bags, &romaji_sums, &given_kanji, &family_kanji,
                                      &given_romaji, &family_romaji})
    list->clear();
}

void NameEncoding::Clear() {
  first = EncodedName();
  more.clear();
  kanji_bag = kana_bag = 0;
  given_initial = 0;
  content_hash = 0;
  terms.Clear();
}

NameTerms TermsOf(std::span<const NameFeatures> names, const ReadingModel& readings) {
  NameTerms terms;
  TermWriter out(&terms);
  for (const NameFeatures& name : names) {
    for (const NameForm& form : name.kanji) out.AddKanji(form);
    for (const NameForm& form : name.kana) out.AddKana(form.family, form.given);
    for (const NameForm& form : name.latin)
      out.AddRomaji(RomajiKey(form.family), RomajiKey(form.given));
    if (name.kana.empty() && !name.kanji.empty())
      AddLikelyReadings(name.kanji.front(), readings, &out);
  }
  return terms;
}

void EncodeNames(std::span<const NameFeatures> names, const ReadingModel& readings, TextDictionary* texts,
                 NameEncoding* out) {
  out->Clear();
  const std::vector<EncodedName> forms = EncodeForms(names, texts);
  if (!forms.empty()) {
    out->first = forms.front();
    out->more.assign(forms.begin() + 1, forms.end());
  }
  out->given_initial = GivenInitial(names, readings);
  SetBags(names, out);
  out->content_hash = ContentHash(names);
  out->terms = TermsOf(names, readings);
}

PlainNameEncoder::Word& PlainNameEncoder::Entry(const NameWord& word) {
  if (word.number >= encoded_.size()) encoded_.resize(words_.size());
  return encoded_[word.number];
}

const PlainNameEncoder::Word& PlainNameEncoder::AsKanji(const NameWord& word) {
  Word& entry = Entry(word);
  if (!entry.has_kanji) {
    entry.kanji = texts_->Intern(word.kanji_key);
    entry.kanji_hash = HashBytes(word.kanji_key);
    entry.kanji_bag = LetterBag(word.kanji_key);
    entry.has_kanji = true;
  }
  return entry;
}

const PlainNameEncoder::Word& PlainNameEncoder::AsKana(const NameWord& word) {
  Word& entry = Entry(word);
  if (!entry.has_kana) {
    entry.kana = texts_->Intern(word.kana_key);
    entry.kana_hash = HashBytes(word.kana_key);
    entry.kana_bag = LetterBag(word.kana_key);
    entry.terms = LookupOfKana(word.kana_key);
    entry.has_kana = true;
  }
  return entry;
}

std::span<const KanaLookup> PlainNameEncoder::Readings(NamePart part, const NameWord& word) {
  Word& entry = Entry(word);
  const bool family = part == NamePart::kFamily;
  bool& has = family ? entry.has_family : entry.has_given;
  std::vector<KanaLookup>& kana = family ? entry.family_readings : entry.given_readings;
  if (!has) {
    for (const auto& reading :
         readings_->LikelyReadings(part, word.kanji_key, family ? kFamilyReadings : kGivenReadings))
      kana.push_back(LookupOfKana(reading.first));
    has = true;
  }
  return kana;
}

bool PlainNameEncoder::Encode(const StatedNameView& stated, NameEncoding* out) {
  PlainName name;
  if (!ReadPlainName(stated, &words_, &name)) return false;
  out->Clear();
  ContentHasher content;
  content.Add(uint64_t{name.kanji_family != nullptr});
  if (name.kanji_family != nullptr) {
    const Word& family = AsKanji(*name.kanji_family);
    const uint64_t family_hash = family.kanji_hash, family_bag = family.kanji_bag;
    out->first.family_kanji = family.kanji;
    const Word& given = AsKanji(*name.kanji_given);  // may move what `family` refers to
    out->first.given_kanji = given.kanji;
    content.AddHash(family_hash);
    content.AddHash(given.kanji_hash);
    out->kanji_bag = FoldBag(family_bag + given.kanji_bag);
    out->terms.kanji_bags.push_back(family_bag + given.kanji_bag);
    out->terms.given_kanji.push_back(given.kanji_hash);
    out->terms.family_kanji.push_back(family_hash);
  }
  content.Add(uint64_t{name.kana_family != nullptr});
  if (name.kana_family != nullptr) {
    const Word family = AsKana(*name.kana_family);
    const Word& given = AsKana(*name.kana_given);
    out->first.family_kana = family.kana;
    out->first.given_kana = given.kana;
    content.AddHash(family.kana_hash);
    content.AddHash(given.kana_hash);
    out->kana_bag = FoldBag(family.kana_bag + given.kana_bag);
    AddKanaTerms(family.terms, given.terms, &out->terms);
    out->given_initial = given.terms.initial;
  } else {
    Entry(*name.kanji_given);
    const std::span<const KanaLookup> families = Readings(NamePart::kFamily, *name.kanji_family);
    const std::span<const KanaLookup> givens = Readings(NamePart::kGiven, *name.kanji_given);
    for (const KanaLookup& family : families)
      for (const KanaLookup& given : givens) AddKanaTerms(family, given, &out->terms);
    if (!givens.empty()) out->given_initial = givens.front().initial;
  }
  content.Add(uint64_t{0});  // no Latin forms
  out->content_hash = content.hash();
  return true;
}

}  // namespace libmpi
