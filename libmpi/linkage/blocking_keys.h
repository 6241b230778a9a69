// SPDX-License-Identifier: Apache-2.0
// Blocking rules: which records are worth comparing at all.
#ifndef LIBMPI_LINKAGE_BLOCKING_KEYS_H_
#define LIBMPI_LINKAGE_BLOCKING_KEYS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/name_encoder.h"
#include "libmpi/record/features.h"

namespace libmpi {

// DO NOT CHANGE the order: keys carry the number in their low bits.
enum class BlockingRule : uint8_t {
  kNameKanji = 0,   // letters of the whole name in any order: splits and swaps meet
  kNameKana,        // same, loose kana; kanji-only names under their likely readings
  kNameRomaji,
  kBirthSexInitial, // initial of the given name
  kBirthCity,
  kBirthGivenKanji,
  kBirthGivenKana,
  kBirthFamilyKanji,
  kBirthFamilyKana,
  kCard,            // insurer, symbol, number
  kCareNumber,
  kPhone,
  kStreet,          // city, town, numbers
};
inline constexpr int kBlockingRules = 13;

std::string_view BlockingRuleName(BlockingRule rule);

// A key: a hash of the rule's values, the rule's number in the low 4 bits.
inline BlockingRule RuleOfKey(uint64_t key) { return static_cast<BlockingRule>(key & 15); }

// Appends the keys of a record, sorted and unique. About 12 of them. `terms` are those of its names,
// which the features need not have; `given_initial` as in its EncodedRecord.
void AppendBlockingKeys(const Features& features, const NameTerms& terms, uint8_t given_initial,
                        std::vector<uint64_t>* keys);

// Number of refinement steps for keys that too many records share.
inline constexpr int kRefinements = 3;
// A sharper key: the key and one more value of the record (by rule and step: birth year,
// sex, initial of the given name, city). A value the record does not have counts as a value.
uint64_t RefinedKey(uint64_t key, const EncodedRecord& record,
                    const TextDictionary& texts, int step);
// The same where the text of the record's city stands elsewhere.
uint64_t RefinedKey(uint64_t key, const EncodedRecord& record, std::string_view city, int step);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_BLOCKING_KEYS_H_
