// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/fhir_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/my_number.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/record/sex.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr std::string_view kUrnOid = "urn:oid:";
// Below which institutions have their arcs: "1" and ten digits.
constexpr std::array<std::string_view, 2> kInstitutionRoots = {"1.2.392.100495.20.3.51.", "1.2.392.200119.6.51."};
constexpr size_t kInstitutionDigits = 10;
constexpr size_t kInsurerDigits = 8, kBranchDigits = 2;
constexpr std::string_view kElderlyLaw = "39";  // 後期高齢者医療, whose cards have no symbol

bool AllDigits(std::string_view text) {
  return !text.empty() && AreDigits(text);
}

std::string ZeroPadded(std::string_view text, size_t digits) {
  const bool pads = AllDigits(text) && text.size() < digits;
  return (pads ? std::string(digits - text.size(), '0') : std::string()) + std::string(text);
}

// Joined by a space where both say something.
std::string Joined(std::string_view a, std::string_view b) {
  return std::string(a) + (a.empty() || b.empty() ? "" : " ") + std::string(b);
}

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "\u3000")
      i += 2;
    else if (text[i] != ' ' && text[i] != '\t')
      out += text[i];
  }
  return out;
}

// A whole text beside its parts is kept where it says something else than they do.
std::string BesideParts(std::string_view whole, const std::string& parts) {
  if (whole.empty() || WithoutSpaces(whole) == WithoutSpaces(parts)) return "";
  return std::string(whole);
}

bool IsInstitution(std::string_view system) {
  const std::string source = FhirSourceOf(system);
  return source.size() == kInstitutionDigits && AllDigits(source) && source.size() != system.size();
}

// Lower case, letters alone: "My-Number", "my_number" are one.
std::string LettersOf(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool Has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool IsInsurance(const FhirIdentifier& identifier) {
  return identifier.system == kFhirMemberIdSystem || identifier.system == kFhirCoverageIdSystem;
}

// The best is least.
int RankOf(const FhirIdentifier& identifier, std::string_view wished) {
  constexpr int kOld = 100;
  const int old = identifier.use == "old" ? kOld : 0;
  if (!wished.empty() && FhirSourceOf(identifier.system) == wished) return old;
  if (IsInstitution(identifier.system)) return old + 1;
  if (identifier.system.empty()) return old + 5;
  const std::string& type = identifier.type_code;
  return old + (type == "MR" || type == "PI" ? 2 : type.empty() ? 3 : 4);
}

// One script's words for a name.
struct Spoken {
  FhirScript script;
  std::string full, family, given;
};

FhirScript ScriptOfName(const FhirName& name) {
  if (name.script != FhirScript::kUnsaid) return name.script;
  switch (ScriptOf(name.text + name.family + name.given)) {
    case Script::kKana:
      return FhirScript::kSyllabic;
    case Script::kLatin:
      return FhirScript::kAlphabetic;
    default:
      return FhirScript::kIdeographic;
  }
}

Spoken SpokenOf(FhirName&& name) {
  Spoken out{ScriptOfName(name), "", std::move(name.family), std::move(name.given)};
  const bool parts = !out.family.empty() || !out.given.empty();
  out.full = parts ? BesideParts(name.text, out.family + out.given) : std::move(name.text);
  return out;
}

// The words of one name, at most one a script.
using OneName = std::array<const Spoken*, 3>;

size_t ScriptIndex(const Spoken& spoken) { return static_cast<size_t>(spoken.script) - 1; }

StatedName NameOf(const OneName& scripts) {
  StatedName name;
  const auto [kanji, kana, latin] = scripts;
  const auto take = [](const Spoken& from, std::string* full, std::string* family, std::string* given) {
    *full = from.full;
    *family = from.family;
    *given = from.given;
  };
  if (kanji != nullptr) take(*kanji, &name.full, &name.family, &name.given);
  if (kana != nullptr) take(*kana, &name.full_kana, &name.family_kana, &name.given_kana);
  if (latin == nullptr) return name;
  if (kanji == nullptr && kana == nullptr) {
    take(*latin, &name.full, &name.family, &name.given);
  } else if (latin->family.empty() || latin->given.empty()) {
    name.latin = latin->full.empty() ? latin->family + latin->given : latin->full;
  } else {
    name.latin = latin->family + ", " + latin->given;
  }
  return name;
}

// The nth words of each script are one name where each script has as many; else a name goes on until it would have a
// script twice.
std::vector<OneName> NamesOf(const std::vector<Spoken>& all) {
  std::array<size_t, 3> count{};
  for (const Spoken& spoken : all) ++count[ScriptIndex(spoken)];
  const size_t most = std::ranges::max(count);
  const bool even = std::ranges::all_of(count, [&](size_t n) { return n == 0 || n == most; });
  std::vector<OneName> names;
  std::array<size_t, 3> seen{};
  for (const Spoken& spoken : all) {
    const size_t script = ScriptIndex(spoken);
    if (!even && (names.empty() || names.back()[script] != nullptr)) names.emplace_back();
    const size_t n = even ? seen[script]++ : names.size() - 1;
    if (n == names.size()) names.emplace_back();
    names[n][script] = &spoken;
  }
  return names;
}

bool IsFormer(std::string_view use) { return use == "old" || use == "maiden"; }
bool IsNobodys(std::string_view use) { return use == "nickname" || use == "anonymous"; }

void AddNames(std::vector<FhirName>&& names, Record* record) {
  std::vector<std::pair<std::string, std::vector<Spoken>>> by_use;
  std::array<size_t, 3> count{};
  for (FhirName& name : names) {
    if (IsNobodys(name.use) || (name.text.empty() && name.family.empty() && name.given.empty())) continue;
    if (IsFormer(name.use)) {
      record->former_names.push_back(name.text.empty() ? Joined(name.family, name.given) : std::move(name.text));
      continue;
    }
    auto known = std::ranges::find_if(by_use, [&](const auto& group) { return group.first == name.use; });
    // Uses are a handful of words; what is none of them is taken as one.
    if (known == by_use.end() && by_use.size() < 8) known = by_use.insert(by_use.end(), {name.use, {}});
    if (known == by_use.end()) known = by_use.begin();
    known->second.push_back(SpokenOf(std::move(name)));
    ++count[ScriptIndex(known->second.back())];
  }
  // One name, whatever each script says of its use.
  if (by_use.size() > 1 && std::ranges::max(count) == 1) {
    for (size_t i = 1; i < by_use.size(); ++i)
      for (Spoken& spoken : by_use[i].second) by_use[0].second.push_back(std::move(spoken));
    by_use.resize(1);
  }
  for (const auto& [use, spoken] : by_use)
    for (const OneName& name : NamesOf(spoken)) record->names.push_back(NameOf(name));
}

void AddAddress(FhirAddress&& said, Record* record) {
  if (said.use == "work" || said.use == "billing") return;
  StatedAddress address;
  const std::string parts = said.state + said.city + said.line;
  address.full = parts.empty() ? std::move(said.text) : BesideParts(said.text, parts);
  address.postal_code = std::move(said.postal_code);
  address.prefecture = std::move(said.state);
  address.city = std::move(said.city);
  address.street = std::move(said.line);
  if (address != StatedAddress()) record->addresses.push_back(std::move(address));
}

// Texts of one number, whatever their width and zeros.
std::string FoldedNumber(std::string_view text) {
  std::string out;
  for (const char c : FoldWidth(text))
    if (c != '-' && c != ' ') out += c;
  return out.substr(std::min(out.find_first_not_of('0'), out.size()));
}

// Fills a field that nothing said yet.
void Fill(std::string_view field, std::string_view said, const FhirNote& note, std::string* text) {
  said = WithoutBlanks(said);
  if (said.empty()) return;
  if (text->empty()) {
    *text = said;
  } else if (*text != said && FoldedNumber(*text) != FoldedNumber(said)) {
    note(field, "the coverage says two different ones: the first is taken");
  }
}

std::vector<std::string_view> SplitAt(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; parts.size() < 16;) {
    const size_t at = text.find(separator, begin);
    parts.push_back(text.substr(begin, at - begin));
    if (at == std::string_view::npos) break;
    begin = at + separator.size();
  }
  return parts;
}

// insurer, symbol, number, branch, as far as there are so many.
void FillFromParts(std::span<const std::string_view> parts, const FhirNote& note, StatedCoverage* card) {
  const auto part = [&](size_t i) { return i < parts.size() ? WithoutBlanks(parts[i]) : std::string_view(); };
  if (parts.size() != 4) note("number", "the member's identifier has not four parts: the first four are taken");
  if (part(0).size() != kInsurerDigits || !AllDigits(part(0)))
    note("insurer", "the member's identifier has an insurer that is not of eight digits");
  if (part(1).empty() && !part(0).starts_with(kElderlyLaw)) note("symbol", "the member's identifier has no symbol");
  if (part(2).empty()) note("number", "the member's identifier has no number");
  if (!part(3).empty() && (part(3).size() != kBranchDigits || !AllDigits(part(3))))
    note("branch", "the member's identifier has a branch that is not of two digits");
  Fill("insurer", part(0), note, &card->insurer);
  Fill("symbol", part(1), note, &card->symbol);
  Fill("number", part(2), note, &card->number);
  Fill("branch", part(3), note, &card->branch);
}

void FillFromMemberId(std::string_view text, const FhirNote& note, StatedCoverage* card) {
  // The colon is said to be of half width, and typed in any.
  const std::string_view colon = Has(text, ":") ? ":" : "：";
  const std::vector<std::string_view> parts = SplitAt(text, colon);
  if (parts.size() == 1) return note("number", "the member's identifier has no parts, and is left out");
  FillFromParts(parts, note, card);
}

void FillFromCoverageId(std::string_view text, const FhirNote& note, StatedCoverage* card) {
  std::vector<std::string_view> parts;
  std::vector<std::string> scratch;
  if (SplitCsvRow(text, ',', &parts, &scratch) != CsvDefect::kNone || parts.size() == 1)
    return note("number", "the coverage's identifier is no list of values, and is left out");
  FillFromParts(parts, note, card);
}

// "symbol:number", or the number alone.
void FillFromSubscriber(std::string_view text, const FhirNote& note, StatedCoverage* card) {
  const std::string_view colon = Has(text, ":") ? ":" : "：";
  const size_t at = text.find(colon);
  if (at == std::string_view::npos) return Fill("number", text, note, &card->number);
  Fill("symbol", text.substr(0, at), note, &card->symbol);
  Fill("number", text.substr(at + colon.size()), note, &card->number);
}

StatedCoverage CardOf(const FhirCoverage& said, const FhirNote& note) {
  StatedCoverage card;
  for (const std::string& id : said.member_ids) FillFromMemberId(id, note, &card);
  for (const std::string& id : said.coverage_ids) FillFromCoverageId(id, note, &card);
  Fill("symbol", said.symbol, note, &card.symbol);
  Fill("number", said.number, note, &card.number);
  Fill("branch", said.branch, note, &card.branch);
  FillFromSubscriber(said.subscriber_id, note, &card);
  Fill("branch", said.dependent, note, &card.branch);
  Fill("insurer", said.insurer, note, &card.insurer);
  return card;
}

std::string IsoDate(const CivilDate& date) {
  return IsoDateText(date).substr(0, date.month == 0 ? 4 : date.day == 0 ? 7 : 10);
}

void AddName(FhirScript script, std::string_view full, std::string_view family, std::string_view given,
             std::vector<FhirName>* names) {
  if (full.empty() && family.empty() && given.empty()) return;
  names->push_back({script, "official", full.empty() ? Joined(family, given) : std::string(full), std::string(family),
                    std::string(given)});
}

}  // namespace

std::string FhirSourceOf(std::string_view system) {
  if (!system.starts_with(kUrnOid)) return std::string(system);
  const std::string_view oid = system.substr(kUrnOid.size());
  for (const std::string_view root : kInstitutionRoots) {
    if (!oid.starts_with(root)) continue;
    const std::string_view rest = oid.substr(root.size());
    if (rest.size() == kInstitutionDigits + 1 && AllDigits(rest) && rest[0] == '1') return std::string(rest.substr(1));
    // Without the 1 that keeps a leading zero, as some write it.
    if (rest.size() == kInstitutionDigits && AllDigits(rest)) return std::string(rest);
  }
  return std::string(oid);
}

bool IsFhirMyNumber(const FhirIdentifier& identifier) {
  if (IsInstitution(identifier.system)) return false;
  const std::string letters = LettersOf(identifier.system);
  for (const std::string_view name : {"mynumber", "individualnumber", "kojinbango", "personalnumber"})
    if (Has(letters, name)) return true;
  for (const std::string_view text : {"マイナンバー", "個人番号"})
    if (Has(identifier.system, text) || Has(identifier.type_text, text)) return true;
  // JP Core names My Number as what `official` is for; table 0203's NI is a nation's number of a person.
  const bool of_nation = identifier.type_code == "NI" || identifier.use == "official";
  return of_nation && IsMyNumber(identifier.value);
}

bool IsFhirInsurerSystem(std::string_view system) {
  return system == kFhirInsurerSystem || system == "urn:oid:1.2.392.100495.20.3.61" ||
         system == "urn:oid:1.2.392.100495.20.3.71";
}

const FhirIdentifier* FhirKeyOf(std::span<const FhirIdentifier> identifiers, std::string_view wished) {
  const FhirIdentifier* best = nullptr;
  for (const FhirIdentifier& identifier : identifiers) {
    if (identifier.value.empty() || IsInsurance(identifier) || IsFhirMyNumber(identifier)) continue;
    if (best == nullptr || RankOf(identifier, wished) < RankOf(*best, wished)) best = &identifier;
  }
  return best;
}

size_t FhirInstitutionsOf(std::span<const FhirIdentifier> identifiers) {
  std::vector<std::string_view> systems;
  for (const FhirIdentifier& identifier : identifiers)
    if (identifier.use != "old" && IsInstitution(identifier.system)) systems.push_back(identifier.system);
  std::ranges::sort(systems);
  const auto repeats = std::ranges::unique(systems);
  return systems.size() - repeats.size();
}

void AddFhirPatient(FhirPatient&& patient, const FhirNote& note, Record* record) {
  AddNames(std::move(patient.names), record);
  for (FhirAddress& address : patient.addresses) AddAddress(std::move(address), record);
  for (std::string& phone : patient.phones) record->phones.push_back(std::move(phone));
  if (!patient.birth.empty()) record->births.push_back(std::move(patient.birth));
  if (!patient.gender.empty()) record->sexes.push_back(std::move(patient.gender));
  for (const FhirIdentifier& identifier : patient.identifiers) {
    if (!IsInsurance(identifier)) continue;
    FhirCoverage coverage;
    (identifier.system == kFhirMemberIdSystem ? coverage.member_ids : coverage.coverage_ids)
        .push_back(identifier.value);
    AddFhirCoverage(coverage, note, record);
  }
}

void AddFhirCoverage(const FhirCoverage& coverage, const FhirNote& note, Record* record) {
  if (coverage.entered_in_error) return note("number", "the coverage was entered in error, and is left out");
  StatedCoverage card = CardOf(coverage, note);
  if (card == StatedCoverage()) return note("number", "the coverage says neither insurer nor number");
  if (coverage.is_care)
    record->care.push_back({std::move(card.insurer), std::move(card.number)});
  else
    record->coverages.push_back(std::move(card));
}

std::vector<FhirName> FhirNamesOf(const Record& record) {
  std::vector<FhirName> names;
  for (const StatedName& name : record.names) {
    AddName(FhirScript::kIdeographic, name.full, name.family, name.given, &names);
    AddName(FhirScript::kSyllabic, name.full_kana, name.family_kana, name.given_kana, &names);
    const size_t comma = name.latin.find(',');
    const std::string_view latin = name.latin, family = WithoutBlanks(latin.substr(0, comma)),
                           given = comma == std::string::npos ? "" : WithoutBlanks(latin.substr(comma + 1));
    if (family.empty() || given.empty())
      AddName(FhirScript::kAlphabetic, latin, "", "", &names);
    else
      AddName(FhirScript::kAlphabetic, "", family, given, &names);
  }
  for (const std::string& name : record.former_names) names.push_back({FhirScript::kUnsaid, "old", name, "", ""});
  return names;
}

std::vector<FhirAddress> FhirAddressesOf(const Record& record) {
  std::vector<FhirAddress> out;
  for (const StatedAddress& said : record.addresses)
    out.push_back({"home", said.full.empty() ? said.prefecture + said.city + said.street : said.full, said.prefecture,
                   said.city, said.street, said.postal_code});
  return out;
}

std::vector<FhirCoverage> FhirCoveragesOf(const Record& record) {
  std::vector<FhirCoverage> out;
  for (const StatedCoverage& card : record.coverages) {
    FhirCoverage& coverage = out.emplace_back();
    coverage.insurer = ZeroPadded(card.insurer, kInsurerDigits);
    coverage.symbol = card.symbol;
    coverage.number = card.number;
    coverage.branch = ZeroPadded(card.branch, kBranchDigits);
    const std::string texts = coverage.insurer + card.symbol + card.number + coverage.branch;
    const bool whole = !coverage.insurer.empty() && !card.number.empty() && !Has(texts, ":");
    if (whole)
      coverage.member_ids.push_back(coverage.insurer + ":" + card.symbol + ":" + card.number + ":" + coverage.branch);
  }
  for (const StatedCareInsurance& card : record.care) {
    FhirCoverage& coverage = out.emplace_back();
    coverage.insurer = card.insurer;
    coverage.number = card.number;
    coverage.is_care = true;
  }
  return out;
}

std::string FhirBirthOf(const Record& record) {
  std::vector<Finding> ignored;
  CivilDate date;
  for (const std::string& birth : record.births)
    if (ParseBirthDate(birth, {}, &date, &ignored)) return IsoDate(date);
  return "";
}

std::string FhirGenderOf(const Record& record) {
  std::vector<Finding> ignored;
  for (const std::string& sex : record.sexes) {
    const Sex read = ParseSex(sex, &ignored);
    if (read != Sex::kUnknown) return read == Sex::kMale ? "male" : "female";
  }
  for (const std::string& sex : record.sexes)
    for (const std::string_view other : {"O", "3", "その他", "other"})
      if (sex == other) return "other";
  return record.sexes.empty() ? "" : "unknown";
}

}  // namespace libmpi
