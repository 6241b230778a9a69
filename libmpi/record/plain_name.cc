// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/plain_name.h"

#include "libmpi/record/folded_text.h"
#include "libmpi/record/name_annotations.h"

namespace libmpi {
namespace {

using KeyScript = NameCounts::Script;

constexpr size_t kLongestWord = 60;  // bytes
constexpr std::string_view kWideSpace = "\u3000";

bool IsNameLetter(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA);
}

// Letters alone; marks that repeat or lengthen a letter stand behind one.
bool HasNameLettersOnly(std::string_view folded) {
  for (size_t pos = 0; pos < folded.size();) {
    const bool first = pos == 0;
    const char32_t c = NextCodePoint(folded, &pos);
    if (!IsNameLetter(c) && (first || (c != U'々' && c != U'ー'))) return false;
  }
  return !folded.empty();
}

// 不明, 未登録, 無し, ナシ: what says that a name is unknown begins with one of these.
bool MayBeginUnknown(std::string_view folded) {
  for (std::string_view start : {"不", "未", "無", "な", "ナ"})
    if (StartsWith(folded, start)) return true;
  return false;
}

// Divides "family given" at its one space; false if it has none or several.
bool DivideAtSpace(std::string_view text, std::string_view* family, std::string_view* given) {
  size_t at = std::string_view::npos, width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool narrow = text[i] == ' ';
    if (!narrow && (text[i] != kWideSpace[0] || text.substr(i, kWideSpace.size()) != kWideSpace)) continue;
    if (width > 0) return false;
    at = i;
    width = narrow ? 1 : kWideSpace.size();
    i += width - 1;
  }
  if (width == 0 || at == 0 || at + width == text.size()) return false;
  *family = text.substr(0, at);
  *given = text.substr(at + width);
  return true;
}

enum class PlainScript { kNotSaid, kKanji, kKana, kOdd };

enum class StatedWords { kNone, kTwo, kOdd };

// Finds the two words of one script's name, from one field or from two.
StatedWords Divide(std::string_view full, std::string_view* family, std::string_view* given) {
  if (!full.empty())
    return family->empty() && given->empty() && DivideAtSpace(full, family, given) ? StatedWords::kTwo : StatedWords::kOdd;
  if (family->empty() && given->empty()) return StatedWords::kNone;
  return family->empty() || given->empty() ? StatedWords::kOdd : StatedWords::kTwo;
}

// The two words of one script's name.
PlainScript ReadWords(std::string_view full, std::string_view family_text, std::string_view given_text,
                      NameWords* words, const NameWord** family, const NameWord** given) {
  std::string_view parts[2] = {family_text, given_text};
  if (const StatedWords stated = Divide(full, &parts[0], &parts[1]); stated != StatedWords::kTwo)
    return stated == StatedWords::kNone ? PlainScript::kNotSaid : PlainScript::kOdd;
  *family = &words->Of(parts[0]);
  *given = &words->Of(parts[1]);
  if ((*family)->kind == NameWord::Kind::kOdd || (*given)->kind == NameWord::Kind::kOdd ||
      (*family)->may_say_unknown)
    return PlainScript::kOdd;
  const bool kana = (*family)->kind == NameWord::Kind::kKana && (*given)->kind == NameWord::Kind::kKana;
  return kana ? PlainScript::kKana : PlainScript::kKanji;
}

}  // namespace

NameWord NameWords::Read(std::string_view word) const {
  NameWord out;
  if (word.size() > kLongestWord) return out;
  const std::string folded = FoldWidth(word);
  if (!HasNameLettersOnly(folded) || !NeedsNoCleaning(folded)) return out;
  const Script script = ScriptOfFolded(folded);
  if (script != Script::kKanji && script != Script::kKana) return out;
  out.kind = script == Script::kKanji ? NameWord::Kind::kKanji : NameWord::Kind::kKana;
  out.may_say_unknown = MayBeginUnknown(folded);
  // Beside kanji, kana fold as part of a kanji name.
  constexpr std::string_view kBeside = "亜/";
  out.kanji_key = FoldKanji(std::string(kBeside) + folded).substr(kBeside.size());
  out.kanji_shares = splitter_.Shares(KeyScript::kKanji, out.kanji_key);
  if (out.kind == NameWord::Kind::kKana) {
    out.kana_key = FoldKana(folded);
    out.kana_shares = splitter_.Shares(KeyScript::kKana, out.kana_key);
  }
  return out;
}

const NameWord& NameWords::Of(std::string_view word) {
  const auto it = words_.find(word);
  if (it != words_.end()) return *it->second;
  if (words_.size() >= kMostWords || word.size() > kLongestWord) return odd_;
  auto read = std::make_unique<NameWord>(Read(word));
  read->number = static_cast<uint32_t>(by_number_.size());
  by_number_.push_back(std::move(read));
  words_.emplace(std::string(word), by_number_.back().get());
  return *by_number_.back();
}

NameFeatures PlainName::ToFeatures() const {
  NameFeatures out;
  if (kanji_family != nullptr) out.kanji.push_back({kanji_family->kanji_key, kanji_given->kanji_key, false});
  if (kana_family != nullptr) out.kana.push_back({kana_family->kana_key, kana_given->kana_key, false});
  return out;
}

void FetchPlainName(const StatedNameView& stated, const NameWords& words) {
  const auto fetch = [&words](std::string_view full, std::string_view family, std::string_view given) {
    if (Divide(full, &family, &given) != StatedWords::kTwo) return;
    words.Upcoming(family);
    words.Upcoming(given);
  };
  fetch(stated.full, stated.family, stated.given);
  fetch(stated.full_kana, stated.family_kana, stated.given_kana);
}

bool ReadPlainName(const StatedNameView& stated, NameWords* words, PlainName* out) {
  if (!stated.latin.empty()) return false;
  *out = PlainName();
  const PlainScript name =
      ReadWords(stated.full, stated.family, stated.given, words, &out->kanji_family, &out->kanji_given);
  if (name == PlainScript::kOdd) return false;
  const PlainScript kana = ReadWords(stated.full_kana, stated.family_kana, stated.given_kana, words,
                                     &out->kana_family, &out->kana_given);
  if (kana == PlainScript::kOdd || kana == PlainScript::kKanji) return false;
  if (name == PlainScript::kKana) {  // in the place of the kanji: not with other kana beside it
    if (kana != PlainScript::kNotSaid) return false;
    std::swap(out->kanji_family, out->kana_family);
    std::swap(out->kanji_given, out->kana_given);
  }
  const bool has_kanji = out->kanji_family != nullptr, has_kana = out->kana_family != nullptr;
  if (!has_kanji && !has_kana) return false;
  const double kanji_bits =
      has_kanji ? SwapEvidenceOf(out->kanji_family->kanji_shares, out->kanji_given->kanji_shares) : 0;
  const double kana_bits =
      has_kana ? SwapEvidenceOf(out->kana_family->kana_shares, out->kana_given->kana_shares) : 0;
  return JudgeSwap(has_kanji, kanji_bits, has_kana, kana_bits) == SwapVerdict::kAsStated;
}

}  // namespace libmpi
