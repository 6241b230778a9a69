// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocking_keys.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, kBlockingRules> kRuleNames = {
    "name_kanji",        "name_kana",         "name_romaji",     "birth_sex_initial",
    "birth_city",        "birth_given_kanji", "birth_given_kana", "birth_family_kanji",
    "birth_family_kana", "card",              "care_number",     "phone",
    "street"};

// How many readings stand for a name that only kanji tell.
constexpr int kFamilyReadings = 2;
constexpr int kGivenReadings = 3;

uint64_t MakeKey(BlockingRule rule, uint64_t hash) {
  return (MixBits(hash) & ~uint64_t{15}) | static_cast<uint64_t>(rule);
}

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

// The spellings under which a record's names are looked up.
struct NameTerms {
  std::vector<uint64_t> kanji_bags, kana_bags, romaji_sums;
  std::vector<uint64_t> given_kanji, family_kanji, given_romaji, family_romaji;

  void AddKanji(const NameForm& form) {
    if (!form.family.empty() && !form.given.empty())
      kanji_bags.push_back(LetterBag(form.family) + LetterBag(form.given));
    if (!form.given.empty()) given_kanji.push_back(HashBytes(form.given));
    if (!form.family.empty()) family_kanji.push_back(HashBytes(form.family));
  }
  void AddRomaji(const std::string& family, const std::string& given) {
    if (!family.empty() && !given.empty())
      romaji_sums.push_back(HashBytes(family) + HashBytes(given));
    if (!given.empty()) given_romaji.push_back(HashBytes(given));
    if (!family.empty()) family_romaji.push_back(HashBytes(family));
  }
  void AddKana(const std::string& family, const std::string& given) {
    const KanaTerms family_terms = TermsOfKana(family), given_terms = TermsOfKana(given);
    if (!family.empty() && !given.empty()) kana_bags.push_back(family_terms.bag + given_terms.bag);
    AddRomaji(family_terms.romaji, given_terms.romaji);
  }
};

void AddLikelyReadings(const NameForm& form, const ReadingModel& readings, NameTerms* terms) {
  const auto families =
      readings.LikelyReadings(NamePart::kFamily, form.family, kFamilyReadings);
  const auto givens = readings.LikelyReadings(NamePart::kGiven, form.given, kGivenReadings);
  for (const auto& family : families)
    for (const auto& given : givens) terms->AddKana(family.first, given.first);
}

NameTerms TermsOf(const Features& features, const ReadingModel& readings) {
  NameTerms terms;
  for (const NameFeatures& name : features.names) {
    for (const NameForm& form : name.kanji) terms.AddKanji(form);
    for (const NameForm& form : name.kana) terms.AddKana(form.family, form.given);
    for (const NameForm& form : name.latin)
      terms.AddRomaji(RomajiKey(form.family), RomajiKey(form.given));
    if (name.kana.empty() && !name.kanji.empty())
      AddLikelyReadings(name.kanji.front(), readings, &terms);
  }
  return terms;
}

class KeyWriter {
 public:
  explicit KeyWriter(std::vector<uint64_t>* keys) : keys_(keys) {}
  void Add(BlockingRule rule, uint64_t hash) { keys_->push_back(MakeKey(rule, hash)); }
  void AddAll(BlockingRule rule, const std::vector<uint64_t>& hashes, uint64_t with) {
    for (uint64_t h : hashes) Add(rule, HashCombine(h, with));
  }

 private:
  std::vector<uint64_t>* keys_;
};

void AddBirthKeys(const Features& features, const NameTerms& terms, uint16_t given_initial,
                  KeyWriter* out) {
  for (const CivilDate& date : features.births) {
    if (!date.IsFull()) continue;
    const uint64_t birth = EncodeDate(date);
    const uint64_t birth_initial = HashCombine(birth, given_initial);
    if (features.sexes.empty()) {  // unsaid: meets either
      out->Add(BlockingRule::kBirthSexInitial, HashCombine(birth_initial, 1));
      out->Add(BlockingRule::kBirthSexInitial, HashCombine(birth_initial, 2));
    }
    for (Sex sex : features.sexes)
      out->Add(BlockingRule::kBirthSexInitial,
               HashCombine(birth_initial, static_cast<uint64_t>(sex)));
    for (const AddressFeatures& address : features.addresses)
      if (!address.city.empty())
        out->Add(BlockingRule::kBirthCity, HashCombine(HashBytes(address.city), birth));
    out->AddAll(BlockingRule::kBirthGivenKanji, terms.given_kanji, birth);
    out->AddAll(BlockingRule::kBirthGivenKana, terms.given_romaji, birth);
    out->AddAll(BlockingRule::kBirthFamilyKanji, terms.family_kanji, birth);
    out->AddAll(BlockingRule::kBirthFamilyKana, terms.family_romaji, birth);
  }
}

void AddNumberKeys(const Features& features, KeyWriter* out) {
  for (const CoverageFeatures& c : features.coverages) {
    if (c.number.size() < (c.insurer.empty() ? 5 : 1)) continue;
    const uint64_t card = HashCombine(HashBytes(c.insurer), HashBytes(c.symbol));
    out->Add(BlockingRule::kCard, HashCombine(card, HashBytes(c.number)));
    if (!c.number_without_branch.empty())
      out->Add(BlockingRule::kCard, HashCombine(card, HashBytes(c.number_without_branch)));
  }
  for (const CareFeatures& c : features.care)
    if (!c.number.empty()) out->Add(BlockingRule::kCareNumber, HashBytes(c.number));
  for (const PhoneFeatures& p : features.phones)
    out->Add(BlockingRule::kPhone, HashBytes(p.digits));
  for (const AddressFeatures& a : features.addresses) {
    if (a.town.empty() || a.numbers.empty()) continue;
    out->Add(BlockingRule::kStreet, HashCombine(HashCombine(HashBytes(a.city), HashBytes(a.town)),
                                                HashBytes(a.numbers)));
  }
}

// Which of the record's values a rule's key is sharpened by, step by step.
enum class Refinement : uint8_t { kBirthYear, kSex, kInitial, kCity, kBirth };
constexpr Refinement kNameSteps[kRefinements] = {Refinement::kBirthYear, Refinement::kSex,
                                                 Refinement::kCity};
constexpr Refinement kBirthSteps[kRefinements] = {Refinement::kInitial, Refinement::kCity,
                                                  Refinement::kSex};
constexpr Refinement kPlaceSteps[kRefinements] = {Refinement::kInitial, Refinement::kBirthYear,
                                                  Refinement::kBirth};

const Refinement* StepsOf(BlockingRule rule) {
  if (rule <= BlockingRule::kNameRomaji) return kNameSteps;
  return rule <= BlockingRule::kBirthFamilyKana ? kBirthSteps : kPlaceSteps;
}

uint64_t RefinementValue(Refinement what, const EncodedRecord& record,
                         const TextDictionary& texts) {
  switch (what) {
    case Refinement::kBirthYear: return YearOf(record.birth);
    case Refinement::kSex: return static_cast<uint64_t>(record.sex);
    case Refinement::kInitial: return record.given_initial;
    case Refinement::kCity: return HashBytes(texts.text(record.address.city));
    case Refinement::kBirth: return record.birth;
  }
  return 0;
}

}  // namespace

uint64_t LetterBag(std::string_view text) {
  uint64_t bag = 0;
  for (size_t pos = 0; pos < text.size();) bag += MixBits(NextCodePoint(text, &pos));
  return bag;
}

std::string_view BlockingRuleName(BlockingRule rule) {
  return kRuleNames[static_cast<int>(rule)];
}

void AppendBlockingKeys(const Features& features, const ReadingModel& readings,
                        uint16_t given_initial, std::vector<uint64_t>* keys) {
  const size_t first = keys->size();
  const NameTerms terms = TermsOf(features, readings);
  KeyWriter out(keys);
  out.AddAll(BlockingRule::kNameKanji, terms.kanji_bags, 0);
  out.AddAll(BlockingRule::kNameKana, terms.kana_bags, 0);
  out.AddAll(BlockingRule::kNameRomaji, terms.romaji_sums, 0);
  AddBirthKeys(features, terms, given_initial, &out);
  AddNumberKeys(features, &out);
  std::sort(keys->begin() + first, keys->end());
  keys->erase(std::unique(keys->begin() + first, keys->end()), keys->end());
}

uint64_t RefinedKey(uint64_t key, const EncodedRecord& record, const TextDictionary& texts,
                    int step) {
  const BlockingRule rule = RuleOfKey(key);
  const uint64_t value = RefinementValue(StepsOf(rule)[step], record, texts);
  return MakeKey(rule, HashCombine(key, value + 1));
}

}  // namespace libmpi
