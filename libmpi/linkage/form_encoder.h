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
// text number, hashes and readings, some hundred bytes for up to about half a million parts. For one thread.
class FormEncoder {
 public:
  // Borrows both.
  FormEncoder(const ReadingModel* readings, TextDictionary* texts) : readings_(readings), texts_(texts) {}

  void Encode(std::span<const NameFeatures> names, NameEncoding* out);

 private:
  // As letters.
  struct Latin {
    TextId text = 0;    // of the romaji key
    KanaLookup lookup;  // but for the bag
  };
  struct Part {
    TextId text = 0;
    uint64_t hash = 0, bag = 0;  // of the bytes, of the letters
    bool has_kana = false, has_latin = false, has_family = false, has_given = false;  // what is worked out
    KanaLookup kana;
    Latin latin;
    std::vector<KanaLookup> family_readings, given_readings;  // as kanji, likely ones
  };
  // A form and its parts, looked up once for all that is asked of them. They stay good until the next names.
  struct Form {
    const NameForm* stated;
    Part *family, *given;
  };
  struct Name {
    std::vector<Form> kanji, kana, latin;
    bool former = false;
  };

  Part& Of(const std::string& text);
  // What a part is as a text of a script; `text` is its own.
  static const KanaLookup& AsKana(const std::string& text, Part* part);
  const Latin& AsLatin(const std::string& text, Part* part);
  std::span<const KanaLookup> Readings(NamePart name_part, const std::string& kanji, Part* part);

  void FindParts(std::span<const NameFeatures> names);
  EncodedName EncodeName(const Name& name, size_t k);
  void EncodeForms(std::span<const Name> names, NameEncoding* out);
  uint8_t GivenInitial(const Name& name);
  static void SetBags(const Name& name, NameEncoding* out);
  static void AddContent(const std::vector<Form>& forms, uint64_t* hash);
  static void AddKanji(const Form& form, NameTerms* terms);
  static void AddKana(const Form& form, NameTerms* terms);
  void AddLatin(const Form& form, NameTerms* terms);
  void AddLikelyReadings(const Form& form, NameTerms* terms);

  const ReadingModel* readings_;
  TextDictionary* texts_;
  TextMap<std::unique_ptr<Part>> parts_;
  // Of the record at hand, in rooms used again; names_ may have more than it has names.
  std::vector<Name> names_;
  std::vector<EncodedName> forms_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_FORM_ENCODER_H_
