// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/search_criteria.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/record_encoder.h"
#include "libmpi/record/person_name.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

// Names are shorter; so many ways to divide one are looked up.
constexpr size_t kLongestWord = 16;

absl::Status Unreadable(std::string_view what) {
  return absl::InvalidArgumentError("the " + std::string(what) + " of a search can't be read");
}

// A part as it was typed, without its '*'.
struct Typed {
  std::string text;
  bool begins = false;
};

// kInvalidArgument: a '*' that isn't the last letter.
absl::Status TakeStar(std::string_view text, std::string_view what, Typed* out) {
  out->text = FoldWidth(text);
  while (!out->text.empty() && (out->text.back() == '*' || out->text.back() == ' ')) {
    out->begins = out->begins || out->text.back() == '*';
    out->text.pop_back();
  }
  return out->text.find('*') == std::string::npos ? absl::OkStatus() : Unreadable(what);
}

NamePattern PatternOf(Script script, std::string key, bool begins) {
  NamePattern pattern{script, std::move(key), "", "", begins};
  if (script == Script::kLatin) {
    pattern.typed = TypedRomajiKey(pattern.key);
    pattern.romaji = RomajiKey(pattern.key);
  }
  return pattern;
}

// One part of a name, read as a record's.
absl::Status ReadPart(const Typed& typed, std::string_view what, const FrozenModel& model,
                      const ReadingModel& readings, NamePattern* out) {
  std::string text = typed.text;
  std::erase(text, ' ');  // several words of one part are one word
  StatedNameView stated;
  stated.family = text;
  std::vector<Finding> findings;
  const std::vector<NameFeatures> names = ParseName(stated, &model.model().names, readings, &findings);
  Script script = Script::kNone;
  std::string key;
  if (!names.empty()) {
    const NameFeatures& name = names.front();
    const std::vector<NameForm>& forms = !name.kanji.empty() ? name.kanji : !name.kana.empty() ? name.kana : name.latin;
    script = !name.kanji.empty() ? Script::kKanji : !name.kana.empty() ? Script::kKana : Script::kLatin;
    key = forms.front().family.empty() ? forms.front().given : forms.front().family;
  }
  if (key.empty()) {  // what no record would be taken for a name by, but may be the beginning of one
    script = ScriptOf(text);
    if (script == Script::kMixed) script = Script::kKanji;
    key = script == Script::kKanji ? FoldKanji(text) : script == Script::kKana ? FoldKana(text) : FoldLatin(text);
  }
  *out = PatternOf(script, std::move(key), typed.begins);
  const bool none = out->key.empty() || (script == Script::kLatin && (out->typed.empty() || out->romaji.empty()));
  return none || script == Script::kNone ? Unreadable(what) : absl::OkStatus();
}

bool TextFits(std::string_view text, std::string_view wanted, bool begins) {
  return begins ? text.substr(0, wanted.size()) == wanted : text == wanted;
}

// `spelled`: whether a name in romaji is compared as it was said in romaji, not with the kana.
bool PartFits(const std::optional<NamePattern>& pattern, TextId kanji, TextId kana, TextId latin, bool spelled,
              const NodeTexts& texts) {
  if (!pattern) return true;
  switch (pattern->script) {
    case Script::kKanji: return TextFits(texts.Stored(kanji), pattern->key, pattern->begins);
    case Script::kKana: return TextFits(texts.Stored(kana), pattern->key, pattern->begins);
    default: break;
  }
  if (spelled) return TextFits(texts.Stored(latin), pattern->romaji, pattern->begins);
  return kana != 0 && TextFits(TypedRomajiKeyOfKana(texts.Stored(kana)), pattern->typed, pattern->begins);
}

// What the romaji of all kana begin with that are this, or begin so: an I may turn into a glide (シ, ショ).
std::string RomajiOf(const NamePattern& kana) {
  std::string romaji = TypedRomajiKeyOfKana(kana.key);
  if (kana.begins && !romaji.empty() && romaji.back() == 'I') romaji.pop_back();
  return romaji;
}

// The ranges of one part that stands alone.
void AddPart(const NamePattern& pattern, bool family, std::vector<TermRange>* out) {
  const auto add = [&](TermKind kind, const std::string& text) {
    out->push_back({kind, TermText(text), pattern.begins});
  };
  if (pattern.script == Script::kKanji) {
    add(family ? TermKind::kFamilyKanji : TermKind::kGivenKanji, pattern.key);
  } else if (pattern.script == Script::kKana) {
    if (family) add(TermKind::kFamilyKana, pattern.key);
    else add(TermKind::kGivenRomaji, RomajiOf(pattern));
  } else {
    add(family ? TermKind::kFamilyRomaji : TermKind::kGivenRomaji, pattern.typed);
    add(family ? TermKind::kFamilyLatin : TermKind::kGivenLatin, pattern.romaji);
  }
}

// The ranges of whole names, where both parts are of one script and the family name is told to its end.
bool AddWhole(const NameQuery& name, std::vector<TermRange>* out) {
  if (!name.family || !name.given || name.family->begins || name.family->script != name.given->script) return false;
  const auto add = [&](TermKind kind, const std::string& family, const std::string& given) {
    out->push_back({kind, TermText(family + kTermGap + given), name.given->begins});
  };
  switch (name.family->script) {
    case Script::kKanji: add(TermKind::kWholeKanji, name.family->key, name.given->key); break;
    case Script::kKana: add(TermKind::kWholeRomaji, RomajiOf(*name.family), RomajiOf(*name.given)); break;
    default:
      add(TermKind::kWholeRomaji, name.family->typed, name.given->typed);
      add(TermKind::kWholeLatin, name.family->romaji, name.given->romaji);
  }
  return true;
}

// A record with its names as they were said, as bytes that no table has: without blocking keys, former names left out,
// for nobody swaps them.
std::string PackAsSaid(const Record& record, const CivilDate& said_on, const FrozenModel& model) {
  const NameCounts* const counts = &model.model().names;
  const ReadingModel& readings = *model.scoring().readings;
  const Standardizer standardizer(StandardizeOptions{said_on, model.model().insurer_check_digits}, counts, &readings);
  RecordView view;
  view.Assign(record);
  Features features;
  for (size_t i = 0; i < std::min(view.names.size(), kMostValues); ++i)
    for (NameFeatures& name : ParseName(view.names[i], counts, readings, &features.findings, SwappedNames::kAsSaid))
      features.names.push_back(std::move(name));
  standardizer.ReadAllButNames(view, &features);
  TextDictionary texts(1);
  MoreValues more;
  const EncodedRecord encoded = EncodeFeatures(features, readings, &texts, &more);
  return PackNode(encoded, more, texts, {});
}

}  // namespace

absl::StatusOr<SearchQuery> SearchQuery::Make(const SearchCriteria& criteria, const FrozenModel& model,
                                              const CivilDate& today) {
  SearchQuery query;
  Record record;
  LIBMPI_RETURN_IF_ERROR(query.ReadNames(criteria, model, &record));
  if (!criteria.birth.empty()) record.births.push_back(criteria.birth);
  if (!criteria.sex.empty()) record.sexes.push_back(criteria.sex);
  if (!criteria.phone.empty()) record.phones.push_back(criteria.phone);
  if (!criteria.postal_code.empty() || !criteria.city.empty())
    record.addresses.push_back({criteria.postal_code, "", criteria.city, "", ""});
  if (!criteria.insurer.empty() || !criteria.symbol.empty() || !criteria.number.empty())
    record.coverages.push_back({criteria.insurer, criteria.symbol, criteria.number, ""});
  std::vector<Finding> findings;
  query.packed_ = model.Pack(record, today, &findings);
  LIBMPI_RETURN_IF_ERROR(query.ReadOthers(criteria, findings));
  const auto is_whole = [](const NameQuery& name) {
    return name.family && name.given && !name.family->begins && !name.given->begins;
  };
  query.whole_ = IsFullDate(query.said_.birth) && std::ranges::any_of(query.names_, is_whole);
  return query;
}

absl::Status SearchQuery::ReadNames(const SearchCriteria& criteria, const FrozenModel& model, Record* record) {
  StatedName plain;
  Typed full, family, given;
  if (!criteria.full.empty()) {
    if (!criteria.family.empty() || !criteria.given.empty())
      return absl::InvalidArgumentError("a search has a whole name or parts of one, not both");
    if (criteria.full.find('*') == std::string::npos && criteria.full.find("＊") == std::string::npos)
      plain.full = criteria.full;
    LIBMPI_RETURN_IF_ERROR(ReadFull(criteria.full, model));
  }
  NameQuery name;
  LIBMPI_RETURN_IF_ERROR(TakeStar(criteria.family, "family name", &family));
  LIBMPI_RETURN_IF_ERROR(TakeStar(criteria.given, "given name", &given));
  if (!family.text.empty())
    LIBMPI_RETURN_IF_ERROR(ReadPart(family, "family name", model, *model.scoring().readings, &name.family.emplace()));
  if (!given.text.empty())
    LIBMPI_RETURN_IF_ERROR(ReadPart(given, "given name", model, *model.scoring().readings, &name.given.emplace()));
  if (name.family && !family.begins) plain.family = criteria.family;
  if (name.given && !given.begins) plain.given = criteria.given;
  if (name.family || name.given) names_.push_back(std::move(name));
  if (plain != StatedName()) record->names.push_back(std::move(plain));
  return absl::OkStatus();
}

absl::Status SearchQuery::ReadFull(std::string_view full, const FrozenModel& model) {
  std::string text = FoldWidth(full);
  for (std::string_view mark : {"・", ",", "、", "="})
    for (size_t pos; (pos = text.find(mark)) != std::string::npos;) text.replace(pos, mark.size(), " ");
  std::vector<NamePattern> words;
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find(' ', pos), text.size());
    Typed typed;
    LIBMPI_RETURN_IF_ERROR(TakeStar(std::string_view(text).substr(pos, end - pos), "name", &typed));
    if (!typed.text.empty())
      LIBMPI_RETURN_IF_ERROR(ReadPart(typed, "name", model, *model.scoring().readings, &words.emplace_back()));
    pos = end + 1;
  }
  if (words.empty()) return absl::OkStatus();
  if (words.size() == 1) {
    AddDivided(words[0]);
    return absl::OkStatus();
  }
  const auto joined = [&words](size_t begin, size_t end) {
    std::string key;
    for (size_t i = begin; i < end; ++i) key += words[i].key;
    return PatternOf(words[begin].script, std::move(key), words[end - 1].begins);
  };
  const size_t n = words.size();
  names_.push_back({words[0], joined(1, n)});
  // Only in kanji the family name is sure to stand first.
  if (words[0].script != Script::kKanji) names_.push_back({words[n - 1], joined(0, n - 1)});
  return absl::OkStatus();
}

// A word may be either part of a name, or both of them.
void SearchQuery::AddDivided(const NamePattern& word) {
  names_.push_back({word, std::nullopt});
  names_.push_back({std::nullopt, word});
  if (word.script == Script::kLatin) return;
  size_t letters = 0;
  for (size_t pos = 0; pos < word.key.size() && ++letters < kLongestWord;) {
    NextCodePoint(word.key, &pos);
    if (pos == word.key.size()) break;
    names_.push_back({PatternOf(word.script, word.key.substr(0, pos), false),
                      PatternOf(word.script, word.key.substr(pos), word.begins)});
  }
}

absl::Status SearchQuery::ReadOthers(const SearchCriteria& criteria, const std::vector<Finding>& findings) {
  NodeTexts texts;
  UnpackedNode node;
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed_, &texts, &node));
  said_ = node.record;
  city_ = texts.Stored(said_.address.city);
  const bool bad_sex = std::ranges::any_of(
      findings, [](const Finding& f) { return f.code == FindingCode::kSexUnreadable; });
  if (!criteria.birth.empty() && said_.birth == 0) return Unreadable("birth date");
  if (!criteria.sex.empty() && bad_sex) return Unreadable("sex");
  if (!criteria.phone.empty() && said_.phone.digits.empty()) return Unreadable("phone number");
  if (!criteria.postal_code.empty() && said_.address.postal_code == 0) return Unreadable("postal code");
  if (!criteria.city.empty() && city_.empty()) return Unreadable("city");
  if (!criteria.insurer.empty() && said_.coverage.insurer == 0) return Unreadable("insurer's number");
  if (!criteria.symbol.empty() && said_.coverage.symbol == 0) return Unreadable("symbol of a card");
  if (!criteria.number.empty() && said_.coverage.number.empty()) return Unreadable("number of a card");
  if (said_.birth == 0) return absl::OkStatus();
  first_birth_ = said_.birth;
  const uint32_t open = MonthOf(said_.birth) == 0 ? 0xFFFF : DayOf(said_.birth) == 0 ? 0xFF : 0;
  last_birth_ = said_.birth | open;
  return absl::OkStatus();
}

bool SearchQuery::empty() const {
  return names_.empty() && said_.birth == 0 && said_.sex == Sex::kUnknown && said_.phone.digits.empty() &&
         !said_.address.present() && !said_.coverage.present();
}

std::vector<TermRange> SearchQuery::NameRanges() const {
  std::vector<TermRange> ranges;
  for (const NameQuery& name : names_)
    if (!AddWhole(name, &ranges)) AddPart(name.family ? *name.family : *name.given, name.family.has_value(), &ranges);
  SetBirth(&ranges);
  return ranges;
}

std::vector<TermRange> SearchQuery::TurnedRanges() const {
  std::vector<TermRange> ranges;
  for (const NameQuery& name : names_) {
    const bool lone = !name.family || !name.given;
    if (lone && names_.size() > 1) continue;  // of a word that may be either part, which is looked up as both
    if (AddWhole({name.given, name.family}, &ranges)) continue;
    if (name.family && !name.family->begins) AddPart(*name.family, false, &ranges);
    else if (name.given && !name.given->begins) AddPart(*name.given, true, &ranges);
  }
  std::erase_if(ranges, [](const TermRange& range) {  // nobody turns what was said in romaji
    return range.kind == TermKind::kFamilyLatin || range.kind == TermKind::kGivenLatin ||
           range.kind == TermKind::kWholeLatin;
  });
  SetBirth(&ranges);
  return ranges;
}

void SearchQuery::SetBirth(std::vector<TermRange>* ranges) const {
  for (TermRange& range : *ranges) {
    range.first = first_birth_;
    range.last = last_birth_;
  }
}

std::vector<std::vector<TermRange>> SearchQuery::Ranges() const {
  std::vector<std::vector<TermRange>> lists;
  const EncodedCoverage& card = said_.coverage;
  if (!card.number.empty()) {
    std::vector<TermRange>& list = lists.emplace_back();
    for (const PackedDigits& digits : {card.number, card.number_without_branch})
      if (!digits.empty()) list.push_back({TermKind::kNumber, TermText(digits.bits())});
  }
  if (!said_.phone.digits.empty()) lists.push_back({{TermKind::kPhone, TermText(said_.phone.digits.bits())}});
  if (!names_.empty() && IsFullDate(said_.birth)) lists.push_back(NameRanges());
  if (said_.address.postal_code != 0)
    lists.push_back({{TermKind::kPostalCode, TermText(said_.address.postal_code)}});
  if (IsFullDate(said_.birth)) lists.push_back({{TermKind::kBirth, "-", false, first_birth_, last_birth_}});
  if (!names_.empty() && !IsFullDate(said_.birth)) lists.push_back(NameRanges());
  if (names_.size() == 1 && names_[0].family && names_[0].given && names_[0].family->begins) {
    std::vector<TermRange>& list = lists.emplace_back();
    AddPart(*names_[0].given, false, &list);
    SetBirth(&list);
  }
  if (said_.birth != 0 && lists.empty())
    lists.push_back({{TermKind::kBirth, "-", false, first_birth_, last_birth_}});
  return lists;
}

bool SearchQuery::NameFits(const EncodedName& name, const NodeTexts& texts) const {
  for (const NameQuery& wanted : names_)
    for (const bool spelled : {false, true})
      if (PartFits(wanted.family, name.family_kanji, name.family_kana, name.family_latin, spelled, texts) &&
          PartFits(wanted.given, name.given_kanji, name.given_kana, name.given_latin, spelled, texts))
        return true;
  return false;
}

bool SearchQuery::NameMayFitAsSaid(const EncodedName& name, const NodeTexts& texts) const {
  // One script tells which way is right: both were said.
  if (!name.family_kanji || !name.given_kanji || !name.family_kana || !name.given_kana) return false;
  EncodedName kanji = name, kana = name;
  std::swap(kanji.family_kanji, kanji.given_kanji);
  std::swap(kana.family_kana, kana.given_kana);
  return NameFits(kanji, texts) || NameFits(kana, texts);
}

bool SearchQuery::BirthFits(const UnpackedNode& node) const {
  const auto fits = [this](EncodedDate birth) { return birth != 0 && birth >= first_birth_ && birth <= last_birth_; };
  return fits(node.record.birth) || std::ranges::any_of(node.more.births, fits);
}

bool SearchQuery::AddressFits(const UnpackedNode& node, const NodeTexts& texts) const {
  const auto fits = [&](const EncodedAddress& address) {
    return (said_.address.postal_code == 0 || address.postal_code == said_.address.postal_code) &&
           TextFits(texts.Stored(address.city), city_, true);
  };
  return fits(node.record.address) || std::ranges::any_of(node.more.addresses, fits);
}

bool SearchQuery::CardFits(const UnpackedNode& node) const {
  const EncodedCoverage& card = said_.coverage;
  const auto same = [](const PackedDigits& a, const PackedDigits& b) { return !a.empty() && a == b; };
  const auto fits = [&](const EncodedCoverage& other) {
    return (card.insurer == 0 || other.insurer == card.insurer) &&
           (card.symbol == 0 || other.symbol == card.symbol) &&
           (card.number.empty() || same(card.number, other.number) || same(card.number, other.number_without_branch) ||
            same(card.number_without_branch, other.number));
  };
  return fits(node.record.coverage) || std::ranges::any_of(node.more.coverages, fits);
}

bool SearchQuery::AllButNamesFit(const UnpackedNode& node, const NodeTexts& texts) const {
  if (said_.birth != 0 && !BirthFits(node)) return false;
  if (said_.sex != Sex::kUnknown && node.record.sex != Sex::kUnknown && node.record.sex != said_.sex) return false;
  const auto phone_fits = [this](const EncodedPhone& phone) { return phone.digits == said_.phone.digits; };
  if (!said_.phone.digits.empty() && !phone_fits(node.record.phone) &&
      std::ranges::none_of(node.more.phones, phone_fits))
    return false;
  if ((said_.address.postal_code != 0 || !city_.empty()) && !AddressFits(node, texts)) return false;
  return !said_.coverage.present() || CardFits(node);
}

bool SearchQuery::Fits(const UnpackedNode& node, const NodeTexts& texts) const {
  if (!AllButNamesFit(node, texts)) return false;
  const auto name_fits = [&](const EncodedName& name) { return NameFits(name, texts); };
  return names_.empty() || name_fits(node.record.name) || std::ranges::any_of(node.more.names, name_fits);
}

bool SearchQuery::MayFitAsSaid(const UnpackedNode& node, const NodeTexts& texts) const {
  const auto may_fit = [&](const EncodedName& name) { return NameMayFitAsSaid(name, texts); };
  return !names_.empty() && (may_fit(node.record.name) || std::ranges::any_of(node.more.names, may_fit)) &&
         AllButNamesFit(node, texts);
}

absl::Status SearchQuery::FitsAsSaid(const Record& record, const CivilDate& said_on, const FrozenModel& model,
                                     bool* fits) const {
  NodeTexts texts;
  UnpackedNode node;
  const std::string packed = PackAsSaid(record, said_on, model);
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed, &texts, &node));
  *fits = Fits(node, texts);
  return absl::OkStatus();
}

}  // namespace libmpi
