// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/survivorship.h"

#include <algorithm>
#include <compare>
#include <tuple>
#include <utility>

#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

using Criterion = SurvivorshipCriterion;
using Criteria = std::span<const Criterion>;

constexpr std::string_view kTrusted = "trusted", kCheckDigits = "insurer_check_digits";

std::vector<Criterion> DefaultCriteria(GoldenField field) {
  switch (field) {
    case GoldenField::kName:
    case GoldenField::kKana:
    case GoldenField::kLatin:
    case GoldenField::kBirth:
    case GoldenField::kSex:
      return {Criterion::kMostTrusted, Criterion::kMostFrequent, Criterion::kMostComplete, Criterion::kNewest};
    case GoldenField::kFormerName:
      return {Criterion::kMostFrequent, Criterion::kNewest, Criterion::kMostComplete};
    case GoldenField::kCoverage:
    case GoldenField::kCare:
    case GoldenField::kAddress:
    case GoldenField::kPhone:
      return {Criterion::kNewest, Criterion::kMostComplete, Criterion::kMostFrequent};
  }
  return {};
}

// A word of somebody's text, fit for a message.
std::string Shown(std::string_view word) {
  constexpr size_t kLongest = 40;
  std::string shown = FoldWidth(Capped(word));
  if (shown.size() > kLongest) {
    size_t end = kLongest;
    while (end > 0 && (shown[end] & 0xC0) == 0x80) --end;
    shown.resize(end);
    shown += "...";
  }
  return "\"" + shown + "\"";
}

// The reader of one text of rules.
class RulesReader {
 public:
  absl::Status Read(std::string_view text) {
    if (StartsWith(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_;
      const size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      if (EndsWith(line, "\r")) line.remove_suffix(1);
      if (absl::Status status = ReadLine(line); !status.ok()) return status;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return absl::OkStatus();
  }
  SurvivorshipRules Take() && { return std::move(rules_); }

 private:
  struct Word {
    std::string text;
    bool quoted = false;
  };

  absl::Status Wrong(const std::string& what) const {
    return absl::InvalidArgumentError("survivorship rules, line " + std::to_string(line_) + ": " + what);
  }

  absl::Status ReadLine(std::string_view line) {
    std::string name(line.substr(0, line.find_first_of(":#")));
    Trim(&name);
    const bool has_colon = line.find(':') < line.find('#');
    if (name.empty() && !has_colon) return absl::OkStatus();
    if (!has_colon) return Wrong("no colon after " + Shown(name));
    if (std::find(named_.begin(), named_.end(), name) != named_.end())
      return Wrong(Shown(name) + " stands twice");
    named_.push_back(name);
    std::vector<Word> words;
    if (absl::Status status = ReadWords(line.substr(line.find(':') + 1), &words); !status.ok()) return status;
    for (size_t i = 0; i < words.size(); ++i)
      if (words[i].text.empty() && !words[i].quoted)
        return Wrong("nothing before or after a comma of " + Shown(name));
    if (absl::Status status = CheckRepeats(words); !status.ok()) return status;
    return Take(name, words);
  }

  // One line may name ten thousands of sources.
  absl::Status CheckRepeats(const std::vector<Word>& words) const {
    std::vector<std::string_view> sorted;
    for (const Word& word : words) sorted.push_back(word.text);
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    return twice == sorted.end() ? absl::OkStatus() : Wrong(Shown(*twice) + " stands twice");
  }

  absl::Status Take(std::string_view name, const std::vector<Word>& words) {
    if (name == kTrusted) {
      for (const Word& word : words) rules_.trusted_sources.push_back(word.text);
      return absl::OkStatus();
    }
    if (name == kCheckDigits) {
      if (words.size() != 1 || (words[0].text != "on" && words[0].text != "off"))
        return Wrong(Shown(name) + " is on or off");
      rules_.insurer_check_digits = words[0].text == "on";
      return absl::OkStatus();
    }
    for (size_t field = 0; field < kGoldenFields; ++field)
      if (name == GoldenFieldName(static_cast<GoldenField>(field))) return TakeCriteria(words, &rules_.criteria[field]);
    return Wrong("unknown field " + Shown(name));
  }

  absl::Status TakeCriteria(const std::vector<Word>& words, std::vector<Criterion>* criteria) const {
    criteria->clear();
    for (const Word& word : words) {
      size_t c = 0;
      while (c < kSurvivorshipCriteria && word.text != CriterionName(static_cast<Criterion>(c))) ++c;
      if (c == kSurvivorshipCriteria) return Wrong("unknown criterion " + Shown(word.text));
      criteria->push_back(static_cast<Criterion>(c));
    }
    return absl::OkStatus();
  }

  // Words with commas between up to a comment; none in an empty line.
  absl::Status ReadWords(std::string_view text, std::vector<Word>* words) const {
    while (true) {
      Word word;
      text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
      if (StartsWith(text, "\"")) {
        if (!ReadQuoted(&text, &word)) return Wrong("a quote that does not end, or a letter after \\ that is none");
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
        if (!text.empty() && text[0] != ',' && text[0] != '#') return Wrong("no comma after a quote");
      } else {
        word.text = text.substr(0, text.find_first_of(",#"));
        text.remove_prefix(word.text.size());
        word.text.erase(word.text.find_last_not_of(" \t") + 1);
      }
      const bool last = text.empty() || text[0] == '#';
      if (!(last && words->empty() && word.text.empty() && !word.quoted)) words->push_back(std::move(word));
      if (last) return absl::OkStatus();
      text.remove_prefix(1);
    }
  }

  static bool ReadQuoted(std::string_view* text, Word* word) {
    word->quoted = true;
    for (size_t i = 1; i < text->size(); ++i) {
      char c = (*text)[i];
      if (c == '"') {
        text->remove_prefix(i + 1);
        return true;
      }
      if (c == '\\') {
        if (++i == text->size()) return false;
        c = (*text)[i];
        if (c == 'n') c = '\n';
        else if (c == 'r') c = '\r';
        else if (c != '"' && c != '\\') return false;
      }
      word->text += c;
    }
    return false;
  }

  SurvivorshipRules rules_;
  std::vector<std::string> named_;
  size_t line_ = 0;
};

std::string Quoted(std::string_view source) {
  const bool plain = !source.empty() && source.find_first_of(",#\"\\\n\r") == std::string_view::npos &&
                     source.front() != ' ' && source.front() != '\t' && source.back() != ' ' && source.back() != '\t';
  if (plain) return std::string(source);
  std::string out = "\"";
  for (char c : source) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else out += c;
  }
  return out + '"';
}

void AppendLine(std::string_view name, const std::vector<std::string>& words, std::string* out) {
  *out += name;
  *out += ':';
  for (size_t i = 0; i < words.size(); ++i) *out += (i == 0 ? " " : ", ") + words[i];
  *out += '\n';
}

// ---- The choice.

std::strong_ordering Compare(const RankedValue& a, const RankedValue& b, Criterion criterion) {
  switch (criterion) {  // the better one is less
    case Criterion::kMostFrequent: return b.frequency <=> a.frequency;
    case Criterion::kNewest: return b.newest <=> a.newest;
    case Criterion::kMostTrusted: return b.trust <=> a.trust;
    case Criterion::kMostComplete: return b.completeness <=> a.completeness;
  }
  return std::strong_ordering::equal;
}

bool IsBetter(const RankedValue& a, const RankedValue& b, Criteria criteria) {
  if (a.grounds != b.grounds) return a.grounds > b.grounds;
  for (Criterion criterion : criteria)
    if (const auto order = Compare(a, b, criterion); order != 0) return order < 0;
  if (a.records[0] != b.records[0]) return a.records[0] < b.records[0];
  return a.parts < b.parts;
}

SurvivorshipDecision WhyBetter(const RankedValue& a, const RankedValue& b, Criteria criteria) {
  if (a.grounds != b.grounds) return SurvivorshipDecision::kGrounds;
  for (Criterion criterion : criteria) {
    if (Compare(a, b, criterion) == 0) continue;
    switch (criterion) {
      case Criterion::kMostFrequent: return SurvivorshipDecision::kMostFrequent;
      case Criterion::kNewest: return SurvivorshipDecision::kNewest;
      case Criterion::kMostTrusted: return SurvivorshipDecision::kMostTrusted;
      case Criterion::kMostComplete: return SurvivorshipDecision::kMostComplete;
    }
  }
  return SurvivorshipDecision::kRecordKey;
}

// How many different ones.
size_t SortUnique(std::vector<uint32_t>* values) {
  std::sort(values->begin(), values->end());
  values->erase(std::unique(values->begin(), values->end()), values->end());
  return values->size();
}

// Of one value's statements, which are sorted by spelling: those that say nothing else first, then the most
// frequent, the most complete, the smallest.
Spelling BestSpelling(std::span<const ValueStatement> statements) {
  using Merit = std::tuple<bool, size_t, int>;
  const Spelling* best = nullptr;
  Merit best_merit;
  for (size_t begin = 0, end; begin < statements.size(); begin = end) {
    const ValueStatement& first = statements[begin];
    std::vector<uint32_t> records;
    int completeness = first.completeness;
    for (end = begin; end < statements.size() && statements[end].spelling == first.spelling; ++end) {
      records.push_back(statements[end].witness->record);
      completeness = std::max(completeness, statements[end].completeness);
    }
    const Merit merit{first.alone, SortUnique(&records), completeness};
    if (best != nullptr && merit <= best_merit) continue;
    best = &first.spelling;
    best_merit = merit;
  }
  return *best;
}

RankedValue ToValue(std::span<ValueStatement> statements) {
  RankedValue out;
  const ValueStatement& first = statements[0];
  out.spelling = BestSpelling(statements);
  out.newest = first.witness->unix_milliseconds;
  out.trust = first.witness->trust;
  out.grounds = first.grounds;
  out.completeness = first.completeness;
  out.stem = true;
  std::vector<uint32_t> sources;
  for (const ValueStatement& statement : statements) {
    const Witness& witness = *statement.witness;
    out.records.push_back(witness.record);
    sources.push_back(witness.source);
    out.newest = std::max(out.newest, witness.unix_milliseconds);
    out.trust = std::max(out.trust, witness.trust);
    out.grounds = std::max(out.grounds, statement.grounds);
    out.completeness = std::max(out.completeness, statement.completeness);
    out.stem = out.stem && statement.stem;
  }
  const size_t source_count = SortUnique(&sources);
  out.frequency = {source_count, SortUnique(&out.records)};
  out.parts = std::move(statements[0].parts);
  return out;
}

// Letter for letter the same, where `less` may have unknown glyphs.
bool FillsIn(std::string_view more, std::string_view less) {
  if (more == less) return true;
  if (!Contains(less, kUnknownGlyph)) return false;
  size_t i = 0, j = 0;
  while (i < more.size() && j < less.size()) {
    const char32_t letter = NextCodePoint(more, &i), pattern = NextCodePoint(less, &j);
    if (letter != pattern && pattern != kUnknownGlyphChar) return false;
  }
  return i == more.size() && j == less.size();
}

}  // namespace

std::string_view CriterionName(SurvivorshipCriterion criterion) {
  switch (criterion) {
    case SurvivorshipCriterion::kMostFrequent: return "most_frequent";
    case SurvivorshipCriterion::kNewest: return "newest";
    case SurvivorshipCriterion::kMostTrusted: return "most_trusted";
    case SurvivorshipCriterion::kMostComplete: return "most_complete";
  }
  return "";
}

std::string_view GoldenFieldName(GoldenField field) {
  switch (field) {
    case GoldenField::kName: return "name";
    case GoldenField::kKana: return "kana";
    case GoldenField::kLatin: return "latin";
    case GoldenField::kFormerName: return "former_name";
    case GoldenField::kBirth: return "birth";
    case GoldenField::kSex: return "sex";
    case GoldenField::kCoverage: return "coverage";
    case GoldenField::kCare: return "care";
    case GoldenField::kAddress: return "address";
    case GoldenField::kPhone: return "phone";
  }
  return "";
}

std::string_view DecisionName(SurvivorshipDecision decision) {
  switch (decision) {
    case SurvivorshipDecision::kOnlyValue: return "only_value";
    case SurvivorshipDecision::kMostFrequent: return "most_frequent";
    case SurvivorshipDecision::kNewest: return "newest";
    case SurvivorshipDecision::kMostTrusted: return "most_trusted";
    case SurvivorshipDecision::kMostComplete: return "most_complete";
    case SurvivorshipDecision::kGrounds: return "grounds";
    case SurvivorshipDecision::kSaysMore: return "says_more";
    case SurvivorshipDecision::kRecordKey: return "record_key";
  }
  return "";
}

SurvivorshipRules::SurvivorshipRules() {
  for (size_t field = 0; field < kGoldenFields; ++field)
    criteria[field] = DefaultCriteria(static_cast<GoldenField>(field));
}

absl::Status ParseSurvivorship(std::string_view text, SurvivorshipRules* rules) {
  RulesReader reader;
  if (absl::Status status = reader.Read(text); !status.ok()) return status;
  *rules = std::move(reader).Take();
  return absl::OkStatus();
}

std::string ToText(const SurvivorshipRules& rules) {
  std::string out;
  for (size_t field = 0; field < kGoldenFields; ++field) {
    std::vector<std::string> words;
    for (Criterion criterion : rules.criteria[field]) words.emplace_back(CriterionName(criterion));
    AppendLine(GoldenFieldName(static_cast<GoldenField>(field)), words, &out);
  }
  std::vector<std::string> sources;
  for (const std::string& source : rules.trusted_sources) sources.push_back(Quoted(source));
  AppendLine(kTrusted, sources, &out);
  AppendLine(kCheckDigits, {rules.insurer_check_digits ? "on" : "off"}, &out);
  return out;
}

std::vector<RankedValue> RankValues(std::vector<ValueStatement> statements, Criteria criteria) {
  std::sort(statements.begin(), statements.end(), [](const ValueStatement& a, const ValueStatement& b) {
    if (const auto order = a.parts <=> b.parts; order != 0) return order < 0;
    return a.spelling < b.spelling;
  });
  std::vector<RankedValue> ranked;
  for (size_t begin = 0, end; begin < statements.size(); begin = end) {
    for (end = begin + 1; end < statements.size() && statements[end].parts == statements[begin].parts; ++end) {}
    ranked.push_back(ToValue(std::span(statements).subspan(begin, end - begin)));
  }
  std::sort(ranked.begin(), ranked.end(),
            [&](const RankedValue& a, const RankedValue& b) { return IsBetter(a, b, criteria); });
  return ranked;
}

bool AreCompatible(const RankedValue& a, const RankedValue& b) {
  for (size_t i = 0; i < std::min(a.parts.size(), b.parts.size()); ++i)
    if (!a.parts[i].empty() && !b.parts[i].empty() && a.parts[i] != b.parts[i]) return false;
  return true;
}

bool SaysMore(const RankedValue& more, const RankedValue& less) {
  if (more.parts.size() != less.parts.size() || more.parts == less.parts || (more.stem && !less.stem)) return false;
  const bool begins = less.stem && !more.stem;
  for (size_t i = 0; i < more.parts.size(); ++i) {
    const std::string &x = more.parts[i], &y = less.parts[i];
    const bool fits = y.empty() || FillsIn(x, y) || (i == 0 && begins && StartsWith(x, y));
    if (!fits) return false;
  }
  return true;
}

std::pair<size_t, SurvivorshipDecision> ChooseSurvivor(std::span<const RankedValue> ranked, Criteria criteria) {
  size_t chosen = 0;
  // Each one says the one before in full, so that those passed over would not fit a later one either.
  for (size_t i = 1; i < ranked.size() && ranked[i].grounds >= ranked[0].grounds; ++i)
    if (SaysMore(ranked[i], ranked[chosen])) chosen = i;
  if (chosen != 0) return {chosen, SurvivorshipDecision::kSaysMore};
  if (ranked.size() == 1) return {0, SurvivorshipDecision::kOnlyValue};
  return {0, WhyBetter(ranked[0], ranked[1], criteria)};
}

}  // namespace libmpi
