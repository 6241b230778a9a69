// SPDX-License-Identifier: Apache-2.0
// A stated name to its readings: annotations off, scripts told apart, parts found.
#include "libmpi/record/person_name.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libmpi/record/folded_text.h"
#include "libmpi/record/name_annotations.h"
#include "libmpi/record/name_forms.h"
#include "libmpi/record/name_split.h"
#include "libmpi/text/names.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

using KeyScript = NameCounts::Script;

NameForm Swapped(const NameForm& form) { return {form.given, form.family, true}; }

// A first look at the letters of "不明", "未登録", "なし".
bool MayBeUnknown(std::string_view name) {
  for (std::string_view start : {"不", "未", "無", "な", "ナ", "N", "U", "n", "u"})
    if (StartsWith(name, start)) return name.size() <= 12;
  return false;
}

void DropEmpty(std::vector<NameForm>* forms) {
  std::erase_if(*forms, [](const NameForm& f) { return f.family.empty() && f.given.empty(); });
}

bool SaysNothing(const NameFeatures& name) {
  return name.kanji.empty() && name.kana.empty() && name.latin.empty();
}

// "佐藤花子" for 山田花子: the former family name before the given name that stays.
NameForm FormerForm(const std::string& key, const std::vector<NameForm>* own) {
  if (own != nullptr)
    for (const NameForm& form : *own)
      if (!form.given.empty() && key.size() > form.given.size() && EndsWith(key, form.given))
        return {key.substr(0, key.size() - form.given.size()), form.given, false};
  return {key, "", false};
}

// A name said beside the person's own: former, or an alias; family alone or whole.
NameFeatures ReadOtherName(const NoteName& note, const NameFeatures* own,
                           const NameSplitter& splitter) {
  NameFeatures out;
  out.former = true;
  const Script script = ScriptOfFolded(note.text);
  if (script == Script::kNone) return out;
  if (script == Script::kLatin) {
    out.latin = LatinForms(note.text);
    DropEmpty(&out.latin);
    return out;
  }
  const bool kana = script == Script::kKana;
  const KeyScript key_script = kana ? KeyScript::kKana : KeyScript::kKanji;
  ScriptText read = ReadJapanese(note.text, key_script, splitter);
  std::vector<NameForm>& forms = kana ? out.kana : out.kanji;
  if (!read.forms.empty() || read.unsplit.empty()) {
    forms = std::move(read.forms);
    return out;
  }
  const std::vector<NameForm>* own_forms = own == nullptr ? nullptr : kana ? &own->kana : &own->kanji;
  NameForm former = FormerForm(read.unsplit, own_forms);
  if (!note.former && former.given.empty()) forms = splitter.Split(read.unsplit, key_script, nullptr);
  if (forms.empty()) forms.push_back(std::move(former));
  return out;
}

class NameReader {
 public:
  NameReader(const NameCounts* counts, const ReadingModel& readings, std::vector<Finding>* findings,
             SwappedNames swapped)
      : splitter_(counts, &readings), findings_(findings), swapped_(swapped) {}

  std::vector<NameFeatures> Read(const StatedNameView& stated) {
    PlaceField(stated.full, "name");
    PlaceParts(stated.family, stated.given, "family", "given");
    PlaceField(stated.full_kana, "kana");
    PlaceParts(stated.family_kana, stated.given_kana, "family_kana", "given_kana");
    PlaceField(stated.latin, "latin");
    TakeKanaNote();
    NameFeatures own = Assemble();
    std::vector<NameFeatures> names;
    const bool empty = SaysNothing(own);
    if (!empty) names.push_back(std::move(own));
    for (const NoteName& note : others_) {
      NameFeatures other = ReadOtherName(note, empty ? nullptr : &names[0], splitter_);
      if (!SaysNothing(other)) names.push_back(std::move(other));
    }
    return names;
  }

 private:
  void Find(FindingCode code, std::string_view field) {
    findings_->push_back({code, std::string(field)});
  }

  std::string Clean(std::string_view text, std::string_view field) {
    if (text.empty()) return "";
    CleanName clean = CleanNameText(text);
    if (clean.annotated) Find(FindingCode::kNameAnnotation, field);
    if (clean.test) Find(FindingCode::kNameTest, field);
    if (clean.unknown_glyph) Find(FindingCode::kUnknownGlyph, field);
    newborn_ = newborn_ || clean.newborn;
    std::move(clean.others.begin(), clean.others.end(), std::back_inserter(others_));
    return std::move(clean.text);
  }

  void PlaceField(std::string_view text, std::string_view field) {
    if (text.empty()) return;
    const std::string name = Clean(text, field);
    const Script script = ScriptOfFolded(name);
    if (script == Script::kNone) {
      if (!SaysUnknown(text)) Find(FindingCode::kNameUnreadable, field);
    } else if (MayBeUnknown(name) && SaysUnknown(name)) {
      return;
    } else if (script != Script::kMixed || !PlaceScripts(name)) {
      Place(name, script);
    }
  }

  // "SMITH JOHN スミス ジョン": two names in one field, one after the other.
  bool PlaceScripts(std::string_view name) {
    std::string latin, japanese;
    size_t turns = 0, latin_words = 0, words = 0;
    bool was_latin = false;
    for (size_t pos = 0; pos < name.size();) {
      const size_t end = std::min(name.find(' ', pos), name.size());
      const std::string_view word = name.substr(pos, end - pos);
      const Script script = ScriptOfFolded(word);
      const bool is_latin = script == Script::kLatin;
      if (script == Script::kMixed) return false;
      turns += words++ > 0 && is_latin != was_latin;
      latin_words += was_latin = is_latin;
      std::string& target = is_latin ? latin : japanese;
      if (!target.empty()) target += ' ';
      target += word;
      pos = end + 1;
    }
    if (turns != 1 || latin_words < 2) return false;
    Place(latin, Script::kLatin);
    Place(japanese, ScriptOfFolded(japanese));
    return true;
  }

  void Place(std::string_view name, Script script) {
    if (script == Script::kLatin) {
      if (latin_.empty()) latin_ = LatinForms(name);
      return;
    }
    const bool kana = script == Script::kKana;
    ScriptText read = ReadJapanese(name, kana ? KeyScript::kKana : KeyScript::kKanji, splitter_);
    PlaceRead(std::move(read), kana ? &kana_ : &kanji_);
  }

  // A second statement in one script: the one that is split tells more.
  static void PlaceRead(ScriptText read, ScriptText* place) {
    if (place->empty() || (place->forms.empty() && !read.forms.empty())) *place = std::move(read);
  }

  void PlaceParts(std::string_view family_text, std::string_view given_text,
                  std::string_view family_field, std::string_view given_field) {
    if (family_text.empty() && given_text.empty()) return;
    const std::string family = Clean(family_text, family_field);
    const std::string given = Clean(given_text, given_field);
    const Script script = ScriptOfFolded(family + given);
    if (script == Script::kNone) {
      if (!SaysUnknown(family_text) && !SaysUnknown(given_text))
        Find(FindingCode::kNameUnreadable, family_field);
      return;
    }
    if (given.empty() && Contains(family, " ")) return Place(family, script);  // a whole name
    NameForm form = FoldParts(family, given, script);
    if (script == Script::kLatin) {
      if (latin_.empty()) latin_.push_back(std::move(form));
      return;
    }
    PlaceRead({{std::move(form)}, ""}, script == Script::kKana ? &kana_ : &kanji_);
  }

  // "山田太郎(ヤマダタロウ)": the reading of a name that has none yet is no other name.
  void TakeKanaNote() {
    if (kanji_.empty() || others_.empty()) return;
    const NoteName& note = others_.front();
    if (note.former || note.alias || ScriptOfFolded(note.text) != Script::kKana) return;
    ScriptText read = ReadJapanese(note.text, KeyScript::kKana, splitter_);
    if (!kana_.empty() && KeyOf(read) != KeyOf(kana_)) return;
    PlaceRead(std::move(read), &kana_);
    others_.erase(others_.begin());
  }

  static std::string KeyOf(const ScriptText& text) {
    return text.forms.empty() ? text.unsplit : text.forms[0].family + text.forms[0].given;
  }

  NameFeatures Assemble() {
    NameFeatures out;
    DropUnknown(&kanji_);
    DropUnknown(&kana_);
    DropEmpty(&latin_);
    if (newborn_) return AssembleNewborn();
    out.kanji = kanji_.forms;
    out.kana = kana_.forms;
    out.latin = latin_;
    if (swapped_ == SwappedNames::kBack) SwapBack(&out);
    SplitUnsplit(&out);
    AlignLatin(&out);
    return out;
  }

  static void DropUnknown(ScriptText* text) {
    if (AllUnknown(text->unsplit)) text->unsplit.clear();
    std::erase_if(text->forms,
                  [](const NameForm& f) { return AllUnknown(f.family) && AllUnknown(f.given); });
  }

  // The family name alone: what stands beside it is the mother's given name or none.
  NameFeatures AssembleNewborn() {
    NameFeatures out;
    auto family_of = [this](const ScriptText& text, KeyScript script, std::vector<NameForm>* forms) {
      if (!text.forms.empty()) {
        forms->push_back({text.forms[0].family, "", false});
      } else if (!text.unsplit.empty()) {
        const std::vector<NameForm> split = splitter_.Split(text.unsplit, script, nullptr);
        forms->push_back({split.empty() ? text.unsplit : split[0].family, "", true});
      }
    };
    family_of(kanji_, KeyScript::kKanji, &out.kanji);
    family_of(kana_, KeyScript::kKana, &out.kana);
    if (!latin_.empty()) out.latin.push_back({latin_[0].family, "", true});
    for (std::vector<NameForm>* forms : {&out.kanji, &out.kana, &out.latin}) DropEmpty(forms);
    return out;
  }

  // A name whose parts clearly stand the wrong way round gets the right way first.
  void SwapBack(NameFeatures* name) {
    const bool kanji = name->kanji.size() == 1, kana = name->kana.size() == 1;
    const double kanji_bits = kanji ? splitter_.SwapEvidence(name->kanji[0], KeyScript::kKanji) : 0;
    const double kana_bits = kana ? splitter_.SwapEvidence(name->kana[0], KeyScript::kKana) : 0;
    const SwapVerdict verdict = JudgeSwap(kanji, kanji_bits, kana, kana_bits);
    if (verdict == SwapVerdict::kAsStated) return;
    const bool opposed = verdict == SwapVerdict::kOpposed;
    for (const auto& [forms, own_bits] :
         {std::pair{&name->kanji, kanji_bits}, std::pair{&name->kana, kana_bits}}) {
      if (forms->size() != 1 || (opposed && own_bits < 0)) continue;
      forms->insert(forms->begin(), Swapped(forms->front()));
      if (opposed) forms->resize(1);  // the other script says which way is right
    }
    Find(FindingCode::kNameSwapped, "name");
  }

  void SplitUnsplit(NameFeatures* name) {
    const bool kanji = name->kanji.empty() && !kanji_.unsplit.empty();
    const bool kana = name->kana.empty() && !kana_.unsplit.empty();
    if (!kanji && !kana) return;
    Find(FindingCode::kNameUnsplit, kanji ? "name" : "kana");
    if (kanji && kana) splitter_.SplitBoth(kanji_.unsplit, kana_.unsplit, &name->kanji, &name->kana);
    if (kanji && name->kanji.empty()) SplitBy(kanji_.unsplit, KeyScript::kKanji, name->kana, &name->kanji);
    if (kana && name->kana.empty()) SplitBy(kana_.unsplit, KeyScript::kKana, name->kanji, &name->kana);
  }

  // Splits a key, by the other script's forms if there are any; the k-th forms belong together.
  void SplitBy(const std::string& key, KeyScript script, const std::vector<NameForm>& other,
               std::vector<NameForm>* forms) {
    const bool split_other = !other.empty() && !other[0].given.empty();
    *forms = splitter_.Split(key, script, split_other ? &other[0] : nullptr);
    if (forms->empty()) forms->push_back({key, "", true});  // one letter, or too many to divide
    if (other.size() < 2) return;
    forms->resize(1);
    if (other[1] == Swapped(other[0]) || other[0] == Swapped(other[1]))
      forms->push_back(Swapped(forms->front()));
  }

  // "Taro Yamada" beside ヤマダ タロウ: the kana tell which part is which.
  static void AlignLatin(NameFeatures* name) {
    if (name->latin.size() != 2 || name->kana.empty()) return;
    const std::string family = RomajiKeyOfKana(name->kana[0].family);
    const std::string given = RomajiKeyOfKana(name->kana[0].given);
    auto agreement = [&](const NameForm& form) {
      return (RomajiKey(form.family) == family) + (RomajiKey(form.given) == given);
    };
    const int first = agreement(name->latin[0]), second = agreement(name->latin[1]);
    if (second > first) std::swap(name->latin[0], name->latin[1]);
    if (first != second && name->kana.size() == 1) name->latin.resize(1);
  }

  NameSplitter splitter_;
  std::vector<Finding>* findings_;
  const SwappedNames swapped_;
  ScriptText kanji_, kana_;
  std::vector<NameForm> latin_;
  std::vector<NoteName> others_;
  bool newborn_ = false;
};

}  // namespace

std::vector<NameFeatures> ParseName(const StatedNameView& stated, const NameCounts* counts,
                                    const ReadingModel& readings,
                                    std::vector<Finding>* findings, SwappedNames swapped) {
  return NameReader(counts, readings, findings, swapped).Read(stated);
}

std::vector<NameFeatures> ParseFormerName(std::string_view text, std::span<const NameFeatures> own,
                                          const NameCounts* counts, const ReadingModel& readings,
                                          std::vector<Finding>* findings) {
  if (SaysUnknown(text)) return {};
  CleanName clean = CleanNameText(text);
  if (clean.test) findings->push_back({FindingCode::kNameTest, "former_name"});
  const NameSplitter splitter(counts, &readings);
  clean.others.insert(clean.others.begin(), ReadNote(clean.text));
  std::vector<NameFeatures> names;
  for (NoteName& note : clean.others) {
    note.former = true;
    NameFeatures name = ReadOtherName(note, own.empty() ? nullptr : &own.front(), splitter);
    // A word alone is a family name.
    for (NameForm& form : name.latin)
      if (form.given.empty()) form.guessed = false;
    if (!SaysNothing(name)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace libmpi
