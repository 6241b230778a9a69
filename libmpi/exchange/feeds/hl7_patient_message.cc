// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7_patient_message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

using hl7v2::MessageBuilder;
using hl7v2::SegmentBuilder;

constexpr std::string_view kUnknownGlyph = "■";
constexpr std::string_view kPlanTable = "JHSD0001";

// Half-width kana become full-width ones where a set does not have them: that is no loss.
bool IsHalfWidthKana(char32_t c) { return c >= 0xFF61 && c <= 0xFF9F; }

bool IsLost(std::string_view character, char32_t c, Charset charset) {
  return c >= 0x80 && !IsHalfWidthKana(c) && EncodeText(character, charset).unencodable > 0;
}

std::string WithUnknownGlyphs(std::string_view text, Charset charset) {
  std::string out;
  for (size_t pos = 0; pos < text.size();) {
    const size_t start = pos;
    const char32_t c = NextCodePoint(text, &pos);
    const std::string_view character = text.substr(start, pos - start);
    out += IsLost(character, c, charset) || c == '\x1B' ? kUnknownGlyph : character;
  }
  return out;
}

// A name's parts in one script, as XPN has them: a family name alone is a whole name.
struct NameParts {
  std::string full, family, given;
  bool empty() const { return full.empty() && family.empty() && given.empty(); }
  std::string_view first() const { return full.empty() ? family : full; }
  std::string letters() const { return full + family + given; }
};

NameParts PartsOf(std::string full, std::string family, std::string given) {
  if (family.empty() && given.empty()) return {std::move(full), "", ""};
  if (given.empty()) return {std::move(family), "", ""};
  return {"", std::move(family), std::move(given)};
}

// Of "YAMADA, TARO", or all of it.
NameParts LatinParts(const std::string& latin) {
  const size_t comma = latin.find(',');
  if (comma == std::string::npos) return {latin, "", ""};
  std::string family(WithoutBlanks(std::string_view(latin).substr(0, comma)));
  std::string given(WithoutBlanks(std::string_view(latin).substr(comma + 1)));
  if (family.empty()) return {std::move(given), "", ""};
  return PartsOf("", std::move(family), std::move(given));
}

std::string LatinText(const NameParts& parts) {
  return parts.full.empty() ? parts.family + ", " + parts.given : parts.full;
}

struct NameScripts {
  NameParts written, kana, latin;
};

NameScripts ScriptsOf(const StatedName& name) {
  return {PartsOf(name.full, name.family, name.given), PartsOf(name.full_kana, name.family_kana, name.given_kana),
          LatinParts(name.latin)};
}

StatedName CarriedName(const StatedName& name, Charset charset) {
  const auto text = [&](const std::string& said) { return CarriedText(said, charset); };
  StatedName said{text(name.full),        text(name.family),     text(name.given), text(name.full_kana),
                  text(name.family_kana), text(name.given_kana), text(name.latin)};
  NameScripts scripts = ScriptsOf(said);
  // Readers go by the letters where the code can't be right.
  if (ScriptOf(scripts.kana.letters()) == Script::kKanji) scripts.kana = {};
  if (ScriptOf(scripts.latin.letters()) != Script::kLatin) scripts.latin = {};
  if (scripts.written.empty() && scripts.kana.empty()) scripts.written = std::exchange(scripts.latin, {});
  StatedName carried;
  carried.full = std::move(scripts.written.full);
  carried.family = std::move(scripts.written.family);
  carried.given = std::move(scripts.written.given);
  carried.full_kana = std::move(scripts.kana.full);
  carried.family_kana = std::move(scripts.kana.family);
  carried.given_kana = std::move(scripts.kana.given);
  if (!scripts.latin.empty()) carried.latin = LatinText(scripts.latin);
  return carried;
}

// Of several names one: XPN does not say which kana belong to which kanji. The first that has both, else kanji.
void CarryNames(const Record& record, Charset charset, Record* carried) {
  const auto rank = [](const StatedName& name) {
    const NameScripts scripts = ScriptsOf(name);
    return (scripts.written.empty() ? 0 : 2) + (scripts.kana.empty() ? 0 : 1);
  };
  std::vector<StatedName> names;
  for (const StatedName& name : record.names)
    if (StatedName left = CarriedName(name, charset); left != StatedName()) names.push_back(std::move(left));
  if (names.empty()) return;
  carried->names.push_back(*std::ranges::max_element(names, {}, rank));
}

void CarryAddresses(const Record& record, Charset charset, Hl7Addresses form, Record* carried) {
  const auto text = [&](const std::string& said) { return CarriedText(said, charset); };
  for (const StatedAddress& said : record.addresses) {
    StatedAddress address{text(said.postal_code), text(said.prefecture), text(said.city), text(said.street),
                          text(said.full)};
    const bool parts = !address.prefecture.empty() || !address.city.empty();
    if (parts && form == Hl7Addresses::kParts) {
      address.full.clear();
    } else {
      if (address.full.empty()) address.full = address.prefecture + address.city + address.street;
      address.prefecture.clear();
      address.city.clear();
      address.street.clear();
    }
    if (address != StatedAddress()) carried->addresses.push_back(std::move(address));
  }
}

void CarryCards(const Record& record, Charset charset, Record* carried) {
  const auto text = [&](const std::string& said) { return CarriedText(said, charset); };
  for (const StatedCoverage& said : record.coverages) {
    StatedCoverage card{text(said.insurer), text(said.symbol), text(said.number), text(said.branch)};
    // One thing alone in IN1-10 is the number.
    if (card.number.empty() && card.branch.empty()) std::swap(card.symbol, card.number);
    if (card != StatedCoverage()) carried->coverages.push_back(std::move(card));
  }
  for (const StatedCareInsurance& said : record.care) {
    StatedCareInsurance card{text(said.insurer), text(said.number)};
    if (card != StatedCareInsurance()) carried->care.push_back(std::move(card));
  }
}

void SetParts(const NameParts& parts, std::string_view type, std::string_view representation, SegmentBuilder* pid) {
  if (parts.empty()) return;
  const size_t repetition = pid->Repetitions(5) + 1;
  pid->SetIn(5, repetition, 1, 1, parts.first());
  pid->SetIn(5, repetition, 2, 1, parts.given);
  pid->SetIn(5, repetition, 7, 1, type);
  pid->SetIn(5, repetition, 8, 1, representation);
}

void SetNames(const Record& carried, SegmentBuilder* pid) {
  for (const StatedName& name : carried.names) {
    const NameScripts scripts = ScriptsOf(name);
    SetParts(scripts.written, "L", "I", pid);
    SetParts(scripts.kana, "L", "P", pid);
    SetParts(scripts.latin, "L", "A", pid);
  }
  for (const std::string& former : carried.former_names) SetParts({former, "", ""}, "M", "", pid);
}

// IN1-2 and IN1-15: the insurer's first two digits say what kind of insurance it is, six digits are national health.
struct Plan {
  std::string code;
  std::string_view kind;
};
Plan PlanOf(const std::string& insurer) {
  constexpr std::array<std::string_view, 17> kHealth = {"01", "02", "03", "04", "06", "07", "31", "32", "33",
                                                        "34", "39", "63", "67", "72", "73", "74", "75"};
  if (insurer.size() == 6) return {"C0", "MI"};
  if (insurer.size() != 8) return {"OT", "OT"};
  const std::string code = insurer.substr(0, 2);
  return {code, std::ranges::find(kHealth, code) != kHealth.end() ? "MI" : "PE"};
}

void AddCards(const Record& carried, MessageBuilder* builder) {
  size_t count = 0;
  const auto add = [&](const std::string& insurer) -> SegmentBuilder& {
    return builder->Add("IN1").Set(1, std::to_string(++count)).Set(2, 3, kPlanTable).Set(3, insurer);
  };
  for (const StatedCoverage& card : carried.coverages) {
    const Plan plan = PlanOf(card.insurer);
    SegmentBuilder& in1 = add(card.insurer).Set(2, 1, plan.code).Set(15, plan.kind);
    if (card.symbol.empty() && card.branch.empty()) {
      in1.Set(10, card.number);
      continue;
    }
    size_t repetition = 0;
    for (const std::string* part : {&card.symbol, &card.number, &card.branch}) in1.SetIn(10, ++repetition, 1, 1, *part);
  }
  for (const StatedCareInsurance& card : carried.care)
    add(card.insurer).Set(2, 1, "OT").Set(2, 2, "介護保険").Set(10, card.number).Set(15, "OT");
}

}  // namespace

std::string CarriedText(std::string_view text, Charset charset) {
  std::string left = DecodeText(text, Charset::kUtf8).utf8;
  if (charset != Charset::kUtf8) {
    EncodedText encoded = EncodeText(left, charset);
    if (encoded.unencodable > 0) encoded = EncodeText(WithUnknownGlyphs(left, charset), charset);
    left = DecodeText(encoded.bytes, charset).utf8;
  }
  left = WithoutBlanks(left);
  return left == "\"\"" ? "" : left;
}

Record CarriedByHl7(const Record& record, Charset charset, Hl7Addresses addresses) {
  Record carried;
  carried.key = record.key;
  CarryNames(record, charset, &carried);
  for (const std::string& former : record.former_names)
    if (std::string text = CarriedText(former, charset); !text.empty()) carried.former_names.push_back(std::move(text));
  for (const std::string& birth : record.births) {
    if (!carried.births.empty()) break;
    if (const std::string date = hl7v2::Hl7DateOf(birth); !date.empty()) carried.births = {hl7v2::BirthOf(date)};
  }
  if (!record.sexes.empty()) carried.sexes.emplace_back(hl7v2::Hl7SexOf(record.sexes[0]));
  CarryAddresses(record, charset, addresses, &carried);
  for (const std::string& phone : record.phones)
    if (std::string text = CarriedText(phone, charset); !text.empty()) carried.phones.push_back(std::move(text));
  CarryCards(record, charset, &carried);
  carried.Normalize();
  return carried;
}

absl::StatusOr<Hl7PatientMessages> Hl7PatientMessages::Create(const FeedWriterOptions& options) {
  Hl7PatientMessages messages;
  LIBMPI_ASSIGN_OR_RETURN(const Charset charset,
                          ParseCharset(options.encoding.empty() ? "ISO-2022-JP" : options.encoding));
  LIBMPI_ASSIGN_OR_RETURN(messages.set_, hl7v2::CharacterSetOfName(CharsetName(charset)));
  messages.institution_ = options.institution;
  messages.day_ = PlainDateText(options.day);
  return messages;
}

std::string Hl7PatientMessages::Time() const {
  const auto milliseconds = static_cast<unsigned>(written_ % 86'400'000);
  const unsigned seconds = milliseconds / 1000;
  char time[40];
  std::snprintf(time, sizeof time, "%02u%02u%02u%03u", seconds / 3600, seconds / 60 % 60, seconds % 60,
                milliseconds % 1000);
  return day_ + time;
}

absl::StatusOr<std::string> Hl7PatientMessages::Next(const Record& carried, std::string_view authority,
                                                     std::string_view profile) {
  const std::string time = Time(), seconds = time.substr(0, 14);
  char id[24];
  std::snprintf(id, sizeof id, "%020llu", static_cast<unsigned long long>(++written_));
  MessageBuilder builder;
  builder.msh()
      .Set(3, "HIS")
      .Set(4, institution_)
      .Set(5, "GW")
      .Set(6, "RCV")
      .Set(7, seconds + "." + time.substr(14))
      .Set(9, 1, "ADT")
      .Set(9, 2, "A08")
      .Set(9, 3, "ADT_A01")
      .Set(10, id)
      .Set(11, "P")
      .Set(12, "2.5")
      .SetRaw(21, profile);
  builder.Add("EVN").Set(2, seconds);
  SegmentBuilder& pid = builder.Add("PID").Set(1, "0001").Set(3, 1, carried.key.record_id);
  pid.Set(3, 4, authority).Set(3, 5, "PI");
  Record nameless = carried;
  nameless.names.clear();
  nameless.former_names.clear();
  SetPid(nameless, false, hl7v2::kVersion25, &pid);
  SetNames(carried, &pid);
  pid.Set(33, seconds);
  builder.Add("PV1").Set(1, "0001").Set(2, "N");
  AddCards(carried, &builder);
  return builder.Encode(set_, hl7v2::Substitute::kGeta);
}

}  // namespace libmpi
