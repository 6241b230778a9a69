// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocking_keys.h"

#include <algorithm>
#include <array>
#include <string>

#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, kBlockingRules> kRuleNames = {
    "name_kanji",        "name_kana",         "name_romaji",     "birth_sex_initial",
    "birth_city",        "birth_given_kanji", "birth_given_kana", "birth_family_kanji",
    "birth_family_kana", "card",              "care_number",     "phone",
    "street"};

uint64_t MakeKey(BlockingRule rule, uint64_t hash) {
  return (MixBits(hash) & ~uint64_t{15}) | static_cast<uint64_t>(rule);
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

void AddBirthKeys(const Features& features, const NameTerms& terms, uint8_t given_initial,
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

template <typename CityOf>
uint64_t RefinementValue(Refinement what, const EncodedRecord& record, const CityOf& city_of) {
  switch (what) {
    case Refinement::kBirthYear: return YearOf(record.birth);
    case Refinement::kSex: return static_cast<uint64_t>(record.sex);
    case Refinement::kInitial: return record.given_initial;
    case Refinement::kCity: return HashBytes(city_of(record.address.city));
    case Refinement::kBirth: return record.birth;
  }
  return 0;
}

template <typename CityOf>
uint64_t Refined(uint64_t key, const EncodedRecord& record, const CityOf& city_of, int step) {
  const BlockingRule rule = RuleOfKey(key);
  return MakeKey(rule, HashCombine(key, RefinementValue(StepsOf(rule)[step], record, city_of) + 1));
}

}  // namespace

std::string_view BlockingRuleName(BlockingRule rule) {
  return kRuleNames[static_cast<int>(rule)];
}

void AppendBlockingKeys(const Features& features, const NameTerms& terms, uint8_t given_initial,
                        std::vector<uint64_t>* keys) {
  const size_t first = keys->size();
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
  return Refined(key, record, [&texts](TextId id) { return texts.text(id); }, step);
}

uint64_t RefinedKey(uint64_t key, const EncodedRecord& record, std::string_view city, int step) {
  return Refined(key, record, [city](TextId) { return city; }, step);
}

}  // namespace libmpi
