// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/golden_reader.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/record/address.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/care.h"
#include "libmpi/record/coverage.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/record/name_annotations.h"
#include "libmpi/record/person_name.h"
#include "libmpi/record/phone.h"
#include "libmpi/record/sex.h"

namespace libmpi {
namespace {

bool Has(const std::vector<Finding>& findings, FindingCode code) {
  return std::any_of(findings.begin(), findings.end(), [code](const Finding& f) { return f.code == code; });
}

std::string Number(int n) { return n == 0 ? "" : std::to_string(n); }

// Which Latin word is the family name is often not told.
std::string WordsOf(const NameForm& latin) {
  std::vector<std::string> words(1);
  for (char c : latin.family + " " + latin.given) {
    if (c == ' ') words.emplace_back();
    else words.back() += c;
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

int CountSaid(const std::vector<std::string>& parts) {
  return static_cast<int>(std::count_if(parts.begin(), parts.end(), [](const std::string& p) { return !p.empty(); }));
}

// A name's fields of one script.
struct NameFields {
  std::string_view full, family, given;
};

int NameCompleteness(const NameForm& form, const std::vector<Finding>& findings, bool both_scripts) {
  const bool glyph = Has(findings, FindingCode::kUnknownGlyph), annotated = Has(findings, FindingCode::kNameAnnotation);
  return 16 * !glyph + 8 * !form.given.empty() + 4 * both_scripts + 2 * !annotated + !form.guessed;
}

std::string_view WithoutSpaces(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// Of a field with several numbers: the piece that each number stands in alone, where it can be told.
std::map<PhoneFeatures, std::string_view> PiecesOf(std::string_view text) {
  constexpr std::string_view kSeparators[] = {"/", ",", ";", "、", "／", "，", "；", "\n", "\r", "\t", " ", "　"};
  std::map<PhoneFeatures, std::string_view> out;
  std::vector<Finding> ignored;
  for (std::string_view separator : kSeparators) {
    if (!Contains(text, separator)) continue;
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find(separator, begin), text.size());
      const std::string_view piece = WithoutSpaces(text.substr(begin, end - begin));
      const std::vector<PhoneFeatures> phones = ParsePhones(piece, &ignored);
      if (phones.size() == 1) out.try_emplace(phones[0], piece);
      begin = end + separator.size();
    }
  }
  return out;
}

class Reader {
 public:
  Reader(const SurvivorshipRules& rules, CivilDate today) : rules_(rules), today_(today) {}

  void Read(const Record& record, const Witness& witness) {
    witness_ = &witness;
    own_families_.clear();
    former_families_.clear();
    for (const StatedName& name : record.names) ReadName(name);
    for (const std::string& former : record.former_names) ReadFormer(former);
    // The name itself in the former one's field is no claim.
    for (const std::string& former : former_families_)
      if (!own_families_.empty() && !own_families_.contains(former)) called_former_.insert(former);
    for (const std::string& birth : record.births) ReadBirth(birth);
    for (const std::string& sex : record.sexes) ReadSex(sex);
    for (const StatedCoverage& coverage : record.coverages) ReadCoverage(coverage);
    for (const StatedCareInsurance& care : record.care) ReadCare(care);
    for (const StatedAddress& address : record.addresses) ReadAddress(address);
    for (const std::string& phone : record.phones) ReadPhones(phone);
  }

  GoldenStatements Take() && {
    for (std::vector<NameStatement>* names : {&out_.names, &out_.kana, &out_.latin})
      for (NameStatement& name : *names)
        if (called_former_.contains(FormsOf(name.read)[0].family)) --name.value.grounds;
    return std::move(out_);
  }

 private:
  ValueStatement Said(std::vector<std::string> parts, Spelling spelling) const {
    ValueStatement out;
    out.completeness = CountSaid(parts);
    out.parts = std::move(parts);
    out.spelling = spelling;
    out.witness = witness_;
    return out;
  }

  void Refuse(GoldenField field, const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) out_.refused[{field, finding.code}].push_back(witness_->record);
  }

  void ReadName(const StatedName& name) {
    ++statement_;
    const bool has_kana = !name.full_kana.empty() || !name.family_kana.empty() || !name.given_kana.empty();
    const bool has_written = !name.full.empty() || !name.family.empty() || !name.given.empty();
    ReadNameFields({name.full, name.family, name.given}, GoldenField::kName, has_kana);
    ReadNameFields({name.full_kana, name.family_kana, name.given_kana}, GoldenField::kKana, has_written);
    ReadNameFields({name.latin, "", ""}, GoldenField::kLatin, has_written || has_kana);
  }

  void ReadNameFields(const NameFields& fields, GoldenField field, bool both_scripts) {
    if (fields.full.empty() && fields.family.empty() && fields.given.empty()) return;
    StatedNameView stated;
    stated.full = fields.full;
    stated.family = fields.family;
    stated.given = fields.given;
    std::vector<Finding> findings;
    std::vector<NameFeatures> read = ParseName(stated, nullptr, ShippedReadings(), &findings);
    if (std::any_of(read.begin(), read.end(), [](const NameFeatures& n) { return n.former; })) ReadFormerNotes(fields);
    if (read.empty() || read[0].former) return Refuse(field, findings);
    AddName(fields, std::move(read[0]), findings, both_scripts);
  }

  // Into the script that it is in, whichever field it stands in.
  void AddName(const NameFields& fields, NameFeatures read, const std::vector<Finding>& findings, bool both_scripts) {
    const bool kana = read.kanji.empty() && read.latin.empty(), latin = read.kanji.empty() && read.kana.empty();
    NameStatement out;
    const NameForm& form = FormsOf(read)[0];
    out.value = Said({latin ? WordsOf(form) : form.family + form.given}, {fields.full, fields.family, fields.given});
    out.value.stem = !latin && form.given.empty();
    out.value.completeness = NameCompleteness(form, findings, both_scripts);
    if (Has(findings, FindingCode::kNameTest)) out.value.grounds -= 2;
    out.statement = statement_;
    if (!form.family.empty()) own_families_.insert(form.family);
    out.read = std::move(read);
    (kana ? out_.kana : latin ? out_.latin : out_.names).push_back(std::move(out));
  }

  void ReadFormer(std::string_view text) {
    std::vector<Finding> findings;
    const std::vector<NameFeatures> read = ParseFormerName(text, {}, nullptr, ShippedReadings(), &findings);
    if (read.empty()) return Refuse(GoldenField::kFormerName, findings);
    const std::vector<NameForm>& forms = FormsOf(read[0]);
    out_.former_names.push_back(Said({forms[0].family + forms[0].given}, {text}));
    out_.former_names.back().stem = forms[0].given.empty();
    if (!forms[0].family.empty()) former_families_.insert(forms[0].family);
  }

  // "山田 花子(旧姓 佐藤)": where the former name stands in the text letter for letter.
  void ReadFormerNotes(const NameFields& fields) {
    for (std::string_view field : {fields.full, fields.family, fields.given})
      for (const NoteName& note : CleanNameText(Capped(field)).others) {
        const size_t at = note.former ? field.find(note.text) : std::string_view::npos;
        if (at != std::string_view::npos) ReadFormer(field.substr(at, note.text.size()));
      }
  }

  void ReadBirth(std::string_view text) {
    std::vector<Finding> findings;
    CivilDate date;
    if (!ParseBirthDate(text, today_, &date, &findings)) return Refuse(GoldenField::kBirth, findings);
    ValueStatement value = Said({Number(date.year), Number(date.month), Number(date.day)}, {text});
    value.completeness = 2 * value.completeness - Has(findings, FindingCode::kSerialDate);
    out_.births.push_back(std::move(value));
  }

  void ReadSex(std::string_view text) {
    std::vector<Finding> findings;
    const Sex sex = ParseSex(text, &findings);
    if (sex == Sex::kUnknown) return Refuse(GoldenField::kSex, findings);
    out_.sexes.push_back(Said({Number(static_cast<int>(sex))}, {text}));
  }

  void ReadCoverage(const StatedCoverage& stated) {
    std::vector<Finding> findings;
    CoverageFeatures read = ParseCoverage(stated, &findings);
    const bool trusted = read.trusted || !rules_.insurer_check_digits;
    if (!trusted || (read.number.empty() && read.insurer.empty())) return Refuse(GoldenField::kCoverage, findings);
    int kind = 100 * static_cast<int>(read.kind);
    if (read.kind == CoverageKind::kPublic) kind += (read.insurer[0] - '0') * 10 + (read.insurer[1] - '0');
    out_.coverages[kind].push_back(Said({std::move(read.insurer), std::move(read.symbol), std::move(read.number),
                                         std::move(read.branch)},
                                        {stated.insurer, stated.symbol, stated.number, stated.branch}));
  }

  void ReadCare(const StatedCareInsurance& stated) {
    std::vector<Finding> findings;
    CareFeatures read = ParseCare(stated, &findings);
    const bool trusted = !Has(findings, FindingCode::kInsurerCheckDigit) || !rules_.insurer_check_digits;
    if (!trusted || read.number.empty()) return Refuse(GoldenField::kCare, findings);
    out_.care.push_back(Said({std::move(read.insurer), std::move(read.number)}, {stated.insurer, stated.number}));
  }

  void ReadAddress(const StatedAddress& stated) {
    std::vector<Finding> findings;
    AddressFeatures read = ParseAddress(stated, &findings);
    if (read.city.empty() && read.town.empty() && read.postal_code.empty())
      return Refuse(GoldenField::kAddress, findings);
    out_.addresses.push_back(
        Said({Number(read.prefecture), std::move(read.city), std::move(read.town), std::move(read.numbers),
              std::move(read.building), std::move(read.postal_code)},
             {stated.postal_code, stated.prefecture, stated.city, stated.street, stated.full}));
  }

  void ReadPhones(std::string_view text) {
    std::vector<Finding> findings;
    const std::vector<PhoneFeatures> read = ParsePhones(text, &findings);
    if (read.empty()) return Refuse(GoldenField::kPhone, findings);
    std::map<PhoneFeatures, std::string_view> pieces;
    if (read.size() > 1) pieces = PiecesOf(Capped(text));
    for (const PhoneFeatures& phone : read) {
      const auto piece = pieces.find(phone);
      ValueStatement value = Said({phone.digits}, {piece != pieces.end() ? piece->second : text});
      value.alone = read.size() == 1 || piece != pieces.end();
      out_.phones[static_cast<int>(phone.kind)].push_back(std::move(value));
    }
  }

  const SurvivorshipRules& rules_;
  const CivilDate today_;
  GoldenStatements out_;
  // Of the record under work.
  const Witness* witness_ = nullptr;
  std::set<std::string> own_families_, former_families_;
  std::set<std::string> called_former_;  // in all records
  uint32_t statement_ = 0;
};

}  // namespace

const std::vector<NameForm>& FormsOf(const NameFeatures& name) {
  return !name.kanji.empty() ? name.kanji : !name.kana.empty() ? name.kana : name.latin;
}

const ReadingModel& ShippedReadings() {
  static const ReadingModel* const readings = new ReadingModel();
  return *readings;
}

GoldenStatements ReadGoldenStatements(std::span<const std::pair<const Record*, const Witness*>> records,
                                      const SurvivorshipRules& rules, CivilDate today) {
  Reader reader(rules, today);
  for (const auto& [record, witness] : records) reader.Read(*record, *witness);
  return std::move(reader).Take();
}

}  // namespace libmpi
