// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/search_terms.h"

#include <algorithm>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/packed_node.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

constexpr size_t kTail = 1 + 4 + 4;  // 0, birth date, node

void AppendWord(uint32_t word, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(word >> shift));
}

uint32_t ReadWord(std::string_view bytes) {
  uint32_t word = 0;
  for (char c : bytes.substr(0, 4)) word = word << 8 | static_cast<uint8_t>(c);
  return word;
}

using TextOf = std::function<std::string_view(TextId)>;

// The texts of a kind of term, one after the other, each with the birth date beside it. `visit(text, birth)`.
template <typename Visit>
class TermsOfKind {
 public:
  TermsOfKind(const EncodedRecord& record, const MoreValues& more, const TextOf& text, const Visit& visit)
      : record_(record), more_(more), text_(text), visit_(visit) {}

  void Run(TermKind kind) const {
    switch (kind) {
      case TermKind::kBirth: return AddBirths();
      case TermKind::kPhone: return AddPhones();
      case TermKind::kNumber: return AddNumbers();
      case TermKind::kPostalCode: return AddPostalCodes();
      default: break;
    }
    AddName(kind, record_.name);
    for (const EncodedName& name : more_.names) AddName(kind, name);
  }

 private:
  void Add(const std::string& text, EncodedDate birth) const {
    if (!text.empty()) visit_(text, birth);
  }
  void AddBirths() const {
    if (record_.birth != 0) Add("-", record_.birth);
    for (EncodedDate birth : more_.births) Add("-", birth);
  }
  void AddPhones() const {
    Add(TermText(record_.phone.digits.bits()), 0);
    for (const EncodedPhone& phone : more_.phones) Add(TermText(phone.digits.bits()), 0);
  }
  void AddPostalCodes() const {
    Add(TermText(record_.address.postal_code), 0);
    for (const EncodedAddress& address : more_.addresses) Add(TermText(address.postal_code), 0);
  }
  void AddNumbers() const {
    AddNumber(record_.coverage);
    for (const EncodedCoverage& coverage : more_.coverages) AddNumber(coverage);
  }
  void AddNumber(const EncodedCoverage& coverage) const {
    Add(TermText(coverage.number.bits()), 0);
    Add(TermText(coverage.number_without_branch.bits()), 0);
  }
  void AddName(TermKind kind, const EncodedName& name) const {
    const std::string text = NameText(kind, name);
    if (text.empty()) return;
    visit_(text, record_.birth);
    for (size_t i = 0; i < std::min(more_.births.size(), kTermBirths - 1); ++i) visit_(text, more_.births[i]);
  }
  std::string_view Text(TextId id) const { return id == 0 ? std::string_view() : text_(id); }
  std::string Romaji(TextId kana) const { return kana == 0 ? std::string() : TypedRomajiKeyOfKana(text_(kana)); }
  std::string NameText(TermKind kind, const EncodedName& name) const {
    switch (kind) {
      case TermKind::kFamilyKanji: return TermText(Text(name.family_kanji));
      case TermKind::kFamilyKana: return TermText(Text(name.family_kana));
      case TermKind::kFamilyRomaji: return TermText(Romaji(name.family_kana));
      case TermKind::kFamilyLatin: return TermText(Text(name.family_latin));
      case TermKind::kGivenKanji: return TermText(Text(name.given_kanji));
      case TermKind::kGivenRomaji: return TermText(Romaji(name.given_kana));
      case TermKind::kGivenLatin: return TermText(Text(name.given_latin));
      case TermKind::kWholeKanji: return Whole(Text(name.family_kanji), Text(name.given_kanji));
      case TermKind::kWholeRomaji: return Whole(Romaji(name.family_kana), Romaji(name.given_kana));
      case TermKind::kWholeLatin: return Whole(Text(name.family_latin), Text(name.given_latin));
      default: return std::string();
    }
  }
  static std::string Whole(std::string_view family, std::string_view given) {
    if (family.empty() || given.empty()) return std::string();
    return TermText(std::string(family).append(1, kTermGap).append(given));
  }

  const EncodedRecord& record_;
  const MoreValues& more_;
  const TextOf& text_;
  const Visit& visit_;
};

void AppendTerm(TermKind kind, std::string_view text, EncodedDate birth, NodeId node, std::string* out) {
  out->push_back(static_cast<char>(kind));
  out->append(text).push_back('\0');
  AppendWord(birth, out);
  AppendWord(node, out);
}

}  // namespace

std::string TermText(uint64_t number) {
  // Hexadecimal digits of the packed ones: no byte that parts terms.
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (; number != 0; number >>= 4) text.push_back(kDigits[number & 15]);
  return text;
}

std::string TermText(std::string_view text) {
  std::string out(text.substr(0, kLongestTermText));
  if (out.size() < text.size())
    while (!out.empty() && (static_cast<uint8_t>(text[out.size()]) & 0xC0) == 0x80) out.pop_back();
  std::erase(out, '\0');
  return out;
}

void AppendTerms(TermKind kind, const EncodedRecord& record, const MoreValues& more, const TextOf& text, NodeId node,
                 std::string* terms, std::vector<uint16_t>* sizes) {
  const auto append = [&](std::string_view of, EncodedDate birth) {
    const size_t begin = terms->size();
    AppendTerm(kind, of, birth, node, terms);
    sizes->push_back(static_cast<uint16_t>(terms->size() - begin));
  };
  TermsOfKind(record, more, text, append).Run(kind);
}

absl::Status SearchTermsOf(std::string_view packed, NodeId node, std::vector<std::string>* terms) {
  terms->clear();
  NodeTexts texts;
  UnpackedNode unpacked;
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed, &texts, &unpacked));
  const TextOf text = [&texts](TextId id) { return texts.Stored(id); };
  for (char kind = static_cast<char>(kFirstTermKind); kind <= static_cast<char>(kLastTermKind); ++kind) {
    const auto add = [&](std::string_view of, EncodedDate birth) {
      AppendTerm(static_cast<TermKind>(kind), of, birth, node, &terms->emplace_back());
    };
    TermsOfKind(unpacked.record, unpacked.more, text, add).Run(static_cast<TermKind>(kind));
  }
  std::sort(terms->begin(), terms->end());
  terms->erase(std::unique(terms->begin(), terms->end()), terms->end());
  return absl::OkStatus();
}

std::string FirstTerm(const TermRange& range) {
  std::string term(1, static_cast<char>(range.kind));
  term.append(range.text);
  if (range.begins) return term;
  term.push_back('\0');
  AppendWord(range.first, &term);
  return term;
}

TermStep StepOver(const TermRange& range, std::string_view term) {
  TermStep step;
  if (term.size() < 1 + kTail || term[0] != static_cast<char>(range.kind)) {
    step.done = true;
    return step;
  }
  const std::string_view text = term.substr(1, term.size() - 1 - kTail);
  step.done = range.begins ? text.substr(0, range.text.size()) != range.text : text != range.text;
  if (step.done) return step;
  const EncodedDate birth = ReadWord(term.substr(term.size() - 8));
  if (birth < range.first || birth > range.last) {
    // To the dates that are asked for, or past this text: every text that continues it has a byte above 0 there.
    step.next.assign(term.substr(0, 1 + text.size()));
    step.next.push_back(birth < range.first ? '\0' : kTermGap);
    if (birth < range.first) AppendWord(range.first, &step.next);
    step.done = birth > range.last && !range.begins;
    return step;
  }
  step.fits = true;
  step.node = ReadWord(term.substr(term.size() - 4));
  return step;
}

}  // namespace libmpi
