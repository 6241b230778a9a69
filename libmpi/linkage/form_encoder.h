// SPDX-License-Identifier: Apache-2.0
// Names of any forms to what linkage keeps of them, each part worked out once.
#ifndef LIBMPI_LINKAGE_FORM_ENCODER_H_
#define LIBMPI_LINKAGE_FORM_ENCODER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/base/text_map.h"
#include "libmpi/linkage/name_encoder.h"

namespace libmpi {

// Gives what EncodeNames gives. Parts repeat, above all among the ways to divide a name: of each it remembers
// text number, hashes and readings, some hundred bytes for up to half a million parts. For one thread.
class FormEncoder {
 public:
  // Borrows both.
  FormEncoder(const ReadingModel* readings, TextDictionary* texts) : readings_(readings), texts_(texts) {}

  void Encode(std::span<const NameFeatures> names, NameEncoding* out);

 private:
  struct Part {
    TextId text = 0;
    uint64_t hash = 0, bag = 0;  // of the bytes, of the letters
    bool has_lookup = false, has_family = false, has_given = false;  // what is worked out
    KanaLookup lookup;                                               // as kana
    std::vector<KanaLookup> family_readings, given_readings;         // as kanji, likely ones
  };

  Part& Of(const std::string& text);
  const KanaLookup& LookupOf(const std::string& kana);
  std::span<const KanaLookup> Readings(NamePart part, const std::string& kanji);

  EncodedName EncodeName(const NameFeatures& name, size_t k);
  void EncodeForms(std::span<const NameFeatures> names, NameEncoding* out);
  uint8_t GivenInitial(const NameFeatures& name);
  void SetBags(const NameFeatures& name, NameEncoding* out);
  void AddContent(const std::vector<NameForm>& forms, uint64_t* hash);
  void AddKanji(const NameForm& form, NameTerms* terms);
  void AddKana(const NameForm& form, NameTerms* terms);
  void AddLatin(const NameForm& form, NameTerms* terms);
  void AddLikelyReadings(const NameForm& form, NameTerms* terms);

  const ReadingModel* readings_;
  TextDictionary* texts_;
  TextMap<std::unique_ptr<Part>> parts_;
  std::vector<EncodedName> forms_;  // of the record at hand
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_FORM_ENCODER_H_
