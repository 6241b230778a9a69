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

class TermWriter {
 public:
  TermWriter(NodeId node, std::vector<std::string>* terms) : node_(node), terms_(*terms) {}

  void Add(TermKind kind, std::string_view text, EncodedDate birth) {
    if (text.empty()) return;
    std::string& term = terms_.emplace_back(1, static_cast<char>(kind));
    term.append(text).push_back('\0');
    AppendWord(birth, &term);
    AppendWord(node_, &term);
  }

 private:
  const NodeId node_;
  std::vector<std::string>& terms_;
};

std::string Whole(const std::string& family, const std::string& given) {
  return family.empty() || given.empty() ? std::string() : TermText(family + kTermGap + given);
}

// The texts of a name by kind of term.
std::vector<std::pair<TermKind, std::string>> TextsOf(const EncodedName& name, const NodeTexts& texts) {
  const auto text = [&texts](TextId id) { return TermText(texts.Stored(id)); };
  const auto romaji = [&texts](TextId id) { return TermText(TypedRomajiKeyOfKana(texts.Stored(id))); };
  std::vector<std::pair<TermKind, std::string>> out;
  const auto add = [&out](TermKind kind, std::string said) {
    if (!said.empty()) out.emplace_back(kind, std::move(said));
  };
  std::string family = text(name.family_kanji), given = text(name.given_kanji);
  add(TermKind::kWholeKanji, Whole(family, given));
  add(TermKind::kFamilyKanji, std::move(family));
  add(TermKind::kGivenKanji, std::move(given));
  add(TermKind::kFamilyKana, text(name.family_kana));
  family = romaji(name.family_kana);
  given = romaji(name.given_kana);
  add(TermKind::kWholeRomaji, Whole(family, given));
  add(TermKind::kFamilyRomaji, std::move(family));
  add(TermKind::kGivenRomaji, std::move(given));
  family = text(name.family_latin);
  given = text(name.given_latin);
  add(TermKind::kWholeLatin, Whole(family, given));
  add(TermKind::kFamilyLatin, std::move(family));
  add(TermKind::kGivenLatin, std::move(given));
  return out;
}

void AddNumbers(const EncodedCoverage& coverage, TermWriter* out) {
  for (const PackedDigits& digits : {coverage.number, coverage.number_without_branch})
    if (!digits.empty()) out->Add(TermKind::kNumber, TermText(digits.bits()), 0);
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

absl::Status SearchTermsOf(std::string_view packed, NodeId node, std::vector<std::string>* terms) {
  terms->clear();
  NodeTexts texts;
  UnpackedNode unpacked;
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed, &texts, &unpacked));
  const EncodedRecord& record = unpacked.record;
  const MoreValues& more = unpacked.more;
  TermWriter out(node, terms);
  std::vector<EncodedDate> births = {record.birth};
  for (size_t i = 0; i < more.births.size() && births.size() < kTermBirths; ++i) births.push_back(more.births[i]);
  const auto add_name = [&](const EncodedName& name) {
    for (const auto& [kind, text] : TextsOf(name, texts))
      for (EncodedDate birth : births) out.Add(kind, text, birth);
  };
  const auto add_birth = [&](EncodedDate birth) {
    if (birth != 0) out.Add(TermKind::kBirth, "-", birth);
  };
  const auto add_phone = [&](const EncodedPhone& phone) {
    out.Add(TermKind::kPhone, TermText(phone.digits.bits()), 0);
  };
  const auto add_address = [&](const EncodedAddress& address) {
    out.Add(TermKind::kPostalCode, TermText(address.postal_code), 0);
  };
  add_name(record.name);
  add_birth(record.birth);
  add_phone(record.phone);
  add_address(record.address);
  AddNumbers(record.coverage, &out);
  for (const EncodedName& name : more.names) add_name(name);
  for (EncodedDate birth : more.births) add_birth(birth);
  for (const EncodedPhone& phone : more.phones) add_phone(phone);
  for (const EncodedAddress& address : more.addresses) add_address(address);
  for (const EncodedCoverage& coverage : more.coverages) AddNumbers(coverage, &out);
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
